"""Which judgements a decision hangs on: certainly, perhaps, or not at all; and what an audience is asked."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from si_rules import Cohort, Decision, Policy, SchoolEvidence, open_policy
from si_rules.decisions.basis import Basis
from si_rules.evidence.facts import facts_of
from si_rules.semantics.declared import LEGEND

ON = date(2015, 11, 4)
RULES = """policy town.asking
  title "Asking"
  edition 2015-16
  in force 2015-09-01 to 2016-08-31
  vocabulary school 1

legend
{legend}
source PLAN "An invented plan"

results attendance "attendance over a school year"
  each academic year, became known on published
  due on 25 March after the year ends on 31 August

evidence attendance.overall "possible sessions attended"
  percent

judgement well_led "well led"
  yes or no
  cites PLAN "1"
  accepted for 12 months

judgement calm "calm"
  yes or no
  cites PLAN "1"

judgement open_doors "open to parents"
  yes or no
  cites PLAN "1"

judgement private "a private matter"
  yes or no
  shown to officers
  cites PLAN "1"

judgement reputation "of good reputation"
  yes or no
  cites PLAN "1"

party officer "the officer"
action visit "visit the school"
action write "write to the school"

classification level "Level"
  cites PLAN "2"
  applies to every school
  when several classes hold, the most serious stands: 2, 1
  when no class holds, unmatched
  when evidence is missing, undetermined between the outcomes still possible, unless only one is left
  class 2 "Serious"
    cites PLAN "2"
    clause 2a "badly led", when judgement well_led is no
    what follows
      cites PLAN "3"
      officer may visit, if judgement open_doors is no
  class 1 "Not serious"
    cites PLAN "2"
    clause 1a "well led", when judgement well_led is yes
    or clause 1b "well led, and calm", all of
      - judgement well_led is yes
      - judgement calm is yes

trigger falling "attendance falls in a place that is not calm"
  cites PLAN "4"
  holds when all of
    - judgement calm is no
    - attendance.overall has fallen for 1 year

trigger private_matter "a private matter"
  cites PLAN "5"
  shown to officers
  holds when judgement private is yes

figure well_known "of good reputation, of all" : percent
  cites PLAN "6"
  over every school
  is the share for which judgement reputation is yes

trigger low_reputation "few are of good reputation"
  cites PLAN "6"
  holds when well_known is under 50%
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    path = tmp_path_factory.mktemp("asking") / "asking.policy"
    legend = "".join(f'  "{sentence}"\n' for sentence in LEGEND)
    path.write_text(RULES.replace("{legend}", legend.rstrip("\n") + "\n"), encoding="utf-8")
    return open_policy(path)


def school(urn: str = "990001", **more: Any) -> SchoolEvidence:
    return SchoolEvidence.model_validate({"urn": urn, **more})


def given(**values: bool) -> dict[str, Any]:
    return {name: {"value": value, "date": "2015-10-05"} for name, value in values.items()}


def statuses(decision: Decision) -> dict[str, str]:
    return {question.judgement: question.status for question in decision.questions()}


def decide(policy: Policy, found: SchoolEvidence, **more: Any) -> Decision:
    return policy.decide(found, on=ON, audience={"officers"}, **more)


def test_what_can_still_change_something_is_asked(policy: Policy) -> None:
    """An outcome, a trigger and a consequence each make a judgement matter; one that is given is not asked."""
    found = statuses(decide(policy, school(attendance=attendance(95, 94))))
    assert found["well_led"] == found["calm"] == found["open_doors"] == found["private"] == "matters"
    told = statuses(decide(policy, school(judgements=given(well_led=False), attendance=attendance(95, 94))))
    assert (told["well_led"], told["open_doors"]) == ("given", "matters")


def attendance(*figures: int) -> dict[str, Any]:
    years = ("2012-13", "2013-14")
    return {year: {"published": "2015-03-30", "overall": figure} for year, figure in zip(years, figures, strict=True)}


def test_what_nothing_hangs_on_is_not_asked(policy: Policy) -> None:
    """Where no class that it bears on can stand, and no trigger hangs on it, a judgement is needless.

    That it would be one more reason for the outcome is no cause to ask: `calm` could make clause 1b hold beside 1a.
    """
    found = statuses(decide(policy, school(judgements=given(well_led=True), attendance=attendance(94, 95))))
    assert found["open_doors"] == "needless"
    assert found["calm"] == "needless"


def test_what_hangs_on_a_guess_may_not_matter(policy: Policy) -> None:
    """Two missing figures are compared with each other: the case analysis does not follow that, and says so."""
    found = statuses(decide(policy, school(judgements=given(well_led=True))))
    assert found["calm"] == "may_matter"


def test_a_figure_over_a_cohort_asks_of_its_members(policy: Policy) -> None:
    """What a figure reads of a member is asked as what may matter, for others hang on it; without a cohort it is not."""
    one, other = school("1", judgements=given(reputation=True)), school("2")
    cohort = Cohort("all", [one, other])
    assert statuses(decide(policy, other, cohort=cohort))["reputation"] == "may_matter"
    assert statuses(decide(policy, one, cohort=cohort))["reputation"] == "given"
    assert statuses(decide(policy, other))["reputation"] == "needless"
    assert statuses(decide(policy, school("3"), cohort=cohort))["reputation"] == "needless"


def test_an_audience_is_asked_what_it_may_see(policy: Policy) -> None:
    """Of a judgement that is kept to some nothing is said to others, not even that there is one."""
    decision = policy.decide(school(), on=ON, audience={"public"})
    assert "private" not in statuses(decision)
    assert "private" in statuses(decide(policy, school()))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (None, "not_supplied"),
        ({"value": {"absent": "not_published"}, "date": "2015-10-05"}, "not_published"),
        ({"value": True, "date": "2014-09-01"}, "stale"),
        ({"value": True}, "stale"),
        ({"value": True, "date": "2015-12-01"}, "not_supplied"),
    ],
)
def test_what_does_not_count_is_asked_again(policy: Policy, entry: Any, reason: str) -> None:
    """A judgement that is missing, too old or not yet made is asked, with the reason why it is not there."""
    found = school(judgements={} if entry is None else {"well_led": entry})
    question = next(item for item in decide(policy, found).questions() if item.judgement == "well_led")
    assert (question.status, question.missing) == ("matters", reason)


def test_where_there_is_too_much_to_follow_all_that_is_read_may_matter(policy: Policy) -> None:
    """Past the bound of the case analysis nothing is certain, and nothing that is read by what is open is left out."""
    basis = Basis(policy.core, policy.digest, most_nodes=3)
    decision = basis.decide(partial(facts_of, school()), ON, ON, False, frozenset({"officers"}))
    found = statuses(decision)
    assert "matters" not in found.values()
    assert {name for name, status in found.items() if status == "may_matter"} == {
        "well_led", "calm", "open_doors", "private",
    }  # fmt: skip
