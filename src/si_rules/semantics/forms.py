"""The forms of the typed core: terms stand for values, conditions for truths.

Every name is resolved, every kind known, every scale comparison spelled out as the values it admits.
Origins (file, line, the author's words) stand outside equality.
"""

from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from si_rules.semantics.facts import Value
from si_rules.semantics.kinds import Kind
from si_rules.semantics.years import AcademicYear

IN_GROUP: Final = "in_group_"  # what the ids of leaves begin with that say whom a rule is for


@frozen
class Origin:
    """Where a form was written, and in which words."""

    file: str
    line: int
    words: str


def _origin() -> Origin:
    return field(eq=False, hash=False)  # type: ignore[no-any-return]


@frozen
class YearReference:
    """A year: `back` years before the latest that is due (0 the latest), or a `fixed` one.

    Where several series are read in one year, `together` names them: the latest is then that of which the
    results of all are due.
    """

    back: int = 0
    fixed: AcademicYear | None = None
    together: tuple[str, ...] = ()


# ---- terms


@frozen
class Constant:
    """A value written in the policy."""

    value: Value
    kind: Kind


@frozen
class FieldValue:
    """The value of a field of the subject itself, of a judgement (`judgements.NAME`) or of a figure (`figures.NAME`)."""

    path: str
    kind: Kind


@frozen
class RecordValue:
    """A field of the newest record of a collection, of the one `back` before it, or (None) of the record at hand."""

    collection: str
    path: str
    kind: Kind
    back: int | None = 0


@frozen
class YearValue:
    """A field of a series in a year."""

    series: str
    path: str
    kind: Kind
    year: YearReference


@frozen
class ParameterValue:
    """The value of a parameter: by the date of the decision, or for a year of `series`."""

    name: str
    kind: Kind
    series: str | None = None
    year: YearReference | None = None


@frozen
class DecisionDay:
    """The day on which the decision is taken."""

    kind: Kind


Operator: TypeAlias = Literal["<", "<=", ">", ">=", "="]
Operation: TypeAlias = Literal[
    "plus", "minus", "times", "divided", "as_percent", "percent_of", "rounded",
    "sum", "mean", "lowest", "highest", "no_lower", "no_higher", "steps", "later", "earlier", "days_between", "months_between", "years_between",
]  # fmt: skip


@frozen
class Computed:
    """A value worked out from others.

    `detail` is the step of `rounded`, the number of steps of `steps` (down the scale, so towards the
    worse), the unit of `later` and `earlier` (days, weeks, months or years added to a date or taken off), or
    `existing` where a `sum`, `mean`, `lowest` or `highest` passes over values known to be none. On a
    scale the best is the lowest. `no_lower` and `no_higher` hold a value to a limit, which is the second part.
    """

    operation: Operation
    parts: tuple["Term", ...]
    kind: Kind
    detail: Value | int | None = None


@frozen
class Chosen:
    """The value of the first case whose condition holds; `otherwise`, or not applicable where none does."""

    cases: tuple[tuple["Condition", "Term"], ...]
    otherwise: "Term | None"
    kind: Kind


@frozen
class DefinedValue:
    """The value of a definition: a fact that is a value, a table, a matrix or a score."""

    name: str
    kind: Kind


@frozen
class OverRecords:
    """An operation over the records of a collection of which `where` holds; `count` takes no term."""

    operation: Literal["count", "sum", "mean", "lowest", "highest"]
    collection: str
    where: "Condition | None"
    term: "Term | None"
    kind: Kind


Term: TypeAlias = (
    Constant | FieldValue | RecordValue | YearValue | ParameterValue | DecisionDay
    | Computed | Chosen | DefinedValue | OverRecords
)  # fmt: skip

# ---- conditions


@frozen
class Compare:
    """Two numbers, dates or places on one scale compared; the best place is the lowest. A leaf: `id` names it."""

    operator: Operator
    left: Term
    right: Term
    id: str
    origin: Origin = _origin()


@frozen
class IsAmong:
    """A choice, a place on a scale or a yes/no that is one of some values. A leaf."""

    term: Term
    values: tuple[str | bool, ...]
    id: str
    origin: Origin = _origin()


@frozen
class IsNone:
    """That a value is known not to exist. A leaf."""

    term: Term
    id: str
    origin: Origin = _origin()


@frozen
class Trend:
    """A measure that fell (or rose) strictly in each of the last `years` years, ending at the latest. A leaf."""

    series: str
    path: str
    kind: Kind
    years: int
    rising: bool
    id: str
    origin: Origin = _origin()


@frozen
class Listed:
    """A list. Items that do not apply are struck; with none left the list itself does not apply.

    `count` is for `at_least`: it holds with that many items holding, does not with fewer possible. The
    cells of a row `match`: all of them hold, and one that does not apply does not match.
    """

    quantifier: Literal["all", "any", "none", "at_least", "match"]
    count: int
    items: tuple["Condition", ...]
    origin: Origin = _origin()


@frozen
class Not:
    """The contrary; of what does not apply, does not apply."""

    condition: "Condition"
    origin: Origin = _origin()


@frozen
class RuleHolds:
    """A fact, a trigger, a clause or a row, by id."""

    rule: str
    origin: Origin = _origin()


@frozen
class Guarded:
    """A condition that applies only where its guard holds."""

    guard: "Condition"
    body: "Condition"


@frozen
class Unless:
    """A condition that gives way to another: it does not hold where the exception does."""

    body: "Condition"
    exception: "Condition"
    reason: str | None = None


@frozen
class OutcomeIs:
    """Whether the outcome of a classification is one of some labels, `invalid` or `unmatched`."""

    classification: str
    outcomes: tuple[str, ...]
    origin: Origin = field(eq=False, hash=False, default=Origin("", 0, ""))


@frozen
class ForRecords:
    """A condition of every (or of some) record of a collection; where there is none it does not apply."""

    every: bool
    collection: str
    condition: "Condition"
    origin: Origin = _origin()


@frozen
class Always:
    """Holds of everything: a row that asks nothing."""


Condition: TypeAlias = (
    Compare | IsAmong | IsNone | Trend | Listed | Not | RuleHolds | Guarded | Unless | OutcomeIs | ForRecords | Always
)
Leaf: TypeAlias = Compare | IsAmong | IsNone | Trend
