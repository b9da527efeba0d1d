"""Which fictional schools would move under another reading of the strategy: the tables of explanation/encoding-notes.md.

    python docs/generate_readings.py            work them out (some minutes) and write them
    python docs/generate_readings.py --check    end with 1 where they are not current

A reading is a change of the policy's text, in memory: `readings.toml` says what stands in place of what. Each decides
about the fictional cohort on 4 November 2015, and what comes of it is compared with what the policy itself says. A table
stands between the comments `<!-- sensitivity: NAME -->` and `<!-- end -->`; the digest after them says of which policy,
cohort and readings the tables are.
"""

import hashlib
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from attrs import frozen

from si_rules import Decision, PolicyLibrary, Refusal, SchoolEvidence, read_evidence, shipped
from si_rules.library.editions import Edition
from si_rules.loading import vocabulary_for
from si_rules.pipeline import load
from si_rules.policy import Policy

FOLDER = Path(__file__).resolve().parent
READINGS = FOLDER / "readings.toml"
NOTES = FOLDER / "explanation" / "encoding-notes.md"
COHORT = FOLDER.parent / "examples" / "01_fictional_cohort" / "evidence.jsonl"
POLICY, ON = "doncaster.school_improvement", date(2015, 11, 4)
COMPARED = ("categories.policy", "triggers.policy", "tiers.policy")
TABLE = re.compile(r"(<!-- sensitivity: ([a-z-]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)
DIGEST = re.compile(r"<!-- of: (sha256:[0-9a-f]{64}) -->")
MOST_NAMED = 4


@frozen
class Reading:
    """Another reading: of which interpretations, in words, and what stands in which file in place of what."""

    of: str
    section: str
    other: str
    file: str
    changes: tuple[tuple[str, str], ...]


@frozen
class Came:
    """What a decision comes to: category, tier, the status of each trigger, and what follows from the first two."""

    category: str
    tier: str
    triggers: Mapping[str, str]
    follows: frozenset[str]


@cache
def readings() -> tuple[Reading, ...]:
    """Every reading, in the order of the file."""
    found = tomllib.loads(READINGS.read_text(encoding="utf-8"))["reading"]
    return tuple(
        Reading(item["of"], item["section"], item["other"], item["file"],
                tuple((change["old"], change["new"]) for change in item["change"]))
        for item in found
    )  # fmt: skip


# ---- the policies


@cache
def edition() -> Edition:
    """The edition that is read in other ways."""
    return next(item for item in PolicyLibrary.bundled().editions() if item.id == POLICY and item.covers(ON))


def changed(reading: Reading) -> dict[str, bytes]:
    """The files of the edition under a reading. Raises ValueError where what is to be changed stands there not once."""
    files = {path.name: path.read_bytes() for path in edition().files}
    text = files[reading.file].decode("utf-8")
    for old, new in reading.changes:
        if text.count(old) != 1:
            raise ValueError(f"{reading.of}: this stands {text.count(old)} times in {reading.file}: {old!r}")
        text = text.replace(old, new)
    return files | {reading.file: text.encode("utf-8")}


def policy_under(reading: Reading) -> Policy:
    """The policy under a reading. Raises ValueError where the checker refuses it."""
    library = PolicyLibrary.bundled()
    vocabulary = vocabulary_for(edition(), shipped.policies_folder())
    used = [(policy.core, policy.digest) for policy in (library.in_force(name, on=ON) for name in edition().uses)]
    loaded = load(changed(reading), (vocabulary.name, vocabulary.read_bytes()), False, used)
    if loaded.policy is None:
        raise ValueError(f"{reading.of}: {loaded.diagnostics[0]}")
    return Policy(loaded.policy, loaded.digest)


# ---- what comes of them


@cache
def schools() -> tuple[SchoolEvidence, ...]:
    """The fictional cohort."""
    found = read_evidence(COHORT.read_bytes(), SchoolEvidence, "urn")
    return tuple(item for item in found if not isinstance(item, Refusal))


def outcomes(policy: Policy) -> dict[str, Came]:
    """What comes of every school, by its number."""
    return {item.subject.id: _came(item) for item in policy.decide_many(schools(), on=ON)}


@cache
def as_it_stands() -> dict[str, Came]:
    """What the policy itself says of every school."""
    return outcomes(PolicyLibrary.bundled().in_force(POLICY, on=ON))


def _came(decision: Decision) -> Came:
    results = decision.classifications
    outcome = {name: "/".join(results[name].possible) for name in ("category", "tier")}
    triggers = {item.id: item.status for item in decision.triggers}
    of_these = [item for item in decision.consequences if item.rule.startswith(("category", "tier"))]
    follows = frozenset(f"{item.bearer} {item.modality} {item.action}" for item in of_these)
    return Came(outcome["category"], outcome["tier"], triggers, follows)


# ---- the tables


def table(section: str, wanted: Iterable[Reading] | None = None) -> Iterator[str]:
    """The readings of a section: how many schools would move, and a few of them."""
    yield "| Of | The other reading | Category | Tier | Triggers | What follows |"
    yield "|---|---|---|---|---|---|"
    for reading in readings() if wanted is None else wanted:
        if reading.section == section:
            yield row(reading)


def row(reading: Reading) -> str:
    """One reading and what would come of it."""
    before, after = as_it_stands(), outcomes(policy_under(reading))
    categories = _moves({urn: (before[urn].category, after[urn].category) for urn in before})
    tiers = _moves({urn: (before[urn].tier, after[urn].tier) for urn in before})
    follows = sum(before[urn].follows != after[urn].follows for urn in before)
    return f"| {reading.of} | {reading.other} | {categories} | {tiers} | {_triggers(before, after)} | {follows or 'none'} |"


def _moves(pairs: Mapping[str, tuple[str, str]]) -> str:
    settled_first = sorted(pairs.items(), key=lambda pair: (pair[1][0].count("/") + pair[1][1].count("/") > 0, pair[0]))
    moved = [f"{urn}: {old} → {new}" for urn, (old, new) in settled_first if old != new]
    if not moved:
        return "none"
    more = f"; and {len(moved) - MOST_NAMED} more" if len(moved) > MOST_NAMED else ""
    return f"{len(moved)} ({'; '.join(moved[:MOST_NAMED])}{more})"


def _triggers(before: Mapping[str, Came], after: Mapping[str, Came]) -> str:
    """For each trigger of which the status changes somewhere: of how many schools, and for how many it holds then."""
    found = []
    for name in next(iter(before.values())).triggers:
        moved = [urn for urn in before if before[urn].triggers[name] != after[urn].triggers.get(name)]
        if moved:
            held, holds = (sum(came[urn].triggers[name] == "holds" for urn in came) for came in (before, after))
            found.append(f"`{name}`: {len(moved)} (holds for {held} → {holds})")
    return "; ".join(found) or "none"


def digest() -> str:
    """What the tables hang on: the texts of the rules compared and of the policies used, the cohort, the readings."""
    texts = {path.name: path.read_bytes() for path in edition().files if path.name in COMPARED}
    used = [item for item in PolicyLibrary.bundled().editions() if item.id in edition().uses and item.covers(ON)]
    texts |= {f"{item.id}/{path.name}": path.read_bytes() for item in used for path in item.files}
    texts |= {"cohort": COHORT.read_bytes(), "readings": READINGS.read_bytes()}
    total = hashlib.sha256()
    for name, data in sorted(texts.items()):
        total.update(name.encode("utf-8") + b"\0" + hashlib.sha256(data).digest())
    return f"sha256:{total.hexdigest()}"


def page() -> str:
    """The notes with their tables and the digest as they should be."""
    text = NOTES.read_text(encoding="utf-8")
    text = TABLE.sub(lambda match: match[1] + "\n".join(table(match[2])) + "\n", text)
    return DIGEST.sub(f"<!-- of: {digest()} -->", text)


def main() -> int:
    """Write or check the tables. The exit code is 1 where a check finds that they are not current."""
    text = page()
    if text == NOTES.read_text(encoding="utf-8"):
        return 0
    if "--check" in sys.argv[1:]:
        print("explanation/encoding-notes.md is not current; run: python docs/generate_readings.py")
        return 1
    NOTES.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
