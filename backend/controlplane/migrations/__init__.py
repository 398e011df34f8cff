"""The schema's history: the same tables on SQLite and PostgreSQL, one migration after the other.

Alembic is imported by the functions that run migrations: comparing versions, which every command does, needs none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from controlplane.errors import InvalidValueError
from controlplane.migrations.state import revisions

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

__all__ = ["HERE", "downgrade", "lock", "revisions", "upgrade"]

HERE = Path(__file__).parent
_LOCK = "controlplane schema"


def config(connection: Connection) -> Config:
    """Return Alembic's configuration for one open connection; no ini file is needed."""
    from alembic.config import Config  # noqa: PLC0415  see the module's docstring

    settings = Config()
    settings.set_main_option("script_location", str(HERE).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def lock(connection: Connection) -> None:
    """Wait until no other process changes the schema, however long; released with the connection's transaction.

    On SQLite the transaction itself is the lock, for `controlplane.database` begins it with the write lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": _LOCK})


def upgrade(connection: Connection, revision: str = "head") -> tuple[str, ...]:
    """Bring the schema up to `revision` in the connection's transaction; return notes on data that was mended."""
    from alembic import command  # noqa: PLC0415  see the module's docstring

    settings = config(connection)
    command.upgrade(settings, revision)
    return tuple(settings.attributes.get("notes", ()))


def downgrade(connection: Connection, revision: str = "base", *, discard: bool = True) -> None:
    """Take the schema back to `revision`; `base` is an empty database.

    Unless `discard`, the downgrade is refused where rows or values would be lost with a table or column.

    Raises:
        InvalidValueError: data would be lost; the caller rolls back.
    """
    from alembic import command  # noqa: PLC0415  see the module's docstring

    before = {} if discard else _filled(connection)
    command.downgrade(config(connection), revision)
    lost = sorted(name for name, count in before.items() if count and name not in _filled(connection))
    if lost:
        shown = ", ".join(lost)
        raise InvalidValueError(field="revision", value=revision, rule=f"it would drop the data of {shown}")


def _count(column: Any) -> sa.ColumnElement[int]:
    """Count the values of a column that are not its default, as `'active'::character varying` spells it."""
    name: sa.ColumnClause[Any] = sa.column(column["name"])
    default = str(column.get("default") or "")
    if not default:
        return sa.func.count(name)
    literal = default.partition("::")[0].strip("'()")
    return sa.func.count(sa.case((sa.cast(name, sa.Text) != literal, 1)))


def _filled(connection: Connection) -> dict[str, int]:
    """Return how many values each column holds besides its default, and how many rows each table."""
    found = {}
    inspector = sa.inspect(connection)
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        columns = [column["name"] for column in inspector.get_columns(table)]
        counts = [sa.func.count(), *map(_count, inspector.get_columns(table))]
        row = connection.execute(sa.select(*counts).select_from(sa.table(table))).one()
        found[table] = row[0]
        found |= {f"{table}.{name}": count for name, count in zip(columns, row[1:], strict=True)}
    return found
