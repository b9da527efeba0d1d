"""Where a datum stands: kept by path, repeated in explanations, and nothing that a decision hangs on."""

import json
from datetime import date
from typing import Any

import pytest

from si_rules import SchoolEvidence
from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.facts import facts_of
from si_rules.evidence.readers import Refusal, read_evidence
from si_rules.evidence.tables.lines import line_of
from si_rules.pipeline import load, load_vocabulary
from si_rules.policy import Policy, PolicyLibrary
from si_rules.semantics.declared import LEGEND

ON = date(2015, 11, 4)
SCHOOL: dict[str, Any] = {
    "urn": "990301",
    "phase": "primary",
    "inspections": [{"date": "2015-03-12", "grade": "requires_improvement", "category_of_concern": "no_category"}],
    "ks2": {"2013-14": {"published": "2014-12-11", "eligible_pupils": 20, "rwm_level_4_plus": {"absent": "suppressed"},
                        "reading_expected_progress": 50}},
}  # fmt: skip
SOURCES = {
    "phase": {"table": "schools.csv", "row": 12},
    "inspections.2015-03-12": {"table": "inspections.csv", "row": 7},
    "ks2.2013-14": {"table": "ks2.csv", "row": 812, "published": "2014-12-11"},
    "ks2.2013-14.reading_expected_progress": {"table": "ks2_full.csv", "row": 3},
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)


def school(**more: Any) -> SchoolEvidence:
    return SchoolEvidence.model_validate_json(json.dumps({**SCHOOL, **more}))


def told(policy: Policy, record: SchoolEvidence) -> dict[str, str | None]:
    """Where each datum of an explanation is said to come from."""
    found: dict[str, str | None] = {}
    waiting = [json.loads(policy.decide(record, on=ON).to_json(explain=True))["explanation"]]
    while waiting:
        step = waiting.pop()
        found |= {used["path"]: used["provenance"] for used in step["evidence"]}
        waiting += step["items"]
    return found


def test_explanations_cite_table_row_and_day(policy: Policy) -> None:
    """A value, and a missing one too, is told with its table, its row and the day of publication."""
    found = told(policy, school(provenance=SOURCES))
    assert found["phase"] == "schools.csv, row 12"
    assert found["inspections.latest.grade"] == "an inspection by Ofsted, 2015-03-12, inspections.csv, row 7"
    assert found["ks2.2013-14.rwm_level_4_plus"] == "ks2.csv, row 812, published 2014-12-11"


def test_without_places_explanations_are_as_they_were(policy: Policy) -> None:
    """Evidence without places is told by its day and its record."""
    found = told(policy, school())
    assert found["phase"] is None
    assert found["inspections.latest.grade"] == "an inspection by Ofsted, 2015-03-12"


def test_a_place_of_its_own_goes_before_that_of_the_year(policy: Policy) -> None:
    """One field of a year may stand in another table; its day is that of the year where the place has none."""
    facts = facts_of(school(provenance=SOURCES), policy.core, ON, ON)
    datum = facts.at("ks2.2013-14.reading_expected_progress")
    assert getattr(datum, "provenance", None) == "ks2_full.csv, row 3, published 2014-12-11"


def test_no_decision_hangs_on_places(policy: Policy) -> None:
    """The decision is the same to the byte, its digest of the evidence too."""
    assert policy.decide(school(), on=ON).to_json() == policy.decide(school(provenance=SOURCES), on=ON).to_json()


def test_they_survive_lines_of_json() -> None:
    """A record written as a line and read again is the same record, places and disputes included."""
    source = {"table": "ks2.csv", "row": 5, "published": "2014-12-11"}
    disputed = {"disputed": [{"value": 60, "from": "department", "source": source}, {"value": 61, "from": "school"}]}
    years = {"2013-14": {"of_predecessor": "990201", "rwm_level_4_plus": disputed,
                         "eligible_pupils": {"absent": "suppressed", "at_least": 1, "under": 6}}}  # fmt: skip
    record = school(provenance=SOURCES, ks2=years)
    (again,) = read_evidence(line_of(record), SchoolEvidence, "urn")
    assert again == record
    assert line_of(record) == line_of(again) if not isinstance(again, Refusal) else False


