"""What all choosers share: chance, the evidence, what has been declared so far, and whom it is about."""

import random
from dataclasses import dataclass, field

from tests.properties.generator.declarations import Declared, Kind
from tests.properties.generator.rules import Classification, Declaration, Rule, Table
from tests.properties.generator.terms import (
    Asked,
    Condition,
    ForRecords,
    Includes,
    Listing,
    Named,
    OfYear,
    OverYears,
    Reference,
    Term,
    conditions_in,
    parts,
    terms_in,
)

LISTS = ("all", "all", "any", "none", "at_least")
NARROW = ("all",) * 9 + ("at_least", "any")  # for clauses: a subject may fit none of them


@dataclass
class Place:
    """Where something stands: whether only the grown get here, and what may be referred to.

    `at_hand` is `record`, or the results of which a year is at hand.
    """

    grown: bool
    clauses: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    quantifiers: tuple[str, ...] = LISTS
    at_hand: str = ""
    plain: bool = False  # reads evidence only


@dataclass(frozen=True)
class Known:
    """A value with a name: what it is counted in, or called where it is no number; and whether it is of the grown."""

    name: str
    unit: str
    kind: Kind
    grown: bool


class Chooser:
    """Holds what has been chosen; those below it choose more."""

    def __init__(self, chance: random.Random, declared: Declared) -> None:
        self.random = chance
        self.declared = declared
        self.values: list[Known] = []
        self.rules: list[Rule] = []
        self.classifications: list[Classification] = []
        self.listings: list[Table] = []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def known(self, unit: str, place: Place) -> list[Term]:
        """The values with a name of a unit that may be read here."""
        if place.plain:
            return []
        return [Named(item.name) for item in self.values if item.unit == unit and (place.grown or not item.grown)]

    # ---- whom something is about
    def is_grown(self, condition: Condition) -> bool:
        """Whether something a condition asks is only known of the grown."""
        match condition:
            case Listing(items=items):
                return any(self.is_grown(item.condition) for item in items)
            case ForRecords(condition=inner):
                return self.is_grown(inner)
            case Reference(rule, _):
                return next(item.grouped for item in self.rules if item.name == rule)
            case Asked(name, _, _):
                return next(item.guarded for item in self.classifications if item.name == name)
            case Includes(name, _):
                declared: list[Declaration] = [*self.classifications, *self.listings]
                found = next(item for item in declared if item.name == name)
                return found.guarded if isinstance(found, Classification) else found.grouped  # type: ignore[union-attr]
            case _ if hasattr(condition, "label"):
                return False
            case _:
                return self.reads_grown(*terms_in(condition))  # type: ignore[arg-type]

    def reads_grown(self, *terms: Term) -> bool:
        """Whether some term is only known of the grown."""
        for part in parts(*terms):
            match part:
                case OfYear(path, _, _) | OverYears(_, path, _):
                    if self.declared.is_grouped(path):
                        return True
                case Named(name):
                    if next(item.grown for item in self.values if item.name == name):
                        return True
        return any(self.is_grown(condition) for condition in conditions_in(*terms))
