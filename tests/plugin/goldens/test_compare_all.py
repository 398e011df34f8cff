"""Runs that compare every golden of a test, although one of them differs."""

from __future__ import annotations

import pytest

TESTS = """
import os

def test_one(golden):
    number = int(os.environ["NUMBER"])
    assert [{"a": number}] == golden.rows
    assert [{"a": 0}] == golden("same").rows
    assert [{"a": number + 1}] == golden("second").rows
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("NUMBER", "1")
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(test_x=TESTS)
    pytester.runpytest_inprocess("--snapshot-update").assert_outcomes(passed=1)
    monkeypatch.setenv("NUMBER", "5")
    return pytester


def waiting(suite):
    return len([*suite.path.glob(".query_snapshot/pending/*.json")])


def test_a_test_stops_at_the_first_difference(suite):
    suite.runpytest_inprocess().assert_outcomes(failed=1)
    assert waiting(suite) == 1


def test_compare_all_leaves_every_difference_and_fails_the_test(suite):
    result = suite.runpytest_inprocess("--compare-all")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*2 comparisons failed*"])
    assert waiting(suite) == 2


def test_compare_all_passes_where_nothing_differs(suite, monkeypatch):
    monkeypatch.setenv("NUMBER", "1")
    suite.runpytest_inprocess("--compare-all").assert_outcomes(passed=1)
