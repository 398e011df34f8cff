"""The recorder of a process: nothing before it starts, every engine after, a statement's elements once."""

from __future__ import annotations

import sqlite3
import threading
import weakref

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.util import walk_subclasses

from pytest_query_snapshot.recording.entries import Execution
from pytest_query_snapshot.recording.recorder import UNRECORDED, Recorder
from pytest_query_snapshot.recording.statements import RecordingReader
from pytest_query_snapshot.sql.effects.writes import may_write
from pytest_query_snapshot.sql.element_walk import elements_of
from pytest_query_snapshot.values.driver_rows import fetch_all
from pytest_query_snapshot.values.id_aliases import IdColumns
from pytest_query_snapshot.values.masks import Masks
from pytest_query_snapshot.values.result_rows import to_table

TABLE = sa.Table("item", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))


@pytest.fixture
def engine():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    TABLE.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def recorder():
    recorder = Recorder()
    yield recorder
    recorder.uninstall()


def statements(recorder):
    return [entry.statement for entry in recorder.entries if isinstance(entry, Execution)]


def test_recorder_listens_only_between_start_and_uninstall(recorder):
    def listens():
        return event.contains(sa.Engine, "after_cursor_execute", recorder._executed)

    assert not listens()
    recorder.start()
    assert listens()
    recorder.uninstall()
    assert not listens()


def test_connection_opened_before_the_recorder_is_recorded(engine, recorder):
    with engine.connect() as connection:
        recorder.start()
        connection.execute(sa.select(TABLE.c.id))
    assert statements(recorder) == ["SELECT item.id \nFROM item"]


def test_recorder_stopped_keeps_nothing(engine, recorder):
    recorder.start()
    recorder.stop()
    with engine.connect() as connection:
        connection.execute(sa.select(TABLE.c.id))
    assert recorder.entries == []


def test_recorder_keeps_no_statement_whose_compiled_form_is_shared(engine, recorder):
    with engine.connect() as connection:
        connection.execute(sa.select(TABLE.c.id).where(TABLE.c.id == 1))
        recorder.start()
        second = sa.select(TABLE.c.id).where(TABLE.c.id == 2)
        connection.execute(second).all()
        kept = weakref.ref(second)
        del second
        assert statements(recorder)
        assert kept() is None


def test_recorder_knows_only_the_executions_of_its_entries(engine, recorder):
    with engine.connect() as connection:
        before = connection.execute(sa.select(TABLE.c.id))
        recorder.start()
        now = connection.execute(sa.select(TABLE.c.id))
        assert (recorder.has_recorded(before.context), recorder.has_recorded(now.context)) == (False, True)
        recorder.start()
        assert not recorder.has_recorded(now.context)


def test_pause_leaves_out_only_its_own_thread(tmp_path, recorder):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'app.db'}")
    recorder.start()

    def execute(number):
        with engine.connect() as connection:
            connection.execute(sa.text(f"SELECT {number}"))

    with recorder.paused():
        execute(1)
        thread = threading.Thread(target=execute, args=(2,))
        thread.start()
        thread.join()
    assert statements(recorder) == ["SELECT 2"]


def test_engine_of_the_plugin_is_not_recorded(engine, recorder):
    recorder.start()
    with engine.execution_options(**{UNRECORDED: True}).begin() as connection:
        connection.execute(sa.insert(TABLE).values(id=1))
    assert recorder.entries == []


@pytest.mark.parametrize("raw", [False, True])
def test_first_write_is_announced_before_it_happens(tmp_path, recorder, raw):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'app.db'}")
    TABLE.metadata.create_all(engine)
    engine.dispose()
    seen = []

    def count(origin, _connection):
        other = sa.create_engine(engine.url, execution_options={UNRECORDED: True})
        with other.connect() as connection:
            seen.append(connection.scalar(sa.select(sa.func.count()).select_from(TABLE)))

    recorder.start(before_write=count)
    with engine.begin() as connection:
        connection.execute(sa.select(TABLE.c.id)).all()
        if raw:
            connection.connection.cursor().execute("INSERT INTO item (id) VALUES (1)")
        else:
            connection.execute(sa.insert(TABLE).values(id=1))
    assert seen == [0]


