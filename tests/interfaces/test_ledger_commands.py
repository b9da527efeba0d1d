"""`decide --ledger`, `replay` and `verify` on the command line: what they say, and their exit codes."""

import base64
import json
import os
import sqlite3
from pathlib import Path

import pytest
from tests.interfaces.test_assess import COHORT, LINES, ON, POLICY, si_rules

from si_rules import Ledger

pytestmark = pytest.mark.skipif(not COHORT.is_file(), reason="needs the checkout: there is no folder examples")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "decisions.db"
    done = si_rules("decide", POLICY, "-", *ON, "--format", "jsonl", "--ledger", path, given="".join(LINES[:4]))
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 4), done.stderr
    return path


def test_what_was_recorded_verifies_and_decides_the_same(ledger: Path) -> None:
    """After deciding, the ledger verifies, and replay says same of every record."""
    verified = si_rules("verify", ledger)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "4 records as recorded, root " in verified.stdout
    replayed = si_rules("replay", ledger)
    assert replayed.returncode == 0
    assert [line.rpartition(": ")[2] for line in replayed.stdout.splitlines()] == ["same"] * 4
    assert replayed.stderr.splitlines()[-1] == "4 records: 4 same"


def test_replay_of_some_as_lines(ledger: Path) -> None:
    """Records may be named by their numbers, and told as JSON."""
    done = si_rules("replay", ledger, "2", "0", "--format", "jsonl")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(item["id"].partition("-")[0], item["status"]) for item in told] == [("2", "same"), ("0", "same")]


def test_a_checkpoint_is_saved_and_held_against(ledger: Path, tmp_path: Path) -> None:
    """It is written once, never over another, and another ledger than its own ends with code 5."""
    kept = tmp_path / "kept.json"
    assert si_rules("checkpoint", ledger, "--to", kept).returncode == 0
    assert json.loads(kept.read_text())["size"] == 4
    assert si_rules("verify", ledger, "--checkpoint", kept).returncode == 0
    again = si_rules("checkpoint", ledger, "--to", kept)
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    other = tmp_path / "other.db"
    assert si_rules("decide", POLICY, "-", *ON, "--ledger", other, given="".join(LINES[4:8])).returncode == 0
    forged = si_rules("verify", other, "--checkpoint", kept)
    assert (forged.returncode, forged.stdout) == (5, "")
    assert "the checkpoint: its root is not that of the first 4 records" in forged.stderr
    kept.write_text("{}")
    unread = si_rules("verify", ledger, "--checkpoint", kept)
    assert (unread.returncode, "its format is None" in unread.stderr) == (5, True)


@pytest.fixture(scope="module")
def signed(ledger: Path) -> Path:
    """A folder beside the ledger with two pairs of keys, and a checkpoint that the first of them signed."""
    folder = ledger.parent
    for name in ("keys", "others"):
        made = si_rules("keys", "--to", folder / name)
        assert made.returncode == 0, made.stderr
    done = si_rules("checkpoint", ledger, "--key", folder / "keys" / "private.pem", "--to", folder / "signed.json")
    assert done.returncode == 0, done.stderr
    return folder


def test_a_pair_of_keys_is_made_once(signed: Path) -> None:
    """The private key can be read by its owner only; a pair is never written over."""
    private = signed / "keys" / "private.pem"
    if os.name == "posix":
        assert private.stat().st_mode & 0o077 == 0
    before = private.read_bytes()
    again = si_rules("keys", "--to", signed / "keys")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    assert private.read_bytes() == before


def test_a_signed_checkpoint_holds(ledger: Path, signed: Path) -> None:
    """With the public key it is checked; without, a note says that it was not."""
    kept, key = signed / "signed.json", signed / "keys" / "public.pem"
    checked = si_rules("verify", ledger, "--checkpoint", kept, "--key", key)
    assert (checked.returncode, checked.stderr) == (0, "")
    unchecked = si_rules("verify", ledger, "--checkpoint", kept)
    assert unchecked.returncode == 0
    assert "is signed; --key FILE says by whom it must be" in unchecked.stderr


def test_a_checkpoint_that_is_not_theirs_ends_with_5(ledger: Path, signed: Path, tmp_path: Path) -> None:
    """Signed by another, altered under its signature, not signed, and cut short: each has its sentence."""
    kept, key, other = signed / "signed.json", signed / "keys" / "public.pem", signed / "others" / "public.pem"
    document = json.loads(kept.read_bytes())
    payload = json.loads(base64.b64decode(document["payload"]))
    forged, plain, short = tmp_path / "forged.json", tmp_path / "plain.json", tmp_path / "short.json"
    later = base64.b64encode(json.dumps({**payload, "size": 3}).encode()).decode()
    forged.write_text(json.dumps({**document, "payload": later}))
    plain.write_text(json.dumps(payload))
    short.write_bytes(kept.read_bytes()[:-40])
    for path, with_key, told in [
        (kept, other, "it is not signed with this key, but with sha256:"),
        (forged, key, "its signature does not hold: it was altered, or forged"),
        (plain, key, "it is not signed"),
        (short, key, "it is not signed"),
    ]:
        done = si_rules("verify", ledger, "--checkpoint", path, "--key", with_key)
        assert (done.returncode, done.stdout) == (5, ""), path
        assert f"the checkpoint {path}: {told}" in done.stderr


