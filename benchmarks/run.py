"""Measures how long the library takes, and writes `build/bench.json`.

A list of `{"name", "value", "unit", "versus", "ratio"}`. Fresh processes are timed in turns with what
they are held against, so that a slow moment of the machine falls on both; medians are given. The
ratios, not the milliseconds, may be compared between machines.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
EDITION = ROOT / "policies" / "doncaster" / "school_improvement" / "2015-16"
ROUNDS = 9
MANY = 10_000  # cases
KEPT = 500  # records of a ledger
PLAIN = '{"urn": "990001", "phase": "primary"}'

LOAD = """
import sys, time
import si_rules.policy, si_rules.decisions.deciding
if sys.argv[1] != "core":
    import lark, si_rules.syntax.parsing, si_rules.semantics.elaboration
start = time.perf_counter()
from si_rules.policy import PolicyLibrary
PolicyLibrary.bundled().edition("doncaster.school_improvement", "2015-16")
print(time.perf_counter() - start)
"""


def process(*arguments: str, cache: str | None = None, given: str = "") -> float:
    """Seconds of a fresh process, from its start to its end."""
    environment = dict(os.environ) if cache is None else {**os.environ, "SI_RULES_CACHE": cache}
    start = time.perf_counter()
    subprocess.run(arguments, input=given.encode(), capture_output=True, check=True, env=environment)
    return time.perf_counter() - start


def seconds(work: Callable[[], object]) -> float:
    """Seconds that some work takes in this process."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def told(*arguments: str, cache: str) -> float:
    """Seconds that a fresh process measured itself and printed."""
    environment = {**os.environ, "SI_RULES_CACHE": cache}
    done = subprocess.run(arguments, capture_output=True, check=True, env=environment, text=True)
    return float(done.stdout)


