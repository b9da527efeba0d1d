"""The sheet of judgements that officers fill in, a judgement a row: CSV, Excel, or Parquet.

Columns `urn, judgement, value, author, role, date, document`, in any order and any case; author, role and document
may be missing. For subjects that are no schools the first column is called by what identifies them. What other
columns hold is not read: `note` is the officer's own. A row with an empty value says nothing and is passed over.

A value yes, no, true or false, in any case, is a yes or a no; anything else is the text it is, and where the
policy is known it must be on the scale. A row may also give a field of the subject itself, such as
`current_category`, by its name in the vocabulary, and `none` where it is known to have none. Such a row goes
before what a table says, and has no need of a date; who gave it is not kept, for the evidence has no place for it.
"""

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import Factory, define, field, frozen
from pydantic import BaseModel

from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.sheets.columns import UnknownColumn, column_of
from si_rules.evidence.sheets.forms import BadValue, raw_of, unquoted
from si_rules.evidence.sheets.grid import Cell, Sheet, SheetUnusable, Unreadable, written
from si_rules.evidence.sheets.opening import open_sheet
from si_rules.evidence.tables.cells import BadCell, check, iso_date
from si_rules.evidence.tables.reading import Remark, shown
from si_rules.semantics.core import Core
from si_rules.semantics.kinds import Choice, Flag, Scale, described
from si_rules.source.nearest import nearest

SHEET: Final = "judgements"  # what the sheet is called in a workbook that has several
GIVEN: Final = "given"  # in the column `status`: the row repeats what the evidence says already

_PROVENANCE: Final = ("author", "role", "document")
YES_AND_NO: Final = {"yes": True, "true": True, "no": False, "false": False}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


@frozen
class RowRemark(Remark):
    """What is wrong with a row of a sheet: `place` says where it stands, in the words of its format."""

    place: str = ""

    def __str__(self) -> str:
        """One sentence: `ours.xlsx, sheet judgements, row 12, column value (990301): …`."""
        column = f", column {self.column}" if self.column else ""
        subject = f" ({shown(self.subject)})" if self.subject else ""
        return f"{self.file}, {self.place}{column}{subject}: {self.reason}"


@define
class JudgementSheet:
    """What a sheet says, by id of the subject: judgements by name, and fields of the subject itself, as an evidence record takes them.

    `used` rows were taken. `empty` rows have no value. `later` of the refused rows are dated after the day asked for.
    """

    judgements: dict[str, dict[str, dict[str, Any]]] = Factory(dict)
    fields: dict[str, dict[str, Any]] = Factory(dict)
    used: int = 0
    later: int = 0
    empty: int = 0
    remarks: list[Remark] = Factory(list)


def read_judgements(data: bytes, name: str, subjects: Collection[str], on: datetime.date,
                    policy: Core | None = None, model: type[BaseModel] = SchoolEvidence) -> JudgementSheet:  # fmt: skip
    """A sheet about some subjects, its format told by the ending of its name.

    What is wrong is among the remarks, a row each, and the good rows are kept. Of two rows that judge the same of
    one subject neither is used, for nothing says which one holds. With a policy the judgements are those it
    declares, and values are on their scales. Raises `ExtraMissing`.
    """
    sheet = JudgementSheet()
    reader = _Reader(name, subjects, on, policy, model, sheet)
    try:
        grid = open_sheet(Path(name).suffix.lower(), data, SHEET, may_be_short=True)
        reader.read_headings(grid)
        rows = list(reader.rows(grid))
    except SheetUnusable as error:
        sheet.remarks.append(RowRemark(name, None, None, None, error.reason, error.place))
        return sheet
    twice = reader.find_twice(rows)
    for row in rows:
        reader.take(row, twice)
    return sheet


@frozen
class _Row:
    place: str
    number: int
    cells: dict[str, Cell]
    fault: str | None = None

    def text(self, heading: str) -> str:
        """A cell as a text; in quotation marks it is what stands in them."""
        cell = self.cells.get(heading)
        found = unquoted(cell) if isinstance(cell, str) else None
        return written(cell) if found is None else found


