"""`si-rules import-tables`: published tables, and a judgements sheet, to evidence."""

import datetime
import sys
from pathlib import Path

import click

from si_rules.evidence.tables.importing import NothingToImport, import_tables
from si_rules.evidence.tables.lines import line_of
from si_rules.evidence.tables.maps import Maps, MapsUnusable, bundled_maps, read_maps
from si_rules.evidence.tables.reading import Remark
from si_rules.interfaces.cli.arguments import DAY, read_bytes
from si_rules.interfaces.cli.exits import DONE, SOME_REFUSED, WRONG_USAGE, stop

_MOST_SHOWN = 20


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--authority", required=True, help="The number of the local authority, such as 371.")
@click.option("--on", type=DAY, required=True, help="As published by this date: what came later is left out.")
@click.option("--judgements", help="A CSV: urn, judgement, value, author, role, date, document. - is standard input.")
@click.option("--maps", type=click.Path(path_type=Path), help="Other maps of the columns, as TOML.")
def command(folder: Path, authority: str, on: datetime.date, judgements: str | None, maps: Path | None) -> None:
    """Turn published tables and a judgements sheet into evidence, a JSON record a line.

    FOLDER holds the tables as CSV. The summary on standard error accounts for what was left out and why.
    """
    if not folder.is_dir():
        stop(WRONG_USAGE, f"there is no folder {folder}")
    sheet = (Path(judgements).name, read_bytes(judgements)) if judgements else None
    try:
        imported = import_tables(folder, _maps(maps), authority.strip(), on, sheet)
    except (MapsUnusable, NothingToImport) as error:
        stop(WRONG_USAGE, str(error.args[0]))
    for record in imported.records:
        click.echo(line_of(record))
    _show(imported.remarks)
    print("\n".join(imported.summary), file=sys.stderr)
    sys.exit(SOME_REFUSED if imported.remarks else DONE)


def _maps(path: Path | None) -> Maps:
    return bundled_maps() if path is None else read_maps(path)


def _show(remarks: tuple[Remark, ...]) -> None:
    """The remarks, of each file only the first: a table that is wrong throughout would bury the rest."""
    shown: dict[str, int] = {}
    for remark in remarks:
        shown[remark.file] = shown.get(remark.file, 0) + 1
        if shown[remark.file] <= _MOST_SHOWN:
            print(f"refused: {remark}", file=sys.stderr)
    for name, count in shown.items():
        if count > _MOST_SHOWN:
            print(f"refused: {name}: and {count - _MOST_SHOWN} more", file=sys.stderr)
