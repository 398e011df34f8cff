"""A text is pinned once: a reviewer who reads a golden learns something that no other golden says."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "__snapshots__" / "golden"

# Groups of goldens that may hold one text, each with its reason.
ALIKE = {
    "one plan serves two questions, and each must keep it": ("plans/*_by_agent].sqlite.plan.txt",),
    "SQLite has no row locks, so an agent is read for a change as it is read": ("*/*[[]agent*].sqlite.sql",),
    "runs of agents and workflows over time have one form": (
        "analytics/test_one_record_per_kind/*_over_time].rows.md",
    ),
    "one record counts alike, at the first instant and of the neighbour": (
        "analytics/test_one_record_per_kind/test_the_record_at_the_first_instant_counts*",
        "analytics/test_triggers/test_of_the_neighbour*",
        "analytics/test_supervisions/test_of_the_neighbour*",
    ),
}


def texts():
    found = defaultdict(list)
    for path in sorted(FOLDER.rglob("*.*")):
        if path.is_file() and path.name != ".format":
            found[path.read_bytes()].append(path.relative_to(FOLDER).as_posix())
    return found


def repeated(found):
    return [paths for paths in found.values() if len(paths) > 1]


def is_allowed(paths, patterns):
    return all(any(fnmatchcase(path, pattern) for pattern in patterns) for path in paths)


def test_no_text_is_pinned_twice():
    unexplained = [
        paths for paths in repeated(texts()) if not any(is_allowed(paths, patterns) for patterns in ALIKE.values())
    ]
    assert unexplained == [], "pin one of them, compare the others with it or with [], or give a reason in ALIKE"


@pytest.mark.parametrize("reason", ALIKE)
def test_each_exception_is_needed(reason):
    assert any(is_allowed(paths, ALIKE[reason]) for paths in repeated(texts()))


def test_a_text_that_stands_twice_is_found():
    assert repeated({b"a": ["x", "y"], b"b": ["z"]}) == [["x", "y"]]
