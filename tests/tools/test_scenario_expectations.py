"""What scenarios may expect: each form is met where it is so, and otherwise says what came."""

from datetime import date

import pytest
from tests.tools.books import HEADER, books, unmet

from si_rules import PolicyLibrary, SchoolEvidence
from si_rules.decisions.basis import Basis
from si_rules.source.screening import read_source
from si_rules.tools.scenarios.reading import read_cases
from si_rules.tools.scenarios.running import run

KNOWN = "condition is fine\n    worn is 30%\n    rare is no\n    shelf is open\n    latest loans.count is 2 copies"
OPEN = "condition is fine\n    worn is 10%\n    rare is yes\n    shelf is store"

NEAR = "condition is fine\n    worn is 10%\n    rare is no\n    judgement handled is roughly\n    shelf is store"


def scenario(given: str, expected: str, under: str = "") -> str:
    """A scenario of some lines."""
    return f'scenario "x"\n{under}  given\n    {given}\n  expect\n    {expected}\n'


@pytest.mark.parametrize(
    ("given", "expected", "came"),
    [
        (KNOWN, "care is high, because h", None),
        (KNOWN, "care is high, because r", "care is high, because h"),
        (KNOWN, "it does not follow that keeper should report", None),
        (KNOWN, "it does not follow that keeper must mend", "it follows"),
        (KNOWN, "it is not said that keeper must mend", "it follows"),
        (KNOWN, "it is possible that keeper should report", None),
        (KNOWN, "it follows that keeper should report", "it is only possible"),
        (KNOWN, "it is not said that keeper should report", "it is possible"),
        (KNOWN, 'care cites SRC "4a"', None),
        (KNOWN, 'care cites SRC "2"', None),
        (KNOWN, 'care cites SRC "4b"', 'it cites SRC "4" and SRC "4a" and SRC "2"'),
        (KNOWN, 'fact lent cites SRC "3"', None),
        (KNOWN, 'clause l cites SRC "9"', 'it cites SRC "4b"'),
        (KNOWN, "care rests on ORDER and WORN", None),
        (KNOWN, "care does not rest on WORN", "it rests on WORN"),
        (KNOWN, "fact worn_out rests on WORN", None),
        (KNOWN, "fact lent rests on WORN", "it does not rest on WORN"),
        (KNOWN, "it rests on WORN", None),
        (KNOWN, "it does not rest on ORDER and WORN", "it rests on ORDER and WORN"),
        (OPEN, "care could be settled by judgement handled", None),
        (OPEN, "care will be settled by judgement handled", None),
        (OPEN, "care could be settled by latest loans.count", "what could settle it is judgement handled"),
        (OPEN, "care will be settled by judgement handled and donor", "what will settle it is judgement handled"),
        (KNOWN, "care could be settled by judgement handled", "there is nothing to settle: care is high"),
        (OPEN, "care never asks for loans.count", None),
        (OPEN, "care needs donor", "care does not ask for it"),
        (OPEN, "care never asks for judgement handled", "care asks for judgement handled"),
        (NEAR,
         "care is short of high only by rare", None),
        (NEAR,
         "care is short of high only by condition", None),
        (NEAR,
         "care is short of low only by rare", "care is short of low by condition"),
        (KNOWN, "care is short of high only by rare", "no one condition alone keeps it from high"),
        (KNOWN, "nothing is said of fact hidden", "it is shown to whoever may see everything, for whom this is decided"),
        (KNOWN, "it does not use loans in 2014-15", "everything that is given is used"),
    ],
)  # fmt: skip
def test_an_expectation_is_met_or_says_what_came(given: str, expected: str, came: str | None) -> None:
    """Each form of expectation, once where it is so and once where it is not."""
    assert unmet(scenario(given, expected)) == ([] if came is None else [came])


@pytest.mark.parametrize(
    ("role", "expected", "came"),
    [
        ("keeper", "fact hidden holds", None),
        ("keeper", "it follows that keeper must report", None),
        ("keeper", "nothing is said of fact hidden", "it is shown to keeper"),
        ("public", "nothing is said of fact hidden", None),
        ("public", "it is not said that keeper must report", None),
        ("public", "it does not follow that keeper must report", None),
        ("public", "it follows that keeper must report", "it neither follows nor is possible"),
        ("public", "fact hidden holds", "fact hidden is not shown to public"),
        ("public", "nothing is said of care", "it is shown to public"),
    ],
)
def test_a_scenario_may_be_decided_for_an_audience(role: str, expected: str, came: str | None) -> None:
    """With `shown to` the decision is the one those roles see; what they may not see is not said."""
    assert unmet(scenario("secret is yes", expected, f"  shown to {role}\n")) == ([] if came is None else [came])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("repair.result of 2015-10-01 is failed\n    repair.result of 2014-10-01 is whole", "trigger bad_repair holds"),
        ("repair.result of 2016-02-01 is failed\n    repair.result of 2014-10-01 is whole",
         "it does not use repair of 2016-02-01\n    trigger bad_repair does not hold"),
        ("repair.result of 2015-10-01 is failed\n    repair of 2015-10-01 became known on 2016-02-01",
         "it does not use repair of 2015-10-01\n    trigger bad_repair does not hold"),
        ("shelf is open\n    latest loans.count is 4 copies\n    loans in 2014-15 became known on 2016-02-01",
         "it does not use loans in 2014-15\n    fact lent is undetermined"),
        ("rare is yes\n    judgement handled of 2016-02-01 is roughly",
         "it does not use judgement handled\n    clause r is undetermined"),
        ("rare is yes\n    judgement handled of 2016-01-02 is roughly", "clause r holds"),
    ],
)  # fmt: skip
def test_evidence_with_a_day_counts_from_that_day(lines: str, expected: str) -> None:
    """Records, results and judgements that are too late are not used, and listed as not used."""
    assert unmet(scenario(lines, expected)) == []


