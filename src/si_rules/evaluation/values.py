"""What a term comes to: a value, none, not applicable, or open; and how operations treat each.

An open value is written out over the data it still hangs on, so that it can be worked out for any
values of them. One that does not apply makes the whole not apply; one that is none makes it none.
"""

from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from itertools import product
from typing import Final, TypeAlias

from attrs import field, frozen

from si_rules.evaluation.operations import OPERATIONS, VARIADIC
from si_rules.evaluation.special import NONE, NOT_APPLIED, Special
from si_rules.semantics.facts import Value

MOST_OPEN_PARTS: Final = 400
MOST_CHOICES: Final = 64


@frozen
class Datum:
    """A missing datum by its path."""

    path: str


@frozen
class Worked:
    """An operation on values of which some are open."""

    operation: str
    detail: Hashable
    parts: tuple["Part", ...]
    size: int = field(eq=False, hash=False, default=1)


@frozen
class Guess:
    """Something that hangs on several data in a way that is not followed further; `key` tells it apart."""

    key: Hashable
    paths: tuple[str, ...]


Form: TypeAlias = Datum | Worked | Guess


@frozen
class Open:
    """A value that is not known: its form, whether it may turn out not to apply, and what is known of it all the same.

    `low` and `high` are limits of a number; `choices`, where there are any, are all that it may come to.
    """

    form: Form
    may_not_apply: bool = False
    low: Fraction | None = field(default=None, eq=False, hash=False)
    high: Fraction | None = field(default=None, eq=False, hash=False)
    choices: frozenset["Value | Special"] = field(default=frozenset(), eq=False, hash=False)


Part: TypeAlias = Value | Special | Open
TermValue: TypeAlias = Part
Worth: TypeAlias = Value | Special


class TooLarge(Exception):
    """An open value hangs on more parts than are followed."""


def combine(operation: str, detail: Hashable, parts: tuple[Part, ...]) -> Part:
    """The value of an operation."""
    if operation in VARIADIC:
        return _listed(operation, detail, parts)
    if NOT_APPLIED in parts:
        return NOT_APPLIED
    open_ = [part for part in parts if isinstance(part, Open)]
    if NONE in parts and not any(part.may_not_apply for part in open_):
        return NONE
    if not open_:
        known: Part = OPERATIONS[operation](detail, parts)
        return known
    by_choices = _of_choices(operation, detail, parts)
    if by_choices is not None:
        return by_choices
    # what is divided by nothing does not apply, whatever it is
    divides = operation == "divided" and (isinstance(parts[1], Open) or parts[1] == 0)
    return _open(operation, detail, parts, divides or any(part.may_not_apply for part in open_))


def _listed(operation: str, detail: Hashable, parts: tuple[Part, ...]) -> Part:
    """A list: what does not apply is struck; what is none makes the whole none, unless only existing ones count."""
    kept = tuple(part for part in parts if part is not NOT_APPLIED)
    open_ = [part for part in kept if isinstance(part, Open)]
    existing = isinstance(detail, tuple) and detail[0] is True
    if existing:
        kept = tuple(part for part in kept if part is not NONE)
    elif NONE in kept:
        return NONE
    if not open_:
        known: Part = OPERATIONS[operation](detail, kept)
        return known
    by_choices = _of_choices(operation, detail, parts)
    if by_choices is not None:
        return by_choices
    certain = any(not isinstance(part, Open) for part in kept)
    unsure = existing or all(part.may_not_apply for part in open_)
    return _open(operation, detail, kept, operation != "sum" and unsure and not certain)


def choices_of(part: Part) -> frozenset[Worth]:
    """All that a value may come to, where they are few and known; empty where not."""
    return part.choices if isinstance(part, Open) else frozenset((part,))


def among(choices: frozenset[Worth], form: Form) -> Part:
    """One of some values: the value itself where there is only one."""
    if len(choices) == 1:
        return next(iter(choices))
    numbers = [choice for choice in choices if isinstance(choice, Fraction)]
    known = len(numbers) == len(choices)
    low, high = (min(numbers), max(numbers)) if known else (None, None)
    return Open(form, NOT_APPLIED in choices, low, high, choices)


def _of_choices(operation: str, detail: Hashable, parts: tuple[Part, ...]) -> Part | None:
    """The value of an operation whose open parts may each come to few values; None where they are many."""
    several = [choices_of(part) for part in parts]
    count = 1
    for choices in several:
        count *= len(choices)
    if not 0 < count <= MOST_CHOICES:
        return None
    found = frozenset(_worth(combine(operation, detail, chosen)) for chosen in product(*several))
    return among(found, Worked(operation, detail, parts, 1 + sum(_size(part) for part in parts)))


def _worth(part: Part) -> Worth:
    assert not isinstance(part, Open)
    return part


def _open(operation: str, detail: Hashable, parts: tuple[Part, ...], may_not_apply: bool) -> Open:
    size = 1 + sum(_size(part) for part in parts)
    if size > MOST_OPEN_PARTS:
        raise TooLarge
    low, high = _limits(operation, parts) if detail in (None, (False, None)) else (None, None)
    return Open(Worked(operation, detail, parts, size), may_not_apply, low, high)


def _size(part: Part) -> int:
    return part.form.size if isinstance(part, Open) and isinstance(part.form, Worked) else 1


def paths_of(part: Part) -> tuple[str, ...]:
    """The missing data an open value hangs on, in the order written."""
    if not isinstance(part, Open):
        return ()
    match part.form:
        case Datum(path=path):
            return (path,)
        case Guess(paths=paths):
            return paths
        case Worked(parts=parts):
            return tuple(dict.fromkeys(path for inner in parts for path in paths_of(inner)))


def guessed(part: Part) -> bool:
    """Whether an open value hangs on something that is not followed further."""
    match part:
        case Open(form=Guess()):
            return True
        case Open(form=Worked(parts=parts)):
            return any(guessed(inner) for inner in parts)
        case _:
            return False


def settled(part: Part, values: Mapping[str, Worth]) -> Worth:
    """The value of an open one where all it hangs on is given."""
    match part:
        case Open(form=Datum(path=path)):
            return values[path]
        case Open(form=Worked(operation=operation, detail=detail, parts=parts)):
            found = combine(operation, detail, tuple(settled(inner, values) for inner in parts))
            assert not isinstance(found, Open)
            return found
        case Open():
            raise TypeError("a guess has no value")
        case _:
            return part


# ---- limits


def limits(part: Part) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value that a number may still have; None where that is not known."""
    if isinstance(part, Open):
        return (None, None) if part.may_not_apply else (part.low, part.high)
    return (part, part) if isinstance(part, Fraction) else (None, None)


def _limits(operation: str, parts: tuple[Part, ...]) -> tuple[Fraction | None, Fraction | None]:
    found = [limits(part) for part in parts]
    lows, highs = [low for low, _ in found], [high for _, high in found]
    match operation:
        case "plus" | "sum":
            return _all(sum, lows), _all(sum, highs)
        case "minus":
            return _difference(lows[0], highs[1]), _difference(highs[0], lows[1])
        case "lowest" | "highest" | "no_lower" | "no_higher":
            choose = min if operation in ("lowest", "no_higher") else max
            return _all(choose, lows), _all(choose, highs)
        case _:
            return None, None


def _all(function: Callable[[list[Fraction]], object], values: list[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return Fraction(str(function(known))) if known and len(known) == len(values) else None


def _difference(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return None if left is None or right is None else left - right
