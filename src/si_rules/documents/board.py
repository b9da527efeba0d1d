"""The summary of a cohort's decisions for a board: counted as they come, with limits where something is open.

What is not determined is never shared out. Of each class the summary says how many are certainly in it and how many
at most; the same once more with the moderated outcomes in place of those of the rules, which stay beside them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import define, field, frozen

from si_rules.decisions.account import Account, Follow, Following, ValueAccount
from si_rules.decisions.as_json import plain
from si_rules.decisions.decision import ClassificationResult, CohortIdentity, Decision, ValueResult
from si_rules.decisions.moderation import Standing
from si_rules.decisions.moderation_telling import ModerationAccount, moderated
from si_rules.decisions.telling import cited
from si_rules.documents import as_html, as_markdown
from si_rules.documents.board_page import TITLE, board_blocks, board_document
from si_rules.documents.board_values import (
    BoardSummary,
    ClassificationCount,
    Count,
    DutyCount,
    FigureSummary,
    MissingCount,
    Moderated,
    OutcomeCount,
    TriggerCount,
)
from si_rules.documents.cohort_rules import CohortRules
from si_rules.documents.decision_blocks import decided
from si_rules.documents.following import following
from si_rules.evidence.readers import Refusal
from si_rules.policy import Policy
from si_rules.semantics.audiences import PUBLIC, may_see
from si_rules.semantics.core import UNMATCHED, Classification, Core, Rule

NOT_APPLICABLE: Final = "not_applicable"
MOST_MISSING: Final = 20
_Duty = tuple[str, str, str, str, str | None, bool]


@frozen
class _Seen:
    """What is kept of a decision: its results, what they say, why they are not exact, the truths of its triggers, and
    what was moderated.
    """

    results: Mapping[str, ClassificationResult]
    said: Mapping[str, str]
    doubts: Mapping[str, tuple[str, ...]]
    triggers: Mapping[str, str]
    moderated: Mapping[str, ModerationAccount]


def _roles(roles: Iterable[str]) -> frozenset[str]:
    return frozenset(roles) or frozenset({PUBLIC})


@define
class Board:
    """Counts decisions under one policy, for some roles, as they come; `summary` gives what they come to.

    The decisions are those made for these roles, so the summary says no more than they may see.
    """

    source: Policy = field(repr=False)
    roles: frozenset[str] = field(converter=_roles)
    _seen: list[_Seen] = field(factory=list)
    _decided: str = ""
    _dates: tuple[str, str] | None = None
    _cohort: CohortIdentity | None = None
    _values: dict[str, dict[tuple[ValueResult, ValueAccount], None]] = field(factory=dict)
    _duties: dict[_Duty, list[int]] = field(factory=dict)
    _moderations: list[Moderated] = field(factory=list)
    _missing: Counter[str] = field(factory=Counter)
    _asked: dict[str, str] = field(factory=dict)
    _rules: CohortRules = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._rules = CohortRules(self.policy)

    @property
    def policy(self) -> Core:
        """What the policy means."""
        return self.source.core

    def add(self, decision: Decision, standing: Mapping[str, Standing] | None = None,
            account: Account | None = None) -> None:  # fmt: skip
        """Count a decision with the moderations of it that stand; `account` is its account, where it is at hand.

        Raises ValueError for a decision that was made for others than the board.
        """
        if decision.audience != tuple(sorted(self.roles)):
            made, wanted = ", ".join(decision.audience), ", ".join(sorted(self.roles))
            raise ValueError(f"this decision was made for {made}, and the board is {wanted}")
        account = account or decision.account()
        self._take(decision, account, standing or {})

    def _take(self, decision: Decision, account: Account, standing: Mapping[str, Standing]) -> None:
        told = moderated(account, standing, self.roles)
        if self._dates is None:
            self._dates = str(decision.on), str(decision.known_at)
            self._decided, self._cohort = decided(account), decision.cohort
        said = {found.id: found.said for found in account.classifications}
        triggers = {item.id: item.status for item in decision.triggers}
        doubts = {found.id: found.doubts for found in account.classifications}
        self._seen.append(_Seen(decision.classifications, said, doubts, triggers, told))
        self._moderations += [Moderated(account.subject.id, account.subject.name, item) for item in told.values()]
        self._take_values(decision, account)
        self._take_duties(decision, account, told)
        matters = {asked.path: asked.text for found in account.classifications for asked in found.matters}
        self._missing.update(matters.keys())
        self._asked.update(matters)

    def _take_values(self, decision: Decision, account: Account) -> None:
        for result, told in zip(
            (*decision.figures, *decision.values), (*account.figures, *account.worked_out), strict=True
        ):
            found = self._values.setdefault(result.id, {})
            if result.status != NOT_APPLICABLE and len(found) < 2:  # two that differ: it is not of the cohort
                found[result, told] = None

    def _take_duties(self, decision: Decision, account: Account, told: Mapping[str, ModerationAccount]) -> None:
        by_rules = Following(account.follows, account.may_follow)
        for place, then in ((0, by_rules), (2, following(decision, account, told))):
            certain = dict.fromkeys(self._duty(item) for item in then.follows if item.sort == "duty")
            groups = (item for group in then.may_follow for item, _ in group.follows if item.sort == "duty")
            for duty in dict.fromkeys([*certain, *map(self._duty, groups)]):
                counts = self._duties.setdefault(duty, [0, 0, 0, 0])
                counts[place] += duty in certain
                counts[place + 1] += 1

    def _duty(self, item: Follow) -> _Duty:
        once = all(self._rules.brings(rule) for rule in item.rule.split(", "))
        return item.bearer, item.bearer_title, item.action, item.title, item.when, once

    def summary(self, refused: Iterable[Refusal] = ()) -> BoardSummary:
        """What the decisions come to."""
        policy, rules = self.policy, self._rules
        on, known_at = self._dates or (None, None)
        shown = [found for found in policy.classifications.values() if may_see(self.roles, found.audience)]
        triggers = [r for r in policy.rules.values() if r.sort == "trigger" and may_see(self.roles, r.audience)]
        return BoardSummary(
            (policy.id, policy.edition, policy.title, self.source.digest),
            self._decided,
            on,
            known_at,
            tuple(sorted(self.roles)),
            (policy.vocabulary.noun, policy.vocabulary.plural),
            self._cohort,
            len(self._seen),
            tuple(_classification(found, self._seen, rules) for found in shown),
            tuple(self._figures(rules)),
            tuple(_trigger(found, self._seen, rules) for found in triggers),
            tuple(self._duty_counts()),
            tuple(self._moderations),
            tuple(self._most_missing()),
            tuple(refused),
        )

    def to_markdown(self, refused: Iterable[Refusal] = ()) -> str:
        """The summary as Markdown."""
        return as_markdown.markdown(board_blocks(self.summary(refused)))

    def to_html(self, refused: Iterable[Refusal] = ()) -> str:
        """The summary as a page that needs nothing else."""
        return as_html.page(f"{TITLE}: {self.policy.title}", board_blocks(self.summary(refused)))

    def to_dict(self, refused: Iterable[Refusal] = ()) -> dict[str, Any]:
        """The summary in its published JSON form, `si-rules/board/1`."""
        return board_document(self.summary(refused))

    def _figures(self, rules: CohortRules) -> Iterator[FigureSummary]:
        """The figures, and the values worked out from them alone, that are the same for every member."""
        values = {found.id for found in self.policy.definitions.values()}
        for name, found in self._values.items():
            of_all = rules.value(name) if name in values else rules.figure(name)
            if len(found) == 1 and of_all:
                ((result, told),) = found
                value = None if result.value is None else plain(result.value)
                between = None if result.between is None else (plain(result.between[0]), plain(result.between[1]))
                yield FigureSummary(name, told.title, told.status, told.text, value, between, told.cites)

    def _duty_counts(self) -> Iterator[DutyCount]:
        """The duties by bearer, in the order of the policy's parties and actions."""
        bearers = list(self.policy.parties)
        actions = {item.action: place for place, item in reversed(list(enumerate(self.policy.consequences)))}
        for duty in sorted(self._duties, key=lambda d: (bearers.index(d[0]), actions[d[2]], d[4] or "")):
            numbers = (min(n, 1) if duty[-1] else n for n in self._duties[duty])
            least, most, least_after, most_after = numbers
            yield DutyCount(*duty, Count(least, most), Count(least_after, most_after))

    def _most_missing(self) -> Iterator[MissingCount]:
        found = sorted(self._missing.items(), key=lambda pair: (-pair[1], pair[0]))
        return (MissingCount(path, self._asked[path], count) for path, count in found[:MOST_MISSING])


