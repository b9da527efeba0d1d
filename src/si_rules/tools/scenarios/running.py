"""Runs cases: decides each, or follows its history, holds what came against what is expected, and keeps what was seen."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from attrs import field, frozen

from si_rules.decisions.basis import Basis
from si_rules.loading import Stretch, standing, stretches_of
from si_rules.pathways.follow import InForce
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Facts
from si_rules.source.diagnostics import Diagnostic
from si_rules.source.screening import read_source
from si_rules.syntax import scenario_tree as tree
from si_rules.tools.scenarios.checking import check
from si_rules.tools.scenarios.checking_case import CaseComparison, check_case
from si_rules.tools.scenarios.comparison import Comparison, Failure
from si_rules.tools.scenarios.following import Earlier, after_history, followed, is_of_case, no_earlier
from si_rules.tools.scenarios.reading import Case, read_cases
from si_rules.tools.scenarios.seeing import consequences_seen, seen_in
from si_rules.tools.scenarios.seeing_cases import seen_on


@frozen
class CaseResult:
    """A case that was run: the expectations not met, and what was seen of the policy.

    `seen` is by sort and name; `consequences` by their place in the policy: `following` or `possible`. `policy` is the
    policy as it counted in the case.
    """

    case: Case
    unmet: tuple[Failure, ...]
    seen: dict[tuple[str, str], frozenset[str]]
    consequences: dict[int, str]
    policy: Core = field(repr=False)

    @property
    def failures(self) -> tuple[Diagnostic, ...]:
        """The expectations not met, as diagnostics."""
        return tuple(failure.diagnostic for failure in self.unmet)


def run(case: Case, basis: Basis, earlier: Earlier = no_earlier) -> CaseResult:
    """Run a case, for its audience: decide it, follow its history, or both, as far as something is expected of each.

    `earlier` gives the editions of the policy before this one, for a history that reaches back to them.
    """
    of_case = [item for item in case.expectations if is_of_case(item, basis.policy)]
    of_decision = [item for item in case.expectations if item not in of_case]
    unmet: list[Failure] = []
    seen: dict[tuple[str, str], frozenset[str]] = {}
    consequences: dict[int, str] = {}
    if of_decision:
        comparison = _decided(case, basis)
        for expectation in of_decision:
            check(expectation, comparison)
        unmet += comparison.failures
        interpreter = comparison.explainer.interpreter
        seen = seen_in(comparison.decision, interpreter)
        consequences = consequences_seen(comparison.decision, interpreter, basis.policy)
    if of_case or case.history:
        unmet += _followed(case, of_case, basis, earlier, seen)
    return CaseResult(case, tuple(unmet), seen, consequences, basis.policy)


def _decided(case: Case, basis: Basis) -> Comparison:
    cohort = case.cohort
    read = partial(_after_history, case) if case.history else case.facts
    decision = basis.decide(read, case.on, case.known_at, case.as_if, case.roles, cohort)
    situation = basis.situation(case.on, case.known_at, case.roles)
    facts = basis.facts(read, case.on, case.known_at, case.roles, cohort)
    return Comparison(case, basis.policy, decision, situation, facts)


def _after_history(case: Case, policy: Core, on: datetime.date, known_at: datetime.date,
                   roles: frozenset[str] | None) -> Facts:  # fmt: skip
    return after_history(case.facts(policy, on, known_at, roles), case, policy, on, known_at, roles)


def _followed(case: Case, expected: Iterable[tree.Expectation], basis: Basis, earlier: Earlier,
              seen: dict[tuple[str, str], frozenset[str]]) -> list[Failure]:  # fmt: skip
    """The failures of what is expected of the case; what is seen of the pathways is added."""
    start = max((item.first for item in basis.policy.amendments if item.counts), default=basis.policy.in_force[0])
    edition = InForce(start, basis.policy, basis.digest)
    comparison = CaseComparison(case, basis.policy, followed(case, edition, earlier))
    for expectation in expected:
        check_case(expectation, comparison)
    seen.update(seen_on(comparison.found, case, comparison.shown))
    return comparison.failures


def run_files(policy: Core, digest: str, files: list[Path],
              later: Sequence[Stretch] = (),
              earlier: Earlier = no_earlier) -> tuple[list[CaseResult], list[Diagnostic]]:  # fmt: skip
    """Run the scenario files of one edition; the results, and what is wrong with the files. Raises OSError.

    `later` are the cores from a day on, where a policy that is used changes its edition meanwhile, or an amendment begins
    to count: each case is decided with the one of its days. `earlier` gives the editions before this one, for a history
    that reaches back to them.
    """
    stretches = stretches_of(policy, digest, later)
    bases = [Basis(stretch.core, digest) for stretch in stretches]
    results: list[CaseResult] = []
    mistakes: list[Diagnostic] = []
    for file in files:
        source, found = read_source(str(file), file.read_bytes())
        mistakes += found
        if any(item.is_error for item in found):
            continue
        cases, found = read_cases(source, policy, later)
        mistakes += found
        for case in cases:
            stretch = standing(stretches, case.on, case.known_at)
            before = _before(stretch, stretches, case, digest, earlier)
            results.append(run(case, bases[stretches.index(stretch)], before))
    return results, mistakes


def _before(now: Stretch, stretches: Sequence[Stretch], case: Case, digest: str, earlier: Earlier) -> Earlier:
    """What gives the editions before, with this one as it was before amendments that counted by the day of a case."""
    counting = [item.first for item in now.core.amendments if item.counts]
    if not counting:
        return earlier

    def given() -> Iterator[InForce]:
        yield from earlier()
        starts = sorted({now.core.in_force[0], *counting})
        for begin in starts[:-1]:
            yield InForce(begin, standing(stretches, begin, case.known_at).core, digest)

    return given
