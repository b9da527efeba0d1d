"""Makes a whole random policy from a seed."""

import random
from collections.abc import Iterator
from fractions import Fraction

from tests.properties.generator.choosing import NARROW, Place
from tests.properties.generator.choosing_values import ValueChooser
from tests.properties.generator.declaring import random_declarations
from tests.properties.generator.rules import (
    INVALID,
    Class,
    Classification,
    Clause,
    Consequence,
    Declaration,
    Policy,
    Rule,
)
from tests.properties.generator.terms import (
    Among,
    Comparison,
    Condition,
    Item,
    Judged,
    Listing,
    Number,
    OfRecord,
    OfYear,
    Own,
    Reference,
)
from tests.properties.generator.writing import ACTIONS, MODALITIES, PARTIES

LABELS = (("5", "4", "3", "2", "1"), ("black", "red", "amber", "green", "white"))


class Generator(ValueChooser):
    """Makes one policy from a seed."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        super().__init__(chance, random_declarations(chance))

    # ---- what follows
    def consequences(self, most: int, grown: bool, clauses: list[str]) -> tuple[Consequence, ...]:
        found = []
        for _ in range(self.random.randint(0, most)):
            grouped = self.chance(0.35)
            condition = self.bare(Place(grown or grouped, clauses)) if self.chance(0.4) else None
            timing = self.random.choice(("", "", "every term", "during fair"))
            found.append(
                Consequence(self.random.choice(PARTIES), self.random.choice(list(MODALITIES)[:3]),
                            self.random.choice(ACTIONS), grouped, timing, condition)
            )  # fmt: skip
        return tuple(found)

    def _exceptions(self, share: float, grown: bool, clauses: list[str], used: set[str]) -> tuple[Condition, ...]:
        if not self.chance(share):
            return ()
        place = Place(grown, clauses, used)
        return tuple(self.condition(place) for _ in range(self.random.choice((1, 1, 2))))

    # ---- rules and values
    def rule(self, number: int) -> Rule:
        grouped = self.chance(0.3)
        sort = self.random.choice(("fact", "trigger"))
        place = Place(grouped)
        condition = self.condition(place)
        exceptions = self._exceptions(0.2, grouped, [], place.used)
        then = self.consequences(2, grouped, []) if self.chance(0.3) else ()
        found = Rule(f"{sort}_{number}", sort, grouped, condition, then, (), exceptions)
        self.rules.append(found)
        return found

    def declaration(self, number: int) -> Declaration:
        way = self.random.random()
        grown = self.chance(0.25)
        if way < 0.36:
            return self.rule(number)
        if way < 0.58:
            return self.value_fact(f"value_{number}", grown)
        if way < 0.7:
            return self.score(f"score_{number}", grown)
        if way < 0.86:
            return self.table(f"table_{number}", grown)
        if way < 0.93:
            return self.matrix(f"matrix_{number}", grown)
        return self.figure(f"figure_{number}", grown)

    # ---- classifications
    def _clause(self, label: str, known: list[str], guarded: bool) -> Clause:
        place = Place(guarded, known, quantifiers=NARROW)
        condition = self.condition(place)
        gives_way = self.random.sample(known, min(len(known), self.random.choice((0, 0, 0, 1, 1, 2))))
        return Clause(label, condition, tuple(gives_way), self._exceptions(0.1, guarded, known, place.used))

    def classification(self, name: str, labels: tuple[str, ...], guarded: bool, all_stand: bool) -> Classification:
        invalid = self.chance(0.2)
        blocks = (INVALID, *labels) if invalid else labels
        plan = [(label, f"{label if label.isdigit() else label + '_'}{letter}")
                for label in blocks for letter in "abc"[: self.random.choice((1, 1, 1, 1, 2, 3))]]  # fmt: skip
        order = self.random.sample([clause for _, clause in plan], len(plan))
        made: dict[str, Clause] = {}
        for position, label in enumerate(order):
            made[label] = self._clause(label, order[:position], guarded)
        classes = tuple(
            Class(label, tuple(made[c] for owner, c in plan if owner == label), self.consequences(2, guarded, order))
            for label in blocks
        )
        unmatched, whatever = self.consequences(1, guarded, order), self.consequences(1, guarded, order)
        first, rest = (classes[0], classes[1:]) if invalid else (None, classes)
        found = Classification(name, guarded, all_stand, first, rest, unmatched, whatever)
        self.classifications.append(found)
        return found

    def make(self) -> Policy:
        made: list[Declaration] = []
        for number in range(self.random.randint(2, 4)):
            made.append(self.declaration(number))
        if self.chance(0.5):
            labels = self.random.choice((("severe", "mild"), ("severe", "mild", "slight")))
            made.append(self.classification("second", labels, self.chance(0.08), self.chance(0.6)))
        for number in range(10, 10 + self.random.randint(1, 3)):
            made.append(self.declaration(number))
        labels = self.random.choice(LABELS)[: self.random.choice((2, 2, 2, 2, 3, 3, 4, 5))]
        made.append(self.classification("standing", labels, self.chance(0.05), self.chance(0.15)))
        return Policy(self.declared, (*made, *self._secrets()))

    def _secrets(self) -> Iterator[Rule]:
        """Confidential rules; nothing public refers to them. One is released to the chair."""
        then = (Consequence("council", "must", "repair", False, "", None),)
        officers = ("officers",)
        yes = Among(Judged("secret"), (True,), "is yes")
        yield Rule("whispered", "fact", False, yes, then, officers)
        hidden = Among(Own("hidden"), (True,), "is yes")
        half = Number(Fraction(50), "percent")
        rate = Comparison("<", OfYear("turnout.hidden"), half)
        secret = Comparison(">=", OfRecord("visit.secret", 0), half)
        items = (Item(hidden), Item(rate), Item(secret), Item(Reference("whispered", True)))
        yield Rule("murmured", "trigger", False, Listing("any", 0, items), then, officers)
        yield Rule("hinted", "trigger", False, hidden, then, officers, (), ("chair",))


def random_policy(seed: int) -> Policy:
    """The policy of a seed."""
    return Generator(seed).make()
