"""Deciding again: by another edition, with what became known later, and where an outcome comes out otherwise first."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.ledger import town

from si_rules import Cohort, Ledger, PolicyLibrary
from si_rules.ledger import replaying
from si_rules.semantics.declared import LEGEND

RESULTS = {"2014-15": {"published": "2015-12-10", "rwm_level_4_plus": 40}}
LATER = date(2016, 1, 10)


TEXT = """
policy town.care
  title "Care for the schools of a fictional town"
  edition {edition}
  in force {first} to {last}
  vocabulary school 1

legend
{legend}

source P "A policy of a fictional town"

evidence inspection.grade "the overall grade given by Ofsted"
  scale from best to worst: outstanding, good, requires_improvement, inadequate

trigger looked_after "the school is looked after"
  cites P "1"
  holds when all of
    - latest inspection.grade is {grade}
"""


def editions(folder: Path) -> PolicyLibrary:
    """A policy in two editions, of which the later one is stricter."""
    for edition, first, last, grade in [
        ("2015-16", "2015-09-01", "2016-08-31", "inadequate"),
        ("2016-17", "2016-09-01", "2017-08-31", "requires_improvement or worse"),
    ]:
        legend = "\n".join(f'  "{line}"' for line in LEGEND)
        path = folder / edition / "care.policy"
        path.parent.mkdir(parents=True)
        text = TEXT.format(edition=edition, first=first, last=last, grade=grade, legend=legend)
        path.write_text(text, encoding="utf-8")
    return PolicyLibrary.open(folder)


def primary(number: int, **more: Any) -> Any:
    return town.school(number, phase="primary", ks2=RESULTS, **more)


def test_each_decision_has_the_edition_of_its_day(ledger: Ledger, tmp_path: Path) -> None:
    """On 31 August one edition decides and on 1 September the next, each kept with its own text."""
    library = editions(tmp_path / "policies")
    evidence = town.school(0)
    days = (date(2016, 8, 31), date(2016, 9, 1))
    receipts = ledger.record_many(library.in_force("town.care", day).decide(evidence, on=day) for day in days)
    documents = [ledger.find(receipt.id).document for receipt in receipts]
    assert [document["policy"]["edition"] for document in documents] == ["2015-16", "2016-17"]
    assert documents[0]["texts"] != documents[1]["texts"]
    shutil.rmtree(tmp_path / "policies")
    assert [ledger.replay(receipt.id).status for receipt in receipts] == ["same", "same"]
    said = [ledger.outcome(receipt.id)["triggers"]["looked_after"] for receipt in receipts]
    assert said == ["does_not_hold", "holds"]


def test_what_was_published_later_is_listed_as_ignored(ledger: Ledger) -> None:
    """A decision known at a day before results came out lists them, and comes out the same without them."""
    receipt = ledger.record(town.policy().decide(primary(0), on=LATER, known_at=town.ON))
    assert ledger.outcome(receipt.id)["ignored_evidence"] == [
        ["ks2.2014-15", "published 2015-12-10, after what was known at 2015-11-04"]
    ]
    assert ledger.replay(receipt.id).status == "same"


def test_what_became_known_later_would_have_changed_some(ledger: Ledger) -> None:
    """Of two decisions, that differs for which results came out in between; nothing is recorded by asking."""
    with_results, without = ledger.record_many([town.policy().decide(school, on=LATER, known_at=town.ON)
                                                for school in (primary(0), town.school(1))])  # fmt: skip
    changed = ledger.replay_known_at(with_results.id, LATER)
    assert (changed.status, changed.rule) == ("differs", "under_performance")
    assert changed.where is not None
    assert changed.was != changed.now
    assert ledger.replay_known_at(without.id, LATER).status == "same"
    assert len(ledger) == 2


def test_evidence_from_elsewhere_is_what_is_known_later(ledger: Ledger) -> None:
    """What is given about a school takes the place of what was recorded, and only for a later day."""
    receipt = ledger.record(town.decided(0))
    grade = [{"date": "2015-03-12", "grade": "inadequate", "category_of_concern": "special_measures"}]
    ledger.give([town.school(0, inspections=grade)])
    changed = ledger.replay_known_at(receipt.id, LATER)
    assert (changed.status, changed.where, changed.now) == ("differs", "classifications.category.status", "determined")
    assert ledger.replay(receipt.id).status == "same"


def test_figures_with_what_is_known_later(ledger: Ledger) -> None:
    """Later evidence about a member changes the figures of the others' decisions."""
    policy = PolicyLibrary.bundled().edition("doncaster.targets", town.EDITION)
    records = [town.school(number) for number in range(4)]
    decision = policy.decide(records[0], on=town.ON, cohort=Cohort("four", records))
    receipt = ledger.record(decision)
    assert ledger.replay_known_at(receipt.id, LATER).status == "same"
    outstanding = [{"date": "2015-03-12", "grade": "outstanding", "category_of_concern": "no_category"}]
    ledger.give([town.school(3, inspections=outstanding)])
    changed = ledger.replay_known_at(receipt.id, LATER)
    assert changed.status == "differs"
    assert (changed.was, changed.now) == ("holds", "does_not_hold")


def test_an_earlier_day_is_no_later_knowledge(ledger: Ledger) -> None:
    """What was known before the decision's own day of knowledge is not asked."""
    receipt = ledger.record(town.decided(0))
    found = ledger.replay_known_at(receipt.id, date(2015, 1, 1))
    assert found.status == "not replayed"
    assert "which is later" in str(found.why)


def test_what_another_edition_would_have_said(ledger: Ledger, tmp_path: Path) -> None:
    """On the same evidence and day, in force or not; the same edition says the same."""
    library = editions(tmp_path / "policies")
    first, second = library.edition("town.care", "2015-16"), library.edition("town.care", "2016-17")
    receipt = ledger.record(first.decide(town.school(0), on=town.ON))
    changed = ledger.replay_as_if(receipt.id, second)
    assert (changed.status, changed.where) == ("differs", "triggers.looked_after")
    assert (changed.was, changed.now) == ("does_not_hold", "holds")
    assert ledger.replay_as_if(receipt.id, first).status == "same"
    assert ledger.replay(receipt.id).status == "same"


def test_the_first_difference_names_rule_value_and_version(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an engine decides otherwise, the rule, what stood and stands there, and both versions are told."""
    receipt = ledger.record(town.decided(0))
    honest = replaying.outcome_of

    def another(decision: Any) -> dict[str, Any]:
        found = honest(decision)
        found["classifications"]["category"]["possible"].remove("4")
        told = found["truths"]["undetermined"].split()
        told.remove("category.4a")
        found["truths"]["undetermined"] = " ".join(told)
        return found

    monkeypatch.setattr(replaying, "outcome_of", another)
    monkeypatch.setattr(replaying, "__version__", "9.0")
    found = ledger.replay(receipt.id)
    assert (found.status, found.rule) == ("differs", "category.4a")
    assert str(found.where).startswith("classifications.category.possible")
    assert found.why is not None
    assert "first by the rule category.4a, which was undetermined and is does not hold" in found.why
    assert found.why.endswith("decided again by 9.0")
