"""`si-rules test`: coverage, what is required, the results as JSON, and how it ends."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from si_rules import shipped

ROOT = Path(__file__).resolve().parents[2]
EDITION = shipped.policies_folder() / "doncaster/school_improvement/2015-16"
INITIATIVE = str(shipped.policies_folder() / "doncaster/ks2_initiative")
FLOORS = str(shipped.policies_folder() / "england/accountability/summers_2012_and_2013")
WRONG = """scenarios for doncaster.school_improvement 2015-16
  on 2015-11-04

scenario "the boundary"
  given
    phase is primary
    latest attendance.persistent_absence is 3%
  cases
    | latest attendance.overall || trigger attendance_poor |
    | 94.9%                     || holds                   |
    | 95%                       || holds                   |

scenario "a slip"
  given
    phase is primry
  expect
    category is 1
"""


def si_rules(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "si_rules", *arguments], capture_output=True, encoding="utf-8")
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """The shipped edition with scenarios of which one is not met and one has a slip."""
    for path in EDITION.glob("*.policy"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "wrong.scenarios").write_text(WRONG, encoding="utf-8")
    return tmp_path


def test_coverage_lists_everything_and_ends_with_the_count() -> None:
    """Plain text away from a terminal: a table for each sort, the totals, the count of scenarios and cases."""
    done = si_rules("test", INITIATIVE, "--coverage")
    assert done.returncode == 0
    assert re.search(r"^progress\.behind +\d+ +\d+ +\d+ +\d+ +-$", done.stdout, re.M)
    assert re.search(r"^consequence +following +possible$", done.stdout, re.M)
    assert re.search(r"^Seen: deciding 22 of 22, .*, possible \d+ of \d+$", done.stdout, re.M)
    assert "Never seen:\n  class progress.unmatched: undetermined\n" in done.stdout
    assert re.fullmatch(r"\d+ scenarios, \d+ cases, 0 failures", done.stdout.splitlines()[-1])
    assert "\x1b" not in done.stdout


def test_gaps_end_with_0_unless_they_are_required(wrong: Path) -> None:
    """What was never seen is listed; only `--require` makes it a finding, and only in the ways it names."""
    text = WRONG.replace("95%                       || holds        ", "95%                       || does not hold")
    (wrong / "wrong.scenarios").write_text(text.partition('scenario "a slip"')[0], encoding="utf-8")
    listed = si_rules("test", str(wrong), "--coverage")
    assert listed.returncode == 0
    assert "  clause category.4b: deciding, holding, not holding\n" in listed.stdout
    required = si_rules("test", str(wrong), "--require", "holding,undetermined")
    assert required.returncode == 1
    assert required.stdout == "1 scenario, 2 cases, 0 failures\n"
    assert "required, and never seen:\n" in required.stderr
    assert "  clause category.4b: holding\n" in required.stderr
    assert si_rules("test", FLOORS, "--require", "all").returncode == 0


@pytest.mark.parametrize(("sound", "code"), [(True, 0), (False, 3)])
def test_a_history_reaches_back_to_the_edition_before(tmp_path: Path, sound: bool, code: int) -> None:
    """Cases that cross the change of law go by both editions; where the earlier one cannot be used, that is told."""
    for edition in ("before_reform", "after_reform"):
        shutil.copytree(shipped.policies_folder() / "england/intervention" / edition, tmp_path / "law" / edition)
    shutil.copytree(shipped.policies_folder() / "calendars", tmp_path / "calendars")
    early = tmp_path / "law" / "before_reform" / "intervention.policy"
    if not sound:
        header = early.read_text(encoding="utf-8").partition("legend")[0]
        early.write_text(header + "fact broken\n", encoding="utf-8")
    done = si_rules("test", str(tmp_path / "law" / "after_reform"))
    assert done.returncode == code
    assert ("0 failures" in done.stdout) == (code == 0)


def test_a_way_there_is_not_is_wrong_usage() -> None:
    """`--require` with a word that is no way of being seen ends with 2 and names the nearest."""
    done = si_rules("test", str(EDITION), "--require", "holding,decidng")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean deciding?" in done.stderr


def test_results_as_json_say_what_was_expected_what_came_and_why(wrong: Path) -> None:
    """The JSON form holds findings, cases with their failures, coverage and the counts; nothing is on standard error."""
    done = si_rules("test", str(wrong), "--format", "json", "--coverage")
    assert done.returncode == 1
    assert done.stderr == ""
    document = json.loads(done.stdout)
    (policy,) = document["policies"]
    assert document["format"] == "si-rules/scenarios/1"
    assert document["summary"] == {"scenarios": 1, "cases": 2, "failures": 2}
    assert [(item["code"], item["line"]) for item in policy["findings"]] == [("SI703", 15)]
    met, failed = policy["cases"]
    assert (met["case"], met["met"], met["failures"]) == ("latest attendance.overall is 94.9%", True, [])
    (failure,) = failed["failures"]
    assert (failure["expected"], failure["came"]) == ("trigger attendance_poor holds", "it does not hold")
    assert "is under 95%" in failure["why"]
    assert "(found: 95%)" in failure["why"]
    assert (failure["line"], failure["column"]) == (11, 36)
    things = {(thing["sort"], thing["name"]): thing["seen"] for thing in policy["coverage"]["things"]}
    assert things["trigger", "attendance_poor"] == {
        "deciding": 1, "holding": 1, "not_holding": 1, "undetermined": 0, "not_applicable": 0
    }  # fmt: skip


def test_the_json_form_is_described_whole() -> None:
    """The page on the command line names every key of the JSON form."""
    document = json.loads(si_rules("test", FLOORS, "--format", "json", "--require", "all").stdout)

    def keys(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*(keys(item) for item in value))
        if not isinstance(value, dict):
            return set()
        return set(value).union(*(keys(item) for item in value.values()))

    page = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    section = page.partition("## `si-rules test`")[2].partition("\n## ")[0]
    described = set(re.findall(r"`([a-z_]+)`", section))
    assert not keys(document) - described
    assert {"expected", "came", "why", "message", "help"} <= described


def test_the_same_bytes_under_every_hash_seed() -> None:
    """Text and JSON of the same scenarios are the same whatever PYTHONHASHSEED is."""
    outputs = set()
    for seed in ("0", "1", "random"):
        arguments = [sys.executable, "-m", "si_rules", "test", INITIATIVE, "--coverage", "--format"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        both = [
            subprocess.run([*arguments, form], capture_output=True, env=environment).stdout for form in ("text", "json")
        ]
        outputs.add(tuple(both))
    assert len(outputs) == 1


def test_a_terminal_gets_tables_with_rules() -> None:
    """On a terminal coverage is shown in drawn tables, with the same names."""
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "si_rules", "test", FLOORS, "--coverage"]
    with subprocess.Popen(
        command, stdout=terminal, stderr=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm", "COLUMNS": "140"}
    ) as running:
        os.close(terminal)
        shown = b""
        try:
            while chunk := os.read(master, 65536):
                shown += chunk
        except OSError:  # the terminal is closed at the other end
            pass
    os.close(master)
    assert running.returncode == 0
    text = shown.decode()
    assert "│" in text
    assert "below_ks2_floor_latest" in text
    assert "0 failures" in text


def test_a_file_named_twice_is_run_once() -> None:
    """A folder and a file in it make one run of the file."""
    once = si_rules("test", FLOORS)
    twice = si_rules("test", FLOORS, str(Path(FLOORS) / "key_stage_4.scenarios"))
    assert once.stdout == twice.stdout


def test_a_scenario_file_that_is_not_there_ends_with_a_sentence() -> None:
    """A file that cannot be found is wrong usage, told in a sentence."""
    done = si_rules("test", str(EDITION / "nothing.scenarios"))
    assert done.returncode == 2
    assert "holds no scenario files" in done.stderr


def test_a_policy_without_scenarios_is_named_and_lacks_everything(wrong: Path) -> None:
    """Beside a policy that is tested, one without a scenario is noted; where something is required, it lacks all of it."""
    other = wrong / "visits"
    other.mkdir()
    text = (EDITION / "triggers.policy").read_text(encoding="utf-8")
    legend = text.partition("\nlegend\n")[2].partition("\n\n")[0]
    (other / "visits.policy").write_text(
        "policy council.visits\n  title \"Visits\"\n  edition 2015-16\n  in force 2015-09-01 to 2016-08-31\n  vocabulary school 1\n\n"
        f"legend\n{legend}\n\nsource S \"S\"\n\nevidence phase \"the phase of education\"\n"
        "  one of nursery, infant, junior, primary, middle, secondary, all_through, special, pupil_referral_unit\n\n"
        "trigger small \"small children\"\n  cites S \"1\"\n  holds when phase is nursery\n",
        encoding="utf-8",
    )  # fmt: skip
    (wrong / "wrong.scenarios").write_text(WRONG.partition("    | 95%")[0], encoding="utf-8")
    noted = si_rules("test", str(wrong))
    assert noted.returncode == 0, noted.stderr
    assert (noted.stdout, noted.stderr) == (
        "1 scenario, 0 failures\n",
        "note: council.visits 2015-16 has no scenarios\n",
    )
    required = si_rules("test", str(wrong), "--require", "holding")
    assert required.returncode == 1
    assert "of council.visits 2015-16, which has no scenarios:\n  trigger small: holding\n" in required.stderr
    document = json.loads(si_rules("test", str(wrong), "--format", "json", "--require", "holding").stdout)
    assert [(item["policy"]["id"], len(item["cases"])) for item in document["policies"]] == [
        ("doncaster.school_improvement", 1),
        ("council.visits", 0),
    ]


def test_what_is_lacking_is_listed_once(wrong: Path) -> None:
    """With coverage and `--require`, what is required stands in one list, and what is not in the other."""
    (wrong / "wrong.scenarios").write_text(WRONG.partition("    | 95%")[0], encoding="utf-8")
    done = si_rules("test", str(wrong), "--coverage", "--require", "holding")
    assert done.stderr.count("clause category.4b: holding\n") == 1
    assert "  clause category.4b: deciding, not holding" in done.stdout
    assert "  clause category.4b: deciding, holding" not in done.stdout


def test_a_day_outside_the_period_is_one_finding(wrong: Path) -> None:
    """Scenarios dated when the policy is not in force are not decided as if it were: the day is told, once."""
    (wrong / "wrong.scenarios").write_text(WRONG.replace("on 2015-11-04", "on 2052-11-04"), encoding="utf-8")
    done = si_rules("test", str(wrong))
    assert done.returncode == 1
    assert done.stdout == "0 scenarios, 1 failure\n"
    assert done.stderr.count("SI714") == 1
    assert "wrong.scenarios:2:6" in done.stderr
    assert "is not in force on 2052-11-04: it is from 2015-09-01 to 2016-08-31" in done.stderr
