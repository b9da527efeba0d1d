"""A judgements sheet gives judgements by school; a row that cannot be used is named, and the others are kept."""

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from si_rules import PolicyLibrary, SchoolEvidence
from si_rules.evidence.judgement_merging import merge
from si_rules.evidence.judgement_sheet import JudgementSheet, read_judgements
from si_rules.evidence.tables.lines import line_of
from si_rules.interfaces.cli.import_tables import command
from si_rules.semantics.core import Core

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
    assert read(f"990301,direction,{written},,,2015-10-05").judgements["990301"]["direction"]["value"] == value


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_what_a_spreadsheet_saves_is_read(mark: str) -> None:
    """Commas, semicolons and tabs, a byte-order mark, other line ends, headings in any case, and blank rows."""
    text = "\ufeffURN,Judgement,VALUE,Author,Role,Date,Document\r\n990301,direction,steady,,,2015-10-05,\r\n,,,,,,\r\n"
    found = read_judgements(text.replace(",", mark).encode(), "sheet.csv", ["990301"], ON)
    assert found.judgements == {"990301": {"direction": {"value": "steady", "date": date(2015, 10, 5)}}}
    assert not found.remarks


def test_quoted_cells_may_hold_marks_and_line_ends() -> None:
    """A document may be named over two lines, with commas; the lines of later rows are still right."""
    sheet = read(
        '990301,direction,steady,,,2015-10-05,"minutes, 5 October\npage 2"', "990309,capacity,good,,,2015-10-05"
    )
    assert sheet.judgements["990301"]["direction"]["document"] == "minutes, 5 October\npage 2"
    assert remark(sheet).startswith("sheet.csv, line 4, column urn (990309)")


def test_the_last_cells_may_be_left_out() -> None:
    """A row may end after its value."""
    assert read("990301,direction,steady,,,2015-10-05").used == 1


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
        (
            "990309,direction,steady,,,2015-10-05",
            "column urn (990309): the evidence has no school of this urn; did you mean 990301?",
        ),
        (",direction,steady", "column urn: is blank"),
        ("990301,,steady", "column judgement (990301): is blank, while the row has a value"),
        ("990301,Aware of priorities,yes", "did you mean aware_of_priorities?"),
        ("990301,direction,steady,,,05/11/2014,", "for day, month, year write 2014-11-05"),
        ("990301,direction,steady,,,31/31/2014,", "'31/31/2014' is not a date such as 2015-11-04"),
        ("990301,direction,steady,,,20141105,", "is not a date such as 2015-11-04"),
        ("990301,direction,steady,,,,,x", "the row has 8 cells where the headings are 7"),
    ],
)
def test_a_bad_row_is_named_and_the_others_kept(row: str, sentence: str) -> None:
    """A row that cannot be used is named by line and column, with what would mend it."""
    sheet = read(row, "990302,capacity,good,,,2015-10-05")
    assert remark(sheet).startswith("sheet.csv, line 2")
    assert sentence in remark(sheet)
    assert list(sheet.judgements) == ["990302"]


def test_of_two_rows_that_judge_the_same_neither_is_used() -> None:
    """Nothing says which of two rows holds, so both are refused."""
    sheet = read(
        "990301,direction,steady,,,2015-10-05",
        "990301,direction,concerns,,,2015-10-05",
        "990302,direction,steady,,,2015-10-05",
    )
    assert [item.line for item in sheet.remarks] == [2, 3]
    assert list(sheet.judgements) == ["990302"]


def test_an_empty_row_is_counted_and_a_later_one_refused() -> None:
    """A row without a value says nothing yet; one made after the day is refused, and stands against no other."""
    sheet = read(
        "990301,direction,",
        "990301,direction,steady,,,2015-11-05,",
        "990301,direction,concerns,,,2015-11-04,",
    )
    assert (sheet.empty, sheet.later, sheet.used) == (1, 1, 1)
    assert sheet.judgements["990301"]["direction"]["value"] == "concerns"
    assert remark(sheet) == (
        "sheet.csv, line 3, column date (990301): 2015-11-05 is after 2015-11-04, so it was not judged by then; "
        "correct the date"
    )


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("urn,judgment,value,date", "line 1: there is no column judgement; the nearest is judgment"),
        ("urn,judgement,value", "line 1: there is no column date"),
        ("urn,judgement,value,date,autor", "line 1: autor is no column of the sheet; did you mean author?"),
        ("urn,urn,judgement,value", "line 1: the column urn is there twice"),
    ],
)
def test_a_wrong_heading_is_named(header: str, sentence: str) -> None:
    """A heading that looks misspelt is refused: what stands under it would be lost silently."""
    assert sentence in remark(read("990301,direction,steady,x", header=header))


