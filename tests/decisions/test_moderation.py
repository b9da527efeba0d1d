"""Moderation: a reasoned record beside the engine's outcome, held against the decision it is about."""

import json
from datetime import date
from typing import Any

import pytest

from si_rules import Decision, PolicyLibrary, SchoolEvidence
from si_rules.decisions.moderation import Moderation, Moderations, not_about_anybody, stand
from si_rules.decisions.moderation_reading import SHEET, read_moderations
from si_rules.policy import Policy
from si_rules.source.spreadsheets import guarded, unguarded

ON = date(2015, 11, 4)
SCHOOL = {
    "urn": "990001",
    "phase": "infant",
    "inspections": [{"date": "2014-03-12", "grade": "inadequate", "category_of_concern": "special_measures"}],
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)


@pytest.fixture(scope="module")
def decision(policy: Policy) -> Decision:
    return policy.decide(SchoolEvidence.model_validate(SCHOOL), on=ON)


def record(about: Decision, /, **changes: Any) -> dict[str, Any]:
    """A sound moderation of the category, from 5 to 4."""
    return {
        "id": "M-1",
        "subject": "990001",
        "classification": "category",
        "decision": about.for_audience({"public"}).digest_of("category"),
        "audience": "public",
        "engine_outcome": "5",
        "moderated_outcome": "4",
        "reason": "The monitoring visit of October found effective action.",
        "author": "A. Officer",
        "role": "head of service",
        "date": "2015-11-20",
        "document": "minutes of the moderation meeting",
    } | changes


def moderations(policy: Policy, *records: dict[str, Any]) -> tuple[Moderations, list[str]]:
    read = read_moderations("\n".join(map(json.dumps, records)))
    standing, refused = stand(read.records, policy.core)
    return standing, [str(item) for item in (*read.refused, *refused)]


def faults(policy: Policy, decision: Decision, *records: dict[str, Any]) -> list[str]:
    """All that is wrong with some records about a decision."""
    standing, refused = moderations(policy, *records)
    return [*refused, *map(str, standing.of(decision)[1])]


