"""The typed core: what an edition means. Everything downstream reads only this.

The forms of terms and conditions are those of `si_rules.semantics.forms` and are named here too.
"""

import datetime
from fractions import Fraction
from typing import Final, Literal

from attrs import evolve, field, frozen

from si_rules.semantics.audiences import Audience
from si_rules.semantics.facts import Absent, Known, Value
from si_rules.semantics.forms import (
    IN_GROUP as IN_GROUP,
    Always as Always,
    Chosen as Chosen,
    Compare as Compare,
    Computed as Computed,
    Condition as Condition,
    Constant as Constant,
    DecisionDay as DecisionDay,
    DefinedValue as DefinedValue,
    FieldValue as FieldValue,
    ForRecords as ForRecords,
    Guarded as Guarded,
    IsAmong as IsAmong,
    IsNone as IsNone,
    Leaf as Leaf,
    Listed as Listed,
    Not as Not,
    Operation as Operation,
    Operator as Operator,
    Origin as Origin,
    OutcomeIs as OutcomeIs,
    OverRecords as OverRecords,
    ParameterValue as ParameterValue,
    RecordValue as RecordValue,
    RuleHolds as RuleHolds,
    Term as Term,
    Trend as Trend,
    Unless as Unless,
    YearReference as YearReference,
    YearValue as YearValue,
)
from si_rules.semantics.kinds import Flag, Kind
from si_rules.semantics.lengths_of_time import later
from si_rules.semantics.pathway_forms import Calendar, Event, Pathway
from si_rules.semantics.vocabulary import Field, Vocabulary
from si_rules.semantics.years import AcademicYear

LANGUAGE: Final = "1"
UNMATCHED: Final = "unmatched"
INVALID: Final = "invalid"
HAPPENED: Final = "happened"  # what the paths begin with that say whether an event has happened


# ---- rules


@frozen
class Citation:
    """A place in a source."""

    source: str
    place: str


@frozen
class Rule:
    """A fact, a trigger, a clause of a class, a row of a table or score, or a label of several that may stand together.

    `released` names roles that may see it although they may not see all it reads, with the policy's reason.
    """

    id: str
    sort: Literal["fact", "trigger", "clause", "row", "label"]
    title: str
    condition: Condition
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]
    audience: Audience
    origin: Origin = field(eq=False, hash=False)
    released: frozenset[str] = frozenset()


@frozen
class Definition:
    """A value with a name: a fact that is a value, a score, a matrix, or a column of outcomes of a table.

    `rows` are the rules its value hangs on, where it is a table, a matrix or a score.
    """

    id: str
    sort: Literal["fact", "table", "matrix", "score"]
    title: str
    kind: Kind
    guard: Condition | None
    term: Term
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]
    audience: Audience
    rows: tuple[str, ...] = ()


@frozen
class Figure:
    """A value over a whole cohort: what `measure` comes to over the members of which `guard` and `where` hold.

    `count` and `share` ask `condition` of each; the others take `term`. `rank` and `percentile` are the
    subject's own place among them; `highest_first` says from which end a rank counts. A mean may have a `weight`.
    """

    name: str
    title: str
    kind: Kind
    measure: Literal["count", "share", "sum", "mean", "lowest", "highest", "rank", "percentile"]
    guard: Condition | None
    where: Condition | None
    condition: Condition | None
    term: Term | None
    weight: Term | None
    highest_first: bool
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]
    audience: Audience

    @property
    def path(self) -> str:
        """Where its value stands among the facts about a subject."""
        return f"figures.{self.name}"


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
    """A classification. `classes` are in order, the most serious first; the first that is described stands.

    A class `invalid` comes before all others and has no rank. With `all_stand` every class that is
    described stands, and the outcome is the headline.
    """

    id: str
    title: str
    guard: Condition | None
    classes: tuple[Class, ...]
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]
    audience: Audience
    all_stand: bool = False

    def rank(self, label: str) -> int | None:
        """How serious a class is: 1 for the least serious; None for `invalid`."""
        if label == INVALID:
            return None
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
    released: frozenset[str] = frozenset()


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
    """The day on which the results of a series are due: the first such day after the year ends, or a day of its own."""

    month: int
    day: int
    cites: tuple[Citation, ...] = ()
    interpretations: tuple[str, ...] = ()
    by_year: tuple[tuple[AcademicYear, datetime.date], ...] = ()


