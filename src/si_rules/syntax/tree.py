"""The tree of a policy or vocabulary file, as written: frozen, one class a form, names not yet looked up.

Spans stand outside equality and hashing, so that two trees are equal when they say the same.
"""

from typing import Literal, TypeAlias

from attrs import field, frozen

from si_rules.source.text import Source, Span
from si_rules.syntax.expressions import (
    Adjusted as Adjusted,
    Aggregate as Aggregate,
    Bracketed as Bracketed,
    Chain as Chain,
    ClauseReference as ClauseReference,
    Comparator as Comparator,
    Comparison as Comparison,
    Condition as Condition,
    CountYears as CountYears,
    DecisionDay as DecisionDay,
    Existence as Existence,
    ForRecords as ForRecords,
    Happened as Happened,
    Includes as Includes,
    IsFlag as IsFlag,
    IsNot as IsNot,
    IsOneOf as IsOneOf,
    IsValue as IsValue,
    Item as Item,
    ItemList as ItemList,
    Joined as Joined,
    Judged as Judged,
    NameTerm as NameTerm,
    Ordered as Ordered,
    OverRecords as OverRecords,
    OverYears as OverYears,
    PercentOf as PercentOf,
    Quantifier as Quantifier,
    Quantity as Quantity,
    RuleReference as RuleReference,
    Steps as Steps,
    Term as Term,
    TimeBetween as TimeBetween,
    Trend as Trend,
    Word as Word,
)
from si_rules.syntax.pathway_tree import (
    Act as Act,
    Begins as Begins,
    CalendarDeclaration as CalendarDeclaration,
    Due as Due,
    Event as Event,
    Length as Length,
    Move as Move,
    Pathway as Pathway,
    Requirement as Requirement,
    StandsStill as StandsStill,
    State as State,
    TermDates as TermDates,
    TimeOut as TimeOut,
)
from si_rules.syntax.properties import (
    AppliesTo as AppliesTo,
    Cites as Cites,
    ExceptWhen as ExceptWhen,
    Interpretation as Interpretation,
    ReleasedTo as ReleasedTo,
    ShownTo as ShownTo,
)


def _span() -> Span:
    return field(eq=False, hash=False, repr=False)  # type: ignore[no-any-return]


def _source() -> Source | None:
    return field(default=None, eq=False, hash=False, repr=False)  # type: ignore[no-any-return]


@frozen
class AcceptedFor:
    """`accepted for 12 months`."""

    count: Word
    unit: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()


@frozen
class Break:
    """`breaks in 2014-15`."""

    year: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()


@frozen
class Timing:
    """How often or until when: `every 6 weeks`, `within 7 days after EVENT`, `by 31 December`, `in the autumn term`.

    `name` is an occasion, a period, a term, a month or a date, by `sort`; `count` and `unit` a length of time or a day.
    """

    sort: Literal["every", "every_so_many", "during", "within", "ahead", "by", "before", "after", "in_term"]
    count: Word | None
    unit: Word | None
    name: Word | None
    span: Span = _span()


@frozen
class Marked:
    """`those of a predecessor marked by of_predecessor`, in a vocabulary."""

    other: Word
    mark: Word
    span: Span = _span()


@frozen
class Counts:
    """`counts those of a predecessor`, in a policy."""

    other: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()


@frozen
class Consequence:
    """What follows: who, how binding, which action; for whom, when, shown to whom, on what condition."""

    party: Word
    modality: Word
    action: Word
    group: AppliesTo | None
    timing: tuple[Timing, ...]
    shown_to: ShownTo | None
    condition: Condition | None
    properties: tuple[Cites | Interpretation, ...]
    span: Span = _span()


@frozen
class Then:
    """The consequences of a rule; `outcome` tells `then` from `when unmatched` and `whatever the outcome`.

    `source` is the file it stands in, where that is another than that of the rule: an amendment.
    """

    outcome: Literal["then", "unmatched", "whatever"]
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    consequences: tuple[Consequence, ...]
    span: Span = _span()
    source: Source | None = _source()


# ---- declarations


@frozen
class PolicyHeader:
    """`policy ID` and its lines."""

    id: Word
    title: tuple[Word, ...]
    edition: tuple[Word, ...]
    in_force: tuple[tuple[Word, Word], ...]
    vocabulary: tuple[tuple[Word, Word], ...]
    uses: tuple[Word, ...]
    span: Span = _span()


@frozen
class Part:
    """`part of ID EDITION`: a further file of an edition."""

    id: Word
    edition: Word
    span: Span = _span()


