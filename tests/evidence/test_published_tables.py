"""The published tables themselves, where they are at hand: every column and every row is accounted for.

The figures are compared with a reading of the files that knows nothing of the maps.
"""

import csv
import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from si_rules.evidence.absence import Disputed, Missing
from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.importing import Imported, import_tables
from si_rules.evidence.tables.map_reading import bundled_maps
from si_rules.evidence.tables.maps import Mapped

FOLDER = os.environ.get("SI_RULES_REAL_DATA", "")
REAL = Path(FOLDER)
LATE = date(2019, 12, 31)

pytestmark = pytest.mark.skipif(
    not FOLDER or not (REAL / "schools_2018.csv").is_file(),
    reason="the published tables are not at hand: SI_RULES_REAL_DATA names no folder that has them",
)

# As the account of the files tells them: rows of all England, and of Doncaster.
ROWS = {
    "ks2_2016.csv": (15_657, 101),
    "ks2_2017.csv": (15_810, 101),
    "ks2_2018.csv": (15_861, 99),
    "ks2_2013_partial.csv": (15_522, 94),
    "ks4_2016.csv": (4_303, 26),
    "ks4_2017.csv": (4_373, 30),
    "ks4_2018.csv": (4_461, 29),
    "ofsted_inspections_to_2018-08-31.csv": (51_899, 299),
    "finance_cfr_2014_2018.csv": (74_161, 386),
    "absence_2013.csv": (19_363, 116),
    "census_2019.csv": (21_264, 128),
    "ks2_2017_la936_full.csv": (235, 0),
    "ks2_2018_la936_full.csv": (238, 0),
}


def rows(name: str) -> Iterator[dict[str, str]]:
    with (REAL / name).open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


@cache
def imported(authority: str, predecessors: bool = False, every_school: bool = False) -> Imported:
    return import_tables(REAL, bundled_maps(), authority, LATE, None, predecessors, every_school)


@cache
def by_number(authority: str) -> dict[str, SchoolEvidence]:
    return {record.urn: record for record in imported(authority).records}


class TestColumns:
    def test_every_column_is_read_or_said_not_to_be(self) -> None:
        """Each heading of each file gives a field, tells whose the row is, or stands in the maps with the reason."""
        maps = bundled_maps()
        assert maps.inspections is not None
        assert maps.links is not None
        assert maps.authorities is not None
        files: dict[str, tuple[Mapped, set[str]]] = {
            maps.schools.file: (maps.schools, {maps.schools.opened, maps.schools.closed}
                                | {column for rule in maps.schools.phases for column in rule.where}),
            maps.inspections.file: (maps.inspections, {maps.inspections.date}),
            f"doncaster/{maps.links.file}": (maps.links, {maps.links.linked, maps.links.kind, maps.links.date}),
            maps.authorities.file: (maps.authorities, {maps.authorities.number, maps.authorities.name}),
        }  # fmt: skip
        for table in maps.results:
            for name in table.files:
                if (REAL / name).is_file():
                    files[name] = table, {table.year, *table.benchmarks}
        assert {name for name in files if "/" not in name} >= set(ROWS)
        for name, (mapped, own) in files.items():
            read = own | {str(getattr(mapped, key, "")) for key in ("key", "authority")}
            read |= {column.column for column in getattr(mapped, "columns", ())}
            headings = set(next(rows(name)))
            assert headings <= read | mapped.unread.keys(), name
            assert not mapped.unread.keys() & read, name

    def test_the_rows_of_doncaster_have_the_same_columns(self) -> None:
        """The folder with the rows of one authority is read with the same maps."""
        found = import_tables(REAL / "doncaster", bundled_maps(), "371", LATE)
        whole = by_number("371")
        assert not found.remarks
        for record in found.records:
            if record.urn in whole:
                other = whole[record.urn]
                assert {y: item.rwm_expected_standard for y, item in record.ks2.items()} == {
                    y: item.rwm_expected_standard for y, item in other.ks2.items()
                }
                assert {y: item.attainment_8 for y, item in record.ks4.items()} == {
                    y: item.attainment_8 for y, item in other.ks4.items()
                }
                assert record.finance.keys() == other.finance.keys()


