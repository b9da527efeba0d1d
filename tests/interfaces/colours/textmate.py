"""What an editor does with a TextMate grammar, as far as ours uses it: line by line, from the file alone.

At each place the match that begins first is taken; of those that begin together, the end of the block that is open,
else the first in the file.
"""

import re
from typing import Any

Scopes = list[tuple[str, ...]]


class Highlighter:
    """Gives every letter of a text its scopes, the outermost first."""

    def __init__(self, grammar: dict[str, Any]) -> None:
        self.grammar = grammar

    def highlight(self, text: str) -> list[Scopes]:
        """The scopes of every letter, line by line."""
        blocks = [{"patterns": self.grammar["patterns"], "name": self.grammar["scopeName"], "end": "(?!)"}]
        return [self._line(line, blocks) for line in text.split("\n")]

    def _line(self, line: str, blocks: list[dict[str, Any]]) -> Scopes:
        scopes: Scopes = [()] * len(line)
        at = 0
        while True:
            inside = tuple(block["name"] for block in blocks if "name" in block)
            found, pattern = self._next(line, at, blocks[-1])
            if found is None:
                scopes[at:] = [inside] * (len(line) - at)
                return scopes
            scopes[at : found.start()] = [inside] * (found.start() - at)
            if pattern is None:
                blocks.pop()
            elif "begin" in pattern:
                blocks.append(pattern)
                inside += (pattern["name"],) if "name" in pattern else ()
            scopes[found.start() : found.end()] = [inside] * (found.end() - found.start())
            for number, capture in self._captures(pattern).items():
                for place in range(*found.span(int(number))):
                    scopes[place] = (*scopes[place], capture["name"])
            assert found.end() > at or pattern is None, "a pattern that matches nothing would never end"
            at = found.end()

    def _next(self, line: str, at: int, block: dict[str, Any]) -> tuple[re.Match[str] | None, dict[str, Any] | None]:
        """The match that comes next, and its pattern; no pattern where it ends the block."""
        best, which = re.compile(block["end"]).search(line, at), None
        for pattern in block.get("patterns", []):
            found = re.compile(pattern.get("match") or pattern["begin"]).search(line, at)
            if found and (best is None or found.start() < best.start()):
                best, which = found, pattern
        return best, which

    def _captures(self, pattern: dict[str, Any] | None) -> dict[str, dict[str, str]]:
        if pattern is None:
            return {}
        captures: dict[str, dict[str, str]] = pattern.get("captures") or pattern.get("beginCaptures") or {}
        return captures
