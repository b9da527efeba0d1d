"""Many triggers, each over three figures, counted; and the same as Python text, unrolled as a patient hand would."""

import random
from decimal import Decimal
from typing import Any

from benchmarks.shapes.making import classification, made
from si_rules.policy import Policy


def _limits(number: int) -> tuple[int, int, int]:
    return 10 + number * 7 % 30, 55 + number * 11 % 40, 20 + number * 13 % 60


def _three(number: int, count: int) -> tuple[str, str, str]:
    return tuple(f"f{(number + step) % count + 1:03}" for step in (0, 1, 7))  # type: ignore[return-value]


def policy(count: int = 60) -> Policy:
    """The policy of so many triggers over as many figures."""
    rules, score = [], ['score how_many "triggers that hold" : number\n  cites MADE "1"\n  adds up']
    for number in range(count):
        (one, two, three), (low, high, middle) = _three(number, count), _limits(number)
        name = f"t{number + 1:03}"
        rules.append(
            f'trigger {name} "number {number + 1}"\n  cites MADE "1"\n  holds when any of\n'
            f"    - {one} is under {low}%\n    - all of\n"
            f"      - {two} is more than {high}%\n      - {three} is at least {middle}%\n"
        )
        score.append(f"    - 1 when {name} holds")
    clauses = {label: f"how_many is at least {count * part // 12}" for label, part in (("high", 6), ("middle", 5), ("low", 4))}  # fmt: skip
    fields = "\n".join(f'evidence f{number + 1:03} "figure {number + 1}"\n  percent\n' for number in range(count))
    return made("many", "\n".join([*rules, "\n".join(score) + "\n", classification("level", clauses)]), fields)


def by_hand(count: int = 60) -> Any:
    """The same as a function of Python, its text made by this program and then compiled."""
    lines = ["def decide(r):"]
    for number in range(count):
        (one, two, three), (low, high, middle) = _three(number, count), _limits(number)
        lines.append(f"    t{number} = r['{one}'] < {low} or (r['{two}'] > {high} and r['{three}'] >= {middle})")
    every = ", ".join(f"t{number}" for number in range(count))
    lines.append(f"    every = ({every},)\n    n = sum(every)")
    lines.append(f"    level = 'high' if n >= {count * 6 // 12} else 'middle' if n >= {count * 5 // 12} else 'low' if n >= {count * 4 // 12} else 'unmatched'")  # fmt: skip
    lines.append("    return level, every")
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)
    return names["decide"]


def records(many: int, count: int = 60, seed: int = 6, missing: float = 0.0) -> list[dict[str, Any]]:
    """Plain records; a share of all figures is missing."""
    chance = random.Random(seed)
    return [
        {f"f{n + 1:03}": None if chance.random() < missing else chance.randrange(1001) / 10 for n in range(count)}
        for _ in range(many)
    ]


def worded(record: dict[str, Any]) -> dict[str, Any]:
    """A record as the policy takes it."""
    return {name: None if value is None else Decimal(str(value)) for name, value in record.items()}
