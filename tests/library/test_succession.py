"""How editions follow each other: overlaps, holes, the end of the last; and which are nearest to a day without one."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from si_rules import NotInForce, PolicyLibrary
from si_rules.interfaces.cli.main import group
from si_rules.library.editions import find_editions
from si_rules.library.succession import check_succession
from si_rules.semantics.declared import LEGEND

WRITTEN_LEGEND = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND)
EDITION = """policy council.help
  title "Help"
  edition {edition}
  in force {first} to {last}
  vocabulary school 1

{legend}
source PLAN "{title}"

evidence phase "the phase of education"
  one of nursery, infant, junior, primary, middle, secondary, all_through, special, pupil_referral_unit

trigger small "a school for small children"
  cites PLAN "page {page}"
  holds when phase is infant
"""


def written(folder: Path, *editions: tuple[str, str, str], title: str = "A plan", page: int = 4) -> Path:
    """A library with editions: name, first and last day."""
    for number, (edition, first, last) in enumerate(editions):
        place = folder / f"{number}_{edition}"
        place.mkdir(parents=True)
        text = EDITION.format(edition=edition, first=first, last=last, title=title, page=page, legend=WRITTEN_LEGEND)
        (place / "help.policy").write_text(text, encoding="utf-8")
    return folder


def told(folder: Path, on: date | None = None, within: int = 0) -> list[tuple[str, str]]:
    return [(item.code, item.message) for item in check_succession(find_editions(folder), on, within)]


def test_editions_that_follow_each_other_day_by_day_draw_nothing(tmp_path: Path) -> None:
    """The next edition begins on the day after the last day of the one before: no finding, whatever their order on disk."""
    editions = ("b", "2016-09-01", "2017-08-31"), ("a", "2015-09-01", "2016-08-31")
    assert told(written(tmp_path, *editions)) == []


@pytest.mark.parametrize(
    ("second", "days"), [("2016-08-31", "on 2016-08-31"), ("2016-07-01", "from 2016-07-01 to 2016-08-31")]
)
def test_two_editions_at_once_are_told_with_the_days_and_the_paragraphs(tmp_path: Path, second: str, days: str) -> None:
    """The first and last day on which both are in force, and what both rest on."""
    folder = written(tmp_path, ("a", "2015-09-01", "2016-08-31"), ("b", second, "2017-08-31"))
    message = f"council.help a and b are both in force {days}; both rest on A plan, page 4"
    assert told(folder) == [("SI605", message)]
    with pytest.raises(NotInForce, match=r"two editions of council\.help are in force on 2016-08-31"):
        PolicyLibrary.open(folder).in_force("council.help", on=date(2016, 8, 31))


def test_an_edition_within_another_hides_no_hole(tmp_path: Path) -> None:
    """A short edition inside a long one overlaps it; the long one covers up to the next."""
    editions = ("a", "2015-09-01", "2017-08-31"), ("b", "2016-01-01", "2016-02-01"), ("c", "2017-09-01", "2018-08-31")
    assert [code for code, _ in told(written(tmp_path, *editions))] == ["SI605"]


@pytest.mark.parametrize(
    ("second", "days"), [("2016-09-02", "on 2016-09-01"), ("2016-10-01", "from 2016-09-01 to 2016-09-30")]
)
def test_a_hole_is_told_with_its_days_and_what_nothing_rules(tmp_path: Path, second: str, days: str) -> None:
    """From the day after the one to the day before the other, with the paragraphs of the edition that ended."""
    folder = written(tmp_path, ("a", "2015-09-01", "2016-08-31"), ("b", second, "2017-08-31"))
    message = f"no edition of council.help is in force {days}, between a and b: nothing rules A plan, page 4"
    assert told(folder) == [("SI606", message)]


def test_two_editions_of_one_name_are_told(tmp_path: Path) -> None:
    """`id@edition` would name two texts."""
    folder = written(tmp_path, ("a", "2015-09-01", "2016-08-31"), ("a", "2016-09-01", "2017-08-31"))
    assert told(folder) == [("SI605", "two editions of council.help are called a")]


@pytest.mark.parametrize(
    ("on", "within", "said"),
    [
        (date(2017, 6, 1), 90, []),
        (date(2017, 6, 2), 90, ["runs out 90 days after 2017-06-02"]),
        (date(2017, 8, 30), 0, []),
        (date(2017, 8, 31), 0, ["runs out on that day"]),
        (date(2017, 9, 1), 0, ["ran out on 2017-08-31"]),
    ],
)
def test_the_end_of_the_last_edition_is_told_in_time(tmp_path: Path, on: date, within: int, said: list[str]) -> None:
    """Of the last edition only, from so many days before its last day on; without a day, nothing is said."""
    folder = written(tmp_path, ("a", "2015-09-01", "2016-08-31"), ("b", "2016-09-01", "2017-08-31"))
    found = told(folder, on, within)
    assert [code for code, _ in found] == ["SI607"] * len(said)
    assert all(words in message for words, (_, message) in zip(said, found, strict=True))
    assert told(folder) == []


def test_where_none_is_in_force_the_nearest_are_named(tmp_path: Path) -> None:
    """Before all, between two, after all: the neighbours of the day, and no others."""
    editions = ("a", "2013-09-01", "2014-08-31"), ("b", "2014-09-01", "2015-08-31"), ("c", "2016-09-01", "2017-08-31")
    library = PolicyLibrary.open(written(tmp_path, *editions))
    for on, words in (
        (date(2012, 1, 1), "the nearest after it is a (2013-09-01 to 2014-08-31)"),
        (
            date(2016, 1, 1),
            "the nearest before it is b (2014-09-01 to 2015-08-31); the nearest after it is c (2016-09-01 to 2017-08-31)",
        ),
        (date(2018, 1, 1), "the nearest before it is c (2016-09-01 to 2017-08-31)"),
    ):
        with pytest.raises(NotInForce) as error:
            library.in_force("council.help", on=on)
        assert str(error.value) == f"no edition of council.help is in force on {on}; {words}"
    assert library.in_force("council.help", on=date(2014, 8, 31)).edition == "a"
    assert library.in_force("council.help", on=date(2014, 9, 1)).edition == "b"


def test_the_command_tells_overlaps_as_errors_and_holes_as_warnings(tmp_path: Path) -> None:
    """3 where two are in force at once, 1 where there is a hole; the place is the period of the later edition."""
    hole = written(tmp_path / "hole", ("a", "2015-09-01", "2016-08-31"), ("b", "2016-10-01", "2017-08-31"))
    done = CliRunner().invoke(group, ["check", str(hole), "--format", "json"])
    assert done.exit_code == 1
    assert [(item["code"], item["line"]) for item in json.loads(done.stdout)] == [("SI606", 4)]
    both = written(tmp_path / "both", ("a", "2015-09-01", "2016-10-31"), ("b", "2016-10-01", "2017-08-31"))
    assert CliRunner().invoke(group, ["check", str(both)]).exit_code == 3
    done = CliRunner().invoke(group, ["check", str(both), "--on", "2017-08-01", "--within", "10", "--format", "json"])
    assert [item["code"] for item in json.loads(done.stdout)] == ["SI605"]


def test_the_shipped_policies_follow_each_other_without_a_hole() -> None:
    """No two editions of a shipped policy overlap, and none leaves a day out."""
    assert check_succession(PolicyLibrary.bundled().editions()) == []
