"""From terms as written to terms of the core: what a name stands for, in which year, and in which unit."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction

from attrs import evolve

from si_rules.semantics import core
from si_rules.semantics.arithmetic import Arithmetic
from si_rules.semantics.kind_reading import BUILT_IN_UNITS, read_date, read_number, read_year
from si_rules.semantics.kinds import Choice, Date, Number, Scale, described
from si_rules.semantics.report import Report
from si_rules.semantics.restating import written as as_restated
from si_rules.semantics.scope import Scope
from si_rules.semantics.traversal import terms_under
from si_rules.semantics.vocabulary import Field
from si_rules.source.text import Span
from si_rules.syntax import tree

_SHORT_FOR_POINTS = ("pp", "pps", "ppt", "ppts", "pts")
ReadCondition = Callable[[tree.Condition], core.Condition | None]


class TermReader:
    """Reads terms; notes the groups that what it read is limited to.

    `read_condition` reads a condition that stands inside a term.
    """

    def __init__(self, scope: Scope, report: Report, read_condition: ReadCondition) -> None:
        self.scope = scope
        self.report = report
        self.read_condition = read_condition
        self.year_at_hand: core.YearReference | None = None
        self.records_at_hand: tuple[str, ...] = ()
        self.arithmetic = Arithmetic(self)
        self._groups: list[str] = []

    def take_groups(self) -> list[str]:
        """The groups noted since the last call."""
        groups, self._groups = self._groups, []
        return groups

    def note_groups(self, groups: list[str]) -> None:
        """Note groups, besides those of what is read next."""
        self._groups += groups

    @contextmanager
    def at_hand(self, year: core.YearReference | None = None, collection: str | None = None) -> Iterator[None]:
        """While a year or a record is at hand, a name alone means its value there."""
        before = self.year_at_hand, self.records_at_hand
        self.year_at_hand = year if year is not None else self.year_at_hand
        if collection is not None:
            self.records_at_hand = (*self.records_at_hand, collection)
        try:
            yield
        finally:
            self.year_at_hand, self.records_at_hand = before

    def read(self, written: tree.Term, whole_series: bool = False) -> core.Term | None:
        """The term, or None after a report. `whole_series` reads a measure without a year, for a trend."""
        match written:
            case tree.Quantity():
                return self.quantity(written)
            case tree.Judged(name=name):
                judgement = self.scope.judgements.get(name.text)
                if judgement is None:
                    if name.text not in self.scope.damaged:
                        self.report.unknown("judgement", name.text, name.span, self.scope.judgements)
                    return None
                return core.FieldValue(judgement.field.path, judgement.field.kind)
            case tree.NameTerm():
                return self._name(written, whole_series)
            case tree.DecisionDay():
                return core.DecisionDay(Date())
            case _:
                return self.arithmetic.read(written)

    def read_pair(self, left: tree.Term, right: tree.Term, dates: bool = False, places: bool = False,
                  first: core.Term | None = None) -> tuple[core.Term, core.Term] | None:  # fmt: skip
        """Two terms that may be compared: of one unit, a parameter by year taken in the year of the results.

        With `places`, two of the same values may be too. `first` is the left one where it has been read.
        """
        first = self.read(left) if first is None else first
        if first is not None and isinstance(first.kind, Choice | Scale) and not places:
            self._no_number(first.kind, left, right)
            return None
        second = self.read(right)
        if first is None or second is None:
            return None
        if places and isinstance(first.kind, Choice | Scale):
            return self._same_values(first, second, right)
        years = self._years_in(first, second)
        first, second = self._in_year(first, years, left), self._in_year(second, years, right)
        if first is None or second is None:
            return None
        if not self._comparable(first, second, left, right, dates):
            return None
        return first, second

    def _same_values(self, first: core.Term, second: core.Term, right: tree.Term) -> tuple[core.Term, core.Term] | None:
        if isinstance(second.kind, Choice | Scale) and second.kind.values == first.kind.values:  # type: ignore[union-attr]
            return first, second
        message = f"`{self.report.source.words(right.span)}` has other values than what it is compared with"
        self.report.error("SI401", message, right.span, f"they are {described(first.kind)}")
        return None

    # ---- names
    def _name(self, written: tree.NameTerm, whole_series: bool) -> core.Term | None:
        name = written.name.text
        field = self.scope.vocabulary.fields.get(name)
        if field is not None:
            if name not in self.scope.restated and name not in self.scope.damaged:
                self.report.once("SI502", f"the rule reads `{name}`, which this policy does not restate",
                                  written.name.span,
                                  f"add a block as the vocabulary has it, a new line for each /: evidence {name} {as_restated(field)}")  # fmt: skip
            return self._evidence(written, field, whole_series)
        parameter = self.scope.parameters.get(name)
        if parameter is not None:
            return self._parameter(written, parameter)
        if name in self.scope.values or name in self.scope.figures:
            return self._named_value(written, name)
        if name in self.scope.judgements:
            self.report.error("SI304", f"`{name}` is a judgement", written.name.span, f"write: judgement {name}")
        elif not self.scope.is_damaged(name) and name not in self.scope.restated:
            self._unknown(name, written.name.span)
        return None

    def _unknown(self, name: str, span: Span) -> None:
        other = self.scope.other_policy(name)
        if other is not None:
            self.report.not_used(other, span)
            return
        listing = next((n for n in (name, name.rpartition(".")[0]) if n in self.scope.listings), None)
        if listing is not None:
            self.report.error("SI304", f"of the table `{listing}` every row counts: it may give several values", span,
                              f"ask for one among them: {listing} includes …")  # fmt: skip
            return
        if name in self.scope.rules:
            self.report.error("SI304", f"`{name}` holds or does not hold, and has no value", span,
                              f"write: {name} holds")  # fmt: skip
            return
        if name in self.scope.classifications:
            labels = self.scope.classifications[name].labels
            self.report.error("SI304", f"`{name}` is a classification", span,
                              f"ask for an outcome: {name} is {labels[0] if labels else '…'}")  # fmt: skip
            return
        known = [*self.scope.vocabulary.fields, *self.scope.parameters, *self.scope.values, *self.scope.figures]
        self.report.unknown("evidence or parameter", name, span, known)

    def _named_value(self, written: tree.NameTerm, name: str) -> core.Term | None:
        """A definition or a figure."""
        if written.when is not None or written.year is not None:
            self.report.error("SI408", f"`{name}` has one value, not one for each year", written.span,
                              f"write `{name}` alone")  # fmt: skip
            return None
        if name in self.scope.figures:
            return core.FieldValue(f"figures.{name}", self.scope.figures[name])
        known = self.scope.values[name]
        if known.group:
            self._groups.append(known.group)
        return core.DefinedValue(name, known.kind)

    def _evidence(self, written: tree.NameTerm, field: Field, whole_series: bool) -> core.Term | None:
        vocabulary, parent = self.scope.vocabulary, field.parent or ""
        if field.group:
            self._groups.append(field.group)
        if parent in vocabulary.series:
            series = vocabulary.series[parent]
            if series.group:
                self._groups.append(series.group)
            year = self._year_of(written, whole_series)
            if series.begins_with and series.begins_with not in self.scope.restated | self.scope.damaged:
                self.report.error("SI502", f"results of `{parent}` begin with `{series.begins_with}`, which this policy "
                                  "does not restate", written.name.span,
                                  f"add a block `evidence {series.begins_with}`, as the vocabulary has it")  # fmt: skip
            return None if year is None else core.YearValue(parent, field.path, field.kind, year)
        if parent in vocabulary.collections:
            if parent in self.records_at_hand and written.year is None and written.when is None:
                return core.RecordValue(parent, field.path, field.kind, None)
            if written.year is not None or written.when is None:
                self.report.error("SI408", f"there may be several of `{parent}`", written.span,
                                  f"say which: latest {field.path}, or previous {field.path}")  # fmt: skip
                return None
            return core.RecordValue(parent, field.path, field.kind, 1 if written.when == "previous" else 0)
        if written.when is not None or written.year is not None:
            self.report.error("SI408", f"`{field.path}` has one value, not one for each year", written.span,
                              f"write `{field.path}` alone")  # fmt: skip
            return None
        return core.FieldValue(field.path, field.kind)

    def _year_of(self, written: tree.NameTerm, whole_series: bool) -> core.YearReference | None:
        if whole_series:
            if written.when is None and written.year is None:
                return core.YearReference()
            self.report.error("SI408", "a trend ends at the latest results by itself", written.span,
                              f"write `{written.name.text}` alone")  # fmt: skip
            return None
        if written.when is None and written.year is None and self.year_at_hand is not None:
            return self.year_at_hand
        if (written.when is None) == (written.year is None):
            name = written.name.text
            self.report.error("SI408", f"`{name}` has a value for each academic year", written.span,
                              f"say which: latest {name}, previous {name}, or {name} in 2014-15")  # fmt: skip
            return None
        if written.year is not None:
            year = read_year(written.year, self.report)
            return None if year is None else core.YearReference(fixed=year)
        return core.YearReference(1 if written.when == "previous" else 0)

    def _parameter(self, written: tree.NameTerm, parameter: core.Parameter) -> core.Term | None:
        if written.when is not None:
            self.report.error("SI408", f"the parameter `{parameter.name}` has no latest value of its own", written.span,
                              f"write `{parameter.name}`: it takes the year of the results it is compared with")  # fmt: skip
            return None
        if written.year is not None:
            fixed = read_year(written.year, self.report)
            if fixed is None:
                return None
            if parameter.from_date:
                self.report.error("SI409", f"the parameter `{parameter.name}` changes on dates and has none by year",
                                  written.span, f"write `{parameter.name}` alone")  # fmt: skip
                return None
            return core.ParameterValue(parameter.name, parameter.kind, None, core.YearReference(fixed=fixed))
        return core.ParameterValue(parameter.name, parameter.kind)

    def _years_in(self, *terms: core.Term) -> list[tuple[str, core.YearReference]]:
        found: list[tuple[str, core.YearReference]] = []
        for term in terms:
            for part in terms_under(term):
                if isinstance(part, core.YearValue) and (part.series, part.year) not in found:
                    found.append((part.series, part.year))
        return found

    def standing_alone(self, written: tree.Term) -> core.Term | None:
        """A term that is compared with nothing: its parameters by year take the one year of the results it reads."""
        term = self.read(written)
        return None if term is None else self._in_year(term, self._years_in(term), written)

    def _in_year(self, term: core.Term, years: list[tuple[str, core.YearReference]],
                 written: tree.Term) -> core.Term | None:  # fmt: skip
        """The term with its parameters by year taken in the year of the results it is compared with."""
        if isinstance(term, core.Computed):
            parts = [self._in_year(part, years, written) for part in term.parts]
            kept = tuple(part for part in parts if part is not None)
            return evolve(term, parts=kept) if len(kept) == len(parts) else None
        if not isinstance(term, core.ParameterValue) or term.year is not None:
            return term
        if not self.scope.parameters[term.name].by_year:
            return term
        if len(years) != 1:
            self.report.error("SI409", f"the parameter `{term.name}` has a value for each academic year", written.span,
                              f"say which: {term.name} in 2014-15")  # fmt: skip
            return None
        return evolve(term, series=years[0][0], year=years[0][1])

    # ---- numbers
    def quantity(self, written: tree.Quantity) -> core.Term | None:
        """A number with its unit, or a date."""
        if written.unit == "date":
            day = read_date(tree.Word(written.text, written.span), self.report)
            return None if day is None else core.Constant(day, Date())
        units = [*self.scope.vocabulary.units, *BUILT_IN_UNITS]
        if any(unit not in units for unit in written.unit.split(" per ")):
            if written.unit in _SHORT_FOR_POINTS:
                full = f"{written.text} percentage points"
                help_ = f"{written.text} points, or {full}" if written.unit in ("pt", "pts") else full
                self.report.error(
                    "SI301", f"there is no unit `{written.unit}`", written.span, f"write it in full: {help_}"
                )
            else:
                word = Span(written.span.end - len(written.unit), written.span.end)
                self.report.unknown("unit", written.unit, word, [unit.replace("_", " ") for unit in units])
            return None
        number = read_number(written, self.report)
        return None if number is None else core.Constant(number, Number(written.unit))

    def _no_number(self, kind: Choice | Scale, left: tree.Term, right: tree.Term) -> None:
        """Report a value compared as if it were a number, with the words that say it."""
        words = self.report.source.words
        value = words(right.span)
        if isinstance(kind, Scale) and value in kind.values:
            help_ = f"write: is {value} or better, or: is {value} or worse"
        else:
            help_ = "say which values are meant: is one of " + ", ".join(kind.values[:2]) + ", …"
        self.report.error("SI407", f"`{words(left.span)}` is no number, but {described(kind)}", right.span, help_)

    def _comparable(self, first: core.Term, second: core.Term, left: tree.Term, right: tree.Term, dates: bool) -> bool:
        kinds = first.kind, second.kind
        words = self.report.source.words
        if isinstance(kinds[0], Date) and isinstance(kinds[1], Date):
            return True
        if isinstance(kinds[0], Number) and isinstance(kinds[1], Number):
            if dates:
                self.report.error("SI407", "`is before` and `is after` compare dates", right.span,
                                  "for numbers write: is under, is more than")  # fmt: skip
                return False
            if kinds[0].unit == kinds[1].unit:
                return True
        message = f"`{words(left.span)}` is {described(kinds[0])} and `{words(right.span)}` is {described(kinds[1])}"
        self.report.error("SI401", message, right.span, _remedy(first, second, words(right.span)))
        return False


def _remedy(left: core.Term, right: core.Term, shown: str) -> str:
    if isinstance(left.kind, Number) and isinstance(right, core.Constant) and isinstance(right.value, Fraction):
        number = shown.split("%")[0].split()[0]
        if left.kind.unit == "percent":
            return f"did you mean `{number}%`?"
        if left.kind.unit != "number":
            return f"did you mean `{number} {left.kind.unit.replace('_', ' ')}`?"
        return f"did you mean `{number}`?"
    percent = isinstance(left.kind, Number) and left.kind.unit == "percent"
    if percent and re.search(r" (?:plus|minus) [0-9.]+%$", shown):
        return f"did you mean `{shown[:-1]} percentage points`?"
    return "compare values of one unit"
