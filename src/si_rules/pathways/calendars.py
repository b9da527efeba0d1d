"""Counting time by calendars: working days, school days, half terms and terms; and plain days, weeks and months.

A day on which something happens is not counted: "within 15 working days after 1 October" ends with the fifteenth
working day after it. Where a day lies outside what the calendars cover, the answer is `Outside`, never a guess.
"""

import calendar as months_of
import datetime
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import Final, TypeAlias

from attrs import field, frozen

from si_rules.semantics.lengths_of_time import later
from si_rules.semantics.pathway_forms import Calendar, Rhythm, Term, Unit
from si_rules.semantics.years import last_day, year_of

Span: TypeAlias = tuple[datetime.date, datetime.date]

_DAY: Final = datetime.timedelta(days=1)
MOST_DAYS: Final = 20_000  # gone through one by one: more than fifty years
_STILL: Final = "the clock stands still"


@frozen
class Outside:
    """A day that the calendars do not cover, and the words that say so."""

    day: datetime.date
    reason: str


@frozen
class Period:
    """A week, month, half term, term or year, from its first to its last day, with its name."""

    first: datetime.date
    last: datetime.date
    name: str


@frozen
class Calendars:
    """Several calendars read together: a day is a holiday where one of them says so.

    Working days need a calendar with holidays that covers them, terms one with terms.
    """

    calendars: tuple[Calendar, ...]
    _terms: tuple[Term, ...] = field(init=False, eq=False)
    _half_terms: tuple[Period, ...] = field(init=False, eq=False)
    _holidays: frozenset[datetime.date] = field(init=False, eq=False)

    @_terms.default
    def _all_terms(self) -> tuple[Term, ...]:
        return tuple(sorted(chain.from_iterable(c.terms for c in self.calendars), key=lambda term: term.first))

    @_half_terms.default
    def _halves(self) -> tuple[Period, ...]:
        return tuple(chain.from_iterable(map(_halves_of, self._terms)))

    @_holidays.default
    def _all_holidays(self) -> frozenset[datetime.date]:
        return frozenset(day for c in self.calendars for day, _ in c.holidays)

    # ---- single days
    def is_working_day(self, day: datetime.date) -> bool | Outside:
        """Whether a day is no Saturday, no Sunday and no holiday."""
        if not self._covered(day, terms=False):
            return Outside(day, f"no calendar of holidays covers {day}")
        return day.weekday() < 5 and day not in self._holidays

    def is_school_day(self, day: datetime.date) -> bool | Outside:
        """Whether a day is a working day within a term and not within its half-term holiday."""
        if not self._covered(day, terms=True):
            return Outside(day, f"no calendar of terms covers {day}")
        working = day.weekday() < 5 and day not in self._holidays
        return working and any(half.first <= day <= half.last for half in self._half_terms)

    def _covered(self, day: datetime.date, terms: bool) -> bool:
        return any(c.covers[0] <= day <= c.covers[1] for c in self.calendars if (c.terms if terms else c.holidays))

    # ---- from a day to another
    def after(self, day: datetime.date, count: int, unit: Unit, still: Iterable[Span] = ()) -> datetime.date | Outside:
        """The last day of a length of time that begins on the day after `day`.

        `still` are spans in which the clock stands: from the day after the first to the second, both days
        themselves as `within` says. Of half terms and terms, the last day of the one so many after that of `day`.
        """
        spans = tuple(still)
        match unit:
            case "working_days" | "school_days":
                return self._counted(day, count, unit, spans)
            case "half_terms" | "terms":
                found = self._terms_after(day, count, unit)
            case "academic_years":
                found = _in_range(last_day(year_of(day).plus(count)), day)
            case "days" | "weeks" | "months":
                found = _in_range(later(day, Fraction(count), unit), day)
        return found if isinstance(found, Outside) or not spans else _put_off(day, found, spans)

    def before(self, day: datetime.date, count: int, unit: Unit) -> datetime.date | Outside:
        """The last day that lies at least a length of time before another."""
        match unit:
            case "working_days" | "school_days":
                return self._counted(day, -count, unit, ())
            case "days" | "weeks" | "months":
                return _in_range(later(day, Fraction(-count), unit), day)
            case "half_terms" | "terms" | "academic_years":
                return Outside(day, f"{unit.replace('_', ' ')} are not counted back from a day")

    def _counted(self, day: datetime.date, count: int, unit: Unit, still: tuple[Span, ...]) -> datetime.date | Outside:
        step, left, current = (_DAY, count, day) if count >= 0 else (-_DAY, -count, day)
        for _ in range(MOST_DAYS):
            if left == 0:
                return current
            if current == datetime.date.max or current == datetime.date.min:
                break
            current += step
            counts = self.is_working_day(current) if unit == "working_days" else self.is_school_day(current)
            if isinstance(counts, Outside):
                return counts
            if counts and not _stands_still(current, still):
                left -= 1
        return Outside(day, _STILL if still else f"{count} {unit.replace('_', ' ')} are too many to count")

    def _terms_after(self, day: datetime.date, count: int, unit: Unit) -> datetime.date | Outside:
        periods = self._half_terms if unit == "half_terms" else tuple(map(_period, self._terms))
        inside = next((place for place, p in enumerate(periods) if p.first <= day <= p.last), None)
        begun = sum(1 for p in periods if p.first <= day) - 1 if inside is None else inside
        if not self._covered(day, terms=True) or begun + count >= len(periods):
            return Outside(day, f"the calendars hold no {count} {unit.replace('_', ' ')} after {day}")
        return periods[begun + count].last

    # ---- periods
    def periods(
        self, rhythm: Rhythm, first: datetime.date, last: datetime.date
    ) -> tuple[tuple[Period, ...], Outside | None]:
        """The known periods that have a day from one day to another, in order, and what of that range is not covered.

        A year is an academic year, a week begins on Monday.
        """
        match rhythm:
            case "week":
                return tuple(_weeks(first, last)), None
            case "month":
                return tuple(_months(first, last)), None
            case "year":
                return tuple(_years(first, last)), None
            case "half_term" | "term":
                known = self._half_terms if rhythm == "half_term" else map(_period, self._terms)
                found = tuple(p for p in known if p.first <= last and p.last >= first)
                open_ = [day for day in (first, last) if not self._covered(day, terms=True)]
                return found, Outside(open_[0], f"no calendar of terms covers {open_[0]}") if open_ else None


