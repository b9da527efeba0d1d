"""The kinds of values: what may be compared with what, and what a result is counted in."""

from fractions import Fraction
from typing import Final, TypeAlias

from attrs import frozen

MOST_DECIMAL_PLACES: Final = 18
MOST_WHOLE_DIGITS: Final = 15


@frozen
class Flag:
    """Yes or no."""


@frozen
class Choice:
    """One of several values without order."""

    values: tuple[str, ...]


@frozen
class Scale:
    """One of several values in order, the best first; `as_written` is the order an author gave them in."""

    values: tuple[str, ...]
    worst_first: bool = False

    @property
    def as_written(self) -> tuple[str, ...]:
        """The values in the author's order."""
        return tuple(reversed(self.values)) if self.worst_first else self.values


@frozen
class Number:
    """A number counted in `unit`: `percent`, `percentage_points`, `points`, `number`, or a unit of the vocabulary.

    `low` and `high` bound the values a field may have; they bear on evidence, not on comparisons.
    """

    unit: str
    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False

    @property
    def unbounded(self) -> "Number":
        """The same kind without limits: what a sum or a parameter has."""
        return Number(self.unit)


@frozen
class Date:
    """A day."""


Kind: TypeAlias = Flag | Choice | Scale | Number | Date

PERCENT: Final = Number("percent", Fraction(0), Fraction(100))
_PLURALS: Final = {"percent": "percent", "percentage_points": "percentage points", "number": "a plain number"}


def described(kind: Kind) -> str:
    """The kind in an author's words."""
    match kind:
        case Flag():
            return "yes or no"
        case Choice(values):
            return "one of " + ", ".join(values)
        case Scale():
            order = "worst to best" if kind.worst_first else "best to worst"
            return f"a scale from {order}: " + ", ".join(kind.as_written)
        case Number(unit=unit):
            return _PLURALS.get(unit, unit)
        case Date():
            return "a date"


DURATIONS: Final = ("days", "weeks", "months", "years")
_COUNTED: Final = (*DURATIONS, "points", "percentage_points")  # of which one is called by the word without its s


def sum_kind(left: Kind, right: Kind, subtract: bool) -> Kind | None:
    """The kind of a sum or difference, or None where the two cannot be added.

    A difference of two percentages is in percentage points; a percentage plus or minus percentage
    points is a percentage; a date is moved by a length of time, and two dates are so many days apart;
    otherwise both must be of one unit.
    """
    match left, right:
        case Date(), Date():
            return Number("days") if subtract else None
        case Date(), Number(unit=unit):
            return Date() if unit in DURATIONS else None
        case Number(unit="percent"), Number(unit="percent"):
            return Number("percentage_points") if subtract else None
        case Number(unit="percent"), Number(unit="percentage_points"):
            return Number("percent")
        case Number(unit="percentage_points"), Number(unit="percent"):
            return None if subtract else Number("percent")
        case Number(unit=unit), Number(unit=other) if unit == other:
            return Number(unit)
        case _:
            return None


def product_kind(left: Kind, right: Kind) -> Number | None:
    """The kind of a product: a plain number times anything, or so much per unit times that unit."""
    if not isinstance(left, Number) or not isinstance(right, Number):
        return None
    for first, second in ((left.unit, right.unit), (right.unit, left.unit)):
        if first == "number":
            return Number(second)
        amount, per, unit = first.partition(" per ")
        if per and unit == second:
            return Number(amount)
    return None


def quotient_kind(left: Kind, right: Kind) -> Number | None:
    """The kind of a quotient: a plain number of like units, the unit itself by a plain number, else so much per unit."""
    if not isinstance(left, Number) or not isinstance(right, Number):
        return None
    if left.unit == right.unit:
        return Number("number")
    if " per " in right.unit or (" per " in left.unit and right.unit != "number"):
        return None
    return Number(left.unit if right.unit == "number" else f"{left.unit} per {right.unit}")


def number_text(value: Fraction) -> str:
    """A number that came from decimals, written exactly, without trailing zeros: `65`, `64.5`, `-0.25`."""
    if value.denominator == 1:
        return str(value.numerator)
    places = 0
    scaled = value
    while scaled.denominator != 1:
        scaled *= 10
        places += 1
        if places > 2 * MOST_DECIMAL_PLACES:
            return f"{value.numerator}/{value.denominator}"
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def with_unit(text: str, unit: str) -> str:
    """A number with its unit as people read it: `65%`, `5 percentage points`, `11 pupils`."""
    if unit == "percent":
        return f"{text}%"
    if unit == "number":
        return text
    if text in ("1", "-1") and unit in _COUNTED:
        unit = unit.removesuffix("s")
    return f"{text} {unit.replace('_', ' ')}"


def words(name: str) -> str:
    """A name of the policy as people read it: underscores are spaces."""
    return name.replace("_", " ")
