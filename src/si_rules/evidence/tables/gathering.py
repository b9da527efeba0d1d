"""What each published table gives: schools, inspections, results, links. Every function reads its file once."""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from attrs import Factory, define, frozen

from si_rules.evidence.records import Inspection
from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.cells import BadCell, check, date_of, key_of, phase_of, values_of
from si_rules.evidence.tables.maps import SERIES, Column, InspectionsMap, LinksMap, Reason, ResultsMap, SchoolsMap
from si_rules.evidence.tables.reading import Remark, Row, TableUnusable, rows_of_file
from si_rules.semantics.years import AcademicYear

Codes = Mapping[str, Reason]


@define
class Schools:
    """The schools of an authority, by URN, as an evidence record takes them; and the rows left out, by reason."""

    records: dict[str, dict[str, Any]] = Factory(dict)
    of_the_authority: int = 0
    closed: int = 0
    not_yet_open: int = 0
    remarks: list[Remark] = Factory(list)


@define
class Inspections:
    """Inspections up to a date, by URN; `later` counts by URN those made after it.

    `doubtful` are schools of which a row was refused, and with `broken` the file could not be read to its
    end: then a list may lack an inspection, and must not be given as if it were the whole.
    """

    by_school: dict[str, list[dict[str, Any]]] = Factory(dict)
    later: Counter[str] = Factory(Counter)
    doubtful: set[str] = Factory(set)
    broken: bool = False
    remarks: list[Remark] = Factory(list)


@define
class Results:
    """Results published by a date, by URN and academic year; `later` counts rows published after it."""

    by_school: dict[str, dict[str, dict[str, Any]]] = Factory(dict)
    used: int = 0
    later: Counter[datetime.date] = Factory(Counter)
    remarks: list[Remark] = Factory(list)


@frozen
class Link:
    """A school's predecessor, and the day from which the school followed it, as far as the table says."""

    predecessor: str
    since: datetime.date | None


def gather_schools(path: Path, table: SchoolsMap, codes: Codes, authority: str, on: datetime.date) -> Schools:
    """The authority's schools that were open on a date as far as the table tells. Raises `TableUnusable`."""
    found = Schools()
    lines: dict[str, int] = {}
    needed = [table.key, table.authority, table.opened, table.closed, *(c.column for c in table.columns)]
    needed += [column for rule in table.phases for column in rule.where]
    columns = {"urn": table.key, **_columns(table.columns)}
    for row in rows_of_file(path, needed):
        if row.cells[table.authority] != authority:
            continue
        found.of_the_authority += 1
        try:
            urn = key_of(row, table.key)
            if urn in lines:
                raise BadCell(table.key, f"this school stands on line {lines[urn]} already")
            lines[urn] = row.line
            opened, closed = date_of(row, table.opened), date_of(row, table.closed)
            record = {"urn": urn, **values_of(row, table.columns, codes), "phase": phase_of(row, table.phases)}
            check(SchoolEvidence, record, columns)
        except BadCell as error:
            found.remarks.append(_remark(path, row, table.key, error))
            continue
        if closed is not None and closed <= on:
            found.closed += 1
        elif opened is not None and opened > on:
            found.not_yet_open += 1
        else:
            found.records[urn] = record
    return found


def gather_inspections(path: Path, table: InspectionsMap, codes: Codes, urns: Collection[str],
                       on: datetime.date) -> Inspections:  # fmt: skip
    """Inspections of some schools up to a date. What is wrong is among the remarks; nothing is raised."""
    found = Inspections()
    seen: dict[tuple[str, datetime.date], dict[str, Any]] = {}
    needed = [table.key, table.date, *(column.column for column in table.columns)]
    try:
        for row in rows_of_file(path, needed):
            urn = row.cells[table.key]
            if urn not in urns:
                continue
            try:
                key_of(row, table.key)
                day = date_of(row, table.date)
                if day is None:
                    raise BadCell(table.date, "is blank")
                if day > on:
                    found.later[urn] += 1
                    continue
                entry = {"date": day, **values_of(row, table.columns, codes)}
                check(Inspection, entry, {"date": table.date, **_columns(table.columns)})
                if seen.setdefault((urn, day), entry) != entry:
                    raise BadCell(table.date, f"there is another inspection of {day}, which says something else")
            except BadCell as error:
                found.doubtful.add(urn)
                found.remarks.append(_remark(path, row, table.key, error))
                continue
            if seen[urn, day] is entry:
                found.by_school.setdefault(urn, []).append(entry)
    except TableUnusable as error:
        found.broken = True
        found.remarks.append(error.remark)
    return found


