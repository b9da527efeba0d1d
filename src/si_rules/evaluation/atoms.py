"""Leaves of the core at the two dates of a decision: which data they read, and when they are true of them."""

import datetime
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final, TypeAlias

from attrs import frozen

from si_rules.semantics import core
from si_rules.semantics.facts import Value
from si_rules.semantics.years import AcademicYear, latest_due

_COMPARE: Final[Mapping[str, Callable[[Fraction], bool]]] = {
    "<": lambda difference: difference < 0,
    "<=": lambda difference: difference <= 0,
    ">": lambda difference: difference > 0,
    ">=": lambda difference: difference >= 0,
    "=": lambda difference: difference == 0,
}


@frozen
class AmongAtom:
    """The datum at `path` has one of `values`."""

    path: str
    values: tuple[str | bool, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The data it reads."""
        return (self.path,)

    def true_of(self, values: Mapping[str, Value]) -> bool:
        """Whether it is true of known values."""
        return values[self.path] in self.values


@frozen
class LinearAtom:
    """A sum of data, each with a factor, plus `constant`, compared with zero. Dates count as days."""

    factors: tuple[tuple[str, Fraction], ...]
    constant: Fraction
    operator: core.Operator

    @property
    def paths(self) -> tuple[str, ...]:
        """The data it reads; one that cancels out is among them, since it must exist all the same."""
        return tuple(path for path, _ in self.factors)

    def true_of(self, values: Mapping[str, Value]) -> bool:
        """Whether it is true of known values."""
        total = self.constant
        for path, factor in self.factors:
            total += factor * number_of(values[path])
        return _COMPARE[self.operator](total)

    def cut(self, path: str, others: Mapping[str, Value]) -> Fraction | None:
        """The value of the one datum at `path` at which the comparison may turn; None where it cancels out."""
        total, own = self.constant, Fraction(0)
        for name, factor in self.factors:
            if name == path:
                own = factor
            else:
                total += factor * number_of(others[name])
        return -total / own if own else None


@frozen
class OutsideAtom:
    """A leaf about a year in which its measure does not exist: not applicable."""

    why: str
    paths: tuple[str, ...] = ()


Atom: TypeAlias = AmongAtom | LinearAtom | OutsideAtom


def number_of(value: Value) -> Fraction:
    """A number as it is, a date as a count of days."""
    if isinstance(value, datetime.date):
        return Fraction(value.toordinal())
    assert isinstance(value, Fraction)
    return value


class Situation:
    """A policy at the two dates of a decision: what `latest` means, which parameter values count.

    Resolves each leaf once; a situation serves every subject decided on those dates.
    """

    def __init__(self, policy: core.Core, on: datetime.date, known_at: datetime.date) -> None:
        self.policy = policy
        self.on = on
        self.known_at = known_at
        self._atoms: dict[int, tuple[core.Leaf, tuple[Atom, ...]]] = {}

    def latest(self, series: str) -> AcademicYear:
        """The newest year of a series whose results are due by the earlier of the two dates."""
        due = self.policy.due[series]
        return latest_due(min(self.on, self.known_at), due.month, due.day)

    def year(self, series: str | None, reference: core.YearReference) -> AcademicYear:
        """The year a reference means."""
        if reference.fixed is not None:
            return reference.fixed
        assert series is not None
        return self.latest(series).plus(-reference.back)

    def atoms(self, leaf: core.Leaf) -> tuple[Atom, ...]:
        """The atoms of a leaf, all of which must be true; a trend has one for each step."""
        kept = self._atoms.get(id(leaf))
        if kept is None:
            kept = self._atoms[id(leaf)] = (leaf, self._resolve(leaf))
        return kept[1]

    def _resolve(self, leaf: core.Leaf) -> tuple[Atom, ...]:
        match leaf:
            case core.IsAmong(term=term, values=values):
                path = self.path(term)
                return (OutsideAtom(_outside(term, path[1])),) if path[1] else (AmongAtom(path[0], values),)
            case core.Compare(operator=operator, left=left, right=right):
                return (self._linear(operator, left, right),)
            case core.Trend():
                steps = []
                for back in range(leaf.years, 0, -1):
                    earlier = core.YearValue(leaf.series, leaf.path, leaf.kind, core.YearReference(back))
                    later = core.YearValue(leaf.series, leaf.path, leaf.kind, core.YearReference(back - 1))
                    steps.append(self._linear(">" if leaf.rising else "<", later, earlier))
                outside = next((step for step in steps if isinstance(step, OutsideAtom)), None)
                return (outside,) if outside is not None else tuple(steps)

    def _linear(self, operator: core.Operator, left: core.Term, right: core.Term) -> Atom:
        factors: dict[str, Fraction] = {}
        constant = Fraction(0)
        for path, factor, value in (*self._flatten(left, Fraction(1)), *self._flatten(right, Fraction(-1))):
            if isinstance(value, str):
                return OutsideAtom(value)
            if path is None:
                constant += factor * number_of(value) if value is not None else 0
            else:
                factors[path] = factors.get(path, Fraction(0)) + factor
        return LinearAtom(tuple(factors.items()), constant, operator)

    def _flatten(self, term: core.Term, factor: Fraction) -> list[tuple[str | None, Fraction, Value | None]]:
        """The parts of a term: a path with its factor, or a known value; a text says why it is outside."""
        match term:
            case core.Constant(value=value):
                return [(None, factor, value)]
            case core.Sum(left=left, right=right, subtract=subtract):
                return [*self._flatten(left, factor), *self._flatten(right, -factor if subtract else factor)]
            case core.ParameterValue():
                path, number = self.parameter(term)
                return [(None, factor, number)] if number is not None else [(path, factor, None)]
            case core.FieldValue() | core.RecordValue() | core.YearValue():
                path, year = self.path(term)
                return [(None, factor, _outside(term, year))] if year else [(path, factor, None)]

    def path(self, term: core.Term) -> tuple[str, AcademicYear | None]:
        """The path of the datum a term reads, and the year where the measure does not exist in it."""
        match term:
            case core.FieldValue(path=path):
                return path, None
            case core.RecordValue(collection=collection, path=path, back=back):
                listed_under = self.policy.vocabulary.collections[collection].listed_under
                return f"{listed_under}.{'previous' if back else 'latest'}.{path.rpartition('.')[2]}", None
            case core.YearValue(series=series, path=path, year=reference):
                year = self.year(series, reference)
                field = self.policy.vocabulary.fields[path]
                return f"{series}.{year}.{field.key}", None if field.exists_in(year) else year
            case _:
                raise TypeError(f"a {type(term).__name__} has no path")

    def parameter(self, term: core.ParameterValue) -> tuple[str, Fraction | None]:
        """The name of a parameter at its date or year, and its value; None where the policy states none."""
        parameter = self.policy.parameters[term.name]
        if term.year is None:
            values = [value for date, value in parameter.from_date if date <= self.on]
            path, value = f"parameters.{term.name}", values[-1] if values else None
        else:
            year = self.year(term.series, term.year)
            path, value = f"parameters.{term.name}.{year}", dict(parameter.by_year).get(year)
        return path, value


def _outside(term: core.Term, year: AcademicYear | None) -> str:
    path = term.path if isinstance(term, core.YearValue) else "it"
    return f"{path} does not exist for {year}"
