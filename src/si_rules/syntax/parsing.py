"""From a text to a file's tree, with every mistake in form that can be told apart.

The text is cut into declarations (a declaration begins in the first column), and each is parsed by
itself: a mistake in one does not hide those in the next. Inside a declaration a faulty line is left
out, with what hangs under it, and the rest is parsed again, so that a second mistake shows too.
"""

import re
from typing import Any, Final

from attrs import evolve
from lark import Lark, TextSlice
from lark.exceptions import UnexpectedInput, VisitError

from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.text import Source, Span
from si_rules.syntax import tree
from si_rules.syntax.builder import TreeBuilder
from si_rules.syntax.expected import written
from si_rules.syntax.grammar import parser
from si_rules.syntax.mistakes import describe, is_follow_up, place_of

MOST_MISTAKES_A_DECLARATION: Final = 8
MOST_MISTAKES_A_FILE: Final = 40
# A suggestion is tried on what stands before the mistake in its declaration, and a little after it; where that is
# long, none is made: a text is untrusted, and each trial reads it again.
_MOST_REREAD: Final = 16_000
_READ_ON: Final = 2_000
_DECLARED_NAME: Final = re.compile(r"(?:part +of|[a-z]+) +([A-Za-z][A-Za-z0-9_.-]*)")


def parse_file(source: Source) -> tuple[tree.File, list[Diagnostic]]:
    """The tree of a policy or vocabulary file and what is wrong with its form."""
    declarations, diagnostics, damaged = parse_declarations(source, parser("policy", TreeBuilder))
    return tree.File(source, tuple(declarations), comments_of(source), damaged), diagnostics


def parse_declarations(source: Source, lark: Lark) -> tuple[list[Any], list[Diagnostic], frozenset[str]]:
    """Every declaration that could be read; the mistakes; the names of those read only in part."""
    declarations: list[Any] = []
    diagnostics: list[Diagnostic] = []
    damaged: set[str] = set()
    cut_short = False
    for start, end in cut(source.text):
        if len(diagnostics) >= MOST_MISTAKES_A_FILE:
            break
        begins = _begins_declaration(source.text, start, lark)
        if cut_short and not begins:
            continue  # what belongs under the line before, not set in: told there
        found, mistakes = _parse_one(source, lark, start, end)
        cut_short = begins and _ends_short(source.text, start, end, mistakes)
        if cut_short and mistakes[-1].code == "SI202" and not _begins_declaration(source.text, end, lark):
            mistakes[-1] = evolve(mistakes[-1], help="put two spaces before each of the next lines, which belong to it")
        if found is not None:
            declarations.append(found)
        if mistakes:
            diagnostics += mistakes
            named = _DECLARED_NAME.match(source.text, start, end)
            damaged.add(named.group(1) if named else "")
    return declarations, in_order(diagnostics), frozenset(damaged)


def _ends_short(text: str, start: int, end: int, mistakes: list[Diagnostic]) -> bool:
    """Whether nothing is wrong with a declaration but that nothing, or too little, is set in under it."""
    if len(mistakes) != 1:
        return False
    at = mistakes[0].span
    if mistakes[0].code == "SI205":
        return at.start < text.index("\n", start)
    return mistakes[0].code == "SI202" and not text[at.end : end].strip()


def openers_of(lark: Lark) -> frozenset[str]:
    """The terminals that begin a declaration."""
    names: set[str] = lark.parse_interactive("", start="declaration").accepts()  # type: ignore[no-untyped-call] # lark's own
    return frozenset(names)


def _begins_declaration(text: str, start: int, lark: Lark) -> bool:
    """Whether a declaration begins here, or the text ends."""
    if start >= len(text):
        return True
    line = text[start : text.index("\n", start)]
    return any(re.match(rf"{written(name)}\b", line) for name in openers_of(lark))


