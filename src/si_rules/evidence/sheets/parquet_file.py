"""Rows of a Parquet file: texts, decimals, whole and binary numbers, dates, yes and no; each column by its name."""

import io
import math
import struct
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.sheets.grid import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_UNPACKED,
    Cell,
    Row,
    Sheet,
    SheetUnusable,
    Unreadable,
    begun,
    day_cell,
    number_cell,
    text_cell,
)

_BATCH: Final = 500
_DIGITS_OF_SINGLE: Final = 9  # enough to write every binary number of four bytes


def parquet_sheet(data: bytes) -> Sheet:
    """The sheet of a Parquet file; its first row of values is row 1. Raises `SheetUnusable`, `ExtraMissing`."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ExtraMissing("reading a Parquet file", "parquet") from None
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        _check(file)
        texts = [found.name for found in file.schema_arrow if pyarrow.types.is_string(found.type)]
        # a long text that very many rows share stays one text in memory
        file = parquet.ParquetFile(io.BytesIO(data), read_dictionary=texts)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise SheetUnusable("the file", f"is not a Parquet file that can be read ({type(error).__name__})") from None
    return begun(_rows(file, pyarrow))


def _check(file: Any) -> None:
    """Hold what the file says of its size to the bounds, before any of it is unpacked."""
    found = file.metadata
    columns = len(file.schema_arrow)
    unpacked = sum(found.row_group(number).total_byte_size for number in range(found.num_row_groups))
    for count, most, what in (
        (columns, MOST_COLUMNS, "columns"),
        (found.num_rows, MOST_ROWS, "rows"),
        (found.num_rows * columns, MOST_CELLS, "cells"),
        (unpacked, MOST_UNPACKED, "bytes unpacked"),
    ):
        if count > most:
            raise SheetUnusable("the file", f"has {count:,} {what}; at most {most:,} are read")


def _rows(file: Any, pyarrow: Any) -> Iterator[Row]:
    yield Row(0, [text_cell(name) for name in file.schema_arrow.names])
    number = 0
    try:
        for batch in file.iter_batches(batch_size=_BATCH):
            columns = list(batch.columns)
            for place in range(batch.num_rows):
                number += 1
                yield Row(number, [_cell(column[place], pyarrow) for column in columns])
    except (pyarrow.ArrowException, OSError) as error:
        reason = f"the file is damaged ({type(error).__name__}); nothing from this row on is read"
        raise SheetUnusable(f"row {number + 1}", reason) from None


def _cell(scalar: Any, pyarrow: Any) -> Cell:
    if not scalar.is_valid:
        return None
    if pyarrow.types.is_dictionary(scalar.type):
        return _cell(scalar.value, pyarrow)
    try:
        return _value(scalar, pyarrow)
    except UnicodeDecodeError:
        return Unreadable("is not UTF-8")
    except (ValueError, OverflowError, ImportError):  # a day outside the calendar, a time zone nobody knows
        return Unreadable(f"is a {str(scalar.type)[:40]} that stands for no value")


def _value(scalar: Any, pyarrow: Any) -> Cell:
    types, kind = pyarrow.types, scalar.type
    if types.is_string(kind) or types.is_large_string(kind):
        if len(scalar.as_buffer()) > 4 * LONGEST_CELL:
            return Unreadable(f"holds more than {LONGEST_CELL:,} characters")
        return text_cell(scalar.as_py())
    if types.is_boolean(kind):
        return bool(scalar.as_py())
    if types.is_decimal(kind) or types.is_integer(kind):
        return Decimal(scalar.as_py())
    if types.is_float16(kind) or types.is_float32(kind):
        return _single(float(scalar.as_py()))
    if types.is_float64(kind):
        return number_cell(scalar.as_py())
    if types.is_date(kind) or types.is_timestamp(kind):
        return day_cell(scalar.as_py())
    return Unreadable(f"is a {str(kind)[:40]}; texts, numbers, dates, yes and no are read")


def _single(value: float) -> Cell:
    """A binary number of four bytes in its shortest written form."""
    if not math.isfinite(value):
        return number_cell(value)
    texts = (f"{value:.{digits}g}" for digits in range(1, _DIGITS_OF_SINGLE + 1))
    found = next((Decimal(text) for text in texts if _as_single(text) == value), None)
    return found if found is not None else Unreadable(f"holds {value!r}, which has no short written form")


def _as_single(text: str) -> float | None:
    try:
        (value,) = struct.unpack("f", struct.pack("f", float(text)))
    except OverflowError:
        return None
    return float(value)
