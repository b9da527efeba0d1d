"""What can have happened on the paths that a pathway describes, by the time a case is in a state."""

from functools import cached_property

from si_rules.semantics import core
from si_rules.semantics.pathway_forms import Pathway, State


class Paths:
    """The paths through a pathway, from a beginning on, once.

    Only what the policy describes counts: that anything may happen besides is another matter.
    An event of which no pathway speaks may happen at any time, and so may one of which only another pathway speaks.
    """

    def __init__(self, policy: core.Core, pathway: Pathway) -> None:
        self._policy = policy
        self._pathway = pathway

    def states(self, name: str) -> list[str]:
        """The states in which something of a state or stage counts, as far as a case comes to them."""
        return [state for state in self._reached if name in self._around(state)]

    def can_be_met(self, condition: core.Condition, state: str) -> bool:
        """Whether some path to a state lets a condition hold there; yes where it is not certain that none does."""
        return self._can(condition, state, wanted=True)

    def _can(self, condition: core.Condition, state: str, wanted: bool) -> bool:
        match condition:
            case core.Listed(quantifier=("all" | "any" | "none") as quantifier, items=items):
                inner = wanted is not (quantifier == "none")
                found = [self._can(item, state, inner) for item in items]
                every = (quantifier == "all") is wanted if quantifier != "none" else wanted
                return all(found) if every else any(found)
            case core.Not(condition=inner_condition):
                return self._can(inner_condition, state, not wanted)
            case core.Guarded(body=body):
                return self._can(body, state, wanted)
            case core.RuleHolds(rule=rule) if rule in self._policy.rules:
                return self._can(self._policy.rules[rule].condition, state, wanted)
            case core.IsAmong(term=core.FieldValue(path=path), values=values) if path.startswith(f"{core.HAPPENED}."):
                return self._happening(path.split(".")[1:], state, wanted is (values == (True,)))
            case core.IsAmong(term=core.RecordValue(collection=name)) if wanted and name in self._policy.events:
                return name in self._possible(state)
            case _:
                return True

    def _happening(self, parts: list[str], state: str, wanted: bool) -> bool:
        name, *how = parts
        if not wanted:
            return bool(how) or name not in self._certain[state]
        named = {name, *(how[1:] if how[:1] == ["since"] else ())}
        return named <= (self._here(state) if how[:1] == ["here"] else self._possible(state))

    # ---- what the states speak of
    def _around(self, state: str) -> list[str]:
        found = [state]
        while (within := self._pathway.states[found[-1]].within) is not None:
            found.append(within)
        return found

    def _spoken(self, state: str) -> set[str]:
        return {event for level in self._around(state) for event in events_of(self._pathway.states[level])}

    def _free(self) -> set[str]:
        """The events of which this pathway does not speak."""
        own = {begin.event for begin in self._pathway.begins}
        own |= {event for state in self._pathway.states.values() for event in events_of(state)}
        elsewhere = {
            event
            for pathway in self._policy.pathways.values()
            if pathway.id != self._pathway.id
            for event in (
                *(b.event for b in pathway.begins),
                *(e for state in pathway.states.values() for e in events_of(state)),
            )
        }
        return (set(self._policy.events) - own) | elsewhere

    def _here(self, state: str) -> set[str]:
        return self._spoken(state) | self._free()

    def _possible(self, state: str) -> set[str]:
        """What may have happened: what is spoken of in the state and in all from which a path leads to it."""
        before, waiting = {state}, [state]
        found = {event for event, to in self._beginnings if to == state}
        while waiting:
            current = waiting.pop()
            for source, _, to in self._steps:
                if to == current and source not in before:
                    before.add(source)
                    waiting.append(source)
        found |= {event for event, to in self._beginnings if to in before}
        return found | self._free() | {event for name in before for event in self._spoken(name)}

    # ---- how one comes from state to state
    @cached_property
    def _beginnings(self) -> list[tuple[str, str]]:
        return [(begin.event, begin.state) for begin in self._pathway.begins if begin.state in self._pathway.states]

    @cached_property
    def _steps(self) -> list[tuple[str, str | None, str]]:
        """From which state to which, and upon what; upon nothing where time brings it."""
        found: list[tuple[str, str | None, str]] = []
        for name, state in self._pathway.states.items():
            if state.is_stage:
                continue
            for level in (self._pathway.states[around] for around in self._around(name)):
                found += [(name, m.event, m.to) for m in level.moves if m.to in self._pathway.states]
                found += [(name, None, t.to) for t in level.time_outs if t.to in self._pathway.states]
        return found

    @cached_property
    def _reached(self) -> list[str]:
        waiting = [to for _, to in self._beginnings]
        waiting += [name for name, state in self._pathway.states.items() if state.carries]
        found: dict[str, None] = {}
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = None
                waiting += [to for source, _, to in self._steps if source == name]
        return list(found)

    @cached_property
    def _certain(self) -> dict[str, frozenset[str]]:
        """What has happened on every path to a state; nothing where a case comes from an earlier edition."""
        every = frozenset(self._policy.events)
        states = self._pathway.states
        found = {name: frozenset[str]() if states[name].carries else every for name in self._reached}
        changed = True
        while changed:
            changed = False
            for name in found:
                ways = [frozenset({event}) for event, to in self._beginnings if to == name]
                ways += [
                    found[source] | ({event} if event is not None else frozenset())
                    for source, event, to in self._steps
                    if to == name and source in found
                ]
                now = found[name].intersection(*ways)
                if now != found[name]:
                    found[name], changed = now, True
        return found


def events_of(state: State) -> set[str]:
    """The sorts of event that a state itself speaks of: those that move it, use its powers, or meet its duties."""
    found = {move.event for move in state.moves}
    found |= {name for power in state.powers for name in power.done_by}
    return found | {name for duty in state.duties for name in duty.met_by}
