"""Makes moderations that stand."""

from typing import Any

from si_rules import Decision
from si_rules.decisions.moderation import Moderation, Standing, stand
from si_rules.policy import Policy


def moderated(decision: Decision, policy: Policy, outcome: str, **changes: Any) -> dict[str, Standing]:
    """A moderation of the first classification of a decision."""
    name = next(iter(decision.classifications))
    result = decision.classifications[name]
    record = Moderation.model_validate({
        "id": "M-1", "subject": decision.subject.id, "classification": name, "audience": ["public"],
        "decision": decision.for_audience({"public"}).digest_of(name), "engine_outcome": result.outcome or result.status,
        "moderated_outcome": outcome, "reason": "The visit of October showed it.", "author": "A. Officer",
        "role": "head of service", "date": "2015-11-20",
    } | changes)  # fmt: skip
    standing, refused = stand([("line 1", record)], policy.core)
    assert not refused
    found, stale = standing.of(decision)
    assert not stale
    return found
