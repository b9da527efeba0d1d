"""A decision as blocks: what the page of decisions shows of each, and parts of it for other documents."""

from collections.abc import Iterable, Iterator, Mapping

from si_rules.decisions.account import TRUTHS, Account, Asked, ClassificationAccount, Follow, Ground, MayFollow, NotMet
from si_rules.decisions.moderation_telling import ModerationAccount
from si_rules.decisions.steps import Explanation
from si_rules.decisions.telling import cited, data_in, day_text, state_in
from si_rules.documents.blocks import Block, Heading, Item, Items, Notice, Text


def decision_blocks(account: Account, moderations: Mapping[str, ModerationAccount], level: int = 2) -> Iterator[Block]:
    """The whole decision, its heading of a level, moderations beside the outcomes. Parts with nothing to say are left out."""
    yield Heading(level, account.subject.name, f"subject-{account.subject.id}")
    yield Text(decided(account))
    if account.cohort is not None:
        yield Text(" ".join(account.cohort.sentences))
    for found in account.classifications:
        yield Heading(level + 1, found.title)
        yield from outcome_blocks(found, moderations.get(found.id))
    deeper = level + 1
    values = [Item(item.text, f"{item.title}:", item.cites) for item in (*account.worked_out, *account.figures)]
    yield from section(deeper, "Values worked out", values)
    yield from section(deeper, "What follows", map(follow_item, account.follows))
    yield from section(deeper, "What may follow", map(may_follow_item, account.may_follow))
    triggers = (
        Item(item.title, f"{TRUTHS[item.status].capitalize()}:", item.cites, ground_items(item.grounds))
        for item in account.triggers
    )
    yield from section(deeper, "Triggers of concern", triggers)
    yield from section(deeper, "Interpretations this rests on", interpretation_items(account))
    yield from section(deeper, "Evidence not used", (Item(item.reason, f"{item.path}:") for item in account.not_used))


def decided(account: Account) -> str:
    """On which day, on what was known when, under which policy; and that it was not in force, where it was not."""
    policy = account.policy
    knowing = "" if account.on == account.known_at else f", with what was known on {day_text(account.known_at)}"
    text = f"Decided on {day_text(account.on)}{knowing}, under {policy.name}."
    if policy.as_if:
        first, last = map(day_text, policy.in_force)
        text += f" The policy is in force from {first} to {last}; this is what it would have said."
    return text


def section(level: int, title: str, items: Iterable[Item]) -> Iterator[Block]:
    """A heading and a list, or nothing where the list is empty."""
    found = tuple(items)
    if found:
        yield Heading(level, title)
        yield Items(found)


# ---- classifications


def outcome_blocks(found: ClassificationAccount, moderation: ModerationAccount | None) -> Iterator[Block]:
    """An outcome with its grounds, the moderation beside it, what kept others away, and what is needed."""
    yield Text(f"{found.said}.", "The rules say:")
    if found.settled:
        yield Text(f"Whatever the missing evidence turns out to be, the outcome is {found.outcome}.")
    yield from (Text(f"Some of these may turn out not to be possible: {doubt}") for doubt in found.doubts)
    for item in found.beside:
        lead = "Beside it:" if item.status == "holds" else "Perhaps beside it:"
        yield Text(f"{item.outcome}, {item.title}.", lead)
    if moderation is not None:
        yield Notice(tuple(moderation_blocks(moderation)))
    because = [
        Item(item.title, f"Because {item.clause} holds:", item.cites, ground_items(item.grounds))
        for item in found.because
    ]
    if because:
        yield Items(because)
    if found.not_met:
        yield Text("", "What was not met:")
        yield Items(map(_not_met, found.not_met))
    yield from needed_blocks(found)
    if found.near:
        yield Text("", "Near misses:")
        yield Items(Item(f"would hold if only this did: {item.text}", item.outcome) for item in found.near)


