"""Ledgers for commands: opened with a clear sentence where they cannot be, and decisions recorded as they come."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from si_rules.decisions.decision import Decision
from si_rules.interfaces.cli.exits import PROOF_FAILS, WRONG_USAGE, stop
from si_rules.ledger.ledger import Ledger
from si_rules.ledger.store import LedgerError
from si_rules.source.extras import ExtraMissing

T = TypeVar("T")
TOGETHER: Final = 200  # decisions in one transaction: each waits for the disk


def open_ledger(path: str | Path, only_read: bool) -> Ledger:
    """A ledger; ends the command where it cannot be opened."""
    try:
        return Ledger.open(path, only_read=only_read)
    except LedgerError as error:
        stop(PROOF_FAILS, str(error))
    except ExtraMissing as error:
        stop(WRONG_USAGE, str(error))


def recorded(items: Iterable[tuple[str, T | Decision]], path: str | None,
             by_digest: bool = False) -> Iterator[tuple[str, T | Decision]]:  # fmt: skip
    """The items, each decision among them given only once it is in the ledger; ends the command where that fails."""
    if path is None:
        yield from items
        return
    with open_ledger(path, only_read=False) as ledger:
        rest = iter(items)
        while found := list(islice(rest, TOGETHER)):
            try:
                decisions = (item for _, item in found if isinstance(item, Decision))
                ledger.record_many(decisions, keep="digest" if by_digest else "whole")
            except LedgerError as error:
                stop(PROOF_FAILS, f"not recorded: {error}")
            yield from found
