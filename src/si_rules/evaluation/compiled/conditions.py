"""Writes the code of conditions: expressions that give True, False, None or `...`, and ask no more than they must."""

import ast
from collections.abc import Sequence

from si_rules.evaluation.compiled import syntax
from si_rules.evaluation.compiled.layout import Layout
from si_rules.evaluation.compiled.leaves import LeafWriter, is_true, not_applicable
from si_rules.evaluation.compiled.parts import TWO, Come, Written, deepest, tested
from si_rules.evaluation.compiled.terms import DEEPEST_CODE
from si_rules.semantics import core


class ConditionWriter(LeafWriter):
    """Writes conditions into the body of one function. `asked` are those it leaves to the interpreter."""

    def __init__(self, layout: Layout, complete: bool) -> None:
        super().__init__(layout, complete)
        self.rules: dict[str, Written] = {}
        self.masks: dict[str, tuple[str, frozenset[Come]]] = {}

    def rule(self, name: str) -> Written:
        """The code of a rule; those it refers to are written before."""
        return self.rules[name]

    def condition(self, condition: core.Condition) -> Written:
        """The code of a condition; in a variable where it would grow too deep."""
        found = self._condition(condition)
        if found.depth > DEEPEST_CODE:
            found = variable(self.hoisted(found.code), found.can)
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

    # ---- lists
    def _named(self, written: Written) -> tuple[ast.expr, ast.expr]:
        """The code of a condition that is then asked again, and the name by which it is."""
        if isinstance(written.code, ast.Name):  # a variable or a datum
            return written.code, written.code
        name = self.fresh()
        return syntax.named(name, written.code), syntax.name(name)

    def _list(self, items: Sequence[Written], decides: bool) -> Written:
        """A list that one item decides, by failing (`all of`) or by holding (`any of`)."""
        items = [item for item in items if item.can != frozenset(("A",))]
        if not items:
            return not_applicable()
        if len(items) == 1:
            return items[0]
        plain = [item for item in items if item.two_valued]
        others = [item for item in items if not item.two_valued]
        if not others:
            join = syntax.either if decides else syntax.both
            return Written(join(item.code for item in plain), TWO, deepest(plain))
        tests = [item.code if decides else syntax.contrary(item.code) for item in plain]
        opens: list[ast.expr] = []
        struck: list[ast.expr] = []
        for item in others:
            test, open_ = item.holds if decides else item.fails, item.open
            if test is None or ("U" in item.can and open_ is None) or "A" in item.can:
                code, name = self._named(item)
                test, open_ = syntax.is_(code, syntax.constant(decides)), tested(name, "missing")
                struck.append(tested(name, "not_applied"))
            tests.append(test)
            if "U" in item.can and open_ is not None:
                opens.append(open_)
        found: ast.expr = syntax.constant(not decides)
        can: set[Come] = {"T", "F"}
        if not plain and all("A" in item.can for item in others):
            found = syntax.when(syntax.both(struck), syntax.constant(...), found)
            can.add("A")
        staged = None
        if opens:
            found = syntax.when(syntax.either(opens), syntax.constant(None), found)
            can.add("U")
        if decides:
            staged = syntax.either(tests), syntax.either(opens)
        code = syntax.when(syntax.either(tests), syntax.constant(decides), found)
        return Written(code, frozenset(can), deepest(items) + 1, staged=staged)

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
            return not_applicable()
        holding, open_ = self.tally(items, written)
        can: set[Come] = {"T", "F"}
        enough = syntax.compared(syntax.name(holding), ast.GtE(), syntax.constant(count))
        found: ast.expr = syntax.constant(False)
        struck = any("A" in item.can for item in written)
        if open_ is not None:
            can.add("U")
        if struck or (open_ is not None and len(written) < count):
            # with too few left: it fails where one of these is known, and does not apply where none is left
            known = syntax.either((syntax.name(holding), self.failing(items)))
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
            if "A" not in can_be_open:
                return Written(
                    found, can, 5, syntax.contrary(outside), syntax.contrary(partly), syntax.both((outside, partly))
                )
        if "A" in can_be_open:
            alone = syntax.compared(mask, ast.Eq(), syntax.constant(does_not_apply))
            found = syntax.when(alone, syntax.constant(...), found)
            can |= {"A"}
        return Written(found, can, 5)


def variable(code: ast.expr, can: frozenset[Come]) -> Written:
    """The code of a condition that stands in a variable."""
    if can <= TWO:
        return Written(code, can)
    holds, fails = is_true(code), syntax.is_(code, syntax.constant(False))
    return Written(code, can, 1, holds, fails, tested(code, "missing"))


def labels_of(classification: core.Classification) -> list[str]:
    """The outcomes of a classification by the bits of its mask; after them stands that it does not apply."""
    return [*(item.label for item in classification.classes), core.UNMATCHED]
