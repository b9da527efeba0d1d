"""From conditions as written to conditions of the core: names looked up, kinds checked, guards kept."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from attrs import evolve, frozen

from si_rules.semantics import core
from si_rules.semantics.kinds import Choice, Flag, Number, Scale, described
from si_rules.semantics.report import Report
from si_rules.semantics.scope import KnownClassification, Scope
from si_rules.semantics.terms import TermReader
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
_YEARS_BACK = {0: "latest", 1: "previous"}


@frozen
class _Asked:
    """A condition on an outcome, or None after a report."""

    condition: core.Condition | None


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
    """Reads the conditions of one rule. `prefix` begins the ids of leaves, where a rule is read in parts. What cannot be read is reported and comes back as None."""

    def __init__(self, scope: Scope, report: Report, written: tree.Condition | None, prefix: str = "") -> None:
        self._prefix = prefix
        self._in_items = written is not None
        self.scope = scope
        self.report = report
        self.terms = TermReader(scope, report, self._inside)
        self._context = Context({})
        self._noted: list[str] = []
        self._keys = Counter(_key(comparison) for comparison in _comparisons(written)) if written else Counter[str]()
        self._used: dict[str, Span] = {}
        self._blamed: set[str] = set()

    def _inside(self, written: tree.Condition) -> core.Condition | None:
        """A condition that stands inside a term, in the context of the term: what limits it limits the term too."""
        before, noted = self.terms.take_groups(), len(self._noted)
        found = self.read(written, self._context)
        self.terms.note_groups([*before, *self._noted[noted:]])
        return found

    def read_term(self, written: tree.Term, context: Context) -> core.Term | None:
        """A term that stands by itself."""
        self._context = context
        found = self.terms.standing_alone(written)
        for group in self.terms.take_groups():
            self.need_group(group, f"`{self.report.source.words(written.span)}`", written.span, context)
            if found is not None and context.left_out and group in self.scope.vocabulary.groups:
                found = core.Chosen(((self.scope.membership(group), found),), None, found.kind)
        return found

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
            case tree.Includes():
                return self._includes(written, context)
            case tree.ForRecords():
                return self._for_records(written, context)
            case tree.Comparison() | tree.Existence():
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
        self.need_group(self.scope.rules[name], f"`{name}`", written.span, context)
        reference: core.Condition = core.RuleHolds(name, self._origin(written.span))
        return reference if written.holds else core.Not(reference, self._origin(written.span))

    def _no_rule(self, written: tree.RuleReference) -> None:
        name = written.name.text
        if self.scope.is_damaged(name):
            return
        if name in self.scope.judgements:
            self.report.error("SI304", f"`{name}` is a judgement, not a fact or trigger", written.span,
                              f"write: judgement {name} is yes")  # fmt: skip
        elif name in self.scope.vocabulary.fields:
            kind = self.scope.vocabulary.fields[name].kind
            value = ("yes" if written.holds else "no") if isinstance(kind, Flag) else "…"
            self.report.error("SI407", f"`{name}` is evidence, not a fact or trigger", written.span,
                              f"say what it comes to: {name} is {value}")  # fmt: skip
        elif (other := self.scope.other_policy(name)) is not None:
            self.report.not_used(other, written.name.span)
        else:
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

    def _includes(self, written: tree.Includes, context: Context) -> core.Condition | None:
        """Whether a class stands among others, or a table gives a value among others."""
        name, label = written.name.text, written.label
        known = self.scope.classifications.get(name)
        if known is not None and known.all_stand:
            self.need_group(known.group, f"`{name}`", written.span, context)
            if label.text not in known.labels:
                self.report.unknown("class", label.text, label.span, known.labels, "SI303")
                return None
            return core.RuleHolds(f"{name}.{label.text}", self._origin(written.span))
        listing = self.scope.listings.get(name)
        if listing is not None:
            self.need_group(listing.group, f"`{name}`", written.span, context)
            values = listing.kind.values if isinstance(listing.kind, Choice | Scale) else ()
            if label.text not in values:
                self.report.unknown("value", label.text, label.span, values, "SI303")
                return None
            return core.RuleHolds(f"{name}.{label.text}", self._origin(written.span))
        help_ = "`includes` asks a classification of which all classes stand, or a table of which every row counts"
        if name in self.scope.damaged:
            return None
        self.report.error("SI407", f"`{name}` comes to one thing, not to several", written.span, help_)
        return None

    def _for_records(self, written: tree.ForRecords, context: Context) -> core.Condition | None:
        collection = self.terms.arithmetic.collection(written.records)
        if collection is None:
            return None
        with self.terms.at_hand(collection=collection):
            inner = self.read(written.condition, context)
        if inner is None:
            return None
        return core.ForRecords(written.every, collection, inner, self._origin(written.span))

    def need_group(self, group: str | None, what: str, span: Span, context: Context) -> None:
        """Report what only members of a group have, where others come too; once a rule."""
        if group is None or context.left_out or group not in self.scope.vocabulary.groups:
            return
        if context.implies(group, self.scope) or group in self._blamed:
            return
        self._blamed.add(group)  # one remark a rule: one line mends them all
        plural = self.scope.vocabulary.plural
        or_else = " to the rule, or end the item with `, left out where it does not apply`" if self._in_items else ""
        self.report.error(
            "SI501",
            f"{what} only applies to {plural} with {group}, and this rule does not say so",
            span,
            f"add the line `applies to {plural} with {group}`{or_else}",
        )

    # ---- comparisons
    def _comparison(self, written: tree.Comparison | tree.Existence, context: Context) -> core.Condition | None:
        before, self._context = self._context, context
        if isinstance(written, tree.Comparison):
            asked = self._classification(written, context)
            if asked is not None:
                return asked.condition
            leaf = self._leaf(written)
        else:
            leaf = self._existence(written)
        self._context = before
        for group in self.terms.take_groups():
            self._noted.append(group)
            self.need_group(group, f"`{self.report.source.words(written.term.span)}`", written.span, context)
            if leaf is not None and context.left_out and group in self.scope.vocabulary.groups:
                leaf = core.Guarded(self.scope.membership(group), leaf)
        return leaf

    def _existence(self, written: tree.Existence) -> core.Condition | None:
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

    def _classification(self, written: tree.Comparison, context: Context) -> "_Asked | None":
        """What a comparison asks of the outcome of a classification; None where it asks for no outcome."""
        match written.term:
            case tree.NameTerm(when=None, year=None, name=word) if word.text in self.scope.classifications:
                known = self.scope.classifications[word.text]
            case _:
                return None
        self.need_group(known.group, f"`{word.text}`", written.span, context)
        outcomes = self._outcomes(written, known)
        if outcomes is None:
            return _Asked(None)
        return _Asked(core.OutcomeIs(word.text, outcomes, self._origin(written.span)))

    def _outcomes(self, written: tree.Comparison, known: KnownClassification) -> tuple[str, ...] | None:
        """The outcomes a comparison admits."""
        match written.comparator:
            case tree.IsOneOf(names=names):
                asked = names
            case tree.IsValue(term=tree.Quantity(text=text, unit="number", span=span)):
                asked = (tree.Word(text, span),)
            case tree.IsValue(term=tree.NameTerm(when=None, year=None, name=name)):
                asked = (name,)
            case tree.IsNot():
                self.report.error("SI211", "`is not` would silently admit every other outcome", written.span,
                                  f"say which outcomes are meant: is one of {', '.join(known.outcomes[:2])}, …")  # fmt: skip
                return None
            case _:
                self.report.error("SI407", "an outcome is asked for by its label", written.span,
                                  "write: is 4, is 4 or more serious, is one of 3, 4, or is unmatched")  # fmt: skip
                return None
        outcomes = known.outcomes
        for word in asked:
            if word.text not in outcomes:
                self.report.unknown("class", word.text, word.span, outcomes, "SI303")
                return None
        onward = written.comparator.onward if isinstance(written.comparator, tree.IsValue) else None
        if onward is None:
            return tuple(outcome for outcome in outcomes if outcome in {word.text for word in asked})
        if onward in ("better", "worse") or asked[0].text not in known.labels:
            self.report.error("SI407", "classes are more or less serious, and only they", written.span,
                              "write: or more serious, or less serious")  # fmt: skip
            return None
        place = known.labels.index(asked[0].text)
        return known.labels[: place + 1] if onward == "more_serious" else known.labels[place:]

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

    # ---- identity and origin
    def _id(self, written: tree.Comparison | tree.Existence) -> str:
        """The name of a leaf within its rule: the field it is about, or all its words where that is not enough."""
        key = _key(written)
        name = key if self._keys[key] == 1 else identifier(self.report.source.words(written.span))
        name = self._prefix + name
        if self.terms.year_at_hand is not None:
            name = f"{name}_in_{_YEARS_BACK.get(self.terms.year_at_hand.back, f'{self.terms.year_at_hand.back}_years_before')}"
        if name in self._used:
            label = (self.report.source, self._used[name], "it stands here already")
            self.report.error("SI305", "the same condition stands twice in this rule", written.span,
                              "delete one of the two", [label])  # fmt: skip
        self._used[name] = written.span
        return name

    def _origin(self, span: Span) -> core.Origin:
        source = self.report.source
        return core.Origin(source.name, source.place(span.start)[0], source.words(span))


def _comparisons(written: tree.Condition) -> Iterator[tree.Comparison | tree.Existence]:
    match written:
        case tree.Comparison(term=term, comparator=comparator):
            yield written
            for side in (term, getattr(comparator, "term", None)):
                for inner in _conditions_in(side) if side is not None else ():
                    yield from _comparisons(inner)
        case tree.Existence():
            yield written
        case tree.Bracketed(inner=inner) | tree.ForRecords(condition=inner):
            yield from _comparisons(inner)
        case tree.Joined(parts=parts):
            for part in parts:
                yield from _comparisons(part)
        case tree.ItemList(items=items):
            for item in items:
                yield from _comparisons(item.condition)
        case tree.RuleReference() | tree.ClauseReference() | tree.Includes():
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


def _conditions_in(term: tree.Term) -> Iterator[tree.Condition]:
    """The conditions that stand in a term as written."""
    match term:
        case tree.OverRecords(term=inner, where=where):
            if inner is not None:
                yield from _conditions_in(inner)
            if where is not None:
                yield where
        case tree.CountYears(condition=condition):
            yield condition
        case tree.Chain(first=first, rest=rest):
            for part in (first, *(part for _, part in rest)):
                yield from _conditions_in(part)
        case (
            tree.Adjusted(term=inner) | tree.PercentOf(term=inner) | tree.Steps(term=inner) | tree.OverYears(term=inner)
        ):
            yield from _conditions_in(inner)
        case tree.Aggregate(terms=terms):
            for part in terms:
                yield from _conditions_in(part)
        case _:
            return


def identifier(words: str) -> str:
    """Words as a name; a minus sign before a figure is told, since it makes another condition."""
    return re.sub(r"\W+", "_", re.sub(r"-(?=[0-9])", " minus ", words)).strip("_")


def _key(written: tree.Comparison | tree.Existence) -> str:
    """The last part of the first name a comparison reads."""
    term: tree.Term | None = written.term
    while True:
        match term:
            case tree.NameTerm(name=name) | tree.Judged(name=name) | tree.OverRecords(term=None, records=name):
                return name.text.rpartition(".")[2]
            case tree.Chain(first=inner) | tree.TimeBetween(first=inner) | tree.Aggregate(terms=(inner, *_)):
                term = inner
            case (
                tree.Adjusted(term=inner) | tree.PercentOf(term=inner) | tree.Steps(term=inner)
                | tree.OverYears(term=inner) | tree.OverRecords(term=inner)
            ):  # fmt: skip
                term = inner
            case _:
                return "value"
