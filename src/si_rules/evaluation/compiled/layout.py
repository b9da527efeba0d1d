"""Where each datum stands in a prepared record, and how numbers are scaled to integers.

All numbers of a policy are multiplied by one `scale`, which makes every number that is written in the policy a whole
one. A datum of which the scaled value is whole is kept as an int, any other as a Fraction: Python compares and adds
the two exactly, so nothing hangs on how many decimals evidence has.
"""

import datetime
import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from attrs import define, field

from si_rules.evaluation.compiled.codes import DOES_NOT_APPLY, NONE
from si_rules.evaluation.situation import Situation
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Datum, Facts, Known, KnownNone, Value
from si_rules.semantics.kinds import Number
from si_rules.semantics.traversal import all_conditions, conditions_under, terms_of, terms_under, top_terms

ALL_KNOWN: Final = 0
SOME_MISSING: Final = 1
FOR_THE_INTERPRETER: Final = 2
_LEAST_SCALE: Final = 1000  # evidence with up to three decimals then becomes whole numbers
_OWN: Final = frozenset({"state", "facts", "subject"})


class Record:
    """What is known of one subject, in the layout of one policy at two dates; sealed once it is made.

    `state` says which function is for it; `facts` are kept where the interpreter may be asked.
    """

    __slots__ = ("facts", "state", "subject")
    facts: Facts | None
    state: int
    subject: str

    def __repr__(self) -> str:
        return f"<evidence about {self.subject}, prepared>"


@define
class Slot:
    """A place for one datum: its name in generated code, its path, and what may stand there besides a value."""

    name: str
    path: str
    may_be_none: bool
    may_not_apply: bool


@define
class Layout:
    """The places of all data that the compiled functions of a policy at two dates read, in the order they were met."""

    situation: Situation
    scale: int = field(init=False)
    slots: dict[str, Slot] = field(init=False, factory=dict)
    begun_by: dict[str, datetime.date] = field(init=False, factory=dict)
    keeps_facts: bool = field(init=False, default=False)
    _names: set[str] = field(init=False, factory=lambda: set(_OWN))
    _record: type[Record] | None = field(init=False, default=None)

    @scale.default
    def _scale(self) -> int:
        denominators = {value.denominator for value in numbers_written(self.situation)}
        return math.lcm(_LEAST_SCALE, *denominators)

    # ---- while compiling
    def slot(self, path: str) -> Slot:
        """The place of a datum; made where there is none yet."""
        found = self.slots.get(path)
        if found is None:
            head = path.partition(".")[0]
            listed = head in self.situation.lists
            _kind, optional = self.situation.kind_at(path)
            found = Slot(self._named(path), path, optional or listed, head == "figures")
            self.slots[path] = found
        return found

    def _named(self, path: str) -> str:
        base = re.sub(r"\W", "_", path, flags=re.ASCII).strip("_").lower() or "datum"
        base = f"d_{base}"
        name, number = base, 1
        while name in self._names:
            number += 1
            name = f"{base}_{number}"
        self._names.add(name)
        return name

    def begins(self, path: str, end: datetime.date) -> None:
        """Take note that results of a year that ended on a day are read only where the subject had begun by then."""
        self.begun_by[path] = min(end, self.begun_by.get(path, end))

    # ---- values
    def scaled(self, value: Value) -> Any:
        """A value as it stands in a record: a number times the scale, an int where that is whole."""
        if not isinstance(value, Fraction):
            return value
        product = value * self.scale
        return product.numerator if product.denominator == 1 else product

    # ---- records
    @property
    def record_type(self) -> type[Record]:
        """The class of the records: one slot a datum. Only asked for when all is compiled."""
        if self._record is None:
            names = tuple(slot.name for slot in self.slots.values())
            self._record = type("Prepared", (Record,), {"__slots__": names, "__module__": __name__})
        return self._record

    def record_of(self, facts: Facts) -> Record:
        """The record of some facts."""
        record = self.record_type()
        record.subject = facts.subject_id
        data = facts.data
        state = FOR_THE_INTERPRETER if facts.released else ALL_KNOWN
        for slot in self.slots.values():
            value: Any = None
            match data.get(slot.path):
                case Known(value=known):
                    value = self.scaled(known)
                case None:
                    state = max(state, SOME_MISSING)
                case KnownNone():
                    value = NONE
                    state = max(state, SOME_MISSING if slot.may_be_none else FOR_THE_INTERPRETER)
                case Absent(candidates=candidates, low=low, high=high):
                    plain = not candidates and low is None and high is None
                    state = max(state, SOME_MISSING if plain else FOR_THE_INTERPRETER)
                case _:
                    value = DOES_NOT_APPLY
                    state = max(state, SOME_MISSING if slot.may_not_apply else FOR_THE_INTERPRETER)
            setattr(record, slot.name, value)
        self.seal(record, state)
        record.facts = facts if self.keeps_facts or state == FOR_THE_INTERPRETER else None
        return record

    def facts_in(self, record: Record) -> Facts:
        """The facts that a record holds: what the policy reads, without provenance."""
        if record.facts is not None:
            return record.facts
        data: dict[str, Datum] = {}
        for slot in self.slots.values():
            value = getattr(record, slot.name)
            if value is NONE:
                data[slot.path] = KnownNone()
            elif value is not None:
                number = type(value) is int or isinstance(value, Fraction)
                data[slot.path] = Known(Fraction(value) / self.scale if number else value)
        return Facts(record.subject, None, data, frozenset(), (), "")

    def seal(self, record: Record, state: int) -> None:
        """Set the state: all is known only where every series had begun before the first year that is read of it."""
        if state == ALL_KNOWN:
            for path, end in self.begun_by.items():
                begun = getattr(record, self.slots[path].name)
                if begun > end:
                    state = SOME_MISSING
        record.state = state


def numbers_written(situation: Situation) -> Iterator[Fraction]:
    """Every number that stands in the policy, and every one that a parameter has."""
    policy = situation.policy
    for parameter in policy.parameters.values():
        if isinstance(parameter.kind, Number):
            yield from (value for _, value in (*parameter.by_year, *parameter.from_date))
    for term in _terms(policy):
        if isinstance(term, core.Constant) and isinstance(term.value, Fraction):
            yield term.value
        elif isinstance(term, core.Computed) and isinstance(term.detail, Fraction):
            yield term.detail


def _terms(policy: core.Core) -> Iterator[core.Term]:
    tops: list[core.Term] = list(top_terms(policy))
    for top in all_conditions(policy):
        for condition in conditions_under(top):
            if isinstance(condition, core.Compare | core.IsAmong | core.IsNone | core.Trend):
                tops += terms_of(condition)
    for term in tops:
        yield from terms_under(term)
