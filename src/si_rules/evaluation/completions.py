"""What every completion of the missing evidence would give: the diagrams of conditions and outcomes.

Exact while each undetermined comparison involves one missing datum. A comparison of two is asked as
a question of its own, which may admit combinations that no values have: a safe over-approximation,
and `exact` says so.
"""

from fractions import Fraction
from typing import Final

from si_rules.evaluation.atoms import AmongAtom, Atom, LinearAtom, OutsideAtom, Situation
from si_rules.evaluation.diagram import Diagrams, Node, TooManyNodes
from si_rules.evaluation.domains import Cell, cells
from si_rules.evaluation.truth import FAILS, HOLDS, NOT_APPLICABLE, Truth, all_of, any_of, contrary, guarded, unless
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts, Known, KnownNone, Value
from si_rules.semantics.kinds import Kind
from si_rules.semantics.traversal import all_conditions, leaves_under

MOST_NODES: Final = 20_000
MOST_VARIABLES: Final = 200


class Completions:
    """The case analysis for one subject. Raises `TooManyNodes` where it passes `most_nodes`."""

    def __init__(self, situation: Situation, facts: Facts, most_nodes: int = MOST_NODES) -> None:
        self.situation = situation
        self.policy = situation.policy
        self.facts = facts
        self.diagrams = Diagrams(most_nodes)
        self.variables: list[str | LinearAtom] = []
        self._numbers: dict[str | LinearAtom, int] = {}
        self._cells: dict[str, list[Cell]] = {}
        self._rules: dict[str, Node] = {}
        self._outcomes: dict[str, Node] = {}
        self.lists = frozenset(c.listed_under for c in self.policy.vocabulary.collections.values())
        self._cuts: dict[str, set[Fraction]] | None = None

    # ---- outcomes
    def outcome(self, name: str) -> Node:
        """The diagram of a classification's outcome: a label, `unmatched`, or None where it does not apply."""
        found = self._outcomes.get(name)
        if found is not None:
            return found
        classification = self.policy.classifications[name]
        result = self.diagrams.terminal(core.UNMATCHED)
        for described in reversed(classification.classes):
            result = self._over(described, result)
        if classification.guard is not None:
            guard = self.condition(classification.guard)
            result = self.diagrams.apply("guard of " + name, lambda g, o: o if g is HOLDS else None, guard, result)
        self._outcomes[name] = result
        return result

    def _over(self, described: core.Class, otherwise: Node) -> Node:
        """The class where one of its clauses holds, and what would stand otherwise."""
        clauses = self._fold("any", [self.rule(clause) for clause in described.clauses])
        label = described.label
        return self.diagrams.apply(f"class {label}", lambda c, o: label if c is HOLDS else o, clauses, otherwise)

    # ---- conditions
    def rule(self, name: str) -> Node:
        """The diagram of a rule."""
        found = self._rules.get(name)
        if found is None:
            found = self._rules[name] = self.condition(self.policy.rules[name].condition)
        return found

    def condition(self, condition: core.Condition) -> Node:
        """The diagram of a condition; its values are truths other than undetermined."""
        diagrams = self.diagrams
        match condition:
            case core.Compare() | core.IsAmong() | core.Trend():
                return self._fold("all", [self._atom(atom) for atom in self.situation.atoms(condition)])
            case core.Listed(quantifier="at_least", count=count, items=items):
                return self._at_least(count, items)
            case core.Listed(quantifier="none", items=items):
                return diagrams.map("not", contrary, self._fold("any", [self.condition(i) for i in items]))
            case core.Listed(quantifier=quantifier, items=items):
                return self._fold(quantifier, [self.condition(item) for item in items])
            case core.Not(condition=inner):
                return diagrams.map("not", contrary, self.condition(inner))
            case core.RuleHolds(rule=rule):
                return self.rule(rule)
            case core.Guarded(guard=guard, body=body):
                return diagrams.apply("guarded", guarded, self.condition(guard), self.condition(body))
            case core.Unless(body=body, exception=exception):
                return diagrams.apply("unless", unless, self.condition(body), self.condition(exception))
            case core.OutcomeIs(classification=name, outcomes=outcomes):
                return diagrams.map(f"is {name} {outcomes}", lambda o: _is_outcome(o, outcomes), self.outcome(name))

    def _fold(self, quantifier: str, nodes: list[Node]) -> Node:
        operation = _all if quantifier == "all" else _any
        result = self.diagrams.terminal(NOT_APPLICABLE)
        for node in reversed(nodes):  # what is asked first comes on top last: each step adds only a few nodes
            result = self.diagrams.apply(quantifier, operation, node, result)
        return result

    def _at_least(self, count: int, items: tuple[core.Condition, ...]) -> Node:
        def add(so_far: tuple[int, bool], truth: Truth) -> tuple[int, bool]:
            holding, _ = so_far
            if truth is NOT_APPLICABLE:
                return so_far
            return (min(count, holding + 1) if truth is HOLDS else holding), True

        result = self.diagrams.terminal((0, False))
        for node in reversed([self.condition(item) for item in items]):
            result = self.diagrams.apply(f"count to {count}", add, result, node)
        return self.diagrams.map(f"at least {count}", lambda found: _enough(count, *found), result)

    # ---- atoms
    def _atom(self, atom: Atom) -> Node:
        if isinstance(atom, OutsideAtom):
            return self.diagrams.terminal(NOT_APPLICABLE)
        values: dict[str, Value] = {}
        missing: list[str] = []
        none = False
        for path in atom.paths:
            match self.facts.at(path):
                case Known(value=value):
                    values[path] = value
                case KnownNone():
                    none = True
                case Absent():
                    missing.append(path)
        if none:
            return self.diagrams.terminal(FAILS)
        if not missing:
            return self.diagrams.terminal(HOLDS if atom.true_of(values) else FAILS)
        existing = [self._exists(path) for path in missing if self._in_missing_list(path)]
        if len(missing) > 1:
            assert isinstance(atom, LinearAtom)
            both = (self.diagrams.terminal(HOLDS), self.diagrams.terminal(FAILS))
            node = self.diagrams.node(self._variable(atom), both)
        else:
            node = self._question(atom, missing[0], values)
        for exists in existing:
            node = self.diagrams.apply("exists", lambda there, truth: truth if there else FAILS, exists, node)
        return node

    def _question(self, atom: AmongAtom | LinearAtom, path: str, values: dict[str, Value]) -> Node:
        """The node of an atom that hangs on one missing datum."""
        children = []
        for cell in self.cells(path):
            if isinstance(cell, KnownNone):
                true = False
            else:
                true = atom.true_of({**values, path: cell})
            children.append(self.diagrams.terminal(HOLDS if true else FAILS))
        return self.diagrams.node(self._variable(path), tuple(children))

    def _in_missing_list(self, path: str) -> bool:
        """Whether a missing datum would stand in a list of records that was not supplied."""
        head = path.partition(".")[0]
        return head in self.lists and head not in self.facts.closed

    def _exists(self, path: str) -> Node:
        """Whether there is a record for a datum to stand in: how many there are is asked once for the whole list."""
        head, position, _ = path.split(".", 2)
        least = 2 if position == "previous" else 1
        answers = tuple(self.diagrams.terminal(count >= least) for count in (0, 1, 2))
        return self.diagrams.node(self._variable(head), answers)

    def _variable(self, key: str | LinearAtom) -> int:
        found = self._numbers.get(key)
        if found is None:
            if len(self.variables) >= MOST_VARIABLES:
                raise TooManyNodes
            found = self._numbers[key] = len(self.variables)
            self.variables.append(key)
        return found

    def cells(self, path: str) -> list[Cell]:
        """The values that stand for all a missing datum could have."""
        found = self._cells.get(path)
        if found is None:
            kind, optional = self.kind_at(path)
            found = self._cells[path] = cells(kind, optional, self._cuts_of(path))
        return found

    def _cuts_of(self, path: str) -> set[Fraction]:
        if self._cuts is None:
            self._cuts = {}
            for condition in all_conditions(self.policy):
                for leaf in leaves_under(condition):
                    for atom in self.situation.atoms(leaf):
                        if isinstance(atom, LinearAtom):
                            self._note_cut(atom, self._cuts)
        return self._cuts.get(path, set())

    def _note_cut(self, atom: LinearAtom, cuts: dict[str, set[Fraction]]) -> None:
        values: dict[str, Value] = {}
        missing = []
        for path in atom.paths:
            match self.facts.at(path):
                case Known(value=value):
                    values[path] = value
                case Absent():
                    missing.append(path)
                case _:
                    return
        if len(missing) == 1:
            cut = atom.cut(missing[0], values)
            if cut is not None:
                cuts.setdefault(missing[0], set()).add(cut)

    def kind_at(self, path: str) -> tuple[Kind, bool]:
        """The kind of a datum and whether it may be known to be none."""
        head, _, rest = path.partition(".")
        vocabulary = self.policy.vocabulary
        if head == "parameters":
            return self.policy.parameters[rest.partition(".")[0]].kind, False
        if head == "judgements":
            return self.policy.judgements[rest].field.kind, False
        key = rest.rpartition(".")[2]
        if head in vocabulary.series and rest:
            found = vocabulary.fields[f"{head}.{key}"]
            return found.kind, found.optional
        for collection in vocabulary.collections.values():
            if collection.listed_under == head and rest:
                found = vocabulary.fields[f"{collection.name}.{key}"]
                return found.kind, found.optional
        found = vocabulary.fields[path]
        return found.kind, found.optional


def _all(left: Truth, right: Truth) -> Truth:
    return all_of((left, right))


def _any(left: Truth, right: Truth) -> Truth:
    return any_of((left, right))


def _enough(count: int, holding: int, left: bool) -> Truth:
    if not left:
        return NOT_APPLICABLE
    return HOLDS if holding >= count else FAILS


def _is_outcome(outcome: str | None, wanted: tuple[str, ...]) -> Truth:
    if outcome is None:
        return NOT_APPLICABLE
    return HOLDS if outcome in wanted else FAILS
