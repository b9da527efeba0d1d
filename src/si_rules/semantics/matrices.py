"""From matrices as written to definitions and rows of the core."""

from collections.abc import Sequence

from si_rules.semantics import core
from si_rules.semantics.rows import RowReader
from si_rules.semantics.table_checks import check_rows
from si_rules.semantics.value_parts import ValueParts
from si_rules.syntax import tree


class MatrixReader:
    """Reads matrices; what cannot be read is reported and left out."""

    def __init__(self, parts: ValueParts) -> None:
        self.parts = parts
        self.declared = parts.declared
        self.scope = parts.scope
        self.report = parts.report
        self.rows = RowReader(parts)

    def read(self, written: tree.Matrix) -> None:
        """Read a matrix."""
        owned = self.parts.owned("matrix", written)
        name, known = written.name.text, self.scope.values.get(written.name.text)
        if len(written.down) != 1 or len(written.across) != 1:
            if name not in self.declared.damaged:
                self.report.error("SI202", f"the matrix `{name}` does not say once what runs down and what across",
                                  written.span, "write two lines: down …, and across …")  # fmt: skip
            return
        context = self.parts.context(owned.group)
        down, across = self.rows.column(written.down[0], context), self.rows.column(written.across[0], context)
        if down is None or across is None or known is None:
            return
        rows: list[str] = []
        cases: list[tuple[core.Condition, core.Term]] = []
        complete = True
        for row in written.rows:
            if not self.rows.width(row, 1, len(written.columns)):
                return
            for column, outcome in zip(written.columns, row.outcomes, strict=True):
                cells = (row.cells[0], column)
                condition = self.rows.cells(cells, (down, across), row.span)
                value = self.rows.outcome(outcome, known.kind, context)
                words = self.rows.shown(cells)
                if condition is None or value is None:
                    complete = False
                    continue
                rule = self.parts.row(f"{name}[{words}]", words, condition, row.span, owned, rows)
                if rule is not None:
                    cases.append((rule, value))
        if not complete:
            return
        if name in self.declared.damaged:
            return
        rows_of_cells = [row.cells[0] for row in written.rows]
        check_rows(_axis(written, written.down[0], rows_of_cells), "exactly_one_row", [down], self.report)
        check_rows(_axis(written, written.across[0], written.columns), "exactly_one_row", [across], self.report)
        term = core.Chosen(tuple(cases), None, known.kind)
        self.parts.define(name, "matrix", written.title.text, known.kind, term, owned, rows)


def _axis(written: tree.Matrix, head: tree.Term, cells: Sequence[tree.Cell]) -> tree.Table:
    """One axis of a matrix as a table of one column, to check it for holes and overlaps."""
    rows = tuple(tree.Row((cell,), (), cell.span if cell.tests else written.span) for cell in cells)
    return tree.Table(written.name, written.title, (), (), (head,), (), rows, written.owned, written.span)
