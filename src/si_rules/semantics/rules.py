"""From facts and triggers as written to rules of the core."""

from si_rules.semantics import core
from si_rules.semantics.audiences import PUBLIC, Audience
from si_rules.semantics.consequences import ConsequenceReader, Target
from si_rules.semantics.rule_parts import RuleParts
from si_rules.syntax import tree


class RuleReader:
    """Reads the facts and triggers of an edition; what cannot be read is reported and left out."""

    def __init__(self, parts: RuleParts, consequences: ConsequenceReader) -> None:
        self.parts = parts
        self.declared = parts.declared
        self.scope = parts.scope
        self.ownership = parts.ownership
        self.report = parts.report
        self.consequences = consequences

    def read_all(self) -> None:
        """Read every fact and trigger."""
        for source, written in self.declared.rules.values():
            self.report.source = source
            self._rule(written)

    def _rule(self, written: tree.Rule) -> None:
        name, damaged = written.name.text, written.name.text in self.declared.damaged
        cites = self.ownership.cites(written.cites)
        interpretations = self.ownership.interpretations(written.interpretations)
        self.ownership.need(
            f"the {written.sort} `{name}`", written.span, written.cites, written.interpretations, damaged
        )
        audience = self.parts.audience(written.shown_to)
        group = self.parts.group_of(written.applies_to)
        if len(written.conditions) != 1 and not damaged:
            count = len(written.conditions)
            message = f"`{name}` has {count} lines `holds when`" if count else f"`{name}` has no line `holds when`"
            help_ = (
                "keep one, and join the conditions in a list: holds when all of" if count else "add one: holds when …"
            )
            self.report.error("SI202", message, written.span, help_)
        if not written.conditions:
            return
        guarded = damaged or (group is None and any(line.group is not None for line in written.applies_to))
        body = self.parts.condition(written.conditions[0], group, guarded=guarded)
        if body is None:
            return
        excepted = self.parts.excepted(body, written.exceptions, group, {})
        if excepted is None:
            return
        condition = excepted if group is None else core.Guarded(self.scope.membership(group), excepted)
        origin = self.parts.origin(written.span)
        released, audience = self._released(written, audience)
        interpretations += self.parts.of_exceptions(written.exceptions)
        self.parts.rules[name] = core.Rule(
            name, written.sort, written.title.text, condition, cites, interpretations, audience, origin, released
        )
        target = Target(name, core.RuleHolds(name, origin), audience, cites, None, {}, group)
        for block in written.thens:
            self.consequences.block(block, target)

    def _released(self, written: tree.Rule, audience: Audience) -> tuple[frozenset[str], Audience]:
        """The roles a rule is released to, and who may see it with them."""
        released: set[str] = set()
        for line in written.released_to:
            for role in line.roles:
                if role.text in (*self.scope.vocabulary.audiences, PUBLIC):
                    released.add(role.text)
                else:
                    self.report.unknown("audience", role.text, role.span, self.scope.vocabulary.audiences)
            if not written.cites:
                self.report.error("SI503", "what is released to more people needs a paragraph that allows it", line.span,
                                  'add a line such as: cites SIS "…"')  # fmt: skip
        if audience is None or not released:
            return frozenset(released), audience
        return frozenset(released), None if PUBLIC in released else audience | released
