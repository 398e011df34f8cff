"""A schema golden holds what builds the schema, also what no table's own statement shows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from pytest_query_snapshot.goldens.formats.schema import render


def schema(*, labels=("x", "y"), comment="paid orders", domain="VALUE > 0", kind=None):
    metadata = sa.MetaData()
    sa.Table(
        "order",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, comment=comment),
        sa.Column("state", kind or sa.Enum(*labels, name="state")),
        sa.Column("states", postgresql.ARRAY(sa.Enum(*labels, name="states"))),
        sa.Column("total", postgresql.DOMAIN("positive", sa.Integer, check=sa.text(domain))),
        comment=comment,
    )
    return render(metadata, postgresql.dialect())


@pytest.mark.parametrize(
    "changed",
    [
        schema(labels=("x", "z")),
        schema(labels=("y", "x")),
        schema(comment="all orders"),
        schema(comment=None),
        schema(domain="VALUE > 1"),
        schema(kind=sa.Enum("x", "y", name="status")),
    ],
)
def test_schema_golden_changes_with_types_and_comments(changed):
    assert changed != schema()


def test_types_and_comments_are_statements_of_their_own():
    text = schema()
    assert text.startswith(
        "CREATE DOMAIN positive AS INTEGER CHECK (VALUE > 0);\n\nCREATE TYPE state AS ENUM ('x', 'y');"
    )
    assert """COMMENT ON TABLE "order" IS 'paid orders';\nCOMMENT ON COLUMN "order".id IS 'paid orders';""" in text


def test_types_of_postgresql_do_not_show_on_sqlite():
    metadata = sa.MetaData()
    sa.Table("item", metadata, sa.Column("state", sa.Enum("x", name="state"), comment="c"))
    assert render(metadata, sqlite.dialect()) == "CREATE TABLE item (\n    state VARCHAR(1)\n);\n"
