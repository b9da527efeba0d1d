"""On which power or duty of a case a document rests; and why there is none, where there is none."""

import datetime
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from si_rules.decisions.account import SORTS
from si_rules.decisions.telling import MODALITIES, day_text
from si_rules.decisions.wording import Wording
from si_rules.documents.case_declaration import CaseDocument
from si_rules.evaluation.situation import Situation
from si_rules.pathways.case import Act, Case, DutyInstance, RequirementResult, Track
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Facts
from si_rules.semantics.pathway_forms import Owned, PathwayDuty, Power

NOTHING_KNOWN: Final = Facts("", None, {}, frozenset(), (), "")


@frozen
class Asked:
    """A requirement of a power as it stands, in words for people."""

    words: str
    result: RequirementResult


class NotGiven(ValueError):
    """The case gives no power or duty on which the document could rest; the message says why."""


@frozen
class Basis:
    """The power or duty on which a draft rests, as the case stands.

    `open` are things that are not known and on which it hangs, a sentence each; `due` the times it is or was due and
    has not been done; `done` the days on which the history has it done; `requirements` what the power requires, or what is described before it.
    """

    act: Act
    sort: str
    sentence: str
    cites: str
    track: Track
    open: tuple[str, ...]
    requirements: tuple[Asked, ...]
    due: tuple[DutyInstance, ...]
    done: tuple[datetime.date, ...]


def basis_of(document: CaseDocument, case: Case, policy: Core) -> Basis:
    """The basis of a document in a case. Raises `NotGiven`. `policy` is what the readers of the document may see."""
    track = next(item for item in case.tracks if item.pathway == document.pathway)
    who = case.label or case.subject
    nothing = f"no {document.title!r} can be drafted for {who}"
    if track.applies in ("does_not_hold", "not_applicable"):
        raise NotGiven(f"{nothing}: “{track.title}” does not apply to it{_instead(document, case)}")
    if not track.begun:
        raise NotGiven(f"{nothing}: “{track.title}” has not begun in its history{_instead(document, case)}")
    acts = [act for act in track.acts if act.action == document.action]
    states = " or ".join(state.title for state in track.states)
    if not acts:
        raise NotGiven(f"{nothing}: while the case is {states}, “{track.title}” gives no such power or duty")
    act = min(acts, key=lambda item: ("holds", "undetermined").index(item.truth) if item.truth in _OPEN else 2)
    instances = tuple(item for item in track.duties if item.id == act.id and item.status != "ended")
    if act.truth not in _OPEN and not instances:
        sentence = sentence_of(policy, act).rstrip(".")
        raise NotGiven(f"{nothing}: {sentence} only if {_condition(policy, case, act)}, and that is not so")
    return Basis(
        act,
        SORTS[act.modality],
        sentence_of(policy, act),
        cited(act.rests_on),
        track,
        tuple(_not_known(track, act, instances, _condition(policy, case, act))),
        tuple(_asked(policy, case, track, act)),
        tuple(item for item in instances if item.status in ("open", "breached")),
        tuple(event.date for event in case.events if event.name in act.done_by),
    )


_OPEN = ("holds", "undetermined")


def _condition(policy: Core, case: Case, act: Act) -> str:
    """The condition of an act in words."""
    found = next(item for item in _written(policy, act) if item.id == act.id)
    return "" if found.condition is None else _wording(policy, case).inner(found.condition)


def _asked(policy: Core, case: Case, track: Track, act: Act) -> Iterator[Asked]:
    """What a power requires, or what is described before it, with how it stands."""
    result = next((item for item in track.powers if item.id == act.id), None)
    found = next(item for item in _written(policy, act) if item.id == act.id)
    if result is not None and isinstance(found, Power):
        for written, stands in zip(found.requirements, result.requirements, strict=True):
            yield Asked(_wording(policy, case).inner(written.condition), stands)


def _written(policy: Core, act: Act) -> Iterator[Power | PathwayDuty]:
    """The powers and duties of the pathway of an act, as the policy has them."""
    for state in policy.pathways[act.id.partition(".")[0]].states.values():
        yield from state.powers
        yield from state.duties


def _wording(policy: Core, case: Case) -> Wording:
    return Wording(Situation(policy, case.on, case.known_at), NOTHING_KNOWN)


def _not_known(track: Track, act: Act, instances: tuple[DutyInstance, ...], condition: str) -> Iterator[str]:
    if track.applies == "undetermined":
        yield f"It is not known whether “{track.title}” applies: the evidence does not tell."
    if len(track.states) > 1:
        yield f"It is not known in which state the case is: {' or '.join(state.title for state in track.states)}."
    settled = any(item.status in ("open", "breached") for item in instances)
    if act.truth == "undetermined" and condition and not settled:
        yield f"It rests on this only if {condition}; that is not known."


def _instead(document: CaseDocument, case: Case) -> str:
    """The pathways that do apply: where to look for what may be done."""
    others = [t.title for t in case.tracks if t.applies == "holds" and t.begun and t.pathway != document.pathway]
    return f"; the case is one of: {', '.join(others)}" if others else ""


def sentence_of(policy: Core, act: Act | DutyInstance) -> str:
    """Who may, will or must do what, as a sentence."""
    who = policy.parties.get(act.bearer, act.bearer.replace("_", " "))
    return f"{who[:1].upper()}{who[1:]} {MODALITIES[act.modality]} {act.title}."


def cited(rests_on: Owned) -> str:
    """Citations in one text."""
    return "; ".join(f"{source} {place}" for source, place in rests_on.cites)


def due_text(item: DutyInstance) -> str:
    """When something is or was due."""
    period = f" ({item.period})" if item.period else ""
    if item.due is None:
        return "due as long as the case stands as it does"
    if item.breached_on is not None:
        return f"was due by {day_text(item.due)}{period} and has not been done"
    return f"due by {day_text(item.due)}{period}"
