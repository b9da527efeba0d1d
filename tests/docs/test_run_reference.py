"""The pages on a run, on moderation and on letters name every column, key, name and filter that there is."""

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from si_rules import Cohort
from si_rules.decisions.moderation import LONGEST_REASON, Moderation
from si_rules.documents import (
    case_declaration,
    case_law,
    case_told,
    case_values,
    declaration,
    letter_values,
    letters,
    templates,
)
from si_rules.documents.board import MOST_MISSING, Board
from si_rules.documents.moderation_sheet import ModerationSheet
from si_rules.documents.table import DecisionTable
from si_rules.evidence.any_vocabulary import model_of
from si_rules.policy import Policy, open_policy

ROOT = Path(__file__).resolve().parents[2]
ON = date(2015, 11, 4)


def named(page: str) -> set[str]:
    """Every name in back-ticks on a page, and the parts of `a.b`."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return {part for found in re.findall(r"`([A-Za-z0-9_.-]+)`", text) for part in (found, *found.split("."))}


@pytest.fixture(scope="module")
def town() -> Policy:
    return open_policy(ROOT / "tests/documents/town")


def keys_of(
    document: Any, chosen: tuple[str, ...] = ("classifications", "outcomes", "statuses", "letters")
) -> set[str]:
    """Every key of a document but the names that a policy or a folder chose."""
    if isinstance(document, list):
        return {key for item in document for key in keys_of(item)}
    if not isinstance(document, dict):
        return set()
    found = set(document)
    for key, value in document.items():
        inner = list(value.values()) if key in chosen and isinstance(value, dict) else value
        found |= keys_of(inner)
    return found


def test_every_column_is_described(town: Policy) -> None:
    """The page on a run names every column of both tables, NAME standing for a classification."""
    heads = (
        DecisionTable(town.core, {"public"}, moderated=True).head() + ModerationSheet(town.core, frozenset(), ()).head()
    )
    columns = {cell for row in csv.reader(io.StringIO(heads, newline="")) for cell in row}
    columns = {re.sub(r"^(repair|target|needs)_", "NAME_", column) for column in columns}
    assert {"NAME_moderated", "to-moderate.csv", "supersedes"} <= columns | {"to-moderate.csv"}
    assert not columns - named("reference/run.md")


def test_every_key_of_a_summary_is_described(town: Policy) -> None:
    """The page on a run names every key of `board.json`."""
    record = model_of(town.core.vocabulary).model_validate({"number": "1", "state": "ruined"})
    board = Board(town, {"public"})
    board.add(town.decide(record, on=ON, audience={"public"}, cohort=Cohort("one", [record])))
    keys = keys_of(board.to_dict())
    assert {"of_all", "between", "once", "least"} <= keys
    assert not keys - named("reference/run.md") - named("reference/decision.md")
    assert f"at most {MOST_MISSING}:" in (ROOT / "docs/reference/run.md").read_text(encoding="utf-8")


def test_every_field_of_a_moderation_is_described() -> None:
    """The page on a run names every field of the record, and how long a reason may be."""
    assert not set(Moderation.model_fields) - named("reference/run.md")
    assert f"at most {LONGEST_REASON:,} characters" in (ROOT / "docs/reference/run.md").read_text(encoding="utf-8")


def test_every_key_of_a_manifest_is_described() -> None:
    """The page on a run names every key of the manifest."""
    source = (ROOT / "src/si_rules/documents/manifest.py").read_text(encoding="utf-8")
    keys = set(re.findall(r'"([a-z_0-9]+)": ', source.partition("# ---- read again")[0]))
    assert {"inputs", "sha256", "moderations_refused"} <= keys
    assert not keys - named("reference/run.md") - named("reference/decision.md")


def test_all_that_a_template_may_use_is_described() -> None:
    """The page on letters names every key of a declaration, every name, filter and test of a template."""
    page = named("how-to/write-letters.md")
    text = (ROOT / "docs/how-to/write-letters.md").read_text(encoding="utf-8")
    assert not set(declaration._Table.model_fields) - page
    assert not letters.NAMES - page
    assert not {name for name in (*templates.FILTERS, *templates.TESTS) if f"`{name}" not in text}
    for values in (letter_values.Heading, letter_values.Outcome, letter_values.Said, letter_values.Possibly):
        assert not {field.name for field in values.__attrs_attrs__} - page  # type: ignore[attr-defined]


def test_all_that_a_template_of_a_case_may_use_is_described() -> None:
    """The page on documents drafted from a case names every key of a declaration, every name and every part of a value."""
    page = named("how-to/draft-documents-from-a-case.md")
    assert not set(case_declaration._Table.model_fields) - page
    assert not case_told.NAMES - page
    told = (case_told.Heading, case_told.PolicyValue, case_told.Sentence, case_told.Interpretation, case_law.Law)
    values = (case_values.Said, case_values.Event, case_values.Due, case_values.Requirement, case_values.Figure)
    for value in (*told, *values, case_values.Reached, case_values.Ahead, case_values.Standing):
        assert not {field.name for field in value.__attrs_attrs__} - page - {"open"}  # type: ignore[attr-defined]


def test_the_letters_of_the_policy_use_what_the_page_names() -> None:
    """What the shipped templates name is on the page, of documents drafted from a case on theirs."""
    page = named("how-to/write-letters.md") | named("how-to/draft-documents-from-a-case.md")
    for path in (ROOT / "policies").rglob("*.jinja"):
        text = path.read_text(encoding="utf-8")
        used = set(re.findall(r"(?:\{\{|\bin\b|\bif\b|\bor\b|\band\b) *([a-z_]+(?:\.[a-z_]+)+)", text))
        assert used
        assert not {part for name in used for part in name.split(".")[1:]} - page
