"""`si-rules replay`: decide again what a ledger holds, by the text and the evidence it keeps."""

import json
import sys
from collections import Counter
from collections.abc import Iterator

import click
from attrs import asdict

from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, WRONG_USAGE, counted, stop
from si_rules.interfaces.cli.ledger_files import open_ledger
from si_rules.interfaces.cli.progress import shown
from si_rules.ledger.ledger import Ledger
from si_rules.ledger.record import ERASURE
from si_rules.ledger.replaying import DIFFERS, NOT_REPLAYED, SAME, Replayed
from si_rules.ledger.store import LedgerError
from si_rules.policy import PolicyLibrary, PolicyNotFound


@click.command()
@click.argument("ledger")
@click.argument("ids", nargs=-1)
@click.option("--policies", "folder", help="The folder of policies to compare the kept texts with; those shipped, if not given.")  # fmt: skip
@click.option("--format", "format_", type=click.Choice(("text", "jsonl")), default="text", show_default=True)
def command(ledger: str, ids: tuple[str, ...], folder: str | None, format_: str) -> None:
    """Decide again what a ledger holds, and say where it comes out otherwise.

    LEDGER is a file that `si-rules decide --ledger` wrote; IDS are those of records, or their numbers alone; all, if
    none are given. Nothing is read but the ledger, and nothing is changed in it.
    """
    library = _library(folder)
    tally: Counter[str] = Counter()
    on_disk: dict[str, None] = {}
    with open_ledger(ledger, only_read=True) as opened:
        try:
            for found in _replayed(opened, ids, library):
                tally[found.status] += 1
                if found.on_disk is not None:
                    on_disk[found.on_disk] = None
                if format_ == "jsonl":
                    click.echo(json.dumps(asdict(found), ensure_ascii=False))
                else:
                    click.echo(_line(found))
        except LedgerError as error:
            stop(PROOF_FAILS, str(error))
    for told in on_disk:
        print(f"note: {told}; the text in the ledger was used", file=sys.stderr)
    counts = ", ".join(f"{tally[status]} {status}" for status in (SAME, DIFFERS, NOT_REPLAYED) if tally[status])
    print(f"{counted(tally.total(), 'record')}: {counts or 'none'}", file=sys.stderr)
    sys.exit(PROOF_FAILS if tally[DIFFERS] or tally[NOT_REPLAYED] else DONE)


def _replayed(ledger: Ledger, ids: tuple[str, ...], library: PolicyLibrary) -> Iterator[Replayed]:
    """What came of the records asked for; of all, where none are named, but for those that decide nothing."""
    if ids:
        wanted = [entry.id for entry in map(ledger.find, ids)]
    else:
        wanted = [entry.id for entry in ledger.records() if entry.kind != ERASURE]
    for name in shown(wanted, "Replaying", len(wanted)):
        yield ledger.replay(name, library=library)


def _library(folder: str | None) -> PolicyLibrary:
    if folder is None:
        return PolicyLibrary.bundled()
    try:
        return PolicyLibrary.open(folder)
    except PolicyNotFound as error:
        stop(WRONG_USAGE, str(error.args[0]))


def _line(found: Replayed) -> str:
    """A record in a line; of one that differs, what was and what is."""
    subject = f" {found.subject}" if found.subject else ""
    told = f"{found.id}{subject}: {found.status}"
    if found.why is not None:
        told += f": {found.why}"
    if found.where is not None and found.where != "explanation":
        told += f"\n  was {_short(found.was)}\n  now {_short(found.now)}"
    return told


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"
