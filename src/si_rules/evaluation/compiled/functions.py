"""Writes a whole function: the rules and outcomes of a policy, in an order in which each finds what it reads."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from si_rules.evaluation.compiled import syntax
from si_rules.evaluation.compiled.conditions import ConditionWriter, labels_of, variable
from si_rules.evaluation.compiled.layout import Layout
from si_rules.evaluation.compiled.listing import Listing
from si_rules.evaluation.compiled.parts import Come, Written, tested
from si_rules.evaluation.interpreter import NOT_APPLICABLE_OUTCOME
from si_rules.evaluation.kleene import in_order
from si_rules.semantics import core
from si_rules.semantics.traversal import conditions_under, terms_of, terms_under

_DEEPEST_INSIDE: Final = 8  # a rule of which the code is deeper has a variable, though only one other reads it
_FEW_BITS: Final = 8

Part: TypeAlias = tuple[str, str]  # "rule", "definition" or "classification", and its id


class FunctionWriter(ConditionWriter):
    """Writes the body of a function that gives outcomes, and the truths of the rules it is asked for."""

    def __init__(self, layout: Layout, complete: bool, listing: Listing, rules: Iterable[str]) -> None:
        super().__init__(layout, complete)
        self.listing = listing
        self.given = list(rules)
        self.possible: dict[str, str] = {}

    def write(self) -> list[ast.stmt]:
        """The statements, the last of which returns what is asked for, one after the other in a tuple."""
        roots: list[Part] = [("classification", name) for name in self.policy.classifications]
        roots += [("rule", name) for name in self.given]
        order = list(_in_order(self.policy, roots))
        self._uses = Counter(reading for part in order for reading in _read_by(self.policy, part))
        self._uses.update(("rule", name) for name in self.given)
        for sort, name in order:
            if sort == "rule":
                self.rule(name)
            elif sort == "classification":
                self._classification(self.policy.classifications[name])
        parts = [syntax.name(self.possible[name]) for name in self.policy.classifications]
        parts += [self.rules[name].code for name in self.given]
        body = [*self.body, self.here(ast.Return(syntax.tuple_of(parts)))]
        return _with_data(body, {slot.name for slot in self.layout.slots.values()}, bool(self.asked), self.here)

    # ---- rules
    def rule(self, name: str) -> Written:
        """The code of a rule: where several ask for it, a variable."""
        found = self.rules.get(name)
        if found is None:
            before, self.line = self.line, self.listing.line(name)
            found = self.condition(self.policy.rules[name].condition)
            often = self._uses["rule", name] > 1 or name in self.given
            if (often or found.depth > _DEEPEST_INSIDE) and not isinstance(found.code, ast.Constant | ast.Name):
                found = variable(self.hoisted(found.code, f"r_{_identifier(name)}_"), found.can)
            self.rules[name] = found
            self.line = before
        return found

    # ---- classifications
    def _classification(self, found: core.Classification) -> None:
        """The outcomes that are left: a mask with a bit for each, and the tuple that names them."""
        self.line = self.listing.line(found.id)
        labels = labels_of(found)
        mask, possible = self.fresh(f"m_{_identifier(found.id)}_"), self.fresh(f"o_{_identifier(found.id)}_")
        self.possible[found.id] = possible
        classes = [self._any([self._holding(self.rule(clause)) for clause in item.clauses]) for item in found.classes]
        open_ = any("U" in written.can for written in classes)
        guard = None if found.guard is None else self.condition(found.guard)
        may_not_apply = guard is not None
        open_ = open_ or (guard is not None and "U" in guard.can)
        tables = _Table(self.policy, found.id, labels)
        table = self.fresh("K")
        bits = len(labels) + 1  # a few are listed: a tuple is looked up the faster
        self.globals[table] = tuple(map(tables.__getitem__, range(1 << bits))) if bits <= _FEW_BITS else tables

        def settled(bits: int) -> list[ast.stmt]:
            known = syntax.constant(tables[bits])
            return [self.here(syntax.assign(mask, syntax.constant(bits))), self.here(syntax.assign(possible, known))]

        unmatched = 1 << len(labels) - 1
        does_not_apply = 1 << len(labels)
        if not open_:
            chain = self._certain(classes, settled, settled(unmatched))
            if guard is not None:
                chain = [self.here(syntax.branch(self._is_true(guard), chain, settled(does_not_apply)))]
            self.body.extend(chain)
        else:
            self._left(classes, guard, mask, unmatched, does_not_apply)
            named = ast.Subscript(syntax.name(table), syntax.name(mask), ast.Load())
            self.body.append(self.here(syntax.assign(possible, named)))
        can: set[Come] = {"T", "F"}
        if open_:
            can.add("U")
        if may_not_apply:
            can.add("A")
        self.masks[found.id] = (mask, frozenset(can))

    def _holding(self, clause: Written) -> Written:
        """Whether a clause holds: one that does not apply does not describe its class."""
        return self._matched(clause)

    def _is_true(self, written: Written) -> ast.expr:
        return written.code if written.two_valued else syntax.is_(written.code, syntax.constant(True))

    def _certain(self, classes: list[Written], settled: Any, chain: list[ast.stmt]) -> list[ast.stmt]:
        """The first class that is described, where nothing is open."""
        for place in range(len(classes) - 1, -1, -1):
            if classes[place].can == frozenset(("A",)):
                continue
            chain = [self.here(syntax.branch(self._is_true(classes[place]), settled(1 << place), chain))]
        return chain

    def _left(self, classes: list[Written], guard: Written | None, mask: str, unmatched: int,
              does_not_apply: int) -> None:  # fmt: skip
        """Every class that may be described, up to the first that is."""

        def add(bits: int) -> ast.stmt:
            added = syntax.plus(syntax.name(mask), syntax.constant(bits))
            stated: ast.stmt = self.here(syntax.assign(mask, added))
            return stated

        chain = [add(unmatched)]
        for place in range(len(classes) - 1, -1, -1):
            written = classes[place]
            if written.can == frozenset(("A",)):
                continue
            if written.two_valued:
                chain = [self.here(syntax.branch(written.code, [add(1 << place)], chain))]
                continue
            if written.staged is not None:
                holds, open_ = written.staged
            else:
                code, name = self._named(written)
                holds, open_ = syntax.is_(code, syntax.constant(True)), tested(name, "missing")
            asked = [self.here(syntax.branch(open_, [add(1 << place)], [])), *chain]
            chain = [self.here(syntax.branch(holds, [add(1 << place)], asked))]
        self.body.append(self.here(syntax.assign(mask, syntax.constant(0))))
        if guard is None:
            self.body.extend(chain)
        elif guard.two_valued:
            self.body.append(self.here(syntax.branch(guard.code, chain, [add(does_not_apply)])))
        else:
            code, name = self._named(guard)
            self.body.append(self.here(syntax.branch(
                syntax.is_not(code, syntax.constant(True)), [add(does_not_apply)], []
            )))  # fmt: skip
            applies = syntax.either(
                (syntax.is_(name, syntax.constant(True)), *([tested(name, "missing")] if "U" in guard.can else []))
            )
            self.body.append(self.here(syntax.branch(applies, chain, [])))


class _Table(dict[int, tuple[str, ...]]):
    """The outcomes of a mask, as a decision lists them; worked out when first asked for."""

    def __init__(self, policy: core.Core, name: str, labels: list[str]) -> None:
        super().__init__()
        self._policy, self._name, self._labels = policy, name, labels

    def __missing__(self, mask: int) -> tuple[str, ...]:
        labels = (label for place, label in enumerate(self._labels) if mask >> place & 1)
        found = tuple(in_order(self._policy, self._name, labels))
        if mask >> len(self._labels) & 1 and found:
            found = (*found, NOT_APPLICABLE_OUTCOME)
        self[mask] = found
        return found


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name, flags=re.ASCII).lower()


# ---- what reads what


def _read_by(policy: core.Core, part: Part) -> Iterator[Part]:
    """The parts that a part reads itself, as often as it does."""
    sort, name = part
    conditions: list[core.Condition] = []
    terms: list[core.Term] = []
    if sort == "rule":
        conditions.append(policy.rules[name].condition)
    elif sort == "classification":
        found = policy.classifications[name]
        yield from (("rule", clause) for item in found.classes for clause in item.clauses)
        conditions += [] if found.guard is None else [found.guard]
    else:
        definition = policy.definitions[name]
        conditions += [] if definition.guard is None else [definition.guard]
        # a term is gone through as the side of a comparison is
        conditions.append(core.Compare("=", definition.term, definition.term, "", core.Origin("", 0, "")))
    for top in conditions:
        for condition in conditions_under(top):
            if isinstance(condition, core.RuleHolds):
                yield "rule", condition.rule
            elif isinstance(condition, core.OutcomeIs):
                yield "classification", condition.classification
            elif isinstance(condition, core.Compare | core.IsAmong | core.IsNone | core.Trend):
                terms = [inner for term in terms_of(condition) for inner in terms_under(term)]
                yield from (("definition", term.name) for term in terms if isinstance(term, core.DefinedValue))


def _in_order(policy: core.Core, roots: Iterable[Part]) -> Iterator[Part]:
    """Some parts and all that they read, each once, after what it reads itself."""
    done: set[Part] = set()
    for root in roots:
        waiting: list[tuple[Part, bool]] = [(root, False)]
        while waiting:
            part, ready = waiting.pop()
            if part in done:
                continue
            if ready:
                done.add(part)
                yield part
                continue
            waiting.append((part, True))
            waiting.extend((other, False) for other in reversed(list(_read_by(policy, part))) if other not in done)


# ---- data


def _with_data(body: list[ast.stmt], data: set[str], asks: bool, here: Any) -> list[ast.stmt]:
    """The body with each datum read once: into a variable where it is asked several times, else where it is asked."""
    found = _placed(body, data)
    first = []
    for name in sorted(found):
        places = found[name]
        if len(places) > 1:
            first.append(here(syntax.assign(name, syntax.attribute("r", name))))
            continue
        ((holder, key, index),) = places
        attribute = ast.copy_location(syntax.attribute("r", name), holder)
        attribute.value = ast.copy_location(attribute.value, holder)  # type: ignore[attr-defined]
        if index is None:
            setattr(holder, key, attribute)
        else:
            getattr(holder, key)[index] = attribute
    if asks:
        first.append(here(syntax.assign("kept", ast.List([], ast.Load()))))
    _placed(first, set())
    return [*first, *body]


def _placed(body: list[ast.stmt], data: set[str]) -> dict[str, list[tuple[ast.AST, str, int | None]]]:
    """Give every node the line of what it stands in, and find where data are read."""
    found: dict[str, list[tuple[ast.AST, str, int | None]]] = {}
    waiting: list[ast.AST] = list(body)
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:  # code may stand in two branches
            continue
        seen.add(id(node))
        line = node.lineno  # type: ignore[attr-defined]
        for key in _INSIDE[type(node)]:
            value = getattr(node, key)
            if type(value) is list:
                for index, child in enumerate(value):
                    _place(child, line, waiting)
                    if type(child) is ast.Name and child.id in data:
                        found.setdefault(child.id, []).append((node, key, index))
            else:
                _place(value, line, waiting)
                if type(value) is ast.Name and value.id in data:
                    found.setdefault(value.id, []).append((node, key, None))
    return found


def _place(node: Any, line: int, waiting: list[ast.AST]) -> None:
    """Give a node a line, where it has none of its own, and take note that what is in it needs one."""
    if not hasattr(node, "lineno"):
        node.lineno, node.col_offset = line, 0
    if _INSIDE[type(node)]:
        waiting.append(node)


# What stands in each of the forms of Python that the compiler writes.
_INSIDE: Final[dict[type[ast.AST], tuple[str, ...]]] = {
    ast.Assign: ("targets", "value"), ast.If: ("test", "body", "orelse"), ast.Return: ("value",),
    ast.Name: (), ast.Constant: (), ast.Compare: ("left", "comparators"), ast.IfExp: ("test", "body", "orelse"),
    ast.BoolOp: ("values",), ast.UnaryOp: ("operand",), ast.BinOp: ("left", "right"), ast.NamedExpr: ("target", "value"),
    ast.Call: ("func", "args"), ast.Subscript: ("value", "slice"), ast.Attribute: ("value",), ast.Tuple: ("elts",),
    ast.List: ("elts",),
}  # fmt: skip
