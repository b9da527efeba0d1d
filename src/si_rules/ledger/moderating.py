"""Moderations in a ledger: records of their own, each about the record of a decision."""

from collections.abc import Iterable

from si_rules.decisions.basis import Held
from si_rules.decisions.decision import Decision
from si_rules.decisions.moderation import Moderation, Moderations, stand

_NEW = "the moderation"


def fault_of(moderation: Moderation, decision: Decision, earlier: Iterable[Moderation] = ()) -> str | None:
    """Why a moderation is not about a decision, or does not fit those recorded earlier; None where nothing is wrong.

    Of one that supersedes another the earlier ones must hold that other.
    """
    held = decision.kept
    assert isinstance(held, Held)
    if moderation.subject != decision.subject.id:
        return f"it moderates {moderation.subject}, and the decision is about {decision.subject.id}"
    same = (moderation.subject, moderation.classification)
    before = [item for item in earlier if (item.subject, item.classification) == same]
    placed = [*((item.id, item) for item in before), (_NEW, moderation)]
    standing, refused = stand(placed, held.basis.policy)
    for refusal in refused:
        if refusal.place == _NEW:
            return f"{refusal.path}: {refusal.reason}"
    found = Moderations({key: item for key, item in standing.standing.items() if item.record == moderation})
    try:
        _, refused = found.of(decision)
    except ValueError as error:
        return f"audience: {error}"
    return f"{refused[0].path}: {refused[0].reason}" if refused else None
