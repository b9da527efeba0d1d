"""The head of every draft: that it is one, what it rests on, who signs, and what is missing. No template can leave it out."""

from collections.abc import Iterator, Mapping
from typing import Final

from si_rules.decisions.account import Account, ClassificationAccount, Follow
from si_rules.decisions.moderation_telling import ModerationAccount
from si_rules.decisions.telling import day_text
from si_rules.documents.blocks import Block, Item, Items, Notice, Text
from si_rules.documents.decision_blocks import decided, together
from si_rules.documents.declaration import Letter
from si_rules.semantics.audiences import PUBLIC
from si_rules.semantics.core import Core

SORTS: Final = {
    "duty": "a duty", "power": "a power, which somebody has to decide to use", "recommendation": "a recommendation",
    "expectation": "an expectation", "candidate": "a proposal",
}  # fmt: skip


def notice_blocks(letter: Letter, policy: Core, account: Account, moderations: Mapping[str, ModerationAccount],
                  rests_on: Follow | None, status: str, lacking: list[str]) -> tuple[tuple[Block, ...], tuple[str, ...]]:  # fmt: skip
    """The notice, and what is missing as plain sentences."""
    missing = (*_missing(letter, account, moderations, status), *map(_not_asked, lacking))
    blocks: list[Block] = [
        Text(f"{letter.title}, to {account.subject.name}. Not signed and not sent.", "Draft."),
        Text(f"{decided(account)} Digest of the decision: {account.digest}."),
        *_rests_on(rests_on),
        Text(_signs(letter, rests_on), "To be signed:"),
        Text(f"nothing stands here that {_readers(letter, policy)} may not see.", "Made to be read by:"),
    ]
    if missing:
        blocks += [Text("", "Before it is sent:"), Items(map(Item, missing))]
    else:
        blocks.append(Text("nothing is missing that the policy asks for.", "Before it is sent:"))
    return (Notice(tuple(blocks)),), missing


def _rests_on(rests_on: Follow | None) -> Iterator[Block]:
    if rests_on is None:
        yield Text("the policy names no act that sends this letter.", "It rests on:")
    else:
        yield Text(f"{SORTS[rests_on.sort]}. {rests_on.sentence}", "It rests on:", rests_on.cites)


def _signs(letter: Letter, rests_on: Follow | None) -> str:
    if letter.signed_by is not None:
        return f"by {letter.signed_by}."
    bearer = f"for {rests_on.bearer_title}" if rests_on else "by whoever sends it"
    return f"{bearer}; the policy does not say by whom." if rests_on else f"{bearer}."


def _readers(letter: Letter, policy: Core) -> str:
    return "everybody" if letter.audience == PUBLIC else policy.vocabulary.audiences[letter.audience]


def _missing(
    letter: Letter, account: Account, moderations: Mapping[str, ModerationAccount], status: str
) -> Iterator[str]:
    """What has to be seen to before the letter is sent, a sentence each."""
    if account.policy.as_if:
        first, last = map(day_text, account.policy.in_force)
        yield f"The policy was not in force on {day_text(account.on)}: it is from {first} to {last}."
    if status == "possible":
        conditions = [g.condition for g in account.may_follow for item, _ in g.follows if item.action == letter.action]
        yield f"The policy brings this letter only if {' or if '.join(dict.fromkeys(conditions))}; that is not known."
    unmoderated = [
        item.title for item in account.classifications if item.id in letter.about and item.id not in moderations
    ]
    for action in letter.first:
        for item in account.follows:
            if item.action == action and unmoderated:
                yield f"{item.sentence} [{item.cites}] No moderation of the {' and the '.join(unmoderated)} is recorded."
    if not letter.first:
        for title in unmoderated:
            yield f"No moderation of the {title} is recorded."
    for found in account.classifications:
        if found.id in letter.about:
            yield from _open(found, moderations.get(found.id))


def _not_asked(id: str) -> str:
    return f"What the policy {id} says was not asked; the letter tells nothing of it."


def _open(found: ClassificationAccount, moderation: ModerationAccount | None) -> Iterator[str]:
    """What an outcome leaves open, and what a moderation makes of it."""
    if moderation is not None:
        if moderation.changed:
            yield (
                f"The {found.title} was moderated to {moderation.text}; the rules say: {found.said}. What follows is told "
                "for the moderated class, and no other rule has taken it in: read it over."
            )
        return
    if found.status == "unmatched":
        yield f"No class of the {found.title} describes the case; somebody has to decide it in moderation."
    if found.status != "undetermined":
        return
    possible = "; ".join(item.text for item in found.possible)
    yield f"The {found.title} is not determined. Still possible: {possible}."
    yield from (f"Some of these may turn out not to be possible: {doubt}" for doubt in found.doubts)
    if found.could_settle:
        yield f"What could settle the {found.title}: {'; or '.join(map(together, found.could_settle))}."
    for asked in found.will_settle:
        yield f"What will settle the {found.title}: {together(asked)}."
    if found.matters:
        matters = "; ".join(f"{item.text} ({item.missing})" if item.missing else item.text for item in found.matters)
        yield f"All that can still matter to the {found.title}: {matters}."
