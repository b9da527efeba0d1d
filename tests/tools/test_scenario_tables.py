"""Tables of cases in scenarios: each row a case, each cell a line."""

from tests.tools.books import HEADER, books, tried, unmet

from si_rules.decisions.basis import Basis
from si_rules.source.screening import read_source
from si_rules.tools.scenarios.reading import read_cases
from si_rules.tools.scenarios.running import run

BOUNDARY = """
scenario "the boundary of worn"
  given
    condition is fine
    shelf is store
    rare is no
  cases
    | worn          || fact worn_out  | care                              |
    | 20%           || does not hold  | unmatched                         |
    | 20.1%         || holds          | high, because h                   |  # just over it
    # a line of its own
    | not published || undetermined   | undetermined, between high and unmatched |
    |               || undetermined   |                                   |
"""


def test_each_row_is_a_case_with_a_name_of_what_it_gives() -> None:
    """A table of four rows is four cases, each named after its cells, and all expectations are met."""
    results, mistakes = tried(BOUNDARY)
    assert mistakes == []
    assert [result.case.row for result in results] == [
        "worn is 20%", "worn is 20.1%", "worn is not published", "nothing given"
    ]  # fmt: skip
    assert [failure.came for result in results for failure in result.unmet] == []


def test_a_column_case_names_the_rows() -> None:
    """The first column, headed `case`, holds the names; an empty name leaves the row its own."""
    results, _ = tried("""
scenario "named"
  cases
    | case              | worn || fact worn_out |
    | "a bar | inside"  | 21%  || holds         |
    |                   | 2%   || does not hold |
""")
    assert [result.case.name for result in results] == ["named: a bar | inside", "named: worn is 2%"]


def test_a_cell_goes_before_the_lines_above_and_an_empty_one_leaves_them() -> None:
    """What a row gives takes the place of what is given to all of them; an empty cell gives nothing of its own."""
    assert (
        unmet("""
background broken
  condition is broken

scenario "before and after"
  given broken
    rare is no
  cases
    | condition | worn || care      |
    | fine      | 1%   || undetermined, between low and unmatched |
    | poor      | 1%   || low       |
    |           | 1%   || high      |
""")
        == []
    )


def test_what_stands_under_expect_is_expected_of_every_row() -> None:
    """An `expect` after the table is held against each row."""
    came = unmet("""
scenario "all of them"
  cases
    | worn || fact worn_out |
    | 30%  || holds         |
    | 10%  || does not hold |
  expect
    care is high
""")
    assert came == ["care is undetermined, between low and high and unmatched"]


def test_latest_and_previous_name_years_that_are_due() -> None:
    """`latest` of a result is the newest year due on the day of the scenario, `previous` the year before."""
    results, mistakes = tried("""
scenario "in January the results of the summer are due"
  given
    shelf is open
  cases
    | latest loans.count || fact lent     |
    | 1 copies           || holds         |
    | 0 copies           || does not hold |

scenario "in December they are not yet"
  on 2015-12-01
  given
    previous loans.count is 3 copies
    loans.count in 2013-14 is 0 copies
    shelf is open
  expect
    fact lent does not hold
""")
    assert mistakes == []
    assert [failure.came for result in results for failure in result.unmet] == []
    assert "loans.2014-15.count" in results[0].case.evidence.data
    assert "loans.2012-13.count" in results[2].case.evidence.data


def test_a_column_may_say_that_there_are_no_records() -> None:
    """A column headed with records holds `has never been held`."""
    assert (
        unmet("""
scenario "never repaired"
  cases
    | case       | repair              | repair.result || trigger bad_repair |
    | "never"    | has never been held |               || does not hold      |
    | "failed"   |                     | failed        || holds              |
    | "unknown"  |                     |               || undetermined       |
""")
        == []
    )


