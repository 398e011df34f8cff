"""What production shows, and what an isolation mode does with it: shows the same, or refuses.

Each scenario is run on real connections too, so `production` is what the database itself says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

RIGHT, REFUSED = "right", "refused"


@dataclass(frozen=True)
class Scenario:
    """`run` takes an engine; `savepoint` is what that mode does."""

    name: str
    dialect: str
    run: Callable[[sa.Engine], Any]
    production: Any
    savepoint: str = RIGHT


def scalar(connection, statement, **values):
    return connection.scalar(sa.text(statement), values)


def run(connection, *statements):
    for statement in statements:
        connection.execute(sa.text(statement))


def outcome(connection, statement):
    """Return the rows of a statement, or the name of the database's error."""
    try:
        found = connection.execute(sa.text(statement))
        return [tuple(row) for row in found] if found.returns_rows else "done"
    except sa.exc.DBAPIError as error:
        return type(error.orig).__name__


def alone(*statements: str, then: str) -> Callable[[sa.Engine], Any]:
    """Run statements, commit, and ask on the same connection."""

    def scenario(engine):
        with engine.connect() as connection:
            run(connection, *statements)
            connection.commit()
            return outcome(connection, then)

    return scenario


def rolled_back(*statements: str, then: str) -> Callable[[sa.Engine], Any]:
    """Run statements, roll back, and ask on the same connection."""

    def scenario(engine):
        with engine.connect() as connection:
            run(connection, *statements)
            connection.rollback()
            return outcome(connection, then)

    return scenario


def beside(*statements: str, then: str, commit: bool = True) -> Callable[[sa.Engine], Any]:
    """Run statements on one connection and ask on a second one while the first is still there."""

    def scenario(engine):
        with engine.connect() as first, engine.connect() as second:
            run(first, *statements)
            if commit:
                first.commit()
            return outcome(second, then)

    return scenario


def back_and_forth(engine):
    with engine.connect() as first, engine.connect() as second:
        for connection, value in ((first, "1"), (second, "2")):
            run(connection, f"SET app.tenant = '{value}'")
            connection.commit()
        return [
            scalar(connection, "SELECT current_setting('app.tenant')") for connection in (first, second, first)
        ]


def between(mode: str | None, statement: str | None = None) -> Callable[[sa.Engine], Any]:
    """Count on a first connection, insert and commit on a second one, count on the first again."""

    def scenario(engine):
        options = {} if mode is None else {"isolation_level": mode}
        with engine.connect().execution_options(**options) as first, engine.connect() as second:
            if statement is not None:
                run(first, statement)
            before = scalar(first, "SELECT count(*) FROM item")
            run(second, "INSERT INTO item (id, name) VALUES (7, 'seven')")
            second.commit()
            return scalar(first, "SELECT count(*) FROM item") - before

    return scenario


def policy_of_another(engine):
    with engine.connect() as first, engine.connect() as second:
        run(first, "SET app.tenant = '1'")
        first.commit()
        run(second, "SET ROLE pg_monitor")
        return outcome(second, "TABLE kept")


def read_only_option(engine):
    with engine.connect().execution_options(postgresql_readonly=True) as connection:
        refused = outcome(connection, "INSERT INTO item (name) VALUES ('a')")
    with engine.connect() as connection:
        return refused, outcome(connection, "INSERT INTO item (id, name) VALUES (8, 'a')")


def read_only_again(engine):
    """A read-only transaction stays one after another connection has worked."""
    with engine.connect() as first, engine.connect() as second:
        run(first, "SET TRANSACTION READ ONLY", "SELECT 1")
        run(second, "INSERT INTO item (id, name) VALUES (8, 'a')")
        second.commit()
        return outcome(first, "INSERT INTO item (id, name) VALUES (9, 'b')")


def function_on_another_connection(engine):
    with engine.connect() as first, engine.connect() as second:
        first.connection.driver_connection.create_function("twice", 1, lambda number: 2 * number)
        return scalar(first, "SELECT twice(2)"), outcome(second, "SELECT twice(2)")


def facts_of_the_driver(engine):
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        before = raw.in_transaction, raw.total_changes
        run(connection, "INSERT INTO item (id, name) VALUES (1, 'a'), (2, 'b')")
        during = raw.in_transaction, raw.total_changes
        connection.commit()
        return before, during, (raw.in_transaction, raw.total_changes)


