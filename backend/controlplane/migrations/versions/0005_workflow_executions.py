"""Executions of workflows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
UTC = sa.CHAR(26).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Executions of workflows."""
    op.create_table(
        "workflow_execution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("workflow_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "running",
                "waiting",
                "paused",
                "compensating",
                "completed",
                "failed",
                "cancelled",
                name="workflowstatus",
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
        sa.Column("input_data", JSON, nullable=False),
        sa.Column("variables", JSON, nullable=False),
        sa.Column("outputs", JSON, nullable=True),
        sa.Column("error_type", sa.String(length=200), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("failed_step", sa.String(length=200), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("parent_execution_id", sa.Uuid(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("replay_of_id", sa.Uuid(), nullable=True),
        sa.Column("debugged", sa.Boolean(), nullable=False),
        sa.Column("open_steps", sa.Integer(), nullable=False),
        sa.Column("log_sequence", sa.Integer(), nullable=False),
        sa.Column("wake_at", UTC, nullable=True),
        sa.Column("deadline_at", UTC, nullable=True),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("started_at", UTC, nullable=True),
        sa.Column("completed_at", UTC, nullable=True),
        sa.Column("duration_seconds", sa.Float(precision=53), nullable=True),
        sa.CheckConstraint("depth >= 0", name=op.f("ck_workflow_execution_depth")),
        sa.CheckConstraint("duration_seconds >= 0", name=op.f("ck_workflow_execution_duration_seconds")),
        sa.CheckConstraint("open_steps >= 0", name=op.f("ck_workflow_execution_open_steps")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_workflow_execution_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["parent_execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_workflow_execution_parent_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["replay_of_id"],
            ["workflow_execution.id"],
            name=op.f("fk_workflow_execution_replay_of_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_workflow_execution_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["workflow_version.id"], name=op.f("fk_workflow_execution_version_id_workflow_version")
        ),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflow.id"], name=op.f("fk_workflow_execution_workflow_id_workflow")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_workflow_execution_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_execution")),
    )
    op.create_index(
        op.f("ix_workflow_execution_parent_execution_id"), "workflow_execution", ["parent_execution_id"]
    )
    op.create_index(op.f("ix_workflow_execution_replay_of_id"), "workflow_execution", ["replay_of_id"])
    op.create_index(op.f("ix_workflow_execution_wake_at_id"), "workflow_execution", ["wake_at", "id"])
    op.create_index(
        "ix_workflow_execution_window",
        "workflow_execution",
        ["workspace_id", "started_at", "status", "duration_seconds"],
    )
    op.create_index(
        "ix_workflow_execution_workflow",
        "workflow_execution",
        ["workspace_id", "workflow_id", "status", "duration_seconds"],
    )
    op.create_index(
        op.f("ix_workflow_execution_workspace_id_status_created_at"),
        "workflow_execution",
        ["workspace_id", "status", "created_at"],
    )
    op.create_table(
        "workflow_execution_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "debug",
                "info",
                "warning",
                "error",
                name="loglevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("step_key", sa.String(length=200), nullable=True),
        sa.Column("context", JSON, nullable=False),
        sa.Column("timestamp", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_workflow_execution_log_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_workflow_execution_log_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_execution_log")),
    )
    op.create_index(
        op.f("ix_workflow_execution_log_execution_id_sequence"),
        "workflow_execution_log",
        ["execution_id", "sequence"],
        unique=True,
    )
    op.create_table(
        "workflow_signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("payload", JSON, nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", UTC, nullable=False),
        sa.Column("taken_at", UTC, nullable=True),
        sa.Column("taken_by_step", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_workflow_signal_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["user_account.id"], name=op.f("fk_workflow_signal_sent_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_workflow_signal_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_signal")),
    )
    op.create_index(
        op.f("ix_workflow_signal_execution_id_name_sent_at"),
        "workflow_signal",
        ["execution_id", "name", "sent_at"],
    )
    op.create_table(
        "workflow_step_execution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=False),
        sa.Column("step_key", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "task",
                "http",
                "condition",
                "parallel",
                "join",
                "map",
                "approval",
                "wait",
                "canvas",
                "agent",
                "workflow",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "step",
                "item",
                "compensation",
                name="steprole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "running",
                "waiting",
                "completed",
                "failed",
                "skipped",
                "cancelled",
                "compensated",
                name="stepstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=True),
        sa.Column("scope", JSON, nullable=True),
        sa.Column("input", JSON, nullable=True),
        sa.Column("output", JSON, nullable=True),
        sa.Column("error_type", sa.String(length=200), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=300), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", UTC, nullable=True),
        sa.Column("leased_by", sa.String(length=200), nullable=True),
        sa.Column("deliveries", sa.Integer(), nullable=False),
        sa.Column("wake_at", UTC, nullable=True),
        sa.Column("child_execution_id", sa.Uuid(), nullable=True),
        sa.Column("agent_execution_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("ready_at", UTC, nullable=True),
        sa.Column("started_at", UTC, nullable=True),
        sa.Column("completed_at", UTC, nullable=True),
        sa.Column("duration_seconds", sa.Float(precision=53), nullable=True),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_workflow_step_execution_attempt")),
        sa.CheckConstraint("duration_seconds >= 0", name=op.f("ck_workflow_step_execution_duration_seconds")),
        sa.CheckConstraint("item >= 0 AND position >= 0", name=op.f("ck_workflow_step_execution_place")),
        sa.CheckConstraint(
            "remaining >= 0 AND taken >= 0 AND deliveries >= 0", name=op.f("ck_workflow_step_execution_counters")
        ),
        sa.ForeignKeyConstraint(
            ["agent_execution_id"],
            ["agent_execution.id"],
            name=op.f("fk_workflow_step_execution_agent_execution_id_agent_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["child_execution_id"], ["workflow_execution.id"], name="fk_workflow_step_execution_child"
        ),
        sa.ForeignKeyConstraint(
            ["execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_workflow_step_execution_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_workflow_step_execution_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_step_execution")),
    )
    op.create_index(
        "ix_workflow_step_execution_attempt",
        "workflow_step_execution",
        ["execution_id", "step_key", "role", "item", "attempt"],
        unique=True,
    )
    op.create_index(
        op.f("ix_workflow_step_execution_child_execution_id"), "workflow_step_execution", ["child_execution_id"]
    )
    op.create_index(
        "ix_workflow_step_execution_ready",
        "workflow_step_execution",
        ["execution_id", "status", "remaining", "position", "item"],
    )
    op.create_index(
        "ix_workflow_step_execution_window",
        "workflow_step_execution",
        ["workspace_id", "started_at", "kind", "status"],
    )


def downgrade() -> None:
    """Undo: Executions of workflows."""
    op.drop_table("workflow_step_execution")
    op.drop_table("workflow_signal")
    op.drop_table("workflow_execution_log")
    op.drop_table("workflow_execution")