@frozen
class Period:
    """For how long evidence is accepted: so many days, weeks, months or years."""

    count: int
    unit: str
    cites: tuple[Citation, ...] = ()
    interpretations: tuple[str, ...] = ()


@frozen
class Break:
    """What a policy says of the years in which a measure breaks."""

    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]


@frozen
class Preference:
    """Which origin of a value is taken where two disagree."""

    preferred: str
    over: str
    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]


@frozen
class Counting:
    """That records or results of another, which the subject followed, count as if they were its own."""

    cites: tuple[Citation, ...]
    interpretations: tuple[str, ...]


@frozen
class Amendment:
    """An amendment of an edition: from which day it counts, and on which it was adopted.

    `counts` is false of one that would count by the day of the decision, and was not adopted by the day of knowledge.
    """

    title: str
    first: datetime.date
    adopted: datetime.date
    counts: bool = True


@frozen
class Core:
    """A whole edition of a policy, as amended by those of its `amendments` that count.

    `listings` are the tables of which every row counts, with the kind of what they give; `counted` are the
    records and results of which those of another count too; `breaks` what is said of the breaks of a field, by its
    path; `occasions` their titles.
    """

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
    definitions: dict[str, Definition] = field(factory=dict)
    figures: dict[str, Figure] = field(factory=dict)
    accepted_for: dict[str, Period] = field(factory=dict)
    preferences: tuple[Preference, ...] = ()
    listings: dict[str, Kind] = field(factory=dict)
    counted: dict[str, Counting] = field(factory=dict)
    events: dict[str, Event] = field(factory=dict)
    pathways: dict[str, Pathway] = field(factory=dict)
    calendars: dict[str, tuple[Calendar, ...]] = field(factory=dict)
    occasions: dict[str, str] = field(factory=dict)
    breaks: dict[str, Break] = field(factory=dict)
    amendments: tuple[Amendment, ...] = ()

    def begins_with(self, series: str) -> str | None:
        """The field with the day before which a subject has no results; none where those of another count."""
        return None if series in self.counted else self.vocabulary.series[series].begins_with

    @property
    def evidence_vocabulary(self) -> Vocabulary:
        """What evidence may say: the vocabulary without the events that the policy declares itself."""
        own = self.events
        fields = {path: found for path, found in self.vocabulary.fields.items() if found.parent not in own}
        collections = {name: found for name, found in self.vocabulary.collections.items() if name not in own}
        return evolve(self.vocabulary, fields=fields, collections=collections)

    def field_at(self, path: str) -> Field:
        """The field of a path, a judgement's included. Raises KeyError where there is none."""
        head, _, name = path.partition(".")
        if head == "judgements":
            return self.judgements[name].field
        if head == "figures":
            figure = self.figures[name]
            return Field(path, figure.title, figure.kind, shown_to=figure.audience)
        if head == HAPPENED:
            event = self.events[name.partition(".")[0]]
            return Field(path, f"{event.title} has happened", Flag(), shown_to=event.shown_to)
        return self.vocabulary.fields[path]

    def settled_dispute(self, candidates: tuple[tuple[str, Value], ...]) -> Known | Absent:
        """What a disputed datum is, by origin and value: known where all agree or one origin is preferred over all others."""
        over: dict[str, set[str]] = {}
        for preference in self.preferences:
            over.setdefault(preference.preferred, set()).add(preference.over)
        if len({value for _, value in candidates}) == 1:
            return Known(candidates[0][1], ", ".join(dict.fromkeys(origin for origin, _ in candidates)))
        for origin, value in candidates:
            beaten, waiting = set[str](), [origin]
            while waiting:
                for other in over.get(waiting.pop(), set()) - beaten:
                    beaten.add(other)
                    waiting.append(other)
            if all(other in beaten for other, _ in candidates if other != origin):
                return Known(value, f"{origin}, preferred")
        return Absent("disputed", tuple(dict.fromkeys(value for _, value in candidates)))

    def too_old(self, key: str, day: datetime.date | None, on: datetime.date) -> bool:
        """Whether evidence of a day is older than the policy accepts on another; so is what bears no day."""
        period = self.accepted_for.get(key)
        if period is None:
            return False
        if day is None:
            return True
        last = later(day, Fraction(period.count), period.unit)
        return last is not None and last < on

    def audience_of(self, path: str) -> Audience:
        """Who may see the evidence of a field."""
        head, _, _name = path.partition(".")
        if head in ("judgements", "figures", HAPPENED):
            return self.field_at(path).shown_to
        return self.vocabulary.audience_of(path)
