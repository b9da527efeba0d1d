"""Writes the code of terms."""

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, Final

from attrs import frozen

from si_rules.evaluation.compiled import syntax
from si_rules.evaluation.compiled.arithmetic import told
from si_rules.evaluation.compiled.layout import Layout
from si_rules.evaluation.compiled.parts import PLAIN, Mark, Marks, Value, Written, deepest, tested
from si_rules.evaluation.operations import detail_of
from si_rules.evaluation.special import Special
from si_rules.semantics import core
from si_rules.semantics.facts import Value as Known
from si_rules.semantics.kinds import Number, Scale
from si_rules.semantics.traversal import terms_under
from si_rules.semantics.years import last_day

MOST_PARTS: Final = 200  # of a term, those of the values it names among them: well under what the interpreter follows
DEEPEST_CODE: Final = 24
_ROWS_TOGETHER: Final = 24
_MOST_ITEMS: Final = 60
_NOT_YET: Final = "NOT_YET"
_MAY_NOT_APPLY: Final = frozenset({"divided", "later", "earlier", "mean", "lowest", "highest"})
_INLINE: Final[dict[str, Callable[[], ast.operator]]] = {"plus": ast.Add, "minus": ast.Sub}


class Unwritable(Exception):
    """A form that is left to the interpreter."""


@frozen
class Score:
    """A sum of so much for each condition that holds, and so much where it does not: scaled numbers."""

    guard: core.Condition | None
    items: tuple[tuple[core.Condition, Any, Any], ...]


