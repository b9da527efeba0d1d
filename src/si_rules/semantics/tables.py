"""From tables as written to definitions and rows of the core."""

from collections.abc import Sequence
from fractions import Fraction

from si_rules.semantics import core
from si_rules.semantics.cells import Column
from si_rules.semantics.context import Context
from si_rules.semantics.kinds import Choice, Kind, Number, Scale
from si_rules.semantics.rows import RowReader
from si_rules.semantics.table_checks import check_rows
from si_rules.semantics.value_parts import Owned, ValueParts
from si_rules.syntax import tree

NUMBER_OF_ROWS = "number_of_rows"
EVERY_ROW = "every_row"
_NUMBER = Number("number")
_SUMMED = {"sum_of_rows": "sum", "lowest_row": "lowest", "highest_row": "highest",
           "most_serious_row": "highest", "least_serious_row": "lowest"}  # fmt: skip


class TableReader:
    """Reads tables; what cannot be read is reported and left out."""

    def __init__(self, parts: ValueParts) -> None:
        self.parts = parts
        self.declared = parts.declared
        self.scope = parts.scope
        self.report = parts.report
        self.rows = RowReader(parts)

    def read(self, written: tree.Table) -> None:
        """Read a table."""
        owned = self.parts.owned("table", written)
        name = written.name.text
        if len(written.policies) != 1:
            if name not in self.declared.damaged:
                self.report.error("SI215", f"the table `{name}` does not say once which row counts", written.span,
                                  "write once: exactly one row matches, the first row that matches, …")  # fmt: skip
            return
        policy = written.policies[0].text
        context = self.parts.context(owned.group)
        kinds = self._outcome_kinds(written, policy)
        if kinds is None:
            return  # the head is not what it should be, which is told
        columns = [self.rows.column(head, context) for head in written.heads]
        if None in columns:
            return
        read = [column for column in columns if column is not None]
        rows: list[str] = []
        taken: list[tuple[core.Condition, list[core.Term]]] = []
        for row in written.rows:
            found = self._table_row(written, row, read, kinds, owned, rows, context)
            if found is not None:
                taken.append(found)
        if len(taken) < len(written.rows):
            return
        if name not in self.declared.damaged:
            check_rows(written, policy, read, self.report)
        self._columns(written, policy, kinds, taken, owned, rows)

    def _outcome_kinds(self, written: tree.Table, policy: str) -> list[Kind] | None:
        names = [word.text for word, _ in written.gives]
        shown = [word.text for word in written.outcome_names]
        at = (
            written.outcome_names[0].span if written.outcome_names else written.heads[0].span.to(written.heads[-1].span)
        )
        if names != shown and written.name.text in self.declared.damaged:
            return None
        if names and not shown:
            self.report.error("SI216", "the head does not say what the table gives", at,
                              f"after `||` write the columns: {', '.join(names)}")  # fmt: skip
            return None
        if names != shown:
            self.report.error("SI216", "the columns of outcomes are not those the table says it gives", at,
                              f"after `||` write the columns: {', '.join(names) or 'none'}")  # fmt: skip
            return None
        if policy == NUMBER_OF_ROWS:
            if names:
                self.report.error("SI216", "a number of rows is all that this table gives", at,
                                  "leave out `gives`, or let rows count otherwise")  # fmt: skip
                return None
            return []
        kinds = [self.scope.values[f"{written.name.text}.{name}"].kind for name in names
                 if f"{written.name.text}.{name}" in self.scope.values]  # fmt: skip
        if policy == EVERY_ROW:
            listing = self.scope.listings.get(written.name.text)
            return [listing.kind] if listing is not None else None
        if not kinds or len(kinds) < len(names):
            if not names:
                self.report.error("SI216", "the table gives nothing", written.span, "add a line: gives tariff : days")
            return None
        wanted: dict[str, tuple[type[object], str]] = {
            "most_serious_row": (Scale, "places on a scale"), "least_serious_row": (Scale, "places on a scale"),
            "lowest_row": (Number, "numbers"), "highest_row": (Number, "numbers"), "sum_of_rows": (Number, "numbers"),
        }  # fmt: skip
        if policy in wanted and not all(isinstance(kind, wanted[policy][0]) for kind in kinds):
            self.report.error("SI407", f"only {wanted[policy][1]} can be taken so", written.policies[0].span,
                              "choose another way in which rows count")  # fmt: skip
            return None
        return kinds

    def _table_row(
        self,
        written: tree.Table,
        row: tree.Row,
        columns: Sequence[Column],
        kinds: list[Kind],
        owned: Owned,
        rows: list[str],
        context: Context,
    ) -> tuple[core.Condition, list[core.Term]] | None:
        outcomes = 0 if written.policies[0].text == NUMBER_OF_ROWS else len(kinds)
        if not self.rows.width(row, len(columns), outcomes):
            return None
        condition = self.rows.cells(row.cells, columns, row.span)
        if condition is None:
            return None
        words = self.rows.shown(row.cells)
        rule = self.parts.row(f"{written.name.text}[{words}]", words, condition, row.span, owned, rows)
        values = [self.rows.outcome(o, kind, context) for o, kind in zip(row.outcomes, kinds, strict=True)]
        if written.policies[0].text == EVERY_ROW and not all(
            isinstance(v, core.Constant) for v in values if v is not None
        ):
            self.report.error("SI401", "where every row counts, a row gives one of the values by its name", row.span,
                              "write the value itself")  # fmt: skip
            return None
        kept = [value for value in values if value is not None]
        return (rule, kept) if rule is not None and len(kept) == len(values) else None

    def _columns(
        self,
        written: tree.Table,
        policy: str,
        kinds: list[Kind],
        taken: list[tuple[core.Condition, list[core.Term]]],
        owned: Owned,
        rows: list[str],
    ) -> None:
        """What the table comes to: a definition for each column of outcomes."""
        name = written.name.text
        if policy == NUMBER_OF_ROWS:
            one = core.Constant(Fraction(1), _NUMBER)
            nothing = core.Constant(Fraction(0), _NUMBER)
            parts = tuple(core.Chosen(((condition, one),), nothing, _NUMBER) for condition, _ in taken)
            self.parts.define(
                name, "table", written.title.text, _NUMBER, core.Computed("sum", parts, _NUMBER), owned, rows
            )
            return
        if policy == EVERY_ROW:
            self._listing(written, kinds[0], taken, owned)
            return
        for index, (word, _) in enumerate(written.gives):
            kind = kinds[index]
            cases = tuple((condition, values[index]) for condition, values in taken)
            title = f"{written.title.text}: {word.text.replace('_', ' ')}"
            self.parts.define(f"{name}.{word.text}", "table", title, kind, _counted(policy, cases, kind), owned, rows)

    def _listing(
        self, written: tree.Table, kind: Kind, taken: list[tuple[core.Condition, list[core.Term]]], owned: Owned
    ) -> None:
        """Every row counts: each value stands where any of its rows holds."""
        assert isinstance(kind, Choice | Scale)
        origin = self.parts.origin(written.span)
        for value in kind.values:
            rows = [
                condition for condition, (term,) in taken if isinstance(term, core.Constant) and term.value == value
            ]
            name = f"{written.name.text}.{value}"
            condition: core.Condition = (
                core.Listed("any", 0, tuple(rows), origin) if rows else core.Not(core.Always(), origin)
            )
            if owned.group is not None:
                condition = core.Guarded(self.scope.membership(owned.group), condition)
            title = f"{written.title.text}: {value.replace('_', ' ')}"
            self.parts.rules[name] = core.Rule(
                name, "label", title, condition, owned.cites, owned.interpretations, owned.audience, origin
            )


def _counted(policy: str, cases: tuple[tuple[core.Condition, core.Term], ...], kind: Kind) -> core.Term:
    """One column of outcomes: the value of the row that counts, or what those that match come to together."""
    if policy in ("exactly_one_row", "first_row"):
        return core.Chosen(cases, None, kind)
    operation: core.Operation = _SUMMED[policy]  # type: ignore[assignment]
    parts = tuple(core.Chosen((case,), None, kind) for case in cases)  # a row that does not match is struck
    return core.Computed(operation, parts, kind)
