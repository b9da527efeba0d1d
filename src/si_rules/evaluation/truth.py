"""The truths of a condition, and how lists compose them.

Strong Kleene logic with a fourth value for what does not apply: in a list such an item is struck.
"""

from collections.abc import Iterable
from enum import Enum
from typing import TypeAlias


class Truth(Enum):
    """Whether a condition holds."""

    HOLDS = "holds"
    FAILS = "does_not_hold"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


HOLDS, FAILS = Truth.HOLDS, Truth.FAILS
UNDETERMINED, NOT_APPLICABLE = Truth.UNDETERMINED, Truth.NOT_APPLICABLE


def contrary(truth: Truth) -> Truth:
    """`not`: what does not apply stays so."""
    if truth is HOLDS:
        return FAILS
    return HOLDS if truth is FAILS else truth


def all_of(truths: Iterable[Truth]) -> Truth:
    """Every item that applies holds; one that fails decides."""
    found = set(truths)
    for decisive in (FAILS, UNDETERMINED, HOLDS):
        if decisive in found:
            return decisive
    return NOT_APPLICABLE


def any_of(truths: Iterable[Truth]) -> Truth:
    """Some item that applies holds; one that holds decides."""
    found = set(truths)
    for decisive in (HOLDS, UNDETERMINED, FAILS):
        if decisive in found:
            return decisive
    return NOT_APPLICABLE


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """So many items hold. With fewer left it does not hold; with none left it does not apply."""
    tally = (0, 0, 0)
    for truth in truths:
        tally = tallied(tally, truth)
    return enough(count, tally)


Tally: TypeAlias = tuple[int, int, int]


def tallied(tally: Tally, truth: Truth) -> Tally:
    """So many items that hold, that are undetermined and that fail, one more taken in."""
    holding, open_, failing = tally
    return holding + (truth is HOLDS), open_ + (truth is UNDETERMINED), failing + (truth is FAILS)


def enough(count: int, tally: Tally) -> Truth:
    """Whether so many hold."""
    holding, open_, failing = tally
    if holding >= count:
        return HOLDS
    if holding + open_ >= count:
        return UNDETERMINED
    if holding or failing:
        return FAILS
    return UNDETERMINED if open_ else NOT_APPLICABLE


def unless(body: Truth, exception: Truth) -> Truth:
    """The body where the exception does not hold; where the exception holds, this does not, whatever the body.

    What does not apply is not made to hold by its exception.
    """
    if exception is HOLDS:
        return FAILS
    if exception is UNDETERMINED and body is not FAILS:
        return UNDETERMINED
    return body


def along(applies: Truth, steps: Truth) -> Truth:
    """The steps of a trend, where every year of it applies; one year that does not makes the whole not apply."""
    return steps if applies is HOLDS else applies


def all_apply(first: Truth, second: Truth) -> Truth:
    """Whether two things both apply: what does not, decides."""
    for decisive in (NOT_APPLICABLE, UNDETERMINED):
        if decisive in (first, second):
            return decisive
    return HOLDS


def guarded(guard: Truth, body: Truth) -> Truth:
    """The body where the guard holds; undetermined where the guard is; otherwise not applicable."""
    if guard is HOLDS:
        return body
    return UNDETERMINED if guard is UNDETERMINED else NOT_APPLICABLE
