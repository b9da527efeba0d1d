"""The truth of conditions for complete evidence."""

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from tests.properties.generator.terms import (
    Among,
    Asked,
    ClauseReference,
    Comparison,
    Condition,
    CountYears,
    Day,
    Exists,
    ForRecords,
    Includes,
    Judged,
    Leaf as WrittenLeaf,
    Listing,
    Number,
    OfRecord,
    OfYear,
    OverYears,
    Own,
    Reference,
    Stated,
    Total,
    Trend,
    parts,
    terms_in,
)
from tests.properties.oracle.reading import Leaf, Reading
from tests.properties.oracle.terms import AT_HAND, FIXED, MISSING, TermMeaning
from tests.properties.oracle.values import (
    NO,
    NONE,
    NOT_APPLICABLE,
    NOTHING,
    OPERATORS,
    YES,
    Truth,
    Values,
    Worth,
    as_number,
    is_number,
    negated,
)

Differences: TypeAlias = tuple[Callable[[Values], Fraction | None], ...]
LINES = Own | OfYear | OfRecord | Judged | Number | Day | Stated | Total


class ConditionMeaning(TermMeaning):
    """The conditions of a policy at two dates."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.tests: dict[str, Truth] = {}
        self._clause_prefix = ""

    def truth(self, name: str, values: Values) -> str:
        """The truth of a rule, worked out once for each completion."""
        return str(self.once(name, name, self.tests[name], values))

    def outcome(self, name: str, values: Values) -> str:
        raise NotImplementedError

    def test(self, condition: Condition) -> Truth:
        match condition:
            case Listing():
                return self._listing(condition)
            case Reference(rule, holds):
                self._reading.names.append(rule)
                return lambda values: self.truth(rule, values) if holds else negated(self.truth(rule, values))
            case ClauseReference(label, holds):
                return self.test(Reference(f"{self._clause_prefix}.{label}", holds))
            case Includes(name, label):
                return self.test(Reference(f"{name}.{label}", True))
            case Asked(name, outcomes, _):
                self._reading.names.append(name)
                return lambda values: self._asked(name, outcomes, values)
            case ForRecords(every, inner):
                return self._for_records(every, inner)
            case Comparison() | Among() | Exists() | Trend():
                return self._leaf(condition)

    def _asked(self, name: str, outcomes: tuple[str, ...], values: Values) -> str:
        found = self.outcome(name, values)
        return NOT_APPLICABLE if found == NOT_APPLICABLE else YES if found in outcomes else NO

    # ---- lists
    def _listing(self, listing: Listing) -> Truth:
        tests = [self.test(item.condition) for item in listing.items]
        return lambda values: listed(listing.quantifier, listing.count, [test(values) for test in tests])

    def _for_records(self, every: bool, condition: Condition) -> Truth:
        self.over_list()
        outer = self._reading.at_hand
        inner = self.test(condition)
        self._reading.at_hand = outer
        quantifier = "all" if every else "any"

        def over(values: Values) -> str:
            return listed(quantifier, 0, [inner({**values, AT_HAND: place}) for place in self.positions(values)])

        return over

    # ---- leaves
    def _leaf(self, written: WrittenLeaf) -> Truth:
        with self.noting() as reading:
            test, differences = self._bare_leaf(written)
        if self.across_a_break(self.years_read(*terms_in(written))):
            return lambda _: NOT_APPLICABLE
        linear = isinstance(written, Comparison) and all(
            isinstance(t, LINES) for t in parts(written.left, written.right)
        )
        return self.keep_leaf(Leaf(test, reading, differences, linear), self._grown_only(written))

    def keep_leaf(self, leaf: Leaf, grown_only: bool = False) -> Truth:
        """Note a leaf; one about the grown only does not apply to others. Done once where nothing it reads is missing."""
        self._reading.leaves.append(leaf)
        reading = leaf.reading
        if reading.at_hand:
            self._reading.at_hand = True
        test = self.for_grown(leaf.test) if grown_only else leaf.test
        if reading.at_hand:
            return test

        def tested(values: Values) -> str:
            fixed = values[FIXED]
            truth: str | None = fixed.get(leaf)
            if truth is None:
                truth = test(values)
                if fixed[MISSING].isdisjoint(self._reads(reading, grown_only)):
                    fixed[leaf] = truth
            return truth

        return tested

    def _reads(self, reading: Reading, grown_only: bool) -> set[str]:
        found = set(self.readings.paths(reading))
        return found | {"sort"} if grown_only else found

    def for_grown(self, test: Truth) -> Truth:
        """What is about the grown only does not apply to others."""
        with self.noting() as reading:
            member = self.in_group()
        self._reading.leaves.append(Leaf(lambda values: YES if member(values) else NO, reading))
        return lambda values: test(values) if member(values) else NOT_APPLICABLE

    def _grown_only(self, written: WrittenLeaf) -> bool:
        for term in terms_in(written):
            match term:
                case OfYear(path, _, _) | OverYears(_, path, _):
                    if self.declared.is_grouped(path):
                        return True
                case CountYears(_, condition):
                    paths = [part.path for part in parts(condition.left) if isinstance(part, OfYear)]  # type: ignore[union-attr]
                    if any(self.declared.is_grouped(path) for path in paths):
                        return True
        return False

    def _bare_leaf(self, written: WrittenLeaf) -> tuple[Truth, Differences]:
        match written:
            case Among(term, wanted, _):
                worth = self.term(term)
                return lambda values: _held(worth(values), lambda value: value in wanted), ()
            case Exists(term, none):
                there = self.term(term)
                return lambda values: _existing(there(values), none), ()
            case Trend():
                return self._trend(written)
            case Comparison():
                return self._comparison(written)

    def _trend(self, trend: Trend) -> tuple[Truth, Differences]:
        latest = self.latest[trend.path.partition(".")[0]]
        steps = [self.of_year(trend.path, latest - back) for back in range(trend.years, -1, -1)]

        def moves(values: Values) -> str:
            found = [step(values) for step in steps]
            if NOTHING in found:
                return NOT_APPLICABLE
            if NONE in found:
                return NO
            pairs = itertools.pairwise(found)
            return YES if all((b > a) if trend.rising else (b < a) for a, b in pairs) else NO

        return moves, tuple(_difference(earlier, later) for earlier, later in itertools.pairwise(steps))

    def _comparison(self, written: Comparison) -> tuple[Truth, Differences]:
        year = next((self.year_of(t) for t in parts(written.left, written.right) if isinstance(t, OfYear)), None)
        left, right = self.term(written.left, year), self.term(written.right, year)
        true, scale = OPERATORS[written.operator], written.scale

        def compare(values: Values) -> str:
            found = left(values), right(values)
            if NOTHING in found:
                return NOT_APPLICABLE
            if NONE in found:
                return NO  # a value known to be none meets no comparison
            pair = [scale.index(place) for place in found] if scale else found
            return YES if true(*pair) else NO

        return compare, () if scale else (_difference(right, left),)

    def names_read(self, *names: str) -> None:
        """Note that things with a name are read."""
        self._reading.names.extend(names)


def _difference(less: Worth, more: Worth) -> Callable[[Values], Fraction | None]:
    """By how much one is more than the other, where both are numbers or dates."""

    def difference(values: Values) -> Fraction | None:
        found = more(values), less(values)
        return as_number(found[0]) - as_number(found[1]) if all(is_number(value) for value in found) else None

    return difference


def listed(quantifier: str, count: int, truths: list[str]) -> str:
    """What a list comes to: what does not apply is struck, and a list of nothing else does not apply."""
    kept = [truth for truth in truths if truth != NOT_APPLICABLE]
    if not kept:
        return NOT_APPLICABLE
    holding = kept.count(YES)
    enough = {"all": holding == len(kept), "any": holding > 0, "none": holding == 0}
    return YES if enough.get(quantifier, holding >= count) else NO


def _held(value: object, wanted: Callable[[object], bool]) -> str:
    if value == NOTHING:
        return NOT_APPLICABLE
    return YES if value != NONE and wanted(value) else NO


def _existing(value: object, none: bool) -> str:
    if value == NOTHING:
        return NOT_APPLICABLE
    return YES if (value == NONE) == none else NO
