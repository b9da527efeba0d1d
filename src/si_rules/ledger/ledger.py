"""The ledger: decisions recorded for good, with all that is needed to take them again."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from attrs import define, field, frozen

from si_rules.decisions.basis import Basis, Cohort, Held
from si_rules.decisions.decision import Decision
from si_rules.evidence.facts import FactsOf
from si_rules.evidence.tables.lines import line_of
from si_rules.ledger.checkpoint import Checkpoint
from si_rules.ledger.merkle import leaf_hash
from si_rules.ledger.postgres_store import SCHEMES, PostgresStore
from si_rules.ledger.record import (
    Entry,
    Named,
    Superseding,
    decision_record,
    digest_of_content,
    erasure_record,
    explanation_digest,
    read_record,
    record_id,
)
from si_rules.ledger.replaying import Replayed, Replayer
from si_rules.ledger.sqlite_store import SqliteStore
from si_rules.ledger.store import Content, LedgerError, Store, Writing
from si_rules.ledger.texts import load_texts, texts_of
from si_rules.ledger.verifying import Verified, verify
from si_rules.policy import PolicyLibrary
from si_rules.source.canonical import canonical

_BYTES_OF_SALT: Final = 16


@frozen
class Receipt:
    """That a record is in the ledger, on the disk: its id, its index, the hash of its leaf, and the tree after it.

    `size` and `root` are those after everything that was recorded together. Hashes are hexadecimal.
    """

    id: str
    index: int
    leaf: str
    size: int
    root: str


@frozen
class _Prepared:
    """A decision with all its record names, before it has a place."""

    decision: Decision
    audience: frozenset[str] | None
    said: bytes
    evidence: bytes
    cohort: Cohort | None
    texts: bytes
    explanation: str


@define
class Ledger:
    """Decisions kept in a file. Open it with `Ledger.open`, as a context. One thread at a time; many processes may."""

    store: Store = field(repr=False)
    _texts: dict[tuple[str, str, str], bytes] = field(init=False, factory=dict, repr=False)
    _replayer: Replayer = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._replayer = Replayer(self.store)

    @classmethod
    def open(cls, path: str | Path, *, only_read: bool = False) -> "Ledger":
        """Open a ledger: a file of SQLite, or a database of PostgreSQL by its address, `postgresql://…`.

        It is made where there is none, unless `only_read`. Raises `LedgerError` where it is none, cannot be opened, or has
        a format that this version does not read; `ExtraMissing` for an address without the extra `postgres`.
        """
        if isinstance(path, str) and path.startswith(SCHEMES):
            return cls(PostgresStore.open(path, only_read))
        return cls(SqliteStore.open(Path(path), only_read))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """End. What was recorded stays."""
        self.store.close()

    def __len__(self) -> int:
        return self.store.size()

    # ---- recording
    def record(self, decision: Decision) -> Receipt:
        """Record a decision as `Policy.decide` gave it. Once this returns it is on the disk. Raises `LedgerError`."""
        return self.record_many([decision])[0]

    def record_many(self, decisions: Iterable[Decision]) -> list[Receipt]:
        """Record decisions together, all of them or none: a receipt of each, in order. Raises `LedgerError`."""
        return self._record([self._prepare(decision) for decision in decisions], None)

    def supersede(self, record: str, decision: Decision, *, by: str, why: str) -> Receipt:
        """Record a decision that takes the place of an earlier record, which stays. Raises `LedgerError`."""
        earlier = self.find(record)
        if "decision" not in earlier.document:
            raise LedgerError(f"{earlier.id} is no decision that another could take the place of")
        return self._record([self._prepare(decision)], Superseding(earlier.id, *_reasoned(by, why)))[0]

    def erase(self, record: str, *, by: str, why: str) -> Receipt:
        """Erase the evidence of a record, and record that, by whom and why. Every other proof still holds.

        The evidence is gone for every record that was made from it. The decision stays. Raises `LedgerError` where it
        is erased already.
        """
        entry = self.find(record)
        content = self.store.content(str(entry.document.get("evidence")))
        if content is None or content.text is None:
            raise LedgerError(f"{entry.id} has no evidence that could be erased")
        by, why = _reasoned(by, why)
        with self.store.writing() as writing:
            index = writing.edge.size
            data = erasure_record(index, entry.id, content.digest, by, why)
            writing.erase(content.digest)
            edge = writing.add([data])
        self.store.leave_no_trace()
        return Receipt(record_id(index, leaf_hash(data)), index, leaf_hash(data).hex(), edge.size, edge.root.hex())

    def _prepare(self, decision: Decision) -> _Prepared:
        held = decision.kept
        if not isinstance(held, Held) or not isinstance(held.read, FactsOf):
            raise LedgerError("only a decision as `Policy.decide` gives it can be recorded")
        said = decision.to_json(indent=None).encode()
        texts = self._texts_of(decision, held.basis)
        explanation = explanation_digest(decision.explain())
        return _Prepared(decision, held.roles, said, _line(held.read), held.cohort, texts, explanation)

    def _texts_of(self, decision: Decision, basis: Basis) -> bytes:
        """The text of the edition that decided. It is tried once: what is kept must give the very same policy."""
        policy = decision.policy
        key = policy.id, policy.edition, policy.digest
        if key not in self._texts:
            texts = texts_of(policy.id, policy.edition, basis.files)
            found = load_texts(texts).digest
            if found != policy.digest:
                raise LedgerError(f"the text of {policy.id} {policy.edition} does not give the policy that decided")
            self._texts[key] = texts
        return self._texts[key]

    def _record(self, prepared: list[_Prepared], superseding: Superseding | None) -> list[Receipt]:
        with self.store.writing() as writing:
            first = writing.edge.size
            keeping = _Keeping(writing)
            records = [
                decision_record(index, item.decision, item.audience, keeping.named(item), item.explanation, superseding)
                for index, item in enumerate(prepared, first)
            ]
            writing.keep(keeping.new)
            edge = writing.add(records)
        leaves = [leaf_hash(record) for record in records]
        return [
            Receipt(record_id(index, leaf), index, leaf.hex(), edge.size, edge.root.hex())
            for index, leaf in enumerate(leaves, first)
        ]

    # ---- reading
    def records(self) -> Iterator[Entry]:
        """Every record, in order. Raises `LedgerError` at one that is not whole."""
        for row in self.store.rows():
            yield read_record(row)

    def find(self, record: str) -> Entry:
        """The record of an id, or of an index alone. Raises `LedgerError`, which says what there is."""
        number, _, _ = record.partition("-")
        row = self.store.row(int(number)) if number.isascii() and number.isdigit() and len(number) < 16 else None
        if row is None:
            count = len(self)
            raise LedgerError(f"there is no record {record}; there are {f'0 to {count - 1}' if count else 'none'}")
        try:
            entry = read_record(row)
        except LedgerError as error:
            raise LedgerError(f"record {number}: {error}") from None
        if record not in (number, entry.id):
            raise LedgerError(f"record {number} is {entry.id}, not {record}")
        return entry

    def decision(self, record: str) -> dict[str, Any]:
        """The decision of a record, as it was recorded, in the published form. Raises `LedgerError`."""
        return self._replayer.decision_of(self.find(record))

    def replay(self, record: str, *, library: PolicyLibrary | None = None) -> Replayed:
        """Decide a record again, from the text and the evidence that are kept. Raises `LedgerError` for an unknown id.

        With `library` it says as well whether the edition in that library is still the one that decided.
        """
        return self._replayer.replay(self.find(record), library)

    def verify(self, checkpoint: Checkpoint | None = None) -> Verified:
        """Whether everything in the ledger is what it was when it was recorded; every fault with its place.

        With a checkpoint that was kept elsewhere, records deleted at the end are found too.
        """
        return verify(self.store, checkpoint)

    def checkpoint(self) -> Checkpoint:
        """How many records there are, and the root over them. Raises `LedgerError`."""
        edge = self.store.edge()
        return Checkpoint(edge.size, edge.root.hex())


@define
class _Keeping:
    """Keeps what the records of one transaction name, each once."""

    writing: Writing
    new: list[Content] = field(factory=list)
    _known: dict[bytes, str] = field(factory=dict)
    _cohorts: dict[int, str] = field(factory=dict)

    def named(self, item: _Prepared) -> Named:
        return Named(
            self._kept(item.said, salted=True),
            self._kept(item.evidence, salted=True),
            None if item.cohort is None else self._cohort(item.cohort),
            self._kept(item.texts, salted=False),
        )

    def _cohort(self, cohort: Cohort) -> str:
        known = self._cohorts.get(id(cohort))
        if known is None:
            members = [self._kept(_line(read), salted=True) for read in cohort.members]
            document = {"name": cohort.name, "unread": cohort.unread, "members": members}
            known = self._cohorts[id(cohort)] = self._kept(canonical(document), salted=False)
        return known

    def _kept(self, text: bytes, salted: bool) -> str:
        """The digest of a text, which is kept if it is not yet. A salt keeps it from being guessed once it is erased."""
        plain = hashlib.sha256(text).digest()
        known = self._known.get(plain) or self.writing.digests_of([plain]).get(plain)
        if known is None:
            salt = secrets.token_bytes(_BYTES_OF_SALT) if salted else b""
            known = digest_of_content(salt, text)
            self.new.append(Content(known, salt, text, plain))
        self._known[plain] = known
        return known


def _line(read: object) -> bytes:
    if not isinstance(read, FactsOf):
        raise LedgerError("only a cohort as `Cohort` gives it can be recorded")
    return line_of(read.record).encode()


def _reasoned(by: str, why: str) -> tuple[str, str]:
    if not by.strip() or not why.strip():
        raise LedgerError("say by whom, and why")
    return by.strip(), why.strip()