@frozen
class Amendment:
    """`amendment of ID EDITION` and its lines: from which day it counts, when it was adopted, what it sets aside."""

    id: Word
    edition: Word
    title: tuple[Word, ...]
    first: tuple[Word, ...]
    adopted: tuple[Word, ...]
    replaces: tuple[Word, ...]
    withdraws: tuple[Word, ...]
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()


@frozen
class Legend:
    """The sentences that say how the file is to be read."""

    sentences: tuple[Word, ...]
    span: Span = _span()


@frozen
class VocabularyHeader:
    """`vocabulary NAME VERSION` and its lines."""

    name: Word
    version: Word
    subject: tuple[tuple[Word, Word], ...]
    identified_by: tuple[Word, ...]
    labelled_by: tuple[Word, ...]
    span: Span = _span()


@frozen
class SourceDeclaration:
    """`source ID "title"`."""

    id: Word
    title: Word
    span: Span = _span()


@frozen
class Named:
    """`party`, `occasion`, `action`, `audience`, `unit` or `origin`, a name and a title; a unit perhaps `with decimals`."""

    sort: str
    name: Word
    title: Word
    decimals: bool
    span: Span = _span()


@frozen
class Group:
    """`group NAME "title"` and the condition that says who belongs to it."""

    name: Word
    title: Word
    condition: Condition
    span: Span = _span()


@frozen
class KindExpression:
    """What values something may have.

    `sort` is `flag`, `choice`, `best_to_worst`, `worst_to_best`, `kind_of` (the kind of what is named) or a quantity.
    """

    sort: str
    names: tuple[Word, ...]
    span: Span = _span()


@frozen
class KindLine:
    """A kind with its limits and whether the value may be known to be none."""

    kind: KindExpression
    limits: tuple[Word, Word] | None
    or_none: bool
    span: Span = _span()


@frozen
class Records:
    """`records NAME "title"`: a collection of dated records."""

    name: Word
    title: Word
    listed_under: tuple[Word, ...]
    dated_by: tuple[tuple[Word, Word], ...]
    accepted_for: tuple[AcceptedFor, ...]
    marked: tuple[Marked, ...]
    counts: tuple[Counts, ...]
    shown_to: tuple[ShownTo, ...]
    span: Span = _span()


@frozen
class Results:
    """`results NAME "title"`: a series by academic year."""

    name: Word
    title: Word
    each_year: tuple[Word | None, ...]
    due_on: tuple[tuple[Word, Word], ...]
    due_in_year: tuple[tuple[Word, Word], ...]
    begins_with: tuple[Word, ...]
    marked: tuple[Marked, ...]
    counts: tuple[Counts, ...]
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    applies_to: tuple[AppliesTo, ...]
    shown_to: tuple[ShownTo, ...]
    span: Span = _span()


@frozen
class Evidence:
    """`evidence PATH "title"` and its kind."""

    name: Word
    title: Word
    kinds: tuple[KindLine, ...]
    from_year: tuple[Word, ...]
    until_year: tuple[Word, ...]
    breaks_in: tuple[Break, ...]
    applies_to: tuple[AppliesTo, ...]
    shown_to: tuple[ShownTo, ...]
    span: Span = _span()


@frozen
class Judgement:
    """`judgement NAME "title"` and its kind."""

    name: Word
    title: Word
    kinds: tuple[KindLine, ...]
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    accepted_for: tuple[AcceptedFor, ...]
    shown_to: tuple[ShownTo, ...]
    span: Span = _span()


@frozen
class Prefer:
    """`prefer ORIGIN over ORIGIN`."""

    preferred: Word
    over: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()


@frozen
class ParameterValue:
    """One value of a parameter: for a year of results, or from a date."""

    key: Word
    by_year: bool
    value: Quantity
    span: Span = _span()


@frozen
class Parameter:
    """`parameter NAME "title" : KIND` and its values."""

    name: Word
    title: Word
    kind: KindExpression
    values: tuple[ParameterValue, ...]
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()


@frozen
class Rule:
    """A fact or a trigger."""

    sort: Literal["fact", "trigger"]
    name: Word
    title: Word
    conditions: tuple[Condition, ...]
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    applies_to: tuple[AppliesTo, ...]
    shown_to: tuple[ShownTo, ...]
    released_to: tuple[ReleasedTo, ...]
    exceptions: tuple[ExceptWhen, ...]
    thens: tuple[Then, ...]
    span: Span = _span()


@frozen
class Owned:
    """What a value with a name has besides its value: who says so, whom it is for, and who may see it."""

    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    applies_to: tuple[AppliesTo, ...]
    shown_to: tuple[ShownTo, ...]


@frozen
class ValueFact:
    """`fact NAME "title" : KIND` with `is TERM`."""

    name: Word
    title: Word
    kind: KindExpression
    terms: tuple[Term, ...]
    owned: Owned
    span: Span = _span()


