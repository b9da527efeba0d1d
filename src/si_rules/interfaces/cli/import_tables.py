"""`si-rules import-tables`: published tables, and a judgements sheet, to evidence."""

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from si_rules import shipped
from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.importing import Import, NothingToImport
from si_rules.evidence.tables.lines import line_of
from si_rules.evidence.tables.map_reading import MapsUnusable, bundled_maps, read_maps
from si_rules.evidence.tables.maps import Maps
from si_rules.interfaces.cli.arguments import DAY, find_policy, read_bytes
from si_rules.interfaces.cli.exits import DONE, SOME_REFUSED, WRONG_USAGE, stop
from si_rules.interfaces.cli.judging import show_remarks
from si_rules.library.editions import find_vocabularies
from si_rules.pipeline import load_vocabulary

_VOCABULARY = ("school", "1")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--authority", required=True, help="The number of the local authority, such as 371, or: all.")
@click.option("--on", type=DAY, required=True, help="As published by this date: what came later is left out.")
@click.option(
    "--judgements", help="A sheet: urn, judgement, value, author, role, date, document; .xlsx, else CSV; or -."
)
@click.option("--policy", help="The policy whose judgements and scales the sheet is held against.")
@click.option("--predecessors", is_flag=True, help="Add what stands under the numbers of predecessors, marked so.")
@click.option("--every-school", is_flag=True, help="Also schools that had closed by then, or opened later.")
@click.option("--maps", type=click.Path(path_type=Path), help="Other maps of the columns, as TOML.")
def command(folder: Path, authority: str, on: datetime.date, judgements: str | None, policy: str | None,
            predecessors: bool, every_school: bool, maps: Path | None) -> None:  # fmt: skip
    """Turn published tables and a judgements sheet into evidence, a JSON record a line.

    FOLDER holds the tables as CSV. The summary on standard error accounts for every row, and says of each field
    how much is known.
    """
    if not folder.is_dir():
        stop(WRONG_USAGE, f"there is no folder {folder}")
    sheet = (Path(judgements).name, read_bytes(judgements)) if judgements else None
    core = find_policy(policy, on).core if policy else None
    try:
        running = Import(folder, _maps(maps), authority.strip(), on, sheet, core, predecessors, every_school)
        for record in _shown(running):
            click.echo(line_of(record))
    except ExtraMissing as error:
        stop(WRONG_USAGE, str(error))
    except (MapsUnusable, NothingToImport) as error:
        stop(WRONG_USAGE, str(error.args[0]))
    show_remarks(running.remarks)
    print("\n".join([*running.by_field.lines(), *running.summary]), file=sys.stderr)
    sys.exit(SOME_REFUSED if running.remarks else DONE)


def _maps(path: Path | None) -> Maps:
    """The maps to go by; those of a council are held against the origins of the vocabulary."""
    if path is None:
        return bundled_maps()
    vocabulary = find_vocabularies(shipped.policies_folder())[_VOCABULARY]
    found, _ = load_vocabulary(vocabulary.name, vocabulary.read_bytes())
    return read_maps(path, None if found is None else found.origins)


def _shown(running: Import) -> Iterator[SchoolEvidence]:
    """The records, with the tables and then the schools as a progress bar on a terminal."""
    if not sys.stderr.isatty():
        running.read()
        yield from running.records()
        return
    from rich.console import Console  # only wanted on a terminal
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=None)
        running.tell = lambda name: progress.update(task, description=f"Reading {name}")
        running.read()
        progress.update(task, description="Schools", total=running.count)
        for record in running.records():
            yield record
            progress.advance(task)
