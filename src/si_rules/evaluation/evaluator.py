"""What each form of the core means, in terms of a few operations on what is known: the language's meaning, once.

The interpreter carries single truths and values; the case analysis carries diagrams of them. Both are
this class with another carrier.
"""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Sequence
from fractions import Fraction
from typing import Any, Final, Generic, TypeVar

from si_rules.evaluation.operations import detail_of
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.special import NONE, NOT_APPLIED
from si_rules.evaluation.truth import (
    FAILS,
    HOLDS,
    NOT_APPLICABLE,
    UNDETERMINED,
    Truth,
    all_apply,
    all_of,
    along,
    any_of,
    contrary,
    enough,
    guarded,
    tallied,
    unless,
)
from si_rules.evaluation.values import MOST_CHOICES, Guess, Open, Part, among, choices_of, combine, limits
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, DoesNotApply, Facts, Known, KnownNone
from si_rules.semantics.kinds import Scale
from si_rules.semantics.years import last_day

C = TypeVar("C")
_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)
_TWO_BY_TWO: Final = frozenset({"sum", "lowest", "highest"})


class Evaluator(ABC, Generic[C]):
    """Evaluates conditions and terms for one subject; `C` carries truths and values."""

    def __init__(self, situation: Situation, facts: Facts) -> None:
        self.situation = situation
        self.policy = situation.policy
        self.facts = facts
        self._rules: dict[str, C] = {}
        self._definitions: dict[str, C] = {}
        self._at_hand: dict[str, int] = {}

    # ---- what a carrier provides
    @abstractmethod
    def pure(self, value: Hashable) -> C:
        """A truth or a value that hangs on nothing missing."""

    @abstractmethod
    def lift(self, name: str, operation: Callable[[Any, Any], Hashable], left: C, right: C) -> C:
        """An operation on two; `name` tells operations apart."""

    @abstractmethod
    def missing(self, path: str, absent: Absent) -> C:
        """The value of a missing datum."""

    @abstractmethod
    def decided(self, name: str, compared: C) -> C:
        """A truth from comparisons of which some may still be open."""

    @abstractmethod
    def unknown(self, key: Hashable, paths: tuple[str, ...], values: tuple[Hashable, ...] | None) -> C:
        """Something that hangs on a list that was not supplied: one of `values`, or a number."""

    @abstractmethod
    def outcome(self, name: str) -> C:
        """The outcome of a classification: a label, `unmatched`, or None where it does not apply."""

    @abstractmethod
    def outcome_is(self, condition: core.OutcomeIs) -> C:
        """The truth of a condition on an outcome."""

    # ---- rules and definitions
    def rule(self, name: str) -> C:
        """The truth of a fact, trigger, clause or row."""
        found = self._rules.get(name)
        if found is None:
            found = self._rules[name] = self._released(name)
        return found

    def _released(self, name: str) -> C:
        truth = self.facts.released.get(name)
        if truth is None:
            return self.condition(self.policy.rules[name].condition)
        if truth == UNDETERMINED.value:
            return self.unknown(("released", name), (), (HOLDS, FAILS, NOT_APPLICABLE))
        return self.pure(Truth(truth))

    def definition(self, name: str) -> C:
        """The value of a definition."""
        found = self._definitions.get(name)
        if found is None:
            definition = self.policy.definitions[name]
            if self.situation.crosses_break(definition.term):
                found = self.pure(NOT_APPLIED)
            else:
                found = self.term(definition.term)
            if definition.guard is not None:
                found = self._case(self.condition(definition.guard), found, self.pure(NOT_APPLIED))
            self._definitions[name] = found
        return found

    # ---- conditions
    def condition(self, condition: core.Condition) -> C:
        """The truth of a condition."""
        match condition:
            case core.Compare() | core.IsAmong() | core.IsNone() | core.Trend():
                return self.leaf(condition)
            case core.Listed(quantifier="at_least", count=count, items=items):
                return self._at_least(count, items)
            case core.Listed(quantifier="none", items=items):
                return self._not(self._fold("any", [self.condition(item) for item in items]))
            case core.Listed(quantifier="match", items=items):
                return self._fold("all", [self._matched(self.condition(item)) for item in items])
            case core.Listed(quantifier=quantifier, items=items):
                return self._fold(quantifier, [self.condition(item) for item in items])
            case core.Not(condition=inner):
                return self._not(self.condition(inner))
            case core.RuleHolds(rule=rule):
                return self.rule(rule)
            case core.Guarded(guard=guard, body=body):
                return self.lift("guarded", guarded, self.condition(guard), self.condition(body))
            case core.Unless(body=body, exception=exception):
                return self.lift("unless", unless, self.condition(body), self.condition(exception))
            case core.OutcomeIs():
                return self.outcome_is(condition)
            case core.ForRecords():
                return self._for_records(condition)
            case core.Always():
                return self.pure(HOLDS)

    def _not(self, truth: C) -> C:
        return self.lift("not", lambda value, _: contrary(value), truth, self.pure(None))

    def _matched(self, truth: C) -> C:
        return self.lift(
            "matched", lambda value, _: FAILS if value is NOT_APPLICABLE else value, truth, self.pure(None)
        )

    def _fold(self, quantifier: str, truths: Sequence[C]) -> C:
        operation = _all if quantifier == "all" else _any
        result = self.pure(NOT_APPLICABLE)
        for truth in reversed(truths):  # what is asked first comes on top last: each step adds only a few nodes
            result = self.lift(quantifier, operation, truth, result)
        return result

    def _at_least(self, count: int, items: tuple[core.Condition, ...]) -> C:
        result = self.pure((0, 0, 0))
        for truth in reversed([self.condition(item) for item in items]):
            result = self.lift("tally", tallied, result, truth)
        return self.lift(f"at least {count}", lambda tally, _: enough(count, tally), result, self.pure(None))

    def _for_records(self, condition: core.ForRecords) -> C:
        count = self._count(condition.collection)
        if count is None:
            listed_under = self.policy.vocabulary.collections[condition.collection].listed_under
            return self.unknown(
                (condition, tuple(self._at_hand.items())), (listed_under,), (HOLDS, FAILS, NOT_APPLICABLE)
            )
        truths = self._for_each(condition.collection, count, lambda: self.condition(condition.condition))
        return self._fold("all" if condition.every else "any", truths)

    def _count(self, collection: str) -> int | None:
        """How many records there are; None where the list was not supplied."""
        return self.facts.counts.get(self.policy.vocabulary.collections[collection].listed_under)

    def _for_each(self, collection: str, count: int, evaluated: Callable[[], C]) -> list[C]:
        before = self._at_hand.get(collection)
        found = []
        for place in range(count):
            self._at_hand[collection] = place
            found.append(evaluated())
        if before is None:
            self._at_hand.pop(collection, None)
        else:
            self._at_hand[collection] = before
        return found

    # ---- leaves
    def leaf(self, leaf: core.Leaf) -> C:
        """The truth of a leaf."""
        match leaf:
            case core.Compare(operator=operator, left=left, right=right):
                if self.situation.crosses_break(left, right):
                    return self.pure(NOT_APPLICABLE)
                scale = left.kind.values if isinstance(left.kind, Scale) else None
                return self._compared(operator, scale, self.term(left), self.term(right))
            case core.IsAmong(term=term, values=values):
                if self.situation.crosses_break(term):
                    return self.pure(NOT_APPLICABLE)
                return self.lift(
                    f"among {values}", lambda part, _: _among(part, values), self.term(term), self.pure(None)
                )
            case core.IsNone(term=term):
                return self._is_none(term)
            case core.Trend():
                return self._trend(leaf)

    def _compared(self, operator: core.Operator, scale: tuple[str, ...] | None, left: C, right: C) -> C:
        name = f"{operator} {scale}"
        return self.decided(name, self.lift(name, lambda a, b: compare(operator, scale, a, b), left, right))

    def _is_none(self, term: core.Term) -> C:
        if isinstance(term, core.YearValue):
            value = self._year_value(term, self.existence)
        else:
            value = self.existence(self._path(term))
        return self.lift("is none", lambda part, _: _none(part), value, self.pure(None))

    def existence(self, path: str) -> C:
        """Some value of a datum, or that it is none: here the value itself."""
        return self.datum(path)

    def _trend(self, leaf: core.Trend) -> C:
        values = [
            core.YearValue(leaf.series, leaf.path, leaf.kind, core.YearReference(back))
            for back in range(leaf.years, -1, -1)
        ]
        if self.situation.crosses_break(*values):
            return self.pure(NOT_APPLICABLE)
        parts = [self.term(value) for value in values]
        operator: core.Operator = ">" if leaf.rising else "<"
        steps = [self._compared(operator, None, later, earlier) for earlier, later in itertools.pairwise(parts)]
        applies = self.pure(HOLDS)
        for part in reversed(parts):
            there = self.lift("applies", lambda value, _: _applies(value), part, self.pure(None))
            applies = self.lift("all apply", all_apply, there, applies)
        return self.lift("along", along, applies, self._fold("all", steps))

    # ---- terms
    def term(self, term: core.Term) -> C:
        """The value of a term."""
        match term:
            case core.Constant(value=value):
                return self.pure(value)
            case core.DecisionDay():
                return self.pure(self.situation.on)
            case core.FieldValue() | core.RecordValue():
                return self.datum(self._path(term))
            case core.YearValue():
                return self._year_value(term, self.datum)
            case core.ParameterValue():
                stated = self.situation.parameter(term)
                if stated is None:
                    return self.missing(self.situation.path(term), Absent("not_stated"))
                return self.pure(stated)
            case core.Computed(operation=operation, parts=parts, detail=detail, kind=kind):
                told = detail_of(operation, detail, kind.values if isinstance(kind, Scale) else None)
                return self.combined(operation, told, [self.term(part) for part in parts])
            case core.Chosen():
                return self._chosen(term)
            case core.DefinedValue(name=name):
                return self.definition(name)
            case core.OverRecords():
                return self._over_records(term)

    def _path(self, term: core.Term) -> str:
        place = self._at_hand.get(term.collection) if isinstance(term, core.RecordValue) else None
        return self.situation.path(term, place)

    def datum(self, path: str) -> C:
        """The value of a datum."""
        match self.facts.at(path):
            case Known(value=value):
                return self.pure(value)
            case KnownNone():
                return self.pure(NONE)
            case DoesNotApply():
                return self.pure(NOT_APPLIED)
            case Absent() as absent:
                return self.missing(path, absent)

    def _year_value(self, term: core.YearValue, read: Callable[[str], C]) -> C:
        if self.situation.outside(term) is not None:
            return self.pure(NOT_APPLIED)
        value = read(self.situation.path(term))
        begins = self.policy.begins_with(term.series)
        if begins is None:
            return value
        end = last_day(self.situation.year(term.series, term.year))
        not_yet = self._compared(">", None, self.datum(begins), self.pure(end))
        return self._case(not_yet, self.pure(NOT_APPLIED), value)

    def combined(self, operation: str, detail: Hashable, parts: list[C]) -> C:
        """The value of an operation on several. Where order is nothing it is worked out two by two."""
        name = f"{operation} {detail}"
        if operation in _TWO_BY_TWO:
            result = self.pure(NOT_APPLIED)
            for part in reversed(parts):
                result = self.lift(name, lambda one, rest: combine(operation, detail, (one, rest)), part, result)
            return result if parts or operation != "sum" else self.pure(_ZERO)
        gathered = self.pure(())
        for part in reversed(parts):
            gathered = self.lift("gather", lambda value, rest: (value, *rest), part, gathered)
        return self.lift(name, lambda values, _: combine(operation, detail, values), gathered, self.pure(None))

    def _chosen(self, term: core.Chosen) -> C:
        result = self.pure(NOT_APPLIED) if term.otherwise is None else self.term(term.otherwise)
        for condition, value in reversed(term.cases):
            result = self._case(self.condition(condition), self.term(value), result)
        return result

    def _case(self, truth: C, value: C, otherwise: C) -> C:
        """The value where the truth holds, otherwise the other."""
        both = self.lift("pair", lambda one, other: (one, other), value, otherwise)
        return self.lift("case", _pick, truth, both)

    def _over_records(self, term: core.OverRecords) -> C:
        count = self._count(term.collection)
        if count is None:
            listed_under = self.policy.vocabulary.collections[term.collection].listed_under
            finite = (*term.kind.values, NOT_APPLIED) if isinstance(term.kind, Scale) else None
            return self.unknown((term, tuple(self._at_hand.items())), (listed_under,), finite)
        parts = self._for_each(term.collection, count, lambda: self._of_record(term))
        operation = "sum" if term.operation == "count" else term.operation
        detail = detail_of(operation, None, term.kind.values if isinstance(term.kind, Scale) else None)
        return self.combined(operation, detail, parts)

    def _of_record(self, term: core.OverRecords) -> C:
        """What the record at hand adds: one where it counts, its value, or nothing."""
        value = self.pure(_ONE) if term.term is None else self.term(term.term)
        if term.where is None:
            return value
        return self._case(self.condition(term.where), value, self.pure(_ZERO if term.term is None else NOT_APPLIED))


