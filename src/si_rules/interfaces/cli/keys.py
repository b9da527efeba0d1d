"""`si-rules keys`: a pair of keys, to sign with and to check signatures with."""

import sys
from pathlib import Path

import click

from si_rules.interfaces.cli.exits import DONE, WRONG_USAGE, stop
from si_rules.interfaces.cli.key_files import write_new
from si_rules.source.extras import ExtraMissing
from si_rules.source.signing import PrivateKey


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="The folder for the two files.")
def command(folder: Path) -> None:
    """Make a pair of keys (Ed25519): `private.pem`, which signs, and `public.pem`, which checks.

    Keep the private one where only its owner can read it; give the public one to whoever is to check. A pair that is
    there already is never written over.
    """
    try:
        key = PrivateKey.new()
    except ExtraMissing as error:
        stop(WRONG_USAGE, str(error))
    private, public = folder / "private.pem", folder / "public.pem"
    if public.exists():
        stop(WRONG_USAGE, f"{public} is there already; name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(WRONG_USAGE, f"{folder}: {(error.strerror or 'cannot be made').lower()}")
    write_new(private, key.pem, 0o600)
    write_new(public, key.public.pem)
    click.echo(f"{public}: {key.public.id}")
    print(f"keep {private} where only its owner can read it", file=sys.stderr)
    sys.exit(DONE)
