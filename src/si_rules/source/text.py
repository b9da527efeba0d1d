"""A source text with its places: offsets, lines and columns, all counted in Unicode code points."""

import bisect
import hashlib
from functools import cached_property

from attrs import field, frozen


@frozen
class Span:
    """A stretch of a text: from offset `start` up to, not including, `end` (code points, from 0)."""

    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """The stretch from the start of this span to the end of the other."""
        return Span(self.start, max(self.end, other.end))


@frozen
class EditionFile:
    """A file that went into an edition: what it belongs to, its name without folders, its bytes as read.

    `of` is an id and an edition, `council.attendance 2015-16`, or `vocabulary`, or `calendar`.
    """

    of: str
    name: str
    data: bytes

    @property
    def digest(self) -> str:
        r"""`sha256:` and the SHA-256 over its text, line ends `\n` and without a byte order mark."""
        text = self.data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        closed = text if text.endswith(b"\n") else text + b"\n"
        return "sha256:" + hashlib.sha256(closed).hexdigest()


@frozen(slots=False)
class Source:
    r"""A named text whose lines end in `\n` and whose last line is closed.

    `name` is what people are shown (a path as they gave it). Made by `screening.read_source`, which
    normalises line ends; positions are those of the normalised text.
    """

    name: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        starts.extend(index + 1 for index, letter in enumerate(self.text) if letter == "\n")
        return starts

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, both counted from 1."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end; empty past the end."""
        if not 1 <= number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]

    def words(self, span: Span) -> str:
        """The text of a span, runs of white space made one space."""
        return " ".join(self.text[span.start : span.end].split())
