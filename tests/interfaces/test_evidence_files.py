"""Evidence in any format goes into the commands, and comes out of `convert` as it went in."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from si_rules.interfaces.cli.convert import command as convert
from si_rules.interfaces.cli.decide import command as decide

COHORT = Path(__file__).resolve().parents[2] / "examples" / "01_fictional_cohort" / "evidence.jsonl"
DONCASTER = "doncaster.school_improvement"
ON = ("--on", "2015-11-04", "--format", "jsonl")


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first schools of the fictional cohort."""
    if not COHORT.is_file():
        pytest.skip("needs the checkout: there is no folder examples")
    path = tmp_path_factory.mktemp("evidence") / "schools.jsonl"
    path.write_text("".join(COHORT.read_text(encoding="utf-8").splitlines(keepends=True)[:25]), encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".jsonl"])
def test_every_format_decides_alike(lines: Path, suffix: str, tmp_path: Path) -> None:
    """The same schools in another format give the same bytes of decisions, digests of the evidence among them."""
    target = tmp_path / f"schools{suffix}"
    done = CliRunner().invoke(convert, [str(lines), "--to", str(target)])
    assert (done.exit_code, done.stderr) == (0, f"25 records written to {target}\n")
    wanted = CliRunner().invoke(decide, [DONCASTER, str(lines), *ON])
    came = CliRunner().invoke(decide, [DONCASTER, str(target), *ON])
    assert came.exit_code == 0
    assert came.stdout == wanted.stdout != ""


def test_a_cohort_may_be_in_any_format(lines: Path, tmp_path: Path) -> None:
    """--cohort takes what EVIDENCE takes; its refusals are told as those of the cohort."""
    target = tmp_path / "cohort.csv"
    target.write_text("urn,phase\n1,junior\n2,primry\n", encoding="utf-8")
    done = CliRunner().invoke(decide, [DONCASTER, str(lines), *ON, "--cohort", str(target)])
    assert done.exit_code == 4
    assert "refused, in the cohort: line 3 (2), field phase: 'primry' is not one of" in done.stderr
    assert len(done.stdout.splitlines()) == 25


def test_rows_that_are_refused_leave_the_others(tmp_path: Path) -> None:
    """A row is told with its place; the rest are decided; the exit code is 4. With JSON nothing is half-written."""
    path = tmp_path / "schools.csv"
    path.write_text("urn,phase\n1,junior\n2,primry\n1,junior\n", encoding="utf-8")
    done = CliRunner().invoke(decide, [DONCASTER, str(path), "--on", "2015-11-04", "--format", "json"])
    assert done.exit_code == 4
    assert [item["subject"]["id"] for item in json.loads(done.stdout)] == ["1"]
    assert "refused: line 3 (2), field phase" in done.stderr
    assert "refused: line 4 (1), field urn: this id stands in an earlier record, line 2" in done.stderr


@pytest.mark.parametrize(("name", "package"), [("e.xlsx", "openpyxl"), ("e.parquet", "pyarrow")])
def test_what_is_not_installed_is_wrong_usage(
    tmp_path: Path, name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package of a format the command ends with 2, says which extra to install, and prints nothing else."""
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / name).write_bytes(b"x")
    done = CliRunner().invoke(decide, [DONCASTER, str(tmp_path / name), "--on", "2015-11-04", "--format", "json"])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "pip install 'si-rules[" in done.stderr


def test_json_needs_none_of_it(tmp_path: Path) -> None:
    """Deciding on JSON loads neither what reads spreadsheets nor what lays out rows."""
    path = tmp_path / "school.json"
    path.write_text('{"urn": "1"}', encoding="utf-8")
    code = (
        "import sys\n"
        f"sys.argv = ['si-rules', 'decide', {DONCASTER!r}, {str(path)!r}, '--on', '2015-11-04', '--format', 'jsonl']\n"
        "from si_rules.interfaces.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('openpyxl', 'pyarrow', 'si_rules.evidence.sheets.grid') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("e.ods", "e.ods does not end in .csv or .xlsx or .parquet or .jsonl"),
        ("there.csv", "there.csv is there already; name another file, or say --replace"),
        ("nowhere/e.csv", "no such file or directory"),
    ],
)
def test_a_wrong_target_writes_nothing(
    tmp_path: Path, target: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another ending, a file that is there, a folder that is not: 2, and a sentence."""
    monkeypatch.chdir(tmp_path)
    Path("e.jsonl").write_text('{"urn": "1"}\n', encoding="utf-8")
    Path("there.csv").write_text("mine", encoding="utf-8")
    done = CliRunner().invoke(convert, ["e.jsonl", "--to", target])
    assert done.exit_code == 2
    assert words in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e.jsonl", "there.csv"]


def test_what_cannot_be_converted_is_told(tmp_path: Path) -> None:
    """A record that is refused, and one that no row can hold, are left out and told; the exit code is 4."""
    path, target = tmp_path / "e.jsonl", tmp_path / "e.csv"
    path.write_text(
        f'{{"urn": "1"}}\n{{"urn": "2", "fase": 1}}\n{{"urn": "3", "name": "{"x" * 40_000}"}}\n', encoding="utf-8"
    )
    done = CliRunner().invoke(convert, [str(path), "--to", str(target)])
    assert done.exit_code == 4
    assert "refused: line 2 (2), field fase" in done.stderr
    assert "refused: line 3 (3), field name: has 40,000 characters; a cell holds at most 32,767" in done.stderr
    assert target.read_text(encoding="utf-8-sig") == "urn\n1\n"
