"""From events to states: a history goes through a pathway, on every course that is still possible."""

import datetime
from collections.abc import Callable, Iterator
from typing import Final, Literal

from attrs import define, evolve, field

from si_rules.evaluation.truth import FAILS, HOLDS, UNDETERMINED, Truth
from si_rules.pathways.asking import Asking
from si_rules.pathways.calendars import Outside, Span
from si_rules.pathways.case import Departure, Step
from si_rules.pathways.course import Course, Stay, TooManyCourses
from si_rules.pathways.edition import Edition
from si_rules.pathways.happened import Happened
from si_rules.semantics.pathway_forms import Move, Owned, Power, Requirement, StandsStill, State, TimeOut

MOST_COURSES: Final = 16
_DAY: Final = datetime.timedelta(days=1)
_MOST_TIME_OUTS: Final = 100  # one after the other, without an event between them


@define
class Folding:
    """Goes through a history. `editions` are those of the pathway, the oldest first; there is at least one."""

    editions: tuple[Edition, ...]
    asking: Asking
    courses: list[Course] = field(factory=lambda: [Course()])
    _last_days: dict[tuple[int, datetime.date, tuple[Span, ...]], datetime.date | Outside] = field(factory=dict)

    def edition(self, day: datetime.date) -> Edition:
        """The edition whose rules count on a day; the first also before it begins."""
        found = self.editions[0]
        for edition in self.editions:
            if edition.start <= day:
                found = edition
        return found

    def run(self, on: datetime.date) -> list[Course]:
        """The courses that are possible on a day. Raises `TooManyCourses`."""
        only = self.editions[0] if len(self.editions) == 1 else None  # between two, an event may also carry a state on
        for place, event in enumerate(self.asking.timeline.events):
            self.until(event.date, place)
            if only is not None and event.name not in only.relevant:
                continue
            self._each(lambda course, place=place, event=event: self.taken(course, event, place))  # type: ignore[misc]
        self.until(on, len(self.asking.timeline.events))
        return self.courses

    def _each(self, further: Callable[[Course], Iterator[Course]]) -> None:
        found = [course for before in self.courses for course in further(before)]
        self.courses = found if len(found) < 2 else list(dict.fromkeys(found))
        if len(self.courses) > MOST_COURSES:
            raise TooManyCourses

    # ---- events
    def taken(self, course: Course, event: Happened, place: int) -> Iterator[Course]:
        """What becomes of a course with an event: it begins, moves, stays; what is not as described is noted."""
        edition = self.edition(event.date)
        course = _carried(course, edition)
        if course.state is not None and course.state not in edition.pathway.states:
            edition = self.last_with(course.state, event.date)
        if course.state is None or self._ended(edition, course.state):
            yield from self._begun(course, edition, event, place)
            return
        assert course.state is not None
        entered = course.stay(course.state).entered
        for move, truth, assumed in self._moves(edition, course.state, event, place, entered):
            noted = evolve(course, hangs_on=(*course.hangs_on, *assumed)) if assumed else course
            noted = self._noted(noted, edition, event, place, entered, move)
            yield noted if move is None else self._moved(noted, edition, move, event, place, truth)

    def last_with(self, state: str, day: datetime.date) -> Edition:
        """The last edition by a day that has a state: a case in it goes on by its rules where a later one has no such state."""
        found = [e for e in self.editions if state in e.pathway.states and e.start <= day]
        return found[-1] if found else next(e for e in self.editions if state in e.pathway.states)

    def _ended(self, edition: Edition, state: str) -> bool:
        found = edition.pathway.states.get(state)
        return found is not None and found.ends

    def _begun(self, course: Course, edition: Edition, event: Happened, place: int) -> Iterator[Course]:
        for begin in edition.pathway.begins:
            if begin.event != event.name:
                continue
            truth = self.asking.truth(edition.policy, begin.condition, event.date, place + 1, place)
            if truth in (HOLDS, UNDETERMINED):
                assumed = (f"{begin.event} of {event.date}",) if truth is UNDETERMINED else ()
                begun = evolve(course, hangs_on=(*course.hangs_on, *assumed))
                yield self._entered(begun, edition, begin.state, event.date, place, event, begin.rests_on, not assumed)
            if truth is HOLDS:
                return
        if event.name in edition.used and course.state is None:
            words = f"{edition.policy.events[event.name].title}, before the case began"
            yield _departed(course, edition, event, "not_described", words, HOLDS, edition.pathway.rests_on)
            return
        yield course

    def _moves(self, edition: Edition, state: str, event: Happened, place: int,
               entered: int) -> Iterator[tuple[Move | None, Truth, tuple[str, ...]]]:  # fmt: skip
        """The moves that an event brings or may bring, the innermost first; None where the state may stay."""
        assumed: list[str] = []
        for move in edition.described(state, event.name).moves:
            truth = self.asking.truth(edition.policy, move.condition, event.date, place + 1, entered)
            if truth is HOLDS:
                yield move, HOLDS, tuple(assumed)
                return
            if truth is UNDETERMINED:
                yield move, UNDETERMINED, (*assumed, f"{move.id} holds on {event.date}")
                assumed.append(f"{move.id} does not hold on {event.date}")
        yield None, HOLDS, tuple(assumed)

    # ---- what is not as described
    def _noted(self, course: Course, edition: Edition, event: Happened, place: int, entered: int,
               move: Move | None) -> Course:  # fmt: skip
        assert course.state is not None
        described = edition.described(course.state, event.name)
        if move is None and not described.powers and not described.meets_duty:
            if event.name not in edition.used:
                return course
            state = edition.pathway.states[course.state]
            words = f"{edition.policy.events[event.name].title}: none is described while the case is {state.title}"
            return _departed(course, edition, event, "not_described", words, HOLDS, state.rests_on)
        for power in described.powers:
            course = self._power_noted(course, edition, power, event, place, entered)
        requirements = move.requirements if move is not None else ()
        return self._requirements_noted(course, edition, requirements, event, place, entered)

    def _power_noted(self, course: Course, edition: Edition, power: Power, event: Happened, place: int,
                     entered: int) -> Course:  # fmt: skip
        truth = self.asking.truth(edition.policy, power.condition, event.date, place, entered)
        if truth in (FAILS, UNDETERMINED):
            words = f"{power.title}, only if {power.condition_words}"
            course = _departed(course, edition, event, "not_available", words, truth, power.rests_on)
        return self._requirements_noted(course, edition, power.requirements, event, place, entered)

    def _requirements_noted(self, course: Course, edition: Edition, requirements: tuple[Requirement, ...],
                            event: Happened, place: int, entered: int) -> Course:  # fmt: skip
        for requirement in requirements:
            # what is required must have been so before the event, of which itself nothing but its fields is asked
            truth = self.asking.truth(edition.policy, requirement.condition, event.date, place + 1, entered)
            if truth in (FAILS, UNDETERMINED):
                sort: Literal["requirement", "order"] = "requirement" if requirement.binding else "order"
                course = _departed(course, edition, event, sort, requirement.words, truth, requirement.rests_on)
        return course

    # ---- from state to state
    def _moved(self, course: Course, edition: Edition, move: Move, event: Happened, place: int, truth: Truth) -> Course:
        if move.to is None:
            return course
        return self._entered(course, edition, move.to, event.date, place, event, move.rests_on, truth is HOLDS)

    def _entered(self, course: Course, edition: Edition, to: str, day: datetime.date, place: int,
                 event: Happened | None, rests_on: Owned, certain: bool) -> Course:  # fmt: skip
        """A course that leaves its state for another: stages around both go on."""
        around = {level.name for level in edition.levels(to)[1:]}
        stays = tuple(
            stay if stay.until is not None or stay.state in around else evolve(stay, until=day, left=place)
            for stay in course.stays
        )
        going_on = {stay.state for stay in stays if stay.until is None}
        fresh = [
            Stay(level.name, level.name, day, place)
            for level in reversed(edition.levels(to))
            if level.name not in going_on
        ]
        title = edition.policy.events[event.name].title if event is not None else "time has passed"
        recorded = event.entry.recorded if event is not None else None
        step = Step(
            day,
            event.name if event else None,
            title,
            recorded,
            course.state,
            to,
            edition.policy.edition,
            rests_on,
            certain,
        )
        return evolve(course, state=to, stays=(*stays, *fresh), steps=(*course.steps, step))

    # ---- time
    def until(self, day: datetime.date, place: int) -> None:
        """Every time-out that passed before the events of a day: it takes effect on the day after its last."""
        if not any(edition.is_timed for edition in self.editions):
            return
        for _ in range(_MOST_TIME_OUTS):
            before = self.courses
            self._each(lambda course: self._timed_out(course, day, place))
            if self.courses == before:
                return

    def _timed_out(self, course: Course, day: datetime.date, place: int) -> Iterator[Course]:
        due = self._next_time_out(course, place)
        if due is None or due[0] > day:
            yield course
            return
        first, time_out, since, edition = due
        assert course.state is not None
        entered = course.stay(course.state).entered
        truth = self.asking.truth(edition.policy, time_out.condition, first, place, entered)
        if truth in (HOLDS, UNDETERMINED):
            assumed = (f"{time_out.id} holds on {first}",) if truth is UNDETERMINED else ()
            noted = evolve(course, hangs_on=(*course.hangs_on, *assumed))
            yield self._entered(noted, edition, time_out.to, first, place - 1, None, time_out.rests_on, not assumed)
        if truth is not HOLDS:
            assumed = (f"{time_out.id} does not hold on {first}",) if truth is UNDETERMINED else ()
            lapsed = course.lapsed | {(time_out.id, since)}
            yield evolve(course, hangs_on=(*course.hangs_on, *assumed), lapsed=lapsed)

    def _next_time_out(
        self, course: Course, place: int
    ) -> tuple[datetime.date, TimeOut, datetime.date, Edition] | None:
        """The next day on which time moves a course, the day after a time-out's last; and since when it ran."""
        if course.state is None:
            return None
        found: list[tuple[datetime.date, int, TimeOut, datetime.date, Edition]] = []
        for level, stay, edition in self.running(course):
            for number, time_out in enumerate(level.time_outs):
                if (time_out.id, stay.since) in course.lapsed:
                    continue
                last = self._last_day(time_out, stay.since, edition, tuple(self.still(time_out.stands_still, place)))
                if not isinstance(last, Outside):
                    found.append((last + _DAY, number, time_out, stay.since, edition))
        first = min(found, key=lambda item: item[:2], default=None)
        return None if first is None else (first[0], *first[2:])

    def _last_day(self, time_out: TimeOut, since: datetime.date, edition: Edition,
                  still: tuple[Span, ...]) -> datetime.date | Outside:  # fmt: skip
        key = (id(time_out), since, still)
        found = self._last_days.get(key)
        if found is None:
            found = edition.calendars.after(since, time_out.count, time_out.unit, still)
            self._last_days[key] = found
        return found

    def running(self, course: Course) -> Iterator[tuple[State, Stay, Edition]]:
        """The state and stages a course is in, each with its stay and the edition its deadlines go by.

        That is the edition in force when it was entered, unless a later one says that it applies to open cases.
        """
        for stay in course.stays:
            if stay.until is None:
                edition = self.edition_of(stay)
                name = stay.called if edition is self.edition(stay.since) else stay.state
                if name in edition.pathway.states:
                    yield edition.pathway.states[name], stay, edition

    def edition_of(self, stay: Stay, until: datetime.date | None = None) -> Edition:
        """The edition whose deadlines count for a stay."""
        found = self.edition(stay.since)
        for later in self.editions:
            if later.start > stay.since and later.pathway.open_cases and (until is None or later.start <= until):
                found = later
        return found

    def still(self, pairs: tuple[StandsStill, ...], before: int) -> list[Span]:
        """The spans in which a clock stands still, as far as the events before a place tell."""
        spans: list[Span] = []
        for pair in pairs:
            start: datetime.date | None = None
            for event in self.asking.timeline.events[:before]:
                if event.name == pair.start and start is None:
                    start = event.date
                elif event.name == pair.end and start is not None:
                    spans.append((start, event.date))
                    start = None
            if start is not None:
                spans.append((start, datetime.date.max))
        return spans


def _carried(course: Course, edition: Edition) -> Course:
    """A course under an edition in which its state may have another name."""
    names = edition.carried
    if course.state is None or course.state in edition.pathway.states or course.state not in names:
        return course
    stays = tuple(evolve(s, state=names.get(s.state, s.state)) if s.until is None else s for s in course.stays)
    return evolve(course, state=names[course.state], stays=stays)


def _departed(course: Course, edition: Edition, event: Happened, sort: Literal["not_described", "not_available", "requirement", "order"],
              words: str, truth: Truth, rests_on: Owned) -> Course:  # fmt: skip
    title = edition.policy.events[event.name].title
    certain: Literal["holds", "undetermined"] = "undetermined" if truth is UNDETERMINED else "holds"
    found = Departure(event.date, event.name, title, sort, words, certain, course.state, rests_on)
    return evolve(course, departures=(*course.departures, found))
