"""The random policies and evidence try every kind of outcome often enough for the laws to mean something."""

from collections import Counter

from tests.properties.cases import EVIDENCES, FIRST_SEED, LONG, POLICIES, Case


def test_every_kind_of_outcome_is_common() -> None:
    """At least a fifth of all outcomes is determined, a fifth undetermined, a fifth unmatched."""
    found: Counter[str] = Counter()
    policies, evidences = (POLICIES, EVIDENCES) if LONG else (60, 6)
    exact = absent = every_completion = 0
    for seed in range(FIRST_SEED, FIRST_SEED + policies):
        for trial in Case(seed, evidences).trials:
            found[trial.result.status] += 1
            exact += trial.result.exact
            absent += bool(trial.completions.missing)
            every_completion += trial.result.settled_by is not None
    total = found.total()
    figures = f"seeds {FIRST_SEED} to {FIRST_SEED + policies - 1}, {total} decisions: {dict(found)}; exact {exact}; "
    figures += f"with something missing {absent}; settled by every completion {every_completion}"
    print(figures)
    assert min(found[status] for status in ("determined", "undetermined", "unmatched")) >= total / 5, figures
    assert absent >= total / 2, figures
    assert every_completion, figures
