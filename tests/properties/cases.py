"""Random policies with random evidence, decided by the engine and told by the oracle."""

import os
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from tests.properties.evidence import SPARE_DAYS, Evidence, model_of
from tests.properties.generator import Policy, random_policy, texts
from tests.properties.generator.wording import decimal_text
from tests.properties.oracle import LIST, NONE, Completions, Meaning, Told, known_at, told

from si_rules.decisions.decision import Decision
from si_rules.pipeline import Loaded, load
from si_rules.policy import Policy as Engine
from si_rules.semantics.core import Core

LONG: Final = os.environ.get("SI_RULES_LONG") == "1"
FIRST_SEED: Final = int(os.environ.get("SI_RULES_SEED", "0"))
POLICIES: Final = int(os.environ.get("SI_RULES_POLICIES", "1000" if LONG else "6"))
EVIDENCES: Final = int(os.environ.get("SI_RULES_EVIDENCES", "200" if LONG else "5"))
MOST_COMPLETIONS: Final = 250 if LONG else 600
MOST_MISSING: Final = 9
# The laws that decide again and again take the first trials of a case; in the long run these are few enough.
SOME: Final = 20 if LONG else 3
SEEDS: Final = range(FIRST_SEED, FIRST_SEED + POLICIES)

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


@dataclass
class Trial:
    """One record decided on its dates, with what the oracle tells of it."""

    case: "Case"
    record: dict[str, Any]
    on: date
    known_at: date

    @cached_property
    def completions(self) -> Completions:
        known = known_at(self.case.policy.declared, self.record, self.on, self.known_at)
        return Completions(self.case.meaning(self.on, self.known_at), known)

    @cached_property
    def told(self) -> Told:
        return told(self.completions)

    @cached_property
    def decision(self) -> Decision:
        return self.case.decide(self.record, self.on, self.known_at)

    @property
    def results(self) -> dict[str, Any]:
        return self.decision.classifications

    def __str__(self) -> str:
        """What to know of a trial that fails."""
        return f"seed {self.case.seed}, record {self.record}, on {self.on}, known at {self.known_at}"

    # ---- with one missing datum given
    def filled(self, path: str, value: Any) -> dict[str, Any] | None:
        """The record with one missing datum given; None for what no record can give by itself."""
        record = copied(self.record)
        raw: Any = {"none": True} if value == NONE else value
        head, _, rest = path.partition(".")
        if head in ("parameters", "figures") or (isinstance(raw, Fraction) and not is_decimal(raw)):
            return None
        raw = Decimal(decimal_text(raw)) if isinstance(raw, Fraction) else raw
        if head == "judgements":
            record["judgements"][rest] = {"value": raw, "date": min(self.on, self.known_at)}
        elif path == LIST:
            record[path] = [{"day": day, "published": None} for day in SPARE_DAYS[:value]]
        elif head == LIST:
            return self._with_visit(record, rest, raw)
        elif rest:
            self._fill_year(record[head], rest, raw)
        else:
            record[path] = raw
        return record

    def _fill_year(self, years: dict[str, Any], rest: str, raw: Any) -> None:
        year, _, key = rest.partition(".")
        entry = years.setdefault(year, {"published": None})
        if entry["published"] is not None and entry["published"] > self.known_at:
            years[year] = {"published": None, key: raw}  # what was not yet out is replaced
        else:
            entry[key] = raw

    def _with_visit(self, record: dict[str, Any], rest: str, raw: Any) -> dict[str, Any] | None:
        """With a field of a visit. An absent list becomes a list of visits of which the rest is still missing."""
        position, _, key = rest.partition(".")
        place = ("latest", "previous").index(position) if position in ("latest", "previous") else int(position) - 1
        if not isinstance(record[LIST], list):
            if key == "day":
                return None
            visits: list[dict[str, Any]] = [{"day": day, "published": None} for day in SPARE_DAYS[: max(2, place + 1)]]
            visits[place][key] = raw
            return {**record, LIST: visits}
        usable = [v for v in record[LIST] if v["day"] <= self.on and (v["published"] or v["day"]) <= self.known_at]
        usable.sort(key=lambda visit: visit["day"], reverse=True)
        usable[place][key] = raw
        return record


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
        evidence = Evidence(self.policy.declared, chance)
        while count:
            known = chance.choice((0.9, 0.6, 0.5, 0.4, 0.3))
            on, at = chance.choice(DATES) if chance.random() < 0.9 else OUTSIDE[:1] * 2
            trial = Trial(self, evidence.record(known), on, at)
            # Few enough completions that each can be gone through; what else is missing is then made known.
            for _ in range(80):
                found = trial.completions
                if len(found.missing) <= MOST_MISSING and found.size <= MOST_COMPLETIONS:
                    count -= 1
                    yield trial
                    break
                if len(found.missing) > MOST_MISSING:
                    path = chance.choice(found.missing)
                else:  # what has the most values, so that much is left missing
                    path = max(found.missing, key=lambda path: len(found.domains[path]))
                record = trial.filled(path, chance.choice(found.domain(path)))
                trial = Trial(self, trial.record if record is None else record, on, at)


def is_decimal(value: Fraction) -> bool:
    """Whether a number can be written out."""
    return (10**15 * value).denominator == 1


def copied(value: Any) -> Any:
    """A copy of a record, all the way down."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def loaded(policy: Policy) -> Loaded:
    policy_text, vocabulary_text = texts(policy)
    return load({"toy.policy": policy_text}, ("toy.vocabulary", vocabulary_text), keep=False)
