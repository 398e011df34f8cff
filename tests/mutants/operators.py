"""Every small way to get a query builder wrong, one at a time, as a changed copy of the function or constant."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from dataclasses import dataclass

from controlplane import models

COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult}
RENAMED = {
    "join": "outerjoin",
    "outerjoin": "join",
    "desc": "asc",
    "asc": "desc",
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
PREDICATES = {"where", "and_", "or_", "filter"}  # each argument is one
JOINS = {"join", "outerjoin"}  # the second argument is a predicate
KEYS = {"group_by", "order_by"}
KEY_OPTIONS = {"order_by", "partition_by", "by"}  # of over() and distribution()
STEPS = {"limit", "distinct"}  # calls that a chain can do without
LONGEST = 56  # letters that tell a change; more of one text are numbered
ENUMS = {name: tuple(kind.__members__) for name, kind in vars(models).items() if hasattr(kind, "__members__")}


@dataclass(frozen=True)
class Mutant:
    """One change: where, what, and the top-level function or assignment with it."""

    module: str
    function: str
    change: str
    source: str
    original: str

    @property
    def name(self) -> str:
        """The key of a reason in `equivalent`."""
        return f"{self.module}.{self.function}: {self.change}"

    @property
    def is_function(self) -> bool:
        """Say whether it has a name that calls can be seen by."""
        return self.original.startswith("def ")


def mutants(module: str, source: str) -> list[Mutant]:
    """Make every mutant of a module's functions and constants."""
    found = []
    for top in ast.parse(source).body:
        if not isinstance(top, ast.FunctionDef | ast.Assign):
            continue
        where = top.name if isinstance(top, ast.FunctionDef) else ast.unparse(top.targets[0])
        if isinstance(top, ast.FunctionDef) and ast.get_docstring(top) is not None and len(top.body) > 1:
            del top.body[0]  # words change nothing
        seen: Counter[str] = Counter()
        for told, text in _variants(top):
            change = told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"
            seen[change] += 1
            number = f" #{seen[change]}" if seen[change] > 1 else ""
            found.append(Mutant(module, where, change + number, text, ast.unparse(top)))
    return found


def _variants(top):
    """Yield what is changed, and the statement with it."""
    total = sum(1 for _ in _sites(top))
    for number in range(total):
        changed = copy.deepcopy(top)
        apply = next(site for position, site in enumerate(_sites(changed)) if position == number)
        yield apply(), ast.unparse(changed)


def _sites(top):
    """Yield one function per possible change; it changes the tree in place and says what it did."""
    for node in _nodes(top):
        if isinstance(node, ast.Compare):
            yield from _comparison(node)
        elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
            yield lambda node=node: _told(node, lambda: setattr(node, "op", ARITHMETIC[type(node.op)]()))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield lambda node=node: _told(node, lambda: setattr(node, "value", node.value + 1))
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in ENUMS:
            yield lambda node=node: _told(node, lambda: _next_member(node))
        elif isinstance(node, ast.Tuple) and len(node.elts) > 1 and isinstance(node.ctx, ast.Load):
            yield from _dropped(node.elts, "element")
        elif isinstance(node, ast.Call):
            yield from _call(node)
        elif isinstance(node, ast.Dict):
            yield from _options(node)


def _nodes(node):
    """Walk what runs: no annotations, no subscripts of types."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "slice"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _nodes(child)


def _told(node, change) -> str:
    before = _short(node)
    change()
    return f"{before} -> {_short(node)}"


def _short(node) -> str:
    """Write a node in one line, leaving out the chain that a call hangs on."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        chained = isinstance(node.func.value, ast.Call) and ast.unparse(node.func.value.func) != "func"
        if chained and node.func.attr not in ("desc", "asc", "nulls_last", "nulls_first", "is_", "is_not", "in_"):
            return "..." + ast.unparse(node).removeprefix(ast.unparse(node.func.value))
    return ast.unparse(node)


def _comparison(node):
    for operator in COMPARISONS.get(type(node.ops[0]), ()):
        yield lambda operator=operator: _told(node, lambda: node.ops.__setitem__(0, operator()))


def _next_member(node) -> None:
    members = ENUMS[ast.unparse(node.value)]
    if node.attr in members:
        node.attr = members[(members.index(node.attr) + 1) % len(members)]


