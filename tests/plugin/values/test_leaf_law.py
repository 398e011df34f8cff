"""The law: a leaf of what is handed over changes, and the golden changes or the value is refused."""

from __future__ import annotations

import copy
import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

import attrs
import pydantic
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.errors import UnprintableValueError
from pytest_query_snapshot.goldens.formats.rows import read_table


class Pair(NamedTuple):
    a: Any
    b: Any


@dataclass
class Point:
    x: Any
    y: Any


@attrs.define
class Box:
    x: Any
    y: Any


class Model(pydantic.BaseModel):
    x: Any
    y: Any


RECORDS = (Point, Box, Pair, lambda x, y: Model(x=x, y=y), lambda x, y: SimpleNamespace(x=x, y=y))
TRICKY = (
    "",
    " ",
    "NULL",
    "null",
    "true",
    "1",
    "1.0",
    "-",
    "x'00'",
    "'",
    "''",
    "|",
    "\\|",
    "\\",
    "a|b",
    "a\\|b",
    "a\nb",
)
MORE = (
    "a\\nb",
    "id#1",
    "id\\#1",
    "<text>",
    "2026-01-05",
    "1/2",
    "range [1, 2)",
    "NaN",
    "\u3000",
    "\u00a0",
    "a ",
    " a",
)
TEXTS = st.one_of(st.sampled_from(TRICKY + MORE), st.text(max_size=6))
OFFSETS = st.integers(-1400, 1400).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**77, max_value=10**78),
    st.floats(),
    st.decimals(),
    st.fractions(),
    st.complex_numbers(),
    TEXTS,
    st.binary(max_size=40),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.datetimes(timezones=OFFSETS),
    st.timedeltas(),
)
KEYS = st.one_of(
    TEXTS,
    st.integers(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.floats(allow_nan=False),
    st.tuples(st.integers(), TEXTS),
)


def same(a: Any, b: Any) -> bool:
    """Return whether two leaves are meant to read alike; see the list in values/printing/printer.py."""
    if isinstance(a, float) and isinstance(b, float):
        if math.isnan(a) or math.isnan(b):
            return math.isnan(a) and math.isnan(b)
        return math.isclose(a, b, rel_tol=1e-10) and math.copysign(1, a) == math.copysign(1, b)
    if {type(a), type(b)} == {int, Decimal}:
        return (
            _same_decimals(Decimal(a), Decimal(b)) and min(Decimal(a).as_tuple()[2], Decimal(b).as_tuple()[2]) == 0
        )
    if isinstance(a, (float, Decimal)) and isinstance(b, (float, Decimal)):
        return _same_decimals(Decimal(a), Decimal(b))
    if isinstance(a, complex) and isinstance(b, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    return type(a) is type(b) and a == b


def _same_decimals(a: Decimal, b: Decimal) -> bool:
    if a.is_nan() or b.is_nan():
        return a.is_snan() == b.is_snan() and a.is_nan() and b.is_nan()
    # 1 and 1.0 differ, also as decimals
    return a == b and a.is_signed() == b.is_signed()


def leaf_pairs():
    return st.tuples(LEAVES, LEAVES).filter(lambda pair: not same(*pair))


def _in_list(pair, before, after):
    return tuple([*before, each, *after] for each in pair)


def _in_mapping(pair, key, others):
    return tuple({**others, key: each} for each in pair)


def _in_record(pair, record, other, first):
    return tuple(record(each, other) if first else record(other, each) for each in pair)


def wrapped(pairs):
    """Put a pair of values, alike but for one leaf, into a container."""
    siblings = st.lists(LEAVES, max_size=2)
    return st.one_of(
        st.builds(_in_list, pairs, siblings, siblings),
        st.builds(lambda pair, *rest: tuple(map(tuple, _in_list(pair, *rest))), pairs, siblings, siblings),
        st.builds(_in_mapping, pairs, KEYS, st.dictionaries(KEYS, LEAVES, max_size=2)),
        st.builds(_in_record, pairs, st.sampled_from(RECORDS), LEAVES, st.booleans()),
        st.builds(
            lambda pair, key, rest: tuple([each, *rest] for each in _in_mapping(pair, key, {})),
            pairs,
            KEYS,
            st.lists(st.dictionaries(KEYS, LEAVES, max_size=2), max_size=2),
        ),
    )


def text_or_refusal(golden_text, value):
    try:
        return golden_text(value)
    except UnprintableValueError:
        return None


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(leaf_pairs(), wrapped, max_leaves=4))
@example(({1: 42.5, 2: 5}, {1: 42.5, 2: 6}))
@example(([(1,), (1, 2)], [(1,), (1, 3)]))
@example(([{"a": 1}, {"b": 2}], [{"a": 1}, {"b": 3}]))
@example(([{"a": 1}, 5], [{"a": 1}, 6]))
@example(([{1: 0}], [{True: 0}]))
@example(([{1: 0}], [{"1": 0}]))
@example(([{}], [None]))
@example(([{"a": None}, {"b": 1}], [{}, {"b": 1}]))
@example(([(None,)], [(Point(None, None),)]))
@example((["a | b"], ["a \\| b"]))
@example(([1], [1.0]))
@example(([[1]], [(1,)]))
@example(([0.0], [-0.0]))
@example(([1e-20], [2e-20]))
@example(([dt.timedelta(days=365000, microseconds=1)], [dt.timedelta(days=365000)]))
@example(([Fraction(1, 2)], ["1/2"]))
@example(([Decimal(1)], [2]))
@example(({Fraction(1, 2): 1}, {"1/2": 1}))
@example((dt.datetime.max.replace(tzinfo=dt.timezone(-dt.timedelta(hours=1))), dt.datetime.max))  # noqa: DTZ901  naive on purpose
def test_golden_changes_with_every_leaf(golden_text, pair):
    before, after = pair
    first = text_or_refusal(golden_text, before)
    second = text_or_refusal(golden_text, after)
    assume(first is not None or second is not None)
    assert first != second


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=4), st.lists(TEXTS, min_size=2, max_size=2))
def test_rows_golden_is_read_back_cell_by_cell(golden_text, rows, names):
    assume(names[0] != names[1])
    table = read_table(golden_text([dict(zip(names, row, strict=True)) for row in rows]))
    assert len(table.rows) == len(rows)
    assert all(len(row) == len(table.columns) for row in table.rows)


@settings(max_examples=60, deadline=None)
@given(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)))
def test_golden_of_equal_values_is_equal(golden_text, value):
    assert text_or_refusal(golden_text, value) == text_or_refusal(golden_text, copy.deepcopy(value))
