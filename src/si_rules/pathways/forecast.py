"""What comes if nothing happens, and what an event would bring."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import define

from si_rules.pathways.case import Branch, DutyInstance, Forecast
from si_rules.pathways.course import Course
from si_rules.pathways.edition import Edition
from si_rules.pathways.fold import Folding
from si_rules.pathways.happened import Happened
from si_rules.pathways.history import HistoryEntry
from si_rules.pathways.powers import Powers
from si_rules.semantics.facts import Datum, Known
from si_rules.semantics.kinds import Choice, Flag, Scale

MOST_ENTRIES: Final = 40
_YEARS: Final = 2
_DAY: Final = datetime.timedelta(days=1)


@define
class Ahead:
    """Looks ahead from the day of a case."""

    folding: Folding
    on: datetime.date

    def if_nothing_happens(self, courses: list[Course], duties: Iterable[DutyInstance]) -> tuple[Forecast, ...]:
        """Breaches of duties that are open now and states that time brings, by day, two years ahead at most."""
        last = (
            self.on.replace(day=1, year=self.on.year + _YEARS) if self.on.year + _YEARS <= 9999 else datetime.date.max
        )
        found = [
            Forecast(item.due + _DAY, "breach", item.id, item.title, item.bearer, item.rests_on)
            for item in duties
            if item.status == "open" and item.due is not None and item.certain and item.due + _DAY <= last
        ]
        if len(courses) == 1:
            found += self._states(courses[0], last)
        return tuple(sorted(found, key=lambda item: (item.date, item.sort, item.what))[:MOST_ENTRIES])

    def _states(self, course: Course, last: datetime.date) -> Iterator[Forecast]:
        """The states that time brings, as long as it is certain which."""
        ahead = Folding(self.folding.editions, self.folding.asking, [course])
        ahead.until(last, len(self.folding.asking.timeline.events))
        if len(ahead.courses) == 1:
            for step in ahead.courses[0].steps[len(course.steps) :]:
                state = self.folding.edition(step.date).pathway.states[step.to]
                yield Forecast(step.date, "state", step.to, state.title, None, step.rests_on)

    # ---- events that may come
    def branches(self, course: Course) -> tuple[Branch, ...]:
        """What each event that the present state speaks of would bring if it happened on the day of the case."""
        edition = self.folding.edition(self.on)
        if course.state not in edition.pathway.states:
            return ()
        now = {item.id for item in Powers(self.folding, self.on).powers([course]) if item.available == "holds"}
        found: list[Branch] = []
        for name in edition.expected(course.state):
            for fields in self._choices(edition, name):
                found += self._branch(edition, course, name, fields, now)
                if len(found) >= MOST_ENTRIES:
                    return tuple(found)
        return tuple(found)

    def _choices(self, edition: Edition, name: str) -> Iterator[dict[str, Datum]]:
        """Values of the fields that some condition of the pathway asks for: one field at a time."""
        fields = edition.policy.vocabulary.fields
        some = False
        for path in edition.fields_asked(name):
            kind = fields[path].kind
            match kind:
                case Flag():
                    values: tuple[bool | str, ...] = (True, False)
                case Choice(values=named) | Scale(values=named):
                    values = named
                case _:
                    values = ()
            for value in values:
                some = True
                yield {fields[path].key: Known(value)}
        if not some:
            yield {}

    def _branch(self, edition: Edition, course: Course, name: str, fields: dict[str, Datum],
                now: set[str]) -> Iterator[Branch]:  # fmt: skip
        timeline = self.folding.asking.timeline
        entry = HistoryEntry(event=name, date=self.on, sequence=10_000)
        event = Happened(entry, edition.policy.events[name].order, {"date": Known(self.on), **fields})
        ahead = Folding(self.folding.editions, self.folding.asking.supposing(event), [course])
        after = list(ahead.taken(course, event, len(timeline.events)))
        if len(after) != 1:
            return
        (then,) = after
        powers = tuple(Powers(ahead, self.on).gained(then, now))
        departures = then.departures[len(course.departures) :]
        given = tuple((key, _written(datum)) for key, datum in sorted(fields.items()))
        if then.state != course.state or powers or departures:
            yield Branch(
                name, edition.policy.events[name].title, given, then.state if then.state != course.state else None,
                powers, tuple(d.words for d in departures),
            )  # fmt: skip


def _written(datum: Datum) -> str:
    assert isinstance(datum, Known)
    return (
        {True: "yes", False: "no"}.get(datum.value, str(datum.value))
        if isinstance(datum.value, bool)
        else str(datum.value)
    )
