"""Workspaces set levels of actions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Workspaces set levels of actions."""
    op.create_table(
        "action_level",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", _instant(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_action_level_level")),
        sa.ForeignKeyConstraint(["set_by"], ["user_account.id"], name=op.f("fk_action_level_set_by_user_account")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_action_level_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_level")),
    )
    op.create_index(
        op.f("ix_action_level_workspace_id_action"), "action_level", ["workspace_id", "action"], unique=True
    )


def downgrade() -> None:
    """Undo: Workspaces set levels of actions."""
    op.drop_table("action_level")


def _instant() -> sa.DateTime:
    """Return the column type of an instant: text of a fixed width on SQLite."""
    return sa.DateTime(timezone=True).with_variant(sa.CHAR(26), "sqlite")
