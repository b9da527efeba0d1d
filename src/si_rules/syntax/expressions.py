"""Terms and conditions of the tree, as written: frozen, one class a form, names not yet looked up.

Spans stand outside equality and hashing, so that two trees are equal when they say the same.
"""

from typing import Literal, TypeAlias

from attrs import field, frozen

from si_rules.source.text import Span

Quantifier: TypeAlias = Literal["all", "any", "none", "at_least"]


def _span() -> Span:
    return field(eq=False, hash=False, repr=False)  # type: ignore[no-any-return]


@frozen
class Word:
    """A name, label, identifier, year, date or quoted sentence, as text."""

    text: str
    span: Span = _span()


# ---- conditions


@frozen
class NameTerm:
    """A name that stands for a value: evidence, a parameter, or a value of a scale."""

    when: Literal["latest", "previous"] | None
    name: Word
    year: Word | None
    span: Span = _span()


@frozen
class Judged:
    """`judgement NAME`."""

    name: Word
    span: Span = _span()


@frozen
class Quantity:
    """A number with its unit, or a date. `unit` is `percent`, `number`, `date`, `percentage_points` or a name."""

    text: str
    unit: str
    span: Span = _span()


@frozen
class Chain:
    """`a plus b minus c`, `a times b`, `a divided by b`; mixing them is refused later."""

    first: "Term"
    rest: tuple[tuple[str, "Term"], ...]
    span: Span = _span()


@frozen
class Adjusted:
    """A term `, as percent`, `, rounded to …` or `, but no better than …`; `sort` says which.

    `by` is the number of places, the step or the cap.
    """

    term: "Term"
    sort: str
    by: "Word | Term | None"
    span: Span = _span()


@frozen
class PercentOf:
    """`10% of TERM`."""

    percent: Quantity
    term: "Term"
    span: Span = _span()


@frozen
class Aggregate:
    """`the mean of a, b, c`, with `, of those that exist` where what is none is passed over."""

    operation: str
    terms: tuple["Term", ...]
    existing: bool
    span: Span = _span()


@frozen
class OverYears:
    """`the mean of MEASURE over the last N years`."""

    operation: str
    term: "Term"
    years: Word
    span: Span = _span()


@frozen
class OverRecords:
    """`the mean of TERM over all RECORDS where CONDITION`, `the number of RECORDS where CONDITION`."""

    operation: str
    term: "Term | None"
    records: Word
    where: "Condition | None"
    span: Span = _span()


@frozen
class CountYears:
    """`the number of the last N years in which CONDITION`."""

    years: Word
    condition: "Condition"
    span: Span = _span()


@frozen
class TimeBetween:
    """`the months from A to B`."""

    unit: str
    first: "Term"
    last: "Term"
    span: Span = _span()


@frozen
class Steps:
    """`1 step better than TERM`."""

    count: Word
    better: bool
    term: "Term"
    span: Span = _span()


@frozen
class DecisionDay:
    """`the day of the decision`."""

    span: Span = _span()


Term: TypeAlias = (
    NameTerm | Judged | Quantity | Chain | Adjusted | PercentOf | Aggregate | OverYears | OverRecords
    | CountYears | TimeBetween | Steps | DecisionDay
)  # fmt: skip


@frozen
class Ordered:
    """`is under`, `is at least`, `is more than`, `is at most`, `is before`, `is after` a term."""

    operator: Literal["under", "at_least", "more_than", "at_most", "before", "after"]
    term: Term


@frozen
class IsValue:
    """`is VALUE`, `is VALUE or better` (or worse; or more, or less serious)."""

    term: Term
    onward: Literal["better", "worse", "more_serious", "less_serious"] | None


@frozen
class IsFlag:
    """`is yes` or `is no`."""

    value: bool


@frozen
class IsNot:
    """`is not VALUE`: never accepted, since it silently admits every other value; kept to say so well."""

    term: Term


@frozen
class IsOneOf:
    """`is one of A, B`."""

    names: tuple[Word, ...]


@frozen
class Trend:
    """`has fallen for N years` or `has risen for N years`."""

    direction: Literal["fallen", "risen"]
    years: Word


Comparator: TypeAlias = Ordered | IsValue | IsFlag | IsNot | IsOneOf | Trend


@frozen
class Comparison:
    """A term held against something."""

    term: Term
    comparator: Comparator
    span: Span = _span()


@frozen
class RuleReference:
    """`NAME holds` or `NAME does not hold`."""

    name: Word
    holds: bool
    span: Span = _span()


@frozen
class ClauseReference:
    """`clause LABEL holds` or `clause LABEL does not hold`."""

    label: Word
    holds: bool
    span: Span = _span()


@frozen
class Existence:
    """`has no NAME`, `has a NAME`."""

    term: NameTerm
    none: bool
    span: Span = _span()


@frozen
class ForRecords:
    """`for every RECORDS, CONDITION`, `for some RECORDS, CONDITION`."""

    every: bool
    records: Word
    condition: "Condition"
    span: Span = _span()


@frozen
class Includes:
    """`CLASSIFICATION includes LABEL`, `TABLE includes VALUE`."""

    name: Word
    label: Word
    span: Span = _span()


@frozen
class Happened:
    """`EVENT has happened`, since another, since the state was entered (`here`), or within a length of time before."""

    event: Word
    happened: bool
    since: Word | None
    here: bool
    within: tuple[Word, Word] | None
    span: Span = _span()


@frozen
class Joined:
    """Conditions joined on one line by `and` or `or`; mixing the two is refused later."""

    parts: tuple["Condition", ...]
    operators: tuple[str, ...]
    span: Span = _span()


@frozen
class Bracketed:
    """A condition in brackets."""

    inner: "Condition"
    span: Span = _span()


@frozen
class Item:
    """An item of a list; `left_out` where it says that it is left out where it does not apply."""

    condition: "Condition"
    left_out: bool
    span: Span = _span()


@frozen
class ItemList:
    """`all of`, `any of`, `none of`, `at least N of` and the items."""

    quantifier: Quantifier
    count: Word | None
    items: tuple[Item, ...]
    span: Span = _span()


Condition: TypeAlias = (
    Comparison
    | RuleReference
    | ClauseReference
    | Existence
    | ForRecords
    | Includes
    | Happened
    | Joined
    | Bracketed
    | ItemList
)
