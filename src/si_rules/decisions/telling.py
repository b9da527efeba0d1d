"""From a decision to its account: every part of it put into words."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Final

from si_rules.decisions.account import (
    SORTS,
    TRUTHS,
    Account,
    Asked,
    Because,
    Beside,
    ClassAccount,
    ClassificationAccount,
    CohortAccount,
    Follow,
    Following,
    Ground,
    Interpretation,
    MayFollow,
    Near,
    NotMet,
    NotUsed,
    PolicyAccount,
    Possible,
    SubjectAccount,
    TriggerAccount,
    ValueAccount,
)
from si_rules.decisions.decision import ClassificationResult, ConsequenceResult, Decision, Doubt, ValueResult
from si_rules.decisions.explanation import GIVES_WAY, NO_EXCEPTION, Explainer
from si_rules.decisions.steps import CameTo, Explanation
from si_rules.decisions.wording import came_text, still_possible, value_text
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import HOLDS, UNDETERMINED, guarded
from si_rules.semantics import core
from si_rules.semantics.core import UNMATCHED, Citation
from si_rules.semantics.facts import Facts
from si_rules.semantics.kinds import Date, words
from si_rules.semantics.traversal import leaves_under

MODALITIES: Final = {
    "must": "must", "will": "will", "may": "may", "should": "should", "is_likely_to": "is likely to",
    "is_expected_to": "is expected to", "is_a_candidate_for": "is a candidate for:",
}  # fmt: skip


def account_of(decision: Decision, situation: Situation, facts: Facts) -> Account:
    """The account of a decision, from the situation and the facts it was made from."""
    return Teller(decision, situation, facts).account()


class Teller:
    """Puts one decision into words."""

    def __init__(self, decision: Decision, situation: Situation, facts: Facts) -> None:
        self.decision = decision
        self.policy = situation.policy
        self.explainer = Explainer(situation, facts, decision)
        self.wording = self.explainer.wording

    def account(self) -> Account:
        """The whole of it."""
        decision = self.decision
        return Account(
            self._subject(),
            self._policy(),
            decision.on,
            decision.known_at,
            decision.audience,
            decision.digest,
            self._cohort(),
            tuple(self._classification(name, result) for name, result in decision.classifications.items()),
            tuple(map(_value, decision.figures)),
            tuple(map(_value, decision.values)),
            tuple(map(self._follow, decision.consequences)),
            tuple(self._may_follow()),
            tuple(self._triggers()),
            tuple(Interpretation(name, self.policy.interpretations[name]) for name in decision.rests_on),
            tuple(NotUsed(item.path, item.reason) for item in decision.ignored_evidence),
        )

    def _subject(self) -> SubjectAccount:
        subject = self.decision.subject
        kind = words(subject.kind)
        name = f"{subject.label} ({subject.id})" if subject.label else f"{kind.capitalize()} {subject.id}"
        return SubjectAccount(kind, subject.id, subject.label, name)

    def _policy(self) -> PolicyAccount:
        found = self.decision.policy
        sources = tuple(self.policy.sources.items())
        amended = tuple(f"“{item.title}” from {day_text(item.first)}" for item in found.amendments)
        return PolicyAccount(found.id, found.edition, self.policy.title, found.in_force, found.as_if, sources, amended)

    def _cohort(self) -> CohortAccount | None:
        """The cohort, wherever the policy has figures that this audience may see."""
        if not self.policy.figures:
            return None
        noun, plural = words(self.policy.vocabulary.noun), words(self.policy.vocabulary.plural)
        found = self.decision.cohort
        if found is None:
            told = f"No cohort was given: no figure over all {plural} is known."
            return CohortAccount(None, 0, 0, False, (told,))
        told = f"Figures are over {found.name}: {found.members} {noun if found.members == 1 else plural}."
        sentences = [told]
        if found.unread:
            sentences.append(f"{found.unread} more could not be read: figures are known between limits only.")
        if not found.has_subject:
            sentences.append(f"The {noun} decided about is not among them.")
        return CohortAccount(found.name, found.members, found.unread, found.has_subject, tuple(sentences))

    # ---- classifications
    def _doubt(self, doubt: Doubt) -> str:
        """Why outcomes may be called possible that are not."""
        titles = [self.wording.title(path) for path in doubt.paths]
        match doubt.sort:
            case "figures" if self.decision.cohort is None:
                return f"“{titles[0]}” is a figure over a cohort, and no cohort was given."
            case "figures":
                return f"“{titles[0]}” is a figure over a cohort, and not known of every member."
            case "records":
                return f"what is asked of all the records is weighed as one question: {titles[0]}."
            case "released":
                return "whether a rule holds that is shown without its reasons is weighed as one question."
            case "bound":
                return "too much is missing for everything to be gone through."
            case "compared" if len(titles) > 1:
                return f"missing values are compared with each other: {'; '.join(titles)}."
            case "compared":
                return f"a comparison is weighed as one question{': ' if titles else ''}{'; '.join(titles)}."

    def _classification(self, name: str, result: ClassificationResult) -> ClassificationAccount:
        found = self.policy.classifications[name]
        needs = next((item.needs for item in self.decision.needs if item.outcome_of == name), None)
        sets = (needs.could_settle, needs.will_settle) if needs else ((), ())
        could, will = (tuple(tuple(map(self._asked, paths)) for paths in found) for found in sets)
        possible = tuple(self._possible(name, label) for label in result.possible)
        return ClassificationAccount(
            name,
            found.title,
            cited(found.cites),
            tuple(ClassAccount(item.label, item.title, cited(item.cites)) for item in found.classes),
            result.status,
            _said(result, possible),
            result.outcome,
            result.title,
            possible,
            result.exact,
            tuple(map(self._doubt, result.doubts)),
            result.settled_by is not None,
            tuple(map(self._because, result.because)),
            tuple(self._beside(name, result)),
            tuple(self._not_met(name, result)),
            could,
            will,
            tuple(map(self._asked, needs.matters)) if needs else (),
            tuple(dict.fromkeys(self._near(name, result))),
        )

    def _possible(self, name: str, label: str) -> Possible:
        titles = {item.label: item.title for item in self.policy.classifications[name].classes}
        title = titles.get(label)
        return Possible(label, title, f"{label} ({title})" if title is not None else words(label))

    def _because(self, clause: str) -> Because:
        rule = self.policy.rules[clause]
        grounds = tuple(_grounds(self.explainer.rule(clause)))
        return Because(_label(clause), rule.title, cited(rule.cites), grounds)

    def _beside(self, name: str, result: ClassificationResult) -> Iterator[Beside]:
        """What stands beside the headline."""
        titles = {item.label: item.title for item in self.policy.classifications[name].classes}
        for label, status in result.standing:
            if label != result.outcome and status != "does_not_hold":
                yield Beside(label, titles[label], status)

    def _not_met(self, name: str, result: ClassificationResult) -> Iterator[NotMet]:
        """For a settled outcome: what kept each other class from describing the subject."""
        if result.status not in ("determined", UNMATCHED):
            return
        for described in self.policy.classifications[name].classes:
            if described.label == result.outcome:
                continue
            for clause in described.clauses:
                step = self.explainer.rule(clause)
                failing = tuple(map(_short, _failing(step))) if step.truth == "does_not_hold" else ()
                if step.truth != "not_applicable":
                    yield NotMet(described.label, described.title, _label(clause), step.truth, failing)

    def _asked(self, path: str) -> Asked:
        judged = "the judgement: " if path.startswith("judgements.") else ""
        return Asked(path, f"{judged}{self.wording.title(path)}", self.wording.found(path)[1])

    def _near(self, name: str, result: ClassificationResult) -> Iterator[Near]:
        """Near misses worth telling: those of a clause of which something else does hold."""
        for miss in self.decision.near_misses:
            if miss.outcome_of != name or (
                result.outcome is not None and self._milder(name, miss.outcome, result.outcome)
            ):
                continue
            owner, _, leaf_id = miss.short_of.rpartition(".")
            if any(item.truth == "holds" for item in self.explainer.rule(owner).items):
                leaves = leaves_under(self.policy.rules[owner].condition)
                yield from (Near(miss.outcome, self.wording.leaf(leaf)) for leaf in leaves if leaf.id == leaf_id)

    def _milder(self, name: str, label: str, than: str) -> bool:
        found = self.policy.classifications[name]
        return (found.rank(label) or 0) < (found.rank(than) or 0)

    # ---- what follows
    def _follow(self, item: ConsequenceResult | core.Consequence) -> Follow:
        who = self.policy.parties[item.bearer]
        when = f", {item.when}" if item.when else ""
        sentence = f"{who[0].upper()}{who[1:]} {MODALITIES[item.modality]} {item.title}{when}."
        shown_to = () if item.audience is None else tuple(words(role) for role in sorted(item.audience))
        parts = item.modality, item.bearer, who, item.action, item.title, item.when
        return Follow(sentence, SORTS[item.modality], *parts, shown_to, cited(item.cites), item.rule)

    def _may_follow(self) -> Iterator[MayFollow]:
        """The possible consequences, those that hang on the same thing together."""
        groups: dict[str, list[ConsequenceResult]] = {}
        for item in self.decision.possible_consequences:
            head = " or ".join(self._hangs_on(item, *found) for found in item.hangs_on)
            groups.setdefault(head, []).append(item)
        for head, items in groups.items():
            yield MayFollow(head, tuple((self._follow(item), self._on_condition(item)) for item in items))

    def _on_condition(self, item: ConsequenceResult) -> str:
        """What else a possible consequence of an open outcome hangs on: a condition that a class adds to it."""
        names = [name for name, _ in item.hangs_on if name in self.policy.classifications]
        if all(self.decision.classifications[name].status == "determined" for name in names):
            return ""
        own = {rule: " and ".join(found) for rule, found in self._open_conditions(item).items()}
        if len(set(own.values())) == 1:
            (only,) = set(own.values())
            return f"Only where {only}." if only else ""
        return " ".join(f"In {rule.rpartition('.')[2]} only where {only}." for rule, only in own.items() if only)

    def brought_by(self, name: str, label: str) -> Following:
        """What a class brings, were it the outcome; its own conditions and groups are asked as ever."""
        certain: list[Follow] = []
        possible: dict[str, list[tuple[Follow, str]]] = {}
        results = self.decision.classifications
        facts, situation = self.wording.facts, self.wording.situation
        given = Interpreter(situation, facts, lambda n: (label,) if n == name else results[n].possible)
        for item in self.policy.consequences:
            if item.rule != f"{name}.{label}":
                continue
            truth, further = HOLDS, list(_further(item.condition))
            for condition in further:
                truth = guarded(truth, given.truth(condition))
            if truth is HOLDS:
                certain.append(self._follow(item))
            elif truth is UNDETERMINED:
                leaves = (leaf for condition in further for leaf in leaves_under(condition, self.policy.rules))
                open_ = dict.fromkeys(self.wording.leaf(leaf) for leaf in leaves if given.truth(leaf) is UNDETERMINED)
                possible.setdefault(" and ".join(open_), []).append((self._follow(item), ""))
        groups = (MayFollow(head, tuple(items)) for head, items in possible.items())
        return Following(tuple(certain), tuple(groups))

    def _hangs_on(self, item: ConsequenceResult, name: str, outcomes: tuple[str, ...]) -> str:
        if name not in self.policy.classifications:
            return self.policy.rules[name].title
        title = self.policy.classifications[name].title
        if self.decision.classifications[name].status == "determined":
            found = (leaf for leaves in self._open_conditions(item).values() for leaf in leaves)
            return " and ".join(dict.fromkeys(found))
        return f"the {title} is {' or '.join(words(outcome) for outcome in outcomes)}"

    def _open_conditions(self, item: ConsequenceResult) -> dict[str, list[str]]:
        """What is not known of the conditions that a consequence adds to its outcome, by rule."""
        found: dict[str, list[str]] = {}
        for written in self.policy.consequences:
            if written.rule in item.rule.split(", ") and (written.bearer, written.action) == (item.bearer, item.action):
                leaves = leaves_under(written.condition, self.policy.rules)
                open_ = [leaf for leaf in leaves if self.explainer.interpreter.truth(leaf) is UNDETERMINED]
                found[written.rule] = list(dict.fromkeys(self.wording.leaf(leaf) for leaf in open_))
        return found

    def _triggers(self) -> Iterator[TriggerAccount]:
        """The triggers, those that hold first."""
        for status in ("holds", "undetermined", "does_not_hold", "not_applicable"):
            for item in self.decision.triggers:
                if item.status == status:
                    grounds = tuple(_grounds(self.explainer.rule(item.id))) if status == "holds" else ()
                    yield TriggerAccount(item.id, item.title, status, cited(item.cites), grounds)


# ---- parts


def _further(condition: core.Condition) -> Iterator[core.Condition]:
    """What a consequence asks beside the outcome that brings it, in the order written."""
    if isinstance(condition, core.Guarded):
        yield from _further(condition.guard)
        yield condition.body


def _said(result: ClassificationResult, possible: tuple[Possible, ...]) -> str:
    match result.status:
        case "determined":
            return f"{result.outcome}, {result.title}"
        case "undetermined":
            return f"not determined; still possible: {'; '.join(item.text for item in possible)}"
        case "unmatched":
            return "none: all that matters is known, and no class describes it"
        case _:
            return "does not apply"


def _value(item: ValueResult) -> ValueAccount:
    came = CameTo(item.kind, item.status, item.value, item.possible, item.between)
    return ValueAccount(item.id, item.title, item.status, came_text(came), cited(item.cites))


def _grounds(step: Explanation) -> Iterator[Ground]:
    """The steps under one that hold, and what they were met with."""
    for item in step.items:
        if item.truth != "holds":
            continue
        if item.evidence or item.values:
            yield Ground(item.text, found_in(item), "", ())
        else:
            yield Ground(item.text, "", cited(item.cites) if item.rule else "", tuple(_grounds(item)))


def found_in(step: Explanation) -> str:
    """What a step was met with: what was worked out for it, else each datum with where it comes from, or nothing."""
    if step.values:
        return ", against ".join(map(came_text, step.values))
    return "; ".join(data_in(step))


def data_in(step: Explanation, alone: bool = True) -> Iterator[str]:
    """The data that a step reads itself, each with where it comes from; where it is `alone`, one without its title."""
    for used in step.evidence:
        what = used.value if used.value is not None else used.missing
        source = f" ({used.provenance})" if used.provenance else ""
        label = "" if alone and len(step.evidence) == 1 else f"{used.title}: "
        yield f"{label}{what}{source}"


def state_in(step: Explanation) -> str:
    """How it is with a step: of a value what it came to; of a condition its truth, and what was found."""
    found = found_in(step)
    if step.is_value:
        return found
    mark = TRUTHS.get(step.truth, step.truth)
    if step.truth == "undetermined" and step.values and step.values[0].status == "undetermined":
        may_be = still_possible(step.values[0])
        return f"{mark} — still possible: {may_be}" if may_be else mark
    return f"{mark} — found: {found}" if found else mark


def _failing(step: Explanation) -> Iterator[Explanation]:
    """The leaves that do not hold and so keep a step from holding."""
    for item in step.items:
        if item.truth == "does_not_hold":
            whole = (
                item.evidence or item.values or not item.items or GIVES_WAY in item.text or NO_EXCEPTION in item.text
            )
            yield from ([item] if whole else _failing(item))


def _short(step: Explanation) -> str:
    if step.text.startswith(NO_EXCEPTION):  # which failed: so an exception does hold
        return step.text.replace(NO_EXCEPTION, "an exception holds", 1)
    found = "; ".join(used.value or used.missing or "" for used in step.evidence)
    if step.values:
        found = found_in(step)
    return f"{step.text} (found: {found})" if found else step.text


def _label(clause: str) -> str:
    return f"clause {clause.rpartition('.')[2]}"


def cited(cites: Iterable[Citation]) -> str:
    """Citations in one text: `SIS 6 Category 4, Criteria`."""
    return "; ".join(f"{cite.source} {cite.place}" for cite in cites)


def day_text(day: datetime.date) -> str:
    """A day as people read it: `4 November 2015`."""
    return value_text(day, Date())
