"""What is checked of a pathway as a whole: that every state can be reached and left, every power used, every day found."""

from collections.abc import Iterator
from itertools import combinations

from si_rules.semantics import core
from si_rules.semantics.audiences import Audience, within
from si_rules.semantics.declared import Declared
from si_rules.semantics.kinds import Flag
from si_rules.semantics.pathway_forms import (
    CALENDAR_UNITS,
    After,
    Before,
    Move,
    Pathway,
    State,
)
from si_rules.semantics.pathway_paths import Paths
from si_rules.semantics.report import Report
from si_rules.semantics.traversal import Reads
from si_rules.source.text import Span
from si_rules.syntax import tree


def check_pathways(policy: core.Core, declared: Declared, report: Report) -> None:
    """Report what is wrong with the pathways of a policy."""
    used: set[str] = set()
    for name, pathway in policy.pathways.items():
        source, written = declared.pathways[name]
        report.source = source
        if name in declared.damaged:
            continue
        spans = dict(_spans(written.states))
        _targets(pathway, written, report)
        _reached(pathway, spans, report)
        _left(pathway, spans, report)
        _one_way(policy, pathway, written, report)
        _met(policy, pathway, written, report)
        _calendars(policy, pathway, written, report)
        _audiences(policy, pathway, spans, report)
        used |= _events_of(policy, pathway)
    for name in policy.events if policy.pathways else ():
        if name not in used and not any(path.startswith(f"{name}.") for path in _read(policy)):
            report.source, event = declared.events[name]
            report.warning(
                "SI513", f"the event `{name}` is declared and never used", event.name.span, "use it, or delete it"
            )


def _spans(states: tuple[tree.State, ...]) -> Iterator[tuple[str, Span]]:
    for state in states:
        yield state.name.text, state.name.span
        yield from _spans(state.states)


def _written(states: tuple[tree.State, ...]) -> Iterator[tree.State]:
    for state in states:
        yield state
        yield from _written(state.states)


def _targets(pathway: Pathway, written: tree.Pathway, report: Report) -> None:
    """Moves and time-outs lead to states, not to stages, and not to what nobody declared."""
    known = [name for name, state in pathway.states.items() if not state.is_stage]
    for state in _written(written.states):
        for word in (*(m.to for m in state.moves if m.to is not None), *(t.to for t in state.time_outs)):
            if word.text in pathway.states and word.text not in known:
                report.error(
                    "SI407",
                    f"`{word.text}` is a stage, and a case is in one of its states",
                    word.span,
                    "name the state",
                )
            elif word.text not in known:
                report.unknown("state", word.text, word.span, known)


def _levels(pathway: Pathway, state: State) -> Iterator[State]:
    """A state and the stages around it."""
    found: State | None = state
    while found is not None:
        yield found
        found = pathway.states.get(found.within) if found.within is not None else None


def _onward(pathway: Pathway, state: State) -> set[str]:
    """The states to which a state leads."""
    moves = {move.to for level in _levels(pathway, state) for move in level.moves if move.to is not None}
    return moves | {item.to for level in _levels(pathway, state) for item in level.time_outs}


def _reached(pathway: Pathway, spans: dict[str, Span], report: Report) -> None:
    seen: set[str] = set()
    waiting = [begin.state for begin in pathway.begins]
    waiting += [name for name, state in pathway.states.items() if state.carries]  # from an earlier edition
    while waiting:
        name = waiting.pop()
        if name in seen or name not in pathway.states:
            continue
        seen.add(name)
        waiting += _onward(pathway, pathway.states[name])
    for name, state in pathway.states.items():
        if not state.is_stage and name not in seen and pathway.begins:
            report.error("SI801", f"no case ever comes to the state `{name}`", spans[name],
                         f"add a line in another state: upon EVENT, to {name}")  # fmt: skip


def _left(pathway: Pathway, spans: dict[str, Span], report: Report) -> None:
    for name, state in pathway.states.items():
        if state.is_stage:
            continue
        onward = _onward(pathway, state) - {name}
        if not onward and not state.ends:
            report.error("SI802", f"no case ever leaves the state `{name}`", spans[name],
                         "add a line: upon EVENT, to STATE; or say that it ends the case: , ends here")  # fmt: skip
        elif state.ends and state.moves:
            report.error("SI802", f"the state `{name}` ends the case, and yet leads on", spans[name],
                         "leave out `, ends here`, or what leads on")  # fmt: skip


def _one_way(policy: core.Core, pathway: Pathway, written: tree.Pathway, report: Report) -> None:
    """Two moves of a state upon one event must exclude each other: one asks for what the other asks not to be."""
    by_name = {state.name.text: state for state in _written(written.states)}
    for name, state in pathway.states.items():
        for one, other in combinations(range(len(state.moves)), 2):
            first, second = state.moves[one], state.moves[other]
            if first.event == second.event and first.to != second.to and not _exclude(first, second):
                place = by_name[name].moves[other].span
                report.error("SI804", f"upon `{first.event}` the state `{name}` leads to two states", place,
                             "let each ask for something that the other asks not to be: , if …")  # fmt: skip


def _exclude(one: Move, other: Move) -> bool:
    """Whether two moves can never both happen: some choice they both ask for has no value in common."""
    asked = [dict(_choices(move.condition)) for move in (one, other)]
    return any(asked[0][term].isdisjoint(asked[1][term]) for term in asked[0].keys() & asked[1].keys())


