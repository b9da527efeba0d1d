"""From what the parser reduces to the tree. One method a rule of the grammar; no name is looked up here."""

from collections.abc import Iterable
from typing import Any, Literal, TypeVar

from lark import Token, Transformer, v_args

from si_rules.source.text import Span
from si_rules.syntax import tree

T = TypeVar("T")
_ORDERED: dict[str, Any] = {
    "IS_UNDER": "under",
    "IS_AT_LEAST": "at_least",
    "IS_MORE_THAN": "more_than",
    "IS_AT_MOST": "at_most",
    "IS_BEFORE": "before",
    "IS_AFTER": "after",
}
MODALITIES = {
    "MUST": "must",
    "WILL": "will",
    "MAY": "may",
    "SHOULD": "should",
    "IS_LIKELY_TO": "is_likely_to",
    "IS_EXPECTED_TO": "is_expected_to",
    "IS_A_CANDIDATE_FOR": "is_a_candidate_for",
}


def span_of(*parts: Any) -> Span:
    """The stretch from the first to the last token or node among `parts` (None and other things are passed over)."""
    start, end = -1, -1
    for part in parts:
        if isinstance(part, Token):
            first, last = part.start_pos or 0, part.end_pos or 0
        elif hasattr(part, "span"):
            first, last = part.span.start, part.span.end
        elif isinstance(part, tuple) and part:
            inner = span_of(*part)
            first, last = inner.start, inner.end
        else:
            continue
        if first < 0:
            continue
        start = first if start < 0 else min(start, first)
        end = max(end, last)
    return Span(start, end)


def word(token: Token) -> tree.Word:
    """A token as a word of the tree."""
    return tree.Word(str(token), Span(token.start_pos or 0, token.end_pos or 0))


def quoted(token: Token) -> tree.Word:
    """A quotation without its marks, on one line."""
    return tree.Word(" ".join(token[1:-1].split()), Span(token.start_pos or 0, token.end_pos or 0))


def _of(lines: Iterable[Any], wanted: type[T]) -> tuple[T, ...]:
    return tuple(line for line in lines if isinstance(line, wanted))


class _Line(tuple[str, Any]):
    """A line of a declaration that is no node of its own: its name and its content."""

    __slots__ = ()


def _lines(lines: Iterable[Any], name: str) -> tuple[Any, ...]:
    return tuple(line[1] for line in lines if isinstance(line, _Line) and line[0] == name)


