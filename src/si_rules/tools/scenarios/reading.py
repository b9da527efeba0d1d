"""From a scenario file to cases: names looked up in the policy, values checked against their kinds."""

import datetime
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from attrs import frozen

from si_rules.decisions.basis import Cohort
from si_rules.loading import Stretch, standing, stretches_of
from si_rules.pathways.history import HistoryEntry
from si_rules.semantics import core
from si_rules.semantics.audiences import PUBLIC
from si_rules.semantics.facts import Facts
from si_rules.semantics.kind_reading import read_date
from si_rules.semantics.report import Report
from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.text import Source, Span
from si_rules.syntax import scenario_tree as tree
from si_rules.syntax.grammar import parser
from si_rules.syntax.history_tree import Happening, Part
from si_rules.syntax.parsing import MOST_MISTAKES_A_FILE, parse_declarations
from si_rules.syntax.scenario_builder import ScenarioBuilder
from si_rules.syntax.scenario_cells import ReadRow, TableReader, expectation_of, rows_of
from si_rules.syntax.tree import Word
from si_rules.tools.scenarios.evidence import GivenEvidence
from si_rules.tools.scenarios.expecting import ExpectationNames, misfit
from si_rules.tools.scenarios.giving import Giver
from si_rules.tools.scenarios.histories import Historian
from si_rules.tools.scenarios.places import Places

MOST_CASES: Final = 2_000


@frozen
class Case:
    """A scenario, or a row of its table (`row` is its name), ready to run: for whom, when, on what evidence, among
    which members, after which history, what is expected, and whether the policy is decided by outside its period.
    """

    title: str
    row: str | None
    source: Source
    span: Span
    on: datetime.date
    known_at: datetime.date
    roles: frozenset[str] | None
    evidence: GivenEvidence
    expectations: tuple[tree.Expectation, ...]
    among: tuple[tuple[str, GivenEvidence], ...] = ()
    as_if: bool = False
    history: tuple[HistoryEntry, ...] = ()

    @property
    def name(self) -> str:
        """The title, with the name of the row: `the boundary of attendance: just under it`."""
        return self.title if self.row is None else f"{self.title}: {self.row}"

    def facts(self, policy: core.Core, on: datetime.date, known_at: datetime.date,
              roles: frozenset[str] | None) -> Facts:  # fmt: skip
        """The facts of the case, for `Basis.decide`."""
        return self.evidence.facts(self.name, policy, on, known_at, roles)

    @property
    def cohort(self) -> Cohort | None:
        """The members it is decided among; None where none are named."""
        members = tuple(partial(evidence.facts, name) for name, evidence in self.among)
        return Cohort("those of the scenario", members) if members else None


def read_cases(source: Source, policy: core.Core,
               later: Sequence[Stretch] = ()) -> tuple[list[Case], list[Diagnostic]]:  # fmt: skip
    """The cases of a scenario file and what is wrong with it. A faulty scenario or row is reported and left out.

    `later` are the cores of the policy from a day on, where a policy that it uses changes its edition meanwhile, or an
    amendment begins to count.
    """
    lark = parser("scenarios", ScenarioBuilder)
    declarations, mistakes, _ = parse_declarations(source, lark)
    report = Report(source)
    reader = CaseReader(source, policy, later, report, TableReader(source, lark, report.diagnostics))
    cases = reader.read(declarations)
    return cases, in_order(mistakes + report.diagnostics)


