"""Runs added up by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

UTC = sa.CHAR(26).with_variant(sa.DateTime(timezone=True), "postgresql")
# a parameter, for the driver reads a percent sign as one
NOTES = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND lower(name) LIKE ?"


def upgrade() -> None:
    """Runs added up by day; the triggers that keep them right are made with the first refresh."""
    op.create_table(
        "execution_day",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("day", UTC, nullable=False),
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
        sa.Column("day", UTC, nullable=False),
        sa.Column("built_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_execution_day_built_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "day", name=op.f("pk_execution_day_built")),
    )
    op.create_table(
        "execution_day_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("day", UTC, nullable=False),
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
    drop_notes()
    op.drop_table("execution_day_change")
    op.drop_table("execution_day_built")
    op.drop_table("execution_day")


def drop_notes() -> None:
    """Drop the triggers of the rollup, whichever version made them."""
    if op.get_bind().dialect.name == "sqlite":
        for (name,) in op.get_bind().exec_driver_sql(NOTES, ("agent_execution_notes%",)).all():
            op.get_bind().exec_driver_sql(f'DROP TRIGGER "{name}"')
        return
    for function in ("agent_execution_notes", "agent_execution_notes_day"):
        op.execute(f"DROP FUNCTION IF EXISTS {function}() CASCADE")
