"""Builds how often, and until when, something is to be done: the same words in policies and in scenarios."""

from lark import Token, Transformer, v_args

from si_rules.syntax import tree
from si_rules.syntax.pieces import span_of, word

_UNITS = ("WORKING_DAYS", "SCHOOL_DAYS", "HALF_TERMS", "ACADEMIC_YEARS")


@v_args(inline=True)
class TimingBuilder(Transformer[Token, object]):
    """Builds `Timing` nodes."""

    def length(self, token: Token) -> tree.Word:
        return tree.Word(token.type.lower() if token.type in _UNITS else str(token), span_of(token))

    def every(self, key: Token, name: Token) -> tree.Timing:
        period = name.type.lower().removesuffix("s") if name.type in _UNITS else str(name)
        return tree.Timing("every", None, None, tree.Word(period, span_of(name)), span_of(key, name))

    def every_so_many(self, key: Token, count: Token, unit: tree.Word) -> tree.Timing:
        return tree.Timing("every_so_many", word(count), unit, None, span_of(key, unit))

    def during(self, key: Token, name: Token) -> tree.Timing:
        return tree.Timing("during", None, None, word(name), span_of(key, name))

    def within(
        self, key: Token, count: Token, unit: tree.Word, _after: Token | None, name: Token | None
    ) -> tree.Timing:
        last = word(name) if name else None
        return tree.Timing("within", word(count), unit, last, span_of(key, last or unit))

    def ahead(self, key: Token, count: Token, unit: tree.Word, _before: Token, name: Token) -> tree.Timing:
        return tree.Timing("ahead", word(count), unit, word(name), span_of(key, name))

    def by(self, key: Token, first: Token, month: Token | None = None) -> tree.Timing:
        sort = key.type.removeprefix("THEN_").lower()
        if month is None:
            return tree.Timing(sort, None, None, word(first), span_of(key, first))  # type: ignore[arg-type]
        return tree.Timing(sort, word(first), None, word(month), span_of(key, month))  # type: ignore[arg-type]

    def in_term(self, key: Token, name: Token, term: Token) -> tree.Timing:
        return tree.Timing("in_term", None, None, word(name), span_of(key, term))
