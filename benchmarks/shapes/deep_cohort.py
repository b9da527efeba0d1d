"""Figures over a whole cohort, of what is worked out in many steps: rank, share and weighted mean."""

import random
from decimal import Decimal
from typing import Any, Final

from benchmarks.shapes.making import classification, made
from si_rules.policy import Policy

FIELDS: Final = """evidence attainment "attainment"
  percent

evidence pupils_on_roll "the number on roll"
  number between 0 and 1000
"""


def policy(depth: int = 12) -> Policy:
    """The policy whose figures stand on so many steps."""
    rules = ['fact s00 "step 0" : percent\n  cites MADE "1"\n  is attainment\n']
    for step in range(1, depth + 1):
        change = (
            "plus 1 percentage point, but at most 100%" if step % 2 else "minus 0.5 percentage points, but at least 0%"
        )
        rules.append(f'fact s{step:02} "step {step}" : percent\n  cites MADE "1"\n  is s{step - 1:02} {change}\n')
    last = f"s{depth:02}"
    rules.append(f'figure place "the place" : number\n  cites MADE "1"\n  over every school\n  is the rank by {last}, lowest first\n')  # fmt: skip
    rules.append(f'figure weak "the share under 60%" : percent\n  cites MADE "1"\n  over every school\n  is the share for which {last} is under 60%\n')  # fmt: skip
    rules.append(f'figure town "the mean of all pupils" : percent\n  cites MADE "1"\n  over every school\n  is the mean of {last}, weighted by pupils_on_roll\n')  # fmt: skip
    clauses = {"first": "place is at most 10", "second": f"(weak is more than 20%) and ({last} is under town)"}
    return made("deep", "\n".join([*rules, classification("call", clauses)]), FIELDS)


def by_hand(members: list[dict[str, Any]], depth: int = 12) -> list[str]:
    """The same in Python, for every member; figures in hundredths, so that nothing is rounded."""
    worked = []
    for record in members:
        value = round(record["attainment"] * 10) * 10
        for step in range(1, depth + 1):
            value = min(10_000, value + 100) if step % 2 else max(0, value - 50)
        worked.append(value)
    places: dict[int, int] = {}
    for place, value in enumerate(sorted(worked), 1):
        places.setdefault(value, place)
    weak = sum(value < 6_000 for value in worked) * 5 > len(worked)
    weight = sum(record["pupils_on_roll"] for record in members)
    total = sum(value * record["pupils_on_roll"] for value, record in zip(worked, members, strict=True))
    return ["first" if places[value] <= 10 else "second" if weak and value * weight < total else "unmatched" for value in worked]  # fmt: skip


def records(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """Plain records, complete."""
    chance = random.Random(seed)
    return [{"attainment": chance.randrange(300, 1001) / 10, "pupils_on_roll": chance.randrange(20, 900)} for _ in range(count)]  # fmt: skip


def worded(record: dict[str, Any]) -> dict[str, Any]:
    """A record as the policy takes it."""
    return {"attainment": Decimal(str(record["attainment"])), "pupils_on_roll": record["pupils_on_roll"]}