def cut(text: str) -> list[tuple[int, int]]:
    """The stretches of the declarations: each from a line that begins in the first column to the next such line."""
    starts = [match.start() for match in re.finditer(r"^[^\s#]", text, re.MULTILINE)]
    indented = re.search(r"^ +[^\s#]", text[: starts[0]] if starts else text, re.MULTILINE)
    if indented:
        starts.insert(0, indented.start())
    return list(zip(starts, [*starts[1:], len(text)], strict=False))  # no declaration, no stretch


def _parse_one(source: Source, lark: Lark, start: int, end: int) -> tuple[Any, list[Diagnostic]]:
    text = source.text
    mistakes: list[Diagnostic] = []
    headless = False
    while True:
        try:
            slice_ = TextSlice(text, start, end)
            found = lark.parse(slice_, start="declaration")
            return (None if headless else found), mistakes
        except UnexpectedInput as error:
            read_so = text

            place = place_of(error, start, end)

            def reads(changed: str, of: str = read_so, at: int = place) -> int:
                if at - start > _MOST_REREAD:
                    return start
                window = of.find("\n", min(at + _READ_ON, end - 1), end)
                return _reads_up_to(lark, changed, start, (window + 1 or end) + len(changed) - len(of))

            said = describe(source, text, error, start, end, reads, openers_of(lark))
            if not (mistakes and is_follow_up(error)):
                mistakes.append(said)
            line_start = text.rindex("\n", 0, said.span.start) + 1 if "\n" in text[: said.span.start] else 0
            if line_start <= start or len(mistakes) >= MOST_MISTAKES_A_DECLARATION:
                return None, mistakes
            changed = text if headless else _with_some_head(text, start, line_start)
            headless = headless or changed != text
            changed = changed if changed != text else _without_block(text, line_start, end)
            if changed == text:
                return None, mistakes
            text = changed
        except VisitError as error:  # pragma: no cover - a fault of ours; never shown as a traceback
            raise error.orig_exc from error


def _reads_up_to(lark: Lark, text: str, start: int, end: int) -> int:
    """How far a declaration can be read: the place of its first mistake, or its end and one more."""
    try:
        lark.parse(TextSlice(text, start, end), start="declaration")
    except UnexpectedInput as error:
        return place_of(error, start, end)
    return end + 1


def _without_block(text: str, line_start: int, end: int) -> str:
    """The text with a line and the deeper lines under it blanked; the length stays, so positions hold."""
    line_end = text.index("\n", line_start)
    depth = len(text[line_start:line_end]) - len(text[line_start:line_end].lstrip(" "))
    stop = line_end
    while stop + 1 < end:
        next_end = text.index("\n", stop + 1)
        line = text[stop + 1 : next_end]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= depth:
            break
        stop = next_end
    blank = re.sub(r"[^\n]", " ", text[line_start:stop])
    return text[:line_start] + blank + text[stop:]


def _with_some_head(text: str, start: int, line_start: int) -> str:
    """The text with another head of a table, where the head is this line: its rows are read by themselves.

    The text as it is where the line is no head, or too short.
    """
    line_end = text.index("\n", line_start)
    first = re.compile(r"^ +\|", re.MULTILINE).search(text, start)
    if first is None or first.start() != line_start:
        return text
    indent = first.end() - 1 - line_start
    heads = ("|  || x |",) if text.startswith("matrix", start) else ("| x || y |", "| x |")
    for head in heads:
        if indent + len(head) <= line_end - line_start:
            return text[:line_start] + (" " * indent + head).ljust(line_end - line_start) + text[line_end:]
    return text


def comments_of(source: Source) -> tuple[tree.Comment, ...]:
    """Every comment of a text, in order; a `#` inside a quotation begins none."""
    found = []
    for match in re.finditer(r'"[^"]*"|#[^\n]*', source.text):
        if match.group().startswith("#"):
            line_start = source.text.rfind("\n", 0, match.start()) + 1
            own_line = not source.text[line_start : match.start()].strip()
            found.append(tree.Comment(match.group().rstrip(), own_line, Span(match.start(), match.end())))
    return tuple(found)
