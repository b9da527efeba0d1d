"""Bundles: one file gives the same policy back, and whatever is wrong with one is told in its own words."""

import base64
import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from si_rules import PolicyLibrary, SchoolEvidence, open_policy
from si_rules.bundles.bundle import MOST_BYTES, MOST_FILES, PAYLOAD_TYPE, Contents
from si_rules.bundles.bundling import Bundle, make_bundle
from si_rules.bundles.reading import BundleError
from si_rules.interfaces.cli.main import group
from si_rules.source.canonical import canonical

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "06_amendment" / "attendance"
POLICY = 2  # the place of the policy among the files, after scenarios and vocabulary
SCHOOL = SchoolEvidence.model_validate({"urn": "900001", "attendance": {"2014-15": {"overall": "94.5"}}})

pytestmark = pytest.mark.skipif(not EXAMPLE.is_dir(), reason="needs the checkout: there is no folder examples")


@pytest.fixture(scope="module")
def data() -> bytes:
    return make_bundle(open_policy(EXAMPLE))


def changed(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """A bundle in which something was changed, and which is written as a bundle is."""
    document = json.loads(data)
    change(document)
    return canonical(document) + b"\n"


def text_changed(document: dict[str, Any]) -> None:
    item = document["files"][POLICY]
    item["text"] = item["text"].replace("94%", "93%")


def with_its_digest(document: dict[str, Any], text: str) -> None:
    from hashlib import sha256

    item = document["files"][POLICY]
    item |= {"text": text, "digest": "sha256:" + sha256(text.encode()).hexdigest()}


def test_a_bundle_gives_the_policy_back_amendments_and_all(data: bytes) -> None:
    """The same digest, the same bytes of the decision on the days before and after, and the same bundle again."""
    policy, kept = open_policy(EXAMPLE), Bundle.read(data).policy
    assert kept.digest == policy.digest
    for day in (date(2016, 4, 17), date(2016, 4, 18)):
        assert kept.decide(SCHOOL, on=day).to_json() == policy.decide(SCHOOL, on=day).to_json()
    assert make_bundle(policy) == data
    names = {(item.of, item.name) for item in Contents.read(data).files}
    assert names == {
        ("wintersfield.attendance 2015-16", "attendance.policy"),
        ("wintersfield.attendance 2015-16", "spring_2016.policy"),
        ("vocabulary", "school.vocabulary"),
        ("scenarios", "attendance.scenarios"),
    }


def test_what_is_laid_out_can_be_bundled_again(data: bytes, tmp_path: Path) -> None:
    """A bundle of a policy that uses others, with calendars and letters, laid out and bundled again, is the same bundle."""
    whole = make_bundle(PolicyLibrary.bundled().edition("doncaster.school_improvement", "2015-16"))
    bundle = Bundle.read(whole)
    assert {item.of for item in bundle.contents.files} >= {
        "england.accountability summers_2014_and_2015",
        "calendar",
        "letters",
    }
    own = bundle.lay_out(tmp_path / "a" / "b" / "c" / "d" / "policies")
    assert make_bundle(open_policy(own)) == whole


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a text altered": (text_changed, "was altered: the text is not what its digest says"),
    "a text and its digest altered": (
        lambda d: with_its_digest(d, d["files"][POLICY]["text"].replace("94%", "93%")), "its files were altered"),
    "a file taken away": (lambda d: d["files"].pop(POLICY + 1), "its files were altered"),
    "another digest of the policy": (lambda d: d["policy"].update(digest="sha256:00"), "its files were altered"),
    "another period": (lambda d: d["policy"].update(in_force=["2015-09-01", "2017-08-31"]), "other days than it says"),
    "another policy": (lambda d: d["policy"].update(edition="2016-17"), "and does not"),
    "a later format": (lambda d: d.update(format="si-rules/bundle/2"), "its format is si-rules/bundle/2"),
    "something else": (lambda d: d.update(format="si-rules/decision/1"), "it is not a bundle of si_rules"),
    "a later language": (lambda d: d.update(language="2"), "version 2 of the language"),
    "a path upwards": (lambda d: d["files"][POLICY].update(name="../../x.policy"), "could lead out of its folder"),
    "an absolute path": (lambda d: d["files"][POLICY].update(name="/tmp/x.policy"), "could lead out of its folder"),
    "a path with a backslash": (lambda d: d["files"][POLICY].update(name="..\\x.policy"), "could lead out of its folder"),
    "a drive": (lambda d: d["files"][POLICY].update(name="c:x.policy"), "could lead out of its folder"),
    "a device": (lambda d: d["files"][POLICY].update(name="con.policy"), "could lead out of its folder"),
    "a nought in a name": (lambda d: d["files"][POLICY].update(name="a\0.policy"), "could lead out of its folder"),
    "a folder upwards": (lambda d: d["files"][POLICY].update(of="..  .."), "belongs into no bundle"),
    "a program": (lambda d: d["files"][POLICY].update(name="x.py"), "belongs into no bundle"),
    "a file twice": (lambda d: d["files"].append(d["files"][POLICY] | {"name": "ATTENDANCE.policy"}), "two files"),
    "too many files": (lambda d: d.update(files=d["files"][:1] * (MOST_FILES + 1)), "more than 2,000 files"),
    "no files": (lambda d: d.update(files=[]), "it holds no files"),
    "files of another form": (lambda d: d.update(files=["x"]), "one of its files is none"),
    "something more": (lambda d: d.update(extra="x"), "it is not written as a bundle is"),
    "no policy": (lambda d: d.update(policy=None), "it does not say which policy it holds"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_in_its_own_words(data: bytes, fault: str) -> None:
    """Whatever was done to the content of a bundle, the sentence says what."""
    change, words = FAULTS[fault]
    with pytest.raises(BundleError) as error:
        Bundle.read(changed(data, change))
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"", "it is not a bundle"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"PK\x03\x04", "it is not JSON"),
        (b"[]", "it is not a JSON object"),
        (b'{"a":1}', "it holds a number"),
        (b'{"a":"x","a":"y"}', "it says something twice"),
        (b'{"a":' * 100_000, "it is not a bundle"),
        (b'{"a":' * 50 + b'"x"' + b"}" * 50, "nested too deep"),
        (b" " * (MOST_BYTES + 1), "it is too large"),
    ],
)
def test_what_is_no_bundle_is_told(bad: bytes, words: str) -> None:
    """Bytes of another sort, and too many of them."""
    with pytest.raises(BundleError, match=words):
        Contents.read(bad)


