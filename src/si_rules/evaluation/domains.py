"""The values a missing datum could have, as far as a policy can tell them apart.

A datum is cut at every value at which some leaf turns; within a cell all leaves agree, so one value
stands for the cell.
"""

import datetime
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from si_rules.semantics.facts import KnownNone, Value
from si_rules.semantics.kinds import Choice, Date, Flag, Kind, Number, Scale

Cell: TypeAlias = Value | KnownNone
_FIRST_DAY, _LAST_DAY = Fraction(datetime.date.min.toordinal()), Fraction(datetime.date.max.toordinal())


def cells(kind: Kind, optional: bool, cuts: Iterable[Fraction]) -> list[Cell]:
    """One value of each cell, in order; `KnownNone` last where the datum may be known to be none."""
    found: list[Cell]
    match kind:
        case Flag():
            found = [True, False]
        case Choice(values=values) | Scale(values=values):
            found = list(values)
        case Number(low=low, high=high, whole=whole):
            found = list(_numbers(sorted(set(cuts)), low, high, whole))
        case Date():
            found = list(_numbers(sorted(set(cuts)), _FIRST_DAY, _LAST_DAY, True))
    return [*found, KnownNone()] if optional else found


def _numbers(cuts: list[Fraction], low: Fraction | None, high: Fraction | None, whole: bool) -> list[Fraction]:
    """A number below the first cut, each cut, one between each two, and one above the last, within the limits."""
    inside = [cut for cut in cuts if (low is None or low <= cut) and (high is None or cut <= high)]
    edges: list[Fraction | None] = [low, *inside, high]
    found: list[Fraction] = []
    for position, (left, right) in enumerate(pairwise(edges)):
        between = _between(left, right, whole, left_open=position > 0, right_open=position < len(inside))
        if between is not None:
            found.append(between)
        if position < len(inside):
            cut = inside[position]
            if not whole or cut.denominator == 1:
                found.append(cut)
    return sorted(set(found))


def _between(left: Fraction | None, right: Fraction | None, whole: bool, left_open: bool,
             right_open: bool) -> Fraction | None:  # fmt: skip
    """A number between two edges; an open edge, a cut, does not itself count. None where there is none."""
    if left is None and right is None:
        return Fraction(0)
    if not whole:
        if left is None:
            return right - 1 if right is not None else None
        if right is None:
            return left + 1
        if left == right:
            return None if left_open or right_open else left
        return (left + right) / 2
    first = None if left is None else _up(left, left_open)
    last = None if right is None else _down(right, right_open)
    if first is None:
        return last
    if last is None:
        return first
    return first if first <= last else None


def _up(edge: Fraction, strictly: bool) -> Fraction:
    ceiling = Fraction(-((-edge.numerator) // edge.denominator))
    return ceiling + 1 if strictly and ceiling == edge else ceiling


def _down(edge: Fraction, strictly: bool) -> Fraction:
    floor = Fraction(edge.numerator // edge.denominator)
    return floor - 1 if strictly and floor == edge else floor
