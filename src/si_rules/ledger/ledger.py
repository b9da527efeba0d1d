"""The ledger: decisions recorded for good, with all that is needed to take them again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from attrs import define, field, frozen
from pydantic import BaseModel

from si_rules.decisions.decision import Decision
from si_rules.decisions.moderation import Moderation
from si_rules.ledger.checkpoint import Checkpoint
from si_rules.ledger.keeping import Keep, Keeping, Prepared, Preparing, Text, checked_keep
from si_rules.ledger.merkle import leaf_hash
from si_rules.ledger.moderating import fault_of
from si_rules.ledger.postgres_store import SCHEMES, PostgresStore
from si_rules.ledger.proof import Continuation, Proof, continuation_of, proof_of
from si_rules.ledger.recalling import Recalling
from si_rules.ledger.record import (
    DECIDED,
    MODERATION,
    Entry,
    Superseding,
    decision_record,
    erasure_record,
    moderation_record,
    read_record,
    record_id,
)
from si_rules.ledger.replaying import Otherwise, Replayed, Replayer
from si_rules.ledger.sqlite_store import SqliteStore
from si_rules.ledger.store import LedgerError, Store
from si_rules.ledger.verifying import Verified, verify
from si_rules.policy import Policy, PolicyLibrary
from si_rules.source.canonical import canonical


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


@define
class Ledger:
    """Decisions kept in a file. Open it with `Ledger.open`, as a context. One thread at a time; many processes may."""

    store: Store = field(repr=False)
    _preparing: Preparing = field(init=False, factory=Preparing, repr=False)
    _recall: Recalling = field(init=False, repr=False)
    _replayer: Replayer = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._recall = Recalling(self.store)
        self._replayer = Replayer(self._recall)

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
    def record(self, decision: Decision, *, keep: Keep = "whole") -> Receipt:
        """Record a decision as `Policy.decide` gave it. Once this returns it is on the disk. Raises `LedgerError`.

        With `keep="digest"` only a digest of the evidence is kept: to decide again, whoever has the evidence gives it.
        """
        return self.record_many([decision], keep=keep)[0]

    def record_many(self, decisions: Iterable[Decision], *, keep: Keep = "whole") -> list[Receipt]:
        """Record decisions together, all of them or none: a receipt of each, in order. Raises `LedgerError`."""
        return self._record([self._preparing.prepared(decision) for decision in decisions], keep, None)

    def supersede(self, record: str, decision: Decision, *, by: str, why: str, keep: Keep = "whole") -> Receipt:
        """Record a decision that takes the place of an earlier record, which stays. Raises `LedgerError`."""
        earlier = self.find(record)
        if earlier.kind not in DECIDED:
            raise LedgerError(f"{earlier.id} is no decision that another could take the place of")
        superseding = Superseding(earlier.id, *_reasoned(by, why))
        return self._record([self._preparing.prepared(decision)], keep, superseding)[0]

    def moderate(self, record: str, moderation: Moderation) -> Receipt:
        """Record what people decided beside the outcome of a record, which stays as it is.

        Raises `LedgerError` where the moderation is not about that decision, as it comes out again from what is kept; where
        it is recorded already; and where it supersedes one that is not.
        """
        entry = self.find(record)
        decision = self._replayer.decision(entry)
        earlier = dict(self._moderations())
        if moderation.id in {item.id for item in earlier.values()}:
            raise LedgerError(f"the moderation {moderation.id} is recorded already")
        fault = fault_of(moderation, decision, earlier.values())
        if fault is not None:
            raise LedgerError(f"the moderation {moderation.id} is not about {entry.id}: {fault}")
        superseded = next((name for name, item in earlier.items() if item.id == moderation.supersedes), None)
        text = Text.of(canonical(moderation.model_dump(mode="json")))

        def made(keeping: Keeping, index: int) -> bytes:
            return moderation_record(index, entry.id, keeping.kept(text), superseded)

        return self._add([made], "whole")[0]

    def erase(self, record: str, *, by: str, why: str) -> Receipt:
        """Erase the evidence of a record, or what a moderation says, and record that, by whom and why.

        It is gone for every record that was made from it. The decision stays, and every other proof still holds. Raises
        `LedgerError` where it is erased already.
        """
        entry = self.find(record)
        content = self.store.content(str(entry.document.get("evidence") or entry.document.get("moderation")))
        if content is None or content.salt is None:
            raise LedgerError(f"{entry.id} has nothing that could be erased")
        by, why = _reasoned(by, why)

        def made(keeping: Keeping, index: int) -> bytes:
            keeping.writing.erase(content.digest)
            return erasure_record(index, entry.id, content.digest, by, why)

        receipt = self._add([made], "whole")[0]
        self.store.leave_no_trace()
        return receipt

    def _record(self, prepared: list[Prepared], keep: Keep, superseding: Superseding | None) -> list[Receipt]:
        def making(item: Prepared) -> Callable[[Keeping, int], bytes]:
            return lambda keeping, index: decision_record(
                index, item.decision, item.audience, keeping.named(item), item.explanation, superseding
            )

        texts = [text for item in prepared for text in (item.outcome, item.evidence)]
        return self._add([making(item) for item in prepared], checked_keep(keep), texts)

    def _add(self, making: Sequence[Callable[[Keeping, int], bytes]], keep: Keep,
             texts: Iterable[Text] = ()) -> list[Receipt]:  # fmt: skip
        """Add records, each made once its place is known, in one transaction."""
        with self.store.writing() as writing:
            first = writing.edge.size
            keeping = Keeping(writing, keep)
            keeping.look_up(texts)
            records = [make(keeping, index) for index, make in enumerate(making, first)]
            writing.keep(keeping.new)
            edge = writing.add(records)
        leaves = [leaf_hash(record) for record in records]
        root = edge.root.hex()
        return [
            Receipt(record_id(index, leaf), index, leaf.hex(), edge.size, root)
            for index, leaf in enumerate(leaves, first)
        ]

    def _moderations(self) -> Iterator[tuple[str, Moderation]]:
        """The moderations recorded so far, but for those that were erased, each with the id of its record."""
        for entry in self.records():
            if entry.kind == MODERATION:
                content = self.store.content(entry.document["moderation"])
                if content is None or content.salt is not None:
                    yield entry.id, self._recall.moderation_of(entry)

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

    def outcome(self, record: str) -> dict[str, Any]:
        """What the decision of a record came to, as it was recorded: `si-rules/outcome/1`. Raises `LedgerError`."""
        return self._recall.outcome_of(self.find(record))

    def moderation(self, record: str) -> Moderation:
        """The moderation of a record. Raises `LedgerError`."""
        entry = self.find(record)
        if entry.kind != MODERATION:
            raise LedgerError(f"{entry.id} is no moderation")
        return self._recall.moderation_of(entry)

    def decision(self, record: str) -> Decision:
        """The decision of a record, made again from the text and the evidence that are kept, so that it can explain itself.

        Raises `LedgerError` where it cannot be made, and where it comes to another outcome than was recorded.
        """
        return self._replayer.decision(self.find(record))

    def policy(self, record: str) -> Policy:
        """The policy that decided, from the text that is kept. Raises `LedgerError`."""
        entry = self.find(record)
        if entry.kind not in DECIDED:
            raise LedgerError(f"{entry.id} is no decision")
        return self._recall.policy(entry.document)

    def give(self, evidence: Iterable[BaseModel]) -> None:
        """Give evidence from elsewhere to decide again with. Nothing of it is kept.

        `replay` takes from it what the ledger holds only the digest of, where it fits that; `replay_known_at` what is known
        of a subject later.
        """
        self._recall.give(evidence)

    def replay(self, record: str, *, library: PolicyLibrary | None = None) -> Replayed:
        """Decide a record again, from the text and the evidence that are kept. Raises `LedgerError` for an unknown id.

        With `library` it says as well whether the edition in that library is still the one that decided.
        """
        return self._replayer.replay(self.find(record), library)

    def replay_as_if(self, record: str, policy: Policy) -> Replayed:
        """What a policy, in force or not, would have said on the same evidence and dates. Raises `LedgerError`.

        It compares what was decided, not wording or dates: what follows, classes, triggers and values.
        """
        return self._replayer.replay_otherwise(self.find(record), Otherwise(policy=policy))

    def replay_known_at(self, record: str, known_at: date) -> Replayed:
        """What the same policy would have said on the same day, with what was known at a later one.

        It uses the evidence that was given about the subject and the members of the cohort (see `give`), else that which is
        recorded, of which more may have been published by then. Raises `LedgerError`.
        """
        return self._replayer.replay_otherwise(self.find(record), Otherwise(known_at=known_at))

    def verify(self, checkpoint: Checkpoint | None = None) -> Verified:
        """Whether everything in the ledger is what it was when it was recorded; every fault with its place.

        With a checkpoint that was kept elsewhere, records deleted at the end are found too.
        """
        return verify(self.store, checkpoint)

    def proof(self, record: str, size: int | None = None, *, with_evidence: bool = False) -> Proof:
        """That a record stands in the ledger as it was when it held `size` records, now if none is given.

        Whoever has the proof and a checkpoint of that size needs no ledger, and learns nothing of other records. It holds
        what the record names but for texts, cohort and, unless `with_evidence`, evidence. Raises `LedgerError`.
        """
        with self.store.snapshot():
            return proof_of(self.store, self.find(record), self._size(size), with_evidence)

    def continuation(self, earlier: int, size: int | None = None) -> Continuation:
        """That the ledger of `size` records, now if none is given, begins with the `earlier` ones. Raises `LedgerError`."""
        with self.store.snapshot():
            return continuation_of(self.store, earlier, self._size(size))

    def _size(self, size: int | None) -> int:
        count = len(self)
        if size is not None and not 0 <= size <= count:
            raise LedgerError(f"the ledger has {count} records, not {size}")
        return count if size is None else size

    def checkpoint(self) -> Checkpoint:
        """How many records there are, and the root over them. Raises `LedgerError`."""
        edge = self.store.edge()
        return Checkpoint(edge.size, edge.root.hex())


def _reasoned(by: str, why: str) -> tuple[str, str]:
    if not by.strip() or not why.strip():
        raise LedgerError("say by whom, and why")
    return by.strip(), why.strip()
