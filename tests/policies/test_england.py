"""The national policy: its scenarios, its end, and its decisions against a straight count of the published tables."""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from tests.policies import straight_count
from tests.policies.straight_count import FIGURES, KIND, LIMITS, UNDETERMINED, YEARS, answers

from si_rules import Decision, PolicyLibrary, SchoolEvidence, shipped
from si_rules.decisions.steps import Explanation
from si_rules.evidence.tables.importing import import_tables
from si_rules.evidence.tables.map_reading import bundled_maps
from si_rules.policy import NotInForce, Policy
from si_rules.tools.scenarios.coverage import WAYS, coverage, gaps
from si_rules.tools.scenarios.running import CaseResult, run_files

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = ("summers_2012_and_2013", "summers_2014_and_2015", "summers_2016_to_2018")
REAL = Path(os.environ.get("SI_RULES_REAL_DATA") or ROOT.parent / "shared" / "data" / "real")
LONG = os.environ.get("SI_RULES_LONG") == "1"
ONE_IN = 100  # of all schools, by their number; with SI_RULES_LONG=1 every one
PAGE = ROOT / "docs/explanation/national-floor.md"
WORDS = {"holds": "below", "does_not_hold": "not below", "not_applicable": "not applicable"}
REASONS = {"phase": KIND, "progress_upper": LIMITS, "progress_band": LIMITS, "progress_8_upper": LIMITS, "progress_8_band": LIMITS}  # fmt: skip

real = pytest.mark.skipif(not (REAL / "schools_2018.csv").is_file(), reason=f"the published tables are not in {REAL}")


@cache
def edition(name: str) -> Policy:
    return PolicyLibrary.bundled().edition("england.accountability", name)


def results_of(policy: Policy) -> list[CaseResult]:
    folder = shipped.policies_folder() / "england/accountability" / policy.edition
    found, mistakes = run_files(policy.core, policy.digest, sorted(folder.glob("*.scenarios")))
    assert mistakes == []
    return found


@pytest.mark.parametrize("name", EDITIONS)
def test_scenarios_are_met_and_see_everything_in_every_way(name: str) -> None:
    """Each rule has scenarios in which it decides, holds, does not hold, is undetermined, and does not apply."""
    policy = edition(name)
    assert policy.warnings == ()
    results = results_of(policy)
    assert [failure.message for result in results for failure in result.failures] == []
    lacking = gaps(coverage(results, policy.core), WAYS)
    assert [(thing.sort, thing.name, ways) for thing, ways in lacking] == []


@pytest.mark.parametrize("name", EDITIONS)
def test_every_rule_and_figure_is_cited_and_says_how_sure_it_is(name: str) -> None:
    """Each rule cites a place, and each figure says whether a source was found for it."""
    policy = edition(name)
    for rule in policy.core.rules.values():
        assert rule.cites, rule.id
    for parameter in policy.core.parameters.values():
        told = [cite.place for cite in parameter.cites]
        told += [policy.core.interpretations[item] for item in parameter.interpretations]
        assert told, parameter.name
        for text in told:
            assert "verified in" in text or "stated there" in text or "nothing was found" in text, (
                parameter.name,
                text,
            )
    for name_, reason in policy.core.interpretations.items():
        assert len(reason) > 40, name_


def test_every_edition_has_the_names_that_other_policies_use() -> None:
    """What a policy asks in one year is there in the next."""
    names = {f"below_{stage}_floor_{which}" for stage in ("ks2", "ks4") for which in ("latest", "previous")}
    medians = {"ks2_median_reading", "ks2_median_writing", "ks2_median_mathematics"}
    medians |= {"ks4_median_english", "ks4_median_mathematics"}
    others = {f"{stage}_{name}" for stage in ("ks2", "ks4") for name in ("attainment_floor", "fewest_pupils")}
    for name in EDITIONS:
        core = edition(name).core
        assert names <= core.rules.keys()
        assert medians | others <= core.parameters.keys()
    assert "coasting" in edition(EDITIONS[-1]).core.rules


