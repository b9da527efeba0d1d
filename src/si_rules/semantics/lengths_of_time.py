"""Days, weeks, months and years from one day to another, and days so much later: by the calendar alone."""

import calendar
import datetime
from fractions import Fraction


def later(day: datetime.date, count: Fraction, unit: str) -> datetime.date | None:
    """The day so many days, weeks, months or years later (earlier where negative); None outside the calendar.

    Months and years keep the day of the month, or take the month's last where it has none such. Part of
    a unit counts for nothing: only completed ones do.
    """
    whole = int(count)
    try:
        if unit in ("days", "weeks"):
            return day + datetime.timedelta(days=whole * (7 if unit == "weeks" else 1))
        months = day.year * 12 + day.month - 1 + whole * (12 if unit == "years" else 1)
        year, month = months // 12, months % 12 + 1
        return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    except (ValueError, OverflowError, IndexError):
        return None


def months_between(first: datetime.date, last: datetime.date) -> Fraction:
    """The whole months completed from one day to another; negative where the other is earlier."""
    if last < first:
        return -months_between(last, first)
    count = (last.year - first.year) * 12 + last.month - first.month
    reached = later(first, Fraction(count), "months")
    if reached is None or reached > last:
        count -= 1
    return Fraction(count)


def years_between(first: datetime.date, last: datetime.date) -> Fraction:
    """The whole years completed from one day to another; negative where the other is earlier."""
    return Fraction(int(months_between(first, last) / 12))
