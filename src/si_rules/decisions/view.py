"""The policy as an audience may see it, and the interpretations that rules rest on."""

from collections.abc import Iterable

from attrs import evolve

from si_rules.semantics import core
from si_rules.semantics.audiences import may_see
from si_rules.semantics.traversal import conditions_under, fields_read, parameters_read


def narrowed(policy: core.Core, roles: frozenset[str]) -> core.Core:
    """The rules, classifications and consequences that some roles may see.

    The checker has made sure that what they may see reads nothing that they may not.
    """
    rules = {name: rule for name, rule in policy.rules.items() if may_see(roles, rule.audience)}
    classifications = {n: c for n, c in policy.classifications.items() if may_see(roles, c.audience)}
    return evolve(
        policy,
        rules=rules,
        classifications=classifications,
        judgements={n: j for n, j in policy.judgements.items() if may_see(roles, j.field.shown_to)},
        consequences=tuple(item for item in policy.consequences if may_see(roles, item.audience)),
    )


def rested_on(policy: core.Core, rules: Iterable[str]) -> set[str]:
    """The interpretations of some rules and of everything they read: rules, parameters, judgements."""
    found: set[str] = set()
    for name in rules:
        rule = policy.rules[name]
        found |= set(rule.interpretations)
        for condition in conditions_under(rule.condition, policy.rules):
            if isinstance(condition, core.RuleHolds):
                found |= set(policy.rules[condition.rule].interpretations)
        for parameter in parameters_read(rule.condition, policy.rules):
            found |= set(policy.parameters[parameter.name].interpretations)
        for path in fields_read(rule.condition, policy.rules):
            head, _, judgement = path.partition(".")
            if head == "judgements":
                found |= set(policy.judgements[judgement].interpretations)
            elif head in policy.due:
                found |= set(policy.due[head].interpretations)
    return found
