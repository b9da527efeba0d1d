"""What other readings of the year of a school, and of the targets, would change: tables of explanation/encoding-notes.md.

    python docs/generate_process_readings.py            work them out and write them
    python docs/generate_process_readings.py --check    end with 1 where they are not current

A reading is a change of a policy's text, in memory: `process_readings.toml` says what stands in place of what. Each decides
about the fictional cohort on 4 November 2015, among the cohort itself. A table stands between the comments
`<!-- process readings: NAME -->` and `<!-- end -->`.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from attrs import frozen

from si_rules import Cohort, Decision, PolicyLibrary, Refusal, SchoolEvidence, read_evidence, shipped
from si_rules.decisions.decision import ValueResult
from si_rules.decisions.wording import value_text
from si_rules.library.editions import Edition
from si_rules.loading import vocabulary_for
from si_rules.pipeline import load
from si_rules.policy import Policy

FOLDER = Path(__file__).resolve().parent
READINGS = FOLDER / "process_readings.toml"
NOTES = FOLDER / "explanation" / "encoding-notes.md"
EVIDENCE = FOLDER.parent / "examples" / "01_fictional_cohort" / "evidence.jsonl"
ON = date(2015, 11, 4)
TABLE = re.compile(r"(<!-- process readings: ([a-z-]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)
MOST_NAMED = 4


@frozen
class Reading:
    """Another reading of an interpretation: in words, and what stands in which file of which policy in place of what."""

    of: str
    section: str
    other: str
    policy: str
    file: str
    change: tuple[tuple[str, str], ...]


@frozen
class Came:
    """What a policy says of the cohort: of each school what follows, and what else it comes to; figures and triggers."""

    follows: Mapping[str, frozenset[str]]
    values: Mapping[str, Mapping[str, str]]
    of_all: Mapping[str, str]


@cache
def readings() -> tuple[Reading, ...]:
    """Every reading, in the order of the file."""
    found = tomllib.loads(READINGS.read_text(encoding="utf-8"))["reading"]
    return tuple(Reading(**item | {"change": tuple((c["old"], c["new"]) for c in item["change"])}) for item in found)


def edition(policy: str) -> Edition:
    """The edition that is read in other ways."""
    return next(item for item in PolicyLibrary.bundled().editions() if item.id == policy and item.covers(ON))


def policy_under(reading: Reading) -> Policy:
    """The policy under a reading. Raises ValueError where it cannot be made, or the checker refuses it."""
    found, library = edition(reading.policy), PolicyLibrary.bundled()
    files = {path.name: path.read_bytes() for path in found.files}
    text = files[reading.file].decode("utf-8")
    for old, new in reading.change:
        if text.count(old) != 1:
            raise ValueError(f"{reading.of}: this stands {text.count(old)} times in {reading.file}: {old!r}")
        text = text.replace(old, new)
    vocabulary = vocabulary_for(found, shipped.policies_folder())
    used = [(policy.core, policy.digest) for policy in (library.in_force(name, on=ON) for name in found.uses)]
    files[reading.file] = text.encode("utf-8")
    loaded = load(files, (vocabulary.name, vocabulary.read_bytes()), False, used)
    if loaded.policy is None:
        raise ValueError(f"{reading.of}: {loaded.diagnostics[0]}")
    return Policy(loaded.policy, loaded.digest)


# ---- what comes of them


@cache
def schools() -> tuple[SchoolEvidence, ...]:
    """The fictional cohort."""
    found = read_evidence(EVIDENCE.read_bytes(), SchoolEvidence, "urn")
    return tuple(item for item in found if not isinstance(item, Refusal))


@cache
def as_it_stands(policy: str) -> Came:
    """What a policy itself says."""
    return outcomes(PolicyLibrary.bundled().in_force(policy, on=ON))


def outcomes(policy: Policy) -> Came:
    """What a policy says of every school of the cohort, and of the cohort."""
    cohort = Cohort("Wintersfield", schools()) if policy.core.figures else None
    decisions = list(policy.decide_many(schools(), on=ON, cohort=cohort))
    first = decisions[0]
    of_all = {item.id: shown(item) for item in first.figures} | {item.id: item.status for item in first.triggers}
    return Came({d.subject.id: _follows(d) for d in decisions}, {d.subject.id: _values(d) for d in decisions}, of_all)


def _follows(decision: Decision) -> frozenset[str]:
    return frozenset(f"{item.bearer} {item.modality} {item.action}" for item in decision.consequences)


def _values(decision: Decision) -> dict[str, str]:
    return {item.id: shown(item) for item in decision.values}


def shown(item: ValueResult) -> str:
    """A value or a figure in words."""
    if item.between is not None:
        return " to ".join(value_text(limit, item.kind) for limit in item.between)
    return value_text(item.value, item.kind) if item.value is not None else item.status.replace("_", " ")


# ---- the tables


def table(section: str) -> Iterator[str]:
    """The readings of a section, and what would come of them."""
    yield "| Of | The other reading | What would come of it |"
    yield "|---|---|---|"
    yield from (row(reading) for reading in readings() if reading.section == section)


def row(reading: Reading) -> str:
    """One reading and what would come of it."""
    before, after = as_it_stands(reading.policy), outcomes(policy_under(reading))
    parts = []
    moved = [urn for urn in before.follows if before.follows[urn] != after.follows[urn]]
    if moved:
        parts.append(f"something else follows for {len(moved)} schools ({_some(moved)})")
    for name in next(iter(before.values.values()), {}):
        there = {urn: found[name] for urn, found in after.values.items() if name in found}
        changed = [urn for urn, found in there.items() if found != before.values[urn][name]]
        if changed:
            parts.append(f"`{name}` differs for {len(changed)} schools ({_some(changed)})")
    for name, found in before.of_all.items():
        if found != after.of_all[name]:
            parts.append(f"`{name}`: {found.replace('_', ' ')} → {after.of_all[name].replace('_', ' ')}")
    return f"| {reading.of} | {reading.other} | {'; '.join(parts) or 'nothing in this cohort'} |"


def _some(urns: list[str]) -> str:
    more = f" and {len(urns) - MOST_NAMED} more" if len(urns) > MOST_NAMED else ""
    return ", ".join(urns[:MOST_NAMED]) + more


def page() -> str:
    """The notes with their tables as they should be."""
    text = NOTES.read_text(encoding="utf-8")
    return TABLE.sub(lambda match: match[1] + "\n".join(table(match[2])) + "\n", text)


def main() -> int:
    """Write or check the tables. The exit code is 1 where a check finds that they are not current."""
    text = page()
    if text == NOTES.read_text(encoding="utf-8"):
        return 0
    if "--check" in sys.argv[1:]:
        print("explanation/encoding-notes.md is not current; run: python docs/generate_process_readings.py")
        return 1
    NOTES.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
