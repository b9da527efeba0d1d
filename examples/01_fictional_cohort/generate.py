"""Makes evidence.jsonl: the evidence of 130 fictional schools, always the same bytes.

    python generate.py

Each school follows a plan that says what kind of case it is, such as a good school whose outcomes cause concern.
The plans, not chance, see to it that every outcome of the policy occurs; chance fills in the rest.
"""

import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from figures import NONE, NOT_PUBLISHED, NOT_SUPPLIED, SUPPRESSED, detail, further

FOLDER = Path(__file__).resolve().parent
SEED = 20151104
FIRST_URN = 990001
DECIDED_ON = date(2015, 11, 4)
RESULTS_PUBLISHED = {"2011-12": "2012-12-13", "2012-13": "2013-12-12", "2013-14": "2014-12-11", "2014-15": "2015-12-10"}
ATTENDANCE_PUBLISHED = {"2012-13": "2014-03-25", "2013-14": "2015-03-24", "2014-15": "2016-03-22"}
PROGRESS = ("reading_expected_progress", "writing_expected_progress", "mathematics_expected_progress")

# How many schools of each phase; and the words their names end with.
PHASES = {
    "nursery": (4, "Nursery School"), "infant": (12, "Infant School"), "junior": (10, "Junior School"),
    "primary": (66, "Primary School"), "middle": (4, "Middle School"), "secondary": (18, "High School"),
    "all_through": (4, "Through School"), "special": (8, "Special School"),
    "pupil_referral_unit": (4, "Pupil Referral Unit"),
}  # fmt: skip
WITH_RESULTS = ("junior", "primary", "middle", "all_through")
MAINSTREAM = (
    "community", "community", "community", "voluntary_aided", "voluntary_controlled", "foundation",
    "academy_converter", "academy_converter", "academy_sponsored", "free_school",
)  # fmt: skip
LEGAL_TYPES = {
    "nursery": ("maintained_nursery",),
    "special": ("community_special", "foundation_special", "academy_special"),
    "pupil_referral_unit": ("pupil_referral_unit",),
}

# What is judged of a school unless its plan says otherwise.
USUAL: dict[str, Any] = {
    "direction": "steady", "capacity": "sufficient", "support_required": "light_touch_only",
    "leadership": "not_strong", "succession_planning_secure": False, "partnerships_strong": False,
    "supports_partner_schools": False, "progress_on_ofsted_areas": True, "develops_partnerships": False,
    "aware_of_priorities": True, "works_with_partners": False, "at_risk_of_ofsted_category": False,
    "high_risk_of_categorisation": False, "progress_at_concern_meeting": True,
    "effective_progress": True, "persistent_decline": False, "persistent_poor_behaviour": False,
    "persistent_ineffective_leadership": False,
}  # fmt: skip
# What is judged for the triggers of concern: mostly no.
FOR_TRIGGERS = (
    "under_performance_on_other_data", "early_years_provision_inadequate", "significant_variation_between_groups",
    "fails_to_take_urgent_action", "finances_poorly_managed", "safeguarding_issue", "behaviour_poorly_managed",
    "another_reason_for_concern",
)  # fmt: skip
PERSISTENT = ("persistent_decline", "persistent_poor_behaviour", "persistent_ineffective_leadership")


@dataclass(frozen=True)
class Plan:
    """A kind of case: how many schools, the latest grade, what is judged, what is missing."""

    count: int
    grades: tuple[str, ...]
    judged: dict[str, Any] | None = field(default_factory=dict)  # None: nobody has judged it
    standards: str = ""  # of the results; empty: chance decides
    missing: str = ""
    current: Any = ""  # the category it now has; empty: chance decides

    @property
    def needs_results(self) -> bool:
        return bool(self.standards)


GOOD, OUTSTANDING, IMPROVE, INADEQUATE = "good", "outstanding", "requires_improvement", "inadequate"
ANY = (OUTSTANDING, GOOD, GOOD, GOOD, IMPROVE, IMPROVE)
EXCELLENT = {
    "direction": "improving", "capacity": "good", "leadership": "strong_and_secure",
    "succession_planning_secure": True, "partnerships_strong": True, "supports_partner_schools": True,
}  # fmt: skip
STRONG = {"direction": "improving", "leadership": "strong", "develops_partnerships": True}
RISING = {"direction": "good_improvement", "capacity": "good", "works_with_partners": True}
LACKING = {"direction": "some_concerns", "capacity": "lacking", "support_required": "external"}
AT_RISK = {
    "direction": "increasing_concerns", "at_risk_of_ofsted_category": True, "high_risk_of_categorisation": True,
    "support_required": "external",
}  # fmt: skip

