"""The table of schools: who is there on a day, and what the table says of each."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import Factory, define

from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.cells import BadCell, check, date_of, key_of, phase_of, values_of
from si_rules.evidence.tables.counting import counted
from si_rules.evidence.tables.maps import Reason, SchoolsMap
from si_rules.evidence.tables.reading import Remark, Row, rows_of_file

EVERY_AUTHORITY = "all"


@define
class Schools:
    """The schools of an authority, by URN, as an evidence record takes them; and the rows left out, by reason."""

    name: str
    every: bool = False
    records: dict[str, dict[str, Any]] = Factory(dict)
    read: int = 0
    elsewhere: int = 0
    closed: int = 0
    not_yet_open: int = 0
    refused: int = 0
    remarks: list[Remark] = Factory(list)

    @property
    def of_the_authority(self) -> int:
        """The rows of the authority, whatever became of them."""
        return self.read - self.elsewhere

    def account(self, authority: str, on: datetime.date) -> Iterator[str]:
        """Sentences that account for every row; `authority` in words, blank for all of them."""
        whose = f" of {authority}" if authority else ""
        used = f"{self.name}: {counted(self.of_the_authority, 'row')}{whose}, {len(self.records):,} used"
        away = f"{self.closed:,} closed by {on}, {self.not_yet_open:,} opened after it"
        refused = f"{self.refused:,} refused"
        yield f"{used}, with {away}; left out {refused}" if self.every else f"{used}; left out {away}, {refused}"
        for key, words in (("phase", "phase"), ("legal_type", "legal type"), ("religious_character", "faith")):
            untold = sum(
                isinstance(record.get(key), dict) and "absent" in record[key] for record in self.records.values()
            )
            if untold:
                yield (
                    f"{self.name}: {counted(untold, 'school')} whose {words} the vocabulary has no word for, or no cell tells"
                )


def gather_schools(path: Path, table: SchoolsMap, codes: dict[str, Reason], authority: str, on: datetime.date,
                   every: bool = False) -> Schools:  # fmt: skip
    """The schools of an authority, or of all, that were open on a date as far as the table tells; or `every` one.

    A day of closing after the date is left out, as all is that came later. A blank day says nothing: not that
    there was none. Raises `TableUnusable`.
    """
    found = Schools(path.name, every)
    lines: dict[str, int] = {}
    needed = [table.key, table.authority, table.opened, table.closed]
    needed += [column for rule in table.phases for column in rule.where]
    wanted = [column.column for column in table.columns]
    columns = {"urn": table.key, "opened": table.opened, "closed": table.closed}
    columns |= {column.field: column.column for column in table.columns}
    for row in rows_of_file(path, needed, wanted, found.remarks):
        found.read += 1
        if authority not in (EVERY_AUTHORITY, row.cells[table.authority]):
            found.elsewhere += 1
            continue
        try:
            urn = key_of(row, table.key)
            if urn in lines:
                raise BadCell(table.key, f"this school stands on line {lines[urn]} already")
            lines[urn] = row.line
            opened, closed = date_of(row, table.opened), date_of(row, table.closed)
            record = {"urn": urn, **values_of(row.cells, table.columns, codes), "phase": phase_of(row, table.phases)}
            record["opened"] = {"absent": "not_published"} if opened is None else opened
            record["closed"] = {"absent": "not_published"} if closed is None else closed
            check(SchoolEvidence, record, columns)
        except BadCell as error:
            found.refused += 1
            remark = Remark(path.name, row.line, error.column, row.cells[table.key] or None, error.reason)
            found.remarks.append(remark)
            continue
        gone, to_come = closed is not None and closed <= on, opened is not None and opened > on
        found.closed += gone
        found.not_yet_open += to_come and not gone
        if every or not (gone or to_come):
            if closed is not None and not gone:
                del record["closed"]
            record["provenance"] = _sources(path.name, row, record)
            found.records[urn] = record
    return found


def _sources(name: str, row: Row, record: dict[str, Any]) -> dict[str, Any]:
    data = [key for key in record if key not in ("urn", "name")]
    return {key: {"table": name, "row": row.line} for key in data}
