"""Whether a pydantic model is fit for a policy: every field of the vocabulary that the policy reads is there, under its name."""

from collections.abc import Container
from typing import Any, get_args

from pydantic import BaseModel

from si_rules.semantics.core import Core
from si_rules.semantics.traversal import reads_of
from si_rules.semantics.vocabulary import Vocabulary


class Everything:
    """Holds every name: to hold a model against the whole of a vocabulary."""

    def __contains__(self, name: object) -> bool:
        return True


def unfit(model: type[BaseModel], policy: Core) -> list[str]:
    """What a model lacks for a policy, a sentence each; empty where it fits.

    Fields beyond it are allowed, and a model may leave out what the policy does not read.
    """
    return lacks(model, policy.evidence_vocabulary, reads_of(policy))


def lacks(model: type[BaseModel], vocabulary: Vocabulary, read: Container[str] | None = None) -> list[str]:
    """What a model lacks of a vocabulary, or of the fields and records in `read`."""
    read = Everything() if read is None else read
    found = []
    top = model.model_fields
    fields = [field for field in vocabulary.fields.values() if field.path in read]
    needed = [vocabulary.identified_by, *([vocabulary.labelled_by] if vocabulary.labelled_by else [])]
    found += [f"{model.__name__} has no field {name}" for name in needed if name not in top]
    found += [f"{model.__name__} has no field {f.path}" for f in fields if f.parent is None and f.path not in top]
    for series in vocabulary.series.values():
        keys = [f.key for f in fields if f.parent == series.name]
        if keys:
            found += _lacking(model, series.name, [*keys, *([series.known_from] if series.known_from else [])])
    for collection in vocabulary.collections.values():
        keys = [f.key for f in fields if f.parent == collection.name]
        if keys or collection.name in read:
            days = [collection.dated_by, collection.known_from]
            found += _lacking(model, collection.listed_under, list(dict.fromkeys((*keys, *days))))
    return found


def _lacking(model: type[BaseModel], name: str, keys: list[str]) -> list[str]:
    if name not in model.model_fields:
        return [f"{model.__name__} has no field {name}"]
    inner = _inner_model(model.model_fields[name].annotation, keys)
    if inner is None:
        return [f"{model.__name__}.{name} holds no records"]
    return [f"{inner.__name__} has no field {key}" for key in keys if key not in inner.model_fields]


def _inner_model(annotation: Any, keys: list[str]) -> type[BaseModel] | None:
    """The model inside an annotation that has most of the keys."""
    found: list[type[BaseModel]] = []
    waiting = [annotation]
    while waiting:
        current = waiting.pop()
        if isinstance(current, type) and issubclass(current, BaseModel):
            found.append(current)
        waiting.extend(get_args(current))
    return max(found, key=lambda item: len(set(keys) & set(item.model_fields)), default=None)
