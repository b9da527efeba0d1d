"""Tables and matrices as text."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tests.properties.generator.declarations import Kind
from tests.properties.generator.rules import Cell, Column, Matrix, Outcome, Table, Test
from tests.properties.generator.wording import kind_text, quantity_text, term_text

WAYS = {
    "exactly_one": "exactly one row matches",
    "first": "the first row that matches",
    "most_serious": "the most serious of the rows that match",
    "least_serious": "the least serious of the rows that match",
    "lowest": "the lowest of the rows that match",
    "highest": "the highest of the rows that match",
    "sum": "the sum of the rows that match",
    "number": "the number of rows that match",
    "every": "every row that matches",
}
_BOUNDS = {"<": "under", "<=": "at most", ">": "more than", ">=": "at least", "=": ""}
_DAY_BOUNDS = {"<": "before", ">": "after", "=": ""}


def cell_text(cell: Cell, kind: Kind) -> str:
    return (" and " if cell.together else ", ").join(_test_text(test, kind) for test in cell.tests)


def _quantity(value: Any, kind: Kind) -> str:
    if kind.sort == "date":
        return str(date.fromordinal(int(value)))
    return quantity_text(value, kind.unit)


def _test_text(test: Test, kind: Kind) -> str:
    match test.way:
        case "value":
            return str(test.value)
        case "better" | "worse":
            return f"{test.value} or {test.way}"
        case "flag":
            return "yes" if test.value else "no"
        case "none":
            return "none"
        case "range":
            return f"from {_quantity(test.value, kind)} to {_quantity(test.upper, kind)}"
        case way:
            assert isinstance(test.value, Fraction)
            words = (_DAY_BOUNDS if kind.sort == "date" else _BOUNDS)[way]
            return f"{words} {_quantity(test.value, kind)}".strip()


def _head(column: Column) -> str:
    if column.term is not None:
        return term_text(column.term, 2)
    return column.rule or column.classification or ""


def _outcome(value: Outcome) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else term_text(value, 2)


def _line(cells: Sequence[str], outcomes: Sequence[str]) -> str:
    shown = " | ".join(cells)
    return f"  | {shown} || {' | '.join(outcomes)} |" if outcomes else f"  | {shown} |"


def table_lines(table: Table, mixed: Callable[[Sequence[Any]], list[Any]]) -> Iterator[str]:
    """A table; rows stand in another order where that means nothing."""
    yield f"  {WAYS[table.way]}"
    for name, kind in table.gives:
        yield f"  gives {name} : {kind_text(kind)}"
    yield _line([_head(column) for column in table.columns], [name for name, _ in table.gives])
    for row in table.rows if table.way == "first" else mixed(table.rows):
        cells = [cell_text(cell, column.kind) for cell, column in zip(row.cells, table.columns, strict=True)]
        yield _line(cells, [_outcome(value) for value in row.outcomes])


def matrix_lines(matrix: Matrix) -> Iterator[str]:
    yield f"  down {_head(matrix.down)}"
    yield f"  across {_head(matrix.across)}"
    yield f"  | || {' | '.join(cell_text(cell, matrix.across.kind) for cell in matrix.across_cells)} |"
    for cell, outcomes in zip(matrix.down_cells, matrix.outcomes, strict=True):
        yield _line([cell_text(cell, matrix.down.kind)], [_outcome(value) for value in outcomes])
