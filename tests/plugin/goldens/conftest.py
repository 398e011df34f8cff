"""A small project whose goldens exist, to be run in every way that has been seen to lose snapshots."""

from __future__ import annotations

import shutil

import pytest

SEED = """
INSERT INTO workspace (id, name) VALUES (1, 'Acme'), (2, 'Globex');
INSERT INTO agent (id, workspace_id, name) VALUES (1, 1, 'Ada'), (2, 1, 'Bob'), (3, 2, 'Eve');
"""
TESTS = """
import pytest
import sqlalchemy as sa
from shop_schema import agent, workspace

pytestmark = pytest.mark.seed("agents")
AGENTS = sa.select(agent.c.name, agent.c.workspace_id).order_by(agent.c.name)

def test_agents(session, golden):
    assert session.execute(AGENTS) == golden

@pytest.mark.slow
def test_slow(session, golden):
    assert session.execute(AGENTS.where(agent.c.id > 1)) == golden

NAMES = ["a/b", "ab", "a:b", "A:b", "a" * 400]

@pytest.mark.parametrize("name", NAMES, ids=NAMES)
def test_named(session, golden, name):
    assert session.execute(AGENTS.where(agent.c.name != name)) == golden

class TestChanges:
    def test_insert(self, session, golden):
        with golden.step("insert"):
            session.execute(sa.insert(agent).values(id=9, workspace_id=2, name="Ivy"))
        assert session == golden.state
"""
OTHER = """
import pytest
import sqlalchemy as sa

def test_workspaces(session, golden):
    assert session.execute(sa.text("SELECT name FROM workspace ORDER BY name")) == golden

def test_amber(snapshot):
    assert {"a": 1} == snapshot
"""
INI = """
[pytest]
query_snapshot_metadata = shop_schema:metadata
filterwarnings = error
pythonpath = .
markers = slow: takes long
addopts = -p no:cacheprovider -p no:asyncio
"""


class Suite:
    """A project on disk, its runs, and its goldens."""

    def __init__(self, pytester):
        self.pytester = pytester
        self.path = pytester.path

    def run(self, *args):
        return self.pytester.runpytest_inprocess(*args)

    def run_process(self, *args):
        return self.pytester.runpytest_subprocess(*args)

    def write(self, name, text):
        (self.path / name).write_text(text, encoding="utf-8")

    def goldens(self):
        """Return every golden by its path, with its bytes; syrupy's own snapshots are its own affair."""
        folder = self.path / "__snapshots__"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix != ".ambr" and path.name != ".format"
        }

    def golden(self, name):
        return (self.path / "__snapshots__" / name).read_text(encoding="utf-8")


@pytest.fixture
def empty_suite(make_project, pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    make_project("sqlite").seed("agents", SEED)
    pytester.makefile(".ini", pytest=INI)
    return Suite(pytester)


@pytest.fixture(scope="session")
def made_goldens(tmp_path_factory):
    """Remember the goldens of the suite once they are made: they do not depend on the test."""
    return tmp_path_factory.mktemp("goldens") / "__snapshots__"


@pytest.fixture
def suite(empty_suite, made_goldens):
    empty_suite.write("test_shop.py", TESTS)
    empty_suite.write("test_other.py", OTHER)
    if made_goldens.exists():
        shutil.copytree(made_goldens, empty_suite.path / "__snapshots__")
    else:
        empty_suite.run("--snapshot-update").assert_outcomes(passed=10)
        shutil.copytree(empty_suite.path / "__snapshots__", made_goldens)
    return empty_suite