def test_a_key_that_is_none_is_wrong_usage(ledger: Path, signed: Path, tmp_path: Path) -> None:
    """The wrong half of a pair, a file without a key, none at all, and a key without a checkpoint."""
    keys, to = signed / "keys", ("--to", tmp_path / "new.json")
    for arguments, told in [
        (("checkpoint", ledger, *to, "--key", keys / "public.pem"), "not a private key, but a public one"),
        (("verify", ledger, "--checkpoint", signed / "signed.json", "--key", keys / "private.pem"),
         "not a public key, but a private one"),
        (("checkpoint", ledger, *to, "--key", ledger), "too long for a key"),
        (("checkpoint", ledger, *to, "--key", tmp_path / "none.pem"), "no such file"),
        (("verify", ledger, "--key", keys / "public.pem"), "name it with --checkpoint"),
    ]:  # fmt: skip
        done = si_rules(*arguments)
        assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "new.json").exists()


def test_nothing_damaged_is_signed(ledger: Path, signed: Path, tmp_path: Path) -> None:
    """Of a ledger that is not what was recorded there is no checkpoint."""
    copy = tmp_path / "copy.db"
    copy.write_bytes(ledger.read_bytes())
    connection = sqlite3.connect(copy)
    connection.execute("UPDATE edge SET parts = zeroblob(32)")
    connection.commit()
    connection.close()
    done = si_rules("checkpoint", copy, "--key", signed / "keys" / "private.pem", "--to", tmp_path / "new.json")
    assert (done.returncode, "is not what was recorded" in done.stderr) == (5, True)
    assert not (tmp_path / "new.json").exists()


def test_an_altered_ledger_ends_with_5(ledger: Path, tmp_path: Path) -> None:
    """Verify and replay name the record that was altered, and end with code 5."""
    copy = tmp_path / "copy.db"
    copy.write_bytes(ledger.read_bytes())
    connection = sqlite3.connect(copy)
    connection.execute("DROP TRIGGER records_update")
    connection.execute(
        "UPDATE records SET record = CAST(replace(record, '2015-11-04', '2015-11-05') AS BLOB) WHERE position = 1"
    )
    connection.commit()
    connection.close()
    verified = si_rules("verify", copy)
    assert (verified.returncode, verified.stdout) == (5, "")
    assert "record 1: it is not what its hash says" in verified.stderr
    replayed = si_rules("replay", copy, "1")
    assert (replayed.returncode, replayed.stdout) == (5, "")
    assert replayed.stderr == "si-rules: record 1: it is not what its hash says: the record or the hash was altered\n"


def test_what_cannot_be_used_is_a_sentence(ledger: Path, tmp_path: Path) -> None:
    """A ledger that is not there, one that is none, an unknown record, a folder that is not there: a code and a sentence."""
    (tmp_path / "text.db").write_text("no ledger " * 200)
    for code, arguments, told in [
        (5, ("verify", tmp_path / "none.db"), "there is no ledger"),
        (5, ("replay", tmp_path / "text.db"), "file is not a database"),
        (5, ("replay", ledger, "9"), "there is no record 9; there are 0 to 3"),
        (2, ("replay", ledger, "--policies", tmp_path / "none"), "there is no folder"),
        (5, ("decide", POLICY, COHORT, *ON, "--ledger", tmp_path / "no" / "l.db"), "there is no folder"),
        (5, ("decide", POLICY, COHORT, *ON, "--ledger", tmp_path / "text.db"), "file is not a database"),
    ]:
        done = si_rules(*arguments)
        assert done.returncode == code, arguments
        assert told in done.stderr


def test_a_record_is_proved_without_the_ledger(ledger: Path, signed: Path, tmp_path: Path) -> None:
    """The proof of one record holds with the signed checkpoint; altered, or with another checkpoint, it ends with 5."""
    proof, kept = tmp_path / "proof.json", ("--checkpoint", signed / "signed.json")
    done = si_rules("proof", ledger, "2", "--to", proof, *kept)
    assert (done.returncode, done.stderr) == (0, "")
    checked = si_rules("verify", proof, *kept, "--key", signed / "keys" / "public.pem")
    assert (checked.returncode, "stands among 4 records" in checked.stdout) == (0, True)
    alone = si_rules("verify", proof)
    assert (alone.returncode, "only a checkpoint says" in alone.stderr) == (0, True)
    proof.write_text(proof.read_text().replace("2015-11-04", "2015-11-05"))
    forged = si_rules("verify", proof, *kept)
    assert (forged.returncode, forged.stdout) == (5, "")
    assert "does not give the root" in forged.stderr
    missing = si_rules("proof", ledger, "9", "--to", tmp_path / "other.json")
    assert (missing.returncode, "there is no record 9" in missing.stderr) == (5, True)


