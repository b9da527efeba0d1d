"""Counting: rows by what became of them, data by what is known of them, and how a number stands in a sentence."""

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

from attrs import Factory, define

from si_rules.evidence.school import SchoolEvidence


def counted(number: int, noun: str) -> str:
    """`1 row`, `1,024 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@define
class Account:
    """What became of the rows of a file. Their sum is `read`, unless the file broke off."""

    name: str
    read: int = 0
    used: int = 0
    again: int = 0  # say what an earlier row of the same school and year said
    of_predecessors: int = 0
    behind: int = 0  # a predecessor's, where there is an own row or another predecessor's; own ones without a figure
    later: Counter[datetime.date] = Factory(Counter)
    benchmarks: int = 0
    left_out: int = 0  # of schools of the authority that do not come out
    elsewhere: int = 0
    refused: int = 0
    broken: bool = False

    @property
    def told(self) -> int:
        """How many rows the account speaks of."""
        return (self.used + self.again + self.of_predecessors + self.behind + self.later.total() + self.benchmarks
                + self.left_out + self.elsewhere + self.refused)  # fmt: skip

    def sentence(self, on: datetime.date) -> str:
        """One sentence that accounts for every row."""
        late = self.later.total()
        parts = {
            "of other authorities": self.elsewhere,
            "of schools that do not come out": self.left_out,
            "that speak of no school": self.benchmarks,
            "that say the same again": self.again,
            "that give way to another": self.behind,
            "refused": self.refused,
        }
        left = [f"{count:,} {words}" for words, count in parts.items() if count]
        left += [f"{late:,} that came after {on}, the first on {min(self.later)}"] if late else []
        used = f"{self.name}: {counted(self.read, 'row')}, {self.used:,} used"
        if self.of_predecessors:
            used += f" and {self.of_predecessors:,} of a predecessor"
        if left:
            used += f"; left out {'; '.join(left)}"
        return used + ("; not read to its end" if self.broken else "")


_STATES = ("known", "disputed", "within limits", "suppressed", "not published", "not supplied")


@define
class ByField:
    """How many data of each field are known, and how many are missing and why, over all records and years."""

    counts: dict[str, Counter[str]] = Factory(dict)

    def take(self, record: dict[str, Any]) -> None:
        """Count the data of a record, as an evidence model takes it."""
        for key, value in record.items():
            if key in ("urn", "name", "judgements", "provenance"):
                continue
            if isinstance(value, list):
                for entry in value:
                    self._entry(key, entry)
            elif isinstance(value, dict) and not value.keys() & {"absent", "none", "disputed"}:
                for entry in value.values():
                    self._entry(key, entry)
            else:
                self._one(key, value)

    def _entry(self, holder: str, entry: dict[str, Any]) -> None:
        for key, value in entry.items():
            if key not in ("date", "published", "of_predecessor"):
                self._one(f"{holder}.{key}", value)

    def _one(self, path: str, value: Any) -> None:
        state = "known"
        if isinstance(value, dict):
            state = "disputed" if "disputed" in value else str(value.get("absent", "known")).replace("_", " ")
            state = "within limits" if value.keys() & {"at_least", "under"} else state
        self.counts.setdefault(path, Counter())[state] += 1

    def lines(self) -> Iterator[str]:
        """A table, a line a field, in the order of the evidence; states that no datum is in are left out."""
        if not self.counts:
            return
        states = [state for state in _STATES if any(found[state] for found in self.counts.values())]
        places = {name: number for number, name in enumerate(SchoolEvidence.model_fields)}
        paths = sorted(self.counts, key=lambda path: places[path.partition(".")[0]])
        width = max(len("field"), *map(len, paths))
        yield f"{'field':{width}}" + "".join(f"  {state:>13}" for state in states)
        for path in paths:
            yield f"{path:{width}}" + "".join(f"  {self.counts[path][state]:>13,}" for state in states)
