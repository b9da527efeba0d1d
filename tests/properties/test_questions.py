"""Which judgements are asked agrees with every completion of the missing evidence."""

from typing import Any

from tests.properties.cases import SOME, Case, Trial


def _decided(trial: Trial) -> dict[tuple[Any, ...], Any]:
    """All that is decided in each completion: outcomes, triggers, classes that stand, values, consequences."""
    meaning = trial.case.meaning(trial.on, trial.known_at)
    triggers = [item.id for item in trial.decision.triggers]
    standing = [f"{name}.{label}" for name, result in trial.results.items() for label, _ in result.standing]
    found = {}
    for combination, values in trial.completions:
        found[combination] = (
            tuple(meaning.outcome(name, values) for name in meaning.classifications),
            tuple(meaning.truth(name, values) for name in (*triggers, *standing)),
            tuple(meaning.worth(name, values) for name in meaning.worths),
            tuple(any(follows(values) for follows in sources) for sources in meaning.consequences.values()),
        )
    return found


def _hangs_on(found: dict[tuple[Any, ...], Any], place: int) -> bool:
    """Whether two completions that differ in one datum only come to something else."""
    first: dict[tuple[Any, ...], Any] = {}
    for combination, decided in found.items():
        others = (*combination[:place], *combination[place + 1 :])
        if first.setdefault(others, decided) != decided:
            return True
    return False


def test_a_judgement_is_asked_where_a_completion_hangs_on_it(case: Case) -> None:
    """One that matters changes something in some completion; one that can change something is never needless."""
    for trial in case.trials[:SOME]:
        missing = trial.completions.missing
        found = _decided(trial)
        for question in trial.decision.questions():
            path = f"judgements.{question.judgement}"
            given = path not in missing
            hangs = not given and _hangs_on(found, missing.index(path))
            hint = f"{question}: {trial}"
            assert (question.status == "given") == (given and question.missing is None), hint
            if question.status == "matters":
                assert hangs, hint
            if question.status == "needless":
                assert not hangs, hint
