"""Policies that use others: names under the other's id, the edition in force on the day, digests over both."""

from datetime import date
from pathlib import Path

import pytest

from si_rules import PolicyError, PolicyLibrary, SchoolEvidence, open_policy
from si_rules.semantics.declared import LEGEND
from si_rules.semantics.invariants import broken
from si_rules.tools.scenarios.running import run_files

WRITTEN_LEGEND = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND)
NATIONAL = """policy england.attendance
  title "Attendance"
  edition {edition}
  in force {first} to {last}
  vocabulary school 1

{legend}
source DFE "The national rules"

results attendance "attendance over a school year"
  each academic year, became known on published
  due on 25 March after the year ends on 31 August

evidence attendance.overall "possible sessions attended"
  percent

parameter least "the least attendance" : percent
  cites DFE "1"
  interpretation LEAST "One figure for all."
  for 2011-12: {figure}
  for 2012-13: {figure}
  for 2013-14: {figure}
  for 2014-15: {figure}
  for 2015-16: {figure}

trigger poor "poor attendance"
  cites DFE "2"
  holds when latest attendance.overall is under least

trigger very_poor "poor attendance twice"
  cites DFE "3"
  holds when all of
    - poor holds
    - previous attendance.overall is under least
"""
OWN = """policy council.concern
  title "Concern"
  edition 2015-16
  in force 2015-09-01 to 2016-08-31
  vocabulary school 1
  uses england.attendance

{legend}
source OWN "Our own rules"
party authority "the authority"
action visit "visit the school"

trigger concern "a concern"
  cites OWN "1"
  holds when england.attendance.poor holds
  what follows
    authority must visit

classification tier "Tier"
  cites OWN "2"
  applies to every school
  when several classes hold, the most serious stands: high
  when no class holds, unmatched
  when evidence is missing, undetermined between the outcomes still possible, unless only one is left
  class high "High"
    cites OWN "2"
    clause h, when concern holds
"""


def written(folder: Path, *national: tuple[str, str, str, str]) -> Path:
    """A library with the council's policy and some national editions: name, first and last day, figure.

    It lies deep, so that no other test's library is among the folders above it.
    """
    folder = folder / "a" / "b" / "c" / "library"
    for edition, first, last, figure in national:
        place = folder / "england" / edition
        place.mkdir(parents=True)
        text = NATIONAL.format(edition=edition, first=first, last=last, figure=figure, legend=WRITTEN_LEGEND)
        (place / "attendance.policy").write_text(text, encoding="utf-8")
    place = folder / "council" / "2015-16"
    place.mkdir(parents=True)
    (place / "concern.policy").write_text(OWN.format(legend=WRITTEN_LEGEND), encoding="utf-8")
    return folder


SCHOOL = SchoolEvidence.model_validate({"urn": "900001", "attendance": {"2013-14": {"overall": "95"}}})
WHOLE = ("one", "2015-01-01", "2017-12-31", "96%")


def test_a_fact_of_another_policy_is_asked_under_its_id(tmp_path: Path) -> None:
    """What the other states decides here, with its interpretations and citations; its triggers are not told here."""
    library = PolicyLibrary(written(tmp_path, WHOLE), keep=False)
    policy = library.in_force("council.concern", date(2015, 11, 4))
    assert broken(policy.core) == []
    decision = policy.decide(SCHOOL, on=date(2015, 11, 4))
    assert decision.classifications["tier"].outcome == "high"
    assert [item.id for item in decision.triggers] == ["concern"]
    assert decision.rests_on == ("england.attendance.LEAST",)
    assert "england.attendance.very_poor" not in policy.core.rules
    assert "england.attendance.DFE" in decision.to_json(explain=True)


def test_the_edition_in_force_on_the_day_counts(tmp_path: Path) -> None:
    """Where the other policy changes its edition within ours, each day is decided with the one in force on it."""
    editions = ("a", "2015-01-01", "2015-12-31", "96%"), ("b", "2016-01-01", "2016-12-31", "94%")
    policy = PolicyLibrary(written(tmp_path, *editions), keep=False).in_force("council.concern", date(2015, 11, 4))
    outcomes = [
        policy.decide(SCHOOL, on=day).classifications["tier"].status for day in (date(2015, 12, 31), date(2016, 1, 1))
    ]
    assert outcomes == ["determined", "unmatched"]


def test_the_digest_takes_in_what_is_used(tmp_path: Path) -> None:
    """Another figure in the other policy gives another digest here."""
    digests = set()
    for number, figure in enumerate(("96%", "94%")):
        folder = written(tmp_path / str(number), ("one", "2015-01-01", "2017-12-31", figure))
        digests.add(open_policy(folder / "council" / "2015-16", keep=False).digest)
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("national", "said"),
    [
        ((), "there is no policy `england.attendance` to use"),
        ((("one", "2015-01-01", "2016-03-31", "96%"),), "no edition of `england.attendance` is in force on 2016-04-01"),
        ((("one", "2015-01-01", "2016-03-31", "96%"), ("two", "2016-03-31", "2017-01-01", "96%")), "two editions of"),
        ((("one", "2015-01-01", "2017-01-01", "96"),), "cannot be used"),
    ],
)
def test_a_policy_that_cannot_be_used_is_told_where_it_is_named(
    tmp_path: Path, national: tuple[tuple[str, str, str, str], ...], said: str
) -> None:
    """None, one with a hole in time, two at once, one with a fault: a finding at the line `uses`."""
    with pytest.raises(PolicyError) as caught:
        open_policy(written(tmp_path, *national) / "council" / "2015-16", keep=False)
    (found,) = caught.value.diagnostics
    assert (found.code, found.source.place(found.span.start)[0]) == ("SI603", 6)
    assert said in found.message


def test_policies_that_use_each_other_are_refused(tmp_path: Path) -> None:
    """A circle of uses is a finding, not an endless walk."""
    folder = written(tmp_path, WHOLE)
    path = folder / "england" / "one" / "attendance.policy"
    text = path.read_text(encoding="utf-8").replace(
        "  vocabulary school 1\n", "  vocabulary school 1\n  uses council.concern\n"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match="cannot be used"):
        open_policy(folder / "council" / "2015-16", keep=False)


def test_a_scenario_is_decided_with_the_edition_used_on_its_day(tmp_path: Path) -> None:
    """Scenarios before and after the other policy changes each meet the one in force on their day."""
    editions = ("a", "2015-01-01", "2015-12-31", "96%"), ("b", "2016-01-01", "2016-12-31", "94%")
    folder = written(tmp_path, *editions) / "council" / "2015-16"
    text = "scenarios for council.concern 2015-16\n  on 2015-12-31\n\n"
    for day, outcome in (("2015-12-31", "high"), ("2016-01-01", "unmatched")):
        text += f'scenario "{day}"\n  on {day}\n  given\n    attendance.overall in 2013-14 is 95%\n  expect\n    tier is {outcome}\n\n'
    (folder / "x.scenarios").write_text(text, encoding="utf-8")
    policy = open_policy(folder, keep=False)
    results, mistakes = run_files(policy.core, policy.digest, [folder / "x.scenarios"], policy.later)
    assert mistakes == []
    assert [failure.message for result in results for failure in result.failures] == []
    assert len(results) == 2
