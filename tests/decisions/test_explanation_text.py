"""The explanation as text: a condition, what its value came to, and under it what that was worked out from."""

import datetime
from fractions import Fraction

from tests.tools.books import books

from si_rules.decisions.basis import Basis
from si_rules.semantics.facts import Absent, Datum, Facts, Known, KnownNone

ON = datetime.date(2016, 1, 10)
RULES = """
score care_points "points of care" : points
  cites SRC "6"
  adds up
    - 5 points when rare is yes
    - 1 points when worn is at least 50%

table room "where it goes"
  cites SRC "7"
  exactly one row matches
  gives place : one of hall, cellar
  | care_points                            | condition     || place  |
  | under 5 points                         |               || hall   |
  | at least 5 points and under 6 points   | fine, fair    || hall   |
  | at least 5 points and under 6 points   | poor or worse || cellar |
  | at least 6 points                      |               || cellar |

trigger cellar "it goes to the cellar"
  cites SRC "8"
  holds when room.place is cellar

classification keeping "Keeping"
  cites SRC "9"
  applies to every book
  when several classes hold, the most serious stands: locked, free
  when no class holds, unmatched
  when evidence is missing, undetermined between the outcomes still possible, unless only one is left
  class locked "Locked"
    cites SRC "9"
    clause l "rare, and nobody gave it", all of
      - rare is yes
      - has no donor
  class free "Free"
    cites SRC "9"
    clause f "worn by half", when worn times 2 is at least (100% minus 10 percentage points)
"""


def text(**data: Datum) -> list[str]:
    """The decision about a book as lines, with its explanation."""
    policy, digest = books(RULES)
    facts = Facts("x", None, data, frozenset(), (), "none", {})
    return Basis(policy, digest).decide(lambda *_: facts, ON, ON, False).to_text(explain=True).splitlines()


def under(lines: list[str], head: str, number: int) -> list[str]:
    """A line of the tree that begins so, and those after it, without the indentation of the first."""
    place = next(i for i, line in enumerate(lines) if line.strip().startswith(head))
    depth = len(lines[place]) - len(lines[place].lstrip())
    return [line[depth:] for line in lines[place : place + number]]


def test_the_value_stands_first_and_only_the_row_that_decided_is_shown() -> None:
    """What a condition met is the value; the table names its columns and one row; the score all its items."""
    lines = text(rare=Known(True), worn=Known(Fraction(40)), condition=Known("poor"))
    assert under(lines, "cellar:", 8) == [
        "cellar: it goes to the cellar: holds [SRC 8]",
        "  where it goes: place is cellar: holds — found: cellar",
        "    room.place: where it goes: place: cellar [SRC 7]",
        "      its condition: poor",
        "      care_points: points of care: 5 points [SRC 6]",
        "        care_points[rare_is_yes]: 5 points when “it is rare” is yes: holds — found: yes",
        "        care_points[worn_is_at_least_50]: 1 point when pages worn is at least 50%: does not hold — found: 40%",
        "      room[at least 5 points and under 6 points, poor or worse]: the row “at least 5 points and under 6 points, "
        "poor or worse” matches, and gives cellar: holds",
    ]


def test_what_is_still_possible_is_said_with_the_rows_that_may_match() -> None:
    """While a value is open the condition says what it may be, and each row that may yet decide is shown."""
    lines = text(rare=Known(True), worn=Absent("not_supplied"), condition=Known("fine"))
    found = under(lines, "cellar:", 11)
    assert found[1] == "  where it goes: place is cellar: not known — still possible: hall or cellar"
    assert found[4] == "      care_points: points of care: not known: 5 points or 6 points [SRC 6]"
    assert [line.strip().partition(":")[0] for line in found[7:9]] == [
        "room[at least 5 points and under 6 points, fine, fair]",
        "room[at least 6 points, any]",
    ]


def test_both_sides_of_a_comparison_are_told_where_both_are_worked_out() -> None:
    """The two figures stand beside each other; what they were worked out from stands under them."""
    lines = text(worn=Known(Fraction(40)), rare=Known(False), donor=KnownNone())
    assert under(lines, "keeping.f:", 3) == [
        "keeping.f: worn by half: does not hold [SRC 9]",
        "  pages worn times 2 is at least 100% minus 10 percentage points: does not hold — found: 80%, against 90%",
        "    pages worn: 40%",
    ]


def test_what_does_not_exist_reads_as_a_sentence_in_a_near_miss() -> None:
    """A condition on what may be none is said as a fact, with its title as it is."""
    lines = text(rare=Known(True), donor=Known("town"), worn=Known(Fraction(0)), condition=Known("fine"))
    assert "    locked would hold if only this did: “who gave it” does not exist" in lines
    assert "        “who gave it” does not exist (found: town)" in lines
