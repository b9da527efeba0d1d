"""The command line: what it takes, what it prints, and how it ends."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from si_rules import shipped
from si_rules.semantics.declared import LEGEND

ROOT = Path(__file__).resolve().parents[2]
EDITION = shipped.policies_folder() / "doncaster/school_improvement/2015-16"
DECIDE = ("decide", "doncaster.school_improvement")
GOOD = '{"urn": "990001", "phase": "primary"}\n'


def si_rules(*arguments: str, given: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    data = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [sys.executable, "-m", "si_rules", *arguments],
        input=data,
        capture_output=True,
        env={**os.environ, **environment},
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_decision_is_printed_for_the_public() -> None:
    """Without --audience the decision is made for everybody to see; the summary goes to standard error."""
    done = si_rules(*DECIDE, "-", "--on", "2015-11-04", "--format", "json", given=GOOD)
    assert done.returncode == 0
    (document,) = json.loads(done.stdout)
    assert document["audience"] == ["public"]
    assert document["classifications"]["category"]["status"] == "undetermined"
    assert done.stderr == "1 decided. category undetermined: 1, tier undetermined: 1\n"


@pytest.mark.parametrize("place", ["doncaster.school_improvement@2015-16", str(EDITION)])
def test_a_policy_is_named_by_edition_or_by_folder(place: str) -> None:
    """id@edition and a folder name the same policy and give the same bytes."""
    by_id = si_rules(*DECIDE, "-", "--on", "2015-11-04", "--format", "jsonl", given=GOOD)
    other = si_rules("decide", place, "-", "--on", "2015-11-04", "--format", "jsonl", given=GOOD)
    assert other.stdout == by_id.stdout != ""


def test_the_same_bytes_under_every_hash_seed() -> None:
    """JSON Lines of the fictional cohort are the same whatever PYTHONHASHSEED is."""
    evidence = (ROOT / "examples/01_fictional_cohort/evidence.jsonl").read_text(encoding="utf-8")
    given = "".join(evidence.splitlines(keepends=True)[:30])
    arguments = (*DECIDE, "-", "--on", "2015-11-04", "--format", "jsonl", "--explain", "--audience", "officers")
    outputs = {
        si_rules(*arguments, given=given, PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "2", "77", "random")
    }
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) == 30


def test_bad_records_are_refused_by_name_and_the_good_ones_decided() -> None:
    """Each refusal names line, record and field; the good records are decided; the exit code is 4."""
    lines = [
        ('{"urn": "1", "ks2": {"2013-14": {"rwm_level_4_plus": 104}}}', "line 1 (1), field ks2.2013-14.rwm_level_4_plus: 104 is not from 0 to 100"),
        ('{"urn": "2", "ks2": {"2013-14": {"rwm_level_4_plus": NaN}}}', "line 2 (2), field ks2.2013-14.rwm_level_4_plus:"),
        ('{"urn": "3", "ks2": {"2013-14": {"rwm_level_4_plus": 1e999999999}}}', "line 3 (3), field ks2.2013-14.rwm_level_4_plus: 1E+999999999 has more than"),
        ('{"urn": "4", "phase": 7}', "line 4 (4), field phase: '7' is not one of nursery"),
        ('{"urn": "5"}', None),
        ('{"urn": "5"}', "line 6 (5), field urn: this id stands in an earlier record"),
        ('{"phase": "primary"}', "line 7, field urn: is missing"),
        ('{"urn": "6", "fase": "primary"}', "line 8 (6), field fase: is not a field of the vocabulary"),
        ('{"urn": "7", "ks2": {"2013-14": {}, "2013-14": {}}}', "line 9 (7), field ks2.2013-14: is given twice"),
        ('{"urn": "8", "judgements": {"capacity": {"value": "splendid"}}}', "line 10 (8), field judgements.capacity: 'splendid' cannot stand here"),
        ("[1, 2]", "line 11: a record is an object"),
        ("not json", "line 12: not JSON"),
        ('{"urn": "9", "phase": {"absent": "because"}}', "line 13 (9), field phase: 'because' is no reason of absence"),
        ('{"urn": "10", "phase": {"none": true}}', "line 14 (10), field phase: cannot be none"),
    ]  # fmt: skip
    done = si_rules(*DECIDE, "-", "--on", "2015-11-04", "--format", "jsonl", given="\n".join(line for line, _ in lines))
    assert done.returncode == 4
    assert [json.loads(line)["subject"]["id"] for line in done.stdout.splitlines()] == ["5"]
    refusals = [line.removeprefix("refused: ") for line in done.stderr.splitlines() if line.startswith("refused: ")]
    wanted = [words for _, words in lines if words]
    assert len(refusals) == len(wanted)
    for refusal, words in zip(refusals, wanted, strict=True):
        assert refusal.startswith(words)


def test_a_list_of_records_is_read_as_well() -> None:
    """One JSON list, and one record over several lines, are read like JSON Lines."""
    listed = si_rules(*DECIDE, "-", "--on", "2015-11-04", "--format", "jsonl", given=f"[{GOOD}]")
    pretty = si_rules(
        *DECIDE, "-", "--on", "2015-11-04", "--format", "jsonl", given=json.dumps(json.loads(GOOD), indent=2)
    )
    assert listed.stdout == pretty.stdout != ""


def test_a_judgement_the_policy_does_not_declare_is_told() -> None:
    """A slip in the name of a judgement is not passed over in silence."""
    given = '{"urn": "1", "judgements": {"capcity": {"value": "good"}}}'
    done = si_rules(*DECIDE, "-", "--on", "2015-11-04", "--format", "jsonl", given=given)
    assert (
        "1 record with a judgement `capcity`, which the policy does not declare; did you mean `capacity`?"
        in done.stderr
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("decide", "doncaster.school_improvement", "-"), 2, "--on"),
        (("decide", "doncaster.school_improvement", "-", "--on", "04/11/2015"), 2, "year, month and day"),
        (("decide", "doncaster.school_improvement", "-", "--on", "2018-01-01"), 3, "in force from 2015-09-01 to 2016-08-31"),
        (("decide", "leeds.school_improvement", "-", "--on", "2015-11-04"), 3, "there is no policy leeds"),
        (("decide", "doncaster.school_improvement@1999", "-", "--on", "2015-11-04"), 3, "has no edition 1999"),
        (("decide", "nowhere/x.policy", "-", "--on", "2015-11-04"), 3, "no policy file or folder"),
        (("decide", "doncaster.school_improvement", "nowhere.jsonl", "--on", "2015-11-04"), 2, "no such file"),
        (("decide", "doncaster.school_improvement", "-", "--on", "2015-11-04", "--audience", "parents"), 2, "no audience 'parents'"),
        (("dicide",), 2, "Did you mean decide?"),
        (("check", "nowhere"), 2, "no file or folder"),
        (("test", "nowhere"), 2, "holds no scenario files"),
    ],
)  # fmt: skip
def test_a_wrong_call_ends_with_a_sentence_and_its_code(arguments: tuple[str, ...], code: int, words: str) -> None:
    """Wrong usage is 2, an unusable policy 3; the sentence says what is wrong."""
    done = si_rules(*arguments, given=GOOD)
    assert done.returncode == code
    assert words in done.stderr
    assert done.stdout == ""


def test_as_if_decides_outside_the_period_and_says_so() -> None:
    """With --as-if the decision is made and marked."""
    done = si_rules(*DECIDE, "-", "--on", "2018-01-01", "--as-if", given=GOOD)
    assert done.returncode == 0
    assert "this is what it would have said" in done.stdout


def test_the_shipped_policies_check() -> None:
    """`check` finds nothing in what comes with the library, and ends with 0."""
    checked = si_rules("check", str(shipped.policies_folder()))
    assert (checked.returncode, checked.stdout) == (0, "32 files checked, nothing wrong\n")


def test_a_scenario_not_met_is_a_finding(tmp_path: Path) -> None:
    """An expectation that is not met is shown on its line with what came instead, and ends with 1."""
    for path in EDITION.glob("*.policy"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = 'scenarios for doncaster.school_improvement 2015-16\n  on 2015-11-04\n\nscenario "x"\n  given\n    phase is infant\n  expect\n    category is 1\n'
    (tmp_path / "x.scenarios").write_text(text, encoding="utf-8")
    done = si_rules("test", str(tmp_path))
    assert done.returncode == 1
    assert "x.scenarios:8:5" in done.stderr
    assert "category is undetermined, between 1 and 2 and 3 and 4 and 5 and unmatched" in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        b"", b"\xff\xfe\x00p", b"policy " + b"x" * 1_000_000, b"fact a \"x\"\n  holds when " + b"(" * 10_000 + b")" * 10_000,
        b"policy a.b\n\ttitle x\n", b"\x00" * 1000, b"\n".join(b'fact f "x"' for _ in range(5000)),
        b"policy a.b\n" + b"  title \"x\"\n" * 3000, b'fact a "x"\n  holds when all of\n' + b"".join(b" " * (4 + 2 * i) + b"- all of\n" for i in range(200)),
    ],
    ids=["empty", "not UTF-8", "a megabyte on one line", "ten thousand brackets", "a tab", "zeros", "five thousand of one name",
         "three thousand titles", "two hundred lists deep"],
)  # fmt: skip
def test_a_hostile_policy_is_answered_soon_with_findings(tmp_path: Path, text: bytes) -> None:
    """Hostile policies draw findings, never a traceback, well within seconds and half a gigabyte."""
    path = tmp_path / "bad.policy"
    path.write_bytes(text)
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))\n"
    code = (
        limit
        + f"sys.argv = ['si-rules', 'check', {str(path)!r}]\nfrom si_rules.interfaces.cli.main import main\nmain()"
    )
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert done.returncode == 3, done.stderr.decode()[-500:]
    assert b"Traceback" not in done.stderr
    assert b"error SI" in done.stderr
    assert time.monotonic() - start < 20  # far above what it takes: a guard against running away, no measurement


def test_check_gives_its_findings_as_json(tmp_path: Path) -> None:
    """--format json gives each finding with code, place and remedy."""
    path = tmp_path / "a.policy"
    path.write_text('fact a "x"\n  hold when b is yes\n', encoding="utf-8")
    done = si_rules("check", str(path), "--format", "json")
    first = json.loads(done.stdout)[0]
    assert done.returncode == 3
    assert {"code", "severity", "message", "help", "file", "line", "column", "end_line", "end_column"} == set(first)


def test_help_loads_no_command() -> None:
    """`--help` lists every command without importing one, so it stays quick."""
    code = "import sys; sys.argv = ['si-rules', '--help']\nfrom si_rules.interfaces.cli.main import main\ntry:\n    main()\nexcept SystemExit:\n    pass\nprint(sorted(m for m in sys.modules if m.startswith('si_rules.') and 'cli.' not in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "['si_rules._version', 'si_rules.interfaces', 'si_rules.interfaces.cli']" in done.stdout
    for name in ("decide", "check", "test", "import-tables", "policies"):
        assert f"  {name}" in done.stdout


def test_importing_the_package_loads_nothing_heavy() -> None:
    """`import si_rules` brings in neither lark nor pydantic; a first decision from a kept core does without lark."""
    code = (
        "import sys, si_rules; print([m for m in ('lark', 'pydantic', 'attrs', 'click', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_output_that_cannot_be_written_is_told_in_a_sentence() -> None:
    """A full disk ends the command with a sentence and a code of its own, not with a traceback."""
    command = [sys.executable, "-m", "si_rules", *DECIDE, "-", "--on", "2015-11-04"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, input=GOOD.encode(), stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"the output cannot be written: no space left on device" in done.stderr


def test_a_part_of_an_edition_by_itself_is_sent_to_its_folder() -> None:
    """A file that is part of an edition names the folder as the remedy."""
    done = si_rules("decide", str(EDITION / "triggers.policy"), "-", "--on", "2015-11-04", given=GOOD)
    assert done.returncode == 3
    assert "name the folder in which all of it stands" in done.stderr


def test_a_code_is_explained_with_an_example() -> None:
    """`explain` says what a code means, why, and shows it wrong and right; small letters and the figure alone do too."""
    done = si_rules("explain", "SI206")
    assert done.returncode == 0
    assert done.stdout.startswith("SI206: ")
    assert "Why it matters." in done.stdout
    wrong, _, right = done.stdout.partition("Wrong:")[2].partition("Right:")
    assert "<" in wrong
    assert "<" not in right
    assert si_rules("explain", "si206").stdout == si_rules("explain", "206").stdout == done.stdout


def test_a_code_that_there_is_not_ends_with_the_nearest() -> None:
    """`explain` of an unknown code names the nearest ones and ends with 2; without a code it lists all."""
    done = si_rules("explain", "SI5O1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "SI501" in done.stderr
    listed = si_rules("explain")
    assert listed.returncode == 0
    assert "SI101" in listed.stdout
    assert "SI710" in listed.stdout


# ---- cohorts

BUSES = {
    "bus.vocabulary": 'vocabulary bus 1\n  subject stop, plural stops\n  identified by name\n\naudience public "everybody"\n\nunit riders "riders"\n\nevidence riders "riders a day"\n  riders between 0 and 500\n',
    "bus.policy": 'policy town.buses\n  title "Bus stops"\n  edition 2025-26\n  in force 2025-04-01 to 2026-03-31\n  vocabulary bus 1\n\nLEGEND\nsource S "S"\n\nfigure place "the place by riders" : number\n  cites S "1"\n  over every stop\n  is the rank by riders, lowest first\n\ntrigger lowest "among the three lowest"\n  cites S "2"\n  holds when place is at most 3\n\nevidence riders "riders a day"\n  riders between 0 and 500\n',
}
THREE = '{"name": "A", "riders": 20}\n{"name": "B", "riders": 30}\n{"name": "C", "riders": 40}\n'


@pytest.fixture
def buses(tmp_path: Path) -> Path:
    """A policy with a figure over a cohort, and a vocabulary of its own."""
    legend = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND)
    for name, text in BUSES.items():
        (tmp_path / name).write_text(text.replace("LEGEND\n", legend), encoding="utf-8")
    return tmp_path


def decide_buses(buses: Path, cohort: str | None, evidence: str = THREE, **options: str) -> Any:
    more = [part for name, value in options.items() for part in (f"--{name}", value)]
    if cohort is not None:
        (buses / "all.jsonl").write_text(cohort, encoding="utf-8")
        more += ["--cohort", str(buses / "all.jsonl")]
    return si_rules("decide", str(buses), "-", "--on", "2025-11-03", *more, given=evidence)


def test_the_cohort_stands_in_the_head_of_the_decision(buses: Path) -> None:
    """A decision names its cohort and says how many are in it."""
    done = decide_buses(buses, THREE)
    assert done.returncode == 0
    assert done.stdout.count("\nFigures are over all: 3 stops.\n") == 3
    assert "the place by riders: 2 [S 1]" in done.stdout


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ('{"name": "D", "riders": 5000}', "line 4 (D), field riders: 5000 is not from 0 to 500 riders"),
        ('{"name": "D", "rider": 5}', "line 4 (D), field rider: is not a field of the vocabulary"),
        ('{"name": "D", "riders": 1.5}', "line 4 (D), field riders: 1.5 is not a whole number"),
        ("not json", "line 4: not JSON"),
    ],
)
def test_a_member_that_cannot_be_read_leaves_figures_between_limits(buses: Path, bad: str, why: str) -> None:
    """Whatever is wrong with it, it is told once, of the cohort; every subject is decided, and figures are ranges."""
    done = decide_buses(buses, THREE + bad + "\n")
    assert done.returncode == 4
    assert done.stderr.count("refused, in the cohort: ") == done.stderr.count("refused: line") + 1 == 1
    assert f"refused, in the cohort: {why}" in done.stderr
    assert done.stderr.endswith("3 decided; of the cohort, 1 record refused.\n")
    assert (
        "Figures are over all: 3 stops. 1 more could not be read: figures are known between limits only." in done.stdout
    )
    places = [line.partition(": not known: ")[2] for line in done.stdout.splitlines() if ": not known: " in line]
    assert places == ["from 1 to 2 [S 1]", "from 2 to 3 [S 1]", "from 3 to 4 [S 1]"]
    assert [line.strip() for line in done.stdout.splitlines() if "among the three" in line] == [
        "- holds: among the three lowest [S 2]",
        "- holds: among the three lowest [S 2]",
        "- not known: among the three lowest [S 2]",
    ]


@pytest.mark.parametrize(
    ("cohort", "why"),
    [
        ("", "it holds no members"),
        ("[]", "it holds no members"),
        ('{"nome": "A"}\n', "none of its members could be read"),
    ],
)
def test_a_cohort_without_members_decides_nothing(buses: Path, cohort: str, why: str) -> None:
    """The wrong file, or an export that failed, is wrong usage: nobody is the lowest of nobody."""
    done = decide_buses(buses, cohort)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"all.jsonl is no cohort: {why}\n" in done.stderr


def test_a_subject_that_is_not_in_its_cohort_is_said_to_be_so(buses: Path) -> None:
    """The text and the JSON say that figures were made without it; of those who are members they do not."""
    others = '{"name": "B", "riders": 30}\n{"name": "C", "riders": 40}\n'
    text = decide_buses(buses, others).stdout
    assert text.count("Figures are over all: 2 stops. The stop decided about is not among them.\n") == 1
    lines = decide_buses(buses, others, format="jsonl").stdout.splitlines()
    assert [json.loads(line)["cohort"]["has_subject"] for line in lines] == [False, True, True]


def test_without_a_cohort_the_decision_says_so(buses: Path) -> None:
    """The head of the decision says that no figure is known, and standard error how to give a cohort."""
    done = decide_buses(buses, None)
    assert done.returncode == 0
    assert "No cohort was given: no figure over all stops is known.\n" in done.stdout
    assert "note: the policy has figures over all stops; --cohort FILE gives these\n" in done.stderr


def test_a_heading_that_is_refused_is_no_member(buses: Path) -> None:
    """A column nobody knows is told; where nothing stands in it every member is read, and figures are known."""
    (buses / "all.csv").write_text("name,riders,colour\nA,20,\nB,30,\nC,40,\n", encoding="utf-8")
    done = si_rules("decide", str(buses), "-", "--on", "2025-11-03", "--cohort", str(buses / "all.csv"), given=THREE)
    assert "refused, in the cohort: line 1, field colour: " in done.stderr
    assert done.stdout.count("Figures are over all: 3 stops.\n") == 3


# ---- what a mistake draws


def test_a_mistake_in_a_vocabulary_is_told_once(buses: Path) -> None:
    """However many policies speak of it, and use each other: one finding, at its line of the vocabulary."""
    for name, more in (("one", ""), ("two", "  uses town.one\n")):
        text = (buses / "bus.policy").read_text(encoding="utf-8").replace("town.buses", f"town.{name}")
        (buses / name).mkdir()
        text = text.replace("vocabulary bus 1\n", f"vocabulary bus 1\n{more}")
        (buses / name / "it.policy").write_text(text, encoding="utf-8")
    (buses / "bus.policy").unlink()
    assert si_rules("check", str(buses)).returncode == 0
    vocabulary = (buses / "bus.vocabulary").read_text(encoding="utf-8")
    (buses / "bus.vocabulary").write_text(vocabulary.replace("riders between", "rider between"), encoding="utf-8")
    done = si_rules("check", str(buses))
    assert done.returncode == 3
    assert re.findall(r"^error (\w+)", done.stdout + done.stderr, re.M) == ["SI301"]
    assert "bus.vocabulary:" in done.stdout + done.stderr


def test_a_copy_left_in_the_folder_is_one_finding(buses: Path) -> None:
    """That all of it is declared twice is the consequence of one thing, which is told with both places."""
    (buses / "bus (copy).policy").write_bytes((buses / "bus.policy").read_bytes())
    done = si_rules("check", str(buses))
    told = done.stdout + done.stderr
    assert done.returncode == 3
    assert re.findall(r"^error (\w+)", told, re.M) == ["SI601"]
    assert "bus.policy:1" in told
    assert "bus (copy).policy:1" in told


@pytest.mark.parametrize(
    ("command", "file", "words"),
    [("check", "x.scenarios", "which are run: si-rules test "), ("test", "bus.policy", "to check it: si-rules check ")],
)
def test_the_other_sort_of_file_is_sent_to_its_command(buses: Path, command: str, file: str, words: str) -> None:
    """Scenarios are no policy, and a policy no scenarios: a sentence says which command takes it."""
    (buses / "x.scenarios").write_text("scenarios for town.buses 2025-26\n  on 2025-11-03\n", encoding="utf-8")
    done = si_rules(command, str(buses / file))
    assert (done.returncode, done.stdout) == (2, "")
    assert words + str(buses / file) in done.stderr
