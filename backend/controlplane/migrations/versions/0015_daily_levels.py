"""Levels of runs by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

UTC = sa.CHAR(26).with_variant(sa.DateTime(timezone=True), "postgresql")
# a parameter, for the driver reads a percent sign as one
NOTES = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND lower(name) LIKE ?"


def upgrade() -> None:
    """Levels of runs by day; the next refresh recreates the triggers, and until then no sum is used."""
    forget()
    op.create_table(
        "execution_day_level",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("day", UTC, nullable=False),
        sa.Column("peak", sa.Integer(), nullable=False),
        sa.Column("busy", sa.BigInteger(), nullable=False),
        sa.Column("built_at", UTC, nullable=False),
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
        sa.Column("since", UTC, nullable=False),
        sa.Column("until", UTC, nullable=True),
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
    drop_notes()
    op.execute("DELETE FROM execution_day_built")


def downgrade() -> None:
    """Undo: Levels of runs by day."""
    forget()
    op.drop_table("execution_level_change")
    op.drop_table("execution_day_level")


def drop_notes() -> None:
    """Drop the triggers of the rollup, whichever version made them."""
    if op.get_bind().dialect.name == "sqlite":
        for (name,) in op.get_bind().exec_driver_sql(NOTES, ("agent_execution_notes%",)).all():
            op.get_bind().exec_driver_sql(f'DROP TRIGGER "{name}"')
        return
    for function in ("agent_execution_notes", "agent_execution_notes_day"):
        op.execute(f"DROP FUNCTION IF EXISTS {function}() CASCADE")
