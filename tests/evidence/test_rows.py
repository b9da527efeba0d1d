"""Evidence as rows: a record written as a row is read as the same record, in every format."""

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import BaseModel
from tests.evidence.random_records import records

from si_rules import Missing, PolicyLibrary, Record, Refusal, SchoolEvidence
from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.readers import read_file
from si_rules.evidence.sheets.flattening import table_of
from si_rules.evidence.sheets.writing import bytes_of
from si_rules.evidence.tables.lines import line_of

FORMATS = (".csv", ".xlsx", ".parquet")
OWN = model_of(PolicyLibrary.bundled().edition("doncaster.school_improvement", "2015-16").core.vocabulary)


def there_and_back(found: list[BaseModel], model: type[BaseModel], suffix: str) -> list[Any]:
    data = bytes_of(table_of(found), suffix, "evidence")
    return [item for _, item in read_file("evidence" + suffix, data, model, "urn")]


def said(record: BaseModel) -> Any:
    """What a record says, as JSON: with the digits of its numbers, without years that hold nothing."""
    return _without_nothing(json.loads(line_of(record), parse_float=str, parse_int=str))


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := _without_nothing(item)) != {}}
    return [_without_nothing(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("model", [SchoolEvidence, OWN], ids=["school", "any vocabulary"])
def test_a_record_survives_a_row(model: type[BaseModel], suffix: str) -> None:
    """Whatever a record says, digit for digit, is read again from the row it is written as."""

    @settings(max_examples=150 if suffix == ".csv" else 40)
    @given(st.lists(records(model, "urn"), min_size=1, max_size=2))
    def holds(found: list[BaseModel]) -> None:
        numbered = [record.model_copy(update={"urn": str(place)}) for place, record in enumerate(found)]
        back = there_and_back(numbered, model, suffix)
        assert [said(item) if isinstance(item, BaseModel) else str(item) for item in back] == [
            said(item) for item in numbered
        ]

    holds()


def refusals(text: str, name: str = "evidence.csv") -> list[str]:
    return [str(item) for _, item in read_file(name, text.encode(), SchoolEvidence, "urn") if isinstance(item, Refusal)]


def read(text: str) -> list[SchoolEvidence]:
    return [
        item for _, item in read_file("e.csv", text.encode(), SchoolEvidence, "urn") if not isinstance(item, Refusal)
    ]


def test_a_row_is_a_subject_and_a_column_a_path() -> None:
    """Years, entries of a list and judgements stand in headings; a blank cell is not supplied."""
    (found,) = read(
        "urn,phase,ks2.2013-14.published,ks2.2013-14.rwm_level_4_plus,inspections.1.date,inspections.1.grade,"
        "inspections.2.date,judgements.capacity,judgements.capacity.author,current_category,predecessors\n"
        "990001,junior,2014-12-11,absent: suppressed,2014-05-20,good,2012-01-10,lacking,Officer A,none,none\n"
    )
    assert json.loads(line_of(found)) == {
        "urn": "990001",
        "phase": "junior",
        "current_category": {"none": True},
        "predecessors": [],
        "inspections": [{"date": "2014-05-20", "grade": "good"}, {"date": "2012-01-10"}],
        "ks2": {"2013-14": {"published": "2014-12-11", "rwm_level_4_plus": {"absent": "suppressed"}}},
        "judgements": {"capacity": {"value": "lacking", "author": "Officer A"}},
    }


def test_a_disputed_value_names_its_origins() -> None:
    """Values and origins stand after the word, with semicolons between."""
    (found,) = read("urn,attendance.2013-14.overall\n1,disputed: 94.50 from department; 95 from school\n")
    overall = json.loads(line_of(found), parse_float=str)["attendance"]["2013-14"]["overall"]
    assert overall == {"disputed": [{"value": "94.50", "from": "department"}, {"value": 95, "from": "school"}]}


def test_a_cell_may_hold_what_json_would() -> None:
    """An absence may be written as in JSON, and is told like one; where only a text can stand it is that text."""
    (found,) = read('urn,name,phase\n1,"{""a"": 1}","{""absent"": ""suppressed""}"\n')
    assert json.loads(line_of(found)) == {"urn": "1", "name": '{"a": 1}', "phase": {"absent": "suppressed"}}
    assert "'because' is no reason of absence" in refusals('urn,phase\n1,"{""absent"": ""because""}"\n')[0]
    assert "is not JSON" in refusals('urn,phase\n1,"{""absent"""\n')[0]


class Bounded(Missing):
    under: int | None = None


class Small(Record):
    urn: str
    pupils: int | Missing | None = None


def test_what_words_cannot_say_of_an_absence_is_written_as_json() -> None:
    """A council's model may say more of what is missing; it is written as JSON, so that nothing is lost."""
    record = Small(urn="1", pupils=Bounded(absent="suppressed", under=11))
    assert table_of([record]).rows[0]["pupils"] == '{"absent": "suppressed", "under": 11}'
    assert table_of([Small(urn="1", pupils=Bounded(absent="suppressed"))]).rows[0]["pupils"] == "absent: suppressed"


def test_an_entry_of_a_list_may_be_left_blank() -> None:
    """Entries are counted by what stands in the row: a school with one inspection leaves the columns of a second."""
    (found,) = read("urn,inspections.1.date,inspections.2.date\n1,,2014-05-20\n")
    assert isinstance(found.inspections, tuple)
    assert len(found.inspections) == 1


@pytest.mark.parametrize(
    ("heading", "cell", "sentence"),
    [
        ("phase", "primry", "line 2 (1), field phase: 'primry' is not one of nursery, infant, junior, primary, middle, secondary, all_through, special, pupil_referral_unit; did you mean primary?"),
        ("opened", "04/11/2015", "line 2 (1), field opened: '04/11/2015' is not written year-month-day; for day, month, year write 2015-11-04"),
        ("ks2.2013-14.rwm_level_4_plus", "64%", "field ks2.2013-14.rwm_level_4_plus: '64%' is not a number in digits with a point; did you mean 64?"),
        ("finance.2013-14.balance", "£1,200", "did you mean 1200?"),
        ("ks2.2013-14.rwm_level_4_plus", "n/a", "'n/a' is not a number; leave the cell blank where there is none, or write absent: and the reason"),
        ("ks2.2013-14.rwm_level_4_plus", "164", "164 is not from 0 to 100 %"),
        ("ks2.2013-14.rwm_level_4_plus", "1e400", "has more than 15 digits"),
        ("ks2.2013-14.eligible_pupils", "12.5", "12.5 is not a whole number"),
        ("phase", "absent: because", "'because' is no reason of absence: not_supplied, not_published, suppressed"),
        ("has_foundation", "maybe", "field has_foundation: 'maybe' is neither yes nor no"),
        ("inspections", "2", "'2' stands for the whole list: write none where nothing is in it"),
        ("inspections.1.grade", "good", "field inspections.1.date: is missing"),
        ("judgements.capacity.author", "Officer A", "field judgements.capacity: is missing"),
        ("phase", "disputed: junior or infant", "'junior or infant' is not a value and its origin, as in disputed: 64 from department; 66 from authority"),
        ("phase", "disputed: junior from school", "is no dispute"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_told_with_its_remedy(heading: str, cell: str, sentence: str) -> None:
    """The row, the subject, the column, what was read and what would mend it; the other rows go on."""
    text = f'urn,{heading}\n1,"{cell}"\n2,\n'
    (found,) = refusals(text)
    assert sentence in found
    assert [item.urn for item in read(text)] == ["2"]


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("phse", "line 1, field phse: names no field: there is no phse; did you mean phase?"),
        ("Legal type", "did you mean legal_type?"),
        ("ks2.2013-14.rwm_levl_4_plus", "names no field of ks2.2013-14: there is no rwm_levl_4_plus; did you mean ks2.2013-14.rwm_level_4_plus?"),
        ("ks2.2013-15.rwm_level_4_plus", "'2013-15' is not an academic year such as 2014-15"),
        ("ks2.2013-14", "names several values at once; name one of them, such as ks2.2013-14.published"),
        ("inspections.first.date", "counts the entries of inspections: write inspections.1. and a field"),
        ("inspections.0.date", "counts the entries of inspections"),
        ("phase.now", "goes on after phase, which is a single value"),
        ("phase.", "is not a path of names with dots between them"),
        ("judgements.capacity.auther", "did you mean judgements.capacity.author?"),
    ],
)  # fmt: skip
def test_a_heading_that_means_nothing_is_told_and_its_rows_are_not_used(heading: str, sentence: str) -> None:
    """To decide without what stands under it could decide otherwise; a row that has nothing there is used."""
    text = f"urn,{heading}\n1,x\n2,\n3,\n"
    first, second = refusals(text)
    assert sentence in first
    assert second.startswith("line 2 (1), field ")
    assert "has a value that belongs nowhere, so the row is not used" in second
    assert [item.urn for item in read(text)] == ["2", "3"]


def test_two_columns_of_one_value_are_told() -> None:
    """`judgements.capacity` and `judgements.capacity.value` mean the same."""
    found = refusals("urn,judgements.capacity,judgements.capacity.value\n1,good,lacking\n")
    assert "means the same as the column judgements.capacity; keep one of them" in found[0]
    assert len(found) == 2


def test_a_whole_that_is_missing_and_a_part_that_is_not_clash() -> None:
    """A list cannot be said to be absent, or to hold nothing, and hold an entry."""
    for cell in ("none", "absent: not_published"):
        (found,) = refusals(f"urn,inspections.1.date,inspections\n1,2014-05-20,{cell}\n")
        assert "field inspections: says that there is nothing here, and inspections.1.date has a value" in found


def test_a_subject_in_two_rows_is_refused_the_second_time() -> None:
    """Nothing is lost in silence: the later row is told, with the place of the earlier."""
    (found,) = refusals("urn,phase\n1,junior\n2,\n1,infant\n")
    assert found == "line 4 (1), field urn: this id stands in an earlier record, line 2"


def test_what_is_the_authors_own_is_not_read() -> None:
    """A column headed with a hash is for notes; a wholly blank row is no row; a column without a heading is one."""
    assert [item.urn for item in read("urn,# notes\n1,look again\n,\n2,\n")] == ["1", "2"]
    assert "field a column without a heading" in refusals("urn,\n1,x\n")[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file: is empty"),
        ("\n\n", "the file: is empty"),
        ("URN,phase\n1,junior\n", "there is no column urn; the nearest is URN, so no row can be read"),
        ("phase\njunior\n", "line 1: there is no column urn, so no row can be read"),
        ('urn,name\n1,"x\n', "line 2: not CSV: unexpected end of data; nothing from this line on is read"),
        ("urn,name\n1,x,y\n", "line 2 (1): has 3 cells where the headings are 2"),
        ("urn,name\n1\n", "line 2 (1): has 1 cell where the headings are 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(text: str, sentence: str) -> None:
    """What makes a file or a row unusable is said with its place."""
    assert sentence in refusals(text)[-1]


def test_other_spreadsheet_files_are_sent_away_with_a_remedy() -> None:
    """An old or another workbook is to be saved as .xlsx."""
    assert refusals("x", "evidence.ods") == ["the file: files .ods are not read; save it as .xlsx"]


def test_a_row_that_is_not_utf_8_leaves_the_others() -> None:
    """One row in another encoding is refused, and the rest are read."""
    found = list(read_file("e.csv", b"urn,name\n1,caf\xe9\n2,cafe\n", SchoolEvidence, "urn"))
    assert "line 2 (1): is not UTF-8; save the file as CSV UTF-8" in str(found[0][1])
    assert isinstance(found[1][1], SchoolEvidence)


def test_semicolons_tabs_and_marks_are_read() -> None:
    """What a spreadsheet program saves is read, whichever mark stands between cells."""
    for mark in (",", ";", "\t"):
        text = f"\ufeffurn{mark}phase\r\n1{mark}junior\r\n"
        assert read(text)[0].phase == "junior"


def test_an_own_model_is_read_by_its_fields() -> None:
    """A model of another vocabulary, made from it, has headings and cells of its own."""
    found = [item for _, item in read_file("e.csv", b"urn,opened,ks2.2014-15.eligible_pupils\n1,none,30\n", OWN, "urn")]
    assert json.loads(line_of(found[0])) == {  # type: ignore[arg-type]
        "urn": "1", "opened": {"none": True}, "ks2": {"2014-15": {"eligible_pupils": 30}},
    }  # fmt: skip
