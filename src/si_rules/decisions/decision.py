"""The decision: what the policy says of one subject on one date, as frozen values."""

import datetime
from typing import Any, Protocol

from attrs import field, frozen

from si_rules.decisions.account import Account, Following
from si_rules.decisions.question import Question
from si_rules.decisions.steps import Explanation
from si_rules.evaluation.completions import Doubt as Doubt
from si_rules.evaluation.settling import Needs
from si_rules.evaluation.special import Special as Special
from si_rules.semantics.audiences import Audience
from si_rules.semantics.core import Amendment, Citation
from si_rules.semantics.facts import CohortIdentity as CohortIdentity, Ignored, Value
from si_rules.semantics.kinds import Kind
from si_rules.source.canonical import digest


@frozen
class PolicyIdentity:
    """Which policy text decided: id, edition, digest of its files, in-force period, whether used *as if*, and the
    amendments that counted.
    """

    id: str
    edition: str
    digest: str
    in_force: tuple[datetime.date, datetime.date]
    as_if: bool
    amendments: tuple[Amendment, ...] = ()


@frozen
class Subject:
    """Who was decided about."""

    kind: str
    id: str
    label: str | None


@frozen
class ClassificationResult:
    """The outcome of a classification.

    `status` is determined, undetermined, unmatched or not_applicable. `possible` are the outcomes that
    some completion of the missing evidence gives, the least serious first and `unmatched` last; where
    `exact` is false it may hold too many, never too few. `because` are the clauses that hold;
    `settled_by` says `every completion` where no clause holds by itself and yet only one outcome is possible.
    Where all classes that hold stand together, `standing` says of each whether it holds, does_not_hold or
    is undetermined; the outcome is the headline. `doubts` say why it is not exact.
    """

    status: str
    outcome: str | None
    rank: int | None
    title: str | None
    possible: tuple[str, ...]
    exact: bool
    because: tuple[str, ...]
    settled_by: str | None
    standing: tuple[tuple[str, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()


@frozen
class TriggerResult:
    """A trigger: holds, does_not_hold, undetermined or not_applicable."""

    id: str
    status: str
    title: str
    cites: tuple[Citation, ...]


@frozen
class ValueResult:
    """A value the policy defines: known, undetermined, none or not_applicable.

    `possible` are the values it may still have, where they can be listed: in the order of their scale, numbers and
    dates ascending; at the end `Special`, that there is none or that it does not apply. `between` are the limits of a
    figure that is not known of every member of its cohort.
    """

    id: str
    title: str
    kind: Kind
    cites: tuple[Citation, ...]
    status: str
    value: Value | None
    possible: tuple[Value | Special, ...]
    between: tuple[Value, Value] | None = None


@frozen
class ConsequenceResult:
    """What follows, or may.

    Of a possible one `hangs_on` says on which outcomes or which rule it hangs, and `matters` which missing
    data can still change whether it follows.
    """

    modality: str
    bearer: str
    action: str
    title: str
    when: str | None
    audience: Audience
    rule: str
    cites: tuple[Citation, ...]
    hangs_on: tuple[tuple[str, tuple[str, ...]], ...] = ()
    matters: tuple[str, ...] = ()


@frozen
class OutcomeNeeds:
    """What an undetermined classification still needs."""

    outcome_of: str
    needs: Needs


@frozen
class NearMiss:
    """One leaf, known not to hold, whose flip alone would make a class hold."""

    outcome_of: str
    outcome: str
    short_of: str


class Kept(Protocol):
    """What a decision keeps to explain itself and to be seen by an audience."""

    def explain(self, decision: "Decision") -> Explanation:
        """See `Decision.explain`."""

    def account(self, decision: "Decision") -> Account:
        """See `Decision.account`."""

    def brought_by(self, decision: "Decision", classification: str, outcome: str) -> Following:
        """See `Decision.brought_by`."""

    def narrowed_to(self, decision: "Decision", roles: frozenset[str]) -> "Decision":
        """See `Decision.for_audience`."""

    def to_dict(self, decision: "Decision", explained: bool) -> dict[str, Any]:
        """See `Decision.to_dict`."""

    def to_json(self, decision: "Decision", explained: bool, indent: int | None) -> str:
        """See `Decision.to_json`."""

    def to_text(self, decision: "Decision", explained: bool) -> str:
        """See `Decision.to_text`."""

    def questions(self, decision: "Decision") -> tuple[Question, ...]:
        """See `Decision.questions`."""

    def truths_of(self, decision: "Decision") -> dict[str, str]:
        """The truth of each rule that the decision's audience may see, in the order of the policy."""


@frozen
class Decision:
    """A decision on one subject. Made by `Policy.decide`; the same inputs give an equal decision on every machine.

    `truths` are those of the policy's rules in their order, for whoever keeps a decision; `Kept.truths_of` names them.
    """

    policy: PolicyIdentity
    vocabulary: tuple[str, str]
    subject: Subject
    on: datetime.date
    known_at: datetime.date
    audience: tuple[str, ...]
    evidence_digest: str
    classifications: dict[str, ClassificationResult]
    triggers: tuple[TriggerResult, ...]
    consequences: tuple[ConsequenceResult, ...]
    possible_consequences: tuple[ConsequenceResult, ...]
    needs: tuple[OutcomeNeeds, ...]
    near_misses: tuple[NearMiss, ...]
    rests_on: tuple[str, ...]
    ignored_evidence: tuple[Ignored, ...]
    cohort: CohortIdentity | None = None
    values: tuple[ValueResult, ...] = ()
    figures: tuple[ValueResult, ...] = ()
    truths: tuple[str, ...] = field(default=(), eq=False, repr=False, kw_only=True)
    kept: Kept = field(eq=False, repr=False, kw_only=True)

    def explain(self) -> Explanation:
        """The whole tree: every classification and trigger with its rules, truths, evidence and citations."""
        return self.kept.explain(self)

    def for_audience(self, roles: set[str] | frozenset[str]) -> "Decision":
        """The decision as these roles may see it: made from what they may see, as if nothing else existed.

        Raises ValueError for a role the vocabulary does not declare, and for one this decision was not
        itself made for.
        """
        return self.kept.narrowed_to(self, frozenset(roles))

    def account(self) -> Account:
        """The decision in words, as values: outcomes with why and why not, what follows, what is missing."""
        return self.kept.account(self)

    def brought_by(self, classification: str, outcome: str) -> Following:
        """What the policy says follows from a class of a classification, were it the outcome: for a moderated one.

        Its groups and conditions are asked of the evidence as ever. Nothing of it is part of the decision.
        """
        return self.kept.brought_by(self, classification, outcome)

    @property
    def digest(self) -> str:
        """A digest of all that the decision says in its published form: two that say the same have the same.

        It is that of the decision for its audience: a decision for fewer people has another.
        """
        return digest(self.to_dict())

    def digest_of(self, classification: str) -> str:
        """A digest of one outcome and of what it was made from: policy, dates, audience, evidence and the result.

        The rest of the cohort does not count: another member's evidence changes it only where it changes the result.
        Raises KeyError for a classification that is not in the decision.
        """
        said = self.to_dict()
        made_from = {key: said[key] for key in ("policy", "subject", "on", "known_at", "audience", "evidence_digest")}
        return digest(
            {**made_from, "classification": classification, "result": said["classifications"][classification]}
        )

    def to_dict(self, explain: bool = False) -> dict[str, Any]:
        """The decision in the published JSON form, `si-rules/decision/1`; with `explain`, its explanation too."""
        return self.kept.to_dict(self, explain)

    def to_json(self, explain: bool = False, indent: int | None = 2) -> str:
        """The JSON text of `to_dict`, the keys in the published order."""
        return self.kept.to_json(self, explain, indent)

    def to_text(self, explain: bool = False) -> str:
        """The decision as an officer would put it before the people concerned; with `explain`, the tree."""
        return self.kept.to_text(self, explain)

    def questions(self) -> tuple[Question, ...]:
        """Every judgement of the policy that its audience may see: given, or whether an answer can still matter."""
        return self.kept.questions(self)
