"""The rows of a ledger in a database that speaks SQL: what SQLite and PostgreSQL have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, TypeAlias

from attrs import define

from si_rules.ledger.merkle import SIZE_OF_HASH, Edge, leaf_hash
from si_rules.ledger.store import FORMAT, Content, Head, LedgerError, Row

Values: TypeAlias = tuple[Any, ...]
TOGETHER: Final = 400  # values in one question: databases take so many at least

ONLY_ADDED_TO: Final = "a ledger is only added to"
ONLY_ERASED: Final = "a content is only erased"


class SqlStore(ABC):
    """The rows of a ledger in a database. Statements have `?` for each value that is given to them."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What the ledger is called in sentences; no password stands in it."""

    @abstractmethod
    def run(self, statement: str, given: Values = ()) -> list[Values]:
        """Run a statement: the rows it gives. Raises `LedgerError` where the database fails."""

    @abstractmethod
    def run_many(self, statement: str, given: Sequence[Values]) -> None:
        """Run a statement for each of several values. Raises `LedgerError`."""

    @abstractmethod
    def each(self, statement: str) -> Iterator[Values]:
        """Each row that a statement gives, without holding all at once. Raises `LedgerError`."""

    @abstractmethod
    def transaction(self, writes: bool) -> AbstractContextManager[None]:
        """All that is done inside sees the same rows; what it writes is there whole, or not at all."""

    @abstractmethod
    def own_faults(self) -> list[str]:
        """See `Store.own_faults`."""

    @abstractmethod
    def leave_no_trace(self) -> None:
        """See `Store.leave_no_trace`."""

    @abstractmethod
    def close(self) -> None:
        """See `Store.close`."""

    def snapshot(self) -> AbstractContextManager[None]:
        """See `Store.snapshot`."""
        return self.transaction(writes=False)

    @contextmanager
    def writing(self) -> Iterator["SqlWriting"]:
        """See `Store.writing`."""
        with self.transaction(writes=True):
            yield SqlWriting(self)

    def check_format(self) -> None:
        """Raises `LedgerError` for a format that this version does not read."""
        found = self.run("SELECT format FROM about")
        if found != [(FORMAT,)]:
            told = found[0][0] if found else "nothing"
            raise LedgerError(f"{self.name} says of its format {told!r}; this version reads {FORMAT}")

    def size(self) -> int:
        """See `Store.size`."""
        return int(self.run("SELECT coalesce(max(position) + 1, 0) FROM records")[0][0])

    def rows(self) -> Iterator[Row]:
        """See `Store.rows`."""
        return (_row(*row) for row in self.each("SELECT position, leaf, record FROM records ORDER BY position"))

    def row(self, position: int) -> Row | None:
        """See `Store.row`."""
        found = self.run("SELECT position, leaf, record FROM records WHERE position = ?", (position,))
        return _row(*found[0]) if found else None

    def leaves(self, size: int) -> list[bytes]:
        """See `Store.leaves`."""
        return [_bytes(row[0]) for row in self.run("SELECT leaf FROM records WHERE position < ? ORDER BY position", (size,))]  # fmt: skip

    def heads(self) -> Iterator[Head]:
        """See `Store.heads`."""
        return (Head(size, _bytes(root)) for size, root in self.each("SELECT size, root FROM heads ORDER BY size"))

    def edge(self) -> Edge:
        """See `Store.edge`."""
        found = self.run("SELECT size, parts FROM edge")
        if len(found) != 1 or not isinstance(found[0][0], int) or not isinstance(found[0][1], bytes):
            raise LedgerError(f"{self.name}: the edge of the tree is not there")
        size, parts = found[0]
        return Edge(size, tuple(parts[at : at + SIZE_OF_HASH] for at in range(0, len(parts), SIZE_OF_HASH)))

    def content(self, digest: str) -> Content | None:
        """See `Store.content`."""
        found = self.run("SELECT digest, salt, content, plain FROM contents WHERE digest = ?", (digest,))
        return _content(*found[0]) if found else None

    def contents(self) -> Iterator[Content]:
        """See `Store.contents`."""
        return (_content(*row) for row in self.each("SELECT digest, salt, content, plain FROM contents"))


@define
class SqlWriting:
    """One transaction that adds."""

    store: SqlStore

    @property
    def edge(self) -> Edge:
        """See `Writing.edge`. Raises `LedgerError` where it is not that of the newest head: nothing may follow then."""
        edge = self.store.edge()
        newest = self.store.run("SELECT size, root FROM heads ORDER BY size DESC LIMIT 1")
        head = newest[0] if newest else (0, Edge().root)
        if not edge.is_whole or (edge.size, edge.root) != head or edge.size != self.store.size():
            raise LedgerError(f"{self.store.name} is damaged, and nothing is added to it; `si-rules verify` says where")
        return edge

    def digests_of(self, plains: Sequence[bytes]) -> dict[bytes, str]:
        """See `Writing.digests_of`."""
        found: dict[bytes, str] = {}
        for at in range(0, len(plains), TOGETHER):
            some = tuple(plains[at : at + TOGETHER])
            marks = ", ".join("?" * len(some))
            statement = f"SELECT plain, digest FROM contents WHERE plain IN ({marks}) ORDER BY digest DESC"
            found |= {_bytes(plain): str(digest) for plain, digest in self.store.run(statement, some)}
        return found

    def keep(self, contents: Sequence[Content]) -> None:
        """See `Writing.keep`."""
        values = [(item.digest, item.salt, item.text, item.plain) for item in contents]
        self.store.run_many("INSERT INTO contents (digest, salt, content, plain) VALUES (?, ?, ?, ?)", values)

    def add(self, records: Sequence[bytes]) -> Edge:
        """See `Writing.add`."""
        edge = self.edge
        values: list[Values] = []
        for record in records:
            leaf = leaf_hash(record)
            values.append((edge.size, leaf, record))
            edge = edge.add(leaf)
        if values:
            self.store.run_many("INSERT INTO records (position, leaf, record) VALUES (?, ?, ?)", values)
            self.store.run("INSERT INTO heads (size, root) VALUES (?, ?)", (edge.size, edge.root))
            self.store.run("UPDATE edge SET size = ?, parts = ?", (edge.size, b"".join(edge.parts)))
        return edge

    def erase(self, digest: str) -> None:
        """See `Writing.erase`."""
        self.store.run("UPDATE contents SET salt = NULL, content = NULL, plain = NULL WHERE digest = ?", (digest,))


def _row(position: int, leaf: object, record: object) -> Row:
    return Row(position, _bytes(leaf), _bytes(record))


def _content(digest: object, *parts: object) -> Content:
    salt, text, plain = (None if part is None else _bytes(part) for part in parts)
    return Content(str(digest), salt, text, plain)


def _bytes(value: object) -> bytes:
    """The bytes of a cell. A damaged file may give another type: that is no bytes of ours, and no hash fits it."""
    return value if isinstance(value, bytes) else b""