PLANS = (
    # category 1 and 2
    Plan(3, (OUTSTANDING,), EXCELLENT),
    Plan(2, (OUTSTANDING,), EXCELLENT | {"capacity": "sufficient"}),
    Plan(5, (GOOD,), STRONG | {"direction": "outstanding_improvement"}),
    Plan(6, (GOOD,), STRONG),
    Plan(4, (IMPROVE,), RISING),
    Plan(3, (OUTSTANDING,), {"direction": "some_concerns", "capacity": "good"}),
    # category 3 and 4
    Plan(5, (IMPROVE,)),
    Plan(2, (IMPROVE,), {"direction": "some_concerns"}),
    Plan(3, (GOOD,), {"direction": "concerns"}),
    Plan(2, (OUTSTANDING,), EXCELLENT | {"direction": "concerns"}),
    Plan(2, (GOOD,), {"direction": "increasing_concerns"}),
    Plan(4, (IMPROVE,), LACKING),
    Plan(4, (GOOD,), AT_RISK),
    Plan(3, (IMPROVE, GOOD), {"direction": "some_concerns", "effective_progress": False}, current="category_3"),
    # category 5: by its inspection, judged or not; by its results; by signs that persist
    Plan(4, (INADEQUATE,), None),
    Plan(
        4, (INADEQUATE,), {"progress_at_concern_meeting": False, "capacity": "lacking", "support_required": "external"}
    ),
    Plan(4, (GOOD, IMPROVE), {"direction": "concerns"}, standards="low"),
    Plan(4, (GOOD, IMPROVE), {"direction": "increasing_concerns", "persistent_decline": True}),
    # described by no category
    Plan(2, (GOOD,)),
    Plan(2, (GOOD,), STRONG | {"direction": "steady"}),
    Plan(2, (GOOD,), {"direction": "some_concerns"}),
    Plan(2, (OUTSTANDING,)),
    Plan(2, (IMPROVE,), LACKING | {"support_required": "more_than_light_touch"}),
    Plan(2, (), current=NONE),
    # undetermined: not judged, judged in part, results missing, inspections missing
    Plan(32, ANY, None),
    Plan(10, ANY, missing="judgements"),
    Plan(6, (GOOD, IMPROVE), standards="unknown"),
    Plan(6, ANY, missing="inspections"),
)


