"""A table read once: the rows of the schools that are wanted, kept as they stand; the others are counted."""

from collections.abc import Collection
from pathlib import Path

from attrs import Factory, define

from si_rules.evidence.tables.cells import BadCell, key_of
from si_rules.evidence.tables.counting import Account
from si_rules.evidence.tables.maps import Column, InspectionsMap, ResultsMap
from si_rules.evidence.tables.reading import Remark, Row, TableUnusable, rows_of_file
from si_rules.evidence.tables.schools import EVERY_AUTHORITY


@define
class Table:
    """The rows of one file for some schools, by URN: the line of each, and its cells in the order of `headings`.

    `doubtful` are schools of which a row was refused: what is kept of them may not be all.
    """

    columns: tuple[Column, ...]
    account: Account
    headings: tuple[str, ...] = ()
    rows: dict[str, list[tuple[int, tuple[str, ...]]]] = Factory(dict)
    doubtful: set[str] = Factory(set)
    remarks: list[Remark] = Factory(list)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.account.name

    def rows_of(self, urn: str) -> list[Row]:
        """The rows of a school, in the order of the file."""
        return [Row(line, dict(zip(self.headings, cells, strict=True))) for line, cells in self.rows.get(urn, ())]

    def refuse(self, line: int | None, urn: str, column: str | None, reason: str) -> None:
        """Add a remark on a row that cannot be used."""
        self.remarks.append(Remark(self.name, line, column, urn, reason))


def read_table(path: Path, table: ResultsMap | InspectionsMap, urns: Collection[str], before: Collection[str],
               authority: str) -> Table:  # fmt: skip
    """The rows of a file about the schools `urns`, and about those that came `before` them.

    What is wrong is among the remarks; nothing is raised. A column that is missing is told, and done without.
    """
    columns = table.columns_in(path.name) if isinstance(table, ResultsMap) else table.columns
    own = [table.key, table.year] if isinstance(table, ResultsMap) else [table.key, table.date]
    benchmarks = table.benchmarks if isinstance(table, ResultsMap) else {}
    needed = [*own, *benchmarks]
    wanted = [column.column for column in columns]
    found = Table(columns, Account(path.name))
    account = found.account
    shared: dict[str, str] = {}  # most cells say what many others say
    try:
        for row in rows_of_file(path, needed, wanted, found.remarks):
            account.read += 1
            if any(row.cells[name] in words for name, words in benchmarks.items()):
                account.benchmarks += 1
                continue
            urn = row.cells[table.key]
            if urn not in urns and urn not in before:
                _pass_over(row, urn, table, authority, found)
                continue
            try:
                key_of(row, table.key)
            except BadCell as error:
                account.refused += 1
                found.doubtful.add(urn)
                found.refuse(row.line, urn, error.column, error.reason)
                continue
            if not found.headings:
                found.headings = tuple(name for name in dict.fromkeys((*own, *wanted)) if name in row.cells)
            cells = tuple(shared.setdefault(cell, cell) for cell in (row.cells[name] for name in found.headings))
            found.rows.setdefault(urn, []).append((row.line, cells))
    except TableUnusable as error:
        account.broken = True
        found.remarks.append(error.remark)
    return found


def _pass_over(row: Row, urn: str, table: ResultsMap | InspectionsMap, authority: str, found: Table) -> None:
    """Count a row about none of the schools; one that names no school at all is refused."""
    if not urn and not row.fault:
        found.account.refused += 1
        found.remarks.append(Remark(found.name, row.line, table.key, None, "is blank, so the row belongs to no school"))
    elif authority == EVERY_AUTHORITY or (table.authority and row.cells.get(table.authority) == authority):
        found.account.left_out += 1
    else:
        found.account.elsewhere += 1
