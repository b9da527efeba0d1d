"""The tree of events, pathways and calendars, as written."""

from typing import Literal

from attrs import field, frozen

from si_rules.source.text import Span
from si_rules.syntax.expressions import Condition, Word
from si_rules.syntax.properties import AppliesTo, Cites, Interpretation, ShownTo


def _span() -> Span:
    return field(eq=False, hash=False, repr=False)  # type: ignore[no-any-return]


@frozen
class Event:
    """`event NAME "title"`: a sort of dated record of which histories are made."""

    name: Word
    title: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    shown_to: tuple[ShownTo, ...]
    span: Span = _span()


@frozen
class Length:
    """A length of time: `15 working days`."""

    count: Word
    unit: Word
    span: Span = _span()


@frozen
class Due:
    """When something is due: `every term`, `within 7 days after EVENT`, `at least 7 days before EVENT`."""

    sort: Literal["every", "within", "before"]
    rhythm: Word | None
    length: Length | None
    event: Word | None
    span: Span = _span()


@frozen
class Requirement:
    """`requires CONDITION`, or `expects CONDITION`: the described order."""

    binding: bool
    condition: Condition
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()


@frozen
class StandsStill:
    """`the clock stands still from EVENT to EVENT`."""

    start: Word
    end: Word
    span: Span = _span()


@frozen
class Act:
    """What somebody must, may or should do while a state lasts; `shown_by` are the events that do it."""

    party: Word
    modality: Word
    action: Word
    group: AppliesTo | None
    due: Due | None
    shown_by: tuple[str, tuple[Word, ...]] | None
    shown_to: tuple[ShownTo, ...]
    condition: Condition | None
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    requirements: tuple[Requirement, ...]
    stands_still: tuple[StandsStill, ...]
    span: Span = _span()


@frozen
class Move:
    """`upon EVENT, to STATE`; without a state it stays."""

    event: Word
    to: Word | None
    shown_to: tuple[ShownTo, ...]
    condition: Condition | None
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    requirements: tuple[Requirement, ...]
    stands_still: tuple[StandsStill, ...]
    span: Span = _span()


@frozen
class TimeOut:
    """`after 15 working days, to STATE`."""

    length: Length
    to: Word
    shown_to: tuple[ShownTo, ...]
    condition: Condition | None
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    requirements: tuple[Requirement, ...]
    stands_still: tuple[StandsStill, ...]
    span: Span = _span()


@frozen
class State:
    """`state NAME "title"`, or a `stage` with states inside."""

    is_stage: bool
    name: Word
    title: Word
    ends: bool
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    shown_to: tuple[ShownTo, ...]
    carries: tuple[tuple[Word, ...], ...]
    acts: tuple[Act, ...]
    moves: tuple[Move, ...]
    time_outs: tuple[TimeOut, ...]
    states: tuple["State", ...]
    span: Span = _span()


@frozen
class Begins:
    """`begins with EVENT, in STATE`."""

    event: Word
    state: Word
    condition: Condition | None
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()


@frozen
class Pathway:
    """`pathway NAME "title"`: the states a case goes through, and what counts in each."""

    name: Word
    title: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    applies_to: tuple[AppliesTo, ...]
    shown_to: tuple[ShownTo, ...]
    follows: tuple[tuple[Word, ...], ...]
    open_cases: bool
    begins: tuple[Begins, ...]
    states: tuple[State, ...]
    span: Span = _span()


@frozen
class TermDates:
    """`term NAME YEAR: DATE to DATE, half term DATE to DATE`."""

    name: Word
    year: Word
    dates: tuple[Word, Word]
    half_term: tuple[Word, Word] | None
    span: Span = _span()


@frozen
class CalendarDeclaration:
    """`calendar NAME VERSION "title"`: holidays and terms over a range of days."""

    name: Word
    version: Word
    title: Word
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    covers: tuple[tuple[Word, Word], ...]
    holidays: tuple[tuple[Word, Word], ...]
    terms: tuple[TermDates, ...]
    span: Span = _span()
