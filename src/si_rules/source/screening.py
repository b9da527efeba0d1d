"""What is looked for before any parsing: bytes that are no text, letters a word processor slips in, and sizes.

Everything here is linear in the size of the text, so hostile input costs little.
"""

import re
from collections.abc import Iterator
from typing import Final

from si_rules.source.diagnostics import Diagnostic
from si_rules.source.text import Source, Span

MOST_BYTES: Final = 2_000_000
LONGEST_LINE: Final = 2_000
DEEPEST_BRACKETS: Final = 32
MOST_REPORTED: Final = 20

_HYPHEN: Final = "use a plain hyphen: -"
_BULLET: Final = "begin an item of a list with a hyphen and a space: -"
_STRAIGHT: Final = 'use the straight mark: "'
_SPACE: Final = "replace it with an ordinary space"

# Letters a word processor slips in: the code, what is said, and the help. Those that stand in `_IN_PLACE` have a better
# help where more is known of what stands around them.
_STRAY: Final = {
    "\t": ("SI101", "a tab stands here", "indent with spaces: two for each step"),
    "\u00a0": ("SI103", "a non-breaking space stands here", _SPACE),
    "\u202f": ("SI103", "a narrow non-breaking space stands here", _SPACE),
    **dict.fromkeys("\u2002\u2003\u2007\u2009\u200a\u3000", ("SI103", "a space of another width stands here", _SPACE)),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", ("SI102", "a curly quotation mark stands here", _STRAIGHT)),
    **dict.fromkeys(
        "\u2018\u2019\u201a", ("SI102", "a curly quotation mark stands here", 'use the straight double mark: "')
    ),
    **{bullet: ("SI104", f"a bullet `{bullet}` stands here", _BULLET) for bullet in "\u2022\u2023\u25e6\u25aa\u25cf"},
    "\uf0b7": ("SI104", "a bullet stands here", _BULLET),
    **{dash: ("SI104", f"a dash `{dash}` stands here", _HYPHEN) for dash in "\u2010\u2011\u2012\u2013\u2014"},
    "\u2212": ("SI104", "a minus sign `−` stands here", _HYPHEN),
}
_DASH: Final = "[\u2010-\u2014\u2212]"
_IN_PLACE: Final = (
    (rf"^ *{_DASH}", _BULLET),
    (rf"([0-9]{{4}}){_DASH}([0-9]{{2}})(?![0-9])", r"use a plain hyphen: \1-\2"),
    (rf"([0-9][0-9.]*%?) ?{_DASH} ?([0-9][0-9.]*%?)", r"for a range write: is at least \1 and … is at most \2"),
    (rf"(?<= ){_DASH}([0-9])", r"use a plain hyphen: -\1"),
    (rf" {_DASH} ", "leave it out, or write `#` before a remark"),
    (r"([0-9.]+)[\u00a0\u202f]%", r"leave it out: \1%"),
)
_APOSTROPHE: Final = re.compile(r"(?<=\w)\u2019(?=\w)")
_STRAY_IN_TEXT: Final = re.compile("[" + "".join(_STRAY) + "]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\x85]")
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_QUOTED_OR_COMMENT: Final = re.compile(r'"[^"]*"|#[^\n]*')


