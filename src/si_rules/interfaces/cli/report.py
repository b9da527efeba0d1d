"""`si-rules report`: the auditor's report on a decision of a ledger."""

import sys
from pathlib import Path

import click

from si_rules.documents.ledger_report import report_on
from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, WRONG_USAGE, stop
from si_rules.interfaces.cli.key_files import write_new
from si_rules.interfaces.cli.ledger_files import open_ledger
from si_rules.interfaces.cli.verify import read_checkpoint
from si_rules.ledger.store import LedgerError


@click.command()
@click.argument("ledger")
@click.argument("record", metavar="ID")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="The page, .html; it must not be there yet.")
@click.option(
    "--checkpoint", type=click.Path(path_type=Path), help="A checkpoint of the ledger that was kept elsewhere."
)
@click.option("--key", type=click.Path(path_type=Path), help="The public key that must have signed the checkpoint.")
def command(ledger: str, record: str, to: Path, checkpoint: Path | None, key: Path | None) -> None:
    """Write a page about a decision of a ledger: rules with their paragraphs, evidence, explanation, proof, decided again.

    ID is that of a record, or its number alone. The page needs nothing else, no network either, and prints on A4.
    """
    if to.suffix != ".html":
        stop(WRONG_USAGE, f"{to}: the report is a page, .html")
    if key is not None and checkpoint is None:
        stop(WRONG_USAGE, "--key says who signed a checkpoint: name it with --checkpoint")
    kept = None if checkpoint is None else read_checkpoint(checkpoint, key)
    with open_ledger(ledger, only_read=True) as opened:
        try:
            found = report_on(opened, record, kept)
        except LedgerError as error:
            stop(PROOF_FAILS, str(error))
    write_new(to, found.html.encode("utf-8"))
    told = (
        "as recorded, and decided the same again"
        if found.is_sound
        else "not all is as it should be: the page says what"
    )
    click.echo(f"{to}: {told}")
    sys.exit(DONE if found.is_sound else PROOF_FAILS)
