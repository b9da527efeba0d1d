"""What a condition comes to on a day of a case: the evidence known then, with the events of the history before a place."""

import datetime
from collections.abc import Callable

from attrs import define, field

from si_rules.decisions.deciding import Deciding
from si_rules.evaluation.completions import MOST_NODES
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import HOLDS, Truth
from si_rules.pathways.happened import Timeline, with_events
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Facts
from si_rules.semantics.forms import Condition

ReadFacts = Callable[[Core, datetime.date, datetime.date], Facts]


@define
class Asking:
    """Answers conditions about one subject. Evidence is known at the earlier of the day asked about and `known_at`."""

    read: ReadFacts
    timeline: Timeline
    known_at: datetime.date
    _facts: dict[tuple[int, datetime.date], tuple[Situation, Facts]] = field(factory=dict)
    _asked: dict[tuple[int, datetime.date, int, int], Deciding] = field(factory=dict)

    def truth(self, policy: Core, condition: Condition | None, day: datetime.date, before: int, entered: int) -> Truth:
        """The truth of a condition on a day, of the events before a place in the history; no condition holds."""
        if condition is None:
            return HOLDS
        return self._deciding(policy, day, before, entered).interpreter.truth(condition)

    def _deciding(self, policy: Core, day: datetime.date, before: int, entered: int) -> Deciding:
        key = (id(policy), day, before, entered)
        found = self._asked.get(key)
        if found is None:
            situation, facts = self._at(policy, day)
            seen = with_events(facts, self.timeline, before, day, entered)
            found = self._asked[key] = Deciding(situation, seen, MOST_NODES)
        return found

    def _at(self, policy: Core, day: datetime.date) -> tuple[Situation, Facts]:
        found = self._facts.get((id(policy), day))
        if found is None:
            known = min(day, self.known_at)
            found = self._facts[id(policy), day] = (Situation(policy, day, known), self.read(policy, day, known))
        return found
