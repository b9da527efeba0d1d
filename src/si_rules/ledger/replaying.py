"""Decides again what was recorded, by the text and the evidence that the ledger keeps, and says where it comes out otherwise."""

import datetime
from typing import Any, Final

from attrs import define, evolve, field, frozen
from pydantic_core import to_json

from si_rules._version import __version__
from si_rules.decisions.decision import Decision
from si_rules.evidence.data import EvidenceError
from si_rules.ledger.differences import OF_SUBSTANCE, Difference, between, first_rule
from si_rules.ledger.moderating import fault_of
from si_rules.ledger.outcome import explanation_digest, outcome_of
from si_rules.ledger.recalling import Recalling
from si_rules.ledger.record import (
    BY_DIGEST,
    DECIDED,
    ERASURE,
    MODERATION,
    Entry,
    read_json,
)
from si_rules.ledger.store import LedgerError
from si_rules.policy import Policy, PolicyLibrary, PolicyNotFound
from si_rules.source.diagnostics import PolicyError

SAME: Final = "same"
DIFFERS: Final = "differs"
NOT_REPLAYED: Final = "not replayed"


@frozen
class Replayed:
    """What came of deciding a record again: `same`, `differs` or `not replayed`.

    Of one that differs, `where` is the first place in the outcome at which it does, `was` and `now` what stood and stands
    there, as JSON values, and `rule` the first rule of the policy that holds or not otherwise than it did; `why` says it in
    a sentence, and of one that is not replayed the reason. `on_disk` says how the edition in the library that was asked
    differs from the one that decided, None where it does not.
    """

    id: str
    status: str
    subject: str | None = None
    why: str | None = None
    where: str | None = None
    was: Any = None
    now: Any = None
    rule: str | None = None
    on_disk: str | None = None


class _CannotReplay(Exception):
    """Why a record cannot be decided again."""


_EXPECTED: Final = (_CannotReplay, LedgerError, EvidenceError, LookupError, TypeError, ValueError)


@frozen
class Otherwise:
    """How a decision is taken otherwise than it was: under another policy, or with what was known later."""

    policy: Policy | None = None
    known_at: datetime.date | None = None


