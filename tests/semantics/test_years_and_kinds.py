"""Academic years, due dates, and numbers with units."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from si_rules.semantics.kinds import Number, number_text, sum_kind, with_unit
from si_rules.semantics.years import AcademicYear, due_date, latest_due


def test_an_academic_year_is_read_and_written_alike() -> None:
    """2014-15 is a year; 2014-16, 2014 and 14-15 are none; the turn of a century is."""
    assert str(AcademicYear.parse("2014-15")) == "2014-15"
    assert str(AcademicYear.parse("1999-00")) == "1999-00"
    for wrong in ("2014-16", "2014", "14-15", "2014-2015", ""):
        with pytest.raises(ValueError, match="not an academic year"):
            AcademicYear.parse(wrong)


def test_results_are_due_on_the_first_such_day_after_the_year_ends() -> None:
    """December results of 2014-15 are due in 2015, March ones in 2016, those of 31 August a year later."""
    year = AcademicYear(2014)
    assert due_date(year, 12, 15) == date(2015, 12, 15)
    assert due_date(year, 3, 31) == date(2016, 3, 31)
    assert due_date(year, 9, 1) == date(2015, 9, 1)
    assert due_date(year, 8, 31) == date(2016, 8, 31)


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(1, 12), st.integers(1, 28))
def test_the_latest_due_year_is_due_and_the_next_is_not(day: date, month: int, number: int) -> None:
    """For every day and calendar: due on or before it, and the year after not yet."""
    year = latest_due(day, month, number)
    assert due_date(year, month, number) <= day < due_date(year.plus(1), month, number)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**14), max_value=10**14))
def test_a_decimal_is_written_exactly(number: object) -> None:
    """The text of a number reads back as the number, and has no trailing zero."""
    value = Fraction(str(number))
    text = number_text(value)
    assert Fraction(text) == value
    assert "." not in text or not text.endswith("0")


def test_percent_and_percentage_points_add_as_they_should() -> None:
    """A difference of percentages is in points; a percentage moved by points is one; two are not added."""
    percent, points, pupils = Number("percent"), Number("percentage_points"), Number("pupils")
    assert sum_kind(percent, percent, subtract=True) == points
    assert sum_kind(percent, percent, subtract=False) is None
    assert sum_kind(percent, points, subtract=False) == percent
    assert sum_kind(percent, points, subtract=True) == percent
    assert sum_kind(points, percent, subtract=False) == percent
    assert sum_kind(points, percent, subtract=True) is None
    assert sum_kind(pupils, pupils, subtract=True) == pupils
    assert sum_kind(pupils, points, subtract=False) is None


def test_numbers_are_shown_with_their_unit() -> None:
    """65%, 5 percentage points, 11 pupils, and a plain number alone."""
    assert with_unit("65", "percent") == "65%"
    assert with_unit("5", "percentage_points") == "5 percentage points"
    assert with_unit("11", "pupils") == "11 pupils"
    assert with_unit("3", "number") == "3"
