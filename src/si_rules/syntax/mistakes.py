"""What a mistake in form is called: from what the parser stumbled on to a sentence that mends it."""

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from si_rules.source.diagnostics import Diagnostic
from si_rules.source.nearest import nearest
from si_rules.source.text import Source, Span
from si_rules.syntax.expected import CALLED, WRITTEN_AS, expected_of, words_of, written
from si_rules.syntax.habits import habits_at
from si_rules.syntax.layout import IndentationMistake

Reads = Callable[[str], int]

_OPENERS_OF_ITEMS: Final = (("ADDS_UP", "adds up"), ("HOLDS_WHEN", "holds when all of"))
_STRUCTURE: Final = {"_INDENT", "_DEDENT", "_NL", "$END"}
_MOST_TRIED: Final = 12
_SHORT: Final = 40
_WORD: Final = re.compile(r"[A-Za-z_][\w.]*|[0-9][\w.%/-]*|[<>=!]+|.")

_SIGN: Final = re.compile(r"[<>]=?|=[=<>]?|!=|<>")
_SAYING: Final = re.compile(r'(?:"[^"]*"|[^#"]|"[^"]*$)*')  # a line without the remark at its end


def is_follow_up(error: UnexpectedInput) -> bool:
    """Whether the mistake may only come from a line left out before it, and so is not told."""
    if isinstance(error, UnexpectedToken):
        return error.token.type in _STRUCTURE or set(error.accepts or error.expected) == {"_INDENT"}
    return isinstance(error, UnexpectedCharacters) and set(error.allowed or ()) == {"_INDENT"}


def describe(source: Source, text: str, error: UnexpectedInput, start: int, end: int,
             reads: Reads, openers: Iterable[str] = ()) -> Diagnostic:  # fmt: skip
    """The diagnostic for what the parser met in the declaration from `start` to `end`.

    `text` is the source's text with the lines already reported blanked. `reads(changed)` says how far a
    changed text would be read; a suggestion is made only after it was tried. `openers` are the terminals
    that begin a declaration.
    """
    if isinstance(error, IndentationMistake):
        return _indentation(source, text, error)
    allowed: set[str] = set()
    if isinstance(error, UnexpectedCharacters):
        allowed = set(error.allowed or ())
    elif isinstance(error, UnexpectedToken):
        allowed = set(error.accepts or error.expected)
    elif isinstance(error, UnexpectedEOF):
        allowed = set(error.expected)
    place = place_of(error, start, end)
    if _opens_declaration(text, place, start, end, openers):
        message = f"`{source.words(_next_words(text, place))}` begins a declaration, and is set in"
        return Diagnostic("SI203", message, source, _next_words(text, place), "begin it in the first column")
    token = error.token if isinstance(error, UnexpectedToken) else None
    if token is not None and token.type in _STRUCTURE:
        said = _from_habit(source, text, place, allowed, reads) if token.type == "_NL" else None
        said = said or (_joined_below(source, text, token.end_pos or place) if token.type == "_INDENT" else None)
        return said or _broken_structure(source, text, token, allowed, start, end)
    return _unexpected_word(source, text, place, allowed, reads)


def _opens_declaration(text: str, place: int, start: int, end: int, openers: Iterable[str]) -> bool:
    """Whether a line that is set in begins as a declaration does: its keyword, a name, a sentence."""
    line_start = text.rfind("\n", 0, place) + 1
    if not start < line_start < end or text[line_start:place].strip():
        return False
    match = re.compile(r'([a-z]+) +[\w.]+ +"').match(text, place)
    return match is not None and match[1] in {written(name) for name in openers}


def place_of(error: UnexpectedInput, start: int, end: int) -> int:
    """Where the parser stumbled, in the declaration from `start` to `end`."""
    place: int | None = start
    if isinstance(error, IndentationMistake):
        place = error.token.start_pos
    elif isinstance(error, UnexpectedCharacters):
        place = error.pos_in_stream
    elif isinstance(error, UnexpectedToken):
        place = end if error.token.type == "$END" else error.token.start_pos
    elif isinstance(error, UnexpectedEOF):
        place = end - 1
    return start if place is None else place


def _indentation(source: Source, text: str, error: IndentationMistake) -> Diagnostic:
    place = _next_words(text, (error.token.start_pos or 0) + len(error.token))
    inner = [depth for depth in error.open_depths if depth][::-1]
    message = f"this line begins {error.depth} spaces in, where no block stands"
    help_ = f"begin it {' or '.join(map(str, inner))} spaces in, beside the lines it belongs to"
    return Diagnostic("SI203", message, source, place, help_)


