"""A year's run: everything in one folder, whole or not at all, the same on every machine, and checked by its manifest."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
COHORT = ROOT / "examples/01_fictional_cohort/evidence.jsonl"
TOWN = ROOT / "tests/documents/town"
POLICY, ON = "doncaster.school_improvement", ("--on", "2015-11-04")
LINES = COHORT.read_text(encoding="utf-8").splitlines(keepends=True) if COHORT.is_file() else []

pytestmark = pytest.mark.skipif(not LINES, reason="needs the checkout: there is no folder examples")


def si_rules(*arguments: str | Path, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "si_rules", *map(str, arguments)],
        input=given.encode("utf-8", "surrogatepass"),
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def assess(target: Path, *more: str | Path, given: str = "".join(LINES[:12]), **environment: str) -> subprocess.CompletedProcess[str]:  # fmt: skip
    return si_rules("assess", POLICY, "-", *ON, "--to", target, *more, given=given, **environment)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run about twelve schools."""
    target = tmp_path_factory.mktemp("runs") / "year"
    done = assess(target)
    assert done.returncode == 0, done.stderr
    return target


# ---- what there is


def test_a_run_writes_decisions_letters_summary_and_manifest(run: Path) -> None:
    """For each school a decision in three forms and a draft in two; a summary in three; what is to be moderated."""
    found = set(files_of(run))
    letters = {f"letters/{990001 + n}.category.{form}" for n in range(12) for form in ("md", "html")}
    assert found == letters | {
        "decisions.jsonl", "decisions.csv", "decisions.html", "to-moderate.csv", "refused.jsonl", "manifest.json",
        "board.md", "board.html", "board.json",
    }  # fmt: skip
    assert not [path for path in run.parent.iterdir() if path != run], "something was left beside the folder"


def test_its_decisions_are_those_of_decide(run: Path) -> None:
    """The JSON Lines of a run are what `decide` writes, to the byte; its table and page are of the same decisions."""
    decided = si_rules("decide", POLICY, "-", *ON, "--format", "jsonl", given="".join(LINES[:12]))
    assert (run / "decisions.jsonl").read_text(encoding="utf-8") == decided.stdout
    table = si_rules("decide", POLICY, "-", *ON, "--format", "csv", given="".join(LINES[:12]))
    rows = list(csv.DictReader(io.StringIO(table.stdout, newline="")))
    assert [
        {k: v for k, v in row.items() if not k.endswith("_moderated")} for row in rows_of(run / "decisions.csv")
    ] == rows
    page = si_rules("decide", POLICY, "-", *ON, "--format", "html", given="".join(LINES[:12]))
    assert (run / "decisions.html").read_text(encoding="utf-8") == page.stdout


def test_the_manifest_says_what_went_in_and_came_out(run: Path) -> None:
    """Inputs and outputs stand with their SHA-256 as anybody would work it out; there is no clock and no path of a machine."""
    text = (run / "manifest.json").read_text(encoding="utf-8")
    document = json.loads(text)
    given = "".join(LINES[:12]).encode()
    assert document["format"] == "si-rules/run/1"
    assert document["inputs"] == [
        {"role": "evidence", "name": "standard input", "sha256": hashlib.sha256(given).hexdigest(), "bytes": len(given)}
    ]
    outputs = {item["path"]: (item["sha256"], item["bytes"]) for item in document["outputs"]}
    assert outputs == {
        name: (hashlib.sha256(data).hexdigest(), len(data))
        for name, data in files_of(run).items()
        if name != "manifest.json"
    }
    assert document["counts"]["decided"] == 12
    assert sum(document["counts"]["outcomes"].values()) == 12 * len(
        json.loads((run / "board.json").read_text())["classifications"]
    )
    letters = ROOT / "policies/doncaster/school_improvement/2015-16/letters"
    for name, digest in document["letters"].items():
        assert digest == "sha256:" + hashlib.sha256((letters / name).read_bytes()).hexdigest()
    assert str(run.parent) not in text
    assert str(ROOT) not in text


