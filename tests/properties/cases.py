"""Random policies with random evidence, decided by the engine and told by the oracle."""

import os
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, Literal

from pydantic import BaseModel, create_model
from tests.properties.oracle import LIST, NONE, Completions, Meaning, Told, day_after, known_data, told
from tests.properties.random_policies import (
    DAYS,
    Kind,
    Measure,
    Policy,
    decimal_text,
    random_policy,
    texts,
    year_text,
)

from si_rules.decisions.decision import Decision
from si_rules.evidence.absence import Day, Exact, Missing, NoneKnown, Record
from si_rules.evidence.school import JudgementRecord
from si_rules.pipeline import Loaded, load
from si_rules.policy import Policy as Engine
from si_rules.semantics import kinds
from si_rules.semantics.core import Core
from si_rules.semantics.vocabulary import Field, Vocabulary

LONG: Final = os.environ.get("SI_RULES_LONG") == "1"
FIRST_SEED: Final = int(os.environ.get("SI_RULES_SEED", "0"))
POLICIES: Final = int(os.environ.get("SI_RULES_POLICIES", "1000" if LONG else "40"))
EVIDENCES: Final = int(os.environ.get("SI_RULES_EVIDENCES", "100" if LONG else "6"))
MOST_COMPLETIONS: Final = 400
MOST_MISSING: Final = 7
# The laws that decide again and again take the first trials of a case; in the long run these are few enough.
SOME: Final = 20
SEEDS: Final = range(FIRST_SEED, FIRST_SEED + POLICIES)

REASONS: Final = ("not_supplied", "not_published", "suppressed")
YEARS_OF_EVIDENCE: Final = tuple(year_text(year) for year in (2011, 2012, 2013, 2014, 2015))

# ---- evidence models, made from the vocabulary


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
    return value | Missing | NoneKnown | None if field.optional else value | Missing | None


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


# ---- random evidence


def random_value(kind: Kind, chance: random.Random) -> Any:
    match kind.sort:
        case "flag":
            return chance.random() < 0.5
        case "choice" | "scale":
            return chance.choice(kind.values)
        case "date":
            return day_after(chance.choice(DAYS), chance.choice((-40, -1, 0, 1, 40)))
        case _:
            low, high = kind.low, kind.high
            if kind.whole:
                return Decimal(chance.randint(int(low or 0), int(high if high is not None else 5)))
            if kind.unit == "percent":
                near = chance.choice((0, 20, 45, 49.5, 50, 50.5, 55, 60, 80, 100))
            else:
                near = chance.choice((-2, -0.5, 0, 1, 1.5, 3))
            value = Fraction(near) + chance.choice((0, 0, Fraction(1, 2), Fraction(-1, 4), 5, -5))
            value = max(value, low) if low is not None else value
            value = min(value, high) if high is not None else value
            return Decimal(decimal_text(value))


class Evidence:
    """Makes records for a policy. Each datum is known with the chance `known`."""

    def __init__(self, policy: Policy, chance: random.Random) -> None:
        self.policy = policy
        self.chance = chance

    def record(self, known: float) -> dict[str, Any]:
        chance, policy = self.chance, self.policy
        record: dict[str, Any] = {"code": "p1", "name": chance.choice((None, "Place One"))}
        for item in policy.fields:
            if "." not in item.path:
                record[item.path] = self.raw(item, known)
        for results in policy.results:
            record[results.name] = {}
            for year in YEARS_OF_EVIDENCE:
                if chance.random() < known + 0.1:
                    entry = {self.key(item): self.raw(item, known) for item in self.of(results.name)}
                    record[results.name][year] = {"published": chance.choice(PUBLISHED), **entry}
        record["visits"] = self.visits(known)
        record["judgements"] = {}
        for item in policy.judgements:
            value = self.raw(item, known)
            if value is not None:
                day = chance.choice((None, None, date(2015, 9, 5), date(2016, 6, 1)))
                record["judgements"][item.path.partition(".")[2]] = {"value": value, "date": day}
        return record

    @staticmethod
    def key(item: Measure) -> str:
        return item.path.partition(".")[2]

    def of(self, parent: str) -> list[Measure]:
        return [item for item in self.policy.fields if item.path.partition(".")[0] == parent]

    def raw(self, item: Measure, known: float) -> Any:
        if self.chance.random() < known:
            if item.optional and self.chance.random() < 0.15:
                return {"none": True}
            return random_value(item.kind, self.chance)
        return self.chance.choice((None, {"absent": self.chance.choice(REASONS)}))

    def visits(self, known: float) -> Any:
        if self.chance.random() > known + 0.1:
            return self.chance.choice((None, {"absent": "not_published"}))
        days = self.chance.sample(VISIT_DAYS, self.chance.choice((0, 1, 2, 2, 3)))
        return [
            {"day": day, "published": self.chance.choice((None, None, day_after(day, 30))),
             **{self.key(item): self.raw(item, known) for item in self.of("visit")}}
            for day in days
        ]  # fmt: skip


