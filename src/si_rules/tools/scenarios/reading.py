"""From a scenario file to cases: names looked up in the policy, values checked against their kinds."""

import datetime
from fractions import Fraction

from attrs import frozen

from si_rules.semantics import core
from si_rules.semantics.audiences import may_see
from si_rules.semantics.facts import Absent, Datum, Facts, Known, KnownNone, Value
from si_rules.semantics.kind_reading import read_date, read_year
from si_rules.semantics.kinds import Choice, Date, Flag, Number, Scale, described
from si_rules.semantics.report import Report
from si_rules.semantics.vocabulary import Field
from si_rules.source.canonical import digest
from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.text import Source, Span
from si_rules.syntax import scenario_tree as tree
from si_rules.syntax.grammar import parser
from si_rules.syntax.parsing import parse_declarations
from si_rules.syntax.scenario_builder import ScenarioBuilder
from si_rules.syntax.tree import Word


@frozen
class Case:
    """A scenario ready to run: the dates, what is known by path, and what is expected."""

    title: str
    source: Source
    scenario: tree.Scenario
    on: datetime.date
    known_at: datetime.date
    data: dict[str, Datum]
    closed: frozenset[str]

    def facts(self, policy: core.Core, on: datetime.date, known_at: datetime.date,
              roles: frozenset[str] | None) -> Facts:  # fmt: skip
        """The facts of the case, for `Basis.decide`."""
        data = self.data
        if roles is not None:
            data = {path: d for path, d in data.items() if may_see(roles, policy.audience_of(field_of(policy, path)))}
        document = {"case": self.title, "data": {path: str(datum) for path, datum in data.items()}}
        return Facts(self.title, None, data, self.closed, (), digest(document))


def field_of(policy: core.Core, path: str) -> str:
    """The field of the vocabulary that a datum path is a value of."""
    head, _, rest = path.partition(".")
    key = rest.rpartition(".")[2]
    for collection in policy.vocabulary.collections.values():
        if collection.listed_under == head:
            return f"{collection.name}.{key}"
    return f"{head}.{key}" if head in policy.vocabulary.series else path


def read_cases(source: Source, policy: core.Core) -> tuple[list[Case], list[Diagnostic]]:
    """The cases of a scenario file and what is wrong with it. A faulty scenario is reported and left out."""
    declarations, mistakes, _ = parse_declarations(source, parser("scenarios", ScenarioBuilder))
    report = Report(source)
    reader = CaseReader(source, policy, report)
    cases = reader.read(declarations)
    return cases, in_order(mistakes + report.diagnostics)


