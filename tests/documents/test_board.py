"""The summary for a board: counted straight, with limits where something is open, and for its audience only."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel
from tests.documents.moderating import moderated as moderation_of
from tests.documents.reading import Page, page_of_markdown

from si_rules import Cohort
from si_rules.decisions.moderation import Standing
from si_rules.documents import as_html, as_markdown
from si_rules.documents.board import Board
from si_rules.documents.board_page import board_blocks, board_document
from si_rules.documents.board_values import BoardSummary, Count
from si_rules.evidence.readers import Refusal
from si_rules.policy import Policy

ON = date(2015, 11, 4)


def summary_of(policy: Policy, records: Iterable[BaseModel], roles: set[str] | None = None, moderate: dict[str, str] | None = None,
               refused: Iterable[Refusal] = ()) -> BoardSummary:  # fmt: skip
    """The summary of a cohort; `moderate` gives the moderated outcomes of the first classification, by subject."""
    known = list(records)
    roles = roles or {"public"}
    cohort = Cohort("the whole", known)
    board = Board(policy, roles)
    for record in known:
        decision = policy.decide(record, on=ON, audience=roles, cohort=cohort)
        standing: dict[str, Standing] = {}
        if moderate and decision.subject.id in moderate:
            whole = policy.decide(record, on=ON, cohort=cohort)
            standing = moderation_of(whole, policy, moderate[decision.subject.id])
        board.add(decision, standing)
    return board.summary(refused)


def texts(summary: BoardSummary) -> tuple[str, str]:
    blocks = list(board_blocks(summary))
    return as_markdown.markdown(blocks), as_html.page("Summary", blocks)


def test_the_counts_are_those_of_the_decisions(policy: Policy, schools: list[BaseModel]) -> None:
    """At least: those determined. At most: those for which it is possible. Counted straight from the decisions."""
    results = [policy.decide(s, on=ON, audience={"public"}).classifications["category"] for s in schools]
    found = summary_of(policy, schools).classifications[0]
    determined = Counter(r.outcome or r.status for r in results if r.status != "undetermined")
    possible = Counter(outcome for r in results for outcome in r.possible)
    assert found.statuses == {
        "determined": sum(r.status == "determined" for r in results),
        "undetermined": sum(r.status == "undetermined" for r in results),
        "unmatched": sum(r.status == "unmatched" for r in results),
        "not_applicable": 0,
    }
    assert [item.outcome for item in found.outcomes] == ["5", "4", "3", "2", "1", "unmatched"]
    for item in found.outcomes:
        assert item.by_rules == item.moderated == Count(determined[item.outcome], possible[item.outcome])
        assert item.by_rules.least < item.by_rules.most


def test_triggers_duties_and_needs_are_counted(policy: Policy, schools: list[BaseModel]) -> None:
    """Triggers by truth, duties by bearer with limits, and what is missing most, counted straight."""
    decisions = [policy.decide(school, on=ON, audience={"public"}) for school in schools]
    summary = summary_of(policy, schools)
    for item in summary.triggers:
        truths = Counter(t.status for d in decisions for t in d.triggers if t.id == item.id)
        assert item.statuses == {s: truths[s] for s in ("holds", "undetermined", "does_not_hold", "not_applicable")}
    certain: Counter[tuple[Any, ...]] = Counter()
    possible: Counter[tuple[Any, ...]] = Counter()
    for decision in decisions:
        keys = [{(c.bearer, c.action, c.when) for c in found if c.modality in ("must", "will")}
                for found in (decision.consequences, decision.possible_consequences)]  # fmt: skip
        certain.update(keys[0])
        possible.update(keys[0] | keys[1])
    assert {(d.bearer, d.action, d.when): (d.by_rules.least, d.by_rules.most) for d in summary.duties} == {
        key: (certain[key], possible[key]) for key in possible
    }
    assert [d.bearer for d in summary.duties] == sorted(
        (d.bearer for d in summary.duties), key=list(policy.core.parties).index
    )
    matters = Counter(path for d in decisions for path in {p for n in d.needs for p in n.needs.matters})
    assert {m.path: m.subjects for m in summary.missing} == dict(
        sorted(matters.items(), key=lambda p: (-p[1], p[0]))[:20]
    )


def test_moderated_outcomes_stand_beside_those_of_the_rules(town: Policy, house: Callable[..., BaseModel]) -> None:
    """Before and after: the counts of the rules stay, those with moderation stand beside them, reasons and all."""
    houses = [house("1", state="ruined", listing="listed"), house("2"), house("3", state="sound", listing="listed")]
    summary = summary_of(town, houses, moderate={"1": "planned", "2": "urgent"})
    repair = summary.classifications[0]
    assert {item.outcome: (item.by_rules, item.moderated) for item in repair.outcomes} == {
        "urgent": (Count(1, 2), Count(1, 1)),
        "planned": (Count(0, 1), Count(1, 1)),
        "none_needed": (Count(0, 1), Count(0, 0)),
        "unmatched": (Count(1, 2), Count(1, 1)),
    }
    assert (repair.moderated, repair.changed) == (2, 2)
    duties = {item.action: (item.by_rules, item.moderated) for item in summary.duties}
    assert duties["repair_at_once"] == (Count(1, 2), Count(1, 1))
    assert duties["plan_repair"] == (Count(0, 1), Count(1, 1))
    assert duties["send_letter"] == (Count(3, 3), Count(3, 3))
    for text in texts(summary):
        page = " ".join((Page(text) if text.startswith("<") else page_of_markdown(text)).words)
        assert "Moderated: 2 houses, of which 2 to another class." in page
        assert "urgent, Urgent repair planned, Planned repair The visit of October showed it." in page


def test_a_target_is_met_missed_or_open_between_limits(town: Policy, house: Callable[..., BaseModel]) -> None:
    """What asks figures only is told once for all: settled where the limits allow it, else with what is possible."""
    sound, ruined, unknown = (lambda n: house(n, state="sound")), (lambda n: house(n, state="ruined")), house
    for makes, said, share in (
        ((sound, sound, ruined), "met, Met", "about 66.67%"),
        ((sound, sound, unknown, ruined), "met, Met", "not known: from 50% to 75%"),
        ((sound, ruined, unknown), "not determined; still possible: met (Met); missed (Missed)", "not known: from about 33.33% to about 66.67%"),
        ((ruined, ruined, ruined, unknown), "missed, Missed", "not known: from 0% to 25%"),
    ):  # fmt: skip
        summary = summary_of(town, [make(str(n)) for n, make in enumerate(makes)])
        target = next(item for item in summary.classifications if item.id == "target")
        assert target.of_all == said
        (figure,) = summary.figures
        assert (figure.id, figure.text) == ("sound_share", share)
        report = [item for item in summary.duties if item.action == "report"]
        wanted = {"met, Met": [], "missed, Missed": [Count(1, 1)]}.get(said, [Count(0, 1)])
        assert [item.by_rules for item in report] == wanted
        for text in texts(summary):
            assert share in text
        document = board_document(summary)
        assert document["cohort"]["members"] == len(makes)
        assert document["classifications"]["target"]["of_all"] == said


def test_what_asks_about_the_member_is_counted(town: Policy, house: Callable[..., BaseModel]) -> None:
    """A member's place, and rules that ask about the member, are not told of the whole, though all say the same."""
    summary = summary_of(town, [house("1", state="sound", rent=5), house("2", state="sound", rent=5)])
    assert [item.id for item in summary.figures] == ["sound_share"]
    assert {item.id: item.of_all for item in summary.triggers} == {"cheap": None, "far_off": "does_not_hold"}
    assert {item.id: item.of_all for item in summary.classifications} == {
        "repair": None,
        "target": "met, Met",
        "needs": None,
    }


