"""A policy ready to decide, and what a decision keeps of it so that it can explain itself later."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeAlias

from attrs import define, evolve, field, frozen

from si_rules.decisions.account import Account, Following
from si_rules.decisions.deciding import Deciding
from si_rules.decisions.decision import Decision, PolicyIdentity
from si_rules.decisions.question import Question
from si_rules.decisions.steps import Explanation
from si_rules.decisions.view import is_released, narrowed
from si_rules.evaluation.compiled.program import NotCompiled, Program
from si_rules.evaluation.completions import MOST_NODES
from si_rules.evaluation.figures import Members, with_figures
from si_rules.evaluation.kleene import Settled, settled_by_interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evidence.data import EvidenceError
from si_rules.semantics import core
from si_rules.semantics.audiences import PUBLIC
from si_rules.semantics.facts import Facts
from si_rules.source.canonical import digest
from si_rules.source.text import EditionFile

_MOST_SITUATIONS = 64

# Gives the facts about one subject: for a policy, on a date, known at a date, as some roles may see them (None: all).
ReadFacts: TypeAlias = Callable[[core.Core, datetime.date, datetime.date, frozenset[str] | None], Facts]


@frozen
class Cohort:
    """A whole set of subjects: its name, what gives the facts about each member, and how many could not be read."""

    name: str
    members: tuple[ReadFacts, ...] = field(repr=False)
    unread: int = 0


@define
class Basis:
    """A policy ready to decide. Keeps the views of audiences and dates it has met, never a decision.

    `files` are those that went into it, for whoever keeps a decision with the text it was made by. `engine` says how the
    truths of its rules are worked out, compiled or by the interpreter: the decisions are the same, to the byte.
    """

    policy: core.Core
    digest: str
    most_nodes: int = MOST_NODES
    files: tuple[EditionFile, ...] = field(default=(), repr=False, kw_only=True)
    engine: Literal["compiled", "interpreter"] = field(default="compiled", kw_only=True)
    _views: dict[frozenset[str] | None, core.Core] = field(factory=dict)
    _situations: dict[tuple[Any, ...], Situation] = field(factory=dict)
    _programs: dict[int, Program | None] = field(factory=dict)
    _cohorts: dict[tuple[Any, ...], tuple[Cohort, Members]] = field(factory=dict)

    def situation(self, on: datetime.date, known_at: datetime.date, roles: frozenset[str] | None) -> Situation:
        """The policy as these roles may see it, at two dates."""
        key = (on, known_at, roles)
        found = self._situations.get(key)
        if found is None:
            view = self._views.get(roles)
            if view is None:
                view = self._views[roles] = self.policy if roles is None else narrowed(self.policy, roles)
            if len(self._situations) >= _MOST_SITUATIONS:
                self._situations.clear()
                self._programs.clear()
            found = self._situations[key] = Situation(view, on, known_at)
        return found

    def decide(self, read: ReadFacts, on: datetime.date, known_at: datetime.date, as_if: bool,
               roles: frozenset[str] | None = None, cohort: Cohort | None = None) -> Decision:  # fmt: skip
        """The decision for some roles, None for all of them. Raises what `read` raises."""
        situation = self.situation(on, known_at, roles)
        facts = self.facts(read, on, known_at, roles, cohort)
        policy = self.policy
        counting = tuple(item for item in policy.amendments if item.counts)
        identity = PolicyIdentity(policy.id, policy.edition, self.digest, policy.in_force, as_if, counting)
        shown_to = policy.vocabulary.audiences if roles is None else roles
        kept = Held(self, read, roles, as_if, cohort)
        return Deciding(situation, facts, self.most_nodes, self._settled(situation, facts)).decide(
            identity, shown_to, kept
        )

    def program(self, situation: Situation) -> Program:
        """The policy compiled for a situation of this basis, once. Raises `NotCompiled`."""
        found = self._programs.get(id(situation))
        if found is None:
            found = self._programs[id(situation)] = Program(situation)
        return found

    def _settled(self, situation: Situation, facts: Facts) -> Settled | None:
        """What Kleene logic settles. A policy is compiled for the second subject: for one alone it does not pay."""
        if self.engine == "interpreter":
            return settled_by_interpreter(situation, facts)
        if id(situation) not in self._programs:
            self._programs[id(situation)] = None
            return settled_by_interpreter(situation, facts)
        try:
            return self.program(situation).settled(facts)
        except NotCompiled:
            return settled_by_interpreter(situation, facts)

    def facts(self, read: ReadFacts, on: datetime.date, known_at: datetime.date,
              roles: frozenset[str] | None, cohort: Cohort | None) -> Facts:  # fmt: skip
        """The facts about one subject, with what the policy makes of the cohort and what is released to the roles."""
        situation = self.situation(on, known_at, roles)
        facts = read(situation.policy, on, known_at, roles)
        if situation.policy.figures:
            facts = with_figures(situation, facts, self._members(situation, cohort, roles))
        return facts if roles is None else self._with_released(facts, read, on, known_at, roles, cohort)

    def try_reading(self, read: ReadFacts, on: datetime.date, known_at: datetime.date,
                    roles: frozenset[str] | None) -> None:  # fmt: skip
        """Read about one subject what a decision for these roles reads of it. Raises what `read` raises."""
        views = (roles, None) if roles is not None and self._released(roles) else (roles,)
        for shown in views:
            read(self.situation(on, known_at, shown).policy, on, known_at, shown)

    def _members(self, situation: Situation, cohort: Cohort | None, roles: frozenset[str] | None) -> Members | None:
        """The members of a cohort as these roles may see them, read once."""
        if cohort is None:
            return None
        key = (id(cohort), situation.on, situation.known_at, roles)
        kept = self._cohorts.get(key)
        if kept is None:
            on, known_at = situation.on, situation.known_at
            if not cohort.members and not cohort.unread:
                raise ValueError(f"the cohort {cohort.name} has no members")
            facts = [_of_member(read, situation.policy, on, known_at, roles) for read in cohort.members]
            twice = [name for name, count in Counter(member.subject_id for member in facts).items() if count > 1]
            if twice:
                raise ValueError(f"the cohort {cohort.name} holds {twice[0]} twice")
            self._cohorts.clear()  # one cohort at a time is what a run needs
            kept = self._cohorts[key] = (cohort, Members(cohort.name, situation, facts, cohort.unread))
        return kept[1]

    def members_of(self, situation: Situation, cohort: Cohort | None, roles: frozenset[str] | None) -> frozenset[str]:
        """The ids of the members of a cohort; of none where the policy has no figures."""
        found = self._members(situation, cohort, roles) if situation.policy.figures else None
        return frozenset(member.subject_id for member in found.facts) if found else frozenset()

    def _with_released(self, facts: Facts, read: ReadFacts, on: datetime.date, known_at: datetime.date,
                       roles: frozenset[str], cohort: Cohort | None) -> Facts:  # fmt: skip
        """The facts with the truths of rules that these roles are shown without what they read."""
        names = self._released(roles)
        if not names:
            return facts
        whole = self.facts(read, on, known_at, None, cohort)
        deciding = Deciding(self.situation(on, known_at, None), whole, self.most_nodes)
        truths = {name: deciding.truth(name).value for name in names}
        shown = digest({"evidence": facts.evidence_digest, "released": truths})
        return evolve(facts, released=truths, evidence_digest=shown)

    def _released(self, roles: frozenset[str]) -> list[str]:
        """The rules that these roles are shown without what they read."""
        return [name for name, rule in self.policy.rules.items() if is_released(self.policy, rule, roles)]

    def roles(self, wanted: Iterable[str]) -> frozenset[str]:
        """Roles as a set. Raises ValueError for one that the vocabulary does not declare; `public` always is."""
        known = self.policy.vocabulary.audiences
        roles = frozenset(wanted)
        for role in sorted(roles - {PUBLIC}):
            if role not in known:
                raise ValueError(f"there is no audience {role!r}; the vocabulary has {', '.join(sorted(known))}")
        return roles


def _of_member(read: ReadFacts, policy: core.Core, on: datetime.date, known_at: datetime.date,
               roles: frozenset[str] | None) -> Facts:  # fmt: skip
    """The facts about a member. Evidence that cannot be used is said to be the member's, not the subject's."""
    try:
        return read(policy, on, known_at, roles)
    except EvidenceError as error:
        raise EvidenceError(error.path, error.reason, error.subject, of_member=True) from None


@frozen
class Held:
    """What a decision keeps so that it can explain itself and be seen by an audience."""

    basis: Basis
    read: ReadFacts = field(repr=False)
    roles: frozenset[str] | None
    as_if: bool
    cohort: Cohort | None = None

    def _facts(self, decision: Decision) -> tuple[Situation, Facts]:
        situation = self.basis.situation(decision.on, decision.known_at, self.roles)
        return situation, self.basis.facts(self.read, decision.on, decision.known_at, self.roles, self.cohort)

    def explain(self, decision: Decision) -> Explanation:
        """See `Decision.explain`."""
        from si_rules.decisions.explanation import explain  # only wanted on demand

        return explain(decision, *self._facts(decision))

    def account(self, decision: Decision) -> Account:
        """See `Decision.account`."""
        from si_rules.decisions.telling import account_of  # only wanted on demand

        return account_of(decision, *self._facts(decision))

    def brought_by(self, decision: Decision, classification: str, outcome: str) -> Following:
        """See `Decision.brought_by`."""
        from si_rules.decisions.telling import Teller  # only wanted on demand

        return Teller(decision, *self._facts(decision)).brought_by(classification, outcome)

    def narrowed_to(self, decision: Decision, roles: frozenset[str]) -> Decision:
        """See `Decision.for_audience`."""
        for role in sorted(self.basis.roles(roles)):
            if self.roles is not None and role not in self.roles and role != PUBLIC:
                raise ValueError(f"this decision was made for {', '.join(sorted(self.roles))}, not for {role!r}")
        return self.basis.decide(self.read, decision.on, decision.known_at, self.as_if, roles, self.cohort)

    def to_dict(self, decision: Decision, explained: bool) -> dict[str, Any]:
        """See `Decision.to_dict`."""
        from si_rules.decisions.as_json import as_dict  # only wanted on demand

        return as_dict(decision, decision.explain() if explained else None)

    def to_json(self, decision: Decision, explained: bool, indent: int | None) -> str:
        """See `Decision.to_json`."""
        from si_rules.decisions.as_json import as_text  # only wanted on demand

        return as_text(self.to_dict(decision, explained), indent)

    def to_text(self, decision: Decision, explained: bool) -> str:
        """See `Decision.to_text`."""
        from si_rules.decisions.as_text import written  # only wanted on demand

        situation, facts = self._facts(decision)
        return written(decision, situation, facts, explained)

    def questions(self, decision: Decision) -> tuple[Question, ...]:
        """See `Decision.questions`."""
        from si_rules.decisions.asking import questions_of  # only wanted on demand

        situation, facts = self._facts(decision)
        members = self.basis.members_of(situation, self.cohort, self.roles)
        deciding = Deciding(situation, facts, self.basis.most_nodes)
        return questions_of(deciding, decision, facts.subject_id in members)

    def truths_of(self, decision: Decision) -> dict[str, str]:
        """See `Kept.truths_of`."""
        situation = self.basis.situation(decision.on, decision.known_at, self.roles)
        return dict(zip(situation.policy.rules, decision.truths, strict=True))