def test_one_edition_follows_the_other_without_a_gap() -> None:
    """From 31 January 2013 to 31 August 2019 exactly one edition is in force, and after that none."""
    periods = [edition(name).in_force for name in EDITIONS]
    assert (periods[0][0], periods[-1][1]) == (date(2013, 1, 31), date(2019, 8, 31))
    assert [(later[0] - earlier[1]).days for earlier, later in pairwise(periods)] == [1, 1]
    with pytest.raises(NotInForce, match=r"no edition of .* is in force on 2019-09-01"):
        PolicyLibrary.bundled().in_force("england.accountability", on=date(2019, 9, 1))


def test_the_results_of_2019_have_no_floor() -> None:
    """As if the policy were still in force, the results of 2019 stay undetermined: it states no figure for them."""
    year = {"eligible_pupils": 30, "rwm_expected_standard": 20}
    scores = {f"{name}_progress_score": -9 for name in ("reading", "writing", "mathematics")}
    evidence = SchoolEvidence.model_validate({"urn": "990001", "phase": "primary", "ks2": {"2018-19": year | scores}})
    policy = edition(EDITIONS[-1])
    with pytest.raises(NotInForce):
        policy.decide(evidence, on=date(2020, 2, 1))
    decision = policy.decide(evidence, on=date(2020, 2, 1), as_if=True)
    assert {item.id: item.status for item in decision.triggers}["below_ks2_floor_latest"] == "undetermined"


def test_a_decision_of_2012_may_be_taken_as_if() -> None:
    """The results of 2011 are held to their floor; for those of 2010 the policy states none."""
    year = {"eligible_pupils": 30, "english_and_mathematics_level_4_plus": 59}
    progress = {"english_expected_progress": 86, "mathematics_expected_progress": 85}
    ks2 = {"2010-11": year | progress, "2009-10": year | progress}
    evidence = SchoolEvidence.model_validate({"urn": "990001", "phase": "primary", "ks2": ks2})
    decision = edition(EDITIONS[0]).decide(evidence, on=date(2012, 3, 1), as_if=True)
    statuses = {item.id: item.status for item in decision.triggers}
    assert (statuses["below_ks2_floor_latest"], statuses["below_ks2_floor_previous"]) == ("holds", "undetermined")


# ---- against a straight count of the published tables


def tables_of(folder: Path, urns: set[str], to: Path) -> None:
    """The tables, cut to some schools, as those of one authority 999.

    The days of opening and closing are left out, so that a school comes out also after it has closed, and a school
    that is only in the results has a row that says nothing.
    """
    listed = {row["URN"]: row for row in straight_count.rows(folder / "schools_2018.csv") if row["URN"] in urns}
    heading = list(next(iter(straight_count.rows(folder / "schools_2018.csv"))))
    blank = dict.fromkeys(heading, "")
    kept = [listed.get(urn, blank | {"URN": urn}) | {"LA": "999", "OPENDATE": "", "CLOSEDATE": ""} for urn in sorted(urns)]  # fmt: skip
    write(to / "schools_2018.csv", heading, kept)
    for path in sorted([*folder.glob("ks2_201[678]*.csv"), *folder.glob("ks4_201[678].csv")]):
        found = list(straight_count.rows(path))
        write(to / path.name, list(found[0]), [row for row in found if row["URN"] in urns])


