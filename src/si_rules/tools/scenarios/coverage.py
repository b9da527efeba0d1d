"""Coverage: how scenarios have seen everything in a policy, its rules and its pathways, and what they never saw."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from si_rules.semantics import core
from si_rules.semantics.core import UNMATCHED
from si_rules.semantics.pathway_forms import PathwayDuty, Power, TimeOut
from si_rules.semantics.traversal import Reads, conditions_of, inner_conditions
from si_rules.tools.scenarios.parts import held
from si_rules.tools.scenarios.running import CaseResult
from si_rules.tools.scenarios.seeing_cases import ways_of

OF_RULES: Final = ("deciding", "holding", "not_holding", "undetermined", "not_applicable")
OF_CONSEQUENCES: Final = ("following", "possible")
OF_MOVES: Final = ("taken", "refused", "undetermined")
OF_DUTIES: Final = ("due", "met", "breached")
OF_POWERS: Final = ("available", "not_available", "undetermined")
WAYS: Final = tuple(
    dict.fromkeys((*OF_RULES, *OF_CONSEQUENCES, "taken", "refused", *OF_DUTIES, "available", "not_available"))
)


@frozen
class Covered:
    """One thing of a policy: in how many cases it was seen in each way; None for a way in which it cannot be."""

    sort: str
    name: str
    title: str
    counts: dict[str, int | None]

    @property
    def never(self) -> tuple[str, ...]:
        """The ways in which it was never seen and could be."""
        return tuple(way for way, count in self.counts.items() if count == 0)


def coverage(results: Iterable[CaseResult], policy: core.Core) -> list[Covered]:
    """Everything in the policy, sort by sort: rules, classes, consequences, and what is on its pathways.

    What an amendment changed is a thing of its own, called by its first day as well; what it left as it was is seen in
    the cases before and after.
    """
    results = list(results)
    found = _covered([_told_of(result, policy) for result in results], policy)
    amended = {_counting(result.policy): result.policy for result in results}
    for counting, core_then in sorted(amended.items()):
        those = [result for result in results if _counting(result.policy) == counting]
        new = [item for item in _covered(those, core_then) if counting and _is_new(item, core_then, policy)]
        found += [evolve(item, name=f"{item.name} [from {counting[-1][0]}]") for item in new]
    return found


def _counting(policy: core.Core) -> tuple[tuple[str, str], ...]:
    """The amendments that count, by their first days."""
    return tuple((str(item.first), item.title) for item in policy.amendments if item.counts)


def _is_new(item: Covered, now: core.Core, before: core.Core) -> bool:
    """Whether a thing is another, or was not there, before an amendment."""
    if item.sort == "consequence":
        return item.name not in {_named(other) for other in before.consequences}
    if item.sort == "class":
        name, _, label = item.name.rpartition(".")
        return _class(now, name, label) != _class(before, name, label)
    return item.name in now.rules and now.rules[item.name] != before.rules.get(item.name)


def _class(policy: core.Core, name: str, label: str) -> object:
    found = policy.classifications.get(name)
    return None if found is None else next((c for c in found.classes if c.label == label), label == UNMATCHED)


def _told_of(result: CaseResult, policy: core.Core) -> CaseResult:
    """What a case has shown of the policy as it was before amendments."""
    now = result.policy
    if now.rules is policy.rules or not _counting(now):
        return result
    seen = {
        (sort, name): ways
        for (sort, name), ways in result.seen.items()
        if not _is_new(Covered(sort, name, "", {}), now, policy)
    }
    places = {_named(item): number for number, item in enumerate(policy.consequences)}
    names = {number: _named(item) for number, item in enumerate(now.consequences)}
    consequences = {places[names[n]]: way for n, way in result.consequences.items() if names[n] in places}
    return evolve(result, seen=seen, consequences=consequences)


def _named(item: core.Consequence) -> str:
    when = f", {item.when}" if item.when else ""
    return f"{item.rule}: {item.bearer} {item.modality.replace('_', ' ')} {item.action}{when}"


def _covered(results: list[CaseResult], policy: core.Core) -> list[Covered]:
    """Everything in a policy as it stands, as some cases have seen it."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    following: dict[int, Counter[str]] = {}
    for result in results:
        for key, ways in result.seen.items():
            counts.setdefault(key, Counter()).update(ways)
        for number, way in result.consequences.items():
            following.setdefault(number, Counter())[way] += 1
    found = [
        Covered(sort, name, title, {way: None if way in cannot else counts.get((sort, name), Counter())[way] for way in OF_RULES})
        for sort, name, title, cannot in _things(policy)
    ]  # fmt: skip
    return [*found, *_consequences(policy, following), *_on_pathways(policy, counts)]


