"""The operations on known values: exact, total, and without any rounding but where it is asked for."""

from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from typing import Any, Final

from si_rules.evaluation.special import NOT_APPLIED
from si_rules.semantics.lengths_of_time import later, months_between, years_between

VARIADIC: Final = frozenset({"sum", "mean", "lowest", "highest"})


def rounded(value: Fraction, step: Fraction) -> Fraction:
    """The nearest multiple of `step`; half goes away from zero."""
    steps = abs(value) / step
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return step * whole if value >= 0 else -step * whole


def _moved(day: Any, count: Any, unit: Any) -> Any:
    """A day moved; outside the calendar it does not apply."""
    found = later(day, count, unit)
    return NOT_APPLIED if found is None else found


def _steps(detail: Any, parts: tuple[Any, ...]) -> Any:
    """So many steps down a scale from a place, no further than its ends. `detail`: the steps, then the scale."""
    count, values = detail
    return values[max(0, min(len(values) - 1, values.index(parts[0]) + count))]


def _extreme(choose: Callable[..., Any]) -> Callable[[Any, tuple[Any, ...]], Any]:
    def found(detail: Any, parts: tuple[Any, ...]) -> Any:
        _, scale = detail
        if not parts:
            return NOT_APPLIED
        return choose(parts) if scale is None else choose(parts, key=scale.index)

    return found


OPERATIONS: Final[Mapping[str, Callable[[Any, tuple[Any, ...]], Any]]] = {
    "plus": lambda _, p: p[0] + p[1],
    "minus": lambda _, p: p[0] - p[1],
    "times": lambda _, p: p[0] * p[1],
    "divided": lambda _, p: p[0] / p[1] if p[1] else NOT_APPLIED,
    "as_percent": lambda _, p: p[0] * 100,
    "percent_of": lambda _, p: p[0] * p[1] / 100,
    "rounded": lambda step, p: rounded(p[0], step),
    "sum": lambda _, p: sum(p, Fraction(0)),
    "mean": lambda _, p: sum(p, Fraction(0)) / len(p) if p else NOT_APPLIED,
    "no_higher": _extreme(min),
    "no_lower": _extreme(max),
    "lowest": _extreme(min),
    "highest": _extreme(max),
    "steps": _steps,
    "later": lambda unit, p: _moved(p[0], p[1], unit),
    "earlier": lambda unit, p: _moved(p[0], -p[1], unit),
    "days_between": lambda _, p: Fraction((p[1] - p[0]).days),
    "months_between": lambda _, p: months_between(p[0], p[1]),
    "years_between": lambda _, p: years_between(p[0], p[1]),
}


def detail_of(operation: str, detail: Hashable, scale: tuple[str, ...] | None) -> Hashable:
    """What an operation is told besides its parts: for places on a scale, the scale too."""
    if operation in VARIADIC or operation in ("no_lower", "no_higher"):
        return detail == "existing", scale
    return (detail, scale) if operation == "steps" else detail
