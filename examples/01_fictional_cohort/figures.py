"""Further figures of the fictional schools, for the triggers of concern and the tiers: all invented, by chance.

For each topic chance says whether a school is sound, weak or patchy, which is that figures are missing.
"""

import random
from typing import Any

NOT_SUPPLIED = {"absent": "not_supplied"}
NOT_PUBLISHED = {"absent": "not_published"}
SUPPRESSED = {"absent": "suppressed"}
NONE = {"none": True}

SORTS = ("sound",) * 6 + ("weak",) * 2 + ("patchy",)
EARLY_YEARS = ("nursery", "infant", "primary", "all_through")
KEY_STAGE_4 = ("secondary", "all_through")
ACADEMIES = ("academy_converter", "academy_sponsored", "academy_special", "free_school")

EARLY_YEARS_PUBLISHED = {"2013-14": "2014-10-16", "2014-15": "2015-10-13"}
KS4_PUBLISHED = {"2011-12": "2013-01-24", "2012-13": "2014-01-23", "2013-14": "2015-01-29", "2014-15": "2016-01-21"}
EXCLUSIONS_PUBLISHED = {"2012-13": "2014-07-31", "2013-14": "2015-07-30"}
RETURNS_PUBLISHED = {"2013-14": "2014-09-12", "2014-15": "2015-09-11"}  # of staff and accounts


def further(phase: str, legal_type: str, chance: random.Random) -> dict[str, Any]:
    """What is known of a school besides its inspections, key stage 2 and attendance."""
    found: dict[str, Any] = {}
    if phase in EARLY_YEARS:
        found["early_years"] = _early_years(chance)
    if phase in KEY_STAGE_4:
        found["ks4"] = _ks4(chance)
    found["exclusions"] = _exclusions(phase in KEY_STAGE_4, chance)
    found["staffing"] = _staffing(phase in KEY_STAGE_4, chance)
    if legal_type not in ACADEMIES:
        found["finance"] = _finance(phase in KEY_STAGE_4, chance)
    found["safeguarding_audits"] = _audits(chance)
    found["governance_reviews"] = [] if legal_type in ACADEMIES else _reviews(chance)
    return found


def detail(entry: dict[str, Any], recent: bool, chance: random.Random) -> None:
    """Add to a year of key stage 2 what is told of subjects and, where `recent`, of groups, value added and assessment."""
    combined = entry["rwm_level_4_plus"]
    small = combined == SUPPRESSED
    base = combined if isinstance(combined, int) else 76
    for name, more in (("reading", 9), ("writing", 7), ("mathematics", 8)):
        entry[f"{name}_level_4_plus"] = SUPPRESSED if small else _percent(base + more + chance.randrange(-3, 3))
    if recent:
        pupils = entry["eligible_pupils"]
        boys, poor = pupils // 2 + chance.randrange(-1, 2), max(0, pupils // 3 + chance.randrange(-3, 4))
        entry |= {"eligible_boys": boys, "eligible_girls": pupils - boys}
        entry |= {"eligible_disadvantaged": poor, "eligible_other": pupils - poor}
        entry |= _groups(base, small, chance.choice(SORTS), chance)
        entry |= _value_added(small, chance.choice(SORTS), chance)
        entry |= _assessment(entry, small, chance.choice(SORTS), chance)