def test_classes_that_stand_together_are_each_counted(town: Policy, house: Callable[..., BaseModel]) -> None:
    """Where several classes stand, each that does is counted, not the headline alone."""
    needs = summary_of(town, [house("1", state="ruined"), house("2", state="worn"), house("3")]).classifications[2]
    assert {item.outcome: item.by_rules for item in needs.outcomes} == {
        "roof": Count(1, 2), "paint": Count(2, 3), "unmatched": Count(0, 1),
    }  # fmt: skip


def test_a_board_sees_what_its_audience_may_see(town: Policy, house: Callable[..., BaseModel]) -> None:
    """What is confidential leaves no trace in the summary for others: it is the same as if it were not there."""
    plain = [house("1", state="worn"), house("2", state="sound")]
    with_debt = [
        house("1", state="worn", judgements={"debt": "yes"}),
        house("2", state="sound", judgements={"debt": "no"}),
    ]
    assert board_document(summary_of(town, plain)) == board_document(summary_of(town, with_debt))
    for text in texts(summary_of(town, with_debt)):
        assert "debt" not in text
        assert "an officer" not in text
    assert "the tenant is in debt" in texts(summary_of(town, with_debt, {"officers"}))[0]


def test_a_board_of_nobody_says_so(town: Policy) -> None:
    """Of no subjects at all the summary says that, and is whole."""
    summary = summary_of(town, [])
    assert summary.subjects == 0
    for text in texts(summary):
        assert "Nobody was decided about." in text
    assert json.loads(json.dumps(board_document(summary)))["on"] is None


