"""The first policy: Doncaster's School Improvement Strategy 2015-16."""

from datetime import date
from pathlib import Path

import pytest

from si_rules import PolicyLibrary, SchoolEvidence, shipped
from si_rules.evidence.conformity import lacks
from si_rules.policy import Policy
from si_rules.tools.scenarios.coverage import WAYS, coverage, gaps
from si_rules.tools.scenarios.running import CaseResult, run_files

FOLDER = shipped.policies_folder() / "doncaster/school_improvement/2015-16"
AUTUMN = date(2015, 11, 4)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=AUTUMN)


@pytest.fixture(scope="module")
def results(policy: Policy) -> list[CaseResult]:
    files: list[Path] = sorted(FOLDER.glob("*.scenarios"))
    found, mistakes = run_files(policy.core, policy.digest, files)
    assert mistakes == []
    return found


def test_every_expectation_of_every_scenario_is_met(results: list[CaseResult]) -> None:
    """The policy's own tests pass."""
    assert [failure.message for result in results for failure in result.failures] == []


def test_everything_in_the_policy_is_seen_in_every_way(policy: Policy, results: list[CaseResult]) -> None:
    """Each clause, fact, trigger and class has a scenario in which it decides and one for each of its truths; each
    consequence one in which it follows and one in which it is possible.
    """
    lacking = gaps(coverage(results, policy.core), WAYS)
    assert [(thing.sort, thing.name, ways) for thing, ways in lacking] == []


def test_every_rule_of_the_scenarios_is_expected_somewhere_by_name(policy: Policy, results: list[CaseResult]) -> None:
    """Each clause, fact and trigger of its own is named in an expectation, so that no truth is seen unchecked."""
    texts = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.scenarios"))
    own = [name for name in policy.core.rules if not name.startswith("england.accountability.")]
    assert len(own) > 40
    for name in own:
        label = name.rpartition(".")[2]
        assert f"clause {label} " in texts or f"fact {label} " in texts or f"trigger {label} " in texts, name


def test_no_policy_draws_a_remark(policy: Policy) -> None:
    """The shipped policy loads without a warning."""
    assert policy.warnings == ()


def test_the_school_model_fits_the_vocabulary(policy: Policy) -> None:
    """Every field of the vocabulary is in the model under its name."""
    assert lacks(SchoolEvidence, policy.core.evidence_vocabulary) == []


def test_with_urn_and_phase_only_everything_is_possible(policy: Policy) -> None:
    """All five classes and unmatched are possible, exactly, and nothing is determined."""
    decision = policy.decide(SchoolEvidence(urn="990001", phase="primary"), on=AUTUMN)
    category = decision.classifications["category"]
    assert (category.status, category.outcome, category.exact) == ("undetermined", None, True)
    assert category.possible == ("1", "2", "3", "4", "5", "unmatched")


def test_special_measures_alone_is_extreme_concern_and_needs_nothing(policy: Policy) -> None:
    """One fact determines category 5 and no need is listed for it."""
    evidence = SchoolEvidence.model_validate(
        {"urn": "990001", "inspections": [{"date": "2014-03-12", "category_of_concern": "special_measures"}]}
    )
    decision = policy.decide(evidence, on=AUTUMN)
    assert decision.classifications["category"].outcome == "5"
    assert decision.classifications["category"].because == ("category.5a",)
    assert decision.needs == ()


def test_an_infant_school_is_never_asked_for_key_stage_2(policy: Policy) -> None:
    """No need of an infant school names a result at key stage 2, and its triggers do not apply."""
    decision = policy.decide(SchoolEvidence(urn="990001", phase="infant"), on=AUTUMN)
    assert [path for item in decision.needs for path in item.needs.matters if path.startswith("ks2")] == []
    statuses = {item.id: item.status for item in decision.triggers}
    assert statuses["declining_trends"] == statuses["low_progress"] == "not_applicable"


@pytest.mark.parametrize("written", ["64.99999999999999999", '"64.99999999999999999"'])
def test_a_hair_under_the_floor_is_under_it(policy: Policy, written: str) -> None:
    """64.99999999999999999 against 65 is below, as a JSON number and as a text."""
    text = f'{{"urn": "990001", "phase": "primary", "ks2": {{"2013-14": {{"eligible_pupils": 20, "rwm_level_4_plus": {written}, "reading_expected_progress": 0, "writing_expected_progress": 0, "mathematics_expected_progress": 0}}}}}}'
    decision = policy.decide(SchoolEvidence.model_validate_json(text), on=AUTUMN)
    latest = next(item for item in walk(decision.explain()) if item.rule == "below_floor_latest")
    assert latest.truth == "holds"


def walk(step):  # type: ignore[no-untyped-def]
    """Every step of an explanation."""
    yield step
    for item in step.items:
        yield from walk(item)


def test_results_not_yet_published_are_ignored_and_listed(policy: Policy) -> None:
    """A decision known at November does not use results published in December, and says so."""
    text = (
        '{"urn": "990001", "phase": "primary", "ks2": {"2014-15": {"published": "2015-12-10", "rwm_level_4_plus": 40}}}'
    )
    evidence = SchoolEvidence.model_validate_json(text)
    early = policy.decide(evidence, on=AUTUMN)
    assert [(item.path, item.reason) for item in early.ignored_evidence] == [
        ("ks2.2014-15", "published 2015-12-10, after what was known at 2015-11-04")
    ]
    late = policy.decide(evidence, on=date(2016, 1, 10))
    assert late.ignored_evidence == ()


def test_an_inspection_after_the_decision_has_not_happened(policy: Policy) -> None:
    """A later inspection is ignored and listed; with no other, none was held."""
    evidence = SchoolEvidence.model_validate(
        {"urn": "990001", "inspections": [{"date": "2016-01-20", "category_of_concern": "special_measures"}]}
    )
    decision = policy.decide(evidence, on=AUTUMN, known_at=date(2016, 3, 1))
    assert [item.path for item in decision.ignored_evidence] == ["inspections.2016-01-20"]
    assert decision.classifications["category"].possible != ("5",)


def test_the_policy_speaks_of_what_its_source_does_and_owns_the_rest(policy: Policy) -> None:
    """Every rule and class cites a declared source, and every interpretation has its reason."""
    for rule in policy.core.rules.values():
        assert rule.cites, rule.id
    for name, reason in policy.core.interpretations.items():
        assert len(reason) > 40, name