def _choices(condition: core.Condition | None) -> Iterator[tuple[core.Term, set[object]]]:
    """The values of choices that a condition certainly asks for."""
    match condition:
        case core.IsAmong(term=term, values=values):
            yield term, set(values)
        case core.Listed(quantifier="all", items=items):
            for item in items:
                yield from _choices(item)
        case core.Guarded(guard=guard, body=body):
            yield from _choices(guard)
            yield from _choices(body)
        case core.RuleHolds(rule=rule):
            yield core.FieldValue(f"rule {rule}", Flag()), {True}
        case core.Not(condition=core.RuleHolds(rule=rule)):
            yield core.FieldValue(f"rule {rule}", Flag()), {False}
        case _:
            return


def _met(policy: core.Core, pathway: Pathway, written: tree.Pathway, report: Report) -> None:
    """What a power asks for must be possible on some path to where it stands."""
    paths = Paths(policy, pathway)
    for state in _written(written.states):
        powers = pathway.states[state.name.text].powers
        acts = [act for act in state.acts if act.modality.text == "may"]
        there = paths.states(state.name.text)
        if len(acts) != len(powers) or not there:
            continue
        for act, power in zip(acts, powers, strict=True):
            asked = [(act.condition.span, power.condition)] if act.condition is not None else []
            asked += [
                (need.span, item.condition)
                for need, item in zip(act.requirements, power.requirements, strict=True)
                if item.binding
            ]
            for span, condition in asked:
                if condition is not None and not any(paths.can_be_met(condition, name) for name in there):
                    report.warning("SI806", f"no path leads to where `{power.action}` stands on which this can hold", span,
                                   "ask for what may have happened by then, or move the line to a later state")  # fmt: skip


def _calendars(policy: core.Core, pathway: Pathway, written: tree.Pathway, report: Report) -> None:
    """Working days need a calendar of holidays, school days and terms one of terms, over all of the in-force period."""
    followed = [found for name in pathway.calendars for found in policy.calendars.get(name, ())]
    wanted: dict[str, Span] = {}
    for state in _written(written.states):
        for act in state.acts:
            if act.due is not None:
                for unit in _units(act.due):
                    wanted.setdefault(unit, act.due.span)
        for item in state.time_outs:
            wanted.setdefault(item.length.unit.text, item.length.span)
    for unit, span in wanted.items():
        plural = unit if unit.endswith("s") else f"{unit}s"
        if plural not in CALENDAR_UNITS:
            continue
        terms = plural != "working_days"
        covers = sorted(c.covers for c in followed if (c.terms if terms else c.holidays))
        what = "terms" if terms else "holidays"
        if not covers:
            report.error("SI803", f"{plural.replace('_', ' ')} are counted, and the pathway follows no calendar of {what}", span,
                         "add a line under the pathway: follows CALENDAR")  # fmt: skip
        elif covers[0][0] > policy.in_force[0] or covers[-1][1] < policy.in_force[1]:
            report.warning("SI803", f"the calendars of {what} cover {covers[0][0]} to {covers[-1][1]}, not all of the time the policy is in force",
                           span, "add the years that are missing")  # fmt: skip


def _units(due: tree.Due) -> Iterator[str]:
    if due.length is not None:
        yield due.length.unit.text
    if due.rhythm is not None and due.rhythm.text in ("term", "half_term"):
        yield due.rhythm.text


def _audiences(policy: core.Core, pathway: Pathway, spans: dict[str, Span], report: Report) -> None:
    """Nothing shown may hang on what is shown to fewer."""
    for state in pathway.states.values():
        for what, audience, reads in _reads(policy, state):
            for path, allowed in reads:
                if not within(audience, allowed):
                    roles = ", ".join(sorted(allowed or ()))
                    report.error("SI509", f"`{path}` is shown to {roles} only, and {what} would show it to others",
                                 spans[state.name], f"add `, shown to` {roles} to what hangs on it")  # fmt: skip


def _reads(policy: core.Core, state: State) -> Iterator[tuple[str, Audience, list[tuple[str, Audience]]]]:
    parts = [
        *(
            (f"the move upon `{m.event}`", m.audience, [m.event], [m.condition, *(r.condition for r in m.requirements)])
            for m in state.moves
        ),
        *((f"`{d.action}`", d.audience, list(d.met_by), [d.condition]) for d in state.duties),
        *(
            (f"`{p.action}`", p.audience, list(p.done_by), [p.condition, *(r.condition for r in p.requirements)])
            for p in state.powers
        ),
        *(("the time-out", t.audience, [], [t.condition]) for t in state.time_outs),
    ]
    for what, audience, events, conditions in parts:
        reads: list[tuple[str, Audience]] = [
            (name, policy.events[name].shown_to) for name in events if name in policy.events
        ]
        for condition in conditions:
            if condition is not None:
                found = Reads(policy).condition(condition)
                reads += [(path, policy.audience_of(path)) for path in found.paths]
                reads += [(rule, policy.rules[rule].audience) for rule in found.rules if rule in policy.rules]
        yield what, audience, reads


def _events_of(policy: core.Core, pathway: Pathway) -> set[str]:
    """The events a pathway speaks of."""
    found = {begin.event for begin in pathway.begins}
    for state in pathway.states.values():
        found |= {move.event for move in state.moves}
        found |= {name for duty in state.duties for name in duty.met_by}
        found |= {name for power in state.powers for name in power.done_by}
        found |= {d.deadline.event for d in state.duties if isinstance(d.deadline, After | Before) and d.deadline.event}
        still = [s for d in state.duties for s in d.stands_still] + [s for t in state.time_outs for s in t.stands_still]
        found |= {name for pause in still for name in (pause.start, pause.end)}
        for _, _, reads in _reads(policy, state):
            found |= {part for path, _ in reads for part in path.split(".")}
    return found


def _read(policy: core.Core) -> set[str]:
    reads = Reads(policy)
    for rule in policy.rules.values():
        reads.condition(rule.condition)
    return set(reads.paths)
