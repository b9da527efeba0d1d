"""From what the parser reduces to the tree. One method a rule of the grammar; no name is looked up here."""

from collections.abc import Iterable
from typing import Any, Literal

from lark import Token, v_args

from si_rules.syntax import tree
from si_rules.syntax.pathway_builder import PathwayBuilder
from si_rules.syntax.pieces import Head, Line, lines_of, of, quoted, span_of, word
from si_rules.syntax.timing_builder import TimingBuilder

MODALITIES = {
    "MUST": "must",
    "WILL": "will",
    "MAY": "may",
    "SHOULD": "should",
    "IS_LIKELY_TO": "is_likely_to",
    "IS_EXPECTED_TO": "is_expected_to",
    "IS_A_CANDIDATE_FOR": "is_a_candidate_for",
}


@v_args(inline=True)
class TreeBuilder(TimingBuilder, PathwayBuilder):
    """Builds the nodes of `si_rules.syntax.tree` while the parser runs."""

    # ---- what the file is
    def title(self, _key: Token, text: Token) -> Line:
        return Line(("title", quoted(text)))

    def edition(self, _key: Token, name: Token) -> Line:
        return Line(("edition", word(name)))

    def in_force(self, _key: Token, first: Token, _to: Token, last: Token) -> Line:
        return Line(("in_force", (word(first), word(last))))

    def uses_vocabulary(self, _key: Token, name: Token, version: Token) -> Line:
        return Line(("vocabulary", (word(name), word(version))))

    def policy(self, key: Token, name: Token, *lines: Any) -> tree.PolicyHeader:
        title, edition, in_force = (lines_of(lines, what) for what in ("title", "edition", "in_force"))
        vocabulary, uses = lines_of(lines, "vocabulary"), lines_of(lines, "uses")
        return tree.PolicyHeader(word(name), title, edition, in_force, vocabulary, uses, span_of(key, name))

    def uses(self, _key: Token, name: Token) -> Line:
        return Line(("uses", word(name)))

    def part(self, key: Token, name: Token, edition: Token) -> tree.Part:
        return tree.Part(word(name), word(edition), span_of(key, edition))

    def amended_from(self, _key: Token, day: Token) -> Line:
        return Line(("first", word(day)))

    def adopted(self, _key: Token, day: Token) -> Line:
        return Line(("adopted", word(day)))

    def set_aside(self, key: Token, names: tuple[tree.Word, ...]) -> Line:
        return Line((key.type.lower(), names))

    def amendment(self, key: Token, name: Token, edition: Token, *lines: Any) -> tree.Amendment:
        title, first, adopted = (lines_of(lines, what) for what in ("title", "first", "adopted"))
        replaces, withdraws = (
            tuple(name for names in lines_of(lines, what) for name in names) for what in ("replaces", "withdraws")
        )
        owned = of(lines, tree.Cites), of(lines, tree.Interpretation)
        return tree.Amendment(
            word(name), word(edition), title, first, adopted, replaces, withdraws, *owned, span_of(key, edition)
        )

    def class_then(self, key: Token, _from: Token, class_: Token, label: Token, *lines: Any) -> Line:
        return Line(("of_class", (word(label), _then("then", key, lines))))

    def changes(self, key: Token, name: Token, *lines: Any) -> tree.Changes:
        inner = of(lines, tree.Class), of(lines, tree.Clause), of(lines, tree.Then)
        return tree.Changes(word(name), *inner, lines_of(lines, "of_class"), span_of(key, name))

    def legend(self, key: Token, *sentences: Token) -> tree.Legend:
        return tree.Legend(tuple(quoted(sentence) for sentence in sentences), span_of(key))

    def subject(self, _key: Token, name: Token, _plural: Token, plural: Token) -> Line:
        return Line(("subject", (word(name), word(plural))))

    def identified_by(self, _key: Token, name: Token) -> Line:
        return Line(("identified_by", word(name)))

    def labelled_by(self, _key: Token, name: Token) -> Line:
        return Line(("labelled_by", word(name)))

    def vocabulary(self, key: Token, name: Token, version: Token, *lines: Any) -> tree.VocabularyHeader:
        subject, identified_by = lines_of(lines, "subject"), lines_of(lines, "identified_by")
        labelled_by = lines_of(lines, "labelled_by")
        return tree.VocabularyHeader(
            word(name), word(version), subject, identified_by, labelled_by, span_of(key, version)
        )

    # ---- names with a title
    def source(self, key: Token, name: Token, title: Token) -> tree.SourceDeclaration:
        return tree.SourceDeclaration(word(name), quoted(title), span_of(key, name))

    def named(self, sort: Token, name: Token, title: Token, decimals: Token | None) -> tree.Named:
        end = name if decimals is None else decimals
        return tree.Named(sort.type.lower(), word(name), quoted(title), decimals is not None, span_of(sort, end))

    def group(self, key: Token, name: Token, title: Token, condition: tree.Condition) -> tree.Group:
        return tree.Group(word(name), quoted(title), condition, span_of(key, name))

    # ---- evidence
    def listed_under(self, _key: Token, name: Token) -> Line:
        return Line(("listed_under", word(name)))

    def dated_by(self, _key: Token, name: Token, _known: Token, known: Token) -> Line:
        return Line(("dated_by", (word(name), word(known))))

    def records(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Records:
        return tree.Records(
            word(name),
            quoted(title),
            lines_of(lines, "listed_under"),
            lines_of(lines, "dated_by"),
            of(lines, tree.AcceptedFor),
            of(lines, tree.Marked),
            of(lines, tree.Counts),
            of(lines, tree.ShownTo),
            span_of(key, name),
        )

    def accepted_for(self, key: Token, count: Token, unit: Token, *lines: Any) -> tree.AcceptedFor:
        found = of(lines, tree.Cites), of(lines, tree.Interpretation)
        return tree.AcceptedFor(word(count), word(unit), *found, span_of(key, unit))

    def marked(self, key: Token, other: Token, _by: Token, mark: Token) -> tree.Marked:
        return tree.Marked(word(other), word(mark), span_of(key, mark))

    def counts(self, key: Token, other: Token, *lines: Any) -> tree.Counts:
        return tree.Counts(word(other), of(lines, tree.Cites), of(lines, tree.Interpretation), span_of(key, other))

    def each_year(self, _key: Token, _known: Token | None, name: Token | None) -> Line:
        return Line(("each_year", word(name) if name else None))

    def due_on(self, _key: Token, day: Token, month: Token, _after: Token) -> Line:
        return Line(("due_on", (word(day), word(month))))

    def due_in_year(self, _key: Token, year: Token, _due: Token, day: Token) -> Line:
        return Line(("due_in_year", (word(year), word(day))))

    def begins_with(self, _key: Token, name: Token) -> Line:
        return Line(("begins_with", word(name)))

    def results(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Results:
        found = (
            lines_of(lines, "each_year"),
            lines_of(lines, "due_on"),
            lines_of(lines, "due_in_year"),
            lines_of(lines, "begins_with"),
            of(lines, tree.Marked),
            of(lines, tree.Counts),
            of(lines, tree.Cites),
            of(lines, tree.Interpretation),
        )
        guards = of(lines, tree.AppliesTo), of(lines, tree.ShownTo)
        return tree.Results(word(name), quoted(title), *found, *guards, span_of(key, name))

    def yes_or_no(self, key: Token) -> tree.KindExpression:
        return tree.KindExpression("flag", (), span_of(key))

    def one_of(self, key: Token, names: tuple[tree.Word, ...]) -> tree.KindExpression:
        return tree.KindExpression("choice", names, span_of(key, names))

    def scale(self, key: Token, names: tuple[tree.Word, ...]) -> tree.KindExpression:
        return tree.KindExpression(key.type.lower(), names, span_of(key, names))

    def quantity_kind(self, name: Token) -> tree.KindExpression:
        sort = str(name) if name.type == "NAME" else name.type.lower().removesuffix("_kind")
        return tree.KindExpression(sort, (), span_of(name))

    def names(self, *names: Token) -> tuple[tree.Word, ...]:
        return tuple(word(name) for name in names)

    def kind_of(self, key: Token, name: Token) -> tree.KindExpression:
        return tree.KindExpression("kind_of", (word(name),), span_of(key, name))

    def kind_line(self, kind: tree.KindExpression, between: Token | None, low: Token | None,
                  _and: Token | None, high: Token | None, or_none: Token | None) -> tree.KindLine:  # fmt: skip
        limits = (word(low), word(high)) if low and high else None
        return tree.KindLine(kind, limits, or_none is not None, span_of(kind, between, high, or_none))

    def from_year(self, _key: Token, year: Token) -> Line:
        return Line(("from_year", word(year)))

    def until_year(self, _key: Token, year: Token) -> Line:
        return Line(("until_year", word(year)))

    def breaks_in(self, key: Token, year: Token, *lines: Any) -> tree.Break:
        return tree.Break(word(year), of(lines, tree.Cites), of(lines, tree.Interpretation), span_of(key, year))

    def evidence(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Evidence:
        found = of(lines, tree.KindLine), lines_of(lines, "from_year"), lines_of(lines, "until_year")
        further = of(lines, tree.Break), of(lines, tree.AppliesTo), of(lines, tree.ShownTo)
        return tree.Evidence(word(name), quoted(title), *found, *further, span_of(key, name))

    def judgement_kind(self, kind: tree.KindExpression) -> tree.KindLine:
        return tree.KindLine(kind, None, False, kind.span)

    def judgement(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Judgement:
        found = of(lines, tree.KindLine), of(lines, tree.Cites), of(lines, tree.Interpretation)
        further = of(lines, tree.AcceptedFor), of(lines, tree.ShownTo)
        return tree.Judgement(word(name), quoted(title), *found, *further, span_of(key, name))

    def prefer(self, key: Token, preferred: Token, _over: Token, other: Token, *lines: Any) -> tree.Prefer:
        found = of(lines, tree.Cites), of(lines, tree.Interpretation)
        return tree.Prefer(word(preferred), word(other), *found, span_of(key, other))

    # ---- parameters
    def for_year(self, key: Token, year: Token, value: tree.Quantity) -> tree.ParameterValue:
        return tree.ParameterValue(word(year), True, value, span_of(key, value))

    def from_date(self, key: Token, date: Token, value: tree.Quantity) -> tree.ParameterValue:
        return tree.ParameterValue(word(date), False, value, span_of(key, value))

    def parameter(self, key: Token, name: Token, title: Token, kind: tree.KindExpression, *lines: Any) -> Any:
        found = of(lines, tree.ParameterValue), of(lines, tree.Cites), of(lines, tree.Interpretation)
        return tree.Parameter(word(name), quoted(title), kind, *found, span_of(key, name))

    # ---- properties
    def cites(self, key: Token, source: Token, place: Token) -> tree.Cites:
        return tree.Cites(word(source), quoted(place), span_of(key, place))

    def interpretation(self, key: Token, name: Token, reason: Token | None) -> tree.Interpretation:
        return tree.Interpretation(word(name), quoted(reason) if reason else None, span_of(key, name))

    def applies_to_every(self, key: Token, noun: Token) -> tree.AppliesTo:
        return tree.AppliesTo(None, word(noun), span_of(key, noun))

    def applies_to_with(self, key: Token, noun: Token, _with: Token, group: Token) -> tree.AppliesTo:
        return tree.AppliesTo(word(group), word(noun), span_of(key, group))

    def applies_to_group(self, key: Token, group: Token, noun: Token) -> tree.AppliesTo:
        return tree.AppliesTo(word(group), word(noun), span_of(key, noun))

    def shown_to(self, key: Token, roles: tuple[tree.Word, ...]) -> tree.ShownTo:
        return tree.ShownTo(roles, span_of(key, roles))

    # ---- rules
    def holds_when(self, _key: Token, condition: tree.Condition) -> Line:
        return Line(("holds_when", condition))

    def holds_when_list(self, _key: Token, head: Head, *items: tree.Item) -> Line:
        return Line(("holds_when", head.over(items)))

    def rule(self, sort: Token, name: Token, title: Token, *lines: Any) -> tree.Rule:
        found = lines_of(lines, "holds_when"), of(lines, tree.Cites), of(lines, tree.Interpretation)
        guards = of(lines, tree.AppliesTo), of(lines, tree.ShownTo), of(lines, tree.ReleasedTo)
        which: Literal["fact", "trigger"] = "fact" if sort.type == "FACT" else "trigger"
        further = of(lines, tree.ExceptWhen), of(lines, tree.Then)
        return tree.Rule(which, word(name), quoted(title), *found, *guards, *further, span_of(sort, name))

    def released_to(self, key: Token, roles: tuple[tree.Word, ...], _because: Token, reason: Token) -> tree.ReleasedTo:
        return tree.ReleasedTo(roles, quoted(reason), span_of(key, roles))

    def because(self, _key: Token, reason: Token) -> Line:
        return Line(("because", quoted(reason)))

    def except_plain(self, key: Token, condition: tree.Condition, *lines: Any) -> tree.ExceptWhen:
        owned = of(lines, tree.Cites), of(lines, tree.Interpretation)
        return tree.ExceptWhen(condition, lines_of(lines, "because"), *owned, span_of(key, condition))

    def except_list(self, key: Token, head: Head, *lines: Any) -> tree.ExceptWhen:
        return self.except_plain(key, head.over(of(lines, tree.Item)), *lines)

    def when_several(self, key: Token, labels: tuple[tree.Word, ...]) -> Line:
        return Line(("when_several", (key.type == "ALL_STAND", labels)))

    def when_none(self, _key: Token) -> Line:
        return Line(("when_none", None))

    def when_missing(self, _key: Token) -> Line:
        return Line(("when_missing", None))

    def labels(self, *labels: Token) -> tuple[tree.Word, ...]:
        return tuple(word(label) for label in labels)

    def outcome_then(self, key: Token, *lines: Any) -> tree.Then:
        outcome: Literal["unmatched", "whatever"] = "unmatched" if key.type == "WHEN_UNMATCHED" else "whatever"
        return _then(outcome, key, lines)

    def classification(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Classification:
        several = lines_of(lines, "when_several")
        return tree.Classification(
            word(name),
            quoted(title),
            of(lines, tree.Cites),
            of(lines, tree.Interpretation),
            of(lines, tree.AppliesTo),
            of(lines, tree.ShownTo),
            tuple(labels for _, labels in several),
            any(all_stand for all_stand, _ in several),
            len(lines_of(lines, "when_none")),
            len(lines_of(lines, "when_missing")),
            lines_of(lines, "invalid"),
            of(lines, tree.Class),
            of(lines, tree.Then),
            span_of(key, name),
        )

    def invalid_block(self, key: Token, title: Token, *lines: Any) -> Line:
        label = Token.new_borrow_pos("NAME", "invalid", key)
        return Line(("invalid", self.class_block(key, label, title, *lines)))

    def class_block(self, key: Token, label: Token, title: Token, *lines: Any) -> tree.Class:
        found = of(lines, tree.Cites), of(lines, tree.Interpretation)
        inner = of(lines, tree.Clause), of(lines, tree.Then)
        return tree.Class(word(label), quoted(title), *found, *inner, span_of(key, label))

    def gives_way(self, _key: Token, label: Token) -> Line:
        return Line(("gives_way", word(label)))

    def clause(self, key: Token, label: Token, title: Token | None,
               body: tuple[tree.Condition, tuple[Any, ...]]) -> tree.Clause:  # fmt: skip
        condition, lines = body
        return tree.Clause(
            word(label),
            quoted(title) if title else None,
            key.type == "OR_CLAUSE",
            lines_of(lines, "gives_way"),
            of(lines, tree.ExceptWhen),
            condition,
            of(lines, tree.Cites),
            of(lines, tree.Interpretation),
            span_of(key, label),
        )

    def clause_when(self, _key: Token, condition: tree.Condition, *lines: Any) -> Any:
        return condition, lines

    def clause_list(self, head: Head, *lines: Any) -> Any:
        return head.over(of(lines, tree.Item)), lines

    # ---- consequences
    def then(self, key: Token, *lines: Any) -> tree.Then:
        return _then("then", key, lines)

    def modality(self, token: Token) -> tree.Word:
        return tree.Word(MODALITIES[token.type], span_of(token))

    def for_group(self, key: Token, group: Token, noun: Token) -> tree.AppliesTo:
        return tree.AppliesTo(word(group), word(noun), span_of(key, noun))

    def for_group_with(self, key: Token, noun: Token, _with: Token, group: Token) -> tree.AppliesTo:
        return tree.AppliesTo(word(group), word(noun), span_of(key, group))

    def shown(self, key: Token, *roles: Token) -> tree.ShownTo:
        words = tuple(word(role) for role in roles if role.type == "NAME")
        return tree.ShownTo(words, span_of(key, *roles))

    def condition_on(self, _key: Token, condition: tree.Condition) -> Line:
        return Line(("if", condition))

    def consequence(self, party: Token, modality: tree.Word, action: Token, *modifiers: Any) -> tree.Consequence:
        group = of(modifiers, tree.AppliesTo)
        shown = of(modifiers, tree.ShownTo)
        condition = lines_of(modifiers, "if")
        return tree.Consequence(
            word(party),
            modality,
            word(action),
            group[0] if group else None,
            of(modifiers, tree.Timing),
            shown[0] if shown else None,
            condition[0] if condition else None,
            tuple(line for line in modifiers if isinstance(line, tree.Cites | tree.Interpretation)),
            span_of(party, modality, action),
        )


def _then(outcome: Literal["then", "unmatched", "whatever"], key: Token, lines: Iterable[Any]) -> tree.Then:
    found = of(lines, tree.Cites), of(lines, tree.Interpretation), of(lines, tree.Consequence)
    return tree.Then(outcome, *found, span_of(key))
