"""Agents as actors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

UTC = sa.CHAR(26).with_variant(sa.DateTime(timezone=True), "postgresql")

FOREIGN_KEY = "fk_lifecycle_event_actor_agent_id_agent"
ONE_ACTOR = "ck_lifecycle_event_one_actor"


def upgrade() -> None:
    """Agents as actors."""
    with op.batch_alter_table("lifecycle_event", copy_from=_before()) as table:
        table.add_column(sa.Column("actor_agent_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f(FOREIGN_KEY), "agent", ["actor_agent_id"], ["id"])
        table.create_check_constraint(op.f(ONE_ACTOR), "actor_id IS NULL OR actor_agent_id IS NULL")


def downgrade() -> None:
    """Undo: Agents as actors."""
    after = _before()
    after.append_column(sa.Column("actor_agent_id", sa.Uuid(), nullable=True))
    after.append_constraint(sa.ForeignKeyConstraint(["actor_agent_id"], ["agent.id"], name=FOREIGN_KEY))
    after.append_constraint(sa.CheckConstraint("actor_id IS NULL OR actor_agent_id IS NULL", name=ONE_ACTOR))
    with op.batch_alter_table("lifecycle_event", copy_from=after) as table:
        table.drop_constraint(op.f(ONE_ACTOR), type_="check")
        table.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
        table.drop_column("actor_agent_id")


def _before() -> sa.Table:
    """Return the table of revision 0001, from which SQLite, which can't add constraints, makes a new one."""
    return sa.Table(
        "lifecycle_event",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("from_status", sa.String(length=32), nullable=True),
        sa.Column("to_status", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name="fk_lifecycle_event_actor_id_user_account"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name="fk_lifecycle_event_workspace_id_workspace"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lifecycle_event"),
        sa.Index(
            "ix_lifecycle_event_record_kind_record_id_sequence",
            "record_kind",
            "record_id",
            "sequence",
            unique=True,
        ),
        sa.Index("ix_lifecycle_event_workspace_id_record_kind_at", "workspace_id", "record_kind", "at"),
    )
