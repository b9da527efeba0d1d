"""Values, the special ones among them, and what is done with them: numbers, days and places on a scale."""

import calendar
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, TypeAlias

NONE: Final = "(none)"
NOTHING: Final = "(not applicable)"
LIST: Final = "visits"
YES, NO, NOT_APPLICABLE = "holds", "does_not_hold", "not_applicable"
POSITIONS: Final = ("latest", "previous", "3", "4", "5")

Value: TypeAlias = Any  # bool, str, Fraction, date, NONE or NOTHING
Values: TypeAlias = Mapping[Any, Value]
Worth: TypeAlias = Callable[[Values], Value]
Truth: TypeAlias = Callable[[Values], str]

OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
}


def negated(truth: str) -> str:
    return {YES: NO, NO: YES}.get(truth, truth)


def together(function: Callable[..., Value], *values: Value) -> Value:
    """What an operation makes of values: what does not apply makes it not apply, else none makes it none."""
    if NOTHING in values:
        return NOTHING
    return NONE if NONE in values else function(*values)


def gathered(way: str, values: Sequence[Value], existing: bool, scale: Sequence[str] = ()) -> Value:
    """What a list comes to: what does not apply is struck, none makes all none or is passed over."""
    kept = [value for value in values if value != NOTHING]
    if existing:
        kept = [value for value in kept if value != NONE]
    if NONE in kept:
        return NONE
    if way == "sum":
        return sum(kept, Fraction(0))
    if not kept:
        return NOTHING
    match way:
        case "mean":
            return sum(kept, Fraction(0)) / len(kept)
        case "lowest" | "earliest":
            return min(kept)
        case "highest" | "latest":
            return max(kept)
        case "best":
            return min(kept, key=scale.index)
        case "worst":
            return max(kept, key=scale.index)
        case _:
            raise ValueError(way)


def divided(left: Fraction, right: Fraction) -> Value:
    return NOTHING if right == 0 else left / right


def rounded(value: Fraction, step: Fraction) -> Fraction:
    """To the nearest multiple of a step, a half away from zero."""
    count = (abs(value) / step + Fraction(1, 2)) // 1
    return step * count * (-1 if value < 0 else 1)


def stepped(place: str, count: int, scale: Sequence[str]) -> str:
    """So many places down a scale, not beyond its ends."""
    return scale[min(max(scale.index(place) + count, 0), len(scale) - 1)]


# ---- days


def moved(day: date, count: int, unit: str) -> date:
    """A day so much later; months keep the day of the month, or take the month's last."""
    if unit in ("days", "weeks"):
        return day + timedelta(days=count * {"days": 1, "weeks": 7}[unit])
    year, month = divmod(day.year * 12 + day.month - 1 + count * {"months": 1, "years": 12}[unit], 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def apart(unit: str, first: date, last: date) -> Fraction:
    """The whole days, months or years from one day to another; backwards they are negative."""
    if unit == "days":
        return Fraction((last - first).days)
    if last < first:
        return -apart(unit, last, first)
    count = 0
    while moved(first, count + 1, unit) <= last:
        count += 1
    return Fraction(count)


def as_number(value: Value) -> Fraction:
    return Fraction(value.toordinal()) if isinstance(value, date) else value


def day_after(day: date, days: int) -> date:
    return day + timedelta(days)


def is_number(value: Value) -> bool:
    return isinstance(value, Fraction | date)
