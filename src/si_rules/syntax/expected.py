"""What could have stood somewhere, in the words of an author: from terminals of the grammar to a few words."""

from collections.abc import Iterable
from typing import Final

from si_rules.syntax.grammar import keywords

_MOST_EXPECTED: Final = 7

# What a terminal is called where it could have stood. Keywords not listed are shown as they are written.
CALLED: Final = {
    "NAME": "a name",
    "ID": "an identifier in capitals",
    "LABEL": "a label such as 4a",
    "DATE": "a date such as 2015-09-01",
    "YEAR": "an academic year such as 2014-15",
    "PERCENT": "a percentage such as 65%",
    "NUMBER": "a number",
    "STRING": 'a sentence in "straight quotation marks"',
    "MONTH": "a month",
    "_NL": "the end of the line",
    "_INDENT": "an indented block",
    "_DEDENT": "the end of the block",
    "$END": "the end of the declaration",
    "_DASH": "a hyphen",
    "_COMMA": "a comma",
    "_COLON": "a colon",
    "_OPEN": "(",
    "_CLOSE": ")",
    "_BAR": "a bar: |",
    "_BARS": "a double bar: ||",
    "_LAST_BAR": "a bar at the end of the row",
    "AGGREGATE": "the sum, mean, lowest or highest of",
    "TIME_FROM": "the days, months or years from",
    "ROW": "a row of cells between bars: |",
}
WRITTEN_AS: Final = {
    "NAME": "a name of small letters, digits and underscores",
    "ID": "an id in capitals, such as PLAN-1,",
    "LABEL": "a label such as 4a",
}

# Terminals that are one thing to an author: said together where the first of them could have stood.
_TOGETHER: Final = (
    ("NUMBER", frozenset({"NAME", "NUMBER", "PERCENT", "DATE", "LATEST", "PREVIOUS", "JUDGEMENT", "_OPEN",
                          "AGGREGATE", "THE_DAY_OF_THE_DECISION", "THE_NUMBER_OF", "THE_NUMBER_OF_THE_LAST", "TIME_FROM"}),
     "a name, or a figure such as 65%"),
    ("IS_AT_LEAST", frozenset({"IS", "IS_AFTER", "IS_AT_LEAST", "IS_AT_MOST", "IS_BEFORE", "IS_MORE_THAN", "IS_NOT",
                               "IS_ONE_OF", "IS_UNDER", "HAS_FALLEN_FOR", "HAS_RISEN_FOR", "IN", "PLUS", "MINUS"}),
     "a comparison such as `is`, `is under` or `is at least`"),
    ("AND", frozenset({"AND", "OR", "IN", "PLUS", "MINUS", "OR_BETTER", "OR_WORSE", "LEFT_OUT", "_CLOSE"}), "`and` or `or`"),
)  # fmt: skip


_WITH_A_COLON: Final = {
    "BEST_TO_WORST": "scale from best to worst:",
    "WORST_TO_BEST": "scale from worst to best:",
}


def words_of(allowed: Iterable[str]) -> list[str]:
    """The keywords among terminals, as an author writes them."""
    words = [
        ":" if name == "_COLON" else written(name) for name in sorted(allowed) if name not in CALLED or name == "_COLON"
    ]
    return sorted(set(words))


def written(terminal: str) -> str:
    """A keyword terminal as an author writes it: `HOLDS_WHEN` is `holds when`. Raises KeyError for any other."""
    return _WITH_A_COLON.get(terminal) or keywords()[terminal]


def expected_of(allowed: Iterable[str]) -> str:
    """What could have stood there, most of it: nothing where nothing is known."""
    names, called = set(allowed), set[str]()
    for first, together, said in _TOGETHER:
        if first in names and len(names & together) > 1:
            names -= together
            called.add(said)
    called |= {CALLED[name] for name in names if name in CALLED}
    keywords = [f"`{word}`" for word in words_of(name for name in names if name not in CALLED)]
    everything = [*sorted(called), *keywords]
    if not everything:
        return ""
    shown = everything[:_MOST_EXPECTED]
    if len(everything) > _MOST_EXPECTED:
        return ", ".join(shown) + " …"
    return " or ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
