"""From figures over a cohort as written to figures of the core."""

from si_rules.semantics import core
from si_rules.semantics.conditions import ConditionReader
from si_rules.semantics.context import Context
from si_rules.semantics.kinds import Kind, Number, described
from si_rules.semantics.value_parts import ValueParts, alike
from si_rules.syntax import tree

_NUMBER = Number("number")


class FigureReader:
    """Reads the figures over a cohort; what cannot be read is reported and left out."""

    def __init__(self, parts: ValueParts) -> None:
        self.parts = parts
        self.declared = parts.declared
        self.scope = parts.scope
        self.report = parts.report
        self.found: dict[str, core.Figure] = {}

    def read_all(self) -> None:
        """Read every figure."""
        for source, figure in self.declared.figures.values():
            self.report.source = source
            self._figure(figure)

    def _figure(self, written: tree.Figure) -> None:
        owned = self.parts.owned("figure", written)
        if owned.group is not None:
            self.report.error("SI202", f"the figure `{written.name.text}` says twice whom it is about",
                              written.span, "leave out `applies to`: `over` says it")  # fmt: skip
        name, kind = written.name.text, self.scope.figures.get(written.name.text)
        if not written.over and written.owned.applies_to and name not in self.declared.damaged:
            self.report.error("SI202", "a figure says with `over` whom it is about", written.owned.applies_to[0].span,
                              f"write in its place: over every {self.scope.vocabulary.noun}, "
                              f"or: over {self.scope.vocabulary.plural} with …")  # fmt: skip
            return
        if len(written.over) != 1 or len(written.measures) != 1 or len(written.where) > 1:
            if name not in self.declared.damaged:
                self.report.error("SI202", f"the figure `{name}` does not say once over whom it is and what it is",
                                  written.span, f"write one line `over every {self.scope.vocabulary.noun}` and one line "
                                  "`is the share for which …`")  # fmt: skip
            return
        measure = written.measures[0]
        group = self.parts.group_of(written.over, "over")
        context = self.parts.context(group)
        where = self._asked(written.where[0], context) if written.where else None
        condition = self._asked(measure.condition, context) if measure.condition is not None else None
        term = self.parts.reader().read_term(measure.term, context) if measure.term is not None else None
        if (written.where and where is None) or (condition is None and term is None) or kind is None:
            return
        wanted = self._figure_kind(measure, term)
        if wanted is None:
            return
        if not alike(wanted, kind):
            self.report.error("SI401", f"this comes to {described(wanted)}, and {described(kind)} was declared",
                              measure.span, "correct one of the two")  # fmt: skip
            return
        guard = None if group is None else self.scope.membership(group)
        self.found[name] = core.Figure(
            name, written.title.text, kind, measure.sort, guard, where, condition, term,  # type: ignore[arg-type]
            measure.highest_first, owned.cites, owned.interpretations, owned.audience,
        )  # fmt: skip

    def _asked(self, written: tree.Condition, context: Context) -> core.Condition | None:
        return ConditionReader(self.scope, self.report, written).read(written, context)

    def _figure_kind(self, measure: tree.Measure, term: core.Term | None) -> Kind | None:
        """What a figure is counted in."""
        if measure.sort in ("count", "rank"):
            kind: Kind = _NUMBER
        elif measure.sort in ("share", "percentile"):
            kind = Number("percent")
        else:
            kind = term.kind if term is not None else _NUMBER
        if term is not None and not isinstance(term.kind, Number):
            self.report.error("SI407", f"a figure is made of numbers; this is {described(term.kind)}", measure.span,
                              "name a number")  # fmt: skip
            return None
        return kind.unbounded if isinstance(kind, Number) else kind
