"""A pydantic model of evidence for a vocabulary: what JSON is read into before a decision."""

from typing import Any, Literal

from pydantic import BaseModel, create_model

from si_rules.evidence.absence import Day, Disputed, Exact, Missing, NoneKnown, Record
from si_rules.evidence.school import JudgementRecord, Year, YesNo
from si_rules.semantics.kinds import Choice, Date, Flag, Number, Scale
from si_rules.semantics.vocabulary import Field, Vocabulary


def _annotation(field: Field) -> Any:
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


def _made(name: str, vocabulary: Vocabulary, parent: str | None, **more: Any) -> type[BaseModel]:
    fields: dict[str, Any] = {
        f.key: (_annotation(f), None) for f in vocabulary.fields.values() if f.parent == parent and f.key not in more
    }  # fmt: skip
    return create_model(name, __base__=Record, **fields, **more)


def model_of(vocabulary: Vocabulary) -> type[BaseModel]:
    """The model: every field of the vocabulary under its name, lists and years under theirs."""
    more: dict[str, Any] = {vocabulary.identified_by: (str, "1"), "judgements": (dict[str, JudgementRecord], {})}
    if vocabulary.labelled_by:
        more[vocabulary.labelled_by] = (str | None, None)
    for series in vocabulary.series.values():
        days: dict[str, Any] = {series.known_from: (Day | None, None)} if series.known_from else {}
        more[series.name] = (dict[Year, _made(series.name, vocabulary, series.name, **days)], {})  # type: ignore[misc]
    for found in vocabulary.collections.values():
        entry = _made(
            found.name, vocabulary, found.name, **{found.dated_by: (Day, ...), found.known_from: (Day | None, None)}
        )
        more[found.listed_under] = (tuple[entry, ...] | Missing | None, None)  # type: ignore[valid-type]
    return _made("Evidence", vocabulary, None, **more)