def _broken_structure(source: Source, text: str, token: Token, allowed: set[str], start: int, end: int) -> Diagnostic:
    """A line that ends too early, a block missing or too deep."""
    if token.type == "_NL":
        words = _last_words(text, token.start_pos or 0)
        if allowed and allowed <= {"_COLON"}:
            return Diagnostic("SI204", f"a colon is missing after `{source.words(words)}`", source, words,
                              "add `:` and what belongs after it, such as `: percent` or `: 65%`")  # fmt: skip
        if "_CLOSE" in allowed and "_NL" not in allowed:
            return Diagnostic(
                "SI202", "a bracket is opened in this line and never closed", source, words, "close it: )"
            )
        if "STRING" in allowed:
            message = f"a sentence in quotation marks is missing after `{source.words(words)}`"
            return Diagnostic("SI202", message, source, words, f'add it in straight marks: {source.words(words)} "…"')
        return _too_early("the line", source, words, allowed)
    if token.type == "_INDENT":
        place = _next_words(text, (token.end_pos or start))
        if text[place.start] == "-":
            for opener, line in _OPENERS_OF_ITEMS:
                if opener in allowed:
                    return Diagnostic("SI202", "no line says what these items are for", source, place,
                                      f"write a line `{line}` above them")  # fmt: skip
        message = f"`{source.words(place)}` stands deeper than the line it belongs beside"
        return Diagnostic("SI203", message, source, place, "set it at the depth of the line above")
    line_end = min(token.start_pos or end - 1, end - 1)
    if token.type == "$END" or token.start_pos is None:
        line_end = len(text[:end].rstrip()) if text[:end].strip() else start
    words = _last_words(text, max(line_end, start))
    words_on_line = text[text.rfind("\n", 0, words.start) + 1 : words.end].lstrip()
    if "_INDENT" in allowed and words_on_line.startswith("except when"):
        return Diagnostic("SI205", f"nothing under `{source.words(words)}` says why", source, words,
                          'give the reason on the next line, two spaces in: because "…"')  # fmt: skip
    if "_INDENT" in allowed:
        message = f"nothing stands under `{source.words(words)}`"
        return Diagnostic("SI205", message, source, words, "put what belongs to it on the next lines, two spaces in")
    return _too_early("the block", source, words, allowed)


def _too_early(what: str, source: Source, words: Span, allowed: set[str]) -> Diagnostic:
    expected = expected_of(allowed)
    message = f"{what} ends too early, after `{source.words(words)}`"
    return Diagnostic("SI202", message, source, words, f"expected {expected}" if expected else None)


def _unexpected_word(source: Source, text: str, place: int, allowed: set[str], reads: Reads) -> Diagnostic:
    found = _WORD.match(text, place)
    word = found.group() if found else text[place : place + 1]
    span = Span(place, place + max(1, len(word)))
    said = (
        _not_set_in(source, text, place, allowed)
        or _corner_filled(source, text, place, word, allowed)
        or _from_habit(source, text, place, allowed, reads)
        or _name_missing(source, text, place, word, allowed)
        or _colon_missing(source, text, place, allowed, reads)
    )
    if said is not None:
        return said
    meant = _meant(text, place, allowed, reads) or _one_name(text, place, reads)
    if meant is not None:
        begin, wrong, right = meant
        span = Span(begin, begin + len(wrong))
        return Diagnostic("SI201", f"`{wrong}` is not understood here", source, span, f"did you mean `{right}`?")
    expected = expected_of(allowed)
    message, code = f"`{word}` is not understood here", "SI201"
    if _SIGN.fullmatch(word):
        message, code = f"`{word}` is not a word of the language", "SI206"
    return Diagnostic(code, message, source, span, f"expected {expected}" if expected else None)


def _from_habit(source: Source, text: str, place: int, allowed: set[str], reads: Reads) -> Diagnostic | None:
    """What somebody wrote from habit, with what the language has for it: the first that makes the line readable.

    Where none does, because more is wrong with the line, the first after which the parser gets further.
    """
    line_start, line_end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    line = _SAYING.match(text[line_start:line_end])
    further: Diagnostic | None = None
    for habit, match in islice(habits_at(line.group().rstrip() if line else "", place - line_start), _MOST_TRIED):
        meant = habit.meant_by(match)
        words = match.group().strip()
        begin = line_start + match.start() + match.group().index(words)
        span = Span(begin, begin + max(1, len(words)))
        message, help_ = habit.said_of(match, meant or "")
        said = Diagnostic(habit.code, message, source, span, help_)
        if meant is None:
            if habit.expected & allowed:
                return further or said
            continue
        changed = text[: line_start + match.start()] + meant + text[line_start + match.end() :]
        grown = len(meant) - len(match.group())
        reached = reads(changed)
        if reached > line_end + grown:
            return said
        if further is None and reached > max(place, line_start + match.end()) + grown:
            further = said
    return further


def _not_set_in(source: Source, text: str, place: int, allowed: set[str]) -> Diagnostic | None:
    if allowed != {"_INDENT"}:
        return None
    span = _next_words(text, place)
    message = f"`{source.words(span)}` belongs under the line above it"
    return Diagnostic("SI203", message, source, span, "set it in by two spaces more")


def _corner_filled(source: Source, text: str, place: int, word: str, allowed: set[str]) -> Diagnostic | None:
    """A head of a matrix that does not begin with an empty cell."""
    if allowed != {"_BARS"} or word.startswith("|"):
        return None
    help_ = f"leave out `{word}`; where the head is missing, write it above the rows, beginning with `|  ||`"
    return Diagnostic("SI201", "the head of a matrix begins with an empty cell", source,
                      Span(place, place + len(word)), help_)  # fmt: skip


