"""Counting by calendars: working days, terms, and clocks that stand still."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from si_rules.pathways.calendars import Calendars, Outside, Period
from si_rules.semantics.pathway_forms import Calendar, Term

DAY = timedelta(days=1)
TERMS = (
    Term("autumn", "2015-16", date(2015, 9, 3), date(2015, 12, 17), (date(2015, 10, 26), date(2015, 10, 30))),
    Term("spring", "2015-16", date(2016, 1, 5), date(2016, 3, 24), (date(2016, 2, 15), date(2016, 2, 19))),
    Term("summer", "2015-16", date(2016, 4, 11), date(2016, 7, 20), (date(2016, 5, 30), date(2016, 6, 3))),
)
# Bank holidays in England and Wales, worked out again from their rules rather than read from the shipped calendar.
EASTER = {2015: date(2015, 4, 5), 2016: date(2016, 3, 27), 2017: date(2017, 4, 16)}
SPAN = (date(2015, 1, 1), date(2017, 12, 31))


def moved(day: date, taken: set[date]) -> date:
    while day.weekday() > 4 or day in taken:
        day += DAY
    return day


def bank_holidays() -> dict[date, str]:
    found: dict[date, str] = {}
    for year, easter in EASTER.items():
        found[moved(date(year, 1, 1), set())] = "New Year's Day"
        found[easter - 2 * DAY], found[easter + DAY] = "Good Friday", "Easter Monday"
        mays = [date(year, 5, n) for n in range(1, 32) if date(year, 5, n).weekday() == 0]
        augusts = [date(year, 8, n) for n in range(1, 32) if date(year, 8, n).weekday() == 0]
        found[mays[0]], found[mays[-1]], found[augusts[-1]] = "Early May", "Spring", "Summer"
        first = moved(date(year, 12, 25), set())
        found[first] = "Christmas Day"
        found[moved(date(year, 12, 26), {first})] = "Boxing Day"
    return found


BANK_HOLIDAYS = bank_holidays()
HOLIDAYS = Calendar("holidays", "1", "Holidays", SPAN, tuple(BANK_HOLIDAYS.items()), (), "")
SCHOOL = Calendar("school", "1", "Terms", (date(2015, 9, 1), date(2016, 8, 31)), (), TERMS, "")
BOTH = Calendars((HOLIDAYS, SCHOOL))

days = st.dates(date(2015, 1, 2), date(2016, 12, 31))


@pytest.mark.parametrize(
    ("given_on", "ends"),
    [
        (date(2015, 10, 1), date(2015, 10, 22)),
        (date(2015, 11, 30), date(2015, 12, 21)),
        (date(2015, 12, 14), date(2016, 1, 7)),
        (date(2016, 3, 14), date(2016, 4, 6)),
        (date(2016, 12, 12), date(2017, 1, 5)),
    ],
)
def test_fifteen_working_days_of_a_warning_notice(given_on: date, ends: date) -> None:
    """The initial period of a warning notice ends on the days worked out for five notices."""
    assert BOTH.after(given_on, 15, "working_days") == ends


@given(days, st.integers(0, 60))
def test_working_days_are_those_counted_one_by_one(day: date, count: int) -> None:
    """So many working days later is the day on which a count of weekdays that are no holidays reaches the number."""
    found = BOTH.after(day, count, "working_days")
    assert isinstance(found, date)
    passed = [day + n * DAY for n in range(1, (found - day).days + 1)]
    assert sum(1 for d in passed if d.weekday() < 5 and d not in BANK_HOLIDAYS) == count
    assert not passed or (passed[-1].weekday() < 5 and passed[-1] not in BANK_HOLIDAYS)
    assert BOTH.before(found, count, "working_days") <= day if count else BOTH.before(found, 0, "working_days") == day


@given(days, st.integers(0, 400), st.integers(0, 30), st.integers(0, 30))
def test_a_clock_that_stands_still_is_put_off_by_the_days_it_stood(
    day: date, count: int, begin: int, length: int
) -> None:
    """Days of a span do not count: the due day has just so many days before it that do."""
    still = (day + begin * DAY, day + (begin + length) * DAY)
    due = BOTH.after(day, count, "days", [still])
    assert isinstance(due, date)
    passed = [day + n * DAY for n in range(1, (due - day).days + 1)]
    assert sum(1 for d in passed if not still[0] < d <= still[1]) == count


def test_outside_what_is_covered_nothing_is_guessed() -> None:
    """A day beyond the calendars is told, with the day, and so is a term that none of them holds."""
    late = BOTH.after(date(2017, 12, 20), 15, "working_days")
    assert isinstance(late, Outside)
    assert late.reason == "no calendar of holidays covers 2018-01-01"
    assert isinstance(Calendars(()).after(date(2015, 9, 1), 1, "working_days"), Outside)
    assert isinstance(BOTH.after(date(2016, 5, 1), 1, "terms"), Outside)
    assert isinstance(BOTH.is_school_day(date(2014, 10, 1)), Outside)
    terms, outside = BOTH.periods("term", date(2016, 5, 1), date(2016, 10, 1))
    assert [p.name for p in terms] == ["the summer term of 2015-16"]
    assert outside == Outside(date(2016, 10, 1), "no calendar of terms covers 2016-10-01")
    assert BOTH.after(date(2017, 12, 20), 15, "days") == date(2018, 1, 4)  # plain days need no calendar


def test_terms_and_half_terms() -> None:
    """Within a term after a day is the end of the next term; a school year has six half terms."""
    assert BOTH.after(date(2015, 10, 1), 1, "terms") == date(2016, 3, 24)
    assert BOTH.after(date(2015, 12, 25), 1, "terms") == date(2016, 3, 24)  # in the holidays: the term that comes
    assert BOTH.after(date(2015, 10, 1), 1, "half_terms") == date(2015, 12, 17)
    halves, outside = BOTH.periods("half_term", date(2015, 9, 1), date(2016, 8, 31))
    assert (len(halves), outside) == (6, None)
    assert halves[1] == Period(date(2015, 10, 31), date(2015, 12, 17), "the second half of the autumn term of 2015-16")


def test_school_days_leave_out_half_terms_holidays_and_weekends() -> None:
    """A school day is a weekday of a term, in neither its half-term holiday nor a bank holiday."""
    assert BOTH.is_school_day(date(2015, 10, 23)) is True
    assert BOTH.is_school_day(date(2015, 10, 27)) is False
    assert BOTH.is_school_day(date(2015, 10, 24)) is False
    assert BOTH.is_school_day(date(2016, 5, 2)) is False
    assert BOTH.after(date(2015, 10, 23), 1, "school_days") == date(2015, 11, 2)


def test_weeks_months_and_years_need_no_calendar() -> None:
    """A week begins on Monday, a year on 1 September; a period that only touches the range is among them."""
    none = Calendars(())
    weeks, _ = none.periods("week", date(2015, 11, 4), date(2015, 11, 9))
    assert weeks == (
        Period(date(2015, 11, 2), date(2015, 11, 8), "the week of 2015-11-02"),
        Period(date(2015, 11, 9), date(2015, 11, 15), "the week of 2015-11-09"),
    )
    months, _ = none.periods("month", date(2015, 11, 30), date(2016, 1, 1))
    assert [p.last for p in months] == [date(2015, 11, 30), date(2015, 12, 31), date(2016, 1, 31)]
    years, _ = none.periods("year", date(2015, 8, 31), date(2015, 9, 1))
    assert [p.name for p in years] == ["the academic year 2014-15", "the academic year 2015-16"]
    assert none.after(date(2016, 1, 31), 1, "months") == date(2016, 2, 29)
    assert none.after(date(2015, 9, 1), 1, "academic_years") == date(2017, 8, 31)
