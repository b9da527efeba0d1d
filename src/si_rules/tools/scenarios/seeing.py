"""What one case shows of a policy: each clause, fact, trigger, class and consequence, and how it was seen."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from si_rules.decisions.decision import ConsequenceResult, Decision
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.truth import FAILS, HOLDS, Truth
from si_rules.semantics import core
from si_rules.semantics.core import UNMATCHED
from si_rules.semantics.traversal import inner_conditions

DECIDING: Final = "deciding"
_TRUTHS: Final = {
    "holds": "holding",
    "does_not_hold": "not_holding",
    "undetermined": "undetermined",
    "not_applicable": "not_applicable",
}


def seen_in(decision: Decision, interpreter: Interpreter) -> dict[tuple[str, str], frozenset[str]]:
    """By sort and name, how everything in the policy was seen in a decision.

    A clause decides where the decision is because of it. A class, and unmatched, decides where it is the outcome.
    A trigger, a fact with consequences of its own, and a rule of any further sort are told by themselves: each
    decides where it holds. A fact or trigger also decides where its truth is among what made something decide: the
    items of a list that settle it, and so on down.
    """
    policy = interpreter.situation.policy
    deciding = set(_deciding(decision, interpreter))
    seen: dict[tuple[str, str], frozenset[str]] = {}
    for rule in policy.rules.values():
        how = {_TRUTHS[interpreter.rule(rule.id).value]}
        seen[rule.sort, rule.id] = frozenset(how | {DECIDING} if rule.id in deciding else how)
    for classification in policy.classifications.values():
        seen.update(_classes(classification, decision, interpreter))
    return seen


def consequences_seen(decision: Decision, interpreter: Interpreter, policy: core.Core) -> dict[int, str]:
    """Which consequences, by their place in the policy, follow or are possible, each for its own rule.

    What two rules bring follows from both only where each would bring it alone.
    """
    possible = {name: result.possible for name, result in decision.classifications.items()}
    alone = Interpreter(interpreter.situation, interpreter.facts, possible.__getitem__)
    shown = set(interpreter.situation.policy.consequences)
    sure, unsure = _by_rule(decision.consequences), _by_rule(decision.possible_consequences)
    found: dict[int, str] = {}
    for number, item in enumerate(policy.consequences):
        told = (item.rule, *_told(item))
        if told in sure and item in shown:
            follows = sure[told].rule == item.rule or alone.truth(item.condition) is HOLDS
            found[number] = "following" if follows else "possible"
        elif told in unsure and item in shown:
            found[number] = "possible"
    return found


def _by_rule(results: Iterable[ConsequenceResult]) -> dict[tuple[Any, ...], ConsequenceResult]:
    """Consequences by each rule that brings them, and what is told of them."""
    return {(rule, *_told(result)): result for result in results for rule in result.rule.split(", ")}


def _told(item: core.Consequence | ConsequenceResult) -> tuple[Any, ...]:
    return item.modality, item.bearer, item.action, item.when, item.audience


def _classes(classification: core.Classification, decision: Decision,
             interpreter: Interpreter) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:  # fmt: skip
    result = decision.classifications[classification.id]
    for described in classification.classes:
        truths = [interpreter.rule(clause).value for clause in described.clauses]
        how = next((truth for truth in ("holds", "undetermined", "does_not_hold") if truth in truths), "not_applicable")
        seen = {_TRUTHS["not_applicable" if result.status == "not_applicable" else how]}
        if result.outcome == described.label:
            seen.add(DECIDING)
        yield ("class", f"{classification.id}.{described.label}"), frozenset(seen)
    if result.status == UNMATCHED:
        unmatched = {DECIDING, "holding"}
    elif result.status in ("undetermined", "not_applicable"):
        possible = result.status != "undetermined" or UNMATCHED in result.possible
        unmatched = {result.status if possible else "not_holding"}
    else:
        unmatched = {"not_holding"}
    yield ("class", f"{classification.id}.{UNMATCHED}"), frozenset(unmatched)


# ---- what decided


def _deciding(decision: Decision, interpreter: Interpreter) -> Iterator[str]:
    policy = interpreter.situation.policy
    bringing = {item.rule for item in policy.consequences if item.classification is None}
    told = [clause for result in decision.classifications.values() for clause in result.because]
    for rule in policy.rules.values():
        by_itself = rule.sort not in ("clause", "fact") or (rule.sort == "fact" and rule.id in bringing)
        if by_itself and interpreter.rule(rule.id) is HOLDS:
            told.append(rule.id)
    yield from told
    walked = set(told)
    waiting = [policy.rules[name].condition for name in told]
    while waiting:
        condition = waiting.pop()
        if isinstance(condition, core.RuleHolds):
            if condition.rule not in walked:
                walked.add(condition.rule)
                if policy.rules[condition.rule].sort != "clause":
                    yield condition.rule
                waiting.append(policy.rules[condition.rule].condition)
        else:
            waiting.extend(_settling(condition, interpreter))


def _settling(condition: core.Condition, interpreter: Interpreter) -> Iterable[core.Condition]:
    """The conditions inside one whose truths settle its own; what is asked of each record has no truth by itself."""
    if isinstance(condition, core.ForRecords):
        return ()
    if not isinstance(condition, core.Listed):
        return inner_conditions(condition)
    wanted = _settles(condition.quantifier, interpreter.truth(condition))
    return [item for item in condition.items if interpreter.truth(item) is wanted]


def _settles(quantifier: str, truth: Truth) -> Truth:
    if quantifier == "none":
        return FAILS if truth is HOLDS else HOLDS
    return truth
