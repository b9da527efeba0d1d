"""Scenarios about what is released, figures shown to some roles, and conditions over records."""

from tests.tools.books import books, tried

RULES = """
trigger watched "to be watched"
  cites SRC "8"
  shown to keeper
  released to public because "everybody may know"
  holds when secret is yes
  what follows
    keeper should watch

figure place "its place by copies" : number
  cites SRC "9"
  over every book
  is the rank by copies, highest first

trigger first "among the first"
  cites SRC "9"
  holds when place is at most 3

figure rare_share "rare books" : percent
  cites SRC "9"
  over every book
  is the share for which rare is yes

trigger lately "a repair failed lately"
  cites SRC "5"
  holds when for some repair, (repair.result is failed and repair.date is after (the day of the decision minus 6 months))
"""


def results(text: str) -> tuple[list[str], list[dict[tuple[str, str], frozenset[str]]]]:
    """What came instead of what is expected, and what was seen of each rule."""
    found, mistakes = tried(text, books(RULES)[0])
    assert mistakes == []
    return [failure.came for result in found for failure in result.unmet], [result.seen for result in found]


def test_what_is_released_is_seen_by_those_it_is_released_to() -> None:
    """A trigger released to the public holds for them, though they may not see what it reads."""
    unmet, _ = results("""scenario "a"
  shown to public
  given
    secret is yes
  expect
    trigger watched holds
    it follows that keeper should watch
""")
    assert unmet == []


def test_a_figure_may_be_given_where_roles_are_named() -> None:
    """A figure that everybody may see counts for the public too."""
    unmet, _ = results("""scenario "a"
  shown to public
  given
    figure place is 3
  expect
    trigger first holds
""")
    assert unmet == []


MEMBERS = """background rare_one
  rare is yes
  copies is 5 copies

background common_one
  rare is no
  copies is 2 copies

background unknown_one
  copies is 1 copies

"""


def test_a_scenario_is_decided_among_its_members() -> None:
    """Backgrounds that are named as members make a cohort: its figures, and the place of the subject in it."""
    unmet, _ = results(
        MEMBERS
        + """scenario "a"
  among rare_one, common_one
  given
    copies is 3 copies
  expect
    the value of rare_share is 50%
    the value of place is 2
"""
    )
    assert unmet == []


def test_a_figure_not_known_of_all_lies_between_limits() -> None:
    """What is not known of a member leaves limits, which a scenario may expect; others are told apart from them."""
    scenario = (
        MEMBERS
        + """scenario "a"
  among rare_one, unknown_one
  expect
    the value of rare_share is between LOW% and 100%
"""
    )
    assert results(scenario.replace("LOW", "50"))[0] == []
    assert results(scenario.replace("LOW", "40"))[0] == ["it is undetermined, between 50% and 100%"]


def test_a_figure_that_is_given_stands_among_members_too() -> None:
    """A figure given by itself is not worked out from the members."""
    unmet, _ = results(
        MEMBERS
        + """scenario "a"
  among rare_one
  given
    figure rare_share is 10%
  expect
    the value of rare_share is 10%
"""
    )
    assert unmet == []


def test_coverage_takes_a_condition_over_records_whole() -> None:
    """What is asked of each record has no truth by itself; the trigger is seen deciding."""
    unmet, seen = results("""scenario "a"
  given
    repair.result of 2015-12-01 is failed
  expect
    trigger lately holds
""")
    assert unmet == []
    assert any(name == "lately" and "deciding" in ways for (_, name), ways in seen[0].items())


TIMED = """
occasion stocktaking "the stocktaking"

trigger kept "it is kept well"
  cites SRC "8"
  holds when rare is yes
  what follows
    keeper must report, every half term, within 10 working days after stocktaking
    keeper may mend, by 31 December
"""


def test_how_often_and_until_when_may_be_expected() -> None:
    """A consequence is found with its times, however they are written, and without any; with others it is not there."""
    policy, _ = books(TIMED)
    head = 'scenario "a"\n  given\n    rare is yes\n  expect\n'
    good = ("it follows that keeper must report", "it follows that keeper may mend, by 31 December",
            "it follows that keeper must report, every half_term, within 10 working days after stocktaking")  # fmt: skip
    found, mistakes = tried(head + "".join(f"    {line}\n" for line in good), policy)
    assert mistakes == []
    assert [failure.came for result in found for failure in result.unmet] == []
    for line, code, help_ in (
        ("it follows that keeper may mend, by 30 December", "SI711",
         "there is: keeper may mend, by 31 December; keeper must mend"),
        ("it is not said that keeper must report, every term", "SI711", "there is: keeper should report; "
         "keeper must report; keeper must report, every half term, within 10 working days after the stocktaking"),
        ("it follows that keeper may mend, before stocktakin", "SI301", "did you mean `stocktaking`?"),
        ("it follows that keeper may mend, within 0 days", "SI210", "write a whole number from 1 to 9999"),
    ):  # fmt: skip
        _, (told,) = tried(head + f"    {line}\n", policy)
        assert (told.code, told.help) == (code, help_)
