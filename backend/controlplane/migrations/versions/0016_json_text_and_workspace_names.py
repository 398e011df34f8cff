"""JSON is text on every SQLite database, and a workspace's name is its own."""

from __future__ import annotations

import json
import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

NAME = "ix_workspace_name"
LONGEST_NAME = 200
EXACT = 2**53  # whole numbers up to here are exact as floats


def upgrade() -> None:
    """Mend JSON columns that SQLite's first databases declared as numeric; give workspaces unique names."""
    notes = op.get_context().config.attributes.setdefault("notes", [])  # type: ignore[union-attr]
    if op.get_bind().dialect.name == "sqlite":
        notes.extend(_mend_json(op.get_bind()))
    notes.extend(_rename_workspaces(op.get_bind()))
    op.create_index(NAME, "workspace", ["name"], unique=True)


def downgrade() -> None:
    """Undo: names of workspaces may repeat again; JSON stays text, which every version reads."""
    op.drop_index(NAME, "workspace")


def _rename_workspaces(connection: sa.Connection) -> list[str]:
    """Append a number to every name that an earlier workspace has."""
    rows = connection.execute(sa.text("SELECT id, name FROM workspace ORDER BY name, id")).all()
    taken, notes = {name for _, name in rows}, []
    seen: set[str] = set()
    for key, name in rows:
        if name not in seen:
            seen.add(name)
            continue
        number = 2
        while (new := f"{name[: LONGEST_NAME - 8]} ({number})") in taken:
            number += 1
        taken.add(new)
        connection.execute(sa.text("UPDATE workspace SET name = :new WHERE id = :id"), {"new": new, "id": key})
        notes.append(f"a second workspace named {name} is now {new}")
    return notes


def _mend_json(connection: sa.Connection) -> list[str]:
    """Declare JSON columns as text, and write the numbers that they hold as text.

    SQLite has no ALTER COLUMN, and a new table in the place of one that others refer to needs foreign keys off,
    which no transaction can turn. The declared type does not change how rows are stored, so it is changed in the
    schema's own text, as SQLite's documentation of ALTER TABLE allows.
    """
    found = {table: columns for table in _tables(connection) if (columns := _json_columns(connection, table))}
    if not found:
        return []
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    for table, columns in found.items():
        sql = connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
        for column in columns:
            sql = re.sub(rf'^(\s*"?{column}"? )JSON\b', r"\1TEXT", sql, flags=re.MULTILINE | re.IGNORECASE)
        connection.execute(
            sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name"),
            {"sql": sql, "name": table},
        )
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
    left = [table for table in found if _json_columns(connection, table)]
    if left:
        raise RuntimeError(f"SQLite did not take the new types of {', '.join(left)}")
    counts = [_numbers_to_text(connection, table, column) for table in found for column in found[table]]
    numbers, rounded = (sum(count[place] for count in counts) for place in (0, 1))
    if not numbers:
        return []
    mended = f"{numbers} JSON values that SQLite had turned into numbers are text again"
    return [f"{mended}; {rounded} of them had been rounded to floats, and a whole number may have been 6.0"]


def _tables(connection: sa.Connection) -> list[str]:
    query = sa.text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%JSON%' ORDER BY name")
    return list(connection.scalars(query))


def _json_columns(connection: sa.Connection, table: str) -> list[str]:
    columns = connection.exec_driver_sql(f'PRAGMA table_info("{table}")').all()
    return [column[1] for column in columns if column[2].upper() == "JSON"]


def _numbers_to_text(connection: sa.Connection, table: str, column: str) -> tuple[int, int]:
    """Rewrite the numbers of a column; return how many there were, and how many had lost digits."""
    rows: list[tuple[int, Any]] = [
        (row[0], row[1])
        for row in connection.exec_driver_sql(
            f'SELECT rowid, "{column}" FROM "{table}" '  # noqa: S608  names of our own tables
            f"WHERE typeof(\"{column}\") IN ('integer', 'real')"
        )
    ]
    if not rows:
        return 0, 0
    # rows that are only ever added are mended all the same: their trigger stands aside
    triggers = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for rowid, value in rows:
        connection.exec_driver_sql(
            f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?',  # noqa: S608  names of our own tables
            (json.dumps(value), rowid),
        )
    for _, sql in triggers:
        connection.exec_driver_sql(sql)
    return len(rows), sum(isinstance(value, float) and abs(value) > EXACT for _, value in rows)
