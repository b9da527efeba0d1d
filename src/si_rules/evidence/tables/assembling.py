"""The evidence of one school, put together from its rows and from those of the schools it followed."""

import datetime
from collections.abc import Collection
from typing import Any

from attrs import Factory, define

from si_rules.evidence.records import Inspection
from si_rules.evidence.tables.cells import BadCell, check, date_of, values_of
from si_rules.evidence.tables.combining import Entry, combined, contradiction, repeats
from si_rules.evidence.tables.index import Table
from si_rules.evidence.tables.links import Links
from si_rules.evidence.tables.maps import SERIES, InspectionsMap, Reason, ResultsMap
from si_rules.evidence.tables.reading import Row
from si_rules.semantics.years import AcademicYear

_MARK = "of_predecessor"
_NOT_PUBLISHED = {"absent": "not_published"}
_NOT_SUPPLIED = {"absent": "not_supplied"}


@define
class Inspected:
    """The inspections of a school by a day, each with its line; `doubtful` where one may be missing."""

    entries: dict[datetime.date, tuple[int, dict[str, Any]]] = Factory(dict)
    doubtful: bool = False


@define
class Assembler:
    """Puts records together, and counts what becomes of each row.

    `urns` are the schools that come out, `before` those that came before them and whose evidence is carried
    over, marked as theirs: none of it unless it is asked for.
    """

    on: datetime.date
    codes: dict[str, Reason]
    urns: Collection[str]
    before: Collection[str]
    links: Links
    results: list[tuple[ResultsMap, Table]]
    inspections: tuple[InspectionsMap, Table] | None = None
    without_inspection: int = 0
    several: int = 0  # years and lists that more than one predecessor has, so that none is taken
    unlisted: int = 0  # schools whose predecessors cannot be listed: a day is missing, or two have one day
    _years_kept: dict[tuple[str, str], dict[str, list[Entry]]] = Factory(dict)
    _inspected_kept: dict[str, Inspected] = Factory(dict)
    _taken: set[tuple[str, int]] = Factory(set)

    def complete(self, record: dict[str, Any]) -> None:
        """Add to a record of the table of schools all that the other tables say."""
        urn = record["urn"]
        generations = list(self.links.generations(urn, self.on)) if self.before else []
        self._add_predecessors(record)
        if self.inspections is not None:
            self._add_inspections(record, generations, self.inspections[1])
        for series in dict.fromkeys(table.series for table, _ in self.results):
            self._add_results(record, series, generations)

    def finish(self) -> None:
        """Count the rows of predecessors that no record has asked for."""
        for urn in sorted(set(self.before) - set(self.urns)):
            for series in dict.fromkeys(table.series for table, _ in self.results):
                self._years(urn, series)
            if self.inspections is not None:
                self._inspected(urn)

    # ---- predecessors
    def _add_predecessors(self, record: dict[str, Any]) -> None:
        links = [link for link in self.links.of(record["urn"]) if link.since is None or link.since <= self.on]
        if not links:
            return  # which does not say that there was none
        days = [link.since for link in links]
        if None in days or len(set(days)) < len(days):
            self.unlisted += 1
            record["predecessors"] = _NOT_PUBLISHED
            return
        changes: list[dict[str, Any]] = []
        for link in sorted(links, key=lambda item: str(item.since)):
            changes.append({"date": link.since, "change": "merger" if link.merged else _NOT_PUBLISHED})
            record["provenance"][f"predecessors.{link.since}"] = {"table": link.table, "row": link.line}
        record["predecessors"] = changes

    def _take(self, other: str, table: Table, line: int) -> None:
        """Count a row of a predecessor that does not come out itself as carried over, once."""
        if other not in self.urns and (table.name, line) not in self._taken:
            self._taken.add((table.name, line))
            table.account.behind -= 1
            table.account.of_predecessors += 1

    # ---- results
    def _add_results(self, record: dict[str, Any], series: str, generations: list[list[str]]) -> None:
        own = self._years(record["urn"], series)
        found: dict[str, tuple[str | None, list[Entry]]] = {year: (None, entries) for year, entries in own.items()}
        if _MARK in SERIES[series].model_fields:
            saying = {year for year, entries in own.items() if any(entry.says_something for entry in entries)}
            for year, (other, entries) in self._carried(series, generations, saying).items():
                for entry in own.get(year, ()):  # a new academy's row is there, and blank
                    account = self._table(entry.table).account
                    account.used, account.behind = account.used - 1, account.behind + 1
                found[year] = other, entries
        years: dict[str, Any] = {}
        for year, (marked, entries) in sorted(found.items()):
            values, sources = combined(entries)
            years[year] = values if marked is None else {**values, _MARK: marked}
            for key, source in sources.items():
                record["provenance"][f"{series}.{year}" if key is None else f"{series}.{year}.{key}"] = source
        if years:
            record[series] = years

    def _carried(self, series: str, generations: list[list[str]],
                 own: Collection[str]) -> dict[str, tuple[str, list[Entry]]]:  # fmt: skip
        """The years of which a school says nothing itself, and the nearest one before it does: one, not several."""
        found: dict[str, tuple[str, list[Entry]]] = {}
        settled = set(own)
        for generation in generations:
            saying: dict[str, list[str]] = {}
            for other in generation:
                for year, entries in self._years(other, series).items():
                    if year not in settled and any(entry.says_something for entry in entries):
                        saying.setdefault(year, []).append(other)
            for year, others in saying.items():
                settled.add(year)
                if len(others) > 1:
                    self.several += 1
                    continue
                entries = self._years(others[0], series)[year]
                found[year] = others[0], entries
                for entry in entries:
                    self._take(others[0], self._table(entry.table), entry.line)
        return found

    def _years(self, urn: str, series: str) -> dict[str, list[Entry]]:
        """What the tables say of a school, by year. Each row is counted, and told where it cannot be used, once."""
        kept = self._years_kept.get((urn, series))
        if kept is not None:
            return kept
        found: dict[str, list[Entry]] = {}
        for table, read in self.results:
            if table.series == series:
                for row in read.rows_of(urn):
                    self._take_row(table, read, urn, row, found)
        if urn in self.before:
            self._years_kept[urn, series] = found
        return found

    def _take_row(self, table: ResultsMap, read: Table, urn: str, row: Row, found: dict[str, list[Entry]]) -> None:
        account = read.account
        try:
            year, entry = self._entry(table, read, row)
            if entry.published > self.on:
                account.later[entry.published] += 1
                return
            others = found.get(year, [])
            other = contradiction(entry, others)
            if other is not None:
                where = f"line {other.line}" if other.table == read.name else f"{other.table}, line {other.line},"
                raise BadCell(table.year, f"{where} says otherwise of this school in {year}")
        except BadCell as error:
            account.refused += 1
            read.refuse(row.line, urn, error.column, error.reason)
            return
        if repeats(entry, others):
            account.again += 1
            return
        found.setdefault(year, []).append(entry)
        if urn in self.urns:
            account.used += 1
        else:
            account.behind += 1

    def _entry(self, table: ResultsMap, read: Table, row: Row) -> tuple[str, Entry]:
        cell = row.cells[table.year]
        if not (cell.isascii() and cell.isdigit() and len(cell) == 4):
            raise BadCell(table.year, f"{cell[:40]!r} is not the year in which an academic year ends, such as 2016")
        year = str(AcademicYear(int(cell) - 1))
        if year not in table.published:
            raise BadCell(table.year, f"the map does not say when the results of {year} were published")
        values = values_of(row.cells, read.columns, self.codes)
        check(SERIES[table.series], values, {column.field: column.column for column in read.columns})
        return year, Entry(table.origin, read.name, row.line, table.published[year], values)

    def _table(self, name: str) -> Table:
        return next(read for _, read in self.results if read.name == name)

    # ---- inspections
    def _add_inspections(self, record: dict[str, Any], generations: list[list[str]], table: Table) -> None:
        """The list of a school, left out where it may lack one; and what its predecessors' lists hold.

        A school without a row is not said never to have been inspected: its number may be new.
        """
        own = self._inspected(record["urn"])
        others = {urn: self._inspected(urn) for generation in generations for urn in generation}
        if table.account.broken or own.doubtful:
            record["inspections"] = _NOT_SUPPLIED
            return
        listed = {day: (line, entry) for day, (line, entry) in own.entries.items()}
        if not listed:
            self.without_inspection += 1
        marked = [(day, other) for other, inspected in others.items() for day in inspected.entries if day not in listed]
        if any(inspected.doubtful for inspected in others.values()) or len({day for day, _ in marked}) < len(marked):
            self.several += bool(marked)
            marked = []
        for day, other in marked:
            line, entry = others[other].entries[day]
            listed[day] = line, {**entry, _MARK: other}
            self._take(other, table, line)
        for day, (line, _) in listed.items():
            record["provenance"][f"inspections.{day}"] = {"table": table.name, "row": line}
        record["inspections"] = [entry for _, (_, entry) in sorted(listed.items())] or _NOT_PUBLISHED

    def _inspected(self, urn: str) -> Inspected:
        """The inspections of a school. Each row is counted, and told where it cannot be used, once."""
        kept = self._inspected_kept.get(urn)
        if kept is not None:
            return kept
        assert self.inspections is not None
        table, read = self.inspections
        found = Inspected(doubtful=urn in read.doubtful)
        for row in read.rows_of(urn):
            self._take_inspection(table, read, urn, row, found)
        if urn in self.before:
            self._inspected_kept[urn] = found
        return found

    def _take_inspection(self, table: InspectionsMap, read: Table, urn: str, row: Row, found: Inspected) -> None:
        account = read.account
        try:
            day = date_of(row, table.date)
            if day is None:
                raise BadCell(table.date, "is blank")
            if day > self.on:
                account.later[day] += 1
                return
            entry = {"date": day, **values_of(row.cells, read.columns, self.codes)}
            check(Inspection, entry, {"date": table.date, **{c.field: c.column for c in read.columns}})
            if day in found.entries and found.entries[day][1] != entry:
                raise BadCell(table.date, f"there is another inspection of {day}, which says something else")
        except BadCell as error:
            found.doubtful = True
            read.doubtful.add(urn)
            account.refused += 1
            read.refuse(row.line, urn, error.column, error.reason)
            return
        if day in found.entries:
            account.again += 1
            return
        found.entries[day] = row.line, entry
        if urn in self.urns:
            account.used += 1
        else:
            account.behind += 1
