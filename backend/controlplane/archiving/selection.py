"""The selection of rows for an archive: ended executions and their records, without rows that others refer to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from controlplane.models import AgentExecution, Base, LifecycleEvent, WorkflowExecution

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator
    from datetime import datetime

ENDED = ("completed", "failed", "cancelled", "timeout")
ROOTS = tuple(Base.metadata.tables[kind.__tablename__] for kind in (WorkflowExecution, AgentExecution))
# The column by which a row belongs to another, and is archived with it. Every other reference keeps what it refers
# to: a proposal stays, and so does the run that it asked for.
OWNERS = {
    "workflow_step_execution": "execution_id",
    "workflow_execution_log": "execution_id",
    "workflow_signal": "execution_id",
    "debug_session": "execution_id",
    "debug_grant": "session_id",
    "breakpoint": "session_id",
    "debug_variable": "session_id",
    "execution_trace": "session_id",
    "canvas": "workflow_execution_id",
    "canvas_audit": "canvas_id",
    "agent_feedback": "execution_id",
}
BATCH = 500
Ids = dict[str, set["uuid.UUID"]]


def select_ids(connection: sa.Connection, *, workspace_id: uuid.UUID, before: datetime) -> Ids:
    """Return the ids of the rows to archive, by table.

    An execution is taken when it ended before `before` and no row that stays refers to it or to a row that belongs
    to it; children and replays therefore go with their parents and origins, or all of them stay.
    """
    taken: Ids = {
        root.name: set(
            connection.scalars(
                sa.select(root.c.id).where(
                    root.c.workspace_id == workspace_id, root.c.status.in_(ENDED), root.c.completed_at < before
                )
            )
        )
        for root in ROOTS
    }
    owner_of = _owned_rows(connection, workspace_id=workspace_id)
    references = list(_references(connection, workspace_id=workspace_id))
    while True:
        every = _with_owned(taken, owner_of)
        kept = {
            (table, key)
            for source, source_key, table, key in references
            if key in every[table] and source_key not in every[source]
        }
        if not kept:
            return every
        for table, key in kept:
            root_table, root_key = _root(table, key, owner_of)
            taken[root_table].discard(root_key)


def _owned_rows(connection: sa.Connection, *, workspace_id: uuid.UUID) -> dict[tuple[str, Any], tuple[str, Any]]:
    """Return the owner of every row that has one."""
    found = {}
    for name, column in OWNERS.items():
        table = Base.metadata.tables[name]
        (key,) = table.c[column].foreign_keys
        query = sa.select(table.c.id, table.c[column]).where(
            table.c.workspace_id == workspace_id, table.c[column].is_not(None)
        )
        for row_key, owner in connection.execute(query):
            found[name, row_key] = (key.column.table.name, owner)
    return found


def _references(connection: sa.Connection, *, workspace_id: uuid.UUID) -> Iterator[tuple[str, Any, str, Any]]:
    """Yield every reference to a row that may be archived: its table and id, the table and id referred to."""
    targets = {*OWNERS, *(root.name for root in ROOTS)}
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            column, target = key.parent, key.column.table.name
            if target not in targets or OWNERS.get(table.name) == column.name:
                continue
            query = sa.select(table.c.id, column).where(table.c.workspace_id == workspace_id, column.is_not(None))
            for row_key, target_key in connection.execute(query):
                yield table.name, row_key, target, target_key


def _root(table: str, key: Any, owner_of: dict[tuple[str, Any], tuple[str, Any]]) -> tuple[str, Any]:
    while (table, key) in owner_of:
        table, key = owner_of[table, key]
    return table, key


def _with_owned(roots: Ids, owner_of: dict[tuple[str, Any], tuple[str, Any]]) -> Ids:
    every: Ids = defaultdict(set)
    for table, keys in roots.items():
        every[table] |= keys
    for table, key in owner_of:
        root_table, root_key = _root(table, key, owner_of)
        if root_key in roots.get(root_table, ()):
            every[table].add(key)
    return every


def event_ids(connection: sa.Connection, *, workspace_id: uuid.UUID, ids: Ids) -> set[uuid.UUID]:
    """Return the ids of the lifecycle events of these rows."""
    known = set().union(*ids.values())
    query = sa.select(LifecycleEvent.id, LifecycleEvent.record_id).where(
        LifecycleEvent.workspace_id == workspace_id
    )
    return {key for key, record_id in connection.execute(query) if record_id in known}
