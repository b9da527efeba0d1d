"""What a condition comes to on a day of a case: the evidence known then, with the events of the history before a place."""

import datetime
from collections.abc import Callable

from attrs import define, field

from si_rules.decisions.deciding import Deciding
from si_rules.evaluation.completions import MOST_NODES
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import HOLDS, Truth
from si_rules.pathways.happened import Timeline, with_events
from si_rules.semantics.core import HAPPENED, Core
from si_rules.semantics.facts import Facts
from si_rules.semantics.forms import Condition, DecisionDay
from si_rules.semantics.traversal import Reads, all_terms

ReadFacts = Callable[[Core, datetime.date, datetime.date], Facts]

_NO_EVIDENCE = Facts("", None, {}, frozenset(), (), "")


@define
class Asking:
    """Answers conditions about one subject. Evidence is known at the earlier of the day asked about and `known_at`."""

    read: ReadFacts
    timeline: Timeline
    known_at: datetime.date
    _facts: dict[tuple[int, datetime.date], tuple[Situation, Facts]] = field(factory=dict)
    _deciding: dict[tuple[int, datetime.date, int, int], Deciding] = field(factory=dict)
    _situations: dict[int, Situation] = field(factory=dict)
    _of_events: dict[int, tuple[Condition, bool]] = field(factory=dict)

    def truth(self, policy: Core, condition: Condition | None, day: datetime.date, before: int, entered: int) -> Truth:
        """The truth of a condition on a day, of the events before a place in the history; no condition holds."""
        if condition is None:
            return HOLDS
        if self._asks_of_events(policy, condition):  # then no evidence need be read: most conditions are such
            seen = with_events(_NO_EVIDENCE, self.timeline, before, day, entered)
            return Interpreter(self._situation(policy, day), seen).truth(condition)
        key = (id(policy), day, before, entered)
        deciding = self._deciding.get(key)
        if deciding is None:
            situation, facts = self._at(policy, day)
            seen = with_events(facts, self.timeline, before, day, entered)
            deciding = self._deciding[key] = Deciding(situation, seen, MOST_NODES)
        return deciding.interpreter.truth(condition)

    def _asks_of_events(self, policy: Core, condition: Condition) -> bool:
        """Whether a condition asks of nothing but the history, so that neither day nor evidence make a difference."""
        kept = self._of_events.get(id(condition))
        if kept is None:
            reads = Reads(policy).condition(condition)
            paths = all(path.partition(".")[0] in (HAPPENED, *policy.events) for path in reads.paths)
            by_day = reads.parameters or reads.classifications or reads.definitions or reads.figures
            terms = any(isinstance(term, DecisionDay) for term in all_terms(condition))
            kept = self._of_events[id(condition)] = (condition, paths and not by_day and not terms)
        return kept[1]

    def _situation(self, policy: Core, day: datetime.date) -> Situation:
        found = self._situations.get(id(policy))
        if found is None:
            found = self._situations[id(policy)] = Situation(policy, day, day)
        return found

    def _at(self, policy: Core, day: datetime.date) -> tuple[Situation, Facts]:
        found = self._facts.get((id(policy), day))
        if found is None:
            known = min(day, self.known_at)
            found = self._facts[id(policy), day] = (Situation(policy, day, known), self.read(policy, day, known))
        return found
