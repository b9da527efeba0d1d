"""From what the parser reduces to values with a name: value facts, scores, tables, matrices and figures."""

from collections.abc import Iterable
from typing import Any

from lark import Token, v_args

from si_rules.syntax import tree
from si_rules.syntax.expression_builder import ExpressionBuilder
from si_rules.syntax.pieces import Line, lines_of, of, quoted, span_of, word


def owned(lines: Iterable[Any]) -> tree.Owned:
    """What stands beside the value itself."""
    found = tuple(lines)
    said = of(found, tree.Cites), of(found, tree.Interpretation)
    return tree.Owned(*said, of(found, tree.AppliesTo), of(found, tree.ShownTo))


@v_args(inline=True)
class ValueBuilder(ExpressionBuilder):
    """Builds the declarations of values. One method a rule of the grammar."""

    # ---- facts that are values, and scores
    def is_term(self, _key: Token, term: tree.Term) -> Line:
        return Line(("is", term))

    def value(self, key: Token, name: Token, title: Token, kind: tree.KindExpression, *lines: Any) -> tree.ValueFact:
        return tree.ValueFact(word(name), quoted(title), kind, lines_of(lines, "is"), owned(lines), span_of(key, name))

    def score_item(self, term: tree.Term, _when: Token | None, condition: tree.Condition | None) -> tree.ScoreItem:
        return tree.ScoreItem(term, condition, span_of(term, condition))

    def adds_up(self, _key: Token, *items: tree.ScoreItem) -> Line:
        return Line(("adds_up", tuple(items)))

    def score(self, key: Token, name: Token, title: Token, kind: tree.KindExpression, *lines: Any) -> tree.Score:
        return tree.Score(word(name), quoted(title), kind, lines_of(lines, "adds_up"), owned(lines), span_of(key, name))

    # ---- cells
    def place_test(self, name: Token, onward: Token | None) -> tree.Test:
        sort = onward.type.lower() if onward is not None else "place"
        return tree.Test(sort, (word(name),), (), span_of(name, onward))

    def flag_test(self, token: Token) -> tree.Test:
        return tree.Test("flag", (word(token),), (), span_of(token))

    def equal_test(self, quantity: tree.Quantity) -> tree.Test:
        return tree.Test("equal", (), (quantity,), quantity.span)

    def range_test(self, key: Token, low: tree.Quantity, _to: Token, high: tree.Quantity) -> tree.Test:
        return tree.Test("range", (), (low, high), span_of(key, high))

    def bound(self, key: Token, quantity: tree.Quantity) -> tree.Test:
        return tree.Test(key.type.lower(), (), (quantity,), span_of(key, quantity))

    def either(self, *tests: tree.Test) -> tree.Cell:
        return tree.Cell(tuple(tests), False, span_of(*tests))

    def between_bounds(self, low: tree.Test, _and: Token, high: tree.Test) -> tree.Cell:
        return tree.Cell((low, high), True, span_of(low, high))

    def cell(self, tests: tree.Cell | None) -> tree.Cell:
        return tests if tests is not None else tree.Cell((), False, span_of())

    def cells(self, *cells: tree.Cell) -> tuple[tree.Cell, ...]:
        return tuple(cells)

    def flag_value(self, token: Token) -> tree.Word:
        return word(token)

    def outcomes(self, *outcomes: Any) -> tuple[Any, ...]:
        return tuple(outcomes)

    def heads(self, *heads: tree.Term) -> tuple[tree.Term, ...]:
        return tuple(heads)

    def outcome_names(self, *names: Token) -> tuple[tree.Word, ...]:
        return tuple(word(name) for name in names)

    # ---- tables and matrices
    def gives(self, _key: Token, name: Token, kind: tree.KindExpression) -> Line:
        return Line(("gives", (word(name), kind)))

    def hit_policy(self, key: Token) -> Line:
        return Line(("policy", tree.Word(key.type.lower(), span_of(key))))

    def table_head(self, heads: tuple[tree.Term, ...], names: tuple[tree.Word, ...] | None) -> Line:
        return Line(("head", (heads, names or ())))

    def table_row(self, cells: tuple[tree.Cell, ...], outcomes: tuple[Any, ...] | None) -> tree.Row:
        return tree.Row(cells, outcomes or (), span_of(cells, outcomes))

    def table(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Table:
        ((heads, names),) = lines_of(lines, "head")
        found = lines_of(lines, "gives"), lines_of(lines, "policy")
        rows = of(lines, tree.Row)
        return tree.Table(word(name), quoted(title), *found, heads, names, rows, owned(lines), span_of(key, name))

    def down(self, _key: Token, term: tree.Term) -> Line:
        return Line(("down", term))

    def across(self, _key: Token, term: tree.Term) -> Line:
        return Line(("across", term))

    def matrix_head(self, cells: tuple[tree.Cell, ...]) -> Line:
        return Line(("columns", cells))

    def matrix_row(self, cell: tree.Cell, outcomes: tuple[Any, ...]) -> tree.Row:
        return tree.Row((cell,), outcomes, span_of(cell, outcomes))

    def matrix(self, key: Token, name: Token, title: Token, kind: tree.KindExpression, *lines: Any) -> tree.Matrix:
        (columns,) = lines_of(lines, "columns")
        axes = lines_of(lines, "down"), lines_of(lines, "across")
        told = word(name), quoted(title), kind
        return tree.Matrix(*told, *axes, columns, of(lines, tree.Row), owned(lines), span_of(key, name))

    # ---- figures over a cohort
    def over_every(self, key: Token, noun: Token) -> Line:
        return Line(("over", tree.AppliesTo(None, word(noun), span_of(key, noun))))

    def over_with(self, key: Token, noun: Token, _with: Token, group: Token) -> Line:
        return Line(("over", tree.AppliesTo(word(group), word(noun), span_of(key, group))))

    def over_group(self, key: Token, group: Token, noun: Token) -> Line:
        return Line(("over", tree.AppliesTo(word(group), word(noun), span_of(key, noun))))

    def members_where(self, _key: Token, condition: tree.Condition) -> Line:
        return Line(("where", condition))

    def measures_condition(self, _is: Token, key: Token, condition: tree.Condition) -> tree.Measure:
        sort = "share" if key.type == "THE_SHARE" else "count"
        return tree.Measure(sort, condition, None, False, None, span_of(key, condition))

    def measures_term(
        self, _is: Token, key: Token, term: tree.Term, _weighted: Token | None, weight: tree.Term | None
    ) -> tree.Measure:
        return tree.Measure(key.split()[1], None, term, False, weight, span_of(key, weight or term))

    def measures_rank(self, _is: Token, key: Token, term: tree.Term, order: Token) -> tree.Measure:
        return tree.Measure("rank", None, term, order.type == "HIGHEST_FIRST", None, span_of(key, order))

    def measures_percentile(self, _is: Token, key: Token, term: tree.Term) -> tree.Measure:
        return tree.Measure("percentile", None, term, False, None, span_of(key, term))

    def figure(self, key: Token, name: Token, title: Token, kind: tree.KindExpression, *lines: Any) -> tree.Figure:
        found = lines_of(lines, "over"), lines_of(lines, "where"), of(lines, tree.Measure)
        return tree.Figure(word(name), quoted(title), kind, *found, owned(lines), span_of(key, name))
