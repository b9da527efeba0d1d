"""A ledger in one SQLite file: a log written ahead, on the disk before anything is acknowledged, one writer at a time."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from attrs import field, frozen

from si_rules.ledger.merkle import SIZE_OF_HASH, Edge, leaf_hash
from si_rules.ledger.store import FORMAT, Content, Head, LedgerError, Row

T = TypeVar("T")
MOST_WAITING: Final = 60.0  # seconds for which a writer waits for the others

_TABLES: Final = (
    "CREATE TABLE about (one INTEGER PRIMARY KEY CHECK (one = 1), format TEXT NOT NULL)",
    "CREATE TABLE records (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL, record BLOB NOT NULL)",
    "CREATE TABLE heads (size INTEGER PRIMARY KEY, root BLOB NOT NULL)",
    "CREATE TABLE edge (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, parts BLOB NOT NULL)",
    "CREATE TABLE contents (digest TEXT PRIMARY KEY, salt BLOB, content BLOB, plain BLOB)",
    "CREATE INDEX contents_by_text ON contents (plain)",
    *(
        f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'a ledger is only added to'); END"
        for table in ("about", "records", "heads")
        for act in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER contents_delete BEFORE DELETE ON contents "
    "BEGIN SELECT RAISE(ABORT, 'a ledger is only added to'); END",
    "CREATE TRIGGER contents_update BEFORE UPDATE ON contents WHEN new.digest IS NOT old.digest "
    "OR new.salt IS NOT NULL OR new.content IS NOT NULL OR new.plain IS NOT NULL "
    "BEGIN SELECT RAISE(ABORT, 'a content is only erased'); END",
)


def _told(path: Path, error: Exception) -> LedgerError:
    return LedgerError(f"{path}: {str(error).lower() or type(error).__name__}")


@frozen
class SqliteStore:
    """The rows of a ledger in a file."""

    path: Path
    connection: sqlite3.Connection = field(repr=False)

    @classmethod
    def open(cls, path: Path, only_read: bool) -> "SqliteStore":
        """Open a file; without `only_read` it is made where there is none. Raises `LedgerError`."""
        if only_read and not path.is_file():
            raise LedgerError(f"there is no ledger {path}")
        if not only_read and not path.parent.is_dir():
            raise LedgerError(f"there is no folder {path.parent} for the ledger")
        try:
            store = cls(path, _connect(path, only_read))
            if not only_read:
                store._make()
            store._check_format()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise _told(path, error) from None
        return store

    def _make(self) -> None:
        """Make the tables where there are none yet; several processes may try at once."""
        run = self.connection.execute
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA secure_delete = ON")
        if run("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return
        run("BEGIN IMMEDIATE")
        try:
            if not run("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in _TABLES:
                    run(statement)
                run("INSERT INTO about VALUES (1, ?)", (FORMAT,))
                run("INSERT INTO edge VALUES (1, 0, x'')")
            run("COMMIT")
        except BaseException:
            run("ROLLBACK")
            raise

    def _check_format(self) -> None:
        try:
            found = self.connection.execute("SELECT format FROM about").fetchall()
        except sqlite3.OperationalError:
            raise LedgerError(f"{self.path} is a database, and no ledger") from None
        if found != [(FORMAT,)]:
            told = found[0][0] if found else "nothing"
            raise LedgerError(f"{self.path} says of its format {told!r}; this version reads {FORMAT}")

    def _reading(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise _told(self.path, error) from None

    def _all(self, statement: str, given: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        return self._reading(lambda: self.connection.execute(statement, given).fetchall())

    def _each(self, statement: str) -> Iterator[tuple[Any, ...]]:
        rows = self._reading(lambda: self.connection.execute(statement))
        while (row := self._reading(rows.fetchone)) is not None:
            yield row

    @contextmanager
    def writing(self) -> Iterator["SqliteWriting"]:
        """See `Store.writing`: it waits for the others, `MOST_WAITING` seconds at most."""
        run = self.connection.execute
        self._reading(lambda: run("BEGIN IMMEDIATE"))
        try:
            yield SqliteWriting(self)
            self._reading(lambda: run("COMMIT"))
        except BaseException:
            if self.connection.in_transaction:  # a full disk may have ended it already
                run("ROLLBACK")
            raise

    def size(self) -> int:
        """See `Store.size`."""
        return int(self._all("SELECT coalesce(max(position) + 1, 0) FROM records")[0][0])

    def rows(self) -> Iterator[Row]:
        """See `Store.rows`."""
        return (_row(*row) for row in self._each("SELECT position, leaf, record FROM records ORDER BY position"))

    def row(self, position: int) -> Row | None:
        """See `Store.row`."""
        found = self._all("SELECT position, leaf, record FROM records WHERE position = ?", (position,))
        return _row(*found[0]) if found else None

    def heads(self) -> Iterator[Head]:
        """See `Store.heads`."""
        return (Head(size, _bytes(root)) for size, root in self._each("SELECT size, root FROM heads ORDER BY size"))

    def edge(self) -> Edge:
        """See `Store.edge`."""
        found = self._all("SELECT size, parts FROM edge")
        if len(found) != 1 or not isinstance(found[0][0], int) or not isinstance(found[0][1], bytes):
            raise LedgerError(f"{self.path}: the edge of the tree is not there")
        size, parts = found[0]
        return Edge(size, tuple(parts[at : at + SIZE_OF_HASH] for at in range(0, len(parts), SIZE_OF_HASH)))

    def content(self, digest: str) -> Content | None:
        """See `Store.content`."""
        found = self._all("SELECT digest, salt, content, plain FROM contents WHERE digest = ?", (digest,))
        return _content(*found[0]) if found else None

    def contents(self) -> Iterator[Content]:
        """See `Store.contents`."""
        return (_content(*row) for row in self._each("SELECT digest, salt, content, plain FROM contents"))

    def own_faults(self) -> list[str]:
        """See `Store.own_faults`."""
        found = [str(row[0]) for row in self._all("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

    def leave_no_trace(self) -> None:
        """See `Store.leave_no_trace`: the log written ahead goes into the file, where erased pages are overwritten."""
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """See `Store.close`."""
        self.connection.close()


@frozen
class SqliteWriting:
    """One transaction that adds to a file."""

    store: SqliteStore

    @property
    def edge(self) -> Edge:
        """See `Writing.edge`. Raises `LedgerError` where it is not that of the newest head: nothing may follow then."""
        edge = self.store.edge()
        newest = self.store._all("SELECT size, root FROM heads ORDER BY size DESC LIMIT 1")
        head = newest[0] if newest else (0, Edge().root)
        if not edge.is_whole or (edge.size, edge.root) != head or edge.size != self.store.size():
            raise LedgerError(f"{self.store.path} is damaged, and nothing is added to it; `si-rules verify` says where")
        return edge

    def digest_of(self, plain: bytes) -> str | None:
        """See `Writing.digest_of`."""
        found = self.store._all("SELECT digest FROM contents WHERE plain = ? ORDER BY digest LIMIT 1", (plain,))
        return found[0][0] if found else None

    def keep(self, content: Content) -> None:
        """See `Writing.keep`."""
        values = content.digest, content.salt, content.text, content.plain
        self.store._all("INSERT INTO contents VALUES (?, ?, ?, ?)", values)

    def add(self, records: list[bytes]) -> Edge:
        """See `Writing.add`."""
        edge = self.edge
        for record in records:
            leaf = leaf_hash(record)
            self.store._all("INSERT INTO records VALUES (?, ?, ?)", (edge.size, leaf, record))
            edge = edge.add(leaf)
        if records:
            self.store._all("INSERT INTO heads VALUES (?, ?)", (edge.size, edge.root))
            self.store._all("UPDATE edge SET size = ?, parts = ?", (edge.size, b"".join(edge.parts)))
        return edge

    def erase(self, digest: str) -> None:
        """See `Writing.erase`."""
        self.store._all("UPDATE contents SET salt = NULL, content = NULL, plain = NULL WHERE digest = ?", (digest,))


def _row(position: int, leaf: object, record: object) -> Row:
    return Row(position, _bytes(leaf), _bytes(record))


def _content(digest: object, *parts: object) -> Content:
    salt, text, plain = (None if part is None else _bytes(part) for part in parts)
    return Content(str(digest), salt, text, plain)


def _bytes(value: object) -> bytes:
    """The bytes of a cell. A damaged file may give another type: that is no bytes of ours, and no hash fits it."""
    return value if isinstance(value, bytes) else b""


def _connect(path: Path, only_read: bool) -> sqlite3.Connection:
    if not only_read:
        return sqlite3.connect(path, timeout=MOST_WAITING, isolation_level=None)
    where = path.resolve().as_uri()
    try:
        found = sqlite3.connect(f"{where}?mode=ro", uri=True, timeout=MOST_WAITING, isolation_level=None)
        found.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        if path.with_name(path.name + "-wal").exists():
            raise
        # A folder that may not be written to has no place for what readers share; nobody can be writing either.
        found = sqlite3.connect(f"{where}?immutable=1", uri=True, isolation_level=None)
    return found
