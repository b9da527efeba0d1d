"""What is needed to settle an outcome: the data that can still matter, and the smallest sets that settle it."""

from collections.abc import Hashable, Iterable
from itertools import combinations
from typing import Final

from attrs import frozen

from si_rules.evaluation.completions import Completions, Variable
from si_rules.evaluation.diagram import Node

LARGEST_SET: Final = 3
MOST_SETS: Final = 10
MOST_SETS_KEPT: Final = 3_000


@frozen
class Needs:
    """What an outcome still needs.

    `matters`: every datum that can still change it. `could_settle`: the smallest sets of data for which
    some values settle it; `will_settle`: those for which every value does. `truncated` where a set is
    larger than three or there are more than ten.
    """

    matters: tuple[str, ...]
    could_settle: tuple[tuple[str, ...], ...]
    will_settle: tuple[tuple[str, ...], ...]
    truncated: bool


def needs_of(completions: Completions, root: Node) -> Needs:
    """The needs of an undetermined outcome.

    A comparison of two missing data counts for both of them. A list of records that was not supplied is a
    datum too: how many records there are. It is named where nothing in it is.
    """
    settling = _Settling(completions, root)
    matters = settling.matters
    could = (tuple(sorted(settling.named(item))) for item in settling.sets(root))
    ordered = sorted((item for item in could if 0 < len(item) <= LARGEST_SET), key=lambda item: (len(item), item))
    will = (matters,) if 0 < len(matters) <= LARGEST_SET else ()
    truncated = len(matters) > LARGEST_SET or len(ordered) > MOST_SETS or settling.largest < LARGEST_SET
    return Needs(matters, tuple(ordered[:MOST_SETS]), will, truncated)


def matters_to(completions: Completions, root: Node) -> tuple[str, ...]:
    """The missing data that can still change what a diagram comes to, sorted; lists are named as in `needs_of`."""
    return _Settling(completions, root).matters


def _paths(variable: Variable) -> tuple[str, ...]:
    return (variable,) if isinstance(variable, str) else variable.paths


class _TooManySets(Exception):
    """More sets settle the outcome than are kept on the way; smaller ones are looked for alone."""


class _Settling:
    """Finds the sets of data for which some values force one outcome, whatever the others are."""

    def __init__(self, completions: Completions, root: Node) -> None:
        self._diagrams = completions.diagrams
        self._lists = completions.lists
        variables = self._diagrams.variables_under(root)
        self._names = {number: _paths(completions.variables[number]) for number in variables}
        asked = frozenset(path for paths in self._names.values() for path in paths)
        self.matters = tuple(sorted(self.named(asked)))
        self.largest = 0
        self._memory: dict[tuple[Node, int], frozenset[frozenset[str]]] = {}

    def named(self, paths: frozenset[str]) -> frozenset[str]:
        """The data without the lists of which something inside is named: who supplies that supplies the list."""
        return paths - {
            path.partition(".")[0] for path in paths if "." in path and path.partition(".")[0] in self._lists
        }

    def _supplied(self, paths: frozenset[str]) -> frozenset[str]:
        """The data with the lists in which some of them stand."""
        return paths | {path.partition(".")[0] for path in paths if path.partition(".")[0] in self._lists}

    def sets(self, root: Node) -> frozenset[frozenset[str]]:
        """The minimal sets of data, lists among them, over every outcome that can be forced."""
        for largest in range(LARGEST_SET, 0, -1):
            found: set[frozenset[str]] = set()
            try:
                for outcome in sorted(self._diagrams.terminals_under(root), key=str):
                    found |= self._forcing(self._only(outcome, root), largest)
            except _TooManySets:
                continue
            self.largest = largest
            return _smallest(self._supplied(names) for names in found)
        return frozenset()

    def _only(self, outcome: Hashable, root: Node) -> Node:
        """The yes/no diagram of one outcome."""
        return self._diagrams.map(f"only {outcome}", lambda value: value == outcome, root)

    def _forcing(self, node: Node, size: int) -> frozenset[frozenset[str]]:
        """The minimal sets of data with values that make a yes/no diagram yes; `size` bounds the data asked for.

        How many records a list holds costs nothing: it is answered with what stands in it.
        """
        diagrams = self._diagrams
        if diagrams.is_terminal(node):
            return frozenset({frozenset[str]()}) if diagrams.value(node) else frozenset()
        names = self._names[diagrams.variable(node)]
        cost = sum(1 for name in names if name not in self._lists) if names else 1
        key = (node, size)
        found = self._memory.get(key)
        if found is None:
            children = diagrams.children(node)
            whatever = children[0]
            for child in children[1:]:
                whatever = diagrams.apply("both", lambda a, b: a and b, whatever, child)
            sets = set(self._forcing(whatever, size))
            for child in set(children) if cost <= size else ():
                sets |= {chosen.union(names) for chosen in self._forcing(child, size - cost)}
            if len(sets) > MOST_SETS_KEPT:
                raise _TooManySets
            found = self._memory[key] = _smallest(sets)
        return found


def _smallest(sets: Iterable[frozenset[str]]) -> frozenset[frozenset[str]]:
    """The sets that hold no other. Sets are small, so their subsets are looked up rather than all pairs compared."""
    kept: set[frozenset[str]] = set()
    for candidate in sorted(sets, key=len):
        inside = (frozenset(part) for size in range(len(candidate) + 1) for part in combinations(candidate, size))
        if not any(part in kept for part in inside):
            kept.add(candidate)
    return frozenset(kept)
