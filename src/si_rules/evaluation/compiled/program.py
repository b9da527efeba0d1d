"""A policy at two dates, compiled: functions from a prepared record to its answer, or to the truths of all rules."""

import ast
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from si_rules.evaluation.compiled import syntax
from si_rules.evaluation.compiled.codes import CODES, DEEP, NONE, ODD, TRUTHS
from si_rules.evaluation.compiled.functions import FunctionWriter, those
from si_rules.evaluation.compiled.layout import ALL_KNOWN, SOME_MISSING, Layout, Record
from si_rules.evaluation.compiled.listing import Listing
from si_rules.evaluation.interpreter import Interpreter
from si_rules.evaluation.kleene import Settled, as_possible, by_kleene, is_plain, outcomes_left
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.truth import HOLDS
from si_rules.semantics import core
from si_rules.semantics.facts import Facts

MOST_CLASSES: Final = (
    400  # of a classification: its code has one step inside the other, and Python's own depth is not met
)

Function = Callable[[Record], tuple[Any, ...]]


class NotCompiled(ValueError):
    """A policy is too large for compiled code; the interpreter decides by it."""


class Program:
    """The compiled functions of a policy at two dates.

    `answer` gives for each classification the outcomes that strong Kleene logic leaves, then the truth of each
    trigger; `trace` the same outcomes and then the truth of every rule, in the order of the policy. What both give is
    what `evaluation.kleene.by_kleene` gives. Raises `NotCompiled`.
    """

    def __init__(self, situation: Situation) -> None:
        policy = situation.policy
        most = max((len(found.classes) for found in policy.classifications.values()), default=0)
        if most > MOST_CLASSES:
            raise NotCompiled(
                f"{policy.id} has a classification of {most} classes; at most {MOST_CLASSES} are compiled"
            )
        self.situation = situation
        self.layout = Layout(situation)
        self.triggers = tuple(rule.id for rule in policy.rules.values() if rule.sort == "trigger")
        self.rules = tuple(policy.rules)
        self.recorded = tuple(rule.id for rule in policy.rules.values() if rule.sort not in ("clause", "row"))
        name = f"<{policy.id} {policy.edition}, on {situation.on}, known at {situation.known_at}>"
        self._listing = Listing(policy, name)
        self._listing.keep()
        self.trace = self._function("trace", self.rules)  # reads all there is, so the layout is whole from here on

    @cached_property
    def answer(self) -> Function:
        """The outcomes and the triggers of a record."""
        return self._function("answer", self.triggers)

    @cached_property
    def record(self) -> Function:
        """The outcomes; the clauses that hold of each class that stands; and the facts, triggers and labels."""
        return self._function("record", self.recorded, explains=True)

    def settled(self, facts: Facts) -> Settled | None:
        """What Kleene logic makes of one subject; None where more is known than it goes by."""
        if not is_plain(facts):
            return None
        found = self.trace(self.layout.record_of(facts))
        classifications = self.situation.policy.classifications
        outcomes = dict(zip(classifications, found, strict=False))
        truths = map(TRUTHS.__getitem__, found[len(classifications) :])
        return Settled(dict(zip(self.rules, truths, strict=True)), outcomes)

    def _function(self, name: str, rules: tuple[str, ...], explains: bool = False) -> Function:
        """A function with a part for records of which all is known and one for those of which something is not."""
        parts: dict[int, list[ast.stmt]] = {}
        names: dict[str, Any] = {"NONE": NONE, "ODD": ODD, "DEEP": DEEP, "NOT_YET": object(), "those": those}
        asked: list[core.Condition] = []
        for state, complete in ((ALL_KNOWN, True), (SOME_MISSING, False)):
            writer = FunctionWriter(self.layout, complete, self._listing, rules, explains)
            writer.asked = asked
            writer.apart = "" if complete else "g"
            parts[state] = writer.write()
            names.update(writer.globals)
        names["ask"] = _asking(self.situation, asked)
        names["interpreted"] = self._interpreted(rules, explains)
        module = _frame(name, parts)
        exec(
            compile(module, self._listing.name, "exec"), names
        )  # a tree made from a checked policy: no text, no names of its
        made: Function = names[name]
        return made

    def _interpreted(self, rules: tuple[str, ...], explains: bool) -> Function:
        """What the interpreter gives, for records that only it can read."""

        def interpreted(record: Record) -> tuple[Any, ...]:
            assert record.facts is not None
            interpreter = by_kleene(self.situation, record.facts)
            policy = self.situation.policy
            outcomes = [as_possible(policy, name, outcomes_left(interpreter, name)) for name in policy.classifications]
            reasons = [_reasons(interpreter, *pair) for pair in zip(policy.classifications, outcomes, strict=True)]
            return (*outcomes, *(reasons if explains else ()), *(CODES[interpreter.rule(name)] for name in rules))

        return interpreted


def _frame(name: str, parts: Mapping[int, list[ast.stmt]]) -> ast.Module:
    """A function that goes by the state of a record: to one of some parts, or to the interpreter."""
    record = syntax.name("r")
    otherwise: list[ast.stmt] = [ast.Return(syntax.call("interpreted", record))]
    branches: list[tuple[ast.If, list[ast.stmt]]] = []
    for state in sorted(parts, reverse=True):
        is_so = syntax.compared(syntax.attribute("r", "state"), ast.Eq(), syntax.constant(state))
        branch = ast.If(is_so, [ast.Pass()], otherwise)
        branches.append((branch, parts[state]))
        otherwise = [branch]
    arguments = ast.arguments([], [ast.arg("r")], None, [], [], None, [])
    module = ast.fix_missing_locations(ast.Module([ast.FunctionDef(name, arguments, otherwise, [], None)], []))
    for branch, body in branches:  # these have their own lines already
        branch.body = body
    return module


def _reasons(interpreter: Interpreter, name: str, outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """The clauses that hold of the class that stands."""
    clauses = {item.label: item.clauses for item in interpreter.policy.classifications[name].classes}
    standing = clauses.get(outcomes[0], ()) if len(outcomes) == 1 else ()
    return tuple(clause for clause in standing if interpreter.rule(clause) is HOLDS)


def _asking(situation: Situation, asked: list[core.Condition]) -> Callable[[Record, list[Interpreter], int], Any]:
    """What compiled code calls for a condition that is left to the interpreter; `kept` holds that of this record."""

    def ask(record: Record, kept: list[Interpreter], number: int) -> Any:
        if not kept:
            assert record.facts is not None
            kept.append(by_kleene(situation, record.facts))
        return CODES[kept[0].truth(asked[number])]

    return ask
