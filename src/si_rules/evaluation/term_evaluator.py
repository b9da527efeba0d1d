"""What each form of term means, in terms of a few operations on what is known."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from fractions import Fraction
from typing import Any, Final, Generic, TypeVar

from si_rules.evaluation.comparing import compare, pick
from si_rules.evaluation.operations import detail_of
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.special import NONE, NOT_APPLIED
from si_rules.evaluation.values import combine
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, DoesNotApply, Facts, Known, KnownNone
from si_rules.semantics.kinds import Scale
from si_rules.semantics.years import last_day

C = TypeVar("C")
_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)
_TWO_BY_TWO: Final = frozenset({"sum", "lowest", "highest"})


class TermEvaluator(ABC, Generic[C]):
    """Evaluates terms for one subject; `C` carries truths and values. What a carrier must provide stands here too."""

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

    @abstractmethod
    def condition(self, condition: core.Condition) -> C:
        """The truth of a condition."""

    @abstractmethod
    def definition(self, name: str) -> C:
        """The value of a definition."""

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
        begins = self.policy.vocabulary.series[term.series].begins_with
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
        return self.lift("case", pick, truth, both)

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

    def _compared(self, operator: core.Operator, scale: tuple[str, ...] | None, left: C, right: C) -> C:
        name = f"{operator} {scale}"
        return self.decided(name, self.lift(name, lambda a, b: compare(operator, scale, a, b), left, right))

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
