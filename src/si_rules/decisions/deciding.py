"""Decides: from a policy at two dates and the facts about one subject to a decision."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from si_rules.decisions.decision import (
    ClassificationResult,
    ConsequenceResult,
    Decision,
    Kept,
    OutcomeNeeds,
    PolicyIdentity,
    Subject,
    TriggerResult,
    ValueResult,
)
from si_rules.decisions.following import Following, in_order
from si_rules.decisions.valuing import figure_result, value_status
from si_rules.decisions.view import rested_on
from si_rules.decisions.wanting import Missing, NearMisses
from si_rules.evaluation.completions import Completions, Doubt
from si_rules.evaluation.diagram import TooManyNodes
from si_rules.evaluation.interpreter import NOT_APPLICABLE_OUTCOME, Interpreter
from si_rules.evaluation.settling import Needs, needs_of
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import FAILS, HOLDS, UNDETERMINED, Truth
from si_rules.evaluation.values import Open, Part
from si_rules.semantics import core
from si_rules.semantics.facts import Facts, Ignored


class Deciding:
    """Decides about one subject: evaluates, and says what the evaluation means.

    Falls back to Kleene logic where the case analysis would pass `most_nodes`.
    """

    def __init__(self, situation: Situation, facts: Facts, most_nodes: int) -> None:
        self.situation = situation
        self.policy = situation.policy
        self.facts = facts
        self.interpreter = Interpreter(situation, facts, self._possible, self._settled)
        self.completions: Completions | None = Completions(situation, facts, most_nodes)
        self.missing = Missing(situation, facts)
        self._results: dict[str, ClassificationResult] = {}

    def decide(self, identity: PolicyIdentity, roles: Iterable[str], kept: Kept) -> Decision:
        """The decision. `identity` says which policy decided, `roles` for whom; `kept` lets it explain itself."""
        policy = self.policy
        try:
            results = {name: self._classified(name) for name in policy.classifications}
            assert self.completions is not None
            follows = list(self.following().exactly(self.completions))
            values = tuple(self._values())
        except TooManyNodes:
            self._by_kleene()
            results = {name: self._classified(name) for name in policy.classifications}
            follows = list(self.following().roughly(results))
            values = tuple(self._values())
        certain = tuple(item for item, sure in follows if sure)
        possible = tuple(item for item, sure in follows if not sure)
        return Decision(
            identity,
            (policy.vocabulary.name, policy.vocabulary.version),
            Subject(policy.vocabulary.noun, self.facts.subject_id, self.facts.label),
            self.situation.on,
            self.situation.known_at,
            tuple(sorted(roles)) or ("public",),
            self.facts.evidence_digest,
            results,
            tuple(self._triggers()),
            certain,
            possible,
            tuple(self._needs(results)),
            tuple(NearMisses(self.interpreter).found(results)),
            self._rests_on(results, certain),
            (*self.facts.ignored, *_not_yet_adopted(policy, self.situation.known_at)),
            self.facts.cohort,
            values,
            tuple(figure_result(found, self.facts.at(found.path)) for found in policy.figures.values()),
            truths=self._truths(),
            kept=kept,
        )

    def truth(self, name: str) -> Truth:
        """The truth of a rule."""
        try:
            found: Truth = self.interpreter.rule(name)
        except TooManyNodes:
            self._by_kleene()
            found = self.interpreter.rule(name)
        return found

    def _truths(self) -> tuple[str, ...]:
        return tuple(self.truth(name).value for name in self.policy.rules)

    def _by_kleene(self) -> None:
        """Go on without the case analysis."""
        self.completions = None
        self._results.clear()
        self.interpreter = Interpreter(self.situation, self.facts, self._possible)

    def following(self) -> Following:
        """What finds the consequences of the decision."""
        return Following(self.policy, self.interpreter, self.missing)

    # ---- classifications
    def _settled(self, name: str) -> Part | None:
        """The value of a definition that every completion gives."""
        if self.completions is None:
            return None
        found = self.completions.diagrams.terminals_under(self.completions.definition(name))
        (value,) = found if len(found) == 1 else (None,)
        return None if isinstance(value, Open) else value

    def _classified(self, name: str) -> ClassificationResult:
        """The result of a classification, worked out once."""
        found = self._results.get(name)
        if found is None:
            found = self._classify(name) if self.completions is not None else self._approximate(name)
            self._results[name] = found
        return found

    def _possible(self, name: str) -> tuple[str, ...]:
        """The outcomes that a classification may still have, for conditions that ask."""
        return self._classified(name).possible

    def _classify(self, name: str) -> ClassificationResult:
        assert self.completions is not None
        root = self.completions.outcome(name)
        outcomes = self.completions.diagrams.terminals_under(root)
        asked = map(self.completions.doubt, sorted(self.completions.diagrams.variables_under(root)))
        doubts = tuple(dict.fromkeys(doubt for doubt in asked if doubt is not None))
        return self._result(name, outcomes, doubts, self._standing(name))

    def _standing(self, name: str) -> tuple[tuple[str, str], ...]:
        """Where all classes that are described stand: how it is with each."""
        classification = self.policy.classifications[name]
        if not classification.all_stand:
            return ()
        found = []
        for described in classification.classes:
            rule = f"{name}.{described.label}"
            if described.label == core.INVALID:
                continue
            if self.completions is None:
                status = self.interpreter.rule(rule)
            else:
                truths = self.completions.diagrams.terminals_under(self.completions.rule(rule))
                status = next(iter(truths)) if len(truths) == 1 else UNDETERMINED if HOLDS in truths else FAILS
            found.append((described.label, status.value))
        return tuple(found)

    def _approximate(self, name: str) -> ClassificationResult:
        """The outcomes that Kleene logic leaves open: never too few."""
        classification = self.policy.classifications[name]
        outcomes: set[str | None] = set()
        guard = HOLDS if classification.guard is None else self.interpreter.truth(classification.guard)
        if guard is not HOLDS:
            outcomes.add(None)
        if guard in (HOLDS, UNDETERMINED):
            for described in classification.classes:
                truths = [self.interpreter.rule(clause) for clause in described.clauses]
                if HOLDS in truths:
                    outcomes.add(described.label)
                    break
                if UNDETERMINED in truths:
                    outcomes.add(described.label)
            else:
                outcomes.add(core.UNMATCHED)
        doubts = () if len(outcomes) == 1 else (Doubt("bound"),)
        return self._result(name, outcomes, doubts, self._standing(name))

    def _result(self, name: str, outcomes: set[Any], doubts: tuple[Doubt, ...],
                standing: tuple[tuple[str, str], ...]) -> ClassificationResult:  # fmt: skip
        classification = self.policy.classifications[name]
        titles = {item.label: item for item in classification.classes}
        possible = list(in_order(self.policy, name, outcomes))
        if outcomes == {None}:
            return ClassificationResult("not_applicable", None, None, None, (), True, (), None)
        if None in outcomes or len(possible) > 1:
            shown = tuple(possible) + ((NOT_APPLICABLE_OUTCOME,) if None in outcomes else ())
            told = None, None, None, shown, not doubts
            return ClassificationResult("undetermined", *told, (), None, standing, doubts)
        if possible == [core.UNMATCHED]:
            return ClassificationResult("unmatched", None, None, None, (core.UNMATCHED,), True, (), None, standing)
        label = possible[0]
        because = tuple(rule for rule in titles[label].clauses if self.interpreter.rule(rule) is HOLDS)
        settled = None if because else "every completion"
        rank = classification.rank(label)
        title = titles[label].title
        return ClassificationResult("determined", label, rank, title, (label,), True, because, settled, standing)

    def _triggers(self) -> Iterator[TriggerResult]:
        for rule in self.policy.rules.values():
            if rule.sort == "trigger":
                yield TriggerResult(rule.id, self.interpreter.rule(rule.id).value, rule.title, rule.cites)

    # ---- values
    def _values(self) -> Iterator[ValueResult]:
        for name, definition in self.policy.definitions.items():
            if self.completions is None:
                found: set[Part] = {self.interpreter.definition(name)}
            else:
                found = self.completions.diagrams.terminals_under(self.completions.definition(name))
            told = definition.id, definition.title, definition.kind, definition.cites
            yield ValueResult(*told, *value_status(found, definition.kind))

    # ---- needs and near misses
    def _needs(self, results: Mapping[str, ClassificationResult]) -> Iterator[OutcomeNeeds]:
        for name, result in results.items():
            if result.status != "undetermined":
                continue
            if self.completions is None:
                yield OutcomeNeeds(name, Needs(self.missing.of_classification(name), (), (), True))
                continue
            try:
                yield OutcomeNeeds(name, needs_of(self.completions, self.completions.outcome(name)))
            except TooManyNodes:
                yield OutcomeNeeds(name, Needs(self.missing.of_classification(name), (), (), True))

    # ---- interpretations
    def _rests_on(self, results: Mapping[str, ClassificationResult],
                  certain: tuple[ConsequenceResult, ...]) -> tuple[str, ...]:  # fmt: skip
        found: set[str] = set()
        for name, result in results.items():
            classification = self.policy.classifications[name]
            found |= set(classification.interpretations)
            for described in classification.classes:
                if described.label in result.possible:
                    found |= set(described.interpretations)
                for clause in described.clauses:
                    truth = self.interpreter.rule(clause)
                    bears = clause in result.because or truth is UNDETERMINED or result.status == "unmatched"
                    if bears and not (result.because and truth is UNDETERMINED):
                        found |= rested_on(self.policy, [clause])
        holding = [
            rule.id
            for rule in self.policy.rules.values()
            if rule.sort in ("fact", "trigger") and self.interpreter.rule(rule.id) is HOLDS
        ]
        found |= rested_on(self.policy, holding)
        following = {(rule, item.bearer, item.action) for item in certain for rule in item.rule.split(", ")}
        for item in self.policy.consequences:
            if (item.rule, item.bearer, item.action) in following:
                found |= set(item.interpretations)
        return tuple(sorted(found))


def _not_yet_adopted(policy: core.Core, known_at: datetime.date) -> tuple[Ignored, ...]:
    """The amendments that would count by the day of the decision, and were not adopted by what was known."""
    return tuple(
        Ignored(
            f"amendment from {item.first}: {item.title}", f"adopted {item.adopted}, after what was known at {known_at}"
        )
        for item in policy.amendments
        if not item.counts
    )
