"""The workbook of judgements: what it asks and shows, what may be filled in, and that it is read again."""

import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from si_rules.interfaces.cli.decide import command as decide
from si_rules.interfaces.cli.import_tables import command as import_tables
from si_rules.interfaces.cli.judgements import command as judgements

ROOT = Path(__file__).resolve().parents[2]
DONCASTER = "doncaster.school_improvement"
ON = "2015-11-04"
SCHOOLS: tuple[dict[str, Any], ...] = (
    {
        "urn": "990301",
        "name": "=Wintersfield Example School",
        "phase": "infant",
        "legal_type": "community",
        "current_category": {"none": True},
        "inspections": [{"date": "2015-03-12", "grade": "requires_improvement", "category_of_concern": "no_category"}],
        "judgements": {
            "capacity": {"value": "lacking", "author": "Officer A", "role": "officer", "date": "2015-10-05"},
            "persistent_decline": {"value": False},
            "persistent_poor_behaviour": {"value": False},
            "persistent_ineffective_leadership": {"value": False},
        },
    },
    {"urn": "990302", "phase": "primary", "inspections": [{"date": "2014-01-12", "grade": "inadequate"}]},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schools.jsonl").write_text("".join(json.dumps(school) + "\n" for school in SCHOOLS), encoding="utf-8")
    return tmp_path


def run(command: Any, folder: Path, *options: str) -> Result:
    return CliRunner().invoke(command, [DONCASTER, str(folder / "schools.jsonl"), "--on", ON, *options])


def workbook(folder: Path, *options: str, name: str = "ask.xlsx") -> openpyxl.Workbook:
    done = run(judgements, folder, "--to-xlsx", str(folder / name), *options)
    assert done.exit_code == 0, done.stderr
    return openpyxl.load_workbook(folder / name)


def rows(book: openpyxl.Workbook) -> list[dict[str, Any]]:
    names, *found = book["judgements"].iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in found]


def test_the_columns_are_those_that_are_promised(folder: Path) -> None:
    """Who, what is asked, what an officer fills in, and at the end the scale and how the row stands."""
    names = next(workbook(folder)["judgements"].iter_rows(values_only=True, max_row=1))
    assert names == ("urn", "school", "judgement", "question", "value", "author", "role", "date", "document", "note", "scale", "status")  # fmt: skip


def test_what_can_matter_is_asked_and_what_is_given_is_shown(folder: Path) -> None:
    """Of the first school the support it requires decides; what the evidence gives is there, with who and when."""
    found = {(row["urn"], row["judgement"]): row for row in rows(workbook(folder))}
    assert found["990301", "support_required"]["status"] == "asked"
    assert found["990301", "support_required"]["value"] is None
    given = found["990301", "capacity"]
    assert (given["status"], given["value"], given["author"], given["date"]) == ("given", "lacking", "Officer A", datetime(2015, 10, 5))  # fmt: skip
    assert found["990301", "persistent_decline"]["value"] == "no"


def test_what_nothing_hangs_on_has_no_row(folder: Path) -> None:
    """A school graded inadequate is in category 5 whatever is judged of its direction; progress at the meeting is asked."""
    asked = {row["judgement"] for row in rows(workbook(folder)) if row["urn"] == "990302"}
    assert "direction" not in asked
    assert "progress_at_concern_meeting" in asked


def test_a_name_is_never_a_formula(folder: Path) -> None:
    """A name that begins as a formula does stands there in quotation marks, as a text."""
    cell = workbook(folder)["judgements"]["B2"]
    assert (cell.data_type, cell.value) == ("s", '"=Wintersfield Example School"')


def test_only_what_is_asked_may_be_filled_in(folder: Path) -> None:
    """The cells of an officer are open where a row asks; all else is protected, and without a password."""
    book = workbook(folder)
    page = book["judgements"]
    for number, row in enumerate(rows(book), 2):
        open_cells = {page.cell(1, place).value for place in range(1, 13) if not page.cell(number, place).protection.locked}  # fmt: skip
        assert open_cells == (
            {"value", "author", "role", "date", "document", "note"} if row["status"] != "given" else set()
        )
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None


