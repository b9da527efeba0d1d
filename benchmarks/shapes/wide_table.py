"""A decision table of many rows: a grade by ten bands of attainment by ten bands of size, each with its points."""

import random
from decimal import Decimal
from typing import Any, Final

from benchmarks.shapes.making import classification, made
from si_rules.policy import Policy

GRADES: Final = ("outstanding", "good", "requires_improvement", "inadequate")
FIELDS: Final = """evidence grade "the grade"
  scale from best to worst: outstanding, good, requires_improvement, inadequate

evidence attainment "attainment"
  percent

evidence size "the number on roll"
  number between 0 and 1000
"""


def points(grade: int, attainment: int, size: int, bands: int) -> int:
    """The points of a row: no pattern that a shorter table would say."""
    return (grade * 37 + attainment * 17 + size * 29 + grade * attainment * size) % (bands * 4)


def policy(rows: int = 400) -> Policy:
    """The policy of a table with so many rows: four times a square of bands that part a hundred evenly."""
    bands = round((rows / 4) ** 0.5)
    if 4 * bands * bands != rows or 100 % bands:
        raise ValueError(f"{rows} rows are not four times the square of a number that divides 100")
    lines = ["  | grade | attainment | size || points |"]
    for grade, name in enumerate(GRADES):
        for first in range(bands):
            for second in range(bands):
                asked = (_band(first, bands, 100, "%"), _band(second, bands, 1000, ""))
                lines.append(f"  | {name} | {asked[0]} | {asked[1]} || {points(grade, first, second, bands)} |")
    table = "\n".join(lines)
    rules = f'table wide "points by grade, attainment and size"\n  cites MADE "1"\n  exactly one row matches\n  gives points : number\n{table}\n\n'  # fmt: skip
    return made("wide", rules + classification("need", {"high": f"wide.points is at least {bands * 3}", "some": f"wide.points is at least {bands}"}), FIELDS)  # fmt: skip


def _band(place: int, bands: int, most: int, unit: str) -> str:
    low, high = (most * step // bands for step in (place, place + 1))
    end = f"at most {high}{unit}" if place == bands - 1 else f"under {high}{unit}"
    if place == 0:
        return end
    return f"at least {low}{unit}" if place == bands - 1 else f"at least {low}{unit} and under {high}{unit}"


def records(count: int, seed: int = 5) -> list[dict[str, Any]]:
    """Plain records, complete."""
    chance = random.Random(seed)
    return [
        {"grade": chance.randrange(4), "attainment": chance.randrange(1001) / 10, "size": chance.randrange(1001)}
        for _ in range(count)
    ]


def worded(record: dict[str, Any]) -> dict[str, Any]:
    """A record as the policy takes it."""
    return {"grade": GRADES[record["grade"]], "attainment": Decimal(str(record["attainment"])), "size": record["size"]}


def by_hand(rows: int = 400) -> Any:
    """The same in Python, which reckons the place of the row: the quickest there is."""
    bands = round((rows / 4) ** 0.5)
    table = [[[points(g, a, s, bands) for s in range(bands)] for a in range(bands)] for g in range(4)]
    last, wide, tall = bands - 1, 100 / bands, 1000 / bands

    def decide(record: dict[str, Any]) -> str:
        band = min(last, int(record["attainment"] / wide))
        found = table[record["grade"]][band][min(last, int(record["size"] / tall))]
        return "high" if found >= bands * 3 else "some" if found >= bands else "unmatched"

    return decide
