"""One random policy with its trials, shared by all the laws that are held on one worker."""

from collections import Counter
from functools import lru_cache

import pytest
from tests.properties.cases import EVIDENCES, LONG, POLICIES, SEEDS, Case

_made = lru_cache(maxsize=1 if LONG else POLICIES)(Case)


def _of(seed: int) -> object:
    return pytest.param(seed, id=f"seed {seed}", marks=pytest.mark.xdist_group(f"seed {seed}"))


_seen: dict[int, Counter[str]] = {}  # the outcomes of each seed by status


@pytest.fixture(scope="session", params=[_of(seed) for seed in SEEDS])
def case(request: pytest.FixtureRequest) -> Case:
    """The case of a seed; `Case(seed, EVIDENCES)` makes it again."""
    made = _made(request.param, EVIDENCES)
    if LONG and made.seed not in _seen:
        _seen[made.seed] = Counter(result.status for trial in made.trials for result in trial.results.values())
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In a long run, how often each kind of outcome was met."""
    if _seen:
        total = sum(_seen.values(), Counter[str]())
        first, last = min(_seen), max(_seen)
        terminalreporter.line(
            f"{len(_seen)} policies, seeds {first} to {last}, {EVIDENCES} evidences each: {dict(total)}"
        )
