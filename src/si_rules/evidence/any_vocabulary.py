"""A pydantic model of evidence made from a vocabulary: for those who have none of their own."""

import warnings
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model

from si_rules.evidence.absence import Day, Disputed, Exact, Missing, NoneKnown, Provenance, Record
from si_rules.evidence.boundary import Identifier, Year, YesNo
from si_rules.evidence.records import JudgementRecord
from si_rules.semantics.kinds import Choice, Date, Flag, Number, Scale
from si_rules.semantics.vocabulary import Field, Mark, Vocabulary


class _Own(Record):
    """The base of every model made here: a vocabulary may name its fields as it likes, `model_id` among them."""

    model_config = ConfigDict(protected_namespaces=())


def model_of(vocabulary: Vocabulary) -> type[BaseModel]:
    """The model: every field of the vocabulary under its name, lists and years of results under theirs.

    Limits of numbers and what may be none are checked when the evidence is decided on.
    """
    more: dict[str, Any] = {vocabulary.identified_by: (str, ...), "judgements": (dict[str, JudgementRecord], {})}
    more["provenance"] = (Provenance, {})
    if vocabulary.labelled_by and vocabulary.labelled_by != vocabulary.identified_by:
        more[vocabulary.labelled_by] = (str | None, None)
    for series in vocabulary.series.values():
        days: dict[str, Any] = {series.known_from: (Day | None, None)} if series.known_from else {}
        days |= _marked(series.mark)
        more[series.name] = (dict[Year, _made(series.name, vocabulary, series.name, days)], {})  # type: ignore[misc]
    for found in vocabulary.collections.values():
        days = {found.known_from: (Day | None, None), found.dated_by: (Day, ...)}  # one key may serve as both
        days |= _marked(found.mark)
        entry = _made(found.name, vocabulary, found.name, days)
        more[found.listed_under] = (tuple[entry, ...] | Missing | None, None)  # type: ignore[valid-type]
    return _made(vocabulary.noun.capitalize(), vocabulary, None, more)


def _marked(mark: Mark | None) -> dict[str, Any]:
    """The key of the id of another subject that an entry is of."""
    return {} if mark is None else {mark.key: (Identifier | None, None)}


def _made(name: str, vocabulary: Vocabulary, parent: str | None, more: dict[str, Any]) -> type[BaseModel]:
    own = (field for field in vocabulary.fields.values() if field.parent == parent and field.key not in more)
    fields: dict[str, Any] = {field.key: (annotation_of(field), None) for field in own}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a field `copy` hides a method of the model, which nobody calls
        return create_model(name, __base__=_Own, **fields, **more)


def annotation_of(field: Field) -> Any:
    """The annotation of a field: a value of its kind, missing, disputed, or none where that may be."""
    value: Any
    match field.kind:
        case Flag():
            value = YesNo
        case Choice(values=values) | Scale(values=values):
            value = Literal[values]
        case Number():
            value = Exact
        case Date():
            value = Day
    return value | Missing | Disputed | NoneKnown | None
