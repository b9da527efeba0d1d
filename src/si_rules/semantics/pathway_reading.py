"""From pathways as written to pathways of the core: their states, moves, duties, powers and time-outs."""

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from attrs import frozen

from si_rules.semantics import core
from si_rules.semantics.audiences import Audience, meet
from si_rules.semantics.pathway_forms import (
    After,
    Before,
    Begin,
    Calendar,
    Deadline,
    Event,
    Every,
    Move,
    Owned,
    Pathway,
    PathwayDuty,
    Power,
    Requirement,
    Rhythm,
    StandsStill,
    State,
    TimeOut,
    Unit,
)
from si_rules.semantics.rule_parts import RuleParts
from si_rules.syntax import tree

_RHYTHMS: Final = get_args(Rhythm)
_UNITS: Final = get_args(Unit)
_MOST_COUNT: Final = 1_000


@frozen
class _Around:
    """What a line stands in: its pathway, its state, for whom, and what both cite."""

    pathway: str
    state: str
    group: str | None
    audience: Audience
    rests_on: Owned


class PathwayReader:
    """Reads the pathways of an edition; what cannot be read is reported and left out."""

    def __init__(self, parts: RuleParts, events: Mapping[str, Event],
                 calendars: Mapping[str, tuple[Calendar, ...]]) -> None:  # fmt: skip
        self.parts = parts
        self.declared = parts.declared
        self.report = parts.report
        self.ownership = parts.ownership
        self.scope = parts.scope
        self.events = events
        self.calendars = calendars
        self.pathways: dict[str, Pathway] = {}
        self._ids: dict[str, int] = {}

    def read_all(self) -> None:
        """Read every pathway."""
        for name, (source, written) in self.declared.pathways.items():
            self.report.source = source
            self.pathways[name] = self._pathway(written)

    def _pathway(self, written: tree.Pathway) -> Pathway:
        name = written.name.text
        rests_on = self._owned(written.cites, written.interpretations)
        self.ownership.need(f"the pathway `{name}`", written.span, written.cites, written.interpretations,
                            name in self.declared.damaged)  # fmt: skip
        group = self.parts.group_of(written.applies_to)
        audience = self.parts.audience(written.shown_to)
        around = _Around(name, "", group, audience, rests_on)
        states: dict[str, State] = {}
        for item in written.states:
            for state in self._states(item, None, around):
                if state.name in states:
                    self.report.error("SI302", f"the state `{state.name}` is declared twice", item.name.span,
                                      "give one of the two another name")  # fmt: skip
                states[state.name] = state
        if not written.begins and name not in self.declared.damaged:
            self.report.error("SI205", f"the pathway `{name}` does not say how it begins", written.span,
                              "add a line: begins with EVENT, in STATE")  # fmt: skip
        calendars = [word for words in written.follows for word in words]
        for word in calendars:
            if word.text not in self.calendars:
                self.report.unknown("calendar", word.text, word.span, self.calendars)
        begins = tuple(self._begins(written, around, states))
        guard = None if group is None else self.scope.membership(group)
        names = tuple(word.text for word in calendars)
        return Pathway(name, written.title.text, guard, begins, states, names, rests_on, audience, written.open_cases)

    def _begins(self, written: tree.Pathway, around: _Around, states: Mapping[str, State]) -> Iterator[Begin]:
        for item in written.begins:
            self._event(item.event)
            self._state(item.state, states)
            found = self._condition(item.condition, around)
            yield Begin(item.event.text, item.state.text, found, self._owned(item.cites, item.interpretations, around))

    # ---- states
    def _states(self, written: tree.State, within: str | None, around: _Around) -> Iterator[State]:
        name = written.name.text
        own = self._owned(written.cites, written.interpretations, around)
        audience = meet(self.parts.audience(written.shown_to), around.audience)
        here = _Around(around.pathway, name, around.group, audience, own)
        duties, powers = self._acts(written, here)
        yield State(
            name, written.title.text, written.is_stage, within, written.ends, duties, powers,
            tuple(self._moves(written, here)), tuple(self._time_outs(written, here)), own, audience,
            tuple(word.text for words in written.carries for word in words),
        )  # fmt: skip
        if written.is_stage and not written.states:
            self.report.error("SI205", f"the stage `{name}` has no state", written.span, 'add one: state NAME "…"')
        for inner in written.states:
            yield from self._states(inner, name, here)

    def _acts(self, written: tree.State, around: _Around) -> tuple[tuple[PathwayDuty, ...], tuple[Power, ...]]:
        duties, powers = [], []
        for item in written.acts:
            titles = [self.parts.named(sort, word) for sort, word in (("party", item.party), ("action", item.action))]
            group = self.parts.group_of((item.group,)) if item.group else None
            condition = self._condition(item.condition, around, group)
            if group is not None:
                members = self.scope.membership(group)
                condition = members if condition is None else core.Guarded(members, condition)
            words = self.report.source.words(item.condition.span) if item.condition is not None else ""
            rests_on = self._owned(item.cites, item.interpretations, around)
            audience = meet(self.parts.audience(item.shown_to), around.audience)
            id_ = self._id(f"{around.pathway}.{around.state}.{item.action.text}")
            still = tuple(self._stands_still(pause) for pause in item.stands_still)
            origin = self.parts.origin(item.span)
            shown_by = self._shown_by(item)
            if titles[0] is None or titles[1] is None:
                continue
            if item.modality.text == "may":
                if item.due is not None:
                    self.report.error("SI407", "a power is never due", item.due.span, "say when it is there: , if …")
                needs = tuple(self._requirements(item.requirements, id_, around))
                powers.append(Power(id_, item.party.text, item.action.text, titles[1], shown_by, condition, words, needs,
                                    rests_on, audience, origin))  # fmt: skip
                continue
            for need in item.requirements:
                self.report.error("SI407", "only powers and moves require something", need.span, "say it with: , if …")
            duties.append(
                PathwayDuty(id_, item.modality.text, item.party.text, item.action.text, titles[1], self._deadline(item.due),
                            shown_by, condition, words, still, rests_on, audience, origin)
            )  # fmt: skip
        return tuple(duties), tuple(powers)

    def _shown_by(self, item: tree.Act) -> tuple[str, ...]:
        if item.shown_by is None:
            return ()
        way, names = item.shown_by
        expected = "done_by" if item.modality.text == "may" else "met_by"
        if way != expected:
            self.report.error("SI407", f"a {'power' if expected == 'done_by' else 'duty'} is `{expected.replace('_', ' ')}` an event",
                              names[0].span, f"write: , {expected.replace('_', ' ')} {names[0].text}")  # fmt: skip
        for name in names:
            self._event(name)
        return tuple(name.text for name in names)

    def _moves(self, written: tree.State, around: _Around) -> Iterator[Move]:
        for item in written.moves:
            self._event(item.event)
            id_ = self._id(f"{around.pathway}.{around.state}.upon_{item.event.text}")
            rests_on = self._owned(item.cites, item.interpretations, around)
            condition = self._condition(item.condition, around)
            needs = tuple(self._requirements(item.requirements, id_, around))
            audience = meet(self.parts.audience(item.shown_to), around.audience)
            to = item.to.text if item.to is not None else None
            yield Move(id_, item.event.text, to, condition, needs, rests_on, audience, self.parts.origin(item.span))

    def _time_outs(self, written: tree.State, around: _Around) -> Iterator[TimeOut]:
        for item in written.time_outs:
            length = self._length(item.length)
            rests_on = self._owned(item.cites, item.interpretations, around)
            condition = self._condition(item.condition, around)
            still = tuple(self._stands_still(pause) for pause in item.stands_still)
            audience = meet(self.parts.audience(item.shown_to), around.audience)
            id_ = self._id(f"{around.pathway}.{around.state}.after")
            if length is not None:
                yield TimeOut(
                    id_, *length, item.to.text, condition, still, rests_on, audience, self.parts.origin(item.span)
                )

    def _id(self, name: str) -> str:
        """A name of its own: the second of one name in a state has a number."""
        count = self._ids[name] = self._ids.get(name, 0) + 1
        return name if count == 1 else f"{name}_{count}"

    # ---- pieces
    def _condition(
        self, written: tree.Condition | None, around: _Around, group: str | None = None
    ) -> core.Condition | None:
        if written is None:
            return None
        found = self.parts.condition(written, group or around.group)
        return core.Not(core.Always(), core.Origin("", 0, "")) if found is None else found  # told already

    def _requirements(
        self, written: tuple[tree.Requirement, ...], owner: str, around: _Around
    ) -> Iterator[Requirement]:
        for number, item in enumerate(written, 1):
            condition = self._condition(item.condition, around)
            rests_on = self._owned(item.cites, item.interpretations, around)
            words = self.report.source.words(item.condition.span)
            if isinstance(item.condition, tree.ItemList):
                words = "; ".join(self.report.source.words(part.condition.span) for part in item.condition.items)
            assert condition is not None
            yield Requirement(
                f"{owner}.requires_{number}", item.binding, condition, words, rests_on, self.parts.origin(item.span)
            )

    def _deadline(self, written: tree.Due | None) -> Deadline | None:
        if written is None:
            return None
        if written.sort == "every" and written.rhythm is not None:
            if written.rhythm.text not in _RHYTHMS:
                self.report.unknown("period", written.rhythm.text, written.rhythm.span, _RHYTHMS)
                return None
            return Every(written.rhythm.text)  # type: ignore[arg-type]
        length = self._length(written.length) if written.length is not None else None
        if written.event is not None:
            self._event(written.event)
        if length is None:
            return None
        if written.sort == "before" and written.event is not None:
            if length[1] in ("half_terms", "terms", "academic_years"):
                self.report.error("SI407", f"{length[1].replace('_', ' ')} are not counted back from a day", written.span,
                                  "count days, working days, school days, weeks or months")  # fmt: skip
                return None
            return Before(*length, written.event.text)
        return After(*length, written.event.text if written.event is not None else None)

    def _length(self, written: tree.Length) -> tuple[int, Unit] | None:
        count = written.count.text
        if not count.isdigit() or not 1 <= int(count) <= _MOST_COUNT:
            self.report.error("SI405", f"`{count}` is no length of time", written.count.span,
                              f"write a whole number from 1 to {_MOST_COUNT}")  # fmt: skip
            return None
        unit = written.unit.text if written.unit.text.endswith("s") else f"{written.unit.text}s"
        if unit not in _UNITS:
            shown = [name.replace("_", " ") for name in _UNITS]
            self.report.unknown("length of time", written.unit.text, written.unit.span, shown)
            return None
        return int(count), unit  # type: ignore[return-value]

    def _stands_still(self, written: tree.StandsStill) -> StandsStill:
        self._event(written.start)
        self._event(written.end)
        return StandsStill(written.start.text, written.end.text)

    def _event(self, word: tree.Word) -> None:
        if word.text not in self.events and word.text not in self.declared.damaged:
            self.report.unknown("event", word.text, word.span, self.events)

    def _state(self, word: tree.Word, states: Mapping[str, State]) -> None:
        known = [name for name, state in states.items() if not state.is_stage]
        if word.text not in known:
            self.report.unknown("state", word.text, word.span, known)

    def _owned(self, cites: tuple[tree.Cites, ...], interpretations: tuple[tree.Interpretation, ...],
               around: _Around | None = None) -> Owned:  # fmt: skip
        """What something rests on; what it stands in cites for it where it cites nothing itself."""
        own = tuple((item.source, item.place) for item in self.ownership.cites(cites))
        reasons = self.ownership.interpretations(interpretations)
        if around is None:
            return Owned(own, reasons)
        return Owned(own or around.rests_on.cites, tuple(dict.fromkeys((*around.rests_on.interpretations, *reasons))))
