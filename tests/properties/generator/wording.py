"""Terms and conditions as text."""

from fractions import Fraction

from tests.properties.generator.declarations import Kind
from tests.properties.generator.terms import (
    Adjusted,
    Among,
    Asked,
    Between,
    ClauseReference,
    Comparison,
    Condition,
    CountYears,
    Day,
    DaysApart,
    DecisionDay,
    Exists,
    ForRecords,
    Includes,
    Judged,
    Listing,
    ListOf,
    Moved,
    Named,
    Number,
    OfRecord,
    OfYear,
    OverRecords,
    OverYears,
    Own,
    PercentOf,
    Place,
    Product,
    Quotient,
    Reference,
    Stated,
    Steps,
    Term,
    Total,
    Trend,
)

OPERATORS = {"<": "is under", "<=": "is at most", ">": "is more than", ">=": "is at least", "=": "is"}
DATE_OPERATORS = {"<": "is before", ">": "is after", "=": "is", "<=": "is at most", ">=": "is at least"}
OPERAND, CHAIN, ROUGH, WHOLE = range(4)


def year_text(start: int) -> str:
    return f"{start}-{(start + 1) % 100:02d}"


def decimal_text(value: Fraction) -> str:
    """A fraction with a finite decimal expansion, written out."""
    sign, value = ("-" if value < 0 else ""), abs(value)
    whole, rest = divmod(value.numerator, value.denominator)
    digits = ""
    while rest:
        rest *= 10
        digit, rest = divmod(rest, value.denominator)
        digits += str(digit)
    return f"{sign}{whole}" + (f".{digits}" if digits else "")


def quantity_text(value: Fraction, unit: str) -> str:
    text = decimal_text(value)
    if unit == "percent":
        return f"{text}%"
    return text if unit == "number" else f"{text} {unit.replace('_', ' ')}"


def kind_text(kind: Kind) -> str:
    match kind.sort:
        case "flag":
            return "yes or no"
        case "choice":
            return f"one of {', '.join(kind.values)}"
        case "scale":
            if kind.worst_first:
                return f"scale from worst to best: {', '.join(reversed(kind.values))}"
            return f"scale from best to worst: {', '.join(kind.values)}"
        case "date":
            return "date"
        case _:
            limits = ""
            if kind.limits_written and kind.low is not None and kind.high is not None:
                limits = f" between {decimal_text(kind.low)} and {decimal_text(kind.high)}"
            return kind.unit.replace("_", " ") + limits


# ---- terms


def _level(term: Term) -> int:
    """How much may stand around a term without brackets."""
    match term:
        case Total() | Product() | Quotient() | Moved() | DaysApart():
            return CHAIN
        case ListOf() | OverYears() | CountYears() | OverRecords() | Between() | Steps():
            return ROUGH
        case Adjusted():
            return WHOLE
        case _:
            return OPERAND


def term_text(term: Term, most: int = WHOLE) -> str:
    """A term, in brackets where it is more than may stand here."""
    text = _bare(term)
    return text if _level(term) <= most else f"({text})"


def _operand(term: Term) -> str:
    return term_text(term, OPERAND)


def _bare(term: Term) -> str:
    match term:
        case Number(value, unit):
            return quantity_text(value, unit)
        case Day(value):
            return str(value)
        case Place(value) | Named(value):
            return value
        case Own(path):
            return path
        case Judged(name):
            return f"judgement {name}"
        case OfRecord(path, back):
            return path if back is None else f"{'previous' if back else 'latest'} {path}"
        case OfYear(path, back, fixed):
            if fixed is not None:
                return f"{path} in {year_text(fixed)}"
            return path if back is None else f"{'previous' if back else 'latest'} {path}"
        case Stated(name, fixed):
            return name if fixed is None else f"{name} in {year_text(fixed)}"
        case DecisionDay():
            return "the day of the decision"
        case PercentOf(share, inner):
            return f"{decimal_text(share)}% of {_operand(inner)}"
        case Total() | Product() | Quotient() | Moved() | DaysApart():
            return _chain(term)
        case Adjusted():
            return _adjusted(term)
        case _:
            return _several(term)


