"""The classifier of statements against labelled changes: a file per class in ``changes/``, a change per line."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from pytest_query_snapshot.sql.diff.change import RISKS, labels
from pytest_query_snapshot.sql.diff.statements import classify_statement

HERE = Path(__file__).parent
QUERIES = {
    block[1]: block[2].strip()
    for block in re.finditer(r"-- name: (\w+)\n(.*?);\n", (HERE / "queries.sql").read_text(), re.DOTALL)
}
ALWAYS_RISKY = {f"{kind.value}-{action.value}" for kind, action in RISKS}


class Pair(NamedTuple):
    """A statement before and after an edit, and the classes that a reviewer gives it."""

    old: str
    new: str
    expected: frozenset[str]


def read_pairs():
    for path in sorted((HERE / "changes").glob("*.txt")):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            yield pytest.param(read_pair(path.stem, line), id=f"{path.stem}:{number}")


def read_pair(label: str, line: str) -> Pair:
    """Read ``query | old text | new text | further classes``; ``ALL:`` replaces everywhere."""
    name, old_text, *rest = (field.removeprefix(" ").removesuffix(" ") for field in line.split("|"))
    old = QUERIES[name.strip()] + ";"
    extra = rest[1].split(",") if len(rest) > 1 and not old_text.startswith("ALL:") else []
    if old_text.startswith("ALL:"):
        new = old
        for edit in old_text.removeprefix("ALL:").split(";"):
            before, _, after = edit.removeprefix(" ").partition(" =>")
            assert before in new, f"{before!r} is not in {name}"
            new = re.sub(rf"(?<![\w.]){re.escape(before)}", after.removeprefix(" "), new)
    else:
        before, after = (text.replace("\\n", "\n") for text in (old_text, rest[0]))
        assert old.count(before) >= 1, f"{before!r} is not in {name}"
        new = old.replace(before, after, 1)
    return Pair(old, new, frozenset({label, *(item.strip() for item in extra)}))


PAIRS = list(read_pairs())


def test_the_collection_is_large_enough_to_measure_with():
    assert len(PAIRS) >= 150


@pytest.mark.parametrize("pair", PAIRS)
def test_a_change_gets_its_class(pair):
    assert set(labels(classify_statement(pair.old, pair.new))) == pair.expected


@pytest.mark.parametrize("pair", PAIRS)
def test_the_way_back_loses_what_the_way_there_added(pair):
    back = Counter(change.action.value for change in classify_statement(pair.new, pair.old))
    there = Counter(change.action.value for change in classify_statement(pair.old, pair.new))
    assert bool(back) == bool(there)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_loss_is_a_risk(pair):
    changes = classify_statement(pair.old, pair.new)
    if pair.expected & ALWAYS_RISKY:
        assert any(change.risk for change in changes)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_statement_equals_itself(pair):
    assert classify_statement(pair.old, pair.old) == ()
