"""State goldens read the rows that the database holds, not those of the metadata."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pytest_query_snapshot.goldens.formats.changes import Step, render
from pytest_query_snapshot.recording.tables.snapshots import StateReader
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.masks import Masks
from tests.plugin.goldens.state_catalog.conftest import written


def test_tables_outside_the_metadata_are_read(connection):
    connection.execute(sa.text("CREATE TABLE invoice (id INTEGER PRIMARY KEY, total TEXT)"))
    connection.execute(sa.text("INSERT INTO invoice VALUES (1, 'a')"))
    text = written(connection, "UPDATE invoice SET total = 'b'")
    assert "### invoice\n\n```diff\n~ 1: total 'a' -> 'b'\n```" in text


def test_tables_of_a_step_are_created_in_it(connection):
    text = written(
        connection,
        "CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT)",
        "INSERT INTO fresh VALUES (1, 'a')",
        "CREATE TABLE bare (id INTEGER PRIMARY KEY)",
    )
    columns = "+ column id: integer not null\n+ column name: text\n+ constraint PRIMARY KEY (id)\n"
    assert f"### fresh (created)\n\n```diff\n{columns}+ 1: name='a'\n```" in text
    columns = columns.replace("+ column name: text\n", "")
    assert f"### bare (created)\n\n```diff\n{columns}```" in text


def test_alike_rows_of_tables_without_key_are_counted(connection):
    connection.execute(sa.text("CREATE TABLE log (text TEXT)"))
    connection.execute(sa.text("INSERT INTO log VALUES ('a'), ('a'), ('b'), ('c')"))
    assert "unchanged: log (4). Tables not listed are empty." in written(connection)


def test_association_tables_name_the_columns_of_their_key(connection):
    connection.execute(sa.text("CREATE TABLE pair (a INTEGER, b INTEGER, PRIMARY KEY (b, a))"))
    text = written(connection, "INSERT INTO pair VALUES (1, 2)")
    assert "+ (b=2, a=1)\n" in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_rows_of_nothing_but_nulls_are_shown(connection):
    connection.execute(sa.text("CREATE TABLE log (text TEXT)"))
    assert "+ (all NULL)\n" in written(connection, "INSERT INTO log VALUES (NULL)")


def test_sentinel_columns_are_left_out(connection):
    class Base(DeclarativeBase):
        pass

    class Note(Base):
        __tablename__ = "note"
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str]
        sa_orm_sentinel: Mapped[int | None] = sa.orm.orm_insert_sentinel()

    Base.metadata.create_all(connection)
    text = written(connection, sa.insert(Note).values(title="a"), metadata=Base.metadata)
    assert "+ note#1: title='a'\n" in text


def test_json_null_differs_from_a_missing_value(connection):
    metadata = sa.MetaData()
    table = sa.Table("doc", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.JSON))
    metadata.create_all(connection)
    connection.execute(sa.insert(table).values(id=1, body=sa.null()))
    text = written(connection, sa.update(table).values(body=sa.JSON.NULL), metadata=metadata)
    assert "~ doc#1: body NULL -> null\n" in text


def test_exact_numbers_differ_in_their_last_digit(connection):
    metadata = sa.MetaData()
    column = sa.Column("total", sa.Numeric(20, 2))
    table = sa.Table("sum", metadata, sa.Column("id", sa.Integer, primary_key=True), column)
    metadata.create_all(connection)
    connection.execute(sa.text("INSERT INTO sum VALUES (1, 12345678901.23)"))
    text = written(connection, "UPDATE sum SET total = 12345678901.24", metadata=metadata)
    assert "~ sum#1: total 12345678901.23 -> 12345678901.24\n" in text
    assert table is not None


def test_declared_time_zone_reads_alike(connection):
    metadata = sa.MetaData()
    column = sa.Column("at", sa.DateTime(timezone=True))
    sa.Table("event", metadata, sa.Column("id", sa.Integer, primary_key=True), column)
    metadata.create_all(connection)
    text = written(connection, "INSERT INTO event VALUES (1, '2026-01-05 09:00:00.000000')", metadata=metadata)
    assert "+ event#1: at=2026-01-05 09:00:00Z\n" in text


def test_untyped_columns_of_sqlite_distinguish_1_from_1_0(sqlite):
    sqlite.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY, a)"))
    sqlite.execute(sa.text("INSERT INTO t VALUES (1, 1)"))
    assert "~ 1: a 1 -> 1.0\n" in written(sqlite, "UPDATE t SET a = 1.0")


def test_bad_values_of_sqlite_spoil_nothing_else(sqlite):
    metadata = sa.MetaData()
    columns = sa.Column("on", sa.Date), sa.Column("size", sa.Enum("s", "m", name="size"))
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    metadata.create_all(sqlite)
    text = written(
        sqlite,
        "INSERT INTO t VALUES (1, '31/12/2026', 'xl'), (2, '2026-12-31', 's')",
        "INSERT INTO t VALUES (3, CAST(x'ff41' AS TEXT), 'm')",
        metadata=metadata,
    )
    assert "+ t#1: on='31/12/2026', size='xl'\n" in text
    assert "+ t#2: on=2026-12-31, size='s'\n" in text
    assert "+ t#3: on='\\udcffA', size='m'\n" in text


def test_repeated_null_keys_of_sqlite_are_all_shown(sqlite):
    sqlite.execute(sa.text("CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)"))
    text = written(sqlite, "INSERT INTO t VALUES (NULL, 'x'), (NULL, 'y')")
    assert "+ a='x'\n" in text
    assert "+ a='y'\n" in text


def test_attached_databases_are_read(sqlite):
    sqlite.execute(sa.text("ATTACH ':memory:' AS billing"))
    sqlite.execute(sa.text("CREATE TABLE billing.invoice (id INTEGER PRIMARY KEY)"))
    assert "### billing.invoice\n\n```diff\n+ 1\n```" in written(sqlite, "INSERT INTO billing.invoice VALUES (1)")


def test_other_schemas_are_read_and_translated_ones_keep_their_types(postgresql):
    metadata = sa.MetaData()
    sa.Table("invoice", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("total", sa.Integer))
    postgresql.execute(sa.text("CREATE SCHEMA billing"))
    postgresql.execute(sa.text("CREATE TABLE billing.invoice (id INTEGER PRIMARY KEY, total INTEGER)"))
    text = written(postgresql, "INSERT INTO billing.invoice VALUES (7, 1)", metadata=metadata)
    assert "### billing.invoice\n\n```diff\n+ invoice#1: total=1\n```" in text


def test_rows_are_read_as_the_owner(postgresql):
    for statement in (
        "CREATE TABLE secret (id INTEGER PRIMARY KEY)",
        "INSERT INTO secret VALUES (1), (2)",
        "CREATE ROLE reader",
        "ALTER TABLE secret ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY none ON secret USING (false)",
        "GRANT SELECT ON secret TO reader",
    ):
        postgresql.execute(sa.text(statement))
    text = written(postgresql, "SET ROLE reader", "SET search_path = pg_temp", "SET TimeZone = 'Asia/Tokyo'")
    assert "nothing changed\n\nunchanged: secret (2). Tables not listed are empty.\n" in text
    assert postgresql.scalar(sa.text("SELECT current_user")) == "reader"
    assert postgresql.scalar(sa.text("SHOW TimeZone")) == "Asia/Tokyo"
    postgresql.execute(sa.text("RESET ROLE"))


def test_forced_policies_leave_a_table_unread(postgresql):
    for statement in (
        "CREATE ROLE owner NOSUPERUSER",
        "GRANT ALL ON SCHEMA public TO owner",
        "CREATE TABLE open (id INTEGER PRIMARY KEY)",
        "INSERT INTO open VALUES (1)",
        "CREATE FOREIGN DATA WRAPPER nothing",
        "CREATE SERVER far FOREIGN DATA WRAPPER nothing",
        "CREATE FOREIGN TABLE remote (id INTEGER) SERVER far",
    ):
        postgresql.execute(sa.text(statement))
    text = written(postgresql)
    assert "unchanged: open (1). Tables not listed are empty.\nnot read: remote (a foreign table)\n" in text


def test_one_failing_table_is_named_and_the_others_are_read(postgresql):
    postgresql.execute(sa.text("CREATE TABLE kept (id INTEGER PRIMARY KEY)"))
    postgresql.execute(sa.text("INSERT INTO kept VALUES (1)"))
    reader = StateReader((), IdColumns(), masks=Masks())
    reader.read(postgresql)
    postgresql.execute(sa.text("CREATE TABLE broken (id INTEGER PRIMARY KEY, a TEXT)"))
    reader.read(postgresql)
    broken = reader._known["broken"]
    broken.query = "SELECT 1 / 0"
    state = reader.read(postgresql)
    assert state["kept"].row_count == 1
    assert state.unread == {"broken": "division by zero"}


def test_materialized_views_change_when_refreshed(postgresql):
    postgresql.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY)"))
    postgresql.execute(sa.text("CREATE MATERIALIZED VIEW total AS SELECT count(*) AS n FROM t"))
    text = written(postgresql, "INSERT INTO t VALUES (1)", "REFRESH MATERIALIZED VIEW total")
    assert "### total (materialized view)\n\n```diff\n+ n=1\n- n=0\n```" in text


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("date", "'infinity'", "'infinity'"),
        ("date", "'0044-03-15 BC'", "'0044-03-15 BC'"),
        ("timestamp", "'-infinity'", "'-infinity'"),
        ("timestamptz", "'2026-01-05 11:00+02'", "2026-01-05 09:00:00Z"),
        ("time", "'24:00'", "'24:00:00'"),
        ("interval", "'1 month'", "'1 mon'"),
        ("interval", "'30 days'", "2592000 s"),
        ("interval", "'23:00'", "82800 s"),
        ("interval", "'1 day -01:00'", "'1 day -01:00:00'"),
        ("int4range", "'[1,5)'", "'[1,5)'"),
        ("int4multirange", "'{[1,3),[5,7)}'", "'{[1,3),[5,7)}'"),
        ("bit(3)", "'101'", "'101'"),
        ("inet", "'10.0.0.1'", "'10.0.0.1/32'"),
        ("text[]", "'{a,NULL}'", '["a", null]'),
        ("date[]", "'{infinity}'", "'{infinity}'"),
        ("int[]", "'[2:3]={1,2}'", "'[2:3]={1,2}'"),
        ("json[]", """ARRAY['{"a":1,"a":2}', NULL, 'null']::json[]""", '[{"a":1,"a":2}, NULL, null]'),
        ("jsonb[]", "ARRAY[['1'], [NULL]]::jsonb[]", "[[1], [NULL]]"),
        ("numeric", "'NaN'", "NaN"),
        ("float8", "'NaN'", "NaN"),
        ("jsonb", "'null'", "null"),
        ("jsonb", """'{"a": 1.0}'""", '{"a": 1.0}'),
        ("jsonb", "'12345678901234567890.123'", "12345678901234567890.123"),
        ("json", """'[{"a":1,\n"a":2}]'""", r'[{"a":1,\n"a":2}]'),
        ("bytea", "'x'", "x'78'"),
        ("numeric(78)", "1" + "0" * 77, "1" + "0" * 77),
        ("point", "'(1,2)'", "'(1,2)'"),
    ],
)
def test_values_of_postgresql_are_shown_as_it_writes_them(postgresql, kind, value, shown):
    postgresql.execute(sa.text(f"CREATE TABLE t (id INTEGER PRIMARY KEY, a {kind})"))
    driver = postgresql.connection.driver_connection
    reader = StateReader((), IdColumns(), masks=Masks())
    before = reader.read(postgresql)
    driver.execute(f"INSERT INTO t VALUES (1, {value})")
    text = render(before, [Step("change", reader.read(postgresql))], IdAliases())
    assert f"+ 1: a={shown}\n" in text


def test_arrays_and_json_can_be_keys(postgresql):
    postgresql.execute(sa.text("CREATE TABLE t (a int[], b jsonb, c text, PRIMARY KEY (a, b))"))
    text = written(postgresql, "INSERT INTO t VALUES ('{1,2}', '[1]', 'x')")
    assert "+ (a=[1, 2], b=[1]): c='x'\n" in text


def test_only_named_tables_are_read_again(connection):
    connection.execute(sa.text("CREATE TABLE a (id INTEGER PRIMARY KEY)"))
    connection.execute(sa.text("CREATE TABLE b (id INTEGER PRIMARY KEY)"))
    reader = StateReader((), IdColumns(), masks=Masks())
    before = reader.read(connection)
    connection.execute(sa.text("INSERT INTO a VALUES (1)"))
    connection.execute(sa.text("INSERT INTO b VALUES (1)"))
    after = reader.read(connection, only=["a"], since=before)
    assert (after["a"].row_count, after["b"].row_count) == (1, 0)


def test_nan_equals_itself(postgresql):
    postgresql.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY, a float8, n INTEGER)"))
    postgresql.execute(sa.text("INSERT INTO t VALUES (1, 'NaN', 1), (2, 'NaN', 1)"))
    text = written(postgresql, "UPDATE t SET n = 2 WHERE id = 1")
    assert "```diff\n~ 1: n 1 -> 2\n```" in text


def test_values_of_a_json_column_read_as_json(connection):
    metadata = sa.MetaData()
    item = sa.Table("item", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("facts", sa.JSON))
    metadata.create_all(connection)
    values = ("a", 1, True, ["a"], {"b": "a"}, sa.JSON.NULL)  # SQLite keeps 1.0 as 1 in such a column
    inserted = [item.insert().values(id=at, facts=value) for at, value in enumerate(values)]
    text = written(connection, *inserted, metadata=metadata)
    facts = [line.partition("facts=")[2] for line in text.splitlines() if line.startswith("+ item#")]
    assert sorted(facts) == sorted(['"a"', "1", "true", '["a"]', '{"b": "a"}', "null"])