def test_a_bundle_cut_short_anywhere_is_told(data: bytes) -> None:
    """Wherever it ends too early, it says that it is cut short."""
    chance = random.Random(20160418)
    for end in [1, 2, len(data) - 2, *(chance.randrange(3, len(data) - 2) for _ in range(200))]:
        with pytest.raises(BundleError, match="cut short"):
            Bundle.read(data[:end])


def test_a_byte_changed_anywhere_is_found(data: bytes) -> None:
    """Each of 300 random bytes, changed by a bit, makes it no bundle, or one that was altered."""
    chance = random.Random(20160301)
    for _ in range(300):
        place = chance.randrange(len(data) - 1)
        flipped = bytes([data[place] ^ (1 << chance.randrange(8))])
        with pytest.raises(BundleError):
            Bundle.read(data[:place] + flipped + data[place + 1 :])


# ---- signatures


def signing() -> Any:
    """The module of keys, where signing is installed."""
    pytest.importorskip("cryptography")
    from si_rules.source import signing as found

    return found


def test_a_signed_bundle_is_read_and_its_signature_checked() -> None:
    """With the key that signed it, it says so; without a key it is read, and by whom is not claimed."""
    keys = signing()
    key = keys.PrivateKey.new()
    data = make_bundle(open_policy(EXAMPLE), key)
    assert Bundle.read(data, key.public).signed_by == key.public
    found = Bundle.read(data)
    assert (found.signed_by, found.names) == (None, (key.public.id,))


def test_a_bundle_signed_by_another_unsigned_or_altered_is_refused(data: bytes) -> None:
    """Another key, no signature, a payload put into an old envelope, another type of payload: each has its sentence."""
    keys = signing()
    key, other = keys.PrivateKey.new(), keys.PrivateKey.new()
    signed = key.sign(PAYLOAD_TYPE, data)
    for bad, words in (
        (other.sign(PAYLOAD_TYPE, data), "it is not signed with this key"),
        (data, "it is not signed"),
        (key.sign("application/vnd.si-rules.checkpoint+json", data), "it is signed as"),
    ):
        with pytest.raises(BundleError, match=words):
            Bundle.read(bad, key.public)
    envelope = json.loads(signed)
    envelope["payload"] = base64.b64encode(changed(data, text_changed)).decode()
    with pytest.raises(BundleError, match="its signature does not hold"):
        Bundle.read(json.dumps(envelope).encode(), key.public)
    with pytest.raises(BundleError, match="was altered"):
        Bundle.read(json.dumps(envelope).encode())


# ---- commands


def run(*arguments: object) -> Any:
    return CliRunner().invoke(group, [str(item) for item in arguments])


def test_the_commands_make_check_decide_by_and_lay_out_a_bundle(tmp_path: Path) -> None:
    """What is decided from a bundle is what is decided from the folder, byte by byte."""
    file, evidence = tmp_path / "a.bundle", tmp_path / "school.json"
    evidence.write_text(SCHOOL.model_dump_json(exclude_unset=True), encoding="utf-8")
    assert run("bundle", "create", EXAMPLE, "--to", file).exit_code == 0
    done = run("bundle", "verify", file)
    assert done.exit_code == 0
    assert done.stdout.startswith("wintersfield.attendance 2015-16, in force 2015-09-01 to 2016-08-31, sha256:")
    decide = ("decide", "{}", evidence, "--on", "2016-04-18", "--format", "json")
    from_bundle, from_folder = (
        run(*(item if item != "{}" else policy for item in decide)) for policy in (file, EXAMPLE)
    )
    assert from_bundle.exit_code == 0
    assert from_bundle.stdout == from_folder.stdout
    assert run("bundle", "unpack", file, "--to", tmp_path / "out").exit_code == 0
    assert run("test", tmp_path / "out").exit_code == 0
    assert run("bundle", "create", EXAMPLE, "--to", file).exit_code == 2


@pytest.mark.parametrize("command", [("bundle", "verify"), ("decide",), ("bundle", "unpack")])
def test_a_bundle_at_fault_ends_every_command_with_5(data: bytes, tmp_path: Path, command: tuple[str, ...]) -> None:
    """The sentence names the file, and nothing is written."""
    file = tmp_path / "a.bundle"
    file.write_bytes(changed(data, text_changed))
    further = {"decide": ["x.json", "--on", "2016-04-18"], "unpack": ["--to", tmp_path / "out"]}.get(command[-1], [])
    done = run(*command, file, *further)
    assert done.exit_code == 5
    assert f"{file}: its file 'attendance.policy' was altered" in done.stderr
    assert sorted(tmp_path.iterdir()) == [file]
