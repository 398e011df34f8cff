"""An archive: ended executions moved into a file, in one audited transaction."""

from __future__ import annotations

import hashlib
import json
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from controlplane import clock
from controlplane.archiving.file_format import TableRows, read_rows, select_stored, to_stored, write_rows
from controlplane.archiving.row_order import parents_first
from controlplane.archiving.selection import BATCH, Ids, event_ids, select_ids
from controlplane.archiving.whole_files import written_whole
from controlplane.errors import ArchiveError
from controlplane.governance import Permission, authorize
from controlplane.migrations import revisions
from controlplane.models import APPEND_ONLY, Base, LifecycleEvent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class ArchiveResult:
    """Numbers of moved workflow executions, agent runs, and rows in all."""

    executions: int
    runs: int
    rows: int


def archive(
    session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, before: datetime, path: Path
) -> ArchiveResult:
    """Move the executions that ended before an instant into a file, with logs, traces and events.

    The file is on disk before the rows are deleted; the caller commits. A process that is killed between leaves
    the file and all rows: the same archive again replaces the file, if it holds each of its rows. Append-only
    triggers stand aside inside this transaction only, and an event of the record kind `archive` tells what was
    moved, where, by which user.

    Raises:
        ArchiveError: the file is there already, or new rows refer to what is archived; nothing is changed then.
        NotAuthorizedError: the user is less than an admin.
    """
    authorize(session, workspace_id=workspace_id, user_id=user_id, permission=Permission.ARCHIVE)
    try:
        # a savepoint: a caller who commits after an error commits none of it
        with session.begin_nested():
            return _move(
                session, workspace_id=workspace_id, user_id=user_id, before=clock.as_utc(before), path=path
            )
    except IntegrityError as error:
        problem = f"rows that refer to archived ones were added concurrently, try again: {error.orig}"
        raise ArchiveError(file=path, problem=" ".join(problem.split())) from error


def _move(
    session: Session, *, workspace_id: uuid.UUID, user_id: uuid.UUID, before: datetime, path: Path
) -> ArchiveResult:
    connection = session.connection()
    _lock(connection)
    ids = select_ids(connection, workspace_id=workspace_id, before=before)
    counts = len(ids["workflow_execution"]), len(ids["agent_execution"])
    ids["lifecycle_event"] = event_ids(connection, workspace_id=workspace_id, ids=ids)
    header = {
        "kind": "archive",
        "revision": revisions()[-1],
        "made_at": clock.now().isoformat(),
        "workspace_id": workspace_id.hex,
        "before": before.isoformat(),
    }
    with written_whole(path, replaces=_repeats) as file:
        rows = write_rows(file, header=header, tables=_tables(connection, ids))
    try:
        _delete(connection, ids)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        session.add(
            LifecycleEvent(
                workspace_id=workspace_id,
                record_kind="archive",
                record_id=uuid.uuid4(),
                sequence=1,
                to_status="archived",
                actor_id=user_id,
                reason=f"{counts[0]} executions and {counts[1]} runs before {before.isoformat()} to {path.name}, "
                f"sha256 {digest}",
            )
        )
        session.flush()
    except BaseException:
        path.unlink()
        raise
    return ArchiveResult(*counts, rows)


def _repeats(old: Path, new: Path) -> bool:
    """Return whether a file is the same archive, of which every row is in the new one too: none would be lost.

    Rows of an archive that was committed are in the database no longer, and so not in the new one.
    """
    try:
        (old_header, old_tables), (new_header, new_tables) = read_rows(old), read_rows(new)
    except ArchiveError:
        return False
    is_same = old_header | {"made_at": None} == new_header | {"made_at": None}
    return is_same and _rows(old_tables) <= _rows(new_tables)


def _rows(tables: list[TableRows]) -> set[tuple[str, tuple[str, ...], str]]:
    return {(table.table, table.columns, json.dumps(row)) for table in tables for row in table.rows}


def _lock(connection: sa.Connection) -> None:
    """Wait for another archive: it would write the same rows. On SQLite the transaction itself is the lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('controlplane archive', 0))"))


def _tables(connection: sa.Connection, ids: Ids) -> Iterator[TableRows]:
    for table in Base.metadata.sorted_tables:
        keys = sorted(ids.get(table.name, ()))
        if not keys:
            continue
        convert = to_stored(table)
        rows = [
            convert(row)
            for start in range(0, len(keys), BATCH)
            for row in connection.execute(
                select_stored(table)
                .where(table.c.id.in_(keys[start : start + BATCH]))
                .order_by(table.c.id)
                .with_for_update()  # a change between this and the deletion would be lost
            )
        ]
        names = tuple(column.name for column in table.columns)
        yield TableRows(table.name, names, parents_first(table, names, rows))


def _delete(connection: sa.Connection, ids: Ids) -> None:
    """Delete the rows, those that refer to others first."""
    with _triggers_aside(connection, tuple(name for name in APPEND_ONLY if ids.get(name))):
        for table in reversed(Base.metadata.sorted_tables):
            ordered = _children_first(connection, table, ids.get(table.name, set()))
            for start in range(0, len(ordered), BATCH):
                connection.execute(sa.delete(table).where(table.c.id.in_(ordered[start : start + BATCH])))


def _children_first(connection: sa.Connection, table: sa.Table, keys: set[uuid.UUID]) -> list[uuid.UUID]:
    """Return ids in an order in which they can be deleted, batch by batch."""
    links = [key.parent for key in table.foreign_keys if key.column.table is table]
    if not links or not keys:
        return sorted(keys)
    names = ("id", *(link.name for link in links))
    rows = [tuple(row) for row in connection.execute(sa.select(table.c.id, *links)) if row[0] in keys]
    return [row[0] for row in reversed(parents_first(table, names, rows))]


@contextmanager
def _triggers_aside(connection: sa.Connection, tables: tuple[str, ...]) -> Iterator[None]:
    """Switch the triggers off that refuse to delete rows, and on again; DDL is part of the transaction."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER keeps_rows")
        yield
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER keeps_rows")
        return
    found = connection.execute(
        sa.text("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    aside = [row for row in found if row.tbl_name in tables and row.name.endswith("_keeps_DELETE")]
    for row in aside:
        connection.exec_driver_sql(f"DROP TRIGGER {row.name}")
    yield
    for row in aside:
        connection.exec_driver_sql(row.sql)