def test_a_value_is_chosen_from_its_scale_in_order(folder: Path) -> None:
    """The drop-down of a cell names the values in the order of the scale; the order is said beside them, and as a hint."""
    book = workbook(folder)
    page = book["judgements"]
    place = next(n for n, row in enumerate(rows(book), 2) if row["judgement"] == "support_required")
    (found,) = [rule for rule in page.data_validations.dataValidation if f"E{place}" in rule.sqref]
    sheet, _, cells = found.formula1.partition("!")
    values = [cell.value for row in book[sheet][cells.replace("$", "")] for cell in row]
    assert values == ["light_touch_only", "more_than_light_touch", "external"]
    assert found.prompt == "one of light_touch_only, more_than_light_touch, external"
    assert rows(book)[place - 2]["scale"] == found.prompt
    order = {cell.value: book["scales"].cell(2, cell.column).value for cell in book["scales"][1]}
    assert (order["direction"], order["support_required"]) == ("from best to worst", "in no order")


def test_a_day_is_checked_as_one(folder: Path) -> None:
    """The cell of a day takes days up to the day of the decision, or up to what was known."""
    book = workbook(folder, "--known-at", "2015-10-20")
    page = book["judgements"]
    place = next(n for n, row in enumerate(rows(book), 2) if row["status"] == "asked")
    (found,) = [rule for rule in page.data_validations.dataValidation if f"H{place}" in rule.sqref]
    assert (found.type, found.formula2) == ("date", "DATE(2015,10,20)")
    assert page.cell(place, 8).number_format == "yyyy-mm-dd"


def test_the_guidance_is_that_of_the_policy(folder: Path) -> None:
    """Each judgement with its title, scale, citation, interpretation, and the rules that read it by their titles."""
    names, *found = workbook(folder)["guidance"].iter_rows(values_only=True)
    told = {row[0]: dict(zip(names, row, strict=True)) for row in found}
    capacity = told["capacity"]
    assert capacity["scale"] == "a scale from best to worst: good, sufficient, lacking"
    assert capacity["where it comes from"].startswith("Doncaster School Improvement Strategy 2015-2016: 6 Categories")
    assert capacity["interpretation"].startswith("CAT-CAP: ")
    assert "Local Authority category 4, clause 4a: requires improvement" in capacity["read by"]
    assert "the Local Authority may issue a Pre-Warning Letter" in told["progress_at_concern_meeting"]["read by"]


def test_the_cover_counts(folder: Path) -> None:
    """Policy, edition, days and digest; how much is asked, given and not asked, and why."""
    book = workbook(folder)
    cover = {row[0]: row[1] for row in book["cover"].iter_rows(min_row=3, values_only=True) if row[0]}
    found = rows(book)
    assert cover["Edition"] == f"{DONCASTER} 2015-16, in force from 2015-09-01 to 2016-08-31"
    assert cover["Digest of the policy"].startswith("sha256:")
    assert int(cover["Questions asked"]) == sum(row["status"] != "given" for row in found)
    assert int(cover["Judgements given"]) == sum(row["status"] == "given" for row in found) == 4
    declared = len(list(book["guidance"].iter_rows(min_row=2)))
    total = sum(int(cover[name]) for name in ("Questions asked", "Judgements given", "Judgements not asked"))
    assert total == declared * len(SCHOOLS)
    assert "no question" in cover["What is not asked"]
    unsure = [row for row in found if row["status"] == "asked, may not matter"]
    assert int(cover["Of these may not matter"]) == len(unsure)


def test_an_audience_is_told_of_nothing_else(folder: Path) -> None:
    """Without --audience nothing of the workbook names what is kept to some; with it they are asked."""
    secret = b"capability_procedures"
    for options, there in (((), False), (("--audience", "officers"), True)):
        workbook(folder, *options, "--replace")
        with zipfile.ZipFile(folder / "ask.xlsx") as package:
            found = any(secret in package.read(name) for name in package.namelist())
        assert found == there


