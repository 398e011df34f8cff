"""State goldens show what a step does to tables, columns, keys, views and triggers."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.plugin.goldens.state_catalog.conftest import written


def test_views_are_named_when_they_are_created_changed_or_dropped(connection):
    connection.execute(sa.text("CREATE TABLE item (id INTEGER PRIMARY KEY)"))
    connection.execute(sa.text("CREATE VIEW shown AS SELECT id FROM item"))
    connection.execute(sa.text("CREATE VIEW gone AS SELECT id FROM item"))
    text = written(
        connection,
        "DROP VIEW gone",
        "DROP VIEW shown",
        "CREATE VIEW shown AS SELECT id FROM item WHERE id > 1",
        "CREATE VIEW fresh AS SELECT id FROM item",
    )
    headings = [line for line in text.splitlines() if line.startswith("### ")]
    assert headings == ["### fresh (view, created)", "### gone (view, dropped)", "### shown (view, changed)"]
    assert "no rows" not in text


@pytest.mark.parametrize(
    ("before", "change", "lines"),
    [
        ("", "CREATE INDEX by_a ON item (a)", ["+ index by_a: (a)"]),
        ("", "CREATE UNIQUE INDEX by_a ON item (a, b)", ["+ index by_a: UNIQUE (a, b)"]),
        ("CREATE INDEX by_a ON item (a)", "DROP INDEX by_a", ["- index by_a: (a)"]),
        (
            "CREATE INDEX by_a ON item (a)",
            "DROP INDEX by_a; CREATE INDEX by_a ON item (b)",
            ["~ index by_a: (a) -> (b)"],
        ),
        ("", "ALTER TABLE item ADD COLUMN c TEXT", ["+ column c: text"]),
    ],
)
def test_indexes_and_columns_of_a_step_read_alike_on_both_databases(connection, before, change, lines):
    connection.execute(sa.text("CREATE TABLE item (a INTEGER, b TEXT)"))
    for statement in filter(None, before.split("; ")):
        connection.execute(sa.text(statement))
    text = written(connection, *change.split("; "))
    assert [line for line in text.splitlines() if line[:2] in {"+ ", "~ ", "- "}] == lines


def test_constraints_and_defaults_of_a_created_table_read_alike_on_both_databases(connection):
    connection.execute(
        sa.text('CREATE TABLE "Target" (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, UNIQUE (a, b))')
    )
    text = written(
        connection,
        "CREATE TABLE made (a INTEGER, b INTEGER, c VARCHAR(9) DEFAULT 'it''s', "
        "d INTEGER DEFAULT 3 CHECK (d > 0), "
        'UNIQUE (a, b), FOREIGN KEY (a, b) REFERENCES "Target" (a, b) ON UPDATE CASCADE ON DELETE SET NULL)',
    )
    lines = [line for line in text.splitlines() if line.startswith("+ ")]
    assert lines == [
        "+ column a: integer",
        "+ column b: integer",
        "+ column c: varchar(9) default 'it''s'",
        "+ column d: integer default 3",
        "+ constraint CHECK (d > 0)",
        '+ constraint FOREIGN KEY (a, b) REFERENCES "Target" (a, b) ON UPDATE CASCADE ON DELETE SET NULL',
        "+ constraint UNIQUE (a, b)",
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("ALTER TABLE item ALTER b SET DEFAULT 2", "~ column b: integer default 1 -> integer default 2"),
        ("ALTER TABLE item ALTER b DROP DEFAULT", "~ column b: integer default 1 -> integer"),
        ("ALTER TABLE item ADD CHECK (b > 0)", "+ constraint CHECK (b > 0)"),
        ("ALTER TABLE item DROP CONSTRAINT small", "- constraint CHECK (b < 9)"),
        ("ALTER TABLE item ADD UNIQUE (b) DEFERRABLE", "+ constraint UNIQUE (b) DEFERRABLE"),
        (
            "ALTER TABLE item ALTER id ADD GENERATED ALWAYS AS IDENTITY",
            "~ column id: integer not null -> integer not null identity always",
        ),
    ],
)
def test_constraint_or_default_that_a_step_alters_is_shown(postgresql, change, line):
    columns = "id INTEGER PRIMARY KEY, b INTEGER DEFAULT 1 CONSTRAINT small CHECK (b < 9)"
    postgresql.execute(sa.text(f"CREATE TABLE item ({columns})"))
    text = written(postgresql, change)
    assert [each for each in text.splitlines() if each[:2] in {"+ ", "~ ", "- "}] == [line]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CREATE VIEW shown AS SELECT a FROM item", "CREATE VIEW shown AS SELECT a FROM item WHERE a > 1"),
        ("CREATE INDEX by_a ON item (a)", "CREATE INDEX by_a ON item (b)"),
        ("CREATE INDEX by_a ON item (a)", "CREATE UNIQUE INDEX by_a ON item (a)"),
        ("CREATE INDEX by_a ON item (a) WHERE a > 1", "CREATE INDEX by_a ON item (a) WHERE a > 2"),
        ("CREATE INDEX by_a ON item (a)", "CREATE INDEX by_a ON item (a DESC)"),
        ("CREATE TABLE made (a INTEGER)", "CREATE TABLE made (a TEXT)"),
        ("CREATE TABLE made (a INTEGER)", "CREATE TABLE made (a INTEGER NOT NULL)"),
        ("CREATE TABLE made (a INTEGER)", "CREATE TABLE made (a INTEGER DEFAULT 1)"),
        ("CREATE TABLE made (a INTEGER DEFAULT 1)", "CREATE TABLE made (a INTEGER DEFAULT 2)"),
        ("CREATE TABLE made (a INTEGER DEFAULT 1)", "CREATE TABLE made (a INTEGER DEFAULT (1 + 1))"),
        ("CREATE TABLE made (a INTEGER)", "CREATE TABLE made (a INTEGER CHECK (a > 0))"),
        ("CREATE TABLE made (a INTEGER CHECK (a > 0))", "CREATE TABLE made (a INTEGER CHECK (a >= 0))"),
        (
            "CREATE TABLE made (a INTEGER CHECK ((a > 0 OR a < 3) AND a > 1))",
            "CREATE TABLE made (a INTEGER CHECK (a > 0 OR (a < 3 AND a > 1)))",
        ),
        ("CREATE TABLE made (a INTEGER)", "CREATE TABLE made (a INTEGER UNIQUE)"),
        ("CREATE TABLE made (a INTEGER, UNIQUE (a))", "CREATE TABLE made (a INTEGER PRIMARY KEY)"),
        ("CREATE TABLE made (a INTEGER)", "CREATE TABLE made (a INTEGER REFERENCES target)"),
        (
            "CREATE TABLE made (a INTEGER REFERENCES target)",
            "CREATE TABLE made (a INTEGER REFERENCES target ON DELETE CASCADE)",
        ),
        (
            "CREATE TABLE made (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1) STORED)",
            "CREATE TABLE made (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 2) STORED)",
        ),
        ("CREATE TABLE made (a VARCHAR(5))", "CREATE TABLE made (a VARCHAR(6))"),
        ("CREATE TEMPORARY TABLE made AS SELECT 1 AS a", "CREATE TEMPORARY TABLE made AS SELECT 2 AS a"),
        ("CREATE TEMPORARY VIEW shown AS SELECT 1 AS a", "CREATE TEMPORARY VIEW shown AS SELECT 2 AS a"),
    ],
)
def test_definitions_of_another_meaning_are_stored_differently(connection, one, other):
    found = []
    for statement in (one, other):
        connection.execute(sa.text("CREATE TABLE item (a INTEGER, b TEXT)"))
        connection.execute(sa.text("CREATE TABLE target (id INTEGER PRIMARY KEY)"))
        found.append(written(connection, statement))
        connection.rollback()
        for made in (
            "TABLE IF EXISTS made",
            "VIEW IF EXISTS shown",
            "TABLE IF EXISTS item",
            "TABLE IF EXISTS target",
        ):
            connection.execute(sa.text(f"DROP {made}{' CASCADE' if connection.dialect.name != 'sqlite' else ''}"))
    assert found[0] != found[1]


def test_temporary_tables_are_read_on_the_connection_that_has_them(connection):
    connection.execute(sa.text("CREATE TEMPORARY TABLE item (id INTEGER PRIMARY KEY, a TEXT)"))
    connection.execute(sa.text("CREATE INDEX item_by_a ON item (a)"))
    text = written(connection, "INSERT INTO item VALUES (1, 'a')")
    assert "### temp.item\n\n```diff\n+ 1: a='a'\n```" in text


@pytest.mark.parametrize(
    ("database", "body"),
    [
        ("sqlite", "CREATE TRIGGER t AFTER INSERT ON item BEGIN DELETE FROM item WHERE a = {}; END"),
        (
            "postgresql",
            "CREATE TRIGGER t BEFORE UPDATE ON item FOR EACH ROW WHEN (OLD.a = {}) EXECUTE FUNCTION no_change()",
        ),
    ],
)
def test_trigger_that_is_made_or_replaced_is_a_change_of_its_table(request, database, body):
    connection = request.getfixturevalue(database)
    connection.execute(sa.text("CREATE TABLE item (a INTEGER)"))
    if database == "postgresql":
        made = "CREATE FUNCTION no_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        connection.exec_driver_sql(made)
    drop = "DROP TRIGGER t" + (" ON item" if database == "postgresql" else "")
    assert "### item (triggers changed)\n\nno row changed" in written(connection, sa.DDL(body.format(1)))
    assert "### item (triggers changed)\n\nno row changed" in written(connection, drop, sa.DDL(body.format(2)))
    assert "### item" not in written(connection, drop, sa.DDL(body.format(2)))


def test_rows_of_a_view_are_those_of_its_tables(connection):
    connection.execute(sa.text("CREATE TABLE item (id INTEGER PRIMARY KEY)"))
    connection.execute(sa.text("CREATE VIEW shown AS SELECT id FROM item"))
    text = written(connection, "INSERT INTO item VALUES (1)")
    assert [line for line in text.splitlines() if line.startswith("### ")] == ["### item"]
    assert "unchanged: (none)" in text


@pytest.mark.parametrize("key", ["id INTEGER PRIMARY KEY", "id INTEGER"])
def test_columns_that_a_table_loses_and_gains_are_named(connection, key):
    connection.execute(sa.text(f"CREATE TABLE item ({key}, lost TEXT, kept TEXT)"))
    connection.execute(sa.text("INSERT INTO item VALUES (1, NULL, 'a'), (2, NULL, 'a')"))
    text = written(connection, "ALTER TABLE item DROP COLUMN lost", "ALTER TABLE item ADD COLUMN fresh TEXT")
    assert "### item (columns -lost +fresh)\n\n```diff\n- column lost: text\n+ column fresh: text\n```" in text


def test_rows_of_a_table_whose_key_and_columns_change_are_shown(connection):
    connection.execute(sa.text("CREATE TABLE item (id INTEGER PRIMARY KEY, lost TEXT)"))
    connection.execute(sa.text("INSERT INTO item VALUES (1, 'a')"))
    text = written(
        connection, "DROP TABLE item", "CREATE TABLE item (a INTEGER, b TEXT)", "INSERT INTO item VALUES (2, 'b')"
    )
    assert "### item (key changed)" in text
    assert "+ a=2, b='b'" in text


def test_alike_rows_that_lose_a_column_are_counted(connection):
    connection.execute(sa.text("CREATE TABLE item (lost INTEGER, kept INTEGER)"))
    connection.execute(sa.text("INSERT INTO item VALUES (1, 5), (2, 5)"))
    text = written(
        connection, "ALTER TABLE item DROP COLUMN lost", "DELETE FROM item", "INSERT INTO item VALUES (5)"
    )
    assert "### item (columns -lost)\n\n```diff\n- column lost: integer\n- kept=5\n```" in text
