"""What a ledger keeps, made into what decides again: policies, evidence, cohorts; and evidence that is given beside it."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from attrs import define, field
from pydantic import BaseModel, ValidationError

from si_rules.decisions.moderation import Moderation
from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.exact_json import NotJson, loads
from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.lines import line_of
from si_rules.ledger.record import ERASURE, Entry, digest_of_content, read_json, read_record
from si_rules.ledger.store import Content, LedgerError, Store
from si_rules.ledger.texts import load_texts
from si_rules.policy import Cohort, Policy

Given: TypeAlias = tuple[BaseModel, bytes]  # evidence, and its line


@define
class Recalling:
    """Recalls what one ledger keeps; loads each edition and reads each cohort once. `LedgerError` where it cannot.

    `given` is evidence that the council keeps itself.
    """

    store: Store = field(repr=False)
    given: list[Given] = field(init=False, factory=list, repr=False)
    _given_about: dict[str, dict[str, list[Given]]] = field(init=False, factory=dict, repr=False)
    _policies: dict[str, Policy] = field(init=False, factory=dict, repr=False)
    _cohorts: dict[tuple[str, bool], Cohort] = field(init=False, factory=dict, repr=False)

    def give(self, evidence: Iterable[BaseModel]) -> None:
        """Take evidence that is not in the ledger: it is used where it fits the digest that is."""
        self.given += [(record, line_of(record).encode()) for record in evidence]
        self._given_about.clear()
        self._cohorts.clear()

    def outcome_of(self, entry: Entry) -> dict[str, Any]:
        """The recorded outcome. Raises `LedgerError`."""
        return read_json(self.text(str(entry.document.get("outcome")), "the outcome"))

    def moderation_of(self, entry: Entry) -> Moderation:
        """The moderation of a record. Raises `LedgerError`."""
        data = self.text(entry.document["moderation"], "the moderation")
        try:
            return Moderation.model_validate_json(data)
        except ValidationError:
            raise LedgerError("this version cannot read the moderation that was kept") from None

    def entry(self, record: str) -> Entry:
        """The record of an id that another record names. Raises `LedgerError`."""
        row = self.store.row(int(record.partition("-")[0]))
        if row is None:
            raise LedgerError(f"there is no record {record}")
        return read_record(row)

    def text(self, digest: str, what: str) -> bytes:
        """The text of a digest, checked against it. Raises `LedgerError`."""
        content = self.store.content(digest)
        if content is None:
            raise LedgerError(f"{what} is not in the ledger")
        if content.text is None or content.salt is None:
            raise LedgerError(f"{what} was erased{self._by_whom(digest)}")
        if not _is_whole(content):
            raise LedgerError(f"{what} is not what its digest says")
        return content.text

    # ---- deciding
    def _by_whom(self, digest: str) -> str:
        """Who erased a content, and why, as the record of it says."""
        for row in self.store.rows():
            entry = read_record(row)
            if entry.kind == ERASURE and entry.document["content"] == digest:
                return f" by {entry.document['by']}: {entry.document['why']} (record {entry.id})"
        return ", and no record says by whom"

    def policy(self, document: dict[str, Any]) -> Policy:
        """The policy that decided, by the document of its record. Raises `LedgerError`."""
        digest = document["texts"]
        if digest not in self._policies:
            self._policies[digest] = load_texts(self.text(digest, "the text of the policy"))
        policy, wanted = self._policies[digest], document["policy"]["digest"]
        if policy.digest != wanted:
            raise LedgerError(f"the kept text gives the policy {policy.digest}, not {wanted}, which decided")
        return policy

    def record(self, digest: str, policy: Policy, what: str, tried: Iterable[Given] | None) -> BaseModel:
        """The evidence of a digest; where only that is kept, it is looked for among what was given."""
        vocabulary = policy.core.vocabulary
        model = SchoolEvidence if vocabulary.name == "school" else model_of(vocabulary)
        data = self.text(digest, what) if tried is None else self._found(digest, what, tried)
        try:
            return model.model_validate(loads(data))
        except (NotJson, ValidationError):
            raise LedgerError(f"this version cannot read {what} that was kept") from None

    def _found(self, digest: str, what: str, tried: Iterable[Given]) -> bytes:
        content = self.store.content(digest)
        if content is None or content.salt is None:
            raise LedgerError(
                f"{what} was erased{self._by_whom(digest)}" if content else f"{what} is not in the ledger"
            )
        any_tried = False
        for _, line in tried:
            if digest_of_content(content.salt, line) == digest:
                return line
            any_tried = True
        if any_tried:
            raise LedgerError(f"{what} that was given is not that of the digest in the ledger")
        raise LedgerError(f"only the digest of {what} is in the ledger, and it was not given")

    def about(self, subject: str, policy: Policy) -> list[Given]:
        """What was given about a subject."""
        name = policy.core.vocabulary.identified_by
        if name not in self._given_about:
            found = self._given_about[name] = {}
            for record, line in self.given:
                found.setdefault(str(getattr(record, name, None)), []).append((record, line))
        return self._given_about[name].get(subject, [])

    def cohort(self, digest: str, policy: Policy, by_digest: bool, later: bool) -> Cohort:
        """The cohort of a digest; for a later day with what was given about its members since."""
        key = digest, later
        if key not in self._cohorts:
            document = read_json(self.text(digest, "the cohort"))
            members: list[BaseModel] = []
            for at, member in enumerate(document["members"]):
                # As a rule they are given in the order in which they were recorded.
                tried = [*self.given[at : at + 1], *self.given] if by_digest else None
                record = self.record(member, policy, "the evidence of a member", tried)
                subject = str(getattr(record, policy.core.vocabulary.identified_by))
                given = self.about(subject, policy) if later else []
                members.append(given[-1][0] if given else record)
            self._cohorts[key] = Cohort(document["name"], members, document["unread"])
        return self._cohorts[key]


def _is_whole(content: Content) -> bool:
    salt, text = content.salt, content.text
    return salt is not None and text is not None and digest_of_content(salt, text) == content.digest
