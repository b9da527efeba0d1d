"""The cells of a missing datum: every value it could have lies in exactly one, as far as the cuts can tell."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from si_rules.evaluation.domains import cells
from si_rules.semantics.facts import KnownNone
from si_rules.semantics.kinds import Choice, Date, Flag, Number, Scale

numbers = st.fractions(min_value=-6, max_value=6, max_denominator=4)
limits = st.one_of(st.none(), numbers)


def signs(value: Fraction, cuts: set[Fraction]) -> tuple[int, ...]:
    """On which side of each cut a value lies."""
    return tuple((value > cut) - (value < cut) for cut in sorted(cuts))


def within(kind: Number, value: Fraction) -> bool:
    above = kind.low is None or value >= kind.low
    return above and (kind.high is None or value <= kind.high) and (not kind.whole or value.denominator == 1)


@given(limits, limits, st.booleans(), st.sets(numbers, max_size=5), numbers, st.booleans())
def test_every_number_of_a_kind_lies_in_one_cell(
    low: Fraction | None, high: Fraction | None, whole: bool, cuts: set[Fraction], value: Fraction, optional: bool
) -> None:
    """A value of the kind lies on the same sides of all cuts as one cell and no other; cells are values of the kind."""
    if low is not None and high is not None and high < low:
        low, high = high, low
    kind = Number("points", low, high, whole)
    found = cells(kind, optional, cuts)
    assert (KnownNone() in found) == optional
    values = [cell for cell in found if isinstance(cell, Fraction)]
    assert all(within(kind, cell) for cell in values)
    sides = [signs(cell, cuts) for cell in values]
    assert len(set(sides)) == len(sides)
    if within(kind, value):
        assert sides.count(signs(value, cuts)) == 1


@given(st.sets(st.integers(730_000, 730_050).map(Fraction), max_size=5), st.integers(729_990, 730_060).map(Fraction))
def test_every_day_lies_in_one_cell(cuts: set[Fraction], day: Fraction) -> None:
    """Days are whole: between two cuts a day apart there is no cell."""
    sides = [signs(cell, cuts) for cell in cells(Date(), False, cuts)]  # type: ignore[arg-type]
    assert len(set(sides)) == len(sides)
    assert sides.count(signs(day, cuts)) == 1


@pytest.mark.parametrize(
    ("kind", "values"),
    [(Flag(), [True, False]), (Choice(("a", "b")), ["a", "b"]), (Scale(("a", "b", "c"), True), ["a", "b", "c"])],
)
def test_named_values_are_cells_of_their_own(kind: Flag | Choice | Scale, values: list[str | bool]) -> None:
    """A choice, a scale or a yes/no has one cell for each value, and one for none where it is optional."""
    assert cells(kind, False, ()) == values
    assert cells(kind, True, ()) == [*values, KnownNone()]
