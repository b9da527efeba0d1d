"""`si-rules verify`: whether a ledger is what it was when it was recorded."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, WRONG_USAGE, counted, stop
from si_rules.interfaces.cli.key_files import public_key
from si_rules.interfaces.cli.ledger_files import open_ledger
from si_rules.ledger.checkpoint import MOST_BYTES, Checkpoint
from si_rules.ledger.proof import Proof
from si_rules.ledger.store import LedgerError
from si_rules.source.signing import Envelope, SigningError


@click.command()
@click.argument("ledger")
@click.option(
    "--checkpoint", type=click.Path(path_type=Path), help="A checkpoint of this ledger that was kept elsewhere."
)
@click.option("--key", type=click.Path(path_type=Path), help="The public key that must have signed the checkpoint.")
def command(ledger: str, checkpoint: Path | None, key: Path | None) -> None:
    """Say whether a ledger is what it was when it was recorded, without deciding anything.

    LEDGER is a file that `si-rules decide --ledger` wrote, the address of a database, or a file that `si-rules proof`
    wrote. Nothing is changed in it.
    """
    if key is not None and checkpoint is None:
        stop(WRONG_USAGE, "--key says who signed a checkpoint: name it with --checkpoint")
    kept = None if checkpoint is None else read_checkpoint(checkpoint, key)
    if _is_proof(ledger):
        _verify_proof(ledger, kept)
    with open_ledger(ledger, only_read=True) as opened:
        found = opened.verify(kept)
    for fault in found.faults:
        print(fault, file=sys.stderr)
    if not found.is_sound:
        print(f"{ledger} is not what was recorded: {counted(len(found.faults), 'fault')}", file=sys.stderr)
        sys.exit(PROOF_FAILS)
    erased = f", evidence of {found.erased} erased" if found.erased else ""
    click.echo(f"{ledger}: {counted(found.size, 'record')} as recorded{erased}, root {found.root}")
    sys.exit(DONE)


def _is_proof(name: str) -> bool:
    """Whether a file begins as a proof does, and no database."""
    try:
        with Path(name).open("rb") as file:
            return file.read(1) == b"{"
    except OSError:
        return False


def _verify_proof(name: str, kept: Checkpoint | None) -> NoReturn:
    try:
        proof = Proof.from_json(read_bytes(name))
        entry = proof.check(kept)
    except LedgerError as error:
        stop(PROOF_FAILS, f"the proof {name}: {error}")
    among = f"record {entry.id} stands among {counted(proof.checkpoint.size, 'record')}"
    click.echo(f"{name}: {among}, root {proof.checkpoint.root}")
    if kept is None:
        print("note: whose root that is, only a checkpoint says: --checkpoint FILE", file=sys.stderr)
    sys.exit(DONE)


def read_checkpoint(path: Path, key: Path | None) -> Checkpoint:
    """The checkpoint of a file, with a key its signature checked; ends the command where it is none, or not so signed."""
    data = read_bytes(str(path))
    keys = [] if key is None else [public_key(key)]
    try:
        found = Checkpoint.read(data, keys)
    except (LedgerError, SigningError) as error:
        stop(PROOF_FAILS, f"the checkpoint {path}: {error}")
    if not keys and len(data) <= MOST_BYTES and Envelope.is_one(data):
        print(f"note: {path} is signed; --key FILE says by whom it must be", file=sys.stderr)
    return found
