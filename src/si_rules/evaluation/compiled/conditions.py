"""Writes the code of conditions: expressions that give True, False, None or `...`, and ask no more than they must."""

import ast
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from si_rules.evaluation.compiled import syntax
from si_rules.evaluation.compiled.layout import Layout
from si_rules.evaluation.compiled.parts import ANY, TWO, Come, Mark, Value, Written, deepest, tested
from si_rules.evaluation.compiled.terms import DEEPEST_CODE, TermWriter, Unwritable
from si_rules.semantics import core
from si_rules.semantics.kinds import Scale

_OPERATORS: Final[dict[str, Callable[[], ast.cmpop]]] = {
    "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE, "=": ast.Eq,
}  # fmt: skip


def _not_applicable() -> Written:
    return Written(syntax.constant(...), frozenset(("A",)))


class ConditionWriter(TermWriter):
    """Writes conditions into the body of one function. `asked` are those it leaves to the interpreter."""

    def __init__(self, layout: Layout, complete: bool) -> None:
        super().__init__(layout, complete)
        self.asked: list[core.Condition] = []
        self.rules: dict[str, Written] = {}
        self.masks: dict[str, tuple[str, frozenset[Come]]] = {}
        self._tallies: dict[tuple[core.Condition, ...], tuple[str, str | None, str]] = {}

    def rule(self, name: str) -> Written:
        """The code of a rule; those it refers to are written before."""
        return self.rules[name]

    def condition(self, condition: core.Condition) -> Written:
        """The code of a condition; in a variable where it would grow too deep."""
        found = self._condition(condition)
        if found.depth > DEEPEST_CODE:
            found = Written(self.hoisted(found.code), found.can)
        return found

    def _condition(self, condition: core.Condition) -> Written:
        match condition:
            case core.Compare() | core.IsAmong() | core.IsNone() | core.Trend():
                return self.leaf(condition)
            case core.Listed(quantifier="at_least", count=count, items=items):
                return self._at_least(count, items)
            case core.Listed(quantifier="none", items=items):
                return self._not(self._any([self.condition(item) for item in items]))
            case core.Listed(quantifier="match", items=items):
                return self._all([self._matched(self.condition(item)) for item in items])
            case core.Listed(quantifier=quantifier, items=items):
                written = [self.condition(item) for item in items]
                return self._all(written) if quantifier == "all" else self._any(written)
            case core.Not(condition=inner):
                return self._not(self.condition(inner))
            case core.RuleHolds(rule=rule):
                return self.rule(rule)
            case core.Guarded(guard=guard, body=body):
                return self._guarded(self.condition(guard), self.condition(body))
            case core.Unless(body=body, exception=exception):
                return self._unless(self.condition(body), self.condition(exception))
            case core.OutcomeIs():
                return self._outcome_is(condition)
            case core.ForRecords():
                return self.left_to_interpreter(condition)
            case core.Always():
                return Written(syntax.constant(True), frozenset(("T",)))

    def left_to_interpreter(self, condition: core.Condition) -> Written:
        """The code that asks the interpreter."""
        return Written(self._ask(condition), ANY)

    def _ask(self, condition: core.Condition) -> ast.expr:
        number = next((n for n, known in enumerate(self.asked) if known is condition), len(self.asked))
        if number == len(self.asked):
            self.asked.append(condition)
        self.layout.keeps_facts = True
        return syntax.call("ask", syntax.name("r"), syntax.name("kept"), syntax.constant(number))

    # ---- lists
    def _named(self, written: Written) -> tuple[ast.expr, ast.expr]:
        """The code of a condition that is then asked again, and the name by which it is."""
        if isinstance(written.code, ast.Name):
            return written.code, written.code
        name = self.fresh()
        return syntax.named(name, written.code), syntax.name(name)

    def _list(self, items: Sequence[Written], decides: bool) -> Written:
        """A list that one item decides, by failing (`all of`) or by holding (`any of`)."""
        items = [item for item in items if item.can != frozenset(("A",))]
        if not items:
            return _not_applicable()
        if len(items) == 1:
            return items[0]
        plain = [item for item in items if item.two_valued]
        others = [item for item in items if not item.two_valued]
        if not others:
            join = syntax.either if decides else syntax.both
            return Written(join(item.code for item in plain), TWO, deepest(plain))
        tests = [item.code if decides else syntax.contrary(item.code) for item in plain]
        names: list[ast.expr] = []
        for item in others:
            code, name = self._named(item)
            tests.append(syntax.is_(code, syntax.constant(decides)))
            names.append(name)
        found: ast.expr = syntax.constant(not decides)
        can: set[Come] = {"T", "F"}
        if not plain and all("A" in item.can for item in others):
            found = syntax.when(syntax.both(tested(name, "not_applied") for name in names), syntax.constant(...), found)
            can.add("A")
        open_ = [tested(name, "missing") for name, item in zip(names, others, strict=True) if "U" in item.can]
        if open_:
            found = syntax.when(syntax.either(open_), syntax.constant(None), found)
            can.add("U")
        return Written(
            syntax.when(syntax.either(tests), syntax.constant(decides), found), frozenset(can), deepest(items) + 1
        )

    def _all(self, items: Sequence[Written]) -> Written:
        return self._list(items, decides=False)

    def _any(self, items: Sequence[Written]) -> Written:
        return self._list(items, decides=True)

    def _matched(self, item: Written) -> Written:
        """A cell of a row: what does not apply does not match."""
        if "A" not in item.can:
            return item
        code, name = self._named(item)
        found = syntax.when(tested(code, "not_applied"), syntax.constant(False), name)
        return Written(found, (item.can - {"A"}) | {"F"}, item.depth + 1)

    def _not(self, item: Written) -> Written:
        if item.two_valued:
            return Written(syntax.contrary(item.code), TWO, item.depth + 1)
        code, name = self._named(item)
        found = syntax.constant(True)
        if "A" in item.can:
            found = syntax.when(tested(name, "not_applied"), syntax.constant(...), found)
        if "U" in item.can:
            found = syntax.when(tested(name, "missing"), syntax.constant(None), found)
        # what is asked first gives the name its value
        found = syntax.when(syntax.is_(code, syntax.constant(True)), syntax.constant(False), found)
        return Written(found, item.can | TWO, item.depth + 3)

    def _guarded(self, guard: Written, body: Written) -> Written:
        if guard.two_valued:
            plain = syntax.when(guard.code, body.code, syntax.constant(...))
            return Written(plain, body.can | {"A"}, deepest((guard, body)))
        code, name = self._named(guard)
        otherwise: ast.expr = syntax.constant(...)
        can: set[Come] = {*body.can, "A"}
        if "U" in guard.can:
            otherwise = syntax.when(tested(name, "missing"), syntax.constant(None), otherwise)
            can.add("U")
        found = syntax.when(syntax.is_(code, syntax.constant(True)), body.code, otherwise)
        return Written(found, frozenset(can), deepest((guard, body)) + 1)

    def _unless(self, body: Written, exception: Written) -> Written:
        if exception.two_valued:
            plain = syntax.when(exception.code, syntax.constant(False), body.code)
            return Written(plain, body.can | {"F"}, deepest((body, exception)))
        code, name = self._named(exception)
        can: set[Come] = {*body.can, "F"}
        found: ast.expr = body.code
        if "U" in exception.can:
            fails = syntax.is_(body.code, syntax.constant(False))
            gives_way = syntax.when(fails, syntax.constant(False), syntax.constant(None))
            found = syntax.when(tested(name, "missing"), gives_way, found)
            can.add("U")
        found = syntax.when(syntax.is_(code, syntax.constant(True)), syntax.constant(False), found)
        return Written(found, frozenset(can), deepest((body, exception)) + 2)

    # ---- so many of
    def _at_least(self, count: int, items: tuple[core.Condition, ...]) -> Written:
        every = [self.condition(item) for item in items]
        written = [item for item in every if item.can != frozenset(("A",))]
        if not written:
            return _not_applicable()
        holding, open_, failing = self._tally(items, written)
        can: set[Come] = {"T", "F"}
        enough = syntax.compared(syntax.name(holding), ast.GtE(), syntax.constant(count))
        found: ast.expr = syntax.constant(False)
        struck = any("A" in item.can for item in written)
        if open_ is not None:
            can.add("U")
        if struck or (open_ is not None and len(written) < count):
            # with too few left: it fails where one of these is known, and does not apply where none is left
            known = syntax.either((syntax.name(holding), syntax.name(failing)))
            none_left: ast.expr = syntax.constant(...)
            if open_ is not None:
                none_left = syntax.when(syntax.name(open_), syntax.constant(None), none_left)
            found = syntax.when(known, found, none_left)
            can.add("A")
        if open_ is not None:
            perhaps = syntax.compared(
                syntax.plus(syntax.name(holding), syntax.name(open_)), ast.GtE(), syntax.constant(count)
            )
            found = syntax.when(perhaps, syntax.constant(None), found)
        if can <= TWO:
            return Written(enough, TWO, 2)
        return Written(syntax.when(enough, syntax.constant(True), found), frozenset(can), 5)

    def _tally(self, items: tuple[core.Condition, ...], written: list[Written]) -> tuple[str, str | None, str]:
        """Variables for how many hold, are open, fail; the same for every list of the same items."""
        kept = self._tallies.get(items)
        if kept is not None:
            return kept
        once = all(item.two_valued for item in written)
        names = [item.code if once or isinstance(item.code, ast.Name) else self.hoisted(item.code) for item in written]
        pairs = list(zip(names, written, strict=True))
        holding, failing = self.fresh("n"), self.fresh("n")
        holds = [code if item.two_valued else syntax.is_(code, syntax.constant(True)) for code, item in pairs]
        self._count(holding, holds)
        opens = [tested(code, "missing") for code, item in pairs if "U" in item.can]
        open_ = self.fresh("n") if opens else None
        if open_ is not None:
            self._count(open_, opens)
        if any(not item.two_valued for item in written):
            fails = [
                syntax.contrary(code) if item.two_valued else syntax.is_(code, syntax.constant(False))
                for code, item in pairs
            ]
            self._count(failing, fails)
        self._tallies[items] = (holding, open_, failing)
        return holding, open_, failing

    def _count(self, name: str, tests: list[ast.expr]) -> None:
        """Count how many tests hold; bools add up as numbers."""
        total = tests[0] if len(tests) > 1 else syntax.plus(syntax.constant(0), tests[0])
        for start in range(1, len(tests), DEEPEST_CODE):
            total = syntax.total([total, *tests[start : start + DEEPEST_CODE]])
            self.body.append(self.here(syntax.assign(name, total)))
            total = syntax.name(name)
        if len(tests) == 1:
            self.body.append(self.here(syntax.assign(name, total)))

    # ---- outcomes
    def _outcome_is(self, condition: core.OutcomeIs) -> Written:
        """Whether all, some or none of the outcomes left are among those asked for: by masks of bits."""
        name, can_be_open = self.masks[condition.classification]
        labels = labels_of(self.policy.classifications[condition.classification])
        wanted = sum(1 << labels.index(outcome) for outcome in condition.outcomes if outcome in labels)
        mask = syntax.name(name)
        inside: ast.expr = ast.BinOp(mask, ast.BitAnd(), syntax.constant(wanted))
        does_not_apply = 1 << len(labels)
        if "U" not in can_be_open:
            found: ast.expr = syntax.compared(inside, ast.NotEq(), syntax.constant(0))
            can: frozenset[Come] = TWO
        else:
            outside: ast.expr = ast.BinOp(mask, ast.BitAnd(), syntax.constant((does_not_apply * 2 - 1) & ~wanted))
            partly: ast.expr = ast.BinOp(mask, ast.BitAnd(), syntax.constant(wanted | does_not_apply))
            found = syntax.when(partly, syntax.constant(None), syntax.constant(False))
            found = syntax.when(outside, found, syntax.constant(True))
            can = TWO | {"U"}
        if "A" in can_be_open:
            alone = syntax.compared(mask, ast.Eq(), syntax.constant(does_not_apply))
            found = syntax.when(alone, syntax.constant(...), found)
            can |= {"A"}
        return Written(found, can, 5)

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
                    return _not_applicable()
                if self._size(left) + self._size(right) > 200:
                    raise Unwritable
                one, other = self.term(left), self.term(right)
                codes = [one.known, other.known]
                if isinstance(left.kind, Scale):
                    codes = [self._rank(code, left.kind) for code in codes]
                known = syntax.compared(codes[0], _OPERATORS[operator](), codes[1])
                return self._by_marks(leaf, Value(known, one.inputs + other.inputs, deepest((one, other))))
            case core.IsAmong(term=term, values=values):
                if crosses(leaf, term):
                    return _not_applicable()
                value = self.term(term)
                if value.depth > 1:
                    value = self._simple(value)
                return self._by_marks(leaf, Value(_among(value.known, values), value.inputs, 2))
            case core.IsNone(term=term):
                value = self.term(term)
                return self._by_marks(leaf, Value(syntax.constant(False), value.inputs, 2), none=True)
            case core.Trend():
                return self._trend(leaf)

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

    def _trend(self, leaf: core.Trend) -> Written:
        years = [
            core.YearValue(leaf.series, leaf.path, leaf.kind, core.YearReference(back))
            for back in range(leaf.years, -1, -1)
        ]
        if self.situation.crosses_break(leaf, *years):
            return _not_applicable()
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
            syntax.both((*map(_present, (*earlier.tests("missing"), *later.tests("missing"))), syntax.contrary(step)))
            for earlier, later, step in steps
        ]
        found = syntax.when(syntax.either(missing), syntax.constant(None), syntax.constant(True))
        found = syntax.when(syntax.either(against), syntax.constant(False), found)
        others = tuple((code, marks - {"missing"}) for code, marks in inputs)
        written = self._by_marks(leaf, Value(found, others, 5))
        return Written(written.code, written.can | {"U"}, written.depth)


def labels_of(classification: core.Classification) -> list[str]:
    """The outcomes of a classification by the bits of its mask; after them stands that it does not apply."""
    return [*(item.label for item in classification.classes), core.UNMATCHED]


def _present(test: ast.expr) -> ast.expr:
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
