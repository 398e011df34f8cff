"""Memberships have a status; feedback has a comment and a category."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

STATUSES = ("active", "suspended", "removed")
CHECK = "ck_workspace_member_membershipstatus"


def upgrade() -> None:
    """Memberships have a status; feedback has a comment and a category."""
    with op.batch_alter_table("workspace_member", copy_from=_members()) as table:
        table.add_column(sa.Column("status", sa.String(length=32), server_default="active", nullable=False))
        table.create_check_constraint(op.f(CHECK), sa.column("status").in_(STATUSES))
    op.add_column("agent_feedback", sa.Column("comment", sa.Text(), nullable=True))
    op.add_column("agent_feedback", sa.Column("category", sa.String(length=100), nullable=True))


def downgrade() -> None:
    """Undo: Memberships have a status; feedback has a comment and a category."""
    op.drop_column("agent_feedback", "category")
    op.drop_column("agent_feedback", "comment")
    after = _members()
    after.append_column(sa.Column("status", sa.String(length=32), server_default="active", nullable=False))
    after.append_constraint(sa.CheckConstraint(sa.column("status").in_(STATUSES), name=CHECK))
    with op.batch_alter_table("workspace_member", copy_from=after) as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.drop_column("status")


def _members() -> sa.Table:
    """Return the table before this revision, from which SQLite, which can't add constraints, makes a new one."""
    return sa.Table(
        "workspace_member",
        sa.MetaData(),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", _instant(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_workspace_member_user_id_user_account"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_workspace_member_workspace_id_workspace"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name="pk_workspace_member"),
        sa.Index("ix_workspace_member_user_id", "user_id"),
    )


def _instant() -> sa.DateTime:
    """Return the column type of an instant: text of a fixed width on SQLite."""
    return sa.DateTime(timezone=True).with_variant(sa.CHAR(26), "sqlite")
