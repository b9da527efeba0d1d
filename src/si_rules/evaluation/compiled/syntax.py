"""Small pieces of Python's syntax, so that the compiler builds trees and never text."""

import ast
from collections.abc import Iterable
from typing import Any


def constant(value: Any) -> ast.expr:
    """A literal: None, True, False, `...`, an int, a str or a tuple of these."""
    return ast.Constant(value)


def name(identifier: str) -> ast.expr:
    """A variable that is read."""
    return ast.Name(identifier, ast.Load())


def assign(identifier: str, value: ast.expr) -> ast.stmt:
    """`identifier = value`."""
    return ast.Assign([ast.Name(identifier, ast.Store())], value)


def named(identifier: str, value: ast.expr) -> ast.expr:
    """`(identifier := value)`."""
    return ast.NamedExpr(ast.Name(identifier, ast.Store()), value)


def attribute(of: str, key: str) -> ast.expr:
    """`of.key`."""
    return ast.Attribute(name(of), key, ast.Load())


def is_(left: ast.expr, right: ast.expr) -> ast.expr:
    """`left is right`."""
    return ast.Compare(left, [ast.Is()], [right])


def is_not(left: ast.expr, right: ast.expr) -> ast.expr:
    """`left is not right`."""
    return ast.Compare(left, [ast.IsNot()], [right])


def compared(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    """`left operator right`."""
    return ast.Compare(left, [operator], [right])


def both(parts: Iterable[ast.expr]) -> ast.expr:
    """`a and b and …`; True of nothing."""
    return _joined(ast.And(), list(parts), True)


def either(parts: Iterable[ast.expr]) -> ast.expr:
    """`a or b or …`; False of nothing."""
    return _joined(ast.Or(), list(parts), False)


def _joined(operator: ast.boolop, parts: list[ast.expr], of_nothing: bool) -> ast.expr:
    if not parts:
        return constant(of_nothing)
    return parts[0] if len(parts) == 1 else ast.BoolOp(operator, parts)


def contrary(value: ast.expr) -> ast.expr:
    """`not value`."""
    return ast.UnaryOp(ast.Not(), value)


def when(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """`then if test else otherwise`."""
    return ast.IfExp(test, then, otherwise)


def plus(left: ast.expr, right: ast.expr) -> ast.expr:
    """`left + right`."""
    return ast.BinOp(left, ast.Add(), right)


def total(parts: list[ast.expr]) -> ast.expr:
    """`a + b + …`; 0 of nothing."""
    found = parts[0] if parts else constant(0)
    for part in parts[1:]:
        found = plus(found, part)
    return found


def call(function: str, *arguments: ast.expr) -> ast.expr:
    """`function(…)`."""
    return ast.Call(name(function), list(arguments), [])


def tuple_of(parts: Iterable[ast.expr]) -> ast.expr:
    """`(a, b, …)`."""
    return ast.Tuple(list(parts), ast.Load())


def branch(test: ast.expr, then: list[ast.stmt], otherwise: list[ast.stmt]) -> ast.stmt:
    """`if test: … else: …`."""
    return ast.If(test, then, otherwise)
