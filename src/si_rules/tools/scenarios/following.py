"""Follows the history of a scenario through the pathways of its policy, and its editions."""

import datetime
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from si_rules.pathways.case import Case as Followed
from si_rules.pathways.follow import InForce, follow
from si_rules.pathways.happened import Sorts, Timeline, with_events
from si_rules.pathways.history import History, HistoryEntry
from si_rules.pathways.visible import visible
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Facts
from si_rules.syntax import history_tree, scenario_tree as tree
from si_rules.tools.scenarios.reading import Case

# The editions before the one that is tested, the oldest first; asked for only where a history reaches back to them.
Earlier: TypeAlias = Callable[[], Iterable[InForce]]
SUBJECT: Final = "1"  # whose the history of a scenario is: it is about nobody
_OF_CASES: Final = (
    history_tree.ExpectStatus, history_tree.ExpectAhead, history_tree.ExpectExpected, history_tree.ExpectDeparture,
    history_tree.ExpectNone,
)  # fmt: skip


def no_earlier() -> tuple[InForce, ...]:
    """The earlier editions of a policy that has none."""
    return ()


def is_of_case(expected: tree.Expectation, policy: Core) -> bool:
    """Whether something is expected of the case that a history comes to, and not of a decision."""
    match expected:
        case tree.ExpectCited(target=target) | tree.ExpectRests(target=target) | tree.ExpectUnsaid(target=target):
            return isinstance(target, history_tree.Part)
        case tree.ExpectUnused(place=place):
            return not place.judgement and place.name.text in policy.events
        case _:
            return isinstance(expected, _OF_CASES)


def followed(case: Case, edition: InForce, earlier: Earlier) -> Followed:
    """The case that the history of a scenario comes to, for its audience."""
    dates = [entry.date for entry in case.history]
    editions = [*(earlier() if dates and min(dates) < edition.start else ()), edition]
    history = History(subject=SUBJECT, label=case.name, events=case.history)
    return follow(editions, history, case.facts, case.on, case.known_at, case.roles)


def after_history(facts: Facts, case: Case, policy: Core, on: datetime.date, known_at: datetime.date,
                  roles: frozenset[str] | None) -> Facts:  # fmt: skip
    """The facts of a case with what has happened in it, so that rules which ask of events can be decided."""
    shown = visible(policy, roles)

    def usable(entry: HistoryEntry) -> bool:
        return entry.date <= on and entry.known_from <= known_at and entry.event in shown.events

    events, _ = Sorts(shown).typed(entry for entry in case.history if usable(entry))
    timeline = Timeline(events, shown)
    return with_events(facts, timeline, len(events), on, 0)
