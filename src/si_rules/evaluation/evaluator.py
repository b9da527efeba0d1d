"""What each form of the core means, in terms of a few operations on what is known: the language's meaning, once.

The interpreter carries single truths and values; the case analysis carries diagrams of them. Both are
this class with another carrier.
"""

import itertools
from collections.abc import Sequence
from typing import TypeVar

from si_rules.evaluation.comparing import applies, is_among, is_none
from si_rules.evaluation.special import NOT_APPLIED
from si_rules.evaluation.term_evaluator import TermEvaluator
from si_rules.evaluation.truth import (
    FAILS,
    HOLDS,
    NOT_APPLICABLE,
    UNDETERMINED,
    Truth,
    all_apply,
    all_of,
    along,
    any_of,
    contrary,
    enough,
    guarded,
    tallied,
    unless,
)
from si_rules.semantics import core
from si_rules.semantics.kinds import Scale

C = TypeVar("C")


class Evaluator(TermEvaluator[C]):
    """Evaluates rules, conditions and terms for one subject; `C` carries truths and values."""

    # ---- rules and definitions
    def rule(self, name: str) -> C:
        """The truth of a fact, trigger, clause or row."""
        found = self._rules.get(name)
        if found is None:
            found = self._rules[name] = self._released(name)
        return found

    def _released(self, name: str) -> C:
        truth = self.facts.released.get(name)
        if truth is None:
            return self.condition(self.policy.rules[name].condition)
        if truth == UNDETERMINED.value:
            return self.unknown(("released", name), (), (HOLDS, FAILS, NOT_APPLICABLE))
        return self.pure(Truth(truth))

    def definition(self, name: str) -> C:
        """The value of a definition."""
        found = self._definitions.get(name)
        if found is None:
            definition = self.policy.definitions[name]
            if self.situation.crosses_break(definition, definition.term):
                found = self.pure(NOT_APPLIED)
            else:
                found = self.term(definition.term)
            if definition.guard is not None:
                found = self._case(self.condition(definition.guard), found, self.pure(NOT_APPLIED))
            self._definitions[name] = found
        return found

    # ---- conditions
    def condition(self, condition: core.Condition) -> C:
        """The truth of a condition."""
        match condition:
            case core.Compare() | core.IsAmong() | core.IsNone() | core.Trend():
                return self.leaf(condition)
            case core.Listed(quantifier="at_least", count=count, items=items):
                return self._at_least(count, items)
            case core.Listed(quantifier="none", items=items):
                return self._not(self._fold("any", [self.condition(item) for item in items]))
            case core.Listed(quantifier="match", items=items):
                return self._fold("all", [self._matched(self.condition(item)) for item in items])
            case core.Listed(quantifier=quantifier, items=items):
                return self._fold(quantifier, [self.condition(item) for item in items])
            case core.Not(condition=inner):
                return self._not(self.condition(inner))
            case core.RuleHolds(rule=rule):
                return self.rule(rule)
            case core.Guarded(guard=guard, body=body):
                return self.lift("guarded", guarded, self.condition(guard), self.condition(body))
            case core.Unless(body=body, exception=exception):
                return self.lift("unless", unless, self.condition(body), self.condition(exception))
            case core.OutcomeIs():
                return self.outcome_is(condition)
            case core.ForRecords():
                return self._for_records(condition)
            case core.Always():
                return self.pure(HOLDS)

    def _not(self, truth: C) -> C:
        return self.lift("not", lambda value, _: contrary(value), truth, self.pure(None))

    def _matched(self, truth: C) -> C:
        return self.lift(
            "matched", lambda value, _: FAILS if value is NOT_APPLICABLE else value, truth, self.pure(None)
        )

    def _fold(self, quantifier: str, truths: Sequence[C]) -> C:
        operation = _all if quantifier == "all" else _any
        result = self.pure(NOT_APPLICABLE)
        for truth in reversed(truths):  # what is asked first comes on top last: each step adds only a few nodes
            result = self.lift(quantifier, operation, truth, result)
        return result

    def _at_least(self, count: int, items: tuple[core.Condition, ...]) -> C:
        result = self.pure((0, 0, 0))
        for truth in reversed([self.condition(item) for item in items]):
            result = self.lift("tally", tallied, result, truth)
        return self.lift(f"at least {count}", lambda tally, _: enough(count, tally), result, self.pure(None))

    def _for_records(self, condition: core.ForRecords) -> C:
        count = self._count(condition.collection)
        if count is None:
            listed_under = self.policy.vocabulary.collections[condition.collection].listed_under
            return self.unknown(
                (condition, tuple(self._at_hand.items())), (listed_under,), (HOLDS, FAILS, NOT_APPLICABLE)
            )
        truths = self._for_each(condition.collection, count, lambda: self.condition(condition.condition))
        return self._fold("all" if condition.every else "any", truths)

    # ---- leaves
    def leaf(self, leaf: core.Leaf) -> C:
        """The truth of a leaf."""
        match leaf:
            case core.Compare(operator=operator, left=left, right=right):
                if self.situation.crosses_break(leaf, left, right):
                    return self.pure(NOT_APPLICABLE)
                scale = left.kind.values if isinstance(left.kind, Scale) else None
                return self._compared(operator, scale, self.term(left), self.term(right))
            case core.IsAmong(term=term, values=values):
                if self.situation.crosses_break(leaf, term):
                    return self.pure(NOT_APPLICABLE)
                return self.lift(
                    f"among {values}", lambda part, _: is_among(part, values), self.term(term), self.pure(None)
                )
            case core.IsNone(term=term):
                return self._is_none(term)
            case core.Trend():
                return self._trend(leaf)

    def _is_none(self, term: core.Term) -> C:
        if isinstance(term, core.YearValue):
            value = self._year_value(term, self.existence)
        else:
            value = self.existence(self._path(term))
        return self.lift("is none", lambda part, _: is_none(part), value, self.pure(None))

    def existence(self, path: str) -> C:
        """Some value of a datum, or that it is none: here the value itself."""
        return self.datum(path)

    def _trend(self, leaf: core.Trend) -> C:
        values = [
            core.YearValue(leaf.series, leaf.path, leaf.kind, core.YearReference(back))
            for back in range(leaf.years, -1, -1)
        ]
        if self.situation.crosses_break(leaf, *values):
            return self.pure(NOT_APPLICABLE)
        parts = [self.term(value) for value in values]
        operator: core.Operator = ">" if leaf.rising else "<"
        steps = [self._compared(operator, None, later, earlier) for earlier, later in itertools.pairwise(parts)]
        all_there = self.pure(HOLDS)
        for part in reversed(parts):
            there = self.lift("applies", lambda value, _: applies(value), part, self.pure(None))
            all_there = self.lift("all apply", all_apply, there, all_there)
        return self.lift("along", along, all_there, self._fold("all", steps))


def _all(left: Truth, right: Truth) -> Truth:
    return all_of((left, right))


def _any(left: Truth, right: Truth) -> Truth:
    return any_of((left, right))
