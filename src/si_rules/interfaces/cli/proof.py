"""`si-rules proof`: a file that proves one record, for somebody who is not to have the ledger."""

import sys
from pathlib import Path

import click

from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, counted, stop
from si_rules.interfaces.cli.key_files import write_new
from si_rules.interfaces.cli.ledger_files import open_ledger
from si_rules.ledger.checkpoint import Checkpoint
from si_rules.ledger.store import LedgerError
from si_rules.source.signing import SigningError


@click.command()
@click.argument("ledger")
@click.argument("record")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option("--checkpoint", type=click.Path(path_type=Path), help="Prove it against this checkpoint, not the newest.")
@click.option("--with-evidence", is_flag=True, help="Put the evidence into it too.")
def command(ledger: str, record: str, target: Path, checkpoint: Path | None, with_evidence: bool) -> None:
    """Write a proof that a record stands in a ledger: with a checkpoint it is checked without the ledger.

    RECORD is the id of a record or its number alone. `si-rules verify FILE --checkpoint F` checks the proof.
    """
    with open_ledger(ledger, only_read=True) as opened:
        try:
            kept = None if checkpoint is None else Checkpoint.read(read_bytes(str(checkpoint)))
            proof = opened.proof(record, None if kept is None else kept.size, with_evidence=with_evidence)
            entry = proof.check(kept)
        except (LedgerError, SigningError) as error:
            stop(PROOF_FAILS, str(error))
    write_new(target, proof.to_json().encode())
    click.echo(
        f"{target}: record {entry.id}, among {counted(proof.checkpoint.size, 'record')}, root {proof.checkpoint.root}"
    )
    sys.exit(DONE)
