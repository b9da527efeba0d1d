"""What follows beside a moderation: told for the class that people gave, carried into no rule."""

from collections.abc import Callable
from datetime import date

import pytest
from pydantic import BaseModel
from tests.documents.moderating import moderated as moderation_of

from si_rules import Decision
from si_rules.decisions.moderation_telling import moderated
from si_rules.documents.following import following
from si_rules.policy import Policy

ON = date(2015, 11, 4)


def acts(items: object) -> list[str]:
    return [item.action for item in items]  # type: ignore[attr-defined]


def test_a_class_brings_what_the_engine_says_it_brings(policy: Policy, schools: list[BaseModel]) -> None:
    """Of each school with a category: what that class brings, asked by itself, is what follows from the decision."""
    seen = set()
    for school in schools:
        decision = policy.decide(school, on=ON)
        outcome = decision.classifications["category"].outcome
        if outcome is None:
            continue
        seen.add(outcome)
        account, rule = decision.account(), f"category.{outcome}"
        brought = decision.brought_by("category", outcome)
        wanted = [item.action for item in account.follows if rule in item.rule.split(", ")]
        assert sorted(acts(brought.follows)) == sorted(wanted)
        open_ = [(g.condition, item.action) for g in account.may_follow for item, _ in g.follows if rule in item.rule]
        told = [(g.condition, item.action) for g in brought.may_follow for item, _ in g.follows]
        assert sorted(told) == sorted(open_)
    assert seen == {"1", "2", "3", "4", "5"}


def given(decision: Decision, policy: Policy, outcome: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """What follows and what may, once people gave a class."""
    account = decision.account()
    told = moderated(account, moderation_of(decision, policy, outcome), {"public"})
    then = following(decision, account, told)
    return acts(then.follows), [(g.condition, [item.action for item, _ in g.follows]) for g in then.may_follow]


def test_what_the_given_class_brings_takes_the_place_of_the_other(
    town: Policy, house: Callable[..., BaseModel]
) -> None:
    """The class of the rules brings nothing any more; what comes whatever the outcome, and elsewhere, stays."""
    worn = town.decide(house("1", state="worn", listing="listed"), on=ON)
    assert acts(worn.account().follows) == ["plan_repair", "ask_for_date", "send_letter", "paint"]
    follows, may_follow = given(worn, town, "urgent")
    assert follows == ["send_letter", "paint", "repair_at_once", "secure_listed"]
    assert ("“there is danger” is judged yes", ["move_tenant"]) in may_follow


def test_groups_and_conditions_of_the_given_class_are_asked(town: Policy, house: Callable[..., BaseModel]) -> None:
    """What the class brings for some only, or on a condition, is told by the evidence: it follows, may follow, or not."""
    known = town.decide(house("1", state="worn", listing="not_listed", judgements={"danger": "yes"}), on=ON)
    assert given(known, town, "urgent")[0] == ["send_letter", "paint", "repair_at_once", "move_tenant"]
    unknown = town.decide(house("1", state="worn", judgements={"danger": "no"}), on=ON)
    follows, may_follow = given(unknown, town, "urgent")
    assert "secure_listed" not in follows
    assert [acts for _, acts in may_follow if "secure_listed" in acts] == [["secure_listed"]]
    assert "move_tenant" not in [act for _, acts in may_follow for act in acts]


def test_what_was_open_is_not_open_any_more(town: Policy, house: Callable[..., BaseModel]) -> None:
    """Where the rules leave several classes, the one people gave brings what it brings, and the others nothing."""
    open_ = town.decide(house("1", listing="not_listed", judgements={"danger": "no"}), on=ON)
    account = open_.account()
    assert {act for g in account.may_follow for item, _ in g.follows for act in [item.action]} >= {
        "plan_repair",
        "repair_at_once",
    }
    follows, may_follow = given(open_, town, "planned")
    assert follows == ["send_letter", "plan_repair", "ask_for_date"]
    left = {act for _, acts in may_follow for act in acts}
    assert not left & {"plan_repair", "repair_at_once", "secure_listed", "look_at_it", "ask_for_date"}


def test_the_same_class_changes_nothing(town: Policy, house: Callable[..., BaseModel]) -> None:
    """Where people confirm the class of the rules, what follows is what the decision says, to the word."""
    worn = town.decide(house("1", state="worn"), on=ON)
    account = worn.account()
    told = moderated(account, moderation_of(worn, town, "planned"), {"public"})
    then = following(worn, account, told)
    assert (then.follows, then.may_follow) == (account.follows, account.may_follow)


@pytest.mark.parametrize("outcome", ["roof", "paint"])
def test_where_classes_stand_together_the_headline_alone_is_given(
    town: Policy, house: Callable[..., BaseModel], outcome: str
) -> None:
    """A class that stands beside the headline of the rules goes on to bring what it brings."""
    from si_rules.decisions.moderation import Moderation, Standing

    ruin = town.decide(house("1", state="ruined", judgements={"danger": "no"}, listing="not_listed"), on=ON)
    record = Moderation.model_validate({
        "id": "M", "subject": "1", "classification": "needs", "decision": ruin.digest_of("needs"), "engine_outcome": "roof",
        "moderated_outcome": outcome, "reason": "r", "author": "a", "role": "r", "date": "2015-11-20",
    })  # fmt: skip
    account = ruin.account()
    told = moderated(account, {"needs": Standing(record, "line 1")}, {"public"})
    assert ("build_roof" in acts(following(ruin, account, told).follows)) == (outcome == "roof")
    assert acts(following(ruin, account, told).follows).count("paint") == 1
