"""Changes of statements of other shapes than the collection's: window functions, recursion, unions, moves.

Labelled before the classifier saw them, except ``moves.txt``, ``edge_cases.txt`` and ``names_and_branches.txt``;
``!`` marks a risk.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_query_snapshot.sql.diff.statements import classify_statement

_PAIR = re.compile(r"=== ([^\n]+)\n(.*?)\n--- becomes\n(.*?)\n=> ([^\n]+)\n", re.DOTALL)


def pairs():
    for path in sorted((Path(__file__).parent / "shapes").glob("*.txt")):
        for about, old, new, expected in _PAIR.findall(path.read_text()):
            labels = {label.strip() for label in expected.split(",")}
            yield pytest.param(old, new, labels, id=f"{path.stem}: {about}")


PAIRS = list(pairs())


def test_the_collection_is_whole():
    assert len(PAIRS) >= 70


@pytest.mark.parametrize(("old", "new", "expected"), PAIRS)
def test_a_change_gets_its_class_and_its_risk(old, new, expected):
    changes = classify_statement(old, new)
    assert {f"{'!' if change.risk else ''}{change.label}" for change in changes} == expected