@define
class _Reader:
    name: str
    subjects: Collection[str] = field(repr=False)
    on: datetime.date
    policy: Core | None = field(repr=False)
    model: type[BaseModel]
    sheet: JudgementSheet
    _headings: Sequence[str] = ()

    @property
    def key(self) -> str:
        """The heading of the subject's id."""
        return "urn" if self.policy is None else self.policy.vocabulary.identified_by

    @property
    def needed(self) -> tuple[str, ...]:
        """The headings that must be there."""
        return self.key, "judgement", "value", "date"

    def read_headings(self, grid: Sheet) -> None:
        """Check the headings, also for what looks like a slip of the pen. Raises `SheetUnusable`."""
        self._headings = [written(cell).lower() for cell in grid.headings]
        place = grid.place(grid.heading_row)
        known = (*self.needed, *_PROVENANCE)
        for heading in known:
            if self._headings.count(heading) > 1:
                raise SheetUnusable(place, f"the column {heading} is there twice")
        for heading in self.needed:
            if heading not in self._headings:
                guess = nearest(heading, [other for other in self._headings if other])
                hint = f"; the nearest is {shown(guess)}" if guess else ""
                raise SheetUnusable(place, f"there is no column {heading}{hint}")
        missing = [heading for heading in _PROVENANCE if heading not in self._headings]
        for heading in self._headings:
            guess = nearest(heading, missing) if heading not in known else None
            if guess:  # what stands under it would be lost in silence
                raise SheetUnusable(place, f"{shown(heading)} is no column of the sheet; did you mean {guess}?")

    def rows(self, grid: Sheet) -> Iterator[_Row]:
        """The rows of the sheet; where it cannot be read to its end, a remark, and the rows before."""
        try:
            for row in grid.rows:
                if not row.is_blank:
                    cells = dict(zip(self._headings, row.cells, strict=False))
                    yield _Row(grid.place(row.number), row.number, cells, row.fault)
        except SheetUnusable as error:
            self.sheet.remarks.append(RowRemark(self.name, None, None, None, error.reason, error.place))

    def find_twice(self, rows: list[_Row]) -> set[tuple[str, str]]:
        """The subject and judgement of rows that come up again, those without a value or made later left out."""
        said = (row for row in rows if row.cells.get("value") is not None and not self._is_later(row))
        counts = Counter((row.text(self.key), row.text("judgement")) for row in said)
        return {key for key, count in counts.items() if count > 1}

    def _is_later(self, row: _Row) -> bool:
        try:
            day = _day_of(row.cells.get("date"))
        except ValueError:
            return False
        return day is not None and day > self.on

    def take(self, row: _Row, twice: set[tuple[str, str]]) -> None:
        """Put a row into the sheet, or a remark."""
        subject, judgement = row.text(self.key), row.text("judgement")
        try:
            self._check_row(row)
            if row.cells.get("value") is None:
                self.sheet.empty += 1
                return
            self._check_names(subject, judgement)
            if (subject, judgement) in twice:
                raise BadCell("judgement", f"{judgement} is given twice for this {self._noun}; neither row is used")
            if self._is_field(judgement):
                self._take_field(row, subject, judgement)
            else:
                self._take_judgement(row, subject, judgement)
        except BadCell as error:
            remark = RowRemark(self.name, row.number, error.column, subject or None, error.reason, row.place)
            self.sheet.remarks.append(remark)
            return
        self.sheet.used += 1

    @property
    def _noun(self) -> str:
        return "school" if self.policy is None else self.policy.vocabulary.noun

    def _check_row(self, row: _Row) -> None:
        if row.fault:
            raise BadCell(None, f"the row {row.fault}")
        for heading in (*self.needed, *_PROVENANCE):
            cell = row.cells.get(heading)
            if isinstance(cell, Unreadable):
                raise BadCell(heading, cell.reason)
        if row.cells.get(self.key) is None:
            raise BadCell(self.key, f"is blank, so the row belongs to no {self._noun}")

    def _check_names(self, subject: str, judgement: str) -> None:
        if subject not in self.subjects:
            guess = nearest(subject, self.subjects)
            hint = f"; did you mean {guess}?" if guess else ""
            raise BadCell(self.key, f"the evidence has no {self._noun} of this {self.key}{hint}")
        if not judgement:
            raise BadCell("judgement", "is blank, while the row has a value")
        if self._is_field(judgement):
            return
        plain = _as_name(judgement)
        if self.policy is None:
            if not _NAME.fullmatch(judgement):
                hint = f"; did you mean {shown(plain)}?" if _NAME.fullmatch(plain) else ""
                raise BadCell("judgement", f"{shown(judgement)!r} is not the name of a judgement in a policy{hint}")
        elif judgement not in self.policy.judgements:
            guess = nearest(plain, self.policy.judgements)
            hint = f"; did you mean {guess}?" if guess else ""
            raise BadCell("judgement", f"the policy declares no judgement {shown(judgement)}{hint}")

    def _is_field(self, name: str) -> bool:
        """Whether a name is that of a single value of the subject itself, and of no judgement."""
        if self.policy is not None:
            declared = self.policy.evidence_vocabulary.fields.get(name)
            return name not in self.policy.judgements and declared is not None and declared.parent is None
        if name in (self.key, "name") or name not in self.model.model_fields:
            return False
        try:
            return not column_of(name, self.model).takes & {"list"}
        except UnknownColumn:
            return False

    def _take_field(self, row: _Row, subject: str, name: str) -> None:
        try:
            given = raw_of(column_of(name, self.model), row.cells["value"])
        except BadValue as error:
            raise BadCell("value", str(error)) from None
        check(self.model, {self.key: subject, name: given}, {name: "value"})
        self.sheet.fields.setdefault(subject, {})[name] = given

    def _take_judgement(self, row: _Row, subject: str, name: str) -> None:
        entry: dict[str, Any] = {"value": self._value(row, name)}
        entry |= {key: row.text(key) for key in _PROVENANCE if row.cells.get(key) is not None}
        day = self._day(row)
        if day is not None:
            entry["date"] = day
        check(self.model, {self.key: subject, "judgements": {name: entry}}, {"judgements": "value"})
        self.sheet.judgements.setdefault(subject, {})[name] = entry

    def _value(self, row: _Row, name: str) -> bool | str:
        cell = row.cells["value"]
        text = row.text("value")
        value: bool | str = cell if isinstance(cell, bool) else YES_AND_NO.get(text.lower(), text)
        if self.policy is None:
            return value
        kind = self.policy.judgements[name].field.kind
        match kind:
            case Flag() if not isinstance(value, bool):
                raise BadCell("value", f"{shown(text)!r} is neither yes nor no")
            case Choice(values=values) | Scale(values=values) if value not in values:
                guess = nearest(_as_name(text), values)
                hint = f"; did you mean {guess}?" if guess else ""
                raise BadCell("value", f"{shown(text)!r} cannot stand here: this is {described(kind)}{hint}")
        return value

    def _day(self, row: _Row) -> datetime.date | None:
        cell = row.cells.get("date")
        if cell is None:
            if row.text("status") == GIVEN:  # it repeats a judgement of the evidence, which may have no day
                return None
            raise BadCell("date", "is blank; write the day on which it was judged, as in 2015-11-04")
        try:
            day = _day_of(cell)
        except ValueError as error:
            raise BadCell("date", str(error)) from None
        if day is not None and day > self.on:
            self.sheet.later += 1
            raise BadCell("date", f"{day} is after {self.on}, so it was not judged by then; correct the date")
        return day


def _as_name(text: str) -> str:
    """A text as a name would be written: small letters, and underscores between words."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _day_of(cell: Cell) -> datetime.date | None:
    """The day of a cell, None of a blank one. Raises ValueError with a sentence."""
    if cell is None or isinstance(cell, datetime.date):
        return cell
    return iso_date(written(cell))
