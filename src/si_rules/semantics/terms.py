"""From terms as written to terms of the core: what a name stands for, in which year, and in which unit."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from attrs import evolve, frozen

from si_rules.semantics import core
from si_rules.semantics.kind_reading import read_date, read_number, read_year
from si_rules.semantics.kinds import Choice, Date, Number, Scale, described, sum_kind
from si_rules.semantics.report import Report
from si_rules.semantics.restating import written as as_restated
from si_rules.semantics.vocabulary import Field, Vocabulary
from si_rules.source.text import Span
from si_rules.syntax import tree

_SHORT_FOR_POINTS = ("pp", "pps", "ppt", "ppts", "pts")


@frozen
class Scope:
    """The names a policy may use. `rules` maps facts and triggers to the group they apply to, if any."""

    vocabulary: Vocabulary
    restated: frozenset[str]
    judgements: Mapping[str, core.Judgement]
    parameters: Mapping[str, core.Parameter]
    rules: Mapping[str, str | None]
    damaged: frozenset[str]

    def membership(self, group: str) -> core.Condition:
        """The condition that a subject belongs to a group."""
        found = self.vocabulary.groups[group]
        kind = self.vocabulary.fields[found.field].kind
        origin = core.Origin("", 0, f"{found.field} is one of {', '.join(found.values)}")
        return core.IsAmong(core.FieldValue(found.field, kind), found.values, core.IN_GROUP + group, origin)


class TermReader:
    """Reads terms; notes the groups that what it read is limited to."""

    def __init__(self, scope: Scope, report: Report) -> None:
        self.scope = scope
        self.report = report
        self._groups: list[str] = []

    def take_groups(self) -> list[str]:
        """The groups noted since the last call."""
        groups, self._groups = self._groups, []
        return groups

    def read(self, written: tree.Term, whole_series: bool = False) -> core.Term | None:
        """The term, or None after a report. `whole_series` reads a measure without a year, for a trend."""
        match written:
            case tree.Quantity():
                return self._quantity(written)
            case tree.Judged(name=name):
                judgement = self.scope.judgements.get(name.text)
                if judgement is None:
                    if name.text not in self.scope.damaged:
                        self.report.unknown("judgement", name.text, name.span, self.scope.judgements)
                    return None
                return core.FieldValue(judgement.field.path, judgement.field.kind)
            case tree.Sum():
                return self._sum(written)
            case tree.NameTerm():
                return self._name(written, whole_series)

    def read_pair(self, left: tree.Term, right: tree.Term, dates: bool = False) -> tuple[core.Term, core.Term] | None:
        """Two terms that may be compared: of one unit, a parameter by year taken in the year of the results."""
        first = self.read(left)
        if first is not None and isinstance(first.kind, Choice | Scale):
            self._no_number(first.kind, left, right)
            return None
        second = self.read(right)
        if first is None or second is None:
            return None
        years = self._years_in(first, second)
        first, second = self._in_year(first, years, left), self._in_year(second, years, right)
        if first is None or second is None:
            return None
        if not self._comparable(first, second, left, right, dates):
            return None
        return first, second

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
        if name in self.scope.judgements:
            self.report.error("SI304", f"`{name}` is a judgement", written.name.span, f"write: judgement {name}")
        elif name in self.scope.rules:
            self.report.error("SI407", f"`{name}` is a fact or trigger: it holds, or does not hold", written.span,
                              f"write: {name} holds, or: {name} does not hold")  # fmt: skip
        elif name not in self.scope.damaged and name not in self.scope.restated:
            known = [*self.scope.vocabulary.fields, *self.scope.parameters]
            self.report.unknown("evidence or parameter", name, written.name.span, known)
        return None

    def _evidence(self, written: tree.NameTerm, field: Field, whole_series: bool) -> core.Term | None:
        vocabulary, parent = self.scope.vocabulary, field.parent or ""
        if field.group:
            self._groups.append(field.group)
        if parent in vocabulary.series:
            series = vocabulary.series[parent]
            if series.group:
                self._groups.append(series.group)
            year = self._year_of(written, whole_series)
            return None if year is None else core.YearValue(parent, field.path, field.kind, year)
        if parent in vocabulary.collections:
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
            for part in _leaves(term):
                if isinstance(part, core.YearValue) and (part.series, part.year) not in found:
                    found.append((part.series, part.year))
        return found

    def _in_year(self, term: core.Term, years: list[tuple[str, core.YearReference]],
                 written: tree.Term) -> core.Term | None:  # fmt: skip
        """The term with its parameters by year taken in the year of the results it is compared with."""
        if isinstance(term, core.Sum):
            left, right = self._in_year(term.left, years, written), self._in_year(term.right, years, written)
            return None if left is None or right is None else evolve(term, left=left, right=right)
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
    def _quantity(self, written: tree.Quantity) -> core.Term | None:
        if written.unit == "date":
            day = read_date(tree.Word(written.text, written.span), self.report)
            return None if day is None else core.Constant(day, Date())
        units = [*self.scope.vocabulary.units, "percent", "percentage_points", "points", "number"]
        if written.unit not in units:
            if written.unit in _SHORT_FOR_POINTS:
                self.report.error("SI301", f"there is no unit `{written.unit}`", written.span,
                                  f"write it in full: {written.text} percentage points")  # fmt: skip
            else:
                word = Span(written.span.end - len(written.unit), written.span.end)
                self.report.unknown("unit", written.unit, word, [unit.replace("_", " ") for unit in units])
            return None
        number = read_number(written, self.report)
        return None if number is None else core.Constant(number, Number(written.unit))

    def _sum(self, written: tree.Sum) -> core.Term | None:
        total = self.read(written.first)
        for operator, right in written.rest:
            operand = self.read(right)
            if total is None or operand is None:
                return None
            kinds = total.kind, operand.kind
            kind = None
            if isinstance(kinds[0], Number) and isinstance(kinds[1], Number):
                kind = sum_kind(kinds[0], kinds[1], operator == "minus")
            if kind is None:
                what = f"{described(kinds[0])} and {described(kinds[1])} cannot be added or taken from each other"
                help_ = "a percentage may be raised or lowered by percentage points; other numbers need one unit"
                self.report.error("SI410", what, written.span, help_)
                return None
            total = core.Sum(total, operand, operator == "minus", kind)
        return total

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


def _leaves(term: core.Term) -> Iterator[core.Term]:
    if isinstance(term, core.Sum):
        yield from _leaves(term.left)
        yield from _leaves(term.right)
    else:
        yield term


def _remedy(left: core.Term, right: core.Term, shown: str) -> str:
    if isinstance(left.kind, Number) and isinstance(right, core.Constant) and isinstance(right.value, Fraction):
        number = shown.split("%")[0].split()[0]
        if left.kind.unit == "percent":
            return f"did you mean `{number}%`?"
        if left.kind.unit != "number":
            return f"did you mean `{number} {left.kind.unit.replace('_', ' ')}`?"
        return f"did you mean `{number}`?"
    if (
        isinstance(left.kind, Number)
        and left.kind.unit == "percent"
        and isinstance(right, core.Sum)
        and shown.endswith("%")
    ):
        return f"did you mean `{shown[:-1]} percentage points`?"
    return "compare values of one unit"