def _dropped(items, kind):
    for position in range(len(items)):
        yield lambda position=position: f"{kind} dropped: {_short(items.pop(position))}"


def _negated(items, position) -> str:
    said = f"negated: {_short(items[position])}"
    items[position] = _opposite(items[position])
    return said


def _opposite(predicate):
    """Negate a predicate; of several, unpacked here, each."""
    if isinstance(predicate, ast.Starred):
        each = ast.comprehension(ast.Name("each_", ast.Store()), predicate.value, [], 0)
        return ast.Starred(ast.GeneratorExp(_opposite(ast.Name("each_", ast.Load())), [each]), ast.Load())
    return ast.UnaryOp(ast.Invert(), predicate)


def _reversed(items, position) -> str:
    item = items[position]
    items[position] = ast.Call(ast.Attribute(item, "desc", ast.Load()), [], [])
    return f"descending: {_short(item)}"


def _call(node):
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    python = isinstance(node.func, ast.Name) and name in ("min", "max")
    if name in RENAMED and (not python or len(node.args) > 1):
        yield lambda: _renamed(node, name)
    if name in PREDICATES:
        yield from _dropped(node.args, "predicate")
    if name in PREDICATES | JOINS:
        yield from _negations(node.args[1:] if name in JOINS else node.args, node.args)
    if name in KEYS:
        yield from _dropped(node.args, "key")
    if name == "order_by":
        plain = (number for number, each in enumerate(node.args) if not _has_direction(each))
        yield from (lambda position=position: _reversed(node.args, position) for position in plain)
    yield from _measures(node, name)


def _negations(predicates, items):
    """Negate what has no comparison at its top, which is swapped where it stands."""
    for each in predicates:
        if not isinstance(each, ast.Compare):
            yield lambda each=each: _negated(items, items.index(each))


def _measures(node, name):
    """Change what a call counts, defaults to, takes part of or is grouped by."""
    if name == "count" and node.args:
        yield lambda: _told(node, lambda: setattr(node, "args", [_other_count(node.args[0])]))
        yield lambda: _told(node, lambda: setattr(node, "args", []))
    if name == "coalesce":
        yield from _dropped(node.args, "default")
    if name in STEPS and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call):
        yield lambda: _without(node)
    for option in node.keywords:
        if option.arg in KEY_OPTIONS and name in ("over", "distribution"):
            yield lambda option=option: _option_dropped(node, option, name)


def _renamed(node, name) -> str:
    """Say what is called instead, and of what: the receiver of a method like desc(), else the first argument."""
    _rename(node.func, RENAMED[name])
    of = node.args[0] if node.args else node.func.value
    return f"{name} -> {RENAMED[name]}: {_short(of)}"


def _rename(function, name) -> None:
    setattr(function, "attr" if isinstance(function, ast.Attribute) else "id", name)


def _has_direction(key) -> bool:
    called = isinstance(key, ast.Call) and isinstance(key.func, ast.Attribute)
    return isinstance(key, ast.Starred) or (
        called and key.func.attr in ("desc", "asc", "nulls_last", "nulls_first")
    )


def _other_count(counted):
    """Turn count(x) into count(distinct x), and back."""
    if isinstance(counted, ast.Call) and getattr(counted.func, "attr", None) == "distinct":
        return counted.func.value
    return ast.Call(ast.Attribute(counted, "distinct", ast.Load()), [], [])


def _without(node) -> str:
    said = f"step dropped: {_short(node)}"
    node.args, node.keywords, node.func = [], [], ast.Attribute(node.func.value, "_clone", ast.Load())
    return said


def _options(node):
    """Drop the keys of windows that are given as a dictionary."""
    for position, key in enumerate(node.keys):
        if isinstance(key, ast.Constant) and key.value in KEY_OPTIONS:
            yield lambda position=position: _entry_dropped(node, position)


def _entry_dropped(node, position) -> str:
    key, value = node.keys.pop(position), node.values.pop(position)
    return f"{key.value} dropped: {ast.unparse(value)}"


def _option_dropped(node, option, name) -> str:
    node.keywords.remove(option)
    if name == "distribution":
        node.keywords.append(ast.keyword("by", ast.Tuple([], ast.Load())))
    return f"{name}: {option.arg} dropped: {ast.unparse(option.value)}"
