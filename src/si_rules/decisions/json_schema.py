"""The JSON Schema of a decision, `si-rules/decision/1`."""

from collections.abc import Mapping
from typing import Any, Final

from si_rules.decisions.as_json import FORMAT
from si_rules.semantics.core import LANGUAGE

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_TEXT_OR_NULL: Final[dict[str, Any]] = {"type": ["string", "null"]}
_TEXTS: Final[dict[str, Any]] = {"type": "array", "items": _TEXT}
_DAY: Final[dict[str, Any]] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_DIGEST: Final[dict[str, Any]] = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
_TRUTHS: Final = ("holds", "does_not_hold", "undetermined", "not_applicable")
_MODALITIES: Final = (
    "must", "will", "may", "should", "is_likely_to", "is_expected_to", "is_a_candidate_for",
)  # fmt: skip


def decision_schema() -> dict[str, Any]:
    """The schema of one decision; its keys are those of the published form, and no others."""
    return {"$schema": _DIALECT, "title": f"Decision, {FORMAT}", **_whole(), "$defs": _definitions()}


def _object(properties: Mapping[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(items)}


def _whole() -> dict[str, Any]:
    properties = {
        "format": {"const": FORMAT},
        "language": {"const": LANGUAGE},
        "policy": _ref("policy"),
        "vocabulary": _object({"id": _TEXT, "version": _TEXT}),
        "subject": _object({"kind": _TEXT, "id": _TEXT, "label": _TEXT_OR_NULL}),
        "on": _DAY,
        "known_at": _DAY,
        "audience": _TEXTS,
        "cohort": {"anyOf": [{"type": "null"}, _ref("cohort")]},
        "evidence_digest": _DIGEST,
        "classifications": {"type": "object", "additionalProperties": _ref("classification")},
        "triggers": _list(_object({"id": _TEXT, "status": {"enum": list(_TRUTHS)}, "title": _TEXT, "cites": _ref("cites")})),
        "consequences": _list(_object(_consequence())),
        "possible_consequences": _list(
            _object({**_consequence(), "hangs_on": _list(_ref("hangs_on")), "matters": _TEXTS})
        ),
        "needs": _list(_ref("needs")),
        "near_misses": _list(_object({"outcome_of": _TEXT, "outcome": _TEXT, "short_of": _TEXT})),
        "rests_on": _TEXTS,
        "ignored_evidence": _list(_object({"path": _TEXT, "reason": _TEXT})),
        "values": _list(_ref("value")),
        "figures": _list(_ref("value")),
        "explanation": {"anyOf": [{"type": "null"}, _ref("step")]},
    }  # fmt: skip
    return _object(properties, ("values", "figures"))


def _consequence() -> dict[str, Any]:
    return {
        "modality": {"enum": list(_MODALITIES)},
        "bearer": _TEXT,
        "action": _TEXT,
        "title": _TEXT,
        "when": _TEXT_OR_NULL,
        "audience": _TEXTS,
        "rule": _TEXT,
        "cites": _ref("cites"),
    }


def _definitions() -> dict[str, Any]:
    classification = {
        "status": {"enum": ["determined", "undetermined", "unmatched", "not_applicable"]},
        "outcome": _TEXT_OR_NULL,
        "rank": {"type": ["integer", "null"], "minimum": 1},
        "title": _TEXT_OR_NULL,
        "possible": _TEXTS,
        "exact": {"type": "boolean"},
        "because": _TEXTS,
        "settled_by": {"enum": [None, "every completion"]},
        "standing": {"type": "object", "additionalProperties": {"enum": list(_TRUTHS)}},
    }
    came_to = {
        "status": {"enum": ["known", "none", "not_applicable", "undetermined"]},
        "value": _TEXT_OR_NULL,
        "unit": _TEXT_OR_NULL,
        "between": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2},
        "possible": _TEXTS,
    }
    cohort = {
        "name": _TEXT,
        "members": {"type": "integer", "minimum": 0},
        "unread": {"type": "integer", "minimum": 0},
        "has_subject": {"type": "boolean"},
        "digest": _DIGEST,
    }
    value = {"id": _TEXT, **came_to, "title": _TEXT, "cites": _ref("cites")}
    policy = {
        "id": _TEXT,
        "edition": _TEXT,
        "digest": _DIGEST,
        "in_force": {"type": "array", "items": _DAY, "minItems": 2, "maxItems": 2},
        "as_if": {"type": "boolean"},
        "amendments": _list(_object({"title": _TEXT, "from": _DAY, "adopted": _DAY})),
    }
    sets = _list(_TEXTS)
    return {
        "policy": _object(policy, ("amendments",)),
        "cohort": _object(cohort),
        "cites": _list(_object({"source": _TEXT, "place": _TEXT})),
        "classification": _object(classification, ("standing",)),
        "value": _object(value, ("between",)),
        "hangs_on": {"anyOf": [_object({"outcome_of": _TEXT, "outcomes": _TEXTS}), _object({"rule": _TEXT})]},
        "needs": _object(
            {
                "outcome_of": _TEXT,
                "matters": _TEXTS,
                "could_settle": sets,
                "will_settle": sets,
                "truncated": {"type": "boolean"},
            }
        ),
        "came_to": _object(came_to, ("between",)),
        "step": _object(_step()),
    }


def _step() -> dict[str, Any]:
    used = {
        "path": _TEXT,
        "title": _TEXT,
        "value": _TEXT_OR_NULL,
        "missing": _TEXT_OR_NULL,
        "provenance": _TEXT_OR_NULL,
    }
    return {
        "rule": _TEXT_OR_NULL,
        "text": _TEXT,
        "truth": _TEXT,
        "cites": _ref("cites"),
        "interpretations": _TEXTS,
        "evidence": _list(_object(used)),
        "values": _list(_ref("came_to")),
        "items": _list(_ref("step")),
    }
