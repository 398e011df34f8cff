"""The columns of a state: what makes their values of what a driver returns."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from pytest_query_snapshot.databases.schema.table_catalog import CatalogColumn
from pytest_query_snapshot.recording.tables.columns import postgresql_column
from pytest_query_snapshot.values.id_aliases import IdColumns

NUMBERS = {"numeric": sa.Numeric(), "float8": sa.Double(), "float4": sa.REAL(), "int4": sa.Integer()}


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg"])
@pytest.mark.parametrize("name", NUMBERS)
def test_array_of_numbers_is_read_with_every_driver(name, driver):
    dialect = sa.make_url(f"postgresql+{driver}://").get_dialect()()
    mapped = sa.Column("v", postgresql.ARRAY(NUMBERS[name]))
    column = CatalogColumn("v", f"_{name}", element=name)
    found = postgresql_column(column, mapped, dialect, IdColumns())
    assert found.convert is None or found.convert("[1, null]") == [Decimal(1), None]
    assert (found.convert is None) == (name == "numeric")  # which is read as the database writes it
