"""Events as facts: what of a history may be seen on a day, as conditions read it.

An event is a record of a collection of its own, so `latest concern_meeting.progress` is read as any record is. That an
event has happened is a datum as well: `happened.warning_notice`, also `.since.EVENT`, `.here` (since the present state
was entered) and `.within.COUNT.UNIT` (before the day at hand). A history is closed: what is not in it has not happened.
"""

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from fractions import Fraction
from itertools import groupby
from typing import Any

from attrs import field as attrs_field, frozen
from pydantic import BaseModel, ValidationError, create_model

from si_rules.evidence.absence import Record
from si_rules.evidence.any_vocabulary import annotation_of
from si_rules.evidence.data import Dispute, EvidenceError, datum_of
from si_rules.evidence.readers import Refusal, problems_of
from si_rules.pathways.history import HistoryEntry
from si_rules.semantics.core import HAPPENED, Core
from si_rules.semantics.facts import NOT_SUPPLIED, Datum, Facts, Known, KnownNone
from si_rules.semantics.lengths_of_time import later
from si_rules.semantics.vocabulary import Field
from si_rules.source.nearest import nearest


@frozen
class Happened:
    """An event of a history with its fields as data. `order` is the place of its sort among those declared."""

    entry: HistoryEntry
    order: int
    data: Mapping[str, Datum] = attrs_field(eq=False, hash=False)

    @property
    def name(self) -> str:
        """The sort of event."""
        return self.entry.event

    @property
    def date(self) -> datetime.date:
        """The day on which it happened."""
        return self.entry.date


class Sorts:
    """The sorts of event a policy declares, each with the model of its fields."""

    def __init__(self, policy: Core) -> None:
        self._policy = policy
        self._fields: dict[str, dict[str, Field]] = {name: {} for name in policy.events}
        for field in policy.vocabulary.fields.values():
            if field.parent in self._fields:
                self._fields[field.parent][field.key] = field
        self._models: dict[str, type[BaseModel]] = {}

    def typed(self, entries: Iterable[HistoryEntry]) -> tuple[list[Happened], list[Refusal]]:
        """The events of a history as the policy declares them, in order, and those that are none, with the reason.

        Events go by date, then by their sequence, then as the policy declares their sorts, then by what they say:
        the order they came in means nothing.
        """
        good: list[Happened] = []
        refused: list[Refusal] = []
        for entry in entries:
            found = self._typed(entry)
            if isinstance(found, Refusal):
                refused.append(found)
            else:
                good.append(found)
        return list(_in_order(good)), refused

    def _typed(self, entry: HistoryEntry) -> Happened | Refusal:
        place, policy = f"{entry.event}, {entry.date}", self._policy
        if entry.event not in policy.events:
            return Refusal(
                place, entry.subject, "event", f"the policy declares no such event{_hint(entry.event, policy.events)}"
            )
        fields = self._fields[entry.event]
        for name in entry.fields:
            if name not in fields or name == "date":
                reason = f"the policy declares no such field of {entry.event}{_hint(name, fields)}"
                return Refusal(place, entry.subject, name, reason)
        data: dict[str, Datum] = {"date": Known(entry.date)}
        if not entry.fields:
            return Happened(entry, policy.events[entry.event].order, data)
        try:
            checked = self._model(entry.event).model_validate(entry.fields)
            for name in entry.fields:
                raw = getattr(checked, name)
                datum = datum_of(name, fields[name], raw, _provenance(entry), policy.vocabulary.origins)
                if datum is not None:
                    data[name] = policy.settled_dispute(datum.candidates) if isinstance(datum, Dispute) else datum
        except ValidationError as error:
            return Refusal(place, entry.subject, *problems_of(error)[0])
        except EvidenceError as error:
            return Refusal(place, entry.subject, error.path, error.reason)
        return Happened(entry, policy.events[entry.event].order, data)

    def _model(self, name: str) -> type[BaseModel]:
        found = self._models.get(name)
        if found is None:
            fields: dict[str, Any] = {
                key: (annotation_of(f), None) for key, f in self._fields[name].items() if key != "date"
            }
            found = self._models[name] = create_model(name, __base__=Record, **fields)
        return found


def _hint(name: str, known: Iterable[str]) -> str:
    guess = nearest(name, known)
    return f"; did you mean {guess}?" if guess else ""


def _provenance(entry: HistoryEntry) -> str:
    parts = (f"{entry.event.replace('_', ' ')} of {entry.date}", entry.who, entry.role, entry.document)
    return ", ".join(part for part in parts if part)


def _in_order(events: list[Happened]) -> Iterator[Happened]:
    """Events in their order; what they say is only looked at where nothing else tells two apart."""
    for _, alike in groupby(sorted(events, key=_place), key=_place):
        some = list(alike)
        yield from sorted(some, key=_said) if len(some) > 1 else some


