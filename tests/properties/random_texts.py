"""Random texts of the language, made from its grammar: any form of it, also one added tomorrow, in any layout.

A sentence is a list of terminals with their words. It is written as text with random spaces, blank lines,
indentation and comments. What a text says need make no sense: only its form is right.
"""

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from re import (
    _constants as sre,  # the parts of a regular expression; nothing public takes one apart
    _parser as sre_parser,
)
from typing import Any

from lark import Lark
from lark.grammar import Rule

from si_rules.source.screening import LONGEST_LINE
from si_rules.syntax.builder import TreeBuilder
from si_rules.syntax.grammar import STARTS, parser
from si_rules.syntax.scenario_builder import ScenarioBuilder

WEIGHED = ("declaration", "expect_line")  # of which a form is the more likely, the more stands under it
DEEPEST = 28  # steps of the grammar, after which the shortest way out is taken
WORDS = (
    "low",
    "no. #1",
    "“quoted”",
    "a|b",
    "|",
    "||",
    ", all of",
    "the school's",
    "- x",
    "(y",
    ":",
    "£5",
    "every",
    "é",
)
COMMENTS = (
    "# plain",
    "#close",
    '# with "marks"',
    '# one " mark',
    "# | bars |",
    "#",
    "##",
    "# tab\there",
    "# “curly” – ok",
)
SAMPLES: dict[str, tuple[str, ...]] = {
    "NAME": ("zed", "zed_2", "zed.quux", "qu.ux_x.y", "in_zed", "holdsome", "z"),
    "ID": ("SRC", "CAT-R2", "X"),
    "LABEL": ("4a", "12c_x", "1z"),
    "DATE": ("2015-11-04", "2016-02-29"),
    "YEAR": ("2014-15", "1999-00"),
    "PERCENT": ("65%", "-0.5%"),
    "NUMBER": ("5", "-2.50", "0"),
}


def grammar(language: str) -> Lark:
    return parser("policy", TreeBuilder) if language == "policy" else parser("scenarios", ScenarioBuilder)


@cache
def rules_of(language: str) -> tuple[dict[str, list[Rule]], dict[str, int], dict[str, str]]:
    """The rules by name, the least depth each needs, and the pattern of every terminal."""
    lark = grammar(language)
    rules: dict[str, list[Rule]] = {}
    for rule in lark.rules:
        rules.setdefault(rule.origin.name, []).append(rule)
    depths: dict[str, int] = {}
    while True:
        found = {}
        for name, expansions in rules.items():
            reached = [depth_of(rule, depths) for rule in expansions]
            known = [depth for depth in reached if depth is not None]
            if known:
                found[name] = min(known)
        if found == depths:
            return rules, depths, {item.name: item.pattern.to_regexp() for item in lark.terminals}
        depths = found


def depth_of(rule: Rule, depths: dict[str, int]) -> int | None:
    inner = [0 if symbol.is_term else depths.get(symbol.name) for symbol in rule.expansion]
    return None if None in inner else 1 + max((depth for depth in inner if depth is not None), default=0)


@cache
def reach(language: str, rule: Rule) -> int:
    """How many forms a form leads to: the rich ones are to come oftener."""
    rules = rules_of(language)[0]
    found: set[str] = set()
    ahead = [symbol.name for symbol in rule.expansion if not symbol.is_term]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += [symbol.name for item in rules[name] for symbol in item.expansion if not symbol.is_term]
    return 1 + sum(len(rules[name]) for name in found)


def form(rule: Rule) -> str:
    return f"{rule.origin.name}: {' '.join(symbol.name for symbol in rule.expansion)}"


def widths(sentence: Sequence[tuple[str, str]]) -> Iterator[int]:
    """How wide each line of a sentence is where the most spaces stand in it."""
    width = 100  # of indentation, and of a comment at the end
    for terminal, word in sentence:
        width += len(word) + 3 + (2 * word.count(" ") + 9 * word.count('"'))
        if terminal == "_NL":
            yield width
            width = 100


@dataclass
class Sentences:
    """Sentences of a grammar by chance; `used` holds every form that one of them has."""

    language: str
    chance: random.Random
    used: set[str] = field(default_factory=set)

    def declaration(self) -> list[tuple[str, str]]:
        """A sentence none of whose lines is too long to be read, however it is spaced."""
        before = self.used
        while True:
            self.used = set(before)
            sentence = list(self._expand("declaration", 0))
            if max(widths(sentence)) < LONGEST_LINE:
                return sentence

    def _expand(self, name: str, depth: int) -> Iterator[tuple[str, str]]:
        rules, depths, patterns = rules_of(self.language)
        choices = rules[name]
        if depth > DEEPEST:
            choices = [min(choices, key=lambda rule: depth_of(rule, depths) or 0)]
        weights = [reach(self.language, item) ** 0.5 for item in choices] if name in WEIGHED else None
        rule = self.chance.choices(choices, weights)[0]
        self.used.add(form(rule))
        for symbol in rule.expansion:
            if symbol.is_term:
                yield symbol.name, self._word(symbol.name, patterns)
            else:
                yield from self._expand(symbol.name, depth + 1)

    def _word(self, terminal: str, patterns: dict[str, str]) -> str:
        if terminal == "STRING":
            words = [self.chance.choice(WORDS) for _ in range(self.chance.randrange(5))]
            return '"' + " ".join(words) + '"'
        if terminal in SAMPLES:
            return self.chance.choice(SAMPLES[terminal])
        if terminal == "ROW":
            return self._row()
        if terminal in ("_NL", "_INDENT", "_DEDENT"):
            return ""
        return "".join(matching(sre_parser.parse(patterns[terminal]), self.chance))

    def _row(self) -> str:
        """A row of cells, one word for the parser: its pieces stand apart by one space each."""
        pieces = ["|"]
        for place in range(self.chance.randint(1, 4)):
            pieces += self._cell() if place or self.chance.random() < 0.8 else ['"a  | b # c"']
            pieces.append(self.chance.choice(("|", "|", "||")))
        return " ".join([*pieces[:-1], "|"])

    def _cell(self) -> list[str]:
        if self.chance.random() < 0.2:
            return []
        start = self.chance.choice([start for start in STARTS[self.language] if start != "declaration"])
        return [word for _, word in self._expand(start, 0)]