@pytest.fixture
def another_recorder():
    recorder = Recorder()
    recorder.start()
    yield recorder
    recorder.uninstall()


def insert_raw(engine, number):
    with engine.begin() as connection:
        connection.connection.cursor().execute(f"INSERT INTO item (id) VALUES ({number})")


def test_raw_cursor_is_recorded_beside_another_recorder(tmp_path, another_recorder, recorder):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'app.db'}", poolclass=sa.NullPool)
    TABLE.metadata.create_all(engine)
    recorder.start()
    insert_raw(engine, 1)
    insert_raw(engine, 2)
    raw = ["INSERT INTO item (id) VALUES (1)", "INSERT INTO item (id) VALUES (2)"]
    assert statements(recorder) == raw
    assert statements(another_recorder)[-2:] == raw


def test_raw_cursor_is_recorded_on_an_engine_that_another_recorder_left(tmp_path, another_recorder, recorder):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'app.db'}", poolclass=sa.NullPool)
    TABLE.metadata.create_all(engine)
    another_recorder.uninstall()
    recorder.start()
    insert_raw(engine, 1)
    assert statements(recorder) == ["INSERT INTO item (id) VALUES (1)"]


class OwnCursor(sqlite3.Cursor):
    pass


class OwnConnection(sqlite3.Connection):
    def cursor(self, factory=OwnCursor):
        return super().cursor(factory)


def test_raw_cursor_of_a_connection_class_of_the_project_is_recorded_and_stays_its_own(recorder):
    engine = sa.create_engine("sqlite://", connect_args={"factory": OwnConnection})
    recorder.start()
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("SELECT 1")
        cursor = raw.cursor()
        cursor.execute("SELECT 2")
    assert isinstance(raw, OwnConnection)
    assert isinstance(cursor, OwnCursor)
    assert [each for each in statements(recorder) if each.startswith("SELECT")] == ["SELECT 1", "SELECT 2"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t VALUES (1)",
        "UPDATE t SET a = 1",
        "SELECT transfer_money(1)",
        "SELECT * FROM app.lower(1)",
        'SELECT "transfer_money"(1)',
        'SELECT * FROM "app".lower(1)',
        'SELECT "app"."lower"(1)',
        'SELECT "lower" (1)',
        "SELECT transfer_money /* now */ (1)",
        "SELECT transfer_money -- now\n(1)",
        "SELECT überweise(1)",
        "SELECT E'it\\'s', transfer_money(1), 'x'",
        "SELECT $$'$$, transfer_money(1), $$'$$",
        "SELECT 'a\\', b', transfer_money(1), 'c'",
        "SELECT 'never closed, transfer_money(1)",
        'WITH x AS (SELECT "transfer_money"(1)) SELECT * FROM x',
        'VALUES ("transfer_money"(1))',
        "CREATE TABLE t (a int)",
        "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
        "CALL p()",
        "EXPLAIN ANALYZE DELETE FROM t",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "SET app.tenant = 'x'; DELETE FROM t",
        "SET @total = add_up()",
    ],
)
def test_statement_that_may_write_is_one(statement):
    assert may_write(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*), coalesce(max(a), 1) FROM t WHERE b IN (1, 2) AND c = 'transfer_money(1)'",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "SELECT 1 -- f(x)",
        "SELECT $$f(x)$$, 'g(x)', \"h(x)\" FROM t /* i(x) */",
        "EXPLAIN SELECT 1",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "/* c */ SET LOCAL app.tenant = 'add_up(1)'",
        "RESET ALL",
        "LISTEN jobs",
        "/* a */ SET app.tenant = 'x';",
    ],
)
def test_statement_that_only_computes_reads(statement):
    assert not may_write(statement)


def chain(length):
    query = sa.select(TABLE.c.id).cte("c0")
    for number in range(1, length):
        other = query.alias()
        query = sa.select(query.c.id).join(other, other.c.id == query.c.id).cte(f"c{number}")
    return sa.select(query.c.id).where(query.c.id == 7)


