"""`si-rules check`: everything that is wrong with policies, at once."""

import datetime
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from si_rules.interfaces.cli.arguments import DAY
from si_rules.interfaces.cli.exits import DONE, FINDINGS, POLICY_UNUSABLE, WRONG_USAGE, counted, show, stop
from si_rules.library.editions import Edition, edition_in
from si_rules.library.succession import check_succession
from si_rules.loading import load_whole
from si_rules.pipeline import check_calendars, check_vocabulary
from si_rules.source.diagnostics import Diagnostic

_ALONE = (".vocabulary", ".calendar")  # the files that are checked by themselves


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--on", type=DAY, help="Warn of policies whose last edition has run out by this date, or soon will.")
@click.option(
    "--within", type=click.IntRange(0, 3660), default=90, show_default=True, help="Soon: within so many days."
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How to show findings.")
def command(paths: tuple[Path, ...], on: datetime.date | None, within: int, format_: str) -> None:
    """Say everything that is wrong with policies, at once.

    PATHS are policy, vocabulary and calendar files, folders of an edition, or folders with several under them. Of
    several editions of a policy it says on which days two are in force, and on which none is.
    """
    groups = [group for path in paths for group in _editions(path)]
    found: list[Diagnostic] = []
    causes: dict[int, tuple[Diagnostic, ...]] = {}
    editions: dict[Path, Edition] = {}
    for files in groups:
        if files[0].suffix in _ALONE:
            found += _by_itself(files[0])
            continue
        edition = edition_in(files) or Edition("", "", "", None, tuple(files), None)
        editions.setdefault(files[0].resolve(), edition)
        try:
            loaded = load_whole(edition, files[0].parent, keep=False)
            causes |= {id(item): loaded.causes for item in loaded.diagnostics if item.code == "SI603"}
            found += loaded.diagnostics
        except OSError as error:
            stop(WRONG_USAGE, f"{error.filename}: {(error.strerror or 'cannot be read').lower()}")
    found += check_succession(editions.values(), on, within)
    found = list(_each_once(found, causes))
    if format_ == "json":
        click.echo(json.dumps([_as_dict(item) for item in found], ensure_ascii=False, indent=2))
    elif found:
        show(found)
    else:
        files_seen = sum(len(files) for files in groups)
        click.echo(f"{counted(files_seen, 'file')} checked, nothing wrong")
    if any(item.is_error for item in found):
        sys.exit(POLICY_UNUSABLE)
    sys.exit(FINDINGS if found else DONE)


def _each_once(found: list[Diagnostic], causes: dict[int, tuple[Diagnostic, ...]]) -> Iterator[Diagnostic]:
    """Every finding once, however many policies share its file; not that a policy cannot be used, where it is told why."""
    told = set(map(_key, found))
    seen: set[tuple[object, ...]] = set()
    for item in found:
        because = causes.get(id(item), ())
        if _key(item) not in seen and not (because and told.issuperset(map(_key, because))):
            seen.add(_key(item))
            yield item


def _key(item: Diagnostic) -> tuple[object, ...]:
    return item.code, item.message, os.path.realpath(item.source.name), item.span.start


def _editions(path: Path) -> list[list[Path]]:
    """The policy files under a path, those of one folder together, and each vocabulary and file of calendars by itself."""
    if path.is_file():
        if path.suffix == ".scenarios":
            stop(WRONG_USAGE, f"{path} is a file of scenarios, which are run: si-rules test {path}")
        return [[path]]
    if not path.is_dir():
        stop(WRONG_USAGE, f"there is no file or folder {path}")
    folders = sorted({file.parent for file in path.rglob("*.policy")})
    alone = sorted(file for suffix in _ALONE for file in path.rglob(f"*{suffix}"))
    if not folders and not alone:
        stop(WRONG_USAGE, f"{path} holds no policy files")
    return [*([file] for file in alone), *(sorted(folder.glob("*.policy")) for folder in folders)]


def _by_itself(path: Path) -> list[Diagnostic]:
    check = check_vocabulary if path.suffix == ".vocabulary" else check_calendars
    try:
        return check(str(path), path.read_bytes())
    except OSError as error:
        stop(WRONG_USAGE, f"{error.filename}: {(error.strerror or 'cannot be read').lower()}")


def _as_dict(item: Diagnostic) -> dict[str, object]:
    line, column = item.source.place(item.span.start)
    end_line, end_column = item.source.place(item.span.end)
    return {
        "code": item.code,
        "severity": item.severity.value,
        "message": item.message,
        "help": item.help,
        "file": item.source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }
