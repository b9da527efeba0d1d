"""Compiled functions are the interpreter: the same truths, outcomes and decisions for random policies and evidence.

With SI_RULES_LONG=1 by far more are tried; SI_RULES_SEED says from which seed on, SI_RULES_POLICIES how many.
"""

import os
from collections import Counter

from tests.properties.cases import FIRST_SEED, LONG
from tests.properties.sameness import decisions_differ, differences

POLICIES = int(os.environ.get("SI_RULES_POLICIES", "1000" if LONG else "12"))
SITUATIONS, EACH = (10, 20) if LONG else (2, 6)  # and each evidence in five variants
DECIDED = POLICIES if LONG else 6


def test_truths_and_outcomes_are_those_of_the_interpreter() -> None:
    """Every rule and classification comes to the same, whatever is missing; every status is common enough to mean it."""
    seen: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + POLICIES):
        found = next(differences(seed, SITUATIONS, EACH, seen), None)
        assert found is None, found
    figures = f"seeds {FIRST_SEED} to {FIRST_SEED + POLICIES - 1}: {dict(seen)}"
    print(figures)
    outcomes = sum(seen[status] for status in ("determined", "undetermined", "unmatched", "not applicable"))
    assert min(seen[status] for status in ("determined", "undetermined", "unmatched")) >= outcomes / 8, figures
    assert min(seen["all is known"], seen["something is missing"]) >= seen["pairs"] / 20, figures


def test_decisions_of_both_engines_are_the_same_bytes() -> None:
    """Whole decisions, as JSON with their explanations."""
    seen: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + DECIDED):
        found = next(decisions_differ(seed, 2, 10 if LONG else 3, seen), None)
        assert found is None, found
    print(f"seeds {FIRST_SEED} to {FIRST_SEED + DECIDED - 1}: {dict(seen)}")
