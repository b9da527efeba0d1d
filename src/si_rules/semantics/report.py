"""Collects diagnostics while a stage works, so that one pass reports everything."""

from collections.abc import Iterable

from si_rules.source.diagnostics import Diagnostic, Label, Severity
from si_rules.source.nearest import nearest
from si_rules.source.text import Source, Span


class Report:
    """A growing list of diagnostics about one file at a time. `source` is the file now being read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def error(self, code: str, message: str, span: Span, help: str | None = None,
              labels: Iterable[tuple[Source, Span, str]] = ()) -> None:  # fmt: skip
        """Add an error at a place of the current file."""
        shown = tuple(Label(*label) for label in labels)
        self.diagnostics.append(Diagnostic(code, message, self.source, span, help, shown))

    def warning(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Add a warning at a place of the current file."""
        self.diagnostics.append(Diagnostic(code, message, self.source, span, help, severity=Severity.WARNING))

    def unknown(self, what: str, name: str, span: Span, known: Iterable[str], code: str = "SI301") -> None:
        """Add an error for a name nobody declared, with the nearest known one, or with all where they are few."""
        names = list(known)
        guess = nearest(name, names)
        if guess:
            help_ = f"did you mean `{guess}`?"
        elif 0 < len(names) <= 8:
            help_ = "known here: " + ", ".join(f"`{known_name}`" for known_name in names)
        else:
            help_ = f"declare {'an' if what[0] in 'aeiou' else 'a'} {what} `{name}`, or correct the name"
        self.error(code, f"there is no {what} `{name}`", span, help_)
