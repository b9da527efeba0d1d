"""Small random policies, as text, with a model of what was written that the oracle reads instead of the core."""

from tests.properties.generator.making import random_policy as random_policy
from tests.properties.generator.rules import Policy
from tests.properties.generator.writing import Writer


def texts(policy: Policy) -> tuple[bytes, bytes]:
    """The policy and its vocabulary as files."""
    writer = Writer(policy)
    return writer.policy_text().encode(), writer.vocabulary().encode()
