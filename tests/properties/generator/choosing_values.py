"""Chooses values with a name: facts, scores, tables, matrices and figures, made so that they pass the checks."""

from dataclasses import replace
from fractions import Fraction

from tests.properties.generator.choosing import Known, Place
from tests.properties.generator.choosing_conditions import ConditionChooser
from tests.properties.generator.choosing_terms import CONSTANTS, SCALES
from tests.properties.generator.declarations import NUMBER, PERCENT, Kind
from tests.properties.generator.declaring import GRADES
from tests.properties.generator.rules import (
    INVALID,
    UNMATCHED,
    Cell,
    Column,
    Figure,
    Matrix,
    Outcome,
    Row,
    Score,
    Table,
    Test,
    ValueFact,
)
from tests.properties.generator.table_text import cell_text
from tests.properties.generator.terms import (
    Adjusted,
    Judged,
    ListOf,
    Named,
    Number,
    OfRecord,
    OfYear,
    Own,
    Place as OnScale,
    Term,
    conditions_in,
    leaves,
)
from tests.properties.generator.wording import line_text

DIRECTIONS = ("north", "south")
MOST_ROWS = 9
KINDS: dict[str, Kind] = {
    "grades": Kind("scale", GRADES),
    "directions": Kind("choice", DIRECTIONS),
    "flag": Kind("flag"),
    **{unit: Kind("number", unit=unit) for unit in ("heads", "points", "percent", "number", "days", "months", "years")},
    "date": Kind("date"),
}
WAYS: dict[str, tuple[str, ...]] = {
    "exactly_one": ("grades", "directions", "flag", "heads", "points"),
    "first": ("grades", "directions", "flag", "heads", "points"),
    "most_serious": ("grades",),
    "least_serious": ("grades",),
    "lowest": ("heads", "points"),
    "highest": ("heads", "points"),
    "sum": ("heads", "points"),
    "number": (),
    "every": ("directions", "grades"),
}


