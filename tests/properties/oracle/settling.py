"""What settles an outcome, told from all completions."""

import itertools
from collections.abc import Mapping

from tests.properties.oracle.values import LIST, Value

Outcomes = Mapping[tuple[Value, ...], str]


def supplied_with(chosen: frozenset[str]) -> frozenset[str]:
    """Some data with the list they stand in: who supplies a record supplies the list."""
    return chosen | {LIST} if any(path.startswith(f"{LIST}.") for path in chosen) else chosen


def named(data: frozenset[str]) -> frozenset[str]:
    """Some data as they are told: the list by itself only where nothing in it is named."""
    return data - {LIST} if any(path.startswith(f"{LIST}.") for path in data) else data


def settles(missing: tuple[str, ...], outcomes: Outcomes, chosen: frozenset[str]) -> tuple[bool, bool]:
    """Whether the values of some data settle the outcome whatever the rest: for every values, and for some."""
    places = [index for index, path in enumerate(missing) if path in chosen]
    groups: dict[tuple[Value, ...], set[str]] = {}
    for combination, outcome in outcomes.items():
        groups.setdefault(tuple(combination[place] for place in places), set()).add(outcome)
    single = [len(found) == 1 for found in groups.values()]
    return all(single), any(single)


def matters(missing: tuple[str, ...], outcomes: Outcomes) -> frozenset[str]:
    """The data of which some change, all else left as it is, changes the outcome."""
    everything = frozenset(missing)
    return named(frozenset(path for path in missing if not settles(missing, outcomes, everything - {path})[0]))


def smallest_settling(missing: tuple[str, ...], outcomes: Outcomes,
                      most: int) -> tuple[set[frozenset[str]], set[frozenset[str]]]:  # fmt: skip
    """The sets of at most `most` data that settle for every values, and for some, with no smaller one inside."""
    will: set[frozenset[str]] = set()
    could: set[frozenset[str]] = set()
    for size in range(most + 1):
        for combination in itertools.combinations(missing, size):
            chosen = frozenset(combination)
            if named(chosen) != chosen:
                continue
            always, sometimes = settles(missing, outcomes, supplied_with(chosen))
            for settling, sets in ((always, will), (sometimes, could)):
                if settling and not any(supplied_with(smaller) < supplied_with(chosen) for smaller in sets):
                    sets.add(chosen)
    return will, could
