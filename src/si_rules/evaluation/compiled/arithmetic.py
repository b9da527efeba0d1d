"""Operations on scaled numbers that compiled code calls: exact, and the same as those of the interpreter."""

import datetime
from collections.abc import Callable, Hashable
from fractions import Fraction
from typing import Any

from si_rules.evaluation.compiled.codes import DEEP, DOES_NOT_APPLY, NONE, ODD
from si_rules.evaluation.operations import OPERATIONS, VARIADIC
from si_rules.evaluation.special import NOT_APPLIED


def whole(value: Any) -> Any:
    """A number as it is kept: an int where it is whole."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def strict(operation: str, detail: Hashable, scale: int) -> Callable[..., Any]:
    """An operation that comes to nothing where one of its parts does, on parts as they are kept."""
    work = OPERATIONS[operation]

    def worked(*parts: Any) -> Any:
        if DEEP in parts:
            return DEEP
        if DOES_NOT_APPLY in parts:
            return DOES_NOT_APPLY
        if ODD in parts:
            return DEEP  # with a known zero, or outside the calendar, this may yet be known not to apply
        if NONE in parts:
            return NONE
        if None in parts:
            if operation == "divided":  # by what is not known, it may yet not apply
                return ODD if parts[1] is None else DEEP if parts[1] == 0 else None
            return None
        return _kept(work(detail, tuple(_plain(part, scale) for part in parts)), scale)

    return worked


def listed(operation: str, detail: Any, scale: int) -> Callable[..., Any]:
    """An operation on a list: what does not apply is struck. Where it is not plain what is open the interpreter is asked."""
    work = OPERATIONS[operation]
    existing = isinstance(detail, tuple) and detail[0] is True

    def worked(*parts: Any) -> Any:
        if DEEP in parts or ODD in parts:
            return DEEP
        kept = [part for part in parts if part is not DOES_NOT_APPLY]
        if existing:
            if None in parts:
                return DEEP
            kept = [part for part in kept if part is not NONE]
        elif NONE in kept:
            return NONE
        elif None in kept:
            return None
        return _kept(work(detail, tuple(_plain(part, scale) for part in kept)), scale)

    return worked


def told(operation: str, detail: Hashable, scale: int) -> Callable[..., Any]:
    """The function for an operation."""
    return listed(operation, detail, scale) if operation in VARIADIC else strict(operation, detail, scale)


def _plain(part: Any, scale: int) -> Any:
    """A part as the operations know it."""
    if type(part) is int:
        return Fraction(part, scale)
    return part / scale if isinstance(part, Fraction) else part


def _kept(found: Any, scale: int) -> Any:
    """What an operation gives, as it is kept."""
    if found is NOT_APPLIED:
        return DOES_NOT_APPLY
    if isinstance(found, Fraction):
        return whole(found * scale)
    assert isinstance(found, str | datetime.date)
    return found
