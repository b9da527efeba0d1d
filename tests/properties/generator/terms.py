"""The terms and conditions of a random policy, as a model that both the text and the oracle are made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeAlias

# ---- terms


@dataclass(frozen=True)
class Number:
    value: Fraction
    unit: str


@dataclass(frozen=True)
class Day:
    value: date


@dataclass(frozen=True)
class Place:
    """A place on a scale, where a term may stand."""

    value: str


@dataclass(frozen=True)
class Own:
    path: str


@dataclass(frozen=True)
class Judged:
    name: str


@dataclass(frozen=True)
class OfRecord:
    """A field of the latest visit, of the previous one, or (None) of the one at hand."""

    path: str
    back: int | None


@dataclass(frozen=True)
class OfYear:
    """A measure `back` years before the latest, in a fixed year, or (back None) in the year at hand."""

    path: str
    back: int | None = 0
    fixed: int | None = None


@dataclass(frozen=True)
class Stated:
    """The value of a parameter, for a fixed year where one is written."""

    name: str
    fixed: int | None = None


@dataclass(frozen=True)
class Named:
    """A value with a name: a fact, a score, a matrix, an outcome of a table, a figure."""

    name: str


@dataclass(frozen=True)
class DecisionDay:
    pass


@dataclass(frozen=True)
class Total:
    left: "Term"
    right: "Term"
    minus: bool


@dataclass(frozen=True)
class Product:
    left: "Term"
    right: "Term"


@dataclass(frozen=True)
class Quotient:
    left: "Term"
    right: "Term"


@dataclass(frozen=True)
class PercentOf:
    share: Fraction
    term: "Term"


@dataclass(frozen=True)
class Moved:
    """A date so many days, weeks, months or years later, or (`minus`) earlier."""

    day: "Term"
    count: "Term"
    unit: str
    minus: bool


@dataclass(frozen=True)
class DaysApart:
    """`last minus first`, in days."""

    last: "Term"
    first: "Term"


@dataclass(frozen=True)
class Between:
    """The whole days, months or years from one date to another."""

    unit: str
    first: "Term"
    last: "Term"


@dataclass(frozen=True)
class Adjusted:
    """`way` is percent, places (by a count), whole, nearest, no_better, no_worse, at_most or at_least."""

    term: "Term"
    way: str
    by: "Term | None" = None
    scale: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListOf:
    """`way` is sum, mean, lowest, highest, earliest, latest, best or worst."""

    way: str
    terms: tuple["Term", ...]
    existing: bool
    scale: tuple[str, ...] = ()


@dataclass(frozen=True)
class OverYears:
    way: str
    path: str
    years: int


@dataclass(frozen=True)
class CountYears:
    years: int
    condition: "Condition"


@dataclass(frozen=True)
class OverRecords:
    """`way` is count, or one of those of a list, of a term over all visits of which a condition holds."""

    way: str
    where: "Condition | None"
    term: "Term | None"
    scale: tuple[str, ...] = ()


@dataclass(frozen=True)
class Steps:
    count: int
    better: bool
    term: "Term"
    scale: tuple[str, ...]


Term: TypeAlias = (
    Number | Day | Place | Own | Judged | OfRecord | OfYear | Stated | Named | DecisionDay | Total | Product | Quotient
    | PercentOf | Moved | DaysApart | Between | Adjusted | ListOf | OverYears | CountYears | OverRecords | Steps
)  # fmt: skip

# ---- conditions


@dataclass(frozen=True)
class Comparison:
    """`sort` is number, date or place (of which the best is the lowest; `scale` has them the best first)."""

    operator: str
    left: Term
    right: Term
    sort: str = "number"
    scale: tuple[str, ...] = ()


@dataclass(frozen=True)
class Among:
    term: Term
    values: tuple[str | bool, ...]
    words: str


@dataclass(frozen=True)
class Exists:
    """`has no` (none) or `has a`."""

    term: Own | OfRecord
    none: bool


@dataclass(frozen=True)
class Trend:
    path: str
    years: int
    rising: bool


@dataclass(frozen=True)
class Reference:
    rule: str
    holds: bool


@dataclass(frozen=True)
class ClauseReference:
    label: str
    holds: bool


@dataclass(frozen=True)
class Asked:
    """Whether the outcome of a classification is one of some."""

    classification: str
    outcomes: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Includes:
    """Whether a class stands among others, or a table gives a value among others."""

    name: str
    label: str


@dataclass(frozen=True)
class ForRecords:
    every: bool
    condition: "Condition"


@dataclass(frozen=True)
class Item:
    condition: "Condition"
    left_out: bool = False


@dataclass(frozen=True)
class Listing:
    """`quantifier` is all, any, none or at_least. An `inline` one is written with `and` or `or`."""

    quantifier: str
    count: int
    items: tuple[Item, ...]
    inline: bool = False


Condition: TypeAlias = (
    Comparison | Among | Exists | Trend | Reference | ClauseReference | Asked | Includes | ForRecords | Listing
)
Leaf: TypeAlias = Comparison | Among | Exists | Trend

# ---- walks


def inside(term: Term) -> tuple[Term, ...]:
    """The terms directly inside one; those of conditions are not among them."""
    match term:
        case Total(left, right, _) | Product(left, right) | Quotient(left, right) | DaysApart(left, right):
            return left, right
        case PercentOf(_, inner) | Steps(_, _, inner, _):
            return (inner,)
        case Moved(day, count, _, _):
            return day, count
        case Between(_, first, last):
            return first, last
        case Adjusted(inner, _, by, _):
            return (inner,) if by is None else (inner, by)
        case ListOf(_, terms, _, _):
            return terms
        case OverRecords(_, _, inner, _) if inner is not None:
            return (inner,)
        case _:
            return ()


def parts(*terms: Term) -> Iterator[Term]:
    """Some terms and all that stand inside them."""
    for term in terms:
        yield term
        yield from parts(*inside(term))


def terms_in(leaf: Leaf) -> Iterator[Term]:
    """Every term of a leaf."""
    match leaf:
        case Comparison(_, left, right):
            return parts(left, right)
        case Among(term, _, _) | Exists(term, _):
            return parts(term)
        case Trend(path, years, _):
            return iter(OfYear(path, back) for back in range(years + 1))


def conditions_in(*terms: Term) -> Iterator[Condition]:
    """The conditions that stand in terms."""
    for part in parts(*terms):
        if isinstance(part, CountYears):
            yield part.condition
        elif isinstance(part, OverRecords) and part.where is not None:
            yield part.where


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The leaves of a condition, those inside its terms among them."""
    match condition:
        case Listing(items=items):
            for item in items:
                yield from leaves(item.condition)
        case ForRecords(condition=inner):
            yield from leaves(inner)
        case Comparison() | Among() | Exists() | Trend():
            yield condition
            for inner in conditions_in(*terms_in(condition)):
                yield from leaves(inner)
        case _:
            return
