"""A policy at two dates: the truth of its rules, its values and its outcomes for complete evidence."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from tests.properties.generator.rules import (
    INVALID,
    UNMATCHED,
    Class,
    Classification,
    Consequence,
    Figure,
    Policy,
    Rule,
)
from tests.properties.generator.terms import Condition
from tests.properties.oracle.named import NamedMeaning
from tests.properties.oracle.reading import Leaf
from tests.properties.oracle.values import NO, NOT_APPLICABLE, YES, Truth, Values, Worth

Follows = Callable[[Values], bool]
TIMINGS = {"every term": "every term", "during fair": "during the fair"}


class Meaning(NamedMeaning):
    """What a policy says of complete evidence."""

    def __init__(self, policy: Policy, on: date, known_at: date) -> None:
        super().__init__(policy, on, known_at)
        self.classifications = {item.name: item for item in policy.classifications}
        self.consequences: dict[tuple[str, ...], list[Follows]] = {}
        for item in policy.declarations:
            match item:
                case Rule():
                    self._rule(item)
                case Classification():
                    self._classification(item)
                case Figure():
                    pass
                case _:
                    self.add_value(item)
        with self.noting() as reading:
            self._all_consequences()
        self.readings.named["(consequences)"] = reading
        self.leaves: list[Leaf] = self.readings.all_leaves(self.readings.named)
        self.term_reads = {leaf: self.readings.terms_of(leaf.reading) for leaf in self.leaves}
        self.turns: dict[object, set[Fraction]] = {}  # where leaves turn, worked out once

    def add_leaves(self, name: str) -> None:
        """Take in the leaves of something that was named later."""
        for leaf in self.readings.leaves(name):
            if leaf not in self.term_reads:
                self.leaves.append(leaf)
                self.term_reads[leaf] = self.readings.terms_of(leaf.reading)

    # ---- rules
    def _rule(self, rule: Rule) -> None:
        with self.noting() as reading:
            body = self._excepted(self.test(rule.condition), rule.exceptions, ())
            test = self.for_grown(body) if rule.grouped else body
        self.readings.named[rule.name] = reading
        self.tests[rule.name] = test

    def _excepted(self, body: Truth, exceptions: tuple[Condition, ...], others: tuple[str, ...]) -> Truth:
        """Where an exception, or what it gives way to, holds, it does not, whatever it says itself."""
        tests = [self.test(condition) for condition in exceptions]
        self.names_read(*others)

        def excepted(values: Values) -> str:
            if any(test(values) == YES for test in tests) or any(self.truth(name, values) == YES for name in others):
                return NO
            return body(values)

        return excepted if tests or others else body

    # ---- classifications
    def _classification(self, item: Classification) -> None:
        self._clause_prefix = item.name
        for clause in item.clauses():
            name = f"{item.name}.{clause.label}"
            with self.noting() as reading:
                others = tuple(f"{item.name}.{label}" for label in clause.gives_way)
                test = self._excepted(self.test(clause.condition), clause.exceptions, others)
            self.readings.named[name] = reading
            self.tests[name] = test
        with self.noting() as reading:
            self.names_read(*(f"{item.name}.{clause.label}" for clause in item.clauses()))
            applies: Truth = self.for_grown(lambda _: YES) if item.guarded else lambda _: YES
        self.readings.named[item.name] = reading
        self.tests[item.name] = applies
        if item.all_stand:
            for described in item.classes:
                self._label(item, described)

    def _label(self, item: Classification, described: Class) -> None:
        """Whether a class stands beside others."""
        name = f"{item.name}.{described.label}"
        self.readings.named[name] = self.readings.named[item.name]

        def stands(values: Values) -> str:
            outcome = self.outcome(item.name, values)
            if outcome == NOT_APPLICABLE:
                return NOT_APPLICABLE
            return YES if outcome != INVALID and self._described(item.name, described, values) else NO

        self.tests[name] = stands

    def _described(self, name: str, described: Class, values: Values) -> bool:
        return any(self.truth(f"{name}.{clause.label}", values) == YES for clause in described.clauses)

    def outcome(self, name: str, values: Values) -> str:
        """The outcome of a classification: a label, `invalid`, `unmatched` or `not_applicable`."""
        return str(
            self.once(("outcome", name), name, lambda v: self._outcome_of(self.classifications[name], v), values)
        )

    def _outcome_of(self, item: Classification, values: Values) -> str:
        if self.truth(item.name, values) != YES:
            return NOT_APPLICABLE
        for described in item.blocks():
            if self._described(item.name, described, values):
                return described.label
        return UNMATCHED

    # ---- what follows
    def _all_consequences(self) -> None:
        """What says the same thing follows where any of its sources does."""
        for item in self.policy.declarations:
            if isinstance(item, Rule):
                audience = (*item.shown_to, *item.released_to)
                self._follow(item.then, audience, item.name, lambda v, name=item.name: self.truth(name, v) == YES)  # type: ignore[misc]
            elif isinstance(item, Classification):
                self._clause_prefix = item.name
                for described in item.blocks():
                    self._follow(described.then, (), item.name, self._standing(item, described.label))
                self._follow(item.unmatched, (), item.name, self._standing(item, UNMATCHED))
                self._follow(
                    item.whatever,
                    (),
                    item.name,
                    lambda v, name=item.name: self.outcome(name, v) != NOT_APPLICABLE,  # type: ignore[misc]
                )

    def _standing(self, item: Classification, label: str) -> Follows:
        if item.all_stand and label not in (INVALID, UNMATCHED):
            return lambda values: self.truth(f"{item.name}.{label}", values) == YES
        return lambda values: self.outcome(item.name, values) == label

    def _follow(self, items: tuple[Consequence, ...], audience: tuple[str, ...], name: str, origin: Follows) -> None:
        for item in items:
            self.names_read(name)
            test = None if item.condition is None else self.test(item.condition)
            grown = self.for_grown(lambda _: YES) if item.grouped else None

            def follows(values: Values, test: Truth | None = test, grown: Truth | None = grown) -> bool:
                if not origin(values) or (grown is not None and grown(values) != YES):
                    return False
                return test is None or test(values) == YES

            key = (item.party, item.modality, item.action, TIMINGS.get(item.timing, ""),
                   ",".join(sorted(audience)) or "public")  # fmt: skip
            self.consequences.setdefault(key, []).append(follows)

    # ---- figures
    def figure_parts(self, figure: Figure) -> tuple[Truth, Truth | None, Worth | None, Worth | None]:
        """Whether a member counts, what is asked of it, what it is worth, and how often that counts."""
        where: Truth = (lambda _: YES) if figure.where is None else self.test(figure.where)
        counts = self.for_grown(where) if figure.grouped else where
        condition = None if figure.condition is None else self.test(figure.condition)
        term = None if figure.term is None else self._alone(figure.term)
        weight = None if figure.weight is None else self._alone(figure.weight)
        return counts, condition, term, weight
