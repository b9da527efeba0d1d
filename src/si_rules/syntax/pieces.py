"""Pieces that the builders of the tree share: spans, words, lines of declarations, heads of lists."""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

from lark import Token

from si_rules.source.text import Span
from si_rules.syntax import tree

T = TypeVar("T")
_SINGULAR: Final = {"day": "days", "week": "weeks", "month": "months", "year": "years", "point": "points"}


def span_of(*parts: Any) -> Span:
    """The stretch from the first to the last token or node among `parts` (None and other things are passed over)."""
    start, end = -1, -1
    for part in parts:
        if isinstance(part, Token):
            first, last = part.start_pos or 0, part.end_pos or 0
        elif hasattr(part, "span"):
            first, last = part.span.start, part.span.end
        elif isinstance(part, tuple) and part:
            inner = span_of(*part)
            first, last = inner.start, inner.end
        else:
            continue
        if first < 0:
            continue
        start = first if start < 0 else min(start, first)
        end = max(end, last)
    return Span(start, end)


def unit_of(written: str) -> str:
    """The unit that is meant: `day` in `1 day` is `days`. Units of a vocabulary have one word, which is left as it is."""
    return _SINGULAR.get(str(written), str(written))


def word(token: Token) -> tree.Word:
    """A token as a word of the tree."""
    return tree.Word(str(token), Span(token.start_pos or 0, token.end_pos or 0))


def quoted(token: Token) -> tree.Word:
    """A quotation without its marks, on one line."""
    return tree.Word(" ".join(token[1:-1].split()), Span(token.start_pos or 0, token.end_pos or 0))


class Head:
    """The head of a list, waiting for its items."""

    def __init__(self, quantifier: tree.Quantifier, count: Token | None, key: Token) -> None:
        self._quantifier: tree.Quantifier = quantifier
        self._count = word(count) if count is not None else None
        self._key = key

    def over(self, items: Iterable[tree.Item]) -> tree.ItemList:
        """The list of some items."""
        listed = tuple(items)
        return tree.ItemList(self._quantifier, self._count, listed, span_of(self._key))


def of(lines: Iterable[Any], wanted: type[T]) -> tuple[T, ...]:
    """The lines that are nodes of one sort."""
    return tuple(line for line in lines if isinstance(line, wanted))


class Line(tuple[str, Any]):
    """A line of a declaration that is no node of its own: its name and its content."""

    __slots__ = ()


def lines_of(lines: Iterable[Any], name: str) -> tuple[Any, ...]:
    """What stands on the lines of one name."""
    return tuple(line[1] for line in lines if isinstance(line, Line) and line[0] == name)
