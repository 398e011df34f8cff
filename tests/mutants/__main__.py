"""Break each query builder of the analytics in every small way, and see a golden test fail: `make mutants`.

The goldens of the emitted SQL would notice any change of a statement. What is asked here is more: that the *rows*
of some seed tell the difference. So statements are not compared; the rows of the unbroken code are the goldens.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.abc
import importlib.util
import io
import multiprocessing
import os
import sys
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.operators import mutants

ROOT = Path(__file__).parents[2]
PACKAGE = "controlplane.analytics"
BUILDERS = ROOT / "backend/controlplane/analytics"
TESTS = sorted(path for path in (ROOT / "tests/golden/analytics").glob("test_*.py") if path.stem != "test_plans")
SHARED = ("portable", "distribution", "buckets")
LEFT_OUT = ("__init__", "report", "dashboard", "charts", "terminal", "style", "wording", "catalogue")


class Rows:
    """Stands in for `golden`: remembers the rows of each comparison, or compares with the remembered ones."""

    def __init__(self, known=None) -> None:
        self.record, self.known, self.test = known is None, known or {}, ""

    def __eq__(self, received):
        value = [tuple(row) for row in received]
        if self.record:
            self.known.setdefault(self.test, []).append(value)
            return True
        return value in self.known[self.test]

    __hash__ = None

    @property
    def plan(self):
        return self


class RowsOnly:
    """A plugin that gives every test `Rows` for its goldens."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef, request):
        if fixturedef.argname != "golden":
            return None
        self.rows.test = request.node.nodeid
        fixturedef.cached_result = (self.rows, fixturedef.cache_key(request), None)
        return self.rows


class Changed(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Imports one module from changed source."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = f"{PACKAGE}.{module}", source

    def find_spec(self, fullname, path=None, target=None):
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.module else None

    def get_filename(self, fullname):
        return f"<changed {fullname}>"

    def get_data(self, path):
        return self.source.encode()


def run(tests, rows) -> int:
    """Run golden tests in this process, silently; 0 means that all passed."""
    quiet = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", *map(str, tests)]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return int(pytest.main(quiet, plugins=[RowsOnly(rows)]))


def survives(job) -> bool:
    """Say whether all tests pass with the mutant; runs in a process of its own."""
    mutant, known = job
    os.nice(5)
    # the tests too: they hold the functions that they imported
    for name in [name for name in sys.modules if name.startswith((PACKAGE, "tests.golden"))]:
        del sys.modules[name]
    sys.meta_path.insert(0, Changed(mutant.module, mutant.source))
    first = [path for path in TESTS if path.stem == f"test_{mutant.module}"] or TESTS
    rows = Rows(known)
    return run(first, rows) == 0 and (first == TESTS or run(TESTS, rows) == 0)


def main() -> int:
    """Make the mutants, run them, print the table; fail when one survives without a reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="modules of the analytics; all by default")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    options = parser.parse_args()
    names = options.modules or sorted(path.stem for path in BUILDERS.glob("*.py") if path.stem not in LEFT_OUT)
    made = [mutant for name in names for mutant in mutants(name, (BUILDERS / f"{name}.py").read_text())]
    for name in names:
        importlib.import_module(f"{PACKAGE}.{name}")
    baseline = Rows()
    if run(TESTS, baseline):
        sys.stdout.write("the golden suite fails before anything is changed\n")
        return 1
    with multiprocessing.get_context("fork").Pool(options.jobs, maxtasksperchild=1) as pool:
        alive = []
        for mutant, lives in zip(
            made, pool.imap(survives, [(each, baseline.known) for each in made]), strict=True
        ):
            alive.append(lives)
            if lives and mutant.key not in EQUIVALENT:
                sys.stderr.write(f"{len(alive)}/{len(made)} survives: {mutant.name}\n")
    return report(names, made, [mutant for mutant, lives in zip(made, alive, strict=True) if lives])


def report(names, made, survivors) -> int:
    """Print mutants, killed and survivors per module, and each survivor with the reason why it changes nothing."""
    unexplained = [mutant for mutant in survivors if mutant.key not in EQUIVALENT]
    columns = [Counter(mutant.module for mutant in group) for group in (made, survivors, unexplained)]
    lines = ["| module | mutants | killed | equivalent | unexplained |", "|---|---|---|---|---|"]
    for name in [*names, "all"]:
        total, lived, unknown = (column.total() if name == "all" else column[name] for column in columns)
        lines.append(f"| {name} | {total} | {total - lived} | {lived - unknown} | {unknown} |")
    lines += [f"- {mutant.name}\n  {EQUIVALENT.get(mutant.key, 'UNEXPLAINED')}" for mutant in survivors]
    sys.stdout.write("\n".join([*lines, ""]))
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
