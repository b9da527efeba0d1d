"""How a value is written in one cell, and read again: the same value, or a sentence that says why not.

absent: suppressed            missing, with the reason
none                          known not to exist; of a list, that nothing is in it
disputed: 64 from department; 66 from authority
"none"                        in quotation marks, as in JSON: this very text
{"absent": "suppressed"}      as in JSON, for what these words cannot say
"""

import datetime
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from si_rules.evidence.absence import Disputed, Missing, NoneKnown
from si_rules.evidence.exact_json import NotJson, loads
from si_rules.evidence.sheets.columns import Column, heading_of
from si_rules.evidence.sheets.grid import LONGEST_CELL, Cell, Unreadable, written
from si_rules.evidence.tables.cells import iso_date
from si_rules.evidence.tables.lines import line_of
from si_rules.evidence.tables.reading import shown

_WAYS_OF_ABSENCE: Final = frozenset(("missing", "none", "disputed"))
_YES_AND_NO: Final = {"yes": True, "true": True, "no": False, "false": False}
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([Ee][+-]?[0-9]{1,3})?")
_NEARLY_A_NUMBER: Final = re.compile(r"[^0-9.+-]*([+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)[^0-9]*")
_ABSENT: Final = re.compile(r"absent\s*:\s*(.+)", re.IGNORECASE)
_DISPUTED: Final = re.compile(r"disputed\s*:\s*(.+)", re.IGNORECASE)
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_CANDIDATE: Final = re.compile(rf'\s*({_QUOTED}|[^\s;"]+)\s+from\s+({_QUOTED}|[^\s;"]+)\s*(;|$)')
_BARE: Final = re.compile(r"[A-Za-z0-9_.-]+")
_ESCAPED_BY_EXCEL: Final = re.compile(r"_?x[0-9A-Fa-f]{4}_")
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@")


class BadValue(ValueError):
    """What stands in a cell cannot be read, or a value cannot be written in one; the message says why."""


# ---- from a cell to what a model takes


def raw_of(column: Column, cell: Cell) -> Any:
    """What the model of evidence takes for a cell that is not blank. Raises `BadValue`."""
    takes = column.takes
    match cell:
        case None | Unreadable():
            raise BadValue(cell.reason if isinstance(cell, Unreadable) else "is blank")
        case str():
            return _of_text(column, cell)
        case bool():
            return cell if takes & {"yes_or_no", "any"} or "text" not in takes else written(cell)
        case Decimal():
            if "day" in takes and not takes & {"number", "text", "any"}:
                raise BadValue(f"{written(cell)} is a number; format the cell as a date, or write it as 2015-11-04")
            return cell if takes & {"number", "any"} or not takes & {"text", "word"} else written(cell)
        case _:
            return _of_day(takes, cell)


def _of_day(takes: frozenset[str], day: datetime.date) -> Any:
    if "day" in takes:
        return day
    if takes & {"text", "any"}:
        return written(day)
    raise BadValue(f"holds the date {day}; format the cell as text, and write again what was meant")


def _of_text(column: Column, text: str) -> Any:
    takes = column.takes
    quoted = unquoted(text)
    if quoted is not None:
        return quoted
    if text.startswith("{") and takes & _WAYS_OF_ABSENCE:
        return _of_json(text)
    absent = _ABSENT.fullmatch(text) if "missing" in takes else None
    if absent:
        return {"absent": absent[1].strip().replace(" ", "_")}
    if text.lower() == "none" and "none" in takes:
        return {"none": True}
    disputed = _DISPUTED.fullmatch(text) if "disputed" in takes else None
    if disputed:
        return {"disputed": list(_candidates(disputed[1]))}
    if "list" in takes:
        return _of_list(column, text)
    return _of_scalar(takes, text)


def _of_json(text: str) -> Any:
    try:
        return loads(text)
    except NotJson as error:
        raise BadValue(f"{shown(text)!r} is {error}") from None


def _of_list(column: Column, text: str) -> list[Any]:
    if text.lower() == "none":
        return []
    entry = heading_of((*column.steps, 1))
    raise BadValue(
        f"{shown(text)!r} stands for the whole list: write none where nothing is in it, or absent: and the reason; "
        f"what is in it stands in columns such as {entry}"
    )


