"""The decision in the expressions that several engines have in common; `below` and `below_twice` are filled in."""

from typing import Final

BELOW: Final = (
    "(ks2 < ks2_floor and progress_reading < progress_reading_median and progress_maths < progress_maths_median)"
)
TRIGGERS: Final = (
    "{below}",
    "{below} and ks2_prev1 < ks2_floor",
    "ks2 < ks2_prev1 and ks2_prev1 < ks2_prev2",
    "ta_gap_reading > 5 or ta_gap_maths > 5",
    "eyfs_gld < eyfs_gld_national - 5",
    "attendance < 94 or persistent_absence > 15",
    "exclusions > 0.1",
    "turnover > 25",
    "budget_balance < -2 or (budget_balance > 8 and {below})",
    "complaints >= 5",
    "leadership_grade >= 3 and governance == 'weaknesses'",
    "safeguarding",
)
# The category by default is 0 here: there is no other way to tell it from category 3.
CATEGORY: Final = (
    (5, "in_ofsted_category or ofsted_grade == 4 or {below_twice} or (safeguarding and leadership_grade == 4) or {n} >= 6"),
    (4, "(ofsted_grade == 3 and capacity == 'lacking') or (ofsted_grade <= 2 and declining_outcomes == 'increasing') or {n} >= 3"),
    (3, "(ofsted_grade == 3 and capacity == 'necessary') or (ofsted_grade <= 2 and declining_outcomes == 'concern')"),
    (2, "(ofsted_grade == 3 and capacity in ['strong', 'good'] and sustained_improvement)"
        " or (ofsted_grade == 2 and previous_ofsted_grade >= 3 and declining_outcomes in ['none_seen', 'some'])"
        " or (ofsted_grade == 1 and declining_outcomes == 'some')"),
    (1, "(ofsted_grade == 1 and capacity == 'strong' and declining_outcomes == 'none_seen')"
        " or (ofsted_grade == 2 and sustained_improvement and declining_outcomes == 'none_seen')"),
)  # fmt: skip
TIER: Final = (
    (3, "{category} == 5 and {below_twice}"),
    (2, "{category} == 5 or ({category} == 4 and {below})"),
    (1, "{category} == 4 or {below} or ({category} == 3 and ks2_prev1 < ks2_floor)"),
)
WARNING: Final = (
    ("'no_letter'", "{tier} == 0"),
    ("'informal_letter'", "{tier} == 1"),
    ("'letter_to_sponsor'", "{tier} == 2 and provider == 'sponsored_academy'"),
    ("'letter_to_trust'", "{tier} == 2 and provider == 'converter_academy'"),
    ("'pre_warning_letter'", "{tier} == 2"),
    ("'refer_to_rsc'", "provider in ['sponsored_academy', 'converter_academy']"),
)


def triggers(below: str = BELOW) -> list[str]:
    """The twelve triggers."""
    return [text.format(below=below) for text in TRIGGERS]


def chosen(cases: tuple[tuple[object, str], ...], otherwise: str, **names: str) -> str:
    """The first value whose condition holds, as conditional expressions."""
    text = otherwise
    for value, condition in reversed(cases):
        text = f"({condition.format(**names)}) ? {value} : ({text})"
    return text
