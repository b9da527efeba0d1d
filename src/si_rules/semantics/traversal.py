"""Walks over the core: every condition under a condition, every term, every field that is read."""

from collections.abc import Iterator, Mapping

from si_rules.semantics.core import (
    Compare,
    Condition,
    Constant,
    Core,
    FieldValue,
    Guarded,
    IsAmong,
    Leaf,
    Listed,
    Not,
    OutcomeIs,
    ParameterValue,
    RecordValue,
    Rule,
    RuleHolds,
    Sum,
    Term,
    Trend,
    Unless,
    YearReference,
    YearValue,
)


def inner_conditions(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside one, references not followed."""
    match condition:
        case Listed(items=items):
            return items
        case Not(condition=inner):
            return (inner,)
        case Guarded(guard=guard, body=body):
            return guard, body
        case Unless(body=body, exception=exception):
            return body, exception
        case Compare() | IsAmong() | Trend() | RuleHolds() | OutcomeIs():
            return ()


def conditions_under(condition: Condition, rules: Mapping[str, Rule] | None = None) -> Iterator[Condition]:
    """A condition and all under it; with `rules`, those of the rules it refers to as well, each rule once."""
    seen: set[str] = set()
    waiting = [condition]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(inner_conditions(current)))
        if rules is not None and isinstance(current, RuleHolds) and current.rule not in seen:
            seen.add(current.rule)
            if current.rule in rules:
                waiting.append(rules[current.rule].condition)


def leaves_under(condition: Condition, rules: Mapping[str, Rule] | None = None) -> Iterator[Leaf]:
    """The leaves of a condition, in the order written."""
    for found in conditions_under(condition, rules):
        if isinstance(found, Compare | IsAmong | Trend):
            yield found


def terms_of(leaf: Leaf) -> Iterator[Term]:
    """Every term of a leaf, sums taken apart. A trend is shown as the values it reads."""
    match leaf:
        case Compare(left=left, right=right):
            yield from _parts(left)
            yield from _parts(right)
        case IsAmong(term=term):
            yield from _parts(term)
        case Trend():
            for back in range(leaf.years, -1, -1):
                yield YearValue(leaf.series, leaf.path, leaf.kind, YearReference(back))


def _parts(term: Term) -> Iterator[Term]:
    match term:
        case Sum(left=left, right=right):
            yield from _parts(left)
            yield from _parts(right)
        case Constant() | FieldValue() | RecordValue() | YearValue() | ParameterValue():
            yield term


def fields_read(condition: Condition, rules: Mapping[str, Rule] | None = None) -> Iterator[str]:
    """The paths of the fields a condition reads, as often as they stand in it."""
    for leaf in leaves_under(condition, rules):
        for term in terms_of(leaf):
            if isinstance(term, FieldValue | RecordValue | YearValue):
                yield term.path


def parameters_read(condition: Condition, rules: Mapping[str, Rule] | None = None) -> Iterator[ParameterValue]:
    """The parameters a condition reads."""
    for leaf in leaves_under(condition, rules):
        for term in terms_of(leaf):
            if isinstance(term, ParameterValue):
                yield term


def all_conditions(core: Core) -> Iterator[Condition]:
    """Every top condition of a policy: rules, guards of classifications, conditions of consequences."""
    for rule in core.rules.values():
        yield rule.condition
    for classification in core.classifications.values():
        if classification.guard is not None:
            yield classification.guard
    for consequence in core.consequences:
        yield consequence.condition
