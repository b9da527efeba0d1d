"""Outcomes, truths, values, consequences and needs agree with every completion of the missing evidence."""

from functools import partial
from typing import Any

from tests.properties.cases import SOME, Case, Trial
from tests.properties.oracle import (
    NO,
    NONE,
    NOT_APPLICABLE,
    NOTHING,
    YES,
    matters,
    settles,
    smallest_settling,
    supplied_with,
)

from si_rules.decisions.basis import Basis
from si_rules.decisions.deciding import Deciding
from si_rules.decisions.decision import Decision
from si_rules.evaluation.completions import MOST_NODES
from si_rules.evaluation.situation import Situation
from si_rules.evidence.facts import facts_of

FEW = 400  # completions, where every set of data is tried


def possible(result: Any) -> set[str]:
    """The outcomes the engine says are possible."""
    return set(result.possible) or {NOT_APPLICABLE}


def test_an_exact_outcome_is_that_of_every_completion(case: Case) -> None:
    """Where `exact` is true, status and possible outcomes are those of all completions, no more and no fewer."""
    for trial in case.trials:
        for name, result in trial.results.items():
            if result.exact:
                told = trial.told.status(name), trial.told.possible(name)
                assert (result.status, possible(result)) == told, f"{name}: {trial}"


def test_an_inexact_outcome_leaves_none_out(case: Case) -> None:
    """Where `exact` is false, every outcome of a completion is among the possible ones."""
    for trial in case.trials:
        for name, result in trial.results.items():
            if not result.exact:
                assert result.status == "undetermined", f"{name}: {trial}"
                assert possible(result) >= trial.told.possible(name), f"{name}: {trial}"


def test_an_outcome_is_exact_where_every_comparison_misses_one_datum_at_most(case: Case) -> None:
    """`exact` is false only where a comparison hangs on more than one missing datum, or on it in more ways than one."""
    for trial in case.trials:
        for name, result in trial.results.items():
            assert result.exact or not trial.told.promised[name], f"{name}: {trial}"


def test_a_determined_outcome_is_explained_by_clauses_that_hold(case: Case) -> None:
    """`because` names clauses of the outcome that hold in every completion, else `settled_by` says how."""
    for trial in case.trials:
        for item in case.policy.classifications:
            result = trial.results[item.name]
            if result.status != "determined":
                assert (result.because, result.settled_by, result.outcome) == ((), None, None)
                continue
            described = next(block for block in item.blocks() if block.label == result.outcome)
            own = {f"{item.name}.{clause.label}" for clause in described.clauses}
            assert set(result.because) <= own, str(trial)
            assert all(trial.told.truths[clause] == {YES} for clause in result.because), str(trial)
            assert result.settled_by == (None if result.because else "every completion"), str(trial)


def test_which_classes_stand_together_is_that_of_every_completion(case: Case) -> None:
    """Of each class of a classification of which all stand it is said that it holds, or does not, only where it is so."""
    for trial in case.trials:
        for item in case.policy.classifications:
            result = trial.results[item.name]
            applies = trial.told.possible(item.name) != {NOT_APPLICABLE}
            assert [label for label, _ in result.standing] == (
                [described.label for described in item.classes] if item.all_stand and applies else []
            ), str(trial)
            for label, truth in result.standing:
                truths = {
                    NO if found == NOT_APPLICABLE else found for found in trial.told.truths[f"{item.name}.{label}"]
                }
                assert truth == "undetermined" or truths == {truth}, f"{label}: {trial}"


def test_few_nodes_leave_no_outcome_and_no_consequence_out(case: Case) -> None:
    """Past the stated number of nodes the outcome is a safe over-approximation, and so is what follows."""
    for nodes in (1, 4, 12):
        basis = Basis(case.core, case.loaded.digest, most_nodes=nodes)
        for trial in case.trials[:SOME]:
            read = partial(facts_of, case.model.model_validate(trial.record))
            decision = basis.decide(read, trial.on, trial.known_at, True)
            for name, result in decision.classifications.items():
                assert possible(result) >= trial.told.possible(name), f"{name}: {trial}"
                assert result.status in ("undetermined", trial.told.status(name)), f"{name}: {trial}"
                if result.exact:
                    assert possible(result) == trial.told.possible(name), f"{name}: {trial}"
            _check_consequences(trial, decision, exact=False)


def test_truths_agree_with_every_completion(case: Case) -> None:
    """What is said to hold, not to hold or not to apply is so in every completion."""
    for trial in case.trials:
        situation = Situation(case.core, trial.on, trial.known_at)
        record = case.model.model_validate(trial.record)
        deciding = Deciding(situation, facts_of(record, case.core, trial.on, trial.known_at), MOST_NODES)
        for name, truths in trial.told.truths.items():
            if name not in case.core.rules or not truths:
                continue  # whether a classification applies is no rule; a clause of one that never does is not asked
            found = deciding.truth(name).value
            if found in (YES, NO, NOT_APPLICABLE):
                assert truths == {found}, f"{name} {found}: {trial}"


