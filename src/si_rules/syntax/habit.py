"""A habit of writing: words people bring from letters, other languages and spreadsheets, and what is meant by them."""

import re
from collections.abc import Callable, Iterable

from attrs import field, frozen

Meant = str | Callable[[re.Match[str]], str]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _terminals(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


@frozen
class Habit:
    """One row: what is written, what is meant, and the sentences that say so.

    `meant` is put in the place of what is written; None where nothing can be, and then the row fits wherever one of
    `expected` could have stood. In the sentences `{0}` is what was written, `{meant}` what is meant, and `{1}` the
    first group of the pattern. An empty `meant` leaves it out.
    """

    written: re.Pattern[str] = field(converter=_pattern)
    meant: Meant | None
    help: str = "write `{meant}`"
    message: str = "`{0}` is not understood here"
    code: str = "SI201"
    expected: frozenset[str] = field(default=(), converter=_terminals)

    def meant_by(self, match: re.Match[str]) -> str | None:
        """What is meant by words that were written."""
        if self.meant is None or not isinstance(self.meant, str):
            return None if self.meant is None else self.meant(match)
        return match.expand(self.meant)

    def said_of(self, match: re.Match[str], meant: str) -> tuple[str, str]:
        """The message and the help."""
        groups = [match.group().strip(), *(group or "" for group in match.groups())]
        values = {"meant": " ".join(meant.split())}
        return self.message.format(*groups, **values), self.help.format(*groups, **values)
