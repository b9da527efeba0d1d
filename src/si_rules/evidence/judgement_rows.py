"""The rows of a sheet of judgements before it is filled in: what is asked of each subject, and what is given already."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from attrs import frozen
from pydantic import BaseModel

from si_rules.evidence.judgement_sheet import GIVEN, YES_AND_NO
from si_rules.evidence.sheets.columns import Column
from si_rules.evidence.sheets.forms import cell_of
from si_rules.evidence.sheets.grid import Cell
from si_rules.evidence.sheets.writing import csv_bytes
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Reason
from si_rules.semantics.kinds import described

ASKED: Final = "asked"
MAY_NOT_MATTER: Final = "asked, may not matter"
FILLED_IN: Final = ("value", "author", "role", "date", "document", "note")  # by an officer, where it is asked

_TEXT: Final = Column("", (), frozenset(("text",)))
_VALUE: Final = Column("value", (), frozenset(("text", "yes_or_no")))
_NOTES: Final[dict[str, str]] = {
    "not_published": "the evidence says: not published",
    "suppressed": "the evidence says: suppressed",
}


@frozen
class JudgementRow:
    """A judgement of one subject: asked of an officer, or given. The cells are by heading; a blank one is not there."""

    subject: str
    judgement: str
    status: str
    cells: dict[str, Cell]

    @property
    def is_asked(self) -> bool:
        """Whether an officer is to fill it in."""
        return self.status != GIVEN


def headings(policy: Core) -> tuple[str, ...]:
    """The columns of a sheet, in order: who it is about, what is asked, what an officer fills in, and how it stands."""
    vocabulary = policy.evidence_vocabulary
    return (vocabulary.identified_by, vocabulary.noun, "judgement", "question", *FILLED_IN, "scale", "status")


def rows_about(record: BaseModel, policy: Core, states: Iterable[tuple[str, str, Reason | None]]) -> Iterator[JudgementRow]:  # fmt: skip
    """The rows about one subject, from how each judgement stands: its name, its status, why it is missing.

    The statuses are those of a row; a judgement that is neither asked nor given has no state here, and no row.
    """
    vocabulary = policy.evidence_vocabulary
    subject = str(getattr(record, vocabulary.identified_by))
    label = getattr(record, vocabulary.labelled_by) if vocabulary.labelled_by else None
    for name, status, missing in states:
        field = policy.judgements[name].field
        cells: dict[str, Cell] = {
            vocabulary.identified_by: subject,
            vocabulary.noun: None if label is None else cell_of(_TEXT, label),
            "judgement": name,
            "question": field.title,
            "scale": described(field.kind),
            "status": status,
        }
        held = getattr(record, "judgements", {}).get(name)
        if status == GIVEN:
            cells |= _given(held)
        elif missing is not None:
            cells["note"] = _note(missing, held)
        yield JudgementRow(subject, name, status, {key: cell for key, cell in cells.items() if cell is not None})


def _note(missing: Reason, held: Any) -> str | None:
    """What an officer should know of a judgement that is asked although the evidence speaks of it."""
    if missing != "stale":
        return _NOTES.get(missing)
    if held is None or held.date is None:
        return "the evidence has one without a date, and it is not accepted so"
    return f"the evidence has one of {held.date}, which is too old to be accepted"


def _given(held: Any) -> dict[str, Cell]:
    value = YES_AND_NO.get(held.value, held.value) if isinstance(held.value, str) else held.value
    found: dict[str, Cell] = {"value": cell_of(_VALUE, value)}
    for key in ("author", "role", "date", "document"):
        value = getattr(held, key, None)
        if value is not None:
            found[key] = cell_of(_TEXT, value)
    return found


def csv_sheet_of(policy: Core, rows: Iterable[JudgementRow]) -> bytes:
    """The sheet as CSV: the same columns, without what only a workbook can do."""
    names = headings(policy)
    return csv_bytes(names, [[row.cells.get(name) for name in names] for row in rows])
