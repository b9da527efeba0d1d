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
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Gives a new place for a ledger each time it is called: a path, or the address of a database."""
    if request.param == "sqlite":
        numbers = count(1)
        yield lambda: str(tmp_path / f"ledger{next(numbers)}.db")
        return
    found: Server = request.getfixturevalue("server")
    given: list[str] = []

    def database() -> str:
        given.append(found.database())
        return given[-1]

    yield database
    for url in given:
        found.give_back(url)


@pytest.fixture
def ledger(place: Callable[[], str]) -> Iterator[Ledger]:
    """An empty ledger, open."""
    with Ledger.open(place()) as opened:
        yield opened