def _groups(base: int, small: bool, sort: str, chance: random.Random) -> dict[str, Any]:
    if small:
        return dict.fromkeys(("boys_rwm", "girls_rwm", "disadvantaged_rwm", "other_rwm"), SUPPRESSED)
    of_boys, of_poor = (chance.randrange(1, 9), chance.randrange(4, 18))
    if sort == "weak":
        of_boys, of_poor = (chance.randrange(10, 26), chance.randrange(18, 32))
    found: dict[str, Any] = {
        "boys_rwm": _percent(base - of_boys // 2), "girls_rwm": _percent(base + of_boys - of_boys // 2),
        "disadvantaged_rwm": _percent(base - of_poor // 2), "other_rwm": _percent(base + of_poor - of_poor // 2),
    }  # fmt: skip
    if sort == "patchy":
        found["disadvantaged_rwm"] = chance.choice((NOT_PUBLISHED, SUPPRESSED))
    return found


def _value_added(small: bool, sort: str, chance: random.Random) -> dict[str, Any]:
    names = [f"{name}_value_added_upper" for name in ("reading", "writing", "mathematics")]
    if small:
        return dict.fromkeys(names, SUPPRESSED)
    least, most = (984, 1004) if sort == "weak" else (996, 1030)
    found: dict[str, Any] = {name: _tenths(chance.randrange(least, most)) for name in names}
    if sort == "patchy":
        found[chance.choice(names)] = NOT_PUBLISHED
    return found


def _assessment(entry: dict[str, Any], small: bool, sort: str, chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("reading", "mathematics"):
        tested = entry[f"{name}_level_4_plus"]
        apart = chance.choice((1, 1, -1)) * chance.randrange(7, 15) if sort == "weak" else chance.randrange(-2, 6)
        missing = small or sort == "patchy"
        found[f"{name}_test"] = tested
        found[f"{name}_teacher_assessment"] = NOT_SUPPLIED if missing else _percent(tested + apart)
    return found


def _early_years(chance: random.Random) -> dict[str, Any]:
    sort = chance.choice(SORTS)
    level = chance.randrange(44, 58) if sort == "weak" else chance.randrange(60, 80)
    found: dict[str, Any] = {}
    for year, published in EARLY_YEARS_PUBLISHED.items():
        good: Any = NOT_SUPPLIED if sort == "patchy" else _percent(level + chance.randrange(-3, 4))
        found[year] = {"published": published, "pupils": chance.randrange(8, 61), "good_level_of_development": good}
    return found


def _ks4(chance: random.Random) -> dict[str, Any]:
    sort = chance.choice(("sound", "sound", "weak", "falling", "patchy"))
    level = {"sound": 60, "weak": 41, "falling": 56, "patchy": 58}[sort] + chance.randrange(6)
    found: dict[str, Any] = {}
    for place, (year, published) in enumerate(KS4_PUBLISHED.items()):
        low = sort in ("weak", "falling")
        entry: dict[str, Any] = {"published": published, "pupils": chance.randrange(90, 221)}
        entry["five_good_gcses"] = level + chance.randrange(-2, 3) - (6 * place if sort == "falling" else 0)
        entry["english_expected_progress"] = chance.randrange(60, 74) if low else chance.randrange(75, 84)
        entry["mathematics_expected_progress"] = chance.randrange(52, 67) if low else chance.randrange(68, 79)
        entry["value_added_upper"] = chance.randrange(975, 1000) if low else chance.randrange(1002, 1025)
        if sort == "patchy":
            entry |= dict.fromkeys(("five_good_gcses", "value_added_upper"), NOT_PUBLISHED)
        found[year] = entry
    return found


def _exclusions(older: bool, chance: random.Random) -> dict[str, Any]:
    sort = chance.choice(SORTS)
    usual = 65 if older else 9  # tenths, to a hundred pupils
    found: dict[str, Any] = {}
    for year, published in EXCLUSIONS_PUBLISHED.items():
        tenths = usual * chance.randrange(18, 30) // 10 if sort == "weak" else usual * chance.randrange(3, 14) // 10
        entry: dict[str, Any] = {"published": published, "permanent": chance.randrange(5 if sort == "weak" else 2)}
        entry["fixed_period_rate"] = NOT_PUBLISHED if sort == "patchy" else _tenths(tenths)
        found[year] = entry
    return found


def _staffing(older: bool, chance: random.Random) -> dict[str, Any]:
    sort = chance.choice(SORTS)
    teachers = chance.randrange(35, 90) if older else chance.randrange(5, 28)
    found: dict[str, Any] = {}
    for year, published in RETURNS_PUBLISHED.items():
        share = chance.randrange(28, 45) if sort == "weak" else chance.randrange(4, 26)
        left: Any = NOT_SUPPLIED if sort == "patchy" else teachers * share // 100
        found[year] = {"published": published, "teachers": teachers, "teachers_left": left}
    return found


def _finance(older: bool, chance: random.Random) -> dict[str, Any]:
    sort = chance.choice(("sound", "sound", "sound", "surplus", "surplus", "deficit", "patchy"))
    share = (chance.randrange(3200, 5200) if older else chance.randrange(500, 1600)) * 1000
    found: dict[str, Any] = {}
    for year, published in RETURNS_PUBLISHED.items():
        low, high = {"deficit": (-40, 4), "surplus": (70, 130)}.get(sort, (5, 45))  # in thousandths of the share
        balance: Any = NOT_SUPPLIED if sort == "patchy" else share // 1000 * chance.randrange(low, high)
        found[year] = {"published": published, "balance": balance, "budget_share": share}
    return found


def _audits(chance: random.Random) -> Any:
    sort = chance.choice(SORTS)
    if sort == "patchy":
        return NOT_SUPPLIED
    result = chance.choice(("partly_met", "partly_met", "not_met")) if sort == "weak" else "met"
    return [{"date": f"2015-0{chance.randrange(1, 8)}-1{chance.randrange(10)}", "result": result}]


def _reviews(chance: random.Random) -> Any:
    sort = chance.choice(SORTS)
    if sort == "patchy":
        return NOT_SUPPLIED
    result = (
        chance.choice(("weaknesses", "weaknesses", "ineffective"))
        if sort == "weak"
        else chance.choice(("strong", "sound"))
    )
    return [{"date": f"2015-0{chance.randrange(1, 8)}-2{chance.randrange(9)}", "result": result}]


def _percent(number: int) -> int:
    return min(100, max(0, number))


def _tenths(number: int) -> str:
    return f"{number // 10}.{number % 10}"
