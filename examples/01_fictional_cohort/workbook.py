"""Judges the fictional schools by workbook, as officers would: asks, fills in what is invented, and decides again."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from generate import evidence_text
from openpyxl import load_workbook

ON = "2015-11-04"
POLICY = "doncaster.school_improvement"


def main(folder: Path) -> None:
    """Write the workbook, the filled in one, and the decisions with it, into a folder; say how it went."""
    folder.mkdir(parents=True, exist_ok=True)
    schools = [json.loads(line) for line in evidence_text().splitlines()]
    judged = {school["urn"]: school.get("judgements", {}) for school in schools}
    bare = folder / "without-judgements.jsonl"
    bare.write_text("".join(json.dumps({**school, "judgements": {}}) + "\n" for school in schools), encoding="utf-8")
    book, filled = folder / "judgements.xlsx", folder / "judgements-filled.xlsx"
    said = si_rules("judgements", POLICY, str(bare), "--to-xlsx", str(book), "--replace").stderr
    rows = fill_in(book, filled, judged)
    decided = outcomes(str(bare), "--judgements", str(filled))
    as_generated = outcomes(str(folder / "generated.jsonl"), given=evidence_text())
    differing = [urn for urn in as_generated if decided[urn] != as_generated[urn]]
    print(f"Judged by workbook: {said.strip().splitlines()[-1]}.")
    print(f"{rows} answers filled in. {len(decided) - len(differing)} of {len(decided)} schools come out as with all "
          "that was judged.")  # fmt: skip
    if differing:
        sys.exit(f"a judgement that was not asked mattered: {', '.join(differing)}")


def fill_in(book: Path, filled: Path, judged: dict[str, Any]) -> int:
    """Fill in the sheet with what is invented, and save it as another file; how many rows were filled in."""
    workbook = load_workbook(book)
    sheet = workbook["judgements"]
    place = {cell.value: cell.column for cell in sheet[1]}
    rows = 0
    for row in range(2, sheet.max_row + 1):
        urn, name = (str(sheet.cell(row, place[heading]).value) for heading in ("urn", "judgement"))
        found = judged[urn].get(name)
        if found is None or not isinstance(found.get("value"), str | bool):
            continue  # nobody judged it, or nobody agrees on it
        for heading in ("value", "author", "role", "document"):
            value = found.get(heading)
            sheet.cell(row, place[heading]).value = {True: "yes", False: "no"}.get(value, value)
        sheet.cell(row, place["date"]).value = date.fromisoformat(found["date"])
        rows += 1
    workbook.save(filled)
    return rows


def outcomes(evidence: str, *options: str, given: str | None = None) -> dict[str, Any]:
    """What each school comes to, by URN, as officers may see it."""
    if given is not None:
        Path(evidence).write_text(given, encoding="utf-8")
    lines = si_rules("decide", POLICY, evidence, "--format", "jsonl", *options).stdout.splitlines()
    decisions = [json.loads(line) for line in lines]
    return {
        decision["subject"]["id"]: [
            {name: (found["status"], found["possible"]) for name, found in decision["classifications"].items()},
            [(found["id"], found["status"]) for found in decision["triggers"]],
        ]
        for decision in decisions
    }


def si_rules(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command for the officers, on the day."""
    line = [sys.executable, "-m", "si_rules", command, *arguments, "--on", ON, "--audience", "officers"]
    done = subprocess.run(line, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stderr)
    return done


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build/demo"))
