"""Whether a ledger is what it was: every byte that is read is held against a hash, without deciding anything."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Final

from attrs import define, field, frozen

from si_rules.ledger.checkpoint import Checkpoint
from si_rules.ledger.merkle import Edge, root_of
from si_rules.ledger.record import BY_DIGEST, DECIDED, ERASURE, Entry, digest_of_content, read_json, read_record
from si_rules.ledger.store import Content, LedgerError, Store

_MOST_MISSING: Final = 10_000


@frozen
class Fault:
    """Something that is not what it was: where, `record 12` or `the tree`, and what is wrong there."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@frozen
class Verified:
    """What was found: how many records there are, the root over them, what was erased, and every fault."""

    size: int
    root: str
    erased: int
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(store: Store, checkpoint: Checkpoint | None = None) -> Verified:
    """Check everything in a store. Never raises for what is wrong in it: each fault is told with its place.

    With a checkpoint it must begin with the records that this counted.
    """
    return _Verifying(store, checkpoint).run()


@define
class _Verifying:
    store: Store
    checkpoint: Checkpoint | None
    faults: list[Fault] = field(factory=list)
    ids: list[str] = field(factory=list)
    leaves: list[bytes] = field(factory=list)
    named: dict[str, str] = field(factory=dict)  # what records name, each with the first record that does
    cohorts: dict[str, bool] = field(factory=dict)  # of each whether its members are kept by digest only
    by_digest: set[str] = field(factory=set)  # what may be there without its text
    erased: set[str] = field(factory=set)  # what records say was erased
    kept: dict[str, tuple[bool, bool]] = field(factory=dict)  # of each content whether its text, and its salt, is there
    wrong: dict[str, str] = field(factory=dict)  # of a content what is wrong with it

    def run(self) -> Verified:
        try:
            with self.store.snapshot():
                self._look()
        except LedgerError as error:
            self.faults.append(Fault("the ledger", f"cannot be read: {error}"))
        return Verified(len(self.ids), root_of(self.leaves).hex(), len(self.erased), tuple(dict.fromkeys(self.faults)))

    def _look(self) -> None:
        self._trying("the file", self._file)
        self._trying("the records", self._records)
        self._trying("the tree", self._tree)
        self._trying("the checkpoint", self._checkpoint)
        self._trying("the contents", self._contents)
        self.faults.extend(self._of_contents())

    def _trying(self, where: str, work: Callable[[], Iterator[Fault]]) -> None:
        """Take in what a check finds; where the database cannot be read any further, that is a fault itself."""
        try:
            for fault in work():
                self.faults.append(fault)
        except LedgerError as error:
            self.faults.append(Fault(where, f"cannot be read: {error}"))

    def _file(self) -> Iterator[Fault]:
        for told in self.store.own_faults():
            yield Fault("the file", told)

    def _records(self) -> Iterator[Fault]:
        for row in self.store.rows():
            if not 0 <= row.position - len(self.ids) <= _MOST_MISSING:
                raise LedgerError(f"after {len(self.ids)} records one stands at place {row.position}")
            while len(self.ids) < row.position:
                yield Fault(f"record {len(self.ids)}", "it is missing")
                self.ids.append("")
                self.leaves.append(b"")
            self.leaves.append(row.leaf)
            try:
                entry = read_record(row)
            except LedgerError as error:
                self.ids.append("")
                yield Fault(f"record {row.position}", str(error))
                continue
            self.ids.append(entry.id)
            yield from self._take(entry)

    def _take(self, entry: Entry) -> Iterator[Fault]:
        """Note what a record names; it may speak of earlier records only."""
        for name in entry.names():
            self.named.setdefault(name, entry.id)
        if entry.kind == ERASURE:
            self.erased.add(entry.document["content"])
        elif entry.kind in DECIDED:
            only_digest = entry.document["kept"] == BY_DIGEST
            if only_digest:
                self.by_digest.add(entry.document["evidence"])
            if entry.document["cohort"] is not None:
                self.cohorts[entry.document["cohort"]] = only_digest
        for earlier in entry.earlier:
            if not self._is_earlier(earlier, entry.index):
                yield Fault(f"record {entry.id}", f"there is no earlier record {earlier}")

    def _is_earlier(self, record: str, index: int) -> bool:
        number = record.partition("-")[0]
        at = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else index
        return at < index and self.ids[at] in ("", record)  # one that cannot be read is told in its own place

    def _tree(self) -> Iterator[Fault]:
        """The first root that is not that of the records before it, and the last one, which must count all of them."""
        edge, heads, broken = Edge(), self.store.heads(), False
        newest, before = 0, 0
        for head in heads:
            newest = head.size
            if newest > len(self.leaves):
                yield Fault("the tree", f"it once held {newest} records, and there are {len(self.leaves)}")
                return
            for leaf in self.leaves[edge.size : newest]:
                edge = edge.add(leaf)
            if edge.root != head.root and not broken:
                broken = True
                yield Fault(
                    f"records {before} to {newest - 1}", "they do not give the root that was recorded with them"
                )
            before = newest
        if newest != len(self.leaves):
            yield Fault(f"records {newest} to {len(self.leaves) - 1}", "no root was recorded with them")
        elif not broken and self.store.edge() != edge:
            yield Fault("the tree", "its edge is not that of the records")

    def _checkpoint(self) -> Iterator[Fault]:
        if self.checkpoint is None:
            return
        size, count = self.checkpoint.size, len(self.leaves)
        if size > count:
            yield Fault(
                "the checkpoint", f"it counts {size} records, and there are {count}: some at the end were deleted"
            )
        elif root_of(self.leaves[:size]).hex() != self.checkpoint.root:
            yield Fault("the checkpoint", f"its root is not that of the first {size} records")

    def _contents(self) -> Iterator[Fault]:
        for content in self.store.contents():
            digest = content.digest
            told = _wrong_with(content)
            if told is not None:
                self.wrong[digest] = told
            elif digest in self.cohorts and content.text is not None:
                members = [str(member) for member in read_json(content.text)["members"]]
                for member in members:
                    self.named.setdefault(member, self.named[digest])
                if self.cohorts[digest]:
                    self.by_digest.update(members)
            self.kept[digest] = content.text is not None, content.salt is not None
        yield from ()

    def _of_contents(self) -> Iterator[Fault]:
        """What is wrong with what records name; that nothing else is kept, and nothing erased without a record of it."""
        for digest, record in self.named.items():
            where = f"record {record}"
            has_text, has_salt = self.kept.get(digest, (False, False))
            if digest not in self.kept:
                yield Fault(where, f"what it names is not there: {digest}")
            elif digest in self.wrong:
                yield Fault(where, f"what it names is not what its digest says: {digest}")
            elif digest in self.erased:
                if has_salt:
                    yield Fault(where, f"what was recorded as erased is still there: {digest}")
            elif not has_text and not (has_salt and digest in self.by_digest):
                yield Fault(where, f"what it names was erased, and no record says so: {digest}")
        for digest in self.kept:
            if digest not in self.named:
                yield Fault(f"content {digest}", self.wrong.get(digest, "no record names it"))


def _wrong_with(content: Content) -> str | None:
    """What is wrong with a content by itself: it is whole, or has only its salt, or was erased."""
    salt, text, plain = content.salt, content.text, content.plain
    if text is None and (salt is None or plain == hashlib.sha256(salt).digest()):
        return None if salt is not None or plain is None else "a part of it is not there"
    if salt is None or text is None or plain is None:
        return "a part of it is not there"
    if digest_of_content(salt, text) != content.digest or hashlib.sha256(text).digest() != plain:
        return "it is not what its digest says"
    return None