class CaseReader:
    """Looks up the names of scenarios in a policy; what is wrong goes to the report."""

    def __init__(self, source: Source, policy: core.Core, later: Sequence[Stretch],
                 report: Report, tables: TableReader) -> None:  # fmt: skip
        self.source = source
        self.policy = policy
        self.later = later
        self.report = report
        self.tables = tables
        self.backgrounds: dict[str, tree.Background] = {}
        self.titles: set[str] = set()
        self.outside: set[Span] = set()

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
                if item.name.text in self.backgrounds:
                    self.report.error("SI302", f"there are two backgrounds `{item.name.text}`", item.name.span,
                                      "give one of them another name")  # fmt: skip
                self.backgrounds[item.name.text] = item
        cases: list[Case] = []
        for item in declarations:
            if isinstance(item, tree.Scenario) and not self._enough():
                cases += self._cases(item, header)
            if len(cases) > MOST_CASES:
                self.report.error("SI713", f"the file has more than {MOST_CASES:,} cases", item.span,
                                  "put the rest into another file")  # fmt: skip
                break
        return cases[:MOST_CASES]

    def _enough(self) -> bool:
        """Whether so much is wrong that nothing more is said."""
        return len(self.report.diagnostics) >= MOST_MISTAKES_A_FILE

    def _cases(self, scenario: tree.Scenario, header: tree.ScenariosHeader) -> list[Case]:
        before = len(self.report.diagnostics)
        title = scenario.title.text
        if title in self.titles:
            self.report.error("SI702", "two scenarios have this title", scenario.title.span, "tell them apart")
        self.titles.add(title)
        for role in scenario.shown_to:
            if role.text not in {PUBLIC, *self.policy.vocabulary.audiences}:
                self.report.unknown("audience", role.text, role.span, self.policy.vocabulary.audiences)
        at = scenario.on or header.on
        on = read_date(at.day, self.report)
        known = scenario.known_at or header.known_at
        known_at = read_date(known, self.report) if known is not None else on
        if on is None or known_at is None or self._outside(on, at):
            return []
        builder = _CaseBuilder(self, scenario, on, known_at, at.as_if)
        builder.check(scenario.expectations)
        case = builder.case(None, (), scenario.expectations, scenario.span)
        sound = len(self.report.diagnostics) == before
        if not scenario.rows:
            return [case] if sound else []
        table = self.tables.read(scenario.rows)
        cases = [] if table is None else self._rows(builder, table)
        return cases if sound else []

    def _within(self, on: datetime.date) -> bool:
        first, last = self.policy.in_force
        return first <= on <= last

    def _outside(self, on: datetime.date, at: tree.At) -> bool:
        """Whether a day is in force otherwise than is written, which is told once where the day stands."""
        policy, span = self.policy, at.day.span
        within = self._within(on)
        if within is not at.as_if:
            return False
        if span not in self.outside:
            self.outside.add(span)
            name = f"{policy.id} {policy.edition}"
            if within:
                message, help_ = f"{name} is in force on {on}", "leave out `, as if in force`"
            else:
                first, last = policy.in_force
                message = f"{name} is not in force on {on}: it is from {first} to {last}"
                help_ = f"write a day within the period; for what it would have said: on {on}, as if in force"
            self.report.error("SI714", message, span, help_)
        return True

    def _rows(self, builder: "_CaseBuilder", table: tree.Table) -> list[Case]:
        """The cases of a table. A row that is wrong is left out; a column that is wrong leaves out all."""
        if not self._columns(builder, table):
            return []
        cases: list[Case] = []
        named: dict[str, Span] = {}
        for read in rows_of(table):
            row = read.row
            if self._enough() or len(cases) > MOST_CASES:
                break
            found = len(self.report.diagnostics)
            self._fit(table, row)
            name = row.title.text if row.title else self._name(read)
            if name in named:
                self.report.error("SI708", "two rows give the same, or have the same name", row.span,
                                  "take one of them out, or tell them apart", [(self.source, named[name], "the first")])  # fmt: skip
            named.setdefault(name, row.span)
            if not any(row.expected) and not builder.scenario.expectations:
                self.report.error("SI707", "nothing is expected of this row", row.span,
                                  "fill one of its last cells, or take the row out")  # fmt: skip
            lines = tuple(item for item in read.expected if item is not None)
            dated = self._at_its_days(builder, read)
            if dated is None:
                continue
            dated.check(lines)
            case = dated.case(name, tuple(read.given), (*lines, *builder.scenario.expectations), row.span)
            if len(self.report.diagnostics) == found:
                cases.append(case)
        return cases

    def _at_its_days(self, builder: "_CaseBuilder", read: ReadRow) -> "_CaseBuilder | None":
        """What makes the case of a row, which may have days of its own; None after a report."""
        if not read.days:
            return builder
        for cell in read.days.values():
            if not cell.text[:4].isdigit() or cell.text.count("-") != 2:
                self.report.error("SI703", f"`{self.source.words(cell.span)}` is no day", cell.span,
                                  "write a date such as 2015-11-04")  # fmt: skip
                return None
        days = {of: read_date(cell, self.report) for of, cell in read.days.items()}
        on = days.get("on", builder.on)
        known_at = days.get("known_at", on if builder.known_at == builder.on else builder.known_at)
        if on is None or known_at is None:
            return None
        as_if = builder.as_if and not self._within(on)
        if "on" in days and self._outside(on, tree.At(read.days["on"], as_if)):
            return None
        return _CaseBuilder(self, builder.scenario, on, known_at, as_if)

    def _columns(self, builder: "_CaseBuilder", table: tree.Table) -> bool:
        """Whether every column speaks of something there is, and none twice."""
        before = len(self.report.diagnostics)
        seen: dict[tuple[str, str], Span] = {}
        for target in table.targets:
            builder.names.target(target)
            which = (target.party, target.pathway) if isinstance(target, Part) else ()
            names = (target.name, *(word for word in which if word is not None))
            self._once((target.sort, " ".join(word.text for word in names)), target.span, seen)
        for place in table.places:
            if isinstance(place, tree.Day):
                self._once(("day", place.of), place.span, seen)
            elif place.name.text not in self.policy.vocabulary.collections:  # a column may say `has never been held`
                found = builder.places.find(place)
                day = place.day.text if place.day is not None else ""
                if found is not None:
                    self._once((day, found[0]), place.span, seen)
        return len(self.report.diagnostics) == before

    def _once(self, key: tuple[str, str], span: Span, seen: dict[tuple[str, str], Span]) -> None:
        if key in seen:
            self.report.error("SI708", "two columns are about the same", span, "take one of them out",
                              [(self.source, seen[key], "the first")])  # fmt: skip
        seen.setdefault(key, span)

    def _fit(self, table: tree.Table, row: tree.Row) -> None:
        for target, cell in zip(table.targets, row.expected, strict=True):
            if cell is not None and expectation_of(target, cell) is None:
                misfit(target, cell.span, self.report)

    def _name(self, read: ReadRow) -> str:
        """A row's own name: the days and data it gives."""
        said = [f"{of.replace('_', ' ')} {cell.text}" for of, cell in read.days.items()]
        said += [
            f"{self.source.words(line.place.span)} {_verb(line)}{self.source.words(line.span)}" for line in read.given
        ]
        return " and ".join(said) if said else "nothing given"