# ---- classifications and triggers


def _classification(found: Classification, seen: list[_Seen], rules: CohortRules) -> ClassificationCount:
    results = [item.results[found.id] for item in seen]
    told = [item.moderated.get(found.id) for item in seen]
    titles = {described.label: described.title for described in found.classes}
    outcomes = []
    for outcome in (*titles, UNMATCHED, NOT_APPLICABLE):
        by_rules = _total(_stands(outcome, r) for r in results)
        after = _total(_stands_after(outcome, r, t) for r, t in zip(results, told, strict=True))
        if by_rules.most or after.most or outcome in titles:
            outcomes.append(OutcomeCount(outcome, titles.get(outcome), by_rules, after))
    said = {item.said[found.id] for item, r in zip(seen, results, strict=True) if r.status != NOT_APPLICABLE}
    of_all = said.pop() if len(said) == 1 and rules.classification(found.id) else None
    statuses = Counter(r.status for r in results)
    order = ("determined", "undetermined", UNMATCHED, NOT_APPLICABLE)
    return ClassificationCount(
        found.id,
        found.title,
        cited(found.cites),
        {status: statuses[status] for status in order},
        tuple(outcomes),
        sum(t is not None for t in told),
        sum(t is not None and t.changed for t in told),
        all(r.exact for r in results),
        tuple(dict.fromkeys(doubt for item in seen for doubt in item.doubts[found.id])),
        of_all,
    )


