"""The smallest cases of what random policies, and the reading of their oracle, brought to light."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.properties.evidence import model_of

from si_rules.decisions.basis import Basis
from si_rules.decisions.decision import Decision
from si_rules.evaluation.diagram import Diagrams
from si_rules.evidence.facts import facts_of
from si_rules.pipeline import Loaded, load
from si_rules.policy import Policy
from si_rules.semantics.declared import LEGEND
from si_rules.semantics.encoding import decode
from si_rules.semantics.traversal import leaves_under

ON = date(2015, 12, 20)  # the latest due tests are those of 2014-15

FIELDS = """
audience public "everybody"

unit heads "heads"

group grown "the grown"
  sort is one of hen

evidence sort "the sort"
  one of hen, egg

evidence share "the share"
  percent, or none

evidence margin "the margin"
  points

evidence lit "whether it is lit"
  yes or no

records visit "a visit"
  listed under visits
  happened on day, became known on published

evidence visit.mark "the mark"
  one of fine, poor

evidence visit.note "the note"
  one of dry, wet

results tests "tests"
  each academic year, became known on published{due}
  applies to places with grown

evidence tests.passed "passed"
  percent
  last in 2013-14
"""

HEAD = """policy toy.policy
  title "A toy policy"
  edition 2015-16
  in force 2015-09-01 to 2016-08-31
  vocabulary toy 1

source SRC "A source"
party council "the council"
action visit "visit"
action repair "repair"

"""

VOCABULARY = """vocabulary toy 1
  subject place, plural places
  identified by code
"""


def loaded(rules: str) -> Loaded:
    legend = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND) + "\n"
    restated = FIELDS.replace("{due}", "\n  due on 15 December after the year ends on 31 August")
    restated = "\n\n".join(part for part in restated.split("\n\n") if not part.strip().startswith(("audience", "unit")))
    text = HEAD + legend + restated + "\n\n" + rules
    return load(
        {"toy.policy": text.encode()}, ("toy.vocabulary", (VOCABULARY + FIELDS.replace("{due}", "")).encode()), False
    )


def engine(rules: str) -> Policy:
    found = loaded(rules)
    assert found.policy is not None, [(item.code, item.message) for item in found.diagnostics]
    return Policy(found.policy, found.digest)


def classes(*clauses: str, guard: str = "applies to every place") -> str:
    """A classification with one class for each clause, the first the most serious, labelled a, b …"""
    labels = "abcdef"[: len(clauses)]
    text = f"""classification standing "Standing"
  cites SRC "1"
  {guard}
  when several classes hold, the most serious stands: {", ".join(labels)}
  when no class holds, unmatched
  when evidence is missing, undetermined between the outcomes still possible, unless only one is left
