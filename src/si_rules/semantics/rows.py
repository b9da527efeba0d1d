"""Rows of tables and matrices: columns, cells, and what they give."""

from collections.abc import Sequence

from si_rules.semantics import core
from si_rules.semantics.cells import Column, read_cell, read_column
from si_rules.semantics.context import Context
from si_rules.semantics.kinds import Choice, Flag, Kind, Scale, described
from si_rules.semantics.value_parts import ValueParts
from si_rules.source.text import Span
from si_rules.syntax import tree


class RowReader:
    """Reads the parts of rows; what cannot be read is reported."""

    def __init__(self, parts: ValueParts) -> None:
        self.parts = parts
        self.declared = parts.declared
        self.scope = parts.scope
        self.report = parts.report

    def column(self, head: tree.Term, context: Context) -> Column | None:
        """What a column asks, or None after a report."""
        reader = self.parts.reader()
        return read_column(
            head,
            self.scope,
            lambda term: reader.read_term(term, context),
            lambda group, name: reader.need_group(group, f"`{name}`", head.span, context),
        )

    def width(self, row: tree.Row, columns: int, outcomes: int) -> bool:
        """Whether a row has as many cells as its head."""
        if len(row.cells) == columns and len(row.outcomes) == outcomes:
            return True
        has = f"{len(row.cells)} before `||` and {len(row.outcomes)} after it"
        message = f"the row has {has}; its head has {columns} and {outcomes}"
        self.report.once("SI216", message, row.span, "give every row the cells of its head, an empty one where anything "
                         "will do, and `||` before what it gives")  # fmt: skip
        return False

    def cells(self, cells: Sequence[tree.Cell], columns: Sequence[Column], span: Span) -> core.Condition | None:
        """What the cells of a row ask together, or None after a report."""
        items: list[core.Condition] = []
        for cell, column in zip(cells, columns, strict=True):
            if not cell.tests:
                continue
            found = read_cell(cell, column, self.report)
            if found is None:
                return None
            items.append(found)
        return core.Listed("match", 0, tuple(items), self.parts.origin(span)) if items else core.Always()

    def shown(self, cells: Sequence[tree.Cell]) -> str:
        """The words of a row, by which it is named."""
        return ", ".join(self.report.source.words(cell.span) if cell.tests else "any" for cell in cells)

    def outcome(self, written: tree.Term | tree.Word, kind: Kind, context: Context) -> core.Term | None:
        """An outcome: a value of the kind, or something worked out."""
        if isinstance(written, tree.Word):
            if isinstance(kind, Flag):
                return core.Constant(written.text == "yes", kind)
            self.report.error("SI401", f"this column gives {described(kind)}, not yes or no", written.span,
                              "write one of its values")  # fmt: skip
            return None
        if isinstance(kind, Choice | Scale) and isinstance(written, tree.NameTerm):
            name = written.name.text
            if name in kind.values:
                return core.Constant(name, kind)
            if self.scope.kind_of(name) is None:
                self.report.unknown("value", name, written.name.span, kind.values, "SI303")
                return None
        term = self.parts.reader().read_term(written, context)
        return term if term is not None and self.parts.fits(term, kind, written.span) else None
