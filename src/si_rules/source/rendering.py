"""A diagnostic as text for a terminal or a log: the line, the words underlined, the remedy."""

from typing import Final

from si_rules.source.diagnostics import Diagnostic
from si_rules.source.text import Source, Span

_WIDEST: Final = 160


def render(diagnostic: Diagnostic) -> str:
    """The whole diagnostic, several lines, no trailing newline. A long line is cut around the place."""
    line, column = diagnostic.source.place(diagnostic.span.start)
    parts = [
        f"{diagnostic.severity.value} {diagnostic.code}: {diagnostic.message}",
        f"  --> {diagnostic.source.name}:{line}:{column}",
        *_excerpt(diagnostic.source, diagnostic.span, "^"),
    ]
    for label in diagnostic.labels:
        where = f"{label.source.name}:{label.source.place(label.span.start)[0]}"
        parts += [f"  {label.text} ({where})", *_excerpt(label.source, label.span, "-")]
    if diagnostic.help:
        parts.append(f"  help: {diagnostic.help}")
    return "\n".join(parts)


def _excerpt(source: Source, span: Span, mark: str) -> list[str]:
    number, column = source.place(span.start)
    text = source.line(number).replace("\t", " ").replace("\r", " ")
    length = max(1, min(span.end - span.start, len(text) - column + 1))
    if len(text) > _WIDEST:
        begin = max(0, column - 1 - _WIDEST // 3)
        text, column = text[begin : begin + _WIDEST], column - begin
        length = max(1, min(length, len(text) - column + 1))
    gutter = len(str(number))
    return [
        f"  {' ' * gutter} |",
        f"  {number} | {text}".rstrip(),
        f"  {' ' * gutter} | {' ' * (column - 1)}{mark * length}",
    ]
