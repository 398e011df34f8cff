"""Which parameters are ids: those that meet a key as one of its values, not those that bound it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.sql.elements import BinaryExpression

from pytest_query_snapshot.recording.statements import _bound_columns
from pytest_query_snapshot.sql.element_walk import elements_of
from pytest_query_snapshot.values.id_aliases import IdColumns

METADATA = sa.MetaData()
TEAM = sa.Table("team", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))


@pytest.mark.parametrize(
    ("condition", "owners"),
    [
        (TEAM.c.id == 100, {"id_1": "team"}),
        (TEAM.c.id != 100, {"id_1": "team"}),
        (TEAM.c.id.in_([100]), {"id_1": "team"}),
        (TEAM.c.id.is_distinct_from(100), {"id_1": "team"}),
        (TEAM.c.id > 100, {}),
        (TEAM.c.id <= 100, {}),
        (TEAM.c.id.between(1, 100), {}),
        (TEAM.c.id + 100 == TEAM.c.id, {}),
        (TEAM.c.id % 2 == 1, {}),
    ],
)
def test_parameter_is_an_id_where_it_meets_a_key_as_a_value(condition, owners):
    compiled = sa.select(TEAM).where(condition).compile()
    columns = IdColumns(METADATA)
    comparisons = [each for each in elements_of(compiled.statement) if isinstance(each, BinaryExpression)]
    bound = _bound_columns(compiled, comparisons)
    ids = {name: columns.referenced_table(column) for name, column, is_id in bound if is_id}
    assert ids == owners
