"""From a folder of published tables to evidence records of an authority's schools, as published by a date."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from attrs import Factory, define, field, frozen

from si_rules.evidence.judgement_sheet import JudgementSheet, read_judgements
from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.assembling import Assembler
from si_rules.evidence.tables.authorities import named
from si_rules.evidence.tables.counting import Account, ByField, counted
from si_rules.evidence.tables.index import Table, read_table
from si_rules.evidence.tables.links import Links, gather_links
from si_rules.evidence.tables.maps import InspectionsMap, Maps, ResultsMap
from si_rules.evidence.tables.reading import Remark, TableUnusable
from si_rules.evidence.tables.schools import EVERY_AUTHORITY, Schools, gather_schools
from si_rules.semantics.core import Core


class NothingToImport(LookupError):
    """There is no table of schools, it cannot be used, or it has no such authority; the message says which."""


@frozen
class Imported:
    """The records, by URN; what was refused, by file and line; sentences on every row; data by field; rows by table."""

    records: tuple[SchoolEvidence, ...]
    remarks: tuple[Remark, ...]
    summary: tuple[str, ...]
    by_field: tuple[str, ...]
    accounts: tuple[Account, ...]


def import_tables(folder: Path, maps: Maps, authority: str, on: datetime.date, sheet: tuple[str, bytes] | None = None,
                  policy: Core | None = None, predecessors: bool = False, every_school: bool = False) -> Imported:  # fmt: skip
    """The evidence that the tables of a folder, and a judgements sheet by name and bytes, give about an authority.

    `authority` is its number, or `all`. With a policy the judgements of the sheet are held against those it
    declares, and against their scales. "As published by `on`": a row published, made or judged later is left
    out and counted. Nothing is guessed:

    - A school comes out unless the table says that it had closed by that day or opened after it; with
      `every_school` all that the table has do.
    - A school without an inspection under its own URN is not said to have had none: an academy's URN carries
      only what came after it opened, and closed schools are mostly missing. Its list is not published.
    - What stands under a predecessor's URN comes only with `predecessors`, and marked as the predecessor's.
    - Where a row of a school's inspections was refused, its list is left out, for it may lack the latest.
    - Where tables of two origins differ, the figure is disputed between them.

    Raises `NothingToImport`, and `ExtraMissing` where the sheet needs a library that is not there.
    """
    running = Import(folder, maps, authority, on, sheet, policy, predecessors, every_school)
    running.read()
    records = tuple(running.records())
    by_field = tuple(running.by_field.lines())
    return Imported(records, tuple(running.remarks), tuple(running.summary), by_field, running.accounts)


@define
class Import:
    """An import in its steps, so that the records need not all be kept: `read`, then `records`, then what is told.

    The rows of the schools concerned are kept as they stand, and one record at a time is put together of them.
    """

    folder: Path
    maps: Maps
    authority: str
    on: datetime.date
    sheet: tuple[str, bytes] | None = None
    policy: Core | None = field(default=None, repr=False)
    predecessors: bool = False
    every_school: bool = False
    tell: Callable[[str], None] = lambda _: None
    remarks: list[Remark] = Factory(list)
    summary: list[str] = Factory(list)
    by_field: ByField = Factory(ByField)
    _schools: Schools | None = field(default=None, init=False)
    _assembler: Assembler | None = field(default=None, init=False)
    _judged: JudgementSheet | None = field(default=None, init=False)
    _missing: list[str] = field(factory=list, init=False)

    @property
    def count(self) -> int:
        """How many records there will be, once the tables are read."""
        return len(self._schools.records) if self._schools is not None else 0

    @property
    def accounts(self) -> tuple[Account, ...]:
        """What became of the rows of each table of inspections and results; whole once all records were given."""
        return tuple(read.account for read in self._tables())

    def read(self) -> None:
        """Read every table, and the sheet. Raises as `import_tables`; what is wrong with a row is among the remarks."""
        schools = self._schools = self._read_schools()
        links = self._read_links()
        urns = schools.records
        before = links.all_before(urns, self.on) if self.predecessors else set()
        inspections = self._inspections(before)
        results = [pair for table in self.maps.results for pair in self._results(table, before)]
        self._assembler = Assembler(self.on, self.maps.codes, urns, before, links, results, inspections)
        if self.sheet is not None:
            name, data = self.sheet
            self._judged = read_judgements(data, name, urns, self.on, self.policy)

    def records(self) -> Iterator[SchoolEvidence]:
        """Each record once, by URN; afterwards the remarks and the summary are whole."""
        assert self._schools is not None
        assert self._assembler is not None
        count = self.count
        for urn in sorted(self._schools.records):
            record = self._schools.records[urn]
            self._assembler.complete(record)
            if self._judged is not None:
                self._add_judgements(record, self._judged)
            self.by_field.take(record)
            yield SchoolEvidence.model_validate(record)
            self._schools.records[urn] = {}  # its number is still asked for, the rest is not
        self._assembler.finish()
        self._tell_all(count)

    # ---- the tables
    def _read_schools(self) -> Schools:
        name = self.maps.schools.file
        path = self._find(name)
        whose, guess = named(self.folder, self.maps.authorities, self.authority)
        if path is None:
            raise NothingToImport(f"there is no table of schools: looked for {self.folder / name}")
        self.tell(name)
        try:
            found = gather_schools(path, self.maps.schools, self.maps.codes, self.authority, self.on, self.every_school)
        except TableUnusable as error:
            raise NothingToImport(f"the table of schools cannot be used: {error.remark}") from None
        if not found.of_the_authority:
            hint = f"; {guess}" if guess else ""
            raise NothingToImport(f"{name} has no school of {whose}{hint}")
        self.remarks += found.remarks
        self.summary += found.account("" if self.authority == EVERY_AUTHORITY else whose, self.on)
        return found

    def _read_links(self) -> Links:
        """The predecessors of the schools; from a file in the folder or in a folder inside it."""
        table = self.maps.links
        if table is None:
            return Links()
        inside = [path for path in sorted(self.folder.glob(f"*/{table.file}")) if path.is_file()]
        paths = [path for path in (self._find(table.file),) if path] + inside
        if not paths:
            self._missing.append(table.file)
            return Links()
        links = gather_links(paths, table)
        self.remarks += links.remarks
        return links

    def _inspections(self, before: set[str]) -> tuple[InspectionsMap, Table] | None:
        table = self.maps.inspections
        read = None if table is None else self._table(table.file, table, before)
        return None if table is None or read is None else (table, read)

    def _results(self, table: ResultsMap, before: set[str]) -> Iterator[tuple[ResultsMap, Table]]:
        for name in table.files:
            read = self._table(name, table, before)
            if read is not None:
                yield table, read

    def _table(self, name: str, table: ResultsMap | InspectionsMap, before: set[str]) -> Table | None:
        path = self._find(name)
        if path is None:
            self._missing.append(name)
            return None
        assert self._schools is not None
        self.tell(name)
        return read_table(path, table, self._schools.records, before, self.authority)

    def _tables(self) -> list[Table]:
        run = self._assembler
        if run is None:
            return []
        return [*([run.inspections[1]] if run.inspections else []), *(read for _, read in run.results)]

    def _find(self, name: str) -> Path | None:
        path = self.folder / name
        return path if path.exists() else None

    def _add_judgements(self, record: dict[str, Any], sheet: JudgementSheet) -> None:
        """What an officer says goes before what a table says; then the table is not where it stands."""
        urn = record["urn"]
        if urn in sheet.judgements:
            record["judgements"] = sheet.judgements[urn]
        for key, value in sheet.fields.get(urn, {}).items():
            record[key] = value
            record["provenance"].pop(key, None)

    # ---- what is told at the end
    def _tell_all(self, count: int) -> None:
        assert self._assembler is not None
        run = self._assembler
        for read in self._tables():
            self.remarks += read.remarks
            self.summary.append(read.account.sentence(self.on))
        if run.inspections is not None:
            self.summary += self._of_inspections(run, run.inspections[1])
        self.summary += self._of_predecessors(run)
        if self._judged is not None and self.sheet is not None:
            self.summary.append(self._of_sheet(self.sheet[0], self._judged))
        if self._missing:
            self.summary.append(f"done without, for they are not in {self.folder}: {', '.join(self._missing)}")
        told = counted(len(self.remarks), "remark")
        self.summary.append(f"{counted(count, 'record')}, {told} on what was refused")

    def _of_inspections(self, run: Assembler, read: Table) -> Iterator[str]:
        yield f"{read.name}: {counted(run.without_inspection, 'school')} without an inspection under their own number"
        if read.account.broken:
            yield f"{read.name}: not read to its end, so no list of inspections is supplied"
        elif doubtful := read.doubtful & set(run.urns):
            yield f"{read.name}: {counted(len(doubtful), 'school')} with a refused row (list not supplied)"

    def _of_predecessors(self, run: Assembler) -> Iterator[str]:
        followed = sum(bool(run.links.of(urn)) for urn in run.urns)
        if self.maps.links is None or not run.links.rows:
            return
        name = self.maps.links.file
        yield (
            f"{name}: {counted(run.links.rows, 'row')}, {counted(followed, 'school')} with a predecessor"
            f"{'' if self.predecessors else ', whose evidence is left where it is (see --predecessors)'}"
        )
        if run.unlisted:
            yield (
                f"{name}: {counted(run.unlisted, 'school')} whose predecessors cannot be listed, for a day is missing or "
                "two have the same"
            )
        if run.several:
            yield f"{name}: {counted(run.several, 'year')} or list that several predecessors have, so that none is taken"

    def _of_sheet(self, name: str, sheet: JudgementSheet) -> str:
        self.remarks += sheet.remarks
        schools = len(set(sheet.judgements) | set(sheet.fields))
        return (
            f"{name}: {counted(sheet.used, 'row')} used, of {counted(schools, 'school')}; "
            f"left out {sheet.later} made after {self.on} and {sheet.empty} without a value"
        )
