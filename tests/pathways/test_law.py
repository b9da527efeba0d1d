"""The law of intervention: warning notices, their periods, and the powers of the Secretary of State."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.pathways.cases import case, school, states, track

LAW = "england.intervention"
IN_CATEGORY = "2015-09-10 category_given"


def law(on: str, *events: Any, **fields: Any) -> Any:
    return track(case(on, *events, evidence=school(**fields), policy=LAW), "intervention")


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ("2015-10-01", date(2015, 10, 22)),
        ("2015-11-30", date(2015, 12, 21)),
        ("2015-12-14", date(2016, 1, 7)),
        ("2016-03-14", date(2016, 4, 6)),
    ],
)
def test_the_initial_period_of_a_notice_ends_with_the_fifteenth_working_day(given: str, ends: date) -> None:
    """On its last day the school may still comply; from the day after, the period is over."""
    notice = f"{given} warning_notice"
    assert states(law(str(ends), notice)) == ["notice_given"]
    assert states(law(str(ends + timedelta(days=1)), notice)) == ["compliance_over"]


def test_representations_stop_the_period_and_confirmation_begins_a_new_one() -> None:
    """Fifteen working days run again after the Chief Inspector has confirmed the notice."""
    events = ("2015-10-01 warning_notice", "2015-10-20 representations")
    assert states(law("2015-12-01", *events)) == ["represented"]
    confirmed = (*events, "2015-11-30 notice_confirmed")
    assert states(law("2015-12-21", *confirmed)) == ["confirmed"]
    assert states(law("2015-12-22", *confirmed)) == ["compliance_over"]
    assert states(law("2015-12-22", *events, "2015-11-30 notice_not_confirmed")) == ["not_eligible"]


def test_eligible_only_after_notice_of_the_intention() -> None:
    """The powers follow the end of the period and reasonable notice in writing that they will be used."""
    found = law("2015-11-10", "2015-10-01 warning_notice", "2015-11-01 intention_notified")
    assert states(found) == ["eligible"]


def consultees(**fields: Any) -> set[str]:
    """What the power to appoint governors still lacks, by its words."""
    found = law("2015-12-01", IN_CATEGORY, **fields)
    (power,) = [item for item in found.powers if item.action == "appoint_additional_governors"]
    return {item.words.split(" ")[0] for item in power.requirements if item.truth == "does_not_hold"}


BASE = {"local_authority_consulted", "governing_body_consulted"}


def test_whom_the_secretary_of_state_consults_goes_by_type_and_religious_character() -> None:
    """Church of England or Roman Catholic: the diocese; any other voluntary or foundation school: who appoints; community: neither."""
    church = consultees(legal_type="voluntary_aided", religious_character="church_of_england", has_foundation=True)
    secular = consultees(legal_type="foundation", religious_character={"none": True}, has_foundation=True)
    community = consultees(legal_type="community", religious_character={"none": True}, has_foundation=False)
    assert (church, secular, community) == (
        BASE | {"diocesan_authority_consulted"},
        BASE | {"appointing_body_consulted"},
        BASE,
    )


def test_an_appointment_without_consultation_lacks_a_requirement() -> None:
    """What was done without those who must be consulted is told, each with its paragraph."""
    found = law(
        "2015-12-01", IN_CATEGORY, "2015-10-01 secretary_appointed_governors", religious_character={"none": True}
    )
    assert [item.sort for item in found.departures] == ["requirement", "requirement"]


def test_the_budget_may_not_be_suspended_once_the_secretary_of_state_has_appointed() -> None:
    """Section 67(6): the power is barred once section 67 has been exercised, and not before."""
    events = ("2015-09-20 local_authority_consulted", "2015-09-20 governing_body_consulted")
    before = {p.action: p.available for p in law("2015-12-01", IN_CATEGORY, *events).powers}
    after = law("2015-12-01", IN_CATEGORY, *events, "2015-10-01 secretary_appointed_governors")
    assert (before["suspend_budget"], {p.action: p.available for p in after.powers}["suspend_budget"]) == (
        "holds",
        "does_not_hold",
    )


def test_no_consultation_for_a_board_that_the_authority_has_consulted_on_already() -> None:
    """Section 69(3): the duty to consult falls away where the Local Authority has done so."""
    events = (IN_CATEGORY, "2015-09-20 consent_to_board", "2015-09-21 authority_appointed_board")
    powers = {p.action: p.available for p in law("2015-12-01", *events, religious_character={"none": True}).powers}
    assert powers["appoint_interim_board"] == "holds"


def test_from_18_april_2016_an_order_is_a_duty_for_a_school_in_a_category() -> None:
    """On each side of the change its own law: a power before, a duty since."""
    before = law("2016-04-17", IN_CATEGORY)
    after = law("2016-04-18", "2016-04-18 category_given")
    assert not [d for d in before.duties if d.action == "make_academy_order"]
    assert [(d.bearer, d.modality) for d in after.duties if d.action == "make_academy_order"] == [
        ("secretary_of_state", "must")
    ]


def test_a_notice_given_before_the_change_goes_on_by_the_old_periods() -> None:
    """Its fifteen working days run across 18 April 2016; a notice given after has the period that it states."""
    old = "2016-04-11 warning_notice"
    assert states(law("2016-05-03", old)) == ["notice_given"]
    assert states(law("2016-05-04", old)) == ["compliance_over"]
    assert states(law("2016-05-04", old, "2016-04-25 representations")) == ["represented"]
    new = law("2016-06-30", "2016-04-18 warning_notice")
    assert states(new) == ["notice_period"]
    assert states(law("2016-06-30", "2016-04-18 warning_notice", "2016-05-10 compliance_period_ended")) == [
        "compliance_over"
    ]


def test_a_day_that_no_calendar_covers_is_never_guessed() -> None:
    """Beyond the holidays that are known a period has no end that is told."""
    found = law("2019-12-20", "2019-12-10 warning_notice")
    assert states(found) == ["notice_period"]