def _chain(term: Total | Product | Quotient | Moved | DaysApart) -> str:
    """A chain of one sort needs no brackets."""
    match term:
        case Total(left, right, minus):
            first = _bare(left) if isinstance(left, Total) else _operand(left)
            return f"{first} {'minus' if minus else 'plus'} {_operand(right)}"
        case Moved(day, count, _, minus):
            first = _bare(day) if isinstance(day, Moved) else _operand(day)
            return f"{first} {'minus' if minus else 'plus'} {_operand(count)}"
        case DaysApart(last, first_day):
            return f"{_operand(last)} minus {_operand(first_day)}"
        case Product(left, right):
            first = _bare(left) if isinstance(left, Product) else _operand(left)
            return f"{first} times {_operand(right)}"
        case Quotient(left, right):
            return f"{_operand(left)} divided by {_operand(right)}"


def _adjusted(term: Adjusted) -> str:
    inner = _bare(term.term)
    match term.way:
        case "percent":
            return f"{inner}, as percent"
        case "places":
            assert isinstance(term.by, Number)
            count = term.by.value
            return f"{inner}, rounded to {count} decimal place{'' if count == 1 else 's'}"
        case "whole":
            return f"{inner}, rounded to a whole number"
        case "nearest":
            assert term.by is not None
            return f"{inner}, rounded to the nearest {_operand(term.by)}"
        case way:
            words = {"no_better": "no better than", "no_worse": "no worse than", "at_most": "at most",
                     "at_least": "at least"}[way]  # fmt: skip
            assert term.by is not None
            return f"{inner}, but {words} {_operand(term.by)}"


def _several(term: Term) -> str:
    match term:
        case ListOf(way, terms, existing, _):
            listed = ", ".join(term_text(inner, CHAIN) for inner in terms)
            return f"the {way} of {listed}{', of those that exist' if existing else ''}"
        case OverYears(way, path, years):
            return f"the {way} of {path} over the last {years} years"
        case CountYears(years, condition):
            return f"the number of the last {years} years in which {line_text(condition, True)}"
        case OverRecords(way, where, inner, _):
            shown = "" if where is None else f" where {line_text(where, True)}"
            if inner is None:
                return f"the number of visits{shown}"
            return f"the {way} of {term_text(inner, CHAIN)} over all visits{shown}"
        case Between(unit, first, last):
            return f"the {unit} from {term_text(first, CHAIN)} to {term_text(last, CHAIN)}"
        case Steps(count, better, inner, _):
            return f"{count} step{'' if count == 1 else 's'} {'better' if better else 'worse'} than {_operand(inner)}"
        case _:
            raise TypeError(term)


# ---- conditions


def line_text(condition: Condition, inside: bool = False) -> str:
    """A condition on one line."""
    match condition:
        case Comparison():
            return _comparison(condition)
        case Among(term, _, words) | Asked(term, _, words):
            return f"{term if isinstance(term, str) else term_text(term)} {words}"
        case Exists(term, none):
            return f"{'has no' if none else 'has a'} {term_text(term)}"
        case Trend(path, years, rising):
            return f"{path} has {'risen' if rising else 'fallen'} for {years} year{'s' if years > 1 else ''}"
        case Reference(rule, holds):
            return f"{rule} {'holds' if holds else 'does not hold'}"
        case ClauseReference(label, holds):
            return f"clause {label} {'holds' if holds else 'does not hold'}"
        case Includes(name, label):
            return f"{name} includes {label}"
        case ForRecords(every, inner):
            return f"for {'every' if every else 'some'} visit, {line_text(inner, True)}"
        case Listing(quantifier, _, items):
            word = " and " if quantifier == "all" else " or "
            text = word.join(line_text(item.condition, True) for item in items)
            return f"({text})" if inside else text


def _comparison(condition: Comparison) -> str:
    left, right = condition.left, condition.right
    if condition.sort == "place":
        onward = {"<=": " or better", ">=": " or worse", "=": ""}[condition.operator]
        return f"{term_text(left)} is {term_text(right, CHAIN)}{onward}"
    words = (DATE_OPERATORS if condition.sort == "date" else OPERATORS)[condition.operator]
    against = ROUGH if isinstance(right, ListOf) and condition.operator != "=" else CHAIN
    return f"{term_text(left)} {words} {term_text(right, against)}"
