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
    ValueResult,
)
from si_rules.decisions.valuing import figure_result, value_status
from si_rules.decisions.view import rested_on
from si_rules.evaluation.completions import Completions, Doubt
from si_rules.evaluation.diagram import Node, TooManyNodes
from si_rules.evaluation.interpreter import NOT_APPLICABLE_OUTCOME, Interpreter
from si_rules.evaluation.settling import Needs, matters_to, needs_of
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import FAILS, HOLDS, UNDETERMINED, Truth
from si_rules.evaluation.values import Open, Part
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts
from si_rules.semantics.traversal import conditions_under, leaves_under, stands_alone


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
        self._results: dict[str, ClassificationResult] = {}

    def decide(self, identity: PolicyIdentity, roles: Iterable[str], kept: Kept) -> Decision:
        """The decision. `identity` says which policy decided, `roles` for whom; `kept` lets it explain itself."""
        policy = self.policy
        try:
            results = {name: self._classified(name) for name in policy.classifications}
            follows = list(self._consequences())
            values = tuple(self._values())
        except TooManyNodes:
            self._by_kleene()
            results = {name: self._classified(name) for name in policy.classifications}
            follows = list(self._approximate_consequences(results))
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
            tuple(self._near_misses(results)),
            self._rests_on(results, certain),
            self.facts.ignored,
            self.facts.cohort,
            values,
            tuple(figure_result(found, self.facts.at(found.path)) for found in policy.figures.values()),
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

    def _by_kleene(self) -> None:
        """Go on without the case analysis."""
        self.completions = None
        self._results.clear()
        self.interpreter = Interpreter(self.situation, self.facts, self._possible)

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
        possible = list(self._in_order(name, outcomes))
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
        """Outcomes from the least serious to the most, then `unmatched`, then `invalid`."""
        found = set(outcomes)
        labels = [item.label for item in reversed(self.policy.classifications[name].classes)]
        ranked = [label for label in labels if label != core.INVALID]
        return (label for label in (*ranked, core.UNMATCHED, core.INVALID) if label in found)

    # ---- values
    def _values(self) -> Iterator[ValueResult]:
        for name, definition in self.policy.definitions.items():
            if self.completions is None:
                found: set[Part] = {self.interpreter.definition(name)}
            else:
                found = self.completions.diagrams.terminals_under(self.completions.definition(name))
            told = definition.id, definition.title, definition.kind, definition.cites
            yield ValueResult(*told, *value_status(found, definition.kind))

    def _approximate_consequences(self, results: Mapping[str, ClassificationResult]) -> Iterator[tuple[ConsequenceResult, bool]]:  # fmt: skip
        for group in self._groups():
            truths = {id(item): self.interpreter.truth(item.condition) for item in group}
            live = [item for item in group if truths[id(item)] in (HOLDS, UNDETERMINED)]
            if live:
                sure = any(truths[id(item)] is HOLDS for item in live)
                hangs_on = () if sure else tuple(_merged(self._roughly(item, results) for item in live))
                missing = () if sure else tuple(self._missing_in(self._conditions_of(live)))
                yield _consequence(live, hangs_on, missing), sure

    @staticmethod
    def _roughly(item: core.Consequence,
                 results: Mapping[str, ClassificationResult]) -> tuple[str, tuple[str, ...]]:  # fmt: skip
        if item.classification is None:
            return item.rule, ()
        asked = [c for c in conditions_under(item.condition) if isinstance(c, core.OutcomeIs)]
        wanted = {outcome for condition in asked for outcome in condition.outcomes}
        return item.classification, tuple(o for o in results[item.classification].possible if o in wanted)

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
        return tuple(self._missing_in(self._conditions_in(name)))

    def _conditions_of(self, items: list[core.Consequence]) -> Iterator[core.Condition]:
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

    def _missing_in(self, conditions: Iterable[core.Condition]) -> list[str]:
        """The missing data that some conditions read, whether they can still matter or not."""
        paths = {
            path
            for condition in conditions
            for leaf in leaves_under(condition, self.policy.rules)
            for path in self.situation.paths_read(leaf)
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
            if stands_alone(leaf) and self.interpreter.truth(leaf) is FAILS:
                flipped = Interpreter(self.situation, self.facts, self._possible, self._settled, leaf)
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
            rule.id
            for rule in self.policy.rules.values()
            if rule.sort in ("fact", "trigger") and self.interpreter.rule(rule.id) is HOLDS
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
            if isinstance(condition, core.Compare | core.IsAmong | core.IsNone | core.Trend):
                yield owner, condition
            elif isinstance(condition, core.RuleHolds) and condition.rule in rules and condition.rule not in seen:
                seen.add(condition.rule)
                waiting.append(condition.rule)
