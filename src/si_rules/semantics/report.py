"""Collects diagnostics while a stage works, so that one pass reports everything."""

from collections.abc import Iterable, Set as AbstractSet
from typing import Final

from attrs import evolve

from si_rules.source.diagnostics import Diagnostic, Label, Severity
from si_rules.source.nearest import nearest
from si_rules.source.text import Source, Span

_MOST_NAMED: Final = 13
_MOST_PLACES: Final = 3
# Names that stand for something else in another rule: one mend does not mend them all.
_OF_ONE_PLACE: Final = ("class", "clause", "value")
# How what a policy may declare itself is declared.
_DECLARED: Final = {
    "party": 'party {} "…"',
    "action": 'action {} "…"',
    "occasion": 'occasion {} "…"',
    "occasion or period": 'occasion {} "…"',
    "source": 'source {} "…"',
    "judgement": 'judgement {} "…"',
    "fact or trigger": 'fact {} "…"',
    "interpretation": 'interpretation {} "the reason"',
}


class Report:
    """A growing list of diagnostics about one file at a time. `source` is the file now being read.

    `damaged` are names declared in what could not be read, which is told: that they are unknown is not told again.
    """

    def __init__(self, source: Source, damaged: AbstractSet[str] = frozenset()) -> None:
        self.source = source
        self.damaged = damaged
        self.diagnostics: list[Diagnostic] = []
        self._told: dict[tuple[str, str], int] = {}

    def error(self, code: str, message: str, span: Span, help: str | None = None,
              labels: Iterable[tuple[Source, Span, str]] = ()) -> None:  # fmt: skip
        """Add an error at a place of the current file."""
        shown = tuple(Label(*label) for label in labels)
        self.diagnostics.append(Diagnostic(code, message, self.source, span, help, shown))

    def once(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Add an error that one mend takes away everywhere: said once, with its next places beside it."""
        key = (code, message)
        at = self._told.get(key)
        if at is None or at >= len(self.diagnostics) or self.diagnostics[at].message != message:
            self._told[key] = len(self.diagnostics)
            self.error(code, message, span, help)
        elif len(self.diagnostics[at].labels) < _MOST_PLACES:
            first = self.diagnostics[at]
            if span in (first.span, *(label.span for label in first.labels)):
                return
            self.diagnostics[at] = evolve(first, labels=(*first.labels, Label(self.source, span, "and here")))

    def warning(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Add a warning at a place of the current file."""
        self.diagnostics.append(Diagnostic(code, message, self.source, span, help, severity=Severity.WARNING))

    def not_used(self, policy: str, span: Span) -> None:
        """Add an error for a name of another policy that this one does not use; once for each policy."""
        self.once("SI301", f"this policy does not use `{policy}`", span, f"add a line to its header: uses {policy}")

    def unknown(self, what: str, name: str, span: Span, known: Iterable[str], code: str = "SI301") -> None:
        """Add an error for a name nobody declared, with the nearest known one, or with all where they are few."""
        if name in self.damaged:
            return
        names = list(known)
        guess = nearest(name, names)
        declared = _DECLARED.get(what, "").format(name)
        if guess:
            help_ = f"did you mean `{guess}`?"
        elif 0 < len(names) <= _MOST_NAMED:
            help_ = "known here: " + ", ".join(f"`{known_name}`" for known_name in names)
            help_ += f"; or declare it: {declared}" if declared else ""
        else:
            help_ = f"declare it: {declared}" if declared else "correct the name"
            help_ += ", or add it to the vocabulary" if what.endswith("in the vocabulary") else ""
        tell = self.error if what in _OF_ONE_PLACE else self.once
        verb = "are" if what in ("records", "results", "results or records") else "is"
        tell(code, f"there {verb} no {what} `{name}`", span, help_)
