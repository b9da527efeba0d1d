"""The rows of the decision: how fast the library answers beside Python written by hand, and what its answers weigh."""

import gc
import sys
import tempfile
import tracemalloc
from collections.abc import Sequence
from typing import Any, Final

from attrs import frozen

from benchmarks.decision import evidence, ours, three_valued, two_valued
from benchmarks.decision.agreement import Agreement, on_complete, on_completions, on_gappy, on_models, on_nested
from benchmarks.decision.engine import Engine, in_full
from benchmarks.decision.evidence import Plain
from benchmarks.decision.model import DecisionEvidence
from benchmarks.timing import ROUNDS, Row, each, in_turns, paired, paired_whole, row, told

COMPILE: Final = """
import sys, time
from datetime import date
from si_rules.policy import PolicyLibrary
policy = PolicyLibrary.bundled().edition("doncaster.school_improvement", "2015-16")
import si_rules.evaluation.compiled
policy.decide  # whatever is imported on the way to a first decision is imported
start = time.perf_counter()
policy.compiled(on=date(2015, 11, 4))
print(time.perf_counter() - start)
"""


@frozen
class Evidence:
    """The records of a run: plain, complete and with gaps, and both as the policy takes them."""

    full: list[Plain]
    gappy: list[Plain]
    words: list[dict[str, Any]]
    words_gappy: list[dict[str, Any]]

    @classmethod
    def of(cls, count: int = evidence.MANY) -> "Evidence":
        """So many records."""
        full = evidence.complete(count)
        gappy = evidence.gappy(full)
        words, words_gappy = ([evidence.worded(r, n) for n, r in enumerate(found)] for found in (full, gappy))
        return cls(full, gappy, words, words_gappy)


def prepared(engine: Engine, records: Sequence[dict[str, Any]]) -> list[Any]:
    """The records as an engine keeps them to decide on."""
    return [engine.prepare(record) for record in records]


def affordable(engine: Engine, records: Sequence[dict[str, Any]], whole: bool, budget: float = 1.5) -> list[Any]:
    """The records prepared, all of them; fewer where deciding on all takes longer than a budget of seconds."""
    few = prepared(engine, records[:100])
    taken = each(engine.decide, few)
    count = len(records) if whole else min(len(records), max(100, int(budget / taken)))
    return prepared(engine, records[:count])


def singles(found: Evidence, engine: Engine, ready: Sequence[Any], gaps: Sequence[Any], rounds: int = ROUNDS,
            slice_: float = 0.12) -> list[Row]:  # fmt: skip
    """One decision a call: prepared, traced, from a raw dict, from the JSON of a school; and Python in three truths."""
    texts = [evidence.nested(record, number) for number, record in enumerate(found.full[:2000])]

    def against(measured: Any, records: Sequence[Any], note: str, gappy: bool = False) -> tuple[Any, str]:
        return paired(two_valued.decide, found.full, measured, records, rounds, slice_), note

    told_ = {
        "single_prepared": against(engine.decide, ready, "validated evidence, prepared"),
        "single_prepared_gappy": against(engine.decide, gaps, "the same, 8 % of all values missing"),
        "single_traced": against(engine.trace, ready, "the trace of every rule recorded"),
        "single_traced_gappy": against(engine.trace, gaps, "the same, 8 % of all values missing"),
        "single_raw": against(engine.raw, found.words, "from a flat dict with decimals, validated"),
        "single_nested": against(engine.json, texts, "from the JSON of a school, read, validated and traced"),
        "hand_three_valued": against(three_valued.decide, found.full, "Python by hand in three truths"),
        "hand_three_valued_gappy": against(three_valued.decide, found.gappy, "the same, 8 % of all values missing"),
    }
    return [item.row(name, note=note) for name, (item, note) in told_.items()]


def whole_decisions(found: Evidence, count: int = 200, rounds: int = 3) -> list[Row]:
    """The whole decision of `Policy.decide`: exact outcomes, what is needed, near misses, digests; and its explanation."""
    engine = in_full()
    rows = []
    for suffix, words in (("", found.words), ("_gappy", found.words_gappy)):
        ready = prepared(engine, words[:count])
        for name, call in (("whole_decision", engine.decide), ("whole_decision_explained", engine.trace)):
            result = paired(two_valued.decide, found.full, call, ready, rounds)
            rows.append(result.row(f"{name}{suffix}", note="exact outcomes, needs, near misses, digest"))
    return rows


def batches(found: Evidence, engine: Engine, ready: Sequence[Any], gaps: Sequence[Any], rounds: int = 5) -> list[Row]:
    """All records in one call, answers kept; and what the answers weigh beside the evidence."""
    rows = []
    for name, records in (("batch_kept", ready), ("batch_kept_gappy", gaps)):
        result = paired_whole(two_valued.decide_all, found.full, engine.many, records, rounds)
        rows.append(result.row(name, note="answers kept"))
    weight = most_held(engine, ready) * evidence.MANY / len(ready)
    note = "at most, over the prepared evidence" + ("" if len(ready) == evidence.MANY else f"; from {len(ready):,}")
    return [*rows, row("batch_mb", weight / 1e6, "MB", note=note)]


def most_held(engine: Engine, ready: Sequence[Any]) -> int:
    """The most bytes that are held while many decisions are made and kept."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        answers = engine.many(ready)
        most = tracemalloc.get_traced_memory()[1] - before
        del answers
    finally:
        tracemalloc.stop()
    return most


def compiling(rounds: int = 5) -> list[Row]:
    """How long the Doncaster policy takes to compile, in fresh processes, over loading it."""
    if not hasattr(ours.policy(), "compiled"):
        return []
    with tempfile.TemporaryDirectory() as cache:
        (taken,) = in_turns(lambda: told(sys.executable, "-c", COMPILE, cache=cache), rounds=rounds)
    return [row("compile_doncaster_ms", taken * 1000, "ms", note="a fresh process, over loading it")]


def agreements(found: Evidence, engine: Engine, ready: Sequence[Any], gaps: Sequence[Any], few: int = 300) -> list[Agreement]:  # fmt: skip
    """Every answer against the references, and the possible outcomes against every completion."""
    kept = [engine.said(engine.decide(item))[0] for item in gaps[:few]]
    full = in_full()

    def exactly(number: int) -> Any:
        return ours.possible(full.said(full.decide(DecisionEvidence.model_validate(found.words_gappy[number])))[0])

    return [
        on_complete(engine, found.full[: len(ready)], ready),
        on_gappy(engine, found.gappy[: len(gaps)], gaps),
        on_models(engine, found.words_gappy[:few], gaps[:few]),
        on_nested(engine, found.full[:few]),
        on_completions(lambda number: ours.possible(kept[number]), found.gappy[:few], exact=False),
        on_completions(exactly, found.gappy[: few // 3], exact=True),
    ]
