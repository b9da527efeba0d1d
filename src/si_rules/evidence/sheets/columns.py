"""What a heading means: `ks2.2014-15.rwm_level_4_plus` against a model of evidence, and what may stand under it.

A heading is a path with dots. A record's keys are the names of its fields, a year or the name of a judgement
the key of a set; the entries of a list are counted from 1: `inspections.1.date`. A heading that ends at a record
with a `value`, as a judgement is, means that value. A key with a dot or another mark in it stands in quotation
marks, as in JSON.
"""

import datetime
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin

from attrs import field, frozen
from pydantic import BaseModel, TypeAdapter, ValidationError

from si_rules.evidence.absence import Disputed, Missing, NoneKnown
from si_rules.source.nearest import nearest

Step: TypeAlias = str | int  # a key, or the place in a list, from 1

_PART: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]+")
_MOST_PLACES: Final = 10_000
_ABSENCES: Final = {Missing: "missing", NoneKnown: "none", Disputed: "disputed"}
_SCALARS: Final = {bool: "yes_or_no", str: "text", Decimal: "number", int: "number", float: "number", datetime.date: "day", Any: "any"}  # fmt: skip


class UnknownColumn(ValueError):
    """A heading that means nothing; the message says what is wrong, and what was perhaps meant."""


@frozen
class Column:
    """A heading that is understood.

    `steps` lead from a record to the value. `takes` says what may stand there: yes_or_no, number, day, text, word
    (one of several, in `words`) or any; missing, none, disputed; list, where the whole list is meant.
    """

    heading: str
    steps: tuple[Step, ...]
    takes: frozenset[str]
    words: tuple[str, ...] = field(default=(), repr=False)


def column_of(heading: str, model: type[BaseModel]) -> Column:
    """The column a heading means. Raises `UnknownColumn`."""
    return _below(heading, _parts(heading), model, ())


def heading_of(steps: Sequence[Step]) -> str:
    """The heading of some steps."""
    return ".".join(key_text(step) for step in steps)


def key_text(key: Step) -> str:
    """A step as it stands in a heading: in quotation marks where it holds more than letters, digits, _ and -."""
    text = str(key)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _parts(heading: str) -> list[str]:
    found = _PART.findall(heading)
    if ".".join(found) != heading:
        raise UnknownColumn("is not a path of names with dots between them")
    try:
        return [str(json.loads(part)) if part.startswith('"') else part for part in found]
    except ValueError:
        raise UnknownColumn("has quotation marks that cannot be read") from None


def branches(annotation: Any) -> Iterator[Any]:
    """The types a value may have, unions and annotations taken apart."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from branches(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for inner in get_args(annotation):
            yield from branches(inner)
    elif hasattr(annotation, "__value__"):
        yield from branches(annotation.__value__)
    else:
        yield annotation


def is_record(branch: Any) -> bool:
    """Whether a type is a record with fields, and no way of being absent."""
    return isinstance(branch, type) and issubclass(branch, BaseModel) and branch not in _ABSENCES


def _below(heading: str, parts: Sequence[str], annotation: Any, steps: tuple[Step, ...]) -> Column:
    """The column that the rest of a heading means from a type on."""
    found = list(branches(annotation))
    if not parts:
        return _at(heading, found, steps)
    reasons = []
    for branch in found:
        try:
            if is_record(branch):
                return _in_record(heading, parts, branch, steps)
            if get_origin(branch) is dict:
                return _in_set(heading, parts, branch, steps)
            if get_origin(branch) in (tuple, list):
                return _in_list(heading, parts, branch, steps)
        except UnknownColumn as error:
            reasons.append(error)
    if reasons:
        raise reasons[0]
    raise UnknownColumn(f"goes on after {heading_of(steps)}, which is a single value")


def _in_record(heading: str, parts: Sequence[str], model: type[BaseModel], steps: tuple[Step, ...]) -> Column:
    """The field of a record; the name of one may hold dots, so the longest that fits is taken."""
    for count in range(len(parts), 0, -1):
        name = ".".join(parts[:count])
        if name in model.model_fields:
            return _below(heading, parts[count:], model.model_fields[name].annotation, (*steps, name))
    guess = _nearest_field(parts, model)
    hint = f"; did you mean {heading_of((*steps, guess, *parts[1:]))}?" if guess else ""
    where = f" of {heading_of(steps)}" if steps else ""
    raise UnknownColumn(f"names no field{where}: there is no {parts[0][:40]}{hint}")


def _nearest_field(parts: Sequence[str], model: type[BaseModel]) -> str | None:
    plain = re.sub(r"[^a-z0-9]+", "_", parts[0].lower()).strip("_")
    return plain if plain in model.model_fields else nearest(plain, model.model_fields)


def _in_set(heading: str, parts: Sequence[str], branch: Any, steps: tuple[Step, ...]) -> Column:
    key_type, value_type = get_args(branch)
    try:
        key = TypeAdapter(key_type).validate_python(parts[0])
    except ValidationError as error:
        raise UnknownColumn(f"{parts[0][:40]!r} {error.errors(include_url=False)[0]['msg']}") from None
    return _below(heading, parts[1:], value_type, (*steps, str(key)))


def _in_list(heading: str, parts: Sequence[str], branch: Any, steps: tuple[Step, ...]) -> Column:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", parts[0]) or int(parts[0]) > _MOST_PLACES:
        raise UnknownColumn(f"counts the entries of {heading_of(steps)}: write {heading_of((*steps, 1))}. and a field")
    return _below(heading, parts[1:], get_args(branch)[0], (*steps, int(parts[0])))


def _at(heading: str, found: Sequence[Any], steps: tuple[Step, ...]) -> Column:
    """The column of a heading that ends here."""
    records = [branch for branch in found if is_record(branch)]
    if records and "value" in records[0].model_fields:
        inner = branches(records[0].model_fields["value"].annotation)
        return _at(heading, [*inner, *(branch for branch in found if branch in _ABSENCES)], (*steps, "value"))
    takes: set[str] = set()
    words: list[str] = []
    for branch in found:
        if get_origin(branch) is Literal:
            takes.add("word")
            words += map(str, get_args(branch))
        elif get_origin(branch) in (tuple, list):
            takes.add("list")
        else:
            takes |= {_ABSENCES[branch]} if branch in _ABSENCES else {_SCALARS[branch]} if branch in _SCALARS else set()
    if not takes - {"missing"}:
        example = f", such as {heading_of((*steps, next(iter(records[0].model_fields))))}" if records else ""
        raise UnknownColumn(f"names several values at once; name one of them{example}")
    return Column(heading, steps, frozenset(takes), tuple(words))
