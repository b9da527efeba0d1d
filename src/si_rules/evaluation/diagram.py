"""Decision diagrams: a function of the missing data, with one node a question and shared parts kept once.

Counts nodes, never time, so that the same policy and evidence stop at the same place on every machine.
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Any

Node = int
STEPS_A_NODE = 20


class TooManyNodes(Exception):
    """The case analysis passed its stated number of nodes."""


class Diagrams:
    """A family of diagrams over the same variables. A variable is a number; smaller ones are asked first."""

    def __init__(self, most_nodes: int) -> None:
        self._most = most_nodes
        self._values: list[Any] = []
        self._variables: list[int] = []
        self._children: list[tuple[Node, ...]] = []
        self._terminals: dict[Hashable, Node] = {}
        self._inner: dict[tuple[int, tuple[Node, ...]], Node] = {}
        self._applied: dict[str, dict[tuple[Node, Node], Node]] = {}
        self._steps = 0

    def __len__(self) -> int:
        return len(self._values)

    def terminal(self, value: Hashable) -> Node:
        """The diagram that is `value` whatever is answered."""
        key = _key(value)
        found = self._terminals.get(key)
        if found is None:
            found = self._terminals[key] = self._add(value, -1, ())
        return found

    def node(self, variable: int, children: tuple[Node, ...]) -> Node:
        """The diagram that asks `variable` and goes on with the child of the answer."""
        if children.count(children[0]) == len(children):
            return children[0]
        key = (variable, children)
        found = self._inner.get(key)
        if found is None:
            found = self._inner[key] = self._add(None, variable, children)
        return found

    def _add(self, value: Any, variable: int, children: tuple[Node, ...]) -> Node:
        if len(self._values) >= self._most:
            raise TooManyNodes
        self._values.append(value)
        self._variables.append(variable)
        self._children.append(children)
        return len(self._values) - 1

    def is_terminal(self, node: Node) -> bool:
        """Whether nothing is left to ask."""
        return self._variables[node] < 0

    def value(self, node: Node) -> Any:
        """The value of a terminal."""
        return self._values[node]

    def variable(self, node: Node) -> int:
        """The variable a node asks."""
        return self._variables[node]

    def children(self, node: Node) -> tuple[Node, ...]:
        """What follows on each answer."""
        return self._children[node]

    def apply(self, name: str, operation: Callable[[Any, Any], Hashable], left: Node, right: Node) -> Node:
        """The diagram of `operation` on the values of two; `name` tells operations apart in the memory."""
        applied = self._applied.get(name)
        if applied is None:
            applied = self._applied[name] = {}
        return self._apply(applied, operation, left, right)

    def _apply(self, applied: dict[tuple[Node, Node], Node], operation: Callable[[Any, Any], Hashable],
               left: Node, right: Node) -> Node:  # fmt: skip
        found = applied.get((left, right))
        if found is not None:
            return found
        first, second = self._variables[left], self._variables[right]
        if first == second:
            if first < 0:
                result = self.terminal(operation(self._values[left], self._values[right]))
            else:
                pairs = zip(self._children[left], self._children[right], strict=True)
                result = self.node(first, tuple([self._apply(applied, operation, one, other) for one, other in pairs]))
        elif second < 0 or 0 <= first < second:
            below = [self._apply(applied, operation, child, right) for child in self._children[left]]
            result = self.node(first, tuple(below))
        else:
            below = [self._apply(applied, operation, left, child) for child in self._children[right]]
            result = self.node(second, tuple(below))
        if self._steps >= self._most * STEPS_A_NODE:
            raise TooManyNodes
        self._steps += 1
        applied[left, right] = result
        return result

    def map(self, name: str, operation: Callable[[Any], Hashable], node: Node) -> Node:
        """The diagram of `operation` on the values of one."""
        nothing = self.terminal(None)
        return self.apply(name, lambda value, _: operation(value), node, nothing)

    def nodes_under(self, *roots: Node) -> Iterator[Node]:
        """Every node that can be reached from some roots, each once."""
        seen = set(roots)
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            yield node
            for child in self._children[node]:
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)

    def terminals_under(self, root: Node) -> set[Any]:
        """The values a diagram can come to."""
        return {self._values[node] for node in self.nodes_under(root) if self._variables[node] < 0}

    def variables_under(self, root: Node) -> set[int]:
        """The variables a diagram depends on."""
        return {self._variables[node] for node in self.nodes_under(root) if self._variables[node] >= 0}


def _key(value: Hashable) -> Hashable:
    """What tells terminals apart: yes and the number one are equal in Python, and two things here, also in a tuple."""
    return (tuple, *map(_key, value)) if type(value) is tuple else (type(value), value)
