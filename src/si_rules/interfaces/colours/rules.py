"""What each piece of a policy text is: rules made from the words of the language, in the manner of a TextMate grammar.

A rule is a pattern with a role for each of its groups. The first rule that matches where a piece begins is taken.
`^` is the start of a line. A block goes on over lines until its end is found. The patterns keep to what the engines of
Python, of TextMate and of JavaScript have in common.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import cache

from attrs import field, frozen

from si_rules.interfaces.colours.words import Word, words


class Role(Enum):
    """What a piece of text is to its reader."""

    COMMENT = "comment"
    QUOTATION = "quotation"
    LEGEND = "sentence of the legend"
    DECLARATION = "word that declares"
    DECLARED = "name that is declared"
    LABEL = "label"
    PROPERTY = "property"
    KIND = "kind of evidence"
    CONDITION = "word of a condition"
    MODALITY = "word of a consequence"
    DATE = "date"
    YEAR = "academic year"
    PERCENTAGE = "percentage"
    NUMBER = "number"
    UNIT = "unit"
    REFERENCE = "source or interpretation"
    NAME = "name"
    PUNCTUATION = "punctuation"
    SPACE = "space"
    STRAY = "not of the language"


SECTION_OF_VALUES = "names and values"
SECTION_OF_CLAUSES = "conditions"  # what is said of a clause after its label and a comma
VALUES = {
    "NAME": Role.NAME,
    "ID": Role.REFERENCE,
    "LABEL": Role.LABEL,
    "DATE": Role.DATE,
    "MONTH": Role.DATE,
    "YEAR": Role.YEAR,
    "PERCENT": Role.PERCENTAGE,
}  # any other value is a number
SECTIONS = {
    "kinds of evidence": Role.KIND,
    SECTION_OF_CLAUSES: Role.CONDITION,
    "values worked out": Role.CONDITION,
    "consequences": Role.MODALITY,
}  # a word of any other section is a property, or declares where it begins a line that is not indented
BLOCKS = {"STRING", "COMMENT", "_NL"}  # have rules of their own
BAR, BARS = r"\|", r"\|\|?"  # of tables: the parser has more than one sort of bar, and words for whole rows
NOT_A_PATH = r"(?!\.[a-z])"  # `in.something` is a name


@frozen
class Rule:
    """A pattern, and a role for each of its groups in turn."""

    pattern: str
    roles: tuple[Role, ...]


@frozen
class Block:
    """From a beginning to an end, over lines: inside, rules of its own; `role` is what no rule of these takes."""

    begin: str
    roles: tuple[Role, ...]
    end: str
    role: Role | None = None
    inside: "tuple[Rule | Block, ...]" = field(default=())


def make_rules(terminals: Sequence[Word]) -> tuple[Rule | Block, ...]:
    """The rules for a language with these terminals, in the order in which they are tried."""
    legend = next(word.pattern for word in terminals if word.name == "LEGEND")
    terminals = [word for word in terminals if word.name not in BLOCKS and not is_of_bars(word)]
    value = {word.name: word for word in terminals if word.section == SECTION_OF_VALUES}
    marks = [word for word in terminals if is_mark(word)]
    keywords = [word for word in terminals if word.section != SECTION_OF_VALUES and not is_mark(word)]
    plain = [word for word in keywords if not _follows_comma(word)]
    any_word = _any_word(plain)
    after_comma = _any_word(word for word in keywords if _follows_comma(word) and word.section == SECTION_OF_CLAUSES)
    label, name = f"{value['LABEL'].pattern}|{value['NUMBER'].pattern}", value["NAME"].pattern
    titled = rf'(?= *(?:"|, *{after_comma}))'  # class 4 "…", or clause 4a, when …
    comment = Rule("(#.*)", (Role.COMMENT,))
    return (
        comment,
        Block(f"^({legend})", (Role.DECLARATION,), r"^(?=[^\s#])", None, (comment, _quotation(Role.LEGEND))),
        _quotation(Role.QUOTATION),
        Rule(f"^({any_word})( +)({label}|{name}|{value['ID'].pattern})", (Role.DECLARATION, Role.SPACE, Role.DECLARED)),
        Rule(f"^({any_word})", (Role.DECLARATION,)),
        Rule(f"^( +)({any_word})( +)({label}){titled}", (Role.SPACE, Role.DECLARATION, Role.SPACE, Role.LABEL)),
        Rule(f"^( +)({any_word})( +)({name}){titled}", (Role.SPACE, Role.DECLARATION, Role.SPACE, Role.DECLARED)),
        *_values(value, any_word),
        *_keywords(filter(_follows_comma, keywords), "(, *)", (Role.PUNCTUATION,)),
        *_overlapping(plain),
        *_keywords(plain, "", ()),
        Rule(f"({name})", (Role.NAME,)),
        Rule(f"({_one_of([*(word.pattern for word in marks), BARS])})", (Role.PUNCTUATION,)),
    )


@cache
def rules() -> tuple[Rule | Block, ...]:
    """The rules for the language of the library."""
    return make_rules(words())


def is_mark(word: Word) -> bool:
    """Whether a terminal is made of signs, not of letters."""
    return not any(letter.isalnum() for letter in word.pattern)


def is_of_bars(word: Word) -> bool:
    """Whether a terminal is a bar, or a row of cells: here its bars are marks, and its cells are read like any words."""
    return word.pattern.startswith(BAR)


def _follows_comma(word: Word) -> bool:
    return word.pattern.startswith(", *")


def _bare(word: Word) -> str:
    """A word without the comma it begins with."""
    return word.pattern.removeprefix(", *")


def _one_of(patterns: Iterable[str]) -> str:
    """Any of some patterns, the longest first, as `is not` must be tried before `is`."""
    return "(?:" + "|".join(sorted(set(patterns), key=lambda pattern: (-len(pattern), pattern))) + ")"


def _any_word(some: Iterable[Word]) -> str:
    """Any of some words, but where they are only the first part of a name with a dot."""
    return _one_of(map(_bare, some)) + NOT_A_PATH


def _quotation(role: Role) -> Block:
    """A quotation may run over indented lines; a blank line or one not indented ends it, closed or not."""
    return Block('"', (), '"|^(?= *$|[^ ])', role)


def _values(value: dict[str, Word], any_word: str) -> Iterator[Rule]:
    """A rule for each sort of value, in the order of the parser; a number takes its unit with it."""
    unit = value["NAME"].pattern
    for word in sorted(value.values(), key=lambda word: -word.priority):
        if word.name == "NUMBER":
            pattern = rf"({word.pattern})( +)(?!{any_word})({unit})"
            yield Rule(pattern, (Role.NUMBER, Role.SPACE, Role.UNIT))
        if word.name != "NAME":
            yield Rule(f"({word.pattern})", (VALUES.get(word.name, Role.NUMBER),))


def _overlapping(some: Sequence[Word]) -> Iterator[Rule]:
    """Rules for two words that follow one another and look like a third: `is`, `not published` is not `is not`."""
    phrases = {phrase: _role(word) for word in some for phrase in _phrases(word)}
    for whole in sorted(phrases):
        parts = whole.split(" +")
        for cut in range(1, len(parts)):
            first, rest = " +".join(parts[:cut]), " +".join(parts[cut:])
            for second in sorted(phrases) if first in phrases else ():
                if second.startswith(rest + " +") and f"{first} +{second}" not in phrases:
                    roles = (phrases[first], Role.SPACE, phrases[second])
                    yield Rule(rf"({first})( +)({second}\b){NOT_A_PATH}", roles)


def _phrases(word: Word) -> list[str]:
    """The phrases that a word of the language stands for, where it is written as one or as a choice of some."""
    pattern = word.pattern.removesuffix(r"\b")
    if pattern.startswith("(?:") and pattern.endswith(")"):
        pattern = pattern[3:-1]
    return [phrase for phrase in pattern.split("|") if "(" not in phrase and ")" not in phrase]


def _role(word: Word) -> Role:
    return SECTIONS.get(word.section, Role.PROPERTY)


def _keywords(some: Iterable[Word], before: str, roles: tuple[Role, ...]) -> Iterator[Rule]:
    """Rules for words of the language, those of the most words first whatever their role."""
    groups: dict[tuple[int, str], list[Word]] = defaultdict(list)
    named = {role.name: role for role in Role}
    for word in some:
        groups[-word.pattern.count(" +"), _role(word).name].append(word)
    for key in sorted(groups):
        yield Rule(f"{before}({_any_word(groups[key])})", (*roles, named[key[1]]))
