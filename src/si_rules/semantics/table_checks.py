"""Whether the rows of a table leave a hole or overlap: told by values that stand for all there are."""

import datetime
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from attrs import frozen

from si_rules.semantics.cells import NONE, Bound, Column, bounds_of
from si_rules.semantics.kinds import Choice, Date, Flag, Number, Scale, number_text, with_unit, words
from si_rules.semantics.report import Report
from si_rules.source.text import Source
from si_rules.syntax import tree

MOST_STEPS: Final = 200_000
_CHECKED_FOR_HOLES: Final = ("exactly_one_row", "first_row")
_TRUE_OF: Final = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
}  # fmt: skip


@frozen
class _Domain:
    """Values that stand for all a column may hold, with what they are called; a set of them is a bit mask."""

    names: tuple[str, ...]
    values: tuple[object, ...]

    @property
    def everything(self) -> int:
        return (1 << len(self.values)) - 1


def check_rows(table: tree.Table, policy: str, columns: Sequence[Column], report: Report) -> None:
    """Report rows that overlap where exactly one must match, and what no row covers."""
    quiet = Report(report.source)  # what is wrong with a cell was told when it was read
    domains = [_domain(column, [row.cells[i] for row in table.rows], quiet) for i, column in enumerate(columns)]
    masks = [
        tuple(_mask(row.cells[i], column, domains[i], quiet) for i, column in enumerate(columns)) for row in table.rows
    ]
    if policy == "exactly_one_row":
        _overlaps(table, domains, masks, columns, report)
    if policy in _CHECKED_FOR_HOLES:
        _holes(table, domains, masks, columns, report)


# ---- what stands for all values


def _domain(column: Column, cells: Sequence[tree.Cell], report: Report) -> _Domain:
    names: list[str]
    values: list[object]
    match column.kind:
        case Flag():
            names, values = ["yes", "no"], [True, False]
        case Choice(values=known) | Scale(values=known):
            names, values = [words(value) for value in known], list(known)
        case Number() as kind:
            cuts = _cuts(column, cells, report)
            numbers = _representatives(cuts, kind.low, kind.high, kind.whole)
            names, values = [with_unit(number_text(n), kind.unit) for n in numbers], list(numbers)
        case Date():
            cuts = _cuts(column, cells, report)
            days = _representatives(cuts, Fraction(1), Fraction(datetime.date.max.toordinal()), True)
            names, values = [_day(n) for n in days], list(days)
    if column.may_be_none:
        return _Domain((*names, NONE), (*values, NONE))
    return _Domain(tuple(names), tuple(values))


def _day(number: Fraction) -> str:
    return str(datetime.date.fromordinal(int(number)))


def _cuts(column: Column, cells: Sequence[tree.Cell], report: Report) -> list[Fraction]:
    bounds = (bound for cell in cells for test in cell.tests for bound in _bounds(test, column, report))
    return sorted({bound.value for bound in bounds})


def _bounds(test: tree.Test, column: Column, report: Report) -> list[Bound]:
    return (bounds_of(test, column, report) or []) if test.quantities else []


