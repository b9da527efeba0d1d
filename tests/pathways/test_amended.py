"""Amendments of pathways: each event goes by the rules of its day, and running deadlines keep or change as is said."""

from datetime import date
from pathlib import Path

import pytest

from si_rules import Case, History, HistoryEntry, PolicyLibrary
from si_rules.semantics.declared import LEGEND

WRITTEN_LEGEND = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND)
PATHWAY = """pathway help "A school that asks for help"
  cites PLAN "{page}"
  begins with asked, in {first}
{open}  state {first} "waiting"
{carries}    upon visited, to done
    officer must visit, within {days} days after asked, met by visited
  state done "done", ends here
"""
POLICY = """policy council.help
  title "Help"
  edition 2015-16
  in force 2015-09-01 to 2016-08-31
  vocabulary school 1

{legend}
source PLAN "A plan"
party officer "the officer"
action visit "visit the school"
event asked "the school asks for help"
event visited "the school is visited"

{pathway}"""
AMENDMENT = """amendment of council.help 2015-16
  title "Sooner"
  from 2016-04-18
  adopted {adopted}
  replaces help
  cites PLAN "9"

{legend}
{pathway}"""


def followed(folder: Path, asked: str, *, open_cases: bool, carries: bool, known_at: str | None = None,
             adopted: str = "2016-03-01", visited: str | None = None) -> Case:  # fmt: skip
    old = PATHWAY.format(page="1", first="waiting", open="", carries="", days=60)
    new = PATHWAY.format(
        page="9",
        first="expecting" if carries else "waiting",
        open="  applies to open cases\n" if open_cases else "",
        carries="    carries waiting\n" if carries else "",
        days=20,
    )
    place = folder / "a" / "b" / "c" / "d" / "help"
    place.mkdir(parents=True)
    (place / "help.policy").write_text(POLICY.format(legend=WRITTEN_LEGEND, pathway=old), encoding="utf-8")
    (place / "sooner.policy").write_text(
        AMENDMENT.format(legend=WRITTEN_LEGEND, pathway=new, adopted=adopted), encoding="utf-8"
    )
    days = [("asked", asked), *([("visited", visited)] if visited else [])]
    events = [HistoryEntry(event=event, date=date.fromisoformat(day)) for event, day in days]
    history = History(subject="990001", events=events)
    known = None if known_at is None else date.fromisoformat(known_at)
    library = PolicyLibrary(place.parent, keep=False)
    return library.follow("council.help", history, on=date(2016, 5, 1), known_at=known)


def due(case: Case) -> date | None:
    (duty,) = case.tracks[0].duties
    return duty.due


def test_a_deadline_goes_by_the_rules_of_the_day_on_which_it_began(tmp_path: Path) -> None:
    """Asked before the amendment: 60 days, though it counts by now."""
    assert due(followed(tmp_path, "2016-04-01", open_cases=False, carries=False)) == date(2016, 5, 31)


def test_a_case_that_begins_after_goes_by_the_amendment(tmp_path: Path) -> None:
    """Asked on its first day: 20 days."""
    assert due(followed(tmp_path, "2016-04-18", open_cases=False, carries=False)) == date(2016, 5, 8)


def test_an_amendment_may_say_that_it_applies_to_open_cases(tmp_path: Path) -> None:
    """A deadline that runs is that of the amendment, where it says so."""
    assert due(followed(tmp_path, "2016-04-01", open_cases=True, carries=False)) == date(2016, 4, 21)


def test_a_state_that_an_amendment_renames_is_carried(tmp_path: Path) -> None:
    """Where it says `carries`, the next event finds the case in the state of the new name, and is no departure."""
    case = followed(tmp_path, "2016-04-01", open_cases=False, carries=True, visited="2016-04-25")
    (track,) = case.tracks
    assert [step.came_from for step in track.steps] == [None, "expecting"]
    assert [state.state for state in track.states] == ["done"]
    assert track.departures == ()


@pytest.mark.parametrize(("known_at", "day"), [("2016-05-01", date(2016, 6, 17)), ("2016-05-10", date(2016, 5, 8))])
def test_an_amendment_not_yet_adopted_does_not_move_a_case(tmp_path: Path, known_at: str, day: date) -> None:
    """Adopted late, it counts from its day on for whoever knows of it, and not before."""
    case = followed(tmp_path, "2016-04-18", open_cases=False, carries=False, known_at=known_at, adopted="2016-05-10")
    assert due(case) == day
