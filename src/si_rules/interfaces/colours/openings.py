"""Which lines are followed by an indented block, found in the rules of the grammar."""

from collections.abc import Callable

from attrs import frozen
from lark import Lark
from lark.grammar import Rule, Symbol

from si_rules import shipped
from si_rules.interfaces.colours.rules import SECTION_OF_VALUES, is_mark, is_of_bars
from si_rules.interfaces.colours.words import words
from si_rules.syntax.grammar import STARTS
from si_rules.syntax.layout import BlockLayout

LINE_END, INDENT = "_NL", "_INDENT"


@frozen
class Openings:
    """Patterns of words after which a block always stands.

    They stand at the start of a line that is not indented, at the start of one that is, or at the end of a line.
    """

    unindented: tuple[str, ...]
    indented: tuple[str, ...]
    at_the_end: tuple[str, ...]


@frozen
class _Line:
    """A line that the grammar allows: the words it may begin and end with, whether a block follows it."""

    declares: bool
    first: frozenset[str]
    last: frozenset[str]
    opens: bool


def openings() -> Openings:
    """The openings of the grammars that come with the library."""
    lines = [line for name in STARTS for line in _lines(name)]
    signs = {word.name for word in words() if is_mark(word) or is_of_bars(word)}
    keywords = [word for word in words() if word.section != SECTION_OF_VALUES and word.name not in signs]
    first = {word.name: word.pattern for word in keywords if not word.pattern.startswith(",")}
    last = {word.name: word.pattern.removeprefix(", *") for word in keywords}
    return Openings(
        _always_opening(first, [(line.first, line.opens) for line in lines if line.declares]),
        _always_opening(first, [(line.first, line.opens) for line in lines if not line.declares]),
        _always_opening(last, [(line.last, line.opens) for line in lines]),
    )


def _always_opening(written: dict[str, str], lines: list[tuple[frozenset[str], bool]]) -> tuple[str, ...]:
    """The patterns of those words that are on lines which open a block, and on no other."""
    opening = {name for names, opens in lines if opens for name in names}
    other = {name for names, opens in lines if not opens for name in names}
    patterns = {written[name] for name in opening - other if name in written}
    return tuple(sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))


def _lines(name: str) -> list[_Line]:
    path = shipped.grammar_folder() / f"{name}.lark"
    parser = Lark(
        path.read_text(encoding="utf-8"),
        parser="lalr",
        start=STARTS[name],
        import_paths=[str(path.parent)],
        source_path=str(path),
        postlex=BlockLayout(),
    )
    rules: dict[str, list[Rule]] = {}
    for rule in parser.rules:
        rules.setdefault(rule.origin.name, []).append(rule)
    declarations = {symbol.name for start in STARTS[name] for rule in rules[start] for symbol in rule.expansion}
    lines = []
    for origin, of_origin in rules.items():
        for rule in of_origin:
            symbols = [symbol.name for symbol in rule.expansion]
            if LINE_END in symbols[1:]:
                end = symbols.index(LINE_END)
                first = _edge(rule.expansion[0], rules, lambda of: of.expansion[0])
                last = _edge(rule.expansion[end - 1], rules, lambda of: of.expansion[-1])
                opens = symbols[end + 1 : end + 2] == [INDENT]
                lines.append(_Line(origin in declarations, first, last, opens))
    return lines


def _edge(symbol: Symbol, rules: dict[str, list[Rule]], side: Callable[[Rule], Symbol]) -> frozenset[str]:
    """The terminals that a symbol may begin with, or end with, by the side that is looked at."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [symbol]
    while waiting:
        now = waiting.pop()
        if now.name in seen:
            continue
        seen.add(now.name)
        if now.is_term:
            found.add(now.name)
        waiting += [side(rule) for rule in rules.get(now.name, []) if rule.expansion]
    return frozenset(found)
