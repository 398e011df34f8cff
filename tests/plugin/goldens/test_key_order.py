"""The keys of a mapping have no order: what a server writes in another order is the same answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_query_snapshot.goldens.formats import rows
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.shapes import tabulate

TEST = """
ROWS = {rows!r}

def test_rows(golden):
    assert ROWS == golden
"""
ONE = [{"id": 1, "name": "a|b", "at": None}, {"id": 2, "name": "c", "at": 3}]
REORDERED = [{name: row[name] for name in ("at", "name", "id")} for row in ONE]
keys = st.text(max_size=4) | st.sampled_from(["a b", "a|b", "", "(1)", "NULL", "text"])


def _text(value):
    return rows.render(tabulate(value, IdColumns()), IdAliases())


@given(st.dictionaries(keys, st.integers() | st.text(max_size=3), min_size=1, max_size=5), st.randoms())
def test_text_of_a_mapping_follows_the_columns_of_its_golden(row, random):
    order = list(row)
    random.shuffle(order)
    golden = _text([row])
    received = tabulate([{name: row[name] for name in order}], IdColumns())
    assert rows.render(rows.with_columns_of(golden, received), IdAliases()) == golden


@pytest.mark.parametrize(
    "changed", [[REORDERED[0], {**REORDERED[1], "at": 4}], [{"at": 3, "name": "c", "new": 2}]]
)
def test_other_values_and_other_keys_are_a_change(changed):
    received = tabulate(changed, IdColumns())
    assert rows.render(rows.with_columns_of(_text(ONE), received), IdAliases()) != _text(ONE)


def test_order_of_keys_is_not_compared(make_project):
    project = make_project("sqlite")
    project.test(TEST.format(rows=ONE))
    project.run("--snapshot-update").assert_outcomes(passed=1)
    project.test(TEST.format(rows=REORDERED))
    project.run().assert_outcomes(passed=1)
    project.test(TEST.format(rows=[tuple(row.items()) for row in REORDERED]))
    project.run().assert_outcomes(failed=1)
