"""Every completion of incomplete evidence, and what all of them come to."""

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from tests.properties.generator.declarations import Kind
from tests.properties.generator.rules import UNMATCHED
from tests.properties.oracle.cuts import Turning, hints_of, some_values, spread
from tests.properties.oracle.knowing import Knowledge
from tests.properties.oracle.meaning import Meaning
from tests.properties.oracle.reading import Leaf
from tests.properties.oracle.terms import FIXED, MISSING, SEEN
from tests.properties.oracle.values import LIST, NONE, NOT_APPLICABLE, POSITIONS, Value, Values

MOST_RECORDS: Final = 3  # in a list that was not supplied
_STILL: Final = 3  # how often the other data of a comparison are held still while one changes


class Completions:
    """All ways to complete the evidence of one subject, or what `name` reads of it."""

    def __init__(self, meaning: Meaning, knowledge: Knowledge, name: str | None = None) -> None:
        self.meaning = meaning
        self.closed = LIST in knowledge.known
        self.kinds = {**meaning.kinds, **self._of_records(knowledge)}
        list_is_read = meaning.reads_list
        self.leaves = meaning.leaves if name is None else meaning.readings.leaves(name)
        if name is not None:
            paths = meaning.readings.paths(meaning.readings.named[name])
            wanted = self._of_any(paths)
            self.kinds = {path: kind for path, kind in self.kinds.items() if path in wanted}
            list_is_read = any(path.startswith(LIST) for path in paths)
        self.known = {path: value for path, value in knowledge.known.items() if path in self.kinds or path == LIST}
        self.disputed = {path: some for path, some in knowledge.disputed.items() if path in self.kinds}
        missing = {path for path in self.kinds if path not in self.known}
        if not self.closed and (list_is_read or any(path.startswith(f"{LIST}.") for path in missing)):
            missing.add(LIST)  # how many records there are
        self.missing = tuple(sorted(missing))

    def _of_records(self, knowledge: Knowledge) -> dict[str, tuple[Kind, bool]]:
        """The fields of each record of which some are read one after the other."""
        count = knowledge.known[LIST] if self.closed else MOST_RECORDS
        return {
            f"{LIST}.{position}.{key}": (item.kind, item.optional)
            for position in POSITIONS[:count]
            for key, item in self.meaning.of_records.items()
        }

    @property
    def size(self) -> int:
        total = 1
        for domain in self.domains.values():
            total *= len(domain)
        return total

    @cached_property
    def starred(self) -> frozenset[str]:
        """What is missing; of records, also as the field of any of them."""
        fields = [path.split(".") for path in self.missing if path.startswith(f"{LIST}.")]
        keys = {key for _, _, key in fields} | (set(self.meaning.of_records) if LIST in self.missing else set())
        return frozenset({*self.missing, *(f"{LIST}.*.{key}" for key in keys)})

    # ---- the values of what is missing
    @cached_property
    def domains(self) -> dict[str, list[Value]]:
        return {path: self.domain(path) for path in self.missing}

    def domain(self, path: str) -> list[Value]:
        """The values that stand for all those a missing datum may have."""
        if path == LIST:
            return list(range(MOST_RECORDS + 1 if self.meaning.reads_list else 3))
        if path in self.disputed:
            return self.disputed[path]
        kind, optional = self.kinds[path]
        values: list[Value]
        if kind.sort == "flag":
            values = [True, False]
        elif kind.sort in ("choice", "scale"):
            values = list(kind.values)
        else:
            values = self._numbers(path, kind)
        return [*values, NONE] if optional else values

    def _numbers(self, path: str, kind: Kind) -> list[Value]:
        if kind.whole and kind.high is not None:
            return spread((), kind, ())
        cuts: set[Fraction] = set()
        joint = False
        for leaf in self.leaves:
            if path not in self._of_any(self.meaning.term_reads[leaf]):
                continue
            reads = self._expanded(leaf)
            if path in reads:
                open_ = sorted(other for other in reads if other not in self.known and other != path)
                joint = joint or bool(open_)
                cuts |= self._turns(leaf, path, kind, reads, open_)
        shares = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)) if joint and len(cuts) < 4 else (Fraction(1, 2),)
        values = spread(cuts, kind, shares)
        if path.startswith(f"{LIST}."):
            values = [day for day in values if kind.sort != "date" or day <= self.meaning.on] or [self.meaning.on]
        return values

    def _expanded(self, leaf: Leaf) -> set[str]:
        """The data a leaf reads, by way of others too."""
        return self._of_any(self.meaning.readings.paths(leaf.reading))

    def _of_any(self, paths: Iterable[str]) -> set[str]:
        """Data, where a field of any record stands for those of every one there may be."""
        found: set[str] = set()
        for path in paths:
            if ".*." in path:
                key = path.rpartition(".")[2]
                found |= {f"{LIST}.{place}.{key}" for place in POSITIONS if f"{LIST}.{place}.{key}" in self.kinds}
            else:
                found.add(path)
        return found

    def _turns(self, leaf: Leaf, path: str, kind: Kind, reads: set[str], open_: list[str]) -> set[Fraction]:
        chance = random.Random(path)
        found: set[Fraction] = set()
        positions = POSITIONS[: self._most_records()] if leaf.reading.at_hand else (None,)
        for _ in range(_STILL if open_ else 1):
            others = {**self.known, "sort": self.known.get("sort", self.meaning.declared.group[0])}
            for other in open_:
                others[other] = MOST_RECORDS if other == LIST else self._still(other, chance)
            held = frozenset((other, others[other]) for other in {*reads, "sort", LIST} if other in others)
            for position in positions:
                key = leaf, path, position, held
                if key not in self.meaning.turns:
                    turning = Turning(leaf, path, kind, others, frozenset(self.kinds) | self.starred | {LIST}, position)
                    self.meaning.turns[key] = turning.points(hints_of(leaf, others, reads))
                found |= self.meaning.turns[key]
        return found

    def _still(self, path: str, chance: random.Random) -> Value:
        if path in self.disputed:
            return chance.choice(self.disputed[path])
        return some_values(self.kinds[path][0], chance)

    def _most_records(self) -> int:
        return int(self.known[LIST]) if self.closed else MOST_RECORDS

    # ---- where exact outcomes are promised
    def hangs_on_one(self, leaf: Leaf) -> bool:
        """Whether a comparison hangs on one missing datum at most, read once, or in sums of which it is a line."""
        paths = self.meaning.readings.paths(leaf.reading)
        reads = self._expanded(leaf)
        if LIST in self.missing and (LIST in paths or leaf.reading.at_hand):
            return False
        if any(path.startswith("figures.") for path in reads):
            return False
        if leaf.reading.at_hand:
            return all(
                sum(f"{LIST}.{place}." in path for path in reads if path in self.missing) <= 1 for place in POSITIONS
            )
        open_ = [path for path in reads if path in self.missing]
        times = sum(count for path, count in paths.items() if path in self.missing)
        return not open_ or (len(open_) == 1 and (times <= 1 or leaf.linear))

    def promised(self, name: str) -> bool:
        """Whether an exact answer is promised of what has a name."""
        return all(self.hangs_on_one(leaf) for leaf in self.meaning.readings.leaves(name))

    # ---- one after the other
    def __iter__(self) -> Iterator[tuple[tuple[Value, ...], Values]]:
        fixed: dict[Any, Any] = {MISSING: self.starred}
        gone = {count: [path for path in self.missing if path.startswith(f"{LIST}.")
                        and path.split(".")[1] in POSITIONS[count:]] for count in range(MOST_RECORDS + 1)}  # fmt: skip
        for combination in itertools.product(*(self.domains[path] for path in self.missing)):
            values: dict[Any, Value] = {**self.known, **dict(zip(self.missing, combination, strict=True))}
            if LIST in self.missing:
                # of a list with fewer records, what would stand in the others is none
                values.update((path, NONE) for path in gone[values[LIST]])
                if not self._in_order(values):
                    continue
            values[SEEN], values[FIXED] = {}, fixed
            yield combination, values

    def _in_order(self, values: Values) -> bool:
        """Whether the days of records run from the newest back."""
        days = [values.get(f"{LIST}.{place}.day", NONE) for place in POSITIONS]
        kept = [day for day in days if day != NONE]
        return all(later >= earlier for later, earlier in itertools.pairwise(kept))


