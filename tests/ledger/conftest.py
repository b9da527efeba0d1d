"""Where the ledgers of tests lie: in a file, and in a database of a server of their own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.ledger.server import Server, running

from si_rules import Ledger

STORES = ["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server, started once for all tests that need one."""
    with running() as found:
        yield found


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives a new place for a ledger each time it is called: a path, or the address of a database."""
    if request.param == "postgres":
        found: Server = request.getfixturevalue("server")
        return found.database
    numbers = count(1)
    return lambda: str(tmp_path / f"ledger{next(numbers)}.db")


@pytest.fixture
def ledger(place: Callable[[], str]) -> Iterator[Ledger]:
    """An empty ledger, open."""
    with Ledger.open(place()) as opened:
        yield opened