def test_refused_evidence_is_told_without_what_it_held(town: Policy, house: Callable[..., BaseModel]) -> None:
    """The board learns how much was refused and of whom, not what stood there: that may be confidential."""
    refused = [Refusal("line 3", "3", "judgements.debt", "'<b>bankrupt</b>' is neither yes nor no")]
    summary = summary_of(town, [house("1")], refused=refused)
    for text in (*texts(summary), json.dumps(board_document(summary))):
        assert "bankrupt" not in text
    assert "1 remark on evidence that could not be used." in texts(summary)[0]
    assert board_document(summary)["refused"] == [{"place": "line 3", "subject": "3"}]


@pytest.mark.parametrize("name", ["<script>x</script>", "a | b\n| c |", "[x](http://a.example)"])
def test_names_in_a_summary_are_names(town: Policy, house: Callable[..., BaseModel], name: str) -> None:
    """A name among the moderations is shown and not carried out."""
    summary = summary_of(town, [house("1", state="ruined", title=name)], moderate={"1": "planned"})
    markdown, html = texts(summary)
    for page in (Page(html), page_of_markdown(markdown)):
        assert " ".join(name.split()) in " ".join(page.words)
        assert not {"script", "a", "img"} & set(page.tags)
    rows = [line for line in markdown.splitlines() if "planned, Planned" in line]
    assert all(line.count(" | ") in (2, 4) for line in rows)


def test_a_large_cohort_is_counted_in_time(town: Policy, house: Callable[..., BaseModel]) -> None:
    """A thousand houses are counted; the counts add up."""
    houses = [house(str(n), state=("sound", "worn", "ruined")[n % 3]) for n in range(1000)]
    summary = summary_of(town, houses)
    counts = {item.outcome: item.by_rules for item in summary.classifications[0].outcomes}
    assert (counts["urgent"], counts["planned"]) == (Count(333, 333), Count(333, 333))
    assert (counts["none_needed"], counts["unmatched"]) == (Count(0, 334), Count(0, 334))


def test_a_board_takes_only_decisions_for_itself(town: Policy, house: Callable[..., BaseModel]) -> None:
    """A decision that was made for more people is not counted for fewer."""
    board = Board(town, {"public"})
    with pytest.raises(ValueError, match="was made for officers, and the board is public"):
        board.add(town.decide(house("1"), on=ON, audience={"officers"}))
