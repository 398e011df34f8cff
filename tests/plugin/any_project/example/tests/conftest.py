"""The schema is a script with a view: no metadata, no models."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def query_snapshot_schema():
    statements = (HERE / "schema.sql").read_text().split(";\n")

    def build(connection):
        for statement in statements:
            if statement.strip():
                connection.exec_driver_sql(statement)

    return build


@pytest.fixture
def query():
    """Read a query from its file."""
    from sqlalchemy import text

    return lambda name: text((HERE / "queries" / f"{name}.sql").read_text())
