"""Runs cases: decides each, holds the decision against what is expected, and keeps what was seen of the policy."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from si_rules.decisions.basis import Basis
from si_rules.semantics.core import Core
from si_rules.source.diagnostics import Diagnostic
from si_rules.source.screening import read_source
from si_rules.tools.scenarios.checking import check
from si_rules.tools.scenarios.comparison import Comparison, Failure
from si_rules.tools.scenarios.reading import Case, read_cases
from si_rules.tools.scenarios.seeing import consequences_seen, seen_in


@frozen
class CaseResult:
    """A case that was run: the expectations not met, and what was seen of the policy.

    `seen` is by sort and name; `consequences` by their place in the policy: `following` or `possible`.
    """

    case: Case
    unmet: tuple[Failure, ...]
    seen: dict[tuple[str, str], frozenset[str]]
    consequences: dict[int, str]

    @property
    def failures(self) -> tuple[Diagnostic, ...]:
        """The expectations not met, as diagnostics."""
        return tuple(failure.diagnostic for failure in self.unmet)


def run(case: Case, basis: Basis) -> CaseResult:
    """Decide a case, for its audience, and hold the decision against what it expects."""
    cohort = case.cohort
    decision = basis.decide(case.facts, case.on, case.known_at, case.as_if, case.roles, cohort)
    situation = basis.situation(case.on, case.known_at, case.roles)
    facts = basis.facts(case.facts, case.on, case.known_at, case.roles, cohort)
    comparison = Comparison(case, basis.policy, decision, situation, facts)
    for expectation in case.expectations:
        check(expectation, comparison)
    interpreter = comparison.explainer.interpreter
    consequences = consequences_seen(decision, interpreter, basis.policy)
    return CaseResult(case, tuple(comparison.failures), seen_in(decision, interpreter), consequences)


def run_files(policy: Core, digest: str, files: list[Path],
              later: Sequence[tuple[datetime.date, Core]] = ()) -> tuple[list[CaseResult], list[Diagnostic]]:  # fmt: skip
    """Run the scenario files of one edition; the results, and what is wrong with the files. Raises OSError.

    `later` are the cores from a day on, where a policy that is used changes its edition meanwhile: each case is decided
    with the one of its day.
    """
    bases = [(day, Basis(core, digest)) for day, core in ((datetime.date.min, policy), *later)]
    results: list[CaseResult] = []
    mistakes: list[Diagnostic] = []
    for file in files:
        source, found = read_source(str(file), file.read_bytes())
        mistakes += found
        if any(item.is_error for item in found):
            continue
        cases, found = read_cases(source, policy, later)
        mistakes += found
        results += [run(case, [basis for day, basis in bases if day <= case.on][-1]) for case in cases]
    return results, mistakes
