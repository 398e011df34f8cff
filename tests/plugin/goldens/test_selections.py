"""Each way of running a part of a suite that has been seen to delete, or to complain of, live snapshots."""

from __future__ import annotations

import pytest

SELECTIONS = {
    "marker": ("-m", "not slow"),
    "keyword": ("-k", "not agents"),
    "deselect": ("--deselect", "test_shop.py::test_agents"),
    "one test": ("test_shop.py::test_agents",),
    "one module": ("test_other.py",),
    "a class": ("test_shop.py::TestChanges",),
    "ignored module": ("--ignore", "test_shop.py"),
    "nothing": ("-k", "no_such_test"),
    "collect only": ("--collect-only", "-q"),
}


@pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
@pytest.mark.parametrize("update", [(), ("--snapshot-update",)], ids=["plain", "update"])
def test_a_partial_run_touches_nothing(suite, selection, update):
    before = suite.goldens()
    result = suite.run(*selection, *update, "--snapshot-warn-unused")
    assert result.ret in {0, 5}
    assert suite.goldens() == before


def test_goldens_are_never_called_unused(suite):
    result = suite.run("-k", "amber or test_agents")
    assert result.ret == 0
    assert "snapshots unused" not in result.stdout.str()
    assert "snapshot unused" not in result.stdout.str()


def test_the_first_failure_ends_an_update_without_loss(suite):
    before = suite.goldens()
    suite.write("test_other.py", "def test_workspaces():\n    assert False\n")
    suite.run("--snapshot-update", "-x").assert_outcomes(failed=1)
    assert suite.goldens() == before


def test_a_failure_before_the_comparison_keeps_its_golden(suite):
    before = suite.goldens()
    source = (suite.path / "test_shop.py").read_text(encoding="utf-8")
    suite.write("test_shop.py", source.replace("golden):\n    assert", "golden):\n    1 / 0\n    assert", 1))
    suite.run("--snapshot-update").assert_outcomes(failed=1, passed=9)
    assert suite.goldens() == before


def test_a_module_that_skips_itself_keeps_its_goldens(suite):
    before = suite.goldens()
    source = (suite.path / "test_shop.py").read_text(encoding="utf-8")
    suite.write("test_shop.py", f"import pytest\npytest.importorskip('no_such_module')\n{source}")
    suite.run("--snapshot-update").assert_outcomes(skipped=1, passed=2)
    assert suite.goldens() == before


def test_a_module_that_is_broken_keeps_its_goldens(suite):
    before = suite.goldens()
    suite.write("test_shop.py", "import no_such_module\n")
    suite.run("--snapshot-update", "--continue-on-collection-errors").assert_outcomes(errors=1, passed=2)
    assert suite.goldens() == before


def test_a_module_that_is_gone_keeps_its_goldens(suite):
    before = suite.goldens()
    (suite.path / "test_shop.py").unlink()
    suite.run("--snapshot-update").assert_outcomes(passed=2)
    assert suite.goldens() == before


def test_a_file_with_test_goldens_never_becomes_an_amber_orphan(suite):
    before = suite.goldens()
    suite.write("test_other.py", "def test_amber(snapshot):\n    assert {'a': 1} == snapshot\n")
    (suite.path / "test_shop.py").unlink()
    suite.run("--snapshot-update").assert_outcomes(passed=1)
    assert suite.goldens() == before


def test_one_run_after_another_passes_and_writes_nothing(suite):
    times = {path: path.stat().st_mtime_ns for path in (suite.path / "__snapshots__").rglob("*.*")}
    suite.run().assert_outcomes(passed=10)
    suite.run("--snapshot-update").assert_outcomes(passed=10)
    after = {path: path.stat().st_mtime_ns for path in (suite.path / "__snapshots__").rglob("*.*")}
    assert after == times


def test_parameters_that_look_alike_have_files_of_their_own(suite):
    names = {name.casefold() for name in suite.goldens() if "test_named" in name and name.endswith(".md")}
    assert len(names) == 5
    assert max(len(name.rpartition("/")[2].encode()) for name in names) < 200
