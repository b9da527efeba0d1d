"""Kinds, dates and numbers as written in the tree, read into values; what cannot be read is reported."""

import datetime
from collections.abc import Callable, Collection, Container
from fractions import Fraction

from si_rules.semantics.kinds import (
    DURATIONS,
    MOST_DECIMAL_PLACES,
    MOST_WHOLE_DIGITS,
    PERCENT,
    Choice,
    Date,
    Flag,
    Kind,
    Number,
    Scale,
)
from si_rules.semantics.report import Report
from si_rules.semantics.years import AcademicYear
from si_rules.syntax import tree

BUILT_IN_UNITS = ("percent", "percentage_points", "points", "number", *DURATIONS)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July",
           "August", "September", "October", "November", "December")  # fmt: skip


def read_kind(line: tree.KindExpression, units: Collection[str], report: Report,
              kind_of: Callable[[str], Kind | None] | None = None,
              in_decimals: Container[str] = ()) -> Kind | None:  # fmt: skip
    """The kind an author wrote, or None after a report. `kind_of` gives that of a name, for `the scale of`.

    A unit of the vocabulary is counted whole, from 0, unless it is one of those `in_decimals`.
    """
    match line.sort:
        case "kind_of":
            name = line.names[0].text
            kind = kind_of(name) if kind_of is not None else None
            if not isinstance(kind, Scale | Choice):
                report.error("SI406", f"`{name}` has no scale to be named here", line.span,
                             "name evidence, a judgement or a fact that is on a scale")  # fmt: skip
                return None
            return kind
        case "flag":
            return Flag()
        case "date":
            return Date()
        case "choice" | "best_to_worst" | "worst_to_best":
            values = tuple(word.text for word in line.names)
            for position, word in enumerate(line.names):
                if word.text in values[:position]:
                    report.error("SI302", f"the value `{word.text}` stands twice", word.span, "keep one of them")
                    return None
            if line.sort == "choice":
                return Choice(values)
            worst_first = line.sort == "worst_to_best"
            return Scale(tuple(reversed(values)) if worst_first else values, worst_first)
        case "percent":
            return PERCENT
        case unit if unit in BUILT_IN_UNITS:
            return Number(unit)
        case unit if unit in units:
            return Number(unit, low=Fraction(0), whole=unit not in in_decimals)
        case unit:
            report.unknown("unit", unit, line.span, [*BUILT_IN_UNITS, *units])
            return None


def read_limited_kind(line: tree.KindLine, units: Collection[str], report: Report,
                      in_decimals: Container[str] = ()) -> Kind | None:  # fmt: skip
    """The kind of a line of evidence, with its limits."""
    kind = read_kind(line.kind, units, report, in_decimals=in_decimals)
    if line.limits is None or kind is None:
        return kind
    low, high = (Fraction(word.text) for word in line.limits)
    if not isinstance(kind, Number):
        report.error("SI401", "limits belong to a number", line.span, "leave out `between`")
        return None
    if high < low:
        report.error("SI402", "the lower limit is above the higher", line.span, "swap the two")
        return None
    if kind.whole and -(-low // 1) > high:
        report.error("SI402", "there is no whole number between the limits", line.span, "widen the limits")
        return None
    return Number(kind.unit, low, high, kind.whole)


def read_number(quantity: tree.Quantity, report: Report) -> Fraction | None:
    """The number of a quantity, exact, or None after a report."""
    whole, _, places = quantity.text.lstrip("-").partition(".")
    if len(places) > MOST_DECIMAL_PLACES or len(whole) > MOST_WHOLE_DIGITS:
        limit = f"at most {MOST_WHOLE_DIGITS} digits and {MOST_DECIMAL_PLACES} decimal places are read"
        report.error("SI403", f"`{quantity.text}` is too long a number", quantity.span, limit)
        return None
    return Fraction(quantity.text)


def read_date(word: tree.Word, report: Report) -> datetime.date | None:
    """A date, or None after a report."""
    try:
        return datetime.date.fromisoformat(word.text)
    except ValueError:
        report.error("SI404", f"there is no day `{word.text}`", word.span, "write year, month and day: 2015-09-01")
        return None


def read_year(word: tree.Word, report: Report) -> AcademicYear | None:
    """An academic year, or None after a report."""
    try:
        return AcademicYear.parse(word.text)
    except ValueError:
        start = int(word.text[:4])
        help_ = f"did you mean `{AcademicYear(start)}`?"
        report.error("SI405", f"`{word.text}` is no academic year", word.span, help_)
        return None


def read_due(day: tree.Word, month: tree.Word, report: Report) -> tuple[int, int] | None:
    """The month and day on which results are due, or None after a report."""
    number = _MONTHS.index(month.text) + 1
    try:
        datetime.date(2015, number, int(day.text))
    except ValueError:
        report.error("SI404", f"there is no {day.text} {month.text} in every year", day.span.to(month.span),
                     "name a day that every year has")  # fmt: skip
        return None
    return number, int(day.text)
