"""Judgements of a sheet put into evidence: the later one stands, and what contradicts is told, not settled."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from si_rules.evidence.absence import Missing
from si_rules.evidence.judgement_sheet import YES_AND_NO, JudgementSheet, RowRemark
from si_rules.evidence.tables.reading import Remark

R = TypeVar("R", bound=BaseModel)


def merge(sheet: JudgementSheet, records: Mapping[str, R], on: datetime.date, name: str) -> tuple[dict[str, R], list[Remark]]:  # fmt: skip
    """The records, by id, with what a sheet says of them, and what could not be put in.

    A judgement that the evidence lacks, or holds with an earlier day, or with none, or with one after `on`, is
    that of the sheet. Where both have the same day or the evidence a later one, and they differ, the evidence stays
    and a remark says so.
    """
    remarks: list[Remark] = []
    merged = dict(records)
    for subject, record in records.items():
        given = sheet.judgements.get(subject, {})
        fields = sheet.fields.get(subject, {})
        if given or fields:
            judged, found = _judged(record, given, on)
            remarks += (
                RowRemark(name, None, None, subject, reason, f"judgement {judgement}") for judgement, reason in found
            )
            raw = record.model_dump(by_alias=True, exclude_unset=True)
            merged[subject] = type(record).model_validate({**raw, **fields, "judgements": judged})
    return merged, remarks


def _judged(record: BaseModel, given: Mapping[str, dict[str, Any]],
            on: datetime.date) -> tuple[dict[str, Any], list[tuple[str, str]]]:  # fmt: skip
    held: Mapping[str, Any] = getattr(record, "judgements", {})
    judged: dict[str, Any] = {key: entry.model_dump(by_alias=True, exclude_unset=True) for key, entry in held.items()}
    refused = []
    for judgement, entry in given.items():
        reason = next(_against(held.get(judgement), entry, on), None)
        if reason is None:
            judged[judgement] = entry
        else:
            refused.append((judgement, reason))
    return judged, refused


def _against(held: Any, entry: Mapping[str, Any], on: datetime.date) -> Iterator[str]:
    """Why a judgement of the evidence is not replaced; nothing where it is, or where the two are the same."""
    if held is None or isinstance(held.value, Missing) or held.date is None or held.date > on:
        return
    value = YES_AND_NO.get(held.value, held.value) if isinstance(held.value, str) else held.value
    same = value == entry["value"] and all(
        getattr(held, key, None) == entry.get(key) for key in ("author", "role", "date", "document")
    )
    later = entry.get("date") is not None and entry["date"] > held.date
    if not same and not later:
        who = f" by {held.author}" if held.author else ""
        yield f"the evidence holds one of {held.date}{who} that says otherwise, and this one is not later; it is not used"
