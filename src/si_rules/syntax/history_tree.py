"""The tree of what scenarios say of a case: what has happened, and what is expected to come of it."""

from typing import Literal, TypeAlias

from attrs import field, frozen

from si_rules.source.text import Span
from si_rules.syntax.tree import Word


def _span() -> Span:
    return field(eq=False, hash=False, repr=False)  # type: ignore[no-any-return]


@frozen
class Detail:
    """A value of a field of an event: `progress insufficient`. `sort`, `text` and `unit` are as in a line of `given`."""

    name: Word
    sort: Literal["name", "flag", "percent", "number", "date", "absent", "none"]
    text: str
    unit: str | None
    span: Span = _span()


@frozen
class Happening:
    """An event of the history. `number` is its place among those of its day."""

    day: Word
    event: Word
    details: tuple[Detail, ...]
    recorded: Word | None
    number: Word | None
    span: Span = _span()


PartSort: TypeAlias = Literal["pathway", "duty", "power", "expectation", "departure"]


@frozen
class Part:
    """What a line or a column speaks of in a case: a pathway, the duties or powers of an action, an event that departs.

    `party` and `pathway` say which, where there are several; a departure may be of the event of a `day`.
    """

    sort: PartSort
    name: Word
    party: Word | None
    day: Word | None
    pathway: Word | None
    span: Span = _span()


NOT_ENTERED = "not_entered"  # stands among possible states: the pathway may not have begun
NOT_APPLICABLE = "not_applicable"  # so does this: it may not apply


@frozen
class TrackStatus:
    """Where a case stands on a pathway: in a state, perhaps `since` a day; or in which it may be (none: in several)."""

    status: Literal["in_state", "undetermined", "not_entered", "not_applicable"]
    states: tuple[Word, ...]
    since: Word | None
    span: Span = _span()


@frozen
class DutyStatus:
    """What became of a duty. `day` is that of its status: until when it is open, when it was met or breached."""

    status: Literal["met", "late", "breached", "open", "ended", "undetermined", "not_due"]
    day: Word | None
    recorded: Word | None
    span: Span = _span()


@frozen
class PowerStatus:
    """Whether a power is available; `because` names what the conditions that keep it from being so read."""

    status: Literal["available", "not_available", "undetermined"]
    because: tuple[Word, ...]
    span: Span = _span()


Status: TypeAlias = TrackStatus | DutyStatus | PowerStatus


@frozen
class ExpectStatus:
    """The status of a pathway, a duty or a power."""

    part: Part
    status: Status
    span: Span = _span()


@frozen
class ExpectAhead:
    """What comes on a day if nothing more happens: another `state` of a pathway, or the breach of a duty (None)."""

    part: Part
    state: Word | None
    day: Word
    span: Span = _span()


@frozen
class ExpectExpected:
    """Whether something is recommended or expected now."""

    part: Part
    truth: str
    span: Span = _span()


DepartureSort: TypeAlias = Literal["order", "requirement", "not_described", "not_available"]


@frozen
class ExpectDeparture:
    """That an event is a departure, of any sort or of one; perhaps one (not `sure`), or none (`negated`)."""

    part: Part
    sort: DepartureSort | None
    sure: bool
    negated: bool
    span: Span = _span()


@frozen
class ExpectNone:
    """That there is no departure at all, or no breach; on one pathway or on any."""

    of: Literal["departures", "breaches"]
    pathway: Word | None
    span: Span = _span()


CaseExpectation: TypeAlias = ExpectStatus | ExpectAhead | ExpectExpected | ExpectDeparture | ExpectNone
