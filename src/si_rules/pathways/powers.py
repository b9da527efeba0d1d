"""What may be done now, what it requires, and what is expected: of every course that is still possible."""

import datetime
from collections.abc import Callable, Container, Iterator
from typing import TypeVar

from attrs import define, evolve

from si_rules.evaluation.truth import FAILS, HOLDS, NOT_APPLICABLE, UNDETERMINED, Truth
from si_rules.pathways.case import Act, Expectation, PowerResult, RequirementResult
from si_rules.pathways.course import Course
from si_rules.pathways.duties import BINDING
from si_rules.pathways.edition import Edition
from si_rules.pathways.fold import Folding
from si_rules.semantics.pathway_forms import After, Before, Every, PathwayDuty, Power, State

R = TypeVar("R", PowerResult, Expectation, Act)


@define
class Powers:
    """Finds what may be done on a day. The edition in force on that day says so."""

    folding: Folding
    on: datetime.date

    def powers(self, courses: list[Course]) -> tuple[PowerResult, ...]:
        """Every power of a present state; one that only some courses have, or have on other terms, is undetermined."""
        found = [list(self._powers(course)) for course in courses]
        return _together(found, lambda item: evolve(item, available="undetermined"))

    def gained(self, course: Course, had: Container[str]) -> Iterator[str]:
        """The titles of the powers that are available on a course and are not among those had already."""
        for edition, level, entered in self._levels(course):
            for power in level.powers:
                if power.id not in had and self._truth(edition, power.condition, entered) is HOLDS:
                    needs = (item.condition for item in power.requirements if item.binding)
                    if all(self._truth(edition, need, entered) in (HOLDS, NOT_APPLICABLE) for need in needs):
                        yield power.title

    def expectations(self, courses: list[Course]) -> tuple[Expectation, ...]:
        """What is recommended or expected in a present state."""
        found = [list(self._expectations(course)) for course in courses]
        return _together(found, lambda item: evolve(item, truth="undetermined"))

    def acts(self, courses: list[Course]) -> tuple[Act, ...]:
        """Every power and duty of a present state, with whether its condition holds on the day."""
        found = [list(self._acts(course)) for course in courses]
        return _together(found, lambda item: evolve(item, truth="undetermined"))

    def _acts(self, course: Course) -> Iterator[Act]:
        for edition, level, entered in self._levels(course):
            found: list[Power | PathwayDuty] = [*level.powers, *level.duties]
            for item in found:
                truth = self._truth(edition, item.condition, entered)
                modality, done_by = ("may", item.done_by) if isinstance(item, Power) else (item.modality, item.met_by)
                recurs = isinstance(item, PathwayDuty) and isinstance(item.deadline, Every | After | Before)
                yield Act(
                    item.id, modality, item.bearer, item.action, item.title, truth.value, item.condition_words, done_by,
                    recurs, item.rests_on,
                )  # fmt: skip

    def _levels(self, course: Course) -> Iterator[tuple[Edition, State, int]]:
        edition = self.folding.edition(self.on)
        if course.state is not None and course.state not in edition.pathway.states:
            edition = self.folding.last_with(course.state, self.on)
        if course.state in edition.pathway.states:
            for level in edition.levels(course.state):
                yield edition, level, course.stay(course.state).entered

    def _truth(self, edition: Edition, condition: object, entered: int) -> Truth:
        asking = self.folding.asking
        return asking.truth(edition.policy, condition, self.on, len(asking.timeline.events), entered)  # type: ignore[arg-type]

    def _powers(self, course: Course) -> Iterator[PowerResult]:
        for edition, level, entered in self._levels(course):
            for power in level.powers:
                found = self._power(edition, power, entered)
                if found is not None:
                    yield found

    def _power(self, edition: Edition, power: Power, entered: int) -> PowerResult | None:
        own = self._truth(edition, power.condition, entered)
        if own is NOT_APPLICABLE:
            return None
        requirements = []
        truths = [own]
        for item in power.requirements:
            truth = self._truth(edition, item.condition, entered)
            requirements.append(RequirementResult(item.words, item.binding, truth.value, item.rests_on))
            if item.binding and truth is not NOT_APPLICABLE:
                truths.append(truth)
        available = FAILS if FAILS in truths else UNDETERMINED if UNDETERMINED in truths else HOLDS
        return PowerResult(
            power.id, power.bearer, power.action, power.title, available.value, tuple(requirements), power.rests_on
        )  # fmt: skip

    def _expectations(self, course: Course) -> Iterator[Expectation]:
        for edition, level, entered in self._levels(course):
            for duty in level.duties:
                truth = self._truth(edition, duty.condition, entered)
                if duty.modality not in BINDING and truth in (HOLDS, UNDETERMINED):
                    yield Expectation(
                        duty.id, duty.bearer, duty.modality, duty.action, duty.title, truth.value, duty.rests_on
                    )  # fmt: skip


def _together(found: list[list[R]], unsure: Callable[[R], R]) -> tuple[R, ...]:
    """What all courses agree on as it is, the rest as unsure."""
    every: dict[str, R] = {}
    for items in found:
        for item in items:
            every.setdefault(item.id, item)
    if len(found) == 1:
        return tuple(every.values())
    agreed = {name for name, item in every.items() if all(item in items for items in found)}
    return tuple(item if name in agreed else unsure(item) for name, item in every.items())
