"""Columns of tables and the cells under them: what a column asks, and which answers a cell admits."""

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from attrs import frozen

from si_rules.semantics import core
from si_rules.semantics.kind_reading import read_date, read_number
from si_rules.semantics.kinds import Choice, Date, Flag, Kind, Number, Scale, described
from si_rules.semantics.report import Report
from si_rules.semantics.scope import Scope
from si_rules.syntax import tree

NONE: Final = "none"
_ANYTHING: Final = ("any", "anything", "all", "every", "otherwise", "else", "other", "others", "rest")
_BOUNDS: Final[dict[str, core.Operator]] = {
    "under": "<", "at_least": ">=", "more_than": ">", "at_most": "<=", "before": "<", "after": ">",
}  # fmt: skip


@frozen
class Column:
    """What a column asks: the value of a term, whether a rule holds, or the outcome of a classification."""

    key: str
    kind: Kind
    term: core.Term | None
    rule: str | None
    classification: str | None
    may_be_none: bool


@frozen
class Bound:
    """One side of what a number or a date must satisfy."""

    operator: core.Operator
    value: Fraction


def read_column(head: tree.Term, scope: Scope, read_term: Callable[[tree.Term], core.Term | None],
                need_group: Callable[[str | None, str], None]) -> Column | None:  # fmt: skip
    """The column of a head, or None after a report. `need_group` is told which group a name is for."""
    match head:
        case tree.NameTerm(when=None, year=None, name=name) if name.text in scope.rules:
            need_group(scope.rules[name.text], name.text)
            return Column(name.text, Flag(), None, name.text, None, False)
        case tree.NameTerm(when=None, year=None, name=name) if name.text in scope.classifications:
            known = scope.classifications[name.text]
            need_group(known.group, name.text)
            return Column(name.text, Choice(known.outcomes), None, None, name.text, False)
        case _:
            pass
    term = read_term(head)
    if term is None:
        return None
    field = scope.vocabulary.fields.get(getattr(term, "path", ""))
    may_be_none = isinstance(term, core.RecordValue) or (field is not None and field.optional)
    key = getattr(term, "path", getattr(term, "name", "value")).rpartition(".")[2]
    return Column(key, term.kind, term, None, None, may_be_none)


def read_cell(cell: tree.Cell, column: Column, report: Report) -> core.Condition | None:
    """The condition of a cell that asks something, or None after a report."""
    found: list[core.Condition] = []
    admitted: list[str] = []
    for number, test in enumerate(cell.tests):
        if test.sort in ("place", "or_better", "or_worse") and not _is_none(test, column):
            values = _places(test, column, report)
            if values is None:
                return None
            admitted += values
            continue
        condition = _tested(test, column, number, report)
        if condition is None:
            return None
        found.append(condition)
    origin = _origin(cell, report)
    if admitted:
        found.insert(0, _among(column, tuple(admitted), origin))
    if len(found) == 1:
        return found[0]
    return core.Listed("all" if cell.together else "any", 0, tuple(found), origin)


def _is_none(test: tree.Test, column: Column) -> bool:
    values = column.kind.values if isinstance(column.kind, Choice | Scale) else ()
    return test.sort == "place" and test.words[0].text == NONE and column.may_be_none and NONE not in values


def _origin(cell: tree.Cell, report: Report) -> core.Origin:
    source = report.source
    return core.Origin(source.name, source.place(cell.span.start)[0], source.words(cell.span))


def _among(column: Column, values: tuple[str, ...], origin: core.Origin) -> core.Condition:
    """One of some values, in the order of the column's kind."""
    assert isinstance(column.kind, Choice | Scale)
    kept = tuple(value for value in column.kind.values if value in values)
    if column.classification is not None:
        return core.OutcomeIs(column.classification, kept, origin)
    assert column.term is not None
    return core.IsAmong(column.term, kept, column.key, origin)


