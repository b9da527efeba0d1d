"""Decisions as a table and as a page: they say what the decision says, and carry nothing out."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel
from tests.documents.reading import Page

from si_rules import Cohort, Decision, SchoolEvidence
from si_rules.documents.decision_page import PageOfDecisions
from si_rules.documents.table import DecisionTable
from si_rules.policy import Policy
from si_rules.source.spreadsheets import unguarded

ON = date(2015, 11, 4)
NAMES = [
    '=HYPERLINK("http://a.example","x")', "+1", "-1", "@SUM(A1)", "\tx", "<script>alert(1)</script>", "a\nb,\"c\"\r\nd",
    "x; =1+1", "{{ 7 * 7 }}", "O'Neill & Sons", "\u202e=1", "'=1",
]  # fmt: skip


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def decisions(policy: Policy, schools: list[BaseModel]) -> list[Decision]:
    return [policy.decide(school, on=ON, audience={"public"}) for school in schools[:40]]


def test_a_row_says_what_the_decision_says(policy: Policy, decisions: list[Decision]) -> None:
    """Every cell of the table is what the published JSON has at its place, and there is a row for each subject."""
    table = DecisionTable(policy.core, {"public"})
    rows = rows_of(table.head() + "".join(map(table.row, decisions)))
    assert len(rows) == len(decisions)
    for row, decision in zip(rows, decisions, strict=True):
        said: dict[str, Any] = decision.to_dict()
        assert (row["id"], row["label"]) == (said["subject"]["id"], said["subject"]["label"])
        for name, result in said["classifications"].items():
            assert row[f"{name}_status"] == result["status"]
            assert row[f"{name}_outcome"] == (result["outcome"] or "")
            assert row[f"{name}_title"] == (result["title"] or "")
            assert row[f"{name}_possible"].split(" | ") == result["possible"]
        holding = [item["id"] for item in said["triggers"] if item["status"] == "holds"]
        assert [name for name in row["triggers_holding"].split(" | ") if name] == holding
        duties = [item for item in said["consequences"] if item["modality"] in ("must", "will")]
        assert int(row["duties"]) == len(duties)
        needed = {path for item in said["needs"] for path in item["matters"]}
        assert {path for path in row["needed"].split(" | ") if path} == needed
        assert row["decision"] == decision.digest


def test_no_decisions_make_a_table_of_headings_and_a_page(policy: Policy) -> None:
    """Of nobody there is a table with its headings, and a page that is whole."""
    assert rows_of(DecisionTable(policy.core, {"public"}).head()) == []
    page = PageOfDecisions("Nobody")
    assert Page(page.opening() + page.closing()).open == []


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_and_not_carried_out(policy: Policy, name: str) -> None:
    """A name that a spreadsheet would take for a formula, or a page for a tag, is a name in both."""
    decision = policy.decide(SchoolEvidence(urn="990001", name=name), on=ON, audience={"public"})
    table, page = DecisionTable(policy.core, {"public"}), PageOfDecisions("Schools")
    text = table.head() + table.row(decision)
    assert text.count("\r\n") == text.count("\n") == text.count("\r") == 2
    (row,) = rows_of(text)
    assert not re.match(r"\s*[=+\-@]", row["label"])
    assert not re.search(r"[;|]\s*[=+\-@]", row["label"])
    assert unguarded(row["label"]).replace("'=1+1", "=1+1").split() == re.sub(r"[\t\r\n]", " ", name).split()
    shown = Page(page.opening() + page.part(decision.account()) + page.closing())
    assert "script" not in shown.tags
    assert " ".join(name.replace("\u202e", "").split()) in " ".join(shown.words)


def test_a_page_needs_nothing_else(policy: Policy, decisions: list[Decision]) -> None:
    """The page has no script, loads nothing, says so to the browser, and is laid out for A4."""
    page = PageOfDecisions("Schools")
    text = page.opening() + "".join(page.part(item.account()) for item in decisions) + page.closing()
    shown = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(shown.tags)
    assert not {name for name, _ in shown.attributes} & {"src", "href", "style", "onclick", "onload"}
    assert "url(" not in text.partition("</style>")[0]
    assert "@import" not in text.partition("</style>")[0]
    assert "default-src 'none'" in text
    assert "size: A4" in text


def test_a_page_says_all_that_the_text_says(decisions: list[Decision]) -> None:
    """Every word of the text of a decision stands on its page too."""
    page = PageOfDecisions("Schools")
    for decision in decisions:
        text = set(re.findall(r"\w+", decision.to_text().lower()))
        shown = set(re.findall(r"\w+", " ".join(Page(page.part(decision.account())).texts).lower()))
        assert text <= shown


def test_the_explanation_is_on_the_page_where_it_is_asked_for(decisions: list[Decision]) -> None:
    """With the explanation every step of it is told, and every interpretation in it named."""
    page = PageOfDecisions("Schools")
    decision = decisions[0]
    shown = " ".join(Page(page.part(decision.account(), None, decision.explain())).words)
    assert "The whole explanation" in shown
    assert "category.1a: " in shown
    assert "The whole explanation" not in " ".join(Page(page.part(decision.account())).words)


def test_an_audience_sees_its_own_columns_and_rows_only(town: Policy, house: Callable[..., BaseModel]) -> None:
    """What is kept from an audience is neither in its table nor on its page, and nothing says that it is missing."""
    ruin = house("1", state="ruined", judgements={"debt": "yes"})
    texts = {}
    for roles in ({"public"}, {"officers"}):
        decision = town.decide(ruin, on=ON, audience=roles, cohort=Cohort("town", [ruin]))
        page, table = PageOfDecisions("Houses"), DecisionTable(town.core, roles)
        texts[tuple(roles)] = table.row(decision) + page.part(decision.account(), None, decision.explain())
    assert "debt" in texts["officers",]
    assert "debt" not in texts["public",]
    plain = house("1", state="ruined")
    same = town.decide(plain, on=ON, audience={"public"}, cohort=Cohort("town", [plain]))
    assert DecisionTable(town.core, {"public"}).row(same) in texts["public",]
