"""Durations and waits in order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from controlplane.sql_time import microseconds_between

revision = "0014"
down_revision = "0013"

TABLE, TRIGGER = "agent_execution", "ix_agent_execution_trigger"


def upgrade() -> None:
    """Durations and waits in order: percentiles over all history are counted off the indexes."""
    op.create_index("ix_agent_execution_duration", TABLE, ["workspace_id", "status", "duration_seconds"])
    op.drop_index(TRIGGER, TABLE)
    waited = microseconds_between(sa.column("created_at"), sa.column("started_at"))
    op.create_index(TRIGGER, TABLE, ["workspace_id", "triggered_by", waited, "created_at", "started_at"])


def downgrade() -> None:
    """Undo: Durations and waits in order."""
    op.drop_index(TRIGGER, TABLE)
    op.create_index(TRIGGER, TABLE, ["workspace_id", "triggered_by", "created_at", "started_at"])
    op.drop_index("ix_agent_execution_duration", TABLE)
