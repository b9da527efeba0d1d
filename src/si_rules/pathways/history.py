"""The history of a case: dated events that somebody recorded, as they come from outside.

An event has a `date` on which it happened and may have a day on which it was `recorded`, from which it is known; without
one it is taken to be known from its date. What the policy declares of an event stands beside, under the names of the
policy: `{"event": "concern_meeting", "date": "2015-11-04", "recorded": "2015-11-06", "progress": "insufficient"}`.
"""

import datetime
from collections.abc import Iterator
from typing import Any, Final

from attrs import frozen
from pydantic import Field, ValidationError, model_validator

from si_rules.evidence.absence import Day, Record
from si_rules.evidence.boundary import Urn
from si_rules.evidence.exact_json import GivenTwice, NotJson, loads
from si_rules.evidence.readers import Refusal, problems_of
from si_rules.semantics.facts import Facts
from si_rules.source.canonical import digest

MOST_EVENTS: Final = 5_000
_OWN: Final = frozenset(
    {"event", "date", "recorded", "sequence", "who", "role", "document", "note", "subject", "fields"}
)


class HistoryEntry(Record):
    """One event. `fields` are what the policy declares of it; events of one day go by `sequence`."""

    event: str = Field(min_length=1, max_length=100)
    date: Day
    recorded: Day | None = None
    sequence: int = Field(default=0, ge=0, le=10_000)
    who: str | None = None
    role: str | None = None
    document: str | None = None
    note: str | None = None
    subject: Urn | None = None
    fields: dict[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, raw: Any) -> Any:
        """Names that are none of an entry's own are fields of the event."""
        if not isinstance(raw, dict) or "fields" in raw:
            return raw
        beside = {name: value for name, value in raw.items() if name not in _OWN and not isinstance(value, GivenTwice)}
        return {**{name: value for name, value in raw.items() if name not in beside}, "fields": beside}

    @property
    def known_from(self) -> datetime.date:
        """The day from which it is known."""
        return self.recorded or self.date


class History(Record):
    """The events of one subject, in any order."""

    subject: Urn
    label: str | None = None
    events: tuple[HistoryEntry, ...] = ()


@frozen
class ReadHistory:
    """A history as read: the good entries, and what was refused, each with its place."""

    history: History | None
    refusals: tuple[Refusal, ...]


def read_history(data: bytes) -> ReadHistory:
    """The history of a JSON text `{"subject": …, "events": […]}`. A bad entry is refused with its place; the good ones stay."""
    try:
        raw = loads(data)
    except NotJson as error:
        return _unusable(str(error))
    if not isinstance(raw, dict) or not isinstance(raw.get("events"), list):
        return _unusable('is no history: an object with "subject" and a list of "events" is expected')
    if len(raw["events"]) > MOST_EVENTS:
        return _unusable(f"has {len(raw['events'])} events; at most {MOST_EVENTS} are followed")
    try:
        whole = History.model_validate({**raw, "events": ()})
    except ValidationError as error:
        path, reason = problems_of(error)[0]
        return _unusable(reason, path)
    entries: list[HistoryEntry] = []
    refusals: list[Refusal] = []
    for number, item in enumerate(raw["events"], 1):
        for found in _entry(f"event {number}", item, whole.subject):
            (refusals if isinstance(found, Refusal) else entries).append(found)  # type: ignore[arg-type]
    return ReadHistory(whole.model_copy(update={"events": tuple(entries)}), tuple(refusals))


def _unusable(reason: str, path: str = "") -> ReadHistory:
    return ReadHistory(None, (Refusal("the history", None, path, reason),))


def _entry(place: str, raw: Any, subject: str) -> Iterator[HistoryEntry | Refusal]:
    try:
        entry = HistoryEntry.model_validate(raw)
    except ValidationError as error:
        for path, reason in problems_of(error):
            yield Refusal(place, subject, path, reason)
        return
    wrong = _wrong(entry, subject)
    yield entry if wrong is None else Refusal(place, subject, *wrong)


def _wrong(entry: HistoryEntry, subject: str) -> tuple[str, str] | None:
    if entry.subject is not None and entry.subject != subject:
        return "subject", f"is {entry.subject}: this is the history of {subject}"
    if entry.recorded is not None and entry.recorded < entry.date:
        return "recorded", f"{entry.recorded} is before {entry.date}, the day it happened: are the two swapped?"
    return None


def history_digest(facts: Facts, events: tuple[HistoryEntry, ...]) -> str:
    """The digest of the events that may be seen, whatever the order they came in."""
    listed = sorted(
        (entry.model_dump(mode="json", exclude_defaults=True) for entry in events),
        key=lambda item: (item["date"], item.get("sequence", 0), item["event"], str(sorted(item.items(), key=str))),
    )
    return digest({"subject": facts.subject_id, "events": listed})