def test_evidence_by_digest_is_given_to_replay(tmp_path: Path) -> None:
    """Recorded by digest, decisions are taken again only with the evidence; other evidence is told."""
    path, evidence, other = tmp_path / "l.db", tmp_path / "evidence.jsonl", tmp_path / "other.jsonl"
    evidence.write_text("".join(LINES[:2]), encoding="utf-8")
    other.write_text("".join(LINES[:2]).replace("community", "foundation"), encoding="utf-8")
    recorded = si_rules("decide", POLICY, evidence, *ON, "--ledger", path, "--evidence-by-digest")
    assert recorded.returncode == 0
    assert si_rules("verify", path).returncode == 0
    for arguments, code, told in [
        ((), 5, "only the digest of the evidence is in the ledger, and it was not given"),
        (("--evidence", other), 5, "the evidence that was given is not that of the digest in the ledger"),
        (("--evidence", evidence), 0, "same"),
    ]:
        done = si_rules("replay", path, "0", *arguments)
        assert (done.returncode, told in done.stdout) == (code, True), done.stdout
    alone = si_rules("decide", POLICY, evidence, *ON, "--evidence-by-digest")
    assert (alone.returncode, "--ledger" in alone.stderr) == (2, True)


def test_replay_otherwise(ledger: Path) -> None:
    """Under another policy, and at a later day of knowledge: what would differ is listed, and nothing has failed."""
    same = si_rules("replay", ledger, "--as-if", f"{POLICY}@2015-16")
    assert (same.returncode, same.stdout) == (0, "")
    assert same.stderr.splitlines()[-1] == "4 records: 4 same"
    other = si_rules("replay", ledger, "--as-if", "doncaster.targets@2015-16")
    assert other.returncode == 0
    assert other.stderr.splitlines()[-1] == "4 records: 4 would differ"
    assert "classifications" in other.stdout
    later = si_rules("replay", ledger, "--known-at", "2016-08-01")
    assert later.returncode == 0
    assert later.stderr.startswith("4 records: ")
    both = si_rules("replay", ledger, "--known-at", "2016-08-01", "--as-if", POLICY)
    assert (both.returncode, "two questions" in both.stderr) == (2, True)


def test_moderations_are_recorded_beside_decisions(ledger: Path, tmp_path: Path) -> None:
    """One that fits is recorded and comes out again; one about nobody is refused, and so is the same one twice."""
    copy = tmp_path / "l.db"
    copy.write_bytes(ledger.read_bytes())
    with Ledger.open(copy) as opened:
        decision = opened.decision("0")
    result = decision.classifications["category"]
    given = {
        "id": "M1", "subject": decision.subject.id, "classification": "category", "audience": ["public"],
        "decision": decision.digest_of("category"), "engine_outcome": result.outcome or result.status,
        "moderated_outcome": "3", "reason": "Seen on a visit.", "author": "B. Officer", "role": "head", "date": "2015-11-20",
    }  # fmt: skip
    lines = "".join(json.dumps(item) + "\n" for item in (given, {**given, "id": "M2", "subject": "990999"}))
    done = si_rules("moderate", copy, "-", given=lines)
    assert done.returncode == 4
    assert "M1, beside 0-" in done.stdout
    assert "there is no decision about 990999 in the ledger" in done.stderr
    assert done.stderr.splitlines()[-1] == "1 moderation recorded; 1 refused"
    replayed = si_rules("replay", copy, "4")
    assert (replayed.returncode, replayed.stdout.rpartition(": ")[2]) == (0, "same\n")
    again = si_rules("moderate", copy, "-", given=json.dumps(given))
    assert (again.returncode, "is recorded already" in again.stderr) == (4, True)


def test_a_ledger_that_may_only_be_read(ledger: Path, tmp_path: Path) -> None:
    """A ledger without leave to write to it or beside it verifies, and takes no decision."""
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        pytest.skip("whoever may do everything may write to any folder")
    folder = tmp_path / "closed"
    folder.mkdir()
    copy = folder / "l.db"
    copy.write_bytes(ledger.read_bytes())
    copy.chmod(0o400)
    folder.chmod(0o500)
    try:
        assert si_rules("verify", copy).returncode == 0
        refused = si_rules("decide", POLICY, "-", *ON, "--ledger", copy, given=LINES[0])
        assert (refused.returncode, refused.stdout) == (5, "")
    finally:
        folder.chmod(0o700)
