"""Writes evidence to a file: CSV, Excel, Parquet or JSON Lines, saying the same, digit for digit."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from si_rules.evidence.sheets.flattening import table_of
from si_rules.evidence.sheets.writing import WRITTEN, bytes_of, write_bytes
from si_rules.evidence.tables.lines import line_of

LINES: Final = ".jsonl"
FORMATS: Final = (*WRITTEN, LINES)
_SHEET: Final = "evidence"


def write_evidence_file(path: str | Path, records: Iterable[BaseModel]) -> None:
    """Write records in the format of the ending: `.csv`, `.xlsx`, `.parquet` or `.jsonl`, as a whole or not at all.

    `read_evidence_file` reads the same records from it; the same records give the same bytes. Raises `ValueError`
    for another ending and for a record that no row can hold, `ExtraMissing` where the package that writes the format
    is not installed, OSError where the file cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == LINES:
        data = "".join(f"{line_of(record)}\n" for record in records).encode()
    elif suffix in WRITTEN:
        data = bytes_of(table_of(records), suffix, _SHEET)
    else:
        raise ValueError(f"{target.name} ends in no format that is written: {', '.join(FORMATS)}")
    write_bytes(target, data)
