"""Follows the history of a case through the pathways of a policy: the whole way from events to a case."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from attrs import evolve

from si_rules.evaluation.truth import NOT_APPLICABLE
from si_rules.evidence.readers import Refusal
from si_rules.pathways.asking import Asking
from si_rules.pathways.case import Case, DutyInstance, PresentState, Track
from si_rules.pathways.course import Course, TooManyCourses
from si_rules.pathways.duties import Duties
from si_rules.pathways.edition import Edition
from si_rules.pathways.fold import Folding
from si_rules.pathways.forecast import Ahead
from si_rules.pathways.happened import Happened, Timeline
from si_rules.pathways.history import History, HistoryEntry, history_digest
from si_rules.pathways.powers import Powers
from si_rules.pathways.prepared import InForce as InForce, Prepared, View
from si_rules.semantics.core import LANGUAGE, Core
from si_rules.semantics.facts import Facts, Ignored

T = TypeVar("T")

# Gives the facts of the evidence: for a policy, on a day, known at a day, as some roles may see them (None: all).
ReadFacts = Callable[[Core, datetime.date, datetime.date, frozenset[str] | None], Facts]


def follow(editions: Iterable[InForce], history: History, read: ReadFacts, on: datetime.date, known_at: datetime.date,
           roles: frozenset[str] | None = None) -> Case:  # fmt: skip
    """The case of a history on a day, as known at a day, for some roles (None: everything is shown).

    `editions` are those of one policy, the oldest first: each event goes by the rules in force on its day. Raises
    what `read` raises, and ValueError where there is no edition.
    """
    return follow_prepared(Prepared(editions), history, read, on, known_at, roles)


def follow_prepared(editions: Prepared, history: History, read: ReadFacts, on: datetime.date, known_at: datetime.date,
                    roles: frozenset[str] | None = None) -> Case:  # fmt: skip
    """The same for editions that serve many cases."""
    view = editions.view(roles, on)
    policy = view.current.policy
    known = _Known(view, history, on, known_at, roles is None)
    facts = read(policy, on, known_at, roles)
    timeline = Timeline(known.events, view.policy)
    asking = Asking(lambda policy, day, at: read(policy, day, at, roles), timeline, known_at, view.questions)
    if known_at <= on:
        asking.known(policy, on, facts)
    tracks = tuple(_track(pathway, asking, on) for pathway in view.pathways)
    return Case(
        (policy.id, policy.edition, view.current.digest),
        LANGUAGE,
        history.subject,
        history.label,
        on,
        known_at,
        tuple(sorted(policy.vocabulary.audiences if roles is None else roles)),
        view.calendars,
        history_digest(facts, tuple(known.seen)),
        facts.evidence_digest,
        tracks,
        tuple(sorted((*facts.ignored, *known.ignored), key=lambda item: (item.path, item.reason))),
        tuple(known.refused),
        timeline.events,
    )


class _Known:
    """What of a history counts: what has happened by a day and was known at another; the rest is ignored, and told."""

    def __init__(self, view: View, history: History, on: datetime.date, known_at: datetime.date, whole: bool) -> None:
        shown, declared = view.policy.events, view.declared
        self.ignored: list[Ignored] = []
        # a sort of event that nobody declared is told only to who may see everything
        self.seen = [
            entry for entry in history.events if entry.event in shown or (whole and entry.event not in declared)
        ]
        usable = list(self._usable(self.seen, on, known_at))
        self.events: list[Happened]
        self.refused: list[Refusal]
        self.events, self.refused = view.sorts.typed(usable)

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
        acts=powers.acts(begun),
    )


def _present(folding: Folding, edition: Edition, course: Course) -> PresentState:
    assert course.state is not None
    state = edition.pathway.states.get(course.state)
    title = state.title if state is not None else course.state
    around = [level.title for level in edition.levels(course.state)[1:]] if state is not None else []
    return PresentState(course.state, title, tuple(around), course.stay(course.state).since, course.hangs_on)


def _duties(folding: Folding, courses: list[Course], on: datetime.date) -> tuple[DutyInstance, ...]:
    found = _merged(
        [tuple(Duties(folding, on).of(course)) for course in courses], lambda item: evolve(item, certain=False)
    )
    return tuple(sorted(found, key=lambda item: (item.opened, item.due or datetime.date.max, item.id)))


def _merged(found: list[tuple[T, ...]], unsure: Callable[[T], T]) -> tuple[T, ...]:
    """What any course has, in order; what not all have is unsure."""
    every = list(dict.fromkeys(item for items in found for item in items))
    if len(found) == 1:
        return tuple(every)
    return tuple(item if all(item in items for items in found) else unsure(item) for item in every)
