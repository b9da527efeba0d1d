"""Rows of a sheet of an Excel workbook (.xlsx): what stands in a cell, never what a formula would make of it."""

import datetime
import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import Any, Final

from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.sheets.grid import (
    MOST_ROWS,
    Cell,
    Row,
    Sheet,
    SheetUnusable,
    Unreadable,
    begun,
    day_cell,
    number_cell,
    text_cell,
    written,
)
from si_rules.evidence.sheets.package import checked_package

_LITERAL: Final = re.compile(r'"[^"]*"|\\.')  # of a number format: what is shown as it is


def excel_sheet(data: bytes, wanted: str) -> Sheet:
    """The sheet called `wanted`, or the only one there is, of a workbook. Raises `SheetUnusable`, `ExtraMissing`.

    A formula is not read: its value is what the program last worked out, and may be another tomorrow. Cells
    that are merged are not read either, for only the first of them holds the value.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise ExtraMissing("reading an Excel workbook", "excel") from None
    merged = checked_package(data)
    with _told():
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        found = _chosen(book.worksheets, wanted)
    return begun(_rows(found, merged), str(found.title), lettered=True)


@contextmanager
def _told() -> Iterator[None]:
    """What the parser of workbooks raises on a damaged one, as a sentence. Its warnings are about looks only."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except SheetUnusable:
        raise
    except Exception as error:  # a damaged part raises whatever the code that meets it first does
        raise SheetUnusable("the file", f"is not a workbook that can be read ({type(error).__name__})") from error


def _chosen(sheets: Sequence[Any], wanted: str) -> Any:
    named = [sheet for sheet in sheets if str(sheet.title).strip().lower() == wanted]
    if named or len(sheets) == 1:
        return (named or list(sheets))[0]
    titles = ", ".join(str(sheet.title)[:40] for sheet in sheets[:8]) or "none"
    raise SheetUnusable("the file", f"has several sheets ({titles}); call the one to be read {wanted!r}")


def _rows(sheet: Any, merged: Mapping[str, str]) -> Iterator[Row]:
    path = getattr(sheet, "_worksheet_path", "")  # openpyxl has no public name for it
    if path in merged:
        reason = f"the cells {merged[path]} are merged; unmerge them, and write the value into each"
        raise SheetUnusable(f"sheet {sheet.title}", reason)
    sheet.reset_dimensions()  # a sheet may say that it is larger than it is
    rows = iter(sheet.iter_rows())
    for number in count(1):
        with _told():
            cells = next(rows, None)
        if cells is None:
            return
        if number > 2 * MOST_ROWS:  # blank rows are not counted elsewhere
            raise SheetUnusable(f"row {number}", f"at most {MOST_ROWS:,} rows are read; split the file")
        row = Row(number, [_cell(cell) for cell in cells])
        if not row.is_blank:
            yield row


def _cell(cell: Any) -> Cell:
    value: Any = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        shown = str(getattr(value, "text", value))[:40]
        return Unreadable(f"holds a formula, {shown}; copy it and paste its value")
    if cell.data_type == "e":
        return Unreadable(f"holds the error {str(value)[:20]}")
    match value:
        case bool():
            return value
        case int() | float():
            found = number_cell(value)
            if isinstance(found, Decimal) and _is_percentage(str(cell.number_format)):
                times_100 = written((found * 100).normalize())
                return Unreadable(
                    f"is shown as a percentage: the file holds {written(found)} for {times_100}%; "
                    f"format the cell as a number and write {times_100}"
                )
            return found
        case datetime.date():
            return day_cell(value)
        case datetime.time() | datetime.timedelta():
            return Unreadable(f"holds the time {value}")
        case _:
            return text_cell(str(value))


def _is_percentage(number_format: str) -> bool:
    return "%" in _LITERAL.sub("", number_format)
