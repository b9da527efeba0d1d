"""Rows to the bytes of a CSV, Excel or Parquet file: the same rows give the same bytes."""

import csv
import datetime
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.sheets.flattening import Table
from si_rules.evidence.sheets.grid import MOST_DIGITS, Cell, number_cell, written

WRITTEN: Final = (".csv", ".xlsx", ".parquet")
_FIRST_DAY_OF_EXCEL: Final = datetime.date(1900, 3, 1)  # before it Excel counts a day that there never was
_WIDEST: Final = 40


def bytes_of(table: Table, suffix: str, sheet: str) -> bytes:
    """The file of a table in the format of an ending. Raises `ExtraMissing`; ValueError for another ending."""
    headings = table.headings
    rows = [[row.get(heading) for heading in headings] for row in table.rows]
    match suffix:
        case ".csv":
            return csv_bytes(headings, rows)
        case ".xlsx":
            return _excel_bytes(headings, rows, sheet)
        case ".parquet":
            return _parquet_bytes(headings, rows)
        case _:
            raise ValueError(f"{suffix or 'a name without ending'} is no format that is written: {', '.join(WRITTEN)}")


def plain_text(cell: Cell) -> str:
    """A cell as a text that is read as the same: yes and no as words."""
    return ("yes" if cell else "no") if isinstance(cell, bool) else written(cell)


def csv_bytes(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte-order mark, without which spreadsheet programs misread letters that are not English."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([plain_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _parquet_bytes(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Every column a text, so that numbers keep their digits and a cell may say why it holds none."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ExtraMissing("writing a Parquet file", "parquet") from None
    texts = [[plain_text(row[place]) or None for row in rows] for place in range(len(headings))]
    columns = [pyarrow.array(column, pyarrow.string()) for column in texts]
    target = io.BytesIO()
    parquet.write_table(pyarrow.table(columns, names=list(headings)), target, compression="NONE")
    return target.getvalue()


def _excel_bytes(headings: Sequence[str], rows: Sequence[Sequence[Cell]], sheet: str) -> bytes:
    from si_rules.evidence.sheets.workbook import new_workbook, saved  # only wanted here

    book = new_workbook()
    page = book.create_sheet(sheet)
    for place, heading in enumerate(headings, 1):
        put(page.cell(1, place), heading)
        page.column_dimensions[page.cell(1, place).column_letter].width = min(max(len(heading), 8), _WIDEST)
    for number, row in enumerate(rows, 2):
        for place, cell in enumerate(row, 1):
            if cell is not None:
                put(page.cell(number, place), cell)
    page.freeze_panes = "B2"
    return saved(book)


def put(target: Any, cell: Cell) -> None:
    """Put a value into a cell of a workbook: as a number or a day where that keeps it exactly, else as a text."""
    if isinstance(cell, Decimal) and _kept(cell):
        target.value = int(cell) if cell == cell.to_integral_value() else float(cell)
    elif isinstance(cell, datetime.date) and cell >= _FIRST_DAY_OF_EXCEL:
        target.value = cell
        target.number_format = "yyyy-mm-dd"
    else:
        target.value = plain_text(cell)
        target.data_type = "s"  # never a formula, whatever it begins with


def _kept(number: Decimal) -> bool:
    """Whether a number comes back from a workbook, which writes sixteen digits, with the digits it has."""
    if number == number.to_integral_value():
        found = number_cell(int(number)) if abs(number) < 10**MOST_DIGITS else None
    else:
        found = number_cell(float(f"{float(number):.16g}"))
    return isinstance(found, Decimal) and written(found) == written(number)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all. Raises OSError."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
