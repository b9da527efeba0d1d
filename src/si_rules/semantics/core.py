"""The typed core: what a policy means, in a few closed forms. Everything downstream reads only this.

Terms stand for values, conditions for truths. Every name is resolved, every kind known, every scale
comparison spelled out as the values it admits. Origins (file, line, the author's words) stand outside
equality.
"""

import datetime
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from si_rules.semantics.audiences import Audience
from si_rules.semantics.facts import Value
from si_rules.semantics.kinds import Kind, Number
from si_rules.semantics.vocabulary import Field, Vocabulary
from si_rules.semantics.years import AcademicYear

LANGUAGE: Final = "1"
UNMATCHED: Final = "unmatched"
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
    """A year: `back` years before the latest that is due (0 the latest), or a `fixed` one."""

    back: int = 0
    fixed: AcademicYear | None = None


# ---- terms


@frozen
class Constant:
    """A value written in the policy."""

    value: Value
    kind: Kind


@frozen
class FieldValue:
    """The value of a field of the subject itself, or of a judgement (`judgements.NAME`)."""

    path: str
    kind: Kind


@frozen
class RecordValue:
    """A field of the newest record of a collection, or of the one `back` before it."""

    collection: str
    path: str
    kind: Kind
    back: int = 0


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
class Sum:
    """Two numbers added, or the second taken from the first."""

    left: "Term"
    right: "Term"
    subtract: bool
    kind: Number


Term: TypeAlias = Constant | FieldValue | RecordValue | YearValue | ParameterValue | Sum

# ---- conditions

Operator: TypeAlias = Literal["<", "<=", ">", ">=", "="]


@frozen
class Compare:
    """Two numbers or two dates compared. A leaf: `id` names it within its rule."""

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

    `count` is for `at_least`: it holds with that many items holding, does not with fewer possible.
    """

    quantifier: Literal["all", "any", "none", "at_least"]
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
    """A fact, a trigger or a clause, by id."""

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


@frozen
class OutcomeIs:
    """Whether the outcome of a classification is one of some labels or `unmatched`."""

    classification: str
    outcomes: tuple[str, ...]


Condition: TypeAlias = Compare | IsAmong | Trend | Listed | Not | RuleHolds | Guarded | Unless | OutcomeIs
Leaf: TypeAlias = Compare | IsAmong | Trend

# ---- rules


@frozen
class Citation:
    """A place in a source."""

    source: str
    place: str


@frozen
class Rule:
    """A fact, a trigger, or a clause of a class: something that holds or does not."""

    id: str
    sort: Literal["fact", "trigger", "clause"]
    title: str
    condition: Condition
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]
    audience: Audience
    origin: Origin = _origin()


@frozen
class Class:
    """A class: described where any of its clauses (rule ids) holds."""

    label: str
    title: str
    clauses: tuple[str, ...]
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]


@frozen
class Classification:
    """A classification. `classes` are in order, the most serious first; the first that is described stands."""

    id: str
    title: str
    guard: Condition | None
    classes: tuple[Class, ...]
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]
    audience: Audience

    def rank(self, label: str) -> int:
        """How serious a class is: 1 for the least serious."""
        labels = [item.label for item in self.classes]
        return len(labels) - labels.index(label)


@frozen
class Consequence:
    """What follows where `condition` holds: who (`bearer`), how binding (`modality`), which action, when."""

    modality: str
    bearer: str
    action: str
    title: str
    when: str | None
    audience: Audience
    rule: str
    condition: Condition
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]
    classification: str | None


@frozen
class Parameter:
    """A dated parameter: values by year of results, or from a date on (the newest date not after *on*)."""

    name: str
    title: str
    kind: Kind
    by_year: tuple[tuple[AcademicYear, Fraction], ...]
    from_date: tuple[tuple[datetime.date, Fraction], ...]
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]


@frozen
class Judgement:
    """A judgement the policy asks people for; a field at `judgements.NAME`."""

    name: str
    field: Field
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]


@frozen
class Due:
    """The day on which the results of a series are due, the first such day after the year ends."""

    month: int
    day: int
    cites: tuple[Citation, ...] = ()
    interpretations: tuple[str, ...] = ()


@frozen
class Core:
    """A whole edition of a policy."""

    id: str
    title: str
    edition: str
    in_force: tuple[datetime.date, datetime.date]
    vocabulary: Vocabulary
    sources: dict[str, str]
    interpretations: dict[str, str]
    parties: dict[str, str]
    parameters: dict[str, Parameter]
    judgements: dict[str, Judgement]
    due: dict[str, Due]
    rules: dict[str, Rule]
    classifications: dict[str, Classification]
    consequences: tuple[Consequence, ...]

    def field_at(self, path: str) -> Field:
        """The field of a path, a judgement's included. Raises KeyError where there is none."""
        head, _, name = path.partition(".")
        if head == "judgements":
            return self.judgements[name].field
        return self.vocabulary.fields[path]

    def audience_of(self, path: str) -> Audience:
        """Who may see the evidence of a field."""
        head, _, name = path.partition(".")
        if head == "judgements":
            return self.judgements[name].field.shown_to
        return self.vocabulary.audience_of(path)
