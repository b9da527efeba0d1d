"""Where a condition stands: what is known there of whom it is asked, and which clauses it may name."""

from collections.abc import Mapping

from attrs import evolve, frozen

from si_rules.semantics.scope import Scope


@frozen
class Context:
    """Where a condition stands: the values that fields are known to have there, and the clauses it may name."""

    established: Mapping[str, frozenset[str]]
    left_out: bool = False
    clauses: Mapping[str, str] = {}
    depth: int = 0

    def implies(self, group: str, scope: Scope) -> bool:
        """Whether only subjects of a group get here."""
        found = scope.vocabulary.groups[group]
        known = self.established.get(found.field)
        return known is not None and known <= set(found.values)

    def within(self, group: str, scope: Scope) -> "Context":
        """The context of a body that is guarded by a group."""
        found = scope.vocabulary.groups[group]
        known = self.established.get(found.field)
        values = frozenset(found.values) if known is None else known & set(found.values)
        return evolve(self, established={**self.established, found.field: values})
