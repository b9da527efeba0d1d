"""The maps of the published tables: every trap of the tables, on tables of fictional schools."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.evidence.fictional_tables import SCHOOLS, as_json, imported, only, remarks, school, write

LATE = date(2020, 1, 1)


def row(year: int, urn: int = 990301, **cells: Any) -> dict[str, Any]:
    return {"YEAR": year, "URN": urn, "LA": "999", **cells}


def full(year: int, urn: int = 990301, **cells: Any) -> dict[str, Any]:
    return {"YEAR": year, "RECTYPE": 1, "LEA": "999", "URN": urn, **cells}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, SCHOOLS, school(990301))
    return tmp_path


def one(folder: Path, series: str, year: str, on: date = LATE) -> dict[str, Any]:
    found: dict[str, Any] = as_json(only(folder, on))[series][year]
    return found


class TestKeyStage2:
    def test_columns_headed_grammar_give_grammar(self, folder: Path) -> None:
        """PTGPS_EXP is grammar, punctuation and spelling, and not writing, whose attainment the table does not have."""
        write(folder, "ks2_2016.csv", row(2016, PTGPS_EXP=73, PTGPS_HIGH=20, GPS_AVERAGE=104))
        year = one(folder, "ks2", "2015-16")
        assert (year["grammar_expected_standard"], year["grammar_higher_standard"], year["grammar_scaled_score"]) == (
            73,
            20,
            104,
        )
        assert not [key for key in year if key.startswith("writing") and "progress" not in key]

    def test_low_coverage_is_a_missing_score_and_a_coverage_under_a_half(self, folder: Path) -> None:
        """LOWCOV says two things; a blank says nothing of the coverage; a score that is shown covers half or more."""
        write(
            folder, "ks2_2018.csv", row(2018, READPROG="LOWCOV", WRITPROG="", MATPROG="-1.2", READPROG_DESCR="LOWCOV")
        )
        year = one(folder, "ks2", "2017-18")
        assert year["reading_progress_score"] == {"absent": "not_published"}
        assert year["reading_progress_coverage"] == {"absent": "not_published", "under": 50}
        assert year["reading_progress_band"] == {"absent": "not_published"}
        assert "writing_progress_coverage" not in year
        assert year["mathematics_progress_coverage"] == {"absent": "not_published", "at_least": 50}

    def test_the_full_table_gives_the_coverage_itself(self, folder: Path) -> None:
        """A coverage that a table has goes before what another lets one know of it."""
        write(folder, "ks2_2018.csv", row(2018, READPROG="1.5"))
        write(folder, "ks2_2018_la936_full.csv", full(2018, READPROG="1.5", READCOV=83, READPROG_LOWER="-0.2",
                                                     READPROG_UPPER="3.2"))  # fmt: skip
        year = one(folder, "ks2", "2017-18")
        assert year["reading_progress_coverage"] == 83
        assert (year["reading_progress_lower"], year["reading_progress_upper"]) == (-0.2, 3.2)

    def test_bands_are_told_from_2018_on(self, folder: Path) -> None:
        """1 is well above average and 5 well below; a band that is no number from 1 to 5 is refused."""
        write(folder, "ks2_2018.csv", row(2018, READPROG_DESCR=1, WRITPROG_DESCR=5, MATPROG_DESCR=3))
        year = one(folder, "ks2", "2017-18")
        assert [year[f"{subject}_progress_band"] for subject in ("reading", "writing", "mathematics")] == [
            "well_above_average", "well_below_average", "average",
        ]  # fmt: skip
        write(folder, "ks2_2018.csv", row(2018, READPROG_DESCR=6))
        assert "column READPROG_DESCR" in remarks(imported(folder, LATE))[0]

    def test_benchmark_rows_are_no_schools(self, folder: Path) -> None:
        """Rows of the authority and of England have no number of a school: they are counted, and not refused."""
        rows = [full(2017, "", RECTYPE=kind, TELIG=600000) for kind in (3, 4, 5)]
        write(folder, "ks2_2017_la936_full.csv", full(2017, TELIG=30), full(2017, 990302, RECTYPE=2), *rows)
        found = imported(folder, LATE)
        assert not found.remarks
        (line,) = [line for line in found.summary if line.startswith("ks2_2017_la936_full.csv")]
        assert "5 rows, 1 used" in line
        assert "3 that speak of no school" in line
        assert "1 of schools that do not come out" in line

    def test_a_row_without_a_number_that_is_no_benchmark_is_refused(self, folder: Path) -> None:
        """A row that belongs to nobody is told."""
        write(folder, "ks2_2016.csv", row(2016, ""))
        assert remarks(imported(folder, LATE)) == [
            "ks2_2016.csv, line 2, column URN: is blank, so the row belongs to no school"
        ]

    def test_suppression_is_told_where_one_of_two_tables_tells_it(self, folder: Path) -> None:
        """Where one table is blank and the other says SUPP, the figure is suppressed."""
        write(folder, "ks2_2017.csv", row(2017, TELIG=5))
        write(folder, "ks2_2017_la936_full.csv", full(2017, TELIG=5, PTRWM_EXP="SUPP"))
        assert one(folder, "ks2", "2016-17")["rwm_expected_standard"] == {"absent": "suppressed"}

    def test_groups_of_pupils_come_from_the_full_table(self, folder: Path) -> None:
        """Boys, girls, disadvantaged and other pupils, writing and science as teachers assess them."""
        cells = {"PTRWM_EXP_B": 55, "PTRWM_EXP_G": 66, "TFSM6CLA1A": 9, "PTRWM_EXP_FSM6CLA1A": 44,
                 "PTRWM_EXP_NotFSM6CLA1A": 77, "PTWRITTA_EXP": 80, "PTWRITTA_HIGH": 12, "PTSCITA_EXP": 88}  # fmt: skip
        write(folder, "ks2_2017_la936_full.csv", full(2017, **cells))
        year = one(folder, "ks2", "2016-17")
        names = ("boys_rwm", "girls_rwm", "eligible_disadvantaged", "disadvantaged_rwm", "other_rwm",
                 "writing_expected_standard", "writing_higher_standard", "science_expected_standard")  # fmt: skip
        assert [year[name] for name in names] == [55, 66, 9, 44, 77, 80, 12, 88]

    def test_2013_is_in_levels_and_without_eligible_pupils(self, folder: Path) -> None:
        """The sum of three groups is a lower bound of the cohort: it is not taken for the cohort."""
        cells = {"PT2READ": 95, "PT2WRITTA": "SUPP", "PT2MATH": "NA", "PTREADX": 90, "TAPS": "28.7", "TFSMCLA": 11}
        write(folder, "ks2_2013_partial.csv", row(2013, **cells))
        path = folder / "ks2_2013_partial.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([lines[0] + ",TELIG_EST", lines[1] + ",29", ""]), encoding="utf-8")
        year = one(folder, "ks2", "2012-13")
        assert (year["reading_expected_progress"], year["average_points"], year["reading_level_4_plus"]) == (
            95,
            28.7,
            90,
        )
        assert year["writing_expected_progress"] == {"absent": "suppressed"}
        assert year["mathematics_expected_progress"] == {"absent": "not_published"}
        assert "eligible_pupils" not in year


class TestOtherTables:
    def test_the_sessions_missed_are_turned_into_sessions_attended(self, folder: Path) -> None:
        """100 less the percentage missed, exactly; persistent absence stays as it is, on the 15% definition."""
        write(
            folder, "absence_2013.csv", row(2013, PERCTOT="4.7", PPERSABS15="SUPP"), row(2013, "", LA="NAT", PERCTOT=5)
        )
        found = imported(folder, LATE)
        year = found.records[0].attendance["2012-13"]
        assert year.overall == Decimal("95.3")
        assert as_json(found.records[0])["attendance"]["2012-13"]["persistent_absence"] == {"absent": "suppressed"}
        assert not found.remarks

    def test_key_stage_4_says_no_entries_with_a_code(self, folder: Path) -> None:
        """NE and SUPP are missing; the grade 5 column of 2016 gives the field that has a break after that year."""
        write(folder, "ks4_2016.csv", row(2016, TPUP=120, PTL2BASICS_95=57, P8MEA="NE", P8MEA_B="SUPP"))
        year = one(folder, "ks4", "2015-16")
        assert (year["pupils"], year["english_and_mathematics"]) == (120, 57)
        assert year["progress_8"] == {"absent": "not_published"}
        assert year["boys_progress_8"] == {"absent": "suppressed"}

    def test_the_band_of_progress_8_is_read_from_2018_on(self, folder: Path) -> None:
        """The column is there in every year, and blank before 2018."""
        write(folder, "ks4_2018.csv", row(2018, P8MEA="-0.6", P8_BANDING=5))
        assert one(folder, "ks4", "2017-18")["progress_8_band"] == "well_below_average"

    def test_a_financial_year_stands_in_the_academic_year_in_which_it_ends(self, folder: Path) -> None:
        """The year that ended on 31 March 2016 is that of 2015-16, in pounds and pence, a deficit below nothing."""
        write(folder, "finance_cfr_2014_2018.csv",
              row(2016, INCOME="100000.50", EXPENDITURE="100001.75", IN_YEAR_BALANCE="-1.25"))  # fmt: skip
        year = one(folder, "finance", "2015-16")
        assert (year["income"], year["in_year_balance"]) == (100000.50, -1.25)

    def test_the_census_of_january_stands_in_its_academic_year(self, folder: Path) -> None:
        """January 2019 is in 2018-19; a national row is no school."""
        write(folder, "census_2019.csv", row(2019, NOR=200, PSENELSE="1.5", NUMFSM=20, PNUMFSMEVER="NA"),
              row(2019, "", LA="NAT", NOR=4_727_089))  # fmt: skip
        found = imported(folder, LATE)
        year = as_json(found.records[0])["census"]["2018-19"]
        assert (year["pupils"], year["sen_plan"], year["free_school_meals"]) == (200, 1.5, 20)
        assert year["free_school_meals_ever"] == {"absent": "not_published"}
        assert not found.remarks

    @pytest.mark.parametrize(
        ("name", "year", "series", "day"),
        [
            ("ks2_2013_partial.csv", 2013, "ks2", date(2013, 12, 12)),
            ("ks4_2017.csv", 2017, "ks4", date(2018, 1, 25)),
            ("absence_2013.csv", 2013, "attendance", date(2014, 3, 25)),
            ("census_2019.csv", 2019, "census", date(2019, 12, 13)),
            ("finance_cfr_2014_2018.csv", 2014, "finance", date(2014, 12, 31)),
        ],
    )
    def test_each_table_counts_from_its_day(self, folder: Path, name: str, year: int, series: str, day: date) -> None:
        """On the day before the publication a table gives nothing, on the day itself it does."""
        write(folder, name, row(year))
        assert series in as_json(only(folder, day))
        assert series not in as_json(only(folder, date.fromordinal(day.toordinal() - 1)))


class TestConflicts:
    def test_tables_that_differ_leave_the_figure_disputed(self, folder: Path) -> None:
        """Both figures stand in the evidence, each with its origin, its table and its row; the rest is known."""
        write(folder, "ks2_2017.csv", row(2017, TELIG=30, PTRWM_EXP=64))
        write(folder, "ks2_2017_la936_full.csv", full(2017, TELIG=30, PTRWM_EXP=66))
        year = one(folder, "ks2", "2016-17")
        assert year["eligible_pupils"] == 30
        published = "2017-12-14"
        assert year["rwm_expected_standard"] == {
            "disputed": [
                {"value": 64, "from": "department",
                 "source": {"table": "ks2_2017.csv", "row": 2, "published": published}},
                {"value": 66, "from": "department_in_full",
                 "source": {"table": "ks2_2017_la936_full.csv", "row": 2, "published": published}},
            ]
        }  # fmt: skip

    def test_a_figure_and_a_blank_are_no_conflict(self, folder: Path) -> None:
        """A table that does not say contradicts nobody; one figure written in two ways is one figure."""
        write(folder, "ks2_2017.csv", row(2017, PTRWM_EXP="", READPROG="2"))
        write(folder, "ks2_2017_la936_full.csv", full(2017, PTRWM_EXP=66, READPROG="2.0"))
        year = one(folder, "ks2", "2016-17")
        assert (year["rwm_expected_standard"], year["reading_progress_score"]) == (66, 2)

    def test_the_summary_counts_what_is_disputed(self, folder: Path) -> None:
        """A disputed figure is none of the known ones."""
        write(folder, "ks2_2017.csv", row(2017, PTRWM_EXP=64))
        write(folder, "ks2_2017_la936_full.csv", full(2017, PTRWM_EXP=66))
        lines = {line.split()[0]: line.split()[1:] for line in imported(folder, LATE).by_field}
        assert dict(zip(lines["field"], lines["ks2.rwm_expected_standard"], strict=False))["disputed"] == "1"
