"""The tree of a scenario file, as written."""

from typing import Literal, TypeAlias

from attrs import field, frozen

from si_rules.source.text import Span
from si_rules.syntax.history_tree import CaseExpectation, Happening, Part, Status
from si_rules.syntax.tree import Timing, Word


def _span() -> Span:
    return field(eq=False, hash=False, repr=False)  # type: ignore[no-any-return]


@frozen
class Place:
    """What a line is about: a field, or a judgement.

    A field may be of a `year`, of the `latest` year or record or the `previous` one, or of the record of a `day`; a
    judgement may be of the `day` on which it was made.
    """

    name: Word
    judgement: bool
    year: Word | None
    previous: bool
    latest: bool
    day: Word | None
    span: Span = _span()


GivenSort: TypeAlias = Literal[
    "name", "flag", "percent", "number", "date", "absent", "none", "no_records", "known_on", "disputed"
]  # fmt: skip


@frozen
class Given:
    """A value of a place, of one `sort`; or that it became known later (`known_on`, the day is the text).

    A disputed place has `candidates`, each a value with the origin that gives it.
    """

    place: Place
    sort: GivenSort
    text: str
    unit: str | None
    span: Span = _span()
    candidates: tuple["Candidate", ...] = ()


@frozen
class Candidate:
    """One of the values of a disputed place, and its origin, if it is told."""

    sort: GivenSort
    text: str
    unit: str | None
    origin: Word | None
    span: Span = _span()


# ---- what is expected


@frozen
class ExpectOutcome:
    """What a classification comes to. `labels` are the outcome, or the possible ones of an undetermined."""

    classification: Word
    status: Literal["determined", "undetermined", "unmatched", "not_applicable"]
    labels: tuple[Word, ...]
    because: tuple[Word, ...]
    settled: bool
    span: Span = _span()


@frozen
class ExpectRule:
    """The truth of a fact, a trigger or a clause."""

    sort: Literal["fact", "trigger", "clause"]
    name: Word
    truth: str
    span: Span = _span()


@frozen
class ExpectValue:
    """What a value with a name, or a figure, comes to: as a `given` line says it, undetermined, or not applicable.

    An undetermined figure may have `limits`, the least and the greatest that it may be.
    """

    name: Word
    status: Literal["known", "none", "undetermined", "not_applicable"]
    sort: GivenSort
    text: str
    unit: str | None
    span: Span = _span()
    limits: tuple["Candidate", ...] = ()


@frozen
class ExpectConsequence:
    """Something that follows (`sure`) or may, or with `negated` that does not, or is not spoken of at all.

    Where it says when (`timing`), only what is to be done then is meant.
    """

    sure: bool
    negated: bool
    party: Word
    modality: str
    action: Word
    timing: tuple[Timing, ...]
    span: Span = _span()


@frozen
class ExpectNeed:
    """That a datum can still matter to a classification, or that it is never asked for."""

    classification: Word
    needed: bool
    place: Place
    span: Span = _span()


@frozen
class ExpectSettling:
    """That some data could settle a classification, or (`surely`) will, and no fewer of them."""

    classification: Word
    surely: bool
    places: tuple[Place, ...]
    span: Span = _span()


@frozen
class ExpectNearMiss:
    """That a class would hold but for one condition, which reads a place."""

    classification: Word
    label: Word
    place: Place
    span: Span = _span()


@frozen
class Target:
    """What a line or a column speaks of: a classification, a fact, a trigger, a clause, or (a column) a value."""

    sort: Literal["classification", "fact", "trigger", "clause", "value"]
    name: Word
    span: Span = _span()


@frozen
class ExpectCited:
    """That what decided a classification, a rule, or a part of a case cites a place in a source."""

    target: Target | Part
    source: Word
    place: Word
    span: Span = _span()


@frozen
class ExpectRests:
    """That a classification, a rule, a part of a case, or without `target` the decision rests on interpretations, or
    not (`negated`).
    """

    target: Target | Part | None
    negated: bool
    ids: tuple[Word, ...]
    span: Span = _span()


@frozen
class ExpectUnused:
    """That evidence was given and not used: it was too late."""

    place: Place
    span: Span = _span()


@frozen
class ExpectUnsaid:
    """That a decision for an audience does not speak of a classification or a rule, or a case of a part of it."""

    target: Target | Part
    span: Span = _span()


Expectation: TypeAlias = (
    ExpectOutcome
    | ExpectRule
    | ExpectValue
    | ExpectConsequence
    | ExpectNeed
    | ExpectSettling
    | ExpectNearMiss
    | ExpectCited
    | ExpectRests
    | ExpectUnused
    | ExpectUnsaid
    | CaseExpectation
)

# ---- tables of cases, once their cells are read


@frozen
class GivenCell:
    """A cell under a place: a value as in a `given` line."""

    sort: GivenSort
    text: str
    unit: str | None
    span: Span = _span()


@frozen
class ExpectedCell:
    """A cell under something expected: what would stand after `is` in a line, or a truth."""

    truth: str | None
    status: Literal["determined", "undetermined", "unmatched", "not_applicable"] | None
    labels: tuple[Word, ...]
    because: tuple[Word, ...]
    settled: bool
    span: Span = _span()


@frozen
class ValueCell:
    """A cell under a value: what it comes to, as a `given` line says it, or undetermined, or not applicable."""

    status: Literal["known", "none", "undetermined", "not_applicable"]
    sort: GivenSort
    text: str
    unit: str | None
    span: Span = _span()


@frozen
class Day:
    """The head of a column of days: `on` which the case is taken, or when what was known (`known at`)."""

    of: Literal["on", "known_at"]
    span: Span = _span()


@frozen
class Row:
    """A row: its name, if the table has a column for it; the cells, None where one is empty."""

    title: Word | None
    given: tuple[GivenCell | None, ...]
    expected: tuple["ExpectedCell | ValueCell | Status | None", ...]
    span: Span = _span()


@frozen
class Table:
    """A table of cases: what its columns are about, and its rows."""

    places: tuple[Place | Day, ...]
    targets: tuple[Target | Part, ...]
    rows: tuple[Row, ...]


# ---- the file


@frozen
class At:
    """`on DATE`, with `, as if in force` where the policy is decided by outside its period."""

    day: Word
    as_if: bool


@frozen
class ScenariosHeader:
    """`scenarios for ID EDITION` and the date they are decided on."""

    policy: Word
    edition: Word
    on: At
    known_at: Word | None
    span: Span = _span()


@frozen
class Background:
    """Evidence with a name, for several scenarios, and what has happened before them."""

    name: Word
    given: tuple[Given, ...]
    span: Span = _span()
    history: tuple[Happening, ...] = ()


@frozen
class Scenario:
    """One case, or with `rows` (the lines of its table, not yet cut into cells) several.

    `among` names the backgrounds that are the members of the cohort it is decided among.
    """

    title: Word
    on: At | None
    known_at: Word | None
    backgrounds: tuple[Word, ...]
    given: tuple[Given, ...]
    expectations: tuple[Expectation, ...]
    shown_to: tuple[Word, ...]
    among: tuple[Word, ...]
    rows: tuple[Word, ...]
    span: Span = _span()
    history: tuple[Happening, ...] = ()