class TestRows:
    @pytest.mark.parametrize("predecessors", [False, True])
    def test_every_row_of_every_table_is_told(self, predecessors: bool) -> None:
        """Used, of another authority, of a school that does not come out, refused with its reason: they add up."""
        for authority in ("371", "936"):
            found = imported(authority, predecessors)
            assert {account.name: account.read for account in found.accounts} == {
                name: whole for name, (whole, _) in ROWS.items()
            }
            assert [account.name for account in found.accounts if account.told != account.read] == []
            assert not found.remarks

    def test_the_rows_of_doncaster_are_as_many_as_there_are(self) -> None:
        """With its predecessors and every school of the table, all rows of Doncaster are used, or told why not."""
        found = imported("371", True, True)
        own = {name: count for name, (_, count) in ROWS.items()}
        for account in found.accounts:
            ours = account.used + account.of_predecessors + account.behind + account.left_out
            other = sum(1 for row in rows(account.name) if "LA" in row and row["LA"] == "371")
            assert other == own[account.name], account.name
            assert ours >= other, account.name  # a predecessor may have been another authority's

    def test_the_schools_of_doncaster(self) -> None:
        """152 schools in the table: 15 had closed by the end of January 2019, and 10 opened only later."""
        at = import_tables(REAL, bundled_maps(), "371", date(2019, 1, 31))
        assert at.summary[0] == (
            "schools_2018.csv: 152 rows of the authority 371, Doncaster, 127 used; left out 15 closed by 2019-01-31, "
            "10 opened after it, 0 refused"
        )
        assert len(imported("371", False, True).records) == 152

    def test_the_words_of_every_authority_are_known(self) -> None:
        """Every cell of every school of England is a word, a number or a code that the maps know."""
        numbers = sorted({row["LA"] for row in rows("schools_2018.csv")})
        assert len(numbers) > 140
        for number in numbers[::50]:
            found = import_tables(REAL, bundled_maps(), number, LATE, None, False, True)
            assert not found.remarks, number
            assert found.records


CHECKED = [
    ("ks2_2016.csv", "ks2", {"PTRWM_EXP": "rwm_expected_standard", "READPROG": "reading_progress_score",
                             "PTGPS_HIGH": "grammar_higher_standard", "MAT_AVERAGE": "mathematics_scaled_score"}),
    ("ks2_2017.csv", "ks2", {"TELIG": "eligible_pupils", "WRITPROG": "writing_progress_score"}),
    ("ks2_2018.csv", "ks2", {"GELIG": "eligible_girls", "MATPROG": "mathematics_progress_score",
                             "PTREAD_HIGH": "reading_higher_standard"}),
    ("ks2_2013_partial.csv", "ks2", {"PT2MATH": "mathematics_expected_progress", "TAPS": "average_points"}),
    ("ks4_2016.csv", "ks4", {"PTL2BASICS_95": "english_and_mathematics", "P8MEA": "progress_8"}),
    ("ks4_2018.csv", "ks4", {"TPUP": "pupils", "P8MEA_B": "boys_progress_8", "ATT8SCR": "attainment_8"}),
    ("census_2019.csv", "census", {"NOR": "pupils", "PSENELK": "sen_support", "PNUMEAL": "other_first_language"}),
    ("finance_cfr_2014_2018.csv", "finance", {"INCOME": "income", "IN_YEAR_BALANCE": "in_year_balance"}),
    ("ks2_2018_la936_full.csv", "ks2", {"READPROG_LOWER": "reading_progress_lower", "MATCOV": "mathematics_progress_coverage",
                                        "PTRWM_EXP_FSM6CLA1A": "disadvantaged_rwm", "PTSCITA_EXP": "science_expected_standard"}),
]  # fmt: skip