@dataclass
class Told:
    """What all completions come to. `outcomes` are those of each classification by completion."""

    missing: tuple[str, ...]
    outcomes: dict[str, dict[tuple[Value, ...], str]]
    truths: dict[str, set[str]]
    worths: dict[str, set[Value]]
    follows: dict[tuple[str, ...], set[bool]]
    promised: dict[str, bool]

    def possible(self, name: str) -> set[str]:
        return set(self.outcomes[name].values())

    def status(self, name: str) -> str:
        possible = self.possible(name)
        if len(possible) > 1:
            return "undetermined"
        (only,) = possible
        return only if only in (UNMATCHED, NOT_APPLICABLE) else "determined"


def told(completions: Completions) -> Told:
    """Goes through every completion."""
    meaning = completions.meaning
    names = list(meaning.classifications)
    labels = {
        f"{item.name}.{described.label}" for item in meaning.classifications.values() for described in item.classes
    }
    found = Told(completions.missing, {name: {} for name in names}, {name: set() for name in meaning.tests},
                 {name: set() for name in meaning.worths}, {key: set() for key in meaning.consequences},
                 {name: completions.promised(name) for name in (*names, "(consequences)")})  # fmt: skip
    for combination, values in completions:
        for name in names:
            found.outcomes[name][combination] = meaning.outcome(name, values)
        for name in meaning.tests:
            owner = name.partition(".")[0]
            # a clause of a classification that does not apply is never asked
            if name in labels or owner not in names or found.outcomes[owner][combination] != NOT_APPLICABLE:
                found.truths[name].add(meaning.truth(name, values))
        for name in meaning.worths:
            found.worths[name].add(meaning.worth(name, values))
        for key, sources in meaning.consequences.items():
            found.follows[key].add(any(follows(values) for follows in sources))
    return found