def test_other_columns_are_ignored() -> None:
    """An officer may keep notes in columns of their own."""
    assert read("990301,direction,steady,2015-10-05,look again", header="urn,judgement,value,date,notes").used == 1


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
        f"{HEADER}\n990301,phase,infant\n990301,direction,steady,,,2015-10-05\n990309,direction,steady,,,2015-10-05\n",
        encoding="utf-8",
    )
    options = [str(tmp_path), "--authority", "999", "--on", str(ON), "--judgements", str(sheet)]
    result = CliRunner().invoke(command, options)
    assert result.exit_code == 4
    record = json.loads(result.stdout)
    assert (record["phase"], record["judgements"]["direction"]) == ("infant", {"value": "steady", "date": "2015-10-05"})
    assert "ours.csv: 2 rows used, of 1 school; left out 0 made after 2015-11-04 and 0 without a value" in result.stderr
    missing = CliRunner().invoke(command, [*options[:-1], str(tmp_path / "none.csv")])
    assert missing.exit_code == 2


# ---- a workbook, and what a policy knows


def policy() -> Core:
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON).core


def excel(*rows: tuple[object, ...], title: str = "judgements", more: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    book.active.append((*HEADER.split(","), *more))
    for row in rows:
        book.active.append(row)
    book.create_sheet("guidance").append(["urn"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read_excel(*rows: tuple[object, ...], more: tuple[str, ...] = ()) -> JudgementSheet:
    return read_judgements(excel(*rows, more=more), "ours.xlsx", ["990301", "990302"], ON, policy())


DAY = date(2015, 10, 5)


def test_a_workbook_is_read_like_a_text() -> None:
    """Numbers of schools, days, and yes or no as a spreadsheet program keeps them."""
    sheet = read_excel((990301, "direction", "concerns", "Officer A", "officer", DAY, None), (990302, "persistent_decline", True, None, None, "2015-10-05"))  # fmt: skip
    assert not sheet.remarks
    assert sheet.judgements == {
        "990301": {"direction": {"value": "concerns", "author": "Officer A", "role": "officer", "date": DAY}},
        "990302": {"persistent_decline": {"value": True, "date": DAY}},
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ((990309, "direction", "steady", "", "", DAY), "row 2, column urn (990309): the evidence has no school of this urn; did you mean 990301?"),
        ((990301, "directon", "steady", "", "", DAY), "row 2, column judgement (990301): the policy declares no judgement directon; did you mean direction?"),
        ((990301, "direction", "Some concerns", "", "", DAY), "column value (990301): 'Some concerns' cannot stand here: this is a scale from best to worst: outstanding_improvement, good_improvement, improving, steady, some_concerns, concerns, increasing_concerns; did you mean some_concerns?"),
        ((990301, "support_required", "none", "", "", DAY), "'none' cannot stand here: this is one of light_touch_only, more_than_light_touch, external"),
        ((990301, "persistent_decline", "perhaps", "", "", DAY), "'perhaps' is neither yes nor no"),
        ((990301, "direction", "steady", "", "", None), "column date (990301): is blank; write the day on which it was judged, as in 2015-11-04"),
        ((990301, "direction", "steady", "", "", date(2015, 11, 5)), "column date (990301): 2015-11-05 is after 2015-11-04"),
        ((990301, "direction", "steady", "", "", 42312), "column date (990301): '42312' is not a date such as 2015-11-04"),
        ((990301, "direction", "=A1", "", "", DAY), "column value (990301): holds a formula, =A1; copy it and paste its value"),
    ],
)  # fmt: skip
def test_a_bad_row_of_a_workbook_is_named(row: tuple[object, ...], sentence: str) -> None:
    """Sheet, row and column, what was read, and the remedy; the other rows are used."""
    sheet = read_excel(row, (990302, "capacity", "good", None, None, DAY))
    assert remark(sheet).startswith("ours.xlsx, sheet judgements, row 2, column ")
    assert sentence in remark(sheet)
    assert list(sheet.judgements) == ["990302"]


def test_two_rows_of_one_judgement_are_both_named() -> None:
    """Neither is used, for nothing says which one holds."""
    row = (990301, "direction", "steady", None, None, DAY)
    sheet = read_excel(row, row)
    assert [item.line for item in sheet.remarks] == [2, 3]
    assert "direction is given twice for this school; neither row is used" in str(sheet.remarks[0])
    assert not sheet.judgements


def test_a_row_that_repeats_the_evidence_needs_no_day() -> None:
    """A judgement of the evidence may have no day; a row that the workbook shows as given may have none either."""
    sheet = read_excel((990301, "direction", "steady", None, None, None, None, "given"), more=("status",))
    assert sheet.judgements == {"990301": {"direction": {"value": "steady"}}}


def test_a_field_of_the_school_may_stand_in_a_workbook() -> None:
    """Such a row needs no day; a value that the field cannot have is refused."""
    sheet = read_excel(
        (990301, "current_category", "none"), (990302, "opened", date(1990, 9, 1)), (990301, "phase", "x")
    )
    assert sheet.fields == {"990301": {"current_category": {"none": True}}, "990302": {"opened": date(1990, 9, 1)}}
    assert "column value (990301): 'x' is not one of nursery" in remark(sheet)


def test_a_workbook_without_the_sheet_is_told() -> None:
    """Of several sheets it is the one called judgements."""
    found = read_judgements(excel(title="Sheet1"), "ours.xlsx", ["990301"], ON)
    assert str(found.remarks[0]) == "ours.xlsx, the file: has several sheets (Sheet1, guidance); call the one to be read 'judgements'"  # fmt: skip


# ---- into the evidence

SCHOOL = {
    "urn": "990301",
    "judgements": {"direction": {"value": "steady", "author": "Officer A", "date": "2015-10-05"}},
}


def merged(*rows: str, school: dict[str, object] | None = None) -> tuple[dict[str, object], list[str]]:
    record = SchoolEvidence.model_validate(school or SCHOOL)
    found, remarks = merge(read(*rows), {"990301": record}, ON, "sheet.csv")
    return json.loads(line_of(found["990301"])), [str(item) for item in remarks]


def test_a_judgement_the_evidence_lacks_is_put_in() -> None:
    """Beside those that are there; a field of the school goes before what the evidence says."""
    found, remarks = merged("990301,capacity,good,Officer B,,2015-10-06,", "990301,phase,infant")
    assert not remarks
    assert found["phase"] == "infant"
    assert found["judgements"] == {
        **SCHOOL["judgements"],  # type: ignore[dict-item]
        "capacity": {"value": "good", "author": "Officer B", "date": "2015-10-06"},
    }


@pytest.mark.parametrize(
    ("held", "replaced"),
    [
        ({"value": "concerns", "date": "2015-10-04"}, True),
        ({"value": "concerns"}, True),
        ({"value": "concerns", "date": "2015-12-01"}, True),
        ({"value": {"absent": "not_supplied"}, "date": "2015-10-30"}, True),
        ({"value": "concerns", "date": "2015-10-05"}, False),
        ({"value": "concerns", "author": "Officer C", "date": "2015-10-30"}, False),
    ],
    ids=["earlier", "without a day", "not yet made", "missing", "of the same day", "later"],
)
def test_the_later_judgement_stands(held: dict[str, object], replaced: bool) -> None:
    """What the evidence holds with the same day or a later one is not replaced by another value: a remark says so."""
    found, remarks = merged("990301,direction,steady,,,2015-10-05,", school={"urn": "990301", "judgements": {"direction": held}})  # fmt: skip
    judgement = found["judgements"]["direction"]  # type: ignore[index]
    assert (judgement["value"] == "steady") == replaced
    assert bool(remarks) != replaced
    if remarks:
        assert "sheet.csv, judgement direction (990301): the evidence holds one of 2015-10-" in remarks[0]


def test_what_both_say_draws_no_remark() -> None:
    """A row that repeats the evidence changes nothing, also where that writes yes and no as words."""
    words = {"urn": "990301", "judgements": {"persistent_decline": {"value": "no", "date": "2015-10-05"}}}
    assert not merged("990301,persistent_decline,no,,,2015-10-05,", school=words)[1]
    assert merged("990301,direction,steady,Officer A,,2015-10-05,") == (SCHOOL, [])
