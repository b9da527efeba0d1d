"""Slips of the compiler, each made on purpose: the sameness of compiled functions and interpreter does not survive one."""

import ast
import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from attrs import evolve
from tests.properties.cases import LONG
from tests.properties.sameness import Pairs, by_interpreter, same, variants

from si_rules.evaluation.compiled import functions, layout, leaves, terms
from si_rules.evaluation.compiled.arithmetic import told as plain_told
from si_rules.evaluation.compiled.conditions import ConditionWriter
from si_rules.evaluation.compiled.functions import FunctionWriter
from si_rules.evaluation.compiled.layout import Layout
from si_rules.evaluation.compiled.parts import Value, Written
from si_rules.evaluation.compiled.program import Program
from si_rules.evaluation.compiled.terms import TermWriter
from si_rules.evaluation.situation import Situation
from si_rules.evidence.facts import facts_of

TELLING = (42, 4, 28)  # policies that tell many slips, the rare ones among them
SEEDS = (*TELLING, *range(60 if LONG else 16))
_all, _any, _at_least = ConditionWriter._all, ConditionWriter._any, ConditionWriter._at_least
_trend, _year_value, _marks = ConditionWriter._trend, TermWriter._year_value, ConditionWriter._by_marks
_datum, _chosen, _tests = TermWriter.datum, TermWriter._chosen, Value.tests
_outcome_is, _begun = ConditionWriter._outcome_is, TermWriter._where_begun


def without(mark: str) -> Callable[..., Any]:
    """A datum of which one thing is forgotten that may stand there."""

    def datum(self: Any, path: str) -> Value:
        found = _datum(self, path)
        return Value(found.known, tuple((code, marks - {mark}) for code, marks in found.inputs))

    return datum


def leaf_that_fails_where_open(self: Any, leaf: Any, value: Value, none: bool = False) -> Written:
    """What is missing does not hold, instead of being undetermined."""
    kept = Value(value.known, tuple((code, marks - {"missing"}) for code, marks in value.inputs), value.depth)
    found = _marks(self, leaf, kept, none)
    missing = value.tests("missing")
    if not missing:
        return found
    return Written(ast.IfExp(ast.BoolOp(ast.Or(), [*missing, ast.Constant(False)]), ast.Constant(False), found.code),
                   found.can | {"F"}, found.depth + 1)  # fmt: skip


def first_case_where_open(self: Any, term: Any) -> Value:
    """A table takes a row that may match as one that does not."""
    plain = self.condition

    def certain(condition: Any) -> Written:
        found = plain(condition)
        return Written(found.code, found.can - {"U"}, found.depth)

    self.condition = certain
    try:
        return _chosen(self, term)
    finally:
        del self.condition


def rounded_down(self: Any, value: Any) -> Any:
    """Numbers lose what is finer than the scale."""
    return int(value * self.scale) if isinstance(value, Fraction) else value


MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "under is at most": (leaves, "_OPERATORS", {**leaves._OPERATORS, "<": ast.LtE}),
    "at least is more than": (leaves, "_OPERATORS", {**leaves._OPERATORS, ">=": ast.Gt}),
    "all of is any of": (ConditionWriter, "_all", _any),
    "any of is all of": (ConditionWriter, "_any", _all),
    "one more is asked for": (
        ConditionWriter, "_at_least", lambda self, count, items: _at_least(self, count + 1, items)),
    "not is dropped": (ConditionWriter, "_not", lambda self, item: item),
    "a guard is ignored": (ConditionWriter, "_guarded", lambda self, guard, body: body),
    "an exception is ignored": (ConditionWriter, "_unless", lambda self, body, exception: body),
    "a cell that does not apply is struck": (ConditionWriter, "_matched", lambda self, item: item),
    "a trend is a year too short": (
        ConditionWriter, "_trend", lambda self, leaf: _trend(self, evolve(leaf, years=max(1, leaf.years - 1)))),
    "a year too early": (
        TermWriter, "_year_value",
        lambda self, term: _year_value(self, evolve(term, year=evolve(term.year, back=term.year.back + 1)))),
    "missing is not checked": (TermWriter, "datum", without("missing")),
    "none is not checked": (TermWriter, "datum", without("none")),
    "missing does not hold": (ConditionWriter, "_by_marks", leaf_that_fails_where_open),
    "the last missing one is not checked": (
        Value, "tests", lambda self, mark: _tests(self, mark)[: -1 if mark == "missing" and len(self.inputs) > 1 else None]),
    "plus is minus": (terms, "_INLINE", {"plus": ast.Sub, "minus": ast.Sub}),
    "sum is the highest": (
        terms, "told", lambda operation, *told: plain_told("highest" if operation == "sum" else operation, *told)),
    "an open row does not match": (TermWriter, "_chosen", first_case_where_open),
    "numbers are cut off": (Layout, "scaled", rounded_down),
    "the scale is too small": (layout, "_LEAST_SCALE", 1),
    "who began on the last day had not": (
        TermWriter, "_where_begun", lambda self, value, begun, end: _begun(self, value, begun, end.replace(day=end.day - 1))),
    "the first open class stands": (
        FunctionWriter, "_holding", lambda self, clause: Written(clause.code, clause.can - {"U"}, clause.depth)),
    "unmatched is a class further": (functions, "labels_of", lambda found: [*(c.label for c in found.classes), "unmatched"][::-1]),
    "an outcome is taken for another": (
        ConditionWriter, "_outcome_is",
        lambda self, condition: _outcome_is(self, evolve(condition, outcomes=condition.outcomes[1:] or ("unmatched",)))),
}  # fmt: skip
HARMLESS = {"the scale is too small"}  # what is no whole number is kept as a fraction: exact, and slower


@cache
def _worked_out(seed: int) -> list[tuple[Situation, list[tuple[Any, Any]]]]:
    """Facts of a random policy, each with what the interpreter makes of them."""
    pairs = Pairs(seed)
    chance = random.Random(f"mutants {seed}")
    found = []
    for on, at, records in pairs.evidences(1, 5):
        situation = Situation(pairs.core, on, at)
        program = Program(situation)
        facts = [v for record in records for v in variants(program, facts_of(record, pairs.core, on, at), chance)]
        found.append((situation, [(one, by_interpreter(situation, one, program.rules)) for one in facts]))
    return found


def _is_caught(seed: int) -> bool:
    for situation, told in _worked_out(seed):
        try:
            program = Program(situation)
            for facts, expected in told:
                if not same(expected, program.trace(program.layout.record_of(facts))):
                    return True
        except Exception:  # a slip may also break the code, or make code that cannot run
            return True
    return False


@pytest.mark.parametrize("name", MUTANTS)
def test_a_slip_of_the_compiler_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the slip, some random policy and evidence come to something else than by the interpreter."""
    for seed in SEEDS:
        _worked_out(seed)
        with monkeypatch.context() as slip:
            slip.setattr(*MUTANTS[name])
            if _is_caught(seed):
                assert name not in HARMLESS
                return
    assert name in HARMLESS, f"nothing tells the compiler with the slip from the right one, over {len(SEEDS)} policies"


def test_without_a_slip_nothing_is_caught() -> None:
    """The test of slips is itself no slip."""
    assert not any(_is_caught(seed) for seed in SEEDS[:6])
