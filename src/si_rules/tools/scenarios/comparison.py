"""A case beside its decision: what checks of expectations share, and the failures they add."""

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from si_rules.decisions.decision import Decision
from si_rules.decisions.explanation import Explainer
from si_rules.evaluation.situation import Situation
from si_rules.semantics import core
from si_rules.semantics.facts import Facts
from si_rules.semantics.kinds import words
from si_rules.semantics.report import Report
from si_rules.source.diagnostics import Diagnostic
from si_rules.source.text import Span
from si_rules.syntax import scenario_tree as tree
from si_rules.tools.scenarios.expecting import ExpectationNames, rules_named
from si_rules.tools.scenarios.places import Places, place_words
from si_rules.tools.scenarios.reading import Case
from si_rules.tools.scenarios.why import Why

REMEDY: Final = "correct the expectation, or the rule it tests"


@frozen
class Failure:
    """An expectation not met: what was expected, what came instead, and why (or nothing), each in words."""

    expected: str
    came: str
    why: str
    diagnostic: Diagnostic


def failure(case: Case, span: Span, came: str, why: str = "", expected: str | None = None) -> Failure:
    """An expectation of a case not met; what was expected is what is written at `span`, unless it is given."""
    wanted = expected or case.source.words(span)
    message = f"in “{case.name}” this is expected: {wanted}; but {came}"
    help_ = f"{why}. {REMEDY[0].upper()}{REMEDY[1:]}" if why else REMEDY
    return Failure(wanted, came, why, Diagnostic("SI710", message, case.source, span, help_))


class Comparison:
    """One case and its decision. `whole` is the policy as it is, `shown` as the audience of the case may see it."""

    def __init__(self, case: Case, whole: core.Core, decision: Decision, situation: Situation, facts: Facts) -> None:
        self.case = case
        self.whole = whole
        self.shown = situation.policy
        self.decision = decision
        self.situation = situation
        self.explainer = Explainer(situation, facts, decision)
        self.why = Why(decision, self.explainer)
        self.failures: list[Failure] = []
        report = Report(case.source)
        self.places = Places(whole, report, case.on, case.known_at)
        self.names = ExpectationNames(whole, report, self.places)

    def differs(self, span: Span, came: str, why: str = "", expected: str | None = None) -> None:
        """Add a failure; what was expected is what is written at `span`, unless it is given."""
        self.failures.append(failure(self.case, span, came, why, expected))

    def audience(self) -> str:
        """The roles the case is decided for, in words; empty for everybody's."""
        return " and ".join(words(role) for role in sorted(self.case.roles or ()))

    def found(self, target: tree.Target) -> str:
        """The id of what a line speaks of."""
        if target.sort == "classification":
            return target.name.text
        return rules_named(self.whole, target.sort, target.name.text)[0]

    def is_shown(self, target: tree.Target) -> bool:
        """Whether the audience may see what a line speaks of."""
        shown = self.shown.classifications if target.sort == "classification" else self.shown.rules
        return self.found(target) in shown

    def seen(self, target: tree.Target, span: Span) -> str | None:
        """The id of what a line speaks of, or None after a failure: the audience may not see it."""
        if self.is_shown(target):
            return self.found(target)
        self.differs(span, f"{called(target)} is not shown to {self.audience()}")
        return None

    def came(self, name: str, because: bool = False) -> str:
        """What a classification came to: `category is 4, because 4a`."""
        result = self.decision.classifications[name]
        said = f"{name} is {result.outcome or words(result.status)}"
        if result.status == "undetermined":
            return f"{said}, between " + " and ".join(result.possible)
        if because and result.because:
            return f"{said}, because {' and '.join(clause.rpartition('.')[2] for clause in result.because)}"
        return f"{said}, by every completion" if result.settled_by else said

    def data(self, paths: Iterable[str]) -> str:
        """Data by their paths, as a scenario names them."""
        return " and ".join(place_words(self.whole.vocabulary, path) for path in sorted(paths))

    def path(self, place: tree.Place) -> str:
        """The path of a place; it was looked up before."""
        return self.places.datum(place) or ""


def called(target: tree.Target) -> str:
    """What a line speaks of, in words: `category`, `fact low`."""
    return target.name.text if target.sort == "classification" else f"{target.sort} {target.name.text}"
