"""What a raw record says at two dates: what is known, what is disputed; the rest is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.properties.generator.declarations import VISIT_DAY, Declared, Kind, Results
from tests.properties.oracle.values import LIST, NONE, POSITIONS, Value, moved


@dataclass
class Knowledge:
    """A value or `NONE` for each path that is known, the candidates of each that is disputed."""

    known: dict[str, Value] = field(default_factory=dict)
    disputed: dict[str, list[Value]] = field(default_factory=dict)


def latest_year(results: Results, by: date) -> int:
    """The newest year of which the results are due: each year on its own day, or the first such day after it ends."""
    own = dict(results.due_in)

    def due(year: int) -> date:
        return own.get(year) or date(year + 1 if results.month >= 9 else year + 2, results.month, results.day)

    year = max([by.year + 1, *own])
    while due(year) > by:
        year -= 1
    return year


def known_at(declared: Declared, record: Mapping[str, Any], on: date, known_at: date) -> Knowledge:
    """What is known of a record on a date, with what was known at another."""
    return _Reader(declared, on, known_at).read(record)


class _Reader:
    def __init__(self, declared: Declared, on: date, known_at: date) -> None:
        self.declared = declared
        self.on = on
        self.known_at = known_at
        self.found = Knowledge()

    def read(self, record: Mapping[str, Any]) -> Knowledge:
        declared = self.declared
        for item in declared.fields:
            if "." not in item.path:
                self._keep(item.path, item.kind, record.get(item.path))
        for results in declared.results:
            for year, entry in record.get(results.name, {}).items():
                if entry["published"] is None or entry["published"] <= self.known_at:
                    for item in self._of(results.name):
                        key = item.path.partition(".")[2]
                        self._keep(f"{results.name}.{year}.{key}", item.kind, entry.get(key))
        if isinstance(record.get("visits"), list):
            self._visits(record["visits"])
        for item in declared.judgements:
            entry = record.get("judgements", {}).get(item.path.partition(".")[2])
            if entry is None or (entry["date"] is not None and entry["date"] > min(self.on, self.known_at)):
                continue
            if not self._stale(entry["date"], item.accepted_months):
                self._keep(item.path, item.kind, entry["value"])
        return self.found

    def _of(self, parent: str) -> list[Any]:
        return [item for item in self.declared.fields if item.path.partition(".")[0] == parent]

    def _stale(self, day: date | None, months: int | None) -> bool:
        """Whether it is older on the day of the decision than is accepted."""
        return months is not None and (day is None or moved(day, months, "months") < self.on)

    def _visits(self, visits: list[dict[str, Any]]) -> None:
        happened = [v for v in visits if v["day"] <= self.on and (v["published"] or v["day"]) <= self.known_at]
        happened.sort(key=lambda visit: visit["day"], reverse=True)
        self.found.known[LIST] = len(happened)
        for place, position in enumerate(POSITIONS[: max(2, len(happened))]):
            if place >= len(happened):
                self.found.known[f"{LIST}.{position}.{VISIT_DAY.partition('.')[2]}"] = NONE
                for item in self._of("visit"):
                    self.found.known[f"{LIST}.{position}.{item.path.partition('.')[2]}"] = NONE
                continue
            visit = happened[place]
            self.found.known[f"{LIST}.{position}.day"] = visit["day"]
            if not self._stale(visit["day"], self.declared.visits_accepted_months):
                for item in self._of("visit"):
                    key = item.path.partition(".")[2]
                    self._keep(f"{LIST}.{position}.{key}", item.kind, visit.get(key))

    def _keep(self, path: str, kind: Kind, raw: Any) -> None:
        if raw is None or (isinstance(raw, dict) and "absent" in raw):
            return
        if isinstance(raw, dict) and "disputed" in raw:
            self._dispute(path, kind, raw["disputed"])
        else:
            self.found.known[path] = NONE if isinstance(raw, dict) else _value(kind, raw)

    def _dispute(self, path: str, kind: Kind, raw: list[dict[str, Any]]) -> None:
        candidates = [(item["from"], _value(kind, item["value"])) for item in raw]
        values = {value for _, value in candidates}
        if len(values) == 1:
            self.found.known[path] = values.pop()
            return
        for origin, value in candidates:
            if all(other == origin or self._preferred(origin, other) for other, _ in candidates):
                self.found.known[path] = value
                return
        self.found.disputed[path] = sorted(values, key=str)

    def _preferred(self, origin: str, other: str) -> bool:
        """Whether one origin is preferred over another, directly or by way of a third."""
        return any(
            one == origin and (worse == other or self._preferred(worse, other))
            for one, worse in self.declared.preferred
        )


def _value(kind: Kind, raw: Any) -> Value:
    return Fraction(raw) if kind.sort == "number" else raw
