"""A pathway in an edition of a policy, with what is worked out of it once and serves every case."""

import datetime
from collections.abc import Iterator
from functools import cached_property

from attrs import field, frozen

from si_rules.pathways.calendars import Calendars
from si_rules.semantics.core import Core
from si_rules.semantics.forms import Condition
from si_rules.semantics.pathway_forms import Move, Pathway, Power, State
from si_rules.semantics.traversal import Reads, conditions_of


@frozen
class Described:
    """What a state and the stages around it say of a sort of event, the innermost first."""

    moves: tuple[Move, ...]
    powers: tuple[Power, ...]
    meets_duty: bool


@frozen(slots=False, eq=False)
class Edition:
    """A pathway in the edition of a policy that is in force from a day on. It is known by itself, not by what it holds."""

    start: datetime.date
    policy: Core
    pathway: Pathway
    calendars: Calendars
    _levels: dict[str, tuple[State, ...]] = field(init=False, factory=dict, repr=False)
    _described: dict[tuple[str, str], Described] = field(init=False, factory=dict, repr=False)
    _choices: dict[str, tuple[str, ...]] = field(init=False, factory=dict, repr=False)
    _expected: dict[str, tuple[str, ...]] = field(init=False, factory=dict, repr=False)

    def levels(self, state: str) -> tuple[State, ...]:
        """A state and the stages around it, the innermost first."""
        found = self._levels.get(state)
        if found is None:
            found = self._levels[state] = tuple(self._around(state))
        return found

    def _around(self, state: str | None) -> Iterator[State]:
        while state is not None:
            level = self.pathway.states[state]
            yield level
            state = level.within

    def described(self, state: str, event: str) -> Described:
        """What is said of a sort of event in a state."""
        found = self._described.get((state, event))
        if found is None:
            levels = self.levels(state)
            found = self._described[state, event] = Described(
                tuple(move for level in levels for move in level.moves if move.event == event),
                tuple(power for level in levels for power in level.powers if event in power.done_by),
                any(event in duty.met_by for level in levels for duty in level.duties),
            )
        return found

    @cached_property
    def used(self) -> frozenset[str]:
        """The sorts of event that some state speaks of."""
        return frozenset(name for state in self.pathway.states.values() for name in _events_of(state))

    @cached_property
    def relevant(self) -> frozenset[str]:
        """The sorts of event that begin a case or of which some state speaks: no other changes anything."""
        return self.used | {begin.event for begin in self.pathway.begins}

    @cached_property
    def is_timed(self) -> bool:
        """Whether time by itself moves a case."""
        return any(state.time_outs for state in self.pathway.states.values())

    @cached_property
    def carried(self) -> dict[str, str]:
        """The states that had another name in an earlier edition, by that name."""
        return {old: state.name for state in self.pathway.states.values() for old in state.carries}

    # ---- what conditions ask for
    def expected(self, state: str) -> tuple[str, ...]:
        """The sorts of event that move a state, then those whose fields decide what it holds."""
        found = self._expected.get(state)
        if found is None:
            levels = self.levels(state)
            moves = [move.event for level in levels for move in level.moves]
            asked = [
                path.partition(".")[0] for level in levels for c in conditions_of(level) for path in self._paths(c)
            ]
            deciding = [name for name in asked if name in self.policy.events]
            found = self._expected[state] = tuple(dict.fromkeys([*moves, *deciding]))
        return found

    def fields_asked(self, event: str) -> tuple[str, ...]:
        """The fields of a sort of event that some condition of the pathway asks for, by their paths, in order."""
        found = self._choices.get(event)
        if found is None:
            fields = self.policy.vocabulary.fields
            asked = {path for path in self._asked if path.startswith(f"{event}.") and path in fields}
            found = self._choices[event] = tuple(sorted(asked))
        return found

    @cached_property
    def _asked(self) -> frozenset[str]:
        states = self.pathway.states.values()
        return frozenset(path for state in states for c in conditions_of(state) for path in self._paths(c))

    def _paths(self, condition: Condition) -> Iterator[str]:
        yield from Reads(self.policy).condition(condition).paths


def _events_of(state: State) -> set[str]:
    """The sorts of event that a state speaks of."""
    moved = {move.event for move in state.moves}
    done = {name for power in state.powers for name in power.done_by}
    return moved | done | {name for duty in state.duties for name in duty.met_by}
