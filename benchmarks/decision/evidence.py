"""Evidence about invented schools, from a seed: plain records as a program would hold them, some with gaps.

A plain record is a flat dict of floats, whole numbers, texts and truths, with grades from 1 (best) to 4: what Python
written by hand and other engines take. `worded` gives what the policy of the library takes, `nested` the same as it
would come from a council's system.
"""

import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, TypeAlias

SEED: Final = 20141
MANY: Final = 22_000
MISSING: Final = 0.08  # the share of all values that a record with gaps lacks

Plain: TypeAlias = dict[str, Any]

GRADES: Final = ("outstanding", "good", "requires_improvement", "inadequate")
PROVIDERS: Final = {
    "maintained": "community",
    "sponsored_academy": "academy_sponsored",
    "converter_academy": "academy_converter",
    "special": "community_special",
    "pru": "pupil_referral_unit",
}
ACADEMIES: Final = ("sponsored_academy", "converter_academy")


def tenths(low: float, high: float, mode: float) -> Callable[[random.Random], float]:
    return lambda chance: round(chance.triangular(low, high, mode), 1)


def weighted(**weights: int) -> Callable[[random.Random], str]:
    return lambda chance: chance.choices(list(weights), list(weights.values()))[0]


def whole(first: int, *weights: int) -> Callable[[random.Random], int]:
    return lambda chance: chance.choices(range(first, first + len(weights)), weights)[0]


def sometimes(share: float) -> Callable[[random.Random], bool]:
    return lambda chance: chance.random() < share


def always(value: float) -> Callable[[random.Random], float]:
    return lambda chance: value


DRAWN: Final[dict[str, Callable[[random.Random], Any]]] = {
    "ofsted_grade": whole(1, 18, 60, 17, 5),
    "previous_ofsted_grade": whole(1, 15, 50, 28, 7),
    "ks2": tenths(40, 100, 80),
    "ks2_floor": always(65.0),
    "progress_reading": tenths(70, 100, 91),
    "progress_reading_median": always(94.0),
    "progress_maths": tenths(70, 100, 91),
    "progress_maths_median": always(93.0),
    "ta_gap_reading": tenths(-6, 9, 0),
    "ta_gap_maths": tenths(-6, 9, 0),
    "eyfs_gld": tenths(45, 85, 66),
    "eyfs_gld_national": always(60.0),
    "attendance": tenths(92, 98, 96),
    "persistent_absence": tenths(0, 20, 6),
    "exclusions": lambda chance: round(chance.expovariate(25.0), 2),
    "turnover": tenths(0, 40, 10),
    "budget_balance": tenths(-5, 14, 4),
    "complaints": whole(0, 40, 25, 15, 8, 5, 4, 2, 1),
    "leadership_grade": whole(1, 18, 58, 19, 5),
    "governance": weighted(effective=82, weaknesses=18),
    "capacity": weighted(strong=25, good=45, necessary=22, lacking=8),
    "safeguarding": sometimes(0.03),
    "provider": weighted(maintained=62, sponsored_academy=8, converter_academy=20, special=7, pru=3),
    "in_ofsted_category": sometimes(0.03),
    "sustained_improvement": sometimes(0.45),
    "declining_outcomes": weighted(none_seen=55, some=25, concern=13, increasing=7),
}
GRADED: Final = ("ofsted_grade", "previous_ofsted_grade", "leadership_grade")


def complete(count: int = MANY, seed: int = SEED) -> list[Plain]:
    """Records in which nothing is missing; a seed gives the same ones everywhere."""
    chance = random.Random(seed)
    return [_one(chance) for _ in range(count)]


def _one(chance: random.Random) -> Plain:
    record = {name: draw(chance) for name, draw in DRAWN.items()}
    for name, after in (("ks2_prev1", "ks2"), ("ks2_prev2", "ks2_prev1")):
        record[name] = round(min(100.0, max(30.0, record[after] + chance.uniform(-9, 9))), 1)
    return record


def gappy(records: list[Plain], seed: int = SEED, share: float = MISSING) -> list[Plain]:
    """The same records, a share of all values taken out of them at random: None stands there."""
    chance = random.Random(seed + 1)
    return [{name: None if chance.random() < share else value for name, value in found.items()} for found in records]


def worded(record: Plain, number: int) -> dict[str, Any]:
    """A record as `flat/decision.vocabulary` declares it: decimals, and grades in words."""
    found: dict[str, Any] = {"reference": str(100_000 + number)}
    for name, value in record.items():
        if name in GRADED and value is not None:
            found[name] = GRADES[value - 1]
        else:
            found[name] = Decimal(str(value)) if isinstance(value, float) else value
    return found


def nested(record: Plain, number: int) -> str:
    """A complete record as the JSON of a `SchoolEvidence`, for `nested/decision.policy`.

    The figures of the nation are parameters there, and an academy has no accounts: see `as_nested_sees_it`.
    """
    now, before, earlier = "2014-15", "2013-14", "2012-13"

    def judged(value: Any) -> dict[str, Any]:
        return {"value": value, "author": "Officer A", "date": "2015-10-05"}

    ks2 = {"rwm_level_4_plus": record["ks2"], "reading_expected_progress": record["progress_reading"]}
    ks2["mathematics_expected_progress"] = record["progress_maths"]
    for subject, gap in (("reading", "ta_gap_reading"), ("mathematics", "ta_gap_maths")):
        ks2[f"{subject}_test"] = 70
        ks2[f"{subject}_teacher_assessment"] = round(70 + record[gap], 1)
    concern = "special_measures" if record["in_ofsted_category"] else "no_category"
    latest = {"date": "2015-03-12", "grade": GRADES[record["ofsted_grade"] - 1], "category_of_concern": concern}
    latest["leadership_grade"] = GRADES[record["leadership_grade"] - 1]
    document: dict[str, Any] = {
        "urn": str(100_000 + number),
        "phase": "primary",
        "legal_type": PROVIDERS[record["provider"]],
        "inspections": [latest, {"date": "2011-11-02", "grade": GRADES[record["previous_ofsted_grade"] - 1]}],
        "early_years": {now: {"good_level_of_development": record["eyfs_gld"]}},
        "ks2": {
            now: ks2,
            before: {"rwm_level_4_plus": record["ks2_prev1"]},
            earlier: {"rwm_level_4_plus": record["ks2_prev2"]},
        },
        "attendance": {now: {"overall": record["attendance"], "persistent_absence": record["persistent_absence"]}},
        "exclusions": {now: {"fixed_period_rate": record["exclusions"]}},
        "staffing": {now: {"teachers": 1000, "teachers_left": round(record["turnover"] * 10)}},
        "complaints": {now: {"received": record["complaints"]}},
        "judgements": {
            name: judged(record[name])
            for name in ("governance", "capacity", "safeguarding", "sustained_improvement", "declining_outcomes")
        },
    }
    if record["provider"] not in ACADEMIES:
        balance = round(record["budget_balance"] * 10_000)
        document["finance"] = {now: {"balance": balance, "budget_share": 1_000_000}}
    return json.dumps(document)


def as_nested_sees_it(record: Plain) -> Plain:
    """The plain record that says what the nested one says: no balance of an academy counts."""
    return record | {"budget_balance": 0.0} if record["provider"] in ACADEMIES else record
