"""What follows once people have moderated: told for the class they gave, and carried into no rule."""

from collections.abc import Iterator, Mapping

from si_rules.decisions.account import Account, Follow, Following, MayFollow
from si_rules.decisions.decision import Decision
from si_rules.decisions.moderation_telling import ModerationAccount
from si_rules.semantics.core import UNMATCHED


def following(decision: Decision, account: Account, moderations: Mapping[str, ModerationAccount]) -> Following:
    """What follows from a decision and the moderations beside it.

    Where people gave another class than the rules, what the rules' own class alone brings is left out and what the
    policy says of the class they gave is put in its place. Everything else stays as the rules have it, also what
    reads the outcome: a moderation is evidence for nothing here.
    """
    changed = [item for item in moderations.values() if item.changed]
    if not changed:
        return Following(account.follows, account.may_follow)
    left_out = {rule for item in changed for rule in _own_rules(decision, item.classification)}
    brought = [decision.brought_by(item.classification, item.outcome) for item in changed]
    certain = [item for item in account.follows if not _only_of(item, left_out)]
    certain += [item for one in brought for item in one.follows]
    possible = [*_without(account.may_follow, left_out), *(group for one in brought for group in one.may_follow)]
    return Following(tuple(_once(certain)), tuple(possible))


def _own_rules(decision: Decision, name: str) -> Iterator[str]:
    """The rules by which the outcome of a classification brings something: of its class, or of those still possible."""
    result = decision.classifications[name]
    labels = (result.outcome,) if result.outcome is not None else result.possible
    return (f"{name}.{label}" for label in labels or (UNMATCHED,))


def _only_of(item: Follow, rules: set[str]) -> bool:
    return all(rule in rules for rule in item.rule.split(", "))


def _without(groups: tuple[MayFollow, ...], rules: set[str]) -> Iterator[MayFollow]:
    for group in groups:
        kept = tuple((item, only) for item, only in group.follows if not _only_of(item, rules))
        if kept:
            yield MayFollow(group.condition, kept)


def _once(items: list[Follow]) -> Iterator[Follow]:
    """Each act once, though two rules bring it."""
    seen: set[tuple[str, str, str, str | None]] = set()
    for item in items:
        key = item.modality, item.bearer, item.action, item.when
        if key not in seen:
            seen.add(key)
            yield item
