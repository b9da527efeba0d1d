"""What every completion of the missing evidence would give: the diagrams of conditions and outcomes.

Exact while each undetermined comparison involves one missing datum. A comparison of two, or anything
over a list of records that was not supplied, is asked as a question of its own, which may admit
combinations that no values have: a safe over-approximation, and `exact` says so.
"""

from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from functools import partial
from typing import Any, Final, Literal, TypeAlias

from attrs import frozen

from si_rules.evaluation.comparing import compare
from si_rules.evaluation.cuts import cuts_of
from si_rules.evaluation.diagram import Diagrams, Node, TooManyNodes
from si_rules.evaluation.domains import Cell, cells
from si_rules.evaluation.evaluator import Evaluator
from si_rules.evaluation.situation import Situation, as_date
from si_rules.evaluation.solving import NotSolved, turning_points
from si_rules.evaluation.special import NONE, NOT_APPLIED
from si_rules.evaluation.truth import FAILS, HOLDS, NOT_APPLICABLE, Truth
from si_rules.evaluation.values import Datum, Guess, Open, Part, TooLarge, Worth, guessed, paths_of, settled
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts, KnownNone
from si_rules.semantics.kinds import Date, Kind, Number

MOST_NODES: Final = 20_000
MOST_VARIABLES: Final = 200

Pending: TypeAlias = tuple[core.Operator, Part, Part]
Variable: TypeAlias = str | Guess


@frozen
class Doubt:
    """Why outcomes may be called possible that are not, and the data it is about.

    `figures` of a cohort are not known; a list of `records` is missing; missing values are `compared`; whether a rule
    holds is `released` and not known; or there was too much to go through, the `bound`.
    """

    sort: Literal["figures", "records", "compared", "released", "bound"]
    paths: tuple[str, ...] = ()


