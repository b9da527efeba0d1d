"""Writes the code of leaves: comparisons of what is known, and what the marks of their terms make of them."""

import ast
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from si_rules.evaluation.compiled import syntax
from si_rules.evaluation.compiled.layout import Layout
from si_rules.evaluation.compiled.parts import ANY, TWO, Come, Mark, Value, Written, deepest, tested
from si_rules.evaluation.compiled.terms import Score, TermWriter, Unwritable
from si_rules.semantics import core
from si_rules.semantics.kinds import Scale

_OPERATORS: Final[dict[str, Callable[[], ast.cmpop]]] = {
    "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE, "=": ast.Eq,
}  # fmt: skip


def not_applicable() -> Written:
    """The code of what does not apply."""
    return Written(syntax.constant(...), frozenset(("A",)))


class LeafWriter(TermWriter):
    """Writes leaves into the body of one function. `asked` are the conditions it leaves to the interpreter."""

    def __init__(self, layout: Layout, complete: bool) -> None:
        super().__init__(layout, complete)
        self.asked: list[core.Condition] = []
        self._tallies: dict[tuple[core.Condition, ...], list[tuple[ast.expr, Written]]] = {}

    def left_to_interpreter(self, condition: core.Condition) -> Written:
        """The code that asks the interpreter."""
        return Written(self._ask(condition), ANY)

    def _ask(self, condition: core.Condition) -> ast.expr:
        number = next((n for n, known in enumerate(self.asked) if known is condition), len(self.asked))
        if number == len(self.asked):
            self.asked.append(condition)
        self.layout.keeps_facts = True
        return syntax.call("ask", syntax.name("r"), syntax.name("kept"), syntax.constant(number))

    # ---- how many hold
    def tally(self, items: tuple[core.Condition, ...], written: list[Written]) -> tuple[str, str | None]:
        """Variables for how many hold and are open; the same for every list of the same items."""
        kept = self._tallies.get(items)
        if kept is None:
            once = all(item.two_valued for item in written)
            kept = self._tallies[items] = [
                (item.code if once or isinstance(item.code, ast.Name) else self.hoisted(item.code), item)
                for item in written
            ]
            holding = self._kept["holding", items] = self.fresh("n")
            self.body.append(self.here(syntax.assign(holding, syntax.constant(0))))
            open_ = ""
            if any("U" in item.can for item in written):
                open_ = self._kept["open", items] = self.fresh("n")
                self.body.append(self.here(syntax.assign(open_, syntax.constant(0))))
            for code, item in kept:
                self._count(code, item, holding, open_)
        return self._kept["holding", items], self._kept.get(("open", items))

    def failing(self, items: tuple[core.Condition, ...]) -> ast.expr:
        """Whether any of the items of a tally fails."""
        return syntax.either(
            syntax.contrary(code) if item.two_valued else syntax.is_(code, syntax.constant(False))
            for code, item in self._tallies[items]
        )

    def _count(self, code: ast.expr, item: Written, holding: str, open_: str) -> None:
        """Count one condition: a test and a step are quicker than adding up truths, of which most do not hold."""

        def one_more(name: str) -> ast.stmt:
            more: ast.stmt = self.here(syntax.assign(name, syntax.plus(syntax.name(name), syntax.constant(1))))
            return more

        otherwise = []
        if "U" in item.can:
            otherwise = [self.here(syntax.branch(tested(code, "missing"), [one_more(open_)], []))]
        holds = is_true(code) if "A" in item.can else code  # what does not apply is a true object in Python
        self.body.append(self.here(syntax.branch(holds, [one_more(holding)], otherwise)))

    # ---- leaves
    def leaf(self, leaf: core.Leaf) -> Written:
        """The code of a leaf; one that cannot be written is left to the interpreter."""
        try:
            found = self._leaf(leaf)
        except Unwritable:
            return self.left_to_interpreter(leaf)
        self.here(found.code)
        return found

    def _leaf(self, leaf: core.Leaf) -> Written:
        crosses = self.situation.crosses_break
        match leaf:
            case core.Compare(operator=operator, left=left, right=right):
                if crosses(leaf, left, right):
                    return not_applicable()
                if self._size(left) + self._size(right) > 200:
                    raise Unwritable
                counted = self._by_count(operator, left, right)
                if counted is not None:
                    return counted
                one, other = self.term(left), self.term(right)
                codes = [one.known, other.known]
                if isinstance(left.kind, Scale):
                    codes = [self._rank(code, left.kind) for code in codes]
                known = syntax.compared(codes[0], _OPERATORS[operator](), codes[1])
                return self._by_marks(leaf, Value(known, one.inputs + other.inputs, deepest((one, other))))
            case core.IsAmong(term=term, values=values):
                if crosses(leaf, term):
                    return not_applicable()
                value = self.term(term)
                if value.depth > 1:
                    value = self._simple(value)
                return self._by_marks(leaf, Value(_among(value.known, values), value.inputs, 2))
            case core.IsNone(term=term):
                value = self.term(term)
                return self._by_marks(leaf, Value(syntax.constant(False), value.inputs, 2), none=True)
            case core.Trend():
                return self._trend(leaf)

    def _by_count(self, operator: core.Operator, left: core.Term, right: core.Term) -> Written | None:
        """A sum of so much for each condition that holds, compared with a number: by the least and most it may come to.

        None where it is no such comparison, or where all is known anyway.
        """
        if self.complete or operator == "=":
            return None
        flipped: dict[str, core.Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        for operation, term, limit in ((operator, left, right), (flipped[operator], right, left)):
            found = self.scored(term)
            if found is None or not isinstance(limit, core.Constant | core.ParameterValue):
                continue
            value = self.term(limit)
            if not value.inputs:
                return self._within(operation, found, value)
        return None

    def _within(self, operator: core.Operator, score: Score, limit: Value) -> Written:
        """Whether a score is over or under a limit."""
        guard = None if score.guard is None else self.condition(score.guard)
        least, most = self.least_and_most(score)
        surely, perhaps = (least, most) if operator in (">", ">=") else (most, least)
        holds = syntax.compared(surely, _OPERATORS[operator](), limit.known)
        may_hold = syntax.compared(perhaps, _OPERATORS[operator](), limit.known)
        found = syntax.when(
            holds, syntax.constant(True), syntax.when(may_hold, syntax.constant(None), syntax.constant(False))
        )
        can: frozenset[Come] = TWO | {"U"}
        if guard is None:
            return Written(found, can, 4)
        code = self.hoisted(guard.code)
        otherwise: ast.expr = syntax.constant(...)
        if "U" in guard.can:  # then it may not apply, whatever else it comes to
            otherwise = syntax.when(tested(code, "missing"), syntax.constant(None), otherwise)
        return Written(syntax.when(syntax.is_(code, syntax.constant(True)), found, otherwise), can | {"A"}, 5)

    def _rank(self, code: ast.expr, scale: Scale) -> ast.expr:
        """The place of a value on its scale."""
        ranks = {value: place for place, value in enumerate(scale.values)}
        if isinstance(code, ast.Constant) and code.value in ranks:
            return syntax.constant(ranks[code.value])
        key = ("ranks", scale.values)
        name = self._kept.get(key)
        if name is None:
            name = self._kept[key] = self.fresh("K")
            self.globals[name] = ranks
        return ast.Subscript(syntax.name(name), code, ast.Load())

    def _by_marks(self, leaf: core.Leaf, value: Value, none: bool = False) -> Written:
        """The truth of a leaf from what is known where all it reads is plain, and from the marks where it is not."""
        if value.marks == {"missing"} and not none:
            return self._where_known(value)
        found, can, depth = value.known, set(TWO), value.depth + 1
        gives: tuple[tuple[Mark, ast.expr, Come], ...] = (
            ("missing", syntax.constant(None), "U"),
            ("none", syntax.constant(none), "F"),
            ("odd", syntax.constant(None), "U"),
            ("not_applied", syntax.constant(...), "A"),
        )
        for mark, code, come in gives:
            tests = value.tests(mark)
            if tests:
                found = syntax.when(syntax.either(tests), code, found)
                can.add(come)
                depth += 1
        tests = value.tests("deep")
        if tests:
            found = syntax.when(syntax.either(tests), self._ask(leaf), found)
            can, depth = set(ANY), depth + 1
        return Written(found, frozenset(can), depth)

    def _where_known(self, value: Value) -> Written:
        """The truth of a leaf of which something may be missing and nothing else stand there."""
        tests = value.tests("missing")
        missing, there = syntax.either(tests), [present(test) for test in tests]
        holds, fails = syntax.both((*there, value.known)), syntax.both((*there, syntax.contrary(value.known)))
        if isinstance(value.known, ast.Name):  # yes or no, which stands for itself
            found: ast.expr = value.known
            holds, fails = (syntax.is_(value.known, syntax.constant(truth)) for truth in (True, False))
        else:
            found = syntax.when(missing, syntax.constant(None), value.known)
        return Written(found, TWO | {"U"}, value.depth + 2, holds, fails, missing)

    def _trend(self, leaf: core.Trend) -> Written:
        years = [
            core.YearValue(leaf.series, leaf.path, leaf.kind, core.YearReference(back))
            for back in range(leaf.years, -1, -1)
        ]
        if self.situation.crosses_break(leaf, *years):
            return not_applicable()
        parts = [self.term(year) for year in years]
        operator = ast.Gt if leaf.rising else ast.Lt
        steps = [
            (earlier, later, syntax.compared(later.known, operator(), earlier.known))
            for earlier, later in pairwise(parts)
        ]
        inputs = tuple(item for part in parts for item in part.inputs)
        known = syntax.both(step for _, _, step in steps)
        missing = [test for part in parts for test in part.tests("missing")]
        if not missing:
            return self._by_marks(leaf, Value(known, inputs, 3))
        against = [
            syntax.both((*map(present, (*earlier.tests("missing"), *later.tests("missing"))), syntax.contrary(step)))
            for earlier, later, step in steps
        ]
        found = syntax.when(syntax.either(missing), syntax.constant(None), syntax.constant(True))
        found = syntax.when(syntax.either(against), syntax.constant(False), found)
        others = tuple((code, marks - {"missing"}) for code, marks in inputs)
        written = self._by_marks(leaf, Value(found, others, 5))
        return Written(written.code, written.can | {"U"}, written.depth)


def is_true(code: ast.expr) -> ast.expr:
    """Whether it holds."""
    return syntax.is_(code, syntax.constant(True))


def present(test: ast.expr) -> ast.expr:
    """The contrary of a test for what is missing."""
    assert isinstance(test, ast.Compare)
    return syntax.is_not(test.left, test.comparators[0])


def _among(code: ast.expr, values: tuple[str | bool, ...]) -> ast.expr:
    """Whether a plain value is one of some."""
    if all(isinstance(value, bool) for value in values):
        if len(set(values)) == 2:
            return syntax.constant(True)
        return code if values[0] is True else syntax.contrary(code)
    if len(values) == 1:
        return syntax.compared(code, ast.Eq(), syntax.constant(values[0]))
    return syntax.compared(code, ast.In(), syntax.constant(tuple(values)))
