"""Academic years: 1 September to 31 August, written `2014-15`."""

import datetime
import re
from collections.abc import Mapping
from functools import total_ordering

from attrs import frozen

_FIRST = datetime.MINYEAR
_WRITTEN = re.compile(r"(\d{4})-(\d{2})")


@total_ordering
@frozen(order=False)
class AcademicYear:
    """The academic year that begins on 1 September of `start`."""

    start: int

    @classmethod
    def parse(cls, text: str) -> "AcademicYear":
        """Read `2014-15`. Raises ValueError where the text is no academic year (`2014-16`, `2014`)."""
        match = _WRITTEN.fullmatch(text)
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise ValueError(f"{text!r} is not an academic year such as 2014-15")
        return cls(int(match[1]))

    def __str__(self) -> str:
        return f"{self.start:04d}-{(self.start + 1) % 100:02d}"

    def __lt__(self, other: "AcademicYear") -> bool:
        return self.start < other.start

    def plus(self, years: int) -> "AcademicYear":
        """The year so many years later (earlier where negative)."""
        return AcademicYear(self.start + years)


def latest_due(by: datetime.date, month: int, day: int,
               by_year: Mapping[AcademicYear, datetime.date] | None = None) -> AcademicYear:  # fmt: skip
    """The newest year of which the results are due by a date.

    Results of a year are due on the given day, the first such day after the year ends on 31 August,
    unless `by_year` gives the year a day of its own.
    """
    stated = by_year or {}
    candidate = max([AcademicYear(by.year), *stated])
    while candidate.start >= _FIRST and stated.get(candidate, due_date(candidate, month, day)) > by:
        candidate = candidate.plus(-1)
    return candidate


def due_date(year: AcademicYear, month: int, day: int) -> datetime.date:
    """The day on which the results of a year are due, where it has none of its own."""
    end = year.start + 1
    return _day(end if month >= 9 else end + 1, month, day)


def year_of(day: datetime.date) -> AcademicYear:
    """The academic year a day lies in."""
    return AcademicYear(day.year if day.month >= 9 else day.year - 1)


def last_day(year: AcademicYear) -> datetime.date:
    """The day on which a year ends."""
    return _day(year.start + 1, 8, 31)


def _day(year: int, month: int, day: int) -> datetime.date:
    """A day; the first or the last of the calendar for one beyond it."""
    if year < datetime.MINYEAR:
        return datetime.date.min
    return datetime.date.max if year > datetime.MAXYEAR else datetime.date(year, month, day)
