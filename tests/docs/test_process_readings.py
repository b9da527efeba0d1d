"""The notes say what other readings of the year of a school and of the targets would change; they say what comes of it."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTES = ROOT / "docs" / "explanation" / "encoding-notes.md"
LONG = os.environ.get("SI_RULES_LONG") == "1"
SAMPLE = 7  # one row of so many


@pytest.fixture(scope="module")
def readings() -> Iterator[ModuleType]:
    path = ROOT / "docs" / "generate_process_readings.py"
    spec = importlib.util.spec_from_file_location("generate_process_readings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate_process_readings"] = module  # attrs looks a class up in its module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["generate_process_readings"]


def test_every_reading_can_be_made_of_its_policy(readings: ModuleType) -> None:
    """What a reading changes stands in the policy, once, and what comes of it is a policy."""
    for reading in readings.readings():
        assert readings.policy_under(reading)


def test_the_tables_say_what_comes_of_a_reading(readings: ModuleType) -> None:
    """A row of the notes is what trying the reading gives."""
    text = NOTES.read_text(encoding="utf-8")
    for reading in readings.readings() if LONG else readings.readings()[::SAMPLE]:
        assert readings.row(reading) + "\n" in text, f"{reading.of}: run: python docs/generate_process_readings.py"
