"""Golden decisions: what was decided under a version of the language is decided so for ever, byte by byte."""

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from si_rules import Cohort, Decision, Policy, PolicyLibrary, Refusal, SchoolEvidence, read_evidence, read_history
from si_rules.bundles.bundling import Bundle, make_bundle
from si_rules.evidence.any_vocabulary import model_of
from si_rules.ledger.outcome import explanation_digest, outcome_of
from si_rules.pathways.as_json import as_text
from si_rules.policy import follow_through
from si_rules.semantics.core import LANGUAGE

HERE = Path(__file__).parent
FOLDERS = sorted(path for path in HERE.glob("language-*/*") if path.is_dir())
DAYS = [path for folder in FOLDERS for path in sorted(folder.glob("????-??-??*.jsonl"))]
CASES = [path for folder in FOLDERS for path in sorted(folder.glob("*.case.json"))]


def policy_in(folder: Path) -> Policy:
    return Bundle.read((folder / "policy.bundle").read_bytes()).policy


def evidence_in(policy: Policy, data: bytes) -> list[Any]:
    vocabulary = policy.core.vocabulary
    model = SchoolEvidence if vocabulary.name == "school" else model_of(vocabulary)
    records = list(read_evidence(data, model, vocabulary.identified_by))
    assert not [item for item in records if isinstance(item, Refusal)]
    return records


def decided(policy: Policy, records: list[Any], days: str) -> Iterator[Decision]:
    on, _, known_at = days.partition(" known at ")
    day = datetime.date.fromisoformat(on)
    known = datetime.date.fromisoformat(known_at) if known_at else None
    yield from policy.decide_many(records, on=day, known_at=known, cohort=Cohort("all", records))


def as_kept(decisions: list[Decision]) -> tuple[bytes, bytes]:
    """The lines of the decisions, and of the digests of their explanations."""
    lines = "".join(f"{decision.to_json(indent=None)}\n" for decision in decisions)
    digests = "".join(f"{explanation_digest(outcome_of(decision))}\n" for decision in decisions)
    return lines.encode(), digests.encode()


@pytest.mark.parametrize("path", DAYS, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_golden_decisions_come_out_byte_by_byte(path: Path) -> None:
    """Every decision is the line that was kept, and its explanation has the digest that was kept."""
    policy = policy_in(path.parent)
    records = evidence_in(policy, (path.parent / "evidence.jsonl").read_bytes())
    lines, digests = as_kept(list(decided(policy, records, path.stem)))
    assert lines == path.read_bytes()
    assert digests == path.with_suffix(".explanations").read_bytes()


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name} {path.stem}")
def test_golden_cases_come_out_byte_by_byte(path: Path) -> None:
    """The case of a history is the JSON that was kept."""
    assert case_on(policy_in(path.parent), path.parent, path.name[:10]).encode() == path.read_bytes()


def case_on(policy: Policy, folder: Path, day: str) -> str:
    history = read_history((folder / "history.json").read_bytes()).history
    assert history is not None
    on = datetime.date.fromisoformat(day)
    return as_text(follow_through([(policy.in_force[0], policy)], history, on=on)) + "\n"


def test_there_are_golden_decisions_of_the_language_as_it_is() -> None:
    """The version that the library writes has decisions under amendments, with a cohort, and a case."""
    assert {path.parent.name for path in FOLDERS if path.parent.name == f"language-{LANGUAGE}"}
    assert len(DAYS) > len(FOLDERS)
    assert CASES


def make(folder: Path, policy: Policy, evidence: bytes, days: list[str], history: bytes | None = None) -> None:
    """Write a new folder of golden decisions. Raises FileExistsError where it is there."""
    folder.mkdir()
    (folder / "policy.bundle").write_bytes(make_bundle(policy))
    (folder / "evidence.jsonl").write_bytes(evidence)
    records = evidence_in(policy, evidence)
    for day in days:
        lines, digests = as_kept(list(decided(policy, records, day)))
        (folder / f"{day}.jsonl").write_bytes(lines)
        (folder / f"{day}.explanations").write_bytes(digests)
    if history is not None:
        (folder / "history.json").write_bytes(history)
        (folder / f"{days[-1]}.case.json").write_bytes(case_on(policy, folder, days[-1]).encode())


if __name__ == "__main__":
    target, policy_named, evidence_file, *rest = sys.argv[1:]
    from si_rules import open_policy

    found = Path(policy_named)
    chosen = open_policy(found) if found.exists() else PolicyLibrary.bundled().edition(*policy_named.split("@"))
    told = [Path(item).read_bytes() for item in rest if item.endswith(".json")]
    dates = [item for item in rest if not item.endswith(".json")]
    make(
        HERE / f"language-{LANGUAGE}" / target,
        chosen,
        Path(evidence_file).read_bytes(),
        dates,
        told[0] if told else None,
    )
