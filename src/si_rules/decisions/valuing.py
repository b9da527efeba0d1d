"""What values came to: from the values that completions give to a status, a value, or what is still possible."""

from typing import Any

from si_rules.decisions.decision import ValueResult
from si_rules.evaluation.special import NONE, NOT_APPLIED
from si_rules.evaluation.values import Open, Part
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Datum, Known
from si_rules.semantics.kinds import Kind


def figure_result(figure: core.Figure, datum: Datum) -> ValueResult:
    """A figure of the cohort as a value: known, within limits, or not applicable to the subject."""
    told = figure.name, figure.title, figure.kind, figure.cites
    match datum:
        case Known(value=value):
            return ValueResult(*told, "known", value, ())
        case Absent(low=low, high=high):
            limits = None if low is None or high is None else (low, high)
            return ValueResult(*told, "undetermined", None, (), limits)
        case _:
            return ValueResult(*told, "not_applicable", None, ())


def value_status(found: set[Part], kind: Kind) -> tuple[str, Any, tuple[Any, ...]]:
    """How it is with a value: known, none, not_applicable or undetermined; the value; those still possible, if few."""
    if len(found) == 1:
        (part,) = found
        if part is NONE:
            return "none", None, ()
        if part is NOT_APPLIED:
            return "not_applicable", None, ()
        if not isinstance(part, Open):
            return "known", part, ()
    return "undetermined", None, () if any(isinstance(part, Open) for part in found) else in_order_of(kind, found)


def in_order_of(kind: Kind, found: set[Part]) -> tuple[Any, ...]:
    """Values in the order of their kind, numbers and dates ascending; none and not applicable at the end."""
    special = [part for part in (NONE, NOT_APPLIED) if part in found]
    values: list[Any] = [part for part in found if part not in special]
    listed: tuple[str, ...] = getattr(kind, "values", ())
    return (*sorted(values, key=lambda value: listed.index(value) if value in listed else value), *special)
