"""A maintained school of concern, and the others of Section 5, under the shipped policy."""

from datetime import date
from typing import Any

import pytest
from tests.pathways.cases import case, school, states, track

from si_rules.pathways.as_json import as_text
from si_rules.pathways.as_text import written
from si_rules.pathways.timeline import page

BEGUN = "2015-09-10 identified"
INSUFFICIENT = "2015-10-08 concern_meeting progress=insufficient sustained=no"


def duty(found: Any, action: str) -> list[tuple[str, date | None, date | None]]:
    return [(item.status, item.due, item.breached_on) for item in found.duties if item.action == action]


def powers(found: Any) -> dict[str, str]:
    return {item.action: item.available for item in found.powers}


def test_a_notice_without_the_letter_before_it_is_a_departure_owned_as_interpretation() -> None:
    """The source does not forbid it: it is told, with the interpretation, and the case goes on."""
    found = track(
        case("2015-12-20", BEGUN, INSUFFICIENT, "2015-12-14 warning_notice extreme_circumstances=no"), "concern"
    )
    assert states(found) == ["under_notice"]
    (departure,) = found.departures
    assert (departure.sort, departure.event, departure.truth) == ("order", "warning_notice", "holds")
    assert "ESC-6" in departure.rests_on.interpretations


def test_extreme_circumstances_excuse_the_letter() -> None:
    """In extreme circumstances a notice without a letter is no departure."""
    found = track(
        case("2015-12-20", BEGUN, INSUFFICIENT, "2015-12-14 warning_notice extreme_circumstances=yes"), "concern"
    )
    assert found.departures == ()


def test_the_described_order_is_no_departure() -> None:
    """Letter, a further judgement of insufficient progress, notice: nothing is remarked."""
    found = track(
        case(
            "2016-05-01", BEGUN, "2015-10-08 concern_meeting progress=significantly_insufficient", "2015-10-20 warning_letter",
            "2016-01-14 concern_meeting progress=insufficient", "2016-01-20 warning_notice extreme_circumstances=no",
        ),
        "concern",
    )  # fmt: skip
    assert (states(found), found.departures) == (["under_notice"], ())


def test_whether_circumstances_were_extreme_is_asked_where_it_is_not_known() -> None:
    """A notice of which nobody says whether the circumstances were extreme is perhaps a departure."""
    found = track(case("2015-12-20", BEGUN, INSUFFICIENT, "2015-12-14 warning_notice"), "concern")
    assert [item.truth for item in found.departures] == ["undetermined"]


def test_a_board_before_any_notice_lacks_a_requirement() -> None:
    """An Interim Executive Board follows a Warning Notice; without one the requirement is lacking."""
    found = track(case("2015-12-20", BEGUN, "2015-11-02 timescales_missed", "2015-12-01 board_appointed"), "concern")
    assert [(item.sort, item.event) for item in found.departures] == [("requirement", "board_appointed")]


def test_a_school_in_special_measures_needs_no_notice_before_a_board() -> None:
    """Schools in an Ofsted category go by a paragraph of their own."""
    events = (BEGUN, "2015-10-01 category_given category=special_measures", "2015-11-02 timescales_missed")
    found = case("2015-12-20", *events, "2015-12-01 board_appointed")
    assert track(found, "concern").departures == ()
    assert states(track(found, "ofsted_category")) == ["special_measures"]


def test_no_meeting_for_two_terms_is_a_breach_of_each_by_the_authority() -> None:
    """Each term that begins while the school is of concern is due a meeting by its last day; the breach is of the day after."""
    found = track(case("2016-08-15", BEGUN), "concern")
    assert duty(found, "hold_concern_meeting") == [
        ("breached", date(2016, 3, 24), date(2016, 3, 25)),
        ("breached", date(2016, 7, 20), date(2016, 7, 21)),
    ]
    assert {item.bearer for item in found.duties if item.action == "hold_concern_meeting"} == {"authority"}


@pytest.mark.parametrize(
    ("given", "status", "breached"),
    [("2015-10-01", "met", None), ("2015-10-02", "late", date(2015, 10, 2)), (None, "breached", date(2015, 10, 2))],
)
def test_documents_are_due_seven_days_before_the_meeting(given: str | None, status: str, breached: date | None) -> None:
    """Exactly seven days before the meeting is in time, six is not, never is a breach by the school."""
    events = [BEGUN, INSUFFICIENT, *([f"{given} documents_provided"] if given else [])]
    found = track(case("2015-12-01", *events), "concern")
    assert duty(found, "give_access_to_documents") == [(status, date(2015, 10, 1), breached)]


