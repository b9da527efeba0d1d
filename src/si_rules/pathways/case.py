"""A case as followed: where it stands, how it came there, what is due, what may be done, what comes next."""

import datetime
from typing import Literal, TypeAlias

from attrs import field, frozen

from si_rules.evidence.readers import Refusal
from si_rules.pathways.happened import Happened
from si_rules.semantics.facts import Ignored
from si_rules.semantics.pathway_forms import Owned

Truth: TypeAlias = Literal["holds", "does_not_hold", "undetermined", "not_applicable"]
DutyStatus: TypeAlias = Literal["open", "met", "late", "breached", "ended", "undetermined"]


@frozen
class PresentState:
    """A state the case is in, or may be in; `hangs_on` are the guards that were undetermined on the way there."""

    state: str
    title: str
    stages: tuple[str, ...]
    since: datetime.date
    hangs_on: tuple[str, ...] = ()


@frozen
class Step:
    """An event or time-out that moved the case. `certain` is false where only some possible courses took it."""

    date: datetime.date
    event: str | None
    title: str
    recorded: datetime.date | None
    came_from: str | None
    to: str
    edition: str
    rests_on: Owned
    certain: bool = True


@frozen
class Departure:
    """An event that was not as the policy describes.

    `not_described`: the state describes no such event. `not_available`: the condition of the power did not hold.
    `requirement`: something that is required was lacking. `order`: the described order was left.
    """

    date: datetime.date
    event: str
    title: str
    sort: Literal["not_described", "not_available", "requirement", "order"]
    words: str
    truth: Literal["holds", "undetermined"]
    state: str | None
    rests_on: Owned


@frozen
class DutyInstance:
    """One time that something was due.

    `due` is its last day, None where it is due as long as the state lasts; `why` says why it is undetermined.
    A duty is `late` that was met after it was breached: both days are kept.
    """

    id: str
    bearer: str
    modality: str
    action: str
    title: str
    opened: datetime.date
    due: datetime.date | None
    status: DutyStatus
    met_on: datetime.date | None
    met_recorded: datetime.date | None
    breached_on: datetime.date | None
    period: str | None
    rests_on: Owned
    why: str | None = None
    certain: bool = True


@frozen
class RequirementResult:
    """A requirement of a power, with its truth now."""

    words: str
    binding: bool
    truth: Truth
    rests_on: Owned


@frozen
class PowerResult:
    """What somebody may do now: `holds` where it is available, with what it requires."""

    id: str
    bearer: str
    action: str
    title: str
    available: Truth
    requirements: tuple[RequirementResult, ...]
    rests_on: Owned


@frozen
class Expectation:
    """What is recommended or expected now."""

    id: str
    bearer: str
    modality: str
    action: str
    title: str
    truth: Truth
    rests_on: Owned


@frozen
class Act:
    """A power or duty that stands in the present state, whatever comes of it: whether its condition holds now.

    `done_by` are the sorts of event that do it; `recurs`: it falls due again and again.
    """

    id: str
    modality: str
    bearer: str
    action: str
    title: str
    truth: Truth
    condition_words: str
    done_by: tuple[str, ...]
    recurs: bool
    rests_on: Owned


@frozen
class Forecast:
    """What comes on a day if nothing happens: a breach, or another state."""

    date: datetime.date
    sort: Literal["breach", "state"]
    what: str
    title: str
    bearer: str | None
    rests_on: Owned


@frozen
class Branch:
    """What an event would bring if it happened on the day of the case: the state, and what then becomes available."""

    event: str
    title: str
    given: tuple[tuple[str, str], ...]
    to: str | None
    becomes_available: tuple[str, ...]
    departures: tuple[str, ...]


@frozen
class Track:
    """A case on one pathway. `exact` is false where so many courses are possible that the states are only bounded."""

    pathway: str
    title: str
    applies: Truth
    begun: bool
    states: tuple[PresentState, ...]
    exact: bool
    steps: tuple[Step, ...]
    duties: tuple[DutyInstance, ...]
    powers: tuple[PowerResult, ...]
    expectations: tuple[Expectation, ...]
    departures: tuple[Departure, ...]
    forecast: tuple[Forecast, ...]
    branches: tuple[Branch, ...]
    acts: tuple[Act, ...] = ()


@frozen
class Case:
    """A case history followed under a policy, on a date, as known at another, for an audience."""

    policy: tuple[str, str, str]  # id, edition, digest
    language: str
    subject: str
    label: str | None
    on: datetime.date
    known_at: datetime.date
    audience: tuple[str, ...]
    calendars: tuple[tuple[str, str, str], ...]  # id, version, digest
    history_digest: str
    evidence_digest: str
    tracks: tuple[Track, ...]
    ignored: tuple[Ignored, ...]
    refused: tuple[Refusal, ...] = field(factory=tuple)
    events: tuple[Happened, ...] = ()  # those that count, in order
