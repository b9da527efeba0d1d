"""The verifier of the examples, which knows only the page on the record, agrees with the library."""

import ast
import json
import random
import runpy
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.ledger import town
from tests.ledger.test_kinds import moderation, of_category_4

from si_rules import Cohort, Ledger, LedgerError, PolicyLibrary

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "05_verifier" / "verify.py"
TAMPERED = 50

pytestmark = pytest.mark.skipif(not PROGRAM.is_file(), reason="needs the checkout: there is no folder examples")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with everything: decisions alone and together, cohorts, evidence by digest, each other kind of record."""
    path = tmp_path_factory.mktemp("honest") / "l.db"
    town.ledger_of(path, 6)
    with Ledger.open(path) as ledger:
        records = [town.school(number) for number in range(20, 23)]
        targets = PolicyLibrary.bundled().edition("doncaster.targets", town.EDITION)
        ledger.record_many(targets.decide_many(records, on=town.ON, cohort=Cohort("three", records)))
        ledger.supersede("1", town.decided(2), by="Officer B", why="misread")
        ledger.erase("3", by="Officer B", why="a request")
        ledger.record_many(targets.decide_many(records, on=town.ON, cohort=Cohort("three", records)), keep="digest")
        moderated = of_category_4(30)
        receipt = ledger.record(moderated)
        ledger.moderate(receipt.id, moderation(moderated))
    return path


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    return runpy.run_path(str(PROGRAM))


def finds(program: dict[str, Any], path: Path) -> bool:
    """Whether the program finds a fault."""
    try:
        return bool(program["verify"](path)[0])
    except (sqlite3.Error, UnicodeDecodeError, ValueError):
        return True


def library_finds(path: Path) -> bool:
    try:
        with Ledger.open(path, only_read=True) as ledger:
            return not ledger.verify().is_sound
    except LedgerError:
        return True


def test_it_is_short_and_stands_alone() -> None:
    """It has under 150 lines, and imports nothing that does not come with Python."""
    text = PROGRAM.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert imported <= sys.stdlib_module_names


def test_it_agrees_on_an_honest_ledger(honest: Path, program: dict[str, Any]) -> None:
    """It finds nothing, and the same root."""
    with Ledger.open(honest, only_read=True) as ledger:
        found = ledger.verify()
    assert found.is_sound
    assert program["verify"](honest) == ([], bytes.fromhex(found.root))


def test_it_agrees_on_tampered_ledgers(honest: Path, tmp_path: Path, program: dict[str, Any]) -> None:
    """Of ledgers with one byte changed it finds fault with those with which the library does."""
    copy, data, chance = tmp_path / "l.db", honest.read_bytes(), random.Random(5)
    found = 0
    while found < TAMPERED:
        changed = bytearray(data)
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        copy.write_bytes(changed)
        expected = library_finds(copy)
        assert finds(program, copy) == expected
        found += expected


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE heads SET root = zeroblob(32)",
        "UPDATE edge SET size = 3",
        "DELETE FROM heads WHERE size = (SELECT max(size) FROM heads)",
        "DELETE FROM contents WHERE content IS NULL",
        "DELETE FROM records WHERE position = 2",
        "UPDATE records SET leaf = zeroblob(32) WHERE position = 2",
        "UPDATE contents SET salt = NULL, content = NULL, plain = NULL WHERE salt = x''",
        "INSERT INTO contents VALUES ('sha256:00', NULL, NULL, NULL)",
    ],
)
def test_it_agrees_on_what_sql_can_do(honest: Path, tmp_path: Path, program: dict[str, Any], statement: str) -> None:
    """Both find what was altered with knowledge of the format."""
    copy = Path(shutil.copy(honest, tmp_path / "l.db"))
    town.tamper(copy, statement)
    assert library_finds(copy)
    assert finds(program, copy)


def test_it_holds_a_ledger_against_a_checkpoint(honest: Path, tmp_path: Path) -> None:
    """Run as a program, it accepts the checkpoint of a ledger, and refuses one that counts more."""
    with Ledger.open(honest, only_read=True) as ledger:
        checkpoint = ledger.checkpoint()
    kept = tmp_path / "kept.json"
    for size, code in ((checkpoint.size, 0), (checkpoint.size + 1, 5)):
        kept.write_text(json.dumps({"format": "si-rules/checkpoint/1", "size": size, "root": checkpoint.root}))
        command = [sys.executable, str(PROGRAM), str(honest), str(kept)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert done.stdout.startswith("as recorded, root " if code == 0 else "checkpoint: ")
