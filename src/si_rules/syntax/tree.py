"""The tree of a policy or vocabulary file, as written: frozen, one class a form, names not yet looked up.

Spans stand outside equality and hashing, so that two trees are equal when they say the same.
"""

from typing import Literal, TypeAlias

from attrs import field, frozen

from si_rules.source.text import Source, Span

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
class Sum:
    """`a plus b minus c`."""

    first: "Term"
    rest: tuple[tuple[Literal["plus", "minus"], "Term"], ...]
    span: Span = _span()


Term: TypeAlias = NameTerm | Judged | Quantity | Sum


@frozen
class Ordered:
    """`is under`, `is at least`, `is more than`, `is at most`, `is before`, `is after` a term."""

    operator: Literal["under", "at_least", "more_than", "at_most", "before", "after"]
    term: Term


@frozen
class IsValue:
    """`is VALUE`, `is VALUE or better`, `is VALUE or worse`."""

    term: Term
    onward: Literal["better", "worse"] | None


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


Condition: TypeAlias = Comparison | RuleReference | ClauseReference | Joined | Bracketed | ItemList

# ---- properties of rules


@frozen
class Cites:
    """`cites SOURCE "place"`."""

    source: Word
    place: Word
    span: Span = _span()


@frozen
class Interpretation:
    """`interpretation ID "reason"`; without a reason it refers to one given elsewhere in the edition."""

    id: Word
    reason: Word | None
    span: Span = _span()


@frozen
class AppliesTo:
    """`applies to every school` (no group) or `applies to maintained schools`."""

    group: Word | None
    noun: Word
    span: Span = _span()


@frozen
class ShownTo:
    """`shown to ROLE, ROLE`."""

    roles: tuple[Word, ...]
    span: Span = _span()


@frozen
class Consequence:
    """What follows: who, how binding, which action; for whom, when, shown to whom, on what condition."""

    party: Word
    modality: Word
    action: Word
    group: AppliesTo | None
    timing: tuple[str, Word] | None
    shown_to: ShownTo | None
    condition: Condition | None
    properties: tuple[Cites | Interpretation, ...]
    span: Span = _span()


@frozen
class Then:
    """The consequences of a rule; `outcome` tells `then` from `when unmatched` and `whatever the outcome`."""

    outcome: Literal["then", "unmatched", "whatever"]
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    consequences: tuple[Consequence, ...]
    span: Span = _span()


# ---- declarations


@frozen
class PolicyHeader:
    """`policy ID` and its lines."""

    id: Word
    title: tuple[Word, ...]
    edition: tuple[Word, ...]
    in_force: tuple[tuple[Word, Word], ...]
    vocabulary: tuple[tuple[Word, Word], ...]
    span: Span = _span()


@frozen
class Part:
    """`part of ID EDITION`: a further file of an edition."""

    id: Word
    edition: Word
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
    """`party`, `occasion`, `action`, `audience` or `unit`, a name and a title."""

    sort: str
    name: Word
    title: Word
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
    """What values something may have; `sort` is `flag`, `choice`, `best_to_worst`, `worst_to_best` or a quantity."""

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
    shown_to: tuple[ShownTo, ...]
    span: Span = _span()


@frozen
class Results:
    """`results NAME "title"`: a series by academic year."""

    name: Word
    title: Word
    each_year: tuple[Word | None, ...]
    due_on: tuple[tuple[Word, Word], ...]
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
    shown_to: tuple[ShownTo, ...]
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
    thens: tuple[Then, ...]
    span: Span = _span()


@frozen
class Clause:
    """One way in which a class is described.

    `further` where it begins with `or`; `gives_way` names the clauses it gives way to.
    """

    label: Word
    title: Word | None
    further: bool
    gives_way: tuple[Word, ...]
    condition: Condition
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()


@frozen
class Class:
    """A class of a classification, its clauses and what follows."""

    label: Word
    title: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    clauses: tuple[Clause, ...]
    thens: tuple[Then, ...]
    span: Span = _span()


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
    when_none: int
    when_missing: int
    classes: tuple[Class, ...]
    thens: tuple[Then, ...]
    span: Span = _span()


Declaration: TypeAlias = (
    PolicyHeader | Part | Legend | VocabularyHeader | SourceDeclaration | Named | Group | Records | Results
    | Evidence | Judgement | Parameter | Rule | Classification
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
