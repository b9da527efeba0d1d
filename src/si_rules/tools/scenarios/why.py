"""Why something came out as it did, in a line: what the report of a failure says beside what came."""

from collections.abc import Iterable, Iterator
from typing import Final

from si_rules.decisions.decision import Decision
from si_rules.decisions.explanation import Explainer
from si_rules.decisions.steps import Explanation
from si_rules.decisions.telling import found_in

_MOST_STEPS: Final = 2
_SAID: Final = {
    "holds": "holds", "does_not_hold": "does not hold", "undetermined": "is undetermined",
    "not_applicable": "does not apply",
}  # fmt: skip


def said(truth: str) -> str:
    """A truth after the name of what it is of: `does not hold`."""
    return _SAID[truth]


class Why:
    """Tells the reasons of one decision."""

    def __init__(self, decision: Decision, explainer: Explainer) -> None:
        self.decision = decision
        self.explainer = explainer

    def rule(self, name: str) -> str:
        """Why a rule holds, does not hold or is undetermined: the conditions that settle it and what was found."""
        step = self.explainer.rule(name)
        sort = self.explainer.policy.rules[name].sort
        shown = name.rpartition(".")[2] if sort == "clause" else name
        reasons = list(dict.fromkeys(_reasons(step, step.truth)))
        more = len(reasons) - _MOST_STEPS
        kept = [*reasons[:_MOST_STEPS], *([f"and {more} more"] if more > 0 else [])]
        return f"{sort} {shown} {said(step.truth)}" + (f": {'; '.join(kept)}" if kept else "")

    def outcome(self, name: str, wanted: Iterable[str], because: Iterable[str] = ()) -> str:
        """Why a classification came to what it did and not to the wanted classes, because of these clauses, in a
        sentence or two.
        """
        result = self.decision.classifications[name]
        rules = list(result.because[:1])
        rules += [clause for clause in because if clause not in rules]
        for described in () if because else self.explainer.policy.classifications[name].classes:
            if described.label in wanted and described.label != result.outcome:
                rules += self._telling(described.clauses)
        if not rules and result.status == "undetermined":
            open_ = [
                clause for found in self.explainer.policy.classifications[name].classes for clause in found.clauses
            ]
            rules = [clause for clause in open_ if self._truth(clause) == "undetermined"]
        return "; and ".join(self.rule(rule) for rule in rules[:2])

    def _telling(self, clauses: Iterable[str]) -> list[str]:
        """The clause of a class that came nearest to holding."""
        order = ("holds", "undetermined", "does_not_hold", "not_applicable")
        found = sorted(clauses, key=lambda clause: order.index(self._truth(clause)))
        return found[:1]

    def _truth(self, rule: str) -> str:
        found: str = self.explainer.interpreter.rule(rule).value
        return found


def _reasons(step: Explanation, truth: str) -> Iterator[str]:
    """The conditions under a step whose truth is the step's own, or where there are none, the contrary."""
    items = [item for item in step.items if item.truth == truth]
    if not items:
        items = [item for item in step.items if item.truth in ("holds", "does_not_hold")]
    for item in items:
        if item.items and not item.values:
            yield from _reasons(item, item.truth)
        else:
            found = "; ".join(used.value or used.missing or "" for used in item.evidence)
            if item.values:
                found = found_in(item)
            denied = "" if item.truth != "does_not_hold" or item.evidence else " does not hold"
            yield f"{item.text}{denied} (found: {found})" if found else f"{item.text}{denied}"
