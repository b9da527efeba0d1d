"""What stands under the number of a school that another took the place of: found, marked, never mixed up."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.evidence.fictional_tables import (
    INSPECTIONS,
    LINKS,
    SCHOOLS,
    append,
    as_json,
    imported,
    inspection,
    link,
    only,
    remarks,
    run,
    school,
    write,
)

NEW, OLD, OLDER = 990401, 990301, 990201
LATE = date(2019, 1, 1)


def row(year: int, urn: int, **cells: Any) -> dict[str, Any]:
    return {"YEAR": year, "URN": urn, "LA": "999", **cells}


def carried(folder: Path, on: date = LATE) -> dict[str, Any]:
    return as_json(only(folder, on, predecessors=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An academy that took the place of a school in 2017; its row of 2016 is blank, as such rows are."""
    write(tmp_path, SCHOOLS, school(NEW, NFTYPE="Academy - Converter mainstream", MINORGROUP="Academy"))
    write(tmp_path, LINKS, link(NEW, OLD, "Predecessor", "01-09-2017"))
    write(tmp_path, "ks2_2016.csv", row(2016, OLD, TELIG=28, PTRWM_EXP=61), row(2016, NEW))
    write(tmp_path, "ks2_2018.csv", row(2018, OLD), row(2018, NEW, TELIG=30, PTRWM_EXP=70))
    write(tmp_path, INSPECTIONS, inspection(OLD, "2014-03-01", "Good"), inspection(NEW, "2018-03-01", "Good"))
    return tmp_path


class TestResults:
    def test_they_stay_where_they_are_unless_asked_for(self, folder: Path) -> None:
        """By default a school has what stands under its own number: a year that is blank, and no more."""
        record = as_json(only(folder, LATE))
        assert record["ks2"]["2015-16"]["rwm_expected_standard"] == {"absent": "not_published"}
        assert [item["date"] for item in record["inspections"]] == ["2018-03-01"]
        assert "of_predecessor" not in str(record)

    def test_a_blank_year_is_the_predecessors(self, folder: Path) -> None:
        """A year of which the school's own row says nothing comes from the predecessor, marked so, with its place."""
        record = carried(folder)
        assert record["ks2"]["2015-16"]["of_predecessor"] == str(OLD)
        assert record["ks2"]["2015-16"]["rwm_expected_standard"] == 61
        assert record["provenance"]["ks2.2015-16"] == {"table": "ks2_2016.csv", "row": 2, "published": "2016-12-15"}
        assert "of_predecessor" not in record["ks2"]["2017-18"]

    def test_a_year_of_its_own_stays_its_own(self, folder: Path) -> None:
        """A school's own figure goes before its predecessor's of the same year, and so does its own suppressed cohort."""
        write(folder, "ks2_2016.csv", row(2016, OLD, TELIG=28, PTRWM_EXP=61), row(2016, NEW, TELIG=4))
        year = carried(folder)["ks2"]["2015-16"]
        assert year["eligible_pupils"] == 4
        assert "of_predecessor" not in year
        assert year["rwm_expected_standard"] == {"absent": "not_published"}

    def test_a_chain_is_followed_to_its_end(self, folder: Path) -> None:
        """What the predecessor does not have comes from its own predecessor; a link may stand under either school."""
        write(folder, LINKS, link(OLD, NEW, "Successor", "31-08-2017"), link(OLDER, OLD, "Successor"))
        write(folder, "ks2_2013_partial.csv", row(2013, OLDER, PT2READ=90))
        record = carried(folder)
        assert record["ks2"]["2012-13"]["of_predecessor"] == str(OLDER)
        assert record["ks2"]["2015-16"]["of_predecessor"] == str(OLD)

    def test_the_nearest_that_says_something_is_taken(self, folder: Path) -> None:
        """A predecessor's figure goes before that of the school before it."""
        write(folder, LINKS, link(NEW, OLD, "Predecessor", "01-09-2017"), link(OLD, OLDER, "Predecessor", "01-09-2010"))
        write(folder, "ks2_2016.csv", row(2016, OLDER, PTRWM_EXP=10), row(2016, OLD, PTRWM_EXP=61))
        assert carried(folder)["ks2"]["2015-16"]["of_predecessor"] == str(OLD)

    def test_of_two_predecessors_with_one_year_neither_is_taken(self, folder: Path) -> None:
        """The results of two schools that merged are not those of the school they became: told, and left out."""
        write(folder, LINKS, link(NEW, OLD, "Predecessor - merged", "01-09-2017"),
              link(NEW, OLDER, "Predecessor - merged", "01-09-2016"))  # fmt: skip
        write(folder, "ks2_2016.csv", row(2016, OLDER, PTRWM_EXP=10), row(2016, OLD, PTRWM_EXP=61))
        found = imported(folder, LATE, predecessors=True)
        assert "2015-16" not in found.records[0].ks2
        assert any("1 year or list that several predecessors have" in line for line in found.summary)

    def test_a_link_that_is_still_to_come_counts_for_nothing(self, folder: Path) -> None:
        """On a day before the change the school is not yet the follower of the other."""
        assert "of_predecessor" not in str(carried(folder, date(2017, 8, 31)))
        assert "of_predecessor" in str(carried(folder, date(2017, 9, 1)))

    def test_schools_that_name_each_other_end(self, folder: Path) -> None:
        """Links in a circle are followed once round."""
        write(folder, LINKS, link(NEW, OLD, "Predecessor"), link(OLD, NEW, "Predecessor"))
        assert carried(folder)["ks2"]["2015-16"]["of_predecessor"] == str(OLD)

    def test_another_sort_of_link_is_none(self, folder: Path) -> None:
        """A shared sixth form makes no predecessor."""
        write(folder, LINKS, link(NEW, OLD, "Sixth Form Centre Link", "01-09-2017"))
        record = carried(folder)
        assert "of_predecessor" not in str(record)
        assert "predecessors" not in record


