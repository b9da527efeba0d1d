"""Reads evidence files: JSON (one record or a list of them), JSON Lines, CSV, Excel and Parquet.

A bad record is refused with its place, its id and the field; the good ones go on. Nothing is lost in silence.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from si_rules.evidence.exact_json import NotJson, loads
from si_rules.evidence.refusals import (
    Refusal as Refusal,
    problems_of as problems_of,
    records_refused as records_refused,
)

R = TypeVar("R", bound=BaseModel)
SHEETS: Final = (".csv", ".tsv", ".xlsx", ".parquet")
_EVIDENCE_SHEET: Final = "evidence"
_NOT_READ: Final = {".xls": ".xlsx", ".xlsm": ".xlsx", ".xlsb": ".xlsx", ".ods": ".xlsx", ".numbers": ".xlsx"}


def read_evidence(text: str | bytes, model: type[R], identified_by: str) -> Iterator[R | Refusal]:
    """Every record of a JSON or JSON Lines text, in order, or its refusal. An id seen before is refused."""
    return (item for _, item in read_placed(text, model, identified_by))


def read_placed(text: str | bytes, model: type[R], identified_by: str) -> Iterator[tuple[str, R | Refusal]]:
    """As `read_evidence`, each with its place in the text (`record 3`, `line 12`)."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            place = f"byte {error.start + 1}"
            yield place, Refusal(place, None, "", "the file is not UTF-8")
            return
    yield from _each_once(_records(text, model, identified_by), identified_by)


def _records(text: str, model: type[R], identified_by: str) -> Iterator[tuple[str, R | Refusal]]:
    for place, raw in _raw_records(text):
        if isinstance(raw, NotJson):
            yield place, Refusal(place, None, "", str(raw))
            continue
        for item in _validated(place, raw, model, identified_by):
            yield place, item


def read_evidence_file(path: str | Path, model: type[R], identified_by: str) -> Iterator[R | Refusal]:
    """Every record of a file, in order, or its refusal: by its name CSV, Excel or Parquet, else JSON or JSON Lines.

    `identified_by` is the field that tells subjects apart. Raises OSError where the file cannot be opened, and
    `ExtraMissing` where the package that reads it is not installed.
    """
    found = read_file(Path(path).name, Path(path).read_bytes(), model, identified_by)
    return (item for _, item in found)


def read_file(name: str, data: bytes, model: type[R], identified_by: str) -> Iterator[tuple[str, R | Refusal]]:
    """As `read_evidence_file`, from the bytes of a file of this name, each record with its place."""
    suffix = Path(name).suffix.lower()
    if suffix in _NOT_READ:
        reason = f"files {suffix} are not read; save it as {_NOT_READ[suffix]}"
        return iter([("the file", Refusal("the file", None, "", reason))])
    if suffix not in SHEETS:
        return read_placed(data, model, identified_by)
    return _each_once(_read_sheet(suffix, data, model, identified_by), identified_by)


def _read_sheet(suffix: str, data: bytes, model: type[R], identified_by: str) -> Iterator[tuple[str, R | Refusal]]:
    from si_rules.evidence.sheets.grid import SheetUnusable  # rows are not wanted where evidence is JSON
    from si_rules.evidence.sheets.opening import open_sheet
    from si_rules.evidence.sheets.rows import read_rows

    try:
        sheet = open_sheet(suffix, data, _EVIDENCE_SHEET)
    except SheetUnusable as error:
        yield error.place, Refusal(error.place, None, "", error.reason)
        return
    yield from read_rows(sheet, model, identified_by)


def _each_once(items: Iterable[tuple[str, R | Refusal]], identified_by: str) -> Iterator[tuple[str, R | Refusal]]:
    """The items; a record whose id was seen before is refused."""
    seen: dict[str, str] = {}
    for place, item in items:
        if not isinstance(item, Refusal):
            identifier = str(getattr(item, identified_by))
            if identifier in seen:
                reason = f"this id stands in an earlier record, {seen[identifier]}"
                item = Refusal(place, identifier, identified_by, reason)
            seen.setdefault(identifier, place)
        yield place, item


def _raw_records(text: str) -> Iterator[tuple[str, Any]]:
    stripped = text.lstrip()
    first_line = stripped.partition("\n")[0].strip()
    if stripped.startswith("[") or (stripped.startswith("{") and not _is_json(first_line)):
        try:
            found = loads(text)
        except NotJson as error:
            yield "the file", error
            return
        records = found if isinstance(found, list) else [found]
        for number, record in enumerate(records, 1):
            yield f"record {number}", record
        return
    for number, line in enumerate(io.StringIO(text), 1):
        if line.strip():
            try:
                yield f"line {number}", loads(line)
            except NotJson as error:
                yield f"line {number}", error


def _is_json(line: str) -> bool:
    """Whether a line is a whole record: then the text is JSON Lines. A line with a fault of its own still is one."""
    try:
        loads(line)
    except NotJson:
        return line.endswith("}")
    return True


def _validated(place: str, raw: Any, model: type[R], identified_by: str) -> Iterable[R | Refusal]:
    if not isinstance(raw, dict):
        return [Refusal(place, None, "", "a record is an object: { … }")]
    subject = raw.get(identified_by)
    known = str(subject)[:40] if isinstance(subject, str) or subject is not None else None
    try:
        return [model.model_validate(raw)]
    except ValidationError as error:
        return [Refusal(place, known, *problem) for problem in problems_of(error)]
