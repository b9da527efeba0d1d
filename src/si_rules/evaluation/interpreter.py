"""The reference interpreter: slow, obvious, and able to say what it saw. It is what a policy means."""

from attrs import frozen

from si_rules.evaluation.atoms import Atom, OutsideAtom, Situation
from si_rules.evaluation.truth import (
    FAILS,
    HOLDS,
    NOT_APPLICABLE,
    UNDETERMINED,
    Truth,
    all_of,
    any_of,
    at_least,
    contrary,
    guarded,
    unless,
)
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts, Known, KnownNone, Value


@frozen
class Outcomes:
    """What the classifications came to, for conditions that ask: the outcomes still possible, by name."""

    possible: dict[str, tuple[str, ...]]


class Interpreter:
    """Evaluates the conditions of a policy for one subject. `flipped` is a leaf taken to hold, for near misses."""

    def __init__(self, situation: Situation, facts: Facts, outcomes: Outcomes | None = None,
                 flipped: core.Leaf | None = None) -> None:  # fmt: skip
        self.situation = situation
        self.facts = facts
        self.outcomes = outcomes
        self._flipped = flipped
        self._rules: dict[str, Truth] = {}

    def rule(self, name: str) -> Truth:
        """The truth of a fact, trigger or clause."""
        found = self._rules.get(name)
        if found is None:
            found = self._rules[name] = self.truth(self.situation.policy.rules[name].condition)
        return found

    def truth(self, condition: core.Condition) -> Truth:
        """The truth of a condition."""
        match condition:
            case core.Compare() | core.IsAmong() | core.Trend():
                return self._leaf(condition)
            case core.Listed(quantifier="all", items=items):
                return all_of([self.truth(item) for item in items])
            case core.Listed(quantifier="any", items=items):
                return any_of([self.truth(item) for item in items])
            case core.Listed(quantifier="none", items=items):
                return contrary(any_of([self.truth(item) for item in items]))
            case core.Listed(quantifier="at_least", count=count, items=items):
                return at_least(count, [self.truth(item) for item in items])
            case core.Not(condition=inner):
                return contrary(self.truth(inner))
            case core.RuleHolds(rule=rule):
                return self.rule(rule)
            case core.Guarded(guard=guard, body=body):
                return guarded(self.truth(guard), self.truth(body))
            case core.Unless(body=body, exception=exception):
                return unless(self.truth(body), self.truth(exception))
            case core.OutcomeIs():
                return self._outcome(condition)
            case _:
                raise TypeError(f"no such condition: {type(condition).__name__}")

    def _leaf(self, leaf: core.Leaf) -> Truth:
        if self._flipped is leaf:
            return HOLDS
        return all_of([self._atom(atom) for atom in self.situation.atoms(leaf)])

    def _atom(self, atom: Atom) -> Truth:
        if isinstance(atom, OutsideAtom):
            return NOT_APPLICABLE
        values: dict[str, Value] = {}
        missing = none = False
        for path in atom.paths:
            match self.facts.at(path):
                case Known(value=value):
                    values[path] = value
                case KnownNone():
                    none = True
                case Absent():
                    missing = True
        if none:
            return FAILS
        if missing:
            return UNDETERMINED
        return HOLDS if atom.true_of(values) else FAILS

    def _outcome(self, condition: core.OutcomeIs) -> Truth:
        assert self.outcomes is not None, "conditions on outcomes are read after the classifications"
        possible = self.outcomes.possible[condition.classification]
        if not possible:
            return NOT_APPLICABLE
        inside = [outcome in condition.outcomes for outcome in possible]
        if all(inside):
            return HOLDS
        return UNDETERMINED if any(inside) else FAILS
