"""`si-rules verify`: whether a ledger is what it was when it was recorded."""

import sys
from pathlib import Path

import click

from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, counted
from si_rules.interfaces.cli.ledger_files import open_ledger


@click.command()
@click.argument("ledger", type=click.Path(path_type=Path))
def command(ledger: Path) -> None:
    """Say whether a ledger is what it was when it was recorded, without deciding anything.

    LEDGER is a file that `si-rules decide --ledger` wrote. Nothing is changed in it.
    """
    with open_ledger(ledger, only_read=True) as opened:
        found = opened.verify()
    for fault in found.faults:
        print(fault, file=sys.stderr)
    if not found.is_sound:
        print(f"{ledger} is not what was recorded: {counted(len(found.faults), 'fault')}", file=sys.stderr)
        sys.exit(PROOF_FAILS)
    erased = f", evidence of {found.erased} erased" if found.erased else ""
    click.echo(f"{ledger}: {counted(found.size, 'record')} as recorded{erased}, root {found.root}")
    sys.exit(DONE)
