"""A policy at the two dates of a decision: what `latest` means, which parameter values count, which data are read."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

from si_rules.evaluation.special import NOT_APPLIED, Special
from si_rules.evaluation.ways import Ways
from si_rules.semantics import core
from si_rules.semantics.facts import Value, position_name
from si_rules.semantics.kinds import Date, Kind
from si_rules.semantics.traversal import Reads, leaves_under, terms_of, terms_under
from si_rules.semantics.vocabulary import Collection, Field, Series
from si_rules.semantics.years import AcademicYear, latest_due

Asker: TypeAlias = core.Leaf | core.Definition | core.Figure


class Situation:
    """A policy at the two dates of a decision. It serves every subject decided on those dates."""

    def __init__(self, policy: core.Core, on: datetime.date, known_at: datetime.date) -> None:
        self.policy = policy
        self.on = on
        self.known_at = known_at
        self._latest: dict[str, AcademicYear] = {}
        self._collections = {c.listed_under: c for c in policy.vocabulary.collections.values()}
        self.lists = frozenset(self._collections)
        self._paths: dict[int, tuple[core.Leaf, list[str]]] = {}
        self._breaks: dict[int, tuple[Asker, bool]] = {}
        self.ways = Ways(policy)
        self._of: dict[str, tuple[str, ...]] = {}
        self._plain: dict[str, bool] = {}
        self._readers: dict[str, frozenset[str]] = {}

    # ---- years
    def latest(self, series: str) -> AcademicYear:
        """The newest year of a series whose results are due by the earlier of the two dates."""
        found = self._latest.get(series)
        if found is None:
            due = self.policy.due[series]
            found = latest_due(min(self.on, self.known_at), due.month, due.day, dict(due.by_year))
            self._latest[series] = found
        return found

    def year(self, series: str | None, reference: core.YearReference) -> AcademicYear:
        """The year a reference means."""
        if reference.fixed is not None:
            return reference.fixed
        assert series is not None
        latest = min(map(self.latest, reference.together or (series,)))
        return latest.plus(-reference.back)

    def crosses_break(self, asker: Asker, *terms: core.Term) -> bool:
        """Whether `terms` of a part of the policy read a measure on two sides of a break: then they do not compare."""
        found = self._breaks.get(id(asker))
        if found is None:  # the part is kept with the answer, so that no other comes to have its identity
            found = self._breaks[id(asker)] = (asker, self._on_two_sides(terms))
        return found[1]

    def _on_two_sides(self, terms: Iterable[core.Term]) -> bool:
        years: dict[str, set[AcademicYear]] = {}
        for term in terms:
            for found in self._followed(term):
                if isinstance(found, core.YearValue):
                    years.setdefault(found.path, set()).add(self.year(found.series, found.year))
        fields = self.policy.vocabulary.fields
        return any(
            not fields[path].comparable(min(read), max(read)) for path, read in years.items() if fields[path].breaks
        )

    def _followed(self, term: core.Term) -> Iterator[core.Term]:
        """A term and all in it, by way of values with a name as well."""
        for found in terms_under(term):
            yield found
            if isinstance(found, core.DefinedValue):
                yield from self._followed(self.policy.definitions[found.name].term)

    # ---- rules
    def rules_read(self, name: str) -> frozenset[str]:
        """The rules that a rule refers to, by way of others and of values with a name as well."""
        found = self._readers.get(name)
        if found is None:
            reads = Reads(self.policy).condition(self.policy.rules[name].condition)
            found = self._readers[name] = frozenset(reads.rules)
        return found

    def readers_of(self, owner: str) -> tuple[str, ...]:
        """A rule and those that refer to it, by way of others as well."""
        found = self._of.get(owner)
        if found is None:
            others = (name for name in self.policy.rules if owner in self.rules_read(name))
            found = self._of[owner] = (owner, *others)
        return found

    def reads_only_evidence(self, name: str) -> bool:
        """Whether a rule reads evidence and rules only, neither values with a name nor outcomes."""
        found = self._plain.get(name)
        if found is None:
            reads = Reads(self.policy).condition(self.policy.rules[name].condition)
            found = self._plain[name] = not reads.definitions and not reads.classifications
        return found

    # ---- data
    def path(self, term: core.Term, place: int | None = None) -> str:
        """The path of the datum a term reads; `place` is that of the record at hand."""
        match term:
            case core.FieldValue(path=path):
                return path
            case core.RecordValue(collection=collection, path=path, back=back):
                listed_under = self.policy.vocabulary.collections[collection].listed_under
                position = place if back is None else back
                if position is None:
                    return listed_under
                return f"{listed_under}.{position_name(position)}.{path.rpartition('.')[2]}"
            case core.YearValue(series=series, path=path, year=reference):
                return f"{series}.{self.year(series, reference)}.{path.rpartition('.')[2]}"
            case core.ParameterValue(name=name, series=series, year=reference):
                return f"parameters.{name}" + (f".{self.year(series, reference)}" if reference is not None else "")
            case _:
                raise TypeError(f"a {type(term).__name__} has no path")

    def outside(self, term: core.YearValue) -> AcademicYear | None:
        """The year of a term in which its measure does not exist; None where it does."""
        year = self.year(term.series, term.year)
        return None if self.policy.vocabulary.fields[term.path].exists_in(year) else year

    def parameter(self, term: core.ParameterValue) -> Value | Special | None:
        """The value of a parameter at its date or year; None where the policy states none."""
        parameter = self.policy.parameters[term.name]
        if term.year is None:
            values = [value for date, value in parameter.from_date if date <= self.on]
            value = values[-1] if values else None
        else:
            value = dict(parameter.by_year).get(self.year(term.series, term.year))
        if value is None or not isinstance(parameter.kind, Date):
            return value
        return as_date(value)

    def paths_read(self, leaf: core.Leaf) -> list[str]:
        """The data a leaf reads, those of definitions among them, in the order read; each once."""
        kept = self._paths.get(id(leaf))
        if kept is None:
            paths = list(dict.fromkeys(path for term in terms_of(leaf) for path in self._paths_in(term)))
            kept = self._paths[id(leaf)] = (leaf, paths)
        return kept[1]

    def paths_in(self, term: core.Term) -> list[str]:
        """The data a term reads."""
        return list(dict.fromkeys(self._paths_in(term)))

    def paths_named(self, *terms: core.Term) -> list[str]:
        """The data that terms read themselves, not by way of values with a name or of rules; each once."""
        return list(dict.fromkeys(path for term in terms for path in self._paths_in(term, followed=False)))

    def _paths_in(self, term: core.Term, followed: bool = True) -> Iterator[str]:
        """The data in a term; where `followed`, also those of the values and rules it names."""
        rules = self.policy.rules if followed else None
        for found in terms_under(term):
            match found:
                case core.FieldValue() | core.RecordValue():
                    yield self.path(found)
                case core.YearValue():
                    if self.outside(found) is None:
                        yield self.path(found)
                        begins = self.policy.begins_with(found.series)
                        if begins is not None:
                            yield begins
                case core.ParameterValue():
                    if self.parameter(found) is None:
                        yield self.path(found)
                case core.DefinedValue(name=name) if followed:
                    yield from self._paths_of_definition(name)
                case core.OverRecords(collection=collection, where=where):
                    yield self.policy.vocabulary.collections[collection].listed_under
                    if where is not None:
                        yield from self._paths_under(where, rules)
                case core.Chosen(cases=cases):
                    for condition, _ in cases:
                        yield from self._paths_under(condition, rules)
                case _:
                    pass

    def _paths_under(self, condition: core.Condition, rules: Mapping[str, core.Rule] | None) -> Iterator[str]:
        """The data that a condition inside a term reads; without `rules`, those it names itself."""
        for leaf in leaves_under(condition, rules):
            if rules is not None:
                yield from self.paths_read(leaf)
            else:
                yield from self.paths_named(*terms_of(leaf))

    def _paths_of_definition(self, name: str) -> Iterator[str]:
        definition = self.policy.definitions[name]
        if definition.guard is not None:
            for leaf in leaves_under(definition.guard, self.policy.rules):
                yield from self.paths_read(leaf)
        yield from self._paths_in(definition.term)

    # ---- what stands at a path
    def collection_at(self, path: str) -> Collection | None:
        """The collection whose list a path names, or in whose records it stands."""
        return self._collections.get(path.partition(".")[0])

    def series_at(self, path: str) -> Series | None:
        """The series in which a path stands; its name may hold dots."""
        holder = path.rpartition(".")[0].rpartition(".")[0]
        return self.policy.vocabulary.series.get(holder)

    def field_at(self, path: str) -> Field:
        """The field of a datum: of the subject, of a record, of a year's results, a judgement or a figure."""
        head, _, _rest = path.partition(".")
        if head in ("judgements", "figures", core.HAPPENED):
            return self.policy.field_at(path)
        holder = self.collection_at(path) or self.series_at(path)
        if holder is None:
            return self.policy.vocabulary.fields[path]
        return self.policy.vocabulary.fields[f"{holder.name}.{path.rpartition('.')[2]}"]

    def kind_at(self, path: str) -> tuple[Kind, bool]:
        """The kind of a datum and whether it may be known to be none."""
        head, _, rest = path.partition(".")
        if head == "parameters":
            return self.policy.parameters[self.parameter_at(rest)].kind, False
        field = self.field_at(path)
        return field.kind, field.optional

    def parameter_at(self, rest: str) -> str:
        """The name of a parameter in a path, the year after it taken off."""
        name, _, year = rest.rpartition(".")
        return name if name and year[:1].isdigit() else rest


def as_date(value: Fraction) -> Value | Special:
    """The day of a count of days; what lies outside the calendar does not apply."""
    try:
        return datetime.date.fromordinal(int(value))
    except (ValueError, OverflowError):
        return NOT_APPLIED
