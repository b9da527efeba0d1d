"""Which school followed which, from a table of links: the predecessors of a school, one behind the other."""

import datetime
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from attrs import Factory, define, frozen

from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.cells import BadCell, check, key_of
from si_rules.evidence.tables.maps import LinksMap
from si_rules.evidence.tables.reading import Remark, Row, TableUnusable, rows_of_file

_MOST_GENERATIONS: Final = 20


@frozen
class Link:
    """A school's predecessor: the day from which the school followed it, as far as the table says; whether by a merger."""

    predecessor: str
    since: datetime.date | None = None
    merged: bool = False
    table: str = ""
    line: int = 0


@define
class Links:
    """The links of all schools a table speaks of, by URN of the school that came later."""

    found: dict[str, dict[str, Link]] = Factory(dict)
    rows: int = 0
    remarks: list[Remark] = Factory(list)

    def of(self, urn: str) -> list[Link]:
        """The direct predecessors of a school, by number."""
        return [link for _, link in sorted(self.found.get(urn, {}).items())]

    def generations(self, urn: str, on: datetime.date) -> Iterator[list[str]]:
        """Those that came before a school by a day: its predecessors, then theirs, each school once.

        A link without a day counts, for such links are old.
        """
        met = {urn}
        generation = [urn]
        for _ in range(_MOST_GENERATIONS):
            before = {
                link.predecessor
                for later in generation
                for link in self.of(later)
                if link.since is None or link.since <= on
            }
            generation = sorted(before - met)
            met |= before
            if not generation:
                return
            yield generation

    def all_before(self, urns: Collection[str], on: datetime.date) -> set[str]:
        """All that came before some schools by a day."""
        return {other for urn in urns for generation in self.generations(urn, on) for other in generation}


def gather_links(paths: Collection[Path], table: LinksMap) -> Links:
    """The links of some files. A link may stand under either school, or under both; what is wrong is among the remarks."""
    links = Links()
    for path in paths:
        try:
            for row in rows_of_file(path, [table.key, table.linked, table.kind, table.date]):
                links.rows += 1
                kind = row.cells[table.kind]
                if kind not in (*table.predecessor, *table.successor):
                    continue  # another sort of link: a shared sixth form
                try:
                    this, other = key_of(row, table.key), row.cells[table.linked]
                    for column, urn in ((table.key, this), (table.linked, other)):
                        check(SchoolEvidence, {"urn": urn}, {"urn": column})
                    since = _day(row, table)
                except BadCell as error:
                    subject = row.cells[table.key] or None
                    links.remarks.append(Remark(path.name, row.line, error.column, subject, error.reason))
                    continue
                later, earlier = (this, other) if kind in table.predecessor else (other, this)
                _keep(links, later, Link(earlier, since, kind in table.merger, path.name, row.line))
        except TableUnusable as error:
            links.remarks.append(error.remark)
    return links


def _keep(links: Links, later: str, link: Link) -> None:
    """Of two rows on one pair of schools, the one that stands under the later school, or else the first with a day.

    The two schools may name neighbouring days, the last of the one and the first of the other.
    """
    known = links.found.setdefault(later, {})
    before = known.get(link.predecessor)
    if before is None:
        known[link.predecessor] = link
        return
    days = [day for day in (before.since, link.since) if day is not None]
    merged = before.merged or link.merged
    source = before if before.since is not None and before.since == max(days, default=None) else link
    known[link.predecessor] = Link(link.predecessor, max(days, default=None), merged, source.table, source.line)


def _day(row: Row, table: LinksMap) -> datetime.date | None:
    cell = row.cells[table.date]
    if not cell:
        return None
    try:
        return datetime.datetime.strptime(cell, table.date_format).date()
    except ValueError:
        raise BadCell(table.date, f"{cell[:40]!r} is not a date as the map says it is written") from None
