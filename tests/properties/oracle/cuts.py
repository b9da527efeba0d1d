"""The values of a missing number or date that stand for all: where some comparison turns, and what lies between."""

import itertools
import random
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

from tests.properties.generator.declarations import Kind
from tests.properties.oracle.reading import Leaf
from tests.properties.oracle.terms import AT_HAND, FIXED, MISSING, SEEN
from tests.properties.oracle.values import Value, as_number, is_number

FIRST_DAY: Final = date(1980, 1, 1).toordinal()
LAST_DAY: Final = date(2018, 1, 1).toordinal()
_GRIDS: Final[Mapping[str, tuple[int, int, int]]] = {
    "percent": (-10, 150, 10), "percentage_points": (-160, 160, 20), "points": (-40, 40, 4), "heads": (0, 30, 1),
    "number": (0, 30, 1), "months": (-120, 300, 6),
}  # fmt: skip
_BEYOND: Final = 200  # how far beyond the grid numbers are tried that a comparison names
_CLOSE: Final = Fraction(1, 10**7)


def grid(kind: Kind) -> list[Fraction]:
    """Numbers all over a kind, close enough for no comparison to turn and turn back between two of them."""
    if kind.sort == "date":
        return [Fraction(day) for day in range(FIRST_DAY, LAST_DAY, 91)]
    low, high, step = _GRIDS[kind.unit]
    numbers = {Fraction(number) for number in range(low, high + 1, step)}
    numbers |= {end for end in (kind.low, kind.high) if end is not None}
    return sorted(n for n in numbers if (kind.low is None or n >= kind.low) and (kind.high is None or n <= kind.high))


def value_of(number: Fraction, kind: Kind) -> Value:
    return date.fromordinal(int(number)) if kind.sort == "date" else number


class Turning:
    """Finds where a leaf turns as one datum changes and all others stay."""

    def __init__(self, leaf: Leaf, path: str, kind: Kind, others: dict[Any, Value], everything: frozenset[str],
                 position: str | None = None) -> None:  # fmt: skip
        self.leaf = leaf
        self.path = path
        self.kind = kind
        self.others = {**others, AT_HAND: position}
        self.everything = everything
        self.found: set[Fraction] = set()
        self.discrete = kind.sort == "date" or kind.whole

    def points(self, hints: Iterable[Fraction]) -> set[Fraction]:
        """The numbers at which the truth or the sign of a difference changes."""
        numbers = grid(self.kind)
        extra = {hint for hint in hints if self._may_be(hint, numbers)}
        outside = {hint for hint in extra if not numbers[0] <= hint <= numbers[-1]}
        numbers += [n for hint in outside for n in (hint - 1, hint + 1) if self._may_be(n, numbers)]
        for hint in extra:
            around = [n for n in numbers if abs(n - hint) <= 20]
            numbers += [(n + hint) / 2 for n in around] if not self.discrete else []
        numbers = sorted({*numbers, *extra})
        classes = [self._class(number) for number in numbers]
        for (left, one), (right, other) in itertools.pairwise(zip(numbers, classes, strict=True)):
            if one != other:
                self._between(left, one, right, other)
        return self.found

    def _may_be(self, number: Fraction, numbers: list[Fraction]) -> bool:
        """Whether the datum may be a number: one within its limits, and not so far off that no calendar reaches there."""
        beyond = 0 if self.kind.sort == "date" else _BEYOND
        low = numbers[0] - beyond if self.kind.low is None else self.kind.low
        high = numbers[-1] + beyond if self.kind.high is None else self.kind.high
        return low <= number <= high and (not self.discrete or number.denominator == 1)

    def _values(self, number: Fraction) -> dict[Any, Value]:
        return {**self.others, self.path: value_of(number, self.kind), SEEN: {}, FIXED: {MISSING: self.everything}}

    def _class(self, number: Fraction) -> tuple[Any, ...]:
        values = self._values(number)
        signs = tuple(None if (d := turn(values)) is None else (d > 0) - (d < 0) for turn in self.leaf.differences)
        return self.leaf.test(values), *signs

    def _between(self, left: Fraction, one: tuple[Any, ...], right: Fraction, other: tuple[Any, ...]) -> None:
        """Every turn from one class to another between two numbers."""
        for root in self._roots(left, right):
            self.found.add(root)
        for _ in range(6):
            low, high = left, right
            while high - low > (1 if self.discrete else _CLOSE):
                middle = (low + high) // 2 if self.discrete else (low + high) / 2
                if self._class(middle) == one:
                    low = middle
                else:
                    high = middle
            if self.discrete:
                self.found |= {low, high}
                point = high
            else:
                point = _simplest(low, high)
                self.found.add(point)
                point = max(point, high)
            if point >= right or self._class(point) == other:
                return
            left, one = point, self._class(point)

    def _roots(self, left: Fraction, right: Fraction) -> Iterable[Fraction]:
        """Where a difference is nothing, if it runs straight from one number to the other."""
        if self.discrete:
            return
        for turn in self.leaf.differences:
            at_left, at_right = turn(self._values(left)), turn(self._values(right))
            if at_left is None or at_right is None or at_left == at_right:
                continue
            root = left - at_left * (right - left) / (at_right - at_left)
            if left < root < right and turn(self._values(root)) == 0:
                yield root


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of the smallest denominator between two others."""
    for denominator in itertools.count(1):
        number = Fraction(-(-low * denominator // 1), denominator)
        if number <= high:
            return number
        if denominator > 3000:
            return high
    raise AssertionError


def hints_of(leaf: Leaf, others: Mapping[Any, Value], reads: Iterable[str]) -> set[Fraction]:
    """Numbers near which a leaf may turn: its own, and those of the other data that it reads."""
    known = (others.get(path) for path in reads)
    return {*leaf.hints, *(as_number(value) for value in known if is_number(value))}


def spread(cuts: Iterable[Fraction], kind: Kind, shares: tuple[Fraction, ...]) -> list[Value]:
    """The cuts, and values on either side of each, as far as the kind has such."""
    edges = sorted(
        cut for cut in cuts if (kind.low is None or cut >= kind.low) and (kind.high is None or cut <= kind.high)
    )
    if kind.sort == "date":
        days = set(edges) or {Fraction(date(2014, 6, 1).toordinal())}
        days |= {min(days) - 1, max(days) + 1}
        days |= {(a + b) // 2 for a, b in itertools.pairwise(sorted(edges)) if b - a > 1}
        return [date.fromordinal(int(day)) for day in sorted(days)]
    ends = [kind.low if kind.low is not None else min([*edges, Fraction(0)]) - 4,
            kind.high if kind.high is not None else max([*edges, Fraction(0)]) + 4]  # fmt: skip
    if kind.whole:
        if kind.high is not None:
            return [Fraction(n) for n in range(int(ends[0]), int(kind.high) + 1)]
        return sorted({Fraction(n) for n in (*edges, *ends)})
    found = set(edges)
    for left, right in itertools.pairwise(sorted({*edges, *ends})):
        found |= {left + (right - left) * share for share in shares}
    return sorted(found) or [ends[0]]


def some_values(kind: Kind, chance: random.Random) -> Value:
    """A value of a kind, to hold one datum still while another changes."""
    match kind.sort:
        case "flag":
            return chance.random() < 0.5
        case "choice" | "scale":
            return chance.choice(kind.values)
        case _:
            return value_of(chance.choice(grid(kind)), kind)
