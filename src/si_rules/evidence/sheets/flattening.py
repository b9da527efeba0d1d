"""From records of a model to rows: the headings they need together, in the order of the model, and the cells."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from attrs import define, field
from pydantic import BaseModel

from si_rules.evidence.absence import Disputed, Missing, NoneKnown
from si_rules.evidence.sheets.columns import Column, column_of, is_record, key_text
from si_rules.evidence.sheets.forms import BadValue, cell_of
from si_rules.evidence.sheets.grid import MOST_COLUMNS, Cell

Order: TypeAlias = tuple[
    tuple[int, str], ...
]  # sorts headings: fields as the model has them, keys by name, lists by place


class NotFlat(ValueError):
    """A record that cannot be written as a row; `heading` is where, the message says why."""

    def __init__(self, heading: str, reason: str) -> None:
        super().__init__(heading, reason)
        self.heading = heading
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.heading}: {self.reason}"


@define
class Table:
    """Rows of records, each a cell by heading; `headings` are those of all rows, in order."""

    rows: list[dict[str, Cell]] = field(factory=list)
    _order: dict[str, Order] = field(factory=dict)
    _columns: dict[tuple[type[BaseModel], str], Column] = field(factory=dict)

    @property
    def headings(self) -> list[str]:
        """The headings of all rows, in the order of the model."""
        return sorted(self._order, key=lambda heading: self._order[heading])

    def add(self, record: BaseModel) -> None:
        """Add the row of a record. Raises `NotFlat`, and then nothing is added."""
        cells, order = self.row_of(record)
        if len(self._order | order) > MOST_COLUMNS:
            raise NotFlat("", f"the rows need more than {MOST_COLUMNS:,} columns")
        self._order |= order
        self.rows.append(cells)

    def row_of(self, record: BaseModel) -> tuple[dict[str, Cell], dict[str, Order]]:
        """The cells of a record by heading, and where each heading stands; nothing is added.

        What says nothing, such as a year without a figure, leaves no cell. Raises `NotFlat`.
        """
        cells: dict[str, Cell] = {}
        order: dict[str, Order] = {}
        for heading, place, value in _cells(record, "", ()):
            column = self._column(type(record), heading)
            try:
                cells[heading] = cell_of(column, value) if value != [] else "none"
            except BadValue as error:
                raise NotFlat(heading, str(error)) from None
            order[heading] = place
        return cells, order

    def _column(self, model: type[BaseModel], heading: str) -> Column:
        found = self._columns.get((model, heading))
        if found is None:
            found = self._columns[model, heading] = column_of(heading, model)
        return found


def table_of(records: Iterable[BaseModel]) -> Table:
    """The rows of records. Raises `NotFlat`."""
    table = Table()
    for record in records:
        table.add(record)
    return table


def _cells(record: BaseModel, prefix: str, order: Order) -> Iterator[tuple[str, Order, Any]]:
    """Every value of a record that is not left out, with its heading."""
    for place, (name, found) in enumerate(type(record).model_fields.items()):
        value = getattr(record, name)
        if value is None or name not in record.model_fields_set:
            continue
        if not found.is_required() and value == found.get_default(call_default_factory=True):
            continue
        own = (*order, (place, name))
        if name == "value" and prefix:
            yield from _inside(value, prefix, own)
        else:
            yield from _inside(value, f"{prefix}.{name}" if prefix else name, own)


def _inside(value: Any, heading: str, order: Order) -> Iterator[tuple[str, Order, Any]]:
    if isinstance(value, Missing | NoneKnown | Disputed):
        yield heading, order, value
    elif is_record(type(value)):
        yield from _cells(value, heading, order)
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _inside(value[key], f"{heading}.{key_text(str(key))}", (*order, (0, str(key))))
    elif isinstance(value, tuple | list):
        if not value:
            yield heading, order, []
        for place, entry in enumerate(value, 1):
            yield from _inside(entry, f"{heading}.{place}", (*order, (place, "")))
    elif value is not None:
        yield heading, order, value
