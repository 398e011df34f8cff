"""Durations and waits in order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TABLE, TRIGGER = "agent_execution", "ix_agent_execution_trigger"
WAITED = {
    "postgresql": "(CAST(date_part('epoch', started_at - created_at) * 1000000 AS BIGINT))",
    "sqlite": "("
    "(unixepoch(substr(started_at, 1, 19)) * 1000000 + CAST(substr(started_at, 21, 6) AS INTEGER)) - "
    "(unixepoch(substr(created_at, 1, 19)) * 1000000 + CAST(substr(created_at, 21, 6) AS INTEGER)))",
}


def upgrade() -> None:
    """Durations and waits in order: percentiles over all history are counted off the indexes."""
    op.create_index("ix_agent_execution_duration", TABLE, ["workspace_id", "status", "duration_seconds"])
    op.drop_index(TRIGGER, TABLE)
    waited = sa.text(WAITED[op.get_bind().dialect.name])
    op.create_index(TRIGGER, TABLE, ["workspace_id", "triggered_by", waited, "created_at", "started_at"])


def downgrade() -> None:
    """Undo: Durations and waits in order."""
    op.drop_index(TRIGGER, TABLE)
    op.create_index(TRIGGER, TABLE, ["workspace_id", "triggered_by", "created_at", "started_at"])
    op.drop_index("ix_agent_execution_duration", TABLE)
