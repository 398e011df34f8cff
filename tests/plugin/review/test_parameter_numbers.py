"""Goldens that differ in the numbers of their parameters are classified once, and each with its own names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.goldens.formats import sql_changes
from pytest_query_snapshot.goldens.formats.parameter_numbers import ParameterNumbers
from pytest_query_snapshot.sql.diff.change import Change, Kind

TEMPLATE = (
    "SELECT t.a, t.b FROM t WHERE t.a = :a_{0} AND t.b = :a_{1} AND t.c = ':a_{0}'::text LIMIT :n_{0};\n-- 1 row\n"
)
EDITS = [
    (", t.b FROM", " FROM"),
    (" AND t.b = :a_{1}", ""),
    ("t.a = :a_{0} AND t.b = :a_{1}", "t.a = :a_{1} AND t.b = :a_{0}"),
    ("t.a = :a_{0} AND t.b", "t.b"),
    (":a_{1}", ":a_{2}"),
    ("':a_{0}'", "':a_{1}'"),
]


def labels(changes):
    return [(change.label, change.risk) for change in changes]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(EDITS), st.lists(st.integers(1, 120), min_size=3, max_size=3, unique=True).map(sorted))
def test_classes_do_not_depend_on_the_numbers(edit, numbers):
    old, new = TEMPLATE, TEMPLATE.replace(*edit)
    plain = sql_changes.classify_sql(old.format(1, 2, 3), new.format(1, 2, 3))
    found = sql_changes.classify_sql(old.format(*numbers), new.format(*numbers))
    assert labels(found) == labels(plain)
    shown = {number for change in found for number in re.findall(r":[an]_(\d+)", change.old + change.new)}
    assert shown <= set(map(str, numbers))


def test_one_edit_with_other_numbers_is_classified_once():
    sql_changes._classify.cache_clear()
    for number in range(20, 30):
        old = TEMPLATE.format(number, number + 1)
        assert labels(sql_changes.classify_sql(old, old.replace(", t.b FROM", " FROM"))) == [
            ("column-removed", False)
        ]
    assert sql_changes._classify.cache_info().misses == 1


@pytest.mark.parametrize("text", [":a_7 :a_07 :a_8", ":a_10 :a_9", "x::a_5 :b_5 a_5 :c_x_5", "':a_5'"])
def test_names_are_written_back_as_they_were(text):
    numbers = ParameterNumbers(text)
    change = Change(Kind.FORMAT, old=numbers.ranked(text), new="none")
    assert numbers.restored(change).old == text
    assert len(set(numbers.ranked(text).split())) == len(set(text.split()))
