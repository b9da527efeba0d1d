"""Cells of Excel and Parquet files: numbers and days exactly, and a sentence for what cannot be told exactly."""

import datetime
import io
import random
import sys
import time
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow
import pytest
from openpyxl.styles import numbers
from pyarrow import parquet

from si_rules import Refusal, SchoolEvidence
from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.readers import read_file
from si_rules.evidence.sheets.flattening import NotFlat, table_of
from si_rules.evidence.sheets.grid import MOST_UNPACKED, SheetUnusable, column_letters, number_cell
from si_rules.evidence.sheets.package import checked_package
from si_rules.evidence.sheets.writing import bytes_of


def book(*rows: tuple[Any, ...], title: str = "evidence", formats: dict[str, str] | None = None) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    for place, form in (formats or {}).items():
        made.active[place].number_format = form
    return made


def bytes_from(made: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def read(data: bytes, suffix: str = ".xlsx") -> list[Any]:
    return [item for _, item in read_file(f"e{suffix}", data, SchoolEvidence, "urn")]


def told(data: bytes, suffix: str = ".xlsx") -> str:
    """The one refusal of a file."""
    (found,) = [str(item) for item in read(data, suffix) if isinstance(item, Refusal)]
    return found


def overall(item: Any) -> Any:
    return item.attendance["2013-14"].overall


# ---- Excel

SHEET = "xl/worksheets/sheet1.xml"
HEAD = ("urn", "attendance.2013-14.overall", "opened")


@pytest.mark.parametrize(
    ("given", "came"),
    [(94.7, "94.7"), (0.1 + 0.7, "0.8"), (95, "95"), (95.0, "95"), (1e-7, "1E-7"), ("94.70", "94.70"), (33.3333333333333, "33.3333333333333")],
)  # fmt: skip
def test_a_number_is_read_in_its_shortest_form(given: Any, came: str) -> None:
    """A number that a spreadsheet keeps in binary is the decimal that was typed, never its binary neighbour."""
    if given == 0.1 + 0.7:
        given = float("0.8")
    assert overall(read(bytes_from(book(HEAD, (990001, given))))[0]) == Decimal(came)


def test_a_number_with_more_digits_than_a_spreadsheet_keeps_is_refused() -> None:
    """What a calculation left behind is no number that anybody typed: the remedy is said."""
    plain = bytes_from(book(HEAD, (1, 0.3)))
    with zipfile.ZipFile(io.BytesIO(plain)) as package:
        kept = package.read(SHEET).replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>")
    sentence = told(changed(plain, SHEET, kept))
    assert sentence == (
        "sheet evidence, row 2, column B (1), field attendance.2013-14.overall: holds 0.30000000000000004, more digits "
        "than a spreadsheet keeps exactly (15); round it, or write it as text"
    )


def test_a_percentage_is_not_taken_for_a_fraction() -> None:
    """A cell that shows 64% holds 0.64: it is refused, with what to write; a sign that is only shown does no harm."""
    made = book(HEAD, (1, 0.64), formats={"B2": numbers.FORMAT_PERCENTAGE_00})
    assert "the file holds 0.64 for 64%; format the cell as a number and write 64" in told(bytes_from(made))
    shown = book(HEAD, (1, 64), formats={"B2": '0"%"'})
    assert overall(read(bytes_from(shown))[0]) == 64


def test_days_are_days() -> None:
    """A cell formatted as a date is a day, a text with year, month and day as well; a bare number and a moment are not."""
    for given in (datetime.date(2015, 11, 4), datetime.datetime(2015, 11, 4), "2015-11-04"):
        assert read(bytes_from(book(HEAD, (1, None, given))))[0].opened == datetime.date(2015, 11, 4)
    assert "42312 is a number; format the cell as a date, or write it as 2015-11-04" in told(bytes_from(book(HEAD, (1, None, 42312))))  # fmt: skip
    moment = book(HEAD, (1, None, datetime.datetime(2015, 11, 4, 9, 30)))
    assert "holds the moment 2015-11-04 09:30:00; write the day alone, 2015-11-04" in told(bytes_from(moment))
    day = book(HEAD, (1, datetime.date(2015, 11, 4)))
    assert "holds the date 2015-11-04; format the cell as text, and write again what was meant" in told(bytes_from(day))


def test_formulas_and_errors_are_refused() -> None:
    """What stands in a cell counts, not what a program last made of it; text that looks like a formula is text."""
    assert "column B (1), field attendance.2013-14.overall: holds a formula, =94+0.7; copy it and paste its value" in told(bytes_from(book(HEAD, (1, "=94+0.7"))))  # fmt: skip
    made = book(HEAD, (1, None))
    made.active["B2"].value, made.active["B2"].data_type = "#N/A", "e"
    assert "holds the error #N/A" in told(bytes_from(made))


def test_a_number_stands_for_a_text_where_a_text_is_wanted() -> None:
    """An id typed as a number is its digits; yes and no of the program are a yes and a no."""
    made = book(("urn", "name", "has_foundation"), (990001.0, 1984, True))
    (found,) = read(bytes_from(made))
    assert (found.urn, found.name, found.has_foundation) == ("990001", "1984", True)


def test_the_sheet_is_the_only_one_or_the_one_called_so() -> None:
    """Of several sheets the one called evidence is read; where none is, the names are told."""
    made = book(HEAD, (1, 95), title="Evidence")
    made.create_sheet("notes").append(["x"])
    assert overall(read(bytes_from(made))[0]) == 95
    made.worksheets[0].title = "Sheet1"
    assert told(bytes_from(made)) == "the file: has several sheets (Sheet1, notes); call the one to be read 'evidence'"


def test_merged_cells_are_refused() -> None:
    """Of merged cells only the first holds the value: the others would be read as blank."""
    made = book(HEAD, (1, 95), (2, None))
    made.active.merge_cells("B2:B3")
    assert "the cells B2:B3 are merged; unmerge them, and write the value into each" in told(bytes_from(made))


def test_rows_are_counted_as_the_program_shows_them() -> None:
    """Blank rows above and between do not change the number that is told."""
    made = book()
    made.active["A3"], made.active["B3"] = "urn", "phase"
    made.active["A7"], made.active["B7"] = 1, "primry"
    assert told(bytes_from(made)).startswith("sheet evidence, row 7, column B (1), field phase: 'primry'")


def test_columns_have_letters() -> None:
    """A, Z, AA, and the last there is."""
    assert [column_letters(place) for place in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


# ---- hostile workbooks


def changed(data: bytes, part: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in package.namelist():
            made.writestr(name, content if name == part else package.read(name))
    return target.getvalue()


def test_what_unpacks_to_too_much_is_not_opened() -> None:
    """A package of some kilobytes that unpacks to more than is read is refused by what it says of itself, at once."""
    bomb = changed(bytes_from(book(HEAD)), SHEET, b" " * (MOST_UNPACKED + 1))
    assert len(bomb) < 1_000_000
    start = time.monotonic()
    assert "at most 268,435,456 are read" in told(bomb)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "head",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>',
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_no_entity_is_read(head: bytes) -> None:
    """A part that declares a document type, and so could grow or lead elsewhere, is not parsed."""
    hostile = changed(bytes_from(book(HEAD)), SHEET, head + b"<worksheet>&a;</worksheet>")
    assert "declares a document type, which no workbook needs" in told(hostile)
    hidden = changed(bytes_from(book(HEAD)), SHEET, "\ufeff<!DOCTYPE x><worksheet/>".encode("utf-16-le"))
    assert "is not UTF-8" in told(hidden)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not an Excel workbook"),
        (b"urn,phase\n", "is not an Excel workbook"),
        (b"PK\x03\x04" + b"x" * 100, "is not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "is protected by a password, or in the old form .xls; save it as plain .xlsx"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_told(data: bytes, words: str) -> None:
    """Other bytes under the name of a workbook give a sentence."""
    assert words in told(data)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "docProps/core.xml"])  # fmt: skip
@pytest.mark.parametrize(
    "content", [b"", b"<", b"<a/>", b"\xff" * 10, b"<worksheet><sheetData><row r='x'/></sheetData>"]
)
def test_a_damaged_part_gives_a_sentence(part: str, content: bytes) -> None:
    """Whatever stands in a part, the file is read or refused, and nothing is raised."""
    for item in read(changed(bytes_from(book(HEAD, (1, 95))), part, content)):
        assert isinstance(item, Refusal | SchoolEvidence)


def test_a_sheet_that_says_it_is_larger_than_it_is_costs_nothing() -> None:
    """Neither the size a sheet states nor a row far down makes it long to read; there is a bound to rows."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>urn</t></is></c></row>'
        '<row r="{row}"><c r="A{row}"><v>1</v></c></row></sheetData></worksheet>'
    )
    start = time.monotonic()
    found = read(changed(bytes_from(book(HEAD)), SHEET, sheet.format(row=1000).encode()))
    assert [item.urn for item in found] == ["1"]
    assert "rows are read; split the file" in told(
        changed(bytes_from(book(HEAD)), SHEET, sheet.format(row=10**9).encode())
    )
    assert time.monotonic() - start < 20


def test_the_parts_are_counted() -> None:
    """A package of very many parts is no workbook."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for number in range(2001):
            made.writestr(f"{number}.xml", b"")
    with pytest.raises(SheetUnusable, match="2,001 parts"):
        checked_package(target.getvalue())


# ---- Parquet


def table(**columns: Any) -> bytes:
    target = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), target)
    return target.getvalue()


