"""Outcomes, truths, consequences and needs agree with every completion of the missing evidence."""

from functools import partial

from tests.properties.cases import SOME, Case, Trial
from tests.properties.oracle import NO, NOT_APPLICABLE, YES, matters, settles, smallest_settling, supplied_with

from si_rules.decisions.basis import Basis
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evidence.facts import facts_of

FEW = 400  # completions, where every set of data is tried


def possible(trial: Trial) -> set[str]:
    """The outcomes the engine says are possible."""
    return set(trial.result.possible) or {NOT_APPLICABLE}


def about(trial: Trial) -> str:
    """What to know of a trial that fails."""
    return f"seed {trial.case.seed}, record {trial.record}, on {trial.on}, known at {trial.known_at}"


def test_an_exact_outcome_is_that_of_every_completion(case: Case) -> None:
    """Where `exact` is true, status and possible outcomes are those of all completions, no more and no fewer."""
    for trial in case.trials:
        if trial.result.exact:
            assert (trial.result.status, possible(trial)) == (trial.told.status, trial.told.possible), about(trial)


def test_an_inexact_outcome_leaves_none_out(case: Case) -> None:
    """Where `exact` is false, every outcome of a completion is among the possible ones."""
    for trial in case.trials:
        if not trial.result.exact:
            assert trial.result.status == "undetermined", about(trial)
            assert possible(trial) >= trial.told.possible, about(trial)


def test_an_outcome_is_exact_where_no_comparison_misses_two_data(case: Case) -> None:
    """`exact` is false only where a comparison involves two missing data."""
    for trial in case.trials:
        assert trial.result.exact or trial.told.joint, about(trial)


def test_a_determined_outcome_is_explained_by_clauses_that_hold(case: Case) -> None:
    """`because` names clauses of the outcome that hold in every completion, else `settled_by` says how."""
    for trial in case.trials:
        result = trial.result
        if result.status == "determined":
            described = next(item for item in case.policy.classes if item.label == result.outcome)
            own = {f"standing.{clause.label}" for clause in described.clauses}
            assert set(result.because) <= own, about(trial)
            assert all(trial.told.truths[clause] == {YES} for clause in result.because), about(trial)
            assert result.settled_by == (None if result.because else "every completion"), about(trial)
        else:
            assert (result.because, result.settled_by, result.outcome) == ((), None, None)


def test_few_nodes_leave_no_outcome_and_no_consequence_out(case: Case) -> None:
    """Past the stated number of nodes the outcome is a safe over-approximation, and so is what follows."""
    for nodes in (1, 4, 12):
        basis = Basis(case.core, case.loaded.digest, most_nodes=nodes)
        for trial in case.trials[:SOME]:
            read = partial(facts_of, case.model.model_validate(trial.record))
            decision = basis.decide(read, trial.on, trial.known_at, True)
            result = decision.classifications["standing"]
            found = set(result.possible) or {NOT_APPLICABLE}
            assert found >= trial.told.possible, about(trial)
            assert result.status == "undetermined" or result.status == trial.told.status, about(trial)
            if result.exact:
                assert found == trial.told.possible, about(trial)
            _check_consequences(trial, decision, exact=False)


def test_truths_agree_with_every_completion(case: Case) -> None:
    """What the interpreter says holds, does not hold or does not apply is so in every completion."""
    for trial in case.trials:
        situation = Situation(case.core, trial.on, trial.known_at)
        record = case.model.model_validate(trial.record)
        interpreter = Interpreter(situation, facts_of(record, case.core, trial.on, trial.known_at))
        for name, truths in trial.told.truths.items():
            found = interpreter.rule(name).value
            # a clause of a classification that never applies is never asked
            if truths and found in (YES, NO, NOT_APPLICABLE):
                assert truths == {found}, f"{name}: {about(trial)}"


def test_triggers_are_those_of_the_interpreter_and_of_complete_evidence(case: Case) -> None:
    """Each trigger is reported once; with nothing missing it is what the policy says."""
    for trial in case.trials:
        found = {item.id: item.status for item in trial.decision.triggers}
        assert set(found) == {rule.name for rule in case.policy.rules if rule.sort == "trigger"}
        if not trial.told.missing:
            assert {name: {status} for name, status in found.items()} == {n: trial.told.truths[n] for n in found}, (
                about(trial)
            )


def _check_consequences(trial: Trial, decision: object, exact: bool) -> None:
    def keys(items: tuple) -> list[tuple[str, ...]]:  # type: ignore[type-arg]
        return [
            (c.bearer, c.modality, c.action, c.when or "", ",".join(sorted(c.audience or {"public"}))) for c in items
        ]

    certain, might = keys(decision.consequences), keys(decision.possible_consequences)  # type: ignore[attr-defined]
    assert len({*certain, *might}) == len(certain) + len(might), about(trial)
    always = {key for key, found in trial.told.follows.items() if found == {True}}
    sometimes = {key for key, found in trial.told.follows.items() if found == {True, False}}
    if exact:
        assert (set(certain), set(might)) == (always, sometimes), about(trial)
    assert set(certain) <= always, about(trial)
    assert always | sometimes <= {*certain, *might}, about(trial)


def test_consequences_follow_in_every_completion_and_possible_ones_in_some(case: Case) -> None:
    """Consequences follow in every completion, possible ones in some but not in all, and no others follow."""
    for trial in case.trials:
        _check_consequences(trial, trial.decision, exact=not trial.told.joint)


def test_what_matters_can_change_the_outcome(case: Case) -> None:
    """`matters` holds every datum whose change can change the outcome; where the outcome is exact, no other."""
    for trial in case.trials:
        for item in trial.decision.needs:
            if trial.result.exact:
                assert set(item.needs.matters) == matters(trial.told), about(trial)
            else:
                assert supplied_with(frozenset(item.needs.matters)) >= matters(trial.told), about(trial)
            assert list(item.needs.matters) == sorted(item.needs.matters)


def test_there_are_needs_exactly_where_the_outcome_is_undetermined(case: Case) -> None:
    """Needs are told of an undetermined outcome and of no other."""
    for trial in case.trials:
        assert bool(trial.decision.needs) == (trial.result.status == "undetermined"), about(trial)


def test_the_smallest_sets_that_settle_are_told(case: Case) -> None:
    """`will_settle` and `could_settle` are all the smallest sets of up to three, sorted, at most ten."""
    for trial in case.trials:
        for item in trial.decision.needs:
            needs = item.needs
            assert all(len(found) <= 3 for found in (*needs.could_settle, *needs.will_settle))
            assert len(needs.could_settle) <= 10
            assert len(needs.will_settle) <= 10
            for found in needs.will_settle:
                assert settles(trial.told, supplied_with(frozenset(found)))[0], about(trial)
            if not trial.result.exact or len(trial.told.outcomes) > FEW:
                continue
            for found in needs.could_settle:
                assert settles(trial.told, supplied_with(frozenset(found)))[1], about(trial)
            will, could = (
                sorted((tuple(sorted(one)) for one in sets), key=lambda one: (len(one), one))
                for sets in smallest_settling(trial.told, 3)
            )
            assert list(needs.will_settle) == will[:10], about(trial)
            assert list(needs.could_settle) == could[:10], about(trial)
            larger = len(needs.matters) > 3
            assert needs.truncated == (larger or len(could) > 10 or len(will) > 10), about(trial)
