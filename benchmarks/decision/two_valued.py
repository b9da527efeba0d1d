"""The decision written by hand in Python over a plain dict, as fast as plain Python goes: what others are held against.

It knows of no missing value: it raises, or takes what is missing for false.
"""

from typing import Any, TypeAlias

Answer: TypeAlias = tuple[tuple[bool, ...], int, bool, int, str]


def decide(record: dict[str, Any]) -> Answer:
    """The twelve triggers, the category, whether it is only a default, the tier and the warning."""
    ks2 = record["ks2"]
    before = record["ks2_prev1"]
    floor = record["ks2_floor"]
    below = (
        ks2 < floor
        and record["progress_reading"] < record["progress_reading_median"]
        and record["progress_maths"] < record["progress_maths_median"]
    )
    below_twice = below and before < floor
    balance = record["budget_balance"]
    led = record["leadership_grade"]
    unsafe = record["safeguarding"]
    triggers = (
        below,
        below_twice,
        ks2 < before and before < record["ks2_prev2"],
        record["ta_gap_reading"] > 5 or record["ta_gap_maths"] > 5,
        record["eyfs_gld"] < record["eyfs_gld_national"] - 5,
        record["attendance"] < 94 or record["persistent_absence"] > 15,
        record["exclusions"] > 0.1,
        record["turnover"] > 25,
        balance < -2 or (balance > 8 and below),
        record["complaints"] >= 5,
        led >= 3 and record["governance"] == "weaknesses",
        unsafe,
    )
    count = sum(triggers)
    grade = record["ofsted_grade"]
    capacity = record["capacity"]
    decline = record["declining_outcomes"]
    sustained = record["sustained_improvement"]
    review = False
    if record["in_ofsted_category"] or grade == 4 or below_twice or (unsafe and led == 4) or count >= 6:
        category = 5
    elif (grade == 3 and capacity == "lacking") or (grade <= 2 and decline == "increasing") or count >= 3:
        category = 4
    elif (grade == 3 and capacity == "necessary") or (grade <= 2 and decline == "concern"):
        category = 3
    elif (
        (grade == 3 and (capacity == "strong" or capacity == "good") and sustained)
        or (grade == 2 and record["previous_ofsted_grade"] >= 3 and (decline == "none_seen" or decline == "some"))
        or (grade == 1 and decline == "some")
    ):
        category = 2
    elif (grade == 1 and capacity == "strong" and decline == "none_seen") or (
        grade == 2 and sustained and decline == "none_seen"
    ):
        category = 1
    else:
        category = 3
        review = True
    if category == 5:
        tier = 3 if below_twice else 2
    elif category == 4:
        tier = 2 if below else 1
    else:
        tier = 1 if below or (category == 3 and before < floor) else 0
    return triggers, category, review, tier, warning(tier, record["provider"])


def warning(tier: int, provider: str) -> str:
    """The warning of a tier."""
    if tier == 0:
        return "no_letter"
    if tier == 1:
        return "informal_letter"
    if provider == "sponsored_academy":
        return "letter_to_sponsor" if tier == 2 else "refer_to_rsc"
    if provider == "converter_academy":
        return "letter_to_trust" if tier == 2 else "refer_to_rsc"
    return "pre_warning_letter" if tier == 2 else "formal_warning_notice"


def decide_all(records: list[dict[str, Any]]) -> list[Answer]:
    """The answers about many, kept."""
    return [decide(record) for record in records]
