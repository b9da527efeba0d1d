"""What can make a clause hold that does not: the leaves in it, and what it asks for together."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from si_rules.semantics import core
from si_rules.semantics.traversal import conditions_under, stands_alone, terms_of, terms_under

Owned: TypeAlias = tuple[str, core.Leaf]
Step: TypeAlias = tuple[core.Condition, frozenset[int] | None]


class Ways:
    """What can make a clause of a policy hold that does not: worked out for each clause once, for any evidence.

    A clause that asks for several things together holds only where none of these fails: so a leaf whose flip makes it
    hold stands in every one that does.
    """

    def __init__(self, policy: core.Core) -> None:
        self.policy = policy
        self._by_themselves: dict[int, tuple[core.Leaf, bool]] = {}
        self._known: dict[str, tuple[list[Owned], list[Step]]] = {}

    def of_clause(self, clause: str) -> tuple[list[Owned], list[Step]]:
        """The leaves that can be asked alone, in order, each with its rule; and what is asked for together.

        Of each of these, the leaves that stand in it, by identity; None where it reads values with a name, in which any may.
        """
        found = self._known.get(clause)
        if found is None:
            rules = self.policy.rules
            condition = rules[clause].condition
            leaves = [pair for pair in _owned_leaves(clause, condition, rules) if stands_alone(pair[1])]
            steps = [(step, self._inside(clause, step)) for step in _together(condition)]
            found = self._known[clause] = (leaves, steps)
        return found

    def reads_evidence(self, leaf: core.Leaf) -> bool:
        """Whether a leaf reads evidence only: neither a record at hand nor what hangs on other conditions."""
        found = self._by_themselves.get(id(leaf))
        if found is None:  # the leaf is kept with the answer, so that no other comes to have its identity
            found = self._by_themselves[id(leaf)] = (leaf, stands_alone(leaf) and not _reads_more(leaf))
        return found[1]

    def _inside(self, clause: str, step: core.Condition) -> frozenset[int] | None:
        found = list(_owned_leaves(clause, step, self.policy.rules))
        if any(_reads_more(leaf) for _, leaf in found):
            return None
        return frozenset(id(leaf) for _, leaf in found)


def _reads_more(leaf: core.Leaf) -> bool:
    """Whether a leaf reads values with a name, or what hangs on conditions of its own."""
    named = (inner for term in terms_of(leaf) for inner in terms_under(term))
    return any(isinstance(inner, core.DefinedValue | core.Chosen | core.OverRecords) for inner in named)


def _together(condition: core.Condition) -> tuple[core.Condition, ...]:
    """What a condition asks for together: where one of these fails it does not hold."""
    if isinstance(condition, core.Guarded):  # of one inside a list this is not so: there it may be struck
        return _together(condition.body)
    return tuple(_listed(condition))


def _listed(condition: core.Condition) -> Iterator[core.Condition]:
    if isinstance(condition, core.Listed) and condition.quantifier in ("all", "match"):
        for item in condition.items:
            yield from _listed(item)
    else:
        yield condition


def _owned_leaves(clause: str, within: core.Condition, rules: Mapping[str, core.Rule]) -> Iterator[Owned]:
    """The leaves of a condition of a clause and of every rule it refers to, each with the rule it stands in."""
    waiting, seen = [(clause, within)], {clause}
    while waiting:
        owner, top = waiting.pop(0)
        for condition in conditions_under(top):
            if isinstance(condition, core.Compare | core.IsAmong | core.IsNone | core.Trend):
                yield owner, condition
            elif isinstance(condition, core.RuleHolds) and condition.rule in rules and condition.rule not in seen:
                seen.add(condition.rule)
                waiting.append((condition.rule, rules[condition.rule].condition))
