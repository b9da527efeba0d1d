"""What one case history shows of the pathways of a policy: each move, time-out, duty and power, and how it was seen.

A move is *taken* where its event brought the case from its state to the other; *refused* where the event happened and
did not: in another state, or while its condition did not hold; *undetermined* where only some possible courses took it.
A time-out is taken where time brought the case on, refused where the case left the state in another way. A duty is
*due*, *met* in time, or *breached*; a power is *available*, or *not available*: its requirements, or the present state,
do not give it.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from attrs import frozen

from si_rules.pathways.case import Case as Followed, Step, Track
from si_rules.pathways.duties import BINDING
from si_rules.semantics.core import Core
from si_rules.semantics.pathway_forms import Begin, Move, Pathway, State, TimeOut
from si_rules.tools.scenarios.reading import Case

Key: TypeAlias = tuple[str, str]
Seen: TypeAlias = dict[Key, frozenset[str]]


@frozen
class Way:
    """A way on a pathway: how a case begins, moves upon an event, or is moved by time. `state` is where it starts."""

    pathway: Pathway
    state: State | None
    by: Begin | Move | TimeOut

    @property
    def key(self) -> Key:
        """Its sort and name in the coverage."""
        match self.by:
            case Begin(event=event, state=to):
                return "move", f"{self.pathway.id}: begins with {event}, in {to}"
            case Move(event=event, to=to):
                where = self.state.name if self.state is not None else ""
                return "move", f"{self.pathway.id}: in {where}, upon {event}, to {to}"
            case TimeOut(count=count, unit=unit, to=to):
                where = self.state.name if self.state is not None else ""
                return "time-out", f"{self.pathway.id}: in {where}, after {count} {unit.replace('_', ' ')}, to {to}"


def ways_of(pathway: Pathway) -> Iterator[Way]:
    """How cases begin and go on, in the order of the policy. Lines that bring a case nowhere leave nothing to see."""
    for begin in pathway.begins:
        yield Way(pathway, None, begin)
    for state in pathway.states.values():
        yield from (Way(pathway, state, move) for move in state.moves if move.to is not None)
        yield from (Way(pathway, state, time_out) for time_out in state.time_outs)


def seen_on(found: Followed, case: Case, policy: Core) -> Seen:
    """By sort and name, how everything on the pathways that apply was seen in a case."""
    seen: Seen = {}
    for track in found.tracks:
        pathway = policy.pathways.get(track.pathway)
        if pathway is not None and track.applies not in ("does_not_hold", "not_applicable"):
            seen.update(_ways(pathway, track, _happened(case, policy), policy.edition))
            seen.update(_duties(pathway, track))
            seen.update(_powers(pathway, track))
    return seen


def _happened(case: Case, policy: Core) -> set[tuple[str, str]]:
    """The events that counted, by sort and day, while this edition was in force."""
    return {
        (entry.event, str(entry.date))
        for entry in case.history
        if policy.in_force[0] <= entry.date <= case.on and entry.known_from <= case.known_at
    }


# ---- moves and time-outs
def _ways(pathway: Pathway, track: Track, happened: set[tuple[str, str]], edition: str) -> Seen:
    seen: dict[Key, frozenset[str]] = {}
    for way in ways_of(pathway):
        if isinstance(way.by, TimeOut):
            ways = _time_out(way, track)
        else:
            days = {day for event, day in happened if event == way.by.event}
            steps = [step for step in track.steps if step.edition == edition]
            ways = _move(way, steps, days)
        seen[way.key] = seen.get(way.key, frozenset()) | ways
    return seen


def _move(way: Way, steps: list[Step], days: set[str]) -> frozenset[str]:
    taken = [step for step in steps if _is(way, step)]
    found = {"taken" if step.certain else "undetermined" for step in taken}
    if days - {str(step.date) for step in taken}:
        found.add("refused")
    return frozenset(found)


def _is(way: Way, step: Step) -> bool:
    """Whether a step was made on a way: the innermost line that leads there."""
    match way.by:
        case Begin(event=event, state=to):
            ended = step.came_from in way.pathway.states and way.pathway.states[step.came_from].ends
            return (event, to) == (step.event, step.to) and (step.came_from is None or ended)
        case Move(event=event, to=to):
            inner = [state.name for state in _levels(way.pathway, step.came_from) if _leads(state, event, to)]
            assert way.state is not None
            return (event, to) == (step.event, step.to) and inner[:1] == [way.state.name]
        case TimeOut(to=to):
            return step.event is None and step.to == to and way.state in _levels(way.pathway, step.came_from)


def _levels(pathway: Pathway, name: str | None) -> list[State]:
    """A state and the stages around it, the innermost first."""
    found: list[State] = []
    while name is not None and name in pathway.states:
        found.append(pathway.states[name])
        name = found[-1].within
    return found


def _leads(state: State, event: str, to: str | None) -> bool:
    return any((move.event, move.to) == (event, to) for move in state.moves)


def _time_out(way: Way, track: Track) -> frozenset[str]:
    found = {"taken" if step.certain else "undetermined" for step in track.steps if _is(way, step)}
    left = [step for step in track.steps if way.state in _levels(way.pathway, step.came_from) and not _is(way, step)]
    if any(way.state not in _levels(way.pathway, step.to) for step in left):
        found.add("refused")
    return frozenset(found)


# ---- duties and powers
def _duties(pathway: Pathway, track: Track) -> Seen:
    seen: Seen = {}
    for state in pathway.states.values():
        for duty in state.duties:
            if duty.modality in BINDING:
                times = [item for item in track.duties if item.id == duty.id and item.certain]
                met = {"met" for item in times if item.status == "met"}
                breached = {"breached" for item in times if item.breached_on is not None}
                seen["duty", duty.id] = frozenset(met | breached | ({"due"} if times else set()))
    return seen


def _powers(pathway: Pathway, track: Track) -> Seen:
    now = {item.id: item.available for item in track.powers}
    powers = [power for state in pathway.states.values() for power in state.powers]
    return {
        ("power", power.id): frozenset(_available(now.get(power.id, "does_not_hold")))
        for power in powers
        if track.begun
    }


def _available(truth: str) -> Iterable[str]:
    return {"holds": ["available"], "undetermined": ["undetermined"], "does_not_hold": ["not_available"]}.get(truth, [])
