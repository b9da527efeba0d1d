"""Moderations as they arrive: JSON Lines, a JSON list, or a CSV that people fill in.

A CSV has the fields of `Moderation` as headings, in any order and any case. Commas, semicolons or tabs; UTF-8. A row
without a moderated outcome says nothing and is passed over: so the sheet of a run can be filled in bit by bit.
"""

from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen
from pydantic import ValidationError

from si_rules.decisions.moderation import Moderation
from si_rules.evidence.readers import Refusal, problems_of, read_placed
from si_rules.evidence.tables.reading import Remark, Row, TableUnusable, rows_of
from si_rules.source.nearest import nearest
from si_rules.source.spreadsheets import unguarded

SHEET: Final = tuple(Moderation.model_fields)
_NEEDED: Final = tuple(name for name, field in Moderation.model_fields.items() if field.is_required())


@frozen
class ReadModerations:
    """Records with their places, in order; what was refused; and how many rows of a sheet were left empty."""

    records: tuple[tuple[str, Moderation], ...]
    refused: tuple[Refusal, ...]
    empty: int = 0


def read_moderations(data: str | bytes) -> ReadModerations:
    """The moderations of a text: JSON where it begins with a brace or bracket, else a sheet. Never raises for what is in it."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _from_json(raw)
    return _from_sheet(raw)


def _from_json(raw: bytes) -> ReadModerations:
    records: list[tuple[str, Moderation]] = []
    refused: list[Refusal] = []
    for place, item in read_placed(raw, Moderation, "id"):
        if isinstance(item, Refusal):
            reason = item.reason.replace("a field of the vocabulary", "a field of a moderation")
            refused.append(evolve(item, reason=reason))
        else:
            records.append((place, item))
    return ReadModerations(tuple(records), tuple(refused))


def _from_sheet(raw: bytes) -> ReadModerations:
    records: dict[str, tuple[str, Moderation]] = {}
    refused: list[Refusal] = []
    empty = 0
    try:
        for row in _rows(raw):
            place = f"line {row.line}"
            cells = {name: unguarded(cell) for name, cell in row.cells.items()}
            subject = cells["subject"][:40] or None
            if row.fault:
                refused.append(Refusal(place, subject, "", row.fault))
            elif not cells["moderated_outcome"]:
                empty += 1
            else:
                for item in _record(place, subject, cells):
                    if isinstance(item, Refusal):
                        refused.append(item)
                    elif item.id in records:
                        refused.append(Refusal(place, subject, "id", "this id stands in an earlier row"))
                    else:
                        records[item.id] = place, item
    except TableUnusable as error:
        remark = error.remark
        place = "the file" if remark.line is None else f"line {remark.line}"
        refused.append(Refusal(place, None, remark.column or "", remark.reason))
    return ReadModerations(tuple(records.values()), tuple(refused), empty)


def _rows(raw: bytes) -> Iterator[Row]:
    lines = raw.splitlines(keepends=True)
    first = lines[0] if lines else b""
    delimiter = max(",;\t", key=lambda mark: first.count(mark.encode()))
    checked = False
    for row in rows_of(lines, "the sheet", _NEEDED, delimiter, any_case=True, may_be_short=True):
        if not checked:
            _check_headings(row)
            checked = True
        yield row


def _check_headings(row: Row) -> None:
    """Refuse the sheet where a heading seems to be one of ours misspelt: what stands under it would be lost silently."""
    for heading in row.cells:
        guess = nearest(heading, [name for name in SHEET if name not in row.cells]) if heading not in SHEET else None
        if guess:
            raise TableUnusable(
                Remark("", 1, heading[:40], None, f"there is no column of this name; did you mean {guess}?")
            )


def _record(place: str, subject: str | None, cells: dict[str, str]) -> Iterator[Moderation | Refusal]:
    given = {name: cells[name] for name in SHEET if cells.get(name)}
    given.setdefault("reason", "")
    try:
        yield Moderation.model_validate(given)
    except ValidationError as error:
        yield from (Refusal(place, subject, *problem) for problem in problems_of(error))
