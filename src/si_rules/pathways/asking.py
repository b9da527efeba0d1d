"""What a condition comes to on a day of a case: the evidence known then, with the events of the history before a place."""

import datetime
from collections.abc import Callable

from attrs import define, field

from si_rules.decisions.deciding import Deciding
from si_rules.evaluation.completions import MOST_NODES
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import HOLDS, Truth
from si_rules.pathways.happened import Happened, Timeline, with_events
from si_rules.pathways.questions import Question, Questions
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Facts
from si_rules.semantics.forms import Condition

ReadFacts = Callable[[Core, datetime.date, datetime.date], Facts]

_NO_EVIDENCE = Facts("", None, {}, frozenset(), (), "")


@define
class Asking:
    """Answers conditions about one subject. Evidence is known at the earlier of the day asked about and `known_at`.

    What was answered is kept, and counts again as long as nothing has changed that the condition reads.
    """

    read: ReadFacts
    timeline: Timeline
    known_at: datetime.date
    questions: Questions = field(factory=Questions)
    _supposed_upon: "Asking | None" = None
    _facts: dict[tuple[int, datetime.date], tuple[Situation, Facts]] = field(factory=dict)
    _deciding: dict[tuple[int, datetime.date, int, int], Deciding] = field(factory=dict)
    _situations: dict[int, Situation] = field(factory=dict)
    _answers: dict[tuple[object, ...], Truth] = field(factory=dict)

    def known(self, policy: Core, day: datetime.date, facts: Facts) -> None:
        """Take facts that were read already: those of a policy on a day, by what was known then."""
        self._facts[id(policy), day] = (Situation(policy, day, min(day, self.known_at)), facts)

    def truth(self, policy: Core, condition: Condition | None, day: datetime.date, before: int, entered: int) -> Truth:
        """The truth of a condition on a day, of the events before a place in the history; no condition holds."""
        if condition is None:
            return HOLDS
        return self._answered(self.questions.of(policy, condition), day, before, entered)

    def changing(self, policy: Core, condition: Condition | None) -> tuple[str, ...] | None:
        """The sorts of event upon which alone the truth of a condition may change; None where a day may change it."""
        if condition is None:
            return ()
        question = self.questions.of(policy, condition)
        return None if question.evidence or question.within else question.events

    def supposing(self, event: Happened) -> "Asking":
        """The same with an event after all others. What it does not bear on is answered as before."""
        timeline = self.timeline.followed_by(event)
        return Asking(self.read, timeline, self.known_at, self.questions, self)

    def _answered(self, question: Question, day: datetime.date, before: int, entered: int) -> Truth:
        if self._supposed_upon is not None and not question.whole:
            last = len(self.timeline.events) - 1
            if before <= last or self.timeline.events[last].name not in question.events:
                return self._supposed_upon._answered(question, day, min(before, last), entered)
        places = (before,) if question.whole else self.timeline.counts(question.events, before)
        entered = entered if question.here or question.whole else 0
        at = day if question.within or question.evidence else None
        key = (question, at, entered, places)
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._asked(question, day, before, entered)
        return found

    def _asked(self, question: Question, day: datetime.date, before: int, entered: int) -> Truth:
        policy = question.policy
        if not question.evidence:  # then no evidence need be read: most conditions are such
            seen = with_events(_NO_EVIDENCE, self.timeline, before, day, entered)
            return Interpreter(self._situation(policy, day), seen).truth(question.condition)
        if not (question.events or question.whole):
            before = 0  # whatever has happened: one reading serves them all
        key = (id(policy), day, before, entered)
        deciding = self._deciding.get(key)
        if deciding is None:
            situation, facts = self._at(policy, day)
            seen = with_events(facts, self.timeline, before, day, entered)
            deciding = self._deciding[key] = Deciding(situation, seen, MOST_NODES)
        return deciding.interpreter.truth(question.condition)

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