def _period(term: Term) -> Period:
    return Period(term.first, term.last, f"the {term.name} term of {term.year}")


def _halves_of(term: Term) -> Iterator[Period]:
    if term.half_term is None:
        yield _period(term)
        return
    name = f"half of the {term.name} term of {term.year}"
    yield Period(term.first, term.half_term[0] - _DAY, f"the first {name}")
    yield Period(term.half_term[1] + _DAY, term.last, f"the second {name}")


def _weeks(first: datetime.date, last: datetime.date) -> Iterator[Period]:
    monday = first - first.weekday() * _DAY
    while monday <= last:
        yield Period(monday, monday + 6 * _DAY, f"the week of {monday}")
        monday += 7 * _DAY


def _months(first: datetime.date, last: datetime.date) -> Iterator[Period]:
    day = first.replace(day=1)
    while day <= last:
        end = day.replace(day=months_of.monthrange(day.year, day.month)[1])
        yield Period(day, end, f"{day:%B} {day.year}")
        day = end + _DAY


def _years(first: datetime.date, last: datetime.date) -> Iterator[Period]:
    year = year_of(first)
    while last_day(year.plus(-1)) < last:
        yield Period(last_day(year.plus(-1)) + _DAY, last_day(year), f"the academic year {year}")
        year = year.plus(1)


def _in_range(day: datetime.date | None, start: datetime.date) -> datetime.date | Outside:
    return Outside(start, "the day lies outside the calendar") if day is None else day


def _stands_still(day: datetime.date, spans: tuple[Span, ...]) -> bool:
    return any(start < day <= end for start, end in spans)


def _put_off(start: datetime.date, due: datetime.date, spans: tuple[Span, ...]) -> datetime.date | Outside:
    """A day put off by the days on which the clock stood still before it, those added included."""
    current, end = start, due
    for _ in range(MOST_DAYS):
        if current >= end:
            return end
        current += _DAY
        if _stands_still(current, spans):
            end += _DAY
    return Outside(start, _STILL)
