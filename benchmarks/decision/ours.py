"""The decision by the library: the policy of `flat/`, and that of `nested/`, called in every way that is measured."""

import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from benchmarks.decision.model import DecisionEvidence
from si_rules import Decision
from si_rules.policy import Policy, open_policy

ON: Final = datetime.date(2015, 11, 4)
HERE: Final = Path(__file__).resolve().parent
TRIGGERS: Final = 12
Reading: TypeAlias = tuple[tuple[bool | None, ...], int | None, bool | None, int | None, str | None]
Open: TypeAlias = tuple[frozenset[tuple[int, bool]], frozenset[int], frozenset[str]]


@cache
def policy(name: str = "flat") -> Policy:
    """The policy of a folder here."""
    return open_policy(HERE / name)


def in_full(record: dict[str, Any]) -> Decision:
    """The whole decision about a record in words: exact outcomes, what is needed, near misses."""
    return policy().decide(DecisionEvidence.model_validate(record), on=ON)


def of_decision(decision: Decision) -> tuple[list[tuple[str, ...]], list[bool | None]]:
    """What a decision says: the possible outcomes of each classification, and the truth of each trigger."""
    truths = {"holds": True, "does_not_hold": False, "not_applicable": False, "undetermined": None}
    outcomes = [decision.classifications[name].possible for name in ("category", "tier", "warning")]
    return outcomes, [truths[item.status] for item in decision.triggers][:TRIGGERS]


# ---- what an answer says, in the terms of the references; `outcomes` are the possible ones of all three


def reading(outcomes: list[tuple[str, ...]], triggers: list[bool | None]) -> Reading:
    """The answer as the references give it, None where it is open: triggers, category, by default, tier, warning."""
    categories, tiers, letters = possible(outcomes)
    labels, defaults = {label for label, _ in categories}, {default for _, default in categories}
    return (tuple(triggers), *(one(found) for found in (labels, defaults, tiers, letters)))


def possible(outcomes: list[tuple[str, ...]]) -> Open:
    """What is still possible: categories, each with whether it is one by default; tiers; warnings."""
    categories, tiers, letters = outcomes
    return (
        frozenset((3, True) if label == "unmatched" else (int(label), False) for label in categories),
        frozenset(0 if label == "unmatched" else int(label) for label in tiers),
        frozenset(letters),
    )


def one(found: Any) -> Any:
    """The only one of several, else None."""
    return next(iter(found)) if len(found) == 1 else None