def _place(item: Happened) -> tuple[datetime.date, int, int, datetime.date]:
    return item.date, item.entry.sequence, item.order, item.entry.known_from


def _said(item: Happened) -> tuple[list[tuple[str, str]], str]:
    return sorted((name, str(value)) for name, value in item.entry.fields.items()), str(item.entry)


# ---- as facts


class Timeline:
    """The events of a history in order, by sort."""

    def __init__(self, events: Iterable[Happened], policy: Core) -> None:
        self.events = tuple(events)
        self.lists = {policy.vocabulary.collections[name].listed_under: name for name in policy.events}
        self.places: dict[str, list[int]] = {name: [] for name in policy.events}
        for place, item in enumerate(self.events):
            self.places[item.name].append(place)

    def followed_by(self, event: Happened) -> "Timeline":
        """The same with an event after all others."""
        found = copy(self)
        found.events = (*self.events, event)
        found.places = {**self.places, event.name: [*self.places[event.name], len(self.events)]}
        return found

    def count(self, name: str, before: int) -> int:
        """How many events of a sort stand before a place."""
        return bisect_left(self.places[name], before)

    def counts(self, names: tuple[str, ...], before: int) -> tuple[int, ...]:
        """How many events of each of some sorts stand before a place."""
        if len(names) == 1:
            return (bisect_left(self.places[names[0]], before),)
        return tuple([bisect_left(self.places[name], before) for name in names])

    def latest(self, name: str, before: int, back: int = 0) -> int | None:
        """The place of the newest event of a sort before a place, or of one so many back."""
        index = self.count(name, before) - 1 - back
        return self.places[name][index] if index >= 0 else None


@frozen
class CaseFacts(Facts):
    """The facts of a subject with the events before a place in its history, on a day, in a state entered at a place."""

    timeline: Timeline | None = attrs_field(default=None, eq=False)
    before: int = 0
    day: datetime.date = datetime.date.min
    entered: int = 0

    def at(self, path: str) -> Datum:
        """The datum of a path: of an event, whether one has happened, or of the evidence."""
        head, _, rest = path.partition(".")
        assert self.timeline is not None
        if head == HAPPENED:
            return Known(self._happened(rest.split(".")))
        name = self.timeline.lists.get(head)
        if name is None:
            return super().at(path)
        if not rest:
            return Known(Fraction(self.timeline.count(name, self.before)))
        position, _, key = rest.partition(".")
        place = self.timeline.latest(name, self.before, _back(position))
        if place is None:
            return KnownNone(f"no {name.replace('_', ' ')} has happened")
        return self.timeline.events[place].data.get(key, NOT_SUPPLIED)

    def _happened(self, parts: list[str]) -> bool:
        assert self.timeline is not None
        name, *how = parts
        place = self.timeline.latest(name, self.before)
        match how:
            case []:
                return place is not None
            case ["since", other]:
                start = self.timeline.latest(other, self.before)
                return place is not None and start is not None and place > start
            case ["here"]:
                return place is not None and place > self.entered
            case ["within", count, unit]:
                earliest = later(self.day, Fraction(-int(count)), unit)
                return place is not None and earliest is not None and self.timeline.events[place].date >= earliest
            case _:
                raise ValueError(f"nothing is known of {parts}")


def _back(position: str) -> int:
    """How many records a position lies behind the newest."""
    match position:
        case "latest":
            return 0
        case "previous":
            return 1
        case _:
            return int(position) - 1


def with_events(facts: Facts, timeline: Timeline, before: int, day: datetime.date, entered: int) -> CaseFacts:
    """Facts with the events before a place. `entered` is the place of the event that brought the present state."""
    return CaseFacts(
        facts.subject_id, facts.label, facts.data, facts.closed | timeline.lists.keys(), facts.ignored,
        facts.evidence_digest, _Counts(facts.counts, timeline, before), facts.released, facts.cohort, timeline, before,
        day, entered,
    )  # fmt: skip


class _Counts(Mapping[str, int]):
    """How many records stand in each list, of events those before a place: counted when it is asked."""

    def __init__(self, counts: Mapping[str, int], timeline: Timeline, before: int) -> None:
        self._counts, self._timeline, self._before = counts, timeline, before

    def __getitem__(self, listed_under: str) -> int:
        name = self._timeline.lists.get(listed_under)
        return self._counts[listed_under] if name is None else self._timeline.count(name, self._before)

    def __contains__(self, listed_under: object) -> bool:
        return listed_under in self._timeline.lists or listed_under in self._counts

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._counts, *self._timeline.lists)))

    def __len__(self) -> int:
        return len(self._counts.keys() | self._timeline.lists.keys())
