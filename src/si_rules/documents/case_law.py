"""What the law makes of an act on the day of a draft: another policy, followed as if it were done on that day."""

import datetime
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen
from pydantic import BaseModel

from si_rules.documents.case_basis import NotGiven, cited
from si_rules.documents.case_values import Ahead
from si_rules.library.letters import DECLARATION, LettersUnusable
from si_rules.pathways.case import Track
from si_rules.pathways.history import History, HistoryEntry
from si_rules.policy import NotInForce, Policy, PolicyNotFound, follow_through, policy_near
from si_rules.semantics.core import Core

_DAY = datetime.timedelta(days=1)


@frozen
class Law:
    """The law on an act: the edition in force on the day, `first` to `last`, and what follows if the act is done on it.

    `last_day` is the last day of the time it gives, nothing where it fixes none; `then` the state that comes after.
    """

    title: str
    edition: str
    first: datetime.date
    last: datetime.date
    sources: tuple[tuple[str, str], ...]
    cites: str
    state: str
    last_day: datetime.date | None
    then: str | None
    open: tuple[str, ...]


def law_on(id: str, near: Path | None, events: Iterable[str], on: datetime.date, subject: str, audience: str,
           evidence: BaseModel | None) -> Law:  # fmt: skip
    """The law of an act that some sort of event does, done on a day, about a subject.

    Raises `NotGiven` where the law does not reach the subject, or is not in force; `LettersUnusable` where there is no
    such policy or it begins nothing with these events.
    """
    try:
        policy = policy_near(near, id, on)
    except PolicyNotFound as error:
        raise LettersUnusable(f"{DECLARATION}: {error.args[0]}, the law of which a document tells") from None
    except NotInForce as error:
        raise NotGiven(f"the law of which the document tells is not there for the day: {error.args[0]}") from None
    core = policy.core_on(on)
    named = {name: b.event for name, p in core.pathways.items() for b in p.begins if b.event in set(events)}
    if not named:
        raise LettersUnusable(f"{DECLARATION}: {id} begins no pathway with {' or '.join(events)}")
    pathway, event = next(iter(named.items()))
    track = _supposed(policy, pathway, event, on, subject, audience, evidence)
    if track.applies in ("does_not_hold", "not_applicable"):
        raise NotGiven(f"{core.title} gives no such power over {subject}: “{track.title}” does not apply to it")
    return _told(core, track)


def _supposed(policy: Policy, pathway: str, event: str, on: datetime.date, subject: str, audience: str,
              evidence: BaseModel | None) -> Track:  # fmt: skip
    history = History(subject=subject, events=(HistoryEntry(event=event, date=on),))
    case = follow_through([(policy.in_force[0], policy)], history, on=on, evidence=evidence, audience={audience})
    return next(track for track in case.tracks if track.pathway == pathway)


def _told(core: Core, track: Track) -> Law:
    pathway = core.pathways[track.pathway]
    state = track.states[0] if track.states else None
    ahead = [Ahead(item.date, item.title, cited(item.rests_on)) for item in track.forecast if item.sort == "state"]
    places = pathway.states[state.state].rests_on if state else pathway.rests_on
    around = pathway.states[state.state].within if state else None
    owned = places if places.cites or around is None else pathway.states[around].rests_on
    asked = track.applies == "undetermined"
    return Law(
        core.title,
        core.edition,
        *core.in_force,
        tuple(core.sources.items()),
        ahead[0].cites if ahead else cited(owned),
        state.title if state else track.title,
        ahead[0].date - _DAY if ahead else None,
        ahead[0].title if ahead else None,
        (f"It is not known whether the law, “{track.title}”, reaches the school: the evidence does not tell.",)
        if asked
        else (),
    )
