"""From facts, triggers and classifications as written to rules, classes and consequences of the core."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from si_rules.semantics import core
from si_rules.semantics.audiences import PUBLIC, Audience, meet
from si_rules.semantics.conditions import ConditionReader, Context
from si_rules.semantics.declared import Declared
from si_rules.semantics.interpretations import Ownership
from si_rules.semantics.report import Report
from si_rules.semantics.restating import written as as_restated
from si_rules.semantics.scope import Scope
from si_rules.semantics.vocabulary_reading import read_audience
from si_rules.source.text import Span
from si_rules.syntax import tree

RESERVED_LABELS = (core.UNMATCHED, core.INVALID, "undetermined", "determined", "not_applicable")
_EVERYBODY = ("all", "any", "each", "every")
_ONE_STANDS = "when several classes hold, the most serious stands: …"
_PERIODS = ("week", "month", "half_term", "term", "year")


@frozen
class _Target:
    """What a block of consequences hangs on."""

    rule: str
    condition: core.Condition
    audience: Audience
    cites: tuple[core.Citation, ...]
    classification: str | None
    clauses: Mapping[str, str]
    group: str | None


class RuleReader:
    """Reads the rules of an edition; what cannot be read is reported and left out."""

    def __init__(self, declared: Declared, scope: Scope, ownership: Ownership, report: Report) -> None:
        self.declared = declared
        self.scope = scope
        self.ownership = ownership
        self.report = report
        self.rules: dict[str, core.Rule] = {}
        self.classifications: dict[str, core.Classification] = {}
        self.consequences: list[core.Consequence] = []

    def read_all(self) -> None:
        """Read every fact, trigger and classification."""
        for source, written in self.declared.rules.values():
            self.report.source = source
            self._rule(written)
        for source, classification in self.declared.classifications.values():
            self.report.source = source
            self._classification(classification)

    # ---- facts and triggers
    def _rule(self, written: tree.Rule) -> None:
        name, damaged = written.name.text, written.name.text in self.declared.damaged
        cites = self.ownership.cites(written.cites)
        interpretations = self.ownership.interpretations(written.interpretations)
        self.ownership.need(
            f"the {written.sort} `{name}`", written.span, written.cites, written.interpretations, damaged
        )
        audience = self._audience(written.shown_to)
        group = self.group_of(written.applies_to)
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
        body = self._condition(written.conditions[0], group, guarded=guarded)
        if body is None:
            return
        excepted = self._excepted(body, written.exceptions, group, {})
        if excepted is None:
            return
        condition = excepted if group is None else core.Guarded(self.scope.membership(group), excepted)
        origin = self._origin(written.span)
        released, audience = self._released(written, audience)
        interpretations += self._of_exceptions(written.exceptions)
        self.rules[name] = core.Rule(
            name, written.sort, written.title.text, condition, cites, interpretations, audience, origin, released
        )
        target = _Target(name, core.RuleHolds(name, origin), audience, cites, None, {}, group)
        for block in written.thens:
            self._consequences(block, target)

    def _condition(self, written: tree.Condition, group: str | None, clauses: Mapping[str, str] | None = None,
                   guarded: bool = False, prefix: str = "") -> core.Condition | None:  # fmt: skip
        """A condition in the core; `guarded` where the line that says whom it is for could not be read."""
        context = Context({}, left_out=guarded, clauses=clauses or {})
        if group is not None:
            context = context.within(group, self.scope)
        return ConditionReader(self.scope, self.report, written, prefix).read(written, context)

    def _excepted(self, body: core.Condition, exceptions: tuple[tree.ExceptWhen, ...], group: str | None,
                  clauses: Mapping[str, str]) -> core.Condition | None:  # fmt: skip
        """A condition that gives way to its exceptions, each with its reason."""
        found = body
        for number, written in enumerate(exceptions, 1):
            self.ownership.cites(written.cites)
            if not written.because and not written.cites and not written.interpretations:
                self.report.error("SI503", "this exception gives no reason", written.span,
                                  'add a line: because "…", or cite the paragraph')  # fmt: skip
            prefix = "except_" if number == 1 else f"except_{number}_"
            exception = self._condition(written.condition, group, clauses, prefix=prefix)
            if exception is None:
                return None
            reasons = [word.text for word in written.because] or [
                f"{c.source.text} {c.place.text}" for c in written.cites
            ]
            found = core.Unless(found, exception, "; ".join(reasons) or None)
        return found

    def _of_exceptions(self, exceptions: tuple[tree.ExceptWhen, ...]) -> tuple[str, ...]:
        """The interpretations that exceptions rest on: the rule rests on them too."""
        return tuple(name for written in exceptions for name in self.ownership.interpretations(written.interpretations))

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

    def group_of(self, lines: tuple[tree.AppliesTo, ...], words: str = "applies to") -> str | None:
        """The group of `applies to` (or `over`), None for everybody; an unknown group or noun is reported."""
        if not lines:
            return None
        line, vocabulary = lines[0], self.scope.vocabulary
        expected = vocabulary.noun if line.group is None else vocabulary.plural
        if line.group is not None and line.noun.text in vocabulary.groups and line.group.text == expected:
            self.report.error("SI306", f"`with` is missing between `{expected}` and `{line.noun.text}`",
                              line.group.span.to(line.noun.span), f"write: {expected} with {line.noun.text}")  # fmt: skip
            return line.noun.text
        if line.group is not None and line.group.text in _EVERYBODY and line.group.text not in vocabulary.groups:
            self.report.error("SI306", f"`{line.group.text}` names no group", line.group.span,
                              f"for everybody write: {words} every {vocabulary.noun}")  # fmt: skip
            return None
        if line.noun.text in (vocabulary.noun, vocabulary.plural) and line.noun.text != expected:
            self.report.error("SI306", f"`{line.noun.text}` does not fit here", line.noun.span, f"write `{expected}`")
        elif line.noun.text != expected:
            self.report.error("SI306", f"the vocabulary speaks of {vocabulary.plural}, not of `{line.noun.text}`",
                              line.noun.span, f"write `{expected}`")  # fmt: skip
        if line.group is None:
            return None
        name = line.group.text
        if name not in vocabulary.groups:
            self.report.unknown("group", name, line.group.span, vocabulary.groups)
            return None
        if name not in self.scope.restated and name not in self.scope.damaged:
            self.report.once("SI502", f"the rule speaks of `{name}`, which this policy does not restate",
                              line.group.span,
                              f"add a block as the vocabulary has it, a new line for each /: group {name} {as_restated(vocabulary.groups[name])}")  # fmt: skip
        return name

    def _audience(self, lines: tuple[tree.ShownTo, ...]) -> Audience:
        return read_audience(lines, self.scope.vocabulary.audiences, self.report)

    def _origin(self, span: Span) -> core.Origin:
        source = self.report.source
        return core.Origin(source.name, source.place(span.start)[0], source.words(span))

    # ---- classifications
    def _classification(self, written: tree.Classification) -> None:
        name, damaged = written.name.text, written.name.text in self.declared.damaged
        cites = self.ownership.cites(written.cites)
        interpretations = self.ownership.interpretations(written.interpretations)
        self.ownership.need(
            f"the classification `{name}`", written.span, written.cites, written.interpretations, damaged
        )
        audience = self._audience(written.shown_to)
        if not damaged:
            self._required_lines(written)
        group = self.group_of(written.applies_to)
        clauses = self._clause_ids(written)
        blocks = (*written.invalid, *written.classes)
        classes = tuple(self._class(written, item, audience, group, clauses, damaged) for item in blocks)
        guard = None if group is None else self.scope.membership(group)
        self.classifications[name] = core.Classification(
            name, written.title.text, guard, classes, cites, interpretations, audience, written.all_stand
        )
        labels = tuple(item.label for item in classes)
        for block in written.thens:
            unmatched = block.outcome == "unmatched"
            outcomes = (core.UNMATCHED,) if unmatched else (*labels, core.UNMATCHED)
            rule = f"{name}.{core.UNMATCHED}" if unmatched else name
            self.ownership.need("what follows here", block.span, block.cites, block.interpretations, damaged)
            condition = core.OutcomeIs(name, outcomes)
            self._consequences(block, _Target(rule, condition, audience, cites, name, clauses, group))

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
        if written.invalid and written.classes and written.classes[0].span.start < written.invalid[0].span.start:
            self.report.error("SI506", "`invalid` is written after the classes, and comes before them",
                              written.invalid[0].span, "write it before the first class")  # fmt: skip
        for item in (*written.invalid, *written.classes):
            self._once(item.label, seen, "class")
            if item.label.text in RESERVED_LABELS and item not in written.invalid:
                self.report.error("SI307", f"`{item.label.text}` is what the language calls an outcome", item.label.span,
                                  "give the class another label")  # fmt: skip
            if not item.clauses and written.name.text not in self.declared.damaged:
                self.report.error("SI205", f"class {item.label.text} has no clause", item.span,
                                  "add a clause that says which subjects are of this class")  # fmt: skip
            for position, clause in enumerate(item.clauses):
                self._once(clause.label, seen, "clause")
                ids[clause.label.text] = f"{written.name.text}.{clause.label.text}"
                if clause.further != (position > 0) and written.name.text not in self.declared.damaged:
                    words = ("`or clause`", "a further clause") if position else ("`clause`", "the first clause")
                    self.report.error("SI212", f"{words[1]} of a class begins with {words[0]}", clause.span,
                                      f"write {words[0]} here")  # fmt: skip
        return ids

    def _once(self, label: tree.Word, seen: dict[str, Span], what: str) -> None:
        if label.text in seen:
            first = (self.report.source, seen[label.text], "it is first used here")
            self.report.error("SI302", f"the label {label.text} is used twice", label.span,
                              f"give this {what} a label of its own", [first])  # fmt: skip
        seen.setdefault(label.text, label.span)

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
        origin = self._origin(written.span)
        condition: core.Condition = core.OutcomeIs(name, (written.label.text,), origin)
        hangs_on: str | None = name
        if owner.all_stand and written.label.text != core.INVALID:
            self._label(owner, written, ids, rule, group, cites, interpretations, audience)
            condition, hangs_on = core.RuleHolds(rule, origin), None
        for block in written.thens:
            self._consequences(block, _Target(rule, condition, audience, cites, hangs_on, clauses, group))
        return core.Class(written.label.text, written.title.text, ids, cites, interpretations)

    def _label(self, owner: tree.Classification, written: tree.Class, clauses: tuple[str, ...], rule: str,
               group: str | None, cites: tuple[core.Citation, ...], interpretations: tuple[str, ...],
               audience: Audience) -> None:  # fmt: skip
        """That a class stands, beside others: any of its clauses holds, and the outcome is not invalid."""
        origin = self._origin(written.span)
        never = core.Not(core.Always(), origin)  # a class of which no clause applies does not stand
        described: tuple[core.Condition, ...] = (*(core.RuleHolds(clause, origin) for clause in clauses), never)
        standing: core.Condition = core.Listed("any", 0, described, origin)
        for invalid in owner.invalid:
            for clause in invalid.clauses:
                refused = core.RuleHolds(f"{owner.name.text}.{clause.label.text}", origin)
                standing = core.Unless(standing, refused, invalid.title.text)
        if group is not None:
            standing = core.Guarded(self.scope.membership(group), standing)
        self.rules[rule] = core.Rule(
            rule, "label", written.title.text, standing, cites, interpretations, audience, origin
        )

    def _clauses(self, written: tree.Class, audience: Audience, group: str | None, clauses: Mapping[str, str],
                 class_cites: tuple[core.Citation, ...], damaged: bool) -> Iterator[str]:  # fmt: skip
        for clause in written.clauses:
            own_cites = self.ownership.cites(clause.cites)
            interpretations = self.ownership.interpretations(clause.interpretations)
            condition = self._condition(clause.condition, group, clauses)
            origin = self._origin(clause.span)
            for label in clause.gives_way:
                exception = clauses.get(label.text)
                if exception is None and damaged:
                    continue
                if exception is None:
                    self.report.unknown("clause", label.text, label.span, clauses)
                elif condition is not None:
                    condition = core.Unless(condition, core.RuleHolds(exception, origin))
            if condition is not None:
                condition = self._excepted(condition, clause.exceptions, group, clauses)
            if condition is None:
                continue
            interpretations += self._of_exceptions(clause.exceptions)
            title = clause.title.text if clause.title else f"{written.title.text}, clause {clause.label.text}"
            name = clauses[clause.label.text]
            cites = own_cites or class_cites
            self.rules[name] = core.Rule(name, "clause", title, condition, cites, interpretations, audience, origin)
            yield name

    # ---- consequences
    def _consequences(self, block: tree.Then, target: _Target) -> None:
        cites = self.ownership.cites(block.cites) or target.cites
        interpretations = self.ownership.interpretations(block.interpretations)
        for written in block.consequences:
            found = self._consequence(written, target, cites, interpretations)
            if found is not None:
                self.consequences.append(found)

    def _consequence(self, written: tree.Consequence, target: _Target, cites: tuple[core.Citation, ...],
                     interpretations: tuple[str, ...]) -> core.Consequence | None:  # fmt: skip
        titles = {
            sort: self._named(sort, word) for sort, word in (("party", written.party), ("action", written.action))
        }
        own_cites = self.ownership.cites(tuple(p for p in written.properties if isinstance(p, tree.Cites)))
        own = self.ownership.interpretations(tuple(p for p in written.properties if isinstance(p, tree.Interpretation)))
        conditions: list[core.Condition] = []
        group = self.group_of((written.group,)) if written.group else None
        if group is not None:
            conditions.append(self.scope.membership(group))
        if written.condition is not None:
            inner = self._condition(written.condition, group or target.group, target.clauses)
            if inner is None:
                return None
            conditions.append(inner)
        when = self._when(written.timing) if written.timing else None
        condition = target.condition
        for further in conditions:
            condition = core.Guarded(condition, further)
        shown = self._audience((written.shown_to,)) if written.shown_to else None
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

    def _named(self, sort: str, word: tree.Word) -> str | None:
        table = self.declared.named[sort]
        if word.text not in table:
            if word.text not in self.declared.damaged:
                self.report.unknown(sort, word.text, word.span, table)
            return None
        return table[word.text][1].title.text

    def _when(self, timing: tuple[str, tree.Word]) -> str | None:
        sort, word = timing
        if sort == "every" and word.text in _PERIODS:
            return f"every {word.text.replace('_', ' ')}"
        table = self.declared.named["occasion"]
        if word.text not in table and word.text not in self.declared.damaged:
            self.report.unknown("occasion or period", word.text, word.span, [*_PERIODS, *table])
        title = table[word.text][1].title.text if word.text in table else None
        return None if title is None else f"{'at every' if sort == 'every' else 'during'} {title}"
