"""From conditions as written to conditions of the core: names looked up, kinds checked, guards kept."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from attrs import evolve, frozen

from si_rules.semantics import core
from si_rules.semantics.kinds import Choice, Flag, Number, Scale, described
from si_rules.semantics.report import Report
from si_rules.semantics.terms import Scope, TermReader
from si_rules.source.text import Span
from si_rules.syntax import tree

DEEPEST = 24
_OPERATORS: Mapping[str, core.Operator] = {
    "under": "<", "at_most": "<=", "more_than": ">", "at_least": ">=", "before": "<", "after": ">",
}  # fmt: skip
LONGEST_TREND = 20

_SAID_FOR_NO = ("false", "0", "n")
_SAID_OF_ABSENCE = frozenset(
    ("missing", "empty", "blank", "null", "none", "unknown", "known", "suppressed", "supplied", "published", "available",
     "present", "given"))  # fmt: skip


@frozen
class Context:
    """Where a condition stands: the values that fields are known to have there, and the clauses it may name."""

    established: Mapping[str, frozenset[str]]
    left_out: bool = False
    clauses: Mapping[str, str] = {}
    depth: int = 0

    def implies(self, group: str, scope: Scope) -> bool:
        """Whether only subjects of a group get here."""
        found = scope.vocabulary.groups[group]
        known = self.established.get(found.field)
        return known is not None and known <= set(found.values)

    def within(self, group: str, scope: Scope) -> "Context":
        """The context of a body that is guarded by a group."""
        found = scope.vocabulary.groups[group]
        known = self.established.get(found.field)
        values = frozenset(found.values) if known is None else known & set(found.values)
        return evolve(self, established={**self.established, found.field: values})


class ConditionReader:
    """Reads the conditions of one rule. What cannot be read is reported and comes back as None."""

    def __init__(self, scope: Scope, report: Report, written: tree.Condition | None) -> None:
        self.scope = scope
        self.report = report
        self.terms = TermReader(scope, report)
        self._keys = Counter(_key(comparison) for comparison in _comparisons(written)) if written else Counter[str]()
        self._used: dict[str, Span] = {}
        self._blamed: set[str] = set()

    def read(self, written: tree.Condition, context: Context) -> core.Condition | None:
        """The condition in the core."""
        if context.depth > DEEPEST:
            self.report.error("SI109", f"conditions are nested more than {DEEPEST} deep", written.span,
                              "state the inner part as a fact with a name")  # fmt: skip
            return None
        context = evolve(context, depth=context.depth + 1)
        match written:
            case tree.Bracketed(inner=inner):
                return self.read(inner, context)
            case tree.Joined():
                return self._joined(written, context)
            case tree.ItemList():
                return self._list(written, context)
            case tree.RuleReference():
                return self._rule(written, context)
            case tree.ClauseReference():
                return self._clause(written, context)
            case tree.Comparison():
                return self._comparison(written, context)

    # ---- lists
    def _joined(self, written: tree.Joined, context: Context) -> core.Condition | None:
        if len(set(written.operators)) > 1:
            self.report.error("SI209", "`and` and `or` are mixed without brackets", written.span,
                              "bracket what belongs together, or use a list: all of, any of")  # fmt: skip
            return None
        quantifier = "all" if written.operators[0] == "and" else "any"
        items = tuple(tree.Item(part, False, part.span) for part in written.parts)
        return self._list(tree.ItemList(quantifier, None, items, written.span), context)  # type: ignore[arg-type]

    def _list(self, written: tree.ItemList, context: Context) -> core.Condition | None:
        if written.quantifier == "all":
            context = evolve(context, established={**context.established, **self._establish(written, context)})
        items = []
        for item in written.items:
            inner = self.read(item.condition, evolve(context, left_out=context.left_out or item.left_out))
            if inner is not None:
                items.append(inner)
        count = self._count(written)
        if count is None or len(items) < len(written.items):
            return None
        return core.Listed(written.quantifier, count, tuple(items), self._origin(written.span))

    def _count(self, written: tree.ItemList) -> int | None:
        if written.count is None:
            return 0
        number = written.count.text
        if not number.isdigit() or not 1 <= int(number) <= len(written.items):
            self.report.error("SI210", f"at least {number} of {len(written.items)} items is not possible",
                              written.count.span, f"write a whole number from 1 to {len(written.items)}")  # fmt: skip
            return None
        return int(number)

    def _establish(self, written: tree.ItemList, context: Context) -> dict[str, frozenset[str]]:
        """What the items of an `all of` say of the subject's own fields: it holds for their neighbours."""
        found: dict[str, frozenset[str]] = {}
        for item in written.items:
            match item.condition:
                case tree.Comparison(term=tree.NameTerm(when=None, year=None, name=name), comparator=comparator):
                    field = self.scope.vocabulary.fields.get(name.text)
                    if field is None or not isinstance(field.kind, Choice):
                        continue
                    values: frozenset[str] | None = None
                    if isinstance(comparator, tree.IsOneOf):
                        values = frozenset(word.text for word in comparator.names)
                    elif isinstance(comparator, tree.IsValue) and isinstance(comparator.term, tree.NameTerm):
                        values = frozenset({comparator.term.name.text})
                    if values is not None:
                        known = found.get(field.path, context.established.get(field.path))
                        found[field.path] = values if known is None else values & known
                case _:
                    continue
        return found

    # ---- references
    def _rule(self, written: tree.RuleReference, context: Context) -> core.Condition | None:
        name = written.name.text
        if name not in self.scope.rules:
            self._no_rule(written)
            return None
        self._need_group(self.scope.rules[name], f"`{name}`", written.span, context)
        reference: core.Condition = core.RuleHolds(name, self._origin(written.span))
        return reference if written.holds else core.Not(reference, self._origin(written.span))

    def _no_rule(self, written: tree.RuleReference) -> None:
        name = written.name.text
        if name in self.scope.judgements:
            self.report.error("SI304", f"`{name}` is a judgement, not a fact or trigger", written.span,
                              f"write: judgement {name} is yes")  # fmt: skip
        elif name in self.scope.vocabulary.fields:
            kind = self.scope.vocabulary.fields[name].kind
            value = ("yes" if written.holds else "no") if isinstance(kind, Flag) else "…"
            self.report.error("SI407", f"`{name}` is evidence, not a fact or trigger", written.span,
                              f"say what it comes to: {name} is {value}")  # fmt: skip
        elif name not in self.scope.damaged:
            self.report.unknown("fact or trigger", name, written.name.span, self.scope.rules)

    def _clause(self, written: tree.ClauseReference, context: Context) -> core.Condition | None:
        rule = context.clauses.get(written.label.text)
        if rule is None and any(known.partition(".")[0] in self.scope.damaged for known in context.clauses.values()):
            return None  # a clause that could not be read, which is told already
        if rule is None:
            self.report.unknown("clause", written.label.text, written.label.span, context.clauses)
            return None
        reference: core.Condition = core.RuleHolds(rule, self._origin(written.span))
        return reference if written.holds else core.Not(reference, self._origin(written.span))

    def _need_group(self, group: str | None, what: str, span: Span, context: Context) -> None:
        if group is None or context.left_out or group not in self.scope.vocabulary.groups:
            return
        if context.implies(group, self.scope) or group in self._blamed:
            return
        self._blamed.add(group)  # one remark a rule: one line mends them all
        plural = self.scope.vocabulary.plural
        self.report.error(
            "SI501",
            f"{what} only applies to {plural} with {group}, and this rule does not say so",
            span,
            f"add the line `applies to {plural} with {group}` to the rule, "
            "or end the item with `, left out where it does not apply`",
        )

    # ---- comparisons
    def _comparison(self, written: tree.Comparison, context: Context) -> core.Condition | None:
        leaf = self._leaf(written)
        for group in self.terms.take_groups():
            self._need_group(group, f"`{self.report.source.words(written.term.span)}`", written.span, context)
            if leaf is not None and context.left_out and group in self.scope.vocabulary.groups:
                leaf = core.Guarded(self.scope.membership(group), leaf)
        return leaf

    def _leaf(self, written: tree.Comparison) -> core.Condition | None:
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
        if isinstance(kind, Choice | Scale) and isinstance(right, tree.NameTerm):
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
        pair = self.terms.read_pair(written.term, right)
        if pair is None:
            return None
        return core.Compare("=", pair[0], pair[1], self._id(written), self._origin(written.span))

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

    # ---- identity and origin
    def _id(self, written: tree.Comparison) -> str:
        """The name of a leaf within its rule: the field it is about, or all its words where that is not enough."""
        key = _key(written)
        name = key if self._keys[key] == 1 else _identifier(self.report.source.words(written.span))
        if name in self._used:
            label = (self.report.source, self._used[name], "it stands here already")
            self.report.error("SI305", "the same condition stands twice in this rule", written.span,
                              "delete one of the two", [label])  # fmt: skip
        self._used[name] = written.span
        return name

    def _origin(self, span: Span) -> core.Origin:
        source = self.report.source
        return core.Origin(source.name, source.place(span.start)[0], source.words(span))


def _comparisons(written: tree.Condition) -> Iterator[tree.Comparison]:
    match written:
        case tree.Comparison():
            yield written
        case tree.Bracketed(inner=inner):
            yield from _comparisons(inner)
        case tree.Joined(parts=parts):
            for part in parts:
                yield from _comparisons(part)
        case tree.ItemList(items=items):
            for item in items:
                yield from _comparisons(item.condition)
        case tree.RuleReference() | tree.ClauseReference():
            return


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


def _identifier(words: str) -> str:
    """Words as a name; a minus sign before a figure is told, since it makes another condition."""
    return re.sub(r"\W+", "_", re.sub(r"-(?=[0-9])", " minus ", words)).strip("_")


def _key(written: tree.Comparison) -> str:
    """The last part of the first name a comparison reads."""
    term: tree.Term = written.term
    while isinstance(term, tree.Sum):
        term = term.first
    match term:
        case tree.NameTerm(name=name) | tree.Judged(name=name):
            return name.text.rpartition(".")[2]
        case _:
            return "value"
