"""The tokens of one line as text: a space between two of them, but for the marks that lean on a word."""

import re
import textwrap
from collections.abc import Iterable
from typing import Final

from lark import Token

WIDTH: Final = 120
_SPACE: Final = re.compile(r"[ \t\n]+")
_COMMA: Final = re.compile(r" ?, ?(?=[a-z])")
_QUOTATION: Final = re.compile(r'("[^"]*")')
_OPENING: Final = ("(", "[")
_CLOSING: Final = (",", ")", "]")


def spaced(tokens: Iterable[Token]) -> str:
    """A line without its indentation. Quotations and keywords have single spaces inside, and no line ends."""
    parts: list[str] = []
    last: Token | None = None
    for token in tokens:
        if last is not None and not _leans(last, token):
            parts.append(" ")
        parts.append(_plain(token))
        last = token
    return "".join(parts)


def _plain(token: str) -> str:
    text = _SPACE.sub(" ", token)
    if len(text) == 1:
        return text
    # a row of cells is one token in a scenario, with quotations in it
    parts = _QUOTATION.split(text)
    parts[0::2] = [_COMMA.sub(", ", words) for words in parts[0::2]]
    parts[1::2] = [f'"{quotation[1:-1].strip(" ")}"' for quotation in parts[1::2]]
    return "".join(parts).strip()


def _leans(left: Token, right: Token) -> bool:
    """Whether no space stands between two tokens. A colon stands apart after what is named: `"title" : percent`."""
    if left in _OPENING or right.startswith(_CLOSING):
        return True
    return right == ":" and left.type not in ("NAME", "STRING")


def wrapped(line: str, indentation: str) -> str:
    """A line with its quotations run over lines of at most 120 columns, where they have spaces to break at.

    For lines longer than may be read; a quotation may hold line ends, and nothing else of a line may.
    """
    out: list[str] = []
    for part in _QUOTATION.split(indentation + line):
        if part.startswith('"'):
            column = len(out[-1]) - out[-1].rfind("\n") - 1 if out else 0
            part = _run_over(part, column, indentation + "    ")
        out.append(part)
    return "".join(out)


def _run_over(quotation: str, column: int, indentation: str) -> str:
    wide = textwrap.wrap(
        quotation,
        WIDTH,
        initial_indent=" " * column,
        subsequent_indent=indentation,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return "\n".join(wide)[column:]