def _on_pathways(policy: core.Core, counts: Mapping[tuple[str, str], Counter[str]]) -> Iterator[Covered]:
    """Moves, time-outs, duties and powers, sort by sort; None for a way in which one cannot be seen."""
    able = _Able(policy)
    found = [
        *_moves(policy, able),
        *(
            ("duty", item.line.id, item.line.title, _of_duty(item.line))
            for item in held(policy)
            if isinstance(item.line, PathwayDuty) and item.sort == "duty"
        ),
        *(
            ("power", item.line.id, item.line.title, _of_power(item.line, able))
            for item in held(policy)
            if isinstance(item.line, Power)
        ),
    ]
    ways = {"move": OF_MOVES, "time-out": OF_MOVES, "duty": OF_DUTIES, "power": OF_POWERS}
    for sort, name, title, cannot in sorted(dict.fromkeys(found), key=lambda item: list(ways).index(item[0])):
        seen = counts.get((sort, name), Counter())
        yield Covered(sort, name, title, {way: None if way in cannot else seen[way] for way in ways[sort]})


def _moves(policy: core.Core, able: "_Able") -> Iterator[tuple[str, str, str, frozenset[str]]]:
    for pathway in policy.pathways.values():
        for way in ways_of(pathway):
            open_ = way.by.condition is not None and able.be_unknown_in_a_case(way.by.condition)
            title = way.by.event if not isinstance(way.by, TimeOut) else "time has passed"
            title = policy.events[title].title if title in policy.events else title
            yield *way.key, title, frozenset() if open_ else frozenset({"undetermined"})


def _of_duty(duty: PathwayDuty) -> frozenset[str]:
    """How a duty cannot be seen: no event meets it, or it has no last day."""
    unmet = set() if duty.met_by else {"met"}
    return frozenset(unmet | (set() if duty.deadline is not None else {"breached"}))


def _of_power(power: Power, able: "_Able") -> frozenset[str]:
    asked = [power.condition, *(need.condition for need in power.requirements if need.binding)]
    open_ = any(condition is not None and able.be_unknown_in_a_case(condition) for condition in asked)
    return frozenset() if open_ else frozenset({"undetermined"})


def _things(policy: core.Core) -> Iterator[tuple[str, str, str, set[str]]]:
    """Rules and classes, each sort together: sort, name, title, and the ways in which it cannot be seen.

    Those of a policy that this one uses are left out: they have scenarios beside them.
    """
    able = _Able(policy)
    asked = _asked_by_pathways_alone(policy)
    own = [rule for rule in policy.rules.values() if not _used(rule)]
    for sort in dict.fromkeys(rule.sort for rule in own):
        for rule in own:
            if rule.sort == sort:
                cannot = set() if able.not_apply(rule.condition) else {"not_applicable"}
                yield sort, rule.id, rule.title, cannot | ({"deciding"} if rule.id in asked else set())
    for classification in policy.classifications.values():
        if "." in classification.id:
            continue
        cannot = {"not_applicable"} if classification.guard is None else set()
        for described in classification.classes:
            yield "class", f"{classification.id}.{described.label}", described.title, cannot
        yield "class", f"{classification.id}.{UNMATCHED}", f"{classification.title}: no class describes it", cannot