"""
    for label, clause in zip(labels, clauses, strict=True):
        text += f'  class {label} "Class {label}"\n    cites SRC "{label}"\n    clause {label}1, {clause}\n'
    return text


def decide(policy: Policy, **evidence: Any) -> Decision:
    record = model_of(policy.core.vocabulary).model_validate({"code": "p1", **evidence})
    return policy.decide(record, on=ON)


def outcome(policy: Policy, **evidence: Any) -> tuple[str, tuple[str, ...]]:
    result = decide(policy, **evidence).classifications["standing"]
    return result.status, result.possible


def test_a_value_known_to_be_none_meets_no_comparison_with_itself() -> None:
    """A datum that cancels out of a comparison must still exist for the comparison to hold."""
    policy = engine(classes("when share is at least share"))
    assert outcome(policy, share={"none": True}) == ("unmatched", ("unmatched",))
    assert outcome(policy, share=Decimal(5)) == ("determined", ("a",))


def test_a_datum_that_cancels_out_and_may_be_none_is_still_missing() -> None:
    """Whether the comparison holds hangs on whether the value exists, and it is asked for."""
    policy = engine(classes("when share minus share is at least 0 percentage points"))
    decision = decide(policy)
    assert decision.classifications["standing"].possible == ("a", "unmatched")
    assert decision.needs[0].needs.matters == ("share",)


def test_a_clause_that_does_not_apply_is_not_made_to_hold_by_what_it_gives_way_to() -> None:
    """Of a clause whose list has nothing left, that the other clause does not hold makes nothing hold."""
    first = "all of\n      - latest tests.passed is under 50%, left out where it does not apply\n      gives way to clause b1"
    policy = engine(classes(first, "when lit is yes"))
    assert outcome(policy, sort="hen", lit=False) == ("unmatched", ("unmatched",))


def test_a_consequence_for_a_group_hangs_on_a_condition_that_applies() -> None:
    """`for a group, if` a condition that does not apply brings nothing, as it does without the group."""
    then = '\n    what follows\n      cites SRC "1"\n      council must visit, for grown places, if latest tests.passed is under 50%'
    policy = engine(classes("when lit is yes" + then))
    decision = decide(policy, sort="hen", lit=True)
    assert (decision.consequences, decision.possible_consequences) == ((), ())


def test_past_the_limit_a_consequence_of_a_class_that_may_not_apply_is_only_possible() -> None:
    """Past the limit of nodes, a classification that may not apply brings no certain consequence."""
    then = '\n    what follows\n      cites SRC "1"\n      council must visit'
    policy = engine(classes("when lit is yes" + then, guard="applies to grown places"))
    record = model_of(policy.core.vocabulary).model_validate({"code": "p1", "lit": True})

    def read(*arguments: Any) -> Any:
        return facts_of(record, *arguments)

    decision = Basis(policy.core, policy.digest, most_nodes=1).decide(read, ON, ON, False)
    assert decision.classifications["standing"].possible == ("a", "not_applicable")
    assert decision.consequences == ()
    assert [item.action for item in decision.possible_consequences] == ["visit"]


def test_two_fields_of_a_record_that_may_not_exist_are_none_together() -> None:
    """No completion has a visit with a mark that is at the same time no visit with a note."""
    clause = "all of\n      - latest visit.mark is one of fine, poor\n      - none of\n        - latest visit.note is one of dry, wet"
    assert outcome(engine(classes(clause))) == ("unmatched", ("unmatched",))


def test_a_record_before_the_latest_exists_only_where_the_latest_does() -> None:
    """No completion has a previous visit and no latest one."""
    clause = "all of\n      - previous visit.mark is one of fine, poor\n      - none of\n        - latest visit.mark is one of fine, poor"
    assert outcome(engine(classes(clause))) == ("unmatched", ("unmatched",))


def test_numbers_that_differ_in_sign_are_two_conditions() -> None:
    """`under -5` and `under 5` in one rule are not the same condition."""
    rules = 'fact far "far"\n  cites SRC "1"\n  holds when any of\n    - margin is under -5 points\n    - margin is under 5 points\n'
    assert [item.message for item in loaded(rules + classes("when far holds")).diagnostics if item.is_error] == []


def test_a_parameter_by_date_has_no_value_for_a_year() -> None:
    """Asking a parameter that changes on dates for its value in a year is refused: no evidence could settle it."""
    rules = 'parameter floor "the floor": percent\n  cites SRC "1"\n  from 2015-09-01: 50%\n\n'
    found = loaded(rules + classes("when share is under floor in 2013-14"))
    assert any(item.is_error for item in found.diagnostics)


def test_no_class_is_called_as_the_language_calls_an_outcome() -> None:
    """A class labelled `unmatched` would be taken for the lack of one."""
    text = classes("when lit is yes").replace("class a ", "class unmatched ").replace("stands: a", "stands: unmatched")
    assert any(item.is_error for item in loaded(text).diagnostics)


def test_an_explanation_grows_with_the_policy_and_not_faster() -> None:
    """Rules that each name the one before twice are not told over and over."""

    def steps(depth: int) -> int:
        rules = 'fact f0 "f"\n  cites SRC "1"\n  holds when lit is yes\n'
        for number in range(1, depth):
            rules += f'\nfact f{number} "f"\n  cites SRC "1"\n  holds when all of\n    - f{number - 1} holds\n    - f{number - 1} holds or lit is yes\n'
        policy = engine(rules + "\n" + classes(f"when f{depth - 1} holds"))
        return decide(policy).to_json(explain=True).count('"truth"')

    assert steps(12) < 4 * steps(6)


def test_a_kind_without_values_is_refused() -> None:
    """Heads are whole: from 0.2 to 0.8 there are none, and nothing could be decided."""
    vocabulary = VOCABULARY + FIELDS.replace("{due}", "") + '\nevidence size "the size"\n  heads between 0.2 and 0.8\n'
    found = load({"toy.policy": b"policy toy.policy\n"}, ("toy.vocabulary", vocabulary.encode()), False)
    assert any("size" in item.source.text[item.span.start - 30 : item.span.end + 5] for item in found.diagnostics)


def test_a_near_miss_is_one_condition() -> None:
    """What a rule is limited to and what it asks of the same field are two leaves, and have two names."""
    fact = 'fact odd "odd"\n  cites SRC "1"\n  applies to places with grown\n  holds when sort is egg\n\n'
    policy = engine(fact + classes("any of\n      - odd holds, left out where it does not apply"))
    rule = policy.core.rules["odd"]
    assert len({leaf.id for leaf in leaves_under(rule.condition)}) == 2


def test_a_kept_core_with_an_impossible_number_is_no_core() -> None:
    """A text that says one divided by zero is refused like any other text that no core gave."""
    with pytest.raises(ValueError, match="core"):
        decode('{"n":"1/0"}')


def test_a_parameter_counts_from_its_day_on() -> None:
    """On the day itself the new value counts, on the day before the old one."""
    rules = 'parameter floor "the floor": percent\n  cites SRC "1"\n  from 2015-09-01: 50%\n  from 2015-12-20: 60%\n\n'
    policy = engine(rules + classes("when share is under floor"))
    record = model_of(policy.core.vocabulary).model_validate({"code": "p1", "share": Decimal(55)})
    found = [policy.decide(record, on=day).classifications["standing"].status for day in (date(2015, 12, 19), ON)]
    assert found == ["unmatched", "determined"]


def test_a_clause_does_not_hold_where_what_it_gives_way_to_does_whatever_it_says_itself() -> None:
    """As the legend says: an unknown body is settled by the other clause that holds."""
    first = "all of\n      - share is under 50%\n      gives way to clause b1"
    policy = engine(classes(first, "when lit is yes"))
    explained = decide(policy, lit=True).explain()
    truths = {step.rule: step.truth for described in explained.items[0].items for step in described.items}
    assert truths["standing.a1"] == "does_not_hold"
    assert outcome(policy, lit=True) == ("determined", ("b",))


# ---- what came to light with values, tables and several classifications


def value(policy: Policy, name: str, **evidence: Any) -> tuple[str, Any]:
    """The status and the value of something with a name."""
    found = next(item for item in decide(policy, **evidence).values if item.id == name)
    return found.status, found.value


def test_a_condition_inside_a_term_may_be_compared_for_equality() -> None:
    """`the number of visits where … is 2` reads its condition once, and is not told that it stands twice."""
    policy = engine(classes("when the number of visits where visit.mark is poor is 1"))
    assert outcome(policy, visits=[{"day": date(2014, 3, 1), "mark": "poor"}]) == ("determined", ("a",))


def test_conditions_on_both_sides_of_a_comparison_are_told_apart() -> None:
    """A condition in a term on the right has another name than one of the same field beside it."""
    clause = (
        "any of\n      - latest visit.note is wet\n"
        "      - (share divided by share) is (the number of visits where visit.note is dry)"
    )
    assert [item.message for item in loaded(classes(clause)).diagnostics if item.is_error] == []


def test_a_column_that_no_cell_asks_about_is_checked() -> None:
    """A column of dates with blank cells alone is a table like any other."""
    table = """table when "when"
  cites SRC "1"
  exactly one row matches
  gives what : one of dry, wet
  | latest visit.day | lit || what |
  |                  | yes || dry  |
  |                  | no  || wet  |