def test_triggers_are_those_of_the_interpreter_and_of_complete_evidence(case: Case) -> None:
    """Each trigger is reported once; with nothing missing it is what the policy says."""
    for trial in case.trials:
        found = {item.id: item.status for item in trial.decision.triggers}
        assert set(found) == {rule.name for rule in case.policy.rules if rule.sort == "trigger"}
        if not trial.told.missing:
            assert {name: {status} for name, status in found.items()} == {n: trial.told.truths[n] for n in found}, str(
                trial
            )


def test_a_value_is_known_where_every_completion_gives_it(case: Case) -> None:
    """A value is known, none or not applicable only where every completion says so; else all it may be is listed."""
    for trial in case.trials:
        found = {item.id: item for item in trial.decision.values}
        assert set(found) >= set(trial.told.worths), str(trial)
        for name, worths in trial.told.worths.items():
            item = found[name]
            match item.status:
                case "known":
                    assert worths == {item.value}, f"{name} {item.value}: {trial}"
                case "none":
                    assert worths == {NONE}, f"{name}: {trial}"
                case "not_applicable":
                    assert worths == {NOTHING}, f"{name}: {trial}"
                case _:
                    assert trial.told.missing, f"{name}: {trial}"
                    some = worths - {NONE, NOTHING}
                    assert not item.possible or some <= set(item.possible), f"{name} {item.possible} {some}: {trial}"


def _check_consequences(trial: Trial, decision: Decision, exact: bool) -> None:
    def keys(items: Any) -> list[tuple[str, ...]]:
        return [
            (c.bearer, c.modality, c.action, c.when or "", ",".join(sorted(c.audience or {"public"}))) for c in items
        ]

    certain, might = keys(decision.consequences), keys(decision.possible_consequences)
    assert len({*certain, *might}) == len(certain) + len(might), str(trial)
    always = {key for key, found in trial.told.follows.items() if found == {True}}
    sometimes = {key for key, found in trial.told.follows.items() if found == {True, False}}
    if exact:
        assert (set(certain), set(might)) == (always, sometimes), str(trial)
    assert set(certain) <= always, str(trial)
    assert always | sometimes <= {*certain, *might}, str(trial)


def test_consequences_follow_in_every_completion_and_possible_ones_in_some(case: Case) -> None:
    """Consequences follow in every completion, possible ones in some but not in all, and no others follow."""
    for trial in case.trials:
        _check_consequences(trial, trial.decision, exact=trial.told.promised["(consequences)"])


def test_what_matters_can_change_the_outcome(case: Case) -> None:
    """`matters` holds every datum whose change can change the outcome; where the outcome is exact, no other."""
    for trial in case.trials:
        for item in trial.decision.needs:
            told = matters(trial.told.missing, trial.told.outcomes[item.outcome_of])
            if trial.results[item.outcome_of].exact:
                assert set(item.needs.matters) == told, str(trial)
            else:
                assert supplied_with(frozenset(item.needs.matters)) >= told, str(trial)
            assert list(item.needs.matters) == sorted(item.needs.matters)


def test_there_are_needs_exactly_where_the_outcome_is_undetermined(case: Case) -> None:
    """Needs are told of an undetermined outcome and of no other."""
    for trial in case.trials:
        undetermined = [name for name, result in trial.results.items() if result.status == "undetermined"]
        assert [item.outcome_of for item in trial.decision.needs] == undetermined, str(trial)


def test_the_smallest_sets_that_settle_are_told(case: Case) -> None:
    """`will_settle` and `could_settle` are all the smallest sets of up to three, sorted, at most ten."""
    for trial in case.trials:
        for item in trial.decision.needs:
            needs, outcomes = item.needs, trial.told.outcomes[item.outcome_of]
            missing = trial.told.missing
            assert all(len(found) <= 3 for found in (*needs.could_settle, *needs.will_settle))
            assert len(needs.could_settle) <= 10
            assert len(needs.will_settle) <= 10
            for found in needs.will_settle:
                assert settles(missing, outcomes, supplied_with(frozenset(found)))[0], str(trial)
            if not trial.results[item.outcome_of].exact or len(outcomes) > FEW:
                continue
            for found in needs.could_settle:
                assert settles(missing, outcomes, supplied_with(frozenset(found)))[1], str(trial)
            will, could = (
                sorted((tuple(sorted(one)) for one in sets), key=lambda one: (len(one), one))
                for sets in smallest_settling(missing, outcomes, 3)
            )
            assert list(needs.will_settle) == will[:10], str(trial)
            assert list(needs.could_settle) == could[:10], str(trial)
            larger = len(needs.matters) > 3
            assert needs.truncated == (larger or len(could) > 10 or len(will) > 10), str(trial)
