"""A judgements sheet gives judgements by school; a row that cannot be used is named, and the others are kept."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from si_rules.evidence.judgement_sheet import JudgementSheet, read_judgements
from si_rules.interfaces.cli.import_tables import command

ON = date(2015, 11, 4)
HEADER = "urn,judgement,value,author,role,date,document"
SCHOOLS = "URN,LA,SCHNAME,OPENDATE,CLOSEDATE,MINORGROUP,NFTYPE,ISPRIMARY,ISSECONDARY,AGEL,AGEH\n"


def read(*rows: str, header: str = HEADER) -> JudgementSheet:
    text = "\n".join([header, *rows, ""])
    return read_judgements(text.encode(), "sheet.csv", ["990301", "990302"], ON)


def remark(sheet: JudgementSheet) -> str:
    (found,) = sheet.remarks
    return str(found)


def test_a_row_is_a_judgement_with_its_provenance() -> None:
    """Who judged, in which role, when and on which document go along with the value."""
    sheet = read("990301,direction,concerns,Officer A,officer,2015-10-05,risk assessment")
    assert sheet.judgements == {
        "990301": {
            "direction": {
                "value": "concerns",
                "author": "Officer A",
                "role": "officer",
                "date": date(2015, 10, 5),
                "document": "risk assessment",
            }
        }
    }
    assert not sheet.remarks


@pytest.mark.parametrize(
    ("written", "value"),
    [("yes", True), ("Yes", True), ("TRUE", True), ("no", False), ("False", False), ("steady", "steady"), ("1", "1")],
)
def test_yes_and_no_are_recognised_and_nothing_else(written: str, value: bool | str) -> None:
    """Yes, no, true and false, in any case, are a yes or a no; anything else stays a text."""
    assert read(f"990301,direction,{written}").judgements["990301"]["direction"]["value"] == value


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_what_a_spreadsheet_saves_is_read(mark: str) -> None:
    """Commas, semicolons and tabs, a byte-order mark, other line ends, headings in any case, and blank rows."""
    text = "\ufeffURN,Judgement,VALUE,Author,Role,Date,Document\r\n990301,direction,steady,,,,\r\n,,,,,,\r\n"
    found = read_judgements(text.replace(",", mark).encode(), "sheet.csv", ["990301"], ON)
    assert found.judgements == {"990301": {"direction": {"value": "steady"}}}
    assert not found.remarks


def test_quoted_cells_may_hold_marks_and_line_ends() -> None:
    """A document may be named over two lines, with commas; the lines of later rows are still right."""
    sheet = read('990301,direction,steady,,,,"minutes, 5 October\npage 2"', "990309,capacity,good")
    assert sheet.judgements["990301"]["direction"]["document"] == "minutes, 5 October\npage 2"
    assert remark(sheet).startswith("sheet.csv, line 4, column urn (990309)")


def test_the_last_cells_may_be_left_out() -> None:
    """A row may end after its value."""
    assert read("990301,direction,steady").used == 1


def test_fields_of_the_school_itself_may_be_given() -> None:
    """The category a school now has stands in the sheet like a judgement, `none` where it has none."""
    sheet = read("990301,current_category,category_3", "990302,current_category,None", "990302,phase,infant")
    assert sheet.fields == {
        "990301": {"current_category": "category_3"},
        "990302": {"current_category": {"none": True}, "phase": "infant"},
    }
    assert not sheet.judgements


def test_a_field_is_checked_at_once() -> None:
    """A value that the vocabulary does not have for a field is refused, and not left for later."""
    for row in ("990301,current_category,3", "990301,phase,none"):
        found = read(row)
        assert remark(found).startswith("sheet.csv, line 2, column value (990301): ")
        assert "none" in remark(found) or "category_1" in remark(found)
        assert not found.fields


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("990309,direction,steady", "column urn (990309): no school of this URN comes out of the tables"),
        (",direction,steady", "column urn: is blank"),
        ("990301,,steady", "column judgement (990301): is blank, while the row has a value"),
        ("990301,Aware of priorities,yes", "did you mean aware_of_priorities?"),
        ("990301,direction,steady,,,05/11/2014,", "for day, month, year write 2014-11-05"),
        ("990301,direction,steady,,,31/31/2014,", "'31/31/2014' is not a date such as 2015-11-04"),
        ("990301,direction,steady,,,20141105,", "is not a date such as 2015-11-04"),
        ("990301,direction,steady,,,,,x", "the row has 8 cells where the header has 7"),
    ],
)
def test_a_bad_row_is_named_and_the_others_kept(row: str, sentence: str) -> None:
    """A row that cannot be used is named by line and column, with what would mend it."""
    sheet = read(row, "990302,capacity,good")
    assert remark(sheet).startswith("sheet.csv, line 2")
    assert sentence in remark(sheet)
    assert list(sheet.judgements) == ["990302"]


def test_of_two_rows_that_judge_the_same_neither_is_used() -> None:
    """Nothing says which of two rows holds, so both are refused."""
    sheet = read("990301,direction,steady", "990301,direction,concerns", "990302,direction,steady")
    assert [item.line for item in sheet.remarks] == [2, 3]
    assert list(sheet.judgements) == ["990302"]


def test_empty_and_later_rows_are_counted_not_refused() -> None:
    """A row without a value says nothing yet; one made after the day was not known."""
    sheet = read(
        "990301,direction,", "990301,direction,steady,,,2015-11-05,", "990301,direction,concerns,,,2015-11-04,"
    )
    assert (sheet.empty, sheet.later, sheet.used) == (1, 1, 1)
    assert sheet.judgements["990301"]["direction"]["value"] == "concerns"
    assert not sheet.remarks


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("urn,judgment,value", "line 1: there is no column judgement; the nearest is judgment"),
        ("urn,judgement,value,autor", "line 1, column autor: there is no column of this name; did you mean author?"),
        ("urn,urn,judgement,value", "line 1, column urn: this column is there twice"),
    ],
)
def test_a_wrong_heading_is_named(header: str, sentence: str) -> None:
    """A heading that looks misspelt is refused: what stands under it would be lost silently."""
    assert sentence in remark(read("990301,direction,steady,x", header=header))


def test_other_columns_are_ignored() -> None:
    """An officer may keep notes in columns of their own."""
    assert read("990301,direction,steady,look again", header="urn,judgement,value,notes").used == 1


@pytest.mark.parametrize("data", [b"", b"\0", b'"', b"\xff\xfea\0", b"\r\r", b"urn;judgement,value\n1;2"])
def test_any_bytes_give_a_remark(data: bytes) -> None:
    """Whatever the sheet holds, there is a sentence about it."""
    assert read_judgements(data, "sheet.csv", ["990301"], ON).remarks


def test_the_command_joins_the_sheet_to_the_tables(tmp_path: Path) -> None:
    """A sheet goes before the tables, is accounted for, and a refused row gives exit code 4."""
    row = "990301,999,Invented School,,,Maintained School,Community school,1,0,0,0\n"
    (tmp_path / "schools_2018.csv").write_text(SCHOOLS + row, encoding="utf-8")
    sheet = tmp_path / "ours.csv"
    sheet.write_text(
        f"{HEADER}\n990301,phase,infant\n990301,direction,steady\n990309,direction,steady\n", encoding="utf-8"
    )
    options = [str(tmp_path), "--authority", "999", "--on", str(ON), "--judgements", str(sheet)]
    result = CliRunner().invoke(command, options)
    assert result.exit_code == 4
    record = json.loads(result.stdout)
    assert (record["phase"], record["judgements"]["direction"]) == ("infant", {"value": "steady"})
    assert "ours.csv: 2 rows used, of 1 school; left out 0 made after 2015-11-04 and 0 without a value" in result.stderr
    missing = CliRunner().invoke(command, [*options[:-1], str(tmp_path / "none.csv")])
    assert missing.exit_code == 2
