"""From consequences as written to consequences of the core."""

from collections.abc import Mapping

from attrs import frozen

from si_rules.semantics import core
from si_rules.semantics.audiences import Audience, meet
from si_rules.semantics.rule_parts import RuleParts
from si_rules.semantics.timing import when_of
from si_rules.syntax import tree


@frozen
class Target:
    """What a block of consequences hangs on."""

    rule: str
    condition: core.Condition
    audience: Audience
    cites: tuple[core.Citation, ...]
    classification: str | None
    clauses: Mapping[str, str]
    group: str | None


class ConsequenceReader:
    """Reads what follows from rules and classes, and keeps it in the order read."""

    def __init__(self, parts: RuleParts) -> None:
        self.parts = parts
        self.declared = parts.declared
        self.scope = parts.scope
        self.ownership = parts.ownership
        self.report = parts.report
        self.found: list[core.Consequence] = []

    def block(self, block: tree.Then, target: Target) -> None:
        """Read what follows under one head."""
        with self.parts.report.reading(block.source):
            self._block(block, target)

    def _block(self, block: tree.Then, target: Target) -> None:
        cites = self.ownership.cites(block.cites) or target.cites
        interpretations = self.ownership.interpretations(block.interpretations)
        for written in block.consequences:
            found = self._consequence(written, target, cites, interpretations)
            if found is not None:
                self.found.append(found)

    def _consequence(self, written: tree.Consequence, target: Target, cites: tuple[core.Citation, ...],
                     interpretations: tuple[str, ...]) -> core.Consequence | None:  # fmt: skip
        titles = {
            sort: self.parts.named(sort, word) for sort, word in (("party", written.party), ("action", written.action))
        }
        own_cites = self.ownership.cites(tuple(p for p in written.properties if isinstance(p, tree.Cites)))
        own = self.ownership.interpretations(tuple(p for p in written.properties if isinstance(p, tree.Interpretation)))
        conditions: list[core.Condition] = []
        group = self.parts.group_of((written.group,)) if written.group else None
        if group is not None:
            conditions.append(self.scope.membership(group))
        if written.condition is not None:
            inner = self.parts.condition(written.condition, group or target.group, target.clauses)
            if inner is None:
                return None
            conditions.append(inner)
        occasions = {name: item.title.text for name, (_, item) in self.declared.named["occasion"].items()}
        when = when_of(written.timing, occasions, self.report, self.declared.damaged)
        condition = target.condition
        for further in conditions:
            condition = core.Guarded(condition, further)
        shown = self.parts.audience((written.shown_to,)) if written.shown_to else None
        if None in titles.values():
            return None
        return core.Consequence(
            written.modality.text,
            written.party.text,
            written.action.text,
            titles["action"] or "",
            when,
            meet(shown, target.audience),
            target.rule,
            condition,
            own_cites or cites,
            (*interpretations, *own),
            target.classification,
        )
