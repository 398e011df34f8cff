"""Pruning in whole sessions: no way of running deletes a live golden, and every real orphan is found."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.sessions.orphans import orphans
from pytest_query_snapshot.settings import Project

FAIL = ("tests/test_a.py", "assert [(1,)] ==", "assert [(8,)] ==")


def edit(*edits):
    return lambda suite: [suite.edit(*each) for each in edits]


def rename(*moves):
    return lambda suite: [suite.move(*each) for each in moves]


def red_then_mended(suite):
    suite.edit(*FAIL)
    suite.run("--snapshot-warn-unused")
    suite.edit(FAIL[0], FAIL[2], FAIL[1])


def conftest(text):
    return lambda suite: suite.write("tests/conftest.py", text)


DROP = "def pytest_collection_modifyitems(items):\n    items[:] = [i for i in items if 'test_one' in i.nodeid]\n"
SHARD = "def pytest_collection_modifyitems(items):\n    items[:] = items[::2]\n"
KILL = "import os\ndef test_killed():\n    os._exit(9)\n"


def nothing(_suite):
    pass


LIVE = {
    "plain": (nothing, ()),
    "last failed": (red_then_mended, ("--lf",)),
    "failed first": (red_then_mended, ("--ff",)),
    "new first": (nothing, ("--nf",)),
    "stepwise": (red_then_mended, ("--sw",)),
    "stepwise, red": (edit(FAIL), ("--sw",)),
    "first failure": (edit(FAIL), ("-x",)),
    "keyword": (nothing, ("-k", "test_one")),
    "marker": (nothing, ("-m", "not slow")),
    "deselected": (nothing, ("--deselect", "tests/test_a.py::test_two")),
    "one test": (nothing, ("tests/test_a.py::test_one",)),
    "one method": (nothing, ("tests/test_a.py::TestGroup::test_one",)),
    "one parameter set": (nothing, ("tests/test_a.py::test_pairs[x-1]",)),
    "one module": (nothing, ("tests/deep/test_b.py",)),
    "ignored module": (nothing, ("--ignore", "tests/test_a.py")),
    "collected only": (nothing, ("--collect-only",)),
    "items replaced": (conftest(DROP), ()),
    "shard": (conftest(SHARD), ()),
    "not in the option": (nothing, ("-k", "generated")),
    "test skipped": (edit(("tests/test_a.py", "@pytest.mark.slow", "@pytest.mark.skip")), ()),
    "class skipped": (edit(("tests/test_a.py", "class TestG", "@pytest.mark.skip\nclass TestG")), ()),
    "module skipped": (
        edit(
            ("tests/test_a.py", "import pytest\n", "import pytest\npytest.skip('no', allow_module_level=True)\n")
        ),
        (),
    ),
    "module needs another": (
        edit(("tests/test_a.py", "import pytest\n", "import pytest\npytest.importorskip('no_such')\n")),
        (),
    ),
    "skipped inside": (edit(("tests/test_a.py", "    assert [(2,)]", "    pytest.skip()\n    assert [(2,)]")), ()),
    "early return": (edit(("tests/test_a.py", "    assert [(2,)]", "    return\n    assert [(2,)]")), ()),
    "early return in a parameter": (
        edit(("tests/test_a.py", "    assert [(value,)]", "    if value > 1: return\n    assert [(value,)]")),
        (),
    ),
    "defined under a condition": (
        edit(("tests/test_a.py", "@pytest.mark.slow\ndef test_two", "if False:\n  def test_two")),
        ("-k", "one"),
    ),
    "bound otherwise": (
        edit(
            ("tests/test_a.py", "def test_two", "def check_two"),
            ("tests/test_a.py", "class Test", "if os.environ.get('FULL'):\n    test_two = check_two\nclass Test"),
        ),
        (),
    ),
    "imported": (
        lambda suite: (
            suite.edit("tests/test_a.py", "@pytest.mark.slow\ndef test_two", "def check_two"),
            suite.edit(
                "tests/test_a.py",
                "import os",
                "import os\ntry:\n  from no_such import test_two\nexcept ImportError: pass",
            ),
        ),
        (),
    ),
    "made by globals": (
        edit(
            ("tests/test_a.py", "def test_two", "def check_two"),
            (
                "tests/test_a.py",
                "class Test",
                "if os.environ.get('FULL'): globals()['test_' + 'two'] = check_two\nclass Test",
            ),
        ),
        (),
    ),
    "inherited from elsewhere": (
        lambda suite: (
            suite.write("shared.py", "class Base: pass\n"),
            suite.edit(
                "tests/test_a.py", "import os", "import os, sys\nsys.path.insert(0, '.')\nfrom shared import Base"
            ),
            suite.edit("tests/test_a.py", "class TestGroup:", "class TestGroup(Base):"),
            suite.edit("tests/test_a.py", "def test_three", "def check_three"),
        ),
        (),
    ),
    "parameters computed now": (
        edit(
            (
                "tests/test_a.py",
                'PAIRS = [("x", 1), ("y", 2)]',
                'PAIRS = [("x", 1), ("y", 2)][:int(os.environ.get("N", 1))]',
            )
        ),
        (),
    ),
    "module does not compile": (edit(("tests/test_a.py", "def test_one", "def test_one(")), ()),
    "module fails to import": (edit(("tests/test_a.py", "import os", "import os, no_such")), ()),
    "not run since the edit": (edit(("tests/test_a.py", "def test_two", "def test_deux")), ("tests/deep",)),
    "file renamed, not run": (rename(("tests/test_a.py", "tests/test_z.py")), ("--co", "tests/deep")),
    "file renamed": (rename(("tests/test_a.py", "tests/test_z.py")), ()),
    "folder moved": (rename(("tests/deep", "tests/deeper")), ()),
    "doctest file moved": (rename(("tests/guide.md", "tests/docs/guide.md")), ()),
    "function moved": (
        lambda suite: (
            suite.edit("tests/test_a.py", "def test_one(golden)", "def check_one(golden)"),
            suite.edit(
                "tests/deep/test_b.py",
                "class Old",
                "def test_one(golden):\n    assert [(1,)] == golden.rows\n\nclass Old",
            ),
        ),
        (),
    ),
    "workers": (nothing, ("-n", "2")),
    "killed worker": (lambda suite: suite.write("tests/test_k.py", KILL), ("-n", "2")),
}


@pytest.mark.parametrize(("change", "options"), LIVE.values(), ids=LIVE)
def test_prune_deletes_no_live_golden(suite, change, options):
    change(suite)
    suite.run(*options)
    assert suite.orphans() == set()


GONE = {
    "function": (edit(("tests/test_a.py", "def test_two", "def check_two")), {"test_a/test_two"}),
    "function, of the same name as a method": (
        edit(("tests/test_a.py", "def test_one(golden)", "def check_one(golden)")),
        {"test_a/test_one"},
    ),
    "method": (edit(("tests/test_a.py", "def test_three", "def check_three")), {"test_a/TestGroup.test_three"}),
    "class": (
        edit(("tests/test_a.py", "class TestGroup", "class Group")),
        {"test_a/TestGroup.test_three", "test_a/TestGroup.test_one"},
    ),
    "unittest method": (
        edit(("tests/deep/test_b.py", "def test_unit", "def unit")),
        {"deep/test_b/OldStyle.test_unit"},
    ),
    "parameter set": (edit(("tests/test_a.py", '("x", 1), ', "")), {"test_a/test_pairs[x-1]"}),
    "all parameter sets": (
        edit(
            ("tests/test_a.py", '@pytest.mark.parametrize(("name", "value"), PAIRS)', ""),
            ("tests/test_a.py", ", name, value)", ", value=1)"),
        ),
        {"test_a/test_pairs[x-1]", "test_a/test_pairs[y-2]"},
    ),
    "module": (lambda suite: (suite.path / "tests/deep/test_b.py").unlink(), {"deep/test_b/"}),
    "doctest file": (lambda suite: (suite.path / "tests/guide.md").unlink(), {"guide/"}),
    "renamed file": (rename(("tests/test_a.py", "tests/test_z.py")), {"test_a/"}),
    "moved folder": (rename(("tests/deep", "tests/deeper")), {"deep/test_b/"}),
    "moved doctest": (rename(("tests/guide.md", "tests/docs/guide.md")), {"guide/"}),
}


@pytest.mark.parametrize(("change", "gone"), GONE.values(), ids=GONE)
def test_prune_finds_every_real_orphan(suite, change, gone, monkeypatch):
    before = suite.goldens()
    monkeypatch.setenv("SIZES", "s,m,l")
    change(suite)
    suite.run("--all", "--snapshot-update")
    expected = {path for path in before if path.startswith(tuple(gone))}
    assert suite.orphans() == expected
    assert expected


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        (nothing, "test_a/test_generated[3].rows.md", "computes the parameters of test_generated"),
        (nothing, "test_a/test_sizes[m].rows.md", "computes the parameters of test_sizes"),
        (LIVE["early return"][0], "test_a/test_two.rows.md", "test_two passed without comparing it"),
        (LIVE["made by globals"][0], "test_a/test_two.rows.md", "defines tests that its source does not name"),
        (
            LIVE["file renamed"][0],
            "test_a/test_two.rows.md",
            "test_z.py has a test of this name, whose golden is missing",
        ),
    ],
)
def test_prune_lists_what_it_cannot_prove(suite, change, path, reason):
    change(suite)
    suite.run()
    assert reason in suite.doubts()[path]


def test_prune_waits_until_an_edited_module_is_collected(suite):
    suite.edit("tests/test_a.py", "def test_two", "def check_two")
    assert suite.orphans() == set()
    assert suite.doubts()["test_a/test_two.rows.md"] == "tests/test_a.py was not collected since it changed"
    suite.run("--collect-only", "tests/test_a.py")
    assert suite.orphans() == {"test_a/test_two.rows.md"}


def test_prune_distinguishes_a_namesake_from_a_test_that_moved(suite):
    namesake = 'def test_two(golden):\n    assert [(2,)] == golden("other").rows\n\nclass Old'
    suite.edit("tests/deep/test_b.py", "class Old", namesake)
    suite.run("--snapshot-update")
    suite.edit("tests/test_a.py", "def test_two", "def check_two")
    suite.run()
    assert suite.orphans() == {"test_a/test_two.rows.md"}


@pytest.mark.parametrize("record", ["kept", "lost"])
def test_prune_deletes_no_golden_of_a_test_that_other_testpaths_leave_out(suite, record):
    suite.write("other/test_new.py", "def test_new(golden):\n    assert [(1,)] == golden.rows\n")
    if record == "lost":
        (suite.path / ".query_snapshot" / "last_run.json").unlink()
    suite.edit("pytest.ini", "testpaths = tests", "testpaths = other")
    suite.run("other", "--snapshot-update")

    judged = orphans(Project(suite.path, tests="other"))

    assert judged.paths == ()
    assert "__snapshots__/test_a/test_one.rows.md" in judged.unproved


def test_session_names_goldens_that_a_passing_test_compares_no_more(suite):
    suite.edit("tests/test_a.py", "    assert [(2,)]", "    return\n    assert [(2,)]")

    suite.run().stdout.fnmatch_lines(
        ["*1 golden, which its test passed without comparing*test_a/test_two.rows.md*"]
    )
    suite.edit("tests/test_a.py", "    return\n    assert [(2,)]", "    assert [(2,)]")
    suite.run().stdout.no_fnmatch_line("*without comparing*")


@pytest.mark.parametrize("options", [("-k", "test_one"), ("--collect-only",), ("--deselect", "tests/test_a.py")])
def test_selection_of_tests_leaves_no_golden_out(suite, options):
    suite.run(*options).stdout.no_fnmatch_line("*without comparing*")
