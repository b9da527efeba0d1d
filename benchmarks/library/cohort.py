"""Decisions a second over the fictional cohort under the Doncaster policy, and records a second of a ledger."""

import statistics
import tempfile
import time
from datetime import date
from itertools import islice
from pathlib import Path

from benchmarks.timing import ROOT, Row, row, seconds
from si_rules import Ledger, PolicyLibrary, SchoolEvidence

ON = date(2015, 11, 4)
RECORDS = 22_000  # of a ledger
DIFFERENT = 1_000  # decisions in it


def deciding(most: int = 130, rounds: int = 3) -> list[Row]:
    """Decisions a second over the fictional cohort, exact outcomes and needs included, and as JSON text."""
    text = (ROOT / "examples" / "01_fictional_cohort" / "evidence.jsonl").read_text(encoding="utf-8")
    schools = [SchoolEvidence.model_validate_json(line) for line in text.splitlines()[:most]]
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)
    plain, printed = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        decisions = list(policy.decide_many(schools, on=ON))
        plain.append(time.perf_counter() - start)
        for decision in decisions:
            decision.to_json(indent=None)
        printed.append(time.perf_counter() - start)
    one, two = (len(schools) / statistics.median(found) for found in (plain, printed))
    return [
        row("decisions_per_second", one, "decisions/s"),
        row("decisions_as_json_per_second", two, "decisions/s", "decisions_per_second", one),
    ]


def keeping(records: int = RECORDS, different: int = DIFFERENT, rounds: int = 3) -> list[Row]:
    """A ledger as large as the schools of England: recorded 100 at a time, verified, and some of it decided again.

    So many `different` decisions are taken, by subjects of their own, and each is recorded again until there are so many
    `records`; the evidence of each is kept once.
    """
    lines = (ROOT / "examples" / "01_fictional_cohort" / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    schools = [
        SchoolEvidence.model_validate_json(lines[n % len(lines)]).model_copy(update={"urn": str(100000 + n)})
        for n in range(different)
    ]
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)
    start = time.perf_counter()
    decisions = list(policy.decide_many(schools, on=ON))
    decided = different / (time.perf_counter() - start)
    with tempfile.TemporaryDirectory() as folder, Ledger.open(Path(folder) / "bench.db") as ledger:
        kept = [decisions[n % different] for n in range(records)]
        batches = [kept[first : first + 100] for first in range(0, records, 100)]
        recorded = records / seconds(lambda: [ledger.record_many(batch) for batch in batches])
        verified = statistics.median(seconds(ledger.verify) for _ in range(rounds))
        again = [entry.id for entry in islice(ledger.records(), different)]
        replayed = different / seconds(lambda: [ledger.replay(entry) for entry in again])
    versus = "ledger_decided_per_second"
    note = f"{records} records of {different} decisions"
    return [
        row(versus, decided, "decisions/s"),
        row("ledger_recorded_per_second", recorded, "records/s", versus, decided, note=note),
        row("ledger_verify_seconds", verified, "s", note=note),
        row("ledger_replayed_per_second", replayed, "records/s", versus, decided, note=f"{different} of them"),
    ]
