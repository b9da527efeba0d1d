"""The scenarios of the policies notice when a figure, a length of time or a place on a scale moves by one step.

With SI_RULES_LONG=1 every mutant of every policy is tried; else a few, the same each time.
"""

import os
import random

import pytest
from tests.policies.mutants import LIBRARY, Mutant, Subject, moved

LONG = os.environ.get("SI_RULES_LONG") == "1"
SAMPLE = 2
NOTICED = 0.95
EDITIONS = [edition for edition in LIBRARY.editions() if list(edition.files[0].parent.glob("*.scenarios"))]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: f"{edition.id} {edition.edition}")
def test_a_threshold_moved_by_one_step_is_noticed(edition) -> None:  # type: ignore[no-untyped-def]
    """Of the mutants that the checker accepts, at least 95 in a hundred break an expectation of a scenario."""
    subject = Subject(edition)
    mutants = subject.mutants
    if not LONG:
        mutants = random.Random(20151104).sample(mutants, min(SAMPLE, len(mutants)))
    tried = 0
    unnoticed: list[Mutant] = []
    for mutant in mutants:
        basis = subject.basis(mutant)
        if basis is not None:
            tried += 1
            if not subject.noticed(mutant, basis):
                unnoticed.append(mutant)
    print(f"{edition.id} {edition.edition}: {tried - len(unnoticed)} of {tried} mutants noticed")
    assert tried >= len(mutants) / 2
    # of a few, one may be among those that no scenario can notice
    assert len(unnoticed) <= max((1 - NOTICED) * tried, 0 if LONG else 1), "\n".join(map(str, unnoticed))


def test_every_value_of_every_parameter_has_mutants() -> None:
    """No parameter of a policy with scenarios is left out of the mutants; those of a policy it uses are that one's."""
    for edition in EDITIONS:
        subject = Subject(edition)
        mutated = {mutant.declaration for mutant in subject.mutants}
        own = {name for name in subject.core.parameters if not name.startswith(edition.uses)}
        assert own <= mutated


def test_a_figure_is_moved_by_its_last_decimal() -> None:
    """A step is one unit of the last decimal that is written."""
    assert moved("65") == ["64", "66"]
    assert moved("56.6") == ["56.5", "56.7"]
    assert moved("0") == ["-1", "1"]