def test_a_later_line_without_a_day_takes_the_day_away() -> None:
    """A judgement given again without a day counts, whatever day a background gave it."""
    text = "background late\n  judgement handled of 2016-02-01 is roughly\n\n" + scenario(
        "rare is yes\n    judgement handled is roughly", "clause r holds"
    ).replace("  given\n", "  given late\n")
    assert unmet(text) == []


def test_evidence_of_a_scenario_is_read_as_evidence_is() -> None:
    """Dated evidence of a scenario is used and ignored as the same evidence is in a record, reasons included."""
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=date(2015, 11, 4))
    text = """scenarios for doncaster.school_improvement 2015-16
  on 2015-11-04
  known at 2015-10-20

scenario "x"
  given
    phase is primary
    inspection.grade of 2012-05-10 is good
    inspection.category_of_concern of 2012-05-10 is no_category
    inspection.grade of 2015-10-01 is inadequate
    inspection of 2015-10-01 became known on 2015-10-30
    inspection.grade of 2015-12-01 is good
    ks2.rwm_level_4_plus in 2013-14 is 61%
    ks2.rwm_level_4_plus in 2014-15 is 40%
    ks2 in 2014-15 became known on 2015-12-10
    judgement capacity of 2015-10-21 is lacking
    judgement direction of 2015-10-19 is steady
    judgement support_required of 2015-11-05 is external
  expect
    category is undetermined
"""
    evidence = SchoolEvidence.model_validate(
        {
            "urn": "990001", "phase": "primary",
            "inspections": [
                {"date": "2012-05-10", "grade": "good", "category_of_concern": "no_category"},
                {"date": "2015-10-01", "published": "2015-10-30", "grade": "inadequate"},
                {"date": "2015-12-01", "grade": "good"},
            ],
            "ks2": {"2013-14": {"rwm_level_4_plus": 61}, "2014-15": {"published": "2015-12-10", "rwm_level_4_plus": 40}},
            "judgements": {
                "capacity": {"value": "lacking", "date": "2015-10-21"},
                "direction": {"value": "steady", "date": "2015-10-19"},
                "support_required": {"value": "external", "date": "2015-11-05"},
            },
        }
    )  # fmt: skip
    source, _ = read_source("x.scenarios", text.encode())
    ((case,), mistakes) = read_cases(source, policy.core)
    assert mistakes == []
    basis = Basis(policy.core, policy.digest)
    assert run(case, basis).unmet == ()
    written = basis.decide(case.facts, case.on, case.known_at, False)
    recorded = policy.decide(evidence, on=case.on, known_at=case.known_at)
    assert written.ignored_evidence == recorded.ignored_evidence
    assert len(recorded.ignored_evidence) == 5
    assert written.classifications == recorded.classifications
    assert written.needs == recorded.needs
    assert written.near_misses == recorded.near_misses


def test_a_record_of_its_own_goes_before_a_background_that_says_never() -> None:
    """A background says that there was no repair; a scenario gives one, with or without its day, and that counts."""
    for place in ("repair.result of 2015-10-01", "latest repair.result"):
        text = f"""
background untouched
  repair has never been held

scenario "never"
  given untouched
  expect
    trigger bad_repair does not hold

scenario "one"
  given untouched
    {place} is failed
  expect
    trigger bad_repair holds
"""
        assert unmet(text) == []


def test_one_of_a_unit_is_written_as_one() -> None:
    """`1 point` and `1 points` are the same, given and expected, as in a rule."""
    policy, digest = books(
        '\nscore care_points "points of care" : points\n  cites SRC "6"\n  adds up\n    - 1 point when rare is yes\n'
    )
    for written in ("1 point", "1 points"):
        text = scenario("rare is yes", f"the value of care_points is {written}")
        source, _ = read_source("a.scenarios", (HEADER + text).encode())
        (case,), mistakes = read_cases(source, policy)
        assert mistakes == []
        assert run(case, Basis(policy, digest)).failures == ()