def _stands(outcome: str, result: ClassificationResult) -> tuple[bool, bool]:
    """Whether a result certainly has an outcome, and whether it may have. Where classes stand together, each counts."""
    standing = dict(result.standing).get(outcome)
    if standing is not None:
        return standing == "holds", standing in ("holds", "undetermined")
    certain = None if result.status == "undetermined" else result.outcome or result.status
    return certain == outcome, outcome in (result.possible or (NOT_APPLICABLE,))


def _stands_after(outcome: str, result: ClassificationResult, told: ModerationAccount | None) -> tuple[bool, bool]:
    """The same with the moderated class in place of that of the rules; what stands beside it goes on to stand."""
    if told is None:
        return _stands(outcome, result)
    if outcome == told.outcome:
        return True, True
    beside = bool(result.standing) and outcome != result.outcome
    return _stands(outcome, result) if beside else (False, False)


def _total(found: Iterable[tuple[bool, bool]]) -> Count:
    least = most = 0
    for certain, possible in found:
        least += certain
        most += possible
    return Count(least, most)


def _trigger(found: Rule, seen: list[_Seen], rules: CohortRules) -> TriggerCount:
    statuses = Counter(item.triggers[found.id] for item in seen)
    order = ("holds", "undetermined", "does_not_hold", NOT_APPLICABLE)
    said = {status for status in statuses if status != NOT_APPLICABLE}
    of_all = said.pop() if len(said) == 1 and rules.rule(found.id) else None
    return TriggerCount(found.id, found.title, cited(found.cites), {s: statuses[s] for s in order}, of_all)