def _asked_by_pathways_alone(policy: core.Core) -> set[str]:
    """The facts that pathways ask for and no other rule does: no decision is because of them."""
    read, asked = Reads(policy, follow=False), Reads(policy)
    for rule in policy.rules.values():
        read.condition(rule.condition)
    for state in (state for pathway in policy.pathways.values() for state in pathway.states.values()):
        for condition in conditions_of(state):
            asked.condition(condition)
    told = {item.rule for item in policy.consequences}
    facts = {name for name, rule in policy.rules.items() if rule.sort == "fact"}
    return (facts & set(asked.rules)) - set(read.rules) - told


def _used(rule: core.Rule) -> bool:
    """Whether a rule is of a policy that is used: it stands under the id of that one."""
    declared = rule.id.partition("[")[0]
    return "." in (declared.rpartition(".")[0] if rule.sort == "clause" else declared)


def _consequences(policy: core.Core, following: Mapping[int, Counter[str]]) -> Iterator[Covered]:
    able = _Able(policy)
    for number, item in enumerate(policy.consequences):
        seen = following.get(number, Counter())
        counts: dict[str, int | None] = {"following": seen["following"], "possible": seen["possible"]}
        if not able.be_open(item.condition):
            counts["possible"] = None
        yield Covered("consequence", _named(item), item.title, counts)


class _Able:
    """What can become of conditions, as far as their form tells."""

    def __init__(self, policy: core.Core) -> None:
        self.policy = policy
        self._known: dict[str, bool] = {}

    def not_apply(self, condition: core.Condition) -> bool:
        """Whether it can be that a condition does not apply."""
        match condition:
            case core.Guarded():
                return True
            case core.Listed(items=items):
                return all(self.not_apply(item) for item in items)
            case core.Unless(body=body):
                return self.not_apply(body)
            case core.OutcomeIs(classification=name):
                return self.policy.classifications[name].guard is not None
            case core.RuleHolds(rule=rule):
                if rule not in self._known:
                    self._known[rule] = False
                    self._known[rule] = self.not_apply(self.policy.rules[rule].condition)
                return self._known[rule]
            case _:
                return any(self.not_apply(inner) for inner in inner_conditions(condition))

    def be_open(self, condition: core.Condition) -> bool:
        """Whether missing evidence can leave a condition open: what follows whatever the outcome never is."""
        if isinstance(condition, core.OutcomeIs):
            classification = self.policy.classifications[condition.classification]
            every = {UNMATCHED, *(described.label for described in classification.classes)}
            return classification.guard is not None or set(condition.outcomes) != every
        inner = inner_conditions(condition)
        return any(self.be_open(item) for item in inner) if inner else True

    def be_unknown_in_a_case(self, condition: core.Condition) -> bool:
        """Whether missing evidence can leave a condition of a pathway open; a history always tells what happened."""
        reads = Reads(self.policy).condition(condition)
        told = all(path.startswith(f"{core.HAPPENED}.") for path in reads.paths)
        return not told or bool(reads.classifications or reads.definitions or reads.figures)


def totals(covered: Iterable[Covered]) -> dict[str, tuple[int, int]]:
    """For each way: of how many things it was seen, and of how many it could be."""
    found = {way: [0, 0] for way in WAYS}
    for thing in covered:
        for way, count in thing.counts.items():
            if count is not None:
                found[way][0] += count > 0
                found[way][1] += 1
    return {way: (seen, able) for way, (seen, able) in found.items()}


def gaps(covered: Iterable[Covered], required: Iterable[str]) -> list[tuple[Covered, tuple[str, ...]]]:
    """What was never seen in some of the required ways, and in which of them."""
    wanted = set(required)
    found = [(thing, tuple(way for way in thing.never if way in wanted)) for thing in covered]
    return [(thing, ways) for thing, ways in found if ways]
