"""The notes on the encoding say which schools another reading would move; they say what comes when it is tried.

With SI_RULES_LONG=1 every row is worked out anew; else a few, and the digest says whether the others are of this policy.
"""

import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from si_rules import PolicyLibrary

ROOT = Path(__file__).resolve().parents[2]
NOTES = ROOT / "docs" / "explanation" / "encoding-notes.md"
LONG = os.environ.get("SI_RULES_LONG") == "1"
SAMPLE = 24  # one row of so many


@pytest.fixture(scope="module")
def readings() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("generate_readings", ROOT / "docs" / "generate_readings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate_readings"] = module  # attrs looks a class up in its module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["generate_readings"]


def test_every_reading_can_be_made_of_the_policy(readings: ModuleType) -> None:
    """What a reading changes stands in the policy, once."""
    for reading in readings.readings():
        assert readings.changed(reading)


def test_the_tables_are_of_this_policy_and_cohort(readings: ModuleType) -> None:
    """The digest under the tables is that of the rules, the cohort and the readings as they are."""
    (found,) = readings.DIGEST.findall(NOTES.read_text(encoding="utf-8"))
    assert found == readings.digest(), "run: python docs/generate_readings.py"


def test_the_tables_say_what_comes_of_a_reading(readings: ModuleType) -> None:
    """A row of the notes is what trying the reading gives."""
    text = NOTES.read_text(encoding="utf-8")
    for reading in readings.readings() if LONG else readings.readings()[::SAMPLE]:
        assert readings.row(reading) + "\n" in text, f"{reading.of}: run: python docs/generate_readings.py"


def test_most_readings_move_a_school(readings: ModuleType) -> None:
    """The cohort has schools that tell the readings apart: nearly every row names one, or a trigger, or a consequence."""
    rows = re.findall(
        r"^\| (?:CAT|TRG|TIER)-[^|]*\|[^|]*\|((?:[^|]*\|){3}[^|]*)\|$", NOTES.read_text(encoding="utf-8"), re.M
    )
    assert len(rows) == len(readings.readings())
    moving = [row for row in rows if [cell.strip() for cell in row.split("|")] != ["none"] * 4]
    assert len(moving) >= 0.8 * len(rows)


def test_every_interpretation_of_the_criteria_is_in_the_notes() -> None:
    """Each interpretation of the categories, triggers and tiers stands in the notes by its id."""
    text = NOTES.read_text(encoding="utf-8")
    core = PolicyLibrary.bundled().edition("doncaster.school_improvement", "2015-16").core
    for name in core.interpretations:
        if name.startswith(("CAT-", "OFF-", "MOD-", "TRG-", "TIER-")):
            assert re.search(rf"\b{name}\b", text), name
