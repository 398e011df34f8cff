"""Conditions: a small expression language over JSON data.

Comparison, arithmetic, `and or not`, `in`, `a if b else c`, lists, `input.a.b` and `steps["x"].output[0]`.
A step key may hold hyphens, or be a word of Python: `steps.fetch-data.output` is `steps["fetch-data"].output`, for
nothing can be subtracted from a step. Elsewhere a hyphen is a minus.
There are no calls, powers, comprehensions, slices, or attributes of Python objects: `a.b` looks a key up in a
JSON object and nothing else. What a condition decides on must be true or false; nothing is ever taken as either
because it is empty, missing or broken.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from simpleeval import SimpleEval

from controlplane.errors import ExpressionError

MAX_LENGTH = 2_000
MAX_NODES = 200
MAX_DEPTH = 40
MAX_INTEGER = 10**30
MAX_STRING = 100_000

_LITERALS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_PLAIN = (type(None), bool, int, float, str, list, dict)
_NODES = (
    *(ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd, ast.BinOp),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE),
    *(ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.IfExp, ast.Name, ast.Load, ast.Attribute, ast.Subscript),
    *(ast.Constant, ast.List),
)
_STEP_KEYS = re.compile(
    r"'''.*?'''|\"\"\".*?\"\"\""
    r"|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
    r"|(?<![\w.])steps\s*\.\s*(?P<key>[A-Za-z_]\w*(?:-+\w+)*)",
    re.ASCII | re.DOTALL,
)
_BROKEN = (SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, MemoryError, RecursionError)


@dataclass(frozen=True)
class Expression:
    """One compiled expression; `references` are the paths that it may read, as written."""

    text: str
    references: tuple[tuple[str, ...], ...]
    _node: ast.expr = field(repr=False, compare=False)

    def evaluate(self, scope: Mapping[str, Any]) -> Any:
        """Return the JSON value of the expression.

        Raises:
            ExpressionError: a name or key is unknown, or the values don't fit the operators.
        """
        try:
            return _Evaluator(scope).eval(self.text, previously_parsed=self._node)
        except _BROKEN as error:
            raise ExpressionError(expression=_shown(self.text), problem=_reason(error)) from error

    def holds(self, scope: Mapping[str, Any]) -> bool:
        """Return whether the condition holds; a value that is neither true nor false is an ExpressionError."""
        value = self.evaluate(scope)
        if not isinstance(value, bool):
            problem = f"a condition gives true or false, this one gave {_kind(value)}"
            raise ExpressionError(expression=_shown(self.text), problem=problem)
        return value


@lru_cache(maxsize=4_096)
def compile_expression(text: str) -> Expression:
    """Check an expression against the language and its limits, once per text.

    Raises:
        ExpressionError: it is not an expression of this language, or too long, too large or too deep.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(expression=_shown(text), problem=f"longer than {MAX_LENGTH} characters")
    try:
        node = ast.parse(_STEP_KEYS.sub(_quoted_key, text.strip()), mode="eval").body
    except _BROKEN as error:
        raise ExpressionError(expression=_shown(text), problem=f"not an expression: {_reason(error)}") from error
    try:
        _check(node)
    except ValueError as error:
        raise ExpressionError(expression=_shown(text), problem=str(error)) from error
    return Expression(text, tuple(dict.fromkeys(_references(node))), node)


def _quoted_key(found: re.Match[str]) -> str:
    """Write a step key as a subscript; a string stays as it is."""
    is_member = found.string[: found.start()].rstrip().endswith(".")  # of something else, which has a key `steps`
    return found.group() if found["key"] is None or is_member else f'steps["{found["key"]}"]'


def _check(root: ast.expr) -> None:
    """Walk the tree without recursion; raise ValueError at the first node outside the language."""
    stack: list[tuple[ast.AST, int]] = [(root, 1)]
    seen = 0
    while stack:
        node, depth = stack.pop()
        seen += 1
        if seen > MAX_NODES * 2:  # operators and contexts are nodes too
            raise ValueError(f"more than {MAX_NODES} parts")
        if depth > MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH}")
        if not isinstance(node, _NODES):
            raise ValueError(f"{type(node).__name__} is not part of the language")  # noqa: TRY004  one kind for all
        if isinstance(node, ast.Constant):
            _json_scalar(node.value)
        stack.extend((child, depth + 1) for child in ast.iter_child_nodes(node))


def _references(node: ast.AST) -> list[tuple[str, ...]]:
    """List the paths read by names, attributes and constant subscripts, in order of appearance."""
    path: list[str] = []
    inner = node
    while isinstance(inner, ast.Attribute | ast.Subscript):
        if isinstance(inner, ast.Attribute):
            path.append(inner.attr)
        elif isinstance(inner.slice, ast.Constant):
            path.append(str(inner.slice.value))
        else:
            return [*_references(inner.value), *_references(inner.slice)]
        inner = inner.value
    if isinstance(inner, ast.Name):
        return [] if inner.id in _LITERALS else [(inner.id, *reversed(path))]
    return [found for child in ast.iter_child_nodes(inner) for found in _references(child)]


