"""Published tables become evidence as the maps say, row by row; what cannot be read is named and left out."""

import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.evidence.fictional_tables import (
    INSPECTIONS,
    ON,
    SCHOOLS,
    append,
    as_json,
    headings,
    imported,
    inspection,
    only,
    remarks,
    run,
    school,
    write,
)

from si_rules.evidence.tables.importing import NothingToImport, import_tables
from si_rules.evidence.tables.lines import line_of
from si_rules.evidence.tables.map_reading import MapsUnusable, bundled_maps, maps_of, read_maps

ROOT = Path(__file__).resolve().parents[2]


def results(year: int, urn: int = 990301, **cells: Any) -> dict[str, Any]:
    return {"YEAR": year, "URN": urn, "LA": "999", **cells}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder with one school, its inspections, and its results of three years."""
    write(tmp_path, SCHOOLS, school(990301))
    write(tmp_path, INSPECTIONS, inspection(990301, "2016-03-01", "Good"),
          inspection(990301, "2012-03-01", "Satisfactory"))  # fmt: skip
    cells = {"TELIG": 28, "PTRWM_EXP": 61, "READPROG": "-0.40", "WRITPROG": "LOWCOV", "MATPROG": "2.1"}
    write(tmp_path, "ks2_2016.csv", results(2016, **cells))
    write(tmp_path, "ks2_2017.csv", results(2017, TELIG=30))
    write(tmp_path, "ks2_2018.csv", results(2018, TELIG=31))
    return tmp_path


class TestSchools:
    def test_an_authority_gets_its_own_schools_by_urn(self, tmp_path: Path) -> None:
        """Only the schools of the authority come out, in the order of their numbers."""
        write(tmp_path, SCHOOLS, school(990302), school(990303, LA=998), school(990301))
        assert [record.urn for record in imported(tmp_path).records] == ["990301", "990302"]

    def test_all_is_every_authority(self, tmp_path: Path) -> None:
        """With `all` the schools of every authority come out."""
        write(tmp_path, SCHOOLS, school(990302), school(990303, LA=998))
        found = import_tables(tmp_path, bundled_maps(), "all", ON)
        assert [record.urn for record in found.records] == ["990302", "990303"]
        assert "2 rows, 2 used" in found.summary[0]

    def test_a_school_is_there_unless_the_table_says_otherwise(self, tmp_path: Path) -> None:
        """Closed on or before the day, or opened after it: left out and counted. Blank dates say nothing."""
        write(
            tmp_path,
            SCHOOLS,
            school(990301, CLOSEDATE="2017-06-30"),
            school(990302, OPENDATE="2017-07-01"),
            school(990303, OPENDATE="2017-06-30", CLOSEDATE="2017-07-01"),
            school(990304),
        )
        found = imported(tmp_path)
        assert [record.urn for record in found.records] == ["990303", "990304"]
        assert "2 used; left out 1 closed by 2017-06-30, 1 opened after it" in found.summary[0]
        every = imported(tmp_path, every_school=True)
        assert [record.urn for record in every.records] == ["990301", "990302", "990303", "990304"]

    def test_a_blank_day_is_missing_and_not_none(self, tmp_path: Path) -> None:
        """A blank day does not say that a school is older than any record, nor that it is open."""
        write(tmp_path, SCHOOLS, school(990301))
        record = as_json(only(tmp_path))
        assert record["opened"] == {"absent": "not_published"}
        assert record["closed"] == {"absent": "not_published"}

    def test_a_day_of_closing_that_is_to_come_is_left_out(self, tmp_path: Path) -> None:
        """What came later than the day asked for is not known on it."""
        write(tmp_path, SCHOOLS, school(990301, OPENDATE="2017-06-01", CLOSEDATE="2018-08-31"))
        record = as_json(only(tmp_path))
        assert record["opened"] == "2017-06-01"
        assert "closed" not in record
        assert as_json(only(tmp_path, date(2018, 8, 31), every_school=True))["closed"] == "2018-08-31"

    @pytest.mark.parametrize(
        ("cells", "phase"),
        [
            ({}, "primary"),
            ({"AGEH": 7}, "infant"),
            ({"AGEL": 5, "AGEH": 9}, "infant"),
            ({"AGEL": 7}, "junior"),
            ({"AGEL": 9, "AGEH": 12}, "middle"),
            ({"ISSECONDARY": 1, "AGEL": 9, "AGEH": 13}, "middle"),
            ({"ISSECONDARY": 1, "AGEL": 4, "AGEH": 18, "MINORGROUP": "Academy"}, "all_through"),
            ({"ISSECONDARY": 1, "AGEL": 11, "AGEH": 16}, "all_through"),
            ({"ISPRIMARY": 0, "ISSECONDARY": 1, "AGEL": 11, "AGEH": 18}, "secondary"),
            ({"ISPRIMARY": 0, "ISSECONDARY": 1, "AGEL": 13, "AGEH": 18}, "secondary"),
            ({"ISSECONDARY": 1, "AGEH": 19, "MINORGROUP": "Special School"}, "special"),
            ({"NFTYPE": "Local authority nursery school", "AGEL": 2, "AGEH": 4}, "nursery"),
            ({"NFTYPE": "Pupil referral unit", "ISPRIMARY": 0, "ISSECONDARY": 1}, "pupil_referral_unit"),
        ],
    )
    def test_the_phase_follows_flags_and_ages(self, tmp_path: Path, cells: dict[str, Any], phase: str) -> None:
        """Each phase is told from the flags, the ages, and the sort of the school."""
        write(tmp_path, SCHOOLS, school(990301, **cells))
        assert only(tmp_path).phase == phase

    @pytest.mark.parametrize("age", ["0", ""])
    def test_without_ages_the_phase_is_not_published(self, tmp_path: Path, age: str) -> None:
        """A primary flag alone does not tell an infant school from a junior one."""
        write(tmp_path, SCHOOLS, school(990301, AGEL=age, AGEH=age))
        assert as_json(only(tmp_path))["phase"] == {"absent": "not_published"}

    def test_a_type_outside_the_vocabulary_is_absent(self, tmp_path: Path) -> None:
        """An independent special school is neither maintained nor an academy: no word is made up for it."""
        write(tmp_path, SCHOOLS, school(990301, NFTYPE="Other independent special school"))
        found = imported(tmp_path)
        assert as_json(found.records[0])["legal_type"] == {"absent": "not_published"}
        assert not found.remarks

    @pytest.mark.parametrize(
        ("word", "faith"),
        [
            ("Does not apply", {"none": True}),
            ("None", {"none": True}),
            ("Church of England", "church_of_england"),
            ("Roman Catholic", "roman_catholic"),
            ("Methodist", "other_christian"),
            ("Sikh", "other_faith"),
            ("Church of England/Roman Catholic", {"absent": "not_published"}),
            ("Unknown", {"absent": "not_published"}),
        ],
    )
    def test_religious_character_is_known_none_or_missing(self, tmp_path: Path, word: str, faith: Any) -> None:
        """A school without one has none; one of two churches, and an unknown one, are not guessed."""
        write(tmp_path, SCHOOLS, school(990301, RELDENOM=word))
        assert as_json(only(tmp_path))["religious_character"] == faith

    def test_a_word_nobody_mapped_is_refused_with_the_nearest(self, tmp_path: Path) -> None:
        """A word the map does not know leaves out the row, and the nearest one is offered."""
        write(tmp_path, SCHOOLS, school(990301, NFTYPE="Comunity school"), school(990302))
        found = imported(tmp_path)
        assert [record.urn for record in found.records] == ["990302"]
        (remark,) = remarks(found)
        assert remark.startswith("schools_2018.csv, line 2, column NFTYPE (990301): 'Comunity school' is not a word")
        assert "'Community school'" in remark

    def test_a_school_that_stands_twice_is_taken_once(self, tmp_path: Path) -> None:
        """The second row of a school is refused: nothing says which holds."""
        write(tmp_path, SCHOOLS, school(990301), school(990301, SCHNAME="Other"))
        found = imported(tmp_path)
        assert found.records[0].name == "Invented School"
        assert "stands on line 2 already" in remarks(found)[0]


class TestInspections:
    def test_a_list_holds_what_was_made_by_the_day(self, tables: Path) -> None:
        """Inspections come out by date; Satisfactory is requires improvement; later ones are left out."""
        record = as_json(only(tables, date(2016, 3, 1)))
        assert [(item["date"], item["grade"]) for item in record["inspections"]] == [
            ("2012-03-01", "requires_improvement"),
            ("2016-03-01", "good"),
        ]
        assert len(as_json(only(tables, date(2016, 2, 29)))["inspections"]) == 1

    def test_the_category_of_concern_is_only_known_where_there_is_none(self, tables: Path) -> None:
        """A school graded inadequate is in one of two categories, and the table does not say in which."""
        write(tables, INSPECTIONS, inspection(990301, "2016-03-01", "Inadequate"))
        (found,) = as_json(only(tables))["inspections"]
        assert found["category_of_concern"] == {"absent": "not_published"}
        write(tables, INSPECTIONS, inspection(990301, "2016-03-01", "Requires Improvement"))
        (found,) = as_json(only(tables))["inspections"]
        assert found["category_of_concern"] == "no_category"

    def test_no_row_is_not_never_inspected(self, tables: Path) -> None:
        """A school without a row is not given an empty list, which would say that it was never inspected."""
        write(tables, INSPECTIONS)
        assert as_json(only(tables))["inspections"] == {"absent": "not_published"}

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("990301,999,01/03/2017,Good", "for day, month, year write 2017-03-01"),
            ("990301,999,,Good", "is blank"),
            ("990301,999,2016-03-01,Inadequate", "there is another inspection of 2016-03-01"),
            ("990301,999,2017-03-01", "the row has 3 cells where the header has 4"),
        ],
    )
    def test_a_refused_row_takes_the_schools_list_with_it(self, tables: Path, row: str, reason: str) -> None:
        """A list that may lack an inspection is not given as if it were the whole."""
        append(tables, INSPECTIONS, row + "\n")
        found = imported(tables)
        assert as_json(found.records[0])["inspections"] == {"absent": "not_supplied"}
        (remark,) = remarks(found)
        assert remark.startswith(f"{INSPECTIONS}, line 4")
        assert reason in remark
        assert any("1 school with a refused row" in line for line in found.summary)

    def test_the_same_row_twice_is_one_inspection(self, tables: Path) -> None:
        """A row that says again what an earlier one said changes nothing."""
        append(tables, INSPECTIONS, "990301,999,2016-03-01,Good\n")
        found = imported(tables)
        assert len(as_json(found.records[0])["inspections"]) == 2
        assert not found.remarks

    def test_a_file_that_breaks_off_supplies_no_list(self, tables: Path) -> None:
        """Where a quotation mark is never closed, what follows is unknown for every school."""
        append(tables, INSPECTIONS, '990999,999,"2016-01-01\n')
        found = imported(tables)
        assert as_json(found.records[0])["inspections"] == {"absent": "not_supplied"}
        assert "not CSV" in remarks(found)[0]


class TestResults:
    def test_only_what_was_published_comes_out(self, tables: Path) -> None:
        """The results of 2016 were published on 15 December 2016: not the day before."""
        assert only(tables, date(2016, 12, 14)).ks2 == {}
        assert list(only(tables, date(2016, 12, 15)).ks2) == ["2015-16"]
        assert list(only(tables, date(2018, 12, 13)).ks2) == ["2015-16", "2016-17", "2017-18"]
        assert "left out 1 that came after 2017-06-30, the first on 2017-12-14" in "".join(imported(tables).summary)

    def test_numbers_stay_exact_and_codes_become_reasons(self, tables: Path) -> None:
        """A number keeps its digits; a code is a reason of absence."""
        record = only(tables)
        year = record.ks2["2015-16"]
        assert str(year.reading_progress_score) == "-0.40"
        assert isinstance(year.rwm_expected_standard, Decimal)
        assert as_json(record)["ks2"]["2015-16"]["writing_progress_score"] == {"absent": "not_published"}
        assert '"reading_progress_score": -0.40' in line_of(record)

    def test_a_blank_row_still_gives_the_year(self, tables: Path) -> None:
        """A row of blanks says that nothing was published; SUPP says that it was suppressed."""
        write(tables, "ks2_2016.csv", results(2016, WRITPROG="SUPP"))
        year = as_json(only(tables))["ks2"]["2015-16"]
        assert year["eligible_pupils"] == {"absent": "not_published"}
        assert year["writing_progress_score"] == {"absent": "suppressed"}

    @pytest.mark.parametrize(
        ("cells", "column", "reason"),
        [
            ({"TELIG": "2o"}, "TELIG", "'2o' is neither a number nor a code"),
            ({"TELIG": "28.5"}, "TELIG", "is not a whole number"),
            ({"PTRWM_EXP": "161"}, "PTRWM_EXP", "is not from 0 to 100 %"),
            ({"PTRWM_EXP": "61%"}, "PTRWM_EXP", "'61%' is neither a number"),
            ({"PTRWM_EXP": "1_0"}, "PTRWM_EXP", "'1_0' is neither a number"),
            ({"READPROG": "NaN"}, "READPROG", "'NaN' is neither a number"),
            ({"YEAR": "2014"}, "YEAR", "does not say when the results of 2013-14 were published"),
            ({"YEAR": "2015/16"}, "YEAR", "is not the year in which an academic year ends"),
        ],
    )
    def test_a_bad_cell_is_named_and_its_row_left_out(self, tables: Path, cells: dict[str, Any], column: str,
                                                      reason: str) -> None:  # fmt: skip
        """The file, the line, the column, the school and the reason stand in the remark; the row gives nothing."""
        write(tables, "ks2_2016.csv", {**results(2016), **cells})
        found = imported(tables)
        assert "2015-16" not in found.records[0].ks2
        (remark,) = remarks(found)
        assert remark.startswith(f"ks2_2016.csv, line 2, column {column} (990301): ")
        assert reason in remark

    def test_a_second_row_may_repeat_but_not_contradict(self, tables: Path) -> None:
        """Of one origin, a row that says the same again is passed over, and one that says otherwise is refused."""
        write(tables, "ks2_2016.csv", results(2016, TELIG=28), results(2016, TELIG=28))
        found = imported(tables)
        assert not found.remarks
        assert any("1 that say the same again" in line for line in found.summary)
        write(tables, "ks2_2016.csv", results(2016, TELIG=28), results(2016, TELIG=29))
        found = imported(tables)
        assert found.records[0].ks2["2015-16"].eligible_pupils == 28
        assert remarks(found)[0].startswith("ks2_2016.csv, line 3, column YEAR (990301): line 2 says otherwise")


class TestFiles:
    def test_a_missing_table_is_named_and_done_without(self, tables: Path) -> None:
        """A table that is not there is said to be missing, and the rest goes on."""
        (tables / "ks2_2016.csv").unlink()
        (tables / INSPECTIONS).unlink()
        result = run(tables)
        assert result.exit_code == 0
        (line,) = [
            line
            for line in result.stderr.splitlines()
            if line.startswith(f"done without, for they are not in {tables}")
        ]
        assert INSPECTIONS in line
        assert "ks2_2016.csv" in line
        assert '"inspections"' not in result.stdout

    @pytest.mark.parametrize("content", [None, b"", b"URN,LA\n990301,999\n", b"head"])
    def test_without_schools_there_is_nothing_to_import(self, tmp_path: Path, content: bytes | None) -> None:
        """No table of schools, an unusable one, or one without the authority: a sentence and exit code 2."""
        if content is not None:
            header = ",".join(headings(SCHOOLS)).encode() + b"\n"
            (tmp_path / SCHOOLS).write_bytes(header if content == b"head" else content)
        result = run(tmp_path)
        assert result.exit_code == 2
        assert result.stderr.startswith("si-rules: ")
        assert result.stderr.count("\n") == 1

    def test_a_missing_column_is_named_and_the_others_read(self, tables: Path) -> None:
        """A column that is not there is told with the heading most like it; the rest of the table comes out."""
        path = tables / "ks2_2016.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("PTRWM_EXP", "PTRWM_EX"), encoding="utf-8")
        found = imported(tables)
        assert remarks(found) == ["ks2_2016.csv, line 1: there is no column PTRWM_EXP; the nearest is PTRWM_EX"]
        year = found.records[0].ks2["2015-16"]
        assert (year.rwm_expected_standard, year.eligible_pupils) == (None, 28)
        assert run(tables).exit_code == 4

    def test_a_table_without_its_key_gives_nothing(self, tables: Path) -> None:
        """Without the column that says whose a row is, a table cannot be used at all."""
        path = tables / "ks2_2016.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("URN", "Number"), encoding="utf-8")
        found = imported(tables)
        assert remarks(found) == ["ks2_2016.csv, line 1: there is no column URN"]
        assert "2015-16" not in found.records[0].ks2

    def test_a_line_that_is_not_utf_8_loses_only_itself(self, tables: Path) -> None:
        """One line in another encoding is refused with its school; the other rows come out."""
        write(tables, SCHOOLS, school(990301, SCHNAME="St Zoë"), school(990302, SCHNAME="Plain"))
        path = tables / SCHOOLS
        path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
        result = run(tables)
        assert result.exit_code == 4
        assert "refused: schools_2018.csv, line 2 (990301): the row is not UTF-8" in result.stderr
        assert result.stdout.startswith('{"urn": "990302"')

    def test_any_bytes_give_a_sentence(self, tables: Path) -> None:
        """Whatever stands in place of a table, the command ends with a code of its own and no traceback."""
        for content in (b"\xff\xfeU\0R\0N\0", b"\0\0\0", b'"', b"\r\r\r", b"a" * 200_000, b'URN,"LA\n' * 9):
            for name in ("ks2_2016.csv", INSPECTIONS, SCHOOLS):
                before = (tables / name).read_bytes()
                (tables / name).write_bytes(content)
                result = run(tables)
                assert isinstance(result.exception, SystemExit | None), (content[:9], name, result.exception)
                assert result.exit_code == (2 if name.startswith("schools") else 4)
                (tables / name).write_bytes(before)

    def test_a_byte_order_mark_and_other_line_ends_change_nothing(self, tables: Path) -> None:
        """A table saved by a spreadsheet program reads the same."""
        expected = run(tables).stdout
        for path in tables.glob("*.csv"):
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        assert run(tables).stdout == expected

    def test_the_order_of_rows_shows_only_in_their_places(self, tables: Path) -> None:
        """The records come by number, and say the same whatever the order of the rows, but for where each stands."""
        write(tables, SCHOOLS, school(990302), school(990301))
        first = imported(tables).records
        write(tables, SCHOOLS, school(990301), school(990302))
        second = imported(tables).records
        assert [r.model_copy(update={"provenance": {}}) for r in first] == [
            r.model_copy(update={"provenance": {}}) for r in second
        ]

    def test_the_same_tables_give_the_same_bytes(self, tables: Path) -> None:
        """The seed of the hashes does not show."""
        first = run(tables).stdout
        script = [sys.executable, "-m", "si_rules", "import-tables", str(tables), "--authority", "999", "--on", str(ON)]
        for seed in ("1", "2"):
            environment = os.environ | {"PYTHONHASHSEED": seed}
            done = subprocess.run(script, env=environment, capture_output=True, encoding="utf-8", check=True)
            assert done.stdout == first

    def test_the_summary_says_how_much_is_known_of_each_field(self, tables: Path) -> None:
        """A line a field: how many are known, known within limits, suppressed, not published."""
        write(tables, "ks2_2016.csv", results(2016, TELIG=28, PTRWM_EXP="SUPP", READPROG="LOWCOV"))
        lines = {line.split()[0]: line.split()[1:] for line in imported(tables).by_field}
        assert lines["field"] == ["known", "within", "limits", "suppressed", "not", "published"]
        assert lines["ks2.eligible_pupils"] == ["1", "0", "0", "0"]
        assert lines["ks2.rwm_expected_standard"] == ["0", "0", "1", "0"]
        assert lines["ks2.reading_progress_coverage"] == ["0", "1", "0", "0"]
        assert lines["inspections.grade"] == ["2", "0", "0", "0"]


class TestAuthorities:
    def test_an_unknown_authority_is_refused(self, tables: Path) -> None:
        """An authority of which the table has no school is a mistake, not an empty answer."""
        with pytest.raises(NothingToImport, match="no school of the authority 123"):
            import_tables(tables, bundled_maps(), "123", ON)

    def test_an_authority_has_a_name_where_there_is_a_table_of_them(self, tables: Path) -> None:
        """The name is told beside the number, and a name in place of a number gives the number."""
        (tables / "la_and_region_codes.csv").write_text("LEA,LA Name,REGION\n999,Wintersfield,1\n", encoding="utf-8")
        assert "of the authority 999, Wintersfield, 1 used" in imported(tables).summary[0]
        with pytest.raises(NothingToImport, match="the number of Wintersfield is 999"):
            import_tables(tables, bundled_maps(), "Wintersfeld", ON)


class TestMaps:
    text = (ROOT / "src/si_rules/evidence/tables/published.toml").read_text(encoding="utf-8")

    def test_other_headings_need_other_maps_only(self, tables: Path) -> None:
        """A table with other headings is read with an edited map, and without a change of code."""
        path = tables / "ours.toml"
        path.write_text(self.text.replace('"TELIG"', '"Pupils in Year 6"'), encoding="utf-8")
        for name in ("ks2_2016.csv", "ks2_2017.csv", "ks2_2018.csv"):
            content = (tables / name).read_text(encoding="utf-8")
            (tables / name).write_text(content.replace("TELIG", "Pupils in Year 6"), encoding="utf-8")
        result = run(tables, "--maps", str(path))
        assert result.exit_code == 0
        assert '"eligible_pupils": 28' in result.stdout

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('field = "grade"', 'field = "grad"', "gives no field grad; did you mean grade?"),
            ('series = "ks2"', 'series = "ks5"', "the evidence has no such results"),
            ('field = "eligible_boys"', 'field = "of_predecessor"', "gives no field of_predecessor"),
            ('"LOWCOV" = "not_published"', '"LOWCOV" = "unknown"', "is not one of"),
            ("[codes]", "[codes", "not TOML"),
            ('closed = "CLOSEDATE"', 'closes = "CLOSEDATE"', "schools.closed: is missing"),
            ("%d-%m-%Y", "%d-%m", "does not say year, month and day"),
            ('origin = "department_in_full"', 'origin = "department"', "give one of them another origin"),
            ("subtracted_from = 100", "subtracted_from = 100\ntext = true", "says more than one of"),
            ('under = { "LOWCOV" = 50 }\n', "", "says otherwise_at_least without under"),
            ('merger = ["Predecessor - merged"', 'merger = ["Merged"', "'Merged' is neither among"),
        ],
    )
    def test_a_map_is_checked_before_a_table_is_opened(self, old: str, new: str, message: str) -> None:
        """A map that names what the evidence has not, or cannot mean, is refused with a sentence."""
        assert old in self.text
        with pytest.raises(MapsUnusable, match=r"^ours") as caught:
            maps_of(self.text.replace(old, new), "ours.toml")
        assert message in str(caught.value)

    def test_a_map_names_an_origin_that_the_vocabulary_declares(self, tables: Path) -> None:
        """An origin that nobody declares would be refused with every dispute: it is told at once, with the nearest."""
        path = tables / "ours.toml"
        path.write_text(self.text.replace('origin = "department_in_full"', 'origin = "departement"'), encoding="utf-8")
        result = run(tables, "--maps", str(path))
        assert result.exit_code == 2
        assert "the vocabulary declares no such origin; did you mean department?" in result.stderr

    def test_the_maps_of_the_package_fit_the_vocabulary(self) -> None:
        """Every origin that the shipped maps name is declared in the shipped vocabulary."""
        text = (ROOT / "policies/vocabularies/school.vocabulary").read_text(encoding="utf-8")
        origins = [line.split()[1] for line in text.splitlines() if line.startswith("origin ")]
        assert bundled_maps(origins).results

    def test_a_map_that_is_not_there_is_said_to_be(self, tables: Path) -> None:
        """A file of maps that cannot be read ends the command with exit code 2."""
        result = run(tables, "--maps", str(tables / "none.toml"))
        assert result.exit_code == 2
        assert "no such file" in result.stderr
        with pytest.raises(MapsUnusable):
            read_maps(tables)