def _places(test: tree.Test, column: Column, report: Report) -> tuple[str, ...] | None:
    """The values a test names; with `or better`, `or worse` those beyond as well."""
    word = test.words[0]
    kind = column.kind
    if not isinstance(kind, Choice | Scale):
        if isinstance(kind, Flag):
            report.error(
                "SI401", f"the column holds {described(kind)}, not `{word.text}`", word.span, "write yes or no"
            )
        else:  # every row of a matrix whose axes changed places
            report.once("SI401", f"the column `{column.key}` holds {described(kind)}, not values with a name", word.span,
                        "write figures, or under, at least, …; or ask something else in this column")  # fmt: skip
        return None
    if word.text not in kind.values:
        if column.classification in report.damaged:
            return None
        if word.text in _ANYTHING:
            report.error("SI303", f"`{word.text}` is no value of the column", word.span,
                         "leave the cell empty: an empty cell takes anything")  # fmt: skip
        else:
            report.unknown("value", word.text, word.span, kind.values, "SI303")
        return None
    place = kind.values.index(word.text)
    if test.sort == "place":
        return (word.text,)
    if not isinstance(kind, Scale):
        report.error(
            "SI407", f"these values have no order: {described(kind)}", test.span, "list the values that are meant"
        )
        return None
    return kind.values[: place + 1] if test.sort == "or_better" else kind.values[place:]


def _tested(test: tree.Test, column: Column, number: int, report: Report) -> core.Condition | None:
    source = report.source
    origin = core.Origin(source.name, source.place(test.span.start)[0], source.words(test.span))
    name = column.key if not number else f"{column.key}_{number + 1}"
    if _is_none(test, column):
        assert column.term is not None
        return core.IsNone(column.term, f"{name}_none", origin)
    if test.sort == "flag":
        return _flag(test, column, name, origin, report)
    if test.quantities and column.classification is not None and test.sort == "equal":
        label = tree.Word(test.quantities[0].text, test.span)
        values = _places(tree.Test("place", (label,), (), test.span), column, report)
        return None if values is None else _among(column, values, origin)
    bounds = bounds_of(test, column, report)
    if bounds is None or column.term is None:
        return None
    compared: list[core.Condition] = [
        core.Compare(bound.operator, column.term, _constant(bound.value, column.kind), _bound_name(name, i), origin)
        for i, bound in enumerate(bounds)
    ]
    return compared[0] if len(compared) == 1 else core.Listed("all", 0, tuple(compared), origin)


def _bound_name(name: str, index: int) -> str:
    return name if not index else f"{name}_to"


def _flag(test: tree.Test, column: Column, name: str, origin: core.Origin, report: Report) -> core.Condition | None:
    if not isinstance(column.kind, Flag):
        report.error("SI401", f"the column holds {described(column.kind)}, not yes or no", test.span,
                     "write one of its values")  # fmt: skip
        return None
    yes = test.words[0].text == "yes"
    if column.rule is not None:
        holds = core.RuleHolds(column.rule, origin)
        return holds if yes else core.Not(holds, origin)
    assert column.term is not None
    return core.IsAmong(column.term, (yes,), name, origin)


def _constant(value: Fraction, kind: Kind) -> core.Term:
    import datetime

    if isinstance(kind, Date):
        return core.Constant(datetime.date.fromordinal(int(value)), kind)
    assert isinstance(kind, Number)
    return core.Constant(value, kind.unbounded)


def bounds_of(test: tree.Test, column: Column, report: Report) -> list[Bound] | None:
    """What a test asks of a number or a date; dates as counts of days. None after a report."""
    numbers = []
    for quantity in test.quantities:
        value = _value(quantity, column.kind, report)
        if value is None:
            return None
        numbers.append(value)
    if test.sort == "equal":
        return [Bound("=", numbers[0])]
    if test.sort == "range":
        if numbers[1] < numbers[0]:
            report.error("SI402", "the range ends below its beginning", test.span, "swap the two")
            return None
        return [Bound(">=", numbers[0]), Bound("<=", numbers[1])]
    if test.sort in ("before", "after") and not isinstance(column.kind, Date):
        report.error("SI407", "only dates are before or after", test.span,
                     "of a number write: under, at least, more than, at most")  # fmt: skip
        return None
    return [Bound(_BOUNDS[test.sort], numbers[0])]


def _value(quantity: tree.Quantity, kind: Kind, report: Report) -> Fraction | None:
    if isinstance(kind, Date) and quantity.unit == "date":
        day = read_date(tree.Word(quantity.text, quantity.span), report)
        return None if day is None else Fraction(day.toordinal())
    if isinstance(kind, Number) and quantity.unit == kind.unit:
        return read_number(quantity, report)
    report.error("SI401", f"the column holds {described(kind)}, and this is not", quantity.span,
                 "give the figure the unit of its column")  # fmt: skip
    return None
