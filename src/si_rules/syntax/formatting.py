"""The one layout of policy, vocabulary and scenario files.

Works on lines of tokens, not on the tree: a file is laid out as it was written, line by line, and only its
spaces, blank lines, indentation and bars change. Then the result is parsed and held against the original.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final, Literal, TypeAlias

import attrs
from lark import Lark
from lark.exceptions import UnexpectedInput

from si_rules.source.diagnostics import Diagnostic
from si_rules.source.screening import LONGEST_LINE, MOST_BYTES, read_source
from si_rules.source.text import Source, Span
from si_rules.syntax.alignment import aligned
from si_rules.syntax.builder import TreeBuilder
from si_rules.syntax.grammar import parser
from si_rules.syntax.lines import BLANK, Aside, Line, lines_of
from si_rules.syntax.parsing import comments_of, parse_declarations
from si_rules.syntax.scenario_builder import ScenarioBuilder
from si_rules.syntax.spacing import spaced, wrapped

Language: TypeAlias = Literal["policy", "scenarios"]
STEP: Final = "  "


class LayoutFault(Exception):
    """The layout would say something else than the file: a fault of the formatter, never of the author."""


def lay_out(source: Source, language: Language) -> tuple[str, list[Diagnostic]]:
    """The text of a file in the one layout, or its own text and what keeps it from being laid out.

    The layout says the same: it was read again, and has the same tree and the same comments in the same
    order; LayoutFault is raised where it has not. Laid out again it stays as it is.

    The source is one that `read_source` found nothing wrong with.
    """
    lark = parser("policy", TreeBuilder) if language == "policy" else parser("scenarios", ScenarioBuilder)
    try:
        declarations, lines, after = lines_of(source, lark)
    except UnexpectedInput:
        return source.text, parse_declarations(source, lark)[1]
    written, too_long = _written(source, lines, after)
    if too_long:
        return source.text, too_long
    text = "\n".join(written).strip("\n") + "\n"
    size = len(text.encode("utf-8"))
    if size > MOST_BYTES:
        message = f"laid out, the file has {size:,} bytes; at most {MOST_BYTES:,} are read"
        return source.text, [Diagnostic("SI105", message, source, Span(0, 1), "split the policy into several files")]
    hold_against(source, declarations, text, lark)
    return text, []


def hold_against(source: Source, declarations: list[Any], text: str, lark: Lark) -> None:
    """Raise LayoutFault unless a text can be read, and says what the source says with the comments of the source."""
    read, found = read_source(source.name, text.encode("utf-8"))
    again, mistakes, _ = ([], [], None) if found else parse_declarations(read, lark)
    for item in found + mistakes:
        raise LayoutFault(f"the layout cannot be read: {item.message}")
    if not _alike(tuple(declarations), tuple(again)):
        raise LayoutFault("the layout says something else than the file")
    if comments_of(source) != comments_of(read):
        raise LayoutFault("the layout loses or moves a comment")


def _alike(one: Any, other: Any) -> bool:
    """Equality of trees, also of trees deeper than Python's own comparison goes."""
    pairs = [(one, other)]
    while pairs:
        left, right = pairs.pop()
        if type(left) is not type(right):
            return False
        if isinstance(left, tuple):
            if len(left) != len(right):
                return False
            pairs += zip(left, right, strict=True)
        elif attrs.has(type(left)):
            names = [field.name for field in attrs.fields(type(left)) if field.eq]
            pairs += [(getattr(left, name), getattr(right, name)) for name in names]
        elif left != right:
            return False
    return True


def _written(source: Source, lines: list[Line], after: tuple[Aside, ...]) -> tuple[list[str], list[Diagnostic]]:
    """The lines of the layout, and the lines of the source that would be too long to be read again."""
    out: list[str] = []
    too_long: list[Diagnostic] = []
    texts = list(_texts(lines))
    for place, line in enumerate(lines):
        block = line.depth == 0 and place > 0
        block = block and (lines[place - 1].depth > 0 or (place + 1 < len(lines) and lines[place + 1].depth > 0))
        new = [*_asides(line.before, apart=block), _indented(line, texts[place])]
        too_long += _too_long(source, line.span, new)
        out += new
    last = _asides(after, apart=False)
    too_long += _too_long(source, Span(len(source.text) - 1, len(source.text)), last)
    out += last
    return [text for place, text in enumerate(out) if text or (place > 0 and out[place - 1])], too_long


def _too_long(source: Source, span: Span, texts: list[str]) -> list[Diagnostic]:
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    if longest <= LONGEST_LINE:
        return []
    message = f"laid out, the line has {longest:,} characters; at most {LONGEST_LINE:,} are read"
    return [Diagnostic("SI108", message, source, span, "break the line, or put its items into a list")]


def _texts(lines: list[Line]) -> Iterator[str]:
    """Each line without indentation and comment; the rows of a table, which follow each other, aligned."""
    for (is_row, _), group in groupby(lines, lambda line: (_is_row(line), line.depth)):
        together = list(group)
        texts = [spaced(line.tokens) for line in together]
        padded = aligned(texts) if is_row else texts
        longest = max(len(_whole(line, text)) for line, text in zip(together, padded, strict=True))
        yield from padded if longest <= LONGEST_LINE else texts


def _is_row(line: Line) -> bool:
    return line.tokens[0].startswith("|")


def _whole(line: Line, text: str) -> str:
    return STEP * line.depth + text + (f"  {line.comment}" if line.comment else "")


def _indented(line: Line, text: str) -> str:
    """A line with its indentation and comment; one too long to be read again is run over, where it is no row."""
    whole = _whole(line, text)
    if len(whole) <= LONGEST_LINE or _is_row(line):
        return whole
    indentation = STEP * line.depth
    return wrapped(text, indentation) + whole.removeprefix(indentation + text)


def _asides(asides: tuple[Aside, ...], apart: bool) -> list[str]:
    """Comments and blank lines; with `apart`, a blank line at least, before the comments of what follows."""
    texts = [STEP * aside.depth + aside.text if aside.text else BLANK for aside in asides]
    if apart and BLANK not in texts:
        own = (place for place, aside in enumerate(asides) if aside.depth == 0)
        texts.insert(next(own, len(texts)), BLANK)
    return texts