def time_of_transactions(engine):
    """The time stands still in a transaction and moves to the next one, under the names that the words have."""
    query = "SELECT now(), CURRENT_TIMESTAMP, now() AT TIME ZONE 'UTC', pg_typeof(LOCALTIME(0))::text"
    with engine.connect() as connection:
        first = connection.execute(sa.text(query)).one()
        second = connection.execute(sa.text(query)).one()
        connection.rollback()
        third = connection.execute(sa.text(query)).one()
    kind = third[3]
    return first == second, first[0] == first[1] < third[0] == third[1], kind, tuple(first._fields)


def time_against_the_clock(engine):
    """The time of a transaction is not before the test."""
    with engine.connect() as connection:
        before = scalar(connection, "SELECT clock_timestamp()")
        connection.rollback()
        run(connection, "CREATE TABLE job (due timestamptz)")
        connection.execute(sa.text("INSERT INTO job VALUES (:due)"), {"due": before})
        connection.commit()
        return scalar(connection, "SELECT count(*) FROM job WHERE due < now()")


def notified(engine):
    with engine.connect() as first, engine.connect() as second:
        run(first, "LISTEN jobs")
        first.commit()
        run(second, "NOTIFY jobs, 'new'")
        second.commit()
        run(first, "SELECT 1")
        raw = first.connection.driver_connection
        return [(each.channel, each.payload) for each in raw.notifies(timeout=1, stop_after=1)]


def transaction_ids(engine):
    """Each transaction has a number of its own, and a row the one that has written it."""
    with engine.connect() as connection:
        numbers = []
        for number in (1, 2):
            numbers.append(scalar(connection, "SELECT pg_current_xact_id()::text"))
            run(connection, f"INSERT INTO item (id, name) VALUES ({number}, 'x{number}')")
            connection.commit()
        rows = connection.execute(sa.text("SELECT xmin::text FROM item ORDER BY id")).scalars().all()
        return len(set(numbers)), rows == numbers


def version_of_a_row(engine):
    """A system column that changes with each update, as optimistic locking reads it."""
    with engine.connect() as connection:
        run(connection, "INSERT INTO item (id, name) VALUES (1, 'x')")
        connection.commit()
        before = scalar(connection, "SELECT xmin::text FROM item")
        connection.commit()
        run(connection, "UPDATE item SET name = 'y'")
        connection.commit()
        return before != scalar(connection, "SELECT xmin::text FROM item")


def autocommit(engine):
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        run(connection, "INSERT INTO item (id, name) VALUES (1, 'x')")
        connection.rollback()
        return scalar(connection, COUNT)


def failed_at_commit(*statements: str) -> Callable[[sa.Engine], Any]:
    """Run statements, and give the error of the commit."""

    def scenario(engine):
        with engine.connect() as connection:
            run(connection, *statements)
            try:
                connection.commit()
            except sa.exc.DBAPIError as error:
                connection.rollback()
                return type(error.orig).__name__, scalar(connection, COUNT)
            return "done"

    return scenario


def after_an_error(engine):
    with engine.connect() as connection:
        failed = outcome(connection, "SELECT * FROM nothing")
        aborted = outcome(connection, "SELECT 1")
        connection.rollback()
        return failed, aborted, outcome(connection, "SELECT 1")


def streamed_over_a_commit(engine):
    """A cursor of the server, which the driver declares, ends with its transaction."""
    with engine.connect().execution_options(stream_results=True, max_row_buffer=1) as connection:
        result = connection.execute(sa.text("SELECT generate_series(1, 30)"))
        result.fetchone()
        connection.commit()
        try:
            return len(result.fetchall())
        except sa.exc.DBAPIError as error:
            return type(error.orig).__name__


def streamed_beside_commits(engine):
    """The cursor of a reader stays while another connection commits."""
    with engine.connect().execution_options(stream_results=True, max_row_buffer=1) as first:
        result = first.execute(sa.text("SELECT generate_series(1, 30)"))
        result.fetchone()
        for number in (1, 2):
            with engine.begin() as second:
                run(second, f"INSERT INTO item (id, name) VALUES ({number}, 'n{number}')")
        return len(result.fetchall())


LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
TENANT = "SELECT current_setting('app.tenant', true)"
SET_TENANT = (
    "CREATE FUNCTION set_tenant(text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.tenant', $1, {}) $$"
)
POLICY = (
    "CREATE TABLE kept AS SELECT '1' AS tenant; ALTER TABLE kept ENABLE ROW LEVEL SECURITY; "
    "GRANT SELECT ON kept TO pg_monitor; "
    "CREATE POLICY own ON kept USING (tenant = current_setting('app.tenant', true))"
)
ADD_ITEM = "CREATE FUNCTION add_item() RETURNS void LANGUAGE sql AS $$ INSERT INTO item VALUES (5, 'five') $$"
COUNT = "SELECT count(*) FROM item"
HELD = "SELECT id FROM item WHERE id = 1 FOR UPDATE"


def with_item(*statements: str, then: str) -> Callable[[sa.Engine], Any]:
    """Do as `beside` with an open transaction, with one committed row."""

    def scenario(engine):
        with engine.begin() as connection:
            run(connection, "INSERT INTO item (id, name) VALUES (1, 'one')")
        return beside(*statements, then=then, commit=False)(engine)

    return scenario


def with_function(definition: str, scenario: Callable[[sa.Engine], Any]) -> Callable[[sa.Engine], Any]:
    def defined(engine):
        with engine.begin() as connection:
            run(connection, definition)
        return scenario(engine)

    return defined


