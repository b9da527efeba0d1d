"""The records of a ledger, `si-rules/record/1`: what a leaf of the tree says. What is long it names by a digest."""

import hashlib
import json
from typing import Any, Final

from attrs import frozen

from si_rules._version import __version__
from si_rules.decisions.decision import Decision
from si_rules.ledger.merkle import leaf_hash
from si_rules.ledger.store import LedgerError, Row
from si_rules.semantics.core import LANGUAGE
from si_rules.source.canonical import canonical

FORMAT: Final = "si-rules/record/1"
DECISION: Final = "decision"
CORRECTION: Final = "correction"
MODERATION: Final = "moderation"
ERASURE: Final = "erasure"
DECIDED: Final = (DECISION, CORRECTION)
WHOLE: Final = "whole"  # of evidence: it is in the ledger
BY_DIGEST: Final = "digest"  # of evidence: only its digest is
_DIGITS_OF_LEAF: Final = 12


@frozen
class Named:
    """The digests of what a decision record names: outcome, evidence, cohort (None where there was none), texts.

    `kept` says how the evidence, and that of the members of the cohort, is kept: `whole` or by `digest`.
    """

    outcome: str
    evidence: str
    cohort: str | None
    texts: str
    kept: str


@frozen
class Superseding:
    """That a record takes the place of another, by whom and why."""

    record: str
    by: str
    why: str


@frozen
class Entry:
    """A record as read: its id, its index, its kind and the whole document."""

    id: str
    index: int
    kind: str
    document: dict[str, Any]

    def names(self) -> list[str]:
        """The digests of the contents that it names."""
        found: list[str] = []
        for key in _NAMING[self.kind]:
            value = self.document[key]
            found += [value] if isinstance(value, str) else value or ()
        return found

    @property
    def earlier(self) -> list[str]:
        """The ids of the records that it speaks of."""
        return [self.document[key] for key in _SPEAKING[self.kind] if self.document[key] is not None]


def record_id(index: int, leaf: bytes) -> str:
    """The id of a record: its index, and the first digits of the hash of its leaf."""
    return f"{index}-{leaf.hex()[:_DIGITS_OF_LEAF]}"


def decision_record(index: int, decision: Decision, audience: frozenset[str] | None, named: Named, explanation: str,
                    superseding: Superseding | None) -> bytes:  # fmt: skip
    """The canonical bytes of the record of a decision. `audience` is None where it was made for everybody there is."""
    policy = decision.policy
    document: dict[str, Any] = {
        **_beginning(index, DECISION if superseding is None else CORRECTION),
        "policy": {"id": policy.id, "edition": policy.edition, "digest": policy.digest},
        "on": str(decision.on),
        "known_at": str(decision.known_at),
        "as_if": policy.as_if,
        "audience": None if audience is None else sorted(audience),
        "outcome": named.outcome,
        "evidence": named.evidence,
        "kept": named.kept,
        "cohort": named.cohort,
        "texts": named.texts,
        "explanation": explanation,
    }
    if superseding is not None:
        document |= {"supersedes": superseding.record, "by": superseding.by, "why": superseding.why}
    return canonical(document)


def moderation_record(index: int, record: str, moderation: str, supersedes: str | None) -> bytes:
    """The canonical bytes of the record of a moderation, of a record, that takes the place of an earlier one or of none."""
    return canonical(
        {**_beginning(index, MODERATION), "record": record, "moderation": moderation, "supersedes": supersedes}
    )


def erasure_record(index: int, record: str, content: str, by: str, why: str) -> bytes:
    """The canonical bytes of the record that says that a content was erased, by whom and why."""
    return canonical({**_beginning(index, ERASURE), "record": record, "content": content, "by": by, "why": why})


def _beginning(index: int, kind: str) -> dict[str, Any]:
    return {"format": FORMAT, "index": index, "kind": kind, "library": __version__, "language": LANGUAGE}


def digest_of_content(salt: bytes, text: bytes) -> str:
    """The digest under which a record names a content."""
    return "sha256:" + hashlib.sha256(salt + text).hexdigest()


def read_record(row: Row) -> Entry:
    """A record of a row. Raises `LedgerError`, which says what is wrong with it.

    Guarantees that it is the record of that row by leaf, index, format and kind, and that every key of its kind is there.
    """
    if leaf_hash(row.record) != row.leaf:
        raise LedgerError("it is not what its hash says: the record or the hash was altered")
    document = read_json(row.record)
    if document.get("format") != FORMAT:
        raise LedgerError(f"its format is {document.get('format')!r}; this version reads {FORMAT}")
    if document.get("index") != row.position:
        raise LedgerError(f"it was recorded as number {document.get('index')}, and stands in another place")
    kind = document.get("kind")
    if kind not in _KEYS:
        raise LedgerError(f"its kind is {kind!r}, which this version does not know")
    for key in _KEYS[kind]:
        value = document.get(key)
        if not isinstance(value, str) and not (value is None and (kind, key) in _MAY_BE_NULL):
            raise LedgerError(f"its {key} is not there")
    return Entry(record_id(row.position, row.leaf), row.position, kind, document)


def read_json(data: bytes) -> dict[str, Any]:
    """The object of a JSON text. Raises `LedgerError` for anything else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise LedgerError("it is not JSON") from None
    if not isinstance(found, dict):
        raise LedgerError("it is not a JSON object")
    return found


_OF_DECISION: Final = (
    "library", "language", "on", "known_at", "outcome", "evidence", "kept", "cohort", "texts", "explanation",
)  # fmt: skip
_KEYS: Final = {
    DECISION: _OF_DECISION,
    CORRECTION: (*_OF_DECISION, "supersedes", "by", "why"),
    MODERATION: ("library", "record", "moderation", "supersedes"),
    ERASURE: ("library", "record", "content", "by", "why"),
}
_MAY_BE_NULL: Final = ((DECISION, "cohort"), (CORRECTION, "cohort"), (MODERATION, "supersedes"))
_NAMING: Final = {
    DECISION: ("outcome", "evidence", "cohort", "texts"),
    CORRECTION: ("outcome", "evidence", "cohort", "texts"),
    MODERATION: ("moderation",),
    ERASURE: ("content",),
}
_SPEAKING: Final = {
    DECISION: (), CORRECTION: ("supersedes",), MODERATION: ("record", "supersedes"), ERASURE: ("record",),
}  # fmt: skip
