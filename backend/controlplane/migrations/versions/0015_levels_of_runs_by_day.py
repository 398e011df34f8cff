"""Levels of runs by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from controlplane.analytics.rollup import triggers
from controlplane.models.declarative import UTCDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Levels of runs by day; the next refresh makes the triggers anew, and until then no sum is trusted."""
    forget()
    op.create_table(
        "execution_day_level",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("day", UTCDateTime(), nullable=False),
        sa.Column("peak", sa.Integer(), nullable=False),
        sa.Column("busy", sa.BigInteger(), nullable=False),
        sa.Column("built_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("busy >= 0", name=op.f("ck_execution_day_level_busy")),
        sa.CheckConstraint("peak >= 0", name=op.f("ck_execution_day_level_peak")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_execution_day_level_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "day", name=op.f("pk_execution_day_level")),
    )
    op.create_table(
        "execution_level_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_execution_level_change_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_execution_level_change")),
    )
    op.create_index(
        op.f("ix_execution_level_change_workspace_id_since_until"),
        "execution_level_change",
        ["workspace_id", "since", "until"],
    )


def forget() -> None:
    """Drop the triggers of both revisions, and what was added up."""
    triggers.drop(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS agent_execution_notes_day() CASCADE")
    op.execute("DELETE FROM execution_day_built")


def downgrade() -> None:
    """Undo: Levels of runs by day."""
    forget()
    op.drop_table("execution_level_change")
    op.drop_table("execution_day_level")
