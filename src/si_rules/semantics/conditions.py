"""From conditions as written to conditions of the core: names looked up, kinds checked, guards kept."""

from attrs import evolve, frozen

from si_rules.semantics import core
from si_rules.semantics.comparisons import ComparisonReader
from si_rules.semantics.condition_names import LeafNames
from si_rules.semantics.context import Context
from si_rules.semantics.kinds import Choice, Flag, Scale
from si_rules.semantics.report import Report
from si_rules.semantics.scope import KnownClassification, Scope
from si_rules.semantics.terms import TermReader
from si_rules.source.text import Span
from si_rules.syntax import tree

DEEPEST = 24


@frozen
class _Asked:
    """A condition on an outcome, or None after a report."""

    condition: core.Condition | None


class ConditionReader:
    """Reads the conditions of one rule. `prefix` begins the ids of leaves, where a rule is read in parts. What cannot be read is reported and comes back as None."""

    def __init__(self, scope: Scope, report: Report, written: tree.Condition | None, prefix: str = "") -> None:
        self._in_items = written is not None
        self.scope = scope
        self.report = report
        self.terms = TermReader(scope, report, self._inside)
        self.comparisons = ComparisonReader(scope, report, self.terms, LeafNames(report, self.terms, written, prefix))
        self._context = Context({})
        self._noted: list[str] = []
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
            leaf = self.comparisons.comparison(written)
        else:
            leaf = self.comparisons.existence(written)
        self._context = before
        for group in self.terms.take_groups():
            self._noted.append(group)
            self.need_group(group, f"`{self.report.source.words(written.term.span)}`", written.span, context)
            if leaf is not None and context.left_out and group in self.scope.vocabulary.groups:
                leaf = core.Guarded(self.scope.membership(group), leaf)
        return leaf

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

    def _origin(self, span: Span) -> core.Origin:
        source = self.report.source
        return core.Origin(source.name, source.place(span.start)[0], source.words(span))
