"""Where two outcomes differ first, in the order in which people ask: class, triggers, values, what follows, rules."""

from typing import Any

from attrs import frozen

from si_rules.ledger.outcome import ORDER, truth_of

# What two outcomes are compared by when the evidence or the policy is another on purpose.
OF_SUBSTANCE = ("classifications", "triggers", "values", "figures", "consequences", "possible_consequences")


@frozen
class Difference:
    """The first place at which two outcomes differ, and what stands there in each, as JSON values."""

    where: str
    was: Any
    now: Any


def first_difference(was: Any, now: Any, place: str = "") -> Difference | None:
    """The first place at which two JSON values differ, in the order of the first."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in [*was, *(key for key in now if key not in was)]:
            found = first_difference(was.get(key), now.get(key), f"{place}.{key}" if place else str(key))
            if found is not None:
                return found
        return None
    if isinstance(was, list) and isinstance(now, list):
        for number, (one, other) in enumerate(zip(was, now, strict=False)):
            name = one.get("outcome_of") if isinstance(one, dict) else None
            found = first_difference(one, other, f"{place}[{name or number}]")
            if found is not None:
                return found
        if len(was) != len(now):
            return Difference(f"{place}[{min(len(was), len(now))}]", was[len(now) :], now[len(was) :])
        return None
    return None if type(was) is type(now) and was == now else Difference(place, was, now)


def between(was: dict[str, Any], now: dict[str, Any], keys: tuple[str, ...] = ORDER) -> Difference | None:
    """The first difference between two outcomes, in so far as they are compared."""
    for key in keys:
        found = first_difference(was.get(key), now.get(key), key)
        if found is not None:
            return found
    return None


def first_rule(was: dict[str, Any], now: dict[str, Any], rules: list[str]) -> Difference | None:
    """The first of some rules whose truth differs between two outcomes."""
    for rule in rules:
        before, after = truth_of(was, rule), truth_of(now, rule)
        if before != after:
            return Difference(rule, before, after)
    return None
