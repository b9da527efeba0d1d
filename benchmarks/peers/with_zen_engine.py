"""zen-engine, in its two quickest ways: compiled expressions in stages, and for a trace one graph in a batch of one."""

import json
from typing import Any, Final

import zen

from benchmarks.peers import texts
from benchmarks.peers.finding import Peer

KEY: Final = "decision"
NAMES: Final = [f"t{number:02}" for number in range(1, 13)]


def peer() -> Peer:
    """The decision in zen-engine."""
    staged, engine = stages(), graph()

    def single(record: dict[str, Any]) -> tuple[Any, ...]:
        all_triggers, category_of, tier_of, warning_of = staged
        found = all_triggers.evaluate(record)
        known = {**record, "n": sum(found), "below": found[0], "below_twice": found[1]}
        category = category_of.evaluate(known)
        known["category"] = category or 3
        tier = tier_of.evaluate(known)
        letter = warning_of.evaluate({"tier": tier, "provider": record["provider"]})
        return tuple(found), category or 3, category == 0, tier, letter

    def traced(record: dict[str, Any]) -> Any:
        return engine.evaluate_batch([{"key": KEY, "context": record}], {"trace": True})[0]

    def batch(records: list[dict[str, Any]]) -> Any:
        return [single(record) for record in records]

    def answer(found: tuple[Any, ...]) -> tuple[Any, ...]:
        triggers, category, review, tier, letter = found
        return triggers, int(category), review, int(tier), letter

    return Peer("zen_engine", "compiled expressions in four stages; traced: one graph, a batch of one", single, batch, answer, traced)  # fmt: skip


def stages() -> list[Any]:
    """The expressions: triggers as a list, category, tier, warning."""
    known = {"below": "below", "below_twice": "below_twice", "n": "n", "category": "category", "tier": "tier"}
    listed = "[" + ", ".join(f"({text})" for text in texts.triggers()) + "]"
    rest = (
        texts.chosen(texts.CATEGORY, "0", **known),
        texts.chosen(texts.TIER, "0", **known),
        texts.chosen(texts.WARNING, "'formal_warning_notice'", **known),
    )
    return [zen.compile_expression(text) for text in (listed, *rest)]


def graph() -> Any:
    """An engine with one graph of one node of expressions."""
    names = {"below": "$.t01", "below_twice": "$.t02", "n": "$.n", "category": "$.category", "tier": "$.tier"}
    count = "sum([" + ", ".join(f"$.{name} ? 1 : 0" for name in NAMES) + "])"
    named = dict(zip(NAMES, [texts.BELOW, *texts.triggers("$.t01")[1:]], strict=True))
    expressions = {
        **named,
        "n": count,
        "found": texts.chosen(texts.CATEGORY, "0", **names),
        "review": "$.found == 0",
        "category": "$.found == 0 ? 3 : $.found",
        "tier": texts.chosen(texts.TIER, "0", **names),
        "warning": texts.chosen(texts.WARNING, "'formal_warning_notice'", **names),
    }
    listed = [{"id": name, "key": name, "value": text} for name, text in expressions.items()]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "content": {}},
        {"id": "all", "type": "expressionNode", "name": "all", "content": {"expressions": listed}},
        {"id": "out", "type": "outputNode", "name": "out", "content": {}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "all", "type": "edge"},
        {"id": "2", "sourceId": "all", "targetId": "out", "type": "edge"},
    ]
    content = json.loads(json.dumps({"nodes": nodes, "edges": edges}))
    return zen.ZenEngine({"loader": {"type": "static", "content": {KEY: content}}})


def answer_of_graph(found: Any) -> tuple[Any, ...]:
    """What the graph says, as the references say it. Raises RuntimeError where it failed."""
    if not found.get("success", True):
        raise RuntimeError(str(found.get("error"))[:200])
    said = found.get("data", found)["result"]
    triggers = tuple(bool(said[name]) for name in NAMES)
    return triggers, int(said["category"]), bool(said["review"]), int(said["tier"]), said["warning"]
