"""`decide --ledger`, `replay` and `verify` on the command line: what they say, and their exit codes."""

import json
import os
import sqlite3
from pathlib import Path

import pytest
from tests.interfaces.test_assess import COHORT, LINES, ON, POLICY, si_rules

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
    assert si_rules("verify", ledger, "--save-checkpoint", kept).returncode == 0
    assert json.loads(kept.read_text())["size"] == 4
    assert si_rules("verify", ledger, "--checkpoint", kept).returncode == 0
    again = si_rules("verify", ledger, "--save-checkpoint", kept)
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    other = tmp_path / "other.db"
    assert si_rules("decide", POLICY, "-", *ON, "--ledger", other, given="".join(LINES[4:8])).returncode == 0
    forged = si_rules("verify", other, "--checkpoint", kept)
    assert (forged.returncode, forged.stdout) == (5, "")
    assert "the checkpoint: its root is not that of the first 4 records" in forged.stderr
    kept.write_text("{}")
    unread = si_rules("verify", ledger, "--checkpoint", kept)
    assert (unread.returncode, "its format is None" in unread.stderr) == (5, True)


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
