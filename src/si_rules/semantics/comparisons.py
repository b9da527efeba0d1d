"""Comparisons as written, and what they are in the core: kinds checked, and values spelled out."""

from collections.abc import Mapping

from si_rules.semantics import core
from si_rules.semantics.condition_names import LeafNames
from si_rules.semantics.kinds import Choice, Flag, Number, Scale, described
from si_rules.semantics.report import Report
from si_rules.semantics.scope import Scope
from si_rules.semantics.terms import TermReader
from si_rules.source.text import Span
from si_rules.syntax import tree

_OPERATORS: Mapping[str, core.Operator] = {
    "under": "<", "at_most": "<=", "more_than": ">", "at_least": ">=", "before": "<", "after": ">",
}  # fmt: skip
LONGEST_TREND = 20
_SAID_FOR_NO = ("false", "0", "n")
_SAID_OF_ABSENCE = frozenset(
    ("missing", "empty", "blank", "null", "none", "unknown", "known", "suppressed", "supplied", "published", "available",
     "present", "given"))  # fmt: skip


class ComparisonReader:
    """Reads the comparisons of one rule; `names` gives their leaves ids. What cannot be read is reported, and None."""

    def __init__(self, scope: Scope, report: Report, terms: TermReader, names: LeafNames) -> None:
        self.scope = scope
        self.report = report
        self.terms = terms
        self._id = names.of

    def comparison(self, written: tree.Comparison) -> core.Condition | None:
        """A comparison of evidence or values."""
        if _asks_for_absence(written.comparator):
            self.report.error("SI407", "no condition asks whether evidence is missing", written.span,
                              "leave it out: where evidence is missing, a condition on it is undetermined by itself")  # fmt: skip
            return None
        match written.comparator:
            case tree.Trend():
                return self._trend(written, written.comparator)
            case tree.IsNot():
                self._is_not(written, written.comparator)
                return None
            case tree.Ordered(operator=operator, term=right):
                return self._ordered(written, operator, right)
            case tree.IsFlag(value=value):
                return self._among(written, (value,), "yes" if value else "no")
            case tree.IsOneOf(names=names):
                return self._is_one_of(written, names)
            case tree.IsValue(term=right, onward=onward):
                return self._is_value(written, right, onward)

    def _is_not(self, written: tree.Comparison, comparator: tree.IsNot) -> None:
        """Report `is not`, with what else the value may be."""
        left = self.terms.read(written.term)
        if left is None:
            return
        match left.kind:
            case Choice() | Scale():
                named = self.report.source.words(comparator.term.span)
                values = left.kind.as_written if isinstance(left.kind, Scale) else left.kind.values
                others = [value for value in values if value != named]
                help_ = f"say which values are meant: is {'one of ' if len(others) > 1 else ''}{', '.join(others)}"
            case Flag():
                help_ = "write: is yes, or: is no"
            case _:
                help_ = "write: is under, or: is more than"
        self.report.error("SI211", "`is not` would silently admit every other value", written.span, help_)

    def _ordered(self, written: tree.Comparison, operator: str, right: tree.Term) -> core.Condition | None:
        pair = self.terms.read_pair(written.term, right, dates=operator in ("before", "after"))
        if pair is None:
            return None
        left_term, right_term = pair
        return core.Compare(_OPERATORS[operator], left_term, right_term, self._id(written), self._origin(written.span))

    def _is_value(self, written: tree.Comparison, right: tree.Term, onward: str | None) -> core.Condition | None:
        left = self.terms.read(written.term)
        if left is None:
            return None
        kind = left.kind
        if onward in ("more_serious", "less_serious"):
            self.report.error("SI407", "only a class is `or more serious` or `or less serious`", written.span,
                              "of a scale write: or worse, or better")  # fmt: skip
            return None
        if isinstance(kind, Choice | Scale) and self._is_term(right, kind):
            return self._same_place(written, left, right, onward)
        if isinstance(kind, Choice | Scale) and isinstance(right, tree.NameTerm):
            if right.name.text in kind.values and (right.when is not None or right.year is not None):
                self.report.error("SI408", f"`{right.name.text}` is a value, which has no year", right.span,
                                  f"write `{right.name.text}` alone")  # fmt: skip
                return None
            if onward is None:
                return self._among(written, (right.name.text,), right.name.text, right.name.span, left)
            return self._onward(written, left, right, onward)
        if onward is not None:
            self.report.error("SI407", "only a place on a scale can be `or better` or `or worse`", written.span,
                              "for a number write: is at least …")  # fmt: skip
            return None
        if isinstance(kind, Flag):
            no = self.report.source.words(right.span) in _SAID_FOR_NO
            self.report.error(
                "SI407", "this is answered by yes or no", right.span, f"write: is {'no' if no else 'yes'}"
            )
            return None
        pair = self.terms.read_pair(written.term, right, first=left)
        if pair is None:
            return None
        return core.Compare("=", pair[0], pair[1], self._id(written), self._origin(written.span))

    def _is_term(self, right: tree.Term, kind: Choice | Scale) -> bool:
        """Whether what stands right is no value of the scale but something that has one."""
        match right:
            case tree.NameTerm(when=None, year=None, name=name):
                return name.text not in kind.values and self.scope.kind_of(name.text) is not None
            case tree.NameTerm(name=name):
                return name.text not in kind.values
            case tree.Quantity():
                return False
            case _:
                return True

    def _same_place(self, written: tree.Comparison, left: core.Term, right: tree.Term,
                    onward: str | None) -> core.Condition | None:  # fmt: skip
        """Two places on one scale held against each other."""
        pair = self.terms.read_pair(written.term, right, places=True, first=left)
        if pair is None:
            return None
        if onward is not None and not isinstance(pair[0].kind, Scale):
            self.report.error("SI407", f"these values have no order: {described(pair[0].kind)}", written.span,
                              "leave out `or better` or `or worse`")  # fmt: skip
            return None
        operator: core.Operator = "=" if onward is None else "<=" if onward == "better" else ">="
        return core.Compare(operator, pair[0], pair[1], self._id(written), self._origin(written.span))

    def _onward(self, written: tree.Comparison, left: core.Term, right: tree.NameTerm,
                onward: str) -> core.Condition | None:  # fmt: skip
        value = right.name.text
        if not isinstance(left.kind, Scale):
            self.report.error("SI407", f"these values have no order: {described(left.kind)}", right.span,
                              "say which values are meant: is one of …")  # fmt: skip
            return None
        if value not in left.kind.values:
            self.report.unknown("value", value, right.name.span, left.kind.values, "SI303")
            return None
        place = left.kind.values.index(value)
        values = left.kind.values[: place + 1] if onward == "better" else left.kind.values[place:]
        return core.IsAmong(left, values, self._id(written), self._origin(written.span))

    def _is_one_of(self, written: tree.Comparison, names: tuple[tree.Word, ...]) -> core.Condition | None:
        left = self.terms.read(written.term)
        if left is None:
            return None
        if not isinstance(left.kind, Choice | Scale):
            self.report.error("SI407", f"`is one of` needs named values; this is {described(left.kind)}",
                              written.span, "compare it with: is under, is at least, is more than, is at most")  # fmt: skip
            return None
        for name in names:
            if name.text not in left.kind.values:
                self.report.unknown("value", name.text, name.span, left.kind.values, "SI303")
                return None
        values = tuple(value for value in left.kind.values if value in {name.text for name in names})
        return core.IsAmong(left, values, self._id(written), self._origin(written.span))

    def _among(self, written: tree.Comparison, values: tuple[str | bool, ...], shown: str,
               span: Span | None = None, left: core.Term | None = None) -> core.Condition | None:  # fmt: skip
        term = left if left is not None else self.terms.read(written.term)
        if term is None:
            return None
        if isinstance(values[0], bool):
            if not isinstance(term.kind, Flag):
                self.report.error("SI407", f"this is not answered by yes or no, but by {described(term.kind)}",
                                  written.span, "name one of its values")  # fmt: skip
                return None
        elif isinstance(term.kind, Choice | Scale) and shown not in term.kind.values:
            self.report.unknown("value", shown, span or written.span, term.kind.values, "SI303")
            return None
        return core.IsAmong(term, values, self._id(written), self._origin(written.span))

    def _trend(self, written: tree.Comparison, trend: tree.Trend) -> core.Condition | None:
        term = self.terms.read(written.term, whole_series=True)
        if term is None:
            return None
        if not isinstance(term, core.YearValue) or not isinstance(term.kind, Number):
            self.report.error("SI407", "only results by academic year rise or fall", written.span,
                              "name a measure such as ks2.rwm_level_4_plus")  # fmt: skip
            return None
        number = trend.years.text
        if not number.isdigit() or not 1 <= int(number) <= LONGEST_TREND:
            self.report.error("SI210", f"a trend over {number} years cannot be read", trend.years.span,
                              f"write a whole number from 1 to {LONGEST_TREND}")  # fmt: skip
            return None
        rising = trend.direction == "risen"
        return core.Trend(
            term.series, term.path, term.kind, int(number), rising, self._id(written), self._origin(written.span)
        )

    def existence(self, written: tree.Existence) -> core.Condition | None:
        """Whether something that may be none exists."""
        term = self.terms.read(written.term)
        if term is None:
            return None
        name = written.term.name
        field = self.scope.vocabulary.fields.get(name.text)
        may_be_none = isinstance(term, core.RecordValue) or (field is not None and field.optional)
        if not isinstance(term, core.FieldValue | core.RecordValue | core.YearValue) or not may_be_none:
            self.report.error("SI214", f"`{name.text}` always exists", written.span,
                              "only what the vocabulary declares `or none`, or what stands in records, may not exist; "
                              "missing evidence cannot be asked for")  # fmt: skip
            return None
        leaf = core.IsNone(term, self._id(written), self._origin(written.span))
        return leaf if written.none else core.Not(leaf, self._origin(written.span))

    def _origin(self, span: Span) -> core.Origin:
        source = self.report.source
        return core.Origin(source.name, source.place(span.start)[0], source.words(span))


def _asks_for_absence(comparator: tree.Comparator) -> bool:
    """Whether a comparison asks if evidence is there, which no condition can."""
    match comparator:
        case (
            tree.IsValue(term=tree.NameTerm(name=name, when=None, year=None))
            | tree.IsNot(term=tree.NameTerm(name=name, when=None, year=None))
        ):
            return name.text in _SAID_OF_ABSENCE
        case _:
            return False
