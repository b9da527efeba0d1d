"""Decides again what was recorded, by the text and the evidence that the ledger keeps, and says where it comes out otherwise."""

import datetime
from typing import Any

from attrs import define, field, frozen
from pydantic import BaseModel, ValidationError

from si_rules._version import __version__
from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.exact_json import NotJson, loads
from si_rules.evidence.school import SchoolEvidence
from si_rules.ledger.record import ERASURE, Entry, digest_of_content, explanation_digest, read_json
from si_rules.ledger.store import Content, LedgerError, Store
from si_rules.ledger.texts import load_texts
from si_rules.policy import Cohort, Policy, PolicyLibrary, PolicyNotFound
from si_rules.source.diagnostics import PolicyError

SAME = "same"
DIFFERS = "differs"
NOT_REPLAYED = "not replayed"


@frozen
class Replayed:
    """What came of deciding a record again: `same`, `differs` or `not replayed`.

    Of one that differs, `where` is the first place in the decision at which it does, `was` and `now` what stood and stands
    there, as JSON values; `why` says it in a sentence, and of one that is not replayed the reason. `on_disk` says how the
    edition in the library that was asked differs from the one that decided, None where it does not.
    """

    id: str
    status: str
    subject: str | None = None
    why: str | None = None
    where: str | None = None
    was: Any = None
    now: Any = None
    on_disk: str | None = None


class _CannotReplay(Exception):
    """Why a record cannot be decided again."""


@define
class Replayer:
    """Replays records of one ledger; loads each edition and reads each cohort once."""

    store: Store = field(repr=False)
    _policies: dict[str, Policy] = field(init=False, factory=dict, repr=False)
    _cohorts: dict[str, Cohort] = field(init=False, factory=dict, repr=False)
    _on_disk: dict[tuple[str, str, str], str | None] = field(init=False, factory=dict, repr=False)

    def replay(self, entry: Entry, library: PolicyLibrary | None) -> Replayed:
        """See `Ledger.replay`."""
        if entry.kind == ERASURE:
            return Replayed(entry.id, NOT_REPLAYED, why="it says that evidence was erased, and decides nothing")
        subject: str | None = None
        try:
            was = self.decision_of(entry)
            subject = str(was["subject"]["id"])
            found = self._decided(entry, was)
        except (_CannotReplay, LedgerError, EvidenceError, LookupError, TypeError, ValueError) as error:
            return Replayed(entry.id, NOT_REPLAYED, subject, why=_sentence(error))
        where, before, now, why = found or (None, None, None, None)
        status = DIFFERS if found else SAME
        told = None if library is None else self._differs_on_disk(entry, library)
        return Replayed(entry.id, status, subject, why, where, before, now, told)

    def decision_of(self, entry: Entry) -> dict[str, Any]:
        """The recorded decision. Raises `LedgerError`."""
        return read_json(self._text(str(entry.document.get("decision")), "the decision"))

    def _text(self, digest: str, what: str) -> bytes:
        """The text of a digest, checked against it."""
        content = self.store.content(digest)
        if content is None:
            raise LedgerError(f"{what} is not in the ledger")
        if content.text is None or content.salt is None:
            raise LedgerError(f"{what} was erased")
        if not _is_whole(content):
            raise LedgerError(f"{what} is not what its digest says")
        return content.text

    def _decided(self, entry: Entry, was: dict[str, Any]) -> tuple[str, Any, Any, str] | None:
        """The first difference between a recorded decision and the one that comes now: place, was, now, sentence."""
        document = entry.document
        policy = self._policy(document)
        audience, named = document["audience"], document["cohort"]
        decision = policy.decide(
            self._record(document["evidence"], policy, "the evidence"),
            on=datetime.date.fromisoformat(document["on"]),
            known_at=datetime.date.fromisoformat(document["known_at"]),
            cohort=None if named is None else self._cohort(named, policy),
            as_if=document["as_if"] is True,
            audience=audience,
        )
        found = first_difference(was, read_json(decision.to_json(indent=None).encode()))
        version = f"recorded by version {document['library']}, decided again by {__version__}"
        if found is not None:
            return *found, f"{found[0]} differs; {version}"
        now = explanation_digest(decision.explain())
        if now != document["explanation"]:
            told = f"the decision is the same, the steps to it are not; {version}"
            return "explanation", document["explanation"], now, told
        return None

    def _policy(self, document: dict[str, Any]) -> Policy:
        digest = document["texts"]
        if digest not in self._policies:
            self._policies[digest] = load_texts(self._text(digest, "the text of the policy"))
        policy, wanted = self._policies[digest], document["policy"]["digest"]
        if policy.digest != wanted:
            raise _CannotReplay(f"the kept text gives the policy {policy.digest}, not {wanted}, which decided")
        return policy

    def _record(self, digest: str, policy: Policy, what: str) -> BaseModel:
        vocabulary = policy.core.vocabulary
        model = SchoolEvidence if vocabulary.name == "school" else model_of(vocabulary)
        try:
            return model.model_validate(loads(self._text(digest, what)))
        except (NotJson, ValidationError):
            raise _CannotReplay(f"this version cannot read {what} that was kept") from None

    def _cohort(self, digest: str, policy: Policy) -> Cohort:
        if digest not in self._cohorts:
            document = read_json(self._text(digest, "the cohort"))
            members = [self._record(member, policy, "the evidence of a member") for member in document["members"]]
            self._cohorts[digest] = Cohort(document["name"], members, document["unread"])
        return self._cohorts[digest]

    def _differs_on_disk(self, entry: Entry, library: PolicyLibrary) -> str | None:
        policy = entry.document["policy"]
        key = policy["id"], policy["edition"], policy["digest"]
        if key not in self._on_disk:
            self._on_disk[key] = _told_of_disk(*key, library)
        return self._on_disk[key]


def first_difference(was: Any, now: Any, place: str = "") -> tuple[str, Any, Any] | None:
    """The first place at which two JSON values differ, in the order of the first, and what stands there in each."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in [*was, *(key for key in now if key not in was)]:
            found = first_difference(was.get(key), now.get(key), f"{place}.{key}" if place else str(key))
            if found is not None:
                return found
        return None
    if isinstance(was, list) and isinstance(now, list):
        for number, (one, other) in enumerate(zip(was, now, strict=False)):
            name = one.get("id") if isinstance(one, dict) else None
            found = first_difference(one, other, f"{place}[{name or number}]")
            if found is not None:
                return found
        if len(was) != len(now):
            return f"{place}[{min(len(was), len(now))}]", was[len(now) :], now[len(was) :]
        return None
    return None if type(was) is type(now) and was == now else (place, was, now)


def _is_whole(content: Content) -> bool:
    salt, text = content.salt, content.text
    return salt is not None and text is not None and digest_of_content(salt, text) == content.digest


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
