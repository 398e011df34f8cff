"""Supervisions name the run that they watch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

TABLE = "supervision_session"
FOREIGN_KEY = "fk_supervision_session_execution_id_agent_execution"
INDEX = "ix_supervision_session_execution_id"
CONSTRAINT = f", \n\tCONSTRAINT {FOREIGN_KEY} FOREIGN KEY(execution_id) REFERENCES agent_execution (id)"


def upgrade() -> None:
    """Supervisions name the run that they watch."""
    op.add_column(TABLE, sa.Column("execution_id", sa.Uuid(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        sql = _schema().rstrip()
        _set_schema(sql.removesuffix(")").rstrip() + CONSTRAINT + "\n)")
    else:
        op.create_foreign_key(FOREIGN_KEY, TABLE, "agent_execution", ["execution_id"], ["id"])
    op.create_index(op.f(INDEX), TABLE, ["execution_id"])


def downgrade() -> None:
    """Undo: Supervisions name the run that they watch."""
    op.drop_index(op.f(INDEX), TABLE)
    if op.get_bind().dialect.name == "sqlite":
        _set_schema(_schema().replace(CONSTRAINT, ""))
    else:
        op.drop_constraint(FOREIGN_KEY, TABLE, type_="foreignkey")
    op.drop_column(TABLE, "execution_id")


def _schema() -> str:
    """Return the table as SQLite's schema spells it."""
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return str(op.get_bind().scalar(query, {"name": TABLE}))


def _set_schema(sql: str) -> None:
    """Change the schema's own text.

    SQLite can't add a constraint, and other tables refer to this one: a new table in its place needs foreign keys
    off, which no transaction can turn.
    """
    connection = op.get_bind()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    query = sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name")
    connection.execute(query, {"sql": sql, "name": TABLE})
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
