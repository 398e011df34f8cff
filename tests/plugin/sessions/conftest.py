"""A project with every kind of test that goldens can belong to, to be run and edited in every way."""

from __future__ import annotations

import shutil
import sys

import pytest

from pytest_query_snapshot.goldens.storage.golden_path import goldens_of
from pytest_query_snapshot.sessions.orphans import orphans
from pytest_query_snapshot.settings import Project

INI = """
[pytest]
testpaths = tests
filterwarnings = error
markers = slow: takes long
addopts = -p no:asyncio --doctest-glob=*.md
"""
CONFTEST = """
def pytest_addoption(parser):
    parser.addoption("--all", action="store_true")

def pytest_generate_tests(metafunc):
    if "generated" in metafunc.fixturenames:
        metafunc.parametrize("generated", [1, 2, 3] if metafunc.config.getoption("--all") else [1])
"""
TEST_A = """
import os
import pytest

PAIRS = [("x", 1), ("y", 2)]

def test_one(golden):
    assert [(1,)] == golden.rows

@pytest.mark.slow
def test_two(golden):
    assert [(2,)] == golden.rows

@pytest.mark.parametrize(("name", "value"), PAIRS)
def test_pairs(golden, name, value):
    assert [(value,)] == golden.rows

def test_generated(golden, generated):
    assert [(generated,)] == golden.rows

@pytest.mark.parametrize("size", os.environ.get("SIZES", "s").split(","))
def test_sizes(golden, size):
    assert [(size,)] == golden.rows

class TestGroup:
    def test_one(self, golden):
        assert [(1,)] == golden.rows

    def test_three(self, golden):
        assert [(3,)] == golden.rows
"""
TEST_B = """
import unittest
import pytest

def test_other(golden):
    assert [(4,)] == golden("named").rows

class OldStyle(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def take(self, golden):
        self.golden = golden

    def test_unit(self):
        assert [(5,)] == self.golden.rows

    def test_case(self):
        assert [(6,)] == self.golden.rows
"""
DOCTEST = ">>> golden = getfixture('golden')\n>>> [(7,)] == golden.rows\nTrue\n"
FILES = {
    "pytest.ini": INI,
    "conftest.py": CONFTEST,
    "tests/test_a.py": TEST_A,
    "tests/deep/test_b.py": TEST_B,
    "tests/guide.md": DOCTEST,
}


class Suite:
    """A project on disk, its sessions and what pruning says of it."""

    def __init__(self, pytester):
        self.pytester = pytester
        self.path = pytester.path

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name, old, new):
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def move(self, old, new):
        (self.path / new).parent.mkdir(parents=True, exist_ok=True)
        (self.path / old).rename(self.path / new)

    def run(self, *args):
        return self.pytester.runpytest_inprocess(*args)

    def goldens(self):
        return {name.path.removeprefix("__snapshots__/") for name in goldens_of(self.path, "__snapshots__")}

    def orphans(self):
        found = orphans(Project(self.path, tests="tests"))
        return {path.removeprefix("__snapshots__/") for path in found.paths}

    def doubts(self):
        found = orphans(Project(self.path, tests="tests"))
        return {path.removeprefix("__snapshots__/"): reason for path, reason in found.unproved.items()}


@pytest.fixture(scope="session")
def made_suite(tmp_path_factory):
    return tmp_path_factory.mktemp("made") / "suite"


@pytest.fixture
def suite(pytester, monkeypatch, made_suite):
    """Give the project after a whole session that wrote every golden."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # two edits in a second would share a cache
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    if made_suite.exists():
        shutil.copytree(made_suite, pytester.path, dirs_exist_ok=True)
        return Suite(pytester)
    made = Suite(pytester)
    for name, text in FILES.items():
        made.write(name, text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIZES", "s,m,l")
        made.run("--all", "--snapshot-update").assert_outcomes(passed=16)
    shutil.copytree(pytester.path, made_suite, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    return made
