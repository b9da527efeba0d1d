"""Coverage: how scenarios have seen everything in a policy."""

from attrs import evolve
from tests.tools.books import books, tried

from si_rules.tools.scenarios.coverage import Covered, coverage, gaps, totals

THROUGH_A_FACT = """
scenario "worn out"
  given
    worn is 30%
    condition is fine
    rare is no
    shelf is store
  expect
    care is high, because h
"""


def covered(text: str) -> dict[tuple[str, str], Covered]:
    """The coverage of some scenarios, by sort and name."""
    policy, _ = books()
    results, mistakes = tried(text)
    assert mistakes == []
    return {(thing.sort, thing.name): thing for thing in coverage(results, policy)}


def test_everything_in_the_policy_is_listed_once() -> None:
    """Every rule by its sort, every class with unmatched, every consequence; in the order of the policy."""
    policy, _ = books()
    found = covered(THROUGH_A_FACT)
    assert [name for sort, name in found if sort == "fact"] == ["worn_out", "lent", "hidden"]
    assert [name for sort, name in found if sort == "trigger"] == ["bad_repair"]
    assert [name for sort, name in found if sort == "clause"] == ["care.h", "care.r", "care.l"]
    assert [name for sort, name in found if sort == "class"] == ["care.high", "care.low", "care.unmatched"]
    assert len([name for sort, name in found if sort == "consequence"]) == len(policy.consequences)


def test_what_decides_is_the_clause_and_the_facts_that_settle_it() -> None:
    """A clause decides where the decision is because of it, and so does the fact that makes it hold; no other."""
    found = covered(THROUGH_A_FACT)
    deciding = [key for key, thing in found.items() if thing.counts.get("deciding")]
    assert deciding == [("fact", "worn_out"), ("clause", "care.h"), ("class", "care.high")]


def test_a_fact_that_holds_beside_what_settles_does_not_decide() -> None:
    """In a list of which one item settles it, an item that does not hold is not among what decided."""
    found = covered(
        THROUGH_A_FACT.replace("worn is 30%", "worn is 10%").replace("condition is fine", "condition is broken")
    )
    assert found["fact", "worn_out"].counts == {
        "deciding": 0, "holding": 0, "not_holding": 1, "undetermined": 0, "not_applicable": None
    }  # fmt: skip


def test_triggers_and_facts_with_consequences_decide_by_holding() -> None:
    """They are told by themselves: each decides where it holds."""
    found = covered("""
scenario "failed"
  given
    repair.result is failed
    secret is yes
  expect
    trigger bad_repair holds
""")
    assert found["trigger", "bad_repair"].counts["deciding"] == 1
    assert found["fact", "hidden"].counts["deciding"] == 1


def test_what_cannot_be_seen_is_not_missed() -> None:
    """Not applicable is counted only where a rule may not apply: here only for the fact with a guard."""
    found = covered(THROUGH_A_FACT)
    assert [key for key, thing in found.items() if thing.counts.get("not_applicable") is not None] == [("fact", "lent")]
    assert found["fact", "lent"].counts["not_applicable"] == 1


def test_a_consequence_is_seen_following_or_possible_by_its_own_rule() -> None:
    """What two classes bring follows from one of them; for the other it is not seen."""
    found = covered(THROUGH_A_FACT)
    assert found["consequence", "care.high: keeper will watch"].counts == {"following": 1, "possible": 0}
    assert found["consequence", "care.low: keeper will watch"].counts == {"following": 0, "possible": 0}
    either = covered(THROUGH_A_FACT.replace("worn is 30%", "worn is suppressed").replace("fine", "poor").replace(
        "care is high, because h", "care is undetermined, between high and low\n    it follows that keeper will watch"
    ))  # fmt: skip
    assert either["consequence", "care.high: keeper will watch"].counts == {"following": 0, "possible": 1}
    assert either["consequence", "care.low: keeper will watch"].counts == {"following": 0, "possible": 1}


def test_a_sort_of_rule_that_is_new_appears_by_itself() -> None:
    """A rule of a sort that coverage has never heard of is listed under it, and decides where it holds."""
    policy, _ = books()
    rule = evolve(policy.rules["lent"], sort="row", id="lent")  # type: ignore[arg-type]
    further = evolve(policy, rules={**policy.rules, "lent": rule})
    text = (
        'scenario "x"\n  given\n    shelf is open\n    latest loans.count is 2 copies\n  expect\n    clause l holds\n'
    )
    results, mistakes = tried(text, further)
    assert mistakes == []
    (row,) = [thing for thing in coverage(results, further) if thing.sort == "row"]
    assert (row.name, row.counts["deciding"], row.counts["holding"]) == ("lent", 1, 1)


def test_gaps_are_what_was_required_and_never_seen() -> None:
    """Of what could be seen in a required way the gaps are what was not; totals count the same things."""
    things = list(covered(THROUGH_A_FACT).values())
    lacking = gaps(things, ["deciding"])
    seen, able = totals(things)["deciding"]
    assert seen + len(lacking) == able == 10
    assert all(ways == ("deciding",) for _, ways in lacking)
    assert gaps(things, []) == []
