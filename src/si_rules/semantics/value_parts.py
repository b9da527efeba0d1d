"""What the readers of values, scores, tables, matrices and figures share: what all have, rows, and kinds held to."""

from collections.abc import Iterable
from fractions import Fraction

from attrs import frozen

from si_rules.semantics import core
from si_rules.semantics.audiences import Audience
from si_rules.semantics.conditions import ConditionReader
from si_rules.semantics.context import Context
from si_rules.semantics.kinds import Choice, Kind, Number, Scale, described, number_text, with_unit
from si_rules.semantics.rule_parts import RuleParts
from si_rules.semantics.vocabulary_reading import read_audience
from si_rules.source.text import Span
from si_rules.syntax import tree


@frozen
class Owned:
    """What every value has: what it cites and rests on, who may see it, and whom it is for."""

    cites: tuple[core.Citation, ...]
    interpretations: tuple[str, ...]
    audience: Audience
    group: str | None


class ValueParts:
    """Reads what all values have, and keeps the values and the rows that are read."""

    def __init__(self, parts: RuleParts) -> None:
        self.declared = parts.declared
        self.scope = parts.scope
        self.ownership = parts.ownership
        self.report = parts.report
        self.rules = parts.rules
        self.group_of = parts.group_of
        self.origin = parts.origin
        self.definitions: dict[str, core.Definition] = {}

    def owned(self, what: str, written: tree.ValueFact | tree.Score | tree.Table | tree.Matrix | tree.Figure) -> Owned:
        """The citations, interpretations, audience and group of a value."""
        owned, damaged = written.owned, written.name.text in self.declared.damaged
        cites, interpretations = (
            self.ownership.cites(owned.cites),
            self.ownership.interpretations(owned.interpretations),
        )
        self.ownership.need(
            f"the {what} `{written.name.text}`", written.span, owned.cites, owned.interpretations, damaged
        )
        audience = read_audience(owned.shown_to, self.scope.vocabulary.audiences, self.report)
        return Owned(cites, interpretations, audience, self.group_of(owned.applies_to))

    def define(
        self, name: str, sort: str, title: str, kind: Kind, term: core.Term, owned: Owned, rows: Iterable[str] = ()
    ) -> None:
        """Keep a value with a name."""
        guard = None if owned.group is None else self.scope.membership(owned.group)
        self.definitions[name] = core.Definition(
            name,
            sort,  # type: ignore[arg-type]
            title,
            kind,
            guard,
            term,
            owned.cites,
            owned.interpretations,
            owned.audience,
            tuple(rows),
        )

    def reader(self) -> ConditionReader:
        """A reader of terms that stand by themselves."""
        return ConditionReader(self.scope, self.report, None)

    def context(self, group: str | None) -> Context:
        """Where the terms of a value for a group stand."""
        return Context({}).within(group, self.scope) if group is not None else Context({})

    def fits(self, term: core.Term, kind: Kind, span: Span) -> bool:
        """Whether a value is of the kind that was declared for it."""
        if alike(term.kind, kind):
            return True
        shown = self.report.source.words(span)
        help_ = "correct one of the two"
        if isinstance(term, core.Constant) and isinstance(term.value, Fraction) and isinstance(kind, Number):
            help_ = f"did you mean `{with_unit(number_text(term.value), kind.unit)}`?"
        message = f"`{shown}` is {described(term.kind)}, and {described(kind)} was declared"
        self.report.error("SI401", message, span, help_)
        return False

    def row(
        self, name: str, words: str, condition: core.Condition, span: Span, owned: Owned, rows: list[str]
    ) -> core.Condition | None:
        """A row as a rule of its own, named by what it says."""
        if name in rows:
            self.report.error("SI305", "the same row stands twice", span, "delete one of the two")
            return None
        if owned.group is not None:
            condition = core.Guarded(self.scope.membership(owned.group), condition)
        origin = self.origin(span)
        told = owned.cites, owned.interpretations, owned.audience
        self.rules[name] = core.Rule(name, "row", words, condition, *told, origin)
        rows.append(name)
        return core.RuleHolds(name, origin)


def alike(left: Kind, right: Kind) -> bool:
    """Whether a value of one kind may stand for the other: limits apart."""
    if isinstance(left, Number) and isinstance(right, Number):
        return left.unit == right.unit
    if isinstance(left, Choice | Scale) and isinstance(right, Choice | Scale):
        return left.values == right.values
    return type(left) is type(right)