def _of_scalar(takes: frozenset[str], text: str) -> Any:
    if takes & {"yes_or_no", "any"} and text.lower() in _YES_AND_NO:
        return _YES_AND_NO[text.lower()]
    if "day" in takes:
        try:
            return iso_date(text)
        except ValueError as error:
            if not takes & {"text", "number"}:
                raise BadValue(str(error)) from None
    if takes & {"number", "any"}:
        if _NUMBER.fullmatch(text):
            return Decimal(text)
        if not takes & {"text", "word", "yes_or_no", "any"}:
            raise BadValue(_not_a_number(text))
    return text


def _not_a_number(text: str) -> str:
    nearly = _NEARLY_A_NUMBER.fullmatch(text)
    if nearly and text:
        return f"{shown(text)!r} is not a number in digits with a point; did you mean {nearly[1].replace(',', '')}?"
    return f"{shown(text)!r} is not a number; leave the cell blank where there is none, or write absent: and the reason"


def unquoted(text: str) -> str | None:
    """The text in quotation marks, None for a text that is not in them."""
    if not text.startswith('"'):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def _candidates(text: str) -> Iterator[dict[str, Any]]:
    place = 0
    while place < len(text):
        found = _CANDIDATE.match(text, place)
        if found is None:
            example = "disputed: 64 from department; 66 from authority"
            raise BadValue(f"{shown(text[place:].strip())!r} is not a value and its origin, as in {example}")
        origin = unquoted(found[2])
        yield {"value": _candidate(found[1]), "from": found[2] if origin is None else origin}
        place = found.end()


def _candidate(text: str) -> Any:
    quoted = unquoted(text)
    if quoted is not None:
        return quoted
    return _of_scalar(frozenset(("any",)), text)


# ---- from a value to a cell


def cell_of(column: Column, value: Any) -> Cell:
    """The cell of a value, which `raw_of` reads as the same. Raises `BadValue` where none can hold it."""
    match value:
        case Missing() | NoneKnown() | Disputed():
            return _bounded(_absence_text(value))
        case bool() | datetime.date():
            return value
        case Decimal() | int():
            return Decimal(value)
        case str():
            return _bounded(value if _stays(column, value) else _in_marks(value))
        case _:
            raise BadValue(f"a {type(value).__name__} cannot be written in a cell")


def _absence_text(value: Missing | NoneKnown | Disputed) -> str:
    """What is missing, none or disputed: in words, or as JSON where it says more than words can."""
    raw = value.model_dump(by_alias=True, exclude_defaults=True)
    match value:
        case Missing() if set(raw) == {"absent"}:
            return f"absent: {value.absent}"
        case NoneKnown():
            return "none"
        case Disputed() if all(set(item) == {"value", "from"} for item in raw["disputed"]):
            parts = (f"{_candidate_text(item.value)} from {_word_text(item.origin)}" for item in value.disputed)
            return "disputed: " + "; ".join(parts)
        case _:
            return line_of(value)


def _stays(column: Column, text: str) -> bool:
    """Whether a text is read as itself, by `raw_of` and by spreadsheet programs."""
    if not text.isprintable() or text != text.strip() or text.startswith(_BEGINS_A_FORMULA):
        return False
    if not text or _ESCAPED_BY_EXCEL.search(text):
        return False
    try:
        found = _of_text(column, text)
    except BadValue:
        return False
    return isinstance(found, str) and found == text


def _in_marks(text: str) -> str:
    marked = json.dumps(text)
    return marked.replace("_", "\\u005f") if _ESCAPED_BY_EXCEL.search(text) else marked


def _candidate_text(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal() if value.is_finite():
            return written(value)
        case int():
            return str(value)
        case datetime.date():
            return value.isoformat()
        case str():
            return value if _BARE.fullmatch(value) and _candidate(value) == value else _in_marks(value)
        case _:
            raise BadValue(f"a disputed {type(value).__name__} cannot be written in a cell")


def _word_text(text: str) -> str:
    return text if _BARE.fullmatch(text) else _in_marks(text)


def _bounded(text: str) -> str:
    if len(text) > LONGEST_CELL:
        raise BadValue(f"has {len(text):,} characters; a cell holds at most {LONGEST_CELL:,}")
    return text
