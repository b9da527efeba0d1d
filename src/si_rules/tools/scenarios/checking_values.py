"""Holds the values a decision gives against what a case expects of them."""

from fractions import Fraction

from si_rules.decisions.decision import ValueResult
from si_rules.decisions.wording import value_text
from si_rules.semantics.facts import Value
from si_rules.semantics.kinds import Date, Flag, Number
from si_rules.syntax import scenario_tree as tree
from si_rules.tools.scenarios.comparison import Comparison

_SAID = {"none": "is none", "undetermined": "is undetermined", "not_applicable": "does not apply"}


def check_value(expected: tree.ExpectValue, at: Comparison) -> None:
    """Check what a value with a name or a figure comes to; where it differs a failure is added."""
    given = (*at.decision.values, *at.decision.figures)
    result = next((item for item in given if item.id == expected.name.text), None)
    if result is None:
        known = ", ".join(item.id for item in given) or "none"
        at.differs(expected.span, f"the decision gives no such value; it gives {known}")
        return
    limits = tuple(Fraction(limit.text) for limit in expected.limits)
    same = result.between == limits if limits else expected.status != "known" or _same(expected, result)
    if result.status != expected.status or not same:
        at.differs(expected.span, came(result))


def _same(expected: tree.ExpectValue, result: ValueResult) -> bool:
    wanted: Value | None = expected.text
    match result.kind:
        case Number(unit=unit):
            wanted = (
                Fraction(expected.text) if expected.sort in ("number", "percent") and expected.unit == unit else None
            )
        case Flag():
            wanted = expected.text == "yes"
        case Date():
            return str(result.value) == expected.text
        case _:
            pass
    return wanted == result.value


def came(result: ValueResult) -> str:
    """What a value came to, in words."""
    if result.status == "known" and result.value is not None:
        return f"it is {value_text(result.value, result.kind)}"
    shown = [value_text(value, result.kind) for value in result.between or result.possible]
    return f"it {_SAID[result.status]}" + (f", between {' and '.join(shown)}" if shown else "")
