"""Placeholders are named after the parameters whose values the driver gets for them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.dialects.postgresql import asyncpg

from pytest_query_snapshot.recording.parameter_names import ParameterNames

_DIALECTS = {
    "qmark": sqlite.dialect(paramstyle="qmark"),
    "numeric": sqlite.dialect(paramstyle="numeric"),
    "numeric_dollar": asyncpg.dialect(),
    "format": mysql.dialect(paramstyle="format"),
}
_table = sa.table(
    "item", sa.column("a b", sa.Integer), sa.column("size", sa.Integer), sa.column("1st", sa.Integer)
)
_shared = sa.bindparam("shared", 9)


def _conditions() -> st.SearchStrategy[Any]:
    column = st.sampled_from([*_table.c])
    number = st.integers(0, 9)
    return st.one_of(
        st.builds(lambda each, value: each == value, column, number),
        st.builds(lambda each, values: each.in_(values), column, st.lists(number, max_size=3)),
        st.builds(lambda each: each != _shared, column),
        st.builds(lambda each, value: each > sa.bindparam(None, value, literal_execute=True), column, number),
    )


@pytest.mark.parametrize("style", _DIALECTS)
@given(conditions=st.lists(_conditions(), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_names_by_position_are_those_of_the_values_that_the_driver_gets(style: str, conditions: list[Any]) -> None:
    compiled: Any = sa.select(_table).where(*conditions).compile(dialect=_DIALECTS[style])
    executed = compiled._process_parameters_for_postcompile(compiled.construct_params(escape_names=False))
    words = ParameterNames(compiled, executed.parameter_expansion)
    assert words.by_position() == tuple(map(words.word, executed.positiontup))