def test_a_moderation_stands_beside_the_outcome(policy: Policy, decision: Decision) -> None:
    """It is found by its classification; the decision is what it was."""
    before = decision.to_json()
    standing, refused = moderations(policy, record(decision))
    found, others = standing.of(decision)
    assert (refused, others) == ([], [])
    assert found["category"].record.moderated_outcome == "4"
    assert decision.classifications["category"].outcome == "5"
    assert decision.to_json() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"moderated_outcome": "6"}, "field moderated_outcome: '6' is no class of category; there is 5, 4, 3, 2, 1"),
        ({"moderated_outcome": "unmatched"}, "field moderated_outcome: 'unmatched' is no class of category"),
        ({"classification": "categry"}, "field classification: 'categry' is no classification; did you mean category?"),
        ({"reason": "  "}, "field reason: a moderation gives its reason"),
        ({"reason": "x" * 5000}, "field reason: a reason has at most 4,000 characters"),
        ({"engine_outcome": "4"}, "field engine_outcome: the decision now says 5, not 4; moderate it anew"),
        ({"decision": "sha256:" + "0" * 64}, "field decision: the decision it moderates was another one"),
        ({"decision": "5"}, "field decision: '5' is not a text that can stand here"),
        ({"date": "2015-11-03"}, "field date: 2015-11-03 is before the day of the decision, 2015-11-04"),
        ({"date": "20 November"}, "field date: 20 November is not a date such as 2015-11-04"),
        ({"audience": "oficers"}, "field audience: 'oficers' is no audience; did you mean officers?"),
        ({"shown_to": ["parents"]}, "field shown_to: 'parents' is no audience"),
        ({"supersedes": "M-0"}, "field supersedes: there is no moderation 'M-0' that could be used"),
        ({"supersedes": "M-1"}, "field supersedes: there is no moderation 'M-1' that could be used"),
        ({"outcome": "4"}, "field outcome: is not a field of a moderation"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(
    policy: Policy, decision: Decision, changes: dict[str, Any], words: str
) -> None:
    """Each fault is refused with place, subject and field, and the moderation does not stand."""
    (fault,) = faults(policy, decision, record(decision, **changes))
    assert fault.startswith("line 1 (")
    assert words in fault
    standing, _ = moderations(policy, record(decision, **changes))
    assert standing.of(decision)[0] == {}


def test_evidence_that_came_later_makes_it_another_decision(policy: Policy, decision: Decision) -> None:
    """A moderation of a decision does not carry over to one on other evidence, though the outcome be the same."""
    more = SCHOOL | {"judgements": {"persistent_decline": {"value": "yes", "date": "2015-10-01"}}}
    later = policy.decide(SchoolEvidence.model_validate(more), on=ON)
    assert later.classifications["category"].outcome == "5"
    assert faults(policy, decision, record(decision)) == []
    (fault,) = faults(policy, later, record(decision))
    assert "was another one: its evidence, dates or policy have changed since" in fault


def test_of_two_that_moderate_the_same_neither_stands(policy: Policy, decision: Decision) -> None:
    """Without one superseding the other both are refused, wherever they stand."""
    both = record(decision), record(decision, id="M-2", moderated_outcome="3")
    for records in (both, both[::-1]):
        standing, refused = moderations(policy, *records)
        assert standing.of(decision) == ({}, [])
        assert len(refused) == 2
        assert all("neither supersedes the other; none is used" in fault for fault in refused)


def test_a_later_one_supersedes_and_the_earlier_is_kept(policy: Policy, decision: Decision) -> None:
    """Of a chain the last stands, with those before it, the oldest first, in whatever order they are read."""
    first = record(decision, decision="sha256:" + "1" * 64, engine_outcome="undetermined")
    second = record(decision, id="M-2", supersedes="M-1", moderated_outcome="3", date="2015-11-21")
    third = record(decision, id="M-3", supersedes="M-2", moderated_outcome="4", date="2015-12-01")
    for records in ((first, second, third), (third, first, second), (second, third, first)):
        standing, refused = moderations(policy, *records)
        found, others = standing.of(decision)
        assert refused == others == []
        assert found["category"].record.id == "M-3"
        assert [item.id for item in found["category"].superseded] == ["M-1", "M-2"]


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([{"id": "M-1", "supersedes": "M-2"}, {"id": "M-2", "supersedes": "M-1"}], "no moderation 'M-2' that could be used"),
        ([{"id": "M-1", "date": "2015-12-01"}, {"id": "M-2", "supersedes": "M-1"}], "'M-1' was made later, on 2015-12-01"),
        ([{"id": "M-1", "subject": "990002"}, {"id": "M-2", "supersedes": "M-1"}], "'M-1' moderates category of 990002, not the same"),
        ([{"id": "M-1"}, {"id": "M-2", "supersedes": "M-1"}, {"id": "M-3", "supersedes": "M-1"}], "moderated by 'M-3' as well"),
        ([{"id": "M-1", "reason": ""}, {"id": "M-2", "supersedes": "M-1"}], "no moderation 'M-1' that could be used"),
    ],
    ids=["in a circle", "backwards in time", "of another school", "one twice", "what was refused"],
)  # fmt: skip
def test_supersession_is_one_line_forward_in_time(
    policy: Policy, decision: Decision, records: list[dict[str, Any]], words: str
) -> None:
    """What supersedes in a circle, backwards, something else or something refused is refused itself."""
    found = faults(policy, decision, *(record(decision, **changes) for changes in records))
    assert any(words in fault for fault in found), found


def test_a_long_chain_and_a_large_file_are_read_in_time(policy: Policy, decision: Decision) -> None:
    """A chain of ten thousand moderations has one that stands."""
    chain = [record(decision, id=f"M-{n}", supersedes=f"M-{n - 1}" if n else None) for n in range(10_000)]
    standing, refused = moderations(policy, *reversed(chain))
    assert refused == []
    assert len(standing.of(decision)[0]["category"].superseded) == 9_999


def test_a_moderation_of_nobody_is_told(policy: Policy, decision: Decision) -> None:
    """A subject that was not decided about is refused, with the nearest id."""
    standing, _ = moderations(policy, record(decision, subject="990010"))
    (fault,) = not_about_anybody(standing, ["990001", "990002"])
    assert str(fault).startswith("line 1 (990010), field subject: nobody of this id was decided about; did you mean")


def test_the_view_that_was_moderated_is_the_one_compared(policy: Policy, decision: Decision) -> None:
    """A moderation names the roles whose decision was moderated: the digest for others is another one."""
    officers = decision.for_audience({"officers"}).digest_of("category")
    assert officers != decision.for_audience({"public"}).digest_of("category")
    assert faults(policy, decision, record(decision, audience=["officers"], decision=officers)) == []
    (fault,) = faults(policy, decision, record(decision, audience=["public"], decision=officers))
    assert "was another one" in fault


