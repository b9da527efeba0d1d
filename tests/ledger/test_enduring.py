"""Records survive what happens to a machine: a killed process, writers that all come at once."""

import os
import random
from collections.abc import Callable, Iterator

import pytest
from tests.ledger.writers import Forker, forking

from si_rules import Ledger

LONG = bool(os.environ.get("SI_RULES_LONG"))
KILLS, EACH = (200, 1000) if LONG else (5, 25)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks processes")


@pytest.fixture(scope="module")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
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