class _Evaluator(SimpleEval):  # type: ignore[misc]  # simpleeval is untyped
    """simpleeval over JSON: no functions, strict booleans, numbers that stay small."""

    def __init__(self, scope: Mapping[str, Any]) -> None:
        # not its own __init__: that swaps the warning filters of the process, which other threads would see
        self.operators, self.names = _OPERATORS, scope
        self.nodes = {
            ast.BinOp: self._eval_binop,
            ast.BoolOp: self._eval_boolop,
            ast.UnaryOp: self._eval_unaryop,
            ast.Compare: self._eval_compare,
            ast.IfExp: self._eval_ifexp,
            ast.Name: self._eval_name,
            ast.Attribute: self._eval_attribute,
            ast.Subscript: self._eval_subscript,
            ast.Constant: self._eval_constant,
            ast.List: self._eval_list,
        }

    def _check_disallowed_items(self, item: Any) -> None:
        """Let JSON pass only; looks at the value itself, so that a large scope costs nothing."""
        if type(item) not in _PLAIN and not isinstance(item, bool | int | float | str | list | Mapping):
            raise TypeError(f"a {type(item).__name__} is not JSON")

    def _eval_boolop(self, node: Any) -> bool:
        wanted = isinstance(node.op, ast.And)
        for part in node.values:
            if _boolean(self._eval(part)) is not wanted:
                return not wanted
        return wanted

    def _eval_ifexp(self, node: Any) -> Any:
        return self._eval(node.body if _boolean(self._eval(node.test)) else node.orelse)

    def _eval_list(self, node: Any) -> list[Any]:
        return [self._eval(item) for item in node.elts]

    def _eval_name(self, node: Any) -> Any:
        if node.id in _LITERALS:
            return _LITERALS[node.id]
        return _key(self.names, node.id)

    def _eval_attribute(self, node: Any) -> Any:
        return _key(self._eval(node.value), node.attr)

    def _eval_subscript(self, node: Any) -> Any:
        container, key = self._eval(node.value), self._eval(node.slice)
        if isinstance(container, list) and isinstance(key, int) and not isinstance(key, bool):
            return container[key]
        return _key(container, key)


def _key(container: Any, key: Any) -> Any:
    if not isinstance(container, (dict, Mapping)):  # the check for a dict is fast
        raise TypeError(f"{_kind(container)} has no {key!r}")
    if not isinstance(key, str) or key not in container:
        raise LookupError(f"unknown: {key!r}")
    return container[key]


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a number was expected, not {_kind(value)}")
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"true or false was expected, not {_kind(value)}")
    return value


def _numeric(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: _json_scalar(operation(_number(left), _number(right)))


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return _json_scalar(left + right)
    return _json_scalar(_number(left) + _number(right))


def _ordered(operation: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            return operation(left, right)
        return operation(_number(left), _number(right))

    return compare


def _equal(left: Any, right: Any) -> bool:
    """Compare as JSON does: true is not 1."""
    return isinstance(left, bool) is isinstance(right, bool) and bool(left == right)


def _contains(needle: Any, haystack: Any) -> bool:
    if isinstance(haystack, list):
        return any(_equal(needle, item) for item in haystack)
    if isinstance(haystack, str | Mapping) and isinstance(needle, str):
        return needle in haystack
    raise TypeError(f"{_kind(needle)} can't be looked for in {_kind(haystack)}")


def _json_scalar(value: Any) -> Any:
    """Return a scalar of JSON within the limits, or raise ValueError."""
    if isinstance(value, str):
        if len(value) > MAX_STRING:
            raise ValueError(f"a text longer than {MAX_STRING} characters")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number beyond what JSON holds")
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError("an integer of more than 30 digits")
    elif value is not None:
        raise ValueError(f"{type(value).__name__} is not JSON")
    return value


_OPERATORS: Mapping[type, Callable[..., Any]] = {
    ast.Add: _add,
    ast.Sub: _numeric(operator.sub),
    ast.Mult: _numeric(operator.mul),
    ast.Div: _numeric(operator.truediv),
    ast.FloorDiv: _numeric(operator.floordiv),
    ast.Mod: _numeric(operator.mod),
    ast.USub: lambda value: -_number(value),
    ast.UAdd: _number,
    ast.Not: lambda value: not _boolean(value),
    ast.Eq: _equal,
    ast.NotEq: lambda left, right: not _equal(left, right),
    ast.Lt: _ordered(operator.lt),
    ast.LtE: _ordered(operator.le),
    ast.Gt: _ordered(operator.gt),
    ast.GtE: _ordered(operator.ge),
    ast.In: _contains,
    ast.NotIn: lambda needle, haystack: not _contains(needle, haystack),
}


def _kind(value: Any) -> str:
    """Name a value's JSON type without showing the value."""
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), type(value).__name__)


def _reason(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error.args[0]) if error.args else ""
    return text or type(error).__name__


def _shown(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"  # noqa: PLR2004  what fits a line of a log
