"""What surrounds the categories: the year of a school, targets over the schools, and the plans of the authority."""

import re
from datetime import date
from pathlib import Path

import pytest

from si_rules import Cohort, PolicyLibrary, SchoolEvidence, shipped
from si_rules.evidence.any_vocabulary import model_of
from si_rules.policy import Policy
from si_rules.tools.scenarios.coverage import WAYS, coverage, gaps
from si_rules.tools.scenarios.running import CaseResult, run_files

AUTUMN = date(2015, 11, 4)
POLICIES = (
    "doncaster.school_year", "doncaster.targets", "doncaster.ks2_initiative", "doncaster.post_ofsted_action_plan"
)  # fmt: skip
# Once a month is over the plan is behind or on course: that it is neither is never left open.
NEVER_OPEN = ("class", "progress.unmatched", ("undetermined",))


def policy_of(name: str) -> Policy:
    """The edition in force in the autumn of 2015."""
    return PolicyLibrary.bundled().in_force(name, on=AUTUMN)


def scenario_files(name: str) -> list[Path]:
    """The scenarios beside a policy."""
    (folder,) = {e.files[0].parent for e in PolicyLibrary.bundled().editions() if e.id == name and e.covers(AUTUMN)}
    return sorted(folder.glob("*.scenarios"))


@pytest.fixture(scope="module", params=POLICIES)
def tried(request: pytest.FixtureRequest) -> tuple[Policy, list[CaseResult], str]:
    policy, files = policy_of(request.param), scenario_files(request.param)
    results, mistakes = run_files(policy.core, policy.digest, files)
    assert mistakes == []
    return policy, results, "".join(path.read_text(encoding="utf-8") for path in files)


def test_every_expectation_of_every_scenario_is_met(tried: tuple[Policy, list[CaseResult], str]) -> None:
    """The policies' own tests pass."""
    _, results, _ = tried
    assert [failure.message for result in results for failure in result.failures] == []


def test_everything_in_the_policies_is_seen_in_every_way(tried: tuple[Policy, list[CaseResult], str]) -> None:
    """Each rule, row and class has a scenario in which it decides and one for each of its truths; each consequence one
    in which it follows and one in which it is possible.
    """
    policy, results, _ = tried
    lacking = [(thing.sort, thing.name, ways) for thing, ways in gaps(coverage(results, policy.core), WAYS)]
    assert [item for item in lacking if item != NEVER_OPEN] == []


def test_every_rule_value_and_figure_is_expected_by_name(tried: tuple[Policy, list[CaseResult], str]) -> None:
    """No fact, trigger, clause, value or figure is left to be seen without being checked."""
    policy, _, texts = tried
    core = policy.core
    for rule in core.rules.values():
        label = rule.id.rpartition(".")[2]
        if rule.sort in ("fact", "trigger", "clause") and not rule.id.startswith(core.id.partition(".")[0] + "."):
            assert re.search(rf"\b(fact|trigger|clause) {label}\b|because {label}\b", texts) or "." in rule.id, rule.id
    for name in (*(found.id for found in core.definitions.values()), *core.figures):
        if not name.startswith(("england.", "doncaster.")):
            assert f"the value of {name} is" in texts, name


def test_no_policy_draws_a_remark_and_every_rule_is_cited(tried: tuple[Policy, list[CaseResult], str]) -> None:
    """The policies load without a warning, cite for every rule, and give each interpretation a reason."""
    policy, _, _ = tried
    assert policy.warnings == ()
    assert [rule.id for rule in policy.core.rules.values() if rule.sort in ("fact", "trigger") and not rule.cites] == []
    assert [name for name, reason in policy.core.interpretations.items() if len(reason) < 40] == []


def test_the_category_is_decided_without_what_the_year_holds() -> None:
    """A decision of category says nothing of visits, calendar or targets: it stays short enough to be read."""
    core = policy_of("doncaster.school_improvement").core
    assert core.figures == {}
    decision = policy_of("doncaster.school_improvement").decide(
        SchoolEvidence.model_validate({"urn": "990001", "phase": "infant", "legal_type": "community"}), on=AUTUMN
    )
    assert not {item.action for item in decision.consequences} & {"assess_school", "discuss_with_leaders", "meet"}


def test_a_school_of_which_nothing_is_known_is_decided_exactly() -> None:
    """With a number only, the category that the year reads is exact, and the bound of questions is not reached."""
    decision = policy_of("doncaster.school_year").decide(SchoolEvidence(urn="990001"), on=AUTUMN)
    category = decision.classifications["doncaster.school_improvement.category"]
    assert (category.status, category.exact) == ("undetermined", True)


def test_the_figures_of_a_cohort_have_limits_where_grades_are_missing() -> None:
    """Of three maintained schools two are good and one has no published grade: from two thirds to all."""
    schools = [
        {"urn": f"99000{n}", "legal_type": "community", "inspections": [{"date": "2014-03-12", "grade": grade}]}
        for n, grade in ((1, "good"), (2, "outstanding"), (3, None))
    ]
    records = [SchoolEvidence.model_validate(school) for school in schools]
    decision = policy_of("doncaster.targets").decide(records[0], on=AUTUMN, cohort=Cohort("Wintersfield", records))
    figures = {item.id: item for item in decision.figures}
    assert figures["good_or_better"].between == (pytest.approx(200 / 3), 100)
    triggers = {item.id: item.status for item in decision.triggers}
    assert triggers["too_few_good"] == "undetermined"


def test_the_plans_of_an_authority_are_decided_from_its_own_evidence() -> None:
    """A milestone done a day late leaves the plan behind, and says which one it was."""
    policy = policy_of("doncaster.ks2_initiative")
    model = model_of(policy.core.vocabulary)
    late = model.model_validate({"code": "990", "name": "Wintersfield", "ks2_strategy_launched": "2015-10-01"})
    decision = policy.decide(late, on=AUTUMN)
    assert decision.subject.label == "Wintersfield"
    assert decision.classifications["progress"].because == ("progress.september_2015",)
    assert "key stage 2 strategy was launched across the authority is after 30 September 2015" in decision.to_text()


def test_documents_that_disagree_keep_their_own_dates() -> None:
    """The FFT targets are due in November by the Initiative and in December by the Action Plan, on the same evidence."""
    for name, late in (("doncaster.ks2_initiative", True), ("doncaster.post_ofsted_action_plan", False)):
        policy = policy_of(name)
        evidence = model_of(policy.core.vocabulary).model_validate({"code": "990", "fft_targets_revised": "2015-12-20"})
        decision = policy.decide(evidence, on=date(2016, 1, 10))
        possible = decision.classifications["progress"].possible
        assert (possible == ("behind",)) is late, name
    assert shipped.policies_folder().is_dir()
