"""`si-rules fmt`: what it changes, what it shows, what it leaves alone, and how it ends."""

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from si_rules.interfaces.cli import fmt
from si_rules.syntax import formatting

WRITTEN = 'fact  a "x"  # why\n   holds when  b is yes\n'
LAID_OUT = 'fact a "x"  # why\n  holds when b is yes\n'
FAULTY = 'fact  a "x"\n   hold when b is yes\n'


def si_rules_fmt(*arguments: object) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(fmt.command, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "a.policy"
    path.write_text(WRITTEN)
    return path


def test_a_file_is_laid_out_and_named(policy: Path) -> None:
    """The file changes, its name is printed, the exit code is 0; a second time nothing changes."""
    done = si_rules_fmt(policy)
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{policy}\n", "1 file, 1 laid out anew\n")
    assert policy.read_text() == LAID_OUT
    done = si_rules_fmt(policy)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "1 file, 0 laid out anew\n")


def test_check_names_what_would_change_and_changes_nothing(policy: Path) -> None:
    """With --check the exit code is 1 while a file is laid out otherwise, and 0 when none is."""
    good = policy.with_name("b.policy")
    good.write_text(LAID_OUT)
    done = si_rules_fmt("--check", policy.parent)
    assert (done.exit_code, done.stdout, done.stderr) == (1, f"{policy}\n", "2 files, 1 would be laid out anew\n")
    assert policy.read_text() == WRITTEN
    assert si_rules_fmt("--check", good).exit_code == 0


def test_diff_shows_what_would_change_and_changes_nothing(policy: Path) -> None:
    """With --diff a unified diff is printed, also for a last line without its end."""
    policy.write_text(WRITTEN.rstrip("\n"))
    done = si_rules_fmt("--diff", policy)
    assert done.exit_code == 1
    assert done.stdout == (
        f"--- {policy} (as it is)\n+++ {policy} (laid out)\n@@ -1,2 +1,2 @@\n"
        '-fact  a "x"  # why\n-   holds when  b is yes\n\\ No newline at end of file\n'
        '+fact a "x"  # why\n+  holds when b is yes\n'
    )
    assert policy.read_text() == WRITTEN.rstrip("\n")
    policy.write_text(LAID_OUT)
    done = si_rules_fmt("--diff", policy)
    assert (done.exit_code, done.stdout) == (0, "")


@pytest.mark.parametrize("option", ["--check", "--diff", None])
def test_a_file_that_does_not_parse_is_left_as_it_is(policy: Path, option: str | None) -> None:
    """Its diagnostics are shown, the exit code is 1, and the other files are laid out all the same."""
    faulty = policy.with_name("b.policy")
    faulty.write_text(FAULTY)
    done = si_rules_fmt(*filter(None, [option]), policy.parent)
    assert done.exit_code == 1
    assert "error SI201" in done.stderr
    assert faulty.read_text() == FAULTY
    assert policy.read_text() == (WRITTEN if option else LAID_OUT)


def test_a_text_with_stray_letters_is_left_as_it_is(policy: Path) -> None:
    """What cannot be read as text is not laid out: a tab, bytes that are no text."""
    for data, code in ((b'fact a "x"\n\tholds when b is yes\n', "SI101"), (b'fact a "\xff"\n', "SI106")):
        policy.write_bytes(data)
        done = si_rules_fmt(policy)
        assert (done.exit_code, code in done.stderr, policy.read_bytes()) == (1, True, data)


def test_folders_are_searched_for_the_three_sorts(tmp_path: Path) -> None:
    """Policies, vocabularies and scenarios at any depth; nothing else, nothing hidden, nothing a link leads to."""
    texts = {
        "one/a.policy": (WRITTEN, LAID_OUT),
        "one/two/b.vocabulary": ('unit  a "x"\n', 'unit a "x"\n'),
        "one/two/c.scenarios": ("background a\n b  is yes\n", "background a\n  b is yes\n"),
        "one/d.txt": (WRITTEN, WRITTEN),
        "one/.hidden/e.policy": (WRITTEN, WRITTEN),
        "else/f.policy": (WRITTEN, WRITTEN),
    }
    for name, (text, _) in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "one/link.policy").symlink_to(tmp_path / "else/f.policy")
    (tmp_path / "one/folder").symlink_to(tmp_path / "else")
    done = si_rules_fmt(tmp_path / "one")
    assert done.stderr == "3 files, 3 laid out anew\n"
    for name, (_, laid) in texts.items():
        assert (tmp_path / name).read_text() == laid, name


def test_mode_link_and_line_ends_of_a_file_stay(policy: Path) -> None:
    """A file keeps its mode and the line ends it begins with; a link that is named stays one; a byte order mark goes."""
    policy.write_bytes(b"\xef\xbb\xbf" + WRITTEN.replace("\n", "\r\n").encode())
    policy.chmod(0o640)
    link = policy.with_name("link.policy")
    link.symlink_to(policy)
    assert si_rules_fmt(link).exit_code == 0
    assert link.is_symlink()
    assert policy.read_bytes() == LAID_OUT.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(policy.stat().st_mode) == 0o640


def test_a_file_is_replaced_whole_or_not_at_all(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where writing fails, the file is as before, nothing is left beside it, and a sentence says so."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = si_rules_fmt(policy)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"si-rules: {policy}: no space left on device; left as it is\n")
    assert policy.read_text() == WRITTEN
    assert list(policy.parent.iterdir()) == [policy]


def test_a_file_that_may_not_be_written_stays(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is protected is not replaced, though its folder would allow it."""
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    done = si_rules_fmt(policy)
    assert (done.exit_code, policy.read_text()) == (2, WRITTEN)
    assert "it may not be written; left as it is" in done.stderr


def test_a_fault_of_the_formatter_changes_nothing(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout that loses a token is not written; the exit code is 1 and the sentence asks for a report."""
    right = formatting.spaced
    monkeypatch.setattr(formatting, "spaced", lambda tokens: right(tokens).replace("is yes", "is no"))
    done = si_rules_fmt(policy)
    assert (done.exit_code, policy.read_text()) == (1, WRITTEN)
    assert "says something else than the file; left as it is. Please report" in done.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere", "there is no file or folder"), ("a.txt", "is no file of this language"), ("empty", "holds no policy")],
)
def test_a_wrong_call_ends_with_a_sentence(tmp_path: Path, name: str, words: str) -> None:
    """A path that is not there, a file of another sort and a folder without files are wrong usage."""
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "empty").mkdir()
    done = si_rules_fmt(tmp_path / name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.stderr
