"""The policy as an audience may see it, and the interpretations that rules rest on."""

from collections.abc import Iterable

from attrs import evolve

from si_rules.semantics import core
from si_rules.semantics.audiences import may_see
from si_rules.semantics.traversal import Reads


def narrowed(policy: core.Core, roles: frozenset[str]) -> core.Core:
    """What some roles may see of a policy.

    The checker has made sure that what they may see reads nothing that they may not, unless it is
    released to them: of such a rule they see whether it holds, and not what it reads.
    """
    return evolve(
        policy,
        rules={
            name: evolve(rule, condition=_NOTHING_SHOWN) if is_released(policy, rule, roles) else rule
            for name, rule in policy.rules.items()
            if may_see(roles, rule.audience)
        },
        classifications={n: c for n, c in policy.classifications.items() if may_see(roles, c.audience)},
        judgements={n: j for n, j in policy.judgements.items() if may_see(roles, j.field.shown_to)},
        consequences=tuple(item for item in policy.consequences if may_see(roles, item.audience)),
        definitions={n: d for n, d in policy.definitions.items() if may_see(roles, d.audience)},
        figures={n: f for n, f in policy.figures.items() if may_see(roles, f.audience)},
    )


_NOTHING_SHOWN = core.Listed("all", 0, (), core.Origin("", 0, ""))


def is_released(policy: core.Core, rule: core.Rule, roles: frozenset[str]) -> bool:
    """Whether a rule is shown to some roles although they may not see all it reads."""
    if not rule.released or not may_see(roles, rule.audience):
        return False
    reads = Reads(policy).condition(rule.condition)
    audiences = [policy.audience_of(path) for path in reads.paths]
    audiences += [policy.rules[name].audience for name in reads.rules]
    audiences += [policy.definitions[name].audience for name in reads.definitions]
    audiences += [policy.classifications[name].audience for name in reads.classifications]
    return not all(may_see(roles, audience) for audience in audiences)


def rested_on(policy: core.Core, rules: Iterable[str]) -> set[str]:
    """The interpretations of some rules and of everything they read: rules, values, parameters, judgements."""
    found: set[str] = set()
    for name in rules:
        rule = policy.rules[name]
        found |= set(rule.interpretations)
        reads = Reads(policy).condition(rule.condition)
        for other in reads.rules:
            found |= set(policy.rules[other].interpretations)
        for other in reads.definitions:
            found |= set(policy.definitions[other].interpretations)
        for other in reads.parameters:
            found |= set(policy.parameters[other].interpretations)
        for other in reads.figures:
            found |= set(policy.figures[other].interpretations)
        for holder in {*reads.records, *(path.rpartition(".")[0] for path in reads.paths)} & policy.counted.keys():
            found |= set(policy.counted[holder].interpretations)
        for path in reads.paths:
            head, _, judgement = path.partition(".")
            if head == "judgements":
                found |= set(policy.judgements[judgement].interpretations)
            elif head in policy.due:
                found |= set(policy.due[head].interpretations)
            for said in (policy.accepted_for.get(path), policy.accepted_for.get(head), policy.breaks.get(path)):
                found |= set(said.interpretations) if said is not None else set()
    return found
