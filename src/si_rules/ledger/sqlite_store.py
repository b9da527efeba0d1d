"""A ledger in one SQLite file: a log written ahead, on the disk before anything is acknowledged, one writer at a time."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from attrs import field, frozen

from si_rules.ledger.sql_store import ONLY_ADDED_TO, ONLY_ERASED, SqlStore, Values
from si_rules.ledger.store import FORMAT, LedgerError

MOST_WAITING: Final = 60.0  # seconds for which a writer waits for the others

_TABLES: Final = (
    "CREATE TABLE about (one INTEGER PRIMARY KEY CHECK (one = 1), format TEXT NOT NULL)",
    "CREATE TABLE records (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL, record BLOB NOT NULL)",
    "CREATE TABLE heads (size INTEGER PRIMARY KEY, root BLOB NOT NULL)",
    "CREATE TABLE edge (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, parts BLOB NOT NULL)",
    "CREATE TABLE contents (digest TEXT PRIMARY KEY, salt BLOB, content BLOB, plain BLOB)",
    "CREATE INDEX contents_by_text ON contents (plain)",
    *(
        f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED_TO}'); END"
        for table in ("about", "records", "heads")
        for act in ("UPDATE", "DELETE")
    ),
    f"CREATE TRIGGER contents_delete BEFORE DELETE ON contents BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED_TO}'); END",
    "CREATE TRIGGER contents_update BEFORE UPDATE ON contents WHEN new.digest IS NOT old.digest "
    "OR new.salt IS NOT NULL OR new.content IS NOT NULL OR new.plain IS NOT NULL "
    f"BEGIN SELECT RAISE(ABORT, '{ONLY_ERASED}'); END",
)


@frozen
class SqliteStore(SqlStore):
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
        except sqlite3.Error as error:
            raise _told(path, error) from None
        try:
            if not only_read:
                store._make()
            if store.run("SELECT count(*) FROM sqlite_master WHERE name = 'about'") == [(0,)]:
                raise LedgerError(f"{path} is a database, and no ledger")
            store.check_format()
        except BaseException:
            store.close()
            raise
        return store

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.path)

    def _make(self) -> None:
        """Make the tables where there are none yet; several processes may try at once."""
        self.run("PRAGMA journal_mode = WAL")
        self.run("PRAGMA synchronous = FULL")
        self.run("PRAGMA secure_delete = ON")
        if self._is_made():
            return
        with self.transaction(writes=True):
            if not self._is_made():
                for statement in _TABLES:
                    self.run(statement)
                self.run("INSERT INTO about VALUES (1, ?)", (FORMAT,))
                self.run("INSERT INTO edge VALUES (1, 0, x'')")

    def _is_made(self) -> bool:
        return bool(self.run("SELECT count(*) FROM sqlite_master")[0][0])

    def run(self, statement: str, given: Values = ()) -> list[Values]:
        """See `SqlStore.run`."""
        try:
            return self.connection.execute(statement, given).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise _told(self.path, error) from None

    def run_many(self, statement: str, given: Sequence[Values]) -> None:
        """See `SqlStore.run_many`."""
        try:
            self.connection.executemany(statement, given)
        except sqlite3.Error as error:
            raise _told(self.path, error) from None

    def each(self, statement: str) -> Iterator[Values]:
        """See `SqlStore.each`."""
        try:
            rows = self.connection.execute(statement)
            while (row := rows.fetchone()) is not None:
                yield row
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise _told(self.path, error) from None

    @contextmanager
    def transaction(self, writes: bool) -> Iterator[None]:
        """See `SqlStore.transaction`: one that writes waits for the others, `MOST_WAITING` seconds at most."""
        self.run("BEGIN IMMEDIATE" if writes else "BEGIN")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self.connection.in_transaction:  # a full disk may have ended it already
                self.connection.execute("ROLLBACK")
            raise

    def own_faults(self) -> list[str]:
        """See `Store.own_faults`."""
        found = [str(row[0]) for row in self.run("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

    def leave_no_trace(self) -> None:
        """See `Store.leave_no_trace`: the log written ahead goes into the file, where erased pages are overwritten."""
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """See `Store.close`."""
        self.connection.close()


def _told(path: Path, error: Exception) -> LedgerError:
    return LedgerError(f"{path}: {str(error).lower() or type(error).__name__}")


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
