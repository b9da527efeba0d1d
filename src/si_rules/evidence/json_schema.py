"""The JSON Schema of evidence, made from a vocabulary and, where one is given, the judgements of a policy.

What it admits the reader takes, and a policy can decide on, but for what a schema cannot say: that an academic year
is one (2014-16 is not), that of two records of one day neither is the later, that an origin gives one value of a
dispute, and the limits of numbers that are written as texts.
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any, Final, get_args

from attrs import define, field
from pydantic import BaseModel

from si_rules.evidence.absence import Candidate, Disputed, Missing
from si_rules.evidence.facts import MOST_RECORDS
from si_rules.evidence.sheets.columns import branches, is_record
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
from si_rules.semantics.vocabulary import Collection as Records, Field, Series, Vocabulary

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_YEAR: Final = "^[0-9]{4}-[0-9]{2}$"
_NUMBER: Final = rf"^-?[0-9]{{1,{MOST_WHOLE_DIGITS}}}(\.[0-9]{{1,{MOST_DECIMAL_PLACES}}})?$"
_DAY: Final[dict[str, Any]] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_OWN_WORDS: Final = {"ge": "minimum", "le": "maximum"}  # of a limit that stands before another validator
_NULL: Final = {"type": "null"}
_MISSING: Final = {"$ref": "#/$defs/missing"}
_NONE: Final = {"$ref": "#/$defs/none"}
_TEXT: Final[dict[str, Any]] = {"anyOf": [{"type": "string"}, _NULL]}


def evidence_schema(vocabulary: Vocabulary, model: type[BaseModel],
                    judgements: Mapping[str, Judgement] | None = None) -> dict[str, Any]:  # fmt: skip
    """The schema of one record of a model that is fit for a vocabulary; what the model has beyond it stands there too.

    Without `judgements` any judgement is admitted, as yes, no or a text.
    """
    return _Schema(vocabulary, model, judgements).whole()


@define
class _Schema:
    """The schema as it is made; `defs` grows with what the parts refer to."""

    vocabulary: Vocabulary
    model: type[BaseModel]
    judgements: Mapping[str, Judgement] | None
    defs: dict[str, Any] = field(factory=dict)

    def whole(self) -> dict[str, Any]:
        """The schema of a record."""
        vocabulary = self.vocabulary
        self.defs["none"] = {"description": "known not to exist", **_object({"none": {"const": True}}, ["none"])}
        self.defs["missing"] = {"description": "missing, with the reason", **self._model(Missing)}
        properties: dict[str, Any] = {
            vocabulary.identified_by: {
                "type": "string",
                "pattern": "^[0-9A-Za-z-]{1,20}$",
                "description": f"tells one {vocabulary.noun} from another",
            }
        }
        if vocabulary.labelled_by:
            properties[vocabulary.labelled_by] = {**_TEXT, "description": f"the name of the {vocabulary.noun}"}
        for found in vocabulary.fields.values():
            if found.parent is None:
                properties[found.key] = self._field(found)
        for collection in vocabulary.collections.values():
            properties[collection.listed_under] = self._list(collection)
        for series in vocabulary.series.values():
            properties[series.name] = self._years(series)
        properties["judgements"] = _judgements(self.judgements)
        properties |= self._beyond(self.model, properties)
        return {
            "$schema": DIALECT,
            "title": f"Evidence about one {vocabulary.noun}, vocabulary {vocabulary.name} {vocabulary.version}",
            **_object(properties, [vocabulary.identified_by]),
            "$defs": self.defs,
        }

    # ---- what the models say themselves
    def _model(self, model: type[BaseModel]) -> dict[str, Any]:
        """The schema of a model, as it makes it itself, without titles; what it refers to goes to `defs`."""
        made = _untitled(model.model_json_schema())
        self.defs |= made.pop("$defs", {})
        made.pop("description", None)
        return dict(made)

    def _beyond(self, model: type[BaseModel] | None, known: Collection[str]) -> dict[str, Any]:
        """The fields of a model that are not known yet."""
        if model is None or not set(model.model_fields) - set(known):
            return {}
        properties = self._model(model)["properties"]
        names = {found.alias or name: name for name, found in model.model_fields.items()}
        return {key: value for key, value in properties.items() if key not in known and names.get(key) not in known}

    def _entry(self, name: str) -> type[BaseModel] | None:
        """The model of the entries that stand under a field of the record."""
        if name not in self.model.model_fields:
            return None
        waiting = [self.model.model_fields[name].annotation]
        while waiting:
            for branch in branches(waiting.pop()):
                if is_record(branch):
                    return branch  # type: ignore[no-any-return] # told by is_record
                waiting += [inner for inner in get_args(branch) if inner is not Ellipsis]
        return None

    # ---- fields, years and lists
    def _field(self, found: Field) -> dict[str, Any]:
        choices = [_value(found.kind), *([_NONE] if found.optional else []), _MISSING]
        if len(self.vocabulary.origins) > 1:
            choices.append(self._disputed(found.kind))
        return {"description": _told(found), "anyOf": [*choices, _NULL]}

    def _disputed(self, kind: Kind) -> dict[str, Any]:
        (most,) = (
            item.max_length for item in Disputed.model_fields["disputed"].metadata if hasattr(item, "max_length")
        )
        own = {"value": _value(kind), "from": {"enum": sorted(self.vocabulary.origins)}}
        one = _object({**own, **self._beyond(Candidate, own)}, own)
        return _object({"disputed": {"type": "array", "items": one, "minItems": 2, "maxItems": most}}, ["disputed"])

    def _years(self, series: Series) -> dict[str, Any]:
        own = {series.known_from: _known_from()} if series.known_from else {}
        own |= {found.key: self._field(found) for found in self._fields_of(series.name)}
        return {
            "description": f"{series.title}, by academic year",
            "type": "object",
            "patternProperties": {_YEAR: _object({**own, **self._beyond(self._entry(series.name), own)})},
            "additionalProperties": False,
        }

    def _list(self, records: Records) -> dict[str, Any]:
        own = {records.dated_by: {**_DAY, "description": "the day it happened"}}
        own.setdefault(records.known_from, _known_from())
        own |= {found.key: self._field(found) for found in self._fields_of(records.name) if found.key not in own}
        entry = _object({**own, **self._beyond(self._entry(records.listed_under), own)}, [records.dated_by])
        return {
            "description": f"{records.title}: every one there is; an empty list says that there was none",
            "anyOf": [{"type": "array", "items": entry, "maxItems": MOST_RECORDS}, _MISSING, _NULL],
        }

    def _fields_of(self, parent: str) -> list[Field]:
        return [found for found in self.vocabulary.fields.values() if found.parent == parent]


def _object(properties: Mapping[str, Any], required: Iterable[str] = ()) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    needed = list(required)
    return {**found, "required": needed} if needed else found


def _untitled(value: Any) -> Any:
    """A schema without the titles and defaults that pydantic makes up, and with the keywords it leaves in its own words."""
    if isinstance(value, list):
        return [_untitled(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = ("properties", "$defs")  # the keys under these are names, whatever they are
    return {
        _OWN_WORDS.get(key, key): {name: _untitled(inner) for name, inner in item.items()}
        if key in named
        else _untitled(item)
        for key, item in value.items()
        if key not in ("title", "default")
    }


# ---- values


def _told(found: Field) -> str:
    years = [f"first in {found.from_year}"] if found.from_year else []
    years += [f"last in {found.until_year}"] if found.until_year else []
    return "; ".join([found.title, described(found.kind), *years])


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
