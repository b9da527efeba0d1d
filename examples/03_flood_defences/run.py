"""Decides about the fictional flood defences of Marrowdale on 3 February 2025, each among all, and explains one."""

import sys
from datetime import date
from pathlib import Path

from model import DefenceEvidence

from si_rules import Cohort, Decision, Refusal, open_policy, read_evidence

ON = date(2025, 2, 3)
FOLDER = Path(__file__).resolve().parent
LINE = "{:<19} {:<25} {:<11} {}"


def main() -> None:
    """Read the evidence, decide about every defence among all of the register, and show the decisions."""
    items = list(read_evidence((FOLDER / "evidence.jsonl").read_bytes(), DefenceEvidence, "reference"))
    refused = [str(item) for item in items if isinstance(item, Refusal)]
    if refused:
        sys.exit("\n".join(refused))
    defences = [item for item in items if not isinstance(item, Refusal)]
    policy = open_policy(FOLDER)
    register = Cohort("the register of defences", defences)
    decisions = list(policy.decide_many(defences, on=ON, cohort=register))
    print(f"{len(decisions)} fictional flood defences under {policy.id} {policy.edition}, on {ON}\n")
    print(LINE.format("defence", "risk", "points", "priority"))
    for decision in decisions:
        values = [value(decision, name) for name in ("risk", "points")]
        print(LINE.format(decision.subject.label, *values, priority(decision)))
    print("\nThe target for their condition is missed:", truth(decisions[0], "target_missed"))
    shown = next(item for item in decisions if item.subject.id == "MFB-10")
    print("\nOne of them in full, as its owner may see it:\n")
    print(shown.for_audience({"owner"}).to_text(explain=False), end="")


def value(decision: Decision, name: str) -> str:
    """A value that is worked out, or those it may still have."""
    found = next(item for item in decision.values if item.id == name)
    return " or ".join(map(str, found.possible if found.status == "undetermined" else [found.value]))


def priority(decision: Decision) -> str:
    """The priority, or those still possible."""
    found = decision.classifications["priority"]
    return " or ".join(found.possible)


def truth(decision: Decision, name: str) -> str:
    """Whether a trigger holds."""
    return next(item.status for item in decision.triggers if item.id == name)


if __name__ == "__main__":
    main()
