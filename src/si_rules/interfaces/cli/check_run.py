"""`si-rules check-run`: whether the folder of a run is what its manifest says."""

import hashlib
import sys
from pathlib import Path
from typing import Final

import click

from si_rules.documents.manifest import NAME, ManifestUnusable, Stated, read_manifest
from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, WRONG_USAGE, counted, stop

_MOST_BYTES: Final = 100_000_000
_PIECE: Final = 1 << 20


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1)
def command(folder: Path, files: tuple[str, ...]) -> None:
    """Say whether the folder of a run is what its manifest says, and was made from these files.

    FOLDER is one that `si-rules assess` wrote. FILES, if any, are files that should have gone into the run.
    """
    stated = _stated(folder)
    faults = [*_outputs(folder, stated), *_inputs(files, stated)]
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{folder} is not what its manifest says: {counted(len(faults), 'difference')}", file=sys.stderr)
        sys.exit(PROOF_FAILS)
    given = f", and {counted(len(files), 'file')} went in" if files else ""
    click.echo(f"{folder}: {counted(len(stated.outputs), 'file')} as the manifest says{given}")
    sys.exit(DONE)


def _stated(folder: Path) -> Stated:
    path = folder / NAME
    if not folder.is_dir():
        stop(WRONG_USAGE, f"there is no folder {folder}")
    try:
        if path.stat().st_size > _MOST_BYTES:
            stop(PROOF_FAILS, f"{path} is larger than {_MOST_BYTES:,} bytes")
        return read_manifest(path.read_bytes())
    except OSError as error:
        stop(WRONG_USAGE, f"{path}: {(error.strerror or 'cannot be read').lower()}")
    except ManifestUnusable as error:
        stop(PROOF_FAILS, f"{path}: {error}")


def _outputs(folder: Path, stated: Stated) -> list[str]:
    """What is missing, other than stated, or not stated at all."""
    found = {
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if not path.is_dir() or path.is_symlink()
    }
    faults = [f"not in the manifest: {name}" for name in sorted(found - set(stated.outputs) - {NAME})]
    for name, digest in stated.outputs.items():
        path = folder.joinpath(*name.split("/"))
        if path.is_symlink() or not path.is_file():
            faults.append(f"missing: {name}" if not path.is_symlink() else f"a link: {name}")
        elif _digest(path) != digest:
            faults.append(f"changed: {name}")
    return faults


def _inputs(files: tuple[str, ...], stated: Stated) -> list[str]:
    digests = {name: hashlib.sha256(read_bytes(name)).hexdigest() for name in files}
    return [f"did not go into the run: {name}" for name, digest in digests.items() if digest not in stated.inputs]


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                total.update(piece)
    except OSError as error:
        stop(WRONG_USAGE, f"{path}: {(error.strerror or 'cannot be read').lower()}")
    return total.hexdigest()