def write(path: Path, heading: list[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, heading, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def all_schools() -> set[str]:
    found = set(straight_count.schools(REAL))
    for stage in ("ks2", "ks4"):
        for year in YEARS:
            found |= straight_count.results(REAL, stage, year).keys()
    return found


def evidence_of(urns: set[str], folder: Path) -> dict[str, SchoolEvidence]:
    tables_of(REAL, urns, folder)
    found = import_tables(folder, bundled_maps(), "999", date(2019, 3, 1))
    assert not found.remarks
    return {record.urn: record for record in found.records}


def told(decision: Decision, trigger: str) -> tuple[str, str]:
    """The word for a trigger, and what an undetermined one hangs on before all else."""
    status = {item.id: item.status for item in decision.triggers}[trigger]
    if status != "undetermined":
        return WORDS[status], ""
    steps = {step.rule: step for step in walk(decision.explain()) if step.items}
    paths = {path.rpartition(".")[2] for path in missing(steps[trigger], steps)}
    reasons = {next((REASONS[end] for end in REASONS if path.endswith(end)), FIGURES) for path in paths}
    return UNDETERMINED, next(item for item in (KIND, FIGURES, LIMITS) if item in reasons)


def walk(step: Explanation) -> Iterator[Explanation]:
    yield step
    for item in step.items:
        yield from walk(item)


def missing(step: Explanation, steps: dict[str | None, Explanation]) -> Iterator[str]:
    """The paths that are missing in whatever leaves a step undetermined."""
    if step.truth == "undetermined":
        step = steps.get(step.rule, step) if step.rule else step
        yield from (used.path for used in step.evidence if used.missing)
        for item in step.items:
            yield from missing(item, steps)


def compared(urns: set[str], folder: Path) -> Counter[tuple[str, int, str, str]]:
    """How often each answer came, after every one was compared with the straight count."""
    records = evidence_of(urns, folder)
    assert records.keys() == urns
    counted: Counter[tuple[str, int, str, str]] = Counter()
    straight = {(stage, year): answers(REAL, stage, year, urns) for stage in ("ks2", "ks4") for year in YEARS}
    different = []
    policy = edition(EDITIONS[-1])
    for urn, record in records.items():
        for year in YEARS:
            decision = policy.decide(record, on=date(year + 1, 2, 15))
            for stage in ("ks2", "ks4"):
                ours = told(decision, f"below_{stage}_floor_latest")
                theirs = straight[stage, year][urn]
                counted[stage, year, *ours] += 1
                if ours != (theirs.word, theirs.reason if theirs.word == UNDETERMINED else ""):
                    different.append((urn, stage, year, ours, theirs))
    assert different == []
    return counted


@real
def test_decisions_equal_the_straight_count_school_by_school(tmp_path: Path) -> None:
    """Key stages 2 and 4 of 2016, 2017 and 2018, in four answers with the reason: one school in a hundred, or all."""
    urns = {urn for urn in all_schools() if LONG or int(urn) % ONE_IN == 7}
    counted = compared(urns, tmp_path)
    assert {word for _, _, word, _ in counted} == {"below", "not below", "not applicable", UNDETERMINED}
    assert {reason for _, _, _, reason in counted} == {"", KIND, FIGURES, LIMITS}
    if LONG:
        print(*sorted(counted.items()), sep="\n")


@real
def test_where_figures_and_limits_are_published_every_row_is_settled(tmp_path: Path) -> None:
    """In the two tables with limits, only rows without figures are undetermined, and none for want of a limit."""
    full = {
        year: [row for row in straight_count.rows(REAL / f"ks2_{year}_la936_full.csv") if row["RECTYPE"] in ("1", "2")]
        for year in (2017, 2018)
    }
    records = evidence_of({row["URN"] for found in full.values() for row in found}, tmp_path)
    for year, found in full.items():
        words: Counter[str] = Counter()
        for row in found:
            decision = edition(EDITIONS[-1]).decide(records[row["URN"]], on=date(year + 1, 2, 15))
            word, reason = told(decision, "below_ks2_floor_latest")
            words[word] += 1
            cells = [row[name] for name in ("TELIG", "PTRWM_EXP", "READPROG_UPPER", "WRITPROG_UPPER", "MATPROG_UPPER")]
            if all(straight_count.number(cell) is not None for cell in cells):
                assert word != UNDETERMINED or reason == KIND, row["URN"]
            assert reason != LIMITS
        assert words["below"]
        assert words["not below"]


@real
def test_the_page_shows_the_table_that_the_tables_give() -> None:
    """docs/explanation/national-floor.md holds the straight count as it comes out."""
    page = PAGE.read_text(encoding="utf-8")
    for stage in ("ks2", "ks4"):
        assert "\n".join(straight_count.table(REAL, stage)) in page


@real
def test_the_published_counts_lie_between_the_fewest_and_the_most() -> None:
    """665, 511 and 364 at key stage 2, and 282, 365 and 346 at key stage 4, are all possible counts."""
    for stage, published in straight_count.PUBLISHED.items():
        for year, count in published.items():
            lines = dict(straight_count.span(list(answers(REAL, stage, year).values())))
            fewest, most = (value for name, value in lines.items() if name.startswith("**"))
            assert fewest <= count <= most, (stage, year)