def in_turns(*measures):
    """Medians of several measures, taken in turns."""
    rounds = [[measure() for measure in measures] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def row(name: str, value: float, unit: str, versus: str | None = None, other: float | None = None) -> dict[str, object]:
    """A row of the results."""
    ratio = None if not other else round(value / other, 3)
    return {"name": name, "value": round(value, 4), "unit": unit, "versus": versus, "ratio": ratio}


def starting() -> list[dict[str, object]]:
    """How soon a process is ready, against importing what the library is built on."""
    python = sys.executable
    bare, dependencies, own, version = in_turns(
        lambda: process(python, "-c", "pass"),
        lambda: process(python, "-c", "import lark, pydantic, attrs"),
        lambda: process(python, "-c", "import si_rules"),
        lambda: process(python, "-m", "si_rules", "--version"),
    )
    versus = "import lark, pydantic, attrs"
    decide = [python, "-m", "si_rules", "decide", "doncaster.school_improvement", "-", "--on", "2015-11-04"]
    process(*decide, given=PLAIN)
    (first,) = in_turns(lambda: process(*decide, given=PLAIN))
    return [
        row("process_bare_ms", bare * 1000, "ms", versus, dependencies * 1000),
        row("process_import_ms", own * 1000, "ms", versus, dependencies * 1000),
        row("process_version_ms", version * 1000, "ms", versus, dependencies * 1000),
        row("process_first_decision_ms", first * 1000, "ms", versus, dependencies * 1000),
    ]


def loading() -> list[dict[str, object]]:
    """Loading the Doncaster policy, modules imported: nothing kept, the grammar kept, the core kept."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as grammar, tempfile.TemporaryDirectory() as core:
        told(python, "-c", LOAD, "core", cache=core)
        told(python, "-c", LOAD, "grammar", cache=grammar)

        def grammar_kept() -> float:
            for kept in Path(grammar).glob("core-*"):
                kept.unlink()
            return told(python, "-c", LOAD, "grammar", cache=grammar)

        cold, warm, kept = in_turns(
            lambda: told(python, "-c", LOAD, "cold", cache=""),
            grammar_kept,
            lambda: told(python, "-c", LOAD, "core", cache=core),
        )
    return [
        row("load_cold_ms", cold * 1000, "ms"),
        row("load_grammar_cached_ms", warm * 1000, "ms", "load_cold_ms", cold * 1000),
        row("load_core_cached_ms", kept * 1000, "ms", "load_cold_ms", cold * 1000),
    ]


EXTRA = """
judgement extra_{n} "something further to judge, number {n}"
  yes or no
  cites SIS "page {n}"

fact extra_fact_{n} "it is judged so, and the school is good or better"  # number {n}
  cites SIS "page {n}"
  holds when all of
    - judgement extra_{n} is yes
    - latest inspection.grade is good or better
"""


def long_policy() -> str:
    """The Doncaster policy, with judgements and facts added until it has 3,000 lines."""
    text = "".join((EDITION / name).read_text(encoding="utf-8") for name in ("categories.policy", "triggers.policy"))
    n = 0
    while text.count("\n") < 3000:
        n += 1
        text += EXTRA.format(n=n)
    head, _, rest = text.partition("part of doncaster")
    return head + rest[rest.index("results attendance") :]  # one file: one header and one legend


def reading() -> list[dict[str, object]]:
    """Lines of a policy of 3,000 lines a second: parsed to the tree, checked, and laid out; the parser ready."""
    from datetime import date

    from si_rules import PolicyLibrary
    from si_rules.pipeline import load
    from si_rules.source.screening import read_source
    from si_rules.syntax.formatting import lay_out
    from si_rules.syntax.parsing import parse_file

    data = long_policy().encode()
    source, _ = read_source("bench.policy", data)
    vocabulary = ("school.vocabulary", (ROOT / "policies" / "vocabularies" / "school.vocabulary").read_bytes())
    floors = PolicyLibrary.bundled().in_force("england.accountability", on=date(2015, 11, 4))
    used = [(floors.core, floors.digest)]
    loaded = load({"bench.policy": data}, vocabulary, keep=False, used=used)
    errors = [item for item in loaded.diagnostics if item.is_error]
    if errors:
        raise SystemExit(f"the policy to measure with is faulty: {errors[0].message}")
    lines = source.text.count("\n")
    parse, check, layout = in_turns(
        lambda: seconds(lambda: parse_file(source)),
        lambda: seconds(lambda: load({"bench.policy": data}, vocabulary, keep=False, used=used)),
        lambda: seconds(lambda: lay_out(source, "policy")),
    )
    versus = "parse_lines_per_second"
    return [
        row(versus, lines / parse, "lines/s"),
        row("check_lines_per_second", lines / check, "lines/s", versus, lines / parse),
        row("format_lines_per_second", lines / layout, "lines/s", versus, lines / parse),
    ]


def deciding() -> list[dict[str, object]]:
    """Decisions a second over the fictional cohort, exact outcomes and needs included, and as JSON text."""
    from datetime import date

    from si_rules import PolicyLibrary, SchoolEvidence

    text = (ROOT / "examples" / "01_fictional_cohort" / "evidence.jsonl").read_text(encoding="utf-8")
    schools = [SchoolEvidence.model_validate_json(line) for line in text.splitlines()]
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=date(2015, 11, 4))
    plain, printed = [], []
    for _ in range(3):
        start = time.perf_counter()
        decisions = list(policy.decide_many(schools, on=date(2015, 11, 4)))
        plain.append(time.perf_counter() - start)
        for decision in decisions:
            decision.to_json(indent=None)
        printed.append(time.perf_counter() - start)
    one, two = (len(schools) / statistics.median(found) for found in (plain, printed))
    return [
        row("decisions_per_second", one, "decisions/s"),
        row("decisions_as_json_per_second", two, "decisions/s", "decisions_per_second", one),
    ]


def keeping() -> list[dict[str, object]]:
    """Records a second of a ledger: recorded 100 at a time, explained for their digests; verified; decided again."""
    from datetime import date

    from si_rules import Ledger, PolicyLibrary, SchoolEvidence

    on = date(2015, 11, 4)
    lines = (ROOT / "examples" / "01_fictional_cohort" / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    schools = [
        SchoolEvidence.model_validate_json(lines[n % len(lines)]).model_copy(update={"urn": str(100000 + n)})
        for n in range(KEPT)
    ]
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=on)
    start = time.perf_counter()
    decisions = list(policy.decide_many(schools, on=on))
    decided = KEPT / (time.perf_counter() - start)
    with tempfile.TemporaryDirectory() as folder, Ledger.open(Path(folder) / "bench.db") as ledger:
        batches = [decisions[first : first + 100] for first in range(0, KEPT, 100)]
        recorded = KEPT / seconds(lambda: [ledger.record_many(batch) for batch in batches])
        verified = KEPT / statistics.median(seconds(ledger.verify) for _ in range(ROUNDS))
        replayed = KEPT / seconds(lambda: [ledger.replay(entry.id) for entry in list(ledger.records())])
    versus = "ledger_decided_per_second"
    return [
        row(versus, decided, "decisions/s"),
        row("ledger_recorded_per_second", recorded, "records/s", versus, decided),
        row("ledger_verified_per_second", verified, "records/s", versus, decided),
        row("ledger_replayed_per_second", replayed, "records/s", versus, decided),
    ]


IN_TURN = ("documents_provided", "concern_meeting", "meeting_report_uploaded", "committee_meeting", "committee_minuted")


def history(length: int, number: int = 0) -> dict[str, object]:
    """The history of a school of concern with so many events, a week apart; `number` tells cases apart."""
    from datetime import date, timedelta

    start = date(2015, 9, 7) + timedelta(days=number % 7)
    first = ((0, "identified"), (1, "notified"), (14, "action_plan_agreed"), (150, "warning_letter"))
    events = [{"event": name, "date": str(start + timedelta(days=day))} for day, name in first]
    for place in range(length - len(first)):
        name = IN_TURN[place % len(IN_TURN)]
        judged = {"progress": "insufficient", "sustained": "yes" if (place + number) % 10 > 5 else "no"}
        day = start + timedelta(days=18 + place * 7 + number % 5)
        events.append({"event": name, "date": str(day), **(judged if name == "concern_meeting" else {})})
    return {"subject": str(100000 + number), "events": events}


def following() -> list[dict[str, object]]:
    """One case of 40 events again and again, and many different ones of 20, each with evidence, forecast included."""
    from datetime import date

    from si_rules import History, PolicyLibrary, SchoolEvidence

    library, on = PolicyLibrary.bundled(), date(2016, 7, 1)

    def follow(case: History) -> None:
        school = SchoolEvidence(urn=case.subject, phase="primary", legal_type="community")
        library.follow("doncaster.school_improvement", case, on=on, evidence=school)

    one = History.model_validate(history(40))
    follow(one)
    longest = statistics.median(seconds(lambda: follow(one)) for _ in range(5 * ROUNDS))
    cases = [History.model_validate(history(20, number)) for number in range(MANY)]
    many = seconds(lambda: [follow(case) for case in cases])
    return [
        row("case_40_events_ms", longest * 1000, "ms"),
        row("cases_10000_seconds", many, "s"),
        row("case_20_events_ms", many / MANY * 1000, "ms", "case_40_events_ms", longest * 1000),
    ]


def main() -> None:
    """Measure everything, print it and write it."""
    results = [*starting(), *loading(), *reading(), *deciding(), *keeping(), *following()]
    BUILD.mkdir(exist_ok=True)
    (BUILD / "bench.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    for item in results:
        held = f"  {item['ratio']} of {item['versus']}" if item["ratio"] is not None else ""
        print(f"{item['name']:<32} {item['value']:>12,.1f} {item['unit']}{held}")


if __name__ == "__main__":
    main()