def _name_missing(source: Source, text: str, place: int, word: str, allowed: set[str]) -> Diagnostic | None:
    """A name that is not there, or that begins with a figure."""
    needed = next((name for name in ("LABEL", "NAME", "ID") if name in allowed), None)
    if needed is None or not allowed <= {"NAME", "ID", "LABEL", "NUMBER"}:
        return None
    if needed == "NAME" and text[text.rfind("\n", 0, place) + 1 : place].lstrip().startswith("|"):
        return Diagnostic("SI216", f"`{word}` stands where the head of the table names what it gives", source,
                          Span(place, place + len(word)),
                          "where the head is missing, write it above the rows; in a head, write the name after `gives`")  # fmt: skip
    if word[:1].isdigit() and needed == "NAME":
        return Diagnostic("SI201", f"`{word}` is not a name", source, Span(place, place + len(word)),
                          "begin it with a small letter")  # fmt: skip
    if word != '"':
        return None
    quoted = re.compile(r'"[^"\n]*"').match(text, place)
    span = Span(place, quoted.end() if quoted else place + 1)
    return Diagnostic("SI201", f"{CALLED[needed]} is missing before `{source.words(span)}`", source, span,
                      f"write {WRITTEN_AS[needed]} before it")  # fmt: skip


def _joined_below(source: Source, text: str, place: int) -> Diagnostic | None:
    """A condition that goes on in the next line."""
    span = _next_words(text, place)
    first = source.words(span).partition(" ")[0]
    if first not in ("and", "or"):
        return None
    message = f"a condition stands on one line, and `{first}` begins another"
    heads = {"and": "all of", "or": "any of"}
    return Diagnostic("SI203", message, source, span, f"join it to the line above, or make a list: {heads[first]}")


def _colon_missing(source: Source, text: str, place: int, allowed: set[str], reads: Reads) -> Diagnostic | None:
    if "_COLON" not in allowed or "NAME" in allowed or text[place : place + 1] == ":":
        return None
    before = _last_words(text, place)
    line_end = text.find("\n", place)
    if reads(text[: before.end] + ":" + text[before.end :]) <= line_end + 1:
        return None
    return Diagnostic("SI204", f"a colon is missing after `{source.words(before)}`", source, before, "add `:`")


def _one_name(text: str, place: int, reads: Reads) -> tuple[int, str, str] | None:
    """Two words that would be read as one name: a name has no spaces."""
    line_start, line_end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    match = re.search(r"[a-z]\w* +$", text[line_start:place])
    second = re.compile(r"[a-z]\w*").match(text, place)
    if match is None or second is None:
        return None
    begin = line_start + match.start()
    wrong = text[begin : second.end()]
    right = re.sub(" +", "_", wrong)
    if reads(text[:begin] + right + text[second.end() :]) <= line_end + len(right) - len(wrong):
        return None
    return begin, wrong, right


def _meant(text: str, place: int, allowed: set[str], reads: Reads) -> tuple[int, str, str] | None:
    """A keyword near in spelling to the words at the place, if putting it there makes the line readable.

    One of as many words is tried before one that would take a word away or add one.
    """
    keywords = [keyword for keyword in words_of(allowed) if keyword[0].isalpha()]
    line_end = text.find("\n", place)
    rest = text[place:line_end]
    tried: list[tuple[int, str, str]] = []
    found = []
    for count in (4, 3, 2, 1):
        match = re.match(rf"[a-z]\w*(?: +[a-z]\w*){{{count - 1}}}", rest)
        guess = nearest(match.group(), keywords) if match else None
        if match is not None and guess is not None and guess != match.group():
            found.append((count, match, guess))
    for count, match, guess in sorted(found, key=lambda each: len(each[2].split()) != each[0]):
        if reads(text[:place] + guess + text[place + match.end() :]) > line_end + len(guess) - match.end():
            return place, match.group(), guess
        if len(guess.split()) == count:
            tried.append((place, match.group(), guess))
    return tried[0] if tried else None


def _next_words(text: str, place: int) -> Span:
    match = re.compile(r"[^\n]*\S").match(text, place)
    if match is None:
        return Span(max(0, place - 1), place)
    lead = len(match.group()) - len(match.group().lstrip())
    return Span(match.start() + lead, match.end())


def _last_words(text: str, place: int) -> Span:
    """The words before a place, on the same line or on the last line that says something: the last two of a long line."""
    end = len(text[:place].rstrip())
    line_start = text.rfind("\n", 0, end) + 1
    words = list(re.finditer(r'"[^"]*"|\S+', text[line_start:end]))
    if not words:
        return Span(max(0, end - 1), max(1, end))
    whole = end - line_start - words[0].start() <= _SHORT
    first = words[0] if whole or len(words) == 1 else words[-2]
    return Span(line_start + first.start(), end)
