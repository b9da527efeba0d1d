"""What each condition of a policy asks for: so that it is not asked anew where nothing that it reads has changed."""

from collections.abc import Iterator

from attrs import define, field, frozen

from si_rules.semantics.core import HAPPENED, Core
from si_rules.semantics.forms import Condition, DecisionDay
from si_rules.semantics.traversal import Reads, all_terms


@frozen(eq=False)
class Question:
    """A condition with what it reads of a case. It is known by itself.

    `events` are the sorts of event it reads; `here` and `within`: it asks what happened in the present state, or in a
    length of time before the day at hand; `evidence`: it reads more than the history, so that the day makes a
    difference; `whole`: all that happened may count.
    """

    policy: Core
    condition: Condition
    events: tuple[str, ...]
    here: bool
    within: bool
    evidence: bool
    whole: bool


@define
class Questions:
    """The questions of some policies, each worked out once."""

    _kept: dict[tuple[int, int], Question] = field(factory=dict)

    def of(self, policy: Core, condition: Condition) -> Question:
        """What a condition of a policy asks for."""
        key = (id(policy), id(condition))  # neither goes away: the question holds both
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _question(policy, condition)
        return found


def _question(policy: Core, condition: Condition) -> Question:
    reads = Reads(policy).condition(condition)
    parts = [path.split(".") for path in reads.paths]
    happened = [rest for head, *rest in parts if head == HAPPENED]
    events = dict.fromkeys([name for name, *_ in parts if name in policy.events])
    events |= dict.fromkeys(name for rest in happened for name in _named(rest))
    events |= dict.fromkeys(name for name in reads.records if name in policy.events)
    others = any(head != HAPPENED and head not in policy.events for head, *_ in parts)
    counted = any(name not in policy.events for name in reads.records)
    by_rule = reads.parameters or reads.rules or reads.definitions
    by_day = any(isinstance(term, DecisionDay) for term in all_terms(condition))
    whole = bool(reads.classifications or reads.figures)
    return Question(
        policy,
        condition,
        tuple(events),
        any(rest[1:2] == ["here"] for rest in happened),
        any(rest[1:2] == ["within"] for rest in happened),
        bool(others or counted or by_rule or by_day or whole),
        whole,
    )


def _named(happened: list[str]) -> Iterator[str]:
    """The sorts of event that a path asks after: `warning_notice`, and `concern_meeting` where it says since when."""
    yield happened[0]
    if happened[1:2] == ["since"]:
        yield happened[2]
