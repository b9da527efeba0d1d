"""What figures over a cohort come to, for every completion of what is known of its members."""

import itertools
from collections.abc import Iterable, Sequence
from fractions import Fraction

from tests.properties.generator.rules import Figure
from tests.properties.oracle.completions import Completions
from tests.properties.oracle.knowing import Knowledge
from tests.properties.oracle.meaning import Meaning
from tests.properties.oracle.values import NONE, NOT_APPLICABLE, NOTHING, YES, Value, gathered

# What one member brings: whether it counts, the truth of what is asked of it, what it is worth, how often that counts.
Share = tuple[bool, str, Value, Value]
MOST_MISSING = 12  # of all members together
MOST_COMPLETIONS = 500  # of one member
MOST_WAYS = 3000  # of all members together
LEFT_OUT: Share = (False, NOT_APPLICABLE, NOTHING, NOTHING)


class Cohort:
    """The members of a cohort, each with all that it may bring to a figure, where that can be gone through (`few`)."""

    def __init__(self, meaning: Meaning, figure: Figure, members: Sequence[Knowledge]) -> None:
        self.figure = figure
        with meaning.noting() as reading:
            self._counts, self._asked, self._worth, self._weight = meaning.figure_parts(figure)
        name = f"figure {figure.name}"
        meaning.readings.named[name] = reading
        meaning.add_leaves(name)
        completions = [Completions(meaning, member, name) for member in members]
        self.misses = any(found.missing for found in completions)
        few = sum(len(found.missing) for found in completions) <= MOST_MISSING and all(
            found.size <= MOST_COMPLETIONS for found in completions
        )
        self.shares = [self._of(found) for found in completions] if few else []
        self.few = few and self.ways <= MOST_WAYS

    def _of(self, completions: Completions) -> list[Share]:
        found: dict[Share, None] = {}
        for _, values in completions:
            if self._counts(values) != YES:
                found[LEFT_OUT] = None
            else:
                truth = self._asked(values) if self._asked else NOT_APPLICABLE
                weight = self._weight(values) if self._weight else Fraction(1)
                found[True, truth, self._worth(values) if self._worth else NOTHING, weight] = None
        return list(found)

    def all_of(self, subject: int) -> Iterable[Value]:
        """What the figure comes to of one of the members, for each way to complete all of them."""
        for shares in itertools.product(*self.shares):
            yield figured(self.figure, shares, shares[subject])

    @property
    def ways(self) -> int:
        total = 1
        for shares in self.shares:
            total *= len(shares)
        return total


def figured(figure: Figure, shares: Sequence[Share], own: Share) -> Value:
    """The figure where everything is known: what does not apply leaves the denominator."""
    if figure.measure in ("share", "number"):
        asked = [truth for counts, truth, _, _ in shares if counts and truth != NOT_APPLICABLE]
        holding = asked.count(YES)
        if figure.measure == "number":
            return Fraction(holding)
        return Fraction(100 * holding, len(asked)) if asked else NOTHING
    weighed = [
        (worth, weight) for counts, _, worth, weight in shares
        if counts and not {worth, weight} & {NONE, NOTHING} and weight > 0
    ]  # fmt: skip
    if figure.weight is not None:
        whole = sum(weight for _, weight in weighed)
        return sum(worth * weight for worth, weight in weighed) / Fraction(whole) if weighed else NOTHING
    worths = [worth for worth, _ in weighed]
    if figure.measure not in ("rank", "percentile"):
        return gathered(figure.measure, worths, True)
    counts, _, worth, _ = own
    if not counts or worth in (NONE, NOTHING):
        return NOTHING
    higher, lower = (sum(other > worth for other in worths), sum(other < worth for other in worths))
    if figure.measure == "rank":
        return Fraction(1 + (higher if figure.highest_first else lower))
    return Fraction(100 * lower, len(worths))
