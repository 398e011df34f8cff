"""The package exports its public interface by name, imported when it is first used."""

from __future__ import annotations

import importlib.machinery
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_query_snapshot
from pytest_query_snapshot import Comparison

EXPECTED = {
    *("Change", "Comparison", "Golden", "GoldenMismatchError", "Plan"),
    *("classify_sql", "errors", "plan_of", "seed"),
}


def test_public_names_are_these_alone():
    assert set(pytest_query_snapshot.__all__) == EXPECTED
    assert set(dir(pytest_query_snapshot)) >= EXPECTED


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_public_name_is_found_and_documented(name):
    value = getattr(pytest_query_snapshot, name)
    assert value.__name__.rpartition(".")[2] == name
    assert inspect.getdoc(value)


def test_other_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'compare'"):
        _ = pytest_query_snapshot.compare


def test_import_of_the_package_imports_no_module_of_it():
    code = "import pytest_query_snapshot, sys; print(sorted(m for m in sys.modules if 'query_snapshot.' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_mismatch_is_an_assertion_error_with_its_comparisons():
    assert issubclass(pytest_query_snapshot.GoldenMismatchError, AssertionError)


def test_modules_are_loaded_as_compiled_not_rewritten_by_pytest():
    from pytest_query_snapshot.hooks import goldens  # noqa: PLC0415  as the plugin imported it

    assert type(goldens.__loader__) is importlib.machinery.SourceFileLoader


def test_comparison_gives_its_call_sites_by_their_old_name_with_a_warning():
    facts = {"test_id": "t", "kind": "sql", "name": None, "dialect": "sqlite", "path": Path("x"), "base": None}
    comparison = Comparison(outcome="changed", received="", call_sites=("shop.py:4",), **facts)
    with pytest.warns(DeprecationWarning, match="call_sites; the old name goes with 0.3"):
        assert comparison.wheres == ("shop.py:4",)
