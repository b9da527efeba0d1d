"""From what the parser reduces to the terms and conditions of the tree. No name is looked up here."""

from typing import Any, Literal

from lark import Token, Transformer, v_args

from si_rules.source.text import Span
from si_rules.syntax import tree
from si_rules.syntax.pieces import Head, span_of, unit_of, word

_ORDERED: dict[str, Any] = {
    "IS_UNDER": "under",
    "IS_AT_LEAST": "at_least",
    "IS_MORE_THAN": "more_than",
    "IS_AT_MOST": "at_most",
    "IS_BEFORE": "before",
    "IS_AFTER": "after",
}


def _operation(key: Token) -> str:
    """What an aggregate is called in the author's words: `the mean of` is `mean`."""
    return key.split()[1]


@v_args(inline=True)
class ExpressionBuilder(Transformer[Token, tree.Declaration]):
    """Builds terms and conditions while the parser runs. One method a rule of the grammar."""

    # ---- quantities
    def percent(self, token: Token) -> tree.Quantity:
        return tree.Quantity(token[:-1], "percent", span_of(token))

    def number(self, token: Token, unit: Token | None) -> tree.Quantity:
        return tree.Quantity(str(token), unit_of(unit) if unit else "number", span_of(token, unit))

    def date(self, token: Token) -> tree.Quantity:
        return tree.Quantity(str(token), "date", span_of(token))

    def unit(self, token: Token, _per: Token | None, per: Token | None) -> Token:
        name = str(token) if token.type == "NAME" else "percentage_points"
        return Token.new_borrow_pos(token.type, f"{name} per {per}" if per else name, token)

    # ---- conditions
    def all_of(self, key: Token) -> "Head":
        return Head("all", None, key)

    def any_of(self, key: Token) -> "Head":
        return Head("any", None, key)

    def none_of(self, key: Token) -> "Head":
        return Head("none", None, key)

    def at_least(self, key: Token, count: Token, _of: Token) -> "Head":
        return Head("at_least", count, key)

    def plain_item(self, condition: tree.Condition, left_out: Token | None) -> tree.Item:
        return tree.Item(condition, left_out is not None, span_of(condition))

    def list_item(self, head: "Head", *items: tree.Item) -> tree.Item:
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
        direction: Any = onward.type.removeprefix("OR_").lower() if onward is not None else None
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

    def existence(self, key: Token, term: tree.NameTerm) -> tree.Existence:
        return tree.Existence(term, key.type == "HAS_NO", span_of(key, term))

    def for_records(self, key: Token, name: Token, condition: tree.Condition) -> tree.ForRecords:
        return tree.ForRecords(key.type == "FOR_EVERY", word(name), condition, span_of(key, condition))

    def includes(self, name: Token, key: Token, label: Token) -> tree.Includes:
        return tree.Includes(word(name), word(label), span_of(name, key, label))

    # ---- terms
    def chained(self, *parts: Any) -> tree.Term:
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        rest = tuple((parts[i].type.lower().removesuffix("_by"), parts[i + 1]) for i in range(1, len(parts), 2))
        return tree.Chain(parts[0], rest, span_of(*parts))

    def adjusted(self, term: tree.Term, *adjustments: tuple[str, Any, Span]) -> tree.Term:
        for sort, by, span in adjustments:
            term = tree.Adjusted(term, sort, by, term.span.to(span))
        return term

    def as_percent(self, key: Token) -> Any:
        return "as_percent", None, span_of(key)

    def rounded_places(self, key: Token, count: Token, places: Token) -> Any:
        return "rounded_places", word(count), span_of(key, places)

    def rounded_whole(self, key: Token, whole: Token) -> Any:
        return "rounded_whole", None, span_of(key, whole)

    def rounded_nearest(self, key: Token, step: tree.Quantity) -> Any:
        return "rounded_nearest", step, span_of(key, step)

    def capped(self, key: Token, cap: tree.Term) -> Any:
        return key.type.lower(), cap, span_of(key, cap)

    def aggregate(self, key: Token, *parts: Any) -> tree.Aggregate:
        *terms, existing = parts
        return tree.Aggregate(_operation(key), tuple(terms), existing is not None, span_of(key, *terms, existing))

    def over_years(self, key: Token, term: tree.Term, _over: Token, count: Token, years: Token) -> tree.OverYears:
        return tree.OverYears(_operation(key), term, word(count), span_of(key, years))

    def over_records(self, key: Token, term: tree.Term, _over: Token, records: Token,
                     where: Token | None, condition: tree.Condition | None) -> tree.OverRecords:  # fmt: skip
        return tree.OverRecords(
            _operation(key), term, word(records), condition, span_of(key, records, where, condition)
        )

    def count_records(self, key: Token, records: Token, where: Token | None,
                      condition: tree.Condition | None) -> tree.OverRecords:  # fmt: skip
        return tree.OverRecords("count", None, word(records), condition, span_of(key, records, where, condition))

    def count_years(self, key: Token, count: Token, _years: Token, _in: Token,
                    condition: tree.Condition) -> tree.CountYears:  # fmt: skip
        return tree.CountYears(word(count), condition, span_of(key, condition))

    def time_between(self, key: Token, first: tree.Term, _to: Token, last: tree.Term) -> tree.TimeBetween:
        return tree.TimeBetween(key.split()[1], first, last, span_of(key, last))

    def steps(self, count: Token, key: Token, term: tree.Term) -> tree.Steps:
        return tree.Steps(word(count), key.type == "STEPS_BETTER", term, span_of(count, term))

    def percent_of(self, percent: Token, _of: Token, term: tree.Term) -> tree.PercentOf:
        return tree.PercentOf(tree.Quantity(percent[:-1], "percent", span_of(percent)), term, span_of(percent, term))

    def decision_day(self, key: Token) -> tree.DecisionDay:
        return tree.DecisionDay(span_of(key))

    def name(self, when: Token | None, name: Token, in_: Token | None, year: Token | None) -> tree.NameTerm:
        at: Literal["latest", "previous"] | None = None
        if when is not None:
            at = "latest" if when.type == "LATEST" else "previous"
        return tree.NameTerm(at, word(name), word(year) if year else None, span_of(when, name, in_, year))

    def judged(self, key: Token, name: Token) -> tree.Judged:
        return tree.Judged(word(name), span_of(key, name))

    def term_bracketed(self, inner: tree.Term) -> tree.Term:
        return inner
