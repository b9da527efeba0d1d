"""`si-rules checkpoint`: how many records a ledger holds, and the root over them, to be kept elsewhere."""

import sys
from pathlib import Path

import click

from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, counted, stop
from si_rules.interfaces.cli.key_files import private_key, write_new
from si_rules.interfaces.cli.ledger_files import open_ledger
from si_rules.ledger.checkpoint import Checkpoint


@click.command()
@click.argument("ledger")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option("--key", type=click.Path(path_type=Path), help="The private key to sign it with.")
def command(ledger: str, target: Path, key: Path | None) -> None:
    """Write a checkpoint of a ledger: how many records it holds, and the root over them.

    Nothing is signed that is not whole: the ledger is verified first. Nothing is changed in it.
    """
    signing = None if key is None else private_key(key)
    with open_ledger(ledger, only_read=True) as opened:
        found = opened.verify()
    if not found.is_sound:
        stop(PROOF_FAILS, f"{ledger} is not what was recorded; `si-rules verify` says where")
    checkpoint = Checkpoint(found.size, found.root)
    write_new(target, checkpoint.to_json().encode() if signing is None else checkpoint.signed(signing))
    by = "not signed" if signing is None else f"signed with {signing.public.id}"
    click.echo(f"{target}: {counted(found.size, 'record')}, root {found.root}, {by}")
    sys.exit(DONE)
