"""Published tables become evidence as the maps say, row by row; what cannot be read is named and left out."""

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.importing import Imported, NothingToImport, import_tables
from si_rules.evidence.tables.lines import line_of
from si_rules.evidence.tables.maps import MapsUnusable, bundled_maps, maps_of, read_maps
from si_rules.interfaces.cli.import_tables import command

ROOT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("SI_RULES_REAL_DATA") or ROOT.parent / "shared" / "data" / "real")
ON = date(2017, 6, 30)

SCHOOLS = "URN,LA,SCHNAME,OPENDATE,CLOSEDATE,MINORGROUP,NFTYPE,ISPRIMARY,ISSECONDARY,AGEL,AGEH"
INSPECTIONS = "URN,LA,INSPECTION_DATE,GRADE,GRADE_CODE"
RESULTS = "YEAR,URN,TELIG,PTRWM_EXP,READPROG,WRITPROG,MATPROG"
LINKS = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"
INSPECTIONS_FILE = "ofsted_inspections_to_2018-08-31.csv"


def school(urn: int, name: str = "Invented School", *, opened: str = "", closed: str = "", group: str = "Maintained School",
           kind: str = "Community school", flags: str = "1,0", ages: str = "3,11", authority: int = 999) -> str:  # fmt: skip
    return f"{urn},{authority},{name},{opened},{closed},{group},{kind},{flags},{ages}"


