"""What comparisons, and choices between cases, make of values that are known, none, not applicable or open."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Final

from si_rules.evaluation.special import NONE, NOT_APPLIED
from si_rules.evaluation.truth import (
    FAILS,
    HOLDS,
    NOT_APPLICABLE,
    UNDETERMINED,
    Truth,
)
from si_rules.evaluation.values import MOST_CHOICES, Guess, Open, Part, among, choices_of, limits
from si_rules.semantics import core

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
}


def compare(operator: core.Operator, scale: tuple[str, ...] | None, left: Part, right: Part) -> Hashable:
    """The truth of a comparison, or the comparison itself where it is open and what is known does not settle it."""
    choices, others = choices_of(left), choices_of(right)
    if 1 < len(choices) * len(others) <= MOST_CHOICES:
        found = {compare(operator, scale, one, other) for one in choices for other in others}
        return found.pop() if len(found) == 1 else (operator, left, right)
    if NOT_APPLIED in (left, right):
        return NOT_APPLICABLE
    open_ = [part for part in (left, right) if isinstance(part, Open)]
    if NONE in (left, right) and not any(part.may_not_apply for part in open_):
        return FAILS
    if open_:
        settled = None if NONE in (left, right) else _by_limits(operator, left, right)
        return (operator, left, right) if settled is None else settled
    one, other = (scale.index(left), scale.index(right)) if scale else (left, right)
    return HOLDS if _COMPARE[operator](one, other) else FAILS


def _by_limits(operator: core.Operator, left: Part, right: Part) -> Truth | None:
    """The truth where all values within the limits agree."""
    if any(isinstance(part, Open) and part.may_not_apply for part in (left, right)):
        return None
    (low, high), (other_low, other_high) = limits(left), limits(right)
    under = high is not None and other_low is not None and high < other_low
    over = low is not None and other_high is not None and low > other_high
    at_most = high is not None and other_low is not None and high <= other_low
    at_least = low is not None and other_high is not None and low >= other_high
    holds = {"<": under, "<=": at_most, ">": over, ">=": at_least, "=": False}[operator]
    fails = {"<": at_least, "<=": over, ">": at_most, ">=": under, "=": under or over}[operator]
    return HOLDS if holds else FAILS if fails else None


def is_among(part: Part, values: tuple[str | bool, ...]) -> Truth:
    """Whether a value is one of some; of what is open, what all that it may come to agree on."""
    if part is NOT_APPLIED:
        return NOT_APPLICABLE
    if part is NONE:
        return FAILS
    if isinstance(part, Open):
        return _agreed(is_among(choice, values) for choice in part.choices)
    return HOLDS if part in values else FAILS


def is_none(part: Part) -> Truth:
    """Whether a value is known to be none; what does not apply is neither."""
    if part is NOT_APPLIED:
        return NOT_APPLICABLE
    if isinstance(part, Open):
        return _agreed(is_none(choice) for choice in part.choices)
    return HOLDS if part is NONE else FAILS


def _agreed(truths: Iterable[Truth]) -> Truth:
    """The truth of all, where they agree."""
    found = set(truths)
    return found.pop() if len(found) == 1 else UNDETERMINED


def applies(part: Part) -> Truth:
    """Whether a value applies: holds, does not apply, or open while it is not known."""
    if part is NOT_APPLIED:
        return NOT_APPLICABLE
    return UNDETERMINED if isinstance(part, Open) and part.may_not_apply else HOLDS


def pick(truth: Truth, both: tuple[Part, Part]) -> Part:
    """The first where the truth holds, else the second; while that is open, one of the two."""
    value, otherwise = both
    if truth is not UNDETERMINED:
        return value if truth is HOLDS else otherwise
    if value == otherwise:
        return value
    choices = choices_of(value) | choices_of(otherwise)
    if choices_of(value) and choices_of(otherwise) and len(choices) <= MOST_CHOICES:
        return among(choices, Guess((value, otherwise), ()))
    apply = [part is not NOT_APPLIED and not (isinstance(part, Open) and part.may_not_apply) for part in both]
    (low, high), (other_low, other_high) = limits(value), limits(otherwise)
    lowest = None if low is None or other_low is None else min(low, other_low)
    highest = None if high is None or other_high is None else max(high, other_high)
    return Open(Guess((value, otherwise), ()), not all(apply), lowest, highest)
