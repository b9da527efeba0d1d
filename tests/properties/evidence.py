"""Random evidence for a random policy, and the models that hold it."""

import random
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

from pydantic import BaseModel, create_model
from tests.properties.generator.declarations import DAYS, ORIGINS, Declared, Kind, Measure
from tests.properties.generator.wording import decimal_text, year_text
from tests.properties.oracle.values import day_after

from si_rules.evidence.absence import Day, Disputed, Exact, Missing, NoneKnown, Record
from si_rules.evidence.records import JudgementRecord
from si_rules.semantics import kinds
from si_rules.semantics.vocabulary import Field, Vocabulary

REASONS: Final = ("not_supplied", "not_published", "suppressed")
YEARS_OF_EVIDENCE: Final = tuple(year_text(year) for year in (2011, 2012, 2013, 2014, 2015))
PUBLISHED: Final = (None, None, None, date(2014, 1, 1), date(2016, 1, 31))
VISIT_DAYS: Final = (date(2013, 5, 1), date(2014, 10, 1), date(2015, 9, 20), date(2016, 2, 10))
SPARE_DAYS: Final = (date(2014, 10, 1), date(2014, 3, 1), date(2013, 5, 1))  # of visits made up later, the newest first


def _annotation(field: Field) -> Any:
    value: Any
    match field.kind:
        case kinds.Flag():
            value = bool
        case kinds.Choice(values=values) | kinds.Scale(values=values):
            value = Literal[values]
        case kinds.Number():
            value = Exact
        case kinds.Date():
            value = Day
    value = value | Missing | Disputed | None
    return value | NoneKnown if field.optional else value


def model_of(vocabulary: Vocabulary) -> type[BaseModel]:
    """A pydantic model that a vocabulary fits."""

    def inside(parent: str, **more: Any) -> Any:
        fields = {
            f.key: (_annotation(f), None)
            for f in vocabulary.fields.values()
            if f.parent == parent and f.key not in more
        }
        return create_model(parent.capitalize(), __base__=Record, **fields, **more)

    shape: dict[str, Any] = {
        "code": (str, ...),
        "name": (str | None, None),
        "judgements": (dict[str, JudgementRecord], {}),
    }
    for field in vocabulary.fields.values():
        if field.parent is None:
            shape[field.path] = (_annotation(field), None)
    for series in vocabulary.series:
        shape[series] = (dict[str, inside(series, published=(Day | None, None))], {})
    for collection in vocabulary.collections.values():
        entry = inside(collection.name, day=(Day, ...), published=(Day | None, None))
        shape[collection.listed_under] = (tuple[entry, ...] | Missing | None, None)
    return create_model("Place", __base__=Record, **shape)


def random_value(kind: Kind, chance: random.Random) -> Any:
    match kind.sort:
        case "flag":
            return chance.random() < 0.5
        case "choice" | "scale":
            return chance.choice(kind.values)
        case "date":
            return day_after(chance.choice(DAYS), chance.choice((-40, -1, 0, 1, 40)))
        case _:
            return Decimal(decimal_text(_random_number(kind, chance)))


def _random_number(kind: Kind, chance: random.Random) -> Fraction:
    low, high = kind.low, kind.high
    if kind.whole:
        return Fraction(chance.randint(int(low or 0), int(high if high is not None else 5)))
    if kind.unit == "percent":
        near = chance.choice((0, 20, 45, 49.5, 50, 50.5, 55, 60, 80, 100))
    else:
        near = chance.choice((-2, -0.5, 0, 1, 1.5, 3))
    value = Fraction(near) + chance.choice((0, 0, Fraction(1, 2), Fraction(-1, 4), 5, -5))
    value = max(value, low) if low is not None else value
    return min(value, high) if high is not None else value


class Evidence:
    """Makes records for a policy. Each datum is known with the chance `known`."""

    def __init__(self, declared: Declared, chance: random.Random) -> None:
        self.declared = declared
        self.chance = chance

    def record(self, known: float, code: str = "p1") -> dict[str, Any]:
        chance = self.chance
        record: dict[str, Any] = {"code": code, "name": chance.choice((None, "Place One"))}
        for item in self.declared.fields:
            if "." not in item.path:
                record[item.path] = self.raw(item, known)
        for results in self.declared.results:
            record[results.name] = {}
            for year in YEARS_OF_EVIDENCE:
                if chance.random() < known + 0.1:
                    entry = {key_of(item): self.raw(item, known) for item in self._of(results.name)}
                    record[results.name][year] = {"published": chance.choice(PUBLISHED), **entry}
        record["visits"] = self._visits(known)
        record["judgements"] = {}
        for item in self.declared.judgements:
            value = self.raw(item, known, False)
            if value is not None:
                day = chance.choice((None, None, date(2014, 9, 1), date(2015, 9, 5), date(2016, 6, 1)))
                record["judgements"][key_of(item)] = {"value": value, "date": day}
        return record

    def _of(self, parent: str) -> list[Measure]:
        return [item for item in self.declared.fields if item.path.partition(".")[0] == parent]

    def raw(self, item: Measure, known: float, disputable: bool = True) -> Any:
        if self.chance.random() < known:
            if item.optional and self.chance.random() < 0.15:
                return {"none": True}
            return random_value(item.kind, self.chance)
        if disputable and self.chance.random() < 0.3:
            return self._dispute(item)
        return self.chance.choice((None, {"absent": self.chance.choice(REASONS)}))

    def _dispute(self, item: Measure) -> Any:
        origins = self.chance.sample(ORIGINS, self.chance.choice((2, 2, 3)))
        return {"disputed": [{"value": random_value(item.kind, self.chance), "from": origin} for origin in origins]}

    def _visits(self, known: float) -> Any:
        if self.chance.random() > known + 0.1:
            return self.chance.choice((None, {"absent": "not_published"}))
        days = self.chance.sample(VISIT_DAYS, self.chance.choice((0, 1, 2, 2, 3)))
        return [
            {"day": day, "published": self.chance.choice((None, None, day_after(day, 30))),
             **{key_of(item): self.raw(item, known) for item in self._of("visit")}}
            for day in days
        ]  # fmt: skip


def key_of(item: Measure) -> str:
    return item.path.partition(".")[2]
