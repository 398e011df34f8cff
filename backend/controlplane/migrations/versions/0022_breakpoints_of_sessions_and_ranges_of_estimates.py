"""Breakpoints may belong to one debug session; proposals keep the range and confidence of the estimate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

STOPPED_AT = "fk_debug_session_breakpoint_id_breakpoint"
STOPPED_AT_SQL = f"CONSTRAINT {STOPPED_AT} FOREIGN KEY(breakpoint_id) REFERENCES breakpoint (id)"
OF_SESSION = "fk_breakpoint_session_id_debug_session"
OF_SESSION_SQL = f"CONSTRAINT {OF_SESSION} FOREIGN KEY(session_id) REFERENCES debug_session (id)"
OF_SESSION_INDEX = "ix_breakpoint_session_id"
CHECKS = {
    "ck_proposal_estimated_range": "estimated_low >= 0 AND estimated_low <= estimated_high",
    "ck_proposal_estimate_confidence": "estimate_confidence >= 0 AND estimate_confidence <= 1",
}
ESTIMATES = ("estimated_low", "estimated_high", "estimate_confidence")


def upgrade() -> None:
    """Breakpoints may belong to one debug session; proposals keep the range and confidence of the estimate."""
    for name in ESTIMATES:
        op.add_column("proposal", sa.Column(name, sa.Float(), nullable=True))
    op.add_column("breakpoint", sa.Column("session_id", sa.Uuid(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _add("proposal", *(f"CONSTRAINT {name} CHECK ({rule})" for name, rule in CHECKS.items()))
        _remove("debug_session", STOPPED_AT_SQL)
        _add("breakpoint", OF_SESSION_SQL)
    else:
        for name, rule in CHECKS.items():
            op.create_check_constraint(op.f(name), "proposal", rule)
        op.drop_constraint(op.f(STOPPED_AT), "debug_session", type_="foreignkey")
        op.create_foreign_key(op.f(OF_SESSION), "breakpoint", "debug_session", ["session_id"], ["id"])
    op.create_index(op.f(OF_SESSION_INDEX), "breakpoint", ["session_id"])


def downgrade() -> None:
    """Undo: Breakpoints may belong to one debug session; proposals keep the range of the estimate."""
    op.drop_index(op.f(OF_SESSION_INDEX), "breakpoint")
    if op.get_bind().dialect.name == "sqlite":
        _remove("breakpoint", OF_SESSION_SQL)
        _add("debug_session", STOPPED_AT_SQL)
        _remove("proposal", *(f"CONSTRAINT {name} CHECK ({rule})" for name, rule in CHECKS.items()))
    else:
        op.drop_constraint(op.f(OF_SESSION), "breakpoint", type_="foreignkey")
        op.create_foreign_key(op.f(STOPPED_AT), "debug_session", "breakpoint", ["breakpoint_id"], ["id"])
        for name in CHECKS:
            op.drop_constraint(op.f(name), "proposal", type_="check")
    op.drop_column("breakpoint", "session_id")
    for name in ESTIMATES:
        op.drop_column("proposal", name)


def _add(table: str, *constraints: str) -> None:
    """Add constraints at the end of a table, in SQLite's schema."""
    sql = _schema(table).rstrip().removesuffix(")").rstrip()
    _set_schema(table, sql + "".join(f", \n\t{constraint}" for constraint in constraints) + "\n)")


def _remove(table: str, *constraints: str) -> None:
    """Remove constraints from a table, in SQLite's schema: each follows a comma."""
    sql = _schema(table)
    for constraint in constraints:
        before, found, after = sql.partition(constraint)
        if not found:
            raise ValueError(f"{table} has no {constraint}")
        sql = before.rstrip().removesuffix(",") + after
    _set_schema(table, sql)


def _schema(table: str) -> str:
    """Return the table as SQLite's schema spells it."""
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return str(op.get_bind().scalar(query, {"name": table}))


def _set_schema(table: str, sql: str) -> None:
    """Change the schema's own text.

    SQLite can't add or drop a constraint, and other tables refer to these: a new table in the place of one needs
    foreign keys off, which no transaction can turn.
    """
    connection = op.get_bind()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    query = sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name")
    connection.execute(query, {"sql": sql, "name": table})
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
