"""Which missing data a decision reads, and which single conditions keep a class from being described."""

from collections.abc import Iterable, Iterator, Mapping

from si_rules.decisions.decision import (
    ClassificationResult,
    NearMiss,
)
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import FAILS, HOLDS
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts
from si_rules.semantics.traversal import conditions_under, leaves_under


class Missing:
    """Finds the missing data that conditions read, whether they can still matter or not."""

    def __init__(self, situation: Situation, facts: Facts) -> None:
        self.situation = situation
        self.policy = situation.policy
        self.facts = facts

    def of_classification(self, name: str) -> tuple[str, ...]:
        """The missing data that a classification reads."""
        return tuple(self.under(self._conditions_in(name)))

    def conditions_of(self, items: list[core.Consequence]) -> Iterator[core.Condition]:
        """The conditions that consequences hang on, those of their classifications among them."""
        for item in items:
            yield item.condition
            asked = [c for c in conditions_under(item.condition, self.policy.rules) if isinstance(c, core.OutcomeIs)]
            for name in dict.fromkeys(c.classification for c in asked):
                yield from self._conditions_in(name)

    def _conditions_in(self, name: str) -> list[core.Condition]:
        """The conditions of a classification: its clauses and its guard."""
        classification = self.policy.classifications[name]
        conditions = [self.policy.rules[clause].condition for c in classification.classes for clause in c.clauses]
        return [*conditions, *([classification.guard] if classification.guard else [])]

    def under(self, conditions: Iterable[core.Condition]) -> list[str]:
        """The missing data that some conditions read, whether they can still matter or not."""
        paths = {
            path
            for condition in conditions
            for leaf in leaves_under(condition, self.policy.rules)
            for path in self.situation.paths_read(leaf)
        }
        return sorted(path for path in paths if isinstance(self.facts.at(path), Absent))


class NearMisses:
    """Finds the single comparisons without which a class would be described."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.policy = interpreter.policy
        self.interpreter = interpreter
        self.ways = interpreter.situation.ways

    def found(self, results: Mapping[str, ClassificationResult]) -> Iterator[NearMiss]:
        """The near misses of every classification that applies."""
        for name, result in results.items():
            if result.status == "not_applicable":
                continue
            for described in self.policy.classifications[name].classes:
                truths = [self.interpreter.rule(clause) for clause in described.clauses]
                if HOLDS in truths:
                    continue
                found = dict.fromkeys(
                    short for clause in described.clauses for short in self._short_of(clause)
                )  # fmt: skip
                for short in found:
                    yield NearMiss(name, described.label, short)

    def _short_of(self, clause: str) -> Iterator[str]:
        """The leaves known not to hold, in a clause and the rules it refers to, whose flip makes it hold."""
        if self.interpreter.rule(clause) is not FAILS:
            return
        leaves, steps = self.ways.of_clause(clause)
        stand_in = [inside for step, inside in steps if self.interpreter.truth(step) is FAILS]
        for owner, leaf in leaves:
            stands = all(inside is None or id(leaf) in inside for inside in stand_in)
            if stands and self.interpreter.truth(leaf) is FAILS:
                flipped = self.interpreter.but_for(leaf, owner)
                if flipped.rule(clause) is HOLDS:
                    yield f"{owner}.{leaf.id}"