class TestFigures:
    @pytest.mark.parametrize(("name", "series", "columns"), CHECKED, ids=[name for name, *_ in CHECKED])
    def test_each_figure_is_that_of_its_cell(self, name: str, series: str, columns: dict[str, str]) -> None:
        """Every number of the schools of an authority comes out as it is written, and nothing else as a number."""
        authority = "936" if "la936" in name else "371"
        schools, seen = by_number(authority), 0
        for line, row in enumerate(rows(name), 2):
            record = schools.get(row["URN"])
            if record is None:
                continue
            ends = int(row["YEAR"])
            key = f"{series}.{ends - 1}-{ends % 100:02}"
            year = getattr(record, series)[key.partition(".")[2]]
            for column, field in columns.items():
                cell, value = row[column], getattr(year, field)
                if cell.lstrip("-").replace(".", "", 1).isdigit():
                    assert value == Decimal(cell), (line, column)
                else:
                    assert isinstance(value, Missing), (line, column)
                source = record.provenance.get(f"{key}.{field}", record.provenance[key])
                assert (source.table, source.row) == (name, line) or "la936" in source.table
                seen += 1
        assert seen >= 40

    def test_attendance_is_what_absence_leaves(self) -> None:
        """For each school the two add up to a hundred."""
        schools = by_number("371")
        found = [(schools[row["URN"]], row["PERCTOT"]) for row in rows("absence_2013.csv") if row["URN"] in schools]
        assert len(found) > 60
        for record, missed in found:
            overall = record.attendance["2012-13"].overall
            assert isinstance(overall, Decimal)
            assert overall + Decimal(missed) == 100

    def test_low_coverage_is_told_wherever_it_stands(self) -> None:
        """Each LOWCOV of 2018 is a score that is missing and a coverage under a half; a score has a half or more."""
        low = {row["URN"]: row["LA"] for row in rows("ks2_2018.csv") if row["READPROG"] == "LOWCOV"}
        assert len(low) == 15
        for urn, authority in sorted(low.items())[:2]:
            year = by_number(authority)[urn].ks2["2017-18"]
            assert year.reading_progress_score == Missing(absent="not_published")
            assert year.reading_progress_coverage == Missing(absent="not_published", under=Decimal(50))

    def test_no_score_is_shown_that_covers_fewer_than_half(self) -> None:
        """What the maps take from a score that is shown agrees with the coverage where a table has both."""
        seen = 0
        for year in (2017, 2018):
            for row in rows(f"ks2_{year}_la936_full.csv"):
                for subject in ("READ", "WRIT", "MAT"):
                    if row[f"{subject}PROG"].lstrip("-").replace(".", "", 1).isdigit() and row["RECTYPE"] in "12":
                        assert int(row[f"{subject}COV"]) >= 50
                        seen += 1
        assert seen > 1_000

    def test_inspections_are_those_of_the_number(self) -> None:
        """Every row of a school that comes out is an inspection of its list, in order."""
        listed: dict[str, list[tuple[str, str]]] = {}
        for row in rows("ofsted_inspections_to_2018-08-31.csv"):
            if row["LA"] == "371":
                grade = row["GRADE"].lower().replace(" ", "_").replace("satisfactory", "requires_improvement")
                listed.setdefault(row["URN"], []).append((row["INSPECTION_DATE"], grade))
        for urn, record in by_number("371").items():
            if isinstance(record.inspections, tuple):
                found = [(str(item.date), item.grade) for item in record.inspections]
                assert found == sorted(listed[urn])
            else:
                assert urn not in listed

    def test_the_two_tables_of_surrey_agree(self) -> None:
        """Of the figures that both the table of England and the full one have, none is disputed."""
        values = [
            getattr(year, field)
            for r in by_number("936").values()
            for year in r.ks2.values()
            for field in type(year).model_fields
        ]
        assert len(values) > 10_000
        assert not [value for value in values if isinstance(value, Disputed)]

    def test_earlier_years_in_the_full_table_are_those_of_the_table_of_the_year(self) -> None:
        """Why those columns are not read: each repeats what the year's own table has, or is a predecessor's."""
        own: dict[str, dict[str, Any]] = {
            suffix: {row["URN"]: row for row in rows(f"ks2_20{suffix}.csv")} for suffix in ("16", "17")
        }
        same = without = 0
        for row in rows("ks2_2018_la936_full.csv"):
            for suffix, table in own.items():
                then, now = table.get(row["URN"], {}).get("PTRWM_EXP", ""), row[f"PTRWM_EXP_{suffix}"]
                if row["RECTYPE"] in "12" and now.isdigit():
                    same += then == now
                    without += then == ""
                    assert then in ("", now), row["URN"]
        assert same > 300
        assert 0 < without < 60

    def test_what_a_predecessor_had_comes_marked(self) -> None:
        """Of the years that only predecessors have, each stands in a record with the predecessor's number and figure."""
        cells = {row["URN"]: row["PTRWM_EXP"] for row in rows("ks2_2016.csv")}
        marked = 0
        for record in imported("371", True).records:
            year = record.ks2.get("2015-16")
            if year is not None and year.of_predecessor is not None:
                marked += 1
                if isinstance(year.rwm_expected_standard, Decimal):
                    assert year.rwm_expected_standard == Decimal(cells[year.of_predecessor])
                else:
                    assert cells[year.of_predecessor] == ""
                assert cells.get(record.urn, "") == ""
        assert marked == 40
