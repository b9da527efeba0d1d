"""What terms are worth for complete evidence."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from typing import Any, Final

from tests.properties.generator.declarations import GROUP_FIELD, Declared, Kind, Measure
from tests.properties.generator.rules import Policy
from tests.properties.generator.terms import (
    Condition,
    CountYears,
    Day,
    DecisionDay,
    Judged,
    ListOf,
    Named,
    Number,
    OfRecord,
    OfYear,
    OverRecords,
    OverYears,
    Own,
    Place,
    Stated,
    Term,
    parts,
)
from tests.properties.generator.wording import year_text
from tests.properties.oracle.knowing import latest_year
from tests.properties.oracle.operations import figure_kind, operands, worker
from tests.properties.oracle.reading import Reading, Readings
from tests.properties.oracle.values import (
    LIST,
    NONE,
    NOTHING,
    POSITIONS,
    YES,
    Truth,
    Value,
    Values,
    Worth,
    gathered,
    together,
)

SEEN: Final = "(worked out already)"
FIXED: Final = "(the same in every completion)"
MISSING: Final = "(what is missing)"
AT_HAND: Final = "(the record at hand)"


class TermMeaning:
    """The terms of a policy at two dates. Notes which data are read, with their kinds."""

    def __init__(self, policy: Policy, on: date, known_at: date) -> None:
        self.policy = policy
        self.declared: Declared = policy.declared
        self.on = on
        self.latest = {results.name: latest_year(results, min(on, known_at)) for results in self.declared.results}
        self.kinds: dict[str, tuple[Kind, bool]] = {}
        self.of_records: dict[str, Measure] = {}
        self.reads_list = False
        self.readings = Readings()
        self.worths: dict[str, Worth] = {}
        self.years_by_name: dict[str, list[tuple[str, int]]] = {}
        self._reading = Reading()
        self._year_at_hand: int | None = None

    def test(self, condition: Condition) -> Truth:
        raise NotImplementedError

    @contextmanager
    def noting(self) -> Iterator[Reading]:
        """A reading of its own for a part of the policy."""
        before, self._reading = self._reading, Reading()
        try:
            yield self._reading
        finally:
            self._reading = before

    def worth(self, name: str, values: Values) -> Value:
        """The worth of a value with a name, worked out once for each completion."""
        return self.once(("worth", name), name, self.worths[name], values)

    def once(self, key: object, name: str, work_out: Any, values: Values) -> Any:
        """Something worked out once for a completion, and once for all where nothing it reads is missing."""
        seen = values[SEEN]
        found = seen.get(key)
        if found is None:
            fixed = values[FIXED]
            found = fixed.get(key)
            if found is None:
                found = work_out(values)
                if fixed[MISSING].isdisjoint(self.readings.paths(self.readings.named[name])):
                    fixed[key] = found
            seen[key] = found
        return found

    # ---- data
    def note(self, path: str, kind: Kind, optional: bool) -> str:
        self.kinds[path] = (kind, optional)
        self._reading.paths[path] += 1
        return path

    def _plain(self, path: str, kind: Kind, optional: bool) -> Worth:
        self.note(path, kind, optional)
        return lambda values: values[path]

    def _of_record(self, term: OfRecord) -> Worth:
        item = self.declared.measure(term.path)
        key = term.path.partition(".")[2]
        if term.back is not None:
            return self._plain(f"{LIST}.{POSITIONS[term.back]}.{key}", item.kind, item.optional)
        self.reads_list = True
        self.of_records[key] = item
        self._reading.paths[f"{LIST}.*.{key}"] += 1
        self._reading.at_hand = True
        return lambda values: values[f"{LIST}.{values[AT_HAND]}.{key}"]

    def year_of(self, term: OfYear) -> int:
        if term.fixed is not None:
            return term.fixed
        if term.back is None:
            assert self._year_at_hand is not None
            return self._year_at_hand
        return self.latest[term.path.partition(".")[0]] - term.back

    def of_year(self, full: str, year: int) -> Worth:
        """A measure in a year: not applicable where it did not exist, or the year ended before the subject began."""
        item, results = self.declared.measure(full), self.declared.results_of(full)
        if not item.exists_in(year):
            return lambda _: NOTHING
        head, _, key = full.partition(".")
        path = self.note(f"{head}.{year_text(year)}.{key}", item.kind, item.optional)
        if results.begins_with is None:
            return lambda values: values[path]
        begun = self.declared.measure(results.begins_with)
        begins = self.note(begun.path, begun.kind, begun.optional)
        ended = date(year + 1, 8, 31)
        return lambda values: NOTHING if values[begins] != NONE and ended < values[begins] else values[path]

    def _parameter(self, term: Stated, year: int | None) -> Worth:
        """The value of a parameter, or that of the path under which it is missing."""
        parameter = self.declared.parameter(term.name)
        path = f"parameters.{term.name}"
        if parameter.from_date:
            begun = [value for day, value in sorted(parameter.from_date) if day <= self.on]
            stated = begun[-1] if begun else None
        else:
            year = year if term.fixed is None else term.fixed
            assert year is not None
            stated = dict(parameter.by_year).get(year)
            path = f"{path}.{year_text(year)}"
        if stated is not None:
            return lambda _: stated
        # nothing bounds a value that the policy does not state
        return self._plain(path, Kind(parameter.kind.sort, unit=parameter.kind.unit), False)

    # ---- terms
    def term(self, term: Term, year: int | None = None) -> Worth:
        """What a term is worth; `year` is that of the results which a parameter by year is compared with."""
        match term:
            case Number(value, _) | Day(value) | Place(value):
                return lambda _: value
            case Own(path):
                item = self.declared.measure(path)
                return self._plain(path, item.kind, item.optional)
            case Judged(name):
                return self._plain(f"judgements.{name}", self.declared.measure(f"judgements.{name}").kind, False)
            case OfRecord():
                return self._of_record(term)
            case OfYear(path, _, _):
                return self.of_year(path, self.year_of(term))
            case Stated():
                return self._parameter(term, year)
            case Named(name):
                return self._named(name)
            case DecisionDay():
                return lambda _: self.on
            case CountYears() | OverYears() | OverRecords():
                return self._over(term)
            case _:
                return self._operation(term, year)

    def _named(self, name: str) -> Worth:
        figure = next((item for item in self.policy.figures if item.name == name), None)
        if figure is not None:
            return self._plain(f"figures.{name}", figure_kind(figure), False)
        self._reading.names.append(name)
        return lambda values: self.worth(name, values)

    def _operation(self, term: Term, year: int | None) -> Worth:
        inner = [self.term(part, year) for part in operands(term)]
        work_out = worker(term)
        if isinstance(term, ListOf):
            way, existing, scale = term.way, term.existing, term.scale
            return lambda values: gathered(way, [worth(values) for worth in inner], existing, scale)
        if len(inner) == 1:
            (one,) = inner
            return lambda values: together(work_out, one(values))
        left, right = inner
        return lambda values: together(work_out, left(values), right(values))

    # ---- over years and records
    def _over(self, term: CountYears | OverYears | OverRecords) -> Worth:
        match term:
            case OverYears(way, path, count):
                years = [self.latest[path.partition(".")[0]] - back for back in range(count)]
                if self.across_a_break([(path, year) for year in years]):
                    return lambda _: NOTHING
                each = [self.of_year(path, year) for year in years]
                return lambda values: gathered(way, [worth(values) for worth in each], False)
            case CountYears(count, condition):
                tests = [self._in_year(condition, back) for back in range(count)]
                return lambda values: Fraction(sum(test(values) == YES for test in tests))
            case OverRecords():
                return self._over_records(term)

    def _in_year(self, condition: Condition, back: int) -> Truth:
        path = next(part.path for part in parts(condition.left) if isinstance(part, OfYear))  # type: ignore[union-attr]
        before, self._year_at_hand = self._year_at_hand, self.latest[path.partition(".")[0]] - back
        try:
            return self.test(condition)
        finally:
            self._year_at_hand = before

    def positions(self, values: Values) -> tuple[str, ...]:
        return POSITIONS[: values[LIST]]

    def over_list(self) -> None:
        """Note that the whole list of records is read."""
        self.reads_list = True
        self._reading.paths[LIST] += 1

    def _over_records(self, term: OverRecords) -> Worth:
        self.over_list()
        outer = self._reading.at_hand
        where = None if term.where is None else self.test(term.where)
        inner = None if term.term is None else self.term(term.term)
        self._reading.at_hand = outer
        way, scale = term.way, term.scale

        def over(values: Values) -> Value:
            each = [{**values, AT_HAND: position} for position in self.positions(values)]
            kept = [record for record in each if where is None or where(record) == YES]
            if inner is None:
                return Fraction(len(kept))
            return gathered(way, [inner(record) for record in kept], False, scale)

        return over

    def years_read(self, *terms: Term) -> list[tuple[str, int]]:
        """The measures that terms read, each with its year, by way of values with a name as well."""
        found: list[tuple[str, int]] = []
        for part in parts(*terms):
            match part:
                case OfYear(path=path):
                    found.append((path, self.year_of(part)))
                case OverYears(path=path, years=count):
                    found += [(path, self.latest[path.partition(".")[0]] - back) for back in range(count)]
                case Named(name=name):
                    found += self.years_by_name.get(name, [])
                case _:
                    pass
        return found

    def across_a_break(self, read: list[tuple[str, int]]) -> bool:
        """Whether values of one measure from before and after a break stand together."""
        return any(
            year < cut <= other
            for path, year in read
            for other_path, other in read
            if path == other_path
            for cut in self.declared.measure(path).breaks
        )

    # ---- the group
    def in_group(self) -> Any:
        """Whether the subject is one of the grown; read by many, and never what a leaf hangs on."""
        item = self.declared.measure(GROUP_FIELD)
        self.note(GROUP_FIELD, item.kind, item.optional)
        group = self.declared.group
        return lambda values: values[GROUP_FIELD] in group
