"""What follows in every completion, what in some only, and on what that hangs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from si_rules.decisions.decision import (
    ClassificationResult,
    ConsequenceResult,
)
from si_rules.decisions.wanting import Missing
from si_rules.evaluation.completions import Completions
from si_rules.evaluation.diagram import Node
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.kleene import in_order
from si_rules.evaluation.settling import matters_to
from si_rules.evaluation.truth import FAILS, HOLDS, UNDETERMINED
from si_rules.semantics import core
from si_rules.semantics.traversal import conditions_under

Found: TypeAlias = Iterator[tuple[ConsequenceResult, bool]]


class Following:
    """Finds the consequences of one decision, each with whether it is sure."""

    def __init__(self, policy: core.Core, interpreter: Interpreter, missing: Missing) -> None:
        self.policy = policy
        self.interpreter = interpreter
        self.missing = missing

    def groups(self) -> list[list[core.Consequence]]:
        """The consequences that say the same thing, together: what two classes both bring follows from either."""
        groups: dict[tuple[Any, ...], list[core.Consequence]] = {}
        for item in self.policy.consequences:
            groups.setdefault((item.modality, item.bearer, item.action, item.when, item.audience), []).append(item)
        return list(groups.values())

    def exactly(self, completions: Completions) -> Found:
        """The consequences that follow in every completion, or in some."""
        diagrams = completions.diagrams
        for group in self.groups():
            truths = [self.interpreter.truth(item.condition) for item in group]
            open_ = {
                id(item): completions.condition(item.condition)
                for item, truth in zip(group, truths, strict=True)
                if truth is UNDETERMINED
            }
            live = [
                item
                for item, truth in zip(group, truths, strict=True)
                if truth is HOLDS or (truth is UNDETERMINED and HOLDS in diagrams.terminals_under(open_[id(item)]))
            ]
            if not live:
                continue
            if HOLDS in truths:
                yield _consequence(live), True
                continue
            follows = follows_from(completions, live)
            if diagrams.terminals_under(follows) == {HOLDS}:
                yield _consequence(live), True
            else:
                hangs_on = _merged(self._hangs_on(completions, item, open_[id(item)]) for item in live)
                yield _consequence(live, tuple(hangs_on), matters_to(completions, follows)), False

    def _hangs_on(self, completions: Completions, item: core.Consequence, root: Node) -> tuple[str, tuple[str, ...]]:
        if item.classification is None:
            return item.rule, ()
        diagrams = completions.diagrams
        outcome = completions.outcome(item.classification)
        both = diagrams.apply("with outcome", lambda t, o: o if t is HOLDS else None, root, outcome)
        return item.classification, tuple(in_order(self.policy, item.classification, diagrams.terminals_under(both)))

    def roughly(self, results: Mapping[str, ClassificationResult]) -> Found:
        """The consequences as Kleene logic leaves them: never one too few, and none that is sure without reason."""
        for group in self.groups():
            truths = {id(item): self.interpreter.truth(item.condition) for item in group}
            live = [item for item in group if truths[id(item)] in (HOLDS, UNDETERMINED)]
            if live:
                sure = any(truths[id(item)] is HOLDS for item in live)
                hangs_on = () if sure else tuple(_merged(self._roughly(item, results) for item in live))
                missing = () if sure else tuple(self.missing.under(self.missing.conditions_of(live)))
                yield _consequence(live, hangs_on, missing), sure

    @staticmethod
    def _roughly(item: core.Consequence,
                 results: Mapping[str, ClassificationResult]) -> tuple[str, tuple[str, ...]]:  # fmt: skip
        if item.classification is None:
            return item.rule, ()
        asked = [c for c in conditions_under(item.condition) if isinstance(c, core.OutcomeIs)]
        wanted = {outcome for condition in asked for outcome in condition.outcomes}
        return item.classification, tuple(o for o in results[item.classification].possible if o in wanted)


def follows_from(completions: Completions, group: Iterable[core.Consequence]) -> Node:
    """Whether any of some consequences follows: they say the same thing. Raises `TooManyNodes`."""
    diagrams = completions.diagrams
    found = diagrams.terminal(FAILS)
    for item in group:
        either = lambda a, b: HOLDS if HOLDS in (a, b) else FAILS  # noqa: E731
        found = diagrams.apply("follows", either, found, completions.condition(item.condition))
    return found


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
