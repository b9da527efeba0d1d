"""A policy compiled for two dates, for systems that decide very often: prepared records in, flat tuples out."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from attrs import field, frozen
from pydantic import BaseModel

from si_rules.decisions.basis import Basis
from si_rules.decisions.deciding import Deciding
from si_rules.decisions.decision import Decision
from si_rules.decisions.raw_records import raw_reader
from si_rules.evaluation.compiled.codes import TRUTHS
from si_rules.evaluation.compiled.layout import Record as Prepared
from si_rules.evaluation.compiled.program import Program
from si_rules.evidence.facts import FactsOf
from si_rules.semantics import core

__all__ = ["Answer", "Compiled", "Outcome", "Prepared"]

FlatAnswer: TypeAlias = tuple[Any, ...]


@frozen
class Outcome:
    """The outcome of a classification: `status` and `outcome` as in a decision, and the outcomes left `possible`."""

    status: str
    outcome: str | None
    possible: tuple[str, ...]


@frozen
class Answer:
    """A flat answer, with names: outcomes by classification, and truths (`holds`, …) by trigger.

    That of a trace has the truths of all facts, triggers and labels as `rules`, and the `reasons` of each outcome.
    """

    classifications: dict[str, Outcome]
    triggers: dict[str, str]
    rules: dict[str, str] = field(factory=dict)
    reasons: dict[str, tuple[str, ...]] = field(factory=dict)

    def because(self, classification: str) -> tuple[str, ...]:
        """Of a trace: the clauses that hold of the class that is the outcome; none where it is not determined."""
        return self.reasons.get(classification, ())


class Compiled:
    """The functions of a policy at two dates. Made by `Policy.compiled`, once; it serves any number of subjects.

    `decide` takes a prepared record and gives a tuple: for each classification the outcomes still possible, the least
    serious first (one where it is determined or `unmatched`, none where it does not apply), then for each trigger True,
    False, None (undetermined) or `...` (not applicable). `trace` gives the same outcomes, then for each classification the
    clauses that hold of the class that stands, then every fact, trigger and label; `names` and `trace_names` say what
    stands where. Outcomes are those that strong Kleene logic leaves: never one too few. Where a
    missing datum is compared more than once there may be one too many; `exactly` tells.

    Both are plain functions: bind them to a variable for speed. They keep nothing of what they are given.
    """

    def __init__(self, basis: Basis, on: datetime.date, known_at: datetime.date, as_if: bool,
                 check: Callable[[type[BaseModel]], None]) -> None:  # fmt: skip
        self.on = on
        self.known_at = known_at
        self._basis = basis
        self._as_if = as_if
        self._check = check
        self._situation = basis.situation(on, known_at, None)
        self._program: Program = basis.program(self._situation)
        policy = self._situation.policy
        self.names = (*policy.classifications, *self._program.triggers)
        reasons = (f"because of {name}" for name in policy.classifications)
        self.trace_names = (*policy.classifications, *reasons, *self._program.recorded)

    @cached_property
    def decide(self) -> Callable[[Prepared], FlatAnswer]:
        """What gives the answer about a record; written when it is first asked for."""
        return self._program.answer

    @cached_property
    def trace(self) -> Callable[[Prepared], FlatAnswer]:
        """What gives the answer with its reasons; written when it is first asked for."""
        return self._program.record

    # ---- records
    @property
    def paths(self) -> tuple[str, ...]:
        """The data that the policy reads, by their paths: `phase`, `ks2.2013-14.rwm_level_4_plus`."""
        return tuple(self._program.layout.slots)

    def prepare(self, evidence: BaseModel) -> Prepared:
        """The record of one subject, of what was known on the dates. Raises `EvidenceError` and TypeError as `decide` does."""
        self._check(type(evidence))
        facts = self._basis.facts(FactsOf(evidence), self.on, self.known_at, None, None)
        return self._program.layout.record_of(facts)

    def prepare_raw(self, values: Mapping[str, Any]) -> Prepared:
        """The record of a flat dict, path to value: Decimal, int, str, bool, date; None where it is missing.

        What is told here is taken as known on the dates. Raises `EvidenceError` for a value that its kind does not have;
        floats are none. What the policy does not read is passed over.
        """
        return self.raw_reader(values)

    @cached_property
    def raw_reader(self) -> Callable[[Mapping[str, Any]], Prepared]:
        """What `prepare_raw` calls, a plain function."""
        return raw_reader(self._program.layout, self._situation.policy.vocabulary.identified_by)

    # ---- answers
    def exactly(self, record: Prepared) -> dict[str, Outcome]:
        """The outcomes about one subject that every completion of what is missing gives, or some: as a decision has them.

        Quick where Kleene logic settles them; where it does not, this takes the case analysis, some milliseconds. Where
        that would pass its bound, outcomes stay as Kleene logic leaves them: never one too few.
        """
        answer = self.decide(record)
        policy = self._situation.policy
        left = dict(zip(policy.classifications, answer, strict=False))
        if all(len(outcomes) < 2 for outcomes in left.values()):
            return {name: _outcome(outcomes) for name, outcomes in left.items()}
        facts = self._program.layout.facts_in(record)
        deciding = Deciding(self._situation, facts, self._basis.most_nodes, self._program.settled(facts))
        return {name: _outcome(outcomes) for name, outcomes in deciding.possible().items()}

    def decide_many(self, records: Iterable[Prepared]) -> Iterator[FlatAnswer]:
        """The answers about many subjects, one after the other as they come."""
        return map(self.decide, records)

    def read(self, answer: FlatAnswer) -> Answer:
        """An answer with names."""
        outcomes, rest = self._outcomes(answer, len(self.names))
        return Answer(outcomes, self._truths(self._program.triggers, rest))

    def read_trace(self, answer: FlatAnswer) -> Answer:
        """A trace with names."""
        outcomes, rest = self._outcomes(answer, len(self.trace_names))
        rules = self._truths(self._program.recorded, rest[len(outcomes) :])
        found = zip(outcomes.items(), rest, strict=False)
        reasons = {name: clauses if outcome.outcome is not None else () for (name, outcome), clauses in found}
        return Answer(outcomes, {name: rules[name] for name in self._program.triggers}, rules, reasons)

    def _outcomes(self, answer: FlatAnswer, parts: int) -> tuple[dict[str, Outcome], FlatAnswer]:
        """The outcomes of an answer, and what stands after them."""
        if len(answer) != parts:
            raise ValueError(f"this answer has {len(answer)} parts; one of this policy has {parts}")
        classifications = self._situation.policy.classifications
        outcomes = {name: _outcome(left) for name, left in zip(classifications, answer, strict=False)}
        return outcomes, answer[len(outcomes) :]

    @staticmethod
    def _truths(names: tuple[str, ...], codes: FlatAnswer) -> dict[str, str]:
        return {name: TRUTHS[code].value for name, code in zip(names, codes, strict=True)}

    def decision(self, evidence: BaseModel) -> Decision:
        """The full decision about the same evidence, with its explanation on demand. Raises as `Policy.decide` does."""
        self._check(type(evidence))
        return self._basis.decide(FactsOf(evidence), self.on, self.known_at, self._as_if)


def _outcome(left: tuple[str, ...]) -> Outcome:
    if not left:
        return Outcome("not_applicable", None, ())
    if len(left) > 1:
        return Outcome("undetermined", None, left)
    if left[0] == core.UNMATCHED:
        return Outcome("unmatched", None, left)
    return Outcome("determined", left[0], left)
