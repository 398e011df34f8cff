"""Approved actions count their lost deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

CHECK = "ck_proposal_lost_deliveries"
CHECK_SQL = f", \n\tCONSTRAINT {CHECK} CHECK (lost_deliveries >= 0)"


def upgrade() -> None:
    """Approved actions count their lost deliveries."""
    op.add_column("proposal", sa.Column("lost_deliveries", sa.Integer(), server_default="0", nullable=False))
    if op.get_bind().dialect.name == "sqlite":
        _set_schema(_schema().rstrip().removesuffix(")").rstrip() + CHECK_SQL + "\n)")
    else:
        op.create_check_constraint(op.f(CHECK), "proposal", "lost_deliveries >= 0")


def downgrade() -> None:
    """Undo: Approved actions count their lost deliveries."""
    if op.get_bind().dialect.name == "sqlite":
        _set_schema(_schema().replace(CHECK_SQL, ""))
    else:
        op.drop_constraint(op.f(CHECK), "proposal", type_="check")
    op.drop_column("proposal", "lost_deliveries")


def _schema() -> str:
    """Return the table as SQLite's schema spells it."""
    return str(op.get_bind().scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 'proposal'")))


def _set_schema(sql: str) -> None:
    """Change the schema's own text, as revision 0019 does and for the same reason."""
    connection = op.get_bind()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.execute(sa.text("UPDATE sqlite_master SET sql = :sql WHERE name = 'proposal'"), {"sql": sql})
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