OVERALL = "attendance.2013-14.overall"


@pytest.mark.parametrize(
    ("column", "came"),
    [
        (pyarrow.array(["94.70"]), "94.70"),
        (pyarrow.array(["94.7"]).dictionary_encode(), "94.7"),
        (pyarrow.array([94.7]), "94.7"),
        (pyarrow.array([94.7], pyarrow.float32()), "94.7"),
        (pyarrow.array([95]), "95"),
        (pyarrow.array([Decimal("94.70")]), "94.70"),
    ],
    ids=["text", "dictionary", "double", "single", "whole", "decimal"],
)
def test_a_number_of_parquet_is_exact(column: Any, came: str) -> None:
    """Texts, decimals, whole and binary numbers of eight and four bytes give the decimal that was meant."""
    (found,) = read(table(urn=pyarrow.array([990001]), **{OVERALL: column}), ".parquet")
    assert found.urn == "990001"
    assert str(overall(found)) == came


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pyarrow.array([0.1 + 0.2]), "row 1 (1), field attendance.2013-14.overall: holds 0.30000000000000004, more digits"),
        (pyarrow.array([float("nan")]), "holds nan, which is not a number; leave it blank"),
        (pyarrow.array([[1, 2]]), "is a list"),
        (pyarrow.array([datetime.datetime(2015, 1, 1, 3)]), "holds the moment"),
        (pyarrow.array([b"\x96"]).view(pyarrow.string()), "is not UTF-8"),
        (pyarrow.array([b"x"]), "is a binary; texts, numbers, dates, yes and no are read"),
    ],
)  # fmt: skip
def test_what_parquet_cannot_give_exactly_is_told(column: Any, words: str) -> None:
    """A binary number with a tail, one that is none, and columns of other kinds give a sentence."""
    assert words in told(table(urn=pyarrow.array(["1"]), **{OVERALL: column}), ".parquet")


