"""Reads evidence files: JSON (one record or a list of them) and JSON Lines. A bad record is refused with its
place, its id and the field; the good ones go on.
"""

import io
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from attrs import frozen
from pydantic import BaseModel, ValidationError

from si_rules.evidence.exact_json import GivenTwice, NotJson, loads

R = TypeVar("R", bound=BaseModel)
_NO_OBJECT: Final = "is not an object or a value of this field"


@frozen
class Refusal:
    """A record that was refused: where it stands (`record 3`, `line 12`), its id if known, the field, and why."""

    place: str
    subject: str | None
    path: str
    reason: str

    def __str__(self) -> str:
        who = f" ({self.subject})" if self.subject else ""
        field = f", field {self.path}" if self.path else ""
        return f"{self.place}{who}{field}: {self.reason}"


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
    seen: set[str] = set()
    for place, raw in _raw_records(text):
        if isinstance(raw, NotJson):
            yield place, Refusal(place, None, "", str(raw))
            continue
        for item in _validated(place, raw, model, identified_by):
            if not isinstance(item, Refusal):
                identifier = str(getattr(item, identified_by))
                if identifier in seen:
                    item = Refusal(place, identifier, identified_by, "this id stands in an earlier record")
                seen.add(identifier)
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


def problems_of(error: ValidationError) -> list[tuple[str, str]]:
    """The field and the reason of everything pydantic found, one for each field, in plain words."""
    found: dict[str, str] = {}
    for item in error.errors(include_url=False, include_input=True):
        path = ".".join(str(part) for part in item["loc"] if not _is_branch(str(part)))
        reason = _reason(item)
        if path not in found or (_NO_OBJECT in found[path] and _NO_OBJECT not in reason):
            found[path] = reason
    return [(path, reason) for path, reason in found.items() if not _told_better(path, reason, found)]


def _is_branch(part: str) -> bool:
    """Whether a part of a location names a branch of a union rather than a field."""
    return part in ("Missing", "NoneKnown", "Disputed", "decimal", "str", "bool") or "[" in part or "function-" in part


def _told_better(path: str, reason: str, found: dict[str, str]) -> bool:
    """A faulty absence is told once, at the value; a container is not blamed for what is inside it."""
    base, _, last = path.rpartition(".")
    if last in ("absent", "none", "disputed") and base in found:
        return True
    return _NO_OBJECT in reason and any(other.startswith(path + ".") for other in found)


def _reason(item: Any) -> str:
    given = item.get("input")
    shown = str(given)[:40]
    if isinstance(given, GivenTwice):
        return "is given twice"
    if isinstance(given, dict) and "absent" in given:
        return f"{str(given['absent'])[:40]!r} is no reason of absence: not_supplied, not_published, suppressed"
    if isinstance(given, dict) and "disputed" in given:
        return 'is no dispute; that is written {"disputed": [{"value": …, "from": …}, …]}, with two values or more'
    if isinstance(given, dict) and "none" in given:
        return 'cannot be none; that is written {"none": true}, and only where the vocabulary says `or none`'
    match item["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a field of the vocabulary"
        case "literal_error":
            values = item["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
            return f"{shown!r} is not one of {values}"
        case "model_type" | "model_attributes_type" | "dict_type" | "tuple_type":
            return f"{shown!r} {_NO_OBJECT}"
        case "bool_type":
            return f"{shown!r} is neither yes nor no"
        case "string_type" | "string_pattern_mismatch" | "string_too_short" | "string_too_long":
            return f"{shown!r} is not a text that can stand here"
        case _:
            message = item["msg"]
            return f"{shown} {message}" if message.startswith(("is ", "has ")) else str(message)
