# ruff: noqa: E501  a statement is easiest to read in one line
"""The keeper of PostgreSQL: whatever is written to any kind of table, the digest is afterwards as it was."""

from __future__ import annotations

import itertools
import time
from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa

from pytest_query_snapshot.databases.connections.postgresql.keeper import PostgreSQLKeeper
from pytest_query_snapshot.databases.schema import catalog
from pytest_query_snapshot.databases.servers.server import connect_arguments
from pytest_query_snapshot.recording.tables.snapshots import StateReader
from pytest_query_snapshot.values.id_aliases import IdColumns
from pytest_query_snapshot.values.masks import Masks

SCHEMA = """
CREATE SCHEMA "odd schema";
CREATE TABLE plain (id serial PRIMARY KEY, name text UNIQUE);
CREATE TABLE child (id serial PRIMARY KEY, plain_id int NOT NULL REFERENCES plain ON DELETE CASCADE);
CREATE TABLE grandchild (child_id int REFERENCES child ON DELETE CASCADE ON UPDATE CASCADE, note text);
CREATE TABLE "odd schema"."order" ("from" int, "to" text, PRIMARY KEY ("from", "to"));
CREATE TABLE identity_always (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int,
                              twice int GENERATED ALWAYS AS (n * 2) STORED);
CREATE TABLE keyless (a int, b jsonb);
CREATE TABLE large (id int PRIMARY KEY, name text, code int UNIQUE);
CREATE TABLE large_pair (a int, b text, c int, PRIMARY KEY (a, b));
CREATE TABLE large_child (id int PRIMARY KEY, large_id int REFERENCES large ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE part (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY LIST (id);
CREATE TABLE part_2_a PARTITION OF part_2 DEFAULT;
CREATE TABLE parent (id int); CREATE TABLE heir (extra int) INHERITS (parent);
CREATE TABLE always_fires (id int PRIMARY KEY, changes int DEFAULT 0);
CREATE FUNCTION count_up() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.changes := NEW.changes + 1; RETURN NEW; END';
CREATE TRIGGER count_up BEFORE INSERT OR UPDATE ON always_fires FOR EACH ROW EXECUTE FUNCTION count_up();
ALTER TABLE always_fires ENABLE ALWAYS TRIGGER count_up;
CREATE TABLE audit (id serial, what text);
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO audit (what) VALUES (tg_op); RETURN NULL; END';
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON plain FOR EACH ROW EXECUTE FUNCTION audit();
CREATE TABLE guarded (id int PRIMARY KEY, owner text); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
CREATE SEQUENCE counter;
INSERT INTO plain (name) SELECT 'p' || i FROM generate_series(1, 5) i;
INSERT INTO child (plain_id) SELECT 1 + i % 5 FROM generate_series(1, 20) i;
INSERT INTO grandchild SELECT i, 'g' FROM generate_series(1, 20) i;
INSERT INTO "odd schema"."order" VALUES (1, 'a'), (1, 'b');
INSERT INTO identity_always (n) VALUES (1), (2);
INSERT INTO keyless VALUES (1, '{"a": 1}'), (1, '{"a": 1}');
INSERT INTO large SELECT i, 'n' || i, i FROM generate_series(1, 2000) i;
INSERT INTO large_pair SELECT i, 'b' || i % 7, i FROM generate_series(1, 2000) i;
INSERT INTO large_child SELECT i, i FROM generate_series(1, 2000) i;
INSERT INTO part SELECT i, date '2020-06-01' + i * 100 FROM generate_series(1, 5) i;
INSERT INTO parent VALUES (1); INSERT INTO heir VALUES (2, 2);
INSERT INTO always_fires VALUES (1);
INSERT INTO guarded VALUES (1, 'a');
SELECT nextval('counter');
"""
WRITES = {
    "rows": "INSERT INTO plain (name) VALUES ('x'); UPDATE plain SET name = name || '!'; DELETE FROM plain WHERE id = 2",
    "cascade": "DELETE FROM plain WHERE id < 3",
    "cascaded key": "UPDATE child SET id = id + 1000",
    "composite key": """UPDATE "odd schema"."order" SET "to" = "to" || 'z'; INSERT INTO "odd schema"."order" VALUES (9, 'q')""",
    "identity": "INSERT INTO identity_always (n) VALUES (7), (8); DELETE FROM identity_always WHERE id = 1",
    "keyless": "INSERT INTO keyless VALUES (2, null); UPDATE keyless SET a = 5",
    "large": "UPDATE large SET name = 'x' WHERE id % 500 = 1; DELETE FROM large WHERE id = 77; INSERT INTO large VALUES (9001, 'new', 9001)",
    "large, keys moved": "UPDATE large SET id = id + 10000 WHERE id > 1990",
    "large, unique values swapped": "UPDATE large SET code = -code; UPDATE large SET code = 2001 + code WHERE id < 900",
    "large, cascade": "DELETE FROM large WHERE id < 20",
    "large, truncated": "TRUNCATE large CASCADE; INSERT INTO large VALUES (1, 'other', 1), (2, 'n2', 5)",
    "large, upsert": "INSERT INTO large VALUES (1, 'other', 1), (9002, 'new', 9002) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
    "large, composite key": "UPDATE large_pair SET b = 'moved' WHERE a < 50; DELETE FROM large_pair WHERE a = 60; TRUNCATE large_pair",
    "partitions by the root": "INSERT INTO part VALUES (99, '2020-02-02'), (99, '2021-02-02'); DELETE FROM part WHERE id = 1",
    "partition by itself": "UPDATE part_2_a SET id = id + 1; TRUNCATE part_1",
    "row that moves to another partition": "UPDATE part SET day = '2021-12-30' WHERE id = 1",
    "inheritance": "UPDATE parent SET id = id + 1; DELETE FROM parent WHERE id = 3",
    "triggers that always fire": "UPDATE always_fires SET id = 5",
    "row security": "UPDATE guarded SET owner = 'b'",
    "replica role": "SET session_replication_role = replica; DELETE FROM child; UPDATE large SET name = ''",
    "sequences alone": "SELECT nextval('counter'); SELECT setval('plain_id_seq', 77)",
    "copy": "CREATE TEMP TABLE t AS SELECT * FROM large LIMIT 5; UPDATE t SET id = id + 50000, code = id + 50000; INSERT INTO large SELECT * FROM t",
    "rolled back": "BEGIN; DELETE FROM grandchild; INSERT INTO audit (what) VALUES ('x'); ROLLBACK",
    "new table": "CREATE TABLE fresh (id int); INSERT INTO fresh VALUES (1); DELETE FROM keyless",
    "changed table": "ALTER TABLE plain ADD COLUMN more text DEFAULT 'm'; UPDATE large SET name = 'x'",
    "dropped": "DROP TABLE keyless; DROP TABLE part CASCADE; DROP SEQUENCE counter",
    "triggers disabled": "ALTER TABLE plain DISABLE TRIGGER ALL; DELETE FROM plain",
    "large object": "SELECT lo_from_bytea(0, 'abc')",
    "setting of the database": "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 1024', current_database());END$$",
    "merge": "MERGE INTO plain USING (SELECT 1 AS id) s ON s.id = plain.id WHEN MATCHED THEN UPDATE SET name = 'm'",
}
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def keeper(postgresql_server):
    made = PostgreSQLKeeper(sa.make_url(postgresql_server.url), f"query_snapshot_keeper_{next(NUMBERS)}")
    made.create()
    with connected(made) as raw:
        raw.execute(SCHEMA)
    made.capture()
    yield made
    made.close()