def write(folder: Path, name: str, header: str, *rows: str) -> None:
    (folder / name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def imported(folder: Path, on: date = ON) -> Imported:
    return import_tables(folder, bundled_maps(), "999", on)


def only(folder: Path, on: date = ON) -> SchoolEvidence:
    (record,) = imported(folder, on).records
    return record


def remarks(found: Imported) -> list[str]:
    return [str(remark) for remark in found.remarks]


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(command, [str(folder), "--authority", "999", "--on", str(ON), *options])


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder with one school, its inspections, and its results of three years."""
    write(tmp_path, "schools_2018.csv", SCHOOLS, school(990301))
    write(
        tmp_path, INSPECTIONS_FILE, INSPECTIONS, "990301,999,2016-03-01,Good,2", "990301,999,2012-03-01,Satisfactory,3"
    )
    write(tmp_path, "ks2_2016.csv", RESULTS, "2016,990301,28,61,-0.40,LOWCOV,2.1")
    write(tmp_path, "ks2_2017.csv", RESULTS, "2017,990301,30,70,1.0,1.0,1.0")
    write(tmp_path, "ks2_2018.csv", RESULTS, "2018,990301,31,72,1.0,1.0,1.0")
    return tmp_path


class TestSchools:
    def test_an_authority_gets_its_own_schools_by_urn(self, tmp_path: Path) -> None:
        """Only the schools of the authority come out, in the order of their numbers."""
        write(tmp_path, "schools_2018.csv", SCHOOLS, school(990302), school(990303, authority=998), school(990301))
        assert [record.urn for record in imported(tmp_path).records] == ["990301", "990302"]

    def test_a_school_is_there_unless_the_table_says_otherwise(self, tmp_path: Path) -> None:
        """Closed on or before the day, or opened after it: left out and counted. Blank dates say nothing."""
        rows = [
            school(990301, closed="2017-06-30"),
            school(990302, opened="2017-07-01"),
            school(990303, opened="2017-06-30", closed="2017-07-01"),
            school(990304),
        ]
        write(tmp_path, "schools_2018.csv", SCHOOLS, *rows)
        found = imported(tmp_path)
        assert [record.urn for record in found.records] == ["990303", "990304"]
        assert "2 used; left out 1 closed by 2017-06-30 and 1 opened after it" in found.summary[0]

    @pytest.mark.parametrize(
        ("row", "phase"),
        [
            (school(990301), "primary"),
            (school(990301, ages="3,7"), "infant"),
            (school(990301, ages="5,9"), "infant"),
            (school(990301, ages="7,11"), "junior"),
            (school(990301, ages="9,12"), "middle"),
            (school(990301, flags="1,1", ages="9,13"), "middle"),
            (school(990301, flags="1,1", ages="4,18", group="Academy"), "all_through"),
            (school(990301, flags="1,1", ages="11,16"), "all_through"),
            (school(990301, flags="0,1", ages="11,18"), "secondary"),
            (school(990301, flags="0,1", ages="13,18"), "secondary"),
            (school(990301, flags="1,1", ages="3,19", group="Special School"), "special"),
            (school(990301, kind="Local authority nursery school", ages="2,4"), "nursery"),
            (school(990301, kind="Pupil referral unit", flags="0,1", ages="11,16"), "pupil_referral_unit"),
        ],
    )
    def test_the_phase_follows_flags_and_ages(self, tmp_path: Path, row: str, phase: str) -> None:
        """Each phase is told from the flags, the ages, and the sort of the school."""
        write(tmp_path, "schools_2018.csv", SCHOOLS, row)
        assert only(tmp_path).phase == phase

    @pytest.mark.parametrize("ages", ["0,0", ","])
    def test_without_ages_the_phase_is_not_published(self, tmp_path: Path, ages: str) -> None:
        """A primary flag alone does not tell an infant school from a junior one."""
        write(tmp_path, "schools_2018.csv", SCHOOLS, school(990301, ages=ages))
        assert json.loads(line_of(only(tmp_path)))["phase"] == {"absent": "not_published"}

    def test_a_type_outside_the_vocabulary_is_absent(self, tmp_path: Path) -> None:
        """An independent special school is neither maintained nor an academy: no word is made up for it."""
        write(tmp_path, "schools_2018.csv", SCHOOLS, school(990301, kind="Other independent special school"))
        found = imported(tmp_path)
        assert json.loads(line_of(found.records[0]))["legal_type"] == {"absent": "not_published"}
        assert not found.remarks

    def test_a_word_nobody_mapped_is_refused_with_the_nearest(self, tmp_path: Path) -> None:
        """A word the map does not know leaves out the row, and the nearest one is offered."""
        write(tmp_path, "schools_2018.csv", SCHOOLS, school(990301, kind="Comunity school"), school(990302))
        found = imported(tmp_path)
        assert [record.urn for record in found.records] == ["990302"]
        (remark,) = remarks(found)
        assert remark.startswith("schools_2018.csv, line 2, column NFTYPE (990301): 'Comunity school' is not a word")
        assert "'Community school'" in remark


class TestInspections:
    def test_a_list_holds_what_was_made_by_the_day(self, tables: Path) -> None:
        """Inspections come out by date; Satisfactory is requires improvement; later ones are left out."""
        record = json.loads(line_of(only(tables, date(2016, 3, 1))))
        assert [(item["date"], item["grade"]) for item in record["inspections"]] == [
            ("2012-03-01", "requires_improvement"),
            ("2016-03-01", "good"),
        ]
        assert len(json.loads(line_of(only(tables, date(2016, 2, 29))))["inspections"]) == 1

    def test_the_category_of_concern_is_only_known_where_there_is_none(self, tables: Path) -> None:
        """A school graded inadequate is in one of two categories, and the table does not say in which."""
        write(tables, INSPECTIONS_FILE, INSPECTIONS, "990301,999,2016-03-01,Inadequate,4")
        (inspection,) = json.loads(line_of(only(tables)))["inspections"]
        assert inspection["category_of_concern"] == {"absent": "not_published"}
        write(tables, INSPECTIONS_FILE, INSPECTIONS, "990301,999,2016-03-01,Requires Improvement,3")
        (inspection,) = json.loads(line_of(only(tables)))["inspections"]
        assert inspection["category_of_concern"] == "no_category"

    def test_no_row_is_not_never_inspected(self, tables: Path) -> None:
        """A school without a row is not given an empty list, which would say that it was never inspected."""
        write(tables, INSPECTIONS_FILE, INSPECTIONS)
        assert json.loads(line_of(only(tables)))["inspections"] == {"absent": "not_published"}

    def test_a_predecessors_inspection_is_counted_not_carried_over(self, tables: Path) -> None:
        """A link from either side tells the predecessor; its inspections are another school's."""
        for link in ("990301,990201,Old,Predecessor,01-09-2014", "990201,990301,New,Successor,01-09-2014"):
            (tables / "inside").mkdir(exist_ok=True)
            write(tables / "inside", "school_links.csv", LINKS, link)
            write(tables, INSPECTIONS_FILE, INSPECTIONS, "990201,999,2013-03-01,Good,2")
            found = imported(tables)
            assert json.loads(line_of(found.records[0]))["inspections"] == {"absent": "not_published"}
            assert any("1 of them with one under a predecessor's" in line for line in found.summary)

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("990301,999,01/03/2017,Good,2", "for day, month, year write 2017-03-01"),
            ("990301,999,,Good,2", "is blank"),
            ("990301,999,2016-03-01,Inadequate,4", "there is another inspection of 2016-03-01"),
            ("990301,999,2017-03-01", "the row has 3 cells where the header has 5"),
        ],
    )
    def test_a_refused_row_takes_the_schools_list_with_it(self, tables: Path, row: str, reason: str) -> None:
        """A list that may lack an inspection is not given as if it were the whole."""
        path = tables / INSPECTIONS_FILE
        path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
        found = imported(tables)
        assert json.loads(line_of(found.records[0]))["inspections"] == {"absent": "not_supplied"}
        (remark,) = remarks(found)
        assert remark.startswith(f"{INSPECTIONS_FILE}, line 4")
        assert reason in remark

    def test_the_same_row_twice_is_one_inspection(self, tables: Path) -> None:
        """A row that says again what an earlier one said changes nothing."""
        path = tables / INSPECTIONS_FILE
        path.write_text(path.read_text(encoding="utf-8") + "990301,999,2016-03-01,Good,2\n", encoding="utf-8")
        found = imported(tables)
        assert len(json.loads(line_of(found.records[0]))["inspections"]) == 2
        assert not found.remarks

    def test_a_file_that_breaks_off_supplies_no_list(self, tables: Path) -> None:
        """Where a quotation mark is never closed, what follows is unknown for every school."""
        path = tables / INSPECTIONS_FILE
        path.write_text(path.read_text(encoding="utf-8") + '990999,999,"2016-01-01\n', encoding="utf-8")
        found = imported(tables)
        assert json.loads(line_of(found.records[0]))["inspections"] == {"absent": "not_supplied"}
        assert "not CSV" in remarks(found)[0]


