"""Rows of a CSV file as they come, each with its line; what is wrong with a row goes along with it.

UTF-8 with or without a byte-order mark. Nothing is kept in memory but the row at hand.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from si_rules.source.nearest import nearest

_LONGEST_SHOWN = 40


@frozen
class Remark:
    """What is wrong in a file: the line (from 1), the column's heading and the school, as far as known, and why."""

    file: str
    line: int | None
    column: str | None
    subject: str | None
    reason: str

    def __str__(self) -> str:
        """One sentence: `ks2_2016.csv, line 12, column TELIG (106000): '8o' is not a number`."""
        line = f", line {self.line}" if self.line is not None else ""
        column = f", column {self.column}" if self.column else ""
        subject = f" ({shown(self.subject)})" if self.subject else ""
        return f"{self.file}{line}{column}{subject}: {self.reason}"


class TableUnusable(Exception):
    """A file that cannot be read, or not further than a line; `remark` says why."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(str(remark))
        self.remark = remark


@frozen
class Row:
    """A row: its first line, its cells by heading without blanks around them, and what is wrong with it, if anything.

    A row with a fault still has the cells that could be read, so that its school can be named.
    """

    line: int
    cells: dict[str, str]
    fault: str | None = None


def shown(text: object) -> str:
    """A text from a file as it may stand in a message: short, on one line."""
    plain = "".join(letter if letter.isprintable() else "·" for letter in str(text))
    return plain if len(plain) <= _LONGEST_SHOWN else plain[:_LONGEST_SHOWN] + "…"


def rows_of_file(path: Path, needed: Iterable[str], wanted: Iterable[str] = (),
                 lacking: list[Remark] | None = None) -> Iterator[Row]:  # fmt: skip
    """The rows of a file with commas. Raises `TableUnusable` as `rows_of` does, and where it cannot be opened.

    `wanted` are headings to do without where they are not there: each is then a remark in `lacking`.
    """
    try:
        with path.open("rb") as stream:
            yield from rows_of(stream, path.name, needed, wanted=wanted, lacking=lacking)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise TableUnusable(Remark(path.name, None, None, None, reason)) from None


def rows_of(stream: BinaryIO | Iterable[bytes], name: str, needed: Iterable[str], delimiter: str = ",",
            any_case: bool = False, may_be_short: bool = False, wanted: Iterable[str] = (),
            lacking: list[Remark] | None = None) -> Iterator[Row]:  # fmt: skip
    """The rows under the header, lines that are wholly blank left out.

    `needed` are headings that must be there, `wanted` those that should: of each that is not, `lacking` gets
    a remark. With `any_case` headings are put in small letters first; with
    `may_be_short` a row may end early, its last cells being blank. Raises `TableUnusable` for a header that
    lacks a heading or has one twice, and where a quotation mark leaves no way to go on.
    """
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    before = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            reason = f"not CSV: {error}; nothing after this line is read"
            raise TableUnusable(Remark(name, max(before + 1, 1), None, None, reason)) from None
        if cells is None:
            break
        line, before = before + 1, reader.line_num
        cells = [cell.strip() for cell in cells]
        if header is None:
            header = _header(cells, name, needed, any_case, lines.is_bad(line, before))
            if lacking is not None:
                lacking += [
                    _no_column(name, heading, header) for heading in dict.fromkeys(wanted) if heading not in header
                ]
            _check_twice(header, wanted, name)
        elif any(cells):
            yield _row(line, header, cells, lines.is_bad(line, before), may_be_short)
    if header is None:
        raise TableUnusable(Remark(name, None, None, None, "the file is empty"))


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


def _header(cells: list[str], name: str, needed: Iterable[str], any_case: bool, bad: bool) -> list[str]:
    if bad:
        raise TableUnusable(Remark(name, 1, None, None, "the header is not UTF-8; save the file as CSV UTF-8"))
    header = [cell.lower() for cell in cells] if any_case else cells
    for heading in dict.fromkeys(needed):
        if heading not in header:
            raise TableUnusable(_no_column(name, heading, header))
    _check_twice(header, needed, name)
    return header


def _no_column(name: str, heading: str, header: list[str]) -> Remark:
    guess = nearest(heading, [cell for cell in header if cell])
    hint = f"; the nearest is {shown(guess)}" if guess else ""
    return Remark(name, 1, None, None, f"there is no column {heading}{hint}")


def _check_twice(header: list[str], wanted: Iterable[str], name: str) -> None:
    for heading in wanted:
        if header.count(heading) > 1:
            raise TableUnusable(Remark(name, 1, heading, None, "this column is there twice"))


def _row(line: int, header: list[str], cells: list[str], bad: bool, may_be_short: bool) -> Row:
    fault = None
    if bad:
        fault = "the row is not UTF-8"
    elif any(cells[len(header) :]) or (len(cells) < len(header) and not may_be_short):
        fault = f"the row has {len(cells)} cells where the header has {len(header)}"
    given = dict(zip(header, cells, strict=False))
    if len(cells) < len(header):
        given = {heading: given.get(heading, "") for heading in header}
    return Row(line, given, fault)
