"""A table of cases, from its lines to its cells: each cell is read by itself, so that each mistake shows in its place."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from attrs import evolve, frozen
from lark import Lark, TextSlice, Token
from lark.exceptions import UnexpectedInput, UnexpectedToken

from si_rules.source.diagnostics import Diagnostic
from si_rules.source.text import Source, Span
from si_rules.syntax import scenario_tree as tree
from si_rules.syntax.expected import expected_of
from si_rules.syntax.history_tree import DutyStatus, ExpectStatus, Part, PowerStatus, TrackStatus
from si_rules.syntax.mistakes import describe, place_of
from si_rules.syntax.parsing import MOST_MISTAKES_A_FILE
from si_rules.syntax.pieces import span_of
from si_rules.syntax.tree import Word

MOST_CELLS: Final = 20_000
_BARS: Final = re.compile(r'"[^"\n]*"|\|\|?')
_RULED: Final = re.compile(r"[-:| ]*-[-:| ]*")
_DASHES: Final = re.compile(r"[-*?]+")
_SIGN: Final = "SI206"
_QUOTED: Final = re.compile(r'"[^"\n]*"')
_STARTS: Final = {"value": "cell_value", "pathway": "cell_track", "duty": "cell_duty", "power": "cell_power"}


@frozen
class _Line:
    """A line cut at its bars: the stretches of the cells before the double bar, and of those after it."""

    span: Span
    given: tuple[Span, ...]
    expected: tuple[Span, ...]


class TableReader:
    """Reads tables of one source; what is wrong is added to `diagnostics`."""

    def __init__(self, source: Source, lark: Lark, diagnostics: list[Diagnostic]) -> None:
        self.source = source
        self.lark = lark
        self.diagnostics = diagnostics
        self._left = MOST_CELLS

    def read(self, lines: tuple[Word, ...]) -> tree.Table | None:
        """The table, or None where its head cannot be read. A faulty row is reported and left out."""
        head = self._cut(lines[0])
        if head is None:
            return None
        named, places = self._places(head)
        targets = [self._cell(span, "head_expected") for span in head.expected]
        if len(lines) == 1:
            self._error("SI205", "nothing stands under the head of this table", head.span,
                        "put a row for each case under it, its cells between the same bars")  # fmt: skip
        if places is None or None in targets:
            return None
        rows: list[tree.Row] = []
        for line in lines[1:]:
            if self._left < 0:
                self._error("SI713", f"the tables of this file have more than {MOST_CELLS:,} cells", line.span,
                            "put the rest into another file")  # fmt: skip
                break
            row = self._row(line, head, named, targets)
            if row is not None:
                rows.append(row)
            elif len(self.diagnostics) >= MOST_MISTAKES_A_FILE:
                break
        return tree.Table(tuple(places), tuple(targets), tuple(rows))

    def _places(self, head: _Line) -> tuple[bool, list[tree.Place | tree.Day] | None]:
        """Whether the first column names the cases, and the places or days of the others."""
        named = self.source.text[head.given[0].start : head.given[0].end].strip() == "case"
        rest = head.given[1:] if named else head.given
        places = [self._cell(span, "head_given") for span in rest]
        if not places:
            self._error("SI704", "this table gives nothing: it has no column of evidence", head.span,
                        "name a place in the head: | latest attendance.overall || trigger low_attendance |")  # fmt: skip
            return named, None
        return named, None if any(place is None for place in places) else places

    def _row(self, line: Word, head: _Line, named: bool, targets: list[tree.Target | Part]) -> tree.Row | None:
        if _RULED.fullmatch(line.text):
            self._error("SI704", "a line of hyphens stands between the rows", line.span, "leave it out")
            return None
        cut = self._cut(line)
        if cut is None:
            return None
        before = len(self.diagnostics)
        for found, wanted, what in ((cut.given, head.given, "before"), (cut.expected, head.expected, "after")):
            self._count(found, wanted, what, cut.span)
        if len(self.diagnostics) > before:
            return None
        title = self._title(cut.given[0]) if named else None
        given = [self._cell(span, "cell_given") if self._filled(span) else None for span in cut.given[named:]]
        expected = [
            self._cell(span, _STARTS.get(target.sort, "cell_expected")) if self._filled(span) else None
            for span, target in zip(cut.expected, targets, strict=True)
        ]
        if len(self.diagnostics) > before:
            return None
        cells = (None if cell is None else _given_cell(*cell) for cell in given)
        return tree.Row(title, tuple(cells), tuple(expected), cut.span)

    def _count(self, found: tuple[Span, ...], wanted: tuple[Span, ...], where: str, row: Span) -> None:
        if len(found) == len(wanted):
            return
        spare = found[len(wanted)] if len(found) > len(wanted) else found[-1] if found else row
        message = (
            f"this row has {len(found)} {_cells(len(found))} {where} `||`, and the head of the table {len(wanted)}"
        )
        lacking = [self.source.words(span) for span in wanted[len(found) :]]
        help_ = f"add a cell for {' and '.join(f'`{name}`' for name in lacking)}; it may be empty"
        if not lacking:
            help_ = "take this cell out, or add a column to the head"
        self._error("SI704", message, self._shown(spare), help_)

    def _title(self, span: Span) -> Word | None:
        text = self.source.text[span.start : span.end].strip()
        if not text:
            return None
        if not _QUOTED.fullmatch(text):
            self._error("SI705", f"`{text}` is not a name for a case", self._shown(span),
                        f'put it in quotation marks: "{text.strip(chr(34))}"')  # fmt: skip
            return None
        return Word(" ".join(text[1:-1].split()), self._shown(span))

    # ---- from a line to stretches
    def _cut(self, line: Word) -> _Line | None:
        """The cells of a line, or None after a report of bars that are not those of a row."""
        shown, end = line.span, line.span.end
        bars = [match for match in _BARS.finditer(self.source.text, shown.start, end) if match[0].startswith("|")]
        doubles = [position for position, bar in enumerate(bars) if bar.group() == "||"]
        if bars[-1].end() != end or bars[-1].group() == "||":
            self._error("SI704", "this row does not end with a bar", Span(bars[-1].end(), end) if bars[-1].end() < end
                        else shown, "close the last cell: |")  # fmt: skip
            return None
        if len(doubles) != 1 or bars[0].group() == "||":
            wrong = bars[doubles[1]] if len(doubles) > 1 else None
            message = "a row has `||` once, between what is given and what is expected"
            help_ = "write | between other cells" if wrong else "write || where the expectations begin"
            self._error("SI704", message, Span(wrong.start(), wrong.end()) if wrong else shown, help_)
            return None
        self._left -= len(bars)
        cells = [Span(left.end(), right.start()) for left, right in pairwise(bars)]
        return _Line(shown, tuple(cells[: doubles[0]]), tuple(cells[doubles[0] :]))

    # ---- from a stretch to a cell
    def _filled(self, span: Span) -> bool:
        return bool(self.source.text[span.start : span.end].strip())

    def _shown(self, span: Span) -> Span:
        """The words of a cell, or the whole of an empty one."""
        text = self.source.text[span.start : span.end]
        if not text.strip():
            return Span(span.start, max(span.end, span.start + 1))
        return Span(span.start + len(text) - len(text.lstrip()), span.end - len(text) + len(text.rstrip()))

    def _cell(self, span: Span, start: str) -> Any:
        if not self._filled(span):
            help_ = "name a place: latest attendance.overall" if start == "head_given" else "name what is expected"
            self._error("SI704", "a column has no head", self._shown(span), help_)
            return None
        try:
            found: Any = self.lark.parse(TextSlice(self.source.text, span.start, span.end), start=start)
        except UnexpectedInput as error:
            self.diagnostics.append(self._mistake(error, self._shown(span), start))
            return None
        if found is None:
            self._error("SI704", "the column `case` comes first", self._shown(span), "move it to the front")
        return found

    def _mistake(self, error: UnexpectedInput, shown: Span, start: str) -> Diagnostic:
        if isinstance(error, UnexpectedToken) and error.token.type == "$END":
            words = self.source.words(shown)
            help_ = f"expected {expected_of(error.accepts or error.expected)}"
            return Diagnostic("SI202", f"the cell ends too early, after `{words}`", self.source, shown, help_)

        def reads(changed: str) -> int:
            return self._reads(changed, shown, start)

        if _DASHES.fullmatch(self.source.text, shown.start, shown.end):
            return Diagnostic("SI201", f"`{self.source.words(shown)}` is no cell", self.source, shown,
                              "leave the cell empty: what is not given was not supplied")  # fmt: skip
        found = describe(self.source, self.source.text, error, shown.start, shown.end, reads)
        if found.code == _SIGN and start.startswith("cell"):
            return evolve(found, help="a cell holds what is found, not a comparison: 94.9%, lacking, holds")
        return found

    def _reads(self, changed: str, shown: Span, start: str) -> int:
        """How far a cell can be read, up to the end of its line where all of it can be."""
        end = shown.end + len(changed) - len(self.source.text)
        if changed[: shown.start] != self.source.text[: shown.start] or end < shown.start:
            return shown.start  # what is meant reaches beyond the cell
        try:
            self.lark.parse(TextSlice(changed, shown.start, end), start=start)
        except UnexpectedInput as error:
            return place_of(error, shown.start, end)
        return changed.index("\n", end) + 1

    def _error(self, code: str, message: str, span: Span, help_: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, self.source, span, help_))


def _given_cell(sort: tree.GivenSort, text: str, unit: str | None, token: Token) -> tree.GivenCell:
    return tree.GivenCell(sort, text, unit, span_of(token))


def _cells(count: int) -> str:
    return "cell" if count == 1 else "cells"


@frozen
class ReadRow:
    """A row with what it gives and what it expects, as lines of a scenario would; None for a cell that does not suit
    its column. `days` are the dates it is taken at, under `on` and `known_at`.
    """

    row: tree.Row
    given: list[tree.Given]
    days: dict[str, Word]
    expected: list[tree.Expectation | None]


def rows_of(table: tree.Table) -> Iterator[ReadRow]:
    """Each row of a table."""
    for row in table.rows:
        filled = [(place, cell) for place, cell in zip(table.places, row.given, strict=True) if cell is not None]
        given = [
            tree.Given(place, cell.sort, cell.text, cell.unit, cell.span)
            for place, cell in filled
            if isinstance(place, tree.Place)
        ]
        days: dict[str, Word] = {
            place.of: Word(cell.text, cell.span) for place, cell in filled if isinstance(place, tree.Day)
        }
        expected = [
            expectation_of(target, cell)
            for target, cell in zip(table.targets, row.expected, strict=True)
            if cell is not None
        ]
        yield ReadRow(row, given, days, expected)


def expectation_of(target: tree.Target | Part, cell: Any) -> tree.Expectation | None:
    """What a cell says of its column; None where such a thing cannot be said of it."""
    if isinstance(target, Part):
        return ExpectStatus(target, cell, cell.span) if isinstance(cell, _STATUSES) else None
    if isinstance(cell, tree.ValueCell):
        return tree.ExpectValue(target.name, cell.status, cell.sort, cell.text, cell.unit, cell.span)
    if target.sort == "classification":
        if cell.status is None:
            return None
        return tree.ExpectOutcome(target.name, cell.status, cell.labels, cell.because, cell.settled, cell.span)
    if cell.truth is None or cell.labels:
        return None
    return tree.ExpectRule(target.sort, target.name, cell.truth, cell.span)  # type: ignore[arg-type] # no value here


_STATUSES: Final = (TrackStatus, DutyStatus, PowerStatus)
