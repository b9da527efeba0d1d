"""What the compiler knows of a piece of code it has written: what it may come to."""

import ast
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from attrs import frozen

from si_rules.evaluation.compiled import syntax

# What may come instead of a plain value: it is missing, odd, deep, none, or does not apply.
Mark: TypeAlias = Literal["missing", "odd", "deep", "none", "not_applied"]
Marks: TypeAlias = frozenset[Mark]
PLAIN: Final[Marks] = frozenset()

# What a condition may come to: it holds, fails, is undetermined, does not apply.
Come: TypeAlias = Literal["T", "F", "U", "A"]
TWO: Final[frozenset[Come]] = frozenset(("T", "F"))
ANY: Final[frozenset[Come]] = frozenset(("T", "F", "U", "A"))

NOTHING: Final = "NONE"  # names in the globals of compiled functions
IS_ODD: Final = "ODD"
IS_DEEP: Final = "DEEP"


@frozen(eq=False)
class Written:
    """The code of a condition. It gives one of `can`; where these are holds and fails only, a bool.

    `holds`, `fails` and `open` are tests of what is known by itself, which may be asked again and again, where there are
    such. `staged` is another way to ask: whether it holds, and then, where it does not, whether it is open.
    """

    code: ast.expr
    can: frozenset[Come]
    depth: int = 1
    holds: ast.expr | None = None
    fails: ast.expr | None = None
    open: ast.expr | None = None
    staged: tuple[ast.expr, ast.expr] | None = None

    @property
    def two_valued(self) -> bool:
        """Whether it always holds or fails."""
        return self.can <= TWO


@frozen(eq=False)
class Value:
    """The code of a term: `known` is right where every one of `inputs` is plain; else they say what it comes to.

    Whatever is an input is a variable or a slot, so that it may be read again and again.
    """

    known: ast.expr
    inputs: tuple[tuple[ast.expr, Marks], ...] = ()
    depth: int = 1

    @property
    def marks(self) -> Marks:
        """What it may come to besides a plain value."""
        return frozenset(mark for _, marks in self.inputs for mark in marks)

    def tests(self, mark: Mark) -> list[ast.expr]:
        """A test for each input that may be marked so."""
        return [tested(code, mark) for code, marks in self.inputs if mark in marks]

    def coded(self) -> ast.expr:
        """The code that gives the value or the mark it bears."""
        found = self.known
        for mark in ("missing", "none", "odd", "not_applied", "deep"):
            tests = self.tests(mark)
            if tests:
                found = syntax.when(syntax.either(tests), marked(mark), found)
        return found


def marked(mark: Mark) -> ast.expr:
    """The code of a mark."""
    match mark:
        case "missing":
            return syntax.constant(None)
        case "not_applied":
            return syntax.constant(...)
        case "none":
            return syntax.name(NOTHING)
        case "odd":
            return syntax.name(IS_ODD)
        case "deep":
            return syntax.name(IS_DEEP)


def tested(code: ast.expr, mark: Mark) -> ast.expr:
    """Whether something bears a mark."""
    return syntax.is_(code, marked(mark))


def deepest(parts: Iterable[Written | Value]) -> int:
    """One more than the deepest of some."""
    return 1 + max((part.depth for part in parts), default=0)