def test_the_same_bytes_under_every_hash_seed_and_in_every_folder(run: Path, tmp_path: Path) -> None:
    """A run of the same inputs gives the same folder, to the byte, the manifest included."""
    again = tmp_path / "another" / "name"
    assert assess(again, PYTHONHASHSEED="7").returncode == 0
    assert files_of(again) == files_of(run)


def test_nobody_at_all_is_a_run_too(tmp_path: Path) -> None:
    """Of no evidence there is a folder with empty tables and a summary that says so."""
    done = assess(tmp_path / "none", given="")
    assert done.returncode == 0
    assert done.stderr == f"0 decided; 0 draft letters, in {tmp_path / 'none'}.\n"
    assert rows_of(tmp_path / "none/decisions.csv") == []
    assert "Nobody was decided about." in (tmp_path / "none/board.md").read_text(encoding="utf-8")
    assert not (tmp_path / "none/letters").exists()


def test_letters_may_be_left_out(tmp_path: Path) -> None:
    """With --no-letters the rest is written, also where Jinja2 is absent; without it, the extra is named."""
    code = "import sys; sys.modules['jinja2'] = None; from si_rules.interfaces.cli.main import main; main()"
    for more, status in (("--no-letters", 0), ("--as-if", 2)):
        arguments = ["assess", POLICY, "-", *ON, "--to", str(tmp_path / more), more]
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], input=LINES[0].encode(), capture_output=True, check=False
        )
        assert done.returncode == status, done.stderr.decode()
        assert (tmp_path / more).exists() == (status == 0)
    assert b"pip install 'si-rules[letters]'" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "--no-letters/letters").exists()
    assert json.loads((tmp_path / "--no-letters/manifest.json").read_text())["letters"] is None


# ---- refusals


