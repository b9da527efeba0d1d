"""What a template of a document drafted from a case is given, as values: all of it from the case as its readers may see it."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from si_rules.decisions.telling import day_text
from si_rules.decisions.wording import value_text
from si_rules.documents.case_basis import Asked, Basis, cited, due_text, sentence_of
from si_rules.evaluation.situation import Situation
from si_rules.pathways.case import Case, DutyInstance
from si_rules.pathways.happened import Happened
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Facts, Known
from si_rules.semantics.pathway_forms import Owned

_YEARS: Final = 3
_MONTHS: Final = 12
_MET: Final = {
    "holds": "met",
    "does_not_hold": "not met",
    "undetermined": "not known",
    "not_applicable": "does not apply",
}


@frozen
class Said:
    """A field of an event, with what was said of it."""

    name: str
    title: str
    text: str


@frozen
class Event:
    """Something that happened. `recorded` is nothing where it was known at once."""

    name: str
    title: str
    date: datetime.date
    recorded: datetime.date | None
    document: str | None
    fields: tuple[Said, ...]


@frozen
class Due:
    """Something that somebody must or will do, with when it is due, in words and, where there is one, as a day."""

    sentence: str
    title: str
    bearer: str
    due: datetime.date | None
    due_text: str
    status: str
    met: datetime.date | None
    cites: str


@frozen
class Requirement:
    """What a power requires (`binding`), or what the source describes before it; `status` says how it stands."""

    words: str
    binding: bool
    status: str
    cites: str


@frozen
class Reached:
    """A result in one year, in words; nothing where it is not known."""

    year: str
    text: str | None


@frozen
class Figure:
    """A result of the subject, by year, the oldest first."""

    title: str
    years: tuple[Reached, ...]


@frozen
class Ahead:
    """A day that comes if nothing happens, and what it brings."""

    date: datetime.date
    title: str
    cites: str


@frozen
class Standing:
    """Where the case stands."""

    on: datetime.date
    known_at: datetime.date
    pathway: str
    state: str
    since: datetime.date | None
    digest: str


def standing_of(case: Case, basis: Basis) -> Standing:
    """Where a case stands; of several possible states all are named."""
    states = basis.track.states
    since = states[0].since if len(states) == 1 else None
    named = " or ".join(state.title for state in states)
    return Standing(case.on, case.known_at, basis.track.title, named, since, case.history_digest)


def events_of(case: Case, policy: Core) -> tuple[Event, ...]:
    """What happened, of what the pathways of the policy declare, in order."""
    return tuple(_event(item, policy) for item in case.events if item.name in policy.events)


def _event(item: Happened, policy: Core) -> Event:
    fields = policy.vocabulary.fields
    said = [
        Said(key, fields[f"{item.name}.{key}"].title, value_text(datum.value, fields[f"{item.name}.{key}"].kind))
        for key, datum in item.data.items()
        if key != "date" and isinstance(datum, Known) and f"{item.name}.{key}" in fields
    ]
    entry = item.entry
    recorded = entry.recorded if entry.recorded != entry.date else None
    return Event(item.name, policy.events[item.name].title, item.date, recorded, entry.document, tuple(said))


def duties_of(duties: Iterable[DutyInstance], policy: Core) -> tuple[Due, ...]:
    """What is due, in words."""
    return tuple(
        Due(
            sentence_of(policy, item),
            item.title,
            policy.parties.get(item.bearer, item.bearer.replace("_", " ")),
            item.due,
            due_text(item),
            item.status,
            item.met_on,
            cited(item.rests_on),
        )
        for item in duties
    )


def requirement_of(item: Asked) -> Requirement:
    """A requirement, in words."""
    found = item.result
    return Requirement(item.words, found.binding, _MET[found.truth], cited(found.rests_on))


def figures_of(paths: Iterable[str], policy: Core, facts: Facts, on: datetime.date, known_at: datetime.date) -> tuple[Figure, ...]:  # fmt: skip
    """Results by year: of the newest year of which they are due by the two dates, and of the two before it.

    Left out are those that are not for such a subject, and years in which they did not exist.
    """
    situation = Situation(policy, on, known_at)
    found = []
    for path in paths:
        field = policy.vocabulary.fields[path]
        series, _, key = path.rpartition(".")
        if not _is_for(policy, facts, policy.vocabulary.series[series].group, field.group):
            continue
        years = [situation.latest(series).plus(-back) for back in range(_YEARS - 1, -1, -1)]
        data = ((year, facts.at(f"{series}.{year}.{key}")) for year in years if field.exists_in(year))
        reached = (
            Reached(str(year), value_text(datum.value, field.kind) if isinstance(datum, Known) else None)
            for year, datum in data
        )
        found.append(Figure(field.title, tuple(reached)))
    return tuple(found)


def _is_for(policy: Core, facts: Facts, *groups: str | None) -> bool:
    """Whether a subject is, or may be, in some groups."""
    for name in groups:
        group = policy.vocabulary.groups[name] if name is not None else None
        datum = facts.at(group.field) if group is not None else None
        if group is not None and isinstance(datum, Known) and datum.value not in group.values:
            return False
    return True


def ahead_of(case: Case, basis: Basis) -> tuple[Ahead, ...]:
    """The days on which something is due, or changes, if nothing happens: the soonest first."""
    due = [Ahead(d.due, d.title, cited(d.rests_on)) for d in basis.track.duties if d.status == "open" and d.due]
    changes = [Ahead(f.date, f.title, cited(f.rests_on)) for f in basis.track.forecast if f.sort == "state"]
    return tuple(sorted([*due, *changes], key=lambda item: (item.date, item.title)))


def months_from(day: datetime.date) -> tuple[str, ...]:
    """The month of a day and the eleven after it: `November 2015`."""
    found = []
    for count in range(_MONTHS):
        months = day.year * 12 + day.month - 1 + count
        year, month = divmod(months, 12)
        if year <= datetime.MAXYEAR:
            found.append(day_text(datetime.date(year, month + 1, 1)).partition(" ")[2])
    return tuple(found)


def rested_on(parts: Iterable[Owned]) -> Iterator[str]:
    """The interpretations that some parts rest on, each once."""
    yield from dict.fromkeys(name for part in parts for name in part.interpretations)