def matching(pattern: Any, chance: random.Random) -> Iterator[str]:
    """Letters that a regular expression matches, of the expressions that terminals are written in."""
    for kind, value in pattern:
        if kind is sre.LITERAL:
            yield chr(value)
        elif kind is sre.SUBPATTERN:
            yield from matching(value[-1], chance)
        elif kind is sre.BRANCH:
            yield from matching(chance.choice(value[1]), chance)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, inner = value
            for _ in range(chance.randint(least, min(most, least + 2))):
                yield from matching(inner, chance)
        elif kind is sre.IN:
            first, chosen = chance.choice([part for part in value if part[0] is not sre.NEGATE])
            yield chr(chosen if first is sre.LITERAL else chance.randint(*chosen))
        elif kind not in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            raise NotImplementedError(f"a terminal with {kind}")


@dataclass
class Written:
    """A text, and the comments in it, in order."""

    text: str
    comments: list[str]


def write(sentences: Sequence[Sequence[tuple[str, str]]], chance: random.Random, asides: bool = True) -> Written:
    """Sentences as text in a random layout; without `asides`, no comments and no blank lines but between declarations."""
    writer = _Writer(chance, asides)
    if asides:
        writer.between(0)
    for place, sentence in enumerate(sentences):
        if place and not asides:
            writer.out.append("\n" * chance.choice((1, 1, 2)))
        writer.declaration(sentence)
    return Written("".join(writer.out), writer.comments)


class _Writer:
    def __init__(self, chance: random.Random, asides: bool) -> None:
        self.chance = chance
        self.asides = asides
        self.out: list[str] = []
        self.comments: list[str] = []

    def comment(self) -> str:
        text = self.chance.choice(COMMENTS)
        self.comments.append(text)
        return text + " " * self.chance.choice((0, 0, 2))

    def between(self, column: int) -> None:
        """Blank lines and comments on lines of their own."""
        while self.chance.random() < 0.25:
            if self.chance.random() < 0.5:
                self.out.append(" " * self.chance.choice((0, 0, 3)) + "\n")
            else:
                at = self.chance.choice((column, column, 0, self.chance.randrange(12)))
                self.out.append(" " * at + self.comment() + "\n")

    def declaration(self, sentence: Sequence[tuple[str, str]]) -> None:
        columns = [0]
        last = ""
        for place, (terminal, word) in enumerate(sentence):
            if terminal == "_NL":
                self.line_end(columns[-1])
                last = ""
            elif terminal == "_INDENT":
                columns.append(columns[-1] + self.chance.randint(1, 5))
            elif terminal == "_DEDENT":
                columns.pop()
            else:
                starts = place == 0 or sentence[place - 1][0] in ("_NL", "_INDENT", "_DEDENT")
                self.out.append(" " * columns[-1] if starts else self.space(last, word))
                self.out.append(self.written(terminal, word))
                last = word

    def line_end(self, column: int) -> None:
        self.out.append(" " * self.chance.choice((0, 0, 1)))
        if self.asides and self.chance.random() < 0.15:
            self.out.append(" " * self.chance.choice((0, 1, 4)) + self.comment())
        self.out.append("\n")
        if self.asides:
            self.between(column)

    def space(self, left: str, right: str) -> str:
        bars = [word in ("|", "||") for word in (left, right)]
        free = (
            left in ("(", ",", ":", "-") or right in (")", ":") or right.startswith(",") or '"' in (left[-1], right[0])
        )
        return " " * self.chance.choice((0, 1, 1, 3) if (free or any(bars)) and not all(bars) else (1, 1, 1, 3))

    def written(self, terminal: str, word: str) -> str:
        if terminal == "ROW":
            return self.row(re.findall(r'"[^"]*"|, *\S+|\S+', word))
        return self.quotation(word) if word.startswith('"') else word

    def row(self, pieces: list[str]) -> str:
        return pieces[0] + "".join(self.space(left, right) + right for left, right in itertools.pairwise(pieces))

    def quotation(self, word: str) -> str:
        """A quotation in one of its layouts: spaces inside count once, and line ends as spaces."""
        parts = word[1:-1].split(" ")
        gaps = [self.chance.choice((" ", " ", " ", "   ", "\n ", " \n        ")) for _ in parts[1:]]
        edges = [self.chance.choice(("", "", " ")) if not any("\n" in gap for gap in gaps) else "" for _ in range(2)]
        inner = "".join(part + gap for part, gap in zip(parts, [*gaps, ""], strict=True))
        return f'"{edges[0]}{inner}{edges[1]}"'


def plain_comments(text: str) -> list[str]:
    """The comments of a text, told apart from quotations by reading letter by letter."""
    found, inside = [], False
    for line in text.split("\n"):
        for place, letter in enumerate(line):
            if letter == '"':
                inside = not inside
            elif letter == "#" and not inside:
                found.append(re.sub(r"\s+$", "", line[place:]))
                break
    return found
