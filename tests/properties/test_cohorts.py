"""Figures over a cohort: a range holds what every completion of its members comes to, and exact where all is known."""

import random
from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.properties.cases import DATES, Case
from tests.properties.evidence import Evidence
from tests.properties.oracle import NOTHING, Completions, known_at, told
from tests.properties.oracle.figures import Cohort as Told

from si_rules.decisions.basis import Basis, Cohort
from si_rules.evidence.facts import facts_of
from si_rules.semantics.facts import Absent, DoesNotApply, Known

MEMBERS = 4
MOST_WAYS = 3000
COHORTS = 3  # for each policy


def _cohorts(case: Case) -> Iterator[tuple[list[dict[str, Any]], Any, Any]]:
    chance = random.Random(f"cohort {case.seed}")
    evidence = Evidence(case.policy.declared, chance)
    for known in (1.0, 0.97, 0.9, 0.8)[:COHORTS]:
        on, at = chance.choice(DATES)
        yield [evidence.record(known, f"p{number}") for number in range(MEMBERS)], on, at


def test_a_figure_is_what_the_completions_of_its_members_come_to(case: Case) -> None:
    """A known figure is that of every completion of the members; a range leaves none of them out."""
    basis = Basis(case.core, case.loaded.digest)
    for records, on, at in _cohorts(case) if case.policy.figures else ():
        members = tuple(partial(facts_of, case.model.model_validate(record)) for record in records)
        known = [known_at(case.policy.declared, record, on, at) for record in records]
        cohort = Cohort("all", members)
        for figure in case.policy.figures:
            whole = Told(case.meaning(on, at), figure, known)
            if not whole.few:
                continue
            facts = basis.facts(members[0], on, at, None, cohort)
            _check(whole, facts.at(f"figures.{figure.name}"), set(whole.all_of(0)),
                   f"seed {case.seed}, {figure.name}, {records}, on {on}, known at {at}")  # fmt: skip


def _check(whole: Told, found: Any, told: set[Any], hint: str) -> None:
    match found:
        case Known(value=value):
            assert told == {value}, f"{value}, not {told}: {hint}"
        case DoesNotApply():
            assert told == {NOTHING}, f"{told}: {hint}"
        case Absent(low=low, high=high):
            assert whole.misses, f"{told} {low} {high}: {hint}"
            for value in told - {NOTHING}:
                assert low is None or low <= value, f"{value} below {low}: {hint}"
                assert high is None or value <= high, f"{value} above {high}: {hint}"
        case _:
            raise AssertionError(found)


def test_members_that_could_not_be_read_leave_a_range_that_holds_the_figure(case: Case) -> None:
    """Whatever is known of some members, a figure without them lies between limits that hold the figure with them."""
    basis = Basis(case.core, case.loaded.digest)
    chance = random.Random(f"unread {case.seed}")
    for records, on, at in _cohorts(case) if case.policy.figures else ():
        members = [partial(facts_of, case.model.model_validate(record)) for record in records]
        whole = basis.facts(members[0], on, at, None, Cohort("all", tuple(members)))
        read = [members[0], *(member for member in members[1:] if chance.random() < 0.5)]
        partly = basis.facts(members[0], on, at, None, Cohort("some", tuple(read), len(members) - len(read)))
        for figure in case.policy.figures:
            path = f"figures.{figure.name}"
            _wider(partly.at(path), whole.at(path), len(read) == len(members), f"seed {case.seed}, {path}, {records}")


def _wider(partly: Any, whole: Any, all_read: bool, hint: str) -> None:
    if all_read or not isinstance(partly, Absent):
        assert partly == whole, hint
        return
    if not isinstance(whole, DoesNotApply):
        low, high = (whole.value,) * 2 if isinstance(whole, Known) else (whole.low, whole.high)
        assert partly.low is None or (low is not None and partly.low <= low), f"{partly} {whole}: {hint}"
        assert partly.high is None or (high is not None and high <= partly.high), f"{partly} {whole}: {hint}"


def test_an_outcome_is_possible_where_a_completion_of_the_cohort_gives_it(case: Case) -> None:
    """With a cohort, no outcome that some completion of it and of the subject gives is left out, and none is made up."""
    if not case.policy.figures:
        return
    basis = Basis(case.core, case.loaded.digest)
    for records, on, at in _cohorts(case):
        members = tuple(partial(facts_of, case.model.model_validate(record)) for record in records)
        known = [known_at(case.policy.declared, record, on, at) for record in records]
        meaning = case.meaning(on, at)
        ways = {figure.name: Told(meaning, figure, known) for figure in case.policy.figures}
        if not all(whole.few for whole in ways.values()):
            continue
        figures = {name: set(whole.all_of(0)) for name, whole in ways.items()}
        if any(len(values) > 1 or NOTHING in values for values in figures.values()):
            continue  # what a member misses would have to be the same in its figure and in its outcome
        known[0].known.update((f"figures.{name}", values.pop()) for name, values in figures.items())
        decision = basis.decide(members[0], on, at, True, None, Cohort("all", members))
        _decided(case, decision, known[0], on, at)


def _decided(case: Case, decision: Any, known: Any, on: Any, at: Any) -> None:
    completions = Completions(case.meaning(on, at), known)
    if len(completions.missing) > 7 or completions.size > MOST_WAYS:
        return
    found = told(completions)
    for name, result in decision.classifications.items():
        possible = set(result.possible) or {"not_applicable"}
        assert possible >= found.possible(name), f"{name}: seed {case.seed} on {on}"
        assert not result.exact or possible == found.possible(name), f"{name}: seed {case.seed} on {on}"
