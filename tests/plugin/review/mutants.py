"""Break the classifiers in every small way, and see a labelled change notice.

Run it as `python tests/plugin/review/mutants.py`, with `--every 10` for a sample.
A mutant that no labelled change tells from the classifier is either equal to it, or a hole in the collection.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.util
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest  # noqa: F401  once, before the processes part
import sqlparse  # noqa: F401  see above

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.plugin.sql import generated_changes

BENIGN = generated_changes.BENIGN
PACKAGE = "pytest_query_snapshot"
FOLDER = Path(importlib.util.find_spec(PACKAGE).origin).parent
MODULES = (  # each after those that it imports
    "sql.word_tree",
    *(f"sql.facts.{name}" for name in ("columns", "assignments", "insert_parts", "named_windows", "clauses")),
    *(f"sql.facts.{name}" for name in ("from_clause", "expressions", "conjuncts", "normal_form", "fact")),
    "sql.facts.fact_collector",
    "sql.facts.statement_facts",
    *(f"sql.diff.{name}" for name in ("change", "binding", "subquery_matching", "moved_conditions")),
    *("sql.diff.fact_traits", "sql.diff.letter_case"),
    *(f"sql.diff.risk.{name}" for name in ("strictness", "members", "implication", "weakening", "windows")),
    *(f"sql.diff.risk.{name}" for name in ("upsert", "join_kinds", "reasons")),
    *(f"sql.diff.{name}" for name in ("effects", "fact_pairs", "one_sided_facts", "statements")),
    *(f"goldens.formats.{name}" for name in ("sql_blocks", "sql_losses", "sql_changes", "schema_risks", "schema")),
    "goldens.formats.plan",
)
SWAPS = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


def _path(name):
    """Return the file of a module of the package."""
    return FOLDER.joinpath(*name.split(".")).with_suffix(".py")


def edits(node):
    """Yield functions that break a node in place, each in one small way."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in SWAPS:
        yield "compare", lambda n: n.ops.__setitem__(0, SWAPS[type(n.ops[0])]())
    if isinstance(node, (ast.BoolOp, ast.BinOp)) and type(node.op) in SWAPS:
        yield "operator", lambda n: setattr(n, "op", SWAPS[type(n.op)]())
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield "never", lambda n: setattr(n, "test", ast.Constant(value=False))
    if isinstance(node, (ast.If, ast.IfExp)):
        yield "always", lambda n: setattr(n, "test", ast.Constant(value=True))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", lambda n: setattr(n, "op", ast.UAdd()) or setattr(n, "operand", _truth(n.operand))
    if isinstance(node, ast.Expr) and isinstance(node.value, (ast.Yield, ast.YieldFrom, ast.Call)):
        yield "statement", lambda n: setattr(n, "value", ast.Constant(value=None))
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield "constant", lambda n: setattr(n, "value", n.value + 1)
    for at in range(_parts(node)):
        yield f"part {at}", lambda n, at=at: _drop(n, at)


def _parts(node):
    """Count the members that a node can lose one of: values, operands, filters."""
    if isinstance(node, ast.comprehension):
        return len(node.ifs)
    if isinstance(node, ast.BoolOp):
        return len(node.values)
    if isinstance(node, (ast.Tuple, ast.Set, ast.Dict)) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        count = len(node.values if isinstance(node, ast.Dict) else node.elts)
        return count if count > 1 else 0
    return 0


def _drop(node, at):
    for field in {ast.comprehension: ("ifs",), ast.BoolOp: ("values",), ast.Dict: ("keys", "values")}.get(
        type(node), ("elts",)
    ):
        getattr(node, field).pop(at)


def _truth(operand):
    return ast.Call(func=ast.Name(id="bool", ctx=ast.Load()), args=[operand], keywords=[])


def mutants(name, *, every=1):
    """Yield (what was broken, source) of each n-th mutant; what only type checkers see is left alone."""
    tree = ast.parse(_path(name).read_text())
    total = sum(1 for _ in ast.walk(tree))
    hints = {id(sub) for node in ast.walk(tree) for hint in _hints(node) for sub in ast.walk(hint)}
    nodes = list(ast.walk(tree))
    seen = 0
    for place in range(total):
        if id(nodes[place]) in hints:
            continue
        for number, (what, _) in enumerate(edits(nodes[place])):
            seen += 1
            if (seen - 1) % every:
                continue
            broken = copy.deepcopy(tree)
            node = list(ast.walk(broken))[place]
            [*edits(node)][number][1](node)
            line = getattr(node, "lineno", getattr(getattr(node, "target", None), "lineno", 0))
            yield f"{name}:{line} {what}", ast.unparse(ast.fix_missing_locations(broken))


def _hints(node):
    found = [getattr(node, field, None) for field in ("annotation", "returns")]
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        found.append(node)
    return [hint for hint in found if hint is not None]


