"""The listing that stands behind compiled functions: a traceback through one shows the line of the policy."""

import linecache
from typing import Final

from attrs import define, field

from si_rules.semantics import core

_LONGEST: Final = 160


@define
class Listing:
    """One line for each rule and classification of a policy, in its order, with the place where it was written."""

    policy: core.Core
    name: str
    _lines: list[str] = field(init=False, factory=list)
    _numbers: dict[str, int] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self._lines.append(f"policy {self.policy.id} {self.policy.edition}, compiled")
        for rule in self.policy.rules.values():
            words = " ".join(rule.origin.words.split()) or rule.title
            self._add(rule.id, f"{rule.origin.file}, line {rule.origin.line}: {rule.sort} {rule.id}: {words}")
        for found in self.policy.classifications.values():
            self._add(found.id, f"classification {found.id}: {found.title}")

    def _add(self, name: str, text: str) -> None:
        self._lines.append(text[:_LONGEST])
        self._numbers[name] = len(self._lines)

    def line(self, name: str) -> int:
        """The number of the line of a rule or classification."""
        return self._numbers.get(name, 1)

    def keep(self) -> None:
        """Make the lines known to whoever shows a traceback."""
        lines = [f"{line}\n" for line in self._lines]
        linecache.cache[self.name] = (sum(map(len, lines)), None, lines, self.name)
