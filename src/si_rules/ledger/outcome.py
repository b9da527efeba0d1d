"""What a decision came to, `si-rules/outcome/1`: its ids, statuses and values, and the truth of every rule; no wording.

Titles and citations are in the text of the policy, which a ledger keeps as well: with it a decision can be made again whole.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, Final

from si_rules.decisions.as_json import plain
from si_rules.decisions.decision import ClassificationResult, ConsequenceResult, Decision, ValueResult
from si_rules.source.canonical import canonical

FORMAT: Final = "si-rules/outcome/1"
ORDER: Final = (
    "subject", "classifications", "triggers", "values", "figures", "consequences", "possible_consequences", "needs",
    "near_misses", "rests_on", "ignored_evidence", "evidence_digest", "cohort", "truths", "format",
)  # fmt: skip
_TOLD: Final = ("holds", "undetermined", "not_applicable")


def outcome_of(decision: Decision) -> dict[str, Any]:
    """The outcome as a JSON value."""
    cohort = decision.cohort
    return {
        "format": FORMAT,
        "subject": {"kind": decision.subject.kind, "id": decision.subject.id, "label": decision.subject.label},
        "evidence_digest": decision.evidence_digest,
        "cohort": None if cohort is None else {
            "name": cohort.name, "members": cohort.members, "unread": cohort.unread, "has_subject": cohort.has_subject,
            "digest": cohort.digest,
        },
        "classifications": {name: _classification(found) for name, found in decision.classifications.items()},
        "triggers": {found.id: found.status for found in decision.triggers},
        "values": {found.id: _value(found) for found in decision.values},
        "figures": {found.id: _value(found) for found in decision.figures},
        "consequences": list(map(_consequence, decision.consequences)),
        "possible_consequences": _possible(decision.possible_consequences),
        "needs": [
            {
                "outcome_of": found.outcome_of,
                "matters": list(found.needs.matters),
                "could_settle": [list(item) for item in found.needs.could_settle],
                "will_settle": [list(item) for item in found.needs.will_settle],
                "truncated": found.needs.truncated,
            }
            for found in decision.needs
        ],
        "near_misses": [[found.outcome_of, found.outcome, found.short_of] for found in decision.near_misses],
        "rests_on": list(decision.rests_on),
        "ignored_evidence": [[found.path, found.reason] for found in decision.ignored_evidence],
        "truths": _truths(decision.kept.truths_of(decision)),
    }  # fmt: skip


def explanation_digest(outcome: dict[str, Any]) -> str:
    """A digest of the steps to an outcome: the truth of each rule, and each value, by their ids."""
    steps = {key: outcome[key] for key in ("truths", "values", "figures")}
    return "sha256:" + hashlib.sha256(canonical(steps)).hexdigest()


def truth_of(outcome: dict[str, Any], rule: str) -> str:
    """The truth of a rule in an outcome: does_not_hold where nothing else is said."""
    return next((truth for truth in _TOLD if rule in outcome["truths"][truth].split()), "does_not_hold")


def _truths(found: dict[str, str]) -> dict[str, str]:
    """Of each truth but does_not_hold the rules that have it, a blank between them."""
    return {wanted: " ".join([rule for rule, truth in found.items() if truth == wanted]) for wanted in _TOLD}


def _possible(found: Iterable[ConsequenceResult]) -> list[dict[str, Any]]:
    """Those that hang on the same, and for which the same matters, together."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for item in found:
        groups.setdefault((item.hangs_on, item.matters), []).append(_consequence(item))
    return [
        {"what": what, "hangs_on": [[name, list(outcomes)] for name, outcomes in hangs_on], "matters": list(matters)}
        for (hangs_on, matters), what in groups.items()
    ]


def _classification(found: ClassificationResult) -> dict[str, Any]:
    return {
        "status": found.status, "outcome": found.outcome, "possible": list(found.possible), "exact": found.exact,
        "because": list(found.because), "settled_by": found.settled_by, "standing": dict(found.standing),
    }  # fmt: skip


def _value(found: ValueResult) -> dict[str, Any]:
    between = None if found.between is None else [plain(limit) for limit in found.between]
    possible = sorted(plain(value) for value in found.possible)
    return {
        "status": found.status, "value": None if found.value is None else plain(found.value), "between": between,
        "possible": possible,
    }  # fmt: skip


def _consequence(found: ConsequenceResult) -> str:
    """Modality, bearer, action and rule, in one word: none of them has a blank."""
    return f"{found.modality} {found.bearer} {found.action} {found.rule}"
