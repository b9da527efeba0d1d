"""What values with a name come to: facts, scores, tables and matrices."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from tests.properties.generator.rules import (
    Cell,
    Column,
    Matrix,
    Outcome,
    Row,
    Score,
    Table,
    Test,
    ValueFact,
)
from tests.properties.generator.terms import Term
from tests.properties.oracle.conditions import ConditionMeaning
from tests.properties.oracle.reading import Leaf
from tests.properties.oracle.values import (
    NO,
    NONE,
    NOT_APPLICABLE,
    NOTHING,
    OPERATORS,
    YES,
    Truth,
    Value,
    Values,
    Worth,
    as_number,
    gathered,
    is_number,
)

_GATHERED = {"most_serious": "worst", "least_serious": "best", "lowest": "lowest", "highest": "highest", "sum": "sum"}


class NamedMeaning(ConditionMeaning):
    """The values of a policy that have a name."""

    def add_value(self, item: ValueFact | Score | Table | Matrix) -> None:
        """Work out what a declaration comes to under each of its names."""
        match item:
            case ValueFact(name=name, term=term):
                self._keep(name, item.grouped, lambda: self._alone(term), term)
            case Score(name=name):
                self._keep(name, item.grouped, lambda: self._score(item), *(term for term, _ in item.items))
            case Table():
                self._table(item)
            case Matrix(name=name):
                given = (outcome for outcomes in item.outcomes for outcome in outcomes)
                self._keep(name, item.grouped, lambda: self._matrix(item), *_worked_out(given))

    def _keep(self, name: str, grouped: bool, compile_: Callable[[], Worth], *terms: Term) -> None:
        """What has a name does not apply where the terms it comes to read a measure on two sides of a break."""
        self.years_by_name[name] = self.years_read(*terms)
        with self.noting() as reading:
            worth = compile_()
            if self.across_a_break(self.years_by_name[name]):
                worth = _nothing
            if grouped:
                worth = self._grown_worth(worth)
        self.readings.named[name] = reading
        self.worths[name] = worth

    def _grown_worth(self, worth: Worth) -> Worth:
        holds = self.for_grown(lambda _: YES)
        return lambda values: worth(values) if holds(values) == YES else NOTHING

    def _alone(self, term: Term) -> Worth:
        """A term that is compared with nothing."""
        worth = self.term(term)
        return _nothing if self.across_a_break(self.years_read(term)) else worth

    def _score(self, score: Score) -> Worth:
        items = [(self._alone(term), None if asked is None else self.test(asked)) for term, asked in score.items]

        def added(values: Values) -> Value:
            counted = [worth(values) if test is None or test(values) == YES else Fraction(0) for worth, test in items]
            return gathered("sum", counted, False)

        return added

    # ---- tables
    def _table(self, table: Table) -> None:
        if table.way == "number":
            self._keep(table.name, table.grouped, lambda: self._counted(table))
        elif table.way == "every":
            for value in table.gives[0][1].values:
                self._including(table, value)
        else:
            for place, (given, _) in enumerate(table.gives):
                terms = _worked_out(row.outcomes[place] for row in table.rows)
                self._keep(
                    f"{table.name}.{given}", table.grouped, lambda place=place: self._given(table, place), *terms
                )  # type: ignore[misc]

    def _counted(self, table: Table) -> Worth:
        rows = [self._row(row.cells, table.columns) for row in table.rows]
        return lambda values: Fraction(sum(matches(values) for matches in rows))

    def _including(self, table: Table, value: str) -> None:
        """Whether any row that gives a value matches."""
        name = f"{table.name}.{value}"
        with self.noting() as reading:
            rows = [self._row(row.cells, table.columns) for row in table.rows if _gives(row, value)]

            def includes(values: Values) -> str:
                return YES if any(matches(values) for matches in rows) else NO

            test = self.for_grown(includes) if table.grouped else includes
        self.readings.named[name] = reading
        self.tests[name] = test

    def _given(self, table: Table, place: int) -> Worth:
        rows = [(self._row(row.cells, table.columns), self._outcome(row.outcomes[place])) for row in table.rows]
        scale = table.gives[place][1].values

        def given(values: Values) -> Value:
            matching = [worth for matches, worth in rows if matches(values)]
            if table.way == "exactly_one" and len(matching) > 1:
                raise AssertionError("two rows match")
            if table.way in ("exactly_one", "first"):
                return matching[0](values) if matching else NOTHING
            return gathered(_GATHERED[table.way], [worth(values) for worth in matching], False, scale)

        return given

    def _outcome(self, outcome: Outcome) -> Worth:
        return (lambda _: outcome) if isinstance(outcome, bool) else self._alone(outcome)

    def _row(self, cells: tuple[Cell, ...], columns: tuple[Column, ...]) -> Callable[[Values], bool]:
        """Whether a row matches: each cell that asks something is met."""
        tests = [self._cell(cell, column) for cell, column in zip(cells, columns, strict=True) if cell.tests]
        return lambda values: all(test(values) == YES for test in tests)

    def _cell(self, cell: Cell, column: Column) -> Truth:
        if column.rule is not None:
            rule = column.rule
            self.names_read(rule)
            wanted = tuple(YES if test.value else NO for test in cell.tests)
            return lambda values: YES if self.truth(rule, values) in wanted else NO
        if column.classification is not None:
            name = column.classification
            self.names_read(name)
            labels = tuple(str(test.value) for test in cell.tests)
            return lambda values: self._asked(name, labels, values)
        assert column.term is not None
        return self._asking(cell, column)

    def _asking(self, cell: Cell, column: Column) -> Truth:
        assert column.term is not None
        with self.noting() as reading:
            worth = self._alone(column.term)
        values_of = column.kind.values
        join = all if cell.together else any

        def asked(values: Values) -> str:
            value = worth(values)
            if value == NOTHING:
                return NOT_APPLICABLE
            return YES if join(_met(test, value, values_of) for test in cell.tests) else NO

        hints = tuple(bound for test in cell.tests for bound in (test.value, test.upper) if isinstance(bound, Fraction))

        def difference(hint: Fraction) -> Callable[[Values], Fraction | None]:
            def turn(values: Values) -> Fraction | None:
                value = worth(values)
                return as_number(value) - hint if is_number(value) else None

            return turn

        return self.keep_leaf(Leaf(asked, reading, tuple(difference(hint) for hint in hints), False, hints))

    # ---- matrices
    def _matrix(self, matrix: Matrix) -> Worth:
        columns = (matrix.down, matrix.across)
        cells = [
            (self._row((down, across), columns), self._outcome(outcome))
            for down, outcomes in zip(matrix.down_cells, matrix.outcomes, strict=True)
            for across, outcome in zip(matrix.across_cells, outcomes, strict=True)
        ]

        def crossed(values: Values) -> Value:
            return next((worth(values) for matches, worth in cells if matches(values)), NOTHING)

        return crossed


def _nothing(_: Values) -> Value:
    return NOTHING


def _worked_out(outcomes: Iterable[Outcome]) -> list[Term]:
    """The outcomes that are terms."""
    return [outcome for outcome in outcomes if not isinstance(outcome, bool)]


def _gives(row: Row, value: str) -> bool:
    return getattr(row.outcomes[0], "value", None) == value


def _met(test: Test, value: Value, places: tuple[str, ...]) -> bool:
    """Whether a value meets a test; none meets only the one that asks for it."""
    if value == NONE or test.way == "none":
        return bool(value == NONE and test.way == "none")
    match test.way:
        case "value" | "flag":
            return bool(value == test.value)
        case "better":
            return places.index(value) <= places.index(str(test.value))
        case "worse":
            return places.index(value) >= places.index(str(test.value))
        case "range":
            assert isinstance(test.value, Fraction)
            assert test.upper is not None
            return test.value <= as_number(value) <= test.upper
        case operator:
            return OPERATORS[operator](as_number(value), test.value)
