"""One random policy with its trials, shared by all the laws that are held on one worker."""

from functools import lru_cache

import pytest
from tests.properties.cases import EVIDENCES, LONG, POLICIES, SEEDS, Case

_made = lru_cache(maxsize=1 if LONG else POLICIES)(Case)


def _of(seed: int) -> object:
    return pytest.param(seed, id=f"seed {seed}", marks=pytest.mark.xdist_group(f"seed {seed}"))


@pytest.fixture(scope="module", params=[_of(seed) for seed in SEEDS])
def case(request: pytest.FixtureRequest) -> Case:
    """The case of a seed; `Case(seed, EVIDENCES)` makes it again."""
    return _made(request.param, EVIDENCES)
