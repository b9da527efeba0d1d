"""Where the truth of a comparison may turn as its one missing number varies.

Between two neighbouring turning points the comparison is true everywhere or nowhere, and so is whether
it applies. A comparison in which that cannot be said exactly has no turning points but is a guess.
"""

import datetime
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final, TypeAlias

from attrs import frozen

from si_rules.evaluation.values import Datum, Open, Part, Worked, paths_of

_WIDEST_ROUNDING: Final = 2
_DAYS_AROUND: Final = 4
_DAYS_IN: Final = {
    "days": Fraction(1), "weeks": Fraction(7), "months": Fraction(304375, 10000), "years": Fraction(36525, 100),
}  # fmt: skip


class NotSolved(Exception):
    """The turning points of a comparison cannot be told exactly."""


def turning_points(left: Part, right: Part, path: str) -> set[Fraction]:
    """The values of the datum at which `left` compared with `right` may turn. Dates count as days. Raises `NotSolved`."""
    sides = [path in paths_of(side) for side in (left, right)]
    if not any(sides):
        return set()
    if sides[0] != sides[1] and _occurrences(left, path) + _occurrences(right, path) == 1:
        inside, outside = (left, right) if sides[0] else (right, left)
        target = _number(outside)
        return set(_back(inside, path, {target}) if target is not None else _applies(inside, path))
    return _by_quotient(left, right, path)


def _occurrences(part: Part, path: str) -> int:
    if not isinstance(part, Open):
        return 0
    if isinstance(part.form, Worked):
        return sum(_occurrences(inner, path) for inner in part.form.parts)
    return int(isinstance(part.form, Datum) and part.form.path == path)


def _number(part: Part) -> Fraction | None:
    """A known number, a date as a count of days; None for what is no number."""
    if isinstance(part, datetime.date):
        return Fraction(part.toordinal())
    return part if isinstance(part, Fraction) else None


# ---- one occurrence: follow the operations back from the value to the datum


def _back(part: Part, path: str, targets: set[Fraction]) -> Iterator[Fraction]:
    """The values of the datum at which a value may pass one of the targets, or stop or begin to apply."""
    assert isinstance(part, Open)
    if isinstance(part.form, Datum):
        yield from targets
        return
    if not isinstance(part.form, Worked):
        raise NotSolved
    index = next(i for i, inner in enumerate(part.form.parts) if path in paths_of(inner))
    inner = part.form.parts[index]
    others = [p for i, p in enumerate(part.form.parts) if i != index]
    yield from _back(inner, path, set(_before(part.form, index, others, targets)))


_OF_TWO = ("plus", "minus", "times", "divided", "percent_of")


def _before(form: Worked, index: int, others: list[Part], targets: set[Fraction]) -> Iterable[Fraction]:
    """What the open part of an operation is where the operation comes to one of the targets."""
    known = [number for number in map(_number, others) if number is not None]
    if len(known) < len(others):  # beside what is none or does not apply nothing turns but whether it applies
        return {Fraction(0)} if form.operation == "divided" and index == 1 else ()
    match form.operation:
        case "plus":
            return (t - known[0] for t in targets)
        case "minus":
            return (t + known[0] if index == 0 else known[0] - t for t in targets)
        case "times":
            return (t / known[0] for t in targets) if known[0] else ()
        case "divided" if index == 0:
            return (t * known[0] for t in targets)
        case "divided":
            return {Fraction(0), *(known[0] / t for t in targets if t)}
        case "as_percent":
            return (t / 100 for t in targets)
        case "percent_of":
            return (t * 100 / known[0] for t in targets) if known[0] else ()
        case "rounded":
            return _around_rounding(targets, Fraction(str(form.detail)))
        case "sum":
            return (t - sum(known) for t in targets)
        case "mean":
            return (t * (len(known) + 1) - sum(known) for t in targets)
        case "lowest" | "highest" | "no_lower" | "no_higher":
            return {*targets, *known}
        case "later" | "earlier" | "days_between" | "months_between" | "years_between":
            return _around_days(form, index, others, targets)
        case _:
            raise NotSolved


def _around_rounding(targets: set[Fraction], step: Fraction) -> Iterator[Fraction]:
    """The edges of the steps next to a target: half a step on either side of each multiple near it."""
    for target in targets:
        nearest = target // step
        for count in range(-_WIDEST_ROUNDING, _WIDEST_ROUNDING + 2):
            yield (nearest + count) * step + step / 2
            yield (nearest + count) * step - step / 2


def _around_days(form: Worked, index: int, others: list[Part], targets: set[Fraction]) -> Iterator[Fraction]:
    """The days near which a computed date or length of time passes a target: a few days more do no harm."""
    numbers = [number for number in map(_number, others) if number is not None]
    if form.operation in ("later", "earlier"):
        if index != 0:
            yield from _amounts(form, numbers[0], targets)
            return
        shift = int(numbers[0]) * _DAYS_IN[str(form.detail)] * (1 if form.operation == "later" else -1)
        reach = 1 if form.detail in ("days", "weeks") else _DAYS_AROUND
        yield from _days_near((target - shift for target in targets), reach)
        return
    unit = _DAYS_IN[form.operation.partition("_")[0]]
    sign = -1 if index == 0 else 1
    reach = 1 if form.operation == "days_between" else _DAYS_AROUND
    for target in targets:
        whole = target // 1
        yield from _days_near((numbers[0] + sign * unit * (whole + more) for more in (-1, 0, 1, 2)), reach)


