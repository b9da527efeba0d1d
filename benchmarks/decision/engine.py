"""The ways in which the library decides, as they are measured: prepared, traced, from a raw dict, from JSON, many."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from attrs import frozen

from benchmarks.decision import ours
from benchmarks.decision.model import DecisionEvidence
from si_rules import SchoolEvidence

CLASSIFICATIONS: Final = ("category", "tier", "warning")


@frozen
class Engine:
    """How a policy is called. What `decide`, `trace`, `raw` and `json` give says every status and what is possible.

    `prepare` makes of a flat dict, and `of_model` of validated evidence, what is decided on; `raw` takes a flat dict,
    which is validated, `json` the text of a `SchoolEvidence`, which is read, validated and traced; `said` gives the possible outcomes of each classification and the triggers.
    """

    name: str
    prepare: Callable[[dict[str, Any]], Any]
    of_model: Callable[[DecisionEvidence], Any]
    decide: Callable[[Any], Any]
    trace: Callable[[Any], Any]
    raw: Callable[[dict[str, Any]], Any]
    json: Callable[[str], Any]
    many: Callable[[Iterable[Any]], list[Any]]
    said: Callable[[Any], tuple[list[tuple[str, ...]], list[bool | None]]]


def compiled() -> Engine:
    """The compiled engine, called as `CompiledPolicy` says: functions bound once, flat tuples as answers."""
    flat, nested = (ours.policy(name).compiled(on=ours.ON) for name in ("flat", "nested"))
    decide, prepare_raw, decide_many = flat.decide, flat.prepare_raw, flat.decide_many
    read, prepare, trace = SchoolEvidence.model_validate_json, nested.prepare, nested.trace
    answers, traces = _places(flat.names), _places(nested.trace_names)

    def said(answer: Any) -> tuple[list[tuple[str, ...]], list[bool | None]]:
        classes, triggers = answers if len(answer) == len(flat.names) else traces
        truths = [False if answer[place] is ... else answer[place] for place in triggers]
        return [answer[place] for place in classes], truths

    return Engine(
        "the compiled engine",
        prepare_raw,
        flat.prepare,
        decide,
        flat.trace,
        lambda record: decide(prepare_raw(record)),
        lambda text: trace(prepare(read(text))),
        lambda records: list(decide_many(records)),
        said,
    )


def _places(names: Sequence[str]) -> tuple[list[int], list[int]]:
    """Where the classifications stand in an answer or in a trace, and where the triggers."""
    triggers = [place for place, name in enumerate(names) if name.startswith("t") and name[1:3].isdigit()]
    return [names.index(name) for name in CLASSIFICATIONS], triggers


def in_full() -> Engine:
    """Whole decisions, with exact outcomes, what is needed, near misses and digests; explained where it is traced."""
    flat, nested = ours.policy("flat"), ours.policy("nested")

    def decide(evidence: Any) -> Any:
        return flat.decide(evidence, on=ours.ON)

    def explained(decision: Any) -> Any:
        decision.explain()
        return decision

    return Engine(
        "whole decisions",
        DecisionEvidence.model_validate,
        lambda evidence: evidence,
        decide,
        lambda evidence: explained(decide(evidence)),
        lambda record: decide(DecisionEvidence.model_validate(record)),
        lambda text: explained(nested.decide(SchoolEvidence.model_validate_json(text), on=ours.ON)),
        lambda records: list(flat.decide_many(records, on=ours.ON)),
        ours.of_decision,
    )


def quickest() -> Engine:
    """The compiled engine where this library has one."""
    return compiled() if hasattr(ours.policy(), "compiled") else in_full()
