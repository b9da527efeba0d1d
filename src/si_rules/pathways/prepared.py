"""The editions of a policy made ready to follow cases through: what hangs on no case is worked out once and kept."""

import datetime
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from attrs import evolve, field, frozen

from si_rules.pathways.calendars import Calendars
from si_rules.pathways.edition import Edition
from si_rules.pathways.happened import Sorts
from si_rules.pathways.questions import Questions
from si_rules.pathways.visible import visible
from si_rules.semantics.core import Core
from si_rules.semantics.pathway_forms import Pathway

MOST_VIEWS: Final = 64  # kept at a time: of every audience and edition there is one


@frozen
class InForce:
    """A policy with its digest and the first day on which it is in force."""

    start: datetime.date
    policy: Core
    digest: str


@frozen(slots=False, eq=False)
class View:
    """The editions as some roles may see them, from one of which, `current`, a case is looked at."""

    shown: tuple[InForce, ...]
    current: InForce
    declared: frozenset[str]  # every sort of event there is, whoever may see it

    @cached_property
    def policy(self) -> Core:
        """The policy now in force with the sorts of event of its other editions too: what has happened stays in a history."""
        policy = self.current.policy
        events, fields = dict(policy.events), dict(policy.vocabulary.fields)
        collections = dict(policy.vocabulary.collections)
        for edition in reversed(self.shown):
            for name, event in edition.policy.events.items():
                if name not in events:
                    events[name] = evolve(event, order=len(events))
                    collections[name] = edition.policy.vocabulary.collections[name]
                    fields |= {p: f for p, f in edition.policy.vocabulary.fields.items() if f.parent == name}
        return evolve(
            policy, events=events, vocabulary=evolve(policy.vocabulary, fields=fields, collections=collections)
        )

    @cached_property
    def sorts(self) -> Sorts:
        """The sorts of event, which check what a history says of each."""
        return Sorts(self.policy)

    @cached_property
    def questions(self) -> Questions:
        """What the conditions of the editions ask for."""
        return Questions()

    @cached_property
    def pathways(self) -> tuple[tuple[Edition, ...], ...]:
        """Each pathway now in force, in every edition that has it."""
        return tuple(
            tuple(
                Edition(e.start, e.policy, e.policy.pathways[name], _calendars(e.policy, e.policy.pathways[name]))
                for e in self.shown
                if name in e.policy.pathways
            )
            for name in self.current.policy.pathways
        )

    @cached_property
    def calendars(self) -> tuple[tuple[str, str, str], ...]:
        """Every calendar of the editions: its id, version and digest."""
        followed = {c for e in self.shown for some in e.policy.calendars.values() for c in some}
        found = {f"{c.id} {c.version}": (c.id, c.version, c.digest) for c in followed}
        return tuple(found[name] for name in sorted(found))


def _editions(given: Iterable[InForce]) -> tuple[InForce, ...]:
    return tuple(given)


@frozen(eq=False)
class Prepared:
    """The editions of one policy, the oldest first; there is at least one. It knows of no case, and serves any number."""

    editions: tuple[InForce, ...] = field(converter=_editions)
    _views: dict[tuple[frozenset[str] | None, int], View] = field(init=False, factory=dict, repr=False)

    def __attrs_post_init__(self) -> None:
        if not self.editions:
            raise ValueError("a case is followed under at least one edition of a policy")

    def view(self, roles: frozenset[str] | None, on: datetime.date) -> View:
        """The editions as some roles may see them (None: all of it), looked at on a day."""
        begun = [place for place, edition in enumerate(self.editions) if edition.start <= on]
        place = begun[-1] if begun else 0
        found = self._views.get((roles, place))
        if found is None:
            if len(self._views) >= MOST_VIEWS:
                self._views.clear()
            shown = tuple(evolve(edition, policy=visible(edition.policy, roles)) for edition in self.editions)
            declared = frozenset(name for edition in self.editions for name in edition.policy.events)
            found = self._views[roles, place] = View(shown, shown[place], declared)
        return found


def _calendars(policy: Core, pathway: Pathway) -> Calendars:
    return Calendars(tuple(found for name in pathway.calendars for found in policy.calendars.get(name, ())))
