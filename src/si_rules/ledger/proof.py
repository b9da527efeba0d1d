"""Proofs that need no ledger: that a record stands in one, and that one ledger is continued by another."""

import binascii
from collections.abc import Iterable
from typing import Any, Final

from attrs import field, frozen

from si_rules.ledger.checkpoint import Checkpoint
from si_rules.ledger.merkle import consistency_proof, includes, inclusion_proof, is_continued, leaf_hash, root_of
from si_rules.ledger.record import Entry, digest_of_content, read_json, read_record
from si_rules.ledger.store import Content, LedgerError, Row, Store
from si_rules.source.canonical import canonical

FORMAT: Final = "si-rules/proof/1"
MOST_BYTES: Final = 20_000_000
_MOST_STEPS: Final = 64


@frozen
class Proof:
    """That a record is among those that a checkpoint counts: the record, what it names, and the path to the root.

    `contents` are those that go with it; the others it names by their digests only. Nothing is said by it of any other
    record but how many there are.
    """

    record: bytes = field(repr=False)
    checkpoint: Checkpoint
    path: tuple[str, ...] = field(repr=False)
    contents: tuple[Content, ...] = field(repr=False)

    def check(self, checkpoint: Checkpoint | None = None) -> Entry:
        """The record, once it is shown to stand there. Raises `LedgerError`, which says what is wrong.

        With a checkpoint that was kept, or signed, it must be that one: without, the proof holds only for the root that it
        brings itself.
        """
        if checkpoint is not None and checkpoint != self.checkpoint:
            own = self.checkpoint
            if checkpoint.size == own.size:
                raise LedgerError("its root is not that of the checkpoint")
            raise LedgerError(f"it is a proof of {own.size} records, and the checkpoint counts {checkpoint.size}")
        index = read_json(self.record).get("index")
        leaf = leaf_hash(self.record)
        if type(index) is not int:
            raise LedgerError("its record has no index")
        if not includes(bytes.fromhex(self.checkpoint.root), self.checkpoint.size, leaf, index, _bytes(self.path)):
            raise LedgerError("its record does not give the root: one of them was altered, or forged")
        entry = read_record(Row(index, leaf, self.record))
        named = entry.names()
        for item in self.contents:
            if item.digest not in named:
                raise LedgerError(f"its record does not name the content {item.digest}")
            if item.salt is None or item.text is None or digest_of_content(item.salt, item.text) != item.digest:
                raise LedgerError(f"the content {item.digest} is not what its digest says")
        return entry

    def content(self, digest: str) -> bytes | None:
        """The bytes of a content that goes with it."""
        return next((item.text for item in self.contents if item.digest == digest), None)

    def to_json(self) -> str:
        """The text of its file, a line."""
        contents = [
            {"digest": item.digest, "salt": item.salt.hex(), "content": item.text.decode("utf-8")}
            for item in self.contents
            if item.salt is not None and item.text is not None
        ]
        document = {
            "format": FORMAT, "record": self.record.decode("utf-8"), "size": self.checkpoint.size,
            "root": self.checkpoint.root, "path": list(self.path), "contents": contents,
        }  # fmt: skip
        return canonical(document).decode() + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> "Proof":
        """The proof of a file, not checked yet. Raises `LedgerError` for anything else."""
        if len(data) > MOST_BYTES:
            raise LedgerError("it is too long for a proof")
        document = read_json(data)
        if document.get("format") != FORMAT:
            raise LedgerError(f"its format is {document.get('format')!r}; this version reads {FORMAT}")
        record, path, contents = document.get("record"), document.get("path"), document.get("contents")
        if not isinstance(record, str) or not _are_texts(path) or not isinstance(contents, list):
            raise LedgerError("it has no record, path and contents")
        checkpoint = Checkpoint.from_document({**document, "format": "si-rules/checkpoint/1"})
        try:
            return cls(record.encode("utf-8"), checkpoint, tuple(path or ()), tuple(map(_content, contents)))
        except UnicodeEncodeError:
            raise LedgerError("it holds signs that no text has") from None


@frozen
class Continuation:
    """That the ledger of one checkpoint begins with all that an earlier one counted: nothing was altered or taken away."""

    before: Checkpoint
    now: Checkpoint
    path: tuple[str, ...] = field(repr=False)

    @property
    def holds(self) -> bool:
        """Whether the path shows it."""
        before, now = self.before, self.now
        roots = bytes.fromhex(before.root), bytes.fromhex(now.root)
        return is_continued(roots[0], before.size, roots[1], now.size, _bytes(self.path))


def proof_of(store: Store, entry: Entry, size: int, with_evidence: bool) -> Proof:
    """See `Ledger.proof`."""
    row = store.row(entry.index)
    if entry.index >= size or row is None:
        raise LedgerError(f"{entry.id} came after the first {size} records")
    shown = ["outcome", "moderation", *(["evidence"] if with_evidence else [])]
    found = [store.content(str(entry.document[key])) for key in shown if key in entry.document]
    leaves = store.leaves(size)
    contents = tuple(item for item in found if item is not None and item.text is not None)
    path = tuple(part.hex() for part in inclusion_proof(leaves, entry.index))
    return Proof(row.record, Checkpoint(size, root_of(leaves).hex()), path, contents)


def continuation_of(store: Store, earlier: int, size: int) -> Continuation:
    """See `Ledger.continuation`."""
    if not 0 < earlier <= size:
        raise LedgerError(f"there is no earlier ledger of {earlier} records to one of {size}")
    leaves = store.leaves(size)
    path = tuple(part.hex() for part in consistency_proof(leaves, earlier))
    before, now = (Checkpoint(count, root_of(leaves[:count]).hex()) for count in (earlier, size))
    return Continuation(before, now, path)


def _bytes(path: Iterable[str]) -> list[bytes]:
    try:
        return [bytes.fromhex(part) for part in path]
    except ValueError:
        raise LedgerError("its path is not of hexadecimal hashes") from None


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _MOST_STEPS and all(isinstance(item, str) for item in value)


def _content(item: Any) -> Content:
    try:
        salt, text = binascii.unhexlify(item["salt"]), item["content"].encode("utf-8")
        return Content(str(item["digest"]), salt, text, None)
    except (TypeError, KeyError, AttributeError, ValueError):
        raise LedgerError("a content of it has no digest, salt and content") from None
