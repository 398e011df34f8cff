"""A schema golden holds what builds the schema, also what no table's own statement shows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from pytest_query_snapshot.errors import UnprintableValueError
from pytest_query_snapshot.goldens.formats.schema import classify_schema, render


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


def cyclic(*, sequence=5, trigger="SELECT 1", cascade="CASCADE"):
    metadata = sa.MetaData()
    team = sa.Table(
        "team",
        metadata,
        sa.Column("id", sa.Integer, sa.Sequence("team_id", start=sequence), primary_key=True),
        sa.Column("lead_id", sa.ForeignKey("person.id", name="lead", use_alter=True, ondelete=cascade)),
    )
    sa.Table(
        "person",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("team", sa.ForeignKey("team.id")),
    )
    sa.event.listen(metadata, "before_create", sa.DDL("CREATE EXTENSION citext").execute_if(dialect="postgresql"))
    sa.event.listen(team, "after_create", sa.DDL(f"CREATE TRIGGER guard ON %(table)s {trigger}"))
    sa.event.listen(metadata, "after_create", sa.DDL("GRANT SELECT ON team TO reader"))
    return render(metadata, postgresql.dialect())


def test_schema_golden_shows_all_that_create_all_executes():
    assert cyclic().split("\n\n") == [
        "CREATE EXTENSION citext;",
        "CREATE SEQUENCE team_id START WITH 5;",
        (
            "CREATE TABLE person (\n    id SERIAL NOT NULL,\n    team INTEGER,\n    PRIMARY KEY (id),\n"
            "    FOREIGN KEY(team) REFERENCES team (id)\n);"
        ),
        (
            "CREATE TABLE team (\n    id INTEGER NOT NULL,\n    lead_id INTEGER,\n    PRIMARY KEY (id)\n);\n"
            "CREATE TRIGGER guard ON team SELECT 1;\n"
            "ALTER TABLE team ADD CONSTRAINT lead FOREIGN KEY(lead_id) REFERENCES person (id) ON DELETE CASCADE;"
        ),
        "GRANT SELECT ON team TO reader;\n",
    ]


@pytest.mark.parametrize("changed", [{"sequence": 6}, {"trigger": "SELECT 2"}, {"cascade": "SET NULL"}])
def test_schema_golden_changes_with_what_stands_in_no_table(changed):
    assert cyclic(**changed) != cyclic()


def test_listener_that_asks_the_database_is_refused():
    metadata = sa.MetaData()
    sa.Table("item", metadata, sa.Column("id", sa.Integer))
    sa.event.listen(metadata, "before_create", lambda _, bind, **__: bind.scalar(sa.text("SELECT 1")))
    with pytest.raises(UnprintableValueError, match=r"a listener asks the database .*hand over the engine"):
        render(metadata, sqlite.dialect())


def test_indexes_stand_in_the_order_of_their_names():
    metadata = sa.MetaData()
    names = [f"by_{letter}" for letter in "hgfedcba"]
    sa.Table("item", metadata, sa.Column("a", sa.Text), *(sa.Index(name, "a") for name in names))
    lines = render(metadata, sqlite.dialect()).splitlines()[3:]
    assert lines == [f"CREATE INDEX {name} ON item (a);" for name in sorted(names)]


ALONE = """
from shop_schema import metadata

def test_alone(golden):
    assert metadata == golden.schema
"""


@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_metadata_needs_no_database(make_project, dialect_name):
    project = make_project(dialect_name)
    project.test(ALONE)
    project.run("--snapshot-update").assert_outcomes(passed=1)
    (path,) = (project.pytester.path / "__snapshots__").rglob("*.schema.sql")
    assert path.name == f"test_alone.{dialect_name}.schema.sql"
    assert ("SERIAL" in path.read_text("utf-8")) is (dialect_name == "postgresql")


def test_change_of_a_column_names_its_table_and_that_of_a_table_is_its_own():
    def ddl(*tables):
        metadata = sa.MetaData()
        for name, *columns in tables:
            sa.Table(name, metadata, *(sa.Column(column, sa.Integer) for column in columns))
        return render(metadata, sqlite.dialect())

    before = ddl(("bill", "id", "paid"), ("old", "id"))
    after = ddl(("bill", "id", "due"), ("new", "id"))
    found = {
        (change.action.value, change.where, (change.old or change.new).split()[0])
        for change in classify_schema(before, after)
    }
    assert found == {
        ("removed", "bill", "paid"),
        ("added", "bill", "due"),
        ("removed", "", "old"),
        ("added", "", "new"),
    }
