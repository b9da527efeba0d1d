"""The kept core and the editions on disk."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from si_rules import PolicyLibrary, shipped
from si_rules.library.editions import find_editions
from si_rules.library.kept import keep_core, kept_core
from si_rules.policy import NotInForce, PolicyNotFound, open_policy
from si_rules.source.diagnostics import PolicyError

DONCASTER = "doncaster.school_improvement"


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped.policies_folder(), tmp_path / "policies"))


def test_a_kept_core_is_the_core_that_was_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes from the cache equals what was loaded, and decides alike."""
    monkeypatch.setenv("SI_RULES_CACHE", str(tmp_path))
    first = PolicyLibrary.bundled().edition(DONCASTER, "2015-16")
    assert kept_core(first.digest) == first.core
    second = PolicyLibrary.bundled().edition(DONCASTER, "2015-16")
    assert second.core == first.core


def test_a_kept_core_that_was_altered_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed byte in the cache is noticed and the policy loaded anew."""
    monkeypatch.setenv("SI_RULES_CACHE", str(tmp_path))
    policy = PolicyLibrary.bundled().edition(DONCASTER, "2015-16")
    texts = {path: path.read_text(encoding="utf-8") for path in tmp_path.glob("core-*.json")}
    (kept,) = [path for path, text in texts.items() if "Extreme Concern" in text]
    kept.write_text(texts[kept].replace("Extreme Concern", "Mild Concern"), encoding="utf-8")
    assert kept_core(policy.digest) is None
    assert PolicyLibrary.bundled().edition(DONCASTER, "2015-16").core == policy.core


def test_without_a_cache_folder_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty SI_RULES_CACHE switches keeping off."""
    monkeypatch.setenv("SI_RULES_CACHE", "")
    policy = PolicyLibrary.bundled().edition(DONCASTER, "2015-16")
    keep_core(policy.digest, policy.core)
    assert kept_core(policy.digest) is None


def test_the_digest_is_of_the_text_and_not_of_its_line_ends(tmp_path: Path) -> None:
    """Windows line ends give the same digest, another word another one."""
    plain = open_policy(shipped.policies_folder() / "doncaster/school_improvement/2015-16")
    folder = copied(tmp_path) / "doncaster/school_improvement/2015-16"
    for path in folder.glob("*.policy"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert open_policy(folder).digest == plain.digest
    path = folder / "categories.policy"
    path.write_bytes(path.read_bytes().replace(b"Extreme Concern", b"Extreme concern"))
    assert open_policy(folder).digest != plain.digest


def test_an_edition_is_in_force_from_its_first_to_its_last_day() -> None:
    """Both ends of the period count; the day before and the day after do not."""
    library = PolicyLibrary.bundled()
    assert library.in_force(DONCASTER, date(2015, 9, 1)).edition == "2015-16"
    assert library.in_force(DONCASTER, date(2016, 8, 31)).edition == "2015-16"
    for day in (date(2015, 8, 31), date(2016, 9, 1)):
        with pytest.raises(NotInForce, match="2015-09-01 to 2016-08-31"):
            library.in_force(DONCASTER, day)


def test_two_editions_in_force_on_one_day_are_refused(tmp_path: Path) -> None:
    """A library never chooses between two editions."""
    folder = copied(tmp_path)
    second = folder / "doncaster/school_improvement/second"
    shutil.copytree(folder / "doncaster/school_improvement/2015-16", second)
    with pytest.raises(NotInForce, match="two editions"):
        PolicyLibrary.open(folder).in_force(DONCASTER, date(2015, 11, 4))


def test_what_is_not_there_is_said_with_what_is(tmp_path: Path) -> None:
    """An unknown policy, edition or folder names what there is instead."""
    library = PolicyLibrary.bundled()
    with pytest.raises(PolicyNotFound, match="the library holds: doncaster"):
        library.in_force("leeds.policy", date(2015, 11, 4))
    with pytest.raises(PolicyNotFound, match="there is 2015-16"):
        library.edition(DONCASTER, "2014-15")
    with pytest.raises(PolicyNotFound, match="no folder"):
        PolicyLibrary.open(tmp_path / "nowhere")
    with pytest.raises(PolicyNotFound, match="holds no policy files"):
        open_policy(tmp_path)


def test_links_out_of_a_library_are_not_followed(tmp_path: Path) -> None:
    """A policy file that is a link to outside the folder is passed over."""
    outside = copied(tmp_path) / "doncaster/school_improvement/2015-16/categories.policy"
    inside = tmp_path / "library"
    inside.mkdir()
    (inside / "a.policy").symlink_to(outside)
    assert find_editions(inside) == []


def test_a_faulty_policy_raises_with_everything_that_is_wrong(tmp_path: Path) -> None:
    """The error holds every finding, in order, and its text the first."""
    (tmp_path / "a.policy").write_text("policy a.b\n  title x\nfact c\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        open_policy(tmp_path)
    assert len(caught.value.diagnostics) >= 2
    assert "a.policy:2" in str(caught.value)


def test_a_cache_folder_that_others_may_write_to_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What others could put there is never read: such a folder counts as none."""
    monkeypatch.setenv("SI_RULES_CACHE", str(tmp_path))
    tmp_path.chmod(0o700)
    assert shipped.user_cache_folder() == tmp_path
    tmp_path.chmod(0o777)
    assert shipped.user_cache_folder() is None
