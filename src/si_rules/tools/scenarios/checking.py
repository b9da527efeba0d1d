"""Holds a decision against what a case expects: each expectation not met is said, with what came and why."""

from attrs import frozen

from si_rules.decisions.decision import Decision
from si_rules.decisions.explanation import Explainer
from si_rules.decisions.view import rested_on
from si_rules.evaluation.atoms import Situation
from si_rules.semantics import core
from si_rules.semantics.facts import Facts
from si_rules.semantics.kinds import words
from si_rules.semantics.report import Report
from si_rules.semantics.traversal import conditions_under, leaves_under
from si_rules.source.diagnostics import Diagnostic
from si_rules.source.text import Span
from si_rules.syntax import scenario_tree as tree
from si_rules.tools.scenarios.expecting import ExpectationNames, rules_named
from si_rules.tools.scenarios.places import Places
from si_rules.tools.scenarios.reading import Case
from si_rules.tools.scenarios.why import Why, said

_REMEDY = "correct the expectation, or the rule it tests"


@frozen
class Failure:
    """An expectation not met: what was expected, what came instead, and why, each in words."""

    expected: str
    came: str
    why: str
    diagnostic: Diagnostic


class Checker:
    """Checks the expectations of one case; `policy` is the whole policy, the decision may show less of it."""

    def __init__(self, case: Case, policy: core.Core, decision: Decision, situation: Situation, facts: Facts) -> None:
        self.case = case
        self.policy = policy
        self.decision = decision
        self.situation = situation
        self.explainer = Explainer(situation, facts)
        self.why = Why(decision, self.explainer)
        self.failures: list[Failure] = []
        self.report = Report(case.source)
        self.places = Places(policy, self.report, case.on, case.known_at)
        self.names = ExpectationNames(policy, self.report, self.places)

    def check(self, expected: tree.Expectation) -> None:
        """Check one expectation; where it is not met a failure is added."""
        match expected:
            case tree.ExpectOutcome():
                self._outcome(expected)
            case tree.ExpectRule():
                self._rule(expected)
            case tree.ExpectConsequence():
                self._consequence(expected)
            case tree.ExpectNeed():
                self._need(expected)
            case tree.ExpectSettling():
                self._settling(expected)
            case tree.ExpectNearMiss():
                self._near_miss(expected)
            case tree.ExpectCited():
                self._cited(expected)
            case tree.ExpectRests():
                self._rests(expected)
            case tree.ExpectUnused():
                self._unused(expected)
            case tree.ExpectUnsaid():
                self._unsaid(expected)

    def _differs(self, span: Span, expected: str, came: str, why: str = "") -> None:
        message = f"in “{self.case.name}” it is expected that {expected}; but {came}"
        help_ = f"{why}. {_REMEDY[0].upper()}{_REMEDY[1:]}" if why else _REMEDY
        self.failures.append(Failure(expected, came, why, Diagnostic("SI710", message, self.case.source, span, help_)))

    def _written(self, span: Span) -> str:
        return self.case.source.words(span)

    def _shows(self, target: tree.Target, span: Span) -> str | None:
        """The name of what a line speaks of, or None after a failure: it is not shown to the scenario's audience."""
        name = self._found(target)
        shown = (
            self.situation.policy.classifications if target.sort == "classification" else self.situation.policy.rules
        )
        if name in shown:
            return name
        came = f"{_called(target)} is not shown to {self._audience()}"
        self._differs(span, self._written(span), came)
        return None

    def _found(self, target: tree.Target) -> str:
        if target.sort == "classification":
            return target.name.text
        return rules_named(self.policy, target.sort, target.name.text)[0]

    def _audience(self) -> str:
        return " and ".join(words(role) for role in sorted(self.case.roles or ()))

    # ---- outcomes and truths
    def _outcome(self, expected: tree.ExpectOutcome) -> None:
        name = self._shows(tree.Target("classification", expected.classification, expected.span), expected.span)
        if name is None:
            return
        result = self.decision.classifications[name]
        labels = [word.text for word in expected.labels]
        outcome_differs = (
            result.status != expected.status
            or (expected.status == "determined" and labels != [result.outcome])
            or (expected.status == "undetermined" and labels and set(labels) != set(result.possible))
        )
        settled_differs = expected.status == "determined" and expected.settled != (result.settled_by is not None)
        clauses = {f"{name}.{word.text}" for word in expected.because}
        if outcome_differs or settled_differs or (clauses and clauses != set(result.because)):
            wanted = labels if expected.status == "determined" else []
            self._differs(expected.span, _outcome_words(name, expected), self._came(name, bool(clauses), settled_differs),
                          self.why.outcome(name, wanted))  # fmt: skip

    def _came(self, name: str, because: bool, settled: bool) -> str:
        result = self.decision.classifications[name]
        came = f"{name} is {result.outcome or words(result.status)}"
        if result.status == "undetermined":
            return f"{came}, between " + " and ".join(result.possible)
        if (because or settled) and result.because:
            return f"{came}, because {' and '.join(_label(clause) for clause in result.because)}"
        return f"{came}, by every completion" if result.settled_by else came

    def _rule(self, expected: tree.ExpectRule) -> None:
        target = tree.Target(expected.sort, expected.name, expected.span)  # type: ignore[arg-type]
        name = self._shows(target, expected.span)
        if name is None:
            return
        truth = self.explainer.interpreter.rule(name).value
        if truth != expected.truth:
            called = _called(target)
            self._differs(expected.span, f"{called} {said(expected.truth)}", f"it {said(truth)}", self.why.rule(name))

    # ---- consequences
    def _consequence(self, expected: tree.ExpectConsequence) -> None:
        wanted = (expected.party.text, expected.modality, expected.action.text)
        follows = wanted in [(c.bearer, c.modality, c.action) for c in self.decision.consequences]
        possible = wanted in [(c.bearer, c.modality, c.action) for c in self.decision.possible_consequences]
        told = {
            (True, False): follows,
            (False, False): possible,
            (True, True): not follows,
            (False, True): not follows and not possible,
        }
        if told[expected.sure, expected.negated]:
            return
        came = "it follows" if follows else "it is possible" if possible else "it does not follow, nor is it possible"
        self._differs(expected.span, self._written(expected.span), came, self._why_consequence(wanted))

    def _why_consequence(self, wanted: tuple[str, str, str]) -> str:
        for item in self.situation.policy.consequences:
            if (item.bearer, item.modality, item.action) != wanted:
                continue
            if item.classification is None:
                return self.why.rule(item.rule) if item.rule in self.situation.policy.rules else ""
            return f"it hangs on {item.rule}, and {self._came(item.classification, True, False)}"
        return f"nothing of it is shown to {self._audience()}" if self.case.roles else ""

    # ---- needs
    def _need(self, expected: tree.ExpectNeed) -> None:
        name, place = expected.classification.text, expected.place
        matters = {path for item in self.decision.needs if item.outcome_of == name for path in item.needs.matters}
        if not expected.needed and self.names.whole_series(place):
            field = self.policy.vocabulary.fields[place.name.text]
            found = {
                path for path in matters if path.startswith(f"{field.parent}.") and path.endswith(f".{field.key}")
            }  # fmt: skip
        else:
            found = matters & {path for path, _ in [self.places.find(place) or ("", None)]}
        if bool(found) != expected.needed:
            asked = f"{name} asks for {' and '.join(sorted(found))}" if found else f"{name} does not ask for it"
            all_ = f"it asks for {', '.join(sorted(matters))}" if matters and not found else ""
            self._differs(expected.span, self._written(expected.span), asked, all_)

    def _settling(self, expected: tree.ExpectSettling) -> None:
        name = expected.classification.text
        found = [self.places.find(place) for place in expected.places]
        wanted = sorted(item[0] for item in found if item is not None)
        needs = next((item.needs for item in self.decision.needs if item.outcome_of == name), None)
        sets = () if needs is None else needs.will_settle if expected.surely else needs.could_settle
        if wanted in [sorted(item) for item in sets]:
            return
        verb = "will" if expected.surely else "could"
        came = (
            f"nothing is needed: {self._came(name, False, False)}" if needs is None else f"these do not: {verb} settle"
        )
        if needs is not None:
            shown = " or ".join(" and ".join(item) for item in sets) or "nothing that is told"
            came = f"what {verb} settle it is {shown}"
        self._differs(expected.span, self._written(expected.span), came)

    def _near_miss(self, expected: tree.ExpectNearMiss) -> None:
        name, label = expected.classification.text, expected.label.text
        target = tree.Target("classification", expected.classification, expected.span)
        if self._shows(target, expected.span) is None:
            return
        place = self.places.find(expected.place)
        paths = [
            self._read_by(miss.short_of)
            for miss in self.decision.near_misses
            if (miss.outcome_of, miss.outcome) == (name, label)
        ]
        if place is not None and any(place[0] in found for found in paths):
            return
        named = dict.fromkeys(" and ".join(found) for found in paths)
        came = (
            f"{name} is short of {label} by {' or by '.join(named)}"
            if named
            else f"no one condition keeps it from {label}"
        )
        self._differs(expected.span, self._written(expected.span), came, self.why.outcome(name, [label]))

    def _read_by(self, leaf: str) -> list[str]:
        """The data that a leaf, named by its rule and its own id, reads."""
        for rule in self.situation.policy.rules.values():
            if leaf.startswith(f"{rule.id}."):
                for found in leaves_under(rule.condition):
                    if f"{rule.id}.{found.id}" == leaf:
                        return list(dict.fromkeys(p for atom in self.situation.atoms(found) for p in atom.paths))
        return []

    # ---- sources and interpretations
    def _cited(self, expected: tree.ExpectCited) -> None:
        name = self._shows(expected.target, expected.span)
        if name is None:
            return
        cites = self._cites(expected.target, name)
        if (expected.source.text, expected.place.text) not in [(cite.source, cite.place) for cite in cites]:
            shown = " and ".join(f'{cite.source} "{cite.place}"' for cite in cites)
            self._differs(expected.span, self._written(expected.span), f"it cites {shown or 'nothing'}")

    def _cites(self, target: tree.Target, name: str) -> list[core.Citation]:
        """Of a rule, its own citations; of a classification, those of itself, its outcome and what decided it."""
        if target.sort != "classification":
            return list(self.policy.rules[name].cites)
        found = self.policy.classifications[name]
        result = self.decision.classifications[name]
        cites = list(found.cites)
        for described in found.classes:
            if described.label == result.outcome:
                cites += described.cites
        for clause in result.because:
            rule = self.policy.rules[clause]
            read = [
                c.rule for c in conditions_under(rule.condition, self.policy.rules) if isinstance(c, core.RuleHolds)
            ]
            cites += [cite for each in (clause, *read) for cite in self.policy.rules[each].cites]
        return list(dict.fromkeys(cites))

    def _rests(self, expected: tree.ExpectRests) -> None:
        rests = set(self.decision.rests_on)
        if expected.target is not None:
            name = self._shows(expected.target, expected.span)
            if name is None:
                return
            rests = self._rests_on(expected.target, name)
        wrong = [word.text for word in expected.ids if (word.text in rests) == expected.negated]
        if wrong:
            all_ = ", ".join(sorted(rests)) or "no interpretation"
            verb = "it rests on" if expected.negated else "it does not rest on"
            self._differs(
                expected.span, self._written(expected.span), f"{verb} {' and '.join(wrong)}", f"it rests on {all_}"
            )

    def _rests_on(self, target: tree.Target, name: str) -> set[str]:
        if target.sort != "classification":
            return rested_on(self.policy, [name])
        found = self.policy.classifications[name]
        result = self.decision.classifications[name]
        own = [
            item
            for described in found.classes
            if described.label == result.outcome
            for item in described.interpretations
        ]
        return {*found.interpretations, *own} | rested_on(self.policy, result.because)

    # ---- what is left out
    def _unused(self, expected: tree.ExpectUnused) -> None:
        path = self.names.unused(expected.place)
        ignored = {item.path: item.reason for item in self.decision.ignored_evidence}
        if path not in ignored:
            shown = "; ".join(f"{name} ({reason})" for name, reason in ignored.items())
            came = f"what is not used is {shown}" if shown else "everything that is given is used"
            self._differs(expected.span, self._written(expected.span), came)

    def _unsaid(self, expected: tree.ExpectUnsaid) -> None:
        name = self._found(expected.target)
        shown = (
            self.situation.policy.classifications
            if expected.target.sort == "classification"
            else self.situation.policy.rules
        )
        if name in shown:
            who = self._audience() or "someone who may see everything: say `shown to` in the scenario"
            self._differs(expected.span, self._written(expected.span), f"it is shown to {who}")


def _called(target: tree.Target) -> str:
    return target.name.text if target.sort == "classification" else f"{target.sort} {target.name.text}"


def _label(clause: str) -> str:
    return clause.rpartition(".")[2]


def _outcome_words(name: str, expected: tree.ExpectOutcome) -> str:
    """What is expected of a classification, as a line of a scenario says it."""
    labels = " and ".join(word.text for word in expected.labels)
    if expected.status == "undetermined":
        return f"{name} is undetermined" + (f", between {labels}" if labels else "")
    because = f", because {' and '.join(word.text for word in expected.because)}" if expected.because else ""
    settled = ", by every completion" if expected.settled else ""
    return f"{name} is {labels or words(expected.status)}{because}{settled}"
