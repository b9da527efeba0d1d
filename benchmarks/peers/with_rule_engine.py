"""rule-engine: four rules, staged from Python, since it has no names for what is worked out. It has no trace."""

from typing import Any

import rule_engine

from benchmarks.peers import texts
from benchmarks.peers.finding import Peer


def peer() -> Peer:
    """The decision in rule-engine."""
    known = {"below": "below", "below_twice": "below_twice", "n": "n", "category": "category", "tier": "tier"}
    listed = "[" + ", ".join(f"({text})" for text in texts.triggers()) + "]"
    all_triggers, category_of, tier_of, warning_of = (
        rule_engine.Rule(text)
        for text in (
            listed,
            texts.chosen(texts.CATEGORY, "0", **known),
            texts.chosen(texts.TIER, "0", **known),
            texts.chosen(texts.WARNING, "'formal_warning_notice'", **known),
        )
    )

    def single(record: dict[str, Any]) -> tuple[Any, ...]:
        found = all_triggers.evaluate(record)
        told = {**record, "n": sum(found), "below": found[0], "below_twice": found[1]}
        category = category_of.evaluate(told)
        told["category"] = category or 3
        tier = told["tier"] = tier_of.evaluate(told)
        return tuple(found), category or 3, category == 0, tier, warning_of.evaluate(told)

    def answer(found: tuple[Any, ...]) -> tuple[Any, ...]:
        triggers, category, review, tier, letter = found
        return tuple(bool(item) for item in triggers), int(category), review, int(tier), letter

    def batch(records: list[dict[str, Any]]) -> Any:
        return [single(record) for record in records]

    return Peer("rule_engine", "four rules, staged from Python", single, batch, answer)
