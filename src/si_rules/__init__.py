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
    from si_rules.bundles.bundling import Bundle, make_bundle
    from si_rules.bundles.reading import BundleError
    from si_rules.decisions.decision import Decision
    from si_rules.decisions.moderation import Moderation, Moderations
    from si_rules.decisions.question import Question
    from si_rules.documents.board import Board
    from si_rules.documents.case_drafts import CaseDocuments, CaseDraft, NotGiven
    from si_rules.documents.ledger_report import LedgerReport, report_on
    from si_rules.documents.letters import Draft, Letters
    from si_rules.documents.moderations import read_moderations
    from si_rules.evidence.absence import Disputed, Missing, NoneKnown, Record
    from si_rules.evidence.data import EvidenceError
    from si_rules.evidence.extras import ExtraMissing
    from si_rules.evidence.readers import Refusal, read_evidence, read_evidence_file
    from si_rules.evidence.school import SchoolEvidence
    from si_rules.evidence.writers import write_evidence_file
    from si_rules.ledger.checkpoint import Checkpoint
    from si_rules.ledger.ledger import Ledger, Receipt
    from si_rules.ledger.proof import Continuation, Proof
    from si_rules.ledger.replaying import Replayed
    from si_rules.ledger.store import LedgerError
    from si_rules.ledger.verifying import Fault, Verified
    from si_rules.library.letters import LettersUnusable
    from si_rules.pathways.case import Case
    from si_rules.pathways.history import History, HistoryEntry, ReadHistory, read_history
    from si_rules.policy import Cohort, NotInForce, Policy, PolicyLibrary, PolicyNotFound, open_policy
    from si_rules.source.diagnostics import Diagnostic, PolicyError
    from si_rules.source.signing import PrivateKey, PublicKey, SigningError

_HOMES = {
    "Board": "si_rules.documents.board",
    "Bundle": "si_rules.bundles.bundling",
    "BundleError": "si_rules.bundles.reading",
    "Case": "si_rules.pathways.case",
    "CaseDocuments": "si_rules.documents.case_drafts",
    "CaseDraft": "si_rules.documents.case_drafts",
    "Checkpoint": "si_rules.ledger.checkpoint",
    "Cohort": "si_rules.policy",
    "Continuation": "si_rules.ledger.proof",
    "Decision": "si_rules.decisions.decision",
    "Diagnostic": "si_rules.source.diagnostics",
    "Disputed": "si_rules.evidence.absence",
    "Draft": "si_rules.documents.letters",
    "EvidenceError": "si_rules.evidence.facts",
    "ExtraMissing": "si_rules.evidence.extras",
    "Fault": "si_rules.ledger.verifying",
    "History": "si_rules.pathways.history",
    "HistoryEntry": "si_rules.pathways.history",
    "Ledger": "si_rules.ledger.ledger",
    "LedgerError": "si_rules.ledger.store",
    "LedgerReport": "si_rules.documents.ledger_report",
    "Letters": "si_rules.documents.letters",
    "LettersUnusable": "si_rules.library.letters",
    "Missing": "si_rules.evidence.absence",
    "Moderation": "si_rules.decisions.moderation",
    "Moderations": "si_rules.decisions.moderation",
    "NoneKnown": "si_rules.evidence.absence",
    "NotGiven": "si_rules.documents.case_drafts",
    "NotInForce": "si_rules.policy",
    "Policy": "si_rules.policy",
    "PolicyError": "si_rules.source.diagnostics",
    "PolicyLibrary": "si_rules.policy",
    "PolicyNotFound": "si_rules.policy",
    "PrivateKey": "si_rules.source.signing",
    "Proof": "si_rules.ledger.proof",
    "PublicKey": "si_rules.source.signing",
    "Question": "si_rules.decisions.question",
    "ReadHistory": "si_rules.pathways.history",
    "Receipt": "si_rules.ledger.ledger",
    "Record": "si_rules.evidence.absence",
    "Refusal": "si_rules.evidence.readers",
    "Replayed": "si_rules.ledger.replaying",
    "SchoolEvidence": "si_rules.evidence.school",
    "SigningError": "si_rules.source.signing",
    "Verified": "si_rules.ledger.verifying",
    "make_bundle": "si_rules.bundles.bundling",
    "open_policy": "si_rules.policy",
    "read_evidence": "si_rules.evidence.readers",
    "read_evidence_file": "si_rules.evidence.readers",
    "read_history": "si_rules.pathways.history",
    "read_moderations": "si_rules.documents.moderations",
    "report_on": "si_rules.documents.ledger_report",
    "write_evidence_file": "si_rules.evidence.writers",
}

__all__ = [
    "Board",
    "Bundle",
    "BundleError",
    "Case",
    "CaseDocuments",
    "CaseDraft",
    "Checkpoint",
    "Cohort",
    "Continuation",
    "Decision",
    "Diagnostic",
    "Disputed",
    "Draft",
    "EvidenceError",
    "ExtraMissing",
    "Fault",
    "History",
    "HistoryEntry",
    "Ledger",
    "LedgerError",
    "LedgerReport",
    "Letters",
    "LettersUnusable",
    "Missing",
    "Moderation",
    "Moderations",
    "NoneKnown",
    "NotGiven",
    "NotInForce",
    "Policy",
    "PolicyError",
    "PolicyLibrary",
    "PolicyNotFound",
    "PrivateKey",
    "Proof",
    "PublicKey",
    "Question",
    "ReadHistory",
    "Receipt",
    "Record",
    "Refusal",
    "Replayed",
    "SchoolEvidence",
    "SigningError",
    "Verified",
    "__version__",
    "make_bundle",
    "open_policy",
    "read_evidence",
    "read_evidence_file",
    "read_history",
    "read_moderations",
    "report_on",
    "write_evidence_file",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'si_rules' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
