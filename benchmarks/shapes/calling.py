"""A made-up policy called in two ways, where the library has both: answers of the compiled engine, whole decisions."""

from collections.abc import Callable, Sequence
from typing import Any

from attrs import frozen

from benchmarks.decision import ours
from si_rules import Cohort
from si_rules.evidence.any_vocabulary import model_of
from si_rules.policy import Policy


@frozen
class Called:
    """What answers about a prepared record, what gives the outcome of a classification in an answer, and the records."""

    decide: Callable[[Any], Any]
    many: Callable[[Sequence[Any]], list[Any]]
    outcome: Callable[[Any], str]
    records: list[Any]


def evidence_of(policy: Policy, words: Sequence[dict[str, Any]]) -> list[Any]:
    """The records in words as validated evidence."""
    model = model_of(policy.core.vocabulary)
    return [model.model_validate({"reference": str(1000 + n)} | record) for n, record in enumerate(words)]


def answers(policy: Policy, words: Sequence[dict[str, Any]]) -> Called:
    """Through the compiled engine, or as whole decisions where there is none."""
    if not hasattr(policy, "compiled"):
        return whole(policy, words)
    compiled = policy.compiled(on=ours.ON)
    decide, decide_many = compiled.decide, compiled.decide_many
    place = list(compiled.names).index(next(iter(policy.core.classifications)))
    ready = [compiled.prepare(item) for item in evidence_of(policy, words)]
    return Called(decide, lambda records: list(decide_many(records)), lambda found: found[place][0], ready)


def whole(policy: Policy, words: Sequence[dict[str, Any]], together: bool = False) -> Called:
    """As whole decisions; with `together` each among all of them as a cohort."""
    records = evidence_of(policy, words)
    cohort = Cohort("all", records) if together else None
    name = next(iter(policy.core.classifications))

    def decide(record: Any) -> Any:
        return policy.decide(record, on=ours.ON, cohort=cohort)

    def many(found: Sequence[Any]) -> list[Any]:
        fresh = Cohort("all", records) if together else None
        return list(policy.decide_many(found, on=ours.ON, cohort=fresh))

    return Called(decide, many, lambda found: found.classifications[name].possible[0], records)
