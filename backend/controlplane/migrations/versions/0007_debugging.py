"""Debugging."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
UTC = sa.CHAR(26).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Debugging."""
    op.create_table(
        "breakpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("workflow_id", sa.Uuid(), nullable=False),
        sa.Column("step_key", sa.String(length=200), nullable=False),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("hit_limit", sa.Integer(), nullable=True),
        sa.Column("hit_count", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("log_message", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("last_hit_at", UTC, nullable=True),
        sa.CheckConstraint("hit_count >= 0", name=op.f("ck_breakpoint_hit_count")),
        sa.CheckConstraint("hit_limit >= 1", name=op.f("ck_breakpoint_hit_limit")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_breakpoint_created_by_user_account")
        ),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflow.id"], name=op.f("fk_breakpoint_workflow_id_workflow")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_breakpoint_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakpoint")),
    )
    op.create_index(
        op.f("ix_breakpoint_workspace_id_workflow_id_step_key"),
        "breakpoint",
        ["workspace_id", "workflow_id", "step_key"],
    )
    op.create_table(
        "debug_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("workflow_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "paused",
                "completed",
                "cancelled",
                name="debugstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stop_on_entry", sa.Boolean(), nullable=False),
        sa.Column("stop_on_error", sa.Boolean(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "continue",
                "over",
                "into",
                "out",
                name="debugmode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("mode_depth", sa.Integer(), nullable=False),
        sa.Column(
            "stop_reason",
            sa.Enum(
                "entry",
                "breakpoint",
                "step",
                "error",
                "pause",
                name="stopreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("stopped_execution_id", sa.Uuid(), nullable=True),
        sa.Column("stopped_step", sa.String(length=200), nullable=True),
        sa.Column("stopped_item", sa.Integer(), nullable=True),
        sa.Column("stopped_attempt", sa.Integer(), nullable=True),
        sa.Column("allowed_key", sa.String(length=300), nullable=True),
        sa.Column("breakpoint_id", sa.Uuid(), nullable=True),
        sa.Column("trace_count", sa.Integer(), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("paused_at", UTC, nullable=True),
        sa.Column("ended_at", UTC, nullable=True),
        sa.CheckConstraint("mode_depth >= 0", name=op.f("ck_debug_session_mode_depth")),
        sa.CheckConstraint("stopped_item >= 0", name=op.f("ck_debug_session_stopped_item")),
        sa.CheckConstraint("trace_count >= 0", name=op.f("ck_debug_session_trace_count")),
        sa.ForeignKeyConstraint(
            ["breakpoint_id"], ["breakpoint.id"], name=op.f("fk_debug_session_breakpoint_id_breakpoint")
        ),
        sa.ForeignKeyConstraint(
            ["execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_debug_session_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_debug_session_owner_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["stopped_execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_debug_session_stopped_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflow.id"], name=op.f("fk_debug_session_workflow_id_workflow")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_debug_session_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debug_session")),
    )
    op.create_index(op.f("ix_debug_session_execution_id"), "debug_session", ["execution_id"])
    op.create_index(op.f("ix_debug_session_workflow_id"), "debug_session", ["workflow_id"])
    op.create_index(
        op.f("ix_debug_session_workspace_id_status_created_at"),
        "debug_session",
        ["workspace_id", "status", "created_at"],
    )
    op.create_table(
        "debug_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "permission",
            sa.Enum(
                "viewer",
                "operator",
                "owner",
                name="debugpermission",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["user_account.id"], name=op.f("fk_debug_grant_granted_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["debug_session.id"], name=op.f("fk_debug_grant_session_id_debug_session")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_debug_grant_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_debug_grant_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debug_grant")),
        sa.UniqueConstraint("session_id", "user_id", name=op.f("uq_debug_grant_session_id_user_id")),
    )
    op.create_table(
        "debug_variable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("was_set", sa.Boolean(), nullable=False),
        sa.Column("old_value", JSON, nullable=True),
        sa.Column("new_value", JSON, nullable=True),
        sa.Column("step_key", sa.String(length=200), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_debug_variable_changed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_debug_variable_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["debug_session.id"], name=op.f("fk_debug_variable_session_id_debug_session")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_debug_variable_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debug_variable")),
    )
    op.create_index(
        op.f("ix_debug_variable_session_id_sequence"), "debug_variable", ["session_id", "sequence"], unique=True
    )
    op.create_index(op.f("ix_debug_variable_workspace_id_name"), "debug_variable", ["workspace_id", "name"])
    op.create_table(
        "execution_trace",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step_key", sa.String(length=200), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("input", JSON, nullable=True),
        sa.Column("output", JSON, nullable=True),
        sa.Column("error_type", sa.String(length=200), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("variables_before", JSON, nullable=False),
        sa.Column("variables_after", JSON, nullable=False),
        sa.Column("diff", JSON, nullable=False),
        sa.Column("started_at", UTC, nullable=True),
        sa.Column("completed_at", UTC, nullable=True),
        sa.Column("duration_seconds", sa.Float(precision=53), nullable=True),
        sa.CheckConstraint("duration_seconds >= 0", name=op.f("ck_execution_trace_duration_seconds")),
        sa.CheckConstraint("item >= 0", name=op.f("ck_execution_trace_item")),
        sa.ForeignKeyConstraint(
            ["execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_execution_trace_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["debug_session.id"], name=op.f("fk_execution_trace_session_id_debug_session")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_execution_trace_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_execution_trace")),
    )
    op.create_index(
        op.f("ix_execution_trace_execution_id_step_key_item_attempt"),
        "execution_trace",
        ["execution_id", "step_key", "item", "attempt"],
    )
    op.create_index(
        op.f("ix_execution_trace_session_id_sequence"), "execution_trace", ["session_id", "sequence"], unique=True
    )
    op.create_index(
        op.f("ix_execution_trace_workspace_id_started_at_duration_seconds"),
        "execution_trace",
        ["workspace_id", "started_at", "duration_seconds"],
    )


def downgrade() -> None:
    """Undo: Debugging."""
    op.drop_table("execution_trace")
    op.drop_table("debug_variable")
    op.drop_table("debug_grant")
    op.drop_table("debug_session")
    op.drop_table("breakpoint")