class Completions(Evaluator[Node]):
    """The case analysis for one subject. Raises `TooManyNodes` where it passes `most_nodes`.

    `settled` are rules of which the truth is known already, whatever is missing.
    """

    def __init__(self, situation: Situation, facts: Facts, most_nodes: int = MOST_NODES,
                 settled: Iterable[tuple[str, Truth]] = ()) -> None:  # fmt: skip
        super().__init__(situation, facts)
        self.diagrams = Diagrams(most_nodes)
        self._settled = dict(settled)
        self.variables: list[Variable] = []
        self._numbers: dict[Variable, int] = {}
        self._cells: dict[str, list[Cell]] = {}
        self._outcomes: dict[str, Node] = {}
        self.lists = situation.lists
        self._cuts: dict[str, set[Fraction]] | None = None
        self._asked: dict[Pending, int] = {}

    def doubt(self, variable: int) -> Doubt | None:
        """What a variable leaves open that is not one datum with its values: what hangs on it may not be exact."""
        found = self.variables[variable]
        if not isinstance(found, Guess):
            return Doubt("figures", (found,)) if found.startswith("figures.") else None
        if isinstance(found.key, tuple) and found.key[0] == "released":
            return Doubt("released")
        listed = bool(found.paths) and all(path in self.lists for path in found.paths)
        return Doubt("records" if listed else "compared", found.paths)

    def _released(self, name: str) -> Node:
        """The truth of a rule: what is settled hangs on nothing."""
        truth = self._settled.get(name)
        return super()._released(name) if truth is None else self.pure(truth)

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

    def described(self, described: core.Class) -> Node:
        """Whether a class is described: whether any of its clauses holds."""
        return self._fold("any", [self.rule(clause) for clause in described.clauses])

    def _over(self, described: core.Class, otherwise: Node) -> Node:
        """The class where one of its clauses holds, and what would stand otherwise."""
        label = described.label
        clauses = self.described(described)
        return self.diagrams.apply(f"class {label}", lambda c, o: label if c is HOLDS else o, clauses, otherwise)

    def outcome_is(self, condition: core.OutcomeIs) -> Node:
        """The diagram of a condition on an outcome."""
        wanted = condition.outcomes
        outcome = self.outcome(condition.classification)
        return self.diagrams.map(f"is {wanted}", lambda found: _is_outcome(found, wanted), outcome)

    # ---- the carrier: a diagram of truths or values
    def pure(self, value: Hashable) -> Node:
        """The diagram that asks nothing."""
        return self.diagrams.terminal(value)

    def lift(self, name: str, operation: Callable[[Any, Any], Hashable], left: Node, right: Node) -> Node:
        """The operation on the values of two diagrams."""
        try:
            return self.diagrams.apply(name, operation, left, right)
        except TooLarge:
            raise TooManyNodes from None

    def missing(self, path: str, absent: Absent) -> Node:
        """A question, one answer for each value; a number or a date stays open until it is compared."""
        if absent.candidates:
            node = self.diagrams.node(self._variable(path), tuple(map(self.diagrams.terminal, self.cells(path))))
        elif isinstance(self.situation.kind_at(path)[0], Number | Date):
            node = self.diagrams.terminal(Open(Datum(path)))
        else:
            node = self.existence(path)
        return self._where_there(path, node)

    def existence(self, path: str) -> Node:
        """Some value of a datum for each of its cells, or that it is none."""
        absent = self.facts.at(path)
        if not isinstance(absent, Absent):
            return self.datum(path)
        answers = (NONE if isinstance(cell, KnownNone) else cell for cell in self.cells(path))
        return self._where_there(
            path, self.diagrams.node(self._variable(path), tuple(map(self.diagrams.terminal, answers)))
        )

    def _where_there(self, path: str, node: Node) -> Node:
        """A datum of a record of a list that was not supplied is none where there is no such record."""
        head, _, rest = path.partition(".")
        if not rest or head not in self.lists or head in self.facts.counts:
            return node
        least = 2 if rest.startswith("previous.") else 1
        answers = tuple(self.diagrams.terminal(count >= least) for count in (0, 1, 2))
        exists = self.diagrams.node(self._variable(head), answers)
        return self.diagrams.apply("there", lambda there, value: value if there else NONE, exists, node)

    def unknown(self, key: Hashable, paths: tuple[str, ...], values: tuple[Hashable, ...] | None) -> Node:
        """A question about something that is not followed further."""
        guess = Guess(key, paths)
        if values is None:
            return self.diagrams.terminal(Open(guess, True))
        return self.diagrams.node(self._variable(guess), tuple(map(self.diagrams.terminal, values)))

    def decided(self, name: str, compared: Node) -> Node:
        """The comparisons that are open are asked for: by the cells of their datum, or as guesses."""
        result = compared
        open_ = [found for found in self.diagrams.terminals_under(compared) if not isinstance(found, Truth)]
        for pending in sorted(open_, key=repr) if len(open_) > 1 else open_:
            number = self._asked.setdefault(pending, len(self._asked))
            settle = partial(_settle, pending)
            result = self.diagrams.apply(f"settle {number}", settle, result, self._question(pending))
        return result

    def _question(self, pending: Pending) -> Node:
        _operator, left, right = pending
        paths = list(dict.fromkeys([*paths_of(left), *paths_of(right)]))
        if len(paths) == 1 and not guessed(left) and not guessed(right):
            try:
                turning_points(left, right, paths[0])
            except NotSolved:
                pass
            else:
                answers = tuple(self.diagrams.terminal(_truth_at(pending, paths[0], self._worth(paths[0], cell)))
                                for cell in self.cells(paths[0]))  # fmt: skip
                return self.diagrams.node(self._variable(paths[0]), answers)
        values = (HOLDS, FAILS, *((NOT_APPLICABLE,) if _may_not_apply(left, right) else ()))
        return self.diagrams.node(
            self._variable(Guess(pending, tuple(paths))), tuple(map(self.diagrams.terminal, values))
        )

    def _worth(self, path: str, cell: Cell) -> Worth:
        """The value of a cell: of a date the day."""
        if isinstance(cell, KnownNone):
            return NONE
        if isinstance(cell, Fraction) and isinstance(self.situation.kind_at(path)[0], Date):
            return as_date(cell)
        return cell

    def _variable(self, key: Variable) -> int:
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
            found = self._cells[path] = self._cells_of(path)
        return found

    def _cells_of(self, path: str) -> list[Cell]:
        absent = self.facts.at(path)
        assert isinstance(absent, Absent)
        if absent.candidates:
            return list(dict.fromkeys(absent.candidates))
        kind, optional = self.situation.kind_at(path)
        if not isinstance(kind, Number | Date):
            return cells(kind, optional, ())
        if self._cuts is None:
            self._cuts = cuts_of(self.situation, self.facts, self._settled)
        return cells(_within(kind, absent), optional, self._cuts.get(path, set()))


def _settle(pending: Pending, found: Hashable, truth: Truth) -> Hashable:
    return truth if found == pending else found


def _within(kind: Kind, absent: Absent) -> Kind:
    """The kind of a number that is known to lie between limits."""
    if not isinstance(kind, Number):
        return kind
    low, high = (own if found is None else found for own, found in ((kind.low, absent.low), (kind.high, absent.high)))
    return Number(kind.unit, low, high, kind.whole)


def _truth_at(pending: Pending, path: str, worth: Worth) -> Truth:
    operator, left, right = pending
    values: dict[str, Worth] = {path: worth}
    found = compare(operator, None, settled(left, values), settled(right, values))
    assert isinstance(found, Truth)
    return found


def _may_not_apply(left: Part, right: Part) -> bool:
    return any(isinstance(part, Open) and part.may_not_apply for part in (left, right)) or NOT_APPLIED in (left, right)


def _is_outcome(outcome: str | None, wanted: tuple[str, ...]) -> Truth:
    if outcome is None:
        return NOT_APPLICABLE
    return HOLDS if outcome in wanted else FAILS
