"""From a cell to a value of the evidence: numbers exact, words of the vocabulary, dates, or the reason of absence."""

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from si_rules.evidence.readers import problems_of
from si_rules.evidence.tables.maps import Bounds, Column, PhaseRule, Reason
from si_rules.evidence.tables.reading import Row, shown
from si_rules.source.nearest import nearest

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]{1,9}")


class BadCell(ValueError):
    """A cell that cannot be read; `column` is its heading, `reason` a sentence."""

    def __init__(self, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def key_of(row: Row, column: str) -> str:
    """The key of the row's school. Raises `BadCell` where the row has a fault or no key."""
    if row.fault:
        raise BadCell(None, row.fault)
    key = row.cells[column]
    if not key:
        raise BadCell(column, "is blank, so the row belongs to no school")
    return key


def values_of(cells: Mapping[str, str], columns: Iterable[Column], codes: Mapping[str, Reason]) -> dict[str, Any]:
    """The fields of a row, by name, as an evidence model takes them. Raises `BadCell`.

    A column that the file does not have gives nothing.
    """
    found: dict[str, Any] = {}
    for column in columns:
        cell = cells.get(column.column)
        if cell is None:
            continue
        value = _limits(cell, column) if column.under else _value(cell, column, codes)
        if value is not None:
            found[column.field] = value
    return found


def _value(cell: str, column: Column, codes: Mapping[str, Reason]) -> Any:
    if column.text:
        return cell or None
    if cell in column.words:
        return column.words[cell]
    if cell in column.none:
        return {"none": True}
    reason = column.wordless.get(cell) or codes.get(cell)
    if reason is not None:
        return {"absent": reason}
    if column.words:
        guess = nearest(cell, [*column.words, *column.none, *column.wordless])
        hint = f"; the nearest is {guess!r}" if guess else ""
        raise BadCell(column.column, f"{shown(cell)!r} is not a word that the map knows{hint}")
    if not _NUMBER.fullmatch(cell):
        raise BadCell(column.column, f"{shown(cell)!r} is neither a number nor a code that the map knows")
    number = Decimal(cell)
    return number if column.subtracted_from is None else column.subtracted_from - number


def _limits(cell: str, column: Column) -> Any:
    """What a code, or a number that stands in its place, says of another number that the table does not have."""
    if cell in column.under:
        return {"absent": "not_published", "under": column.under[cell]}
    if column.otherwise_at_least is not None and _NUMBER.fullmatch(cell):
        return {"absent": "not_published", "at_least": column.otherwise_at_least}
    return None


def date_of(row: Row, column: str) -> datetime.date | None:
    """The date of a cell, None where it is blank. Raises `BadCell` for one not written year-month-day."""
    cell = row.cells[column]
    if not cell:
        return None
    try:
        return iso_date(cell)
    except ValueError as error:
        raise BadCell(column, str(error)) from None


def iso_date(text: str) -> datetime.date:
    """A date written `2015-11-04`. Raises ValueError with a sentence that offers this form."""
    try:
        if len(text) == len("2015-11-04"):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"):
        try:
            meant = datetime.datetime.strptime(text, form).date()
        except ValueError:
            continue
        raise ValueError(f"{shown(text)!r} is not written year-month-day; for day, month, year write {meant}")
    raise ValueError(f"{shown(text)!r} is not a date such as 2015-11-04")


def phase_of(row: Row, rules: Iterable[PhaseRule]) -> Any:
    """The phase of the first rule the row fits; not published where it fits none."""
    for rule in rules:
        if all(_meets(row.cells[column], wanted) for column, wanted in rule.where.items()):
            return rule.phase
    return {"absent": "not_published"}


def _meets(cell: str, wanted: tuple[str, ...] | Bounds) -> bool:
    if not isinstance(wanted, Bounds):
        return cell in wanted
    if not _WHOLE.fullmatch(cell):
        return False
    number = int(cell)
    return (wanted.least is None or wanted.least <= number) and (wanted.most is None or number <= wanted.most)


def check(model: type[BaseModel], values: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    """Raise `BadCell` where a model refuses values; `columns` gives the heading of each field."""
    try:
        model.model_validate(dict(values))
    except ValidationError as error:
        path, reason = problems_of(error)[0]
        raise BadCell(columns.get(path.partition(".")[0]), reason) from None
