"""The reference interpreter: slow, obvious, and able to say what it saw. It is what a policy means."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import product
from typing import Any, Final

from attrs import evolve

from si_rules.evaluation.evaluator import Evaluator
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import FAILS, HOLDS, NOT_APPLICABLE, UNDETERMINED, Truth
from si_rules.evaluation.values import Datum, Guess, Open, Part, TooLarge
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts, Known, Value

MOST_DISPUTES: Final = 64
NOT_APPLICABLE_OUTCOME: Final = "not_applicable"

Outcomes = Callable[[str], tuple[str, ...]]
Settled = Callable[[str], Part | None]


class Interpreter(Evaluator[Any]):
    """Evaluates for one subject by strong Kleene logic.

    `outcomes` gives the outcomes of a classification that are still possible, none where it does not
    apply; `settled` the value of a definition that every completion gives, None where they differ.
    `flipped` is a leaf taken to hold, for near misses.
    """

    def __init__(self, situation: Situation, facts: Facts, outcomes: Outcomes | None = None,
                 settled: Settled | None = None, flipped: core.Leaf | None = None) -> None:  # fmt: skip
        super().__init__(situation, facts)
        self._outcomes = outcomes
        self._settled = settled
        self._flipped = flipped
        self._settling = False
        self._leaves: dict[int, Truth] = {}  # of leaves that read evidence only, whichever rule is asked

    def given(self, truths: Iterable[tuple[str, Truth]]) -> None:
        """Take the truths of some rules as they are given, without asking again."""
        self._rules.update(truths)

    def truth(self, condition: core.Condition) -> Truth:
        """The truth of a condition."""
        found = self.condition(condition)
        assert isinstance(found, Truth)
        return found

    def definition(self, name: str) -> Part:
        """The value of a definition; where it is open and yet every completion gives one, that.

        One that hangs on more parts than are followed is open, and nothing is known of it.
        """
        found: Part
        try:
            found = super().definition(name)
        except TooLarge:
            found = self._definitions[name] = Open(Guess(("too large", name), ()), True)
        if isinstance(found, Open) and self._settled is not None:
            value = self._settled(name)
            if value is not None:
                found = self._definitions[name] = value
        return found

    def but_for(self, leaf: core.Leaf, owner: str) -> "Interpreter":
        """The same, with a leaf of the rule `owner` taken to hold. What does not read that rule is not asked again."""
        other = Interpreter(self.situation, self.facts, self._outcomes, self._settled, leaf)
        other._rules = dict(self._rules)
        for name in self.situation.readers_of(owner):
            other._rules.pop(name, None)
        other._leaves = self._leaves
        return other

    def leaf(self, leaf: core.Leaf) -> Truth:
        """The truth of a leaf; where only disputed data leave it open and all candidates agree, theirs."""
        if self._flipped is leaf:
            return HOLDS
        found = self._leaves.get(id(leaf))
        if found is None:
            try:
                found = super().leaf(leaf)
            except TooLarge:
                found = UNDETERMINED
            if found is UNDETERMINED and not self._settling:
                found = self._by_candidates(leaf)
            if self.situation.ways.reads_evidence(leaf):
                self._leaves[id(leaf)] = found
        return found

    def _by_candidates(self, leaf: core.Leaf) -> Truth:
        """What every candidate of the disputed data makes of a leaf, where they agree."""
        choices: list[list[tuple[str, Value]]] = []
        combinations = 1
        for path in self.situation.paths_read(leaf):
            datum = self.facts.at(path)
            if isinstance(datum, Absent) and datum.candidates:
                choices.append([(path, value) for value in datum.candidates])
                combinations *= len(datum.candidates)
        if not choices or combinations > MOST_DISPUTES:
            return UNDETERMINED
        found = {self._with(dict(chosen)).leaf(leaf) for chosen in product(*choices)}
        return found.pop() if len(found) == 1 else UNDETERMINED

    def _with(self, values: Mapping[str, Value]) -> "Interpreter":
        data = {**self.facts.data, **{path: Known(value) for path, value in values.items()}}
        other = Interpreter(self.situation, evolve(self.facts, data=data), self._outcomes)
        other._settling = True
        other._at_hand = dict(self._at_hand)
        return other

    # ---- the carrier: a truth or a value itself
    def pure(self, value: Hashable) -> Any:
        """The value."""
        return value

    def lift(self, name: str, operation: Callable[[Any, Any], Hashable], left: Any, right: Any) -> Any:
        """The operation."""
        return operation(left, right)

    def missing(self, path: str, absent: Absent) -> Part:
        """Open, within the limits that are known."""
        return Open(Datum(path), False, absent.low, absent.high)

    def decided(self, name: str, compared: Any) -> Truth:
        """Undetermined where the comparison is open."""
        return compared if isinstance(compared, Truth) else UNDETERMINED

    def unknown(self, key: Hashable, paths: tuple[str, ...], values: tuple[Hashable, ...] | None) -> Any:
        """Undetermined, or open and perhaps not applicable."""
        if values is not None and isinstance(values[0], Truth):
            return UNDETERMINED
        return Open(Guess(key, paths), True)

    def outcome(self, name: str) -> Any:
        """The interpreter knows outcomes only as sets of possible ones."""
        raise TypeError("the interpreter gives no single outcome")

    def outcome_is(self, condition: core.OutcomeIs) -> Truth:
        """Whether all, some or none of the possible outcomes are among those asked for."""
        assert self._outcomes is not None, "conditions on outcomes need the outcomes"
        possible = self._outcomes(condition.classification)
        if not possible:
            return NOT_APPLICABLE
        inside = [outcome in condition.outcomes for outcome in possible]
        if all(inside):
            return HOLDS
        return UNDETERMINED if any(inside) or NOT_APPLICABLE_OUTCOME in possible else FAILS