def read_source(name: str, data: bytes) -> tuple[Source, list[Diagnostic]]:
    """The text of a file, and what is wrong with it as text.

    A byte order mark and any line ends are accepted and normalised; a missing final newline is added.
    Where the diagnostics hold an error the text must not be parsed.
    """
    if len(data) > MOST_BYTES:
        source = Source(name, "\n")
        limit = f"the file has {len(data):,} bytes; at most {MOST_BYTES:,} are read"
        return source, [Diagnostic("SI105", limit, source, Span(0, 1), "split the policy into several files")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8", "replace").removeprefix("\ufeff")
        source = Source(name, _normalised(good))
        place = Span(max(0, len(source.text) - 1), len(source.text))
        message = f"the file is not UTF-8: byte {error.start + 1} cannot be read"
        return source, [Diagnostic("SI106", message, source, place, "save the file as UTF-8 and open it again")]
    source = Source(name, _normalised(text))
    return source, _screen(source)


def _normalised(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"


def _screen(source: Source) -> list[Diagnostic]:
    if not source.text.strip():
        help_ = "a policy begins with a line such as: policy doncaster.school_improvement"
        return [Diagnostic("SI107", "the file is empty", source, Span(0, 1), help_)]
    found = [*_long_lines(source), *_deep_brackets(source)]
    if found:
        return found
    stray, open_ = list(_stray_letters(source)), list(_open_quotes(source))
    if not open_:
        return stray
    # What is inside a quotation is told by its marks: with one missing, letters further on are blamed for nothing.
    strayed = {source.place(item.span.start)[0]: item for item in stray}
    return [strayed.get(source.place(item.span.start)[0], item) for item in open_]


def _long_lines(source: Source) -> Iterator[Diagnostic]:
    start, reported = 0, 0
    while start < len(source.text) and reported < MOST_REPORTED:
        end = source.text.index("\n", start)
        if end - start > LONGEST_LINE:
            reported += 1
            message = f"the line has {end - start:,} characters; at most {LONGEST_LINE:,} are read"
            span = Span(start + LONGEST_LINE, end)
            yield Diagnostic("SI108", message, source, span, "break the line, or put its items into a list")
        start = end + 1


def _deep_brackets(source: Source) -> Iterator[Diagnostic]:
    depth = 0
    for match in re.finditer(r'"[^"]*"|#[^\n]*|[()]|\n(?=\S)', source.text):
        letter = match.group()
        if letter == "(":
            depth += 1
            if depth > DEEPEST_BRACKETS:
                message = f"brackets are nested more than {DEEPEST_BRACKETS} deep"
                span = Span(match.start(), match.end())
                yield Diagnostic("SI109", message, source, span, "use lists: all of, any of, none of")
                return
        elif letter == ")":
            depth = max(0, depth - 1)
        elif letter == "\n":
            depth = 0


def _stray_letters(source: Source) -> Iterator[Diagnostic]:
    """Letters that are fine inside a quotation or a comment and wrong outside: one report a line."""
    outside = _QUOTED_OR_COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), source.text)
    reported: set[int] = set()
    for match in _STRAY_IN_TEXT.finditer(outside):
        line = source.place(match.start())[0]
        if line not in reported and len(reported) < MOST_REPORTED:
            reported.add(line)
            code, message, help_ = _told(outside, match)
            yield Diagnostic(code, message, source, Span(match.start(), match.end()), help_)
    for match in _UNSEEN.finditer(outside):
        line = source.place(match.start())[0]
        if line not in reported and len(reported) < MOST_REPORTED:
            reported.add(line)
            message = f"a letter that cannot be seen (U+{ord(match.group()):04X}) stands here"
            yield Diagnostic("SI110", message, source, Span(match.start(), match.end()), "delete it")
    for match in _CONTROL.finditer(source.text):
        line = source.place(match.start())[0]
        if line not in reported and len(reported) < MOST_REPORTED:
            reported.add(line)
            message = f"a control character (U+{ord(match.group()):04X}) stands here"
            span = Span(match.start(), match.end())
            yield Diagnostic("SI110", message, source, span, "delete it")


def _told(text: str, stray: re.Match[str]) -> tuple[str, str, str]:
    """The code, the message and the help for a stray letter, by what stands around it."""
    code, message, help_ = _STRAY[stray.group()]
    if _APOSTROPHE.match(text, stray.start()):
        return (
            code,
            "an apostrophe stands outside quotation marks",
            "write the words without it: no word of the language has one",
        )
    line_start, line_end = text.rfind("\n", 0, stray.start()) + 1, text.index("\n", stray.start())
    line = text[line_start:line_end]
    for pattern, better in _IN_PLACE:
        for match in re.finditer(pattern, line):
            if match.start() <= stray.start() - line_start < match.end():
                return code, message, match.expand(better)
    return code, message, help_


def _opens(text: str, first: int, second: int) -> bool:
    """Whether a mark on a later line opens a quotation rather than closing the one before it.

    An opening mark stands after a space and before a word: then the first was never closed.
    """
    return "\n" in text[first:second] and text[second - 1] == " " and text[second + 1 : second + 2].strip() != ""


def _open_quotes(source: Source) -> Iterator[Diagnostic]:
    """A quotation may run over indented lines; one still open at a blank or unindented line was never closed."""
    text, offset, reported = source.text, 0, 0
    while reported < MOST_REPORTED:
        match = re.compile(r'["#]').search(text, offset)
        if match is None:
            return
        if match.group() == "#":
            offset = text.index("\n", match.start())
            continue
        close = text.find('"', match.end())
        gap = re.compile(r"\n(?=\S|[ ]*\n|\Z)").search(text, match.end())
        if close < 0 or (gap is not None and gap.start() < close) or _opens(text, match.start(), close):
            end = text.index("\n", match.start())
            reported += 1
            span = Span(match.start(), end)
            message, help_ = "this quotation is opened and never closed", 'close it with a straight mark: "'
            if span.end - span.start == 1 and text[match.start() - 1 : match.start()].strip():
                message, help_ = "this quotation is closed and never opened", 'open it with a straight mark: "'
            yield Diagnostic("SI111", message, source, span, help_)
            offset = end
        else:
            offset = close + 1
