"""What the policy's author owns: interpretations with an id and a reason, and citations of the sources."""

from collections.abc import Collection

from si_rules.semantics.core import Citation
from si_rules.semantics.report import Report
from si_rules.source.text import Source, Span
from si_rules.syntax import tree


class Ownership:
    """Gathers the interpretations of an edition and reads citations; both are checked as they are met."""

    def __init__(self, sources: set[str], report: Report, damaged: Collection[str] = ()) -> None:
        self._sources = sources
        self._damaged = damaged
        self._report = report
        self.reasons: dict[str, str] = {}
        self._first: dict[str, tuple[Source, Span]] = {}
        self._referred: list[tuple[str, Source, Span]] = []

    def cites(self, written: tuple[tree.Cites, ...]) -> tuple[Citation, ...]:
        """The citations, each of a declared source."""
        for item in written:
            if item.source.text not in self._sources and item.source.text not in self._damaged:
                self._report.unknown("source", item.source.text, item.source.span, sorted(self._sources))
        return tuple(Citation(item.source.text, item.place.text) for item in written)

    def interpretations(self, written: tuple[tree.Interpretation, ...]) -> tuple[str, ...]:
        """The ids; a reason is kept, and reported where the id has another reason already."""
        for item in written:
            name = item.id.text
            if item.reason is None:
                self._referred.append((name, self._report.source, item.id.span))
            elif self.reasons.setdefault(name, item.reason.text) != item.reason.text:
                source, span = self._first[name]
                label = (source, span, "its reason is given here")
                self._report.error("SI302", f"the interpretation `{name}` is given two reasons", item.id.span,
                                   "refer to it by its id alone, or choose another id", [label])  # fmt: skip
            self._first.setdefault(name, (self._report.source, item.id.span))
        return tuple(item.id.text for item in written)

    def need(self, what: str, at: Span, cites: tuple[tree.Cites, ...],
             interpretations: tuple[tree.Interpretation, ...], damaged: bool) -> None:  # fmt: skip
        """Report something that names neither a place in a source nor an interpretation."""
        if not cites and not interpretations and not damaged:
            source = min(self._sources, default="SOURCE")
            self._report.error("SI503", f"{what} cites no paragraph", at,
                               f'add a line such as: cites {source} "page 4", or own it: interpretation ID-1 "the reason"')  # fmt: skip

    def check_references(self) -> None:
        """Report every id that is referred to and nowhere given a reason."""
        for name, source, span in self._referred:
            if name not in self.reasons:
                self._report.source = source
                self._report.unknown("interpretation", name, span, self.reasons)
