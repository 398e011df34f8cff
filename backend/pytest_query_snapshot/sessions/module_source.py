"""The tests that the source of a module can define, read without importing it.

A name counts as defined when any statement may bind it. Where the source alone does not fix the names (star
imports, ``globals()``, base classes and decorators from elsewhere), the scope is open: nothing is proved absent.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from pytest_query_snapshot.sessions.literal_parameters import constants_of, literal_arguments

_DYNAMIC_CALLS = frozenset({"globals", "locals", "vars", "setattr", "exec", "eval", "__import__"})
_KNOWN_BASES = frozenset(
    {"object", "TestCase", "IsolatedAsyncioTestCase", "ABC", "Generic", "Protocol", "Exception", "Enum", "StrEnum"}
)
# calls that stand alone in a module and bind nothing in it
_HARMLESS = frozenset({"pytest", "sys", "os", "warnings", "logging", "random"})


@dataclass(slots=True)
class ModuleSource:
    """Qualified names such as ``TestA.test_b``; "" is the scope of the module."""

    names: set[str] = field(default_factory=set)
    open_scopes: set[str] = field(default_factory=set)
    prefixes: set[str] = field(default_factory=set)
    """Functions whose decorator may define more tests, named after the function."""
    literal: dict[str, frozenset[str] | None] = field(default_factory=dict)
    """The parameters of each function that the source spells out; None where some are computed."""

    def is_open(self, name: str) -> bool:
        """Return whether the source does not fix which tests there are beside this name."""
        scope = name.rpartition(".")[0]
        while scope:
            if scope in self.open_scopes:
                return True
            scope = scope.rpartition(".")[0]
        return "" in self.open_scopes


def read_source(text: str) -> ModuleSource | None:
    """Read a test module; None if it isn't Python of this version."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    found = ModuleSource()
    _Scope(found, constants_of(tree)).read(tree.body, "", marks=())
    if any(map(_is_dynamic, ast.walk(tree))):
        found.open_scopes.add("")
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            found.names.update(node.names)
    return found


def _is_dynamic(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in _DYNAMIC_CALLS or (node.func.id == "type" and len(node.args) > 1)
    if isinstance(node, ast.Subscript):  # sys.modules[__name__]
        return isinstance(node.slice, ast.Name) and node.slice.id == "__name__"
    return False


class _Scope:
    """Adds what the statements of one module bind, class by class."""

    def __init__(self, found: ModuleSource, constants: dict[str, ast.expr]) -> None:
        self.found = found
        self.constants = constants
        self.members: dict[str, set[str]] = {}

    def read(self, body: Iterable[ast.stmt], scope: str, *, marks: tuple[ast.expr, ...]) -> None:
        statements = list(_statements(body))
        marks += tuple(chain.from_iterable(map(_module_marks, statements)))
        prefix = f"{scope}." if scope else ""
        for node in statements:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._function(node, f"{prefix}{node.name}", marks)
            elif isinstance(node, ast.ClassDef):
                self._class(node, scope, marks)
            elif _is_unknown_call(node):
                self.found.open_scopes.add("")
            for name in _bound(node):
                if name == "*":
                    self.found.open_scopes.add("")
                else:
                    self.found.names.add(f"{prefix}{name}")
                    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                        self.found.open_scopes.add(f"{prefix}{name}")
                    self.members.setdefault(scope, set()).add(name)

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str, marks: tuple[ast.expr, ...]
    ) -> None:
        if not all(_root(decorator) == "pytest" for decorator in node.decorator_list):
            self.found.prefixes.add(name)
        self.found.literal[name] = literal_arguments((*node.decorator_list, *marks), self.constants)

    def _class(self, node: ast.ClassDef, scope: str, marks: tuple[ast.expr, ...]) -> None:
        name = f"{scope}.{node.name}" if scope else node.name
        if not all(_root(decorator) == "pytest" for decorator in node.decorator_list):
            self.found.open_scopes.add("")  # some decorators define more classes
        self.read(node.body, name, marks=(*marks, *node.decorator_list))
        for base in node.bases:
            inherited = self.members.get(base.id) if isinstance(base, ast.Name) else None
            if inherited is not None and base.id not in self.found.open_scopes:  # type: ignore[attr-defined]
                self.found.names.update(f"{name}.{member}" for member in inherited)
                self.members.setdefault(name, set()).update(inherited)
            elif _last(base) not in _KNOWN_BASES:
                self.found.open_scopes.add(name)
        if node.keywords:
            self.found.open_scopes.add(name)


def _is_unknown_call(node: ast.stmt) -> bool:
    call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return call and _root(node.value) not in _HARMLESS  # type: ignore[attr-defined]


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a scope, those inside of ``if``, ``try``, ``with`` and loops too."""
    for node in body:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for inner in ast.iter_child_nodes(node):
                if isinstance(inner, ast.stmt):
                    yield from _statements([inner])
                elif isinstance(inner, ast.ExceptHandler | ast.match_case):
                    yield from _statements(inner.body)


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    else:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                yield inner.id


def _module_marks(node: ast.stmt) -> Iterator[ast.expr]:
    """Yield the marks of ``pytestmark = ..``."""
    if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "pytestmark" for target in node.targets):
        yield from node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else (node.value,)


def _root(node: ast.expr) -> str:
    """Return the first name of ``pytest.mark.skip("..")``."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def _last(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
