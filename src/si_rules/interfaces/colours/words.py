"""The words of the language, read from `terminals.lark` with the section each stands in."""

import re
from collections.abc import Iterator
from functools import cache

from attrs import frozen

from si_rules import shipped

_SECTION = re.compile(r"// ---- ([^:\n]+)")
_TERMINAL = re.compile(r'(_?[A-Z][A-Z0-9_]*)(?:\.([0-9]+))?: *(?:/(.+)/|"(.+)") *')
_GROUP = re.compile(r"(\\.|\[(?:\\.|[^\]\\])*\])|\((?!\?)")


@frozen
class Word:
    """A terminal: its name, its section, its priority, and what it looks like as a pattern without groups."""

    name: str
    section: str
    priority: int
    pattern: str


def read_words(text: str) -> Iterator[Word]:
    """Every terminal that is one pattern or one text, in order. Other forms of terminal are left out."""
    section = ""
    for line in text.splitlines():
        if heading := _SECTION.match(line):
            section = heading[1].strip()
        elif terminal := _TERMINAL.fullmatch(line):
            name, priority, pattern, literal = terminal.groups()
            written = _without_groups(pattern) if pattern else _exactly(literal)
            yield Word(name, section, int(priority or 0), written)


@cache
def words() -> tuple[Word, ...]:
    """The terminals of the grammar that comes with the library."""
    return tuple(read_words((shipped.grammar_folder() / "terminals.lark").read_text(encoding="utf-8")))


def _exactly(text: str) -> str:
    """A pattern for a text, which ends where a word ends if it is one."""
    return re.escape(text).replace(r"\ ", " ") + (r"\b" if text[-1].isalnum() else "")


def _without_groups(pattern: str) -> str:
    """The same pattern with groups that are not counted; brackets inside a set of letters are letters."""
    return _GROUP.sub(lambda found: found[1] or "(?:", pattern)
