"""Expectations checked before a case is run: what they name must be there, so that none passes for nothing."""

from collections.abc import Iterable

from si_rules.semantics import core
from si_rules.semantics.kinds import Date, Flag, Number, described, words
from si_rules.semantics.report import Report
from si_rules.semantics.timing import when_of
from si_rules.source.text import Span
from si_rules.syntax import history_tree, scenario_tree as tree
from si_rules.syntax.tree import Word
from si_rules.tools.scenarios.giving import in_its_unit
from si_rules.tools.scenarios.parts import PartNames
from si_rules.tools.scenarios.places import Places

_OUTCOMES = (core.UNMATCHED, "undetermined", "not_applicable")  # the last stands so among possible outcomes


class ExpectationNames:
    """Looks up the names in expectations; what is not there goes to the report."""

    def __init__(self, policy: core.Core, report: Report, places: Places) -> None:
        self.policy = policy
        self.report = report
        self.places = places
        self.parts = PartNames(policy, report)

    def check(self, expected: tree.Expectation) -> None:
        """Report what one expectation names and the policy does not have."""
        match expected:
            case tree.ExpectOutcome(classification=name, labels=labels, because=because):
                self._outcome(name, labels, because)
            case tree.ExpectRule(sort=sort, name=name):
                self.rule(sort, name)
            case tree.ExpectValue(name=name):
                self._value(name, expected)
            case tree.ExpectConsequence():
                self._consequence(expected)
            case tree.ExpectNeed(classification=name, needed=needed, place=place):
                self.classification(name)
                if needed or not self.whole_series(place):
                    self.places.datum(place)
            case tree.ExpectSettling(classification=name, places=places):
                self.classification(name)
                for place in places:
                    self.places.datum(place)
            case tree.ExpectNearMiss(classification=name, label=label, place=place):
                self._outcome(name, (label,), ())
                self.places.datum(place)
            case tree.ExpectCited(target=target, source=source):
                self.target(target)
                self._among("source", source, self.policy.sources)
            case tree.ExpectRests(target=about, ids=ids):
                if about is not None:
                    self.target(about)
                for name in ids:
                    self._among("interpretation", name, self.policy.interpretations)
            case tree.ExpectUnused(place=place):
                self.unused(place)
            case tree.ExpectUnsaid(target=target):
                self.target(target)
            case _:
                self.parts.check(expected)

    def _value(self, name: Word, expected: tree.ExpectValue) -> None:
        """A value with a name or a figure, and a value it can have."""
        definition = self.policy.definitions.get(name.text) or self.policy.figures.get(name.text)
        if definition is None:
            self.report.unknown("value", name.text, name.span, [*self.policy.definitions, *self.policy.figures])
            return
        unit = getattr(definition.kind, "unit", None)
        for limit in expected.limits:
            if name.text not in self.policy.figures or limit.unit != unit:
                self.report.error("SI703", f"this is no limit of `{name.text}`", limit.span,
                                  f"only figures have limits, each {described(definition.kind)}")  # fmt: skip
        if expected.status != "known":
            return
        fits = {Number: ("number", "percent"), Date: ("date",), Flag: ("flag",)}.get(type(definition.kind), ("name",))
        values = getattr(definition.kind, "values", (expected.text,))
        unit = getattr(definition.kind, "unit", expected.unit)
        if expected.sort not in fits or expected.text not in values or expected.unit != unit:
            guess = in_its_unit(expected.text, expected.unit, definition.kind)
            help_ = f"did you mean `{guess}`?" if guess else f"it is {described(definition.kind)}"
            self.report.error("SI703", f"this is not a value of `{name.text}`", expected.span, help_)

    # ---- what columns and lines speak of
    def target(self, target: tree.Target | history_tree.Part) -> bool:
        """Whether there is what a line or a column speaks of; reported otherwise."""
        if isinstance(target, history_tree.Part):
            return self.parts.part(target)
        if target.sort == "classification":
            return self.classification(target.name)
        if target.sort == "value":
            return self._among("value", target.name, [*self.policy.definitions, *self.policy.figures])
        return self.rule(target.sort, target.name)

    def classification(self, name: Word) -> bool:
        """Whether there is this classification; where it is a rule, the remedy says so."""
        rule = self.policy.rules.get(name.text)
        if rule is not None:
            message = f"`{name.text}` is a {rule.sort}, not a classification"
            self.report.error("SI301", message, name.span, f"write: {rule.sort} {name.text}")
            return False
        return self._among("classification", name, self.policy.classifications)

    def rule(self, sort: str, name: Word) -> bool:
        """Whether there is one rule of this sort and name."""
        found = rules_named(self.policy, sort, name.text)
        owner = name.text.rpartition(".")[0]
        if owner and sort == "clause" and owner not in self.policy.classifications:
            self.report.unknown("classification", owner, name.span, self.policy.classifications)
            return False
        if len(found) > 1:
            owners = [rule.rpartition(".")[0] for rule in found]
            message = f"there is a {sort} `{name.text}` in {' and in '.join(f'`{owner}`' for owner in owners)}"
            self.report.error("SI712", message, name.span, f"say which: {sort} {name.text} of {owners[0]}")
        elif not found and name.text in self.policy.classifications:
            self.report.error(
                "SI301", f"`{name.text}` is a classification, not a {sort}", name.span, f"write: {name.text}"
            )
        elif not found:
            rules = self.policy.rules.values()
            labels = [
                rule.id if sort != "clause" else rule.id.rpartition(".")[2] for rule in rules if rule.sort == sort
            ]
            self.report.unknown(sort, name.text, name.span, labels)
        return len(found) == 1

    def unused(self, place: tree.Place) -> str | None:
        """The path under which evidence not used is listed, or None after a report."""
        if place.judgement:
            found = self.places.find(place)
            return None if found is None else found[0]
        holder = self.places.holder(place)
        return None if holder is None else ".".join(holder)

    def whole_series(self, place: tree.Place) -> bool:
        """Whether a place is a field of results without a year: then it is meant of every year."""
        field = self.policy.vocabulary.fields.get(place.name.text)
        told = place.judgement or place.year is not None or place.latest or place.previous or place.day is not None
        return field is not None and field.parent in self.policy.vocabulary.series and not told

    # ---- parts
    def _outcome(self, name: Word, labels: Iterable[Word], because: Iterable[Word]) -> None:
        if not self.classification(name):
            return
        classes = self.policy.classifications[name.text].classes
        for label in labels:
            self._among("class", label, [found.label for found in classes], _OUTCOMES)
        for clause in because:
            self._among("clause", clause, [c.rpartition(".")[2] for found in classes for c in found.clauses])

    def _consequence(self, expected: tree.ExpectConsequence) -> None:
        party, action = expected.party, expected.action
        if not self._among("party", party, self.policy.parties):
            return
        wanted = (party.text, expected.modality, action.text)
        when = self.when(expected)
        there = [(item.bearer, item.modality, item.action, item.when) for item in self.policy.consequences]
        if any(item[:3] == wanted and when in (None, item[3]) for item in there):
            return
        if not self._among("action", action, dict.fromkeys(item[2] for item in there)):
            return
        also = list(dict.fromkeys(item for item in there if item[2] == action.text))
        help_ = "there is: " + "; ".join(_said(*item) for item in also)
        self.report.error("SI711", f"no rule says that {_said(*wanted, when)}", expected.span, help_)

    def when(self, expected: tree.ExpectConsequence) -> str | None:
        """When something is to follow, in the words of a decision; None where that is left open."""
        return when_of(expected.timing, self.policy.occasions, self.report)

    def _among(self, what: str, name: Word, known: Iterable[str], also: Iterable[str] = ()) -> bool:
        names = [*known, *also]
        if name.text not in names:
            self.report.unknown(what, name.text, name.span, names)
        return name.text in names


def _said(party: str, modality: str, action: str, when: str | None) -> str:
    """`keeper must mend, every term`."""
    return f"{party} {words(modality)} {action}" + (f", {when}" if when else "")


def rules_named(policy: core.Core, sort: str, name: str) -> list[str]:
    """The rules of a sort that a scenario may call by this name: a clause by its label alone, too."""
    return [
        rule.id
        for rule in policy.rules.values()
        if rule.sort == sort and (rule.id == name or (sort == "clause" and rule.id.endswith("." + name)))
    ]


def misfit(target: tree.Target | history_tree.Part, span: Span, report: Report) -> None:
    """Report a cell of a table that says what cannot be said of its column."""
    said = report.source.words(span)
    if target.sort == "classification":
        help_ = "write a class, unmatched, undetermined or not applicable"
    else:
        help_ = "write holds, does not hold, undetermined or not applicable"
    report.error("SI706", f"`{said}` cannot be said of {_called(target)}", span, help_)


def _called(target: tree.Target | history_tree.Part) -> str:
    return f"the {target.sort} `{target.name.text}`"
