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

_STRAY: Final = {
    "\t": ("SI101", "a tab stands here", "indent with spaces: two for each step"),
    "\u00a0": ("SI103", "a non-breaking space stands here", "replace it with an ordinary space"),
    "\u202f": ("SI103", "a narrow non-breaking space stands here", "replace it with an ordinary space"),
    "\u201c": ("SI102", "a curly quotation mark stands here", 'use the straight mark: "'),
    "\u201d": ("SI102", "a curly quotation mark stands here", 'use the straight mark: "'),
    "\u201e": ("SI102", "a curly quotation mark stands here", 'use the straight mark: "'),
    "\u2022": ("SI104", "a bullet `•` stands here", "begin an item of a list with a hyphen and a space: -"),
    "\u2013": ("SI104", "a dash `–` stands here", "use a plain hyphen: -"),
    "\u2014": ("SI104", "a dash `—` stands here", "use a plain hyphen: -"),
    "\u2212": ("SI104", "a minus sign `−` stands here", "use a plain hyphen: -"),
    "\u2018": ("SI102", "a curly quotation mark stands here", "use a straight mark"),
    "\u2019": ("SI102", "a curly quotation mark stands here", "use a straight mark"),
}
_STRAY_IN_TEXT: Final = re.compile("[" + "".join(_STRAY) + "]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\x85]")
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
            code, message, help_ = _STRAY[match.group()]
            yield Diagnostic(code, message, source, Span(match.start(), match.end()), help_)
    for match in _CONTROL.finditer(source.text):
        line = source.place(match.start())[0]
        if line not in reported and len(reported) < MOST_REPORTED:
            reported.add(line)
            message = f"a control character (U+{ord(match.group()):04X}) stands here"
            span = Span(match.start(), match.end())
            yield Diagnostic("SI110", message, source, span, "delete it")


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
            message = "this quotation is opened and never closed"
            yield Diagnostic("SI111", message, source, span, 'close it with a straight mark: "')
            offset = end
        else:
            offset = close + 1
