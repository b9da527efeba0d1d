"""What is needed to settle an outcome: the data that can still matter, and the smallest sets that settle it."""

from collections.abc import Hashable, Iterable
from typing import Final

from attrs import frozen

from si_rules.evaluation.atoms import LinearAtom
from si_rules.evaluation.completions import Completions
from si_rules.evaluation.diagram import Diagrams, Node

LARGEST_SET: Final = 3
MOST_SETS: Final = 10


@frozen
class Needs:
    """`matters`: every datum that can still change the outcome. `could_settle`: the smallest sets of data
    for which some values settle it; `will_settle`: those for which every value does. `truncated` where a
    set is larger than three or there are more than ten.
    """

    matters: tuple[str, ...]
    could_settle: tuple[tuple[str, ...], ...]
    will_settle: tuple[tuple[str, ...], ...]
    truncated: bool


def needs_of(completions: Completions, root: Node) -> Needs:
    """The needs of an undetermined outcome.

    A comparison of two missing data counts for both of them.
    """
    variables = completions.diagrams.variables_under(root)
    names = {number: _paths(completions.variables[number]) for number in variables}
    matters = tuple(sorted({path for paths in names.values() for path in paths}))
    could = _Settling(completions.diagrams).sets(root)
    named = {tuple(sorted({path for number in chosen for path in names[number]})) for chosen in could}
    smallest = _minimal(named)
    ordered = sorted((item for item in smallest if len(item) <= LARGEST_SET), key=lambda item: (len(item), item))
    will = (matters,) if len(matters) <= LARGEST_SET else ()
    truncated = len(matters) > LARGEST_SET or len(ordered) > MOST_SETS
    return Needs(matters, tuple(ordered[:MOST_SETS]), will, truncated)


def _paths(variable: str | LinearAtom) -> tuple[str, ...]:
    return (variable,) if isinstance(variable, str) else variable.paths


def _minimal(sets: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    kept: list[frozenset[str]] = []
    for candidate in sorted((frozenset(item) for item in sets), key=lambda item: (len(item), sorted(item))):
        if not any(smaller <= candidate for smaller in kept):
            kept.append(candidate)
    return {tuple(sorted(item)) for item in kept}


class _Settling:
    """Finds the sets of variables for which some answers force one outcome, whatever the others are."""

    def __init__(self, diagrams: Diagrams) -> None:
        self._diagrams = diagrams
        self._memory: dict[tuple[Node, int], frozenset[frozenset[int]]] = {}

    def sets(self, root: Node) -> frozenset[frozenset[int]]:
        """The minimal sets of up to three variables, over every outcome that can be forced."""
        found: set[frozenset[int]] = set()
        for outcome in sorted(self._diagrams.terminals_under(root), key=str):
            found |= self._forcing(self._only(outcome, root), LARGEST_SET)
        return _smallest(found)

    def _only(self, outcome: Hashable, root: Node) -> Node:
        """The yes/no diagram of one outcome."""
        return self._diagrams.map(f"only {outcome}", lambda value: value == outcome, root)

    def _forcing(self, node: Node, size: int) -> frozenset[frozenset[int]]:
        """The minimal sets of at most `size` variables with answers that make a yes/no diagram yes."""
        diagrams = self._diagrams
        if diagrams.is_terminal(node):
            return frozenset({frozenset[int]()}) if diagrams.value(node) else frozenset()
        if size == 0:
            return frozenset()
        key = (node, size)
        found = self._memory.get(key)
        if found is None:
            variable, children = diagrams.variable(node), diagrams.children(node)
            whatever = children[0]
            for child in children[1:]:
                whatever = diagrams.apply("both", lambda a, b: a and b, whatever, child)
            sets = set(self._forcing(whatever, size))
            for child in set(children):
                sets |= {chosen | {variable} for chosen in self._forcing(child, size - 1)}
            found = self._memory[key] = _smallest(sets)
        return found


def _smallest(sets: Iterable[frozenset[int]]) -> frozenset[frozenset[int]]:
    kept: list[frozenset[int]] = []
    for candidate in sorted(sets, key=len):
        if not any(smaller <= candidate for smaller in kept):
            kept.append(candidate)
    return frozenset(kept)