def _verb(line: tree.Given) -> str:
    return "" if line.sort == "no_records" else "is "


class _CaseBuilder:
    """Makes the cases of one scenario at its two dates."""

    def __init__(self, reader: CaseReader, scenario: tree.Scenario, on: datetime.date, known_at: datetime.date,
                 as_if: bool) -> None:  # fmt: skip
        self.as_if = as_if
        self.reader = reader
        self.scenario = scenario
        self.on = on
        self.known_at = known_at
        policy = standing(stretches_of(reader.policy, "", reader.later), on, known_at).core
        self.places = Places(policy, reader.report, on, known_at)
        self.names = ExpectationNames(policy, reader.report, self.places)
        self.members = tuple(self._members())

    def check(self, expected: tuple[tree.Expectation, ...]) -> None:
        for item in expected:
            self.names.check(item)

    def case(self, row: str | None, given: tuple[tree.Given, ...], expected: tuple[tree.Expectation, ...],
             span: Span) -> Case:  # fmt: skip
        evidence = GivenEvidence()
        giver = Giver(self.places, self.reader.report, evidence)
        happened: list[Happening] = []
        for name in self.scenario.backgrounds:
            background = self._background(name)
            happened += background.history if background is not None else ()
            for line in background.given if background is not None else ():
                giver.give(line)
        for line in (*self.scenario.given, *given):
            giver.give(line)
        history = Historian(giver, self.reader.report).read([*happened, *self.scenario.history])
        roles = frozenset(role.text for role in self.scenario.shown_to) or None
        return Case(self.scenario.title.text, row, self.reader.source, span, self.on, self.known_at, roles, evidence,
                    expected, self.members, self.as_if, history)  # fmt: skip

    def _members(self) -> Iterator[tuple[str, GivenEvidence]]:
        """Each background named as a member, as evidence of its own."""
        seen: set[str] = set()
        for name in self.scenario.among:
            if name.text in seen:
                self.reader.report.error("SI302", f"`{name.text}` is a member twice", name.span, "name it once")
                continue
            seen.add(name.text)
            evidence = GivenEvidence()
            giver = Giver(self.places, self.reader.report, evidence)
            background = self._background(name)
            for line in background.given if background is not None else ():
                giver.give(line)
            yield name.text, evidence

    def _background(self, name: Word) -> tree.Background | None:
        found = self.reader.backgrounds.get(name.text)
        if found is None:
            self.reader.report.unknown("background", name.text, name.span, self.reader.backgrounds)
        return found
