"""Invariants of the core: conditions can be evaluated, kinds agree, and what is dated has its days."""

import datetime
from collections.abc import Iterator
from fractions import Fraction

from si_rules.semantics.core import (
    Compare,
    Computed,
    Constant,
    Core,
    IsAmong,
    Listed,
    ParameterValue,
    Trend,
    YearValue,
)
from si_rules.semantics.kinds import Choice, Date, Flag, Kind, Number, Scale, product_kind, quotient_kind, sum_kind
from si_rules.semantics.traversal import Reads, every_condition, every_term


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
    for condition in every_condition(core):
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
    for condition in every_condition(core):
        match condition:
            case Compare(left=left, right=right, id=name) if not _agree(left.kind, right.kind):
                yield f"{name} compares {left.kind} with {right.kind}"
            case Trend(kind=kind, id=name) if not isinstance(kind, Number):
                yield f"{name} is a trend of {kind}"
            case _:
                pass


def what_is_worked_out_has_its_kind(core: Core) -> Iterator[str]:
    """A value that is worked out has the kind that its parts give; constants have values of their kind."""
    for term in every_term(core):
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
    for condition in every_condition(core):
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
    for term in every_term(core):
        match term:
            case YearValue(series=series):
                pass
            case ParameterValue(year=year, series=series) if year is not None and year.fixed is None:
                pass
            case _:
                continue
        if series not in core.due:
            yield f"{series} is never due"
    for condition in every_condition(core):
        if isinstance(condition, Trend) and condition.series not in core.due:
            yield f"{condition.series} is never due"


def parameters_have_values(core: Core) -> Iterator[str]:
    """A parameter that is read has the values it is read for: by year, or from the first day in force on."""
    for term in every_term(core):
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


def _agree(left: Kind, right: Kind) -> bool:
    if isinstance(left, Number) and isinstance(right, Number):
        return left.unit == right.unit
    if isinstance(left, Choice | Scale) and isinstance(right, Choice | Scale):
        return left.values == right.values
    return isinstance(left, Date) and isinstance(right, Date)
