"""Holds a decision against what a case expects of its grounds: needs, near misses, citations, interpretations."""

from si_rules.decisions.view import rested_on
from si_rules.semantics import core
from si_rules.semantics.traversal import conditions_under, leaves_under
from si_rules.syntax import scenario_tree as tree
from si_rules.tools.scenarios.comparison import Comparison


# ---- needs and near misses
def check_need(expected: tree.ExpectNeed, at: Comparison) -> None:
    """That a classification asks for a datum, or never does: for results without a year, in none of them."""
    target = tree.Target("classification", expected.classification, expected.span)
    name, place = at.seen(target, expected.span), expected.place
    if name is None:
        return
    matters = {path for item in at.decision.needs if item.outcome_of == name for path in item.needs.matters}
    if not expected.needed and at.names.whole_series(place):
        field = at.whole.vocabulary.fields[place.name.text]
        found = {path for path in matters if path.startswith(f"{field.parent}.") and path.endswith(f".{field.key}")}
    else:
        found = matters & {at.path(place)}
    if bool(found) != expected.needed:
        came = f"{name} asks for {at.data(found)}" if found else f"{name} does not ask for it"
        rest = f"{name} asks for {at.data(matters)}" if matters else at.came(name)
        at.differs(expected.span, came, "" if found else rest)


def check_settling(expected: tree.ExpectSettling, at: Comparison) -> None:
    """That a set of data is among the smallest that could settle, or will settle, a classification."""
    target = tree.Target("classification", expected.classification, expected.span)
    name = at.seen(target, expected.span)
    if name is None:
        return
    wanted = sorted(at.path(place) for place in expected.places)
    needs = next((item.needs for item in at.decision.needs if item.outcome_of == name), None)
    if needs is None:
        at.differs(expected.span, f"there is nothing to settle: {at.came(name)}")
        return
    sets = needs.will_settle if expected.surely else needs.could_settle
    if wanted not in [sorted(item) for item in sets]:
        shown = ", or ".join(at.data(item) for item in sets) or "more than the decision lists"
        at.differs(expected.span, f"what {'will' if expected.surely else 'could'} settle it is {shown}")


def check_near_miss(expected: tree.ExpectNearMiss, at: Comparison) -> None:
    """That one condition which reads a place, known not to hold, alone keeps a class from holding."""
    target = tree.Target("classification", expected.classification, expected.span)
    name, label = at.seen(target, expected.span), expected.label.text
    if name is None:
        return
    misses = [miss for miss in at.decision.near_misses if (miss.outcome_of, miss.outcome) == (name, label)]
    read = [_read_by(miss.short_of, at) for miss in misses]
    if any(at.path(expected.place) in paths for paths in read):
        return
    named = " or by ".join(dict.fromkeys(at.data(paths) for paths in read))
    came = f"{name} is short of {label} by {named}" if named else f"no one condition alone keeps it from {label}"
    at.differs(expected.span, came, at.why.outcome(name, [label]))


def _read_by(leaf: str, at: Comparison) -> list[str]:
    """The data read by a leaf, which is named by its rule and its own id."""
    for rule in at.shown.rules.values():
        if leaf.startswith(f"{rule.id}."):
            for found in leaves_under(rule.condition):
                if f"{rule.id}.{found.id}" == leaf:
                    return at.situation.paths_read(found)
    return []


# ---- sources and interpretations
def check_cited(expected: tree.ExpectCited, at: Comparison) -> None:
    """That a place in a source is cited by a rule, or by what a classification came to."""
    assert isinstance(expected.target, tree.Target), "parts of a case have a check of their own"
    name = at.seen(expected.target, expected.span)
    if name is None:
        return
    cites = _cites(expected.target, name, at)
    if (expected.source.text, expected.place.text) not in [(cite.source, cite.place) for cite in cites]:
        shown = " and ".join(f'{cite.source} "{cite.place}"' for cite in cites)
        at.differs(expected.span, f"it cites {shown or 'nothing'}")


def _cites(target: tree.Target, name: str, at: Comparison) -> list[core.Citation]:
    """Of a rule, its own citations; of a classification, its own, its outcome's, and those of the clauses that decide
    it and of the rules that these read.
    """
    if target.sort != "classification":
        return list(at.shown.rules[name].cites)
    result = at.decision.classifications[name]
    cites = list(at.shown.classifications[name].cites)
    for described in at.shown.classifications[name].classes:
        cites += described.cites if described.label == result.outcome else ()
    for clause in result.because:
        condition = at.shown.rules[clause].condition
        read = [c.rule for c in conditions_under(condition, at.shown.rules) if isinstance(c, core.RuleHolds)]
        cites += [cite for rule in (clause, *read) for cite in at.shown.rules[rule].cites]
    return list(dict.fromkeys(cites))


def check_rests(expected: tree.ExpectRests, at: Comparison) -> None:
    """That a rule, what a classification came to, or the whole decision rests on interpretations, or on none of them."""
    rests = set(at.decision.rests_on)
    if expected.target is not None:
        assert isinstance(expected.target, tree.Target), "parts of a case have a check of their own"
        name = at.seen(expected.target, expected.span)
        if name is None:
            return
        rests = _rests_on(expected.target, name, at)
    wrong = [word.text for word in expected.ids if (word.text in rests) == expected.negated]
    if wrong:
        verb = "it rests on" if expected.negated else "it does not rest on"
        rest = f"it rests on {', '.join(sorted(rests)) or 'no interpretation'}"
        at.differs(expected.span, f"{verb} {' and '.join(wrong)}", rest)


def _rests_on(target: tree.Target, name: str, at: Comparison) -> set[str]:
    if target.sort != "classification":
        return rested_on(at.shown, [name])
    found, result = at.shown.classifications[name], at.decision.classifications[name]
    own = [word for each in found.classes if each.label == result.outcome for word in each.interpretations]
    return {*found.interpretations, *own} | rested_on(at.shown, result.because)