@v_args(inline=True)
class TreeBuilder(Transformer[Token, tree.Declaration]):
    """Builds the nodes of `si_rules.syntax.tree` while the parser runs."""

    # ---- what the file is
    def title(self, _key: Token, text: Token) -> _Line:
        return _Line(("title", quoted(text)))

    def edition(self, _key: Token, name: Token) -> _Line:
        return _Line(("edition", word(name)))

    def in_force(self, _key: Token, first: Token, _to: Token, last: Token) -> _Line:
        return _Line(("in_force", (word(first), word(last))))

    def uses_vocabulary(self, _key: Token, name: Token, version: Token) -> _Line:
        return _Line(("vocabulary", (word(name), word(version))))

    def policy(self, key: Token, name: Token, *lines: Any) -> tree.PolicyHeader:
        title, edition = _lines(lines, "title"), _lines(lines, "edition")
        in_force, uses = _lines(lines, "in_force"), _lines(lines, "vocabulary")
        return tree.PolicyHeader(word(name), title, edition, in_force, uses, span_of(key, name))

    def part(self, key: Token, name: Token, edition: Token) -> tree.Part:
        return tree.Part(word(name), word(edition), span_of(key, edition))

    def legend(self, key: Token, *sentences: Token) -> tree.Legend:
        return tree.Legend(tuple(quoted(sentence) for sentence in sentences), span_of(key))

    def subject(self, _key: Token, name: Token, _plural: Token, plural: Token) -> _Line:
        return _Line(("subject", (word(name), word(plural))))

    def identified_by(self, _key: Token, name: Token) -> _Line:
        return _Line(("identified_by", word(name)))

    def labelled_by(self, _key: Token, name: Token) -> _Line:
        return _Line(("labelled_by", word(name)))

    def vocabulary(self, key: Token, name: Token, version: Token, *lines: Any) -> tree.VocabularyHeader:
        subject, identified_by = _lines(lines, "subject"), _lines(lines, "identified_by")
        labelled_by = _lines(lines, "labelled_by")
        return tree.VocabularyHeader(
            word(name), word(version), subject, identified_by, labelled_by, span_of(key, version)
        )

    # ---- names with a title
    def source(self, key: Token, name: Token, title: Token) -> tree.SourceDeclaration:
        return tree.SourceDeclaration(word(name), quoted(title), span_of(key, name))

    def named(self, sort: Token, name: Token, title: Token) -> tree.Named:
        return tree.Named(sort.type.lower(), word(name), quoted(title), span_of(sort, name))

    def group(self, key: Token, name: Token, title: Token, condition: tree.Condition) -> tree.Group:
        return tree.Group(word(name), quoted(title), condition, span_of(key, name))

    # ---- evidence
    def listed_under(self, _key: Token, name: Token) -> _Line:
        return _Line(("listed_under", word(name)))

    def dated_by(self, _key: Token, name: Token, _known: Token, known: Token) -> _Line:
        return _Line(("dated_by", (word(name), word(known))))

    def records(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Records:
        found = _lines(lines, "listed_under"), _lines(lines, "dated_by"), _of(lines, tree.ShownTo)
        return tree.Records(word(name), quoted(title), *found, span_of(key, name))

    def each_year(self, _key: Token, _known: Token | None, name: Token | None) -> _Line:
        return _Line(("each_year", word(name) if name else None))

    def due_on(self, _key: Token, day: Token, month: Token, _after: Token) -> _Line:
        return _Line(("due_on", (word(day), word(month))))

    def results(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Results:
        found = (
            _lines(lines, "each_year"),
            _lines(lines, "due_on"),
            _of(lines, tree.Cites),
            _of(lines, tree.Interpretation),
        )
        guards = _of(lines, tree.AppliesTo), _of(lines, tree.ShownTo)
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

    def kind_line(self, kind: tree.KindExpression, between: Token | None, low: Token | None,
                  _and: Token | None, high: Token | None, or_none: Token | None) -> tree.KindLine:  # fmt: skip
        limits = (word(low), word(high)) if low and high else None
        return tree.KindLine(kind, limits, or_none is not None, span_of(kind, between, high, or_none))

    def from_year(self, _key: Token, year: Token) -> _Line:
        return _Line(("from_year", word(year)))

    def until_year(self, _key: Token, year: Token) -> _Line:
        return _Line(("until_year", word(year)))

    def evidence(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Evidence:
        found = _of(lines, tree.KindLine), _lines(lines, "from_year"), _lines(lines, "until_year")
        guards = _of(lines, tree.AppliesTo), _of(lines, tree.ShownTo)
        return tree.Evidence(word(name), quoted(title), *found, *guards, span_of(key, name))

    def judgement_kind(self, kind: tree.KindExpression) -> tree.KindLine:
        return tree.KindLine(kind, None, False, kind.span)

    def judgement(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Judgement:
        found = _of(lines, tree.KindLine), _of(lines, tree.Cites), _of(lines, tree.Interpretation)
        return tree.Judgement(word(name), quoted(title), *found, _of(lines, tree.ShownTo), span_of(key, name))

    # ---- parameters
    def percent(self, token: Token) -> tree.Quantity:
        return tree.Quantity(token[:-1], "percent", span_of(token))

    def number(self, token: Token, unit: Token | None) -> tree.Quantity:
        return tree.Quantity(str(token), unit or "number", span_of(token, unit))

    def date(self, token: Token) -> tree.Quantity:
        return tree.Quantity(str(token), "date", span_of(token))

    def unit(self, token: Token) -> Token:
        if token.type == "NAME":
            return token
        return Token.new_borrow_pos(token.type, "percentage_points", token)

    def for_year(self, key: Token, year: Token, value: tree.Quantity) -> tree.ParameterValue:
        return tree.ParameterValue(word(year), True, value, span_of(key, value))

    def from_date(self, key: Token, date: Token, value: tree.Quantity) -> tree.ParameterValue:
        return tree.ParameterValue(word(date), False, value, span_of(key, value))

    def parameter(self, key: Token, name: Token, title: Token, kind: tree.KindExpression, *lines: Any) -> Any:
        found = _of(lines, tree.ParameterValue), _of(lines, tree.Cites), _of(lines, tree.Interpretation)
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
    def holds_when(self, _key: Token, condition: tree.Condition) -> _Line:
        return _Line(("holds_when", condition))

    def holds_when_list(self, _key: Token, head: "_Head", *items: tree.Item) -> _Line:
        return _Line(("holds_when", head.over(items)))

    def rule(self, sort: Token, name: Token, title: Token, *lines: Any) -> tree.Rule:
        found = _lines(lines, "holds_when"), _of(lines, tree.Cites), _of(lines, tree.Interpretation)
        guards = _of(lines, tree.AppliesTo), _of(lines, tree.ShownTo), _of(lines, tree.Then)
        which: Literal["fact", "trigger"] = "fact" if sort.type == "FACT" else "trigger"
        return tree.Rule(which, word(name), quoted(title), *found, *guards, span_of(sort, name))

    def when_several(self, _key: Token, labels: tuple[tree.Word, ...]) -> _Line:
        return _Line(("when_several", labels))

    def when_none(self, _key: Token) -> _Line:
        return _Line(("when_none", None))

    def when_missing(self, _key: Token) -> _Line:
        return _Line(("when_missing", None))

    def labels(self, *labels: Token) -> tuple[tree.Word, ...]:
        return tuple(word(label) for label in labels)

    def outcome_then(self, key: Token, *lines: Any) -> tree.Then:
        outcome: Literal["unmatched", "whatever"] = "unmatched" if key.type == "WHEN_UNMATCHED" else "whatever"
        return _then(outcome, key, lines)

    def classification(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Classification:
        return tree.Classification(
            word(name),
            quoted(title),
            _of(lines, tree.Cites),
            _of(lines, tree.Interpretation),
            _of(lines, tree.AppliesTo),
            _of(lines, tree.ShownTo),
            _lines(lines, "when_several"),
            len(_lines(lines, "when_none")),
            len(_lines(lines, "when_missing")),
            _of(lines, tree.Class),
            _of(lines, tree.Then),
            span_of(key, name),
        )

    def class_block(self, key: Token, label: Token, title: Token, *lines: Any) -> tree.Class:
        found = _of(lines, tree.Cites), _of(lines, tree.Interpretation)
        inner = _of(lines, tree.Clause), _of(lines, tree.Then)
        return tree.Class(word(label), quoted(title), *found, *inner, span_of(key, label))

    def gives_way(self, _key: Token, label: Token) -> _Line:
        return _Line(("gives_way", word(label)))

    def clause(self, key: Token, label: Token, title: Token | None,
               body: tuple[tree.Condition, tuple[Any, ...]]) -> tree.Clause:  # fmt: skip
        condition, lines = body
        return tree.Clause(
            word(label),
            quoted(title) if title else None,
            key.type == "OR_CLAUSE",
            _lines(lines, "gives_way"),
            condition,
            _of(lines, tree.Cites),
            _of(lines, tree.Interpretation),
            span_of(key, label),
        )

    def clause_when(self, _key: Token, condition: tree.Condition, *lines: Any) -> Any:
        return condition, lines

    def clause_list(self, head: "_Head", *lines: Any) -> Any:
        return head.over(_of(lines, tree.Item)), lines

    # ---- conditions
    def all_of(self, key: Token) -> "_Head":
        return _Head("all", None, key)

    def any_of(self, key: Token) -> "_Head":
        return _Head("any", None, key)

    def none_of(self, key: Token) -> "_Head":
        return _Head("none", None, key)

    def at_least(self, key: Token, count: Token, _of: Token) -> "_Head":
        return _Head("at_least", count, key)

    def plain_item(self, condition: tree.Condition, left_out: Token | None) -> tree.Item:
        return tree.Item(condition, left_out is not None, span_of(condition))

    def list_item(self, head: "_Head", *items: tree.Item) -> tree.Item:
        inner = head.over(items)
        return tree.Item(inner, False, inner.span)

    def joined(self, *parts: Any) -> tree.Condition:
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        operators = tuple(str(token) for token in parts[1::2])
        return tree.Joined(tuple(parts[::2]), operators, span_of(*parts))

    def bracketed(self, inner: tree.Condition) -> tree.Bracketed:
        return tree.Bracketed(inner, inner.span)

    def comparison(self, term: tree.Term, found: tuple[tree.Comparator, Span]) -> tree.Comparison:
        return tree.Comparison(term, found[0], term.span.to(found[1]))

    def rule_reference(self, name: Token, holds: Token) -> tree.RuleReference:
        return tree.RuleReference(word(name), holds.type == "HOLDS", span_of(name, holds))

    def clause_reference(self, key: Token, label: Token, holds: Token) -> tree.ClauseReference:
        return tree.ClauseReference(word(label), holds.type == "HOLDS", span_of(key, holds))

    def ordered(self, key: Token, term: tree.Term) -> Any:
        return tree.Ordered(_ORDERED[key.type], term), span_of(key, term)

    def is_value(self, key: Token, term: tree.Term, onward: Token | None) -> Any:
        direction: Literal["better", "worse"] | None = None
        if onward is not None:
            direction = "better" if onward.type == "OR_BETTER" else "worse"
        return tree.IsValue(term, direction), span_of(key, term, onward)

    def is_flag(self, key: Token, value: Token) -> Any:
        return tree.IsFlag(value.type == "YES"), span_of(key, value)

    def is_not(self, key: Token, term: tree.Term) -> Any:
        return tree.IsNot(term), span_of(key, term)

    def is_one_of(self, key: Token, names: tuple[tree.Word, ...]) -> Any:
        return tree.IsOneOf(names), span_of(key, names)

    def trend(self, key: Token, count: Token, years: Token) -> Any:
        direction: Literal["fallen", "risen"] = "fallen" if key.type == "HAS_FALLEN_FOR" else "risen"
        return tree.Trend(direction, word(count)), span_of(key, years)

    def sum(self, *parts: Any) -> tree.Term:
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        rest = tuple(("plus" if parts[i].type == "PLUS" else "minus", parts[i + 1]) for i in range(1, len(parts), 2))
        return tree.Sum(parts[0], rest, span_of(*parts))  # type: ignore[arg-type]

    def name(self, when: Token | None, name: Token, in_: Token | None, year: Token | None) -> tree.NameTerm:
        at: Literal["latest", "previous"] | None = None
        if when is not None:
            at = "latest" if when.type == "LATEST" else "previous"
        return tree.NameTerm(at, word(name), word(year) if year else None, span_of(when, name, in_, year))

    def judged(self, key: Token, name: Token) -> tree.Judged:
        return tree.Judged(word(name), span_of(key, name))

    def term_bracketed(self, inner: tree.Term) -> tree.Term:
        return inner

    # ---- consequences
    def then(self, key: Token, *lines: Any) -> tree.Then:
        return _then("then", key, lines)

    def modality(self, token: Token) -> tree.Word:
        return tree.Word(MODALITIES[token.type], span_of(token))

    def for_group(self, key: Token, group: Token, noun: Token) -> tree.AppliesTo:
        return tree.AppliesTo(word(group), word(noun), span_of(key, noun))

    def for_group_with(self, key: Token, noun: Token, _with: Token, group: Token) -> tree.AppliesTo:
        return tree.AppliesTo(word(group), word(noun), span_of(key, group))

    def every(self, _key: Token, name: Token) -> _Line:
        return _Line(("every", word(name)))

    def during(self, _key: Token, name: Token) -> _Line:
        return _Line(("during", word(name)))

    def shown(self, key: Token, *roles: Token) -> tree.ShownTo:
        words = tuple(word(role) for role in roles if role.type == "NAME")
        return tree.ShownTo(words, span_of(key, *roles))

    def condition_on(self, _key: Token, condition: tree.Condition) -> _Line:
        return _Line(("if", condition))

    def consequence(self, party: Token, modality: tree.Word, action: Token, *modifiers: Any) -> tree.Consequence:
        group = _of(modifiers, tree.AppliesTo)
        shown = _of(modifiers, tree.ShownTo)
        timing = [line for line in modifiers if isinstance(line, _Line) and line[0] in ("every", "during")]
        condition = _lines(modifiers, "if")
        return tree.Consequence(
            word(party),
            modality,
            word(action),
            group[0] if group else None,
            (timing[0][0], timing[0][1]) if timing else None,
            shown[0] if shown else None,
            condition[0] if condition else None,
            tuple(line for line in modifiers if isinstance(line, tree.Cites | tree.Interpretation)),
            span_of(party, modality, action),
        )


class _Head:
    """The head of a list, waiting for its items."""

    def __init__(self, quantifier: tree.Quantifier, count: Token | None, key: Token) -> None:
        self._quantifier: tree.Quantifier = quantifier
        self._count = word(count) if count is not None else None
        self._key = key

    def over(self, items: Iterable[tree.Item]) -> tree.ItemList:
        listed = tuple(items)
        return tree.ItemList(self._quantifier, self._count, listed, span_of(self._key))


def _then(outcome: Literal["then", "unmatched", "whatever"], key: Token, lines: Iterable[Any]) -> tree.Then:
    found = _of(lines, tree.Cites), _of(lines, tree.Interpretation), _of(lines, tree.Consequence)
    return tree.Then(outcome, *found, span_of(key))