POSTGRESQL = [
    ("set local ends at commit", alone("SET LOCAL app.tenant = '1'", then=TENANT), [("",)]),
    ("set_config local", alone("SELECT set_config('app.tenant', '1', true)", then=TENANT), [("",)]),
    ("set_config local in a CTE",
     alone("WITH a AS (SELECT set_config('app.tenant', '1', 't')) TABLE a", then=TENANT),
     [("",)]),
    ("set local over set", alone("SET app.tenant = '1'", "SET LOCAL app.tenant = '2'", then=TENANT), [("1",)]),
    ("set stays", alone("SET app.tenant = '1'", then=TENANT), [("1",)]),
    ("set_config for the session stays", alone("SELECT set_config('app.tenant', '1', false)", then=TENANT),
     [("1",)]),
    ("set is rolled back", rolled_back("SET app.tenant = '1'", then=TENANT), [("",)]),
    ("reset all", alone("SET app.tenant = '1'", "RESET ALL", then=TENANT), [("",)]),
    ("set local role", alone("SET LOCAL ROLE pg_monitor", then="SELECT current_user = session_user"), [(True,)]),
    ("set role stays", alone("SET ROLE pg_monitor", then="SELECT current_user"), [("pg_monitor",)]),
    ("local search_path", alone("SET LOCAL search_path = pg_catalog", then=COUNT), [(0,)]),
    ("search_path stays", alone("SET search_path = pg_catalog", then=COUNT), "UndefinedTable"),
    ("time zone stays", alone("SET TIME ZONE 'Asia/Tokyo'", then="SHOW timezone"), [("Asia/Tokyo",)]),
    ("local time zone", alone("SET LOCAL TIME ZONE 'Asia/Tokyo'", then="SHOW timezone"), [("UTC",)]),
    ("a function sets locally",
     with_function(SET_TENANT.format("true"), alone("SELECT set_tenant('1')", then=TENANT)), [("",)]),
    ("a function sets for the session",
     with_function(SET_TENANT.format("false"), alone("SELECT set_tenant('1')", then=TENANT)), [("1",)]),
    ("a function sets as its caller says",
     with_function(
         SET_TENANT.replace("text)", "text, boolean)", 1).format("$2"),
         alone("SELECT set_tenant('1', true)", then=TENANT),
     ),
     [("",)], REFUSED),
    ("on commit drop", alone("CREATE TEMP TABLE t (x int) ON COMMIT DROP", then="TABLE t"), "UndefinedTable"),
    ("on commit delete rows",
     alone("CREATE TEMPORARY TABLE t (x int) ON COMMIT DELETE ROWS", "INSERT INTO t VALUES (1)", then="TABLE t"),
     []),
    ("temporary table stays", alone("CREATE TEMP TABLE t AS SELECT 1 AS x", then="TABLE t"), [(1,)]),
    ("xact lock ends", alone("SELECT pg_advisory_xact_lock(1)", then=LOCKS), [(0,)], REFUSED),
    ("set is not shared", beside("SET app.tenant = '1'", then=TENANT), [(None,)], REFUSED),
    ("role is not shared", beside("SET ROLE pg_monitor", then="SELECT current_user = session_user"), [(True,)]),
    ("search_path is not shared", beside("SET search_path = pg_catalog", then=COUNT), [(0,)]),
    ("each connection has its settings", back_and_forth, ["1", "2", "1"]),
    ("a function sets for one session",
     with_function(SET_TENANT.format("false"), beside("SELECT set_tenant('1')", then=TENANT)), [(None,)], REFUSED),
    ("policy with a setting of another",
     with_function(POLICY, policy_of_another), []),
    ("session lock",
     beside("SELECT pg_advisory_lock(1)", then="SELECT pg_try_advisory_lock(1)"), [(False,)], REFUSED),
    ("xact lock",
     beside("SELECT pg_advisory_xact_lock(1)", then="SELECT pg_try_advisory_xact_lock(1)", commit=False),
     [(False,)], REFUSED),
    ("skip locked", with_item(HELD, then=f"{HELD} SKIP LOCKED"), [], REFUSED),
    ("nowait", with_item(HELD, then=f"{HELD} NOWAIT"), "LockNotAvailable", REFUSED),
    ("skip locked after an update",
     with_item("UPDATE item SET name = 'x'", then=f"{HELD} SKIP LOCKED"), [], REFUSED),
    ("uncommitted rows", with_item("INSERT INTO item VALUES (2, 'two')", then=COUNT), [(1,)], REFUSED),
    ("uncommitted rows of a CTE",
     with_item("WITH a AS (INSERT INTO item VALUES (2, 'two') RETURNING id) TABLE a", then=COUNT),
     [(1,)], REFUSED),
    ("uncommitted rows of a function",
     with_function(ADD_ITEM, beside("SELECT add_item()", then=COUNT, commit=False)), [(0,)], REFUSED),
    ("uncommitted rows of EXPLAIN",
     with_item("EXPLAIN /* c */ (ANALYSE) INSERT INTO item VALUES (2, 'two')", then=COUNT), [(1,)], REFUSED),
    ("read committed", between(None), 1),
    ("repeatable read", between("REPEATABLE READ"), 0, REFUSED),
    ("serializable", between("SERIALIZABLE"), 0, REFUSED),
    ("SET TRANSACTION", between(None, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"), 0, REFUSED),
    ("read-only option", read_only_option, ("ReadOnlySqlTransaction", "done")),
    ("SET TRANSACTION READ ONLY", read_only_again, "ReadOnlySqlTransaction"),
    ("session characteristics",
     alone("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", then="INSERT INTO item VALUES (1, 'x')"),
     "ReadOnlySqlTransaction", REFUSED),
    ("default_transaction_read_only",
     alone("SET default_transaction_read_only = on", then="INSERT INTO item VALUES (1, 'x')"),
     "ReadOnlySqlTransaction", REFUSED),
    ("listen", alone("LISTEN jobs", then="SELECT * FROM pg_listening_channels()"), [("jobs",)], REFUSED),
    ("prepare", beside("PREPARE p AS SELECT 1", then="EXECUTE p"), "InvalidSqlStatementName", REFUSED),
    ("prepare stays", alone("PREPARE p AS SELECT 1", then="EXECUTE p"), [(1,)]),
    ("temporary table of another",
     beside("CREATE TEMP TABLE t (x int)", then="TABLE t"), "UndefinedTable", REFUSED),
    ("now() moves with transactions", time_of_transactions,
     (True, True, "time without time zone", ("now", "current_timestamp", "timezone", "pg_typeof"))),
    ("now() in a condition", time_against_the_clock, 1),
    ("a COMMIT with a comment",
     rolled_back("INSERT INTO item VALUES (1, 'x')", "COMMIT/*x*/", then=COUNT), [(1,)], REFUSED),
    ("a savepoint of the application",
     alone("SAVEPOINT one", "INSERT INTO item VALUES (1, 'x')", "ROLLBACK TO one", then=COUNT), [(0,)]),
    ("cursor stays", alone("DECLARE c CURSOR WITH HOLD FOR SELECT 1", then="FETCH c"), [(1,)]),
    ("cursor ends", alone("DECLARE c CURSOR FOR SELECT 1", then="FETCH c"), "InvalidCursorName"),
    ("stream over a commit", streamed_over_a_commit, "InvalidCursorName"),
    ("stream beside commits", streamed_beside_commits, 29),
    ("autocommit", autocommit, 1),
    ("constraint at commit", failed_at_commit(
        "CREATE TABLE one (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)", "INSERT INTO one VALUES (1), (1)"),
     ("UniqueViolation", 0)),
    ("after an error", after_an_error, ("UndefinedTable", "InFailedSqlTransaction", [(1,)])),
    ("table lock",
     with_item("LOCK TABLE item", then="LOCK TABLE item IN SHARE MODE NOWAIT"), "LockNotAvailable", REFUSED),
    ("number of a transaction", transaction_ids, (2, True), REFUSED),
    ("xmin of a row", version_of_a_row, True),
    ("notify", notified, [("jobs", "new")], REFUSED),
    ("sequence after rollback",
     rolled_back("INSERT INTO item (name) VALUES ('a')", then="SELECT last_value FROM item_id_seq"), [(1,)]),
    ("currval of another",
     beside("INSERT INTO item (name) VALUES ('a')", then="SELECT currval('item_id_seq')"),
     "ObjectNotInPrerequisiteState", REFUSED),
]  # fmt: skip
SQLITE = [
    ("temporary table stays", alone("CREATE TEMP TABLE t AS SELECT 1 AS x", then="SELECT * FROM t"), [(1,)]),
    ("temporary table of another",
     beside("CREATE TEMP TABLE t (x int)", then="SELECT * FROM t"), "OperationalError",
     REFUSED),
    ("temp. of another",
     beside("CREATE TABLE temp.t (x int)", then="SELECT * FROM t"), "OperationalError", REFUSED),
    ("function of another", function_on_another_connection, (4, "OperationalError"), REFUSED),
    ("uncommitted rows", with_item("INSERT INTO item VALUES (2, 'two')", then=COUNT), [(1,)], REFUSED),
    ("uncommitted rows of a CTE",
     with_item("WITH a AS (SELECT 2) INSERT OR IGNORE INTO item SELECT 2, 'two'", then=COUNT), [(1,)], REFUSED),
    ("rollback of a CTE",
     rolled_back("WITH a AS (SELECT 2) INSERT OR IGNORE INTO item SELECT 2, 'two'", then=COUNT), [(0,)]),
    ("last_insert_rowid of another",
     beside("INSERT INTO item VALUES (5, 'five')", then="SELECT last_insert_rowid()"), [(0,)], REFUSED),
    ("last_insert_rowid",
     alone("INSERT INTO item VALUES (5, 'five')", then="SELECT last_insert_rowid()"), [(5,)]),
    ("pragma", beside("PRAGMA case_sensitive_like(1)", then="SELECT 'a' LIKE 'A'"), [(1,)], REFUSED),
    ("pragma without brackets", beside("PRAGMA reverse_unordered_selects = 1", then=COUNT), [(0,)], REFUSED),
    ("a COMMIT with a comment",
     rolled_back("INSERT INTO item VALUES (1, 'x')", "COMMIT/*x*/", then=COUNT), [(1,)], REFUSED),
    ("query_only",
     alone("PRAGMA query_only(1)", then="INSERT INTO item VALUES (1, 'x')"), "OperationalError", REFUSED),
    ("foreign_keys", alone("PRAGMA foreign_keys(1)", then="PRAGMA foreign_keys"), [(1,)]),
    ("autocommit", autocommit, 1),
    ("changes of another",
     beside("INSERT INTO item VALUES (5, 'five')", then="SELECT changes()"), [(0,)], REFUSED),
    ("user_version", beside("PRAGMA user_version = 5", then="PRAGMA user_version"), [(5,)]),
    ("a savepoint of the application",
     alone("SAVEPOINT one", "INSERT INTO item VALUES (1, 'x')", "ROLLBACK TO one", then=COUNT), [(0,)]),
    ("facts of the driver", facts_of_the_driver, ((False, 0), (True, 2), (False, 2))),
]  # fmt: skip
SCENARIOS = [
    Scenario(name, dialect, run, production, *rest)
    for dialect, scenarios in (("postgresql", POSTGRESQL), ("sqlite", SQLITE))
    for name, run, production, *rest in scenarios
]


def table() -> str:
    """Write what each mode does, as the documentation shows it."""
    rows = [
        f"| {one.dialect} | {one.name} | {one.savepoint} | {RIGHT} | {RIGHT} |"
        for one in sorted(SCENARIOS, key=lambda one: one.dialect)
    ]
    return "\n".join(
        ["| database | scenario | `savepoint` | `connections` | `none` |", "|---|---|---|---|---|", *rows]
    )
