"""The statements that every step runs, built once: SQLAlchemy takes longer to build one than SQLite to run it."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, update

from controlplane.execution import queries
from controlplane.models import LifecycleEvent, WorkflowExecution, WorkflowExecutionLog, WorkflowStepExecution
from controlplane.models.tracked_json import TrackedJSON

if TYPE_CHECKING:
    from sqlalchemy import Connection, Insert, Update

    Row = dict[str, Any]
    Shape = tuple[str, tuple[tuple[str, str], ...]]

INSERT_LOGS, INSERT_EVENTS, INSERT_NEXT_EVENT, INSERT_ATTEMPTS = (
    queries.insert_logs(),
    queries.insert_events(),
    queries.insert_next_event(),
    queries.insert_attempts(),
)
LOCK_EXECUTION = queries.lock_execution(execution_id=bindparam("execution_id"))
SELECT_RESULTS = queries.select_results(
    execution_id=bindparam("execution_id"), keys=bindparam("keys", expanding=True)
)
SELECT_READY = queries.select_ready(execution_id=bindparam("execution_id"), now=bindparam("now"))
_COLUMNS = WorkflowStepExecution.__table__.c


@cache
def move_step(names: tuple[str, ...], *, is_fenced: bool) -> Update:
    """Build the statement that moves an attempt and sets these columns; fenced, only under its lease."""
    statement = (
        update(WorkflowStepExecution.__table__)  # type: ignore[arg-type]
        .where(_COLUMNS.id == bindparam("of_id"), _COLUMNS.status == bindparam("of_status"))
        .values({name: bindparam(f"new_{name}", type_=_COLUMNS[name].type) for name in names})
    )
    return statement.where(_COLUMNS.lease_token == bindparam("of_token")) if is_fenced else statement


@cache
def change_execution(names: tuple[str, ...]) -> Update:
    """Build the statement that changes these columns of an execution, unless it was changed concurrently."""
    execution = WorkflowExecution
    return (
        update(execution.__table__)  # type: ignore[arg-type]
        .where(
            execution.id == bindparam("of_id"),
            execution.status == bindparam("of_status"),
            execution.lock_version == bindparam("of_version"),
        )
        .values({name: bindparam(f"new_{name}", type_=execution.__table__.c[name].type) for name in names})
    )


MAX_JOINED_ROWS = 12
"""More rows than these are inserted by one statement per table: the shapes of joined statements stay few."""
_TABLES: dict[str, Any] = {
    "attempt": WorkflowStepExecution.__table__,
    "event": LifecycleEvent.__table__,
    "log": WorkflowExecutionLog.__table__,
}
_JSON = frozenset(
    column.key for table in _TABLES.values() for column in table.c if isinstance(column.type, TrackedJSON)
)
_INSERTS = {"attempt": INSERT_ATTEMPTS, "event": INSERT_EVENTS, "log": INSERT_LOGS}


def insert_trail(connection: Connection, *, attempts: list[list[Row]], events: list[Row], logs: list[Row]) -> None:
    """Insert new attempts, their events and lines of the log: on PostgreSQL in one round trip if they are few."""
    tables = [("attempt", rows) for rows in attempts] + [("event", events), ("log", logs)]
    new = [(table, row) for table, rows in tables for row in rows]
    if connection.dialect.name == "postgresql" and 1 < len(new) <= MAX_JOINED_ROWS:
        shapes, given = shapes_of(new)
        connection.execute(insert_together(shapes), given)
        return
    for table, rows in tables:
        if rows:
            connection.execute(_INSERTS[table], rows)


def shapes_of(new: list[tuple[str, Row]]) -> tuple[tuple[Shape, ...], Row]:
    """Name the parameters of each row's columns; return the names, and the values by name.

    Equal ids, times and texts share a parameter: psycopg reads a statement of more than 50 at every execution.
    A null is left out, except that of a JSON column: nothing is SQL NULL there, None is JSON null.
    """
    shapes: list[Shape] = []
    given: Row = {}
    shared: dict[Any, str] = {}
    for number, (table, row) in enumerate(new):
        names = []
        for column, value in row.items():
            if value is None and column not in _JSON:
                continue
            name = f"{column}_{number}"
            if isinstance(value, uuid.UUID | datetime):
                name = shared.setdefault(value, name)
            elif isinstance(value, str):
                name = shared.setdefault((column, value), name)
            given[name] = value
            names.append((column, name))
        shapes.append((table, tuple(names)))
    return tuple(shapes), given


@lru_cache(maxsize=256)
def insert_together(shapes: tuple[Shape, ...]) -> Insert:
    """Build the statement that inserts one row per shape: a table, and its columns with their parameters.

    Each row is a WITH part of its own: SQLAlchemy compiles an INSERT of several rows at every execution.
    """
    *others, last = (_insert_row(*shape) for shape in shapes)
    return last.add_cte(*(other.cte(f"row_{number}") for number, other in enumerate(others)))


def _insert_row(table: str, names: tuple[tuple[str, str], ...]) -> Insert:
    columns = _TABLES[table].c
    return insert(_TABLES[table]).values(
        {column: bindparam(name, type_=columns[column].type) for column, name in names}
    )
