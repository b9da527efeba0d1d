"""Rules for published policies: a policy language, an exact engine, explained decisions.

    from si_rules import PolicyLibrary, SchoolEvidence

    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=date(2015, 11, 4))
    decision = policy.decide(SchoolEvidence.model_validate_json(text), on=date(2015, 11, 4))

Names are loaded when first used, so that importing the package is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from si_rules._version import __version__

if TYPE_CHECKING:
    from si_rules.decisions.decision import Decision
    from si_rules.evidence.absence import Disputed, Missing, NoneKnown, Record
    from si_rules.evidence.facts import EvidenceError
    from si_rules.evidence.readers import Refusal, read_evidence
    from si_rules.evidence.school import SchoolEvidence
    from si_rules.policy import Cohort, NotInForce, Policy, PolicyLibrary, PolicyNotFound, open_policy
    from si_rules.source.diagnostics import Diagnostic, PolicyError

_HOMES = {
    "Cohort": "si_rules.policy",
    "Decision": "si_rules.decisions.decision",
    "Disputed": "si_rules.evidence.absence",
    "Diagnostic": "si_rules.source.diagnostics",
    "EvidenceError": "si_rules.evidence.facts",
    "Missing": "si_rules.evidence.absence",
    "NoneKnown": "si_rules.evidence.absence",
    "NotInForce": "si_rules.policy",
    "Policy": "si_rules.policy",
    "PolicyError": "si_rules.source.diagnostics",
    "PolicyLibrary": "si_rules.policy",
    "PolicyNotFound": "si_rules.policy",
    "Record": "si_rules.evidence.absence",
    "Refusal": "si_rules.evidence.readers",
    "SchoolEvidence": "si_rules.evidence.school",
    "open_policy": "si_rules.policy",
    "read_evidence": "si_rules.evidence.readers",
}

__all__ = [
    "Cohort",
    "Decision",
    "Diagnostic",
    "Disputed",
    "EvidenceError",
    "Missing",
    "NoneKnown",
    "NotInForce",
    "Policy",
    "PolicyError",
    "PolicyLibrary",
    "PolicyNotFound",
    "Record",
    "Refusal",
    "SchoolEvidence",
    "__version__",
    "open_policy",
    "read_evidence",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'si_rules' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
