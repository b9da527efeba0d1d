"""Whether a pydantic model is fit for a vocabulary: every declared field is there, under its name."""

from typing import Any, get_args

from pydantic import BaseModel

from si_rules.semantics.vocabulary import Vocabulary


def unfit(model: type[BaseModel], vocabulary: Vocabulary) -> list[str]:
    """What a model lacks for a vocabulary, a sentence each; empty where it fits. Fields beyond it are allowed."""
    found = []
    top = model.model_fields
    needed = [vocabulary.identified_by, *([vocabulary.labelled_by] if vocabulary.labelled_by else [])]
    needed += [field.path for field in vocabulary.fields.values() if field.parent is None]
    needed += [*vocabulary.series, *(c.listed_under for c in vocabulary.collections.values())]
    found += [f"{model.__name__} has no field {name}" for name in needed if name not in top]
    for series in vocabulary.series.values():
        keys = [f.key for f in vocabulary.fields.values() if f.parent == series.name]
        keys += [series.known_from] if series.known_from else []
        found += _lacks(model, series.name, keys)
    for collection in vocabulary.collections.values():
        keys = [f.key for f in vocabulary.fields.values() if f.parent == collection.name]
        found += _lacks(model, collection.listed_under, [*keys, collection.dated_by, collection.known_from])
    return found


def _lacks(model: type[BaseModel], name: str, keys: list[str]) -> list[str]:
    if name not in model.model_fields:
        return []
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
