"""What the readers of rules, classifications, values and consequences share: conditions, groups, audiences, origins."""

from collections.abc import Mapping

from si_rules.semantics import core
from si_rules.semantics.audiences import Audience
from si_rules.semantics.conditions import ConditionReader
from si_rules.semantics.context import Context
from si_rules.semantics.declared import Declared
from si_rules.semantics.interpretations import Ownership
from si_rules.semantics.report import Report
from si_rules.semantics.restating import written as as_restated
from si_rules.semantics.scope import Scope
from si_rules.semantics.vocabulary_reading import read_audience
from si_rules.source.text import Span
from si_rules.syntax import tree

_EVERYBODY = ("all", "any", "each", "every")


class RuleParts:
    """Reads the parts that all sorts of rules have, and keeps the rules that are read."""

    def __init__(self, declared: Declared, scope: Scope, ownership: Ownership, report: Report) -> None:
        self.declared = declared
        self.scope = scope
        self.ownership = ownership
        self.report = report
        self.rules: dict[str, core.Rule] = {}

    def condition(self, written: tree.Condition, group: str | None, clauses: Mapping[str, str] | None = None,
                   guarded: bool = False, prefix: str = "") -> core.Condition | None:  # fmt: skip
        """A condition in the core; `guarded` where the line that says whom it is for could not be read."""
        context = Context({}, left_out=guarded, clauses=clauses or {})
        if group is not None:
            context = context.within(group, self.scope)
        return ConditionReader(self.scope, self.report, written, prefix).read(written, context)

    def excepted(self, body: core.Condition, exceptions: tuple[tree.ExceptWhen, ...], group: str | None,
                  clauses: Mapping[str, str]) -> core.Condition | None:  # fmt: skip
        """A condition that gives way to its exceptions, each with its reason."""
        found = body
        for number, written in enumerate(exceptions, 1):
            self.ownership.cites(written.cites)
            if not written.because and not written.cites and not written.interpretations:
                self.report.error("SI503", "this exception gives no reason", written.span,
                                  'add a line: because "…", or cite the paragraph')  # fmt: skip
            prefix = "except_" if number == 1 else f"except_{number}_"
            exception = self.condition(written.condition, group, clauses, prefix=prefix)
            if exception is None:
                return None
            reasons = [word.text for word in written.because] or [
                f"{c.source.text} {c.place.text}" for c in written.cites
            ]
            found = core.Unless(found, exception, "; ".join(reasons) or None)
        return found

    def of_exceptions(self, exceptions: tuple[tree.ExceptWhen, ...]) -> tuple[str, ...]:
        """The interpretations that exceptions rest on: the rule rests on them too."""
        return tuple(name for written in exceptions for name in self.ownership.interpretations(written.interpretations))

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

    def audience(self, lines: tuple[tree.ShownTo, ...]) -> Audience:
        """Who may see something, by its lines `shown to`."""
        return read_audience(lines, self.scope.vocabulary.audiences, self.report)

    def origin(self, span: Span) -> core.Origin:
        """Where something was written, and in which words."""
        source = self.report.source
        return core.Origin(source.name, source.place(span.start)[0], source.words(span))
