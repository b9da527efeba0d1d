"""Random policies with random evidence, worked out by the interpreter and by compiled functions: what differs."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import define, evolve, field
from tests.properties.cases import DATES, OUTSIDE, loaded
from tests.properties.evidence import Evidence, model_of
from tests.properties.generator import random_policy

from si_rules.decisions.basis import Basis
from si_rules.evaluation.compiled.codes import CODES
from si_rules.evaluation.compiled.layout import numbers_written
from si_rules.evaluation.compiled.program import Program
from si_rules.evaluation.domains import cells
from si_rules.evaluation.kleene import as_possible, by_kleene, outcomes_left
from si_rules.evaluation.situation import Situation
from si_rules.evidence.facts import FactsOf, facts_of
from si_rules.semantics.facts import Facts, Known
from si_rules.semantics.kinds import Date, Number

VARIANTS = 5  # of the facts of each record
HARDLY = Fraction(1, 10**7)  # by which a value may be above or under a number of the policy
KNOWN = (1.0, 1.0, 0.97, 0.9, 0.6, 0.3)  # how much of a record is known


@define
class Pairs:
    """A random policy at some pairs of dates, each with random evidence."""

    seed: int
    core: Any = field(init=False)
    digest: str = field(init=False)
    _policy: Any = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._policy = random_policy(self.seed)
        found = loaded(self._policy)
        assert found.policy is not None
        self.core, self.digest = found.policy, found.digest

    def evidences(self, situations: int, each: int) -> Iterator[tuple[date, date, list[Any]]]:
        """Pairs of dates, each with records."""
        chance = random.Random(f"sameness {self.seed}")
        evidence = Evidence(self._policy.declared, chance)
        model = model_of(self.core.vocabulary)
        for number in range(situations):
            on, at = chance.choice(DATES) if number or chance.random() < 0.9 else OUTSIDE[:2]
            yield on, at, [model.model_validate(evidence.record(chance.choice(KNOWN))) for _ in range(each)]


def variants(program: Program, facts: Facts, chance: random.Random) -> Iterator[Facts]:
    """The facts as they are, and with more of them known: values at the numbers of the policy, and beside them."""
    yield facts
    situation = program.situation
    written = sorted(set(numbers_written(situation)))
    for filled in (1.0, 1.0, 0.9, 0.5)[: VARIANTS - 1]:
        data = dict(facts.data)
        for slot in program.layout.slots.values():
            if isinstance(facts.at(slot.path), Known) or chance.random() > filled:
                continue
            kind, _ = situation.kind_at(slot.path)
            cuts = [cut for cut in chance.sample(written, min(3, len(written))) if isinstance(kind, Number)]
            values = cells(kind, False, cuts)
            if isinstance(kind, Number) and not kind.whole:
                values += [cut + step for cut in cuts for step in (HARDLY, -HARDLY)]
            if slot.path in program.layout.begun_by and chance.random() < 0.8:
                values = [date(2000, 9, 1)]
            elif isinstance(kind, Date):
                values = [date(2000, 9, 1), date(2013, 9, 1), situation.on]
            data[slot.path] = Known(chance.choice(values))
        yield evolve(facts, data=data)


def by_interpreter(situation: Situation, facts: Facts, rules: tuple[str, ...]) -> tuple[Any, ...]:
    """What Kleene logic makes of one subject, in the form of a trace."""
    interpreter, policy = by_kleene(situation, facts), situation.policy
    outcomes = (as_possible(policy, name, outcomes_left(interpreter, name)) for name in policy.classifications)
    return (*outcomes, *(CODES[interpreter.rule(name)] for name in rules))


def same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether two traces are the same: True is not 1."""
    return one == other and list(map(type, one)) == list(map(type, other))


def differences(seed: int, situations: int, each: int, seen: Counter[str]) -> Iterator[str]:
    """Where compiled functions and the interpreter differ, in words; what was seen is counted."""
    pairs = Pairs(seed)
    chance = random.Random(f"variants {seed}")
    seen["policies"] += 1
    for on, at, records in pairs.evidences(situations, each):
        situation = Situation(pairs.core, on, at)
        program = Program(situation)
        names = (*pairs.core.classifications, *program.rules)
        read = (facts_of(record, pairs.core, on, at) for record in records)
        for facts in (variant for found in read for variant in variants(program, found, chance)):
            prepared = program.layout.record_of(facts)
            told, compiled = by_interpreter(situation, facts, program.rules), program.trace(prepared)
            answer = program.answer(prepared)
            recorded = program.record(prepared)
            _count(told, len(pairs.core.classifications), prepared.state, seen)
            if not same(told, compiled):
                found = [item for item in zip(names, told, compiled, strict=True) if item[1] is not item[2]]
                yield f"seed {seed}, on {on}, known at {at}: {found}: {facts.data}"
            elif answer != tuple(truth for name, truth in zip(names, compiled, strict=True)
                                 if name in pairs.core.classifications or name in program.triggers):  # fmt: skip
                yield f"seed {seed}, on {on}, known at {at}: answer {answer}, trace {compiled}: {facts.data}"
            elif recorded != _recorded(program, dict(zip(names, compiled, strict=True))):
                yield f"seed {seed}, on {on}, known at {at}: recorded {recorded}, trace {compiled}: {facts.data}"


def _recorded(program: Program, truths: dict[str, Any]) -> tuple[Any, ...]:
    """What a recorded trace holds where the truths of all rules are these; of an open outcome, no matter which reasons."""
    found = program.situation.policy.classifications
    reasons = []
    for name, classification in found.items():
        standing = [truths[name][0]] if len(truths[name]) == 1 else []
        clauses = [clause for item in classification.classes if item.label in standing for clause in item.clauses]
        reasons.append(tuple(clause for clause in clauses if truths[clause] is True))
    return (*(truths[name] for name in found), *reasons, *(truths[name] for name in program.recorded))


def _count(told: tuple[Any, ...], classifications: int, state: int, seen: Counter[str]) -> None:
    seen["pairs"] += 1
    seen[("all is known", "something is missing", "left to the interpreter")[state]] += 1
    for left in told[:classifications]:
        status = "undetermined" if len(left) > 1 else left[0] if left and left[0] == "unmatched" else "determined"
        seen["not applicable" if not left else status] += 1


def decisions_differ(seed: int, situations: int, each: int, seen: Counter[str]) -> Iterator[str]:
    """Where whole decisions of the two engines differ, explanations included."""
    pairs = Pairs(seed)
    by_rule = Basis(pairs.core, pairs.digest, engine="interpreter")
    compiled = Basis(pairs.core, pairs.digest)
    for on, at, records in pairs.evidences(situations, each):
        compiled.program(compiled.situation(on, at, None))
        for record in records:
            seen["decisions"] += 1
            told = by_rule.decide(FactsOf(record), on, at, True).to_json(explain=True)
            if told != compiled.decide(FactsOf(record), on, at, True).to_json(explain=True):
                yield f"seed {seed}, on {on}, known at {at}: {record!r}"