class TestResults:
    def test_only_what_was_published_comes_out(self, tables: Path) -> None:
        """The results of 2016 were published on 15 December 2016: not the day before."""
        assert only(tables, date(2016, 12, 14)).ks2 == {}
        assert list(only(tables, date(2016, 12, 15)).ks2) == ["2015-16"]
        assert list(only(tables, date(2018, 12, 13)).ks2) == ["2015-16", "2016-17", "2017-18"]
        assert "left out 1 published 2017-12-14, after 2017-06-30" in "".join(imported(tables).summary)

    def test_numbers_stay_exact_and_codes_become_reasons(self, tables: Path) -> None:
        """A number keeps its digits; a code is a reason of absence."""
        year = only(tables).ks2["2015-16"]
        assert str(year.reading_progress_score) == "-0.40"
        assert isinstance(year.rwm_expected_standard, Decimal)
        assert json.loads(line_of(only(tables)))["ks2"]["2015-16"]["writing_progress_score"] == {
            "absent": "not_published"
        }
        assert '"reading_progress_score": -0.40' in line_of(only(tables))

    def test_a_blank_row_still_gives_the_year(self, tables: Path) -> None:
        """A row of blanks says that nothing was published; SUPP says that it was suppressed."""
        write(tables, "ks2_2016.csv", RESULTS, "2016,990301,,,,SUPP,")
        year = json.loads(line_of(only(tables)))["ks2"]["2015-16"]
        assert year["eligible_pupils"] == {"absent": "not_published"}
        assert year["writing_progress_score"] == {"absent": "suppressed"}

    @pytest.mark.parametrize(
        ("row", "column", "reason"),
        [
            ("2016,990301,2o,61,1,1,1", "TELIG", "'2o' is neither a number nor a code"),
            ("2016,990301,28.5,61,1,1,1", "TELIG", "is not a whole number"),
            ("2016,990301,28,161,1,1,1", "PTRWM_EXP", "is not from 0 to 100 %"),
            ("2016,990301,28,61%,1,1,1", "PTRWM_EXP", "'61%' is neither a number"),
            ("2016,990301,28,1_0,1,1,1", "PTRWM_EXP", "'1_0' is neither a number"),
            ("2016,990301,28,61,NaN,1,1", "READPROG", "'NaN' is neither a number"),
            ("2014,990301,28,61,1,1,1", "YEAR", "does not say when the results of 2013-14 were published"),
            ("2015/16,990301,28,61,1,1,1", "YEAR", "is not the year in which an academic year ends"),
        ],
    )
    def test_a_bad_cell_is_named_and_its_row_left_out(self, tables: Path, row: str, column: str, reason: str) -> None:
        """A cell that cannot be read is named by file, line and column; the school stays."""
        write(tables, "ks2_2016.csv", RESULTS, row)
        found = imported(tables)
        assert found.records[0].ks2 == {}
        (remark,) = remarks(found)
        assert remark.startswith(f"ks2_2016.csv, line 2, column {column} (990301): ")
        assert reason in remark


