"""The decision as text that an officer would put before a headteacher."""

from collections.abc import Iterable, Iterator

from si_rules.decisions.account import (
    TRUTHS,
    Account,
    Asked,
    ClassificationAccount,
    Follow,
    Ground,
    MayFollow,
    TriggerAccount,
)
from si_rules.decisions.decision import Decision
from si_rules.decisions.explanation import explain
from si_rules.decisions.steps import Explanation
from si_rules.decisions.telling import account_of, cited, data_in, day_text, state_in
from si_rules.evaluation.situation import Situation
from si_rules.semantics.facts import Facts


def written(decision: Decision, situation: Situation, facts: Facts, explained: bool) -> str:
    """The whole text, ending in a newline. Parts with nothing to say are left out."""
    lines = list(_lines(account_of(decision, situation, facts)))
    if explained:
        lines += ["", "The whole explanation", *_tree(explain(decision, situation, facts), 1, set())]
    return "\n".join(lines) + "\n"


def _lines(account: Account) -> Iterator[str]:
    yield from _head(account)
    for found in account.classifications:
        yield ""
        yield from _classification(found)
    values = (*account.worked_out, *account.figures)
    shown = (f"{item.title}: {item.text}" + (f" [{item.cites}]" if item.cites else "") for item in values)
    yield from _section("Values worked out", shown)
    yield from _section("What follows", map(_follow, account.follows))
    yield from _section("What may follow", map(_may_follow, account.may_follow))
    yield from _section("Triggers of concern", map(_trigger, account.triggers))
    yield from _section(
        "Interpretations this rests on", (f"{item.id}: {item.text}" for item in account.interpretations)
    )
    yield from _section("Evidence not used", (f"{item.path}: {item.reason}" for item in account.not_used))


def _head(account: Account) -> Iterator[str]:
    policy, name = account.policy, account.subject.name
    yield name
    yield "=" * len(name)
    on, known = day_text(account.on), day_text(account.known_at)
    knowing = "" if account.on == account.known_at else f", with what was known on {known}"
    yield f"Decided on {on}{knowing}, under {policy.name}."
    if policy.as_if:
        first, last = (day_text(day) for day in policy.in_force)
        yield f"The policy is in force from {first} to {last}; this is what it would have said."
    if account.cohort is not None:
        yield " ".join(account.cohort.sentences)


# ---- classifications


def _classification(found: ClassificationAccount) -> Iterator[str]:
    match found.status:
        case "determined":
            yield f"{found.title}: {found.outcome}, {found.outcome_title}"
            for item in found.beside:
                yield f"  {'Beside it' if item.status == 'holds' else 'Perhaps beside it'}: {item.outcome}, {item.title}"
            if found.settled:
                yield f"  Whatever the missing evidence turns out to be, the outcome is {found.outcome}."
            for because in found.because:
                yield f"  Because {because.clause} holds: {because.title} [{because.cites}]"
                yield from _met(because.grounds, 2)
        case "undetermined":
            yield f"{found.title}: not determined. Still possible: {'; '.join(item.text for item in found.possible)}"
            yield from (f"  Some of these may turn out not to be possible: {doubt}" for doubt in found.doubts)
        case "unmatched":
            yield f"{found.title}: none. All that matters is known, and no class describes it."
        case _:
            yield f"{found.title}: does not apply."
    yield from _not_met(found)
    yield from _needed(found)
    if found.near:
        yield "  Near misses:"
        yield from (f"    {item.outcome} would hold if only this did: {item.text}" for item in found.near)


def _met(grounds: Iterable[Ground], depth: int) -> Iterator[str]:
    for item in grounds:
        cites = f" [{item.cites}]" if item.cites else ""
        found = f" — found: {item.found}" if item.found else ""
        yield f"{'  ' * depth}- {item.text}{found}{cites}"
        yield from _met(item.items, depth + 1)


def _not_met(found: ClassificationAccount) -> Iterator[str]:
    if found.not_met:
        yield "  What was not met:"
    for item in found.not_met:
        head = f"    - {item.outcome} ({item.title}), {item.clause}:"
        match item.status:
            case "does_not_hold":
                yield head
                yield from (f"        {text}" for text in item.failing)
            case "undetermined":
                yield f"{head} not known, and it makes no difference"
            case _:
                yield f"{head} holds too; the more serious stands"


def _needed(found: ClassificationAccount) -> Iterator[str]:
    if not found.matters and not found.could_settle and not found.will_settle:
        return
    if found.could_settle:
        yield "  What could settle it:"
        yield from (f"    - {_together(asked)}" for asked in found.could_settle)
    for asked in found.will_settle:
        yield f"  What will settle it: {_together(asked)}"
    yield "  All that can still matter:"
    for item in found.matters:
        yield f"    - {item.text}" + (f" ({item.missing})" if item.missing else "")


def _together(asked: Iterable[Asked]) -> str:
    return " and ".join(item.text for item in asked)


# ---- what follows, and the rest


def _follow(item: Follow) -> str:
    only = f" (shown to {', '.join(item.shown_to)})" if item.shown_to else ""
    return f"{item.sentence}{only} [{item.cites}]"


def _may_follow(group: MayFollow) -> str:
    lines = (f"    - {_follow(item)}{' ' + only if only else ''}" for item, only in group.follows)
    return "\n".join([f"if {group.condition}:", *lines])


def _trigger(item: TriggerAccount) -> str:
    return "\n".join([f"{TRUTHS[item.status]}: {item.title} [{item.cites}]", *_met(item.grounds, 3)])


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from (f"  - {line}" for line in found)


def _tree(step: Explanation, depth: int, told: set[str]) -> Iterator[str]:
    """A step and all under it. A value that is in `told` is not named again: the condition on it says what it is."""
    if step.is_value and step.rule in told:
        return
    if step.is_value and step.rule is not None:
        told.add(step.rule)
    name = f"{step.rule}: " if step.rule else ""
    cites = f" [{cited(step.cites)}]" if step.cites else ""
    owned = f" ({', '.join(step.interpretations)})" if step.interpretations else ""
    yield f"{'  ' * depth}{name}{step.text}: {state_in(step)}{cites}{owned}"
    if step.values:  # else what was found stands in the line itself
        yield from (f"{'  ' * (depth + 1)}{line}" for line in data_in(step, alone=False))
    for item in step.items:
        yield from _tree(item, depth + 1, told)
