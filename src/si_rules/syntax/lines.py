"""A file as lines of tokens: what stands on each line, how deep it stands, and the comments and blank lines before it.

This is what the formatter lays out. It knows no form of the language, only lines and blocks, so that a new
form in the grammar needs nothing here.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

from attrs import frozen
from lark import Lark, TextSlice, Token

from si_rules.source.text import Source, Span
from si_rules.syntax.parsing import cut

BLANK: Final = ""


@frozen
class Aside:
    """A comment on a line of its own, or a blank line (its text is empty); `depth` counts the blocks it stands in."""

    depth: int
    text: str


@frozen
class Line:
    """One construct of the language, with the comment at its end and what stands between the one before and it."""

    before: tuple[Aside, ...]
    depth: int
    tokens: tuple[Token, ...]
    comment: str

    @property
    def span(self) -> Span:
        """From its first token to its last."""
        return Span(self.tokens[0].start_pos or 0, self.tokens[-1].end_pos or 0)


def lines_of(source: Source, lark: Lark) -> tuple[list[Any], list[Line], tuple[Aside, ...]]:
    """The declarations of a file, its lines, and the comments and blank lines after the last one.

    Raises Lark's UnexpectedInput where the file cannot be parsed; `parse_declarations` then says what is wrong.
    """
    stretches = cut(source.text)
    head = source.text[: stretches[0][0]] if stretches else source.text
    before = tuple(_asides("\n" + head.removesuffix("\n"), [0], 0)) if head else ()
    declarations, lines = [], []
    for start, end in stretches:
        reader = lark.parse_interactive(TextSlice(source.text, start, end), start="declaration")
        tokens = reader.exhaust_lexer()
        declarations.append(reader.feed_token(Token.new_borrow_pos("$END", "", tokens[-1])))
        found, after = _cut_lines(source.text, tokens, before)
        lines += found
        before = after
    return declarations, lines, before


def _cut_lines(text: str, tokens: list[Token], before: tuple[Aside, ...]) -> tuple[list[Line], tuple[Aside, ...]]:
    """The lines of one declaration, and what stands after it."""
    lines: list[Line] = []
    columns = [0]
    written: list[Token] = []
    line_end: Token | None = None
    open_before = columns
    for token in tokens:
        match token.type:
            case "_NL":
                comment = text[written[-1].end_pos : token.start_pos].strip()
                lines.append(Line(before, len(columns) - 1, tuple(written), comment))
                written, line_end, open_before = [], token, columns.copy()
            case "_INDENT" if line_end is not None:
                columns.append(len(line_end) - line_end.rindex("\n") - 1)
            case "_DEDENT":
                columns.pop()
            case _:
                if not written and line_end is not None:
                    before = tuple(_asides(_without_last(line_end), open_before, len(columns) - 1))
                written.append(token)
    after = tuple(_asides(_without_last(line_end), open_before, 0)) if line_end is not None else ()
    return lines, after


def _without_last(line_end: str) -> str:
    """What a line end holds before the indentation of the next line."""
    return line_end[: line_end.rindex("\n")]


def _asides(gap: str, columns: list[int], next_depth: int) -> Iterator[Aside]:
    """The comments and blank lines of a gap.

    A comment stands as deep as the line that follows it. Where blocks close, it may still belong to one
    of them: its own column says to which, and none after it stands deeper.
    """
    deepest = max(len(columns) - 1, next_depth)
    for line in gap.split("\n")[1:]:
        text = line.strip()
        if text:
            column = len(line) - len(line.lstrip(" "))
            deepest = max(next_depth, min(deepest, bisect_right(columns, column) - 1))
            yield Aside(deepest, text)
        else:
            yield Aside(deepest, BLANK)