@define
class Replayer:
    """Replays records of one ledger."""

    recall: Recalling
    _on_disk: dict[tuple[str, str, str], str | None] = field(init=False, factory=dict, repr=False)

    def replay(self, entry: Entry, library: PolicyLibrary | None) -> Replayed:
        """See `Ledger.replay`."""
        if entry.kind == ERASURE:
            return Replayed(entry.id, NOT_REPLAYED, why="it says that something was erased, and decides nothing")
        if entry.kind == MODERATION:
            return self._moderated(entry)
        subject: str | None = None
        try:
            was = self.recall.outcome_of(entry)
            subject = str(was["subject"]["id"])
            found = self._compared(entry, was, self._decided(entry, subject, Otherwise()))
        except _EXPECTED as error:
            return Replayed(entry.id, NOT_REPLAYED, subject, why=_sentence(error))
        told = None if library is None else self._differs_on_disk(entry, library)
        return evolve(found, on_disk=told)

    def replay_otherwise(self, entry: Entry, otherwise: Otherwise) -> Replayed:
        """See `Ledger.replay_as_if` and `Ledger.replay_known_at`."""
        subject: str | None = None
        try:
            if entry.kind not in DECIDED:
                raise _CannotReplay("it is no decision")
            was = self.recall.outcome_of(entry)
            subject = str(was["subject"]["id"])
            if otherwise.known_at is not None and str(otherwise.known_at) < entry.document["known_at"]:
                raise _CannotReplay(
                    f"it was decided with what was known at {entry.document['known_at']}, which is later"
                )
            decision = self._decided(entry, subject, otherwise)
        except _EXPECTED as error:
            return Replayed(entry.id, NOT_REPLAYED, subject, why=_sentence(error))
        now = read_json(_json(decision))
        found = between(was, now, OF_SUBSTANCE)
        if found is None:
            return Replayed(entry.id, SAME, subject)
        rule = None if otherwise.policy is not None else first_rule(was, now, _rules(decision))
        return Replayed(entry.id, DIFFERS, subject, f"{found.where} would differ", found.where, found.was, found.now,
                        rule.where if rule else None)  # fmt: skip

    def decision(self, entry: Entry) -> Decision:
        """The decision of a record, made again. Raises `LedgerError` unless it comes to the same outcome."""
        if entry.kind not in DECIDED:
            raise LedgerError(f"{entry.id} is no decision")
        try:
            was = self.recall.outcome_of(entry)
            decision = self._decided(entry, str(was["subject"]["id"]), Otherwise())
        except _EXPECTED as error:
            raise LedgerError(f"{entry.id} cannot be decided again: {_sentence(error)}") from None
        found = self._compared(entry, was, decision)
        if found.status != SAME:
            raise LedgerError(f"{entry.id} comes out otherwise: {found.why}")
        return decision

    # ---- deciding
    def _decided(self, entry: Entry, subject: str, otherwise: Otherwise) -> Decision:
        document = entry.document
        own = self.recall.policy(document)
        later = otherwise.known_at is not None
        given = self.recall.about(subject, own) if later else []
        named, by_digest = document["cohort"], document["kept"] == BY_DIGEST
        about = self.recall.about(subject, own) if by_digest else None
        return (otherwise.policy or own).decide(
            given[-1][0] if given else self.recall.record(document["evidence"], own, "the evidence", about),
            on=datetime.date.fromisoformat(document["on"]),
            known_at=otherwise.known_at or datetime.date.fromisoformat(document["known_at"]),
            cohort=None if named is None else self.recall.cohort(named, own, by_digest, later),
            as_if=document["as_if"] is True or otherwise.policy is not None,
            audience=document["audience"],
        )

    def _compared(self, entry: Entry, was: dict[str, Any], decision: Decision) -> Replayed:
        """The first difference between a recorded outcome and the one that comes now."""
        now = read_json(_json(decision))
        version = f"recorded by version {entry.document['library']}, decided again by {__version__}"
        subject = str(was["subject"]["id"])
        found, rule = between(was, now), first_rule(was, now, _rules(decision))
        if found is None:
            steps = explanation_digest(now)
            if steps == entry.document["explanation"]:
                return Replayed(entry.id, SAME, subject)
            found = Difference("explanation", entry.document["explanation"], steps)
        why = f"{found.where} differs"
        if rule is not None:
            why += f", first by the rule {rule.where}, which was {_words(rule.was)} and is {_words(rule.now)}"
        return Replayed(entry.id, DIFFERS, subject, f"{why}; {version}", found.where, found.was, found.now,
                        rule.where if rule else None)  # fmt: skip

    def _moderated(self, entry: Entry) -> Replayed:
        """Whether a moderation is still about the decision that it was recorded with, decided again."""
        subject: str | None = None
        try:
            moderation = self.recall.moderation_of(entry)
            subject = moderation.subject
            decision = self.decision(self.recall.entry(entry.document["record"]))
        except _EXPECTED as error:
            return Replayed(entry.id, NOT_REPLAYED, subject, why=_sentence(error))
        fault = fault_of(moderation, decision)
        return Replayed(entry.id, SAME if fault is None else DIFFERS, subject, fault)

    def _differs_on_disk(self, entry: Entry, library: PolicyLibrary) -> str | None:
        policy = entry.document["policy"]
        key = policy["id"], policy["edition"], policy["digest"]
        if key not in self._on_disk:
            self._on_disk[key] = _told_of_disk(*key, library)
        return self._on_disk[key]


def _json(decision: Decision) -> bytes:
    return to_json(outcome_of(decision))


def _rules(decision: Decision) -> list[str]:
    return list(decision.kept.truths_of(decision))


def _words(truth: Any) -> str:
    return str(truth).replace("_", " ")


def _told_of_disk(policy: str, edition: str, digest: str, library: PolicyLibrary) -> str | None:
    try:
        found = library.edition(policy, edition)
    except PolicyNotFound:
        return f"{policy} {edition} is not in the library"
    except PolicyError:
        return f"{policy} {edition} in the library can no longer be used"
    return None if found.digest == digest else f"{policy} {edition} in the library is no longer the text that decided"


def _sentence(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"its {error.args[0]} is not there"
    return str(error.args[0]) if error.args else type(error).__name__
