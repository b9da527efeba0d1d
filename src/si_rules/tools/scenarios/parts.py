"""Parts of a case looked up in a policy: its pathways, what is done on them, and the events that happen."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from attrs import frozen

from si_rules.pathways.duties import BINDING
from si_rules.semantics import core
from si_rules.semantics.kind_reading import read_date
from si_rules.semantics.kinds import words
from si_rules.semantics.pathway_forms import Pathway, PathwayDuty, Power, State
from si_rules.semantics.report import Report
from si_rules.semantics.traversal import Reads
from si_rules.syntax import history_tree as tree
from si_rules.syntax.tree import Word

Line: TypeAlias = PathwayDuty | Power
_SORTS: Final = ("duty", "power", "expectation")


@frozen
class Held:
    """A duty, power or expectation with the pathway and the state or stage that holds it."""

    sort: str
    pathway: Pathway
    state: State
    line: Line


def held(policy: core.Core) -> Iterator[Held]:
    """Everything that somebody must, may or should do on the pathways of a policy, in its order."""
    for pathway in policy.pathways.values():
        for state in pathway.states.values():
            for duty in state.duties:
                yield Held("duty" if duty.modality in BINDING else "expectation", pathway, state, duty)
            for power in state.powers:
                yield Held("power", pathway, state, power)


def lines_of(policy: core.Core, part: tree.Part) -> list[Held]:
    """The lines that a duty, a power or an expectation of a scenario speaks of: of one action, party and pathway."""
    return [
        item
        for item in held(policy)
        if item.sort == part.sort
        and item.line.action == part.name.text
        and (part.party is None or item.line.bearer == part.party.text)
        and (part.pathway is None or item.pathway.id == part.pathway.text)
    ]


def read_by(policy: core.Core, item: Line) -> list[str]:
    """What the condition and the requirements of a line read, by the names that a scenario gives it."""
    conditions = [item.condition, *(need.condition for need in getattr(item, "requirements", ()))]
    return list(dict.fromkeys(name for condition in conditions for name in names_read(policy, condition)))


def names_read(policy: core.Core, condition: core.Condition | None) -> list[str]:
    """The events, evidence and judgements that a condition reads, by their names."""
    if condition is None:
        return []
    found = []
    for path in Reads(policy).condition(condition).paths:
        head, _, rest = path.partition(".")
        if head in (core.HAPPENED, "judgements"):
            found.append(rest.partition(".")[0])
        else:
            found.append(head if head in policy.events else path)
    return list(dict.fromkeys(found))


class PartNames:
    """Looks up the names in what is expected of a case; what is not there goes to the report."""

    def __init__(self, policy: core.Core, report: Report) -> None:
        self.policy = policy
        self.report = report

    def check(self, expected: tree.CaseExpectation) -> None:
        """Report what one expectation names and the policy does not have."""
        match expected:
            case tree.ExpectStatus(part=part, status=status):
                if self.part(part):
                    self._status(part, status)
            case tree.ExpectAhead(part=part, state=state, day=day):
                read_date(day, self.report)
                if self.part(part) and state is not None:
                    self._state(self.policy.pathways[part.name.text], state)
            case tree.ExpectExpected(part=part) | tree.ExpectDeparture(part=part):
                self.part(part)
            case tree.ExpectNone(pathway=pathway):
                self._pathway(pathway)

    def part(self, part: tree.Part) -> bool:
        """Whether there is what a line or a column speaks of; reported otherwise."""
        if part.day is not None and read_date(part.day, self.report) is None:
            return False
        if part.sort == "pathway":
            return self._pathway(part.name)
        if not self._pathway(part.pathway):
            return False
        if part.sort == "departure":
            return self._known("event", part.name, self.policy.events)
        return self._line(part)

    def _line(self, part: tree.Part) -> bool:
        action = part.name.text
        alike = [item for item in held(self.policy) if item.line.action == action]
        if not any(item.sort == part.sort for item in alike):
            self._no_line(part, alike)
            return False
        found = lines_of(self.policy, part)
        if not found:
            help_ = "there is: " + "; ".join(dict.fromkeys(_said(item) for item in alike))
            whose = "" if part.party is None else f" of {part.party.text}"
            where = "" if part.pathway is None else f" on {part.pathway.text}"
            self.report.error("SI711", f"there is no {part.sort} `{action}`{whose}{where}", part.span, help_)
            return False
        pathways = list(dict.fromkeys(item.pathway.id for item in found))
        if len(pathways) > 1:
            message = f"there is a {part.sort} `{action}` on {' and on '.join(f'`{name}`' for name in pathways)}"
            self.report.error("SI712", message, part.name.span, f"say which: {part.sort} {action} in {pathways[0]}")
        return len(pathways) == 1

    def _no_line(self, part: tree.Part, alike: list[Held]) -> None:
        action = part.name
        if alike:
            message = f"`{action.text}` is {_a(alike[0].sort)}, not {_a(part.sort)}"
            self.report.error("SI301", message, part.span, f"write: {alike[0].sort} {action.text}")
            return
        names = [item.line.action for item in held(self.policy) if item.sort == part.sort]
        self.report.unknown(part.sort, action.text, action.span, dict.fromkeys(names))

    # ---- what is said of it
    def _status(self, part: tree.Part, status: tree.Status) -> None:
        match status:
            case tree.TrackStatus(states=states, since=since):
                for name in states:
                    also = (tree.NOT_ENTERED, tree.NOT_APPLICABLE) if status.status == "undetermined" else ()
                    if name.text not in also:
                        self._state(self.policy.pathways[part.name.text], name)
                self._day(since)
            case tree.DutyStatus(day=day, recorded=recorded):
                self._day(day)
                self._day(recorded)
            case tree.PowerStatus(because=because):
                read = [name for item in lines_of(self.policy, part) for name in read_by(self.policy, item.line)]
                for name in because:
                    self._known(f"condition of {part.name.text} on", name, dict.fromkeys(read))

    def _day(self, day: Word | None) -> None:
        if day is not None:
            read_date(day, self.report)

    def _state(self, pathway: Pathway, name: Word) -> None:
        states = [state.name for state in pathway.states.values() if not state.is_stage]
        stage = pathway.states.get(name.text)
        if stage is not None and stage.is_stage:
            inside = [state.name for state in pathway.states.values() if state.within == name.text]
            self.report.error("SI301", f"`{name.text}` is a stage, not a state", name.span,
                              f"name a state in it: {', '.join(inside)}")  # fmt: skip
            return
        self._known("state", name, states)

    def _pathway(self, name: Word | None) -> bool:
        return name is None or self._known("pathway", name, self.policy.pathways)

    def _known(self, what: str, name: Word, known: Iterable[str]) -> bool:
        names = list(known)
        if name.text not in names:
            self.report.unknown(what, name.text, name.span, names)
        return name.text in names


def _said(item: Held) -> str:
    modality = "may" if item.sort == "power" else words(getattr(item.line, "modality", ""))
    return f"{item.line.bearer} {modality} {item.line.action} on {item.pathway.id}"


def _a(sort: str) -> str:
    return f"an {sort}" if sort.startswith("e") else f"a {sort}"
