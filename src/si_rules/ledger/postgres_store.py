"""A ledger in PostgreSQL, for a council whose systems share one: the same tables, in a schema of their own.

Writers wait for each other by an advisory lock, so that there is one order of records. What is acknowledged is on the disk
of the server, as far as the server is set up to say so (`fsync`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from si_rules.ledger.sql_store import ONLY_ADDED_TO, ONLY_ERASED, SqlStore, Values
from si_rules.ledger.store import FORMAT, LedgerError
from si_rules.source.extras import ExtraMissing

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult

SCHEMES: Final = ("postgresql://", "postgres://")
SCHEMA: Final = "si_rules_ledger"
MOST_WAITING: Final = 60  # seconds for which a writer waits for the others
_LOCK: Final = 0x53_49_52_55_4C_45_53  # any number that no other program is likely to use
_AT_A_TIME: Final = 500  # rows

_TABLES: Final = (
    f"CREATE SCHEMA {SCHEMA}",
    "CREATE TABLE about (one integer PRIMARY KEY CHECK (one = 1), format text NOT NULL)",
    "CREATE TABLE records (position bigint PRIMARY KEY, leaf bytea NOT NULL, record bytea NOT NULL)",
    "CREATE TABLE heads (size bigint PRIMARY KEY, root bytea NOT NULL)",
    "CREATE TABLE edge (one integer PRIMARY KEY CHECK (one = 1), size bigint NOT NULL, parts bytea NOT NULL)",
    'CREATE TABLE contents (digest text COLLATE "C" PRIMARY KEY, salt bytea, content bytea, plain bytea)',
    "CREATE INDEX contents_by_text ON contents (plain)",
    f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{ONLY_ADDED_TO}'; END $$",
    "CREATE FUNCTION only_erase() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF new.digest IS DISTINCT FROM old.digest OR new.salt IS NOT NULL OR new.content IS NOT NULL "
    f"OR new.plain IS NOT NULL THEN RAISE EXCEPTION '{ONLY_ERASED}'; END IF; RETURN new; END $$",
    *(
        f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        for table in ("about", "records", "heads")
    ),
    "CREATE TRIGGER only_added BEFORE DELETE ON contents FOR EACH ROW EXECUTE FUNCTION refuse()",
    "CREATE TRIGGER only_erased BEFORE UPDATE ON contents FOR EACH ROW EXECUTE FUNCTION only_erase()",
    *(
        f"CREATE TRIGGER not_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse()"
        for table in ("about", "records", "heads", "edge", "contents")
    ),
)


@define
class PostgresStore(SqlStore):
    """The rows of a ledger in a database."""

    shown: str
    connection: "Connection" = field(repr=False)
    _in_transaction: bool = field(init=False, default=False, repr=False)
    _cursors: int = field(init=False, default=0, repr=False)

    @classmethod
    def open(cls, url: str, only_read: bool) -> "PostgresStore":
        """Open a database; without `only_read` the tables are made where there are none.

        Raises `LedgerError`, and `ExtraMissing` without the extra `postgres`.
        """
        try:
            import psycopg  # noqa: F401 - only to see that it is there: SQLAlchemy imports it later
            from sqlalchemy import create_engine
            from sqlalchemy.engine import make_url
            from sqlalchemy.exc import SQLAlchemyError
            from sqlalchemy.pool import NullPool
        except ImportError:
            raise ExtraMissing("a ledger in PostgreSQL", "postgres") from None
        try:
            address = make_url(url).set(drivername="postgresql+psycopg")
            shown = address.set(drivername="postgresql", query={}).render_as_string(hide_password=True)
        except (SQLAlchemyError, ValueError):
            raise LedgerError("it is not the address of a database: postgresql://USER@HOST/DATABASE") from None
        try:
            engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
            store = cls(shown, engine.connect())
        except SQLAlchemyError as error:
            raise _told(shown, error) from None
        try:
            store._prepare(only_read)
        except BaseException:
            store.close()
            raise
        return store

    @property
    def name(self) -> str:
        """Its address, without a password."""
        return self.shown

    def _prepare(self, only_read: bool) -> None:
        self.run(f"SET search_path = {SCHEMA}")
        if only_read:
            self.run("SET default_transaction_read_only = on")
        elif self.run("SHOW synchronous_commit") == [("off",)]:
            self.run("SET synchronous_commit = on")
        if not self._is_made():
            if only_read:
                raise LedgerError(f"there is no ledger in {self.shown}")
            self._make()
        self.check_format()

    def _make(self) -> None:
        """Make the tables where there are none yet; several processes may try at once."""
        with self.transaction(writes=True):
            if not self._is_made():
                for statement in _TABLES:
                    self.run(statement)
                self.run("INSERT INTO about VALUES (1, ?)", (FORMAT,))
                self.run("INSERT INTO edge VALUES (1, 0, '')")

    def _is_made(self) -> bool:
        found = self.run("SELECT count(*) FROM pg_tables WHERE schemaname = ? AND tablename = 'about'", (SCHEMA,))
        return found == [(1,)]

    def _execute(self, statement: str, given: Values | list[Values] | None) -> "CursorResult[Any]":
        from sqlalchemy.exc import SQLAlchemyError

        try:
            return self.connection.exec_driver_sql(statement.replace("?", "%s"), given or None)
        except SQLAlchemyError as error:
            raise _told(self.shown, error) from None

    def run(self, statement: str, given: Values = ()) -> list[Values]:
        """See `SqlStore.run`."""
        found = self._execute(statement, given)
        return [tuple(row) for row in found] if found.returns_rows else []

    def run_many(self, statement: str, given: Sequence[Values]) -> None:
        """See `SqlStore.run_many`."""
        if given:
            self._execute(statement, list(given))

    def each(self, statement: str) -> Iterator[Values]:
        """See `SqlStore.each`: within a transaction, by a cursor of the server; else all at once."""
        if not self._in_transaction:
            yield from self.run(statement)
            return
        self._cursors += 1
        cursor = f"reading_{self._cursors}"
        self.run(f"DECLARE {cursor} NO SCROLL CURSOR FOR {statement}")
        while found := self.run(f"FETCH {_AT_A_TIME} FROM {cursor}"):
            yield from found
        self.run(f"CLOSE {cursor}")

    @contextmanager
    def transaction(self, writes: bool) -> Iterator[None]:
        """See `SqlStore.transaction`: one that writes waits for the others, `MOST_WAITING` seconds at most."""
        self.run(
            "BEGIN ISOLATION LEVEL READ COMMITTED" if writes else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        self._in_transaction = True
        try:
            if writes:
                self.run(f"SET LOCAL lock_timeout = '{MOST_WAITING}s'")
                self.run("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
            yield
            self.run("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._in_transaction = False

    def _roll_back(self) -> None:
        try:
            self.run("ROLLBACK")
        except LedgerError:
            self.close()  # the server is gone: it undoes what was not committed by itself

    def own_faults(self) -> list[str]:
        """See `Store.own_faults`: the server finds what is wrong with its files when it reads them."""
        return []

    def leave_no_trace(self) -> None:
        """See `Store.leave_no_trace`: the table is written anew. Logs, copies and backups of the server are not."""
        self.run("VACUUM (FULL) contents")

    def close(self) -> None:
        """See `Store.close`."""
        self.connection.close()


def _told(shown: str, error: Exception) -> LedgerError:
    """The first sentence of what the server says, without the statement and what was given to it."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return LedgerError(f"{shown}: {lines[0].lower() if lines else type(error).__name__}")