class CaseReader:
    """Looks up the names of scenarios in a policy; what is wrong goes to the report."""

    def __init__(self, source: Source, policy: core.Core, report: Report) -> None:
        self.source = source
        self.policy = policy
        self.report = report
        self.backgrounds: dict[str, tree.Background] = {}
        self.titles: dict[str, Word] = {}

    def read(self, declarations: list[tree.ScenariosHeader | tree.Background | tree.Scenario]) -> list[Case]:
        """The cases of a file's declarations."""
        headers = [item for item in declarations if isinstance(item, tree.ScenariosHeader)]
        if len(headers) != 1:
            at = headers[1].span if headers else Span(0, 1)
            self.report.error("SI701", "a scenario file says once which policy it is for", at,
                              f"write: scenarios for {self.policy.id} {self.policy.edition}, and under it: on DATE")  # fmt: skip
            return []
        header = headers[0]
        if (header.policy.text, header.edition.text) != (self.policy.id, self.policy.edition):
            self.report.error("SI701", f"these scenarios are for another policy than {self.policy.id} "
                              f"{self.policy.edition}", header.span, "correct the name, or move the file")  # fmt: skip
            return []
        for item in declarations:
            if isinstance(item, tree.Background):
                self.backgrounds[item.name.text] = item
        cases = [self._case(item, header) for item in declarations if isinstance(item, tree.Scenario)]
        return [case for case in cases if case is not None]

    def _case(self, scenario: tree.Scenario, header: tree.ScenariosHeader) -> Case | None:
        before = len(self.report.diagnostics)
        title = scenario.title.text
        if title in self.titles:
            self.report.error("SI702", "two scenarios have this title", scenario.title.span, "tell them apart")
        self.titles[title] = scenario.title
        on = read_date(scenario.on or header.on, self.report)
        known = scenario.known_at or header.known_at
        known_at = read_date(known, self.report) if known is not None else on
        data: dict[str, Datum] = {}
        closed: set[str] = set()
        for name in scenario.backgrounds:
            if name.text not in self.backgrounds:
                self.report.unknown("background", name.text, name.span, self.backgrounds)
                continue
            for line in self.backgrounds[name.text].given:
                self._give(line, data, closed)
        for line in scenario.given:
            self._give(line, data, closed)
        if len(self.report.diagnostics) > before or on is None or known_at is None:
            return None
        return Case(title, self.source, scenario, on, known_at, data, frozenset(closed))

    # ---- what is given
    def _give(self, line: tree.Given, data: dict[str, Datum], closed: set[str]) -> None:
        if line.sort == "no_records":
            self._give_no_records(line, data, closed)
            return
        found = self.place(line.place)
        if found is None:
            return
        path, field = found
        datum = self._datum(line, field)
        if datum is None:
            return
        data[path] = datum
        for collection in self.policy.vocabulary.collections.values():
            if path.startswith(collection.listed_under + "."):
                closed.add(collection.listed_under)

    def _give_no_records(self, line: tree.Given, data: dict[str, Datum], closed: set[str]) -> None:
        vocabulary = self.policy.vocabulary
        collection = vocabulary.collections.get(line.place.name.text)
        if collection is None:
            self.report.unknown("records", line.place.name.text, line.place.name.span, vocabulary.collections)
            return
        closed.add(collection.listed_under)
        for field in vocabulary.fields.values():
            if field.parent == collection.name:
                for position in ("latest", "previous"):
                    data[f"{collection.listed_under}.{position}.{field.key}"] = KnownNone()

    def place(self, place: tree.Place) -> tuple[str, Field] | None:
        """The path of a place and its field, or None after a report."""
        name, vocabulary = place.name.text, self.policy.vocabulary
        if place.judgement:
            judgement = self.policy.judgements.get(name)
            if judgement is None:
                self.report.unknown("judgement", name, place.name.span, self.policy.judgements)
                return None
            return judgement.field.path, judgement.field
        field = vocabulary.fields.get(name)
        if field is None:
            self.report.unknown("evidence", name, place.name.span, vocabulary.fields)
            return None
        parent = field.parent or ""
        if parent in vocabulary.series:
            if place.year is None:
                self.report.error("SI408", f"`{name}` has a value for each academic year", place.span,
                                  f"say which: {name} in 2013-14")  # fmt: skip
                return None
            year = read_year(place.year, self.report)
            return None if year is None else (f"{parent}.{year}.{field.key}", field)
        if place.year is not None:
            self.report.error("SI408", f"`{name}` has one value, not one for each year", place.span,
                              f"write `{name}` alone")  # fmt: skip
            return None
        if parent in vocabulary.collections:
            position = "previous" if place.previous else "latest"
            return f"{vocabulary.collections[parent].listed_under}.{position}.{field.key}", field
        return field.path, field

    def _datum(self, line: tree.Given, field: Field) -> Datum | None:
        match line.sort:
            case "absent":
                return Absent(line.text)  # type: ignore[arg-type]
            case "none":
                if field.optional:
                    return KnownNone()
                self.report.error("SI703", f"`{field.path}` cannot be none", line.span, described(field.kind))
                return None
            case _:
                return self._known(line, field)

    def _known(self, line: tree.Given, field: Field) -> Datum | None:
        value = self._value(line, field)
        if value is None:
            self.report.error("SI703", f"`{line.text}` is not a value of `{field.path}`", line.span,
                              f"it is {described(field.kind)}")  # fmt: skip
            return None
        return Known(value)

    def _value(self, line: tree.Given, field: Field) -> Value | None:
        kind = field.kind
        match kind, line.sort:
            case (Flag(), "flag"):
                return line.text == "yes"
            case (Choice() | Scale(), "name"):
                return line.text if line.text in kind.values else None
            case (Number(), "percent" | "number"):
                number = Fraction(line.text)
                below = kind.low is not None and number < kind.low
                above = kind.high is not None and number > kind.high
                whole = not kind.whole or number.denominator == 1
                return number if line.unit == kind.unit and whole and not below and not above else None
            case (Date(), "date"):
                return read_date(Word(line.text, line.span), self.report)
            case _:
                return None