def test_walk_visits_each_element_once():
    found = list(elements_of(chain(14)))
    assert len({id(element) for element in found}) == len(found)
    assert len(found) < 3 * len(list(elements_of(chain(7))))


@pytest.mark.parametrize("place", ["column", "sort key"])
def test_comparing_rows_of_a_chain_of_queries_visits_no_more_than_a_walk(engine, monkeypatch, place):
    def visits(length):
        query = sa.select(TABLE.c.id).cte("c0")
        for number in range(1, length):
            other = query.alias()
            query = sa.select(query.c.id).join(other, other.c.id == query.c.id).cte(f"c{number}")
        value = sa.select(sa.func.max(query.c.id)).scalar_subquery()
        columns = (TABLE.c.id, value) if place == "column" else (TABLE.c.id,)
        ordered = sa.select(*columns).order_by(value if place == "sort key" else TABLE.c.id)
        with engine.connect() as connection:
            result = connection.execute(ordered)
            items, count = fetch_all(result), 0
            with monkeypatch.context() as patch:
                for cls in walk_subclasses(sa.sql.ClauseElement):
                    if "get_children" in cls.__dict__:
                        own = cls.__dict__["get_children"]

                        def each(self, *args, own=own, **kwargs):
                            nonlocal count
                            count += 1
                            return own(self, *args, **kwargs)

                        patch.setattr(cls, "get_children", each)
                to_table(result, items, IdColumns(TABLE.metadata), masks=Masks(["*.secret"]), render=None)
        return count

    # SQLite 3.53 joins no more than 64 tables, and a chain of 7 has 64
    assert visits(7) < 4 * visits(3)


def test_statement_of_one_cache_key_is_learned_once_for_all_its_objects(engine, recorder, monkeypatch):
    reader = RecordingReader(IdColumns(TABLE.metadata), masks=Masks())
    learned = []
    learn = reader._learn
    monkeypatch.setattr(reader, "_learn", lambda compiled: learned.append(compiled) or learn(compiled))
    recorder.start()
    for cache in ({}, {}, {}):
        with engine.execution_options(compiled_cache=cache).connect() as connection:
            connection.execute(sa.select(TABLE).where(TABLE.c.id == 1))
    found = [entry for entry in reader.read(recorder.entries) if hasattr(entry, "owners")]
    assert [statement.owners for statement in found] == [{"id_1": "item"}] * 3
    assert len(learned) == 1


@pytest.fixture
def beside(tmp_path):
    """Return a function that opens a transaction in a thread and ends it when its event is set."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'beside.db'}")
    threads = []

    def begin(end):
        opened = threading.Event()

        def work():
            with engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
                opened.set()
                end.wait(30)

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        assert opened.wait(30)

    yield begin
    for thread in threads:
        thread.join()
    engine.dispose()


def last(recorder):
    return getattr(recorder.entries[-1], "boundary", None)


def test_transaction_that_another_thread_is_ending_is_waited_for(recorder, beside, monkeypatch):
    end = threading.Event()
    recorder.start()
    beside(end)
    # the other thread ends its transaction while this one already waits
    monkeypatch.setattr("pytest_query_snapshot.recording.recorder.SETTLE_SECONDS", 30)
    monkeypatch.setattr("pytest_query_snapshot.recording.recorder.time.sleep", lambda _: end.set())
    recorder.settle()
    assert last(recorder).command == "ROLLBACK"


def test_transaction_that_another_thread_keeps_is_waited_for_once(recorder, beside, monkeypatch):
    end = threading.Event()
    waits = []
    recorder.start()
    beside(end)
    monkeypatch.setattr("pytest_query_snapshot.recording.recorder.SETTLE_SECONDS", 0.01)
    monkeypatch.setattr("pytest_query_snapshot.recording.recorder.time.sleep", waits.append)
    recorder.settle()
    assert waits
    waits.clear()
    recorder.settle()
    assert not waits
    end.set()


def test_transaction_of_this_thread_is_not_waited_for(engine, recorder, monkeypatch):
    monkeypatch.setattr("pytest_query_snapshot.recording.recorder.time.sleep", lambda _: pytest.fail("it waits"))
    recorder.start()
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        recorder.settle()
