"""`si-rules bundle`: one file of an edition and all it uses: made, checked, and laid out in a folder."""

import datetime
import sys
from pathlib import Path

import click

from si_rules.bundles.bundling import Bundle, make_bundle
from si_rules.bundles.reading import BundleError
from si_rules.interfaces.cli.arguments import DAY, find_policy, read_bundle
from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, WRONG_USAGE, counted, stop
from si_rules.interfaces.cli.key_files import private_key, public_key, write_new
from si_rules.library.letters import LettersUnusable
from si_rules.source.signing import PublicKey


@click.group()
def command() -> None:
    """Make a bundle, one file of an edition and all it uses; say whether one is whole; lay one out in a folder."""


@command.command()
@click.argument("policy")
@click.option("--on", type=DAY, help="The day on which an edition is meant, where POLICY is an id.")
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="A private key to sign it with.")
@click.option(
    "--to", type=click.Path(path_type=Path), required=True, help="The file, .bundle; it must not be there yet."
)
def create(policy: str, on: datetime.date | None, key_file: Path | None, to: Path) -> None:
    """Write a bundle of an edition: its files and amendments, what it uses, vocabulary, calendars, scenarios and letters.

    POLICY is a file, a folder, an id with --on, or id@edition.
    """
    if to.suffix != ".bundle":
        stop(WRONG_USAGE, f"{to}: a bundle ends in .bundle")
    found = find_policy(policy, on)
    key = None if key_file is None else private_key(key_file)
    try:
        data = make_bundle(found, key)
    except (BundleError, LettersUnusable) as error:
        stop(WRONG_USAGE, f"{policy} cannot be bundled: {error}")
    except OSError as error:
        stop(WRONG_USAGE, f"{error.filename}: {(error.strerror or 'cannot be read').lower()}")
    write_new(to, data)
    signed = "" if key is None else f", signed with {key.public.id}"
    click.echo(f"{to}: {found.id} {found.edition}, {found.digest}{signed}")


@command.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="The public key it must be signed with.")
def verify(bundle: Path, key_file: Path | None) -> None:
    """Say whether a bundle is whole and, with --key, signed with that key."""
    found = _read(bundle, None if key_file is None else public_key(key_file))
    stated = found.contents.stated
    click.echo(f"{stated.name}, in force {' to '.join(stated.in_force)}, {stated.digest}")
    click.echo(f"{counted(len(found.contents.files), 'file')}, each as its digest says")
    if found.signed_by is not None:
        click.echo(f"signed with {found.signed_by.id}")
    elif found.names:
        print(
            f"note: it says that it is signed with {' and '.join(found.names)}, which only --key checks",
            file=sys.stderr,
        )
    else:
        print("note: it is not signed: whoever changed a file could have changed its digest too", file=sys.stderr)
    sys.exit(DONE)


@command.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="The public key it must be signed with.")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="The folder; it must not be there yet.")
def unpack(bundle: Path, key_file: Path | None, to: Path) -> None:
    """Lay out the files of a bundle in a new folder, once it was found to be whole."""
    found = _read(bundle, None if key_file is None else public_key(key_file))
    try:
        to.mkdir(parents=True)
        own = found.lay_out(to)
    except FileExistsError:
        stop(WRONG_USAGE, f"{to} is there already; name another folder")
    except OSError as error:
        stop(WRONG_USAGE, f"{to} cannot be written: {(error.strerror or 'unknown').lower()}")
    click.echo(f"{own}: {found.contents.stated.name}")


def _read(path: Path, key: PublicKey | None) -> Bundle:
    try:
        return read_bundle(path, key)
    except BundleError as error:
        stop(PROOF_FAILS, f"{path}: {error}")