def connected(keeper):
    return psycopg.connect(**connect_arguments(keeper.url), autocommit=True)


@contextmanager
def application(keeper):
    """Connect, and wait for what the server does after the end, such as dropping temporary tables."""
    with connected(keeper) as raw:
        ended = [raw.info.backend_pid]
        yield raw
    reader = keeper.reader()
    while reader.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", ended).fetchall():
        reader.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees what it saw first
        time.sleep(0.01)


def digest(keeper):
    raw = keeper.reader()
    settings = raw.execute(
        "SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase "
        "WHERE d.datname = current_database()"
    ).fetchall()
    objects = raw.execute("SELECT count(*) FROM pg_largeobject_metadata").fetchall()
    return catalog.digest(raw), catalog.sequences(raw), settings, objects


@pytest.mark.parametrize("statements", WRITES.values(), ids=WRITES)
def test_restore_gives_back_every_row_and_sequence(keeper, statements):
    before = digest(keeper)
    with application(keeper) as raw:
        for statement in statements.split("; "):
            raw.execute(statement)
    if "ROLLBACK" not in statements:
        assert digest(keeper) != before
    assert keeper.look().changed
    assert not keeper.restore().refused
    assert digest(keeper) == before
    assert not keeper.look().changed


@pytest.mark.parametrize("statements", WRITES.values(), ids=WRITES)
def test_state_by_journals_is_the_state_in_full(keeper, statements):
    engine = sa.create_engine(keeper.url, creator=keeper.reader, poolclass=sa.StaticPool)
    patching = StateReader((), IdColumns(), masks=Masks())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before, mark = patching.read(connection), keeper.mark()
        with application(keeper) as raw:
            for statement in statements.split("; "):
                raw.execute(statement)
        found = patching.read(connection, since=before, touched=keeper.touched_since(mark))
        full = StateReader((), IdColumns(), masks=Masks()).read(connection)
    assert {name: dict(each.rows) for name, each in found.items()} == {
        name: dict(each.rows) for name, each in full.items()
    }
    keeper.restore()


