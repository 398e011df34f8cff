"""Identity, agents, their runs, and the history of states."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
UTC = sa.CHAR(26).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Identity, agents, their runs, and the history of states."""
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "admin",
                "team_lead",
                "member",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("specialty", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "workspace",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
    )
    op.create_table(
        "agent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=100), nullable=False),
        sa.Column("module_path", sa.String(length=200), nullable=False),
        sa.Column("class_name", sa.String(length=200), nullable=False),
        sa.Column(
            "maturity_level",
            sa.Enum(
                "student",
                "intern",
                "supervised",
                "autonomous",
                name="maturity",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "paused",
                "stopped",
                "deprecated",
                "deleted",
                name="agentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("confidence_score", sa.Float(precision=53), nullable=False),
        sa.Column("capabilities", JSON, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("updated_at", UTC, nullable=False),
        sa.CheckConstraint("confidence_score BETWEEN 0 AND 1", name=op.f("ck_agent_confidence_score")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_agent_owner_id_user_account")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_agent_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint(
            "workspace_id",
            "category",
            "module_path",
            "class_name",
            name=op.f("uq_agent_workspace_id_category_module_path_class_name"),
        ),
    )
    op.create_index(
        op.f("ix_agent_workspace_id_maturity_level_status"), "agent", ["workspace_id", "maturity_level", "status"]
    )
    op.create_table(
        "lifecycle_event",
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
            ["actor_id"], ["user_account.id"], name=op.f("fk_lifecycle_event_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_lifecycle_event_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_event")),
    )
    op.create_index(
        op.f("ix_lifecycle_event_record_kind_record_id_sequence"),
        "lifecycle_event",
        ["record_kind", "record_id", "sequence"],
        unique=True,
    )
    op.create_index(
        op.f("ix_lifecycle_event_workspace_id_record_kind_at"),
        "lifecycle_event",
        ["workspace_id", "record_kind", "at"],
    )
    op.create_table(
        "workspace_member",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_workspace_member_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_workspace_member_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name=op.f("pk_workspace_member")),
    )
    op.create_index(op.f("ix_workspace_member_user_id"), "workspace_member", ["user_id"])
    op.create_table(
        "agent_execution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
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
        sa.Column(
            "triggered_by",
            sa.Enum(
                "manual",
                "schedule",
                "websocket",
                "event",
                "data_sync",
                "workflow_engine",
                "ai_coordinator",
                "canvas",
                "form_submission",
                "proposal",
                name="triggersource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("input_summary", sa.Text(), nullable=True),
        sa.Column("output_summary", sa.Text(), nullable=True),
        sa.Column("result_summary", sa.Text(), nullable=True),
        sa.Column("error_type", sa.String(length=200), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("started_at", UTC, nullable=True),
        sa.Column("completed_at", UTC, nullable=True),
        sa.Column("duration_seconds", sa.Float(precision=53), nullable=True),
        sa.CheckConstraint("completed_at >= started_at", name=op.f("ck_agent_execution_completed_at")),
        sa.CheckConstraint("duration_seconds >= 0", name=op.f("ck_agent_execution_duration_seconds")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_agent_execution_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_agent_execution_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_execution")),
    )
    op.create_index(
        "ix_agent_execution_agent", "agent_execution", ["workspace_id", "agent_id", "status", "duration_seconds"]
    )
    op.create_index(op.f("ix_agent_execution_agent_id_created_at"), "agent_execution", ["agent_id", "created_at"])
    op.create_index(
        "ix_agent_execution_window",
        "agent_execution",
        ["workspace_id", "created_at", "agent_id", "status", "duration_seconds"],
    )
    op.create_index(
        op.f("ix_agent_execution_workspace_id_completed_at"), "agent_execution", ["workspace_id", "completed_at"]
    )
    op.create_index(
        op.f("ix_agent_execution_workspace_id_status_created_at"),
        "agent_execution",
        ["workspace_id", "status", "created_at"],
    )


def downgrade() -> None:
    """Undo: Identity, agents, their runs, and the history of states."""
    op.drop_table("agent_execution")
    op.drop_table("workspace_member")
    op.drop_table("lifecycle_event")
    op.drop_table("agent")
    op.drop_table("workspace")
    op.drop_table("user_account")
