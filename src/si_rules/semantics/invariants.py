"""What is true of every core that elaboration gives, stated so that it can be checked.

Whatever reads a core may rely on these. Each is a function that yields what breaks it; `INVARIANTS` names them all.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Final, TypeAlias

from si_rules.semantics.audiences import PUBLIC, Audience, within
from si_rules.semantics.core import (
    INVALID,
    UNMATCHED,
    Citation,
    Compare,
    Computed,
    Condition,
    Constant,
    Core,
    DefinedValue,
    FieldValue,
    ForRecords,
    IsAmong,
    IsNone,
    Listed,
    OutcomeIs,
    OverRecords,
    ParameterValue,
    RecordValue,
    RuleHolds,
    Term,
    Trend,
    YearReference,
    YearValue,
)
from si_rules.semantics.kinds import Choice, Date, Flag, Kind, Number, Scale, product_kind, quotient_kind, sum_kind
from si_rules.semantics.traversal import Reads, all_conditions, conditions_under, leaves_under, terms_under, top_terms

Invariant: TypeAlias = Callable[[Core], Iterator[str]]

NOT_APPLICABLE: Final = "not_applicable"
_LATEST: Final = YearReference()


def broken(core: Core) -> list[str]:
    """Every breach of an invariant, each with the name of the invariant; empty for a sound core.

    Where something that is referred to does not exist, only that is reported: the rest could not be followed.
    """
    for name, invariant in INVARIANTS:
        found = [f"{name}: {breach}" for breach in invariant(core)]
        if found and invariant in _FIRST:
            return found
    return [f"{name}: {breach}" for name, invariant in INVARIANTS for breach in invariant(core)]


# ---- names


def references_lead_somewhere(core: Core) -> Iterator[str]:
    """Every rule, classification and parameter that is referred to exists."""
    for condition in _conditions(core):
        match condition:
            case RuleHolds(rule=rule) if rule not in core.rules:
                yield f"there is no rule {rule}"
            case ForRecords(collection=name) if name not in core.vocabulary.collections:
                yield f"there are no records {name}"
            case OutcomeIs(classification=name) if name not in core.classifications:
                yield f"there is no classification {name}"
            case _:
                pass
    for term in _terms(core):
        if isinstance(term, ParameterValue) and term.name not in core.parameters:
            yield f"there is no parameter {term.name}"
        if isinstance(term, DefinedValue) and term.name not in core.definitions:
            yield f"there is no value {term.name}"
        if isinstance(term, OverRecords) and term.collection not in core.vocabulary.collections:
            yield f"there are no records {term.collection}"
    for classification in core.classifications.values():
        for described in classification.classes:
            for clause in described.clauses:
                if clause not in core.rules:
                    yield f"there is no clause {clause}"
    for consequence in core.consequences:
        if consequence.classification is not None and consequence.classification not in core.classifications:
            yield f"there is no classification {consequence.classification}"


def fields_exist(core: Core) -> Iterator[str]:
    """Every term that reads evidence reads a declared field, of the kind it is declared with, under its parent."""
    for term in _terms(core):
        parent: str | None = None
        match term:
            case FieldValue(path=path, kind=kind):
                pass
            case RecordValue(collection=collection, path=path, kind=kind):
                parent = collection
                if parent not in core.vocabulary.collections:
                    yield f"there are no records {parent}"
            case YearValue(series=series, path=path, kind=kind):
                parent = series
                if parent not in core.vocabulary.series:
                    yield f"there are no results {parent}"
            case _:
                continue
        try:
            field = core.field_at(path)
        except KeyError:
            yield f"there is no evidence {path}"
            continue
        if not path.startswith(("judgements.", "figures.", "happened.")) and field.parent != parent:
            yield f"{path} does not stand under {parent}"
        if field.kind != kind:
            yield f"{path} is read as {kind}, and is {field.kind}"


def names_are_keys(core: Core) -> Iterator[str]:
    """Rules, classifications, parameters and judgements are kept under their own names."""
    tables: tuple[Iterable[tuple[str, str]], ...] = (
        ((key, rule.id) for key, rule in core.rules.items()),
        ((key, found.id) for key, found in core.classifications.items()),
        ((key, parameter.name) for key, parameter in core.parameters.items()),
        ((key, judgement.name) for key, judgement in core.judgements.items()),
        ((key, definition.id) for key, definition in core.definitions.items()),
        ((key, figure.name) for key, figure in core.figures.items()),
    )
    for table in tables:
        for key, name in table:
            if key != name:
                yield f"{name} is kept as {key}"


def judgements_have_their_paths(core: Core) -> Iterator[str]:
    """The field of a judgement stands at `judgements.NAME`, and every judgement is given: none may be `none`."""
    for judgement in core.judgements.values():
        if judgement.field.path != f"judgements.{judgement.name}":
            yield f"{judgement.name} stands at {judgement.field.path}"
        if judgement.field.optional:
            yield f"{judgement.name} may be none"


def clauses_belong_to_a_classification(core: Core) -> Iterator[str]:
    """The id of a clause is that of its classification, a dot and its label; every clause is of one class."""
    owned: Counter[str] = Counter()
    for classification in core.classifications.values():
        for described in classification.classes:
            if not described.clauses:
                yield f"class {described.label} of {classification.id} has no clause"
            for clause in described.clauses:
                owned[clause] += 1
                owner, _, label = clause.rpartition(".")
                if owner != classification.id or not label:
                    yield f"the clause {clause} belongs to {classification.id}"
    for name, rule in core.rules.items():
        if (rule.sort == "clause") != (owned[name] > 0):
            yield f"{name} is a {rule.sort}"
        if owned[name] > 1:
            yield f"the clause {name} stands in {owned[name]} classes"


def labels_are_unique(core: Core) -> Iterator[str]:
    """The labels of a classification differ from each other and from the words for other outcomes."""
    for classification in core.classifications.values():
        labels = Counter(described.label for described in classification.classes)
        for label, count in labels.items():
            if count > 1:
                yield f"{classification.id} has {count} classes {label}"
            if label in (UNMATCHED, NOT_APPLICABLE):
                yield f"{classification.id} has a class called {label}"


def outcomes_asked_for_exist(core: Core) -> Iterator[str]:
    """A condition on an outcome names labels of its classification, `unmatched` or `invalid`."""
    for condition in _conditions(core):
        if isinstance(condition, OutcomeIs):
            classification = core.classifications[condition.classification]
            known = {UNMATCHED, INVALID, *(described.label for described in classification.classes)}
            for outcome in condition.outcomes:
                if outcome not in known:
                    yield f"{classification.id} has no class {outcome}"
            if not condition.outcomes:
                yield f"no outcome of {classification.id} is asked for"


def leaves_have_names_of_their_own(core: Core) -> Iterator[str]:
    """The id of a leaf names it within its rule; two leaves of one id ask the same."""
    for name, rule in core.rules.items():
        seen: dict[str, Condition] = {}
        for leaf in leaves_under(rule.condition):
            if not leaf.id:
                yield f"a leaf of {name} has no id"
            if seen.setdefault(leaf.id, leaf) != leaf:
                yield f"{name} has two leaves {leaf.id}"


# ---- conditions


def nothing_hangs_on_itself(core: Core) -> Iterator[str]:
    """Following references between rules, values, figures and classifications never comes back."""
    waiting: dict[str, set[str]] = {}
    for name, rule in core.rules.items():
        waiting[name] = _referred(Reads(core, follow=False).condition(rule.condition))
    for name, definition in core.definitions.items():
        waiting[name] = _referred(Reads(core, follow=False).term(definition.term))
    for name, figure in core.figures.items():
        waiting[name] = _referred(Reads(core, follow=False).figure(figure))
    for name, classification in core.classifications.items():
        waiting[name] = {clause for described in classification.classes for clause in described.clauses}
    while free := [name for name, needs in waiting.items() if not needs & waiting.keys()]:
        for name in free:
            del waiting[name]
    if waiting:
        yield f"these hang on each other: {', '.join(sorted(waiting))}"


def _referred(reads: Reads) -> set[str]:
    return {*reads.rules, *reads.definitions, *reads.figures, *reads.classifications}


def lists_can_hold(core: Core) -> Iterator[str]:
    """A list has items, `at least N` a number from one to as many as it has, and the other lists no number."""
    for condition in _conditions(core):
        match condition:
            case Listed(quantifier="at_least", count=count, items=items):
                if not 1 <= count <= len(items):
                    yield f"at least {count} of {len(items)}"
            case Listed(quantifier=quantifier, count=count, items=items):
                if count or not items:
                    yield f"{quantifier} of {len(items)} items, with the number {count}"
            case Trend(years=years) if years < 1:
                yield f"a trend over {years} years"
            case _:
                pass


def compared_kinds_agree(core: Core) -> Iterator[str]:
    """The two sides of a comparison are numbers of one unit, dates, or of the same values; a trend is of numbers."""
    for condition in _conditions(core):
        match condition:
            case Compare(left=left, right=right, id=name) if not _agree(left.kind, right.kind):
                yield f"{name} compares {left.kind} with {right.kind}"
            case Trend(kind=kind, id=name) if not isinstance(kind, Number):
                yield f"{name} is a trend of {kind}"
            case _:
                pass


def what_is_worked_out_has_its_kind(core: Core) -> Iterator[str]:
    """A value that is worked out has the kind that its parts give; constants have values of their kind."""
    for term in _terms(core):
        match term:
            case Computed(operation=operation, parts=parts, kind=kind):
                kinds = [part.kind for part in parts]
                if not _gives(operation, kinds, kind):
                    yield f"{operation} of {', '.join(map(str, kinds))} in {kind}"
            case Constant(value=value, kind=kind):
                wanted = {Number: Fraction, Date: datetime.date, Flag: bool}.get(type(kind), str)
                if not isinstance(value, wanted):
                    yield f"the constant {value!r} as {kind}"
            case _:
                pass


def _gives(operation: str, kinds: list[Kind], kind: Kind) -> bool:
    """Whether an operation on values of some kinds gives one of another."""
    match operation:
        case "plus" | "minus" | "later" | "earlier" | "days_between":
            subtract = operation not in ("plus", "later")
            first, second = kinds if operation != "days_between" else reversed(kinds)
            return sum_kind(first, second, subtract) == kind
        case "times":
            return product_kind(*kinds) == kind
        case "divided":
            return quotient_kind(*kinds) == kind
        case "as_percent":
            return kinds == [Number("number")] and kind == Number("percent")
        case "percent_of":
            return _agree(kinds[1], kind)
        case "months_between" | "years_between":
            return all(isinstance(k, Date) for k in kinds) and kind == Number(operation.partition("_")[0])
        case _:
            return all(_agree(k, kind) for k in kinds)


def values_belong_to_kinds(core: Core) -> Iterator[str]:
    """The values a leaf admits are values of what it reads, each once, and there is at least one."""
    for condition in _conditions(core):
        if not isinstance(condition, IsAmong):
            continue
        kind = condition.term.kind
        known: tuple[str | bool, ...]
        match kind:
            case Flag():
                known = (True, False)
            case Choice(values=values) | Scale(values=values):
                known = values
            case _:
                yield f"{condition.id} asks for a value of {kind}"
                continue
        if not condition.values or len(set(condition.values)) < len(condition.values):
            yield f"{condition.id} admits {condition.values}"
        for value in condition.values:
            if value not in known or isinstance(value, bool) != isinstance(kind, Flag):
                yield f"{condition.id} admits {value}, which is no value of {kind}"


# ---- time


def series_that_are_read_have_a_due_date(core: Core) -> Iterator[str]:
    """Every series that is read, by itself or for the year of a parameter, has a day on which it is due."""
    for term in _terms(core):
        match term:
            case YearValue(series=series):
                pass
            case ParameterValue(year=year, series=series) if year is not None and year.fixed is None:
                pass
            case _:
                continue
        if series not in core.due:
            yield f"{series} is never due"
    for condition in _conditions(core):
        if isinstance(condition, Trend) and condition.series not in core.due:
            yield f"{condition.series} is never due"


def parameters_have_values(core: Core) -> Iterator[str]:
    """A parameter that is read has the values it is read for: by year, or from the first day in force on."""
    for term in _terms(core):
        if not isinstance(term, ParameterValue):
            continue
        parameter = core.parameters[term.name]
        if parameter.kind != term.kind:
            yield f"{term.name} is read as {term.kind}"
        if term.year is None and not any(day <= core.in_force[0] for day, _ in parameter.from_date):
            yield f"{term.name} has no value on {core.in_force[0]}"
        if term.year is not None and not parameter.by_year:
            yield f"{term.name} is read for a year and has values by date"
        if term.year is not None and term.year.fixed is not None and term.year.fixed not in dict(parameter.by_year):
            yield f"{term.name} has no value for {term.year.fixed}"


def periods_run_forward(core: Core) -> Iterator[str]:
    """A policy ends no earlier than it begins; the values of a parameter stand in order, one for each key."""
    if core.in_force[1] < core.in_force[0]:
        yield f"in force from {core.in_force[0]} to {core.in_force[1]}"
    for parameter in core.parameters.values():
        years = [year.start for year, _ in parameter.by_year]
        days = [day for day, _ in parameter.from_date]
        if years != sorted(set(years)) or days != sorted(set(days)):
            yield f"the values of {parameter.name} are out of order"
        if years and days:
            yield f"{parameter.name} has values by year and by date"


# ---- people


def parties_are_declared(core: Core) -> Iterator[str]:
    """Who bears a consequence is a declared party."""
    for consequence in core.consequences:
        if consequence.bearer not in core.parties:
            yield f"there is no party {consequence.bearer}"


def sources_are_declared(core: Core) -> Iterator[str]:
    """What is cited is a declared source, and every interpretation has a reason."""
    for what, cites, interpretations in _owned(core):
        for cite in cites:
            if cite.source not in core.sources:
                yield f"{what} cites {cite.source}"
        for name in interpretations:
            if name not in core.interpretations:
                yield f"{what} rests on {name}"


def audiences_stay_within(core: Core) -> Iterator[str]:
    """Whoever may see a rule, a classification or a consequence may see all that it reads."""
    for name, rule in core.rules.items():
        if PUBLIC not in rule.released:
            seen_by = rule.audience if rule.audience is None else rule.audience - rule.released
            yield from _wider(core, name, seen_by, rule.condition)
    for classification in core.classifications.values():
        if classification.guard is not None:
            yield from _wider(core, classification.id, classification.audience, classification.guard)
        for described in classification.classes:
            for clause in described.clauses:
                if not within(classification.audience, core.rules[clause].audience):
                    yield f"{classification.id} is shown to more than its clause {clause}"
    for consequence in core.consequences:
        what = f"{consequence.bearer} {consequence.action} of {consequence.rule}"
        yield from _wider(core, what, consequence.audience, consequence.condition)


def _wider(core: Core, what: str, audience: Audience, condition: Condition) -> Iterator[str]:
    reads = Reads(core, follow=False).condition(condition)
    for path in reads.paths:
        if not within(audience, core.audience_of(path)):
            yield f"{what} is shown to more than {path}"
    audiences = {name: core.rules[name].audience for name in reads.rules}
    audiences |= {name: core.classifications[name].audience for name in reads.classifications}
    audiences |= {name: core.definitions[name].audience for name in reads.definitions}
    for name, allowed in audiences.items():
        if not within(audience, allowed):
            yield f"{what} is shown to more than {name}"


# ---- walks


def _conditions(core: Core) -> Iterator[Condition]:
    for condition in all_conditions(core):
        yield from conditions_under(condition)


def _terms(core: Core) -> Iterator[Term]:
    """Every term and its parts. A trend reads its series without a term; its path is checked as one."""
    for condition in _conditions(core):
        match condition:
            case Compare(left=left, right=right):
                yield from terms_under(left)
                yield from terms_under(right)
            case IsAmong(term=term) | IsNone(term=term):
                yield from terms_under(term)
            case Trend(series=series, path=path, kind=kind):
                yield YearValue(series, path, kind, _LATEST)
            case _:
                pass
    for term in top_terms(core):
        yield from terms_under(term)


def _agree(left: Kind, right: Kind) -> bool:
    if isinstance(left, Number) and isinstance(right, Number):
        return left.unit == right.unit
    if isinstance(left, Choice | Scale) and isinstance(right, Choice | Scale):
        return left.values == right.values
    return isinstance(left, Date) and isinstance(right, Date)


def _owned(core: Core) -> Iterator[tuple[str, tuple[Citation, ...], tuple[str, ...]]]:
    for name, rule in core.rules.items():
        yield name, rule.cites, rule.interpretations
    for classification in core.classifications.values():
        yield classification.id, classification.cites, classification.interpretations
        for described in classification.classes:
            yield f"class {described.label}", described.cites, described.interpretations
    for parameter in core.parameters.values():
        yield parameter.name, parameter.cites, parameter.interpretations
    for judgement in core.judgements.values():
        yield judgement.name, judgement.cites, judgement.interpretations
    for consequence in core.consequences:
        yield consequence.action, consequence.cites, consequence.interpretations
    for series, due in core.due.items():
        yield series, due.cites, due.interpretations
    for definition in core.definitions.values():
        yield definition.id, definition.cites, definition.interpretations
    for figure in core.figures.values():
        yield figure.name, figure.cites, figure.interpretations


_FIRST: Final[tuple[Invariant, ...]] = (references_lead_somewhere, fields_exist)

INVARIANTS: Final[tuple[tuple[str, Invariant], ...]] = tuple(
    (invariant.__name__, invariant)
    for invariant in (
        *_FIRST,
        names_are_keys,
        judgements_have_their_paths,
        clauses_belong_to_a_classification,
        labels_are_unique,
        outcomes_asked_for_exist,
        leaves_have_names_of_their_own,
        nothing_hangs_on_itself,
        lists_can_hold,
        compared_kinds_agree,
        what_is_worked_out_has_its_kind,
        values_belong_to_kinds,
        series_that_are_read_have_a_due_date,
        parameters_have_values,
        periods_run_forward,
        parties_are_declared,
        sources_are_declared,
        audiences_stay_within,
    )
)