class TestInspections:
    def test_both_lists_stand_together_each_marked(self, folder: Path) -> None:
        """The predecessor's inspections come by date among the school's own."""
        assert [(item["date"], item.get("of_predecessor")) for item in carried(folder)["inspections"]] == [
            ("2014-03-01", str(OLD)),
            ("2018-03-01", None),
        ]

    def test_of_one_day_the_schools_own_stands(self, folder: Path) -> None:
        """An inspection of the school itself goes before one of its predecessor on the same day."""
        write(folder, INSPECTIONS, inspection(OLD, "2018-03-01", "Inadequate"), inspection(NEW, "2018-03-01", "Good"))
        (entry,) = carried(folder)["inspections"]
        assert entry["grade"] == "good"

    def test_where_two_predecessors_have_one_day_none_is_taken(self, folder: Path) -> None:
        """Of two that were inspected on one day nothing tells which is meant: the school's own list stands alone."""
        write(folder, LINKS, link(NEW, OLD, "Predecessor"), link(NEW, OLDER, "Predecessor"))
        write(folder, INSPECTIONS, inspection(OLD, "2014-03-01", "Good"), inspection(OLDER, "2014-03-01", "Inadequate"),
              inspection(NEW, "2018-03-01", "Good"))  # fmt: skip
        assert [item["date"] for item in carried(folder)["inspections"]] == ["2018-03-01"]

    def test_a_refused_row_of_a_predecessor_leaves_its_list_behind(self, folder: Path) -> None:
        """A predecessor's list that may lack one is not carried over; the school's own is not touched."""
        append(folder, INSPECTIONS, f"{OLD},999,2016-99-01,Good\n")
        found = imported(folder, LATE, predecessors=True)
        assert len(remarks(found)) == 1
        assert [item["date"] for item in as_json(found.records[0])["inspections"]] == ["2018-03-01"]


class TestPredecessorRecords:
    def test_each_is_a_record_of_its_day(self, folder: Path) -> None:
        """The day of the change and, where the link says so, that it was a merger; both links of a pair are one."""
        write(folder, LINKS, link(NEW, OLD, "Predecessor - merged", "01-09-2017"),
              link(OLD, NEW, "Successor - merged", "31-08-2017"))  # fmt: skip
        record = as_json(only(folder, LATE))
        assert record["predecessors"] == [{"date": "2017-09-01", "change": "merger"}]
        assert record["provenance"]["predecessors.2017-09-01"] == {"table": LINKS, "row": 2}

    def test_what_the_link_does_not_say_is_missing(self, folder: Path) -> None:
        """A plain link does not tell a conversion from another change."""
        (found,) = as_json(only(folder, LATE))["predecessors"]
        assert found["change"] == {"absent": "not_published"}

    def test_a_link_without_a_day_leaves_the_list_missing(self, folder: Path) -> None:
        """A list that lacks one of the predecessors is not given as if it were the whole."""
        write(folder, LINKS, link(NEW, OLD, "Predecessor"))
        found = imported(folder, LATE)
        assert as_json(found.records[0])["predecessors"] == {"absent": "not_published"}
        assert any("1 school whose predecessors cannot be listed" in line for line in found.summary)

    def test_a_school_without_links_is_not_said_to_have_had_none(self, folder: Path) -> None:
        """The table of links need not speak of every school."""
        write(folder, LINKS)
        assert "predecessors" not in as_json(only(folder, LATE))

    def test_a_day_written_otherwise_is_refused(self, folder: Path) -> None:
        """A link whose day cannot be read is told, and does not count."""
        write(folder, LINKS, link(NEW, OLD, "Predecessor", "2017-09-01"))
        assert "is not a date as the map says it is written" in remarks(imported(folder, LATE))[0]