def _all(left: Truth, right: Truth) -> Truth:
    return all_of((left, right))


def _any(left: Truth, right: Truth) -> Truth:
    return any_of((left, right))


_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
}


def compare(operator: core.Operator, scale: tuple[str, ...] | None, left: Part, right: Part) -> Hashable:
    """The truth of a comparison, or the comparison itself where it is open and what is known does not settle it."""
    choices, others = choices_of(left), choices_of(right)
    if 1 < len(choices) * len(others) <= MOST_CHOICES:
        found = {compare(operator, scale, one, other) for one in choices for other in others}
        return found.pop() if len(found) == 1 else (operator, left, right)
    if NOT_APPLIED in (left, right):
        return NOT_APPLICABLE
    open_ = [part for part in (left, right) if isinstance(part, Open)]
    if NONE in (left, right) and not any(part.may_not_apply for part in open_):
        return FAILS
    if open_:
        settled = None if NONE in (left, right) else _by_limits(operator, left, right)
        return (operator, left, right) if settled is None else settled
    one, other = (scale.index(left), scale.index(right)) if scale else (left, right)
    return HOLDS if _COMPARE[operator](one, other) else FAILS


def _by_limits(operator: core.Operator, left: Part, right: Part) -> Truth | None:
    """The truth where all values within the limits agree."""
    if any(isinstance(part, Open) and part.may_not_apply for part in (left, right)):
        return None
    (low, high), (other_low, other_high) = limits(left), limits(right)
    under = high is not None and other_low is not None and high < other_low
    over = low is not None and other_high is not None and low > other_high
    at_most = high is not None and other_low is not None and high <= other_low
    at_least = low is not None and other_high is not None and low >= other_high
    holds = {"<": under, "<=": at_most, ">": over, ">=": at_least, "=": False}[operator]
    fails = {"<": at_least, "<=": over, ">": at_most, ">=": under, "=": under or over}[operator]
    return HOLDS if holds else FAILS if fails else None