def test_reason_and_names_may_be_kept_to_some(policy: Policy, decision: Decision) -> None:
    """`shown_to` names who may see more than the outcome; without it everybody may."""
    standing, _ = moderations(policy, record(decision, shown_to="headteacher, officers"))
    kept = standing.of(decision)[0]["category"]
    assert kept.record.shown_to == ("headteacher", "officers")
    assert [kept.told_to({role}) for role in ("officers", "chair", "public")] == [True, False, False]
    standing, _ = moderations(policy, record(decision))
    assert standing.of(decision)[0]["category"].told_to({"public"})


# ---- sheets


def sheet(*rows: dict[str, Any], delimiter: str = ",", heads: tuple[str, ...] = SHEET) -> str:
    lines = [list(heads)] + [[str(row.get(name, "")) for name in heads] for row in rows]
    return "\r\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_says_the_same_as_lines_of_json(decision: Decision, delimiter: str) -> None:
    """A CSV in any of its forms, also with line breaks in the reason, gives the records of JSON Lines."""
    row = record(decision, reason='He said "not yet";\nthen, in October, =better.', shown_to="officers")
    from_sheet = read_moderations(sheet(row, delimiter=delimiter).replace("\n", "\r\n"))
    assert not from_sheet.refused
    (found,) = [item for _, item in from_sheet.records]
    assert found == Moderation.model_validate(row | {"reason": row["reason"].replace("\n", "\r\n")})


def test_a_sheet_is_read_row_by_row(decision: Decision) -> None:
    """A row that is wrong is refused with its line and field; rows without an outcome are counted; the good ones stay."""
    rows = [
        record(decision, id="a"), record(decision, id="b", moderated_outcome=""), record(decision, id="c", reason=""),
        record(decision, id="a", subject="990002"), record(decision, id="d", date="4/11/2015"), record(decision, id="e"),
    ]  # fmt: skip
    read = read_moderations(sheet(*rows))
    assert [(place, item.id) for place, item in read.records] == [("line 2", "a"), ("line 7", "e")]
    assert read.empty == 1
    assert [str(item) for item in read.refused] == [
        "line 4 (990001), field reason: a moderation gives its reason",
        "line 5 (990002), field id: this id stands in an earlier row",
        "line 6 (990001), field date: 4/11/2015 is not a date such as 2015-11-04",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("id,subject\n1,2\n", "there is no column classification"),
        (sheet({"id": "a"}, heads=(*SHEET[:-1], "shown_too")), "field shown_too: there is no column of this name; did you mean shown_to?"),
        ('{"id": 1', "the file: not JSON"),
        ('{"id": 1}\n{"id"}', "line 2: not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('"' * 9, "line 1: not CSV"),
        (b"\xff\xfe\x00", "the header is not UTF-8"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_told_in_a_sentence(text: str | bytes, words: str) -> None:
    """What cannot be read at all is one refusal, never an exception."""
    read = read_moderations(text)
    assert not read.records
    assert any(words in str(item) for item in read.refused), read.refused


# ---- cells


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-1", "@x", " =1", "\t=1", "\r=1", "＝1", "'=1", "''", "\x00=1", "\u2028@a"]
)
def test_a_spreadsheet_does_not_carry_out_a_cell(text: str) -> None:
    """What would be a formula begins with an apostrophe, and comes back as it was."""
    cell = guarded(text)
    assert cell.startswith("'")
    assert "\n" not in cell
    assert "\r" not in cell
    assert unguarded(cell).split() == text.replace("\x00", " ").split()


def test_a_cell_inside_a_cell_is_no_formula_either() -> None:
    """Where a program splits at semicolons, what comes after one does not begin with a sign of a formula."""
    assert guarded("Wintersfield; =HYPERLINK(1)") == "Wintersfield; '=HYPERLINK(1)"


@pytest.mark.parametrize("text", ["", "Wintersfield School", "St Mary's, Wintersfield", "a=b", "1-2", "Ysgol y Tŵr"])
def test_a_plain_cell_stays_as_it_is(text: str) -> None:
    """Nothing is put before what no program takes for a formula."""
    assert guarded(text) == text