def test_restore_gives_back_a_sequence_that_moves_alike_in_each_test(keeper):
    before = digest(keeper)
    for _ in range(2):
        with connected(keeper) as raw:
            raw.execute("SELECT nextval('counter')")
        keeper.restore()
        assert digest(keeper) == before


@pytest.mark.parametrize("moment", ["before", "after"])
def test_write_during_the_restore_is_found_by_the_next_look(keeper, monkeypatch, moment):
    before, put_back = digest(keeper), keeper._put_back

    def write():
        with connected(keeper) as raw:
            raw.execute("INSERT INTO keyless VALUES (3, NULL)")

    def put_back_beside_a_write(script):
        monkeypatch.undo()
        if moment == "before":
            write()
        xmax = put_back(script)
        if moment == "after":
            write()
        return xmax

    monkeypatch.setattr(keeper, "_put_back", put_back_beside_a_write)
    with connected(keeper) as raw:
        raw.execute("DELETE FROM grandchild")
    keeper.restore()
    assert keeper.has_changed()
    assert keeper.changed_tables() == {"public.keyless"}
    keeper.restore()
    assert digest(keeper) == before
    assert not keeper.look().changed


def test_restore_keeps_the_order_of_a_rewritten_table(keeper):
    query = "SELECT ctid IS NOT NULL, id FROM plain"
    before = keeper.reader().execute(query).fetchall()
    with application(keeper) as raw:
        raw.execute("UPDATE plain SET name = name || '?' WHERE id = 1")
    keeper.restore()
    assert keeper.reader().execute(query).fetchall() == before


def test_restore_rebuilds_only_after_changes_of_the_structure(keeper):
    rebuilt = keeper.rebuilt
    with application(keeper) as raw:
        raw.execute("DELETE FROM large; CREATE TEMP TABLE t (id int); DROP TABLE t")
    keeper.restore()
    assert keeper.rebuilt == rebuilt


def test_changed_tables_names_cascades_and_partitions(keeper):
    with application(keeper) as raw:
        raw.execute("DELETE FROM plain WHERE id = 1; DELETE FROM part WHERE id = 1")
    assert keeper.changed_tables() == {
        "public.plain",
        "public.child",
        "public.grandchild",
        "public.audit",
        "public.part",
        "public.part_1",
        "public.part_2",
        "public.part_2_a",
    }
    keeper.restore()
    assert keeper.changed_tables() == frozenset()


def test_changed_tables_is_unknown_after_ddl(keeper):
    with application(keeper) as raw:
        raw.execute("CREATE TABLE fresh (id int)")
    assert keeper.changed_tables() is None
    keeper.restore()


def test_open_transaction_is_found_and_ended(keeper):
    raw = connected(keeper)
    raw.execute("BEGIN")
    raw.execute("DELETE FROM plain")
    (left,) = keeper.open_transactions()
    assert (left.state, left.statement) == ("idle in transaction", "DELETE FROM plain")
    assert keeper.look().is_open
    keeper.end_transactions([left.owner])
    assert not keeper.look().is_open
    keeper.restore()
    raw.close()


def test_advisory_lock_is_listed_and_ended(keeper):
    raw = connected(keeper)
    raw.execute("SELECT pg_advisory_lock(1)")
    (left,) = keeper.open_transactions()
    assert left.state == "idle with an advisory lock"
    keeper.end_transactions([left.owner])
    assert keeper.open_transactions() == []
    raw.close()


def test_prepared_transaction_and_role_are_named(keeper):
    with application(keeper) as raw:
        raw.execute("CREATE ROLE query_snapshot_test_role")
    try:
        assert keeper.restore().refused == ("a role",)
    finally:
        keeper.reader().execute("DROP ROLE query_snapshot_test_role")
        keeper.restore()


def test_baselines_are_switched_and_forgotten(keeper):
    first = keeper._baseline
    before = digest(keeper)
    with application(keeper) as raw:
        raw.execute("DELETE FROM plain")
    second = keeper.capture()
    with application(keeper) as raw:
        raw.execute("INSERT INTO plain (name) VALUES ('x')")
    keeper.restore()
    assert keeper.reader().execute("SELECT count(*) FROM plain").fetchone() == (0,)
    keeper.switch(first)
    assert digest(keeper) == before
    keeper.forget(second)
    names = keeper.reader().execute("SELECT datname FROM pg_database").fetchall()
    assert (second.template,) not in names
