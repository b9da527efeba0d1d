"""What a template is given, as values: outcomes, what follows by whom, and the head of the letter."""

from collections.abc import Iterator

from attrs import frozen

from si_rules.decisions.account import SORTS, ClassificationAccount, Follow, Following
from si_rules.decisions.moderation_telling import ModerationAccount


@frozen
class Outcome:
    """A classification that a letter is about: what the rules say, and beside it what people decided, if they did.

    `stands` is the class that stands, the moderated one where there is one, None where there is none yet.
    """

    rules: ClassificationAccount
    moderation: ModerationAccount | None
    stands: str | None
    stands_title: str | None


@frozen
class Said:
    """What follows, of one sort each, and `possible`, what may follow on a condition."""

    duties: tuple[Follow, ...]
    powers: tuple[Follow, ...]
    recommendations: tuple[Follow, ...]
    expectations: tuple[Follow, ...]
    candidates: tuple[Follow, ...]
    possible: tuple["Possibly", ...]


@frozen
class Possibly:
    """What follows on a condition."""

    condition: str
    follows: tuple[Follow, ...]


@frozen
class Heading:
    """What the letter is: its title, for whom it is signed and by whom, and the paragraph that brings it."""

    title: str
    signed_for: str | None
    signed_by: str | None
    cites: str | None


def outcome_of(found: ClassificationAccount, moderation: ModerationAccount | None) -> Outcome:
    """A classification with what people made of it."""
    if moderation is not None:
        return Outcome(found, moderation, moderation.outcome, moderation.outcome_title)
    return Outcome(found, None, found.outcome, found.outcome_title)


def said_of(then: Following, parties: tuple[str, ...], theirs: bool) -> Said:
    """What follows for some parties, or for all but them, by its sort."""
    own = [item for item in then.follows if (item.bearer in parties) is theirs]
    duties, powers, recommendations, expectations, candidates = (
        tuple(item for item in own if item.sort == sort) for sort in dict.fromkeys(SORTS.values())
    )
    possible = tuple(_possibly(then, parties, theirs))
    return Said(duties, powers, recommendations, expectations, candidates, possible)


def _possibly(then: Following, parties: tuple[str, ...], theirs: bool) -> Iterator[Possibly]:
    for group in then.may_follow:
        found = tuple(item for item, _ in group.follows if (item.bearer in parties) is theirs)
        if found:
            yield Possibly(group.condition, found)