"""
    policy = engine(table + classes("when when.what is dry"))
    assert value(policy, "when.what", lit=False) == ("known", "wet")


def test_a_cap_that_does_not_apply_makes_the_value_not_apply() -> None:
    """A cap is no list: neither the cap nor what it caps is struck."""
    fact = 'fact capped "x": percent\n  cites SRC "1"\n  is {}\n\n'
    for term in ("share divided by 0, but at most 5%", "share, but at least (share divided by 0)"):
        policy = engine(fact.format(term) + classes("when capped is at most 5%"))
        assert value(policy, "capped", share=Decimal(50)) == ("not_applicable", None)
        assert outcome(policy, share=Decimal(50)) == ("unmatched", ("unmatched",))


def test_a_row_of_what_does_not_apply_does_not_match() -> None:
    """The order of the rows never decides: a cell whose column does not apply is not struck from its row."""
    rows = ["  | under 1 | yes || dry |", "  | at least 1 | yes || wet |", "  | | no || dry |"]
    head = 'table t "t"\n  cites SRC "1"\n  exactly one row matches\n  gives what : one of dry, wet\n  | share divided by share | lit || what |\n'
    for order in (rows, rows[::-1]):
        policy = engine(head + "\n".join(order) + "\n\n" + classes("when t.what is dry"))
        assert value(policy, "t.what", lit=True, share=Decimal(0)) == ("not_applicable", None)


def test_the_order_of_disputed_values_means_nothing() -> None:
    """The same candidates in another order are the same evidence, to the byte."""
    vocabulary = (VOCABULARY + FIELDS.replace("{due}", "") + '\norigin one "one"\n\norigin two "two"\n').encode()
    legend = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND) + "\n"
    share = 'evidence share "the share"\n  percent, or none\n\n'
    found = load(
        {"toy.policy": (HEAD + legend + share + classes("when share is under 50%")).encode()},
        ("toy.vocabulary", vocabulary),
        False,
    )
    assert found.policy is not None, [item.message for item in found.diagnostics]
    policy = Policy(found.policy, found.digest)
    candidates = [{"value": Decimal(40), "from": "one"}, {"value": Decimal(60), "from": "two"}]
    first, second = (decide(policy, share={"disputed": some}) for some in (candidates, candidates[::-1]))
    assert first.to_json(explain=True) == second.to_json(explain=True)


def test_a_guard_is_not_lost_to_a_condition_inside_a_term() -> None:
    """A comparison of results of a group that holds a condition inside is left out for those outside the group."""
    clause = (
        "all of\n      - latest tests.passed is under ((the number of visits where visit.mark is poor) times 10%), "
        "left out where it does not apply\n      - lit is yes"
    )
    text = classes(clause).replace("latest tests.passed", "tests.passed in 2013-14")
    policy = engine(text)
    passed = {"2013-14": {"passed": Decimal(50)}}
    assert outcome(policy, lit=True, sort="egg", tests=passed, visits=[]) == ("determined", ("a",))
    assert outcome(policy, lit=True, sort="hen", tests=passed, visits=[]) == ("unmatched", ("unmatched",))


def test_yes_and_the_number_one_are_two_things_inside_a_pair_too() -> None:
    """A choice between `yes` and the score 1 came to either, as the order of the rules had it."""
    diagrams = Diagrams(10)
    assert diagrams.terminal((True, None)) != diagrams.terminal((Fraction(1), None))
    assert diagrams.terminal((False, (Fraction(0),))) != diagrams.terminal((False, (False,)))
