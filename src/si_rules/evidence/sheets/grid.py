"""A file of rows as it comes, whatever its format: a line of headings, and rows of cells under it.

What is wrong with one cell or row goes along with it; what makes a whole file unusable is raised.
"""

import datetime
import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from attrs import field, frozen

MOST_COLUMNS: Final = 16_384
MOST_ROWS: Final = 200_000
MOST_CELLS: Final = 5_000_000
LONGEST_CELL: Final = 32_767  # characters, as many as a cell of Excel holds
MOST_UNPACKED: Final = 268_435_456  # bytes
MOST_DIGITS: Final = 15  # that a binary number of eight bytes, as spreadsheets keep them, gives back exactly


@frozen
class Unreadable:
    """A cell whose value cannot be told exactly; the reason says what to do instead."""

    reason: str


Cell: TypeAlias = str | Decimal | bool | datetime.date | Unreadable | None


@frozen
class Row:
    """A row: its number in the file, its cells, and what is wrong with it as a whole, if anything."""

    number: int
    cells: Sequence[Cell]
    fault: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return all(cell is None for cell in self.cells)


@frozen
class Sheet:
    """The headings of a file, and its rows as they come.

    `name` is that of the sheet in a workbook; `counted_as` is what a row is called: a line of a text, else a row.
    With `lettered` columns have letters, as a spreadsheet program shows them.
    """

    headings: tuple[Cell, ...]
    rows: Iterator[Row] = field(repr=False)
    heading_row: int = 1
    name: str | None = None
    counted_as: str = "row"
    lettered: bool = False

    def place(self, number: int, column: int | None = None) -> str:
        """Where something stands: `sheet evidence, row 7, column C`; `column` counts from 0."""
        sheet = f"sheet {self.name}, " if self.name else ""
        letters = f", column {column_letters(column)}" if self.lettered and column is not None else ""
        return f"{sheet}{self.counted_as} {number}{letters}"


class SheetUnusable(Exception):
    """A file that cannot be read, or not beyond a place; `place` and `reason` say where and why."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class Counter:
    """Counts what is read, and stops where there is more than a file may hold. Raises `SheetUnusable`."""

    def __init__(self) -> None:
        self._rows = 0
        self._cells = 0

    def take(self, row: Row) -> Row:
        """A row, counted."""
        self._rows += 1
        self._cells += len(row.cells)
        if len(row.cells) > MOST_COLUMNS:
            raise SheetUnusable(f"row {row.number}", f"has {len(row.cells):,} cells; at most {MOST_COLUMNS:,} are read")
        if self._rows > MOST_ROWS:
            raise SheetUnusable(f"row {row.number}", f"at most {MOST_ROWS:,} rows are read; split the file")
        if self._cells > MOST_CELLS:
            raise SheetUnusable(f"row {row.number}", f"at most {MOST_CELLS:,} cells are read; split the file")
        return row


def begun(rows: Iterable[Row], name: str | None = None, counted_as: str = "row", lettered: bool = False) -> Sheet:
    """The sheet whose headings are in the first row that is not blank. Raises `SheetUnusable` where there is none."""
    counter = Counter()
    counted = (counter.take(row) for row in rows)
    for row in counted:
        if not row.is_blank:
            place = f"{counted_as} {row.number}"
            if row.fault:
                raise SheetUnusable(place, f"the headings cannot be read: {row.fault}")
            return Sheet(tuple(row.cells), counted, row.number, name, counted_as, lettered)
    raise SheetUnusable(f"sheet {name}" if name else "the file", "is empty")


def text_cell(text: str) -> Cell:
    """The cell of a text, blanks around it taken off."""
    stripped = text.strip()
    if len(stripped) > LONGEST_CELL:
        return Unreadable(f"holds {len(stripped):,} characters; at most {LONGEST_CELL:,} are read")
    return stripped or None


def number_cell(value: float | int) -> Cell:
    """The cell of a binary number, in its shortest written form; one with more digits than it keeps is unreadable."""
    if isinstance(value, int):
        number = Decimal(value)
    elif not math.isfinite(value):
        return Unreadable(f"holds {value}, which is not a number; leave it blank, or write absent: and the reason")
    else:
        number = Decimal(int(value)) if value.is_integer() and abs(value) < 10**MOST_DIGITS else Decimal(repr(value))
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    if len(digits) > MOST_DIGITS:
        return Unreadable(
            f"holds {value!r}, more digits than a spreadsheet keeps exactly ({MOST_DIGITS}); round it, or write it as text"
        )
    return number


def day_cell(moment: datetime.date) -> Cell:
    """The cell of a day, or of a moment that is the beginning of one."""
    if not isinstance(moment, datetime.datetime):
        return moment
    if moment.tzinfo is not None or moment.time() != datetime.time():
        return Unreadable(f"holds the moment {moment}; write the day alone, {moment.date()}")
    return moment.date()


def written(cell: Cell) -> str:
    """A cell as a text: numbers with their digits, days as 2015-11-04, yes and no as a spreadsheet shows them."""
    match cell:
        case None | Unreadable():
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case Decimal():
            return format(cell, "f")
        case datetime.date():
            return cell.isoformat()
        case _:
            return cell


def column_letters(column: int) -> str:
    """The letters of a column that counts from 0: A, …, Z, AA, …"""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
