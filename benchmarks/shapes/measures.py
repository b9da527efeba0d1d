"""The rows of the three shapes, and how cost grows with schools, rules, traces and gaps."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from benchmarks.decision import evidence
from benchmarks.decision.engine import Engine, in_full
from benchmarks.decision.measures import prepared
from benchmarks.shapes import deep_cohort, many_triggers, wide_table
from benchmarks.shapes.calling import Called, answers, whole
from benchmarks.timing import Row, each, kept, paired, paired_whole, row, significant, within

SHARES: Final = (0.0, 0.02, 0.04, 0.08, 0.16, 0.32)
RULES: Final = (15, 30, 60, 120)
SCHOOLS: Final = (1_000, 2_000, 4_000, 8_000, 16_000)
COHORTS: Final = (50, 100, 200, 400)


class Different(AssertionError):
    """A shape in which the library and Python by hand do not say the same."""


def shapes(count: int = 2_000, few: int = 60, rows: int = 400, triggers: int = 60, rounds: int = 5) -> list[Row]:
    """The three shapes beside Python by hand; every outcome is compared. Raises `Different`."""
    found = []
    plain = wide_table.records(count)
    table, hand = wide_table.policy(rows), wide_table.by_hand(rows)
    found += _shape("shape_wide_table", table, wide_table.worded, plain, hand, few, rounds, f"{rows} rows")
    plain = many_triggers.records(count, triggers)
    many, unrolled = many_triggers.policy(triggers), many_triggers.by_hand(triggers)
    found += _shape("shape_many_triggers", many, many_triggers.worded, plain, unrolled, few, rounds, f"{triggers} triggers")  # fmt: skip
    members = deep_cohort.records(few * 4)
    called = whole(deep_cohort.policy(), [deep_cohort.worded(item) for item in members], together=True)
    _same("deep cohort", called, called.many(called.records), deep_cohort.by_hand(members))
    taken = paired_whole(deep_cohort.by_hand, members, called.many, called.records, min(rounds, 3))
    note = f"whole decisions, each among {len(members)}: rank, share and weighted mean of what takes 12 steps"
    return [*found, taken.row("shape_deep_cohort", note=note)]


def _shape(name: str, policy: Any, worded: Callable[[Any], Any], plain: Sequence[Any], hand: Callable[[Any], Any],
           few: int, rounds: int, what: str) -> Iterator[Row]:  # fmt: skip
    words = [worded(item) for item in plain]
    called, full = answers(policy, words), whole(policy, words[:few])
    told = [hand(item) for item in plain]
    expected = [item[0] if isinstance(item, tuple) else item for item in told]
    for way, budget in ((called, 3.0), (full, 2.0)):
        asked = within(way.decide, way.records, budget)
        _same(name, way, [way.decide(item) for item in asked], expected[: len(asked)])
    yield paired(hand, plain, called.decide, called.records, rounds).row(name, note=what)
    yield paired(hand, plain, full.decide, full.records, min(rounds, 3)).row(f"{name}_whole", note=f"{what}, whole decisions")  # fmt: skip


def _same(name: str, called: Called, found: Sequence[Any], expected: Sequence[str]) -> None:
    said = [called.outcome(item) for item in found]
    for number, (ours, theirs) in enumerate(zip(said, expected, strict=True)):
        if ours != theirs:
            raise Different(f"{name}, record {number}: {ours}, by hand {theirs}")


def growth(engine: Engine, sizes: Sequence[int] = SCHOOLS, rules: Sequence[int] = RULES,
           shares: Sequence[float] = SHARES, cohorts: Sequence[int] = COHORTS, few: int = 60) -> list[Row]:  # fmt: skip
    """Microseconds of one decision, in series: by how many schools, rules, gaps and members of a cohort, and by trace."""
    full = evidence.complete(max(sizes))
    words = [evidence.worded(record, number) for number, record in enumerate(full)]
    ready = prepared(engine, words)
    found = [point("schools", size, kept(engine.many, ready[:size]) / size) for size in sizes]
    for count in rules:
        policy = many_triggers.policy(count)
        plain = [many_triggers.worded(item) for item in many_triggers.records(few * 10, count)]
        called = answers(policy, plain)
        found.append(point("rules", count, _least(called.decide, called.records)))
        called = whole(policy, plain[: few // 3])
        found.append(point("rules, whole decisions", count, _least(called.decide, called.records)))
    decisions = in_full()
    for share in shares:
        gaps = [evidence.worded(item, n) for n, item in enumerate(evidence.gappy(full[: few * 10], share=share))]
        found.append(point("share missing", share, _least(engine.decide, prepared(engine, gaps))))
        found.append(point("share missing, whole decisions", share, _least(decisions.decide, prepared(decisions, gaps[:few]))))  # fmt: skip
    steps = (("answer", engine.decide, engine), ("answer, traced", engine.trace, engine),
             ("whole decision", decisions.decide, decisions), ("whole decision, explained", decisions.trace, decisions))  # fmt: skip
    for name, call, owner in steps:
        found.append(
            point("trace", name, _least(call, prepared(owner, words[: few if owner is decisions else few * 10])))
        )
    policy = deep_cohort.policy()
    for size in cohorts:
        called = whole(policy, [deep_cohort.worded(item) for item in deep_cohort.records(size)], together=True)
        found.append(point("members of a cohort", size, kept(called.many, called.records) / size))
    return found


def point(series: str, at: float | str, taken: float) -> Row:
    """A point of a series: at what, and how many microseconds one decision takes there."""
    name = f"growth: {series}: {at}"
    return row(name, significant(taken * 1e6), "µs") | {"series": series, "at": at}


def _least(call: Callable[[Any], Any], records: Sequence[Any]) -> float:
    part = within(call, records, 0.3)
    return min(each(call, part) for _ in range(3))
