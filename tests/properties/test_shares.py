"""The random policies and evidence try every kind of outcome often enough for the laws to mean something."""

from collections import Counter

from tests.properties.cases import EVIDENCES, FIRST_SEED, LONG, POLICIES, Case


def test_every_kind_of_outcome_is_common() -> None:
    """At least a fifth of all outcomes is determined, a fifth undetermined, a fifth unmatched."""
    found: Counter[str] = Counter()
    policies, evidences = (POLICIES, EVIDENCES) if LONG else (24, 5)
    more: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + policies):
        for trial in Case(seed, evidences).trials:
            for name, result in trial.results.items():
                found[result.status] += 1
                more["exact"] += result.exact
                more["exact is promised"] += trial.told.promised[name]
                more["with something missing"] += bool(trial.completions.missing)
                more["settled by every completion"] += result.settled_by is not None
                more["invalid"] += result.outcome == "invalid"
    total = found.total()
    figures = f"seeds {FIRST_SEED} to {FIRST_SEED + policies - 1}, {total} outcomes: {dict(found)}; {dict(more)}"
    print(figures)
    assert min(found[status] for status in ("determined", "undetermined", "unmatched")) >= total / 5, figures
    assert more["with something missing"] >= total / 2, figures
    assert more["settled by every completion"], figures
    assert more["invalid"], figures