@pytest.mark.parametrize(("uploaded", "status"), [("2015-10-15", "met"), ("2015-10-16", "late")])
def test_the_report_is_due_within_seven_days(uploaded: str, status: str) -> None:
    """The seventh day is in time, the eighth a breach of the administrative officer."""
    found = track(case("2015-12-01", BEGUN, INSUFFICIENT, f"{uploaded} meeting_report_uploaded"), "concern")
    assert [item[0] for item in duty(found, "upload_report")] == [status]
    assert {item.bearer for item in found.duties if item.action == "upload_report"} == {"administrative_officer"}


def test_suitable_progress_and_no_longer_of_concern_oblige_the_assistant_director() -> None:
    """Both together open the duty to write; one of them does not."""
    suitable = "2015-10-08 concern_meeting progress=suitable"
    alone = track(case("2015-12-01", BEGUN, suitable), "concern")
    assert duty(alone, "confirm_removal") == []
    both = track(case("2015-12-01", BEGUN, suitable, "2015-10-09 no_longer_of_concern"), "concern")
    assert [(i.bearer, i.status, i.opened) for i in both.duties if i.action == "confirm_removal"] == [
        ("assistant_director", "open", date(2015, 10, 9))
    ]
    done = track(
        case("2015-12-01", BEGUN, suitable, "2015-10-09 no_longer_of_concern", "2015-10-12 removal_confirmed"),
        "concern",
    )
    assert (states(done), done.departures) == (["removed"], ())


def test_the_budget_is_barred_only_once_the_secretary_of_state_has_appointed_governors() -> None:
    """Section 67: while it is only a power, delegation may be removed; once exercised it may not."""
    events = (BEGUN, INSUFFICIENT, "2015-11-02 timescales_missed")
    assert powers(track(case("2015-12-01", *events), "concern"))["remove_delegated_powers"] == "holds"
    barred = case("2015-12-01", *events, "2015-11-20 additional_governors_of_secretary")
    assert powers(track(barred, "concern"))["remove_delegated_powers"] == "does_not_hold"


def test_an_academy_has_a_duty_of_a_letter_and_never_a_notice() -> None:
    """A sustained lack of progress obliges the Authority to send the letter; no power or event of a notice is there."""
    academy = school(legal_type="academy_sponsored")
    events = ("2015-09-10 academy_concern_found", "2015-10-01 dialogue_held", "2015-11-10 sustained_lack_of_progress")
    found = case("2015-12-01", *events, evidence=academy)
    on_it = track(found, "academy_concern")
    assert [(i.bearer, i.modality, i.status) for i in on_it.duties if i.action == "issue_academy_warning_letter"] == [
        ("authority", "must", "open")
    ]
    assert not any("notice" in item.action for item in on_it.powers)
    assert track(found, "concern").applies == "does_not_hold"


def test_what_is_recorded_late_cures_and_both_days_stay_visible() -> None:
    """A report uploaded in time and recorded late: a breach as known before, met as known after, with the day of recording."""
    late = {"event": "meeting_report_uploaded", "date": "2015-10-14", "recorded": "2015-11-20"}
    events = (BEGUN, INSUFFICIENT, late)
    before = track(case("2015-12-01", *events, known_at="2015-11-01"), "concern")
    after = track(case("2015-12-01", *events), "concern")
    assert duty(before, "upload_report") == [("breached", date(2015, 10, 15), date(2015, 10, 16))]
    assert [(i.status, i.met_on, i.met_recorded) for i in after.duties if i.action == "upload_report"] == [
        ("met", date(2015, 10, 14), date(2015, 11, 20))
    ]


@pytest.mark.parametrize(
    "audience", [{"public"}, {"headteacher"}, {"governors"}, {"sponsor"}, {"teaching_school_alliance"}]
)
def test_capability_changes_no_byte_for_those_outside_its_circle(audience: set[str]) -> None:
    """With and without the confidential event, everything rendered for others is the same, to the byte."""
    events = (BEGUN, INSUFFICIENT)
    secret = "2015-11-03 capability_opened"
    found = [case("2015-12-01", *events, *more, audience=audience) for more in ((), (secret,))]
    assert as_text(found[0]) == as_text(found[1])
    assert written(found[0], {}, {}) == written(found[1], {}, {})
    assert page(found[0], {}, {}) == page(found[1], {}, {})
    inside = case("2015-12-01", *events, secret, audience={"vice_chair"})
    assert states(track(inside, "capability")) == ["under_procedure"]
