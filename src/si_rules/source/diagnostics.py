"""Diagnostics as data. A diagnostic says what is wrong, where, and how to mend it; it prints nothing.

Messages are one sentence in the author's terms, lower-case at the start, the author's own words in
back-ticks. Codes are `SI` and three digits: 1 text, 2 form, 3 names, 4 kinds, 5 rules, 6 files, 7 scenarios.
"""

from enum import Enum
from typing import Final

from attrs import frozen

from si_rules.source.text import Source, Span


class Severity(Enum):
    """How bad it is: an error makes the policy unusable, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@frozen
class Label:
    """A second place that explains the first, with a few words of its own."""

    source: Source
    span: Span
    text: str


@frozen
class Diagnostic:
    """One mistake: `code`, `message`, the place, and `help`, a sentence that mends it."""

    code: str
    message: str
    source: Source
    span: Span
    help: str | None = None
    labels: tuple[Label, ...] = ()
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """Whether it makes the policy unusable."""
        return self.severity is Severity.ERROR


def in_order(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics by file and position, the same mistake at the same place once."""
    seen: set[tuple[str, str, int, str]] = set()
    kept = []
    for item in sorted(diagnostics, key=lambda d: (d.source.name, d.span.start, d.code, d.message)):
        key = (item.code, item.source.name, item.span.start, item.message)
        if key not in seen:
            seen.add(key)
            kept.append(item)
    return kept


class PolicyError(Exception):
    """A policy that cannot be used; `diagnostics` says why, in order.

    Raised where a policy is opened, never while one is evaluated.
    """

    MOST_SHOWN: Final = 3

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        shown = [f"{d.source.name}:{d.source.place(d.span.start)[0]}: {d.message}" for d in self.diagnostics]
        rest = len(shown) - self.MOST_SHOWN
        tail = [f"and {rest} more"] if rest > 0 else []
        super().__init__("; ".join(shown[: self.MOST_SHOWN] + tail))
