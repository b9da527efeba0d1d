"""The JSON Schema of evidence, made from a vocabulary and, where one is given, the judgements of a policy.

What it admits the reader takes, and a policy can decide on, but for what a schema cannot say: that an academic year
is one (2014-16 is not), that of two records of one day neither is the later, that an origin gives one value of a
dispute, and the limits of numbers that are written as texts.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from si_rules.evidence.absence import Disputed, Missing
from si_rules.evidence.facts import MOST_RECORDS
from si_rules.semantics.core import Judgement
from si_rules.semantics.kinds import (
    MOST_DECIMAL_PLACES,
    MOST_WHOLE_DIGITS,
    Choice,
    Date,
    Flag,
    Kind,
    Number,
    Scale,
    described,
)
from si_rules.semantics.vocabulary import Collection, Field, Series, Vocabulary

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_YEAR: Final = "^[0-9]{4}-[0-9]{2}$"
_NUMBER: Final = rf"^-?[0-9]{{1,{MOST_WHOLE_DIGITS}}}(\.[0-9]{{1,{MOST_DECIMAL_PLACES}}})?$"
_DAY: Final[dict[str, Any]] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_NULL: Final = {"type": "null"}
_MISSING: Final = {"$ref": "#/$defs/missing"}
_NONE: Final = {"$ref": "#/$defs/none"}
_TEXT: Final[dict[str, Any]] = {"anyOf": [{"type": "string"}, _NULL]}


def evidence_schema(vocabulary: Vocabulary, judgements: Mapping[str, Judgement] | None = None) -> dict[str, Any]:
    """The schema of one record. Without `judgements` any judgement is admitted, as yes, no or a text."""
    properties: dict[str, Any] = {
        vocabulary.identified_by: {
            "type": "string",
            "pattern": "^[0-9A-Za-z-]{1,20}$",
            "description": f"tells one {vocabulary.noun} from another",
        }
    }
    if vocabulary.labelled_by:
        properties[vocabulary.labelled_by] = {**_TEXT, "description": f"the name of the {vocabulary.noun}"}
    for field in vocabulary.fields.values():
        if field.parent is None:
            properties[field.key] = _field(field, vocabulary)
    for collection in vocabulary.collections.values():
        properties[collection.listed_under] = _list(collection, vocabulary)
    for series in vocabulary.series.values():
        properties[series.name] = _years(series, vocabulary)
    properties["judgements"] = _judgements(judgements)
    return {
        "$schema": DIALECT,
        "title": f"Evidence about one {vocabulary.noun}, vocabulary {vocabulary.name} {vocabulary.version}",
        "type": "object",
        "properties": properties,
        "required": [vocabulary.identified_by],
        "additionalProperties": False,
        "$defs": _definitions(),
    }


def _definitions() -> dict[str, Any]:
    reasons = list(Missing.model_json_schema()["properties"]["absent"]["enum"])
    return {
        "missing": {
            "description": "missing, with the reason",
            **_object({"absent": {"enum": reasons}}, ["absent"]),
        },
        "none": {"description": "known not to exist", **_object({"none": {"const": True}}, ["none"])},
    }


def _object(properties: Mapping[str, Any], required: Iterable[str] = ()) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    needed = list(required)
    return {**found, "required": needed} if needed else found


# ---- values


def _field(field: Field, vocabulary: Vocabulary) -> dict[str, Any]:
    choices = [_value(field.kind), *([_NONE] if field.optional else []), _MISSING]
    if len(vocabulary.origins) > 1:
        choices.append(_disputed(field.kind, vocabulary))
    return {"description": _told(field), "anyOf": [*choices, _NULL]}


def _told(field: Field) -> str:
    years = [f"first in {field.from_year}"] if field.from_year else []
    years += [f"last in {field.until_year}"] if field.until_year else []
    return "; ".join([field.title, described(field.kind), *years])


def _value(kind: Kind) -> dict[str, Any]:
    match kind:
        case Flag():
            return {"enum": [True, False, "yes", "no"]}
        case Choice(values=values) | Scale(values=values):
            return {"enum": list(values)}
        case Date():
            return dict(_DAY)
        case Number():
            return {"anyOf": [_number(kind), {"type": "string", "pattern": _NUMBER}]}


def _number(kind: Number) -> dict[str, Any]:
    limits = {"minimum": kind.low, "maximum": kind.high}
    found: dict[str, Any] = {"type": "integer" if kind.whole else "number"}
    return found | {key: _plain(limit) for key, limit in limits.items() if limit is not None}


def _plain(limit: Fraction) -> int | float:
    return int(limit) if limit.denominator == 1 else float(limit)


def _disputed(kind: Kind, vocabulary: Vocabulary) -> dict[str, Any]:
    (most,) = (item.max_length for item in Disputed.model_fields["disputed"].metadata if hasattr(item, "max_length"))
    one = _object({"value": _value(kind), "from": {"enum": sorted(vocabulary.origins)}}, ["value", "from"])
    return _object({"disputed": {"type": "array", "items": one, "minItems": 2, "maxItems": most}}, ["disputed"])


# ---- years, lists, judgements


def _years(series: Series, vocabulary: Vocabulary) -> dict[str, Any]:
    fields = [field for field in vocabulary.fields.values() if field.parent == series.name]
    properties = {series.known_from: _known_from()} if series.known_from else {}
    entry = _object({**properties, **{field.key: _field(field, vocabulary) for field in fields}})
    return {
        "description": f"{series.title}, by academic year",
        "type": "object",
        "patternProperties": {_YEAR: entry},
        "additionalProperties": False,
    }


def _list(collection: Collection, vocabulary: Vocabulary) -> dict[str, Any]:
    fields = [field for field in vocabulary.fields.values() if field.parent == collection.name]
    days = {collection.dated_by: {**_DAY, "description": "the day it happened"}, collection.known_from: _known_from()}
    own = {field.key: _field(field, vocabulary) for field in fields if field.key not in days}
    entry = _object({**days, **own}, [collection.dated_by])
    return {
        "description": f"{collection.title}: every one there is; an empty list says that there was none",
        "anyOf": [{"type": "array", "items": entry, "maxItems": MOST_RECORDS}, _MISSING, _NULL],
    }


def _known_from() -> dict[str, Any]:
    return {"description": "the day on which it became known", "anyOf": [_DAY, _NULL]}


def _judgements(judgements: Mapping[str, Judgement] | None) -> dict[str, Any]:
    found: dict[str, Any] = {"description": "what people judged, by the name of the judgement", "type": "object"}
    if judgements is None:
        return {**found, "additionalProperties": _judgement({"type": ["boolean", "string"]}, "a judgement")}
    entries = {name: _judgement(_judged(item.field.kind), _told(item.field)) for name, item in judgements.items()}
    return {**found, "properties": entries, "additionalProperties": False}


def _judged(kind: Kind) -> dict[str, Any]:
    """The values of a judgement: as evidence holds it, a yes or no or a text."""
    return _value(kind) if isinstance(kind, Flag | Choice | Scale) else {"type": "string"}


def _judgement(value: dict[str, Any], description: str) -> dict[str, Any]:
    properties = {
        "value": {"anyOf": [value, _MISSING]},
        "author": _TEXT,
        "role": _TEXT,
        "date": {"description": "the day on which it was judged", "anyOf": [_DAY, _NULL]},
        "document": _TEXT,
    }
    return {"description": description, **_object(properties, ["value"])}