PUBLISHED: Final = (None, None, None, date(2014, 1, 1), date(2016, 1, 31))
VISIT_DAYS: Final = (date(2013, 5, 1), date(2014, 10, 1), date(2015, 9, 20), date(2016, 2, 10))
# Dates fall on the days on which results are due, parameters change, figures are published and visits are made.
DATES: Final = (
    (date(2015, 9, 5), date(2015, 9, 5)),
    (date(2015, 9, 20), date(2015, 9, 20)),
    (date(2015, 12, 15), date(2015, 12, 15)),
    (date(2015, 12, 16), date(2015, 12, 14)),
    (date(2016, 2, 1), date(2016, 8, 1)),
    (date(2016, 3, 30), date(2016, 3, 30)),
    (date(2016, 8, 31), date(2016, 1, 31)),
)
OUTSIDE: Final = (date(2014, 12, 20), date(2017, 4, 2))

# ---- cases


@dataclass
class Trial:
    """One record decided on its dates, with what the oracle tells of it."""

    case: "Case"
    record: dict[str, Any]
    on: date
    known_at: date

    @cached_property
    def completions(self) -> Completions:
        known = known_data(self.case.policy, self.record, self.on, self.known_at)
        return Completions(self.case.meaning(self.on, self.known_at), known, isinstance(self.record["visits"], list))

    @cached_property
    def told(self) -> Told:
        return told(self.completions)

    @cached_property
    def decision(self) -> Decision:
        return self.case.decide(self.record, self.on, self.known_at)

    @property
    def result(self) -> Any:
        return self.decision.classifications["standing"]

    def filled(self, path: str, value: Any) -> dict[str, Any] | None:
        """The record with one missing datum given; None for a value that the policy does not state."""
        record = copied(self.record)
        raw: Any = {"none": True} if value == NONE else value
        raw = Decimal(decimal_text(raw)) if isinstance(raw, Fraction) else raw
        head, _, rest = path.partition(".")
        if head == "parameters":
            return None
        if head == "judgements":
            record["judgements"][rest] = {"value": raw, "date": None}
        elif path == LIST:
            record[path] = [{"day": day, "published": None} for day in VISIT_DAYS[:value]]
        elif head == LIST:
            if not isinstance(record["visits"], list):
                return self._with_visits(record, rest, raw)
            position, _, key = rest.partition(".")
            usable = [
                v for v in record["visits"] if v["day"] <= self.on and (v["published"] or v["day"]) <= self.known_at
            ]
            usable.sort(key=lambda visit: visit["day"], reverse=True)
            usable[position == "previous"][key] = raw
        elif rest:
            year, _, key = rest.partition(".")
            entry = record[head].setdefault(year, {"published": None})
            if entry["published"] is not None and entry["published"] > self.known_at:
                record[head][year] = {"published": None, key: raw}  # what was not yet out is replaced
            else:
                entry[key] = raw
        else:
            record[path] = raw
        return record

    @staticmethod
    def _with_visits(record: dict[str, Any], rest: str, raw: Any) -> dict[str, Any]:
        """An absent list becomes a list of two visits of which the rest is still missing."""
        position, _, key = rest.partition(".")
        visits = [{"day": VISIT_DAYS[1], "published": None}, {"day": VISIT_DAYS[0], "published": None}]
        visits[position == "previous"][key] = raw
        return {**record, LIST: visits}


class Case:
    """A random policy, loaded, and trials of it."""

    def __init__(self, seed: int, trials: int) -> None:
        self.seed = seed
        self.policy = random_policy(seed)
        self.loaded = loaded(self.policy)
        assert self.loaded.policy is not None, [item.message for item in self.loaded.diagnostics]
        self.core: Core = self.loaded.policy
        self.engine = Engine(self.core, self.loaded.digest)
        self.model = model_of(self.core.vocabulary)
        self._meanings: dict[tuple[date, date], Meaning] = {}
        self.trials = list(self._trials(trials))

    def meaning(self, on: date, known_at: date) -> Meaning:
        if (on, known_at) not in self._meanings:
            self._meanings[on, known_at] = Meaning(self.policy, on, known_at)
        return self._meanings[on, known_at]

    def decide(self, record: Mapping[str, Any], on: date, known_at: date) -> Decision:
        return self.engine.decide(self.model.model_validate(record), on=on, known_at=known_at, as_if=True)

    def _trials(self, count: int) -> Iterator[Trial]:
        chance = random.Random(f"evidence {self.seed}")
        evidence = Evidence(self.policy, chance)
        while count:
            known = chance.choice((1.0, 0.85, 0.7, 0.5, 0.5))
            on, known_at = chance.choice(DATES) if chance.random() < 0.9 else OUTSIDE[:1] * 2
            trial = Trial(self, evidence.record(known), on, known_at)
            # Few enough completions that each can be gone through; what else is missing is then made known.
            for _ in range(60):
                found = trial.completions
                if len(found.missing) <= MOST_MISSING and found.size <= MOST_COMPLETIONS:
                    break
                path = chance.choice(found.missing)
                record = trial.filled(path, chance.choice(found.domains[path]))
                trial = Trial(self, trial.record if record is None else record, on, known_at)
            else:
                continue
            count -= 1
            yield trial


def copied(value: Any) -> Any:
    """A copy of a record, all the way down."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def loaded(policy: Policy) -> Loaded:
    policy_text, vocabulary_text = texts(policy)
    return load({"toy.policy": policy_text}, ("toy.vocabulary", vocabulary_text), keep=False)