class Broken:
    """Finds one module in a text instead of its file."""

    def __init__(self, name, source):
        self.name, self.source = f"{PACKAGE}.{name}", source

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(compile(self.source, self.name, "exec"), module.__dict__)


def load(name):
    """Import a test module, by its path: tests are not a package."""
    spec = importlib.util.spec_from_file_location(
        f"collected_{Path(name).name}", Path(__file__).parent / f"{name}.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def labelled_edits(*names):
    """Return the edits of labelled collections: the shape, dialect, both texts and the label."""
    texts = map(generated_changes.reading, names)
    return tuple(edit for text in texts for edit in generated_changes.labelled_edits(text))


LABELLED = labelled_edits("mutants", "sixth", "fifth", "fourth", "third", "second")
GOLDENS = labelled_edits("goldens")


def has_label(changes, label):
    """Whether a change has one of the classes of a label, and is a risk where the label says so."""
    wanted = set(label.removeprefix("!").split("|"))
    found = {change.label for change in changes}
    right = found & wanted or (wanted & BENIGN and found <= BENIGN and found)
    return bool(right) and any(change.risk for change in changes) == label.startswith("!")


def is_strict(cases):
    """Whether every pair of conditions is still compared as it was."""
    try:
        for name, pairs in cases.CASES.items():
            for old, new in pairs:
                cases.test_strictness_of_a_condition(cases.Strictness[name], old, new)
    except AssertionError:
        return False
    return True


def unnoticed():
    """Whether every labelled change still gets its classes."""
    return all(verdicts())


def verdicts():
    """Yield for each labelled change whether it gets its classes; a broken classifier is called here."""
    statements, shapes, goldens, details = map(
        load, ("test_statement_changes", "test_shapes", "test_golden_changes", "test_details")
    )
    strictness = load("../sql/test_strictness")
    from pytest_query_snapshot.goldens.classify import classify_golden  # noqa: PLC0415
    from pytest_query_snapshot.sql.diff.change import labels  # noqa: PLC0415  broken or not, as of now
    from pytest_query_snapshot.sql.diff.statements import classify_statement  # noqa: PLC0415

    yield details.unbroken()
    for _, kind, old, new, label in GOLDENS:
        yield has_label(classify_golden(old, new, kind=kind), label)
    for _, dialect, old, new, label in LABELLED:
        yield has_label(classify_statement(old, new, dialect=dialect), label)
    for old, new, expected in (one.values for one in shapes.PAIRS):
        yield {f"{'!' if c.risk else ''}{c.label}" for c in classify_statement(old, new)} == expected
    for (pair,) in (one.values for one in statements.PAIRS):
        changes = classify_statement(pair.old, pair.new)
        risky = bool(pair.expected & statements.ALWAYS_RISKY)
        yield set(labels(changes)) == pair.expected and risky <= any(change.risk for change in changes)
    yield is_strict(strictness)
    for kind, old, new, expected in (one.values for one in goldens.PAIRS):
        yield set(labels(classify_golden(old, new, kind=kind))) == expected


def warm(name):
    """Import a module that stays whole from here on, and what it remembers with it."""
    module = importlib.import_module(f"{PACKAGE}.{name}")
    texts = [path.read_text() for path in Path(__file__).parent.glob("*/*.txt")]
    statements = [line for text in texts for line in text.splitlines() if line.endswith(";")]
    if name == "sql.word_tree":
        for statement in statements:
            module.lex(statement)
    if name == "sql.facts.statement_facts":
        for statement in statements:
            module.read_statement(statement)


def survives(name, source):
    """Try one module in a process of its own, its own source or a broken one; a hang or a crash is noticed."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    signal.setitimer(signal.ITIMER_PROF, 30)  # of processor time: other processes may be busy
    code = 1
    try:
        sys.meta_path.insert(0, Broken(name, source))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        code = 0 if unnoticed() else 1
    finally:
        os._exit(code)


def main():
    """Try the mutants and list those that survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--module", action="append", choices=MODULES, help="one of them; may be repeated")
    parser.add_argument("--every", type=int, default=1, help="only each n-th mutant")
    options = parser.parse_args()

    tried: Counter[str] = Counter()
    alive: Counter[str] = Counter()
    for name in MODULES:
        chosen = name in (options.module or MODULES)
        if chosen and not survives(name, _path(name).read_text()):
            sys.exit("the labelled changes fail as it is: nothing can be said of mutants")
        for what, source in mutants(name, every=options.every) if chosen else ():
            tried[name] += 1
            if survives(name, source):
                alive[name] += 1
                sys.stdout.write(f"survives {what}\n")
                sys.stdout.flush()
        warm(name)
        sys.stdout.write(f"{name}: {tried[name] - alive[name]} of {tried[name]} noticed\n")
    sys.stdout.write(f"{tried.total() - alive.total()} of {tried.total()} noticed\n")


if __name__ == "__main__":
    main()
