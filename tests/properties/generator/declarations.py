"""What a random policy declares: kinds, evidence, results, judgements and parameters."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final


@dataclass(frozen=True)
class Kind:
    """`sort` is flag, choice, scale (values the best first), number or date."""

    sort: str
    values: tuple[str, ...] = ()
    worst_first: bool = False
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False
    limits_written: bool = False


@dataclass(frozen=True)
class Measure:
    """A declared field; years are the calendar years in which academic years begin."""

    path: str
    kind: Kind
    optional: bool = False
    first: int | None = None
    last: int | None = None
    shown_to: tuple[str, ...] = ()
    breaks: tuple[int, ...] = ()
    accepted_months: int | None = None

    def exists_in(self, year: int) -> bool:
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class Results:
    """Results by academic year, due each year on a day, in some years on a day of their own."""

    name: str
    grouped: bool
    month: int
    day: int
    due_in: tuple[tuple[int, date], ...] = ()
    begins_with: str | None = None


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: Kind
    by_year: tuple[tuple[int, Fraction], ...] = ()
    from_date: tuple[tuple[date, Fraction | date], ...] = ()


@dataclass(frozen=True)
class Declared:
    """The evidence of a policy, and what it says of evidence itself."""

    fields: tuple[Measure, ...]
    group: tuple[str, ...]
    results: tuple[Results, ...]
    judgements: tuple[Measure, ...]
    parameters: tuple[Parameter, ...]
    visits_accepted_months: int | None = None
    preferred: tuple[tuple[str, str], ...] = field(default=())

    def measure(self, path: str) -> Measure:
        if path == VISIT_DAY:
            return Measure(VISIT_DAY, Kind("date"))
        return next(item for item in (*self.fields, *self.judgements) if item.path == path)

    def results_of(self, path: str) -> Results:
        head = path.partition(".")[0]
        return next(item for item in self.results if item.name == head)

    def parameter(self, name: str) -> Parameter:
        return next(item for item in self.parameters if item.name == name)

    def is_grouped(self, path: str) -> bool:
        return self.results_of(path).grouped


VISIT_DAY: Final = "visit.day"
IN_FORCE: Final = (date(2015, 9, 1), date(2016, 8, 31))
YEARS: Final = (2011, 2012, 2013, 2014, 2015)
GROUP_FIELD: Final = "sort"
ORIGINS: Final = ("ledger", "letter", "rumour")
DAYS: Final = (date(2013, 9, 1), date(2014, 1, 15), date(2015, 2, 28))
PERCENT: Final = Kind("number", unit="percent", low=Fraction(0), high=Fraction(100))
NUMBER: Final = Kind("number", unit="number")


def heads(low: int = 0, high: int | None = None) -> Kind:
    """A whole number of heads, within limits that are written."""
    top = None if high is None else Fraction(high)
    return Kind("number", unit="heads", low=Fraction(low), high=top, whole=True, limits_written=high is not None)
