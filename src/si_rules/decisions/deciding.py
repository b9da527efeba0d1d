"""Decides: from a policy at two dates and the facts about one subject to a decision."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from si_rules.decisions.decision import (
    ClassificationResult,
    ConsequenceResult,
    Decision,
    Kept,
    NearMiss,
    OutcomeNeeds,
    PolicyIdentity,
    Subject,
    TriggerResult,
)
from si_rules.decisions.view import rested_on
from si_rules.evaluation.atoms import LinearAtom, Situation
from si_rules.evaluation.completions import Completions
from si_rules.evaluation.diagram import Node, TooManyNodes
from si_rules.evaluation.interpreter import Interpreter, Outcomes
from si_rules.evaluation.settling import Needs, matters_to, needs_of
from si_rules.evaluation.truth import FAILS, HOLDS, UNDETERMINED
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts
from si_rules.semantics.traversal import conditions_under, leaves_under


class Deciding:
    """Decides about one subject: evaluates, and says what the evaluation means.

    Falls back to Kleene logic where the case analysis would pass `most_nodes`.
    """

    def __init__(self, situation: Situation, facts: Facts, most_nodes: int) -> None:
        self.situation = situation
        self.policy = situation.policy
        self.facts = facts
        self.interpreter = Interpreter(situation, facts)
        self.completions: Completions | None = Completions(situation, facts, most_nodes)

    def decide(self, identity: PolicyIdentity, roles: Iterable[str], kept: Kept) -> Decision:
        """The decision. `identity` says which policy decided, `roles` for whom; `kept` lets it explain itself."""
        policy = self.policy
        try:
            results = {name: self._classify(name) for name in policy.classifications}
            follows = list(self._consequences())
        except TooManyNodes:
            self.completions = None
            results = {name: self._approximate(name) for name in policy.classifications}
            follows = list(self._approximate_consequences(results))
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
            tuple(self._near_misses(results)),
            self._rests_on(results, certain),
            self.facts.ignored,
            kept=kept,
        )

    # ---- classifications
    def _classify(self, name: str) -> ClassificationResult:
        assert self.completions is not None
        root = self.completions.outcome(name)
        outcomes = self.completions.diagrams.terminals_under(root)
        guesses = any(
            isinstance(self.completions.variables[number], LinearAtom)
            for number in self.completions.diagrams.variables_under(root)
        )
        return self._result(name, outcomes, exact=not guesses)

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
        return self._result(name, outcomes, exact=len(outcomes) == 1)

    def _result(self, name: str, outcomes: set[Any], exact: bool) -> ClassificationResult:
        classification = self.policy.classifications[name]
        titles = {item.label: item for item in classification.classes}
        possible = [item.label for item in reversed(classification.classes) if item.label in outcomes]
        if core.UNMATCHED in outcomes:
            possible.append(core.UNMATCHED)
        if outcomes == {None}:
            return ClassificationResult("not_applicable", None, None, None, (), True, (), None)
        if None in outcomes or len(possible) > 1:
            shown = tuple(possible) + (("not_applicable",) if None in outcomes else ())
            return ClassificationResult("undetermined", None, None, None, shown, exact, (), None)
        if possible == [core.UNMATCHED]:
            return ClassificationResult("unmatched", None, None, None, (core.UNMATCHED,), True, (), None)
        label = possible[0]
        because = tuple(rule for rule in titles[label].clauses if self.interpreter.rule(rule) is HOLDS)
        settled = None if because else "every completion"
        rank = classification.rank(label)
        return ClassificationResult("determined", label, rank, titles[label].title, (label,), True, because, settled)

    def _triggers(self) -> Iterator[TriggerResult]:
        for rule in self.policy.rules.values():
            if rule.sort == "trigger":
                yield TriggerResult(rule.id, self.interpreter.rule(rule.id).value, rule.title, rule.cites)

    # ---- consequences
    def _groups(self) -> list[list[core.Consequence]]:
        """The consequences that say the same thing, together: what two classes both bring follows from either."""
        groups: dict[tuple[Any, ...], list[core.Consequence]] = {}
        for item in self.policy.consequences:
            groups.setdefault((item.modality, item.bearer, item.action, item.when, item.audience), []).append(item)
        return list(groups.values())

    def _consequences(self) -> Iterator[tuple[ConsequenceResult, bool]]:
        assert self.completions is not None
        diagrams = self.completions.diagrams
        for group in self._groups():
            roots = {id(item): self.completions.condition(item.condition) for item in group}
            live = [item for item in group if HOLDS in diagrams.terminals_under(roots[id(item)])]
            if not live:
                continue
            follows = diagrams.terminal(FAILS)
            for item in live:
                either = lambda a, b: HOLDS if HOLDS in (a, b) else FAILS  # noqa: E731
                follows = diagrams.apply("follows", either, follows, roots[id(item)])
            sure = diagrams.terminals_under(follows) == {HOLDS}
            if sure:
                yield _consequence(live), True
            else:
                hangs_on = _merged(self._hangs_on(item, roots[id(item)]) for item in live)
                yield _consequence(live, tuple(hangs_on), matters_to(self.completions, follows)), False

    def _hangs_on(self, item: core.Consequence, root: Node) -> tuple[str, tuple[str, ...]]:
        assert self.completions is not None
        if item.classification is None:
            return item.rule, ()
        diagrams = self.completions.diagrams
        outcome = self.completions.outcome(item.classification)
        both = diagrams.apply("with outcome", lambda t, o: o if t is HOLDS else None, root, outcome)
        return item.classification, tuple(self._in_order(item.classification, diagrams.terminals_under(both)))

    def _in_order(self, name: str, outcomes: Iterable[Any]) -> Iterator[str]:
        found = set(outcomes)
        labels = [item.label for item in reversed(self.policy.classifications[name].classes)]
        return (label for label in (*labels, core.UNMATCHED) if label in found)

    def _approximate_consequences(self, results: Mapping[str, ClassificationResult]) -> Iterator[tuple[ConsequenceResult, bool]]:  # fmt: skip
        outcomes = Outcomes({name: r.possible for name, r in results.items()})
        interpreter = Interpreter(self.situation, self.facts, outcomes)
        for group in self._groups():
            truths = {id(item): interpreter.truth(item.condition) for item in group}
            live = [item for item in group if truths[id(item)] in (HOLDS, UNDETERMINED)]
            if live:
                sure = any(truths[id(item)] is HOLDS for item in live)
                hangs_on = () if sure else tuple(_merged(self._roughly(item, outcomes) for item in live))
                missing = () if sure else tuple(self._missing_in([item.condition for item in live]))
                yield _consequence(live, hangs_on, missing), sure

    @staticmethod
    def _roughly(item: core.Consequence, outcomes: Outcomes) -> tuple[str, tuple[str, ...]]:
        if item.classification is None:
            return item.rule, ()
        asked = [c for c in conditions_under(item.condition) if isinstance(c, core.OutcomeIs)]
        wanted = {outcome for condition in asked for outcome in condition.outcomes}
        return item.classification, tuple(o for o in outcomes.possible[item.classification] if o in wanted)

    # ---- needs and near misses
    def _needs(self, results: Mapping[str, ClassificationResult]) -> Iterator[OutcomeNeeds]:
        for name, result in results.items():
            if result.status != "undetermined":
                continue
            if self.completions is None:
                yield OutcomeNeeds(name, Needs(self._missing_for(name), (), (), True))
                continue
            try:
                yield OutcomeNeeds(name, needs_of(self.completions, self.completions.outcome(name)))
            except TooManyNodes:
                yield OutcomeNeeds(name, Needs(self._missing_for(name), (), (), True))

    def _missing_for(self, name: str) -> tuple[str, ...]:
        """The missing data that a classification reads."""
        classification = self.policy.classifications[name]
        conditions = [self.policy.rules[clause].condition for c in classification.classes for clause in c.clauses]
        return tuple(self._missing_in([*conditions, *([classification.guard] if classification.guard else [])]))

    def _missing_in(self, conditions: Iterable[core.Condition]) -> list[str]:
        """The missing data that some conditions read, whether they can still matter or not."""
        paths = {
            path
            for condition in conditions
            for leaf in leaves_under(condition, self.policy.rules)
            for atom in self.situation.atoms(leaf)
            for path in atom.paths
        }
        return sorted(path for path in paths if isinstance(self.facts.at(path), Absent))

    def _near_misses(self, results: Mapping[str, ClassificationResult]) -> Iterator[NearMiss]:
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
        for owner, leaf in _owned_leaves(clause, self.policy.rules):
            if self.interpreter.truth(leaf) is FAILS:
                flipped = Interpreter(self.situation, self.facts, flipped=leaf)
                if flipped.rule(clause) is HOLDS:
                    yield f"{owner}.{leaf.id}"

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
            r.id for r in self.policy.rules.values() if r.sort != "clause" and self.interpreter.rule(r.id) is HOLDS
        ]
        found |= rested_on(self.policy, holding)
        for follows in certain:
            rules = follows.rule.split(", ")
            for item in self.policy.consequences:
                if item.rule in rules and (item.bearer, item.action) == (follows.bearer, follows.action):
                    found |= set(item.interpretations)
        return tuple(sorted(found))


def _consequence(
    live: list[core.Consequence],
    hangs_on: tuple[tuple[str, tuple[str, ...]], ...] = (),
    matters: tuple[str, ...] = (),
) -> ConsequenceResult:
    first = live[0]
    cites = tuple(dict.fromkeys(cite for item in live for cite in item.cites))
    rule = ", ".join(dict.fromkeys(item.rule for item in live))
    said = first.modality, first.bearer, first.action, first.title, first.when, first.audience
    return ConsequenceResult(*said, rule, cites, hangs_on, matters)


def _merged(found: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    merged: dict[str, dict[str, None]] = {}
    for name, outcomes in found:
        merged.setdefault(name, {}).update(dict.fromkeys(outcomes))
    return ((name, tuple(outcomes)) for name, outcomes in merged.items())


def _owned_leaves(clause: str, rules: Mapping[str, core.Rule]) -> Iterator[tuple[str, core.Leaf]]:
    """The leaves of a clause and of every rule it refers to, each with the rule it stands in."""
    waiting, seen = [clause], {clause}
    while waiting:
        owner = waiting.pop(0)
        for condition in conditions_under(rules[owner].condition):
            if isinstance(condition, core.Compare | core.IsAmong | core.Trend):
                yield owner, condition
            elif isinstance(condition, core.RuleHolds) and condition.rule in rules and condition.rule not in seen:
                seen.add(condition.rule)
                waiting.append(condition.rule)
