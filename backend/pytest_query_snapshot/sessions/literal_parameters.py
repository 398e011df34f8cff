"""Parameters that the source of a test spells out: such a set changes only when the source does."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping


def constants_of(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the values of the names that a module binds once, at its top level."""
    values: dict[str, ast.expr] = {}
    bound: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            bound.append(node.id)
        elif isinstance(node, ast.alias):
            bound.append(node.asname or node.name)
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            values[statement.targets[0].id] = statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            values[statement.target.id] = statement.value
    return {name: value for name, value in values.items() if bound.count(name) == 1}


def literal_arguments(marks: Iterable[ast.expr], constants: Mapping[str, ast.expr]) -> frozenset[str] | None:
    """Return the arguments that these marks parametrize; None if a mark computes values or ids."""
    found: set[str] = set()
    for mark in marks:
        if not (isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute)):
            continue
        if mark.func.attr != "parametrize":
            continue
        names = _argument_names(mark, constants)
        if names is None or not _ids_are_literal(mark, constants):
            return None
        found |= names
    return frozenset(found)


def _option(mark: ast.Call, position: int, name: str) -> ast.expr | None:
    if len(mark.args) > position:
        return mark.args[position]
    return next((keyword.value for keyword in mark.keywords if keyword.arg == name), None)


def _argument_names(mark: ast.Call, constants: Mapping[str, ast.expr]) -> set[str] | None:
    names = _resolved(_option(mark, 0, "argnames"), constants)
    if names is None or not _is_literal(names, constants):
        return None
    values = [node.value for node in ast.walk(names) if isinstance(node, ast.Constant)]
    return {part.strip() for value in values for part in str(value).split(",") if part.strip()}


def _ids_are_literal(mark: ast.Call, constants: Mapping[str, ast.expr]) -> bool:
    """Return whether number and ids of the sets are in the source: literal values, or literal ids for each."""
    values = _resolved(_option(mark, 1, "argvalues"), constants)
    if any(isinstance(argument, ast.Starred) for argument in mark.args) or None in {k.arg for k in mark.keywords}:
        return False
    ids = _option(mark, 3, "ids")
    if ids is not None and not _is_literal(ids, constants):
        return False
    if isinstance(values, ast.List | ast.Tuple):
        return ids is not None or all(_has_literal_id(value, constants) for value in values.elts)
    return values is not None and _is_literal(values, constants)


def _has_literal_id(value: ast.expr, constants: Mapping[str, ast.expr]) -> bool:
    if isinstance(value, ast.Starred):
        return False
    if isinstance(value, ast.Call) and getattr(value.func, "attr", "") == "param":
        ids = [keyword.value for keyword in value.keywords if keyword.arg == "id"]
        return _is_literal(ids[0], constants) if ids else all(_is_literal(each, constants) for each in value.args)
    return _is_literal(value, constants)


def _resolved(node: ast.expr | None, constants: Mapping[str, ast.expr]) -> ast.expr | None:
    if isinstance(node, ast.Name) and node.id in constants:
        return constants[node.id]
    return node


def _is_literal(node: ast.expr | None, constants: Mapping[str, ast.expr]) -> bool:
    """Return whether an expression means the same in every process; names are followed once."""
    if isinstance(node, ast.Name):
        value = constants.get(node.id)
        return value is not None and _is_literal(value, {})
    if isinstance(node, ast.Call):
        plain = isinstance(node.func, ast.Name) and node.func.id == "range" and not node.keywords
        return plain and all(_is_literal(argument, constants) for argument in node.args)
    if isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.UnaryOp | ast.BinOp):
        return all(_is_literal(part, constants) for part in _parts(node))
    return isinstance(node, ast.Constant)


def _parts(node: ast.List | ast.Tuple | ast.Dict | ast.UnaryOp | ast.BinOp) -> list[ast.expr | None]:
    if isinstance(node, ast.Dict):
        return [*node.keys, *node.values]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    return [node.left, node.right] if isinstance(node, ast.BinOp) else [*node.elts]