@frozen
class ScoreItem:
    """`- 3 points when CONDITION`."""

    term: Term
    condition: Condition | None
    span: Span = _span()


@frozen
class Score:
    """`score NAME "title" : KIND` and what it adds up."""

    name: Word
    title: Word
    kind: KindExpression
    sums: tuple[tuple[ScoreItem, ...], ...]
    owned: Owned
    span: Span = _span()


@frozen
class Test:
    """What a cell asks of its column: `place` (with onward), `flag`, `equal`, `range` or a bound."""

    sort: str
    words: tuple[Word, ...]
    quantities: tuple[Quantity, ...]
    span: Span = _span()


@frozen
class Cell:
    """A cell: any of some tests, or all of two bounds; without tests anything matches."""

    tests: tuple[Test, ...]
    together: bool
    span: Span = _span()


@frozen
class Row:
    """A row of a table: cells, then outcomes (terms, or yes and no)."""

    cells: tuple[Cell, ...]
    outcomes: tuple["Term | Word", ...]
    span: Span = _span()


@frozen
class Table:
    """`table NAME "title"`: columns of evidence, columns of outcomes, and which row counts."""

    name: Word
    title: Word
    gives: tuple[tuple[Word, KindExpression], ...]
    policies: tuple[Word, ...]
    heads: tuple[Term, ...]
    outcome_names: tuple[Word, ...]
    rows: tuple[Row, ...]
    owned: Owned
    span: Span = _span()


@frozen
class Matrix:
    """`matrix NAME "title" : KIND`: one value down, one across, and a value for each pair."""

    name: Word
    title: Word
    kind: KindExpression
    down: tuple[Term, ...]
    across: tuple[Term, ...]
    columns: tuple[Cell, ...]
    rows: tuple[Row, ...]
    owned: Owned
    span: Span = _span()


@frozen
class Measure:
    """What a figure comes to: `share` or `number` of a condition, or something of a term, perhaps with a weight."""

    sort: str
    condition: Condition | None
    term: Term | None
    highest_first: bool
    weight: Term | None
    span: Span = _span()


@frozen
class Figure:
    """`figure NAME "title" : KIND`: a value over a cohort. `over` are the members, None for everybody."""

    name: Word
    title: Word
    kind: KindExpression
    over: tuple[AppliesTo, ...]
    where: tuple[Condition, ...]
    measures: tuple[Measure, ...]
    owned: Owned
    span: Span = _span()


@frozen
class Clause:
    """One way in which a class is described.

    `further` where it begins with `or`; `gives_way` names the clauses it gives way to. `source` is the file it stands
    in, where that is another than that of the classification: an amendment.
    """

    label: Word
    title: Word | None
    further: bool
    gives_way: tuple[Word, ...]
    exceptions: tuple[ExceptWhen, ...]
    condition: Condition
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()
    source: Source | None = _source()


@frozen
class Class:
    """A class of a classification, its clauses and what follows; `source` as of a clause."""

    label: Word
    title: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    clauses: tuple[Clause, ...]
    thens: tuple[Then, ...]
    span: Span = _span()
    source: Source | None = _source()


@frozen
class Classification:
    """`classification NAME "title"`: the classes and how they are resolved."""

    name: Word
    title: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    applies_to: tuple[AppliesTo, ...]
    shown_to: tuple[ShownTo, ...]
    when_several: tuple[tuple[Word, ...], ...]
    all_stand: bool
    when_none: int
    when_missing: int
    invalid: tuple[Class, ...]
    classes: tuple[Class, ...]
    thens: tuple[Then, ...]
    span: Span = _span()


@frozen
class Changes:
    """`changes in NAME`, of an amendment: classes, clauses and consequences that take the place of those of before.

    `of_classes` are what follows from classes, by their labels.
    """

    name: Word
    classes: tuple[Class, ...]
    clauses: tuple[Clause, ...]
    thens: tuple[Then, ...]
    of_classes: tuple[tuple[Word, Then], ...]
    span: Span = _span()


Declaration: TypeAlias = (
    PolicyHeader | Part | Amendment | Changes | Legend | VocabularyHeader | SourceDeclaration | Named | Group | Records | Results
    | Evidence | Judgement | Prefer | Parameter | Rule | ValueFact | Score | Table | Matrix | Figure | Classification
    | Event | Pathway | CalendarDeclaration
)  # fmt: skip


@frozen
class Comment:
    """A comment, from its `#` to the end of the line; `own_line` where nothing else stands on the line."""

    text: str
    own_line: bool
    span: Span = _span()


@frozen
class File:
    """A file as parsed. `damaged` holds the names of declarations of which a part could not be read."""

    source: Source = field(eq=False)
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
    damaged: frozenset[str] = frozenset()