def test_what_is_refused_is_told_and_leaves_figures_open(tmp_path: Path) -> None:
    """Bad records are refused with place and reason in a file; the cohort has them as members of whom nothing is known."""
    given = '{"number": "1", "state": "sound"}\n{"number": "2", "state": "soud"}\nnot json\n{"number": "3", "judgements": {"danger": {"value": "perhaps"}}}\n'
    done = si_rules("assess", TOWN, "-", *ON, "--to", tmp_path / "run", "--audience", "officers", given=given)
    assert done.returncode == 4
    refused = [json.loads(line) for line in (tmp_path / "run/refused.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(item["about"], item["place"], item["subject"], item["path"]) for item in refused] == [
        ("evidence", "line 2", "2", "state"), ("evidence", "line 3", None, ""), ("evidence", "line 4", "3", "judgements.danger"),
    ]  # fmt: skip
    assert done.stderr.count("refused: line ") == 3
    document = json.loads((tmp_path / "run/board.json").read_text(encoding="utf-8"))
    assert document["subjects"] == document["cohort"]["members"] == 1
    assert document["cohort"]["unread"] == 3
    assert (document["figures"][0]["value"], document["figures"][0]["between"]) == (None, ["25", "100"])
    assert "3 more could not be read" in (tmp_path / "run/board.md").read_text(encoding="utf-8")
    assert len(document["refused"]) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("assess", POLICY, "-", *ON), 2, "--to"),
        (("assess", POLICY, "-", "--on", "2017-01-01", "--to", "x"), 3, "in force from 2015-09-01 to 2016-08-31, not on 2017-01-01 (--as-if)"),
        (("assess", POLICY, "nowhere.jsonl", *ON, "--to", "x"), 2, "nowhere.jsonl: no such file or directory"),
        (("assess", POLICY, "-", *ON, "--to", "x", "--audience", "parents"), 2, "there is no audience 'parents'"),
        (("assess", POLICY, "-", *ON, "--to", "x", "--letters", "nowhere"), 3, "letters: nowhere: no such file or directory"),
        (("assess", POLICY, "-", *ON, "--to", "x", "--moderation", "nowhere.csv"), 2, "nowhere.csv: no such file or directory"),
        (("letters", f"{POLICY}@2015-16", "-"), 2, "say on which date the letter is decided: --on DATE"),
        (("letters", POLICY, "-", *ON, "--letter", "categry"), 2, "there is no letter 'categry'; did you mean category?"),
        (("letters", POLICY, "-", *ON, "--subject", "990010"), 2, "there is no usable record of 990010; did you mean 990001?"),
        (("letters", POLICY, "-", *ON), 2, "there are 2 usable records; say to which school: --subject ID (990001, 990002 …)"),
        (("letters", POLICY, "-", "--on", "2017-01-01", "--subject", "990001"), 3, "(--as-if)"),
        (("check-run", "nowhere"), 2, "there is no folder nowhere"),
        (("check-run", "."), 2, "manifest.json: no such file or directory"),
    ],
)  # fmt: skip
def test_a_wrong_call_ends_with_a_sentence_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """Each ends with its code and a sentence; there is no folder, and nothing beside it."""
    monkeypatch.chdir(tmp_path)
    done = si_rules(*arguments, given="".join(LINES[:2]))
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_was_refused_is_told_to_those_who_may_see_it(tmp_path: Path) -> None:
    """A remark on a confidential field keeps field and reason from those who may not see it; the operator sees them."""
    given = '{"number": "1", "judgements": {"debt": {"value": "bankrupt"}}}\n{"number": "2", "rent": 5000}\n'
    for audience, shown in (("public", False), ("officers", True)):
        done = si_rules("assess", TOWN, "-", *ON, "--to", tmp_path / audience, "--audience", audience, given=given)
        assert done.returncode == 4
        assert "'bankrupt' cannot stand here" in done.stderr
        texts = b"".join(files_of(tmp_path / audience).values()).decode()
        assert ("bankrupt" in texts) == ("judgements.debt" in texts) == shown
        lines = [
            json.loads(line)
            for line in (tmp_path / audience / "refused.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        assert [item["subject"] for item in lines] == ["1", "2"]
        assert lines[1]["path"] == "rent"


# ---- several policies


def test_further_policies_have_folders_of_their_own(tmp_path: Path) -> None:
    """With --with every subject is decided under each policy; one summary tells of all, and the manifest names them."""
    given = "".join(
        json.dumps({"number": str(n), "state": s}) + "\n" for n, s in enumerate(("ruined", "worn", "sound"))
    )
    year = ROOT / "tests/documents/year"
    done = si_rules("assess", TOWN, "-", *ON, "--to", tmp_path / "run", "--with", year, given=given)
    assert done.returncode == 0, done.stderr
    found = set(files_of(tmp_path / "run"))
    assert {
        f"town.year/{name}" for name in ("decisions.jsonl", "decisions.csv", "decisions.html", "board.json")
    } <= found
    assert len(found) == 9 + 4 + 2 * 3
    board = (tmp_path / "run/board.md").read_text(encoding="utf-8")
    assert "# Summary for the board: The houses of a town" in board
    assert "# Summary for the board: The year of a house" in board
    assert board.count("\n## Repair\n") == 1, "what one part tells is not told again in another"
    seasons = [row["season_outcome"] for row in rows_of(tmp_path / "run/town.year/decisions.csv")]
    assert seasons == ["winter", "summer", ""]
    document = json.loads((tmp_path / "run/manifest.json").read_text(encoding="utf-8"))
    assert [item["id"] for item in document["further_policies"]] == ["town.year"]
    assert si_rules("check-run", tmp_path / "run").returncode == 0
    twice = si_rules("assess", TOWN, "-", *ON, "--to", tmp_path / "twice", "--with", TOWN, given=given)
    assert twice.returncode == 2
    assert "town.houses is named 2 times; name each policy once" in twice.stderr


# ---- whole or not at all


def test_a_folder_that_is_there_is_not_written_over(run: Path, tmp_path: Path) -> None:
    """Without --replace a folder stays; with it only one that a run wrote is replaced, never another, a file or a link."""
    target = tmp_path / "year"
    assert assess(target).returncode == 0
    before = files_of(target)
    done = assess(target, given=LINES[0])
    assert (done.returncode, files_of(target)) == (2, before)
    assert "is there already; name another folder, or say --replace" in done.stderr
    assert assess(target, "--replace", given=LINES[0]).returncode == 0
    assert len(json.loads((target / "manifest.json").read_text())["outputs"]) == 10
    assert [path.name for path in tmp_path.iterdir()] == ["year"]
    mine, file, link = tmp_path / "mine", tmp_path / "file", tmp_path / "link"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")
    file.write_text("x", encoding="utf-8")
    link.symlink_to(mine)
    for place, words in (
        (mine, "was not made by this command: it is not replaced"),
        (file, "is a file"),
        (link, "is a link"),
    ):
        done = assess(place, "--replace", given=LINES[0])
        assert done.returncode == 2
        assert words in done.stderr
    assert files_of(mine) == {"thesis.txt": b"years of work"}
    assert file.read_text(encoding="utf-8") == "x"


def test_a_mistake_on_the_way_leaves_nothing_and_changes_nothing(tmp_path: Path) -> None:
    """A template that fails at the eighth school ends the run: no folder, nothing beside it, the old one as it was."""
    letters = tmp_path / "letters"
    letters.mkdir()
    declared = (ROOT / "policies/doncaster/school_improvement/2015-16/letters/letters.toml").read_text(encoding="utf-8")
    (letters / "letters.toml").write_text(declared, encoding="utf-8")
    (letters / "category.md.jinja").write_text(
        "a\n{% if subject.id == '990008' %}{{ subject.town }}{% endif %}", encoding="utf-8"
    )
    target = tmp_path / "year"
    assert assess(tmp_path / "new" / "year", "--letters", letters).returncode == 3
    done = assess(target, "--letters", letters)
    assert done.returncode == 3
    assert "letters: category.md.jinja, line 2: there is no `town` here" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters"]
    assert assess(target, given=LINES[0]).returncode == 0
    before = files_of(target)
    assert assess(target, "--replace", "--letters", letters).returncode == 3
    assert files_of(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters", "year"]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A place where nothing can be written ends the run with a sentence."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = assess(tmp_path / "file" / "year", given=LINES[0])
    assert done.returncode == 2
    assert "cannot be written: " in done.stderr


def test_no_id_writes_outside_the_folder(tmp_path: Path) -> None:
    """Ids that are paths, devices or the same name to some systems each have a letter of their own in the folder."""
    ids = ["../../up", "/etc/passwd", "a/b", "CON", "A", "a", "..", "\u202ex", "x" * 300, "=1+1", "<b>"]
    given = "".join(json.dumps({"number": id, "title": id, "state": "ruined"}) + "\n" for id in ids)
    done = si_rules("assess", TOWN, "-", *ON, "--to", tmp_path / "in" / "run", given=given)
    assert done.returncode == 0, done.stderr
    letters = [path.name for path in (tmp_path / "in/run/letters").iterdir()]
    assert len({name.casefold() for name in letters}) == 2 * len(ids)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["run"]
    assert si_rules("check-run", tmp_path / "in/run").returncode == 0
    assert all(not row["id"].startswith("=") for row in rows_of(tmp_path / "in/run/decisions.csv"))


# ---- moderation


def filled_in(run: Path, path: Path, fill: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """The sheet of a run, filled in by a spreadsheet program."""
    rows = [row | fill(row) for row in rows_of(run / "to-moderate.csv")]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


GIVEN = {"reason": "Agreed at the meeting.", "author": "B. Officer", "role": "head of service", "date": "2015-11-20"}


def moderate(row: dict[str, str]) -> dict[str, str]:
    """Confirm what is determined, and give category 3 where nothing is; leave the third school open."""
    if row["subject"] == "990003":
        return {}
    outcome = row["engine_outcome"] if row["engine_outcome"] in "12345" else "3"
    return {"moderated_outcome": outcome, **GIVEN}


def test_the_sheet_of_a_run_filled_in_moderates_the_next(run: Path, tmp_path: Path) -> None:
    """What officers fill in stands in the letters, the table, the page and the summary of the next run, beside the rules."""
    filled_in(run, tmp_path / "moderation.csv", moderate)
    target = tmp_path / "moderated"
    done = assess(target, "--moderation", tmp_path / "moderation.csv")
    assert done.returncode == 0, done.stderr
    assert "11 moderated outcomes" in done.stderr
    before, after = rows_of(run / "decisions.csv"), rows_of(target / "decisions.csv")
    for old, new in zip(before, after, strict=True):
        given = "" if new["id"] == "990003" else (old["category_outcome"] or "3")
        assert new == old | {"category_moderated": given}
    assert (target / "decisions.jsonl").read_bytes() == (run / "decisions.jsonl").read_bytes()
    assert (target / "decisions.html").read_text(encoding="utf-8").count("Moderated on 20 November 2015:") == 11
    assert [row["subject"] for row in rows_of(target / "to-moderate.csv")] == ["990003"]
    board = json.loads((target / "board.json").read_text(encoding="utf-8"))["classifications"]["category"]
    assert board["moderated"] == 11
    assert board["outcomes"]["3"]["moderated"]["least"] > board["outcomes"]["3"]["by_rules"]["least"]
    text = (target / "letters/990002.category.md").read_text(encoding="utf-8")
    assert "**3, Securing Good**, following moderation on 20 November 2015." in text
    assert "By themselves the criteria of the strategy say: not determined" in text
    assert [item["role"] for item in json.loads((target / "manifest.json").read_text())["inputs"]] == [
        "evidence",
        "moderation",
    ]


def test_evidence_that_changed_asks_for_moderation_again(run: Path, tmp_path: Path) -> None:
    """A moderation of other evidence is refused and told; the next sheet has a row that supersedes it, ready to fill in."""
    filled_in(run, tmp_path / "first.csv", moderate)
    changed = json.loads(LINES[0])
    changed["judgements"]["effective_progress"]["value"] = True
    given = json.dumps(changed) + "\n" + "".join(LINES[1:12])
    done = assess(tmp_path / "second", "--moderation", tmp_path / "first.csv", given=given)
    assert done.returncode == 4
    assert "refused: line 2 (990001), field engine_outcome: the decision now says" in done.stderr
    (row,) = [row for row in rows_of(tmp_path / "second/to-moderate.csv") if row["subject"] == "990001"]
    assert (row["id"], row["supersedes"]) == ("990001-category-2", "990001-category")
    filled_in(tmp_path / "second", tmp_path / "more.csv", moderate)
    files = ("--moderation", tmp_path / "first.csv", "--moderation", tmp_path / "more.csv")
    third = assess(tmp_path / "third", *files, given=given)
    assert third.returncode == 0, third.stderr
    assert "It supersedes an earlier moderation." in (tmp_path / "third/decisions.html").read_text(encoding="utf-8")
    twice = assess(tmp_path / "fourth", *files, "--moderation", tmp_path / "more.csv", given=given)
    assert twice.returncode == 4
    assert "more.csv, line 2 (990001), field id: this id stands in an earlier record" in twice.stderr


def test_other_evidence_of_others_leaves_a_moderation_standing(tmp_path: Path) -> None:
    """Figures change with every member; a moderation of an outcome that they do not change stands."""

    def town(target: str, second: str, *more: str | Path) -> subprocess.CompletedProcess[str]:
        given = "".join(json.dumps({"number": n, "state": s}) + "\n" for n, s in (("1", "ruined"), ("2", second)))
        return si_rules("assess", TOWN, "-", *ON, "--to", tmp_path / target, *more, given=given)

    assert town("a", "sound").returncode == 0
    filled_in(
        tmp_path / "a",
        tmp_path / "m.csv",
        lambda row: (
            {"moderated_outcome": "planned", **GIVEN}
            if row["classification"] == "repair" and row["subject"] == "1"
            else {}
        ),
    )
    done = town("b", "worn", "--moderation", tmp_path / "m.csv")
    assert done.returncode == 0, done.stderr
    assert "1 moderated outcome" in done.stderr


def test_one_letter_is_drafted_by_itself(run: Path) -> None:
    """`letters` writes the draft that the run wrote, to the byte; without evidence it lists what there is."""
    for form in ("md", "html"):
        done = si_rules("letters", POLICY, "-", *ON, "--subject", "990002", "--format", form, given="".join(LINES[:12]))
        assert done.returncode == 0
        assert done.stdout == (run / f"letters/990002.category.{form}").read_text(encoding="utf-8")
        assert "things to see to before it is sent" in done.stderr
    listed = si_rules("letters", POLICY, *ON)
    assert listed.returncode == 0
    assert listed.stdout.startswith(
        "category: Annual letter on the category\n  sent by the act: send the school a letter"
    )


# ---- check-run


def test_a_folder_is_checked_against_its_manifest(run: Path, tmp_path: Path) -> None:
    """A run passes, and its evidence is known again; a byte changed, a file more or less, or a link is told by name."""
    target, evidence = tmp_path / "year", tmp_path / "evidence.jsonl"
    evidence.write_bytes("".join(LINES[:12]).encode())
    assert assess(target).returncode == 0
    done = si_rules("check-run", target, evidence)
    assert (done.returncode, done.stdout) == (0, f"{target}: 32 files as the manifest says, and 1 file went in\n")
    evidence.write_bytes("".join(LINES[:11]).encode())
    done = si_rules("check-run", target, evidence)
    assert done.returncode == 5
    assert f"did not go into the run: {evidence}" in done.stderr
    letter = target / "letters/990001.category.md"
    letter.write_bytes(letter.read_bytes().replace(b"4, School", b"3, School"))
    (target / "board.md").unlink()
    (target / "more.txt").write_text("x", encoding="utf-8")
    (target / "board.html").unlink()
    (target / "board.html").symlink_to(target / "board.json")
    done = si_rules("check-run", target)
    assert done.returncode == 5
    told = set(done.stderr.splitlines())
    assert told >= {
        "changed: letters/990001.category.md",
        "missing: board.md",
        "not in the manifest: more.txt",
        "a link: board.html",
    }
    assert "4 differences" in done.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["outputs"].append({"path": "../../secret", "sha256": "0" * 64}), "it names a file outside the folder: '../../secret'"),
        (lambda d: d["outputs"].append({"path": "/etc/passwd", "sha256": "0" * 64}), "it names a file outside the folder"),
        (lambda d: d["outputs"].append({"path": "a\\b", "sha256": "0" * 64}), "it names a file outside the folder"),
        (lambda d: d["outputs"].append({"path": "x", "sha256": "0"}), "it is no manifest of the form si-rules/run/1: outputs.32.sha256"),
        (lambda d: d.update(format="other"), "it is no manifest of the form si-rules/run/1: format"),
        (lambda d: d.clear(), "it is no manifest of the form si-rules/run/1: format"),
    ],
)  # fmt: skip
def test_a_manifest_that_is_none_is_told(run: Path, tmp_path: Path, change: Callable[[Any], None], words: str) -> None:
    """A manifest cannot send the check to other files, nor end it otherwise than with a sentence."""
    folder = tmp_path / "run"
    folder.mkdir()
    document = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    change(document)
    (folder / "manifest.json").write_text(json.dumps(document), encoding="utf-8")
    done = si_rules("check-run", folder)
    assert done.returncode == 5
    assert words in done.stderr