class TestFiles:
    def test_a_missing_table_is_named_and_done_without(self, tables: Path) -> None:
        """A table that is not there is said to have been looked for, and the rest goes on."""
        (tables / "ks2_2016.csv").unlink()
        (tables / INSPECTIONS_FILE).unlink()
        result = run(tables)
        assert result.exit_code == 0
        assert f"{INSPECTIONS_FILE}: not there (looked for {tables / INSPECTIONS_FILE})" in result.stderr
        assert "inspections" not in json.loads(result.stdout)

    @pytest.mark.parametrize("content", [None, b"", b"URN,LA\n990301,999\n", SCHOOLS.encode() + b"\n"])
    def test_without_schools_there_is_nothing_to_import(self, tmp_path: Path, content: bytes | None) -> None:
        """No table of schools, an unusable one, or one without the authority: a sentence and exit code 2."""
        if content is not None:
            (tmp_path / "schools_2018.csv").write_bytes(content)
        result = run(tmp_path)
        assert result.exit_code == 2
        assert result.stderr.startswith("si-rules: ")
        assert result.stderr.count("\n") == 1

    def test_a_missing_column_is_named_with_the_nearest(self, tables: Path) -> None:
        """A header that lacks a column is refused with the heading that is most like it."""
        write(tables, "ks2_2016.csv", RESULTS.replace("PTRWM_EXP", "PTRWM_EX"), "2016,990301,28,61,1,1,1")
        assert remarks(imported(tables)) == [
            "ks2_2016.csv, line 1: there is no column PTRWM_EXP; the nearest is PTRWM_EX"
        ]
        assert run(tables).exit_code == 4

    def test_a_line_that_is_not_utf_8_loses_only_itself(self, tables: Path) -> None:
        """One line in another encoding is refused with its school; the other rows come out."""
        rows = [SCHOOLS, school(990301, "St Zoë"), school(990302, "Plain")]
        lines = "\n".join(rows).encode("cp1252")
        (tables / "schools_2018.csv").write_bytes(lines)
        result = run(tables)
        assert result.exit_code == 4
        assert "refused: schools_2018.csv, line 2 (990301): the row is not UTF-8" in result.stderr
        assert json.loads(result.stdout)["urn"] == "990302"

    def test_any_bytes_give_a_sentence(self, tables: Path) -> None:
        """Whatever stands in place of a table, the command ends with a code of its own and no traceback."""
        for content in (b"\xff\xfeU\0R\0N\0", b"\0\0\0", b'"', b"\r\r\r", b"a" * 200_000, b'URN,"LA\n' * 9):
            for name in ("ks2_2016.csv", INSPECTIONS_FILE, "schools_2018.csv"):
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

    def test_the_same_tables_give_the_same_bytes(self, tables: Path) -> None:
        """The order of rows does not show, and neither does the seed of the hashes."""
        write(tables, "schools_2018.csv", SCHOOLS, school(990302), school(990301))
        first = run(tables).stdout
        write(tables, "schools_2018.csv", SCHOOLS, school(990301), school(990302))
        assert run(tables).stdout == first
        script = [sys.executable, "-m", "si_rules", "import-tables", str(tables), "--authority", "999", "--on", str(ON)]
        for seed in ("1", "2"):
            environment = os.environ | {"PYTHONHASHSEED": seed}
            done = subprocess.run(script, env=environment, capture_output=True, encoding="utf-8", check=True)
            assert done.stdout == first