class TermWriter(ABC):
    """Writes terms into the body of one function. `complete`: for records of which all that is read is known."""

    def __init__(self, layout: Layout, complete: bool) -> None:
        self.layout = layout
        self.situation = layout.situation
        self.policy = layout.situation.policy
        self.complete = complete
        self.body: list[ast.stmt] = []
        self.globals: dict[str, Any] = {}
        self.line = 1
        self.apart = ""  # what tells the names of two parts of one function apart
        self._numbered = 0
        self._definitions: dict[str, Value | None] = {}
        self._sizes: dict[str, int] = {}
        self._kept: dict[object, str] = {}

    @abstractmethod
    def condition(self, condition: core.Condition) -> Written:
        """The code of a condition."""

    @abstractmethod
    def tally(self, items: tuple[core.Condition, ...], written: list[Written]) -> tuple[str, str | None]:
        """Variables for how many conditions hold, and are open."""

    # ---- names
    def fresh(self, sort: str = "t") -> str:
        """A name that is not yet used in this function."""
        self._numbered += 1
        return f"{sort}{self.apart}{self._numbered}"

    def shared(self, value: Any) -> ast.expr:
        """A value among the globals of the function."""
        for name, known in self.globals.items():
            if known is value:
                return syntax.name(name)
        name = self.fresh("K")
        self.globals[name] = value
        return syntax.name(name)

    def here(self, node: Any) -> Any:
        """A node, said to stand at the line of the listing that is being written."""
        node.lineno = node.end_lineno = self.line
        node.col_offset = node.end_col_offset = 0
        return node

    def hoisted(self, code: ast.expr, sort: str = "t") -> ast.expr:
        """A variable that has the value of some code."""
        name = self.fresh(sort)
        self.body.append(self.here(syntax.assign(name, code)))
        return syntax.name(name)

    # ---- values
    def literal(self, value: Known) -> ast.expr:
        """The code of a value."""
        kept = self.layout.scaled(value)
        return self.literal_of(kept)

    def literal_of(self, kept: Any) -> ast.expr:
        """The code of a value as it is kept."""
        return syntax.constant(kept) if isinstance(kept, int | str) else self.shared(kept)

    def marked_value(self, mark: Mark) -> Value:
        """A term that bears a mark whatever is known."""
        code = self.hoisted(syntax.constant(... if mark == "not_applied" else None))
        return Value(code, ((code, frozenset((mark,))),))

    def _variable(self, code: ast.expr, marks: Marks) -> Value:
        return Value(code, ((code, marks),) if marks else ())

    def _simple(self, value: Value) -> Value:
        """The same, in a variable, where it is deep or not yet one."""
        if not value.inputs and value.depth < DEEPEST_CODE:
            return value
        return self._variable(self.hoisted(value.coded()), value.marks)

    def datum(self, path: str) -> Value:
        """What stands at a path."""
        slot = self.layout.slot(path)
        marks: set[Mark] = set()
        if not self.complete:
            marks.add("missing")
            if slot.may_be_none:
                marks.add("none")
            if slot.may_not_apply:
                marks.add("not_applied")
        return self._variable(syntax.name(slot.name), frozenset(marks))

    def term(self, term: core.Term) -> Value:
        """The code of a term. Raises `Unwritable`."""
        match term:
            case core.Constant(value=value):
                return Value(self.literal(value))
            case core.DecisionDay():
                return Value(self.literal(self.situation.on))
            case core.RecordValue(back=None) | core.OverRecords():
                raise Unwritable
            case core.FieldValue() | core.RecordValue():
                return self.datum(self.situation.path(term))
            case core.YearValue():
                return self._year_value(term)
            case core.ParameterValue():
                stated = self.situation.parameter(term)
                if stated is None:
                    return self.marked_value("missing")
                if isinstance(stated, Special):
                    return self.marked_value("not_applied")
                return Value(self.literal(stated))
            case core.Computed():
                return self._computed(term)
            case core.Chosen():
                return self._chosen(term)
            case core.DefinedValue(name=name):
                return self.definition(name)

    def _year_value(self, term: core.YearValue) -> Value:
        if self.situation.outside(term) is not None:
            return self.marked_value("not_applied")
        value = self.datum(self.situation.path(term))
        begins = self.policy.begins_with(term.series)
        if begins is None:
            return value
        end = last_day(self.situation.year(term.series, term.year))
        self.layout.begins(begins, end)
        begun = self.datum(begins)
        if self.complete:
            return value
        return self._where_begun(value, begun, end)

    def _where_begun(self, value: Value, begun: Value, end: Any) -> Value:
        """A value of a year: not applicable where the subject began later, odd where that is not known."""
        key = ("begun", ast.dump(value.known), end)
        name = self._kept.get(key)
        if name is None:
            late = syntax.compared(begun.known, ast.Gt(), self.literal(end))
            found = syntax.when(late, syntax.constant(...), value.known)
            for test in begun.tests("none"):
                found = syntax.when(test, value.known, found)
            for test in begun.tests("missing"):
                found = syntax.when(test, syntax.name("ODD"), found)
            name = self.fresh("y")
            self.body.append(self.here(syntax.assign(name, found)))
            self._kept[key] = name
        return self._variable(syntax.name(name), value.marks | {"odd", "not_applied"})

    # ---- operations
    def _computed(self, term: core.Computed) -> Value:
        if term.operation == "sum" and term.detail is None:
            found = self._plain_score(term)
            if found is not None:
                return found
        parts = [self.term(part) for part in term.parts]
        numbers = all(isinstance(part.kind, Number) for part in term.parts)
        if numbers and term.operation in _INLINE and len(parts) == 2:
            left, right = map(self._shallow, parts)
            code: ast.expr = ast.BinOp(left.known, _INLINE[term.operation](), right.known)
            return Value(code, left.inputs + right.inputs, deepest((left, right)))
        if term.operation == "as_percent":
            (only,) = map(self._shallow, parts)
            return Value(ast.BinOp(only.known, ast.Mult(), syntax.constant(100)), only.inputs, deepest((only,)))
        if numbers and term.operation == "sum" and term.detail is None and not any(part.marks for part in parts):
            return Value(syntax.total([self._shallow(part).known for part in parts]), (), deepest(parts))
        return self._called(term, parts)

    def _plain_score(self, term: core.Computed) -> Value | None:
        """A score of which every condition surely holds or fails."""
        score = self.scored(term)
        if score is None:
            return None
        written = [(self.condition(condition), value, other) for condition, value, other in score.items]
        if not all(item.two_valued for item, _, _ in written):
            return None
        value, other = written[0][1:]
        if other == 0 and all(item[1:] == (value, other) for item in written):
            holding, _ = self.tally(*self._written(tuple(condition for condition, _, _ in score.items)))
            return Value(ast.BinOp(syntax.name(holding), ast.Mult(), self.literal_of(value)))
        worth = [syntax.when(item.code, self.literal_of(one), self.literal_of(rest)) for item, one, rest in written]
        total = self.hoisted(syntax.total(worth[:DEEPEST_CODE]))
        for start in range(DEEPEST_CODE, len(worth), DEEPEST_CODE):
            total = self.hoisted(syntax.total([total, *worth[start : start + DEEPEST_CODE]]))
        return Value(total)

    def scored(self, term: core.Term) -> Score | None:
        """The score that a term is, itself or by name; None where it is none."""
        guard = None
        if isinstance(term, core.DefinedValue):
            definition = self.policy.definitions[term.name]
            if self.situation.crosses_break(definition, definition.term):
                return None
            guard, term = definition.guard, definition.term
        if not isinstance(term, core.Computed) or term.operation != "sum" or not 0 < len(term.parts) <= _MOST_ITEMS:
            return None
        items = []
        for part in term.parts:
            match part:
                case core.Chosen(
                    cases=((condition, core.Constant(value=Fraction() as value)),),
                    otherwise=core.Constant(value=Fraction() as other),
                ):
                    items.append((condition, self.layout.scaled(value), self.layout.scaled(other)))
                case _:
                    return None
        return Score(guard, tuple(items))

    def least_and_most(self, score: Score) -> tuple[ast.expr, ast.expr]:
        """The least and the most that a score may come to, in variables."""
        key = ("score", score.items)
        if key not in self._kept:
            least, most = self.fresh("n"), self.fresh("n")
            self._kept[key] = least
            self._kept["most", least] = most
            first = score.items[0]
            if all(item[1:] == first[1:] for item in score.items) and first[1] > 0 and first[2] == 0:
                holding, open_ = self.tally(*self._written(tuple(condition for condition, _, _ in score.items)))
                found = ast.BinOp(syntax.name(holding), ast.Mult(), self.literal_of(first[1]))
                self.body.append(self.here(syntax.assign(least, found)))
                perhaps: ast.expr = syntax.name(holding)
                if open_ is not None:
                    perhaps = syntax.plus(perhaps, syntax.name(open_))
                self.body.append(
                    self.here(syntax.assign(most, ast.BinOp(perhaps, ast.Mult(), self.literal_of(first[1]))))
                )
            else:
                self._add_up(score, least, most)
        least = self._kept[key]
        return syntax.name(least), syntax.name(self._kept["most", least])

    def _written(self, items: tuple[core.Condition, ...]) -> tuple[tuple[core.Condition, ...], list[Written]]:
        return items, [self.condition(item) for item in items]

    def _add_up(self, score: Score, least: str, most: str) -> None:
        """Add up the least and the most, item by item."""
        for name in (least, most):
            self.body.append(self.here(syntax.assign(name, syntax.constant(0))))
        for condition, value, other in score.items:
            code = self.hoisted(self.condition(condition).code)
            holds, open_ = syntax.is_(code, syntax.constant(True)), tested(code, "missing")
            for name, extreme in ((least, min), (most, max)):
                unknown = syntax.when(open_, self.literal_of(extreme(value, other)), self.literal_of(other))
                worth = syntax.when(holds, self.literal_of(value), unknown)
                self.body.append(self.here(syntax.assign(name, syntax.plus(syntax.name(name), worth))))

    def _shallow(self, value: Value) -> Value:
        return value if value.depth < DEEPEST_CODE else self._simple(value)

    def _called(self, term: core.Computed, parts: list[Value]) -> Value:
        """An operation by a function of its own."""
        scale = term.kind.values if isinstance(term.kind, Scale) else None
        detail = detail_of(term.operation, term.detail, scale)
        function = told(term.operation, detail, self.layout.scale)
        name = self.fresh("K")
        self.globals[name] = function
        code = self.hoisted(syntax.call(name, *(part.coded() for part in parts)))
        marks: set[Mark] = {mark for part in parts for mark in part.marks}
        if "odd" in marks or (detail is not None and "missing" in marks):
            marks.add("deep")
        marks.discard("odd")
        if term.operation == "divided" and "missing" in marks:
            marks |= {"odd", "deep"}
        if term.operation in _MAY_NOT_APPLY:
            marks.add("not_applied")
        return self._variable(code, frozenset(marks))

    def _chosen(self, term: core.Chosen) -> Value:
        """The value of the first case that holds, worked out into a variable; deep where it is open which."""
        cases = [(self.condition(condition), self.term(value)) for condition, value in term.cases]
        otherwise = self.marked_value("not_applied") if term.otherwise is None else self.term(term.otherwise)
        marks: set[Mark] = {mark for value in (*(v for _, v in cases), otherwise) for mark in value.marks}
        if any("U" in written.can for written, _ in cases):
            marks.add("deep")
        target = self.fresh("v")
        last = [self.here(syntax.assign(target, otherwise.coded()))]
        groups = list(_together(cases))
        for position, group in enumerate(groups):
            end = last if position == len(groups) - 1 else [self.here(syntax.assign(target, syntax.name(_NOT_YET)))]
            chain = self._chain(target, group, end)
            if position:
                chain = [self.here(syntax.branch(syntax.is_(syntax.name(target), syntax.name(_NOT_YET)), chain, []))]
            self.body.extend(chain)
        if not groups:
            self.body.extend(last)
        return self._variable(syntax.name(target), frozenset(marks) or PLAIN)

    def _chain(self, target: str, cases: list[tuple[Written, Value]], end: list[ast.stmt]) -> list[ast.stmt]:
        """The cases of a chain, one after the other."""
        chain = end
        for written, value in reversed(cases):
            gives = [self.here(syntax.assign(target, value.coded()))]
            if written.two_valued:
                chain = [self.here(syntax.branch(written.code, gives, chain))]
                continue
            name = self.fresh()
            if "U" in written.can:
                open_ = [self.here(syntax.assign(target, syntax.name("DEEP")))]
                chain = [self.here(syntax.branch(tested(syntax.name(name), "missing"), open_, chain))]
            holds = syntax.is_(syntax.named(name, written.code), syntax.constant(True))
            chain = [self.here(syntax.branch(holds, gives, chain))]
        return chain

    # ---- definitions
    def definition(self, name: str) -> Value:
        """The value of a definition, worked out once. Raises `Unwritable` where the interpreter is to be asked."""
        if name not in self._definitions:
            try:
                self._definitions[name] = self._written_definition(name)
            except Unwritable:
                self._definitions[name] = None
        found = self._definitions[name]
        if found is None:
            raise Unwritable
        return found

    def _written_definition(self, name: str) -> Value:
        definition = self.policy.definitions[name]
        if self._size(definition.term) > MOST_PARTS:
            raise Unwritable
        if self.situation.crosses_break(definition, definition.term):
            value = self.marked_value("not_applied")
        else:
            value = self.term(definition.term)
        marks = set(value.marks)
        code = value.coded()
        if definition.guard is not None:
            guard = self.condition(definition.guard)
            if guard.two_valued:
                code = syntax.when(guard.code, code, syntax.constant(...))
            else:
                asked = self.fresh()
                holds = syntax.is_(syntax.named(asked, guard.code), syntax.constant(True))
                otherwise = syntax.constant(...)
                if "U" in guard.can:
                    # where the value is deep, more may be known of it than that it may not apply
                    odd: ast.expr = syntax.name("DEEP") if "deep" in marks else syntax.name("ODD")
                    odd = self._open_guard(value, odd)
                    otherwise = syntax.when(tested(syntax.name(asked), "missing"), odd, otherwise)
                    marks |= {"odd"}
                code = syntax.when(holds, code, otherwise)
            marks.add("not_applied")
        return self._variable(self.hoisted(code, "v"), frozenset(marks))

    def _open_guard(self, value: Value, odd: ast.expr) -> ast.expr:
        """What a value comes to whose guard is open: what would not apply anyway does not."""
        tests = value.tests("not_applied")
        return syntax.when(syntax.either(tests), syntax.constant(...), odd) if tests else odd

    def _size(self, term: core.Term) -> int:
        """How many parts a term has, those of the values it names among them; figures that a table gives are not counted:
        while it is open which of them counts, the interpreter is asked.
        """
        found = 0
        for part in terms_under(term):
            found += 1
            if isinstance(part, core.Chosen):
                found -= sum(isinstance(value, core.Constant) for _, value in part.cases)
            if isinstance(part, core.DefinedValue):
                if part.name not in self._sizes:
                    self._sizes[part.name] = self._size(self.policy.definitions[part.name].term)
                found += self._sizes[part.name]
        return found


def _together(cases: list[tuple[Written, Value]]) -> Iterator[list[tuple[Written, Value]]]:
    for start in range(0, len(cases), _ROWS_TOGETHER):
        yield cases[start : start + _ROWS_TOGETHER]
