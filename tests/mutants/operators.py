"""Every small way to get a query builder wrong: one changed copy of its module per way."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from zlib import crc32

SWAPPED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
}
RENAMED = {
    "join": "outerjoin",
    "outerjoin": "join",
    "desc": "asc",
    "nulls_last": "nulls_first",
    "nulls_first": "nulls_last",
    "is_": "is_not",
    "is_not": "is_",
    "in_": "not_in",
    "min": "max",
    "max": "min",
    "lead": "lag",
    "lag": "lead",
    "rank": "dense_rank",
    "and_": "or_",
    "or_": "and_",
    "union_all": "union",
}
LISTS = {"where", "and_", "group_by", "order_by"}  # an argument left out is a key or a predicate left out
KEYWORD_LISTS = {"order_by", "partition_by", "by"}


@dataclass(frozen=True)
class Mutant:
    """One change: where, what kind, the text before and after, and the module with it."""

    module: str
    function: str
    kind: str
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        return f"{self.key}: {self.kind}: {self.before} -> {self.after}"

    @property
    def key(self) -> str:
        """Say which mutant this is in one line: where, and a sum of what was changed."""
        return f"{self.module}.{self.function} {crc32(f'{self.kind} {self.before} {self.after}'.encode()):08x}"


def mutants(module: str, source: str) -> list[Mutant]:
    """Make every mutant of a module's functions and constants."""
    tree = ast.parse(source)
    found = []
    for top in tree.body:
        if not isinstance(top, ast.FunctionDef | ast.Assign):
            continue
        where = top.name if isinstance(top, ast.FunctionDef) else ast.unparse(top.targets[0])
        for node in ast.walk(top):
            for kind, undo, before, after in _changes(node):
                found.append(Mutant(module, where, kind, before, after, ast.unparse(tree)))
                undo()
    return found


def _changes(node):
    """Change the tree in place, once per yield; the caller undoes each change before asking for the next."""
    if isinstance(node, ast.Compare):
        yield from _swap(node.ops, 0, node)
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPPED:
        before, old = ast.unparse(node), node.op
        node.op = SWAPPED[type(old)]()
        yield "operator", lambda: setattr(node, "op", old), before, ast.unparse(node)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from _constant(node)
    if isinstance(node, ast.Tuple) and len(node.elts) > 1 and isinstance(node.ctx, ast.Load):
        yield from _dropped(node.elts, "element dropped", node)
    if isinstance(node, ast.Call):
        yield from _call(node)


def _swap(ops, position, node):
    old = ops[position]
    if type(old) in SWAPPED:
        before = ast.unparse(node)
        ops[position] = SWAPPED[type(old)]()
        yield "comparison", lambda: ops.__setitem__(position, old), before, ast.unparse(node)


def _constant(node):
    old, before = node.value, ast.unparse(node)
    node.value = old + 1
    yield "constant", lambda: setattr(node, "value", old), before, ast.unparse(node)


def _dropped(items, kind, node):
    for position in range(len(items)):
        item, before = items.pop(position), ast.unparse(node)
        items.insert(position, item)
        whole = ast.unparse(node)
        items.pop(position)
        yield kind, lambda position=position, item=item: items.insert(position, item), whole, before


def _call(node):
    name = _name(node.func)
    if name in RENAMED and not _is_python(node):
        before = ast.unparse(node)
        _rename(node.func, RENAMED[name])
        yield name, lambda: _rename(node.func, name), before, ast.unparse(node)
    if name in LISTS and (len(node.args) > 1 or name in ("where", "group_by", "order_by")):
        yield from _dropped(node.args, f"{name}: argument dropped", node)
    if name in ("where", "and_"):
        yield from _negated(node)
    if name == "count" and node.args:
        yield from _count(node)
    if name == "coalesce":
        yield from _dropped(node.args, "coalesce: argument dropped", node)
    for keyword in node.keywords:
        if keyword.arg in KEYWORD_LISTS and name in ("over", "distribution"):
            old, before = keyword, ast.unparse(node)
            node.keywords.remove(keyword)
            yield f"{keyword.arg} dropped", lambda old=old: node.keywords.append(old), before, ast.unparse(node)


def _negated(node):
    for position, item in enumerate(node.args):
        before = ast.unparse(node)
        node.args[position] = ast.UnaryOp(ast.Invert(), item)
        after = ast.unparse(node)
        yield (
            "negated",
            lambda position=position, item=item: node.args.__setitem__(position, item),
            before,
            after,
        )


def _count(node):
    before, old = ast.unparse(node), node.args
    item = old[0]
    distinct = isinstance(item, ast.Call) and _name(item.func) == "distinct"
    node.args = [item.func.value] if distinct else []
    yield "count", lambda: setattr(node, "args", old), before, ast.unparse(node)


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)


def _is_python(node):
    """Say whether min or max is Python's own."""
    return isinstance(node.func, ast.Name) and node.func.id in ("min", "max")


def _rename(function, name):
    setattr(function, "attr" if isinstance(function, ast.Attribute) else "id", name)
