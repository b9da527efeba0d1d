"""Every example runs, and the fictional cohort shows what it is meant to show."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from si_rules import Decision, PolicyLibrary, Refusal, SchoolEvidence, read_evidence

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
COHORT = EXAMPLES / "01_fictional_cohort"
ON = date(2015, 11, 4)
RUNS = sorted(EXAMPLES.glob("[0-9][0-9]_*/run.py"))

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="needs the checkout: there is no folder examples")


def python(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, *map(str, arguments)]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"} | variables
    return subprocess.run(command, env=environment, capture_output=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    lines = (COHORT / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def decisions() -> list[Decision]:
    text = (COHORT / "evidence.jsonl").read_bytes()
    schools: list[SchoolEvidence] = []
    for item in read_evidence(text, SchoolEvidence, "urn"):
        assert not isinstance(item, Refusal), str(item)
        schools.append(item)
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)
    return list(policy.decide_many(schools, on=ON))


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.parent.name)
def test_an_example_runs_and_says_the_same_each_time(path: Path) -> None:
    """An example ends with exit code 0, prints something, and the same under every seed of the hashes."""
    first, second = python(path, PYTHONHASHSEED="1"), python(path, PYTHONHASHSEED="2")
    assert first.returncode == 0, first.stderr.decode()
    assert first.stdout
    assert not first.stderr
    assert first.stdout == second.stdout


def test_a_workbook_filled_in_says_all_that_was_judged(tmp_path: Path) -> None:
    """Judged by the workbook, which asks only what can matter, each school comes out as with every judgement there is."""
    pytest.importorskip("openpyxl")
    done = python(COHORT / "workbook.py", tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert b" 130 of 130 schools come out" in done.stdout


def test_the_examples_are_found() -> None:
    """There is a cohort and a single school, at least."""
    assert [path.parent.name for path in RUNS][:2] == ["01_fictional_cohort", "02_one_school"]


def test_the_generator_gives_the_evidence_that_is_kept() -> None:
    """The generator writes the same bytes, whatever the seed of the hashes."""
    script = "import sys, generate; sys.stdout.buffer.write(generate.evidence_text().encode())"
    for seed in ("1", "2"):
        done = python("-c", script, PYTHONPATH=str(COHORT), PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr.decode()
        assert done.stdout == (COHORT / "evidence.jsonl").read_bytes()


def test_the_schools_are_fictional_and_say_so(records: list[dict[str, Any]]) -> None:
    """130 schools, each with a number of the range kept for fiction, of a town that does not exist."""
    assert len(records) == 130
    assert [record["urn"] for record in records] == [str(990001 + place) for place in range(130)]
    assert len({record["name"] for record in records}) == 130
    assert all(record["name"].startswith("Wintersfield ") for record in records)


def test_every_kind_of_school_occurs(records: list[dict[str, Any]]) -> None:
    """Every phase of the vocabulary is there, and both maintained schools and academies."""
    assert len({record["phase"] for record in records}) == 9
    assert {"community", "voluntary_aided", "academy_converter", "academy_sponsored", "free_school"} <= {
        record["legal_type"] for record in records
    }


def test_results_are_where_there_are_pupils_to_have_them(records: list[dict[str, Any]]) -> None:
    """Schools without pupils at the end of key stage 2 have no results of it."""
    for record in records:
        assert ("ks2" in record) == (record["phase"] in ("junior", "primary", "middle", "all_through"))


def test_every_reason_of_absence_occurs(records: list[dict[str, Any]]) -> None:
    """Values are not supplied, not published and suppressed; a category is known to be none; keys are left out."""
    text = json.dumps(records)
    for reason in ("not_supplied", "not_published", "suppressed"):
        assert text.count(f'{{"absent": "{reason}"}}') >= 5
    assert sum(record.get("current_category") == {"none": True} for record in records) >= 5
    assert sum("current_category" not in record for record in records) >= 5
    assert any(record["inspections"] == [] for record in records)


def test_every_grade_and_category_of_concern_occurs(records: list[dict[str, Any]]) -> None:
    """Inspections are of all grades, some schools being in special measures and some having serious weaknesses."""
    inspections = [i for record in records if isinstance(record["inspections"], list) for i in record["inspections"]]
    assert {item["grade"] for item in inspections} == {"outstanding", "good", "requires_improvement", "inadequate"}
    concerns = [item["category_of_concern"] for item in inspections]
    assert min(concerns.count("special_measures"), concerns.count("serious_weaknesses")) >= 2


def test_about_two_thirds_are_judged(records: list[dict[str, Any]]) -> None:
    """Somebody has judged most of the schools, not all."""
    assert 78 <= sum("judgements" in record for record in records) <= 95


def test_every_judgement_is_one_the_policy_reads(records: list[dict[str, Any]]) -> None:
    """A judgement of a name the policy does not declare would be passed over in silence."""
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)
    given = {name for record in records for name in record.get("judgements", {})}
    assert given == set(policy.core.judgements)


def test_every_outcome_occurs(decisions: list[Decision]) -> None:
    """On 4 November 2015 each category, unmatched and undetermined come five times or more."""
    results = [decision.classifications["category"] for decision in decisions]
    counts = Counter(result.outcome or result.status for result in results)
    assert set(counts) == {"1", "2", "3", "4", "5", "unmatched", "undetermined"}
    assert min(counts.values()) >= 5
    assert counts["undetermined"] * 100 <= 55 * len(decisions)


def test_every_trigger_holds_somewhere(decisions: list[Decision]) -> None:
    """Each trigger of the policy holds for two schools or more."""
    counts = Counter(trigger.id for decision in decisions for trigger in decision.triggers if trigger.status == "holds")
    assert set(counts) == {trigger.id for trigger in decisions[0].triggers}
    assert min(counts.values()) >= 2


def test_every_trigger_comes_out_in_every_way(decisions: list[Decision]) -> None:
    """Each trigger of the policy also does not hold for some school, and is undetermined for some."""
    seen = {(trigger.id, trigger.status) for decision in decisions for trigger in decision.triggers}
    for trigger in decisions[0].triggers:
        for status in ("holds", "does_not_hold", "undetermined"):
            assert (trigger.id, status) in seen


def test_every_tier_occurs(decisions: list[Decision]) -> None:
    """Each tier, none, and several still possible come three times or more."""
    results = [decision.classifications["tier"] for decision in decisions]
    counts = Counter(result.outcome or result.status for result in results)
    assert set(counts) == {"1", "2", "3", "unmatched", "undetermined"}
    assert min(counts.values()) >= 3


def test_what_nobody_knew_is_not_used(decisions: list[Decision]) -> None:
    """The results of 2014-15 were published on 10 December 2015, so no decision of November rests on them."""
    ignored = [item for decision in decisions for item in decision.ignored_evidence if item.path == "ks2.2014-15"]
    assert len(ignored) >= 50
    assert all("published 2015-12-10" in item.reason for item in ignored)


def test_the_undetermined_say_what_they_need(decisions: list[Decision]) -> None:
    """Every undetermined category comes with what could settle it."""
    for decision in decisions:
        undetermined = decision.classifications["category"].status == "undetermined"
        assert any(item.outcome_of == "category" and item.needs.matters for item in decision.needs) == undetermined
