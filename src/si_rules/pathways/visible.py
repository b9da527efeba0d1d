"""A policy's pathways as an audience may see them: what it may not see is as if it had never been written or happened."""

from attrs import evolve

from si_rules.decisions.view import narrowed
from si_rules.semantics.audiences import may_see
from si_rules.semantics.core import Core
from si_rules.semantics.pathway_forms import Pathway, State


def visible(policy: Core, roles: frozenset[str] | None) -> Core:
    """The policy for some roles, None for all of them."""
    if roles is None:
        return policy
    events = {name: event for name, event in policy.events.items() if may_see(roles, event.shown_to)}
    pathways = {
        name: _pathway(pathway, roles, frozenset(events))
        for name, pathway in policy.pathways.items()
        if may_see(roles, pathway.audience)
    }
    hidden = policy.events.keys() - events.keys()
    fields = {
        path: found
        for path, found in policy.vocabulary.fields.items()
        if found.parent not in hidden
        and (found.parent not in policy.events or may_see(roles, policy.audience_of(path)))
    }
    collections = {name: found for name, found in policy.vocabulary.collections.items() if name not in hidden}
    vocabulary = evolve(policy.vocabulary, fields=fields, collections=collections)
    return evolve(narrowed(policy, roles), events=events, pathways=pathways, vocabulary=vocabulary)


def _pathway(pathway: Pathway, roles: frozenset[str], events: frozenset[str]) -> Pathway:
    """A pathway without the states and lines that are not shown; the checker has made sure that the rest stands by itself."""
    states = {
        name: _state(state, roles, events) for name, state in pathway.states.items() if may_see(roles, state.audience)
    }
    begins = tuple(begin for begin in pathway.begins if begin.event in events and begin.state in states)
    return evolve(pathway, states=states, begins=begins)


def _state(state: State, roles: frozenset[str], events: frozenset[str]) -> State:
    return evolve(
        state,
        duties=tuple(
            evolve(duty, met_by=tuple(name for name in duty.met_by if name in events))
            for duty in state.duties
            if may_see(roles, duty.audience)
        ),
        powers=tuple(
            evolve(power, done_by=tuple(name for name in power.done_by if name in events))
            for power in state.powers
            if may_see(roles, power.audience)
        ),
        moves=tuple(move for move in state.moves if may_see(roles, move.audience) and move.event in events),
        time_outs=tuple(item for item in state.time_outs if may_see(roles, item.audience)),
    )
