"""The decision as JSON, `si-rules/decision/1`: names and order are a published contract."""

import json
from fractions import Fraction
from typing import Any, Final

from si_rules.decisions.decision import ClassificationResult, ConsequenceResult, Decision, Special, ValueResult
from si_rules.decisions.steps import CameTo, Explanation
from si_rules.semantics.audiences import listed
from si_rules.semantics.core import LANGUAGE, Amendment, Citation
from si_rules.semantics.facts import Value
from si_rules.semantics.kinds import Number, number_text

FORMAT: Final = "si-rules/decision/1"


def as_text(document: dict[str, Any], indent: int | None) -> str:
    """The JSON text; without indentation, on one line."""
    separators = (",", ":") if indent is None else None
    return json.dumps(document, ensure_ascii=False, indent=indent, separators=separators)


def as_dict(decision: Decision, explanation: Explanation | None) -> dict[str, Any]:
    """The decision in the published order."""
    policy = decision.policy
    return {
        "format": FORMAT,
        "language": LANGUAGE,
        "policy": {
            "id": policy.id,
            "edition": policy.edition,
            "digest": policy.digest,
            "in_force": [str(day) for day in policy.in_force],
            "as_if": policy.as_if,
            **({"amendments": [_amendment(item) for item in policy.amendments]} if policy.amendments else {}),
        },
        "vocabulary": {"id": decision.vocabulary[0], "version": decision.vocabulary[1]},
        "subject": {"kind": decision.subject.kind, "id": decision.subject.id, "label": decision.subject.label},
        "on": str(decision.on),
        "known_at": str(decision.known_at),
        "audience": list(decision.audience),
        "cohort": _cohort(decision),
        "evidence_digest": decision.evidence_digest,
        "classifications": {name: _classification(result) for name, result in decision.classifications.items()},
        "triggers": [
            {"id": item.id, "status": item.status, "title": item.title, "cites": _cites(item.cites)}
            for item in decision.triggers
        ],
        "consequences": [_consequence(item) for item in decision.consequences],
        "possible_consequences": [
            {
                **_consequence(item),
                "hangs_on": [_hangs_on(*found) for found in item.hangs_on],
                "matters": list(item.matters),
            }
            for item in decision.possible_consequences
        ],
        "needs": [
            {
                "outcome_of": item.outcome_of,
                "matters": list(item.needs.matters),
                "could_settle": [list(found) for found in item.needs.could_settle],
                "will_settle": [list(found) for found in item.needs.will_settle],
                "truncated": item.needs.truncated,
            }
            for item in decision.needs
        ],
        "near_misses": [
            {"outcome_of": item.outcome_of, "outcome": item.outcome, "short_of": item.short_of}
            for item in decision.near_misses
        ],
        "rests_on": list(decision.rests_on),
        "ignored_evidence": [{"path": item.path, "reason": item.reason} for item in decision.ignored_evidence],
        **({"values": [_value(item) for item in decision.values]} if decision.values else {}),
        **({"figures": [_value(item) for item in decision.figures]} if decision.figures else {}),
        "explanation": None if explanation is None else _explanation(explanation),
    }


def _amendment(item: Amendment) -> dict[str, str]:
    return {"title": item.title, "from": str(item.first), "adopted": str(item.adopted)}


def _classification(result: ClassificationResult) -> dict[str, Any]:
    return {
        "status": result.status,
        "outcome": result.outcome,
        "rank": result.rank,
        "title": result.title,
        "possible": list(result.possible),
        "exact": result.exact,
        "because": list(result.because),
        "settled_by": result.settled_by,
        **({"standing": dict(result.standing)} if result.standing else {}),
    }


def _cohort(decision: Decision) -> dict[str, Any] | None:
    cohort = decision.cohort
    if cohort is None:
        return None
    return {
        "name": cohort.name,
        "members": cohort.members,
        "unread": cohort.unread,
        "has_subject": cohort.has_subject,
        "digest": cohort.digest,
    }


def _value(item: ValueResult) -> dict[str, Any]:
    return {"id": item.id, **_came_to(item), "title": item.title, "cites": _cites(item.cites)}


def _came_to(item: ValueResult | CameTo) -> dict[str, Any]:
    return {
        "status": item.status,
        "value": None if item.value is None else plain(item.value),
        "unit": item.kind.unit if isinstance(item.kind, Number) else None,
        **({"between": [plain(limit) for limit in item.between]} if item.between is not None else {}),
        "possible": sorted(plain(value) for value in item.possible),
    }


def plain(value: Value | Special) -> str:
    """A value as text: numbers exactly, as a decimal or a fraction; dates as written; yes and no; what is none."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Fraction():
            return number_text(value)
        case Special():
            return value.value
        case _:
            return str(value)


def _consequence(item: ConsequenceResult) -> dict[str, Any]:
    return {
        "modality": item.modality,
        "bearer": item.bearer,
        "action": item.action,
        "title": item.title,
        "when": item.when,
        "audience": listed(item.audience),
        "rule": item.rule,
        "cites": _cites(item.cites),
    }


def _hangs_on(name: str, outcomes: tuple[str, ...]) -> dict[str, Any]:
    return {"outcome_of": name, "outcomes": list(outcomes)} if outcomes else {"rule": name}


def _cites(cites: tuple[Citation, ...]) -> list[dict[str, str]]:
    return [{"source": cite.source, "place": cite.place} for cite in cites]


def _explanation(step: Explanation) -> dict[str, Any]:
    return {
        "rule": step.rule,
        "text": step.text,
        "truth": step.truth,
        "cites": _cites(step.cites),
        "interpretations": list(step.interpretations),
        "evidence": [
            {"path": u.path, "title": u.title, "value": u.value, "missing": u.missing, "provenance": u.provenance}
            for u in step.evidence
        ],
        "values": [_came_to(item) for item in step.values],
        "items": [_explanation(item) for item in step.items],
    }
