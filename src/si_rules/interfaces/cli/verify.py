"""`si-rules verify`: whether a ledger is what it was when it was recorded."""

import sys
from pathlib import Path

import click

from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, WRONG_USAGE, counted, stop
from si_rules.interfaces.cli.ledger_files import open_ledger
from si_rules.ledger.checkpoint import Checkpoint
from si_rules.ledger.store import LedgerError


@click.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@click.option(
    "--checkpoint", type=click.Path(path_type=Path), help="A checkpoint of this ledger that was kept elsewhere."
)
@click.option(
    "--save-checkpoint",
    "target",
    type=click.Path(path_type=Path),
    help="A file for a new checkpoint, if nothing is wrong.",
)
def command(ledger: Path, checkpoint: Path | None, target: Path | None) -> None:
    """Say whether a ledger is what it was when it was recorded, without deciding anything.

    LEDGER is a file that `si-rules decide --ledger` wrote. Nothing is changed in it.
    """
    kept = None if checkpoint is None else _read(checkpoint)
    with open_ledger(ledger, only_read=True) as opened:
        found = opened.verify(kept)
    for fault in found.faults:
        print(fault, file=sys.stderr)
    if not found.is_sound:
        print(f"{ledger} is not what was recorded: {counted(len(found.faults), 'fault')}", file=sys.stderr)
        sys.exit(PROOF_FAILS)
    erased = f", evidence of {found.erased} erased" if found.erased else ""
    click.echo(f"{ledger}: {counted(found.size, 'record')} as recorded{erased}, root {found.root}")
    if target is not None:
        _save(target, Checkpoint(found.size, found.root))
    sys.exit(DONE)


def _read(path: Path) -> Checkpoint:
    try:
        return Checkpoint.from_json(read_bytes(str(path)))
    except LedgerError as error:
        stop(PROOF_FAILS, f"{path}: {error}")


def _save(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint. One that is there already is evidence, and never written over."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(checkpoint.to_json())
    except FileExistsError:
        stop(WRONG_USAGE, f"{path} is there already; name another file")
    except OSError as error:
        stop(WRONG_USAGE, f"{path}: {(error.strerror or 'cannot be written').lower()}")
