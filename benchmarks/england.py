"""All England decided from CSV to CSV by the command line: time, peak memory, and the same rows again.

The evidence is that of the published tables where SI_RULES_REAL_DATA names their folder, else as many invented schools
with results of the same years. In an ordinary run a part of them is decided and the time is scaled.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from benchmarks.timing import Row, row
from si_rules import SchoolEvidence
from si_rules.evidence.sheets.flattening import Table
from si_rules.evidence.sheets.writing import bytes_of
from si_rules.evidence.tables.importing import Import
from si_rules.evidence.tables.map_reading import bundled_maps

POLICY: Final = "england.accountability"
DATES: Final = (date(2017, 2, 15), date(2018, 2, 15), date(2019, 2, 15))
PUBLISHED: Final = "schools_2018.csv"
TABLES: Final = (PUBLISHED, "ks2_201[678].csv", "ks4_201[678].csv")
INVENTED: Final = 19_700  # as many as the tables have schools with results
PART: Final = 20  # one school in so many, in an ordinary run
# The command, and at its end on standard error the most memory it had. Where the system has no such file, the
# figure of `getrusage` may hold that of the process which started this one.
COMMAND: Final = """
import pathlib, sys
from si_rules.interfaces.cli.main import main
try:
    main()
finally:
    status = pathlib.Path("/proc/self/status")
    if status.is_file():
        found = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        most = int(found.split()[1]) * 1024
    else:
        import resource
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(most, file=sys.stderr)
"""


@frozen
class Taken:
    """What a run of the command took: seconds, the most memory in bytes, and what it wrote."""

    seconds: float
    most: int
    written: bytes


def tables() -> Path | None:
    """The folder of the published tables, None where there is none."""
    named = os.environ.get("SI_RULES_REAL_DATA")
    folder = Path(named) if named else None
    return folder if folder is not None and (folder / PUBLISHED).is_file() else None


def schools(one_in: int, most: int | None = None) -> Iterator[SchoolEvidence]:
    """Evidence of one school in so many: those of the tables that have results, else invented ones."""
    folder = tables()
    count = 0
    for number, record in enumerate(_invented() if folder is None else _published(folder, one_in)):
        if (folder is None and number % one_in) or not (record.ks2 or record.ks4):
            continue
        if most is not None and count >= most:
            return
        count += 1
        yield record


def _published(folder: Path, one_in: int) -> Iterator[SchoolEvidence]:
    with tempfile.TemporaryDirectory() as cut:
        for path in sorted(item for pattern in TABLES for item in folder.glob(pattern)):
            _cut(path, Path(cut) / path.name, one_in)
        running = Import(Path(cut), bundled_maps(), "all", DATES[-1], every_school=True)
        running.read()
        for record in running.records():
            yield record.model_copy(update={"provenance": {}, "inspections": None})


def _cut(table: Path, to: Path, one_in: int) -> None:
    """A table with the rows of one school in so many."""
    with table.open(encoding="utf-8-sig", newline="") as stream, to.open("w", encoding="utf-8", newline="") as target:
        reader = csv.DictReader(stream)
        writer = csv.DictWriter(target, reader.fieldnames or [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(found for found in reader if found["URN"].isdigit() and int(found["URN"]) % one_in == 0)


def _invented(count: int = INVENTED, seed: int = 9) -> Iterator[SchoolEvidence]:
    chance = random.Random(seed)
    for number in range(count):
        ks2: dict[str, Any] = {}
        for year in ("2015-16", "2016-17", "2017-18"):
            scores: dict[str, Any] = {}
            for subject in ("reading", "writing", "mathematics"):
                scores[f"{subject}_progress_score"] = str(round(chance.gauss(0, 3), 1))
                scores[f"{subject}_progress_upper"] = str(round(float(scores[f"{subject}_progress_score"]) + 2, 1))
            attainment = {
                "eligible_pupils": chance.randrange(5, 90),
                "rwm_expected_standard": chance.randrange(30, 100),
            }
            ks2[year] = attainment | scores
            if chance.random() < 0.1:
                ks2[year]["rwm_expected_standard"] = {"absent": "suppressed"}
        yield SchoolEvidence.model_validate({"urn": str(900_000 + number), "phase": "primary", "legal_type": "community", "ks2": ks2})  # fmt: skip


def evidence_file(path: Path, one_in: int, most: int | None = None) -> int:
    """Write the evidence as CSV; how many schools it holds."""
    table = Table()
    for record in schools(one_in, most):
        table.add(record)
    path.write_bytes(bytes_of(table, ".csv", "evidence"))
    return len(table.rows)


def decide(evidence: Path, on: date) -> Taken:
    """Run the command on a file of evidence. Raises CalledProcessError where it fails."""
    asked = ["decide", POLICY, str(evidence), "--on", str(on), "--format", "csv"]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as told:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", COMMAND, *asked], stdout=output, stderr=told, check=True)
        taken = time.perf_counter() - start
        output.seek(0)
        told.seek(0)
        return Taken(taken, int(told.read().splitlines()[-1]), output.read())


def england(one_in: int = PART, dates: tuple[date, ...] = DATES, most: int | None = None,
            starts: int = 2) -> list[Row]:  # fmt: skip
    """The rows: minutes for all schools on every date, and the most memory of a run. Raises where two runs differ."""
    with tempfile.TemporaryDirectory() as folder:
        part, first = Path(folder) / "evidence.csv", Path(folder) / "first.csv"
        count = evidence_file(part, one_in, most)
        lines = part.read_bytes().splitlines(keepends=True)
        first.write_bytes(b"".join(lines[:2]))
        decide(first, dates[-1])  # what is kept between runs is there for all that are timed
        starting = min(decide(first, dates[-1]).seconds for _ in range(starts))
        runs = [decide(part, on) for on in dates]
        if decide(first, dates[-1]).written.splitlines()[:2] != runs[-1].written.splitlines()[:2]:
            raise AssertionError("the first school is not decided the same by itself")
        for run in runs:
            if len(run.written.splitlines()) != count + 1:
                raise AssertionError(f"{count} schools, {len(run.written.splitlines()) - 1} rows")
    # of a handful of schools the difference is within the noise: never below a hundredth of the whole
    taken = [max(run.seconds - starting, run.seconds / 100) for run in runs]
    minutes = sum(starting + longer * one_in for longer in taken) / 60
    where = "the published tables" if tables() is not None else "invented schools"
    scaled = "" if one_in == 1 else f", scaled from {count:,} of them"
    note = f"{count * one_in:,} schools of {where} on {len(dates)} dates, CSV to CSV, one process{scaled}"
    per_second = sum(count / longer for longer in taken) / len(runs)
    memory = max(run.most for run in runs)
    return [
        row("england_minutes", minutes, "min", note=note),
        row("england_schools_per_second", per_second, "schools/s", note="read, decided and written"),
        row("england_peak_mb", memory / 1e6, "MB", note=f"of the process, on {count:,} schools"),
    ]
