"""Scenarios of a case: what a history may say, what may be expected of what it comes to, and what is said where it is not so."""

import pytest
from tests.tools.books import HEADER, books, tried

from si_rules.source.screening import read_source
from si_rules.syntax.formatting import lay_out
from si_rules.tools.scenarios.coverage import Covered, coverage

PATHWAYS = """
event missed "it was missed"
event sought "it was sought"
event written "the borrower was written to"
evidence written.tone "how the letter sounds"
  scale from best to worst: kind, stern
evidence written.copies "how many copies"
  copies between 0 and 50
event found "it was found"
event sold "it was sold"

fact was_written "somebody was written to"
  cites SRC "10"
  holds when written has happened

pathway search "A book that is missed"
  cites SRC "10"
  applies to books with reading_room
  begins with missed, in missing
  stage away "away"
    keeper will report, within 7 days after missed, met by written
      cites SRC "10a"
      interpretation SEVEN "No time is given."
    keeper should watch, if sought has happened
    upon found, to back, if latest written.tone is kind
    state missing "missing"
      keeper may mend, done by sold, if rare is yes
        requires sought has happened
          cites SRC "10b"
        expects written has happened
          interpretation ORDERLY "It is the order described."
      after 30 days, to lost
      upon written, to claimed
    state claimed "claimed"
      keeper must watch
  state lost "lost", ends here
  state back "back", ends here

pathway mending "How it is mended"
  cites SRC "11"
  shown to keeper
  begins with sought, in kept
  state kept "kept"
    keeper may mend, done by sold
    upon sold, to over
  state over "over", ends here
"""
IN_SEARCH = "shelf is open\n    rare is yes"


def scenario(history: str, expected: str, given: str = IN_SEARCH, under: str = "") -> str:
    """A scenario with a history of some events, `; ` between them."""
    events = "\n    ".join(history.split("; "))
    return f'scenario "x"\n{under}  given\n    {given}\n  history\n    {events}\n  expect\n    {expected}\n'


def came(text: str) -> list[str]:
    """What came instead of what scenarios without a mistake in form expect."""
    results, mistakes = tried(text, books(PATHWAYS)[0])
    assert [item.message for item in mistakes] == []
    return [failure.came for result in results for failure in result.unmet]


MISSED = "2016-01-01 missed"
WRITTEN = f"{MISSED}; 2016-01-05 written with tone stern"
SOUGHT = f"{MISSED}; 2016-01-02 sought"
LONG_AGO = "2015-12-01 missed"


