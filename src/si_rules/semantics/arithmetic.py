"""Values worked out from others: chains, quotients, rounding, caps, means, counts; and the units of all these."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs
from attrs import evolve

from si_rules.semantics import core
from si_rules.semantics.kind_reading import read_number
from si_rules.semantics.kinds import (
    Date,
    Kind,
    Number,
    Scale,
    described,
    product_kind,
    quotient_kind,
    sum_kind,
)
from si_rules.semantics.traversal import values_by_year
from si_rules.source.text import Span
from si_rules.syntax import tree

if TYPE_CHECKING:
    from si_rules.semantics.terms import TermReader

LONGEST_SPAN_OF_YEARS: Final = 20
MOST_DECIMAL_PLACES: Final = 18
_EXTREMES: Final[dict[str, core.Operation]] = {
    "lowest": "lowest", "highest": "highest", "earliest": "lowest", "latest": "highest", "best": "lowest", "worst": "highest",
}  # fmt: skip
_WANTED: Final[dict[str, tuple[type[object], str]]] = {
    "lowest": (Number, "numbers"), "highest": (Number, "numbers"), "earliest": (Date, "dates"), "latest": (Date, "dates"),
    "best": (Scale, "places on a scale"), "worst": (Scale, "places on a scale"),
    "sum": (Number, "numbers"), "mean": (Number, "numbers"),
}  # fmt: skip
_PER_CENT: Final = Number("percent")
_NUMBER: Final = Number("number")


class Arithmetic:
    """Reads the terms that are worked out from others. Reports what does not fit together."""

    def __init__(self, terms: TermReader) -> None:
        self.terms = terms
        self.report = terms.report

    def read(self, written: tree.Term) -> core.Term | None:
        """The term, or None after a report."""
        match written:
            case tree.Chain():
                return self._chain(written)
            case tree.Adjusted():
                return self._adjusted(written)
            case tree.PercentOf(percent=percent, term=term):
                inner, share = self._number(term), self.terms.quantity(percent)
                if inner is None or share is None:
                    return None
                return core.Computed("percent_of", (share, inner), _unlimited(inner.kind))
            case tree.Aggregate():
                return self._aggregate(written)
            case tree.OverYears():
                return self._over_years(written)
            case tree.CountYears():
                return self._count_years(written)
            case tree.OverRecords():
                return self._over_records(written)
            case tree.TimeBetween():
                return self._time_between(written)
            case tree.Steps():
                return self._steps(written)
            case _:
                raise TypeError(f"no such term: {type(written).__name__}")

    # ---- chains
    def _chain(self, written: tree.Chain) -> core.Term | None:
        operators = {operator for operator, _ in written.rest}
        if (len(operators) > 1 and operators != {"plus", "minus"}) or (
            operators == {"divided"} and len(written.rest) > 1
        ):
            self.report.error("SI213", "operations are mixed without brackets", written.span,
                              "bracket what is worked out first")  # fmt: skip
            return None
        read = [self.terms.read(part) for part in (written.first, *(part for _, part in written.rest))]
        kept = [part for part in read if part is not None]
        if len(kept) < len(read):
            return None
        total = kept[0]
        for (operator, _), operand in zip(written.rest, kept[1:], strict=True):
            found = self._combined(operator, total, operand, written.span)
            if found is None:
                return None
            total = found
        return total

    def _combined(self, operator: str, left: core.Term, right: core.Term, span: Span) -> core.Term | None:
        kind: Kind | None
        match operator:
            case "plus" | "minus":
                kind = sum_kind(left.kind, right.kind, operator == "minus")
                help_ = "a percentage may be raised or lowered by percentage points; other numbers need one unit"
                what = "cannot be added or taken from each other"
            case "times":
                kind = product_kind(left.kind, right.kind)
                help_, what = "one of the two must be a plain number", "cannot be multiplied"
            case _:
                kind = quotient_kind(left.kind, right.kind)
                help_, what = "only numbers can be divided", "cannot be divided by each other"
        if kind is None:
            message = f"{described(left.kind)} and {described(right.kind)} {what}"
            self.report.error("SI410", message, span, help_)
            return None
        if isinstance(left.kind, Date):
            return self._moved(operator, left, right, kind)
        name: core.Operation = "divided" if operator == "divided" else operator  # type: ignore[assignment]
        return core.Computed(name, (left, right), kind)

    @staticmethod
    def _moved(operator: str, left: core.Term, right: core.Term, kind: Kind) -> core.Term:
        """A date moved by a length of time, or the days from one date to another."""
        if isinstance(right.kind, Date):
            return core.Computed("days_between", (right, left), kind)
        assert isinstance(right.kind, Number)
        return core.Computed("later" if operator == "plus" else "earlier", (left, right), kind, right.kind.unit)

    # ---- adjustments
    def _adjusted(self, written: tree.Adjusted) -> core.Term | None:
        inner = self.terms.read(written.term)
        if inner is None:
            return None
        if written.sort in ("no_better_than", "no_worse_than", "but_at_most", "but_at_least"):
            return self._capped(written, inner)
        if not isinstance(inner.kind, Number):
            self.report.error("SI407", f"only a number can be rounded or made a percentage; this is {described(inner.kind)}",
                              written.span, "leave out what follows the comma")  # fmt: skip
            return None
        if written.sort == "as_percent":
            if inner.kind.unit != "number":
                self.report.error("SI410", f"only a plain number can be made a percentage; this is {described(inner.kind)}",
                                  written.span, "divide it by something of the same unit first")  # fmt: skip
                return None
            return core.Computed("as_percent", (inner,), _PER_CENT)
        step = self._step(written, inner.kind)
        return None if step is None else core.Computed("rounded", (inner,), _unlimited(inner.kind), step)

    def _step(self, written: tree.Adjusted, kind: Number) -> Fraction | None:
        match written.by:
            case None:
                return Fraction(1)
            case tree.Word(text=text, span=span):
                if not text.isdigit() or not 1 <= int(text) <= MOST_DECIMAL_PLACES:
                    self.report.error("SI210", f"a number cannot be rounded to {text} decimal places", span,
                                      f"write a whole number from 1 to {MOST_DECIMAL_PLACES}")  # fmt: skip
                    return None
                return Fraction(1, 10 ** int(text))
            case tree.Quantity() as step:
                number = read_number(step, self.report)
                if number is None or step.unit not in (kind.unit, "number") or number <= 0:
                    if number is not None:
                        self.report.error("SI401", "a number is rounded to a step of its own unit, more than nothing",
                                          step.span, f"write a step in {described(kind)}")  # fmt: skip
                    return None
                return number
            case _:
                raise TypeError("no such step")

    def _capped(self, written: tree.Adjusted, inner: core.Term) -> core.Term | None:
        assert written.by is not None
        assert not isinstance(written.by, tree.Word)
        cap = self._place_or_term(written.by, inner.kind)
        if cap is None:
            return None
        on_scale = written.sort in ("no_better_than", "no_worse_than")
        fits = isinstance(inner.kind, Scale) if on_scale else isinstance(inner.kind, Number)
        if not fits or not _alike(inner.kind, cap.kind):
            message = f"the cap is {described(cap.kind)}, and what it caps is {described(inner.kind)}"
            self.report.error("SI401", message, written.span, "a place is capped by a place on the same scale with "
                              "`but no better than`, a number by a number of its unit with `but at most`")  # fmt: skip
            return None
        operation: core.Operation = "no_lower" if written.sort in ("no_better_than", "but_at_least") else "no_higher"
        return core.Computed(operation, (inner, cap), _unlimited(inner.kind))

    def _place_or_term(self, written: tree.Term, kind: Kind) -> core.Term | None:
        """A term, or the name of a place on the scale it stands beside."""
        match written:
            case tree.NameTerm(when=None, year=None, name=name) if isinstance(kind, Scale) and name.text in kind.values:
                return core.Constant(name.text, kind)
            case _:
                return self.terms.read(written)

    # ---- several values
    def _aggregate(self, written: tree.Aggregate) -> core.Term | None:
        read = [self.terms.read(term) for term in written.terms]
        parts = [part for part in read if part is not None]
        if len(parts) < len(read):
            return None
        first = parts[0].kind
        wanted, what = _WANTED[written.operation]
        for part, term in zip(parts, written.terms, strict=True):
            if not isinstance(part.kind, wanted) or not _alike(first, part.kind):
                message = f"`the {written.operation} of` takes {what} of one kind; this is {described(part.kind)}"
                self.report.error("SI410", message, term.span, "list values of one kind")
                return None
        if not self._adds_up(written.operation, first, written.span):
            return None
        operation: core.Operation = _EXTREMES.get(written.operation, written.operation)  # type: ignore[arg-type]
        detail = "existing" if written.existing else None
        return core.Computed(operation, tuple(parts), _unlimited(first), detail)

    def _adds_up(self, operation: str, kind: Kind, span: Span) -> bool:
        """Whether values of a kind may be added up: percentages may not."""
        if operation != "sum" or not isinstance(kind, Number) or kind.unit != "percent":
            return True
        self.report.error("SI410", "percentages cannot be added up", span, "take their mean, or add what they are of")
        return False

    def _years(self, word: tree.Word) -> list[core.YearReference] | None:
        if not word.text.isdigit() or not 1 <= int(word.text) <= LONGEST_SPAN_OF_YEARS:
            self.report.error("SI210", f"the last {word.text} years cannot be read", word.span,
                              f"write a whole number from 1 to {LONGEST_SPAN_OF_YEARS}")  # fmt: skip
            return None
        return [core.YearReference(back) for back in range(int(word.text))]

    def _over_years(self, written: tree.OverYears) -> core.Term | None:
        years = self._years(written.years)
        if years is None:
            return None
        parts = []
        for year in years:
            with self.terms.at_hand(year):
                part = self.terms.standing_alone(written.term)
            if part is None:
                return None
            parts.append(part)
        parts = [in_one_year(part, _series_in(parts)) for part in parts]
        wanted, what = _WANTED[written.operation]
        if not isinstance(parts[0].kind, wanted) or isinstance(parts[0], core.FieldValue | core.ParameterValue):
            message = (
                f"`the {written.operation} of` over years takes {what} by year; this is {described(parts[0].kind)}"
            )
            self.report.error("SI410", message, written.term.span, "name a measure such as ks2.rwm_level_4_plus")
            return None
        if not self._adds_up(written.operation, parts[0].kind, written.span):
            return None
        operation: core.Operation = _EXTREMES.get(written.operation, written.operation)  # type: ignore[arg-type]
        return core.Computed(operation, tuple(parts), _unlimited(parts[0].kind))

    def _count_years(self, written: tree.CountYears) -> core.Term | None:
        years = self._years(written.years)
        if years is None:
            return None
        parts: list[core.Term] = []
        for year in years:
            with self.terms.at_hand(year):
                condition = self.terms.read_condition(written.condition)
            if condition is None:
                return None
            one, nothing = core.Constant(Fraction(1), _NUMBER), core.Constant(Fraction(0), _NUMBER)
            parts.append(core.Chosen(((condition, one),), nothing, _NUMBER))
        together = _series_in(parts)
        return core.Computed("sum", tuple(in_one_year(part, together) for part in parts), _NUMBER)

    # ---- records
    def _over_records(self, written: tree.OverRecords) -> core.Term | None:
        collection = self.collection(written.records)
        if collection is None:
            return None
        term: core.Term | None = None
        where: core.Condition | None = None
        with self.terms.at_hand(collection=collection):
            if written.term is not None:
                term = self.terms.read(written.term)
            if written.where is not None:
                where = self.terms.read_condition(written.where)
        if (written.term is not None and term is None) or (written.where is not None and where is None):
            return None
        if term is None:
            return core.OverRecords("count", collection, where, None, _NUMBER)
        wanted, what = _WANTED[written.operation]
        if not isinstance(term.kind, wanted):
            message = f"`the {written.operation} of` takes {what}; this is {described(term.kind)}"
            self.report.error("SI410", message, written.span, f"name {what}")
            return None
        if not self._adds_up(written.operation, term.kind, written.span):
            return None
        operation = _EXTREMES.get(written.operation, written.operation)
        return core.OverRecords(operation, collection, where, term, _unlimited(term.kind))  # type: ignore[arg-type]

    def collection(self, word: tree.Word) -> str | None:
        """The collection of records that a name means: its own name, or that of its list."""
        known = {c.listed_under: c.name for c in self.terms.scope.vocabulary.collections.values()}
        names = {**{name: name for name in known.values()}, **known}
        found = names.get(word.text)
        if found is None:
            self.report.unknown("records", word.text, word.span, sorted(names))
        elif found not in self.terms.scope.restated and found not in self.terms.scope.damaged:
            self.report.error("SI502", f"the rule reads `{found}`, which this policy does not restate", word.span,
                              f"add a block `records {found}`, as the vocabulary has it")  # fmt: skip
        return found

    # ---- time and scales
    def _time_between(self, written: tree.TimeBetween) -> core.Term | None:
        first, last = self.terms.read(written.first), self.terms.read(written.last)
        if first is None or last is None:
            return None
        for part, term in ((first, written.first), (last, written.last)):
            if not isinstance(part.kind, Date):
                self.report.error("SI407", f"time passes between two dates; this is {described(part.kind)}", term.span,
                                  "name a date")  # fmt: skip
                return None
        operation: core.Operation = f"{written.unit}_between"  # type: ignore[assignment]
        return core.Computed(operation, (first, last), Number(written.unit))

    def _steps(self, written: tree.Steps) -> core.Term | None:
        inner = self.terms.read(written.term)
        if inner is None:
            return None
        if not isinstance(inner.kind, Scale):
            self.report.error("SI407", f"only a place on a scale has steps; this is {described(inner.kind)}", written.span,
                              "name something on a scale")  # fmt: skip
            return None
        if not written.count.text.isdigit() or not 1 <= int(written.count.text) < len(inner.kind.values):
            self.report.error("SI210", f"there are not {written.count.text} steps on this scale", written.count.span,
                              f"write a whole number from 1 to {len(inner.kind.values) - 1}")  # fmt: skip
            return None
        count = int(written.count.text)
        return core.Computed("steps", (inner,), inner.kind, -count if written.better else count)

    def _number(self, written: tree.Term) -> core.Term | None:
        found = self.terms.read(written)
        if found is not None and not isinstance(found.kind, Number):
            self.report.error("SI410", f"a percentage can only be taken of a number; this is {described(found.kind)}",
                              written.span, "name a number")  # fmt: skip
            return None
        return found


def _series_in(parts: Iterable[core.Term]) -> tuple[str, ...]:
    """The series that some terms read, by themselves or in their conditions."""
    found: dict[str, None] = {}
    for part in parts:
        for year in values_by_year(part):
            found[year.series] = None
    return tuple(sorted(found))


def in_one_year(term: core.Term, together: tuple[str, ...]) -> core.Term:
    """A term whose years are counted back from the latest of which the results of several series are due."""
    if len(together) < 2:
        return term
    changed: core.Term = _in_one_year(term, together)
    return changed


def _in_one_year(value: Any, together: tuple[str, ...]) -> Any:
    if isinstance(value, tuple):
        return tuple(_in_one_year(item, together) for item in value)
    if isinstance(value, core.YearReference):
        return value if value.fixed is not None else evolve(value, together=together)
    if not attrs.has(type(value)):
        return value
    fields = [field.name for field in attrs.fields(type(value))]
    return evolve(value, **{name: _in_one_year(getattr(value, name), together) for name in fields})


def _unlimited(kind: Kind) -> Kind:
    """The kind of what is worked out: limits of evidence do not bind it."""
    return kind.unbounded if isinstance(kind, Number) else kind


def _alike(left: Kind, right: Kind) -> bool:
    if isinstance(left, Number) and isinstance(right, Number):
        return left.unit == right.unit
    if isinstance(left, Scale) and isinstance(right, Scale):
        return left.values == right.values
    return isinstance(left, Date) and isinstance(right, Date)