def _representatives(cuts: list[Fraction], low: Fraction | None, high: Fraction | None, whole: bool) -> list[Fraction]:
    """Every cut and a value on either side of it, as far as there are such values."""
    if not cuts:
        return [low if low is not None else high if high is not None else Fraction(0)]
    half = Fraction(1, 2)
    between = [left + (right - left) / 2 for left, right in pairwise(cuts)]
    if whole:
        between = [Fraction(left // 1 + 1) for left, right in pairwise(cuts) if left // 1 + 1 < right]
    outside = [cuts[0] - (1 if whole else half), cuts[-1] + (1 if whole else half)]
    if low is not None and low < cuts[0] < low + 1:
        outside[0] = (low + cuts[0]) / 2
    if high is not None and high - 1 < cuts[-1] < high:
        outside[1] = (high + cuts[-1]) / 2
    found = [n for n in (*cuts, *between, *outside) if (low is None or n >= low) and (high is None or n <= high)]
    return sorted(n for n in set(found) if not whole or n.denominator == 1)


def _mask(cell: tree.Cell, column: Column, domain: _Domain, report: Report) -> int:
    if not cell.tests:
        return domain.everything
    masks = [
        sum(1 << i for i, value in enumerate(domain.values) if _admits(test, column, value, report))
        for test in cell.tests
    ]
    total = domain.everything if cell.together else 0
    for mask in masks:
        total = total & mask if cell.together else total | mask
    return total


def _admits(test: tree.Test, column: Column, value: object, report: Report) -> bool:
    match test.sort:
        case "flag":
            return value is (test.words[0].text == "yes")
        case "place" | "or_better" | "or_worse":
            known = column.kind.values if isinstance(column.kind, Choice | Scale) else ()
            name = test.words[0].text
            if test.sort == "place" or name not in known:
                return value == name
            place = known.index(name)
            return value in (known[: place + 1] if test.sort == "or_better" else known[place:])
        case _ if column.classification is not None:
            return value == test.quantities[0].text
        case _:
            bounds = _bounds(test, column, report)
            return isinstance(value, Fraction) and all(_TRUE_OF[b.operator](value, b.value) for b in bounds)


# ---- overlaps and holes


def _overlaps(table: tree.Table, domains: Sequence[_Domain], masks: Sequence[tuple[int, ...]],
              columns: Sequence[Column], report: Report) -> None:  # fmt: skip
    steps = 0
    for later in range(1, len(masks)):
        for earlier in range(later):
            steps += 1
            if steps > MOST_STEPS:
                return
            common = [one & other for one, other in zip(masks[earlier], masks[later], strict=True)]
            if all(common):
                where = _described([_lowest(mask) for mask in common], domains, columns)
                first: tuple[Source, object, str] = (report.source, table.rows[earlier].span, "the other row")
                message = f"two rows match where {where}"
                report.error("SI217", message, table.rows[later].span,
                             "make the rows differ, or write: the first row that matches", [first])  # type: ignore[list-item]  # fmt: skip
                break


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _described(picked: Sequence[int], domains: Sequence[_Domain], columns: Sequence[Column]) -> str:
    parts = [
        f"{words(column.key)} is {domain.names[index]}"
        for index, domain, column in zip(picked, domains, columns, strict=True)
    ]
    return ", ".join(parts)


def _holes(table: tree.Table, domains: Sequence[_Domain], masks: Sequence[tuple[int, ...]],
           columns: Sequence[Column], report: Report) -> None:  # fmt: skip
    search = _Search(domains, masks)
    try:
        found = search.hole(0, (1 << len(masks)) - 1)
    except _TooLong:
        report.warning("SI219", f"the table `{table.name.text}` is too large to be checked for holes", table.span,
                       "end it with a row of empty cells, or split it")  # fmt: skip
        return
    if found is not None:
        where = _described(found, domains, columns)
        report.error("SI218", f"no row matches where {where}", table.name.span,
                     "add a row for it; a row of empty cells takes all that is left where the first row counts")  # fmt: skip


class _TooLong(Exception):
    """There is more to look through than is looked through."""


class _Search:
    """Looks for values that no row admits, column by column; rows are kept as a bit mask."""

    def __init__(self, domains: Sequence[_Domain], masks: Sequence[tuple[int, ...]]) -> None:
        self._domains = domains
        self._steps = 0
        self._known: set[tuple[int, int]] = set()
        self._admitting = [
            [sum(1 << r for r, row in enumerate(masks) if row[c] >> v & 1) for v in range(len(domain.values))]
            for c, domain in enumerate(domains)
        ]
        full = [domain.everything for domain in domains]
        # For each column, the rows that admit whatever stands in it and in those after it.
        self._admitting_all = [
            sum(1 << r for r, row in enumerate(masks) if list(row[c:]) == full[c:]) for c in range(len(domains) + 1)
        ]

    def hole(self, column: int, rows: int) -> list[int] | None:
        """The values of the columns from `column` on that none of the rows admits; None where there are none."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise _TooLong
        if not rows:
            return [0] * (len(self._domains) - column)
        if rows & self._admitting_all[column] or (column, rows) in self._known:
            return None
        for value, admitting in enumerate(self._admitting[column]):
            further = self.hole(column + 1, rows & admitting)
            if further is not None:
                return [value, *further]
        self._known.add((column, rows))
        return None