def _amounts(form: Worked, day: Fraction, targets: set[Fraction]) -> Iterator[Fraction]:
    """The amounts of time near which a day moved by them passes a target, or leaves the calendar: whole ones only count."""
    sign = 1 if form.operation == "later" else -1
    ends = (Fraction(datetime.date.min.toordinal()), Fraction(datetime.date.max.toordinal()))
    for target in (*targets, *ends):
        amount = sign * (target - day) / _DAYS_IN[str(form.detail)]
        for around in range(-_DAYS_AROUND, _DAYS_AROUND + 1):
            yield Fraction(amount // 1 + around)


def _days_near(days: Iterable[Fraction], reach: int) -> Iterator[Fraction]:
    for day in days:
        for around in range(-reach, reach + 1):
            yield Fraction(day // 1 + around)


def _applies(part: Part, path: str) -> Iterator[Fraction]:
    """Where a value begins or stops to apply: the datum at which a divisor is nothing."""
    return _back(part, path, {Fraction(0)})


# ---- several occurrences: both sides as quotients of lines in the datum


@frozen
class _Line:
    """`slope` times the datum plus `constant`."""

    slope: Fraction
    constant: Fraction

    def root(self) -> set[Fraction]:
        return {-self.constant / self.slope} if self.slope else set()


_Quotient: TypeAlias = tuple[_Line, _Line]
_ONE: Final = _Line(Fraction(0), Fraction(1))


def _by_quotient(left: Part, right: Part, path: str) -> set[Fraction]:
    found: set[Fraction] = set()
    first, second = _quotient(left, path, found), _quotient(right, path, found)
    difference = _added(first, second, -1)
    return {*found, *difference[0].root(), *difference[1].root()}


def _quotient(part: Part, path: str, roots: set[Fraction]) -> _Quotient:
    """A part as a quotient of two lines; the roots of every divisor on the way are added to `roots`."""
    number = _number(part)
    if number is not None:
        return _Line(Fraction(0), number), _ONE
    match part:
        case Open(form=Datum(path=found)) if found == path:
            return _Line(Fraction(1), Fraction(0)), _ONE
        case Open(form=Worked(operation=operation, detail=detail, parts=parts)):
            if operation in (
                "lowest",
                "highest",
                "no_lower",
                "no_higher",
                "rounded",
                "steps",
                "later",
                "earlier",
            ) or detail == (True, None):
                raise NotSolved
            inner = [_quotient(p, path, roots) for p in parts]
            return _worked(operation, inner, roots)
        case _:
            raise NotSolved


def _worked(operation: str, inner: list[_Quotient], roots: set[Fraction]) -> _Quotient:
    match operation:
        case "plus" | "sum" | "mean":
            total = inner[0]
            for further in inner[1:]:
                total = _added(total, further, 1)
            return _scaled(total, Fraction(1, len(inner))) if operation == "mean" else total
        case "minus":
            return _added(inner[0], inner[1], -1)
        case "days_between":
            return _added(inner[1], inner[0], -1)
        case "times":
            return _product(inner[0], inner[1])
        case "as_percent":
            return _scaled(inner[0], Fraction(100))
        case "percent_of":
            return _scaled(_product(inner[0], inner[1]), Fraction(1, 100))
        case "divided":
            top, bottom = inner
            roots |= bottom[0].root() | bottom[1].root()
            if bottom[0] == _Line(Fraction(0), Fraction(0)):
                return _Line(Fraction(0), Fraction(0)), _ONE  # never applies, whatever it is compared with
            return _product(top, (bottom[1], bottom[0]))
        case _:
            raise NotSolved


def _line_product(left: _Line, right: _Line) -> _Line:
    if left.slope and right.slope:
        raise NotSolved
    return _Line(left.slope * right.constant + right.slope * left.constant, left.constant * right.constant)


def _product(left: _Quotient, right: _Quotient) -> _Quotient:
    return _line_product(left[0], right[0]), _line_product(left[1], right[1])


def _scaled(quotient: _Quotient, factor: Fraction) -> _Quotient:
    return _Line(quotient[0].slope * factor, quotient[0].constant * factor), quotient[1]


def _added(left: _Quotient, right: _Quotient, sign: int) -> _Quotient:
    if left[1] == right[1]:
        top = _Line(left[0].slope + sign * right[0].slope, left[0].constant + sign * right[0].constant)
        return top, left[1]
    first, second = _line_product(left[0], right[1]), _line_product(right[0], left[1])
    top = _Line(first.slope + sign * second.slope, first.constant + sign * second.constant)
    return top, _line_product(left[1], right[1])