def test_a_failure_in_a_row_points_at_the_cell_and_names_the_case() -> None:
    """The report of a row names the row, what was expected of its column, what came and why."""
    results, _ = tried(BOUNDARY.replace("| 20%           || does not hold", "| 20%           || holds        "))
    (failure,) = [failure for result in results for failure in result.unmet]
    diagnostic = failure.diagnostic
    assert diagnostic.source.words(diagnostic.span) == "holds"
    assert diagnostic.message == (
        "in “the boundary of worn: worn is 20%” this is expected: fact worn_out holds; but it does not hold"
    )
    assert (
        failure.why
        == "fact worn_out does not hold: pages worn is more than 20%, how many pages may be worn (found: 20%)"
    )


def test_a_faulty_row_leaves_the_others_to_run() -> None:
    """A row with a mistake is reported and left out; the rows around it are cases all the same."""
    results, mistakes = tried(BOUNDARY.replace("20.1%         ||", "20.1%         |"))
    assert [item.code for item in mistakes] == ["SI704"]
    assert [result.case.row for result in results] == ["worn is 20%", "worn is not published", "nothing given"]


VALUES = """
score care_points "points of care" : points
  cites SRC "6"
  adds up
    - 2 points when rare is yes
    - 1 points when worn is at least 50%

table room "where it goes"
  cites SRC "7"
  exactly one row matches
  gives place : one of hall, cellar
  | donor        || place  |
  | town, none   || hall   |
  | family       || cellar |

fact giver "who gave it" : the scale of donor
  cites SRC "5"
  is donor

fact lending "what lending is like" : copies
  cites SRC "5"
  applies to books with reading_room
  is latest loans.count
"""
WORTH = """
scenario "values"
  given
    loans.count in 2014-15 is 7 copies
  cases
    | rare | worn | donor  | shelf || the value of care_points | the value of room.place | the value of giver | the value of lending |
    | yes  | 60%  | town   | open  || 3 points                 | hall                    | town               | 7 copies             |
    | no   | 60%  | none   | store || 1 points                 | hall                    | none               | does not apply       |
    | yes  |      | family |       || undetermined             | cellar                  |                    | undetermined         |
    | no   | 1%   | town   | open  || 0 points                 |                         |                    |                      |
"""


def test_a_column_may_hold_values() -> None:
    """Under `the value of` stand numbers with their unit, names, none, and how it is with a value that is not known."""
    policy, _ = books(VALUES)
    results, mistakes = tried(WORTH, policy)
    assert mistakes == []
    assert [(result.case.row, failure.came) for result in results for failure in result.unmet] == []


def test_a_value_that_came_out_otherwise_is_told() -> None:
    """The finding stands at the cell and says what the value came to."""
    policy, digest = books(VALUES)
    source, _ = read_source("a.scenarios", (HEADER + WORTH.replace("3 points", "2 points")).encode())
    first, *_ = read_cases(source, policy)[0]
    (failure,) = run(first, Basis(policy, digest)).failures
    assert source.words(failure.span).startswith("2")
    assert failure.message.endswith("but it is 3 points")


def test_a_cell_under_a_value_holds_a_value_of_its_kind() -> None:
    """A figure without its unit, a name of nothing, evidence that is missing, and a value nobody declared are told."""
    policy, _ = books(VALUES)
    head = 'scenario "x"\n  cases\n    | worn || the value of {} |\n    | 1%   || {} |\n'
    told = []
    for name, cell in (("care_points", "3"), ("room.place", "attic"), ("care_points", "not supplied"),
                       ("care_points", "holds"), ("care_pionts", "3 points")):  # fmt: skip
        _, (mistake,) = tried(head.format(name, cell), policy)
        told.append((mistake.code, mistake.help))
    assert told == [
        ("SI703", "did you mean `3 points`?"),
        ("SI703", "it is one of hall, cellar"),
        ("SI703", "it is points"),
        ("SI703", "it is points"),
        ("SI301", "did you mean `care_points`?"),
    ]