def gather_results(path: Path, series: str, table: ResultsMap, codes: Codes, urns: Collection[str],
                   on: datetime.date) -> Results:  # fmt: skip
    """Results of some schools published by a date. What is wrong is among the remarks; nothing is raised."""
    found = Results()
    needed = [table.key, table.year, *(column.column for column in table.columns)]
    try:
        for row in rows_of_file(path, needed):
            urn = row.cells[table.key]
            if urn not in urns:
                continue
            try:
                key_of(row, table.key)
                year, published = _published(row, table)
                if published > on:
                    found.later[published] += 1
                    continue
                entry = {"published": published, **values_of(row, table.columns, codes)}
                check(SERIES[series], entry, _columns(table.columns))
                if year in found.by_school.get(urn, {}):
                    raise BadCell(table.year, f"there is another row of this school for {year}")
            except BadCell as error:
                found.remarks.append(_remark(path, row, table.key, error))
                continue
            found.used += 1
            found.by_school.setdefault(urn, {})[year] = entry
    except TableUnusable as error:
        found.remarks.append(error.remark)
    return found


def _published(row: Row, table: ResultsMap) -> tuple[str, datetime.date]:
    """The academic year of a row, and the day on which its results were published."""
    cell = row.cells[table.year]
    if not (cell.isascii() and cell.isdigit() and len(cell) == 4):
        raise BadCell(table.year, f"{cell[:40]!r} is not the year in which an academic year ends, such as 2016")
    year = str(AcademicYear(int(cell) - 1))
    if year not in table.published:
        raise BadCell(table.year, f"the map does not say when the results of {year} were published")
    return year, table.published[year]


def gather_links(paths: Collection[Path], table: LinksMap, urns: Collection[str]) -> tuple[dict[str, set[Link]], list[Remark]]:  # fmt: skip
    """The predecessors of some schools, and what is wrong with the files. A link may stand under either school."""
    found: dict[str, set[Link]] = {}
    remarks: list[Remark] = []
    for path in paths:
        try:
            for row in rows_of_file(path, [table.key, table.linked, table.kind, table.date]):
                this, other, kind = (row.cells[name] for name in (table.key, table.linked, table.kind))
                if kind in table.predecessor:
                    later, earlier = this, other
                elif kind in table.successor:
                    later, earlier = other, this
                else:
                    continue
                if later not in urns:
                    continue
                try:
                    key_of(row, table.key)
                    found.setdefault(later, set()).add(Link(earlier, _day(row, table)))
                except BadCell as error:
                    remarks.append(_remark(path, row, table.key, error))
        except TableUnusable as error:
            remarks.append(error.remark)
    return found, remarks


def _day(row: Row, table: LinksMap) -> datetime.date | None:
    cell = row.cells[table.date]
    if not cell:
        return None
    try:
        return datetime.datetime.strptime(cell, table.date_format).date()
    except ValueError:
        raise BadCell(table.date, f"{cell[:40]!r} is not a date as the map says it is written") from None


def _columns(columns: tuple[Column, ...]) -> dict[str, str]:
    return {column.field: column.column for column in columns}


def _remark(path: Path, row: Row, key: str, error: BadCell) -> Remark:
    return Remark(path.name, row.line, error.column, row.cells[key] or None, error.reason)
