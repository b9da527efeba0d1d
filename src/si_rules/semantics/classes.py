"""From classifications as written to classifications, classes and clauses of the core."""

from collections.abc import Iterator, Mapping

from si_rules.semantics import core
from si_rules.semantics.audiences import Audience
from si_rules.semantics.consequences import ConsequenceReader, Target
from si_rules.semantics.rule_parts import RuleParts
from si_rules.source.text import Span
from si_rules.syntax import tree

RESERVED_LABELS = (core.UNMATCHED, core.INVALID, "undetermined", "determined", "not_applicable")
_ONE_STANDS = "when several classes hold, the most serious stands: …"


class ClassificationReader:
    """Reads the classifications of an edition; what cannot be read is reported and left out."""

    def __init__(self, parts: RuleParts, consequences: ConsequenceReader) -> None:
        self.parts = parts
        self.declared = parts.declared
        self.scope = parts.scope
        self.ownership = parts.ownership
        self.report = parts.report
        self.consequences = consequences
        self.found: dict[str, core.Classification] = {}

    def read_all(self) -> None:
        """Read every classification."""
        for source, written in self.declared.classifications.values():
            self.report.source = source
            self._classification(written)

    def _classification(self, written: tree.Classification) -> None:
        name, damaged = written.name.text, written.name.text in self.declared.damaged
        cites = self.ownership.cites(written.cites)
        interpretations = self.ownership.interpretations(written.interpretations)
        self.ownership.need(
            f"the classification `{name}`", written.span, written.cites, written.interpretations, damaged
        )
        audience = self.parts.audience(written.shown_to)
        if not damaged:
            self._required_lines(written)
        group = self.parts.group_of(written.applies_to)
        clauses = self._clause_ids(written)
        blocks = (*written.invalid, *written.classes)
        classes = tuple(self._class_of(written, item, audience, group, clauses, damaged) for item in blocks)
        guard = None if group is None else self.scope.membership(group)
        self.found[name] = core.Classification(
            name, written.title.text, guard, classes, cites, interpretations, audience, written.all_stand
        )
        labels = tuple(item.label for item in classes)
        for block in written.thens:
            unmatched = block.outcome == "unmatched"
            outcomes = (core.UNMATCHED,) if unmatched else (*labels, core.UNMATCHED)
            rule = f"{name}.{core.UNMATCHED}" if unmatched else name
            with self.report.reading(block.source):
                self.ownership.need("what follows here", block.span, block.cites, block.interpretations, damaged)
            condition = core.OutcomeIs(name, outcomes)
            self.consequences.block(block, Target(rule, condition, audience, cites, name, clauses, group))

    def _required_lines(self, written: tree.Classification) -> None:
        lines = {
            f"applies to every {self.scope.vocabulary.noun}": len(written.applies_to),
            _ONE_STANDS: len(written.when_several),
            "when no class holds, unmatched": written.when_none,
            "when evidence is missing, undetermined between the outcomes still possible, unless only one is left":
                written.when_missing,
        }  # fmt: skip
        for line, count in lines.items():
            if count != 1:
                times = "is missing" if count == 0 else f"stands {count} times"
                self.report.error("SI505", f"in the classification `{written.name.text}` a line {times}", written.span,
                                  f"write once: {line}")  # fmt: skip
        if len(written.when_several) == 1:
            self._order(written, written.when_several[0])

    def _order(self, written: tree.Classification, stated: tuple[tree.Word, ...]) -> None:
        known = [item.label.text for item in written.classes]
        if len(set(known)) < len(known):
            return  # a label used twice is told by itself
        for position, word in enumerate(stated):
            if word.text not in known:
                self.report.unknown("class", word.text, word.span, known)
                return
            if word.text in [earlier.text for earlier in stated[:position]]:
                self.report.error("SI302", f"the class {word.text} stands twice in the order", word.span, "keep one")
                return
        for item, label in zip(written.classes, [word.text for word in stated], strict=False):
            if item.label.text != label:
                help_ = "write the classes in the order in which they stand: " + ", ".join(w.text for w in stated)
                self.report.error("SI506", f"class {item.label.text} is written where class {label} belongs",
                                  item.span, help_)  # fmt: skip
                return
        if len(stated) < len(known):
            missing = known[len(stated)]
            self.report.error("SI506", f"the order does not say where class {missing} stands", stated[-1].span,
                              f"name all of them: {', '.join(known)}")  # fmt: skip

    def _clause_ids(self, written: tree.Classification) -> dict[str, str]:
        ids: dict[str, str] = {}
        seen: dict[str, Span] = {}
        first = (*written.invalid[:1], *written.classes[:1])
        ordered = len(first) < 2 or any(item.source is not None for item in first)  # what an amendment changed, stays
        if not ordered and written.classes[0].span.start < written.invalid[0].span.start:
            self.report.error("SI506", "`invalid` is written after the classes, and comes before them",
                              written.invalid[0].span, "write it before the first class")  # fmt: skip
        for item in (*written.invalid, *written.classes):
            with self.report.reading(item.source):
                self._labels_of(item, written, seen, ids)
        return ids

    def _labels_of(self, item: tree.Class, written: tree.Classification, seen: dict[str, Span],
                   ids: dict[str, str]) -> None:  # fmt: skip
        """The labels of a class and its clauses: each once, and how they begin."""
        self._once(item.label, seen, "class")
        if item.label.text in RESERVED_LABELS and item not in written.invalid:
            self.report.error("SI307", f"`{item.label.text}` is what the language calls an outcome", item.label.span,
                              "give the class another label")  # fmt: skip
        if not item.clauses and written.name.text not in self.declared.damaged:
            self.report.error("SI205", f"class {item.label.text} has no clause", item.span,
                              "add a clause that says which subjects are of this class")  # fmt: skip
        for position, clause in enumerate(item.clauses):
            with self.report.reading(clause.source):
                self._once(clause.label, seen, "clause")
            ids[clause.label.text] = f"{written.name.text}.{clause.label.text}"
            if clause.further != (position > 0) and written.name.text not in self.declared.damaged:
                words = ("`or clause`", "a further clause") if position else ("`clause`", "the first clause")
                self.report.error("SI212", f"{words[1]} of a class begins with {words[0]}", clause.span,
                                  f"write {words[0]} here")  # fmt: skip

    def _once(self, label: tree.Word, seen: dict[str, Span], what: str) -> None:
        if "." in label.text:
            self.report.error("SI307", f"the label `{label.text}` has a dot", label.span,
                              f"give the {what} a label without one: {label.text.replace('.', '_')}")  # fmt: skip
        if label.text in seen:
            first = (self.report.source, seen[label.text], "it is first used here")
            self.report.error("SI302", f"the label {label.text} is used twice", label.span,
                              f"give this {what} a label of its own", [first])  # fmt: skip
        seen.setdefault(label.text, label.span)

    def _class_of(self, owner: tree.Classification, written: tree.Class, audience: Audience, group: str | None,
                  clauses: Mapping[str, str], damaged: bool) -> core.Class:  # fmt: skip
        with self.report.reading(written.source):
            return self._class(owner, written, audience, group, clauses, damaged)

    def _class(self, owner: tree.Classification, written: tree.Class, audience: Audience, group: str | None,
               clauses: Mapping[str, str], damaged: bool) -> core.Class:  # fmt: skip
        cites = self.ownership.cites(written.cites)
        interpretations = self.ownership.interpretations(written.interpretations)
        self.ownership.need(
            f"class {written.label.text}", written.span, written.cites, written.interpretations, damaged
        )
        ids = tuple(self._clauses(written, audience, group, clauses, cites, damaged))
        name = owner.name.text
        rule = f"{name}.{written.label.text}"
        origin = self.parts.origin(written.span)
        condition: core.Condition = core.OutcomeIs(name, (written.label.text,), origin)
        hangs_on: str | None = name
        if owner.all_stand and written.label.text != core.INVALID:
            self._label(owner, written, ids, rule, group, cites, interpretations, audience)
            condition, hangs_on = core.RuleHolds(rule, origin), None
        for block in written.thens:
            self.consequences.block(block, Target(rule, condition, audience, cites, hangs_on, clauses, group))
        return core.Class(written.label.text, written.title.text, ids, cites, interpretations)

    def _label(self, owner: tree.Classification, written: tree.Class, clauses: tuple[str, ...], rule: str,
               group: str | None, cites: tuple[core.Citation, ...], interpretations: tuple[str, ...],
               audience: Audience) -> None:  # fmt: skip
        """That a class stands, beside others: any of its clauses holds, and the outcome is not invalid."""
        origin = self.parts.origin(written.span)
        never = core.Not(core.Always(), origin)  # a class of which no clause applies does not stand
        described: tuple[core.Condition, ...] = (*(core.RuleHolds(clause, origin) for clause in clauses), never)
        standing: core.Condition = core.Listed("any", 0, described, origin)
        for invalid in owner.invalid:
            for clause in invalid.clauses:
                refused = core.RuleHolds(f"{owner.name.text}.{clause.label.text}", origin)
                standing = core.Unless(standing, refused, invalid.title.text)
        if group is not None:
            standing = core.Guarded(self.scope.membership(group), standing)
        self.parts.rules[rule] = core.Rule(
            rule, "label", written.title.text, standing, cites, interpretations, audience, origin
        )

    def _clauses(self, written: tree.Class, audience: Audience, group: str | None, clauses: Mapping[str, str],
                 class_cites: tuple[core.Citation, ...], damaged: bool) -> Iterator[str]:  # fmt: skip
        for clause in written.clauses:
            with self.report.reading(clause.source):
                name = self._clause(clause, written, audience, group, clauses, class_cites, damaged)
            if name is not None:
                yield name

    def _clause(self, clause: tree.Clause, written: tree.Class, audience: Audience, group: str | None,
                clauses: Mapping[str, str], class_cites: tuple[core.Citation, ...], damaged: bool) -> str | None:  # fmt: skip
        """Read a clause, and keep its rule: the name of it, None where it could not be read."""
        own_cites = self.ownership.cites(clause.cites)
        interpretations = self.ownership.interpretations(clause.interpretations)
        condition = self.parts.condition(clause.condition, group, clauses)
        origin = self.parts.origin(clause.span)
        for label in clause.gives_way:
            exception = clauses.get(label.text)
            if exception is None and damaged:
                continue
            if exception is None:
                self.report.unknown("clause", label.text, label.span, clauses)
            elif condition is not None:
                condition = core.Unless(condition, core.RuleHolds(exception, origin))
        if condition is not None:
            condition = self.parts.excepted(condition, clause.exceptions, group, clauses)
        if condition is None:
            return None
        interpretations += self.parts.of_exceptions(clause.exceptions)
        title = clause.title.text if clause.title else f"{written.title.text}, clause {clause.label.text}"
        name = clauses[clause.label.text]
        cites = own_cites or class_cites
        self.parts.rules[name] = core.Rule(name, "clause", title, condition, cites, interpretations, audience, origin)
        return name
