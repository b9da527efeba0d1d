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
    """Check what a value with a name comes to; where it differs a failure is added."""
    result = next((item for item in at.decision.values if item.id == expected.name.text), None)
    if result is None:
        known = ", ".join(item.id for item in at.decision.values) or "none"
        at.differs(expected.span, f"the decision gives no such value; it gives {known}")
        return
    if result.status != expected.status or (expected.status == "known" and not _same(expected, result)):
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
    shown = [value_text(value, result.kind) for value in result.possible]
    return f"it {_SAID[result.status]}" + (f", between {' and '.join(shown)}" if shown else "")