def evidence_text() -> str:
    """The whole text of evidence.jsonl."""
    chance = random.Random(SEED)
    names = [line for line in (FOLDER / "names.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    phases = [phase for phase, (count, _) in PHASES.items() for _ in range(count)]
    chance.shuffle(phases)
    lines = []
    for number, (phase, plan) in enumerate(zip(phases, _plans_for(phases, chance), strict=True)):
        school: dict[str, Any] = {"urn": str(FIRST_URN + number)}
        school["name"] = f"Wintersfield {names[number]} {PHASES[phase][1]}"
        school |= _school(phase, plan, chance)
        school |= _details(school, random.Random(SEED + number))
        lines.append(json.dumps(school) + "\n")
    return "".join(lines)


def _plans_for(phases: list[str], chance: random.Random) -> list[Plan]:
    """A plan for each school; those about results go to schools that have results."""
    plans = [plan for plan in PLANS for _ in range(plan.count)]
    chance.shuffle(plans)
    about_results = [plan for plan in plans if plan.needs_results]
    others = [plan for plan in plans if not plan.needs_results]
    places = [place for place, phase in enumerate(phases) if phase in WITH_RESULTS]
    chosen = set(chance.sample(places, len(about_results)))
    return [about_results.pop() if place in chosen else others.pop() for place in range(len(phases))]


def _school(phase: str, plan: Plan, chance: random.Random) -> dict[str, Any]:
    legal_type = chance.choice(LEGAL_TYPES.get(phase, MAINSTREAM))
    found: dict[str, Any] = {"phase": phase, "legal_type": legal_type if plan.grades else "free_school"}
    current = plan.current or chance.choice(
        (NONE, None, NOT_SUPPLIED, "category_1", "category_2", "category_2", "category_3", "category_4", "category_5")
    )
    if current is not None:
        found["current_category"] = current
    found["inspections"] = NOT_PUBLISHED if plan.missing == "inspections" else _inspections(plan, chance)
    if phase in WITH_RESULTS:
        standards = plan.standards or chance.choice(("sound", "sound", "sound", "mixed", "mixed", "falling", "small"))
        found["ks2"] = _results(standards, chance)
    found["attendance"] = _attendance(chance)
    if plan.judged is not None:
        found["judgements"] = _judgements(plan, chance)
    return found


def _details(school: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """What the triggers and the tiers read of a school, beside what decides its category."""
    for year, entry in school.get("ks2", {}).items():
        detail(entry, year > "2012-13", chance)
    for entry in school["attendance"].values():
        usual = 11 if school["phase"] == "secondary" else 5
        entry["persistent_absence"] = NOT_PUBLISHED if chance.randrange(12) == 0 else chance.randrange(1, usual)
    if isinstance(school["inspections"], list):
        for entry in school["inspections"]:
            entry["leadership_grade"] = chance.choice((entry["grade"], entry["grade"], GOOD, NONE, NOT_PUBLISHED))
            entry["safeguarding_effective"] = entry["grade"] != INADEQUATE or chance.randrange(2) == 0
    for name in FOR_TRIGGERS if "judgements" in school else ():
        made = next(iter(school["judgements"].values()))
        value: Any = chance.choice((*[False] * 14, True, NOT_SUPPLIED))
        by = {} if value == NOT_SUPPLIED else {key: made[key] for key in made if key != "value"}
        school["judgements"][name] = {"value": value} | by
    return further(school["phase"], school["legal_type"], chance)


def _inspections(plan: Plan, chance: random.Random) -> list[dict[str, Any]]:
    """Its inspections, the latest as the plan says; for a few also one that nobody knew of when it was decided."""
    if not plan.grades:
        return []
    latest = date(2012, 9, 10) + timedelta(days=chance.randrange(1100))
    earlier = [latest - timedelta(days=900 + chance.randrange(300)) for _ in range(chance.randrange(2))]
    found = [_inspection(day, chance.choice((OUTSTANDING, GOOD, IMPROVE, INADEQUATE)), chance) for day in earlier]
    found.append(_inspection(latest, chance.choice(plan.grades), chance))
    if chance.randrange(12) == 0:
        found.append(_inspection(date(2015, 10, 13), chance.choice((GOOD, IMPROVE)), chance))
        found[-1]["published"] = "2015-11-12"
    return found


def _inspection(day: date, grade: str, chance: random.Random) -> dict[str, Any]:
    concern: Any = "no_category"
    if grade == INADEQUATE:
        concern = chance.choice(("special_measures", "serious_weaknesses", NOT_PUBLISHED))
    published = min(day + timedelta(days=20 + chance.randrange(15)), DECIDED_ON - timedelta(days=1))
    return {"date": str(day), "published": str(published), "grade": grade, "category_of_concern": concern}


def _results(standards: str, chance: random.Random) -> dict[str, Any]:
    """Four years of results; the last was published after the day of the decisions."""
    pupils = chance.randrange(5, 10) if standards == "small" else chance.randrange(14, 61)
    level = {"sound": 76, "mixed": 69, "falling": 76, "low": 44, "unknown": 50, "small": 60}[standards]
    found = {}
    for place, (year, published) in enumerate(RESULTS_PUBLISHED.items()):
        entry: dict[str, Any] = {"published": published, "eligible_pupils": pupils + chance.randrange(-1, 2)}
        entry["rwm_level_4_plus"] = level + chance.randrange(3) - (4 * place if standards == "falling" else 0)
        least, most = {"sound": (97, 100), "mixed": (88, 99), "falling": (91, 97)}.get(standards, (70, 86))
        entry |= {name: chance.randrange(least, most + 1) for name in PROGRESS}
        if standards == "small":
            entry |= dict.fromkeys(("rwm_level_4_plus", *PROGRESS), SUPPRESSED)
        elif standards == "unknown":
            entry["rwm_level_4_plus"] = chance.choice((NOT_PUBLISHED, NOT_SUPPLIED))
        elif place == 0 and chance.randrange(6) == 0:
            entry["rwm_level_4_plus"] = NOT_PUBLISHED
        found[year] = entry
    return found


def _attendance(chance: random.Random) -> dict[str, Any]:
    """Attendance in tenths of a per cent, written as texts: exact, as no binary fraction would be."""
    usual = chance.randrange(941, 968)
    found: dict[str, Any] = {}
    for year, published in ATTENDANCE_PUBLISHED.items():
        tenths = usual + chance.randrange(-6, 7)
        overall: Any = f"{tenths // 10}.{tenths % 10}"
        if chance.randrange(15) == 0:
            overall = chance.choice((NOT_PUBLISHED, SUPPRESSED, NOT_SUPPLIED))
        found[year] = {"published": published, "overall": overall}
    return found


def _judgements(plan: Plan, chance: random.Random) -> dict[str, Any]:
    officer = f"Officer {chance.choice('ABCDEF')}"
    made = date(2015, 9, 14) + timedelta(days=chance.randrange(45))
    values = USUAL | (plan.judged or {})
    if plan.grades:
        values["complaints_show_lack_of_confidence"] = chance.randrange(8) == 0
        values["leadership_or_governance_weak"] = chance.randrange(6) == 0
    if chance.randrange(20) == 0:
        values["capability_procedures"] = True
    if plan.missing == "judgements":
        for name in PERSISTENT:
            values[name] = NOT_SUPPLIED
        for name in chance.sample(sorted(set(values) - set(PERSISTENT)), 6):
            del values[name]
    by = {"author": officer, "role": "officer", "date": str(made), "document": "risk assessment, autumn 2015"}
    return {name: {"value": value, **({} if value == NOT_SUPPLIED else by)} for name, value in values.items()}


if __name__ == "__main__":
    (FOLDER / "evidence.jsonl").write_text(evidence_text(), encoding="utf-8", newline="\n")
