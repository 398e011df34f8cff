"""Traces name their workflow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KNOWN = """
UPDATE execution_trace SET workflow = (
    SELECT w.name FROM workflow_execution AS e JOIN workflow AS w ON w.id = e.workflow_id
    WHERE e.id = execution_trace.execution_id
)
"""
TRIGGER = """
CREATE TRIGGER execution_trace_keeps_UPDATE BEFORE UPDATE ON execution_trace
BEGIN SELECT RAISE(ABORT, 'append-only: execution_trace'); END
"""


def upgrade() -> None:
    """Traces name their workflow; those that were imported before never knew it."""
    op.add_column("execution_trace", sa.Column("workflow", sa.String(length=200), nullable=True))
    # the one change of rows that are only ever added
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE execution_trace DISABLE TRIGGER keeps_rows")
        op.execute(KNOWN)
        op.execute("ALTER TABLE execution_trace ENABLE TRIGGER keeps_rows")
    else:
        op.execute("DROP TRIGGER execution_trace_keeps_UPDATE")
        op.execute(KNOWN)
        op.get_bind().exec_driver_sql(TRIGGER.strip())


def downgrade() -> None:
    """Undo: Traces name their workflow."""
    op.drop_column("execution_trace", "workflow")