class ValueChooser(ConditionChooser):
    """Chooses values with a name."""

    def _ungrown(self, unit: str, place: Place, depth: int) -> Term:
        """A term of which no part is only known of others than those it is for."""
        while True:
            term = self.term(unit, place, depth)
            words = [line_text(leaf) for condition in conditions_in(term) for leaf in leaves(condition)]
            if len(set(words)) < len(words):
                continue  # the same comparison twice in a rule is refused
            if place.grown or not self.reads_grown(term):
                return term

    # ---- facts and scores
    def value_fact(self, name: str, grown: bool) -> ValueFact:
        unit = self.random.choice(("heads", "heads", "number", "percent", "points", "days", "months", "years", "date",
                                   "grades", "grades", "grades"))  # fmt: skip
        term = self._ungrown(unit, Place(grown), 2)
        kind = self.declared.measure("grade").kind if unit == "grades" else KINDS[unit]
        scale_of = self.random.choice((None, "grade", "prior")) if unit == "grades" else None
        self.values.append(Known(name, unit, kind, grown))
        return ValueFact(name, kind, grown, term, scale_of)

    def score(self, name: str, grown: bool) -> Score:
        unit = self.random.choice(("points", "points", "heads"))
        items: list[tuple[Term, object]] = []
        used: set[str] = set()
        for _ in range(self.random.choice((2, 3, 3, 4))):
            place = Place(grown, used=used)
            if self.chance(0.2):
                term = self._ungrown(unit, Place(grown), 1)
                if not isinstance(term, Adjusted):
                    items.append((term, None))
            else:
                condition = self.bare(place)
                if all(condition != other for _, other in items):
                    items.append((Number(Fraction(self.random.choice(("1", "2", "3", "-1"))), unit), condition))
        items = items or [(Number(Fraction(1), unit), self.bare(Place(grown, used=used)))]
        self.values.append(Known(name, unit, KINDS[unit], grown))
        return Score(name, KINDS[unit], grown, tuple(items))  # type: ignore[arg-type]

    # ---- columns and cells
    def column(self, place: Place) -> Column:
        way = self.random.random()
        rules = [rule for rule in self.rules if not rule.shown_to and (place.grown or not rule.grouped)]
        if way < 0.15 and rules:
            return Column(Kind("flag"), rule=self.random.choice(rules).name)
        known = [item for item in self.classifications if place.grown or not item.guarded]
        if way < 0.3 and known:
            asked = self.random.choice(known)
            labels = (*(item.label for item in asked.classes), UNMATCHED, *((INVALID,) if asked.invalid else ()))
            return Column(Kind("label", labels), classification=asked.name)
        named = [item for item in self.values if place.grown or not item.grown]
        if way < 0.45 and named:
            item = self.random.choice(named)
            return Column(replace(item.kind, low=None, high=None, whole=False), term=Named(item.name))
        return self._measured(place)

    def _measured(self, place: Place) -> Column:
        """A column of evidence, or of something worked out from it."""
        if self.chance(0.15):
            unit = self.random.choice(("heads", "number", "percent", "grades", "date"))
            while isinstance(term := self._ungrown(unit, place, 1), Adjusted):
                pass
            if not isinstance(term, Own | OfRecord | OfYear):
                return Column(KINDS[unit], term=term)
        choices: list[Term] = [
            Own("grade"), Own("lit"), Own("size"), Own("spare"), Own("share"), Own("opened"), OfRecord("visit.mark", 0),
            OfRecord("visit.note", 0), OfRecord("visit.mark", 1), Judged("view"), Judged("trust"), Own("sort"),
            self._of_year("tests.sat"), self._of_year("turnout.rate"),
        ]  # fmt: skip
        while self.reads_grown(term := self.random.choice(choices)) and not place.grown:
            pass
        path = f"judgements.{term.name}" if isinstance(term, Judged) else term.path  # type: ignore[union-attr]
        measure = self.declared.measure(path)
        return Column(measure.kind, term=term, may_be_none=isinstance(term, OfRecord) or measure.optional)

    def parted(self, column: Column) -> list[Cell]:
        """Cells that leave out no value and share none."""
        kind = column.kind
        match kind.sort:
            case "flag":
                cells = [Cell((Test("flag", True),)), Cell((Test("flag", False),))]
            case "scale" if self.chance(0.6):
                place = self.random.randint(1, len(kind.values) - 1)
                cells = [Cell((Test("better", kind.values[place - 1]),)), Cell((Test("worse", kind.values[place]),))]
            case "choice" | "scale" | "label":
                values = self.random.sample(kind.values, len(kind.values))
                cut = self.random.randint(1, len(values) - 1)
                cells = [Cell(tuple(Test("value", value) for value in some)) for some in (values[:cut], values[cut:])]
            case _:
                cells = self._ranges(kind)
        if column.may_be_none and (len(cells[0].tests) > 1 or self.chance(0.5)) and not cells[0].together:
            cells[0] = Cell((*cells[0].tests, Test("none")))
        elif column.may_be_none:
            cells.append(Cell((Test("none"),)))
        return cells

    def _ranges(self, kind: Kind) -> list[Cell]:
        if kind.sort == "date":
            day = Fraction(self.random.choice((735_500, 735_700)))
            return [Cell((Test("<", day),)), Cell((Test("range", day, day + 200),)), Cell((Test(">", day + 200),))]
        figures = sorted({Fraction(text) for text in CONSTANTS[kind.unit]})
        low, high = sorted(self.random.sample(figures, 2))
        match self.random.choice(("two", "three", "exact")):
            case "two":
                return [Cell((Test("<", low),)), Cell((Test(">=", low),))]
            case "three":
                middle = Cell((Test(">=", low), Test("<", high)), together=True)
                return [Cell((Test("<", low),)), middle, Cell((Test(">=", high),))]
            case _:
                return [Cell((Test("<", low), Test(">", low))), Cell((Test("=", low),))]

    def _parted_rows(self, columns: tuple[Column, ...]) -> list[tuple[Cell, ...]]:
        if not columns:
            return [()]
        found: list[tuple[Cell, ...]] = []
        for cell in self.parted(columns[0]):
            blank = tuple(Cell() for _ in columns[1:])
            rest = [blank] if self.chance(0.4) else self._parted_rows(columns[1:])
            found += [(cell, *others) for others in rest]
        return found

    def _any_rows(self, columns: tuple[Column, ...]) -> list[tuple[Cell, ...]]:
        def cell(column: Column) -> Cell:
            return Cell() if self.chance(0.3) else self.random.choice(self.parted(column))

        return [tuple(cell(column) for column in columns) for _ in range(self.random.choice((1, 2, 3, 4)))]

    # ---- tables
    def outcome(self, unit: str, place: Place, constant: bool = False) -> Outcome:
        if unit == "flag":
            return self.chance(0.5)
        if unit == "directions":
            return OnScale(self.random.choice(DIRECTIONS))
        if unit in SCALES and (constant or self.chance(0.8)):
            return OnScale(self.random.choice(SCALES[unit]))
        if unit in SCALES or self.chance(0.25):
            while isinstance(term := self._ungrown(unit, place, 1), Adjusted):
                pass
            return term
        return Number(Fraction(self.random.choice(("0", "1", "2", "3"))), unit)

    def table(self, name: str, grown: bool) -> Table:
        place = Place(grown)
        way = self.random.choice((*WAYS, "exactly_one", "exactly_one", "first"))
        columns = tuple(self.column(place) for _ in range(self.random.choice((1, 1, 2, 2, 3))))
        blank = tuple(Cell() for _ in columns)
        cells = self._parted_rows(columns) if way == "exactly_one" else self._any_rows(columns)
        cells += [blank] if way == "first" else []
        kept: dict[str, tuple[Cell, ...]] = {}
        for row in cells:
            words = "|".join(cell_text(cell, column.kind) for cell, column in zip(row, columns, strict=True))
            kept.setdefault(words, row)  # the same row twice is refused
        if len(kept) > MOST_ROWS:
            return self.table(name, grown)
        gives = self._gives(way)
        rows = tuple(
            Row(row, tuple(self.outcome(unit, place, way == "every") for _, unit in gives)) for row in kept.values()
        )
        table = Table(name, way, grown, columns, tuple((given, KINDS[unit]) for given, unit in gives), rows)
        if way == "number":
            self.values.append(Known(name, "number", NUMBER, grown))
        elif way == "every":
            self.listings.append(table)
        else:
            self.values += [Known(f"{name}.{given}", unit, KINDS[unit], grown) for given, unit in gives]
        return table

    def _gives(self, way: str) -> list[tuple[str, str]]:
        if not WAYS[way]:
            return []
        count = 2 if way in ("exactly_one", "first", "sum") and self.chance(0.3) else 1
        return [(given, self.random.choice(WAYS[way])) for given in ("first", "second")[:count]]

    def matrix(self, name: str, grown: bool) -> Matrix:
        place = Place(grown)
        down = self.column(place)
        while (across := self.column(place)) == down:
            pass
        unit = self.random.choice(("grades", "heads", "points"))
        down_cells, across_cells = tuple(self.parted(down)), tuple(self.parted(across))
        outcomes = tuple(tuple(self.outcome(unit, place) for _ in across_cells) for _ in down_cells)
        self.values.append(Known(name, unit, KINDS[unit], grown))
        return Matrix(name, KINDS[unit], grown, down, across, down_cells, across_cells, outcomes)

    # ---- figures
    def figure(self, name: str, grown: bool) -> Figure:
        """A figure over a cohort; it reads evidence only, since none may hang on another."""
        place = Place(grown, plain=True)
        measure = self.random.choice(
            ("share", "share", "number", "mean", "sum", "lowest", "highest", "rank", "percentile")
        )
        where = self.bare(replace(place, used=set())) if self.chance(0.3) else None
        condition, term = None, None
        unit = {"share": "percent", "percentile": "percent"}.get(measure, "number")
        if measure in ("share", "number"):
            condition = self.bare(place)
        else:
            counted = self.random.choice(("heads", "percent" if measure != "sum" else "heads", "points"))
            unit = unit if measure in ("rank", "percentile") else counted
            while isinstance(term := self._ungrown(counted, place, 1), Adjusted | ListOf):
                pass
        weight = None
        if measure == "mean" and self.chance(0.5):
            while isinstance(weight := self._ungrown("heads", place, 1), Adjusted | ListOf):
                pass
        self.values.append(Known(name, unit, PERCENT if unit == "percent" else KINDS[unit], False))
        return Figure(name, KINDS[unit], grown, where, measure, condition, term, self.chance(0.5), weight)
