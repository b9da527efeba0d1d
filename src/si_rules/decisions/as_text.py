"""The decision as text that an officer would put before a headteacher."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Final

from si_rules.decisions.decision import ClassificationResult, ConsequenceResult, Decision
from si_rules.decisions.explanation import GIVES_WAY, NO_EXCEPTION, Explainer, explain
from si_rules.decisions.steps import Explanation
from si_rules.decisions.wording import value_text
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import UNDETERMINED
from si_rules.semantics.core import UNMATCHED, Citation
from si_rules.semantics.facts import Facts
from si_rules.semantics.kinds import Date, words
from si_rules.semantics.traversal import leaves_under

_MARKS: Final = {
    "holds": "holds", "does_not_hold": "does not hold", "undetermined": "not known", "not_applicable": "does not apply",
}  # fmt: skip
_MODALITIES: Final = {
    "must": "must", "will": "will", "may": "may", "should": "should", "is_likely_to": "is likely to",
    "is_expected_to": "is expected to", "is_a_candidate_for": "is a candidate for:",
}  # fmt: skip


def written(decision: Decision, situation: Situation, facts: Facts, explained: bool) -> str:
    """The whole text, ending in a newline. Parts with nothing to say are left out."""
    return "\n".join(_Writer(decision, situation, facts).lines(explained)) + "\n"


class _Writer:
    def __init__(self, decision: Decision, situation: Situation, facts: Facts) -> None:
        self.decision = decision
        self.policy = situation.policy
        self.situation = situation
        self.facts = facts
        self.explainer = Explainer(situation, facts, decision)
        self.wording = self.explainer.wording

    def lines(self, explained: bool) -> Iterator[str]:
        yield from self._head()
        for name, result in self.decision.classifications.items():
            yield ""
            yield from self._classification(name, result)
        yield from self._section("Values worked out", self._values())
        yield from self._section("What follows", (self._consequence(c) for c in self.decision.consequences))
        yield from self._section("What may follow", self._possible())
        yield from self._section("Triggers of concern", self._triggers())
        yield from self._section("Interpretations this rests on", self._interpretations())
        ignored = (f"{item.path}: {item.reason}" for item in self.decision.ignored_evidence)
        yield from self._section("Evidence not used", ignored)
        if explained:
            yield ""
            yield "The whole explanation"
            yield from _tree(explain(self.decision, self.situation, self.facts), 1)

    def _head(self) -> Iterator[str]:
        decision, policy = self.decision, self.decision.policy
        subject = decision.subject
        name = (
            f"{subject.label} ({subject.id})" if subject.label else f"{words(subject.kind).capitalize()} {subject.id}"
        )
        yield name
        yield "=" * len(name)
        on, known = _day(decision.on), _day(decision.known_at)
        knowing = "" if decision.on == decision.known_at else f", with what was known on {known}"
        yield f"Decided on {on}{knowing}, under {self.policy.title} ({policy.id} {policy.edition})."
        if policy.as_if:
            first, last = (_day(day) for day in policy.in_force)
            yield f"The policy is in force from {first} to {last}; this is what it would have said."

    # ---- classifications
    def _classification(self, name: str, result: ClassificationResult) -> Iterator[str]:
        found = self.policy.classifications[name]
        titles = {item.label: item.title for item in found.classes}
        match result.status:
            case "determined":
                yield f"{found.title}: {result.outcome}, {result.title}"
                yield from self._standing(name, result)
                if result.settled_by:
                    yield f"  Whatever the missing evidence turns out to be, the outcome is {result.outcome}."
                for clause in result.because:
                    yield from self._because(clause)
            case "undetermined":
                shown = [f"{label} ({titles[label]})" if label in titles else words(label) for label in result.possible]
                yield f"{found.title}: not determined. Still possible: {'; '.join(shown)}"
                if not result.exact:
                    yield "  Some of these may turn out not to be possible: two missing figures are compared."
            case "unmatched":
                yield f"{found.title}: none. All that matters is known, and no class describes it."
            case _:
                yield f"{found.title}: does not apply."
        yield from self._not_met(name, result)
        yield from self._needed(name)
        yield from self._near(name, result)

    def _standing(self, name: str, result: ClassificationResult) -> Iterator[str]:
        """What stands beside the headline."""
        titles = {item.label: item.title for item in self.policy.classifications[name].classes}
        for label, status in result.standing:
            if label != result.outcome and status != "does_not_hold":
                yield f"  {'Beside it' if status == 'holds' else 'Perhaps beside it'}: {label}, {titles[label]}"

    def _because(self, clause: str) -> Iterator[str]:
        rule = self.policy.rules[clause]
        yield f"  Because {_label(clause)} holds: {rule.title} [{_cited(rule.cites)}]"
        yield from self._met(self.explainer.rule(clause), "holds", 2)

    def _met(self, step: Explanation, truth: str, depth: int) -> Iterator[str]:
        """The steps of one truth and what they were met with."""
        for item in step.items:
            if item.truth != truth:
                continue
            if item.evidence:
                yield f"{'  ' * depth}- {item.text}{_with(item)}"
            else:
                cites = f" [{_cited(item.cites)}]" if item.rule and item.cites else ""
                yield f"{'  ' * depth}- {item.text}{cites}"
                yield from self._met(item, truth, depth + 1)

    def _not_met(self, name: str, result: ClassificationResult) -> Iterator[str]:
        """For a settled outcome: what kept each other class from describing the subject."""
        if result.status not in ("determined", UNMATCHED):
            return
        lines: list[str] = []
        for described in self.policy.classifications[name].classes:
            if described.label == result.outcome:
                continue
            for clause in described.clauses:
                step = self.explainer.rule(clause)
                if step.truth == "does_not_hold":
                    lines.append(f"    - {described.label} ({described.title}), {_label(clause)}:")
                    lines += [f"        {_short(item)}" for item in _failing(step)]
                elif step.truth == "undetermined":
                    lines.append(
                        f"    - {described.label} ({described.title}), {_label(clause)}: not known, and it makes no difference"
                    )
                elif step.truth == "holds":
                    lines.append(
                        f"    - {described.label} ({described.title}), {_label(clause)}: holds too; the more serious stands"
                    )
        if lines:
            yield "  What was not met:"
            yield from lines

    def _needed(self, name: str) -> Iterator[str]:
        for item in self.decision.needs:
            if item.outcome_of != name:
                continue
            if item.needs.could_settle:
                yield "  What could settle it:"
                for found in item.needs.could_settle:
                    yield f"    - {' and '.join(self._asked(path) for path in found)}"
            if item.needs.will_settle:
                for found in item.needs.will_settle:
                    yield f"  What will settle it: {' and '.join(self._asked(path) for path in found)}"
            yield "  All that can still matter:"
            for path in item.needs.matters:
                _, missing, _ = self.wording.found(path)
                yield f"    - {self._asked(path)}" + (f" ({missing})" if missing else "")

    def _asked(self, path: str) -> str:
        judged = "the judgement: " if path.startswith("judgements.") else ""
        return f"{judged}{self.wording.title(path)}"

    def _near(self, name: str, result: ClassificationResult) -> Iterator[str]:
        """Near misses worth telling: those of a clause of which something else does hold."""
        lines = []
        for miss in self.decision.near_misses:
            if miss.outcome_of != name or (
                result.outcome is not None and self._milder(name, miss.outcome, result.outcome)
            ):
                continue
            owner, _, leaf_id = miss.short_of.rpartition(".")
            step = self.explainer.rule(owner)
            leaf = next((i for i in _flat(step) if i.evidence and i.text and self._is(owner, leaf_id, i)), None)
            if leaf is not None and any(item.truth == "holds" for item in step.items):
                lines.append(f"    {miss.outcome}: short only of {leaf.text}")
        if lines:
            yield "  Near misses:"
            yield from dict.fromkeys(lines)

    def _milder(self, name: str, label: str, than: str) -> bool:
        found = self.policy.classifications[name]
        return (found.rank(label) or 0) < (found.rank(than) or 0)

    def _is(self, owner: str, leaf_id: str, step: Explanation) -> bool:
        for leaf in leaves_under(self.policy.rules[owner].condition):
            if leaf.id == leaf_id:
                return self.wording.leaf(leaf) == step.text
        return False

    # ---- values
    def _values(self) -> Iterator[str]:
        for item in (*self.decision.values, *self.decision.figures):
            match item.status:
                case "known":
                    assert item.value is not None
                    text = value_text(item.value, item.kind)
                case "undetermined":
                    shown = [value_text(value, item.kind) for value in item.possible]
                    text = f"not known{': ' + ' or '.join(shown) if shown else ''}"
                    if item.between is not None:
                        low, high = (value_text(limit, item.kind) for limit in item.between)
                        text = f"not known, from {low} to {high}"
                case "none":
                    text = "none"
                case _:
                    text = "does not apply"
            yield f"{item.title}: {text} [{_cited(item.cites)}]" if item.cites else f"{item.title}: {text}"

    # ---- consequences and the rest
    def _consequence(self, item: ConsequenceResult) -> str:
        who = self.policy.parties[item.bearer]
        when = f", {item.when}" if item.when else ""
        only = "" if item.audience is None else f" (shown to {', '.join(words(r) for r in sorted(item.audience))})"
        sentence = f"{who[0].upper()}{who[1:]} {_MODALITIES[item.modality]} {item.title}{when}."
        return f"{sentence}{only} [{_cited(item.cites)}]"

    def _possible(self) -> Iterator[str]:
        """The possible consequences, those that hang on the same thing under one head."""
        groups: dict[str, list[ConsequenceResult]] = {}
        for item in self.decision.possible_consequences:
            head = " or ".join(self._hangs_on(item, *found) for found in item.hangs_on)
            groups.setdefault(head, []).append(item)
        for head, items in groups.items():
            yield "\n".join(
                [f"if {head}:", *(f"    - {self._consequence(item)}{self._on_condition(item)}" for item in items)]
            )

    def _on_condition(self, item: ConsequenceResult) -> str:
        """What else a possible consequence of an open outcome hangs on: a condition that a class adds to it."""
        names = [name for name, _ in item.hangs_on if name in self.policy.classifications]
        if all(self.decision.classifications[name].status == "determined" for name in names):
            return ""
        own = {rule: " and ".join(found) for rule, found in self._open_conditions(item).items()}
        if len(set(own.values())) == 1:
            (only,) = set(own.values())
            return f" Only where {only}." if only else ""
        return "".join(f" In {rule.rpartition('.')[2]} only where {only}." for rule, only in own.items() if only)

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

    def _triggers(self) -> Iterator[str]:
        for status in ("holds", "undetermined", "does_not_hold", "not_applicable"):
            for item in self.decision.triggers:
                if item.status == status:
                    met = list(self._met(self.explainer.rule(item.id), "holds", 3)) if status == "holds" else []
                    yield "\n".join([f"{_MARKS[status]}: {item.title} [{_cited(item.cites)}]", *met])

    def _interpretations(self) -> Iterator[str]:
        for name in self.decision.rests_on:
            yield f"{name}: {self.policy.interpretations[name]}"

    @staticmethod
    def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
        found = list(lines)
        if found:
            yield ""
            yield title
            yield from (f"  - {line}" for line in found)


def _tree(step: Explanation, depth: int) -> Iterator[str]:
    mark = _MARKS.get(step.truth, step.truth)
    name = f"{step.rule}: " if step.rule else ""
    cites = f" [{_cited(step.cites)}]" if step.cites else ""
    owned = f" ({', '.join(step.interpretations)})" if step.interpretations else ""
    yield f"{'  ' * depth}{name}{step.text}: {mark}{_with(step)}{cites}{owned}"
    for item in step.items:
        yield from _tree(item, depth + 1)


def _failing(step: Explanation) -> Iterator[Explanation]:
    """The leaves that do not hold and so keep a step from holding."""
    for item in step.items:
        if item.truth == "does_not_hold":
            whole = item.evidence or not item.items or GIVES_WAY in item.text or NO_EXCEPTION in item.text
            yield from ([item] if whole else _failing(item))


def _flat(step: Explanation) -> Iterator[Explanation]:
    yield step
    for item in step.items:
        yield from _flat(item)


def _with(step: Explanation) -> str:
    parts = []
    for used in step.evidence:
        what = used.value if used.value is not None else used.missing
        source = f" ({used.provenance})" if used.provenance else ""
        label = f"{used.title}: " if len(step.evidence) > 1 else ""
        parts.append(f"{label}{what}{source}")
    return f" — found: {'; '.join(parts)}" if parts else ""


def _short(step: Explanation) -> str:
    if step.text.startswith(NO_EXCEPTION):  # which failed: so an exception does hold
        return step.text.replace(NO_EXCEPTION, "an exception holds", 1)
    found = "; ".join(used.value or used.missing or "" for used in step.evidence)
    return f"{step.text} (found: {found})" if found else step.text


def _label(clause: str) -> str:
    return f"clause {clause.rpartition('.')[2]}"


def _cited(cites: tuple[Citation, ...]) -> str:
    return "; ".join(f"{cite.source} {cite.place}" for cite in cites)


def _day(day: datetime.date) -> str:
    return value_text(day, Date())