@pytest.mark.parametrize(
    ("history", "expected", "found"),
    [
        (MISSED, "pathway search is missing", None),
        (MISSED, "pathway search is missing since 2016-01-01", None),
        (MISSED, "pathway search is missing since 2016-01-02", "it is missing since 2016-01-01"),
        (MISSED, "pathway search is claimed", "it is missing since 2016-01-01"),
        ("2016-01-01 sought", "pathway search is not entered", None),
        (MISSED, "pathway search is not entered", "it is missing since 2016-01-01"),
        (MISSED, "pathway search is not applicable", "it is missing since 2016-01-01"),
        (LONG_AGO, "pathway search is lost since 2015-12-31", "it is lost since 2016-01-01"),
        (f"{MISSED}; 2016-01-05 written; 2016-01-06 found",
         "pathway search is undetermined, between claimed and back", None),
        (f"{MISSED}; 2016-01-05 written; 2016-01-06 found",
         "pathway search is undetermined, between claimed and lost", "it is undetermined, between back and claimed"),
        (f"{MISSED}; 2016-01-05 written; 2016-01-06 found", "pathway search is claimed",
         "it is undetermined, between back and claimed"),
        (MISSED, "duty report is open until 2016-01-08", "it is breached on 2016-01-09"),
        (MISSED, "duty report of keeper in search is breached on 2016-01-09", None),
        (WRITTEN, "duty report is met on 2016-01-05", None),
        (WRITTEN, "duty report is met", None),
        (WRITTEN, "duty report is met late on 2016-01-05", "it is met on 2016-01-05"),
        (f"{MISSED}; 2016-01-09 written", "duty report is met late on 2016-01-09", None),
        (f"{MISSED}; 2016-01-09 written", "duty report is breached on 2016-01-09", None),
        (f"{MISSED}; 2016-01-05 written, recorded 2016-01-10", "duty report is met on 2016-01-05, recorded 2016-01-10",
         None),
        (f"{MISSED}; 2016-01-05 written, recorded 2016-01-10", "duty report is met on 2016-01-05, recorded 2016-01-06",
         "it is met on 2016-01-05, recorded 2016-01-10"),
        (WRITTEN, "duty watch is open", None),
        (MISSED, "duty watch is not due", None),
        (WRITTEN, "duty watch is not due", "it is open"),
        (f"{MISSED}; 2016-01-05 written with tone kind; 2016-01-06 found", "duty watch is no longer due", None),
        (MISSED, "power mend in search is not available, because of sought", None),
        (MISSED, "power mend in search is not available, because of rare",
         "it is not available, because of sought"),
        (SOUGHT, "power mend in search is available", None),
        (SOUGHT, "power mend in search is not available", "it is available"),
        (WRITTEN, "power mend in search is not available, because of sought",
         "it is not available: no present state gives it"),
        (SOUGHT, "expectation watch holds", None),
        (MISSED, "expectation watch holds", "it does not hold"),
        (f"{MISSED}; 2016-01-05 sold", "departure sold of 2016-01-05, without what is required", None),
        (f"{SOUGHT}; 2016-01-05 sold", "departure sold in search, out of the described order", None),
        (f"{SOUGHT}; 2016-01-05 sold", "no departure sold",
         "what departs is: sold of 2016-01-05, out of the described order: written has happened"),
        (f"{SOUGHT}; 2016-01-05 sold", "departure sold rests on ORDERLY", None),
        (f"{SOUGHT}; 2016-01-05 sold", 'departure sold cites SRC "10b"', 'it cites SRC "10"'),
        (SOUGHT, "no departures", None),
        (SOUGHT, "departure sold", "there is no such event in the history"),
        (SOUGHT, "departure sought", "it is as the policy describes"),
        (WRITTEN, "no breaches", None),
        (MISSED, "no breaches", "there is: report of keeper is breached on 2016-01-09"),
        (SOUGHT, "pathway search will be lost on 2016-02-01", None),
        (SOUGHT, "pathway search will be lost on 2016-01-31", "what comes is: lost on 2016-02-01"),
        ("2016-01-08 missed", "duty report will be breached on 2016-01-16", None),
        (WRITTEN, 'duty report cites SRC "10a"', None),
        (WRITTEN, "duty report does not rest on SEVEN", "it rests on SEVEN"),
        (MISSED, 'power mend in search cites SRC "10b"', None),
        (f"{MISSED}; 2016-02-01 found", "it does not use found of 2016-02-01", None),
        (MISSED, "it does not use missed of 2016-01-01", "everything that is given is used"),
        (MISSED, "nothing is said of pathway search", "it is shown to whoever may see everything, for whom this is followed"),
        (WRITTEN, "fact was_written holds", None),
        (MISSED, "fact was_written holds", "it does not hold"),
    ],
)  # fmt: skip
def test_what_a_case_comes_to_is_held_against_what_is_expected(history: str, expected: str, found: str | None) -> None:
    """Each form is met where it is so, and otherwise says what came."""
    assert came(scenario(history, expected)) == ([] if found is None else [found])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("shelf is store", "pathway search is not applicable"),
        ("rare is yes", "pathway search is undetermined, between missing and not applicable"),
        ("shelf is open", "power mend in search is undetermined, because of rare"),
    ],
)
def test_what_is_not_known_leaves_a_case_open(given: str, expected: str) -> None:
    """Whether a pathway applies, and what a power hangs on, is undetermined where the evidence is not given."""
    assert came(scenario(SOUGHT, expected, given)) == []


def test_a_possible_departure_is_none_that_is_certain() -> None:
    """A condition that is undetermined makes an event perhaps a departure, and never surely one."""
    sold = f"{SOUGHT}; 2016-01-04 written with copies 2 copies; 2016-01-05 sold"
    assert came(scenario(sold, "departure sold in search, not described", "shelf is open")) == []
    perhaps = f"{SOUGHT}; 2016-01-05 sold"
    assert came(scenario(perhaps, "possible departure sold in search, not available", "shelf is open")) == []
    assert came(scenario(perhaps, "departure sold in search, not available", "shelf is open")) != []


def test_the_order_of_a_day_may_be_told() -> None:
    """Events of one day go as they are declared, and after them those with a number, in its order."""
    assert came(scenario(f"{MISSED}; 2016-01-05 found; 2016-01-05 written with tone kind",
                         "pathway search is back")) == []  # fmt: skip
    numbered = (
        f"{MISSED}; 2016-01-05 found, number 1 of the day; 2016-01-05 written with tone kind, number 2 of the day"
    )
    assert came(scenario(numbered, "pathway search is claimed")) == []


