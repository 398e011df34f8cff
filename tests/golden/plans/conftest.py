"""Databases with pinned statistics: each plan golden shows what a database does that holds many rows.

PostgreSQL decides by the pages of its tables and by ANALYZE, so it gets a world of rows, the same in every run and
few enough for ANALYZE to read them all. SQLite decides by `sqlite_stat1` alone, so that is written.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from controlplane.models import Base
from pytest_query_snapshot.databases.plans import plan_of

PLANNED_BY = 18  # the version in the wheel
BEGIN, DAYS = datetime(2025, 2, 1, tzinfo=UTC), 365
SIZES = {
    "workspace": 2,
    "user_account": 50,
    "agent": 200,
    "workflow": 40,
    "workflow_version": 40,
    "workflow_step": 320,
    "canvas": 500,
    "debug_session": 500,
    "breakpoint": 400,
    "agent_execution": 20_000,
    "workflow_execution": 8_000,
    "workflow_step_execution": 24_000,
    "lifecycle_event": 24_000,
    "canvas_audit": 10_000,
    "execution_trace": 10_000,
    "execution_day": 4_000,
    "execution_day_built": 730,
    "execution_day_change": 4,
}
OTHERS = 5_000
WORKSPACES = 40  # so many that the SQLite versions agree on which index finds the rows of one
# where a row's number decides: keys that are unique, and spans of time
OWN = {
    "workflow_version.workflow_id": "lpad(to_hex(n + 1), 32, '0')::uuid",
    "workflow_version.version": "1",
    "workflow_step.version_id": "lpad(to_hex(n % 40 + 1), 32, '0')::uuid",
    "workflow_step.key": "'step ' || n / 40",
    "workflow_step.position": "n / 40",
    "workflow_step.depends_on": "CASE WHEN n < 40 THEN '[]' ELSE '[\"step ' || n / 40 - 1 || '\"]' END::json",
    "workflow_step_execution.execution_id": "lpad(to_hex(n / 3 + 1), 32, '0')::uuid",
    "workflow_step_execution.step_key": "'step ' || n % 8",
    "workflow_step_execution.role": "'step'",
    "workflow_step_execution.attempt": "1",
    "lifecycle_event.record_kind": "(ARRAY['proposal', 'agent_execution', 'agent.maturity'])[n / 4 % 3 + 1]",
    "lifecycle_event.record_id": "lpad(to_hex(n / 4 + 1), 32, '0')::uuid",
    "lifecycle_event.sequence": "n % 4 + 1",
    "lifecycle_event.from_status": "CASE WHEN n % 4 > 0 THEN 'state ' || n % 4 END",
    "lifecycle_event.to_status": "'state ' || n % 4 + 1",
    "canvas_audit.canvas_id": "lpad(to_hex(n / 20 + 1), 32, '0')::uuid",
    "canvas_audit.sequence": "n % 20 + 1",
    "execution_trace.session_id": "lpad(to_hex(n / 20 + 1), 32, '0')::uuid",
    "execution_trace.sequence": "n % 20 + 1",
    "workflow_execution_log.execution_id": "lpad(to_hex(n / 2 + 1), 32, '0')::uuid",
    "intervention.sequence": "n",
    "execution_day.day": f"timestamptz '{BEGIN:%Y-%m-%d} 00:00:00Z' + n % {DAYS} * interval '1 day'",
    "execution_day_built.workspace_id": "lpad(to_hex(n % 2 + 1), 32, '0')::uuid",
    "execution_day_built.day": f"timestamptz '{BEGIN:%Y-%m-%d} 00:00:00Z' + n / 2 * interval '1 day'",
    "execution_day_change.day": f"timestamptz '{BEGIN:%Y-%m-%d} 00:00:00Z' + n * interval '1 day'",
}
FILLED = ("started_at", "completed_at", "reviewed_at", "resolved_at", "duration_seconds", "rating", "reviewer_id")


@pytest.fixture
def same_planner(engine):
    """Only the planner that made the goldens is asked for the same plans: every PostgreSQL has its own."""
    with engine.connect() as connection:
        version = connection.dialect.server_version_info[0]
        if connection.dialect.name == "postgresql" and version != PLANNED_BY:
            pytest.skip(f"the plans are those of PostgreSQL {PLANNED_BY}, this is {version}")


@pytest.fixture(scope="module")
def plans_made():
    """Keep the plans of a module: the world is made once."""
    return {}


@pytest.fixture
def planned(request, plans_made):
    """Ask how statements are run: `planned(cases)`, a case being a name, a statement, an index to do without."""

    def made(cases):
        if not plans_made:
            database = request.getfixturevalue("scratch_database")
            with database.engine().connect() as connection:
                pin(connection)
                for name, statement, lost in cases:
                    plans_made[name, lost] = plan_without(connection, statement, lost)
        return plans_made

    return made


def plan_without(connection, statement, index):
    with connection.begin() as transaction:
        if index is not None:
            connection.exec_driver_sql(f"DROP INDEX {index}")
        found = plan_of(connection, statement)
        transaction.rollback()
    return found


def pin(connection):
    """Give a database its statistics."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        for row in sqlite_statistics(connection):
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", row)
        connection.exec_driver_sql("ANALYZE sqlite_schema")
        connection.commit()
        return
    # VACUUM takes no row for visible to all whose commit may not have been written
    connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
    for table in Base.metadata.sorted_tables:
        for check in table.constraints:
            if isinstance(check, sa.CheckConstraint):
                connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{check.name}"')
        connection.exec_driver_sql(insertion(table).replace("%", "%%"))
    connection.commit()
    vacuum(connection)


