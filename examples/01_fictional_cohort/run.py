"""Decides about the fictional schools of Wintersfield on 4 November 2015, and explains one of the decisions."""

import sys
from collections import Counter
from datetime import date
from pathlib import Path

from generate import evidence_text

from si_rules import Decision, PolicyLibrary, Refusal, SchoolEvidence, read_evidence

ON = date(2015, 11, 4)
EVIDENCE = Path(__file__).resolve().parent / "evidence.jsonl"
MOST_NEEDS = 6
STATUSES = ("holds", "does_not_hold", "undetermined", "not_applicable")


def main() -> None:
    """Check the evidence, decide, and show the decisions."""
    text = EVIDENCE.read_bytes().decode("utf-8")
    if text != evidence_text():
        sys.exit("evidence.jsonl is not what generate.py makes; run generate.py")
    schools = [item for item in read_evidence(text, SchoolEvidence, "urn") if not isinstance(item, Refusal)]
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)
    decisions = list(policy.decide_many(schools, on=ON))
    print(f"{len(decisions)} fictional schools under {policy.id} {policy.edition}, on {ON}\n")
    show_categories(decisions)
    show_tiers(decisions)
    show_needs(decisions)
    show_triggers(decisions)
    shown = next(item for item in decisions if "category.2b" in item.classifications["category"].because)
    print("\nOne of them in full, as everybody may see it:\n")
    print(shown.for_audience({"public"}).to_text(explain=False), end="")


def show_categories(decisions: list[Decision]) -> None:
    """How many schools are in each category."""
    results = [decision.classifications["category"] for decision in decisions]
    titles = {result.outcome: f"category {result.outcome}  {result.title}" for result in results if result.outcome}
    counts = Counter(titles[result.outcome] if result.outcome else result.status for result in results)
    for label in [*sorted(titles.values()), "unmatched", "undetermined"]:
        print(f"  {label:<34} {counts[label]:>4}")


def show_tiers(decisions: list[Decision]) -> None:
    """How many schools are in each tier of the desktop risk assessment."""
    results = [decision.classifications["tier"] for decision in decisions]
    counts = Counter(f"tier {result.outcome}" if result.outcome else result.status for result in results)
    print("\nTiers of the desktop risk assessment:")
    for label in ("tier 1", "tier 2", "tier 3", "unmatched", "undetermined"):
        print(f"  {label:<34} {counts[label]:>4}")


def show_needs(decisions: list[Decision]) -> None:
    """What the undetermined ones need, the most frequent first."""
    matters = Counter(path for decision in decisions for item in decision.needs for path in item.needs.matters)
    print("\nWhat could settle the undetermined ones, most frequent first:")
    for path, count in sorted(matters.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NEEDS]:
        print(f"  {path:<50} {count:>4}")


def show_triggers(decisions: list[Decision]) -> None:
    """How it is with each trigger, in the order of the strategy."""
    counts = Counter((trigger.id, trigger.status) for decision in decisions for trigger in decision.triggers)
    print(
        f"\n{'Triggers for causing concern:':<36}" + "".join(f"{status.replace('_', ' '):>16}" for status in STATUSES)
    )
    for trigger in decisions[0].triggers:
        print(f"  {trigger.id:<34}" + "".join(f"{counts[trigger.id, status]:>16}" for status in STATUSES))


if __name__ == "__main__":
    main()