def test_a_background_may_hold_a_history_and_a_table_days() -> None:
    """Each row is a case of its own, on its own day and known at its own."""
    text = """background missed_book
  shelf is open
  history
    2015-12-20 missed

scenario "by day"
  given missed_book
  history
    2015-12-24 written with tone kind, recorded 2016-01-05
  cases
    | on         | known at   || pathway search | duty report            | power mend in search |
    | 2015-12-23 |            || missing        | open until 2015-12-27  | not available        |
    | 2016-01-04 |            || missing        | breached on 2015-12-28 | not available        |
    | 2016-01-04 | 2016-01-05 || claimed        | met on 2015-12-24      | not available        |
    | 2016-01-05 |            || lost           |                        |                      |
"""
    assert came(text) == ["it is claimed since 2015-12-24"]


def test_an_audience_is_told_of_nothing_that_it_may_not_see() -> None:
    """A pathway that is not shown is not spoken of, and what is expected of it is not met."""
    assert came(scenario(SOUGHT, "nothing is said of pathway mending", under="  shown to public\n")) == []
    assert came(scenario(SOUGHT, "pathway mending is kept", under="  shown to public\n")) == [
        "pathway mending is not shown to public"
    ]
    assert came(scenario(SOUGHT, "pathway mending is kept", under="  shown to keeper\n")) == []


def test_a_failure_says_what_was_expected_what_came_and_why() -> None:
    """The report names the expectation as it is written, also of a cell, and how the case came where it stands."""
    text = 'scenario "x"\n  given\n    shelf is open\n  history\n    2016-01-01 missed\n  cases\n' \
           "    | on || pathway search |\n    | 2016-01-02 || claimed |\n"  # fmt: skip
    (result,), _ = tried(text, books(PATHWAYS)[0])
    (failure,) = result.unmet
    assert (failure.expected, failure.came) == ("pathway search is claimed", "it is missing since 2016-01-01")
    assert failure.why == "on search: 2016-01-01 missed, to missing"
    assert failure.diagnostic.code == "SI710"


@pytest.mark.parametrize(
    ("history", "expected", "code", "help_"),
    [
        ("2016-01-01 mised", "no departures", "SI301", "did you mean `missed`?"),
        ("2016-01-01 written with ton kind", "no departures", "SI301", "did you mean `tone`?"),
        ("2016-01-01 written with tone harsh", "no departures", "SI703", "it is a scale from best to worst: kind, stern"),
        ("2016-01-01 written with copies 60 copies", "no departures", "SI703",
         "it is from 0 to 50 copies"),
        ("2016-01-01 written with tone kind and tone stern", "no departures", "SI302", "tell it once"),
        ("2016-02-30 missed", "no departures", "SI404", None),
        ("2016-01-05 missed, recorded 2016-01-04", "no departures", "SI703",
         "write a later day, or leave `recorded` out: then it was known from its own"),
        ("2016-01-05 missed, number 0 of the day", "no departures", "SI703", "write a whole number from 1 to 1000"),
        ("missed on 2016-01-05", "no departures", "SI201", "write the day first: 2016-01-05 missed"),
        ("2016-01-05 written with tone is kind", "no departures", "SI201", "leave out what stands between: with tone"),
        ("2016-01-05 missed recorded 2016-01-06", "no departures", "SI201", "write `, recorded`"),
        (MISSED, "pathway serch is missing", "SI301", "did you mean `search`?"),
        (MISSED, "pathway search is mising", "SI301", "did you mean `missing`?"),
        (MISSED, "pathway search is away", "SI301", "name a state in it: missing, claimed"),
        (MISSED, "pathway search is missing since 2016-02-30", "SI404", None),
        (MISSED, "duty repot is met", "SI301", "did you mean `report`?"),
        (MISSED, "duty mend is met", "SI301", "write: power mend"),
        (MISSED, "expectation report holds", "SI301", "write: duty report"),
        (MISSED, "duty report of council is met", "SI711", "there is: keeper will report on search"),
        (MISSED, "power mend is available", "SI712", "say which: power mend in search"),
        (MISSED, "power mend in search is not available, because of found", "SI301",
         "known here: `rare`, `sought`, `written`"),
        (MISSED, "departure los", "SI301", None),
        (MISSED, "no departures in serch", "SI301", "did you mean `search`?"),
        (MISSED, "pathway search has not begun", "SI201", "write `is not entered`"),
        (MISSED, "power mend in search is unavailable", "SI201", "write `is not available`"),
        (MISSED, "duty report is overdue", "SI201", "write `is breached`"),
        (MISSED, "no departure", "SI202", None),
    ],
)  # fmt: skip
def test_a_faulty_line_draws_one_finding_that_mends_it(
    history: str, expected: str, code: str, help_: str | None
) -> None:
    """Names, values, days and forms that are not there are told at their place, with a remedy; nothing is run."""
    results, mistakes = tried(scenario(history, expected), books(PATHWAYS)[0])
    assert results == []
    assert [item.code for item in mistakes] == [code]
    assert help_ is None or mistakes[0].help == help_


