"""Where the comparisons of a policy turn in each missing number or date, so that its values fall into cells.

Finds every comparison that any values of the other missing data can bring about: more than can really
meet does no harm, it only makes the cells finer.
"""

from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from typing import Any, Final

from si_rules.evaluation.diagram import TooManyNodes
from si_rules.evaluation.domains import cells
from si_rules.evaluation.evaluator import Evaluator
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.solving import NotSolved, turning_points
from si_rules.evaluation.special import NONE
from si_rules.evaluation.truth import FAILS, HOLDS, NOT_APPLICABLE, Truth
from si_rules.evaluation.values import Datum, Guess, Open, TooLarge, guessed, paths_of
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts, KnownNone
from si_rules.semantics.kinds import Date, Number

MOST_VALUES: Final = 2_000
Several = frozenset[Any]
_ANY: Final[Several] = frozenset((HOLDS, FAILS, NOT_APPLICABLE))


def cuts_of(situation: Situation, facts: Facts, settled: Mapping[str, Truth] | None = None) -> dict[str, set[Fraction]]:
    """The turning points of every missing number and date. Raises `TooManyNodes` where there is too much to follow.

    Rules that are `settled` turn nowhere.
    """
    gathering = _Gathering(situation, facts, settled or {})
    policy = situation.policy
    for name in policy.rules:
        gathering.rule(name)
    for name in policy.definitions:
        gathering.definition(name)
    guards = [found.guard for found in policy.classifications.values() if found.guard is not None]
    for condition in (*guards, *(item.condition for item in policy.consequences)):
        gathering.condition(condition)
    return gathering.cuts


class _Gathering(Evaluator[Several]):
    """Carries the set of all truths or values that something may have, and notes open comparisons on the way."""

    def __init__(self, situation: Situation, facts: Facts, settled: Mapping[str, Truth]) -> None:
        super().__init__(situation, facts)
        self._rules.update({name: frozenset((truth,)) for name, truth in settled.items()})
        self.cuts: dict[str, set[Fraction]] = {}

    def leaf(self, leaf: core.Leaf) -> Several:
        """The truths of a leaf; of one that reads nothing missing, any: it turns nowhere.

        What a supplied list of records holds is read one by one, and something may be missing there.
        """
        paths = self.situation.paths_read(leaf)
        if any(isinstance(self.facts.at(path), Absent) or path in self.facts.counts for path in paths):
            return super().leaf(leaf)
        return _ANY

    def pure(self, value: Hashable) -> Several:
        """One value."""
        return frozenset((value,))

    def lift(self, name: str, operation: Callable[[Any, Any], Hashable], left: Several, right: Several) -> Several:
        """The operation on all pairs."""
        if len(left) * len(right) > 50 * MOST_VALUES:
            raise TooManyNodes
        try:
            found = frozenset(operation(one, other) for one in left for other in right)
        except TooLarge:
            raise TooManyNodes from None
        if len(found) > MOST_VALUES:
            raise TooManyNodes
        return found

    def missing(self, path: str, absent: Absent) -> Several:
        """Every value a datum may have; a number or a date stays open."""
        if absent.candidates:
            found = frozenset[Any](absent.candidates)
        else:
            kind, optional = self.situation.kind_at(path)
            if isinstance(kind, Number | Date):
                found = frozenset[Any]((Open(Datum(path)),))
            else:
                found = frozenset[Any](NONE if isinstance(v, KnownNone) else v for v in cells(kind, optional, ()))
        head, _, rest = path.partition(".")
        missing_list = rest and head in self.situation.lists and head not in self.facts.counts
        return found | {NONE} if missing_list else found

    def unknown(self, key: Hashable, paths: tuple[str, ...], values: tuple[Hashable, ...] | None) -> Several:
        """All the values, or an open number."""
        return frozenset(values) if values is not None else frozenset((Open(Guess(key, paths), True),))

    def decided(self, name: str, compared: Several) -> Several:
        """Open comparisons may come to anything; where one datum is missing its turning points are noted."""
        open_ = [found for found in compared if not isinstance(found, Truth)]
        for _, left, right in open_:
            paths = {*paths_of(left), *paths_of(right)}
            if len(paths) != 1 or guessed(left) or guessed(right):
                continue
            path = paths.pop()
            try:
                self.cuts.setdefault(path, set()).update(turning_points(left, right, path))
            except NotSolved:
                continue
        truths = frozenset(found for found in compared if isinstance(found, Truth))
        return truths | _ANY if open_ else truths

    def outcome(self, name: str) -> Several:
        """Outcomes are not asked for by themselves."""
        raise TypeError("turning points need no outcomes")

    def outcome_is(self, condition: core.OutcomeIs) -> Several:
        """Anything."""
        return _ANY
