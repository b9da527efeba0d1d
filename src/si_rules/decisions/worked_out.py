"""What a value came to, and what it was worked out from: data, other values, the rows that decided."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Final, TypeAlias

from si_rules.decisions.decision import Decision
from si_rules.decisions.steps import CameTo, Explanation, Used
from si_rules.decisions.valuing import in_order_of
from si_rules.decisions.wording import Wording, counted
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.special import NONE, NOT_APPLIED
from si_rules.evaluation.truth import FAILS, HOLDS, NOT_APPLICABLE, UNDETERMINED, Truth
from si_rules.evaluation.values import Open, Part, TooLarge, choices_of, limits
from si_rules.semantics import core
from si_rules.semantics.kinds import Choice, Kind, Number, words
from si_rules.semantics.traversal import conditions_under, terms_of, terms_under

_WORKED_OUT: Final = (core.Computed, core.Chosen, core.DefinedValue, core.OverRecords)
_SAID: Final = (core.Constant, core.ParameterValue, core.DecisionDay)  # what the words of a comparison give

Explaining: TypeAlias = Callable[[core.Condition], Explanation]


class WorkedOut:
    """Explains the values of one decision. `condition` explains a condition, `rule` a rule."""

    def __init__(self, decision: Decision, situation: Situation, interpreter: Interpreter, wording: Wording,
                 condition: Explaining, rule: Callable[[str], Explanation]) -> None:  # fmt: skip
        self.decision = decision
        self.results = {item.id: item for item in decision.values}
        self.situation = situation
        self.policy = situation.policy
        self.interpreter = interpreter
        self.wording = wording
        self._condition = condition
        self._rule = rule
        self._told: set[str] = set()

    def forget(self) -> None:
        """Begin anew: nothing counts as told."""
        self._told.clear()

    # ---- what it came to
    def term(self, term: core.Term) -> CameTo:
        """What a term came to."""
        if isinstance(term, core.DefinedValue) and term.name in self.results:
            return self._result(term.name, term.kind)
        try:
            part: Part = self.interpreter.term(term)
        except TooLarge:
            return CameTo(term.kind, "undetermined")
        return _came_to(part, term.kind)

    def _result(self, name: str, kind: Kind) -> CameTo:
        """A value with a name, as the decision reports it."""
        found = self.results[name]
        between = found.between
        if found.status == "undetermined" and not found.possible:
            between = _came_to(self.interpreter.definition(name), kind).between
        return CameTo(found.kind, found.status, found.value, found.possible, between)

    def sides(self, leaf: core.Leaf) -> tuple[CameTo, ...]:
        """What the sides of a comparison came to, where one is worked out; not what its own words give."""
        terms = () if isinstance(leaf, core.Trend) else tuple(terms_of(leaf))
        if not any(isinstance(term, _WORKED_OUT) for term in terms):
            return ()
        return tuple(self.term(term) for term in terms if not isinstance(term, _SAID))

    def outcome(self, name: str) -> CameTo:
        """What a classification came to."""
        found, result = self.policy.classifications[name], self.decision.classifications[name]
        kind = Choice((*(item.label for item in found.classes), core.UNMATCHED))
        if result.status == "not_applicable":
            return CameTo(kind, "not_applicable")
        if len(result.possible) == 1:
            return CameTo(kind, "known", result.possible[0])
        return CameTo(kind, "undetermined", None, result.possible)

    # ---- what it was worked out from
    def evidence(self, *terms: core.Term) -> tuple[Used, ...]:
        """The data that terms name themselves, in the order read."""
        return self.found(self.situation.paths_named(*terms))

    def found(self, paths: Iterable[str]) -> tuple[Used, ...]:
        """What was found at some paths."""
        return tuple(Used(path, self.wording.title(path), *self.wording.found(path)) for path in paths)

    def behind(self, *terms: core.Term) -> tuple[Explanation, ...]:
        """The values with a name that terms read, and the conditions of which they count how many hold."""
        found: dict[str, None] = {}
        asked: list[core.Condition] = []
        for term in terms:
            for inner in terms_under(term):
                if isinstance(inner, core.DefinedValue):
                    found[inner.name] = None
                elif isinstance(inner, core.Computed):
                    asked += counted(inner) or ()
        return (*map(self.definition, found), *map(self._condition, asked))

    def definition(self, name: str) -> Explanation:
        """A value with a name: what it came to, and what it was worked out from; told once."""
        found = self.policy.definitions[name]
        came = self.term(core.DefinedValue(name, found.kind))
        evidence: tuple[Used, ...] = ()
        items: tuple[Explanation, ...] = ()
        if name not in self._told:
            self._told.add(name)
            evidence, items = self._from(found)
        told = found.cites, found.interpretations
        return Explanation(name, found.title, came.status, *told, evidence, items, (came,), is_value=True)

    def _from(self, found: core.Definition) -> tuple[tuple[Used, ...], tuple[Explanation, ...]]:
        """What a value was worked out from: data, and further steps."""
        guard: tuple[Explanation, ...] = ()
        if found.guard is not None:
            guard = (self._condition(found.guard),)
            if self.interpreter.truth(found.guard) in (FAILS, NOT_APPLICABLE):
                return (), guard  # what does not apply is not gone into
        if found.sort == "fact":
            return self.evidence(found.term), (*guard, *self.behind(found.term))
        if found.sort == "score":
            return (), (*guard, *self._score(found))
        evidence, columns = self._columns(found)
        return evidence, (*guard, *columns, *self._rows(found))

    # ---- tables and matrices
    def _columns(self, found: core.Definition) -> tuple[tuple[Used, ...], tuple[Explanation, ...]]:
        """What the columns of a table ask: data, and values, rules and outcomes as steps."""
        data: list[core.Term] = []
        steps: dict[object, Callable[[], Explanation]] = {}
        for row in found.rows:
            for asked in conditions_under(_own(self.policy.rules[row].condition)):
                match asked:
                    case core.Compare(left=term) | core.IsAmong(term=term) | core.IsNone(term=term):
                        if isinstance(term, _WORKED_OUT):
                            steps.setdefault(term, lambda term=term: self._column(term))  # type: ignore[misc]
                        elif term not in data:
                            data.append(term)
                    case core.RuleHolds(rule=rule):
                        steps.setdefault(rule, lambda rule=rule: self._rule(rule))  # type: ignore[misc]
                    case core.OutcomeIs(classification=name):
                        steps.setdefault(("outcome", name), lambda name=name: self._outcome(name))  # type: ignore[misc]
                    case _:
                        pass
        return self.evidence(*data), tuple(step() for step in steps.values())

    def _column(self, term: core.Term) -> Explanation:
        """A column that is worked out."""
        if isinstance(term, core.DefinedValue):
            return self.definition(term.name)
        came = self.term(term)
        told = None, self.wording.term(term), came.status, (), ()
        return Explanation(*told, self.evidence(term), self.behind(term), (came,), is_value=True)

    def _outcome(self, name: str) -> Explanation:
        came = self.outcome(name)
        return Explanation(name, self.policy.classifications[name].title, came.status, values=(came,), is_value=True)

    def _rows(self, found: core.Definition) -> Iterator[Explanation]:
        """The rows that decided, and those that may still."""
        first = isinstance(found.term, core.Chosen)
        came = self.term(core.DefinedValue(found.id, found.kind))
        rows: list[tuple[str, core.Term, Truth]] = []
        for row, value in _cases(found.term):
            truth = self.interpreter.rule(row)
            if truth is HOLDS or (truth is UNDETERMINED and (not first or _may_give(value, came))):
                rows.append((row, value, truth))
            if first and truth is HOLDS:
                break  # none after it counts
        alone = first and len(rows) == 1 and came.status == "known"
        for row, value, truth in rows:
            worth = "" if value == _ONE_ROW else f", and gives {self.wording.term(value)}"
            text = f"the row “{words(self.policy.rules[row].title)}” matches{worth}"
            yield self._worth(row, HOLDS if alone else truth, text, value, ())

    def _worth(self, row: str, truth: Truth, text: str, value: core.Term,
               items: tuple[Explanation, ...]) -> Explanation:  # fmt: skip
        """A row of a table or an item of a score, with what it is worth where that is worked out."""
        if isinstance(value, core.Constant):
            return Explanation(row, text, truth.value, items=items)
        evidence, behind = self.evidence(value), self.behind(value)
        return Explanation(row, text, truth.value, (), (), evidence, (*items, *behind), (self.term(value),))

    # ---- scores
    def _score(self, found: core.Definition) -> Iterator[Explanation]:
        """Every item of a score, whether it counts or not."""
        assert isinstance(found.term, core.Computed)
        for part in found.term.parts:
            match part:
                case core.Chosen(cases=((core.RuleHolds(rule=row), value),), otherwise=core.Constant()):
                    yield self._item(row, value)
                case _:
                    yield self._column(part)

    def _item(self, row: str, value: core.Term) -> Explanation:
        """An item on a condition; where this is a single comparison the two are one step."""
        asked = _own(self.policy.rules[row].condition)
        step = self._condition(asked)
        text = f"{self.wording.term(value)} when {self.wording.inner(asked)}"
        truth = self.interpreter.rule(row)
        if isinstance(value, core.Constant) and (step.values or step.evidence):
            return Explanation(row, text, truth.value, (), (), step.evidence, step.items, step.values)
        return self._worth(row, truth, text, value, (step,))


_ONE_ROW: Final = core.Constant(Fraction(1), Number("number"))


def _may_give(value: core.Term, came: CameTo) -> bool:
    """Whether a row may have given what a value came to, or one of what it may be."""
    if not isinstance(value, core.Constant) or (came.status == "undetermined" and not came.possible):
        return True
    return value.value in (came.possible or (came.value,))


def _own(condition: core.Condition) -> core.Condition:
    """The condition of a row without whom its table is for."""
    return condition.body if isinstance(condition, core.Guarded) else condition


def _cases(term: core.Term) -> Iterator[tuple[str, core.Term]]:
    """The rows of a table, each with what it gives."""
    parts = (term,) if isinstance(term, core.Chosen) else term.parts if isinstance(term, core.Computed) else ()
    for part in parts:
        if isinstance(part, core.Chosen):
            for condition, value in part.cases:
                if isinstance(condition, core.RuleHolds):
                    yield condition.rule, value


def _came_to(part: Part, kind: Kind) -> CameTo:
    if part is NONE:
        return CameTo(kind, "none")
    if part is NOT_APPLIED:
        return CameTo(kind, "not_applicable")
    if not isinstance(part, Open):
        return CameTo(kind, "known", part)
    choices = choices_of(part)
    if choices:
        return CameTo(kind, "undetermined", None, in_order_of(kind, set(choices)))
    low, high = limits(part)
    return CameTo(kind, "undetermined", None, (), None if low is None or high is None else (low, high))
