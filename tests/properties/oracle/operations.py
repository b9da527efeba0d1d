"""Operations: what each is done to, and what it makes of it."""

from fractions import Fraction
from typing import Any

from tests.properties.generator.declarations import PERCENT, Kind
from tests.properties.generator.rules import Figure
from tests.properties.generator.terms import (
    Adjusted,
    Between,
    DaysApart,
    ListOf,
    Moved,
    Number,
    PercentOf,
    Product,
    Quotient,
    Steps,
    Term,
    Total,
)
from tests.properties.oracle.values import apart, divided, moved, rounded, stepped


def operands(term: Term) -> tuple[Term, ...]:
    """What an operation is done to."""
    match term:
        case Total(left, right, _) | Product(left, right) | Quotient(left, right):
            return left, right
        case PercentOf(_, inner) | Steps(_, _, inner, _):
            return (inner,)
        case Moved(day, count, _, _):
            return day, count
        case DaysApart(last, first) | Between(_, first, last):
            return first, last
        case Adjusted(inner, way, by, _) if way in ("no_better", "no_worse", "at_most", "at_least"):
            assert by is not None
            return inner, by
        case Adjusted(inner, _, _, _):
            return (inner,)
        case ListOf(_, terms, _, _):
            return terms
        case _:
            raise TypeError(term)


def worker(term: Term) -> Any:
    """What an operation makes of the worth of its operands."""
    match term:
        case Total(_, _, minus):
            return (lambda a, b: a - b) if minus else (lambda a, b: a + b)
        case Product():
            return lambda a, b: a * b
        case Quotient():
            return divided
        case PercentOf(share, _):
            return lambda value: value * share / 100
        case Moved(_, _, unit, minus):
            return lambda day, count: moved(day, int(-count if minus else count), unit)
        case DaysApart():
            return lambda first, last: apart("days", first, last)
        case Between(unit, _, _):
            return lambda first, last: apart(unit, first, last)
        case Steps(count, better, _, scale):
            return lambda place: stepped(place, -count if better else count, scale)
        case Adjusted():
            return _adjustment(term)
        case _:
            return None


def _adjustment(term: Adjusted) -> Any:
    scale = term.scale
    match term.way:
        case "percent":
            return lambda value: value * 100
        case "places":
            assert isinstance(term.by, Number)
            step = Fraction(1, 10 ** int(term.by.value))
            return lambda value: rounded(value, step)
        case "whole":
            return lambda value: rounded(value, Fraction(1))
        case "nearest":
            assert isinstance(term.by, Number)
            nearest = term.by.value
            return lambda value: rounded(value, nearest)
        case "at_most":
            return min
        case "at_least":
            return max
        case "no_better":
            return lambda place, cap: max(place, cap, key=scale.index)
        case _:
            return lambda place, cap: min(place, cap, key=scale.index)


def figure_kind(figure: Figure) -> Kind:
    """The values a figure may have where no cohort is known."""
    if figure.measure in ("share", "percentile"):
        return PERCENT
    if figure.measure in ("number", "rank"):
        return Kind("number", unit="heads", low=Fraction(figure.measure == "rank"), whole=True)
    return figure.kind
