"""Decides about the fictional schools on the day before an amendment counts and on its first day, and says what changed."""

from collections import Counter
from datetime import date
from pathlib import Path

from si_rules import Decision, Policy, Refusal, SchoolEvidence, open_policy, read_evidence

HERE = Path(__file__).resolve().parent
BEFORE, FIRST = date(2016, 4, 17), date(2016, 4, 18)


def main() -> None:
    """Decide on both days, and on the second as it was known before the amendment was adopted."""
    text = (HERE.parent / "01_fictional_cohort" / "evidence.jsonl").read_bytes()
    schools = [item for item in read_evidence(text, SchoolEvidence, "urn") if not isinstance(item, Refusal)]
    policy = open_policy(HERE / "attendance")
    before, after = decided(policy, schools, BEFORE), decided(policy, schools, FIRST)
    (amendment,) = after[0].policy.amendments
    print(f"{policy.id} {policy.edition}, amended from {amendment.first}: {amendment.title}\n")
    for day, decisions in ((BEFORE, before), (FIRST, after)):
        print(f"{day}: {counted(decisions)}")
    moved = Counter((outcome(a), outcome(b)) for a, b in zip(before, after, strict=True) if outcome(a) != outcome(b))
    print()
    for (was, now), count in sorted(moved.items()):
        print(f"{count:3} from {was} to {now}")
    unknown = decided(policy, schools, FIRST, known_at=date(2016, 2, 29))[0]
    print(f"\nOn {FIRST}, with what was known on 2016-02-29, it does not count:")
    for item in unknown.ignored_evidence:
        if item.path.startswith("amendment"):
            print(f"  {item.path}: {item.reason}")


def decided(policy: Policy, schools: list[SchoolEvidence], on: date, known_at: date | None = None) -> list[Decision]:
    """The decisions of a day."""
    return list(policy.decide_many(schools, on=on, known_at=known_at))


def outcome(decision: Decision) -> str:
    """What the classification comes to."""
    found = decision.classifications["support"]
    return found.outcome or found.status


def counted(decisions: list[Decision]) -> str:
    """How many came to what."""
    found = Counter(map(outcome, decisions))
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items()))


if __name__ == "__main__":
    main()
