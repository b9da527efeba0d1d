"""The rules of a random policy: facts, values, tables, figures, classifications and what follows from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from tests.properties.generator.declarations import Declared, Kind
from tests.properties.generator.terms import Condition, Term


@dataclass(frozen=True)
class Consequence:
    party: str
    modality: str
    action: str
    grouped: bool
    timing: str
    condition: Condition | None


@dataclass(frozen=True)
class Rule:
    name: str
    sort: str
    grouped: bool
    condition: Condition
    then: tuple[Consequence, ...] = ()
    shown_to: tuple[str, ...] = ()
    exceptions: tuple[Condition, ...] = ()
    released_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class ValueFact:
    name: str
    kind: Kind
    grouped: bool
    term: Term
    scale_of: str | None = None


@dataclass(frozen=True)
class Score:
    """Points added up: each item counts where its condition, if any, holds."""

    name: str
    kind: Kind
    grouped: bool
    items: tuple[tuple[Term, Condition | None], ...]


# ---- tables


@dataclass(frozen=True)
class Column:
    """What a column asks: a term, whether a rule holds, or the outcome of a classification."""

    kind: Kind
    term: Term | None = None
    rule: str | None = None
    classification: str | None = None
    may_be_none: bool = False


@dataclass(frozen=True)
class Test:
    """`way` is value, better, worse, flag, none, range (from a value to `upper`), or an operator."""

    way: str
    value: str | bool | Fraction | None = None
    upper: Fraction | None = None


@dataclass(frozen=True)
class Cell:
    """Tests of which one is met, or all where they stand `together`; none of them: anything will do."""

    tests: tuple[Test, ...] = ()
    together: bool = False


Outcome: TypeAlias = "Term | bool"


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Table:
    """`way` is exactly_one, first, most_serious, least_serious, lowest, highest, sum, number or every."""

    name: str
    way: str
    grouped: bool
    columns: tuple[Column, ...]
    gives: tuple[tuple[str, Kind], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Matrix:
    name: str
    kind: Kind
    grouped: bool
    down: Column
    across: Column
    down_cells: tuple[Cell, ...]
    across_cells: tuple[Cell, ...]
    outcomes: tuple[tuple[Outcome, ...], ...]


@dataclass(frozen=True)
class Figure:
    """`measure` is share, number, mean, sum, lowest, highest, rank or percentile; a mean may have a weight."""

    name: str
    kind: Kind
    grouped: bool
    where: Condition | None
    measure: str
    condition: Condition | None
    term: Term | None
    highest_first: bool = False
    weight: Term | None = None


# ---- classifications


@dataclass(frozen=True)
class Clause:
    label: str
    condition: Condition
    gives_way: tuple[str, ...]
    exceptions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Class:
    label: str
    clauses: tuple[Clause, ...]
    then: tuple[Consequence, ...]


@dataclass(frozen=True)
class Classification:
    """`classes` stand in order, the most serious first; `invalid`, if there is one, before them all."""

    name: str
    guarded: bool
    all_stand: bool
    invalid: Class | None
    classes: tuple[Class, ...]
    unmatched: tuple[Consequence, ...]
    whatever: tuple[Consequence, ...]

    def blocks(self) -> tuple[Class, ...]:
        """The class `invalid` and all the others."""
        return (self.invalid, *self.classes) if self.invalid else self.classes

    def clauses(self) -> Iterator[Clause]:
        for described in self.blocks():
            yield from described.clauses


Declaration: TypeAlias = Rule | ValueFact | Score | Table | Matrix | Figure | Classification


@dataclass(frozen=True)
class Policy:
    """A whole policy and its vocabulary. A declaration reads only those that stand before it."""

    declared: Declared
    declarations: tuple[Declaration, ...]
    shuffle: int | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(item for item in self.declarations if isinstance(item, Rule))

    @property
    def classifications(self) -> tuple[Classification, ...]:
        return tuple(item for item in self.declarations if isinstance(item, Classification))

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(item for item in self.declarations if isinstance(item, Figure))


UNMATCHED: Final = "unmatched"
INVALID: Final = "invalid"
