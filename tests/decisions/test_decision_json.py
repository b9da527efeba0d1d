"""The published form of a decision: names, order, and bytes."""

import json
from datetime import date
from pathlib import Path

import pytest

from si_rules import Decision, PolicyLibrary, SchoolEvidence
from si_rules.policy import Policy

AUTUMN = date(2015, 11, 4)
CONCERN = {
    "urn": "990001",
    "name": "Fictional Road Infant School",
    "phase": "infant",
    "legal_type": "community",
    "current_category": {"none": True},
    "inspections": [
        {"date": "2014-03-12", "grade": "requires_improvement", "category_of_concern": "no_category"},
        {"date": "2016-02-01", "grade": "good"},
    ],
    "judgements": {
        "capacity": {"value": "lacking", "author": "A. Officer", "role": "officer", "date": "2015-10-01"},
        "support_required": {"value": "external"},
        "persistent_decline": {"value": False},
        "persistent_poor_behaviour": {"value": "no"},
        "persistent_ineffective_leadership": {"value": False},
    },
}
ORDER = [
    "format", "language", "policy", "vocabulary", "subject", "on", "known_at", "audience", "cohort",
    "evidence_digest", "classifications", "triggers", "consequences", "possible_consequences", "needs",
    "near_misses", "rests_on", "ignored_evidence", "values", "explanation",
]  # fmt: skip


@pytest.fixture(scope="module")
def policy() -> Policy:
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=AUTUMN)


@pytest.fixture(scope="module")
def decision(policy: Policy) -> Decision:
    return policy.decide(SchoolEvidence.model_validate(CONCERN), on=AUTUMN)


def test_the_keys_stand_in_the_published_order(decision: Decision) -> None:
    """The top keys and those of every part are the published ones, in their order."""
    document = json.loads(decision.to_json())
    assert list(document) == ORDER
    assert document["format"] == "si-rules/decision/1"
    assert list(document["policy"]) == ["id", "edition", "digest", "in_force", "as_if"]
    category = document["classifications"]["category"]
    assert list(category) == ["status", "outcome", "rank", "title", "possible", "exact", "because", "settled_by"]
    assert list(document["triggers"][0]) == ["id", "status", "title", "cites"]
    wanted = ["modality", "bearer", "action", "title", "when", "audience", "rule", "cites"]
    assert list(document["consequences"][0]) == wanted
    assert list(document["possible_consequences"][0]) == [*wanted, "hangs_on", "matters"]


def test_a_determined_outcome_says_why(decision: Decision) -> None:
    """Category 4 of rank 4 because of clause 4a, resting on the interpretations it read."""
    category = decision.classifications["category"]
    assert (category.status, category.outcome, category.rank) == ("determined", "4", 4)
    assert category.because == ("category.4a",)
    assert category.settled_by is None
    assert {"CAT-R2", "CAT-CAP"} <= set(decision.rests_on)


def test_what_follows_names_bearer_modality_time_and_place(decision: Decision) -> None:
    """A duty of class 4 is written whole."""
    document = json.loads(decision.to_json())
    meeting = next(c for c in document["consequences"] if c["action"] == "arrange_school_of_concern_meeting")
    assert meeting["modality"] == "will"
    assert meeting["bearer"] == "authority"
    assert meeting["when"] == "every term"
    assert meeting["rule"] == "category.4"
    assert meeting["cites"] == [{"source": "SIS", "place": "6 Category 4, Local Authority Intervention"}]


def test_a_power_that_hangs_on_a_judgement_is_possible_and_says_on_what(decision: Decision) -> None:
    """The letter may follow in category 4, where the meeting finds no progress: the engine makes no act of it."""
    letters = [c for c in decision.possible_consequences if c.action == "issue_pre_warning_letter"]
    assert [(c.modality, c.hangs_on) for c in letters] == [("may", (("category", ("4",)),))]


def test_a_near_miss_is_one_leaf_away(decision: Decision) -> None:
    """Special measures, known not to be so, would make it category 5."""
    assert ("5", "category.5a.category_of_concern") in [(n.outcome, n.short_of) for n in decision.near_misses]


