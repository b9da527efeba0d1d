"""What is checked once everything is read: circles, parameters with holes, confidential evidence that would show."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from si_rules.semantics import core
from si_rules.semantics.audiences import PUBLIC, Audience, listed, within
from si_rules.semantics.declared import Declared
from si_rules.semantics.pathway_checks import check_pathways
from si_rules.semantics.report import Report
from si_rules.semantics.traversal import (
    Reads,
    all_conditions,
    conditions_of,
    leaves_under,
    terms_of,
    terms_under,
    top_terms,
)
from si_rules.semantics.years import AcademicYear, latest_due
from si_rules.source.text import Source, Span
from si_rules.syntax import tree

DEEPEST_CHAIN = 40


def check_core(policy: core.Core, declared: Declared, report: Report) -> None:
    """Report what is wrong with a policy as a whole."""
    if not _circles(policy, declared, report):
        _figures(policy, declared, report)
        _parameters(policy, declared, report)
        _audiences(policy, declared, report)
        check_pathways(policy, declared, report)
        if not declared.damaged:
            _unused(policy, declared, report)


def _circles(policy: core.Core, declared: Declared, report: Report) -> bool:
    """Rules, values and classifications that hang on themselves."""
    reads = _reads_of_each(policy)
    done: set[str] = set()
    found = False
    for start in reads:
        path: list[str] = []
        waiting: list[tuple[str, int]] = [(start, 0)]
        while waiting:
            name, depth = waiting.pop()
            del path[depth:]
            if name in path:
                circle = [*path[path.index(name) :], name]
                _at_rule(name, declared, report, "SI507", "the rule hangs on itself: " + " → ".join(circle),
                         f"leave `{circle[0]}` out of what `{circle[-2]}` needs")  # fmt: skip
                done.update(circle)
                found = True
                break
            if name in done:
                continue
            path.append(name)
            waiting.extend((other, depth + 1) for other in reversed(reads.get(name, [])))
        done.update(path)
    return found or _chains(reads, declared, report)


def _figures(policy: core.Core, declared: Declared, report: Report) -> None:
    """Figures that hang on figures: each is worked out from its members before anything asks about one of them."""
    reads = _reads_of_each(policy) if policy.figures else {}
    for name in policy.figures:
        waiting, seen = list(reads[name]), {name}
        while waiting:
            other = waiting.pop()
            if other in policy.figures:
                _at_rule(name, declared, report, "SI514", f"the figure `{name}` hangs on the figure `{other}`",
                         "a figure is made of what is known of each member by itself")  # fmt: skip
                break
            if other not in seen:
                seen.add(other)
                waiting.extend(reads.get(other, []))


def _reads_of_each(policy: core.Core) -> dict[str, list[str]]:
    """What each rule, definition, figure and classification refers to by name."""
    found: dict[str, list[str]] = {}
    for name, rule in policy.rules.items():
        found[name] = _names(Reads(policy, follow=False).condition(rule.condition))
    for name, definition in policy.definitions.items():
        reads = Reads(policy, follow=False).term(definition.term)
        found[name] = _names(reads if definition.guard is None else reads.condition(definition.guard))
    for name, figure in policy.figures.items():
        found[name] = _names(Reads(policy, follow=False).figure(figure))
    for name, classification in policy.classifications.items():
        found[name] = sorted(clause for described in classification.classes for clause in described.clauses)
    return found


def _names(reads: Reads) -> list[str]:
    return sorted({*reads.rules, *reads.definitions, *reads.figures, *reads.classifications})


def _chains(reads: dict[str, list[str]], declared: Declared, report: Report) -> bool:
    """Rules that refer to rules that refer to rules, beyond what anybody follows."""
    depths: dict[str, int] = dict.fromkeys(reads, 0)
    for depth in range(1, DEEPEST_CHAIN + 2):
        deeper = {name for name, others in reads.items() if any(depths.get(other, 0) == depth - 1 for other in others)}
        if not deeper:
            return False
        for name in deeper:
            depths[name] = depth
    name = min(deeper)
    _at_rule(name, declared, report, "SI511", f"rules refer to each other more than {DEEPEST_CHAIN} deep",
             "state the inner rules together in one")  # fmt: skip
    return True


def _at_rule(name: str, declared: Declared, report: Report, code: str, message: str, help: str) -> None:
    """Report at the place where a rule, clause, value or figure is declared."""
    whole = name.partition("[")[0]
    owner, _, label = whole.rpartition(".")
    tables: tuple[dict[str, Any], ...] = (declared.rules, declared.values, declared.figures)
    for head in (whole, owner):
        for table in tables:
            if head in table:
                report.source, item = table[head]
                report.error(code, message, item.name.span, help)
                return
    if whole in declared.classifications:
        owner, label = whole, ""
    if owner not in declared.classifications:  # of a policy that is used: told where that is said
        report.source, header = declared.headers[0]
        report.error(code, f"{message} (of a policy that is used)", header.uses[0].span, help)
        return
    source, classification = declared.classifications[owner]
    report.source = source
    places = {
        clause.label.text: (clause.source or item.source, clause.span)
        for item in classification.classes
        for clause in item.clauses
    }
    places |= {item.label.text: (item.source, item.span) for item in classification.classes}
    amended, span = places.get(label, (None, classification.name.span))
    with report.reading(amended):
        report.error(code, message, span, help)


# ---- parameters


def _parameters(policy: core.Core, declared: Declared, report: Report) -> None:
    needed: dict[str, set[AcademicYear]] = {}
    for terms in _together(policy):
        for name, years in _years_needed(policy, terms):
            needed.setdefault(name, set()).update(years)
    for name, parameter in policy.parameters.items():
        if name in declared.damaged:
            continue
        source, at = _declared_at(name, declared)
        report.source = source
        if parameter.from_date:
            first = min(date for date, _ in parameter.from_date)
            if first > policy.in_force[0]:
                report.error("SI508", f"the parameter `{name}` has no value from {policy.in_force[0]} until {first}",
                             at, f"add a line: from {policy.in_force[0]}: …")  # fmt: skip
        stated = {year for year, _ in parameter.by_year}
        for year in sorted(needed.get(name, set()) - stated):
            if parameter.by_year:
                report.error("SI508", f"the parameter `{name}` has no value for {year}, a year whose results the "
                             "policy may meet while it is in force", at,
                             f"add a line: for {year}: …")  # fmt: skip


def _declared_at(name: str, declared: Declared) -> tuple[Source, Span]:
    """Where a parameter is declared; for one of a policy that is used, where that is said."""
    if name in declared.parameters:
        source, written = declared.parameters[name]
        return source, written.name.span
    source, header = declared.headers[0]
    return source, next((word.span for word in header.uses if name.startswith(f"{word.text}.")), header.span)


def _together(policy: core.Core) -> Iterator[list[core.Term]]:
    """The terms of each leaf, and of each value by itself."""
    for condition in all_conditions(policy):
        for leaf in leaves_under(condition):
            yield [inner for term in terms_of(leaf) for inner in terms_under(term)]
    for term in top_terms(policy):
        yield list(terms_under(term))


def _years_needed(policy: core.Core, terms: list[core.Term]) -> Iterator[tuple[str, set[AcademicYear]]]:
    """The years for which a leaf or a value needs each of its parameters, over the whole in-force period."""
    for parameter in terms:
        if not isinstance(parameter, core.ParameterValue) or parameter.year is None:
            continue
        if parameter.year.fixed is not None:
            yield parameter.name, {parameter.year.fixed}
            continue
        years = set()
        due = _last_due(policy, parameter)
        for latest in latest_years(policy.in_force, due) if due else ():
            year = latest.plus(-parameter.year.back)
            measured = [
                policy.vocabulary.fields[term.path].exists_in(term.year.fixed or latest.plus(-term.year.back))
                for term in terms
                if isinstance(term, core.YearValue) and term.year == parameter.year
            ]
            if all(measured):
                years.add(year)
        yield parameter.name, years


def _last_due(policy: core.Core, parameter: core.ParameterValue) -> core.Due | None:
    """The day that says which year is the latest: of several series the one whose results are due last."""
    series = (parameter.year.together if parameter.year is not None else ()) or (parameter.series or "",)
    known = [policy.due[name] for name in series if name in policy.due]
    return max(known, key=lambda due: ((due.month - 9) % 12, due.day), default=None)


def latest_years(in_force: tuple[datetime.date, datetime.date], due: core.Due) -> Iterator[AcademicYear]:
    """Every year that is the latest one due on some day of a period."""
    days = dict(due.by_year)
    year, last = (latest_due(day, due.month, due.day, days) for day in in_force)
    while not last < year:
        yield year
        year = year.plus(1)


# ---- audiences


def _audiences(policy: core.Core, declared: Declared, report: Report) -> None:
    for name, rule in policy.rules.items():
        if PUBLIC in rule.released:
            continue
        seen_by = rule.audience if rule.audience is None else rule.audience - rule.released
        _within(policy, name, seen_by, Reads(policy, follow=False).condition(rule.condition), declared, report)
    for name, definition in policy.definitions.items():
        reads = Reads(policy, follow=False).term(definition.term)
        _within(policy, name, definition.audience, reads, declared, report)
    for name, figure in policy.figures.items():
        _within(policy, name, figure.audience, Reads(policy, follow=False).figure(figure), declared, report)
    for name, classification in policy.classifications.items():
        if classification.guard is not None:
            reads = Reads(policy, follow=False).condition(classification.guard)
            _within(policy, name, classification.audience, reads, declared, report)
    for consequence in policy.consequences:
        reads = Reads(policy, follow=False).condition(consequence.condition)
        _within(policy, consequence.rule, consequence.audience, reads, declared, report)


def _within(policy: core.Core, name: str, audience: Audience, reads: Reads, declared: Declared, report: Report) -> None:
    """Report whatever somebody could learn of by seeing this who may not see that."""
    if audience is not None and not audience:
        return
    seen: list[tuple[str, Audience]] = [(path, policy.audience_of(path)) for path in reads.paths]
    seen += [(rule, policy.rules[rule].audience) for rule in reads.rules if rule in policy.rules]
    seen += [(other, policy.definitions[other].audience) for other in reads.definitions]
    seen += [(other, policy.classifications[other].audience) for other in reads.classifications]
    for what, allowed in seen:
        if not within(audience, allowed):
            _leak(name, what, allowed, declared, report)


def _leak(rule: str, what: str, audience: Audience, declared: Declared, report: Report) -> None:
    roles = ", ".join(listed(audience))
    what = what.replace("judgements.", "judgement ")
    _at_rule(rule, declared, report, "SI509", f"`{what}` is shown to {roles} only, and this would show it to others",
             f"add `shown to {roles}`, or leave `{what}` out")  # fmt: skip


# ---- declared and never used


def _unused(policy: core.Core, declared: Declared, report: Report) -> None:
    """Warn of what is declared and no rule needs: often the other half of a slip."""
    reads = Reads(policy, follow=False)
    for condition in all_conditions(policy):
        reads.condition(condition)
    for term in top_terms(policy):
        reads.term(term)
    paths, parameters = reads.paths, reads.parameters
    titles = {item.title for item in policy.consequences} | {item.when for item in policy.consequences}
    states = [state for pathway in policy.pathways.values() for state in pathway.states.values()]
    acts = [(duty.bearer, duty.action) for state in states for duty in state.duties]
    acts += [(power.bearer, power.action) for state in states for power in state.powers]
    for state in states:
        for condition in conditions_of(state):
            reads.condition(condition)
    used: dict[str, Callable[[str, str], bool]] = {
        "party": lambda name, _: name in {item.bearer for item in policy.consequences} | {bearer for bearer, _ in acts},
        "action": lambda name, _: (
            name in {item.action for item in policy.consequences} | {action for _, action in acts}
        ),
        "occasion": lambda _, title: any(title in (when or "") for when in titles),
    }
    for sort, is_used in used.items():
        for name, (source, item) in declared.named[sort].items():
            if not is_used(name, item.title.text):
                _warn_unused(sort, item.name, source, report)
    for name, (source, judgement) in declared.judgements.items():
        if f"judgements.{name}" not in paths:
            _warn_unused("judgement", judgement.name, source, report)
    for name, (source, parameter) in declared.parameters.items():
        if name not in parameters:
            _warn_unused("parameter", parameter.name, source, report)


def _warn_unused(sort: str, name: tree.Word, source: Source, report: Report) -> None:
    report.source = source
    report.warning("SI513", f"the {sort} `{name.text}` is declared and never used", name.span, "use it, or delete it")


def nowhere() -> Span:
    """The first place of a file, for what is missing from all of it."""
    return Span(0, 1)
