"""What is true of every core that elaboration gives, stated so that it can be checked.

Whatever reads a core may rely on these. Each is a function that yields what breaks it; `INVARIANTS` names them all.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from si_rules.semantics import (
    invariants_of_meaning as meaning,
    invariants_of_names as names,
    invariants_of_people as people,
)
from si_rules.semantics.core import Core

Invariant: TypeAlias = Callable[[Core], Iterator[str]]


def broken(core: Core) -> list[str]:
    """Every breach of an invariant, each with the name of the invariant; empty for a sound core.

    Where something that is referred to does not exist, only that is reported: the rest could not be followed.
    """
    for name, invariant in INVARIANTS:
        found = [f"{name}: {breach}" for breach in invariant(core)]
        if found and invariant in _FIRST:
            return found
    return [f"{name}: {breach}" for name, invariant in INVARIANTS for breach in invariant(core)]


def is_whole(core: Core) -> bool:
    """Whether all that a core refers to is there, so that it can be followed."""
    return not any(breach for invariant in _FIRST for breach in invariant(core))


_FIRST: Final[tuple[Invariant, ...]] = (names.references_lead_somewhere, names.fields_exist)

INVARIANTS: Final[tuple[tuple[str, Invariant], ...]] = tuple(
    (invariant.__name__, invariant)
    for invariant in (
        *_FIRST,
        names.names_are_keys,
        names.judgements_have_their_paths,
        names.clauses_belong_to_a_classification,
        names.labels_are_unique,
        names.outcomes_asked_for_exist,
        names.leaves_have_names_of_their_own,
        meaning.nothing_hangs_on_itself,
        meaning.lists_can_hold,
        meaning.compared_kinds_agree,
        meaning.what_is_worked_out_has_its_kind,
        meaning.values_belong_to_kinds,
        meaning.series_that_are_read_have_a_due_date,
        meaning.parameters_have_values,
        meaning.periods_run_forward,
        people.parties_are_declared,
        people.sources_are_declared,
        people.audiences_stay_within,
    )
)
