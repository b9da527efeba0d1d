"""What is said of evidence that is refused: where it stands, whose it is, which field, and why."""

from collections.abc import Iterable
from typing import Any, Final

from attrs import frozen
from pydantic import ValidationError

from si_rules.evidence.exact_json import GivenTwice
from si_rules.source.nearest import nearest

_NO_OBJECT: Final = "is not an object or a value of this field"


@frozen
class Refusal:
    """A record that was refused: where it stands (`record 3`, `line 12`, `sheet evidence, row 7`), its id if known, the field, and why.

    Where it is not a record but the heading of a column that is refused, `of_record` is false.
    """

    place: str
    subject: str | None
    path: str
    reason: str
    of_record: bool = True

    def __str__(self) -> str:
        who = f" ({self.subject})" if self.subject else ""
        field = f", field {self.path}" if self.path else ""
        return f"{self.place}{who}{field}: {self.reason}"


def records_refused(items: Iterable[tuple[str, object]]) -> int:
    """How many records are refused among items with their places; several things may be wrong with one record."""
    return len({place for place, item in items if isinstance(item, Refusal) and item.of_record})


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
            guess = nearest(shown, values.split(", "))
            return f"{shown!r} is not one of {values}" + (f"; did you mean {guess}?" if guess else "")
        case "model_type" | "model_attributes_type" | "dict_type" | "tuple_type":
            return f"{shown!r} {_NO_OBJECT}"
        case "bool_type":
            return f"{shown!r} is neither yes nor no"
        case "string_type" | "string_pattern_mismatch" | "string_too_short" | "string_too_long":
            return f"{shown!r} is not a text that can stand here"
        case _:
            message = item["msg"]
            return f"{shown} {message}" if message.startswith(("is ", "has ")) else str(message)
