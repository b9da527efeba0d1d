"""Kleene logic alone: which outcomes it leaves open, never one too few. What the compiled engine gives is this."""

from collections.abc import Iterable, Iterator
from typing import Any

from si_rules.evaluation.interpreter import NOT_APPLICABLE_OUTCOME, Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import HOLDS, UNDETERMINED
from si_rules.semantics import core
from si_rules.semantics.facts import Facts


def outcomes_left(interpreter: Interpreter, name: str) -> set[str | None]:
    """The outcomes of a classification that Kleene logic leaves open; None among them where it may not apply."""
    classification = interpreter.policy.classifications[name]
    outcomes: set[str | None] = set()
    guard = HOLDS if classification.guard is None else interpreter.truth(classification.guard)
    if guard is not HOLDS:
        outcomes.add(None)
    if guard in (HOLDS, UNDETERMINED):
        for described in classification.classes:
            truths = [interpreter.rule(clause) for clause in described.clauses]
            if HOLDS in truths:
                outcomes.add(described.label)
                break
            if UNDETERMINED in truths:
                outcomes.add(described.label)
        else:
            outcomes.add(core.UNMATCHED)
    return outcomes


def in_order(policy: core.Core, name: str, outcomes: Iterable[Any]) -> Iterator[str]:
    """Outcomes from the least serious to the most, then `unmatched`, then `invalid`."""
    found = set(outcomes)
    labels = [item.label for item in reversed(policy.classifications[name].classes)]
    ranked = [label for label in labels if label != core.INVALID]
    return (label for label in (*ranked, core.UNMATCHED, core.INVALID) if label in found)


def as_possible(policy: core.Core, name: str, outcomes: set[Any]) -> tuple[str, ...]:
    """Outcomes as a decision lists them: nothing where it does not apply; that it may not, at the end."""
    if outcomes == {None}:
        return ()
    return tuple(in_order(policy, name, outcomes)) + ((NOT_APPLICABLE_OUTCOME,) if None in outcomes else ())


def by_kleene(situation: Situation, facts: Facts) -> Interpreter:
    """The interpreter for one subject that knows of outcomes what Kleene logic leaves open, and no more."""
    known: dict[str, tuple[str, ...]] = {}

    def possible(name: str) -> tuple[str, ...]:
        if name not in known:
            known[name] = as_possible(situation.policy, name, outcomes_left(found, name))
        return known[name]

    found = Interpreter(situation, facts, possible)
    return found
