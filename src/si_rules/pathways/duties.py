"""What is due on a course of a case: each time a duty falls due, when, and whether it was met, late or breached."""

import datetime
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from attrs import define, evolve, field

from si_rules.evaluation.truth import HOLDS, UNDETERMINED, Truth
from si_rules.pathways.calendars import Outside
from si_rules.pathways.case import DutyInstance, DutyStatus
from si_rules.pathways.course import Course, Stay
from si_rules.pathways.edition import Edition
from si_rules.pathways.fold import Folding
from si_rules.pathways.happened import Happened
from si_rules.semantics.pathway_forms import After, Before, Every, PathwayDuty

BINDING: Final = frozenset({"must", "will"})
_DAY: Final = datetime.timedelta(days=1)


@define
class Duties:
    """Finds the duties of a course up to a day."""

    folding: Folding
    on: datetime.date
    _days: list[datetime.date] = field(init=False)
    _fulfilled: dict[tuple[str, ...], list[tuple[int, Happened]]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self._days = [event.date for event in self.folding.asking.timeline.events]

    def of(self, course: Course) -> Iterator[DutyInstance]:
        """Every instance, state by state in the order they were entered."""
        for stay in course.stays:
            edition = self.folding.edition_of(stay, stay.until)
            entered = edition is self.folding.edition(stay.since)
            state = edition.pathway.states.get(stay.called if entered else stay.state)
            for duty in state.duties if state is not None else ():
                if duty.modality in BINDING:
                    yield from self._instances(duty, stay, edition)

    def _instances(self, duty: PathwayDuty, stay: Stay, edition: Edition) -> Iterator[DutyInstance]:
        match duty.deadline:
            case Every():
                yield from self._every(duty, duty.deadline, stay, edition)
            case After(event=None) as after:
                yield from self._once(duty, after, stay, edition)
            case After() as after:
                yield from self._after(duty, after, stay, edition)
            case Before() as before:
                yield from self._before(duty, before, stay, edition)
            case None:
                yield from self._once(duty, None, stay, edition)

    # ---- the forms of deadlines
    def _every(self, duty: PathwayDuty, every: Every, stay: Stay, edition: Edition) -> Iterator[DutyInstance]:
        end = self.on if stay.until is None else min(stay.until, self.on)
        periods, outside = edition.calendars.periods(every.rhythm, stay.since, end)
        for period in periods:
            if period.first < stay.since:
                continue
            truth = self._truth(duty, edition, period.first, self._place(period.first), stay)
            met = [e for _, e in self._placed(duty) if period.first <= e.date <= period.last]
            yield from self._told(duty, truth, period.first, period.last, met[:1], stay, period.name)
        if outside is not None:
            yield self._unknown(duty, stay.since, outside.reason)

    def _after(self, duty: PathwayDuty, after: After, stay: Stay, edition: Edition) -> Iterator[DutyInstance]:
        used: set[int] = set()
        for place, event in self._events(after.event, stay, leaving=False):
            truth = self._truth(duty, edition, event.date, place + 1, stay)
            still = self.folding.still(duty.stands_still, len(self._days))
            due = edition.calendars.after(event.date, after.count, after.unit, still)
            met = [(p, e) for p, e in self._placed(duty) if p >= place and p not in used][:1]
            used |= {p for p, _ in met}
            yield from self._told(duty, truth, event.date, due, [e for _, e in met], stay, None)

    def _before(self, duty: PathwayDuty, before: Before, stay: Stay, edition: Edition) -> Iterator[DutyInstance]:
        previous = stay.entered
        for place, event in self._events(before.event, stay, leaving=True):
            truth = self._truth(duty, edition, event.date, place + 1, stay)
            due = edition.calendars.before(event.date, before.count, before.unit)
            met = [e for p, e in self._placed(duty) if previous < p < place or (p > place and e.date == event.date)]
            opened = min(stay.since, event.date) if previous == stay.entered else self._days[previous]
            yield from self._told(duty, truth, opened, due, met[:1], evolve(stay, until=None), None, by=event.date)
            previous = place

    def _once(self, duty: PathwayDuty, after: After | None, stay: Stay, edition: Edition) -> Iterator[DutyInstance]:
        """Due once, from the day on which its condition first held while the state lasted."""
        opened, place, truth = self._opened(duty, stay, edition)
        if opened is None:
            return
        due: datetime.date | Outside | None = None
        if after is not None:
            still = self.folding.still(duty.stands_still, len(self._days))
            due = edition.calendars.after(opened, after.count, after.unit, still)
        met = [e for p, e in self._placed(duty) if p > place or (p == place and e.date >= opened)]
        yield from self._told(duty, truth, opened, due, met[:1], stay, None)

    def _opened(self, duty: PathwayDuty, stay: Stay, edition: Edition) -> tuple[datetime.date | None, int, Truth]:
        end = len(self._days) if stay.left is None else min(stay.left, len(self._days))
        unknown: tuple[datetime.date, int] | None = None
        asking = self.folding.asking
        names = asking.changing(edition.policy, duty.condition)
        for place in (stay.entered, *range(stay.entered + 1, end)):
            if names is not None and place != stay.entered and asking.timeline.events[place].name not in names:
                continue  # as it was at the place before
            day = stay.since if place == stay.entered else self._days[place]
            truth = self._truth(duty, edition, day, place + 1, stay)
            if truth is HOLDS:
                return day, place, HOLDS
            if truth is UNDETERMINED and unknown is None:
                unknown = day, place
        return (None, 0, UNDETERMINED) if unknown is None else (*unknown, UNDETERMINED)

    # ---- events
    def _in(self, place: int, stay: Stay, leaving: bool) -> bool:
        """Whether an event stands in a stay; the one that ended it too, where `leaving`."""
        if stay.left is None:
            return True
        return place <= stay.left if leaving else place < stay.left

    def _events(self, name: str | None, stay: Stay, leaving: bool) -> Iterator[tuple[int, Happened]]:
        timeline = self.folding.asking.timeline
        for place in timeline.places.get(name or "", ()):
            begun = place > stay.entered if leaving else place >= stay.entered
            if begun and self._in(place, stay, leaving):
                yield place, timeline.events[place]

    def _placed(self, duty: PathwayDuty) -> list[tuple[int, Happened]]:
        """The events that do a duty, with their places in the history."""
        found = self._fulfilled.get(duty.met_by)
        if found is None:
            timeline = self.folding.asking.timeline
            places = sorted(place for name in duty.met_by for place in timeline.places.get(name, ()))
            found = self._fulfilled[duty.met_by] = [(place, timeline.events[place]) for place in places]
        return found

    def _place(self, day: datetime.date) -> int:
        """How many events happened by a day."""
        return bisect_right(self._days, day)

    def _truth(self, duty: PathwayDuty, edition: Edition, day: datetime.date, before: int, stay: Stay) -> Truth:
        return self.folding.asking.truth(edition.policy, duty.condition, day, before, stay.entered)

    # ---- what became of it
    def _told(self, duty: PathwayDuty, truth: Truth, opened: datetime.date, due: datetime.date | Outside | None,
              met: list[Happened], stay: Stay, period: str | None, by: datetime.date | None = None) -> Iterator[DutyInstance]:  # fmt: skip
        """The instance, unless the condition of the duty does not hold. `by`: it is known then that it was not met."""
        if truth is UNDETERMINED:
            yield self._unknown(duty, opened, f"it is not known whether {duty.condition_words}")
            return
        if truth is not HOLDS:
            return
        if isinstance(due, Outside):
            yield self._unknown(duty, opened, due.reason)
            return
        event = met[0] if met else None
        overdue = due is not None and (event.date > due if event else max(self.on, by or self.on) > due)
        breached: datetime.date | None = None
        status: DutyStatus
        if overdue and due is not None and (stay.until is None or stay.until > due):
            status, breached = "late" if event else "breached", due + _DAY
        elif event is not None and (stay.until is None or event.date <= stay.until):
            status = "met"
        else:
            status = "open" if stay.until is None else "ended"
        yield DutyInstance(
            duty.id, duty.bearer, duty.modality, duty.action, duty.title, opened, due, status,
            event.date if event else None, event.entry.recorded if event else None, breached, period, duty.rests_on,
        )  # fmt: skip

    def _unknown(self, duty: PathwayDuty, opened: datetime.date, why: str) -> DutyInstance:
        return DutyInstance(
            duty.id, duty.bearer, duty.modality, duty.action, duty.title, opened, None, "undetermined", None, None, None, None,
            duty.rests_on, why,
        )  # fmt: skip
