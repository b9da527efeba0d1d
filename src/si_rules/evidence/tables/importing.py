"""From a folder of published tables to evidence records of an authority's schools, as published by a date."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from si_rules.evidence.judgement_sheet import JudgementSheet, read_judgements
from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.gathering import (
    Inspections,
    Link,
    Schools,
    gather_inspections,
    gather_links,
    gather_results,
    gather_schools,
)
from si_rules.evidence.tables.maps import Maps, ResultsMap
from si_rules.evidence.tables.reading import Remark, TableUnusable


class NothingToImport(LookupError):
    """There is no table of schools, it cannot be used, or it has no such authority; the message says which."""


@frozen
class Imported:
    """The records, by URN; what was refused, by file and line; and sentences that account for every row."""

    records: tuple[SchoolEvidence, ...]
    remarks: tuple[Remark, ...]
    summary: tuple[str, ...]


def import_tables(folder: Path, maps: Maps, authority: str, on: datetime.date,
                  sheet: tuple[str, bytes] | None = None) -> Imported:  # fmt: skip
    """The evidence that the tables of a folder, and a judgements sheet by name and bytes, give about an authority.

    "As published by `on`": a row published, made or judged later is left out and counted. Nothing is guessed:

    - A school comes out unless the table says that it had closed by that day or opened after it.
    - A school without an inspection under its own URN is not said to have had none: an academy's URN carries
      only what came after it opened, and closed schools are mostly missing. Its list is not published. What
      stands under its predecessor's URN is counted, not carried over: it was another school then.
    - Where a row of a school's inspections was refused, its list is left out, for it may lack the latest.

    Raises `NothingToImport`.
    """
    return _Import(folder, maps, authority, on).run(sheet)


@define
class _Import:
    folder: Path
    maps: Maps
    authority: str
    on: datetime.date
    records: dict[str, dict[str, Any]] = field(factory=dict)
    remarks: list[Remark] = field(factory=list)
    summary: list[str] = field(factory=list)

    def run(self, sheet: tuple[str, bytes] | None) -> Imported:
        self._schools()
        self._inspections(self._links())
        for series, table in sorted(self.maps.results.items()):
            self._results(series, table)
        if sheet is not None:
            self._judgements(*sheet)
        records = tuple(SchoolEvidence.model_validate(self.records[urn]) for urn in sorted(self.records))
        self.summary.append(
            f"{_count(len(records), 'record')}, {_count(len(self.remarks), 'remark')} on what was refused"
        )
        return Imported(records, tuple(self.remarks), tuple(self.summary))

    def _schools(self) -> None:
        name = self.maps.schools.file
        path = self._find(name)
        if path is None:
            raise NothingToImport(f"there is no table of schools: looked for {self.folder / name}")
        try:
            found = gather_schools(path, self.maps.schools, self.maps.codes, self.authority, self.on)
        except TableUnusable as error:
            raise NothingToImport(f"the table of schools cannot be used: {error.remark}") from None
        if not found.of_the_authority:
            raise NothingToImport(f"{name} has no school of the authority {self.authority}")
        self.records = found.records
        self.remarks += found.remarks
        self.summary += _account_of_schools(name, self.authority, found, self.on)

    def _links(self) -> dict[str, set[Link]]:
        """The predecessors of the schools; from a file in the folder or in a folder inside it."""
        table = self.maps.links
        if table is None:
            return {}
        inside = [path for path in sorted(self.folder.glob(f"*/{table.file}")) if path.is_file()]
        paths = [path for path in (self._find(table.file),) if path] + inside
        if not paths:
            self._missing(table.file)
            return {}
        links, remarks = gather_links(paths, table, self.records)
        self.remarks += remarks
        late = [urn for urn, found in links.items() if all(link.since and link.since > self.on for link in found)]
        self.summary.append(f"{table.file}: {_count(len(links), 'school')} with a predecessor")
        if late:
            self.summary.append(
                f"{table.file}: {_count(len(late), 'school')} followed a predecessor after {self.on}, so may not yet "
                "have been open; used all the same, for the table of schools does not say so"
            )
        return links

    def _inspections(self, links: dict[str, set[Link]]) -> None:
        table = self.maps.inspections
        if table is None:
            return
        path = self._find(table.file)
        if path is None:
            self._missing(table.file)
            return
        urns = set(self.records)
        before = {link.predecessor for found in links.values() for link in found} - urns
        found = gather_inspections(path, table, self.maps.codes, urns | before, self.on)
        self.remarks += found.remarks
        without = 0
        elsewhere = 0
        for urn, record in self.records.items():
            if found.broken or urn in found.doubtful:
                record["inspections"] = {"absent": "not_supplied"}
            elif urn in found.by_school:
                record["inspections"] = sorted(found.by_school[urn], key=lambda entry: entry["date"])
            else:
                record["inspections"] = {"absent": "not_published"}
                without += 1
                elsewhere += any(link.predecessor in found.by_school for link in links.get(urn, ()))
        self.summary += self._account_of_inspections(table.file, found, without, elsewhere)

    def _account_of_inspections(self, name: str, found: Inspections, without: int, elsewhere: int) -> Iterator[str]:
        used = sum(len(found.by_school.get(urn, ())) for urn in self.records)
        later = sum(found.later[urn] for urn in self.records)
        yield f"{name}: {_count(used, 'inspection')} found; left out {later} made after {self.on}"
        yield (
            f"{name}: {_count(without, 'school')} without an inspection under their own URN (list not published), "
            f"{elsewhere} of them with one under a predecessor's, which is not carried over"
        )
        if found.broken:
            yield f"{name}: not read to its end, so no list of inspections is supplied"
        elif found.doubtful & set(self.records):
            doubtful = len(found.doubtful & set(self.records))
            yield f"{name}: {_count(doubtful, 'school')} with a refused row (list not supplied)"

    def _results(self, series: str, table: ResultsMap) -> None:
        for name in table.files:
            path = self._find(name)
            if path is None:
                self._missing(name)
                continue
            found = gather_results(path, series, table, self.maps.codes, self.records, self.on)
            self.remarks += found.remarks
            for urn, years in found.by_school.items():
                self.records[urn].setdefault(series, {}).update(years)
            late = [f"{count} published {day}" for day, count in sorted(found.later.items())]
            left = f"; left out {', '.join(late)}, after {self.on}" if late else ""
            self.summary.append(f"{name}: {_count(found.used, 'row')} used{left}")

    def _judgements(self, name: str, data: bytes) -> None:
        sheet: JudgementSheet = read_judgements(data, name, self.records, self.on)
        self.remarks += sheet.remarks
        for urn, given in sheet.judgements.items():
            self.records[urn]["judgements"] = given
        for urn, given in sheet.fields.items():
            self.records[urn] |= given
        schools = len(set(sheet.judgements) | set(sheet.fields))
        self.summary.append(
            f"{name}: {_count(sheet.used, 'row')} used, of {_count(schools, 'school')}; "
            f"left out {sheet.later} made after {self.on} and {sheet.empty} without a value"
        )

    def _find(self, name: str) -> Path | None:
        path = self.folder / name
        return path if path.exists() else None

    def _missing(self, name: str) -> None:
        self.summary.append(f"{name}: not there (looked for {self.folder / name}); going on without it")


def _account_of_schools(name: str, authority: str, found: Schools, on: datetime.date) -> Iterator[str]:
    yield (
        f"{name}: {_count(found.of_the_authority, 'row')} of the authority {authority}, {len(found.records)} used; "
        f"left out {found.closed} closed by {on} and {found.not_yet_open} opened after it"
    )
    for key, words in (("phase", "phase"), ("legal_type", "legal type")):
        untold = sum(isinstance(record.get(key), dict) for record in found.records.values())
        if untold:
            yield f"{name}: {_count(untold, 'school')} whose {words} the vocabulary has no word for, or no cell tells"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
