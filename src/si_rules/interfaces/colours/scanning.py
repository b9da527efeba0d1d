"""Text to pieces with roles, by the rules."""

import re
from collections.abc import Iterator
from functools import cache

from attrs import frozen

from si_rules.interfaces.colours.rules import Block, Role, Rule, rules

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_SPACE = re.compile(r"\s+")


@frozen
class Piece:
    """Some letters of a text, where they start, and what they are."""

    start: int
    role: Role
    text: str


def scan(text: str, by: tuple[Rule | Block, ...] | None = None) -> Iterator[Piece]:
    """Every letter of a text, in pieces and in order, by the rules of the library or by others.

    Any text can be read; what is not of the language is STRAY.
    """
    root = Block("", (), "(?!)", None, rules() if by is None else by)
    blocks, start = [root], 0
    for found in _LINE.finditer(text):
        line, ending = found.groups()
        yield from _scan_line(line, start, blocks)
        start += len(line)
        if ending:
            yield Piece(start, Role.SPACE, ending)
            start += len(ending)


def _scan_line(line: str, start: int, blocks: list[Block]) -> Iterator[Piece]:
    """The pieces of a line; `blocks` are those it begins in, and after it those it ends in."""
    at = 0
    while True:
        block = blocks[-1]
        if end := _compiled(block.end).match(line, at):
            blocks.pop()
            if end.end() > at:
                yield Piece(start + at, block.role or Role.PUNCTUATION, end.group())
                at = end.end()
            continue
        if at == len(line):
            return
        if block.role is not None and not block.inside:
            until = _compiled(block.end).search(line, at)
            stop = until.start() if until else len(line)
            yield Piece(start + at, block.role, line[at:stop])
            at = stop
            continue
        for piece in _next_pieces(line, at, blocks):
            yield Piece(start + at, piece.role, piece.text)
            at += len(piece.text)


def _next_pieces(line: str, at: int, blocks: list[Block]) -> list[Piece]:
    """The pieces of the first rule that matches here, else the space or the one letter that stands here."""
    for rule in blocks[-1].inside:
        found = _compiled(rule.begin if isinstance(rule, Block) else rule.pattern).match(line, at)
        if found is None or found.end() == at:
            continue
        if isinstance(rule, Block):
            blocks.append(rule)
            if not rule.roles and rule.role is not None:
                return [Piece(at, rule.role, found.group())]
        return _groups(found, rule)
    if space := _SPACE.match(line, at):
        return [Piece(at, Role.SPACE, space.group())]
    return [Piece(at, Role.STRAY, line[at])]


def _groups(found: re.Match[str], rule: Rule | Block) -> list[Piece]:
    """A piece for each group: the groups of a rule stand one after another and cover all that it matches."""
    return [
        Piece(found.start(number), role, found[number])
        for number, role in enumerate(rule.roles, 1)
        if found[number]
    ]  # fmt: skip


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
