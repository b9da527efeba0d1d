"""`si-rules fmt`: the one layout of policy, vocabulary and scenario files."""

import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path
from typing import Final

import click

from si_rules.interfaces.cli.exits import DONE, FINDINGS, WRONG_USAGE, counted, show, stop
from si_rules.source.diagnostics import Diagnostic
from si_rules.source.screening import read_source
from si_rules.syntax.formatting import LayoutFault, lay_out

SUFFIXES: Final = (".policy", ".vocabulary", ".scenarios", ".calendar")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; name the files that are laid out otherwise.")
@click.option("--diff", "show_diff", is_flag=True, help="Change nothing; show what would change.")
def command(paths: tuple[Path, ...], check: bool, show_diff: bool) -> None:
    """Give policy, vocabulary and scenario files the one layout.

    PATHS are files, or folders that are searched for them. What a file says does not change, and no
    comment is lost; a file with a mistake in its form is left as it is.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    only_shown = check or show_diff
    findings: list[Diagnostic] = []
    changed, code = 0, DONE
    for path in files:
        try:
            data = path.read_bytes()
            laid, found = laid_out(str(path), data)
            findings += found
            if laid == data:
                continue
            if not only_shown:
                replace(path, laid)
        except OSError as error:
            print(f"si-rules: {path}: {(error.strerror or 'cannot be read').lower()}; left as it is", file=sys.stderr)
            code = WRONG_USAGE
            continue
        except LayoutFault as error:
            print(f"si-rules: {path}: {error}; left as it is. Please report this fault of si-rules", file=sys.stderr)
            code = max(code, FINDINGS)
            continue
        changed += 1
        click.echo(difference(str(path), data, laid) if show_diff else f"{path}\n", nl=False)
    if findings:
        show(findings)
    print(f"{counted(len(files), 'file')}, {changed}{' would be' if only_shown else ''} laid out anew", file=sys.stderr)
    sys.exit(max(code, FINDINGS) if findings or (changed and only_shown) else code)


def laid_out(name: str, data: bytes) -> tuple[bytes, list[Diagnostic]]:
    """The bytes of a file in the one layout, with the line ends that its first line has; or as they are, with the reasons."""
    source, found = read_source(name, data)
    if not found:
        text, found = lay_out(source, "scenarios" if name.endswith(".scenarios") else "policy")
    if found:
        return data, found
    first = data.partition(b"\n")[0]
    return text.replace("\n", "\r\n" if first.endswith(b"\r") else "\n").encode("utf-8"), []


def difference(name: str, old: bytes, new: bytes) -> str:
    """A unified diff of two versions of a file."""
    before, after = ([line for line in re.split(r"(?<=\n)", data.decode("utf-8")) if line] for data in (old, new))
    lines = unified_diff(before, after, f"{name} (as it is)", f"{name} (laid out)")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def replace(path: Path, data: bytes) -> None:
    """Put new bytes in the place of a file, whole or not at all; its mode stays, and a link stays a link.

    Raises OSError where the file may not be written.
    """
    path = path.resolve()
    mode = stat.S_IMODE(path.stat().st_mode)
    if not os.access(path, os.W_OK):
        raise PermissionError(0, "it may not be written", str(path))
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _files(path: Path) -> Iterator[Path]:
    """A file itself, or those of a folder: not what a link or a hidden folder in it leads to."""
    if path.is_file():
        if path.suffix not in SUFFIXES:
            stop(WRONG_USAGE, f"{path} is no file of this language: they end in {', '.join(SUFFIXES)}")
        yield path
        return
    if not path.is_dir():
        stop(WRONG_USAGE, f"there is no file or folder {path}")
    found = []
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        found += [Path(folder) / name for name in sorted(names) if name.endswith(SUFFIXES)]
    found = [file for file in found if file.is_file() and not file.is_symlink()]
    if not found:
        stop(WRONG_USAGE, f"{path} holds no policy, vocabulary or scenario files")
    yield from found
