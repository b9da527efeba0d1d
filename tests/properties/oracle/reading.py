"""What each part of a policy reads: which data, which values and rules with a name, and the leaves it is made of."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tests.properties.oracle.values import Truth, Values


@dataclass
class Reading:
    """What one term, condition or declaration reads itself."""

    paths: Counter[str] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)
    leaves: list["Leaf"] = field(default_factory=list)
    at_hand: bool = False


@dataclass(eq=False)
class Leaf:
    """A comparison: its truth, the differences at which it turns, and what it reads.

    `linear` says that it is made of sums and differences alone; `hints` are numbers at which it may turn.
    """

    test: Truth
    reading: Reading
    differences: tuple[Callable[[Values], Fraction | None], ...] = ()
    linear: bool = False
    hints: tuple[Fraction, ...] = ()


class Readings:
    """The readings of all that has a name, and what they read by way of others."""

    def __init__(self) -> None:
        self.named: dict[str, Reading] = {}
        self._paths: dict[int, tuple[Reading, Counter[str]]] = {}
        self._leaves: dict[str, list[Leaf]] = {}

    def paths(self, reading: Reading) -> Counter[str]:
        """How often each datum is read, by way of what has a name too."""
        found = self._paths.get(id(reading))
        if found is None:
            total = Counter(reading.paths)
            for leaf in reading.leaves:
                total.update(self.paths(leaf.reading))
            for name in reading.names:
                total.update(self.paths(self.named[name]))
            found = self._paths[id(reading)] = (reading, total)
        return found[1]

    def terms_of(self, reading: Reading) -> set[str]:
        """The data that terms read, by way of values with a name too; what conditions read is left to their leaves."""
        found = set(reading.paths)
        for name in reading.names:
            found |= self.terms_of(self.named[name])
        return found

    def leaves(self, name: str) -> list[Leaf]:
        """Every leaf under what has a name, by way of others too."""
        found = self._leaves.get(name)
        if found is None:
            found = self._leaves[name] = list(dict.fromkeys(self._under(self.named[name])))
        return found

    def _under(self, reading: Reading) -> list[Leaf]:
        found = list(reading.leaves)
        for leaf in reading.leaves:
            found += self._under(leaf.reading)
        for name in reading.names:
            found += self.leaves(name)
        return found

    def all_leaves(self, names: Mapping[str, object]) -> list[Leaf]:
        """The leaves of everything that has a name."""
        return list(dict.fromkeys(leaf for name in names for leaf in self.leaves(name)))