class TestUntrusted:
    @pytest.mark.parametrize("other", ["", "99 0301", "9" * 30, "990301;"])
    def test_a_number_that_is_none_is_refused(self, folder: Path, other: str) -> None:
        """What cannot be the number of a school makes no link."""
        write(folder, LINKS, {**link(NEW, OLD, "Predecessor", "01-09-2017"), "LinkURN": other})
        found = imported(folder, LATE, predecessors=True)
        assert remarks(found)[0].startswith(f"{LINKS}, line 2, column LinkURN ({NEW})")
        assert "of_predecessor" not in str(as_json(found.records[0]))

    def test_a_chain_without_end_is_followed_so_far_and_no_further(self, folder: Path) -> None:
        """A thousand changes one behind the other take no longer than twenty."""
        chain = [link(NEW - number, NEW - number - 1, "Predecessor") for number in range(1_000)]
        write(folder, LINKS, *chain)
        write(folder, "ks2_2016.csv", row(2016, NEW - 20, PTRWM_EXP=61), row(2016, NEW - 21, PTRWM_EXP=10))
        assert carried(folder)["ks2"]["2015-16"]["of_predecessor"] == str(NEW - 20)
        write(folder, "ks2_2016.csv", row(2016, NEW - 21, PTRWM_EXP=10))
        assert "2015-16" not in carried(folder)["ks2"]


class TestAccount:
    def test_every_row_is_told_once(self, folder: Path) -> None:
        """Used, of a predecessor, or behind another's: the rows of each table add up."""
        found = imported(folder, LATE, predecessors=True)
        assert (
            "ks2_2016.csv: 2 rows, 0 used and 1 of a predecessor; left out 1 that give way to another" in found.summary
        )
        assert "ks2_2018.csv: 2 rows, 1 used; left out 1 that give way to another" in found.summary
        assert f"{INSPECTIONS}: 2 rows, 1 used and 1 of a predecessor" in found.summary

    def test_one_predecessor_of_two_schools_is_counted_once(self, folder: Path) -> None:
        """A school that was divided is the predecessor of both, and each has its results."""
        write(folder, SCHOOLS, school(NEW), school(990402))
        write(folder, LINKS, link(NEW, OLD, "Predecessor"), link(990402, OLD, "Predecessor"))
        found = imported(folder, LATE, predecessors=True)
        assert [record.ks2["2015-16"].of_predecessor for record in found.records] == [str(OLD)] * 2
        assert (
            "ks2_2016.csv: 2 rows, 0 used and 1 of a predecessor; left out 1 that give way to another" in found.summary
        )

    def test_a_predecessor_that_is_there_itself_keeps_its_own(self, folder: Path) -> None:
        """A school that is still open has its results under its own number, whoever else has them too."""
        write(folder, SCHOOLS, school(NEW), school(OLD))
        found = imported(folder, LATE, predecessors=True)
        old, new = found.records
        assert old.ks2["2015-16"].of_predecessor is None
        assert new.ks2["2015-16"].of_predecessor == str(OLD)
        assert any(line.startswith("ks2_2016.csv: 2 rows, 1 used; left out 1") for line in found.summary)

    def test_the_command_takes_them_where_asked(self, folder: Path) -> None:
        """`--predecessors` is what asks for them; without it the summary says that there are some."""
        assert "of_predecessor" in run(folder, "--predecessors", "--on", "2019-01-01").stdout
        without = run(folder, "--on", "2019-01-01")
        assert "of_predecessor" not in without.stdout
        assert "1 school with a predecessor, whose evidence is left where it is (see --predecessors)" in without.stderr
