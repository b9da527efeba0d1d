"""Decisions a second over the fictional cohort under the Doncaster policy, and records a second of a ledger."""

import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.timing import ROOT, Row, row, seconds
from si_rules import Ledger, PolicyLibrary, SchoolEvidence

ON = date(2015, 11, 4)
KEPT = 500  # records of a ledger


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


def keeping(count: int = KEPT, rounds: int = 9) -> list[Row]:
    """Records a second of a ledger: recorded 100 at a time, explained for their digests; verified; decided again."""
    lines = (ROOT / "examples" / "01_fictional_cohort" / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    schools = [
        SchoolEvidence.model_validate_json(lines[n % len(lines)]).model_copy(update={"urn": str(100000 + n)})
        for n in range(count)
    ]
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)
    start = time.perf_counter()
    decisions = list(policy.decide_many(schools, on=ON))
    decided = count / (time.perf_counter() - start)
    with tempfile.TemporaryDirectory() as folder, Ledger.open(Path(folder) / "bench.db") as ledger:
        batches = [decisions[first : first + 100] for first in range(0, count, 100)]
        recorded = count / seconds(lambda: [ledger.record_many(batch) for batch in batches])
        verified = count / statistics.median(seconds(ledger.verify) for _ in range(rounds))
        replayed = count / seconds(lambda: [ledger.replay(entry.id) for entry in list(ledger.records())])
    versus = "ledger_decided_per_second"
    return [
        row(versus, decided, "decisions/s"),
        row("ledger_recorded_per_second", recorded, "records/s", versus, decided),
        row("ledger_verified_per_second", verified, "records/s", versus, decided),
        row("ledger_replayed_per_second", replayed, "records/s", versus, decided),
    ]
