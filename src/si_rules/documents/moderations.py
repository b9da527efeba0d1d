"""Moderations for programs that import the library: read, and held against a policy, in one step."""

from si_rules.decisions.moderation import Moderations, stand
from si_rules.decisions.moderation_reading import read_moderations as read
from si_rules.evidence.readers import Refusal
from si_rules.policy import Policy


def read_moderations(data: str | bytes, policy: Policy) -> tuple[Moderations, list[Refusal]]:
    """The moderations that stand, of a text of JSON, JSON Lines or CSV, and those that are refused, with the reason.

    Never raises for what is in the text. `Moderations.of` then says which are about a decision.
    """
    found = read(data)
    standing, refused = stand(found.records, policy.core)
    return standing, [*found.refused, *refused]
