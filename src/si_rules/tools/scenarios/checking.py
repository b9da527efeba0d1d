"""Holds a decision against what a case expects: outcomes, truths, consequences, and what is left out or not used."""

from si_rules.semantics.kinds import words
from si_rules.syntax import scenario_tree as tree
from si_rules.tools.scenarios import checking_grounds as grounds
from si_rules.tools.scenarios.checking_values import check_value
from si_rules.tools.scenarios.comparison import Comparison, called
from si_rules.tools.scenarios.why import said


def check(expected: tree.Expectation, at: Comparison) -> None:
    """Check one expectation of a decision; where it is not met a failure is added."""
    match expected:
        case tree.ExpectOutcome():
            _outcome(expected, at)
        case tree.ExpectRule():
            _rule(expected, at)
        case tree.ExpectValue():
            check_value(expected, at)
        case tree.ExpectConsequence():
            _consequence(expected, at)
        case tree.ExpectUnused():
            _unused(expected, at)
        case tree.ExpectUnsaid():
            _unsaid(expected, at)
        case tree.ExpectNeed():
            grounds.check_need(expected, at)
        case tree.ExpectSettling():
            grounds.check_settling(expected, at)
        case tree.ExpectNearMiss():
            grounds.check_near_miss(expected, at)
        case tree.ExpectCited():
            grounds.check_cited(expected, at)
        case tree.ExpectRests():
            grounds.check_rests(expected, at)
        case _:
            raise TypeError(f"{type(expected).__name__} is expected of a case, not of a decision")


# ---- outcomes and truths
def _outcome(expected: tree.ExpectOutcome, at: Comparison) -> None:
    name = at.seen(tree.Target("classification", expected.classification, expected.span), expected.span)
    if name is None:
        return
    result = at.decision.classifications[name]
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
        came = at.came(name, because=bool(clauses) or settled_differs)
        at.differs(expected.span, came, at.why.outcome(name, wanted, sorted(clauses)), _outcome_words(name, expected))


def _outcome_words(name: str, expected: tree.ExpectOutcome) -> str:
    """What is expected of a classification, as a line of a scenario says it: a cell says only half of it."""
    labels = " and ".join(word.text for word in expected.labels)
    if expected.status == "undetermined":
        return f"{name} is undetermined" + (f", between {labels}" if labels else "")
    because = f", because {' and '.join(word.text for word in expected.because)}" if expected.because else ""
    settled = ", by every completion" if expected.settled else ""
    return f"{name} is {labels or words(expected.status)}{because}{settled}"


def _rule(expected: tree.ExpectRule, at: Comparison) -> None:
    target = tree.Target(expected.sort, expected.name, expected.span)
    name = at.seen(target, expected.span)
    if name is None:
        return
    truth = at.explainer.interpreter.rule(name).value
    if truth != expected.truth:
        wanted = f"{called(target)} {said(expected.truth)}"
        at.differs(expected.span, f"it {said(truth)}", at.why.rule(name), wanted)


# ---- consequences
def _consequence(expected: tree.ExpectConsequence, at: Comparison) -> None:
    wanted = (expected.party.text, expected.modality, expected.action.text)
    when = at.names.when(expected)
    follows, possible = (
        any((c.bearer, c.modality, c.action) == wanted and when in (None, c.when) for c in found)
        for found in (at.decision.consequences, at.decision.possible_consequences)
    )
    met = {
        (True, False): follows,
        (False, False): possible,
        (True, True): not follows,
        (False, True): not follows and not possible,
    }
    if met[expected.sure, expected.negated]:
        return
    came = "it follows" if follows else "it neither follows nor is possible"
    if possible:
        came = "it is possible" if expected.negated else "it is only possible"
    at.differs(expected.span, came, _why_consequence(wanted, at))


def _why_consequence(wanted: tuple[str, str, str], at: Comparison) -> str:
    for item in at.shown.consequences:
        if (item.bearer, item.modality, item.action) == wanted:
            if item.classification is not None:
                return f"it hangs on {item.rule}, and {at.came(item.classification, because=True)}"
            return at.why.rule(item.rule)
    return f"nothing of it is shown to {at.audience()}"


# ---- what is not used, and what is not said
def _unused(expected: tree.ExpectUnused, at: Comparison) -> None:
    path = at.names.unused(expected.place)
    ignored = {item.path: item.reason for item in at.decision.ignored_evidence}
    if path not in ignored:
        shown = "; ".join(f"{at.data([name])} ({reason})" for name, reason in ignored.items())
        at.differs(expected.span, f"what is not used is {shown}" if shown else "everything that is given is used")


def _unsaid(expected: tree.ExpectUnsaid, at: Comparison) -> None:
    assert isinstance(expected.target, tree.Target), "parts of a case have a check of their own"
    if at.is_shown(expected.target):
        who = at.audience() or "whoever may see everything, for whom this is decided"
        why = "" if at.case.roles else "say for whom it is decided, under the title: shown to ROLES"
        at.differs(expected.span, f"it is shown to {who}", why)
