"""The earlier editions of a policy that lie beside it: a history may begin under one of them."""

from pathlib import Path

from si_rules.loading import editions_named
from si_rules.pathways.follow import InForce
from si_rules.policy import Policy, load_edition


def editions_beside(policy: Policy, folder: Path) -> tuple[InForce, ...]:
    """The editions of a policy before one, the oldest first, from the folders beside its own.

    Raises `PolicyError` where one of them cannot be used.
    """
    beside = editions_named(policy.id, folder.resolve().parent)
    known = [(e.in_force, e, place) for e, place in beside if e.edition != policy.edition]
    before = [(days[0], e, place) for days, e, place in known if days is not None and days[0] < policy.in_force[0]]
    loaded = [(start, load_edition(e, place)) for start, e, place in sorted(before, key=lambda item: item[0])]
    return tuple(InForce(start, found.core, found.digest) for start, found in loaded)
