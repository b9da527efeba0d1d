"""Tables of fictional schools, as the Department and Ofsted would head them, for the tests of the importer."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.importing import Imported, import_tables
from si_rules.evidence.tables.lines import line_of
from si_rules.evidence.tables.map_reading import bundled_maps
from si_rules.interfaces.cli.import_tables import command

ON = date(2017, 6, 30)
SCHOOLS = "schools_2018.csv"
INSPECTIONS = "ofsted_inspections_to_2018-08-31.csv"
LINKS = "school_links.csv"
AUTHORITY = "999"
USUAL = {
    "LA": AUTHORITY, "SCHNAME": "Invented School", "MINORGROUP": "Maintained School", "NFTYPE": "Community school",
    "ISPRIMARY": "1", "ISSECONDARY": "0", "AGEL": "3", "AGEH": "11", "RELDENOM": "None",
}  # fmt: skip


def headings(name: str) -> list[str]:
    """All columns that the maps which come with the package read in a file."""
    maps = bundled_maps()
    if name == SCHOOLS:
        phases = [column for rule in maps.schools.phases for column in rule.where]
        columns = ["URN", "LA", "OPENDATE", "CLOSEDATE", *(c.column for c in maps.schools.columns), *phases]
    elif name == INSPECTIONS:
        assert maps.inspections is not None
        columns = ["URN", "LA", "INSPECTION_DATE", *(c.column for c in maps.inspections.columns)]
    elif name == LINKS:
        columns = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
    else:
        table = next(table for table in maps.results if name in table.files)
        columns = ["YEAR", "URN", *table.benchmarks, *(c.column for c in table.columns_in(name))]
        columns.append(table.authority or "LA")
    return list(dict.fromkeys(columns))


def write(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    """Write a table with all its columns; what a row does not say is blank, but for the usual cells of a school."""
    header = headings(name)
    lines = [",".join(header)]
    for row in rows:
        assert not row.keys() - set(header), row.keys() - set(header)
        usual = USUAL if name == SCHOOLS else {}
        lines.append(",".join(str(row.get(heading, usual.get(heading, ""))) for heading in header))
    (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")


def append(folder: Path, name: str, text: str) -> None:
    """Add a line as it is."""
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def school(urn: int, **cells: Any) -> dict[str, Any]:
    """A row of the table of schools."""
    return {"URN": urn, **cells}


def inspection(urn: int, day: str, grade: str) -> dict[str, Any]:
    """A row of the table of inspections."""
    return {"URN": urn, "LA": AUTHORITY, "INSPECTION_DATE": day, "GRADE": grade}


def link(urn: int, other: int, kind: str, day: str = "") -> dict[str, Any]:
    """A row of the table of links."""
    return {"URN": urn, "LinkURN": other, "LinkType": kind, "LinkEstablishedDate": day}


def imported(folder: Path, on: date = ON, **options: Any) -> Imported:
    """What the maps of the package make of a folder."""
    return import_tables(folder, bundled_maps(), AUTHORITY, on, **options)


def only(folder: Path, on: date = ON, **options: Any) -> SchoolEvidence:
    """The one record of a folder."""
    (record,) = imported(folder, on, **options).records
    return record


def as_json(record: SchoolEvidence) -> dict[str, Any]:
    """A record as its line of JSON says it."""
    found: dict[str, Any] = json.loads(line_of(record))
    return found


def remarks(found: Imported) -> list[str]:
    """What was refused, as sentences."""
    return [str(remark) for remark in found.remarks]


def run(folder: Path, *options: str) -> Result:
    """The command on a folder."""
    return CliRunner().invoke(command, [str(folder), "--authority", AUTHORITY, "--on", str(ON), *options])
