"""From facts that are values, and scores, as written to definitions of the core."""

from fractions import Fraction

from attrs import evolve

from si_rules.semantics import core
from si_rules.semantics.condition_names import identifier
from si_rules.semantics.conditions import ConditionReader
from si_rules.semantics.kinds import Number, described
from si_rules.semantics.matrices import MatrixReader
from si_rules.semantics.tables import TableReader
from si_rules.semantics.value_parts import Owned, ValueParts
from si_rules.syntax import tree


class ValueReader:
    """Reads the values with a name; what cannot be read is reported and left out."""

    def __init__(self, parts: ValueParts) -> None:
        self.parts = parts
        self.declared = parts.declared
        self.scope = parts.scope
        self.report = parts.report
        self.tables = TableReader(parts)
        self.matrices = MatrixReader(parts)

    def read_all(self) -> None:
        """Read every value."""
        for source, written in self.declared.values.values():
            self.report.source = source
            match written:
                case tree.ValueFact():
                    self._fact(written)
                case tree.Score():
                    self._score(written)
                case tree.Table():
                    self.tables.read(written)
                case tree.Matrix():
                    self.matrices.read(written)

    def _fact(self, written: tree.ValueFact) -> None:
        owned = self.parts.owned("fact", written)
        name, known = written.name.text, self.scope.values.get(written.name.text)
        if len(written.terms) != 1:
            if name not in self.declared.damaged:
                self.report.error("SI202", f"`{name}` has {len(written.terms)} lines `is`", written.span,
                                  "write one: is …")  # fmt: skip
            return
        term = self.parts.reader().read_term(written.terms[0], self.parts.context(owned.group))
        if term is None or known is None or not self.parts.fits(term, known.kind, written.terms[0].span):
            return
        self.parts.define(name, "fact", written.title.text, known.kind, term, owned)

    def _score(self, written: tree.Score) -> None:
        owned = self.parts.owned("score", written)
        name, known = written.name.text, self.scope.values.get(written.name.text)
        if len(written.sums) != 1:
            if name not in self.declared.damaged:
                self.report.error("SI202", f"the score `{name}` does not say once what it adds up", written.span,
                                  "write once: adds up, and the items under it")  # fmt: skip
            return
        if known is None or not isinstance(known.kind, Number):
            if known is not None:
                self.report.error("SI406", f"a score is a number, not {described(known.kind)}", written.kind.span,
                                  "name a unit such as points")  # fmt: skip
            return
        parts: list[core.Term] = []
        rows: list[str] = []
        for item in written.sums[0]:
            part = self._score_item(name, item, known.kind, owned, rows)
            if part is not None:
                parts.append(part)
        if len(parts) == len(written.sums[0]):
            term = core.Computed("sum", tuple(parts), known.kind)
            self.parts.define(name, "score", written.title.text, known.kind, term, owned, rows)

    def _score_item(
        self, name: str, item: tree.ScoreItem, kind: Number, owned: Owned, rows: list[str]
    ) -> core.Term | None:
        context = evolve(self.parts.context(owned.group), left_out=True)  # what does not apply adds nothing
        term = self.parts.reader().read_term(item.term, context)
        if term is None or not self.parts.fits(term, kind, item.term.span):
            return None
        if item.condition is None:
            return term
        condition = ConditionReader(self.scope, self.report, item.condition).read(item.condition, context)
        if condition is None:
            return None
        words = self.report.source.words(item.condition.span)
        rule = self.parts.row(f"{name}[{identifier(words)}]", words, condition, item.span, owned, rows)
        if rule is None:
            return None
        nothing = core.Constant(Fraction(0), kind)
        return core.Chosen(((rule, term),), nothing, kind)
