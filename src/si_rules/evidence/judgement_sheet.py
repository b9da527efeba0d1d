"""The judgements sheet: a CSV an officer fills in with a spreadsheet program, one judgement a row.

Columns `urn, judgement, value, author, role, date, document`, in any order and any case; the last four may be
missing. Commas, semicolons or tabs; UTF-8 with or without a byte-order mark. A value yes, no, true or false,
in any case, is a yes or a no; anything else stays the text it is, and only the policy can say whether its
scale has it. A row with an empty value says nothing and is skipped.

A row may also give a field of the school itself, by its name in the vocabulary: `current_category`, `phase` or
`legal_type`, and `none` where the school is known to have none. Such a row goes before what a table says; its
author, role and document are not kept, for the evidence has no place for them.
"""

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, Final

from attrs import Factory, define, field

from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.cells import BadCell, check, date_of, key_of
from si_rules.evidence.tables.reading import Remark, Row, TableUnusable, rows_of, shown
from si_rules.source.nearest import nearest

OWN_FIELDS: Final = ("current_category", "legal_type", "phase", "pre_warning_letter_issued")

_NEEDED: Final = ("urn", "judgement", "value")
_PROVENANCE: Final = ("author", "role", "date", "document")
_WORDS: Final = {"yes": True, "true": True, "no": False, "false": False}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


@define
class JudgementSheet:
    """What a sheet says, by URN: judgements by name, and fields of the school itself, as an evidence record takes them.

    `later` rows are dated after the date asked for, `empty` rows have no value; neither is used.
    """

    judgements: dict[str, dict[str, dict[str, Any]]] = Factory(dict)
    fields: dict[str, dict[str, Any]] = Factory(dict)
    used: int = 0
    later: int = 0
    empty: int = 0
    remarks: list[Remark] = Factory(list)


def read_judgements(data: bytes, name: str, urns: Collection[str], on: datetime.date) -> JudgementSheet:
    """A sheet about the schools `urns`, as far as its rows were made by a date.

    What is wrong is among the remarks, a row each, and the good rows are kept. Of two rows that judge the same
    of one school neither is used, for nothing says which one holds.
    """
    sheet = JudgementSheet()
    try:
        rows = list(_rows(data, name, sheet))
    except TableUnusable as error:
        sheet.remarks.append(error.remark)
        return sheet
    reader = _Reader(name, urns, on, sheet)
    twice = reader.find_twice(rows)
    for row in rows:
        reader.take(row, twice)
    return sheet


def _rows(data: bytes, name: str, sheet: JudgementSheet) -> Iterator[Row]:
    """The rows of the sheet, their headings checked for what looks like a slip of the pen."""
    lines = data.splitlines(keepends=True)
    first = lines[0] if lines else b""
    delimiter = max(",;\t", key=lambda mark: first.count(mark.encode()))
    checked = False
    try:
        for row in rows_of(lines, name, _NEEDED, delimiter, any_case=True, may_be_short=True):
            if not checked:
                _check_headings(row, name)
                checked = True
            yield row
    except TableUnusable as error:
        if not checked:
            raise
        sheet.remarks.append(error.remark)  # the rows before it are good


def _check_headings(row: Row, name: str) -> None:
    """Raise `TableUnusable` where a heading seems to be one of the provenance misspelt: it would be lost silently."""
    missing = [heading for heading in _PROVENANCE if heading not in row.cells]
    for heading in row.cells:
        guess = nearest(heading, missing) if heading not in (*_NEEDED, *_PROVENANCE) else None
        if guess:
            reason = f"there is no column of this name; did you mean {guess}?"
            raise TableUnusable(Remark(name, 1, shown(heading), None, reason))


@define
class _Reader:
    name: str
    urns: Collection[str] = field(repr=False)
    on: datetime.date
    sheet: JudgementSheet

    def find_twice(self, rows: list[Row]) -> set[tuple[str, str]]:
        """The school and judgement of rows that come up again, those without a value or made later left out."""
        counts: Counter[tuple[str, str]] = Counter()
        for row in rows:
            day = _date_or_none(row)
            if row.cells["value"] and not (day is not None and day > self.on):
                counts[row.cells["urn"], row.cells["judgement"]] += 1
        return {key for key, count in counts.items() if count > 1}

    def take(self, row: Row, twice: set[tuple[str, str]]) -> None:
        """Put a row into the sheet, or a remark."""
        urn, judgement, value = (row.cells[heading] for heading in _NEEDED)
        try:
            key_of(row, "urn")
            if not value:
                self.sheet.empty += 1
                return
            self._check_names(urn, judgement)
            day = date_of(row, "date") if "date" in row.cells else None
            if day is not None and day > self.on:
                self.sheet.later += 1
                return
            if (urn, judgement) in twice:
                raise BadCell("judgement", f"{judgement} is given twice for this school; neither row is used")
            if judgement in OWN_FIELDS:
                self._take_field(urn, judgement, value)
            else:
                self._take_judgement(row, urn, judgement, value, day)
        except BadCell as error:
            remark = Remark(self.name, row.line, error.column, row.cells["urn"] or None, error.reason)
            self.sheet.remarks.append(remark)
            return
        self.sheet.used += 1

    def _check_names(self, urn: str, judgement: str) -> None:
        if urn not in self.urns:
            guess = nearest(urn, self.urns)
            hint = f"; did you mean {guess}?" if guess else ""
            raise BadCell("urn", f"no school of this URN comes out of the tables{hint}")
        if not judgement:
            raise BadCell("judgement", "is blank, while the row has a value")
        if not _NAME.fullmatch(judgement):
            guess = re.sub(r"[^a-z0-9]+", "_", judgement.lower()).strip("_")
            hint = f"; did you mean {shown(guess)}?" if _NAME.fullmatch(guess) else ""
            raise BadCell("judgement", f"{shown(judgement)!r} is not the name of a judgement in a policy{hint}")

    def _take_field(self, urn: str, name: str, value: str) -> None:
        given = {"none": True} if value.lower() == "none" else _WORDS.get(value.lower(), value)
        check(SchoolEvidence, {"urn": urn, name: given}, {name: "value"})
        self.sheet.fields.setdefault(urn, {})[name] = given

    def _take_judgement(self, row: Row, urn: str, name: str, value: str, day: datetime.date | None) -> None:
        entry: dict[str, Any] = {"value": _WORDS.get(value.lower(), value)}
        entry |= {key: row.cells[key] for key in _PROVENANCE if row.cells.get(key)}
        if day is not None:
            entry["date"] = day
        check(SchoolEvidence, {"urn": urn, "judgements": {name: entry}}, {"judgements": "value"})
        self.sheet.judgements.setdefault(urn, {})[name] = entry


def _date_or_none(row: Row) -> datetime.date | None:
    try:
        return date_of(row, "date") if "date" in row.cells else None
    except BadCell:
        return None