def test_days_and_blanks_of_parquet() -> None:
    """Days, and moments that begin a day, are days; a null is blank."""
    for column in (
        pyarrow.array([datetime.date(2015, 11, 4), None]),
        pyarrow.array([datetime.datetime(2015, 11, 4), None]),
    ):
        first, second = read(table(urn=pyarrow.array(["1", "2"]), opened=column), ".parquet")
        assert (first.opened, second.opened) == (datetime.date(2015, 11, 4), None)


def test_bytes_that_are_no_parquet_are_told() -> None:
    """Other or damaged bytes under that name give a sentence."""
    whole = table(urn=pyarrow.array(["1"] * 50))
    for data in (b"", b"PAR1", b"urn\n1\n", whole[:-20], whole[:4] + b"\0" * 20 + whole[24:]):
        for item in read(data, ".parquet"):
            assert isinstance(item, Refusal | SchoolEvidence)


def test_a_text_that_all_cells_share_is_held_once() -> None:
    """A small file in which one long text stands in every cell does not fill the memory when it is read."""
    shared = pyarrow.array(["x" * 60_000] * 200).dictionary_encode()
    columns = {f"c{number}": shared.cast(pyarrow.string()) for number in range(20)}
    data = table(urn=pyarrow.array([str(number) for number in range(200)]), **columns)
    del columns, shared
    assert len(data) < 2_500_000  # and 240,000,000 bytes of text
    before = pyarrow.total_allocated_bytes()
    seen = 0
    for _, item in read_file("e.parquet", data, SchoolEvidence, "urn"):
        assert isinstance(item, Refusal)
        seen = max(seen, pyarrow.total_allocated_bytes() - before)
    assert seen < 50_000_000


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_damaged_bytes_give_sentences(suffix: str) -> None:
    """Whatever a few bytes of a file are changed to, records are read or refused, and nothing is raised."""
    schools = [
        SchoolEvidence.model_validate({"urn": str(n), "phase": "junior", "opened": "1990-09-01"}) for n in range(9)
    ]
    data = bytes_of(table_of(schools), suffix, "evidence")
    for seed in range(60):
        chance, changed_bytes = random.Random(seed), bytearray(data)
        for _ in range(chance.randint(1, 9)):
            place = chance.randrange(len(changed_bytes))
            if chance.random() < 0.6:
                changed_bytes[place] = chance.randrange(256)
            else:
                del changed_bytes[place : place + chance.randint(1, 60)]
        assert all(str(item) for item in read(bytes(changed_bytes), suffix))