def test_the_same_inputs_give_the_same_bytes(policy: Policy, decision: Decision) -> None:
    """Another order of the evidence and another load of the policy change no byte."""
    shuffled = dict(reversed(list(CONCERN.items())))
    shuffled["inspections"] = list(reversed(CONCERN["inspections"]))  # type: ignore[call-overload]
    shuffled["judgements"] = dict(reversed(list(CONCERN["judgements"].items())))  # type: ignore[attr-defined]
    again = PolicyLibrary.bundled().edition(policy.id, policy.edition)
    other = again.decide(SchoolEvidence.model_validate(shuffled), on=AUTUMN)
    assert other.to_json(explain=True) == decision.to_json(explain=True)
    assert other == decision


def test_the_explanation_holds_every_rule_with_its_evidence(decision: Decision) -> None:
    """Under --explain every clause and trigger is there with truth, citation and the evidence it met."""
    document = json.loads(decision.to_json(explain=True))
    found: dict[str, dict] = {}  # type: ignore[type-arg]

    def walk(step: dict) -> None:  # type: ignore[type-arg]
        found[step["rule"] or step["text"]] = step
        for item in step["items"]:
            walk(item)

    walk(document["explanation"])
    clause = found["category.4a"]
    assert clause["truth"] == "holds"
    grade = clause["items"][0]["evidence"][0]
    assert (grade["path"], grade["value"]) == ("inspections.latest.grade", "requires improvement")
    assert grade["provenance"] == "an inspection by Ofsted, 2014-03-12"
    for name in ("category.5a", "category.1b", "low_progress", "complaints"):
        assert found[name]["cites"], name


def test_evidence_of_later_is_listed_and_not_used(decision: Decision) -> None:
    """The inspection of 2016 is ignored on 4 November 2015 and listed with the reason."""
    assert [(item.path, item.reason) for item in decision.ignored_evidence] == [
        ("inspections.2016-02-01", "dated 2016-02-01, after the decision's date 2015-11-04")
    ]


def test_outside_its_period_a_policy_decides_only_as_if(policy: Policy) -> None:
    """A decision outside the in-force period is refused, or says that it is as if."""
    evidence = SchoolEvidence.model_validate(CONCERN)
    with pytest.raises(LookupError, match="in force from 2015-09-01 to 2016-08-31"):
        policy.decide(evidence, on=date(2018, 1, 1))
    decision = policy.decide(evidence, on=date(2018, 1, 1), as_if=True)
    assert json.loads(decision.to_json())["policy"]["as_if"] is True


def test_the_text_is_what_was_approved(decision: Decision) -> None:
    """The text for people is the approved one, word for word."""
    approved = Path(__file__).parent / "school_of_concern.txt"
    assert decision.for_audience({"public"}).to_text() == approved.read_text(encoding="utf-8")


def test_a_judgement_nobody_declared_is_told_to_those_who_may_see_everything(policy: Policy) -> None:
    """A misspelt judgement is listed in the full decision and in no view of it."""
    evidence = SchoolEvidence.model_validate({"urn": "990001", "judgements": {"capcity": {"value": "good"}}})
    decision = policy.decide(evidence, on=AUTUMN)
    assert [item.path for item in decision.ignored_evidence] == ["judgements.capcity"]
    assert decision.for_audience({"public"}).ignored_evidence == ()


def test_an_audience_that_is_not_declared_is_refused(decision: Decision) -> None:
    """A view is only made for roles of the vocabulary, and never for more than the decision was made for."""
    with pytest.raises(ValueError, match="there is no audience 'parents'"):
        decision.for_audience({"parents"})
    with pytest.raises(ValueError, match="made for public"):
        decision.for_audience({"public"}).for_audience({"chair"})


def test_a_confidential_judgement_changes_no_byte_of_the_public_decision(policy: Policy) -> None:
    """The headteacher's capability reaches chair, vice chair and officers only; nothing else tells of it."""
    plain = SchoolEvidence.model_validate(CONCERN)
    judged = {**CONCERN["judgements"], "capability_procedures": {"value": True, "author": "HR"}}  # type: ignore[dict-item]
    confidential = SchoolEvidence.model_validate({**CONCERN, "judgements": judged})
    one, two = (policy.decide(e, on=AUTUMN) for e in (plain, confidential))
    for roles in ({"public"}, {"headteacher"}, {"governors", "sponsor"}):
        views = [d.for_audience(roles) for d in (one, two)]
        assert views[0].to_json(explain=True) == views[1].to_json(explain=True)
        assert views[0].to_text(explain=True) == views[1].to_text(explain=True)
    chair = two.for_audience({"chair"})
    assert "prepare_separate_documentation" in [c.action for c in chair.consequences]
    assert one.for_audience({"chair"}).to_json() != chair.to_json()
