"""One random policy with its trials, shared by all tests of a module."""

import pytest
from tests.properties.cases import EVIDENCES, SEEDS, Case


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed {seed}")
def case(request: pytest.FixtureRequest) -> Case:
    """The case of a seed; `Case(seed, EVIDENCES)` makes it again."""
    return Case(request.param, EVIDENCES)