def test_a_day_in_a_table_is_a_date() -> None:
    """A cell under `on` that is none is told, and the row left out; the others are run."""
    text = 'scenario "x"\n  given\n    shelf is open\n  history\n    2016-01-01 missed\n  cases\n' \
           "    | on || pathway search |\n    | 5 copies || missing |\n    | 2016-01-02 || missing |\n"  # fmt: skip
    results, mistakes = tried(text, books(PATHWAYS)[0])
    assert [(item.code, item.help) for item in mistakes] == [("SI703", "write a date such as 2015-11-04")]
    assert [result.unmet for result in results] == [()]


def test_the_layout_of_a_history() -> None:
    """Histories and what is expected of a case are laid out like every other line, and lose nothing."""
    messy = """scenario "x"
    given
        shelf   is open
    history # what happened
        2016-01-01    missed ,recorded   2016-01-02
        2016-01-05 written with   tone kind   and copies 2 copies
    expect
        pathway   search is   missing since 2016-01-01
        power mend in search is not   available,because of sought   and rare
"""
    source, _ = read_source("x.scenarios", (HEADER + "\n" + messy).encode())
    text, mistakes = lay_out(source, "scenarios")
    assert mistakes == []
    assert (
        text.removeprefix(HEADER)
        == """
scenario "x"
  given
    shelf is open
  history  # what happened
    2016-01-01 missed, recorded 2016-01-02
    2016-01-05 written with tone kind and copies 2 copies
  expect
    pathway search is missing since 2016-01-01
    power mend in search is not available, because of sought and rare
"""
    )


# ---- coverage


def covered(history: str, given: str = IN_SEARCH) -> dict[str, Covered]:
    """The coverage of one history, by name."""
    policy, _ = books(PATHWAYS)
    results, mistakes = tried(scenario(history, "no departures in search", given), policy)
    assert mistakes == []
    return {thing.name: thing for thing in coverage(results, policy)}


def test_moves_are_counted_where_taken_refused_and_undetermined() -> None:
    """A move is refused where its event happened and it was not taken: its condition did not hold, or in another state."""
    upon = "search: in away, upon found, to back"
    assert covered(f"{MISSED}; 2016-01-05 written with tone kind; 2016-01-06 found")[upon].counts == {
        "taken": 1, "refused": 0, "undetermined": 0
    }  # fmt: skip
    assert covered(f"{WRITTEN}; 2016-01-06 found")[upon].counts == {"taken": 0, "refused": 1, "undetermined": 0}
    assert covered(f"{MISSED}; 2016-01-05 written; 2016-01-06 found")[upon].counts == {
        "taken": 0, "refused": 0, "undetermined": 1
    }  # fmt: skip
    assert covered("2016-01-05 found")[upon].counts["refused"] == 1
    assert covered(MISSED, "shelf is store")[upon].counts["refused"] == 0


def test_a_begin_and_a_time_out_are_moves_too() -> None:
    """One that no condition guards cannot be undetermined; a time-out is refused where the state was left before."""
    begins, after = "search: begins with missed, in missing", "search: in missing, after 30 days, to lost"
    assert covered(LONG_AGO)[begins].counts == {"taken": 1, "refused": 0, "undetermined": None}
    assert covered(f"{MISSED}; 2016-01-02 missed")[begins].counts["refused"] == 1
    assert covered(LONG_AGO)[after].counts == {"taken": 1, "refused": 0, "undetermined": None}
    assert covered(WRITTEN)[after].counts["refused"] == 1
    assert covered(MISSED)[after].counts["refused"] == 0


def test_duties_are_counted_due_met_and_breached_and_powers_available_and_not() -> None:
    """A duty without a last day cannot be breached, one that no event shows cannot be met."""
    found = covered(SOUGHT)
    assert found["search.away.report"].counts == {"due": 1, "met": 0, "breached": 1}
    assert found["search.claimed.watch"].counts == {"due": 0, "met": None, "breached": None}
    assert found["search.missing.mend"].counts == {"available": 1, "not_available": 0, "undetermined": 0}
    assert covered(MISSED)["search.missing.mend"].counts["not_available"] == 1
    assert covered(SOUGHT, "shelf is open")["search.missing.mend"].counts["undetermined"] == 1
    assert covered(SOUGHT)["mending.kept.mend"].counts == {"available": 1, "not_available": 0, "undetermined": None}
