"""Runs added up by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from controlplane.analytics.rollup import triggers
from controlplane.models.declarative import UTCDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Runs added up by day; the triggers that keep them right are made with the first refresh."""
    op.create_table(
        "execution_day",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("day", UTCDateTime(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "running",
                "paused",
                "completed",
                "failed",
                "cancelled",
                "timeout",
                name="executionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(precision=53), nullable=False),
        sa.CheckConstraint("runs >= 1", name=op.f("ck_execution_day_runs")),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_execution_day_seconds")),
        sa.CheckConstraint("timed >= 0", name=op.f("ck_execution_day_timed")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_execution_day_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_execution_day_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "day", "agent_id", "status", name=op.f("pk_execution_day")),
    )
    op.create_table(
        "execution_day_built",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("day", UTCDateTime(), nullable=False),
        sa.Column("built_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_execution_day_built_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "day", name=op.f("pk_execution_day_built")),
    )
    op.create_table(
        "execution_day_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("day", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_execution_day_change_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_execution_day_change")),
    )
    op.create_index(
        op.f("ix_execution_day_change_workspace_id_day"), "execution_day_change", ["workspace_id", "day"]
    )


def downgrade() -> None:
    """Undo: Runs added up by day."""
    triggers.drop(op.get_bind())
    op.drop_table("execution_day_change")
    op.drop_table("execution_day_built")
    op.drop_table("execution_day")
