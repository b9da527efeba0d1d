"""The decision written by hand in three truths: None where what is missing leaves it open.

Kleene's logic and no more: the class is the most serious that is known to hold, and None where a more serious one
still may. Whoever looks at all completions of what is missing may know more, and never anything else.
"""

from typing import Any, TypeAlias

Truth: TypeAlias = bool | None
Answer: TypeAlias = tuple[tuple[Truth, ...], int | None, Truth, int | None, str | None]


def every(*items: Truth) -> Truth:
    """Whether all hold."""
    found: Truth = True
    for item in items:
        if item is False:
            return False
        if item is None:
            found = None
    return found


def some(*items: Truth) -> Truth:
    """Whether one holds."""
    found: Truth = False
    for item in items:
        if item is True:
            return True
        if item is None:
            found = None
    return found


def under(one: Any, other: Any) -> Truth:
    """Whether one figure is under another."""
    return None if one is None or other is None else one < other


def same(one: Any, other: Any) -> Truth:
    """Whether a value is another, which is known."""
    return None if one is None else one == other


def among(one: Any, *others: Any) -> Truth:
    """Whether a value is one of others."""
    return None if one is None else one in others


def decide(record: dict[str, Any]) -> Answer:
    """As `two_valued.decide`, each answer None where it is open."""
    triggers = _triggers(record)
    category, review = _category(record, triggers)
    tier = _tier(record, triggers, category)
    return triggers, category, review, tier, _warning(tier, record["provider"])


def _triggers(record: dict[str, Any]) -> tuple[Truth, ...]:
    get = record.__getitem__
    ks2, before, floor = get("ks2"), get("ks2_prev1"), get("ks2_floor")
    below = every(
        under(ks2, floor),
        under(get("progress_reading"), get("progress_reading_median")),
        under(get("progress_maths"), get("progress_maths_median")),
    )
    national, balance = get("eyfs_gld_national"), get("budget_balance")
    return (
        below,
        every(below, under(before, floor)),
        every(under(ks2, before), under(before, get("ks2_prev2"))),
        some(under(5, get("ta_gap_reading")), under(5, get("ta_gap_maths"))),
        under(get("eyfs_gld"), None if national is None else national - 5),
        some(under(get("attendance"), 94), under(15, get("persistent_absence"))),
        under(0.1, get("exclusions")),
        under(25, get("turnover")),
        some(under(balance, -2), every(under(8, balance), below)),
        under(4, get("complaints")),
        every(under(2, get("leadership_grade")), same(get("governance"), "weaknesses")),
        get("safeguarding"),
    )


def _category(record: dict[str, Any], triggers: tuple[Truth, ...]) -> tuple[int | None, Truth]:
    get = record.__getitem__
    fewest = triggers.count(True)
    most = fewest + triggers.count(None)
    grade, capacity, decline = get("ofsted_grade"), get("capacity"), get("declining_outcomes")
    sustained = get("sustained_improvement")

    def at_least(count: int) -> Truth:
        return True if fewest >= count else None if most >= count else False

    led_badly = every(triggers[11], same(get("leadership_grade"), 4))
    holds = some(get("in_ofsted_category"), same(grade, 4), triggers[1], led_badly, at_least(6))
    if holds is not False:
        return _class_of(5, holds)
    requires, better = same(grade, 3), under(grade, 3)
    lacking, increasing = every(requires, same(capacity, "lacking")), every(better, same(decline, "increasing"))
    holds = some(lacking, increasing, at_least(3))
    if holds is not False:
        return _class_of(4, holds)
    holds = some(every(requires, same(capacity, "necessary")), every(better, same(decline, "concern")))
    if holds is not False:
        return _class_of(3, holds)
    good, outstanding = same(grade, 2), same(grade, 1)
    holds = some(
        every(requires, among(capacity, "strong", "good"), sustained),
        every(good, under(2, get("previous_ofsted_grade")), among(decline, "none_seen", "some")),
        every(outstanding, same(decline, "some")),
    )
    if holds is not False:
        return _class_of(2, holds)
    steady = same(decline, "none_seen")
    holds = some(every(outstanding, same(capacity, "strong"), steady), every(good, sustained, steady))
    return (3, True) if holds is False else _class_of(1, holds)


def _class_of(label: int, holds: Truth) -> tuple[int | None, Truth]:
    return (label, False) if holds else (None, None)


def _tier(record: dict[str, Any], triggers: tuple[Truth, ...], category: int | None) -> int | None:
    below, below_twice = triggers[:2]
    tiers = (
        (3, every(same(category, 5), below_twice)),
        (2, some(same(category, 5), every(same(category, 4), below))),
        (1, some(same(category, 4), below, every(same(category, 3), under(record["ks2_prev1"], record["ks2_floor"])))),
    )
    for label, holds in tiers:
        if holds:
            return label
        if holds is None:
            return None
    return 0


def _warning(tier: int | None, provider: str | None) -> str | None:
    if tier is None:
        return None
    if tier < 2:
        return "informal_letter" if tier else "no_letter"
    if provider is None:
        return None
    if provider == "sponsored_academy":
        return "letter_to_sponsor" if tier == 2 else "refer_to_rsc"
    if provider == "converter_academy":
        return "letter_to_trust" if tier == 2 else "refer_to_rsc"
    return "pre_warning_letter" if tier == 2 else "formal_warning_notice"
