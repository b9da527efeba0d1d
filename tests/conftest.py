"""What every test shares: a cache folder of its own, and reproducible property tests."""

import os

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither read nor write the user's own cache."""
    os.environ["SI_RULES_CACHE"] = str(tmp_path_factory.mktemp("cache"))
