"""Why, in the policy's own titles: a tree of rules and conditions with truths, evidence and citations."""

from typing import Final

from si_rules.decisions.decision import Decision
from si_rules.decisions.steps import Explanation
from si_rules.decisions.wording import Wording
from si_rules.decisions.worked_out import WorkedOut
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import contrary
from si_rules.semantics import core
from si_rules.semantics.facts import Facts
from si_rules.semantics.traversal import stands_alone, terms_of

GIVES_WAY: Final = "to which this gives way"
NO_EXCEPTION: Final = "no exception holds"


def explain(decision: Decision, situation: Situation, facts: Facts) -> Explanation:
    """The explanation of a whole decision: its classifications, its triggers, and the facts that bring something."""
    explainer = Explainer(situation, facts, decision)
    items = [explainer.classification(name, decision) for name in decision.classifications]
    items += [explainer.next_rule(trigger.id) for trigger in decision.triggers]
    bringing = {item.rule for item in situation.policy.consequences if item.classification is None}
    told = {trigger.id for trigger in decision.triggers}
    items += [explainer.next_rule(name) for name in situation.policy.rules if name in bringing - told]
    subject = decision.subject.label or decision.subject.id
    text = f"{subject} under {situation.policy.title}, on {decision.on}"
    return Explanation(None, text, "decided", items=tuple(items))


class Explainer:
    """Explains the rules of a policy for one subject."""

    def __init__(self, situation: Situation, facts: Facts, decision: Decision) -> None:
        self.policy = situation.policy
        self.situation = situation
        self.facts = facts
        results = decision.classifications
        known = {item.id: item.value for item in decision.values if item.status == "known"}
        self.interpreter = Interpreter(situation, facts, lambda name: results[name].possible, known.get)
        self.wording = Wording(situation, facts)
        told = self.interpreter, self.wording, self.condition, self.next_rule
        self.values = WorkedOut(decision, situation, *told)
        self._told: set[str] = set()

    def classification(self, name: str, decision: Decision) -> Explanation:
        """A classification with its classes, the most serious first."""
        found, result = self.policy.classifications[name], decision.classifications[name]
        items = tuple(self._class(found, described) for described in found.classes)
        outcome = result.outcome if result.status == "determined" else result.status
        return Explanation(name, found.title, outcome or result.status, found.cites, found.interpretations, (), items)

    def _class(self, owner: core.Classification, described: core.Class) -> Explanation:
        items = tuple(self.next_rule(clause) for clause in described.clauses)
        truths = [self.interpreter.rule(clause).value for clause in described.clauses]
        truth = next((t for t in ("holds", "undetermined") if t in truths), "does_not_hold")
        name = f"{owner.id}.{described.label}"
        return Explanation(name, described.title, truth, described.cites, described.interpretations, (), items)

    def rule(self, name: str) -> Explanation:
        """A fact, trigger or clause and all it hangs on."""
        self._told.clear()
        self.values.forget()
        return self.next_rule(name)

    def next_rule(self, name: str) -> Explanation:
        """A rule; one already told is named again and not gone into, so that a tree grows with the policy only."""
        rule = self.policy.rules[name]
        items = () if name in self._told else self._items(rule.condition)
        self._told.add(name)
        truth = self.interpreter.rule(name).value
        return Explanation(name, rule.title, truth, rule.cites, rule.interpretations, (), items)

    def _items(self, condition: core.Condition) -> tuple[Explanation, ...]:
        """The steps of a rule's own condition: an `all of` at the top is the rule itself."""
        if isinstance(condition, core.Guarded):
            guard = self.condition(condition.guard)
            if guard.truth in ("does_not_hold", "not_applicable"):
                return (guard,)  # what does not apply is not gone into
            return (guard, *self._items(condition.body))
        if isinstance(condition, core.Unless):
            return (*self._items(condition.body), self._gives_way(condition.exception, condition.reason))
        if isinstance(condition, core.Listed) and condition.quantifier in ("all", "match"):
            return tuple(self.condition(item) for item in condition.items if not _never(item))
        return (self.condition(condition),)

    def _gives_way(self, exception: core.Condition, reason: str | None) -> Explanation:
        """That a clause gives way to another only where that one holds. The other is told in its own place."""
        if reason is not None:
            truth = contrary(self.interpreter.truth(exception)).value
            return Explanation(None, f"{NO_EXCEPTION}: {reason}", truth, items=(self.condition(exception),))
        label = exception.rule.rpartition(".")[2] if isinstance(exception, core.RuleHolds) else ""
        return Explanation(
            None, f"clause {label}, {GIVES_WAY}, does not hold", contrary(self.interpreter.truth(exception)).value
        )

    def condition(self, condition: core.Condition) -> Explanation:
        """One condition."""
        truth = self.interpreter.truth(condition).value
        match condition:
            case core.RuleHolds(rule=rule):
                return self.next_rule(rule)
            case core.Unless(body=body, exception=exception, reason=reason):
                return Explanation(
                    None, "all of", truth, items=(self.condition(body), self._gives_way(exception, reason))
                )
            case core.Not(condition=core.IsNone() as leaf):
                return self._leaf(leaf, truth, self.wording.inner(condition))
            case core.Not(condition=core.Always()):
                return Explanation(None, "nothing brings it", truth)
            case core.Not(condition=inner):
                return Explanation(None, "not", truth, items=(self.condition(inner),))
            case core.Listed(quantifier=quantifier, count=count, items=items):
                head = {"all": "all of", "match": "all of", "any": "any of", "none": "none of"}.get(
                    quantifier, f"at least {count} of"
                )
                told = [item for item in items if not _never(item)]
                if len(told) == 1 < len(items) and self.interpreter.truth(told[0]).value == truth:
                    return self.condition(told[0])
                return Explanation(None, head, truth, items=tuple(self.condition(item) for item in told))
            case core.Guarded():
                return Explanation(None, "where it applies", truth, items=self._items(condition))
            case core.Compare() | core.IsAmong() | core.IsNone() | core.Trend():
                return self._leaf(condition, truth, self.wording.leaf(condition))
            case core.OutcomeIs(classification=name):
                came = self.values.outcome(name)
                return Explanation(None, self.wording.outcome(condition), truth, values=(came,))
            case core.ForRecords(collection=name):
                listed = self.policy.vocabulary.collections[name].listed_under
                return Explanation(None, self.wording.inner(condition), truth, evidence=self.values.found([listed]))
            case core.Always():
                return Explanation(None, "anything", truth)

    def _leaf(self, leaf: core.Leaf, truth: str, text: str) -> Explanation:
        """A comparison: what its sides came to, the data it names, and what was worked out behind them."""
        if not stands_alone(leaf):
            return Explanation(None, text, truth)
        terms = tuple(terms_of(leaf))
        found = self.values.evidence(*terms), self.values.behind(*terms), self.values.sides(leaf)
        return Explanation(None, text, truth, (), (), *found)


def _never(condition: core.Condition) -> bool:
    """Whether a condition holds of nothing: it stands in a list that may have no other item."""
    return isinstance(condition, core.Not) and isinstance(condition.condition, core.Always)
