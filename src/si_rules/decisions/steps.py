"""The steps of an explanation, as values."""

from attrs import frozen

from si_rules.semantics.core import Citation


@frozen
class Used:
    """A piece of evidence as it was met: its path and title, its value in words or the reason it is missing."""

    path: str
    title: str
    value: str | None
    missing: str | None
    provenance: str | None


@frozen
class Explanation:
    """One step: what it is about (`rule`, if it has a name), in words, whether it holds, on what evidence."""

    rule: str | None
    text: str
    truth: str
    cites: tuple[Citation, ...] = ()
    interpretations: tuple[str, ...] = ()
    evidence: tuple[Used, ...] = ()
    items: tuple["Explanation", ...] = ()
