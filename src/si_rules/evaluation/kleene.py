"""Kleene logic alone: which outcomes it leaves open, never one too few. What compiled functions give is this.

What Kleene logic settles, every completion of the missing evidence gives too: so the case analysis need not be asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from si_rules.evaluation.interpreter import NOT_APPLICABLE_OUTCOME, Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import HOLDS, UNDETERMINED, Truth
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts


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


@frozen
class Settled:
    """What Kleene logic makes of one subject: the truth of every rule, and the outcomes left of every classification."""

    truths: Mapping[str, Truth]
    outcomes: Mapping[str, tuple[str, ...]]

    def known(self) -> Iterator[tuple[str, Truth]]:
        """The rules that are settled."""
        return ((name, truth) for name, truth in self.truths.items() if truth is not UNDETERMINED)


def is_plain(facts: Facts) -> bool:
    """Whether all that is missing is simply missing: not disputed, not within limits, and no truth shown without it."""
    if facts.released:
        return False
    return not any(
        type(datum) is Absent and (datum.candidates or datum.low is not None or datum.high is not None)
        for datum in facts.data.values()
    )


def settled_by_interpreter(situation: Situation, facts: Facts) -> Settled | None:
    """What Kleene logic makes of one subject, by the interpreter; None where more is known than it goes by."""
    if not is_plain(facts):
        return None
    interpreter = by_kleene(situation, facts)
    policy = situation.policy
    truths = {name: interpreter.rule(name) for name in policy.rules}
    outcomes = {name: as_possible(policy, name, outcomes_left(interpreter, name)) for name in policy.classifications}
    return Settled(truths, outcomes)
