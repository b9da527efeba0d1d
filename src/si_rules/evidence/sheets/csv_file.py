"""Rows of a CSV file: UTF-8 with or without a byte-order mark; commas, semicolons or tabs; every cell is a text."""

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from si_rules.evidence.sheets.grid import Row, Sheet, SheetUnusable, begun, text_cell

_MARKS: Final = ",;\t"


def csv_sheet(data: bytes, may_be_short: bool = False) -> Sheet:
    """The sheet of a CSV file. With `may_be_short` a row may end early. Raises `SheetUnusable`."""
    lines = data.splitlines(keepends=True)
    first = next((line for line in lines if line.strip()), b"")
    mark = max(_MARKS, key=lambda found: first.count(found.encode()))
    return begun(_whole(_rows(lines, mark), may_be_short), counted_as="line")


def _rows(lines: Iterable[bytes], mark: str) -> Iterator[Row]:
    decoded = _Lines(lines)
    reader = csv.reader(decoded, delimiter=mark, strict=True)
    before = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            place = f"line {before + 1}"
            raise SheetUnusable(place, f"not CSV: {error}; nothing from this line on is read") from None
        if cells is None:
            return
        number, before = before + 1, reader.line_num
        fault = "is not UTF-8; save the file as CSV UTF-8" if decoded.is_bad(number, before) else None
        yield Row(number, [text_cell(cell) for cell in cells], fault)


def _whole(rows: Iterator[Row], may_be_short: bool) -> Iterator[Row]:
    """The rows, one with too many or too few cells faulty; a row of nothing but blanks is neither."""
    width = None
    for row in rows:
        if width is None:
            width = None if row.is_blank else len(row.cells)
            yield row
            continue
        beyond = any(cell is not None for cell in row.cells[width:])
        if row.fault is None and not row.is_blank and (beyond or (len(row.cells) < width and not may_be_short)):
            cells = f"{len(row.cells)} cell{'' if len(row.cells) == 1 else 's'}"
            yield Row(row.number, row.cells[:width], f"has {cells} where the headings are {width}")
        else:
            yield Row(row.number, row.cells[:width], row.fault)


class _Lines:
    """Lines of bytes as text. What is not UTF-8 is replaced and remembered, so that the other rows are not lost."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = iter(stream)
        self._count = 0
        self._bad: list[int] = []

    def __iter__(self) -> Iterator[str]:
        for raw in self._stream:
            self._count += 1
            line = raw.removeprefix(b"\xef\xbb\xbf") if self._count == 1 else raw
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError:
                self._bad.append(self._count)
                yield line.decode("utf-8", errors="replace")

    def is_bad(self, first: int, last: int) -> bool:
        """Whether a line from the first to the last was not UTF-8; asked once for each row, in order."""
        found = any(first <= number <= last for number in self._bad)
        self._bad = [number for number in self._bad if number > last]
        return found
