"""From value facts, scores, tables, matrices and figures as written to definitions and figures of the core."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from attrs import evolve

from si_rules.semantics import core
from si_rules.semantics.audiences import Audience
from si_rules.semantics.cells import Column, read_cell, read_column
from si_rules.semantics.conditions import ConditionReader, Context, identifier
from si_rules.semantics.declared import Declared
from si_rules.semantics.interpretations import Ownership
from si_rules.semantics.kinds import Choice, Flag, Kind, Number, Scale, described, number_text, with_unit
from si_rules.semantics.report import Report
from si_rules.semantics.rules import RuleReader
from si_rules.semantics.scope import Scope
from si_rules.semantics.table_checks import check_rows
from si_rules.semantics.vocabulary_reading import read_audience
from si_rules.source.text import Span
from si_rules.syntax import tree

NUMBER_OF_ROWS = "number_of_rows"
EVERY_ROW = "every_row"
_NUMBER = Number("number")
_SUMMED = {"sum_of_rows": "sum", "lowest_row": "lowest", "highest_row": "highest",
           "most_serious_row": "highest", "least_serious_row": "lowest"}  # fmt: skip


class ValueReader:
    """Reads the values with a name; what cannot be read is reported and left out."""

    def __init__(
        self, declared: Declared, scope: Scope, ownership: Ownership, report: Report, rules: RuleReader
    ) -> None:
        self.declared = declared
        self.scope = scope
        self.ownership = ownership
        self.report = report
        self.rules = rules
        self.definitions: dict[str, core.Definition] = {}
        self.figures: dict[str, core.Figure] = {}

    def read_all(self) -> None:
        """Read every value and every figure."""
        for source, written in self.declared.values.values():
            self.report.source = source
            match written:
                case tree.ValueFact():
                    self._fact(written)
                case tree.Score():
                    self._score(written)
                case tree.Table():
                    self._table(written)
                case tree.Matrix():
                    self._matrix(written)
        for source, figure in self.declared.figures.values():
            self.report.source = source
            self._figure(figure)

    # ---- what all have
    def _owned(self, what: str, written: tree.ValueFact | tree.Score | tree.Table | tree.Matrix | tree.Figure
               ) -> tuple[tuple[core.Citation, ...], tuple[str, ...], Audience, str | None]:  # fmt: skip
        owned, damaged = written.owned, written.name.text in self.declared.damaged
        cites, interpretations = (
            self.ownership.cites(owned.cites),
            self.ownership.interpretations(owned.interpretations),
        )
        self.ownership.need(
            f"the {what} `{written.name.text}`", written.span, owned.cites, owned.interpretations, damaged
        )
        audience = read_audience(owned.shown_to, self.scope.vocabulary.audiences, self.report)
        return cites, interpretations, audience, self.rules.group_of(owned.applies_to)

    def _define(self, name: str, sort: str, title: str, kind: Kind, term: core.Term,
                owned: tuple[tuple[core.Citation, ...], tuple[str, ...], Audience, str | None],
                rows: Iterable[str] = ()) -> None:  # fmt: skip
        cites, interpretations, audience, group = owned
        guard = None if group is None else self.scope.membership(group)
        self.definitions[name] = core.Definition(
            name,
            sort,  # type: ignore[arg-type]
            title,
            kind,
            guard,
            term,
            cites,
            interpretations,
            audience,
            tuple(rows),
        )

    def _reader(self) -> ConditionReader:
        return ConditionReader(self.scope, self.report, None)

    def _context(self, group: str | None) -> Context:
        return Context({}).within(group, self.scope) if group is not None else Context({})

    def _fits(self, term: core.Term, kind: Kind, span: Span) -> bool:
        """Whether a value is of the kind that was declared for it."""
        if alike(term.kind, kind):
            return True
        shown = self.report.source.words(span)
        help_ = "correct one of the two"
        if isinstance(term, core.Constant) and isinstance(term.value, Fraction) and isinstance(kind, Number):
            help_ = f"did you mean `{with_unit(number_text(term.value), kind.unit)}`?"
        message = f"`{shown}` is {described(term.kind)}, and {described(kind)} was declared"
        self.report.error("SI401", message, span, help_)
        return False

    # ---- facts and scores
    def _fact(self, written: tree.ValueFact) -> None:
        owned = self._owned("fact", written)
        name, known = written.name.text, self.scope.values.get(written.name.text)
        if len(written.terms) != 1:
            if name not in self.declared.damaged:
                self.report.error("SI202", f"`{name}` has {len(written.terms)} lines `is`", written.span,
                                  "write one: is …")  # fmt: skip
            return
        term = self._reader().read_term(written.terms[0], self._context(owned[3]))
        if term is None or known is None or not self._fits(term, known.kind, written.terms[0].span):
            return
        self._define(name, "fact", written.title.text, known.kind, term, owned)

    def _score(self, written: tree.Score) -> None:
        owned = self._owned("score", written)
        name, known = written.name.text, self.scope.values.get(written.name.text)
        if len(written.sums) != 1:
            if name not in self.declared.damaged:
                self.report.error("SI202", f"the score `{name}` does not say once what it adds up", written.span,
                                  "write once: adds up, and the items under it")  # fmt: skip
            return
        if known is None or not isinstance(known.kind, Number):
            if known is not None:
                self.report.error("SI406", f"a score is a number, not {described(known.kind)}", written.kind.span,
                                  "name a unit such as points")  # fmt: skip
            return
        parts: list[core.Term] = []
        rows: list[str] = []
        for item in written.sums[0]:
            part = self._score_item(name, item, known.kind, owned, rows)
            if part is not None:
                parts.append(part)
        if len(parts) == len(written.sums[0]):
            term = core.Computed("sum", tuple(parts), known.kind)
            self._define(name, "score", written.title.text, known.kind, term, owned, rows)

    def _score_item(self, name: str, item: tree.ScoreItem, kind: Number,
                    owned: tuple[tuple[core.Citation, ...], tuple[str, ...], Audience, str | None],
                    rows: list[str]) -> core.Term | None:  # fmt: skip
        context = evolve(self._context(owned[3]), left_out=True)  # what does not apply adds nothing
        term = self._reader().read_term(item.term, context)
        if term is None or not self._fits(term, kind, item.term.span):
            return None
        if item.condition is None:
            return term
        condition = ConditionReader(self.scope, self.report, item.condition).read(item.condition, context)
        if condition is None:
            return None
        words = self.report.source.words(item.condition.span)
        rule = self._row(f"{name}[{identifier(words)}]", words, condition, item.span, owned, rows)
        if rule is None:
            return None
        nothing = core.Constant(Fraction(0), kind)
        return core.Chosen(((rule, term),), nothing, kind)

    def _row(self, name: str, words: str, condition: core.Condition, span: Span,
             owned: tuple[tuple[core.Citation, ...], tuple[str, ...], Audience, str | None],
             rows: list[str]) -> core.Condition | None:  # fmt: skip
        """A row as a rule of its own, named by what it says."""
        if name in rows:
            self.report.error("SI305", "the same row stands twice", span, "delete one of the two")
            return None
        cites, interpretations, audience, group = owned
        if group is not None:
            condition = core.Guarded(self.scope.membership(group), condition)
        origin = self._origin(span)
        self.rules.rules[name] = core.Rule(name, "row", words, condition, cites, interpretations, audience, origin)
        rows.append(name)
        return core.RuleHolds(name, origin)

    def _origin(self, span: Span) -> core.Origin:
        source = self.report.source
        return core.Origin(source.name, source.place(span.start)[0], source.words(span))

    # ---- tables
    def _table(self, written: tree.Table) -> None:
        owned = self._owned("table", written)
        name = written.name.text
        if len(written.policies) != 1:
            if name not in self.declared.damaged:
                self.report.error("SI215", f"the table `{name}` does not say once which row counts", written.span,
                                  "write once: exactly one row matches, the first row that matches, …")  # fmt: skip
            return
        policy = written.policies[0].text
        context = self._context(owned[3])
        kinds = self._outcome_kinds(written, policy)
        if kinds is None:
            return  # the head is not what it should be, which is told
        columns = [self._column(head, context) for head in written.heads]
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

    def _column(self, head: tree.Term, context: Context) -> Column | None:
        reader = self._reader()
        return read_column(
            head,
            self.scope,
            lambda term: reader.read_term(term, context),
            lambda group, name: reader.need_group(group, f"`{name}`", head.span, context),
        )

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

    def _table_row(self, written: tree.Table, row: tree.Row, columns: Sequence[Column], kinds: list[Kind],
                   owned: tuple[tuple[core.Citation, ...], tuple[str, ...], Audience, str | None], rows: list[str],
                   context: Context) -> tuple[core.Condition, list[core.Term]] | None:  # fmt: skip
        outcomes = 0 if written.policies[0].text == NUMBER_OF_ROWS else len(kinds)
        if not self._width(row, len(columns), outcomes):
            return None
        condition = self._cells(row.cells, columns, row.span)
        if condition is None:
            return None
        words = self._shown(row.cells)
        rule = self._row(f"{written.name.text}[{words}]", words, condition, row.span, owned, rows)
        values = [self._outcome(o, kind, context) for o, kind in zip(row.outcomes, kinds, strict=True)]
        if written.policies[0].text == EVERY_ROW and not all(
            isinstance(v, core.Constant) for v in values if v is not None
        ):
            self.report.error("SI401", "where every row counts, a row gives one of the values by its name", row.span,
                              "write the value itself")  # fmt: skip
            return None
        kept = [value for value in values if value is not None]
        return (rule, kept) if rule is not None and len(kept) == len(values) else None

    def _width(self, row: tree.Row, columns: int, outcomes: int) -> bool:
        if len(row.cells) == columns and len(row.outcomes) == outcomes:
            return True
        has = f"{len(row.cells)} before `||` and {len(row.outcomes)} after it"
        message = f"the row has {has}; its head has {columns} and {outcomes}"
        self.report.error("SI216", message, row.span, "give every row the cells of its head, an empty one where anything "
                          "will do, and `||` before what it gives")  # fmt: skip
        return False

    def _cells(self, cells: Sequence[tree.Cell], columns: Sequence[Column], span: Span) -> core.Condition | None:
        items: list[core.Condition] = []
        for cell, column in zip(cells, columns, strict=True):
            if not cell.tests:
                continue
            found = read_cell(cell, column, self.report)
            if found is None:
                return None
            items.append(found)
        return core.Listed("match", 0, tuple(items), self._origin(span)) if items else core.Always()

    def _shown(self, cells: Sequence[tree.Cell]) -> str:
        return ", ".join(self.report.source.words(cell.span) if cell.tests else "any" for cell in cells)

    def _outcome(self, written: tree.Term | tree.Word, kind: Kind, context: Context) -> core.Term | None:
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
        term = self._reader().read_term(written, context)
        return term if term is not None and self._fits(term, kind, written.span) else None

    def _columns(self, written: tree.Table, policy: str, kinds: list[Kind],
                 taken: list[tuple[core.Condition, list[core.Term]]],
                 owned: tuple[tuple[core.Citation, ...], tuple[str, ...], Audience, str | None],
                 rows: list[str]) -> None:  # fmt: skip
        """What the table comes to: a definition for each column of outcomes."""
        name = written.name.text
        if policy == NUMBER_OF_ROWS:
            one = core.Constant(Fraction(1), _NUMBER)
            nothing = core.Constant(Fraction(0), _NUMBER)
            parts = tuple(core.Chosen(((condition, one),), nothing, _NUMBER) for condition, _ in taken)
            self._define(name, "table", written.title.text, _NUMBER, core.Computed("sum", parts, _NUMBER), owned, rows)
            return
        if policy == EVERY_ROW:
            self._listing(written, kinds[0], taken, owned)
            return
        for index, (word, _) in enumerate(written.gives):
            kind = kinds[index]
            cases = tuple((condition, values[index]) for condition, values in taken)
            title = f"{written.title.text}: {word.text.replace('_', ' ')}"
            self._define(f"{name}.{word.text}", "table", title, kind, _counted(policy, cases, kind), owned, rows)

    def _listing(self, written: tree.Table, kind: Kind, taken: list[tuple[core.Condition, list[core.Term]]],
                 owned: tuple[tuple[core.Citation, ...], tuple[str, ...], Audience, str | None]) -> None:  # fmt: skip
        """Every row counts: each value stands where any of its rows holds."""
        assert isinstance(kind, Choice | Scale)
        cites, interpretations, audience, group = owned
        origin = self._origin(written.span)
        for value in kind.values:
            rows = [
                condition for condition, (term,) in taken if isinstance(term, core.Constant) and term.value == value
            ]
            name = f"{written.name.text}.{value}"
            condition: core.Condition = (
                core.Listed("any", 0, tuple(rows), origin) if rows else core.Not(core.Always(), origin)
            )
            if group is not None:
                condition = core.Guarded(self.scope.membership(group), condition)
            title = f"{written.title.text}: {value.replace('_', ' ')}"
            self.rules.rules[name] = core.Rule(
                name, "label", title, condition, cites, interpretations, audience, origin
            )

    # ---- matrices
    def _matrix(self, written: tree.Matrix) -> None:
        owned = self._owned("matrix", written)
        name, known = written.name.text, self.scope.values.get(written.name.text)
        if len(written.down) != 1 or len(written.across) != 1:
            if name not in self.declared.damaged:
                self.report.error("SI202", f"the matrix `{name}` does not say once what runs down and what across",
                                  written.span, "write two lines: down …, and across …")  # fmt: skip
            return
        context = self._context(owned[3])
        down, across = self._column(written.down[0], context), self._column(written.across[0], context)
        if down is None or across is None or known is None:
            return
        rows: list[str] = []
        cases: list[tuple[core.Condition, core.Term]] = []
        complete = True
        for row in written.rows:
            if not self._width(row, 1, len(written.columns)):
                return
            for column, outcome in zip(written.columns, row.outcomes, strict=True):
                cells = (row.cells[0], column)
                condition = self._cells(cells, (down, across), row.span)
                value = self._outcome(outcome, known.kind, context)
                words = self._shown(cells)
                if condition is None or value is None:
                    complete = False
                    continue
                rule = self._row(f"{name}[{words}]", words, condition, row.span, owned, rows)
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
        self._define(name, "matrix", written.title.text, known.kind, term, owned, rows)

    # ---- figures
    def _figure(self, written: tree.Figure) -> None:
        cites, interpretations, audience, limited = self._owned("figure", written)
        if limited is not None:
            self.report.error("SI202", f"the figure `{written.name.text}` says twice whom it is about",
                              written.span, "leave out `applies to`: `over` says it")  # fmt: skip
        name, kind = written.name.text, self.scope.figures.get(written.name.text)
        if not written.over and written.owned.applies_to and name not in self.declared.damaged:
            self.report.error("SI202", "a figure says with `over` whom it is about", written.owned.applies_to[0].span,
                              f"write in its place: over every {self.scope.vocabulary.noun}, "
                              f"or: over {self.scope.vocabulary.plural} with …")  # fmt: skip
            return
        if len(written.over) != 1 or len(written.measures) != 1 or len(written.where) > 1:
            if name not in self.declared.damaged:
                self.report.error("SI202", f"the figure `{name}` does not say once over whom it is and what it is",
                                  written.span, f"write one line `over every {self.scope.vocabulary.noun}` and one line "
                                  "`is the share for which …`")  # fmt: skip
            return
        measure = written.measures[0]
        group = self.rules.group_of(written.over, "over")
        context = self._context(group)
        where = self._asked(written.where[0], context) if written.where else None
        condition = self._asked(measure.condition, context) if measure.condition is not None else None
        term = self._reader().read_term(measure.term, context) if measure.term is not None else None
        if (written.where and where is None) or (condition is None and term is None) or kind is None:
            return
        wanted = self._figure_kind(measure, term)
        if wanted is None:
            return
        if not alike(wanted, kind):
            self.report.error("SI401", f"this comes to {described(wanted)}, and {described(kind)} was declared",
                              measure.span, "correct one of the two")  # fmt: skip
            return
        guard = None if group is None else self.scope.membership(group)
        self.figures[name] = core.Figure(
            name, written.title.text, kind, measure.sort, guard, where, condition, term,  # type: ignore[arg-type]
            measure.highest_first, cites, interpretations, audience,
        )  # fmt: skip

    def _asked(self, written: tree.Condition, context: Context) -> core.Condition | None:
        return ConditionReader(self.scope, self.report, written).read(written, context)

    def _figure_kind(self, measure: tree.Measure, term: core.Term | None) -> Kind | None:
        """What a figure is counted in."""
        if measure.sort in ("count", "rank"):
            kind: Kind = _NUMBER
        elif measure.sort in ("share", "percentile"):
            kind = Number("percent")
        else:
            kind = term.kind if term is not None else _NUMBER
        if term is not None and not isinstance(term.kind, Number):
            self.report.error("SI407", f"a figure is made of numbers; this is {described(term.kind)}", measure.span,
                              "name a number")  # fmt: skip
            return None
        return kind.unbounded if isinstance(kind, Number) else kind


def _counted(policy: str, cases: tuple[tuple[core.Condition, core.Term], ...], kind: Kind) -> core.Term:
    """One column of outcomes: the value of the row that counts, or what those that match come to together."""
    if policy in ("exactly_one_row", "first_row"):
        return core.Chosen(cases, None, kind)
    operation: core.Operation = _SUMMED[policy]  # type: ignore[assignment]
    parts = tuple(core.Chosen((case,), None, kind) for case in cases)  # a row that does not match is struck
    return core.Computed(operation, parts, kind)


def _axis(written: tree.Matrix, head: tree.Term, cells: Sequence[tree.Cell]) -> tree.Table:
    """One axis of a matrix as a table of one column, to check it for holes and overlaps."""
    rows = tuple(tree.Row((cell,), (), cell.span if cell.tests else written.span) for cell in cells)
    return tree.Table(written.name, written.title, (), (), (head,), (), rows, written.owned, written.span)


def alike(left: Kind, right: Kind) -> bool:
    """Whether a value of one kind may stand for the other: limits apart."""
    if isinstance(left, Number) and isinstance(right, Number):
        return left.unit == right.unit
    if isinstance(left, Choice | Scale) and isinstance(right, Choice | Scale):
        return left.values == right.values
    return type(left) is type(right)