def test_too_many_cells_are_refused_before_they_are_read() -> None:
    """The bounds are held against what the file says of itself."""
    assert "rows; at most 200,000 are read" in told(table(urn=pyarrow.array(range(200_001))), ".parquet")


# ---- writing, and what is not installed


def test_what_a_cell_cannot_hold_is_told() -> None:
    """A text longer than any cell names its heading; nothing else of the record is written."""
    school = SchoolEvidence.model_validate({"urn": "1", "name": "x" * 40_000})
    with pytest.raises(NotFlat, match="name: has 40,000 characters; a cell holds at most 32,767"):
        table_of([school])


def test_a_text_never_becomes_a_formula() -> None:
    """In every format a text that begins as a formula does is in quotation marks, and a text in the workbook."""
    made = table_of([SchoolEvidence.model_validate({"urn": "1", "name": '=HYPERLINK("http://example.invalid")'})])
    assert b'\n1,"""=HYPERLINK' in bytes_of(made, ".csv", "evidence")
    cell = openpyxl.load_workbook(io.BytesIO(bytes_of(made, ".xlsx", "evidence"))).active["B2"]
    assert (cell.data_type, cell.value[:2]) == ("s", '"=')


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_the_same_rows_give_the_same_bytes(suffix: str) -> None:
    """No clock and no chance is in a file that is written."""
    school = SchoolEvidence.model_validate({"urn": "1", "opened": "2015-11-04", "has_foundation": True})
    first = bytes_of(table_of([school]), suffix, "evidence")
    time.sleep(1.1)  # a clock of seconds would have moved
    assert bytes_of(table_of([school]), suffix, "evidence") == first


@pytest.mark.parametrize(
    ("suffix", "package", "extra"), [(".xlsx", "openpyxl", "excel"), (".parquet", "pyarrow", "parquet")]
)
def test_a_package_that_is_not_there_is_named_with_its_extra(
    suffix: str, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package that reads a format the sentence says what to install."""
    monkeypatch.setitem(sys.modules, package, None)
    for act in (lambda: read(b"x", suffix), lambda: bytes_of(table_of([]), suffix, "evidence")):
        with pytest.raises(ExtraMissing, match=rf"needs the extra `{extra}`: pip install 'si-rules\[{extra}\]'"):
            act()


def test_a_number_is_a_number_in_a_workbook_only_where_it_comes_back() -> None:
    """What a workbook would not give back digit for digit stands there as a text."""
    for text in ("9.95", "94.7", "8.41", "64.50", "12345678.1234567", "0.123456789012345", "9.99999999999995"):
        given = {"urn": "1", "finance": {"2013-14": {"balance": text}}}
        made = table_of([SchoolEvidence.model_validate(given)])
        (found,) = read(bytes_of(made, ".xlsx", "evidence"))
        assert str(found.finance["2013-14"].balance) == text


def test_the_bound_of_digits_is_what_a_double_keeps() -> None:
    """Every decimal of fifteen digits comes back from a binary number; not every one of seventeen."""
    assert number_cell(float("123456789.012345")) == Decimal("123456789.012345")
    assert not isinstance(number_cell(2**53 + 2.0), Decimal)