def test_the_same_questions_give_the_same_bytes(folder: Path) -> None:
    """The workbook holds no clock: made twice, at other moments, it is the same."""
    workbook(folder, name="one.xlsx")
    workbook(folder, name="two.xlsx")
    assert (folder / "one.xlsx").read_bytes() == (folder / "two.xlsx").read_bytes()
    with zipfile.ZipFile(folder / "one.xlsx") as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert str(date.today().year).encode() not in package.read("docProps/core.xml")


def filled(folder: Path, answers: dict[tuple[str, str], Any]) -> Path:
    """The workbook with answers in it, as a program would save it."""
    book = workbook(folder, "--replace")
    page = book["judgements"]
    for number in range(2, page.max_row + 1):
        key = (page.cell(number, 1).value, page.cell(number, 3).value)
        if key in answers:
            page.cell(number, 5).value = answers[key]
            page.cell(number, 6).value = "Officer B"
            page.cell(number, 8).value = date(2015, 10, 7)
            page.cell(number, 10).value = "my own note"
    path = folder / "filled.xlsx"
    book.save(path)
    return path


def test_what_is_filled_in_decides(folder: Path) -> None:
    """The workbook goes with the evidence it was made of: the answer is in the decision, and is asked no more."""
    path = filled(folder, {("990301", "support_required"): "external"})
    before = json.loads(run(decide, folder, "--format", "jsonl").stdout.splitlines()[0])
    assert before["classifications"]["category"]["status"] == "undetermined"
    done = run(decide, folder, "--judgements", str(path), "--format", "jsonl", "--explain")
    assert done.exit_code == 0, done.stderr
    after = json.loads(done.stdout.splitlines()[0])
    assert after["classifications"]["category"]["because"] == ["category.4a"]
    assert "judged by Officer B 2015-10-07" in done.stdout
    assert "my own note" not in done.stdout
    assert "filled.xlsx: 5 rows used, of 1 school; " in done.stderr
    again = run(judgements, folder, "--judgements", str(path), "--to-xlsx", str(folder / "again.xlsx"))
    assert again.exit_code == 0
    left = {row["judgement"] for row in rows(openpyxl.load_workbook(folder / "again.xlsx")) if row["status"] == "asked" and row["urn"] == "990301"}  # fmt: skip
    assert "support_required" not in left


def test_a_wrong_answer_is_told_and_the_others_count(folder: Path) -> None:
    """A value that is not on its scale is refused with sheet, row and column; the exit code is 4."""
    path = filled(
        folder, {("990301", "support_required"): "externally", ("990302", "progress_at_concern_meeting"): "no"}
    )
    done = run(decide, folder, "--judgements", str(path), "--format", "jsonl")
    assert done.exit_code == 4
    assert "refused: filled.xlsx, sheet judgements, row " in done.stderr
    assert "column value (990301): 'externally' cannot stand here: this is one of light_touch_only, more_than_light_touch, external; did you mean external?" in done.stderr  # fmt: skip
    second = json.loads(done.stdout.splitlines()[1])
    assert "issue_pre_warning_letter" in json.dumps(second["consequences"] + second["possible_consequences"])
    assert "progress_at_concern_meeting" not in json.dumps(second["possible_consequences"])


def test_the_csv_says_the_same(folder: Path) -> None:
    """The same columns and rows without drop-downs; filled in, it is read like the workbook."""
    workbook(folder, "--to-csv", str(folder / "ask.csv"))
    text = (folder / "ask.csv").read_bytes().decode("utf-8-sig")
    assert len(text.splitlines()) == len(rows(openpyxl.load_workbook(folder / "ask.xlsx"))) + 1
    line = next(line for line in text.splitlines() if line.startswith("990301") and ",support_required," in line)
    answered = line.replace("requires,,,,,,,", "requires,external,Officer B,,2015-10-07,,,")
    assert answered != line
    (folder / "ask.csv").write_text(text.replace(line, answered), encoding="utf-8")
    done = run(decide, folder, "--judgements", str(folder / "ask.csv"), "--format", "jsonl")
    assert done.exit_code == 0, done.stderr
    assert '"because":["category.4a"]' in done.stdout


