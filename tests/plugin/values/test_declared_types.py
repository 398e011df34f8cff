"""Columns that no type declares: an average is a float on one database, and a decimal on the other."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import func

from pytest_query_snapshot.values.declared_types import declared_column
from pytest_query_snapshot.values.id_aliases import IdColumns

N = sa.Table("t", sa.MetaData(), sa.Column("n", sa.Integer)).c.n
AVERAGES = sa.select(func.avg(N).label("mean"), func.max(N).label("most")).subquery()
OUTER = sa.select(AVERAGES.c.mean).cte()


@pytest.mark.parametrize(
    ("expression", "is_rounded"),
    [
        (func.avg(N), True),
        (func.coalesce(func.avg(N)).label("mean"), True),
        (AVERAGES.c.mean, True),
        (OUTER.c.mean, True),
        (sa.select(func.stddev(N)).scalar_subquery(), True),
        (AVERAGES.c.most, False),
        (func.max(N), False),
        (func.avg(N, type_=sa.Float()), False),
        (func.round(N), False),
    ],
)
def test_average_of_no_declared_type_is_rounded(expression, is_rounded):
    assert declared_column("x", expression.type, (expression,), IdColumns()).rounded is is_rounded
