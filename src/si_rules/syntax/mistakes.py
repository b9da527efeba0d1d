"""What a mistake in form is called: from what the parser stumbled on to a sentence that mends it."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from si_rules.source.diagnostics import Diagnostic
from si_rules.source.nearest import nearest
from si_rules.source.text import Source, Span
from si_rules.syntax.layout import IndentationMistake

_STRUCTURE: Final = {"_INDENT", "_DEDENT", "_NL", "$END"}
_MOST_EXPECTED: Final = 7
_WORD: Final = re.compile(r"[A-Za-z_][\w.]*|[0-9][\w.%/-]*|[<>=!]+|.")

# What a terminal is called where it could have stood. Keywords not listed are shown as they are written.
_CALLED: Final = {
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
    "ROW": "a row of cells between bars: |",
}
_SYMBOLS: Final = {
    "<": "`is under`",
    "<=": "`is at most`",
    ">": "`is more than`",
    ">=": "`is at least`",
    "=": "`is`",
    "==": "`is`",
    "!=": "`is one of`, with the values that are meant",
    "<>": "`is one of`, with the values that are meant",
}


def is_follow_up(error: UnexpectedInput) -> bool:
    """Whether the mistake may only come from a line left out before it, and so is not told."""
    return isinstance(error, UnexpectedToken) and error.token.type in _STRUCTURE


def describe(source: Source, text: str, error: UnexpectedInput, start: int, end: int,
             reads: Callable[[str], bool]) -> Diagnostic:  # fmt: skip
    """The diagnostic for what the parser met in the declaration from `start` to `end`.

    `text` is the source's text with the lines already reported blanked. `reads(changed)` says whether
    a changed text would be read; a suggestion is made only after it was tried.
    """
    if isinstance(error, IndentationMistake):
        return _indentation(source, text, error)
    if isinstance(error, UnexpectedCharacters):
        place = error.pos_in_stream
        allowed: Iterable[str] = error.allowed or ()
    elif isinstance(error, UnexpectedToken):
        token: Token = error.token
        allowed = error.accepts or error.expected
        if token.type in _STRUCTURE:
            return _broken_structure(source, text, token, set(allowed), start, end)
        place = token.start_pos if token.start_pos is not None else start
    elif isinstance(error, UnexpectedEOF):
        place, allowed = end - 1, error.expected
    else:  # pragma: no cover - lark knows no other
        place, allowed = start, ()
    return _unexpected_word(source, text, start if place is None else place, set(allowed), reads)


def _indentation(source: Source, text: str, error: IndentationMistake) -> Diagnostic:
    place = _next_words(text, (error.token.start_pos or 0) + len(error.token))
    depths = " or ".join(str(depth) for depth in error.open_depths)
    message = f"this line begins {error.depth} spaces in, where no block stands"
    help_ = f"begin it at one of the depths around it: {depths} spaces"
    return Diagnostic("SI203", message, source, place, help_)


def _broken_structure(source: Source, text: str, token: Token, allowed: set[str], start: int, end: int) -> Diagnostic:
    """A line that ends too early, a block missing or too deep."""
    if token.type == "_NL":
        line_end = token.start_pos or 0
        words = _last_words(text, line_end)
        expected = _expected(allowed)
        if "_NL" not in allowed and allowed and allowed <= {"_COLON"}:
            return Diagnostic("SI204", f"a colon is missing after `{source.words(words)}`", source, words, "add `:`")
        message = f"the line ends too early, after `{source.words(words)}`"
        return Diagnostic("SI202", message, source, words, f"expected {expected}" if expected else None)
    if token.type == "_INDENT":
        place = _next_words(text, (token.end_pos or start))
        message = f"`{source.words(place)}` stands deeper than the line it belongs beside"
        return Diagnostic("SI203", message, source, place, "set it at the depth of the line above")
    line_end = min(token.start_pos or end - 1, end - 1)
    if token.type == "$END" or token.start_pos is None:
        line_end = len(text[:end].rstrip()) if text[:end].strip() else start
    words = _last_words(text, max(line_end, start))
    if "_INDENT" in allowed:
        message = f"nothing stands under `{source.words(words)}`"
        return Diagnostic("SI205", message, source, words, "put what belongs to it on the next lines, two spaces in")
    expected = _expected(allowed)
    message = f"the block ends too early, after `{source.words(words)}`"
    return Diagnostic("SI202", message, source, words, f"expected {expected}" if expected else None)


def _unexpected_word(source: Source, text: str, place: int, allowed: set[str],
                     reads: Callable[[str], bool]) -> Diagnostic:  # fmt: skip
    found = _WORD.match(text, place)
    word = found.group() if found else text[place : place + 1]
    span = Span(place, place + max(1, len(word)))
    if word in _SYMBOLS:
        message = f"`{word}` is not a word of the language"
        return Diagnostic("SI206", message, source, span, f"write {_SYMBOLS[word]}")
    said = _figure(source, text, place)
    if said is not None:
        return said
    if allowed and not allowed & {"NAME", "STRING"} - {"STRING"} and ":" in _words_of(allowed) and word != ":":
        before = _last_words(text, place)
        if reads(text[: before.end] + ":" + text[before.end :]):
            return Diagnostic("SI204", f"a colon is missing after `{source.words(before)}`", source, before, "add `:`")
    meant = _meant(text, place, allowed, reads)
    expected = _expected(allowed)
    if meant is not None:
        wrong, right = meant
        span = Span(place, place + len(wrong))
        return Diagnostic("SI201", f"`{wrong}` is not understood here", source, span, f"did you mean `{right}`?")
    return Diagnostic("SI201", f"`{word}` is not understood here", source, span,
                      f"expected {expected}" if expected else None)  # fmt: skip


def _figure(source: Source, text: str, place: int) -> Diagnostic | None:
    """A date or a percentage written as people write them elsewhere."""
    line_start = text.rfind("\n", 0, place) + 1
    for match in re.finditer(r"(\d{1,2})/(\d{1,2})/(\d{4})", text[line_start : text.index("\n", place)]):
        span = Span(line_start + match.start(), line_start + match.end())
        if span.start <= place <= span.end:
            right = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
            return Diagnostic("SI207", f"`{match.group()}` is not a date here", source, span,
                              f"write the year first: {right}")  # fmt: skip
    for match in re.finditer(r"([\d.]+) +per +cent", text[line_start : text.index("\n", place)]):
        span = Span(line_start + match.start(), line_start + match.end())
        if span.start <= place <= span.end:
            return Diagnostic("SI208", "`per cent` is not a unit here", source, span, f"write the sign: {match[1]}%")
    return None


def _meant(text: str, place: int, allowed: set[str], reads: Callable[[str], bool]) -> tuple[str, str] | None:
    """A keyword near in spelling to the words at the place, if putting it there makes the line readable."""
    keywords = [keyword for keyword in _words_of(allowed) if keyword[0].isalpha()]
    line_end = text.find("\n", place)
    rest = text[place:line_end]
    for count in (4, 3, 2, 1):
        match = re.match(rf"\w+(?: +\w+){{{count - 1}}}", rest)
        if match is None:
            continue
        guess = nearest(match.group(), keywords)
        if guess is None or guess == match.group():
            continue
        changed = text[:place] + guess + text[place + match.end() :]
        if len(guess.split()) == count or reads(changed):
            return match.group(), guess
    return None


def _words_of(allowed: Iterable[str]) -> list[str]:
    """The keywords among terminals, as an author writes them."""
    words = [
        ":" if name == "_COLON" else written(name)
        for name in sorted(allowed)
        if name not in _CALLED or name == "_COLON"
    ]
    return sorted(set(words))


def written(terminal: str) -> str:
    """A keyword terminal as an author writes it: `HOLDS_WHEN` is `holds when`."""
    special = {
        "BEST_TO_WORST": "scale from best to worst:",
        "WORST_TO_BEST": "scale from worst to best:",
        "PERCENT_KIND": "percent",
        "NUMBER_KIND": "number",
        "DATE_KIND": "date",
        "PERCENTAGE_POINTS": "percentage points",
        "APPLIES_TO_EVERY": "applies to every",
        "WHATEVER": "whatever the outcome",
        "WHEN_SEVERAL": "when several classes hold, the most serious stands",
        "WHEN_NONE": "when no class holds, unmatched",
        "WHEN_MISSING": "when evidence is missing, undetermined between the outcomes still possible, unless only one is left",
        "LEFT_OUT": ", left out where it does not apply",
        "OR_NONE": ", or none",
        "ABSENT": "not supplied",
        "KNOWN_NONE": "none",
        "NO_RECORDS": "has never been held",
        "MAY_FOLLOW": "it is possible that",
        "IT_FOLLOWS": "it follows that",
        "IT_DOES_NOT_FOLLOW": "it does not follow that",
        "IT_IS_NOT_SAID": "it is not said that",
        "NEVER_ASKS": "never asks for",
        "BY_EVERY_COMPLETION": ", by every completion",
    }
    if terminal in special:
        return special[terminal]
    if terminal.startswith("THEN_"):
        return ", " + terminal.removeprefix("THEN_").replace("_", " ").lower()
    return terminal.replace("_", " ").lower()


def expected_words(allowed: Iterable[str]) -> str:
    """What could have stood in a place, as an author writes it."""
    return _expected(allowed)


def _expected(allowed: Iterable[str]) -> str:
    names = sorted(allowed)
    called = sorted({_CALLED[name] for name in names if name in _CALLED})
    keywords = [f"`{word}`" for word in _words_of(name for name in names if name not in _CALLED)]
    everything = called + keywords
    if not everything:
        return ""
    shown = everything[:_MOST_EXPECTED]
    if len(everything) > _MOST_EXPECTED:
        return ", ".join(shown) + " …"
    return " or ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def _next_words(text: str, place: int) -> Span:
    match = re.compile(r"[^\n]*\S").match(text, place)
    if match is None:
        return Span(max(0, place - 1), place)
    lead = len(match.group()) - len(match.group().lstrip())
    return Span(match.start() + lead, match.end())


def _last_words(text: str, place: int) -> Span:
    """The last word or two before a place, on the same line or on the last line that says something."""
    end = len(text[:place].rstrip())
    line_start = text.rfind("\n", 0, end) + 1
    words = list(re.finditer(r'"[^"]*"|\S+', text[line_start:end]))
    if not words:
        return Span(max(0, end - 1), max(1, end))
    first = words[-2] if len(words) > 1 else words[-1]
    return Span(line_start + first.start(), end)