def test_import_tables_takes_the_workbook(folder: Path) -> None:
    """The workbook goes with published tables too; a policy holds its rows against the scales."""
    head = "URN,LA,SCHNAME,OPENDATE,CLOSEDATE,MINORGROUP,NFTYPE,ISPRIMARY,ISSECONDARY,AGEL,AGEH\n"
    row = "990301,999,Invented School,,,Maintained School,Community school,1,0,5,7\n"
    (folder / "schools_2018.csv").write_text(head + row, encoding="utf-8")
    path = filled(folder, {("990301", "support_required"): "externally"})
    options = [str(folder), "--authority", "999", "--on", ON, "--judgements", str(path)]
    done = CliRunner().invoke(import_tables, options)
    record = json.loads(done.stdout)
    assert record["judgements"]["support_required"]["value"] == "externally"
    assert record["judgements"]["capacity"]["author"] == "Officer A"
    done = CliRunner().invoke(import_tables, [*options, "--policy", DONCASTER])
    assert done.exit_code == 4
    assert "support_required" not in json.loads(done.stdout)["judgements"]
    assert "'externally' cannot stand here" in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "say where to write: --to-xlsx FILE, --to-csv FILE, or both"),
        (("--to-xlsx", "ask.csv"), "ask.csv does not end in .xlsx"),
        (("--to-xlsx", "nowhere/ask.xlsx"), "no such file or directory"),
        (("--to-csv", "there.csv"), "there.csv is there already; name another file, or say --replace"),
        (("--to-csv", "ask.csv", "--audience", "parents"), "there is no audience 'parents'"),
        (("--to-csv", "ask.csv", "--judgements", "none.xlsx"), "none.xlsx: no such file or directory"),
    ],
)
def test_a_wrong_call_writes_nothing(
    folder: Path, options: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong usage ends with 2 and a sentence; a file that is there, perhaps filled in, is not written over."""
    monkeypatch.chdir(folder)
    (folder / "there.csv").write_text("mine", encoding="utf-8")
    done = run(judgements, folder, *options)
    assert done.exit_code == 2
    assert words in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["schools.jsonl", "there.csv"]
    assert (folder / "there.csv").read_text(encoding="utf-8") == "mine"


def test_a_refused_record_is_told_and_the_others_asked(folder: Path) -> None:
    """Evidence that cannot be used is told with its field, as when it is decided; the exit code is 4."""
    with (folder / "schools.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"urn": "990303", "judgements": {"capacity": {"value": "splendid"}}}\n')
    done = run(judgements, folder, "--to-csv", str(folder / "ask.csv"))
    assert done.exit_code == 4
    assert "refused: line 3 (990303), field judgements.capacity: 'splendid' cannot stand here" in done.stderr
    assert "2 schools: " in done.stderr
    assert "; 1 remark on what was refused" in done.stderr


def test_a_vocabulary_of_ones_own_has_its_own_columns(tmp_path: Path) -> None:
    """The columns are called by what identifies the subject and by its noun; the workbook is read by the policy."""
    flood = ROOT / "examples" / "03_flood_defences"
    if not flood.is_dir():
        pytest.skip("needs the checkout: there is no folder examples")
    target = tmp_path / "ask.xlsx"
    options = [str(flood), str(flood / "evidence.jsonl"), "--on", "2025-02-01", "--audience", "engineers"]
    done = CliRunner().invoke(judgements, [*options, "--to-xlsx", str(target)])
    assert done.exit_code == 0, done.stderr
    names = next(openpyxl.load_workbook(target)["judgements"].iter_rows(values_only=True, max_row=1))
    assert names[:2] == ("reference", "defence")
    decided = CliRunner().invoke(decide, [*options, "--judgements", str(target), "--format", "jsonl"])
    assert decided.exit_code == 0, decided.stderr
    assert decided.stdout == CliRunner().invoke(decide, [*options, "--format", "jsonl"]).stdout