class TestMaps:
    def test_other_headings_need_other_maps_only(self, tables: Path) -> None:
        """A table with other headings is read with an edited map, and without a change of code."""
        text = (ROOT / "src/si_rules/evidence/tables/published.toml").read_text(encoding="utf-8")
        path = tables / "ours.toml"
        path.write_text(text.replace('"TELIG"', '"Pupils in Year 6"'), encoding="utf-8")
        for name in ("ks2_2016.csv", "ks2_2017.csv", "ks2_2018.csv"):
            content = (tables / name).read_text(encoding="utf-8")
            (tables / name).write_text(content.replace("TELIG", "Pupils in Year 6"), encoding="utf-8")
        result = run(tables, "--maps", str(path))
        assert result.exit_code == 0
        assert json.loads(result.stdout)["ks2"]["2015-16"]["eligible_pupils"] == 28

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('field = "grade"', 'field = "grad"', "gives no field grad; did you mean grade?"),
            ("[results.ks2]", "[results.ks4]", "the evidence has no such results"),
            ('"LOWCOV" = "not_published"', '"LOWCOV" = "unknown"', "is not one of"),
            ("[codes]", "[codes", "not TOML"),
            ('closed = "CLOSEDATE"\n', "", "schools.closed: is missing"),
            ("%d-%m-%Y", "%d-%m", "does not say year, month and day"),
        ],
    )
    def test_a_map_is_checked_before_a_table_is_opened(self, tmp_path: Path, old: str, new: str, message: str) -> None:
        """A map that names what the evidence has not is refused with a sentence."""
        text = (ROOT / "src/si_rules/evidence/tables/published.toml").read_text(encoding="utf-8")
        assert old in text
        changed = text.replace(old, new)
        if new.startswith("[results"):
            changed = changed.replace("results.ks2", "results.ks4")
        with pytest.raises(MapsUnusable, match=r"^ours") as caught:
            maps_of(changed, "ours.toml")
        assert message in str(caught.value)

    def test_a_map_that_is_not_there_is_said_to_be(self, tables: Path) -> None:
        """A file of maps that cannot be read ends the command with exit code 2."""
        result = run(tables, "--maps", str(tables / "none.toml"))
        assert result.exit_code == 2
        assert "no such file" in result.stderr
        with pytest.raises(MapsUnusable):
            read_maps(tables)


def test_an_unknown_authority_is_refused(tables: Path) -> None:
    """An authority of which the table has no school is a mistake, not an empty answer."""
    with pytest.raises(NothingToImport, match="no school of the authority 123"):
        import_tables(tables, bundled_maps(), "123", ON)


@pytest.mark.skipif(not (REAL / "schools_2018.csv").is_file(), reason=f"the published tables are not in {REAL}")
class TestPublishedTables:
    def test_every_school_comes_out_or_is_accounted_for(self) -> None:
        """Of 152 rows of the authority 371, 23 had not opened by the end of June 2016; the others come out."""
        found = import_tables(REAL, bundled_maps(), "371", date(2016, 6, 30))
        assert len(found.records) == 129
        assert not found.remarks
        assert "152 rows" in found.summary[0]
        assert all(not record.ks2 for record in found.records)
        assert sum(isinstance(record.inspections, tuple) for record in found.records) == 91

    def test_every_authority_can_be_read(self) -> None:
        """The maps know every word and code of the tables: of no authority is a row refused."""
        with (REAL / "schools_2018.csv").open(encoding="utf-8") as stream:
            authorities = sorted({line.split(",")[1] for line in stream if line[:3].isdigit()})
        assert len(authorities) > 100
        for authority in authorities[::50]:
            found = import_tables(REAL, bundled_maps(), authority, date(2018, 12, 31))
            assert not found.remarks, authority
            assert found.records
