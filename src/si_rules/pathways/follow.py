"""Follows the history of a case through the pathways of a policy: the whole way from events to a case."""

import datetime
from collections.abc import Callable, Container, Iterable, Iterator
from typing import TypeVar

from attrs import evolve, frozen

from si_rules.evaluation.truth import NOT_APPLICABLE
from si_rules.evidence.readers import Refusal
from si_rules.pathways.asking import Asking
from si_rules.pathways.calendars import Calendars
from si_rules.pathways.case import Case, DutyInstance, PresentState, Track
from si_rules.pathways.duties import Duties
from si_rules.pathways.fold import Course, Edition, Folding, TooManyCourses
from si_rules.pathways.forecast import Ahead
from si_rules.pathways.happened import Happened, Sorts, Timeline
from si_rules.pathways.history import History, HistoryEntry, history_digest
from si_rules.pathways.powers import Powers
from si_rules.pathways.visible import visible
from si_rules.semantics.core import LANGUAGE, Core
from si_rules.semantics.facts import Facts, Ignored
from si_rules.semantics.pathway_forms import Pathway

T = TypeVar("T")

# Gives the facts of the evidence: for a policy, on a day, known at a day, as some roles may see them (None: all).
ReadFacts = Callable[[Core, datetime.date, datetime.date, frozenset[str] | None], Facts]


@frozen
class InForce:
    """A policy with its digest and the first day on which it is in force."""

    start: datetime.date
    policy: Core
    digest: str


def follow(editions: Iterable[InForce], history: History, read: ReadFacts, on: datetime.date, known_at: datetime.date,
           roles: frozenset[str] | None = None) -> Case:  # fmt: skip
    """The case of a history on a day, as known at a day, for some roles (None: everything is shown).

    `editions` are those of one policy, the oldest first: each event goes by the rules in force on its day. Raises
    what `read` raises, and ValueError where there is no edition.
    """
    given = list(editions)
    shown = [evolve(edition, policy=visible(edition.policy, roles)) for edition in given]
    if not shown:
        raise ValueError("a case is followed under at least one edition of a policy")
    current = _at(shown, on)
    every = _with_all_events(current, shown)
    declared = {name for edition in given for name in edition.policy.events}
    known = _Known(every, declared, history, on, known_at, roles is None)
    facts = read(current.policy, on, known_at, roles)
    timeline = Timeline(known.events, every)
    asking = Asking(lambda policy, day, at: read(policy, day, at, roles), timeline, known_at)
    tracks = tuple(
        _track(_pathway_in(shown, name), asking, on) for name in current.policy.pathways
    )  # fmt: skip
    followed = {c for e in shown for some in e.policy.calendars.values() for c in some}
    calendars = {f"{c.id} {c.version}": (c.id, c.version, c.digest) for c in followed}
    policy = current.policy
    return Case(
        (policy.id, policy.edition, current.digest),
        LANGUAGE,
        history.subject,
        history.label,
        on,
        known_at,
        tuple(sorted(policy.vocabulary.audiences if roles is None else roles)),
        tuple(calendars[name] for name in sorted(calendars)),
        history_digest(facts, tuple(known.seen)),
        facts.evidence_digest,
        tracks,
        tuple(sorted((*facts.ignored, *known.ignored), key=lambda item: (item.path, item.reason))),
        tuple(known.refused),
    )


def _at(editions: list[InForce], day: datetime.date) -> InForce:
    """The edition in force on a day, the first before any is."""
    found = [edition for edition in editions if edition.start <= day]
    return found[-1] if found else editions[0]


def _with_all_events(current: InForce, editions: list[InForce]) -> Core:
    """The policy now in force with the sorts of event of its other editions too: what has happened stays in a history."""
    events, fields = dict(current.policy.events), dict(current.policy.vocabulary.fields)
    collections = dict(current.policy.vocabulary.collections)
    for edition in reversed(editions):
        for name, event in edition.policy.events.items():
            if name not in events:
                events[name] = evolve(event, order=len(events))
                collections[name] = edition.policy.vocabulary.collections[name]
                fields |= {p: f for p, f in edition.policy.vocabulary.fields.items() if f.parent == name}
    vocabulary = evolve(current.policy.vocabulary, fields=fields, collections=collections)
    return evolve(current.policy, events=events, vocabulary=vocabulary)