def test_a_disputed_figure_tells_where_each_stands(policy: Policy) -> None:
    """Both rows are told beside the figures that differ."""
    sources = [{"table": name, "row": row, "published": "2014-12-11"} for name, row in (("a.csv", 5), ("b.csv", 9))]
    disputed = {"disputed": [{"value": 60, "from": "department", "source": sources[0]},
                             {"value": 61, "from": "school", "source": sources[1]}]}  # fmt: skip
    record = school(ks2={"2013-14": {"published": "2014-12-11", "rwm_level_4_plus": disputed}})
    datum = facts_of(record, policy.core, ON, ON).at("ks2.2013-14.rwm_level_4_plus")
    assert getattr(datum, "provenance", None) == (
        "department: a.csv, row 5, published 2014-12-11; school: b.csv, row 9, published 2014-12-11"
    )


def test_a_missing_number_is_told_with_its_limits(policy: Policy) -> None:
    """What is known of it all the same stands beside the reason."""
    years = {"2013-14": {"published": "2014-12-11", "rwm_level_4_plus": {"absent": "not_published", "under": 50}}}
    text = policy.decide(school(ks2=years), on=ON).to_text(explain=True)
    assert "not published: under 50%" in text


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ({"phse": {"table": "a.csv", "row": 1}}, "'phse' is no place in this evidence"),
        ({"ks9.2013-14": {"table": "a.csv", "row": 1}}, "'ks9.2013-14' is no place in this evidence"),
    ],
)
def test_a_place_of_nothing_is_refused(policy: Policy, sources: dict[str, Any], reason: str) -> None:
    """A slip in a path would lose the place silently."""
    with pytest.raises(EvidenceError, match=reason):
        facts_of(school(provenance=sources), policy.core, ON, ON)


@pytest.mark.parametrize(
    "source",
    [{"table": "", "row": 1}, {"table": "a.csv", "row": 0}, {"table": "a.csv", "row": "1.5"}, {"table": "a.csv"}],
)
def test_a_place_is_a_table_and_a_row(source: dict[str, Any]) -> None:
    """A place without a table, or in a row that cannot be, is refused with the record."""
    (found,) = read_evidence(json.dumps({**SCHOOL, "provenance": {"phase": source}}), SchoolEvidence, "urn")
    assert isinstance(found, Refusal)
    assert found.path.startswith("provenance.phase")


VOCABULARY = b"""vocabulary plot 1
  subject plot, plural plots
  identified by number

records former_plot "a plot that this one was made of"
  listed under former_plots
  happened on date, became known on published

evidence area "its area"
  number

results harvest "what was grown"
  each academic year, became known on published
  those of a former_plot marked by of_plot

evidence harvest.weight "the weight"
  number
"""
POLICY = """policy town.plots
  title "Plots"
  edition 2015-16
  in force 2015-09-01 to 2016-08-31
  vocabulary plot 1

legend
LEGEND
source RULES "The rules"

evidence area "its area"
  number

results harvest "what was grown"
  each academic year, became known on published
  due on 1 November after the year ends on 31 August
  counts those of a former_plot
    cites RULES "1"

evidence harvest.weight "the weight"
  number

trigger large "a large plot"
  cites RULES "2"
  holds when area is at least 100

trigger heavy "a heavy harvest"
  cites RULES "3"
  holds when latest harvest.weight is at least 10
"""


def test_any_vocabulary_has_places_and_marks() -> None:
    """The model made from a vocabulary takes them, and decisions with it repeat them."""
    vocabulary, remarks = load_vocabulary("plot.vocabulary", VOCABULARY)
    assert vocabulary is not None
    assert not remarks
    text = POLICY.replace("LEGEND", "\n".join(f'  "{sentence}"' for sentence in LEGEND))
    loaded = load({"plots.policy": text.encode()}, ("plot.vocabulary", VOCABULARY), keep=False)
    assert loaded.policy is not None, loaded.diagnostics
    record = {
        "number": "P1", "area": 120, "harvest": {"2014-15": {"published": "2015-10-01", "weight": 12, "of_plot": "P0"}},
        "provenance": {"area": {"table": "survey.csv", "row": 4}, "harvest.2014-15": {"table": "yield.csv", "row": 8}},
    }  # fmt: skip
    (evidence,) = read_evidence(json.dumps(record), model_of(vocabulary), "number")
    assert not isinstance(evidence, Refusal)
    facts = facts_of(evidence, loaded.policy, ON, ON)
    assert getattr(facts.at("area"), "provenance", None) == "survey.csv, row 4"
    assert getattr(facts.at("harvest.2014-15.weight"), "provenance", None) == (
        "of the former plot P0, yield.csv, row 8, published 2015-10-01"
    )
    assert json.loads(line_of(evidence)) == record