def moderation_blocks(moderation: ModerationAccount) -> Iterator[Block]:
    """What people decided beside the outcome of the rules, and why, as far as it may be shown."""
    changed = "another outcome than that of the rules" if moderation.changed else "the outcome of the rules stands"
    yield Text(f"{moderation.text} ({changed}).", f"Moderated on {day_text(moderation.date)}:")
    if moderation.reason is not None:
        yield Text(moderation.reason, "Reason:")
    if moderation.author is not None:
        document = f"; {moderation.document}" if moderation.document else ""
        yield Text(f"{moderation.author}, {moderation.role}{document}.", "By:")
    if moderation.supersedes:
        count = moderation.supersedes
        yield Text(f"It supersedes {'an earlier moderation' if count == 1 else f'{count} earlier moderations'}.")


def needed_blocks(found: ClassificationAccount) -> Iterator[Block]:
    """What could settle an outcome, what will, and all that can still matter."""
    if found.could_settle:
        yield Text("", "What could settle it:")
        yield Items(Item(together(asked)) for asked in found.could_settle)
    for asked in found.will_settle:
        yield Text(together(asked), "What will settle it:")
    if found.matters:
        yield Text("", "All that can still matter:")
        yield Items(map(asked_item, found.matters))


def together(asked: Iterable[Asked]) -> str:
    """Data that are asked for together."""
    return " and ".join(item.text for item in asked)


def asked_item(asked: Asked) -> Item:
    """A datum that is asked for, and why it is missing."""
    return Item(f"{asked.text} ({asked.missing})" if asked.missing else asked.text)


def ground_items(grounds: Iterable[Ground]) -> tuple[Item, ...]:
    """What was met, with what it was met with."""
    return tuple(
        Item(
            f"{item.text} — found: {item.found}" if item.found else item.text, "", item.cites, ground_items(item.items)
        )
        for item in grounds
    )


def _not_met(item: NotMet) -> Item:
    lead = f"{item.outcome} ({item.title}), {item.clause}:"
    match item.status:
        case "does_not_hold":
            return Item("", lead, "", tuple(map(Item, item.failing)))
        case "undetermined":
            return Item("not known, and it makes no difference", lead)
        case _:
            return Item("holds too; the more serious stands", lead)


# ---- what follows


def follow_item(item: Follow) -> Item:
    """A consequence as a sentence; who may see it, where not everybody may."""
    only = f" (shown to {', '.join(item.shown_to)})" if item.shown_to else ""
    return Item(f"{item.sentence}{only}", "", item.cites)


def may_follow_item(group: MayFollow) -> Item:
    """What follows on a condition."""
    items = []
    for follow, only in group.follows:
        plain = follow_item(follow)
        items.append(Item(f"{plain.text} {only}".strip(), "", plain.cites))
    return Item("", f"If {group.condition}:", "", tuple(items))


def interpretation_items(account: Account) -> Iterator[Item]:
    """The interpretations that a decision rests on."""
    return (Item(item.text, f"{item.id}:") for item in account.interpretations)


# ---- the explanation


def explained_items(steps: Iterable[Explanation]) -> Iterator[Item]:
    """The steps of an explanation, and the steps under them, as the text of a decision tells them."""
    told: set[str] = set()
    for step in steps:
        yield from _explained(step, told)


def _explained(step: Explanation, told: set[str]) -> Iterator[Item]:
    """A step and all under it. A value that is in `told` is not named again: the condition on it says what it is."""
    if step.is_value and step.rule in told:
        return
    if step.is_value and step.rule is not None:
        told.add(step.rule)
    owned = f" ({', '.join(step.interpretations)})" if step.interpretations else ""
    data = (Item(text) for text in data_in(step, alone=False)) if step.values else ()
    inside = (item for under in step.items for item in _explained(under, told))
    lead = f"{step.rule}:" if step.rule else ""
    yield Item(f"{step.text}: {state_in(step)}{owned}", lead, cited(step.cites), (*data, *inside))