class _Known:
    """What of a history counts: what has happened by a day and was known at another; the rest is ignored, and told."""

    def __init__(self, policy: Core, declared: Container[str], history: History, on: datetime.date,
                 known_at: datetime.date, whole: bool) -> None:  # fmt: skip
        shown = policy.events
        self.ignored: list[Ignored] = []
        # a sort of event that nobody declared is told only to who may see everything
        self.seen = [
            entry for entry in history.events if entry.event in shown or (whole and entry.event not in declared)
        ]
        usable = list(self._usable(self.seen, on, known_at))
        self.events: list[Happened]
        self.refused: list[Refusal]
        self.events, self.refused = Sorts(policy).typed(usable)

    def _usable(
        self, entries: Iterable[HistoryEntry], on: datetime.date, known_at: datetime.date
    ) -> Iterator[HistoryEntry]:
        for entry in entries:
            path = f"events.{entry.event}.{entry.date}"
            if entry.date > on:
                self.ignored.append(Ignored(path, f"dated {entry.date}, after the day of the case, {on}"))
            elif entry.known_from > known_at:
                self.ignored.append(Ignored(path, f"recorded {entry.known_from}, after what was known at {known_at}"))
            else:
                yield entry


def _pathway_in(editions: list[InForce], name: str) -> tuple[Edition, ...]:
    """A pathway in every edition that has it."""
    return tuple(
        Edition(e.start, e.policy, e.policy.pathways[name], _calendars(e.policy, e.policy.pathways[name]))
        for e in editions
        if name in e.policy.pathways
    )


def _calendars(policy: Core, pathway: Pathway) -> Calendars:
    return Calendars(tuple(found for name in pathway.calendars for found in policy.calendars.get(name, ())))


def _track(editions: tuple[Edition, ...], asking: Asking, on: datetime.date) -> Track:
    folding = Folding(editions, asking)
    edition = folding.edition(on)
    pathway = edition.pathway
    applies = asking.truth(edition.policy, pathway.guard, on, len(asking.timeline.events), 0)
    bare = Track(pathway.id, pathway.title, applies.value, False, (), True, (), (), (), (), (), (), ())
    if applies.value == "does_not_hold" or applies is NOT_APPLICABLE:
        return bare
    try:
        courses = folding.run(on)
    except TooManyCourses:
        states = tuple(PresentState(s.name, s.title, (), on) for s in pathway.states.values() if not s.is_stage)
        return evolve(bare, begun=True, states=states, exact=False)
    begun = [course for course in courses if course.state is not None]
    duties = _duties(folding, courses, on)
    powers, ahead = Powers(folding, on), Ahead(folding, on)
    return evolve(
        bare,
        begun=bool(begun),
        states=tuple(dict.fromkeys(_present(folding, edition, course) for course in begun)),
        steps=_merged([course.steps for course in courses], lambda item: evolve(item, certain=False)),
        duties=duties,
        powers=powers.powers(begun),
        expectations=powers.expectations(begun),
        departures=_merged([course.departures for course in courses], lambda item: evolve(item, truth="undetermined")),
        forecast=ahead.if_nothing_happens(begun, duties),
        branches=ahead.branches(begun[0]) if len(begun) == 1 else (),
    )


def _present(folding: Folding, edition: Edition, course: Course) -> PresentState:
    assert course.state is not None
    state = edition.pathway.states.get(course.state)
    title = state.title if state is not None else course.state
    around = [level.title for level in folding.levels(edition, course.state)[1:]] if state is not None else []
    return PresentState(course.state, title, tuple(around), course.stay(course.state).since, course.hangs_on)


def _duties(folding: Folding, courses: list[Course], on: datetime.date) -> tuple[DutyInstance, ...]:
    found = _merged(
        [tuple(Duties(folding, on).of(course)) for course in courses], lambda item: evolve(item, certain=False)
    )
    return tuple(sorted(found, key=lambda item: (item.opened, item.due or datetime.date.max, item.id)))


def _merged(found: list[tuple[T, ...]], unsure: Callable[[T], T]) -> tuple[T, ...]:
    """What any course has, in order; what not all have is unsure."""
    every = list(dict.fromkeys(item for items in found for item in items))
    return tuple(item if all(item in items for items in found) else unsure(item) for item in every)
