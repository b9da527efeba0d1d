"""Runs cases and says of each expectation whether it was met, and if not, what came instead."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from si_rules.decisions.basis import Basis
from si_rules.decisions.decision import Decision
from si_rules.evaluation.interpreter import Interpreter
from si_rules.semantics.core import Core
from si_rules.semantics.report import Report
from si_rules.source.diagnostics import Diagnostic
from si_rules.source.screening import read_source
from si_rules.syntax import scenario_tree as tree
from si_rules.tools.scenarios.reading import Case, CaseReader, read_cases

_SAID: Final = {
    "holds": "holds", "does_not_hold": "does not hold", "undetermined": "is undetermined",
    "not_applicable": "does not apply",
}  # fmt: skip


@frozen
class CaseResult:
    """A case that was run: the expectations not met, and the truth of every clause, fact and trigger."""

    case: Case
    failures: tuple[Diagnostic, ...]
    truths: dict[str, str]
    deciding: frozenset[str]


def run(case: Case, basis: Basis) -> CaseResult:
    """Decide a case and hold the decision against what it expects."""
    decision = basis.decide(case.facts, case.on, case.known_at, _outside(case, basis))
    situation = basis.situation(case.on, case.known_at, None)
    facts = case.facts(basis.policy, case.on, case.known_at, None)
    interpreter = Interpreter(situation, facts)
    truths = {name: interpreter.rule(name).value for name in basis.policy.rules}
    report = Report(case.source)
    checker = _Checker(case, decision, truths, report, CaseReader(case.source, basis.policy, report))
    for expectation in case.scenario.expectations:
        checker.check(expectation)
    deciding = {clause for result in decision.classifications.values() for clause in result.because}
    return CaseResult(case, tuple(report.diagnostics), truths, frozenset(deciding))


def _outside(case: Case, basis: Basis) -> bool:
    first, last = basis.policy.in_force
    return not first <= case.on <= last


class _Checker:
    def __init__(self, case: Case, decision: Decision, truths: dict[str, str], report: Report,
                 reader: CaseReader) -> None:  # fmt: skip
        self.case = case
        self.decision = decision
        self.truths = truths
        self.report = report
        self.reader = reader

    def check(self, expected: tree.Expectation) -> None:
        match expected:
            case tree.ExpectOutcome():
                self._outcome(expected)
            case tree.ExpectRule():
                self._rule(expected)
            case tree.ExpectConsequence():
                self._consequence(expected)
            case tree.ExpectNeed():
                self._need(expected)

    def _differs(self, expected: tree.Expectation, came: str) -> None:
        message = f"in “{self.case.title}” this does not come out: {came}"
        self.report.error("SI710", message, expected.span, "correct the expectation, or the rule it tests")

    def _outcome(self, expected: tree.ExpectOutcome) -> None:
        name = expected.classification.text
        result = self.decision.classifications.get(name)
        if result is None:
            self.report.unknown("classification", name, expected.classification.span, self.decision.classifications)
            return
        came = f"{name} is {result.outcome or result.status.replace('_', ' ')}"
        if result.status == "undetermined":
            came += ", between " + " and ".join(result.possible)
        labels = [word.text for word in expected.labels]
        if (
            result.status != expected.status
            or (expected.status == "determined" and labels != [result.outcome])
            or (expected.status == "undetermined" and labels and set(labels) != set(result.possible))
        ):
            self._differs(expected, came)
        elif expected.settled != (result.settled_by is not None):
            self._differs(expected, f"{came}, {'by a clause' if result.settled_by is None else 'by every completion'}")
        elif expected.because:
            clauses = {f"{name}.{word.text}" for word in expected.because}
            if clauses != set(result.because):
                self._differs(expected, f"{came}, because {' and '.join(result.because) or 'of no clause'}")

    def _rule(self, expected: tree.ExpectRule) -> None:
        label = expected.name.text
        found = [
            name for name in self.truths if name == label or (expected.sort == "clause" and name.endswith("." + label))
        ]
        if len(found) != 1:
            self.report.unknown(expected.sort, label, expected.name.span, self.truths)
        elif self.truths[found[0]] != expected.truth:
            self._differs(expected, f"{label} {_SAID[self.truths[found[0]]]}")

    def _consequence(self, expected: tree.ExpectConsequence) -> None:
        wanted = (expected.party.text, expected.modality, expected.action.text)
        sure = [(c.bearer, c.modality, c.action) for c in self.decision.consequences]
        possible = [(c.bearer, c.modality, c.action) for c in self.decision.possible_consequences]
        if wanted not in (sure if expected.sure else possible):
            came = "it follows" if wanted in sure else "it is possible" if wanted in possible else "it does not follow"
            self._differs(expected, came)

    def _need(self, expected: tree.ExpectNeed) -> None:
        place = expected.place
        name = expected.classification.text
        matters = {path for item in self.decision.needs if item.outcome_of == name for path in item.needs.matters}
        if not expected.needed and not place.judgement and place.name.text in self.reader.policy.vocabulary.series:
            asked = sorted(path for path in matters if path.startswith(place.name.text + "."))
            if asked:
                self._differs(expected, f"it asks for {asked[0]}")
            return
        found = self.reader.place(place)
        if found is not None and (found[0] in matters) != expected.needed:
            self._differs(expected, f"{name} {'asks' if found[0] in matters else 'does not ask'} for {found[0]}")


def run_files(policy: Core, digest: str, files: list[Path]) -> tuple[list[CaseResult], list[Diagnostic]]:
    """Run the scenario files of one edition; the results, and what is wrong with the files."""
    basis = Basis(policy, digest)
    results: list[CaseResult] = []
    mistakes: list[Diagnostic] = []
    for file in files:
        source, found = read_source(str(file), file.read_bytes())
        mistakes += found
        if any(item.is_error for item in found):
            continue
        cases, found = read_cases(source, policy)
        mistakes += found
        results += [run(case, basis) for case in cases]
    return results, mistakes


def coverage(results: list[CaseResult], rules: list[str]) -> Iterator[tuple[str, dict[str, int]]]:
    """For each rule, in how many cases it decided the outcome, held, did not hold, was undetermined, did not apply."""
    for name in rules:
        counts = {"decides": sum(name in result.deciding for result in results)}
        for truth in _SAID:
            counts[truth] = sum(result.truths[name] == truth for result in results)
        yield name, counts
