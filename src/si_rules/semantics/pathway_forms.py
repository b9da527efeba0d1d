"""The forms of pathways and calendars in the core: what a case history is followed through.

An event is a dated record: its fields stand in the vocabulary of the edition under a collection of its name, so
conditions read it as they read any other record.
"""

import datetime
from typing import Literal, TypeAlias

from attrs import field, frozen

from si_rules.semantics.audiences import EVERYBODY, Audience
from si_rules.semantics.forms import Condition, Origin

Unit: TypeAlias = Literal[
    "days", "working_days", "school_days", "weeks", "months", "half_terms", "terms", "academic_years"
]  # fmt: skip
CALENDAR_UNITS: frozenset[str] = frozenset({"working_days", "school_days", "half_terms", "terms"})
Rhythm: TypeAlias = Literal["week", "month", "half_term", "term", "year"]


@frozen
class Owned:
    """What something rests on: where the source says it, and what the policy read into it."""

    cites: tuple[tuple[str, str], ...] = ()  # the source and the place in it
    interpretations: tuple[str, ...] = ()


@frozen
class Event:
    """A sort of event. Declared in the policy; `order` is its place among those declared, for events of one day."""

    name: str
    title: str
    order: int
    shown_to: Audience = EVERYBODY


# ---- when something is due


@frozen
class Every:
    """Once in every period of the calendar that begins while the state lasts, or on the day it was entered."""

    rhythm: Rhythm


@frozen
class After:
    """Within a length of time after each event of a sort; after entry into the state where `event` is None."""

    count: int
    unit: Unit
    event: str | None


@frozen
class Before:
    """At least a length of time before each event of a sort."""

    count: int
    unit: Unit
    event: str


Deadline: TypeAlias = Every | After | Before


@frozen
class StandsStill:
    """The clock of a deadline does not run from an event of one sort to the next of another."""

    start: str
    end: str


# ---- what a state holds


@frozen
class Requirement:
    """What must hold when something is done, in the policy's `words`.

    `binding`: the source or the law requires it; else it is the described order.
    """

    id: str
    binding: bool
    condition: Condition
    words: str
    rests_on: Owned
    origin: Origin = field(eq=False, hash=False)


@frozen
class PathwayDuty:
    """What somebody must, will, should or is expected to do while a state lasts.

    `met_by` are the sorts of event that do it; none where it is never shown by an event. `condition` opens it.
    """

    id: str
    modality: str
    bearer: str
    action: str
    title: str
    deadline: Deadline | None
    met_by: tuple[str, ...]
    condition: Condition | None
    condition_words: str
    stands_still: tuple[StandsStill, ...]
    rests_on: Owned
    audience: Audience
    origin: Origin = field(eq=False, hash=False)


@frozen
class Power:
    """What somebody may do while a state lasts; `done_by` are the sorts of event that do it."""

    id: str
    bearer: str
    action: str
    title: str
    done_by: tuple[str, ...]
    condition: Condition | None
    condition_words: str
    requirements: tuple[Requirement, ...]
    rests_on: Owned
    audience: Audience
    origin: Origin = field(eq=False, hash=False)


@frozen
class Move:
    """From a state to another (`to`; None stays) on an event, where the condition holds."""

    id: str
    event: str
    to: str | None
    condition: Condition | None
    requirements: tuple[Requirement, ...]
    rests_on: Owned
    audience: Audience
    origin: Origin = field(eq=False, hash=False)


@frozen
class TimeOut:
    """From a state to another when a length of time has passed since it was entered, where the condition holds then."""

    id: str
    count: int
    unit: Unit
    to: str
    condition: Condition | None
    stands_still: tuple[StandsStill, ...]
    rests_on: Owned
    audience: Audience
    origin: Origin = field(eq=False, hash=False)


@frozen
class State:
    """A state, or a stage that groups some: `within` is the stage around it. What a stage holds counts in each of its states.

    `carries` are the names it had in earlier editions.
    """

    name: str
    title: str
    is_stage: bool
    within: str | None
    ends: bool
    duties: tuple[PathwayDuty, ...]
    powers: tuple[Power, ...]
    moves: tuple[Move, ...]
    time_outs: tuple[TimeOut, ...]
    rests_on: Owned
    audience: Audience
    carries: tuple[str, ...] = ()


@frozen
class Begin:
    """An event that begins the pathway, where the condition holds, and the state it brings."""

    event: str
    state: str
    condition: Condition | None
    rests_on: Owned


@frozen
class Pathway:
    """A state machine over dated events. `guard` says to whom it applies; `calendars` are the ids of those it follows."""

    id: str
    title: str
    guard: Condition | None
    begins: tuple[Begin, ...]
    states: dict[str, State]
    calendars: tuple[str, ...]
    rests_on: Owned
    audience: Audience
    open_cases: bool = False  # its deadlines apply to cases that began under an earlier edition


# ---- calendars


@frozen
class Term:
    """A term of a school year, from its first to its last day, and its half-term holiday, if it has one."""

    name: str
    year: str
    first: datetime.date
    last: datetime.date
    half_term: tuple[datetime.date, datetime.date] | None


@frozen
class Calendar:
    """Holidays, terms or both over a range of days; of a day outside it nothing is known."""

    id: str
    version: str
    title: str
    covers: tuple[datetime.date, datetime.date]
    holidays: tuple[tuple[datetime.date, str], ...]
    terms: tuple[Term, ...]
    digest: str
