"""Moderations in words, as values, for those to whom they are shown."""

import datetime
from collections.abc import Iterable, Mapping

from attrs import frozen

from si_rules.decisions.account import Account, ClassificationAccount
from si_rules.decisions.moderation import Standing


@frozen
class ModerationAccount:
    """A moderation that stands: what the engine said, what people decided, and, where it may be shown, why and who.

    `changed` says whether the outcome is another than the engine's; `supersedes` how many it supersedes.
    """

    classification: str
    title: str
    said: str
    outcome: str
    outcome_title: str
    text: str
    changed: bool
    date: datetime.date
    reason: str | None
    author: str | None
    role: str | None
    document: str | None
    supersedes: int


def moderated(account: Account, standing: Mapping[str, Standing], roles: Iterable[str]) -> dict[str, ModerationAccount]:
    """The moderations of a decision, by classification, as some roles may see them.

    Those of a classification that they may not see are left out.
    """
    shown = frozenset(roles)
    found = {item.id: item for item in account.classifications}
    return {name: _told(found[name], item, shown) for name, item in standing.items() if name in found}


def _told(found: ClassificationAccount, standing: Standing, roles: frozenset[str]) -> ModerationAccount:
    record = standing.record
    title = next(item.title for item in found.classes if item.outcome == record.moderated_outcome)
    told = standing.told_to(roles)
    return ModerationAccount(
        found.id,
        found.title,
        found.said,
        record.moderated_outcome,
        title,
        f"{record.moderated_outcome}, {title}",
        record.moderated_outcome != found.outcome,
        record.date,
        record.reason if told else None,
        record.author if told else None,
        record.role if told else None,
        record.document if told else None,
        len(standing.superseded),
    )