def _among(part: Part, values: tuple[str | bool, ...]) -> Truth:
    if part is NOT_APPLIED:
        return NOT_APPLICABLE
    if part is NONE:
        return FAILS
    if isinstance(part, Open):
        return _agreed(_among(choice, values) for choice in part.choices)
    return HOLDS if part in values else FAILS


def _none(part: Part) -> Truth:
    if part is NOT_APPLIED:
        return NOT_APPLICABLE
    if isinstance(part, Open):
        return _agreed(_none(choice) for choice in part.choices)
    return HOLDS if part is NONE else FAILS


def _agreed(truths: Iterable[Truth]) -> Truth:
    """The truth of all, where they agree."""
    found = set(truths)
    return found.pop() if len(found) == 1 else UNDETERMINED


def _applies(part: Part) -> Truth:
    if part is NOT_APPLIED:
        return NOT_APPLICABLE
    return UNDETERMINED if isinstance(part, Open) and part.may_not_apply else HOLDS


def _pick(truth: Truth, both: tuple[Part, Part]) -> Part:
    """The first where the truth holds, else the second; while that is open, one of the two."""
    value, otherwise = both
    if truth is not UNDETERMINED:
        return value if truth is HOLDS else otherwise
    if value == otherwise:
        return value
    choices = choices_of(value) | choices_of(otherwise)
    if choices_of(value) and choices_of(otherwise) and len(choices) <= MOST_CHOICES:
        return among(choices, Guess((value, otherwise), ()))
    apply = [part is not NOT_APPLIED and not (isinstance(part, Open) and part.may_not_apply) for part in both]
    (low, high), (other_low, other_high) = limits(value), limits(otherwise)
    lowest = None if low is None or other_low is None else min(low, other_low)
    highest = None if high is None or other_high is None else max(high, other_high)
    return Open(Guess((value, otherwise), ()), not all(apply), lowest, highest)
