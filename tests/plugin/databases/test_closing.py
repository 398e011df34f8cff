"""The plugin closes the connections that it opened: since Python 3.13, sqlite3 warns of the others."""

from __future__ import annotations

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 13), reason="sqlite3 warns since Python 3.13")

TESTS = """
import gc
import pytest
import sqlalchemy as sa

@pytest.fixture(autouse=True)
def collected():
    yield
    gc.collect()

def test_read(session, golden):
    assert session.execute(sa.text("SELECT 1 AS one")) == golden

def test_write(session, golden):
    session.execute(sa.text("INSERT INTO workspace VALUES (1, 'a')"))
    session.commit()
    assert session == golden.state
"""


@pytest.mark.parametrize("mode", ["savepoint", "connections"])
def test_plugin_closes_its_connections(make_project, pytester, monkeypatch, mode):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")
    project.test(TESTS)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest -p no:faker -W error::ResourceWarning")
    monkeypatch.setenv("PYTHONWARNINGS", "always::ResourceWarning")
    result = pytester.runpytest_subprocess(f"--isolation={mode}", "--snapshot-update")
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*unclosed database*")
    result.stderr.no_fnmatch_line("*unclosed database*")