def vacuum(connection):
    """Have VACUUM say of every page that its rows are visible to all, or no index could answer alone."""
    hidden = """SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relpages > relallvisible"""
    raw = connection.connection.driver_connection
    for _ in range(20):
        raw.autocommit = True
        raw.execute("VACUUM (FREEZE, ANALYZE)")
        raw.autocommit = False
        left = connection.exec_driver_sql(hidden).scalars().all()
        connection.commit()
        if not left:
            return
        time.sleep(0.1)  # a page that is being written is left out
    pytest.fail(f"VACUUM left pages out of {left}")


def size(table):
    return SIZES.get(table.name, OTHERS)


def insertion(table):
    """Write the INSERT of a table's world for PostgreSQL."""
    places = {column.name: value(column, place) for place, column in enumerate(table.columns, 1)}
    return (
        f"INSERT INTO {table.name} ({', '.join(places)}) SELECT {', '.join(places.values())} "
        f"FROM generate_series(0, {size(table) - 1}) AS numbers(n) ON CONFLICT DO NOTHING"
    )


def value(column, place):
    """Write one column of row `n`: independent of its neighbours, spread evenly, in order of time."""
    mixed = f"(n * {7919 + 2 * place} + {place}) / 7"
    key = f"{column.table.name}.{column.name}"
    kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
    if key in OWN:
        return OWN[key]
    if column.nullable and column.name not in FILLED:
        return "NULL"
    if column.primary_key and column.name == "id":
        return "lpad(to_hex(n + 1), 32, '0')::uuid"
    if column.foreign_keys:
        parent = next(iter(column.foreign_keys)).column.table
        return f"lpad(to_hex({mixed} % {size(parent)} + 1), 32, '0')::uuid"
    return by_type(column, kind, mixed)


def by_type(column, kind, mixed):
    if isinstance(column.type, sa.Enum):
        members = ", ".join(f"'{member}'" for member in column.type.enums)
        return f"(ARRAY[{members}])[{mixed} % {len(column.type.enums)} + 1]"
    if isinstance(kind, sa.DateTime):
        later = {"started_at": 1, "completed_at": 60, "reviewed_at": 600, "resolved_at": 600}.get(column.name, 0)
        step = DAYS * 86400 / size(column.table)
        return f"timestamptz '{BEGIN:%Y-%m-%d} 00:00:00Z' + (n * {step} + {later}) * interval '1 second'"
    plain = {
        sa.Boolean: "n % 2 = 0",
        sa.Integer: f"{mixed} % 5 + 1",
        sa.Float: f"({mixed} % 1000) / 1000.0",
        sa.String: f"'{column.name} ' || {mixed} % 1000",
        sa.Uuid: f"lpad(to_hex({mixed} % 1000 + 1), 32, '0')::uuid",
    }
    return next((text for type_, text in plain.items() if isinstance(kind, type_)), "'{}'")


def many(table):
    """Say how many rows a table has where nothing has to be loaded: what grows is 500 times as long."""
    return size(table) * (500 if size(table) >= OTHERS else 20)


def sqlite_statistics(connection):
    """List table, index, and as text its rows and how many of them share each prefix of the index."""
    for table in Base.metadata.sorted_tables:
        rows = many(table)
        listed = connection.exec_driver_sql(f"PRAGMA index_list('{table.name}')").all()
        for index in sorted(row[1] for row in listed):
            columns = [row[2] for row in connection.exec_driver_sql(f"PRAGMA index_info('{index}')")]
            shares, alike = [], rows
            for name in columns:
                # an expression has no name, and hardly two values alike
                alike = max(alike // (many(table) if name is None else distinct(table.columns[name])), 1)
                shares.append(alike)
            if index.startswith("sqlite_autoindex"):
                shares[-1] = 1
            yield table.name, index, " ".join(str(number) for number in (rows, *shares))


def distinct(column):
    """Say how many values a column has."""
    if column.name == "workspace_id":
        return WORKSPACES
    if isinstance(column.type, sa.Enum):
        return len(column.type.enums)
    if column.foreign_keys:
        return many(next(iter(column.foreign_keys)).column.table)
    if column.name in ("record_kind", "maturity_level", "priority", "attempt", "role"):
        return 3
    return many(column.table)
