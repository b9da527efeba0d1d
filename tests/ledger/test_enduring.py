"""Records survive what happens to a machine: a killed process, writers that all come at once, a full disk."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.ledger import town
from tests.ledger.server import Server
from tests.ledger.writers import Forker, forking

from si_rules import Ledger, LedgerError
from si_rules.ledger.sql_store import SqlStore
from si_rules.ledger.sqlite_store import SqliteStore

LONG = bool(os.environ.get("SI_RULES_LONG"))
KILLS, EACH = (200, 1000) if LONG else (5, 25)


@pytest.fixture(scope="module")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    if not hasattr(os, "fork"):
        pytest.skip("needs a system that forks processes")
    with forking(tmp_path_factory.mktemp("writers")) as found:
        yield found


def test_what_was_acknowledged_survives_a_kill(place: Callable[[], str], forker: Forker) -> None:
    """Killed while it records, a process leaves every record it had a receipt for, and a sound tree."""
    where, chance = place(), random.Random(6)
    acknowledged: list[str] = []
    for _ in range(KILLS):
        writer = forker.start(where, 1, 1_000_000)
        writer.wait_for(chance.randrange(1, 15))
        writer.kill()
        acknowledged += writer.lines()
        with Ledger.open(where) as ledger:
            assert ledger.verify().is_sound
            assert set(acknowledged) <= {entry.id for entry in ledger.records()}
    assert len(set(acknowledged)) == len(acknowledged) >= KILLS


def test_four_writers_at_once(place: Callable[[], str], forker: Forker) -> None:
    """Four processes that record into one ledger lose nothing and record nothing twice."""
    where = place()
    writers = [forker.start(where, number, EACH) for number in range(4)]
    for writer in writers:
        writer.wait_for(EACH + 1, 600)
    ids = [line for writer in writers for line in writer.lines() if line != "done"]
    with Ledger.open(where, only_read=True) as ledger:
        assert ledger.verify().is_sound
        assert sorted(ids) == sorted(entry.id for entry in ledger.records())
    assert len(set(ids)) == 4 * EACH


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    """What does not fit is not recorded, not in part either; with room again the ledger goes on."""
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        ledger.record(town.decided(0))
        assert isinstance(ledger.store, SqliteStore)
        (pages,) = ledger.store.run("PRAGMA page_count")[0]
        ledger.store.run(f"PRAGMA max_page_count = {pages + 10}")
        with pytest.raises(LedgerError, match=r"l\.db: database or disk is full"):
            ledger.record_many(town.decided(number) for number in range(1, 40))
        assert ledger.verify().is_sound
        assert len(ledger) == 1
        ledger.store.run("PRAGMA max_page_count = 1000000")
        ledger.record(town.decided(1))
        assert (len(ledger), ledger.verify().is_sound) == (2, True)


def test_a_ledger_that_is_only_read_takes_nothing(place: Callable[[], str]) -> None:
    """Opened to be read, it refuses to record, with a sentence, and is what it was."""
    where = place()
    with Ledger.open(where) as ledger:
        before = ledger.record(town.decided(0))
    with Ledger.open(where, only_read=True) as ledger:
        with pytest.raises(LedgerError, match=r"read-?only"):
            ledger.record(town.decided(1))
        assert (ledger.verify().size, ledger.verify().root) == (1, before.root)


def test_a_failure_half_way_undoes_all(place: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where writing fails after the first rows, none of them stays, and the next record goes on where the last ended."""
    with Ledger.open(place()) as ledger:
        ledger.record(town.decided(0))
        assert isinstance(ledger.store, SqlStore)
        honest, store = type(ledger.store).run, type(ledger.store)

        def failing(self: SqlStore, statement: str, given: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
            if statement.startswith("INSERT INTO heads"):
                raise LedgerError("input/output error")
            return honest(self, statement, given)

        with monkeypatch.context() as patch:
            patch.setattr(store, "run", failing)
            with pytest.raises(LedgerError, match="input/output error"):
                ledger.record_many([town.decided(1), town.decided(2)])
        assert len(ledger) == 1
        ledger.record(town.decided(1))
        assert (len(ledger), ledger.verify().is_sound) == (2, True)


@pytest.mark.xdist_group("postgres")
def test_a_server_that_goes_away_is_a_sentence(server: Server) -> None:
    """A connection that is cut ends recording with a sentence; what was acknowledged is there for the next."""
    url = server.database()
    with Ledger.open(url) as ledger:
        receipt = ledger.record(town.decided(0))
        server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'ledger_%'")
        with pytest.raises(LedgerError, match=r"postgresql://ledger@/.*(terminat|closed)"):
            ledger.record(town.decided(1))
    with Ledger.open(url) as ledger:
        assert [entry.id for entry in ledger.records()] == [receipt.id]
        ledger.record(town.decided(1))
        assert ledger.verify().is_sound
