"""From rows to records of a model: a row a subject, columns named by paths; what is wrong is told cell by cell."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias, TypeVar

from attrs import define, field
from pydantic import BaseModel, ValidationError

from si_rules.evidence.refusals import Refusal, problems_of
from si_rules.evidence.sheets.columns import Column, Step, UnknownColumn, column_of, heading_of
from si_rules.evidence.sheets.forms import BadValue, raw_of
from si_rules.evidence.sheets.grid import Cell, Row, Sheet, SheetUnusable, written
from si_rules.evidence.tables.reading import shown
from si_rules.source.nearest import nearest

R = TypeVar("R", bound=BaseModel)
_OWN: Final = "#"  # a heading that begins with it is the author's own
_MOST_KEPT: Final = 5_000  # texts of one column
_UNREAD: Final = object()

Placed: TypeAlias = tuple[str, R | Refusal]


def read_rows(sheet: Sheet, model: type[R], identified_by: str) -> Iterator[Placed[R]]:
    """Every row of a sheet as a record, or its refusals, each with its place.

    A heading that is not understood is told once, and every row with something under it is refused: to decide
    without what stands there could decide otherwise. A column headed `#` and something is not read.
    """
    try:
        reader = _Rows(sheet, model, identified_by)
        yield from reader.read_headings()
        for row in sheet.rows:
            if not row.is_blank:
                yield from reader.read(row)
    except SheetUnusable as error:
        yield error.place, Refusal(error.place, None, "", error.reason)


@define
class _Rows:
    sheet: Sheet = field(repr=False)
    model: type[BaseModel]
    identified_by: str
    columns: dict[int, Column] = field(factory=dict)
    unknown: dict[int, str] = field(factory=dict)
    _readers: dict[int, "_Cells"] = field(factory=dict)
    _above: set[tuple[Step, ...]] = field(factory=set)  # the steps under which other columns stand
    _listing: set[Step] = field(factory=set)  # the first steps of columns that stand in a list

    def read_headings(self) -> Iterator[tuple[str, Refusal]]:
        """Understand the headings; tell those that cannot be. Raises `SheetUnusable` where nobody is named by them."""
        taken: dict[tuple[Step, ...], str] = {}
        for place, cell in enumerate(self.sheet.headings):
            heading = written(cell)
            if heading.startswith(_OWN):
                continue
            where = self.sheet.place(self.sheet.heading_row, place)
            try:
                if not heading:
                    self.unknown[place] = "a column without a heading"
                    continue
                column = column_of(heading, self.model)
                if column.steps in taken:
                    raise UnknownColumn(f"means the same as the column {taken[column.steps]}; keep one of them")
            except UnknownColumn as error:
                self.unknown[place] = shown(heading)
                yield where, Refusal(where, None, shown(heading), str(error), of_record=False)
                continue
            taken[column.steps] = heading
            self.columns[place] = column
            self._readers[place] = _Cells(column)
            self._above |= {column.steps[:count] for count in range(1, len(column.steps))}
            self._listing |= {column.steps[0]} if any(isinstance(step, int) for step in column.steps) else set()
        if (self.identified_by,) not in taken:
            names = {name.lower(): name for name in self.unknown.values()}
            guess = nearest(self.identified_by, names)
            hint = f"; the nearest is {names[guess]}" if guess else ""
            place_of_all = self.sheet.place(self.sheet.heading_row)
            raise SheetUnusable(place_of_all, f"there is no column {self.identified_by}{hint}, so no row can be read")

    def read(self, row: Row) -> Iterator[Placed[Any]]:
        """The record of a row, or everything that is wrong with it."""
        raw = _Raw(self._above, self._listing)
        found: list[tuple[int | None, str, str]] = []
        for place, cell in enumerate(row.cells):
            if cell is None:
                continue
            if place in self.columns:
                try:
                    raw.put(self.columns[place], self._readers[place].raw(cell), place)
                except BadValue as error:
                    found.append((place, self.columns[place].heading, str(error)))
            elif place in self.unknown:
                found.append((place, self.unknown[place], "has a value that belongs nowhere, so the row is not used"))
        if row.fault:
            found = [(None, "", row.fault)]
        found += raw.clashes()
        subject = raw.record.get(self.identified_by)
        known = written(subject)[:40] if subject is not None and not isinstance(subject, dict) else None
        where = self.sheet.place(row.number)
        if not found:
            try:
                yield where, self.model.model_validate(raw.listed())
                return
            except ValidationError as error:
                found = [self._told(raw, path, reason) for path, reason in problems_of(error)]
        for column, heading, reason in found:
            yield where, Refusal(self.sheet.place(row.number, column), known, heading, reason)

    def _told(self, raw: "_Raw", path: str, reason: str) -> tuple[int | None, str, str]:
        """A problem of the model at the column it stands in."""
        steps = raw.steps_of(path)
        exact = raw.places.get(steps) if steps in raw.places else raw.places.get((*steps, "value"))
        named = steps[:-1] if steps[-1:] == ("value",) else steps  # as `judgements.capacity` names its value
        heading = heading_of(named) if exact is None else self.columns[exact].heading
        return exact, heading, reason


@define
class _Cells:
    """Reads the cells of one column. What a text stands for is kept: a column says few different things."""

    column: Column
    _known: dict[str, Any] = field(factory=dict)

    def raw(self, cell: Cell) -> Any:
        """See `raw_of`."""
        if not isinstance(cell, str):
            return raw_of(self.column, cell)
        found = self._known.get(cell, _UNREAD)
        if found is _UNREAD:
            found = raw_of(self.column, cell)
            if len(self._known) < _MOST_KEPT and not isinstance(found, dict | list):  # a model may keep what can change
                self._known[cell] = found
        return found


@define
class _Raw:
    """A record as it grows from its cells. A list is kept by places, which may leave some out, until it is whole.

    `above` are the steps under which columns stand, `listing` the first steps of those in lists.
    """

    above: set[tuple[Step, ...]] = field(factory=set)
    listing: set[Step] = field(factory=set)
    record: dict[Any, Any] = field(factory=dict)
    places: dict[tuple[Step, ...], int] = field(factory=dict)
    whole: list[tuple[tuple[Step, ...], int, str]] = field(factory=list)
    _lists: dict[tuple[Step, ...], list[int]] = field(factory=dict)

    def put(self, column: Column, value: Any, place: int) -> None:
        """Put in the value of a cell."""
        self.places[column.steps] = place
        if isinstance(value, dict | list) and column.steps in self.above:
            self.whole.append((column.steps, place, column.heading))
        *above, last = column.steps
        inner = self.record
        for step in above:
            deeper = inner.setdefault(step, {})
            if not isinstance(deeper, dict):
                return  # told by `clashes`
            inner = deeper
        inner[last] = value

    def clashes(self) -> list[tuple[int | None, str, str]]:
        """Where a whole is said to be missing or empty while something of it stands in another column."""
        found: list[tuple[int | None, str, str]] = []
        for steps, place, heading in self.whole:
            inside = [other for other in self.places if len(other) > len(steps) and other[: len(steps)] == steps]
            if inside:
                also = heading_of(inside[0])
                found.append((place, heading, f"says that there is nothing here, and {also} has a value"))
        return found

    def listed(self) -> Any:
        """The record as a model takes it: what was kept by places as lists."""
        listing = self.listing
        return {key: self._made(item, (key,)) if key in listing else item for key, item in self.record.items()}

    def _made(self, value: Any, steps: tuple[Step, ...]) -> Any:
        if not isinstance(value, dict):
            return value
        if value and all(isinstance(key, int) for key in value):
            self._lists[steps] = sorted(value)
            return [self._made(value[key], (*steps, key)) for key in sorted(value)]
        return {key: self._made(item, (*steps, key)) for key, item in value.items()}

    def steps_of(self, path: str) -> tuple[Step, ...]:
        """The steps of a path as the model names it, in which entries of lists are counted from 0."""
        steps: tuple[Step, ...] = ()
        for part in path.split(".") if path else ():
            places = self._lists.get(steps)
            inside = places is not None and part.isdigit() and int(part) < len(places)
            steps = (*steps, places[int(part)] if places is not None and inside else part)
        return steps
