"""What several tables say of one school and year: agreed, or disputed between the origins they are."""

import datetime
from collections import Counter
from typing import Any

from attrs import frozen

_REASONS = ("suppressed", "not_published", "not_supplied")  # the first that a table gives is told


@frozen
class Entry:
    """What a row says of one school and year: its fields by name, with origin, place and day of publication."""

    origin: str
    table: str
    line: int
    published: datetime.date
    values: dict[str, Any]

    @property
    def says_something(self) -> bool:
        """Whether it holds any value, and not only reasons why there is none."""
        return any(not _missing(value) for value in self.values.values())

    @property
    def source(self) -> dict[str, Any]:
        """Its place, as evidence takes it."""
        return {"table": self.table, "row": self.line, "published": self.published}


def contradiction(entry: Entry, others: list[Entry]) -> Entry | None:
    """An entry of the same origin that says otherwise of a field: nothing could tell the two apart."""
    for other in others:
        if other.origin == entry.origin:
            for key in entry.values.keys() & other.values.keys():
                mine, theirs = entry.values[key], other.values[key]
                if not _missing(mine) and not _missing(theirs) and mine != theirs:
                    return other
    return None


def repeats(entry: Entry, others: list[Entry]) -> bool:
    """Whether an entry of the same origin says all that this one says."""
    return any(other.origin == entry.origin and other.values.items() >= entry.values.items() for other in others)


def combined(entries: list[Entry]) -> tuple[dict[str, Any], dict[str | None, Any]]:
    """The evidence of one year, and where it stands: by field, and under None where most of it does.

    A value goes before the word that there is none, and that before the reason why it is missing: one table has what
    another does not. Values that differ are disputed, each from its origin.
    What is said is known from the latest of the days on which those tables were published that it is taken from.
    """
    values: dict[str, Any] = {}
    taken: dict[str, Entry] = {}
    disputing: list[Entry] = []
    for key in dict.fromkeys(key for entry in entries for key in entry.values):
        saying = [entry for entry in entries if key in entry.values]
        known = [entry for entry in saying if not isinstance(entry.values[key], dict)]
        differing = [e for n, e in enumerate(known) if all(e.values[key] != other.values[key] for other in known[:n])]
        if len(differing) > 1:
            by_origin = {entry.origin: entry for entry in reversed(known)}
            values[key] = {"disputed": [_candidate(by_origin[name], key) for name in sorted(by_origin)]}
            disputing += by_origin.values()
            continue
        chosen = known[0] if known else min(saying, key=lambda entry: _rank(entry.values[key]))
        values[key], taken[key] = chosen.values[key], chosen
    used = [*taken.values(), *disputing]
    published = max((entry.published for entry in used), default=entries[0].published)
    return {"published": published, **values}, _sources(taken)


def _sources(taken: dict[str, Entry]) -> dict[str | None, Any]:
    """Where the most stands, under None, and where the rest stands, by field."""
    counts = Counter((entry.table, entry.line) for entry in taken.values())
    if not counts:
        return {}
    (most, _), *_rest = counts.most_common(1)
    found: dict[str | None, Any] = {}
    for key, entry in taken.items():
        found[None if (entry.table, entry.line) == most else key] = entry.source
    return found


def _candidate(entry: Entry, key: str) -> dict[str, Any]:
    return {"value": entry.values[key], "from": entry.origin, "source": entry.source}


def _missing(value: Any) -> bool:
    return isinstance(value, dict) and "absent" in value


def _rank(value: dict[str, Any]) -> tuple[bool, bool, int]:
    """That there is none goes first, then what is known within limits, then the reason that says the most."""
    if "absent" not in value:
        return False, False, 0
    return True, len(value) == 1, _REASONS.index(value["absent"])
