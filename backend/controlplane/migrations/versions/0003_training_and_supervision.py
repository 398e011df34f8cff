"""Training and supervision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
UTC = sa.CHAR(26).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Training and supervision."""
    op.create_table(
        "training_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "scheduled",
                "in_progress",
                "completed",
                "cancelled",
                "failed",
                name="trainingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("tasks_completed", sa.Integer(), nullable=False),
        sa.Column("tasks_total", sa.Integer(), nullable=False),
        sa.Column("errors_count", sa.Integer(), nullable=False),
        sa.Column("performance_score", sa.Float(precision=53), nullable=True),
        sa.Column("confidence_boost", sa.Float(precision=53), nullable=True),
        sa.Column("promoted", sa.Boolean(), nullable=False),
        sa.Column("capabilities_developed", JSON, nullable=False),
        sa.Column("capability_gaps_remaining", JSON, nullable=False),
        sa.Column("supervisor_feedback", sa.Text(), nullable=True),
        sa.Column("planned_hours", sa.Float(precision=53), nullable=False),
        sa.Column("hours_per_day", sa.Float(precision=53), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("scheduled_at", UTC, nullable=False),
        sa.Column("scheduled_end_at", UTC, nullable=False),
        sa.Column("started_at", UTC, nullable=True),
        sa.Column("completed_at", UTC, nullable=True),
        sa.Column("duration_seconds", sa.Float(precision=53), nullable=True),
        sa.CheckConstraint("confidence_boost BETWEEN 0 AND 1", name=op.f("ck_training_session_confidence_boost")),
        sa.CheckConstraint("duration_seconds >= 0", name=op.f("ck_training_session_duration_seconds")),
        sa.CheckConstraint("errors_count >= 0", name=op.f("ck_training_session_errors_count")),
        sa.CheckConstraint(
            "hours_per_day > 0 AND hours_per_day <= 24", name=op.f("ck_training_session_hours_per_day")
        ),
        sa.CheckConstraint(
            "performance_score BETWEEN 0 AND 1", name=op.f("ck_training_session_performance_score")
        ),
        sa.CheckConstraint("planned_hours > 0", name=op.f("ck_training_session_planned_hours")),
        sa.CheckConstraint(
            "tasks_completed BETWEEN 0 AND tasks_total", name=op.f("ck_training_session_tasks_completed")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_training_session_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_training_session_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["user_account.id"], name=op.f("fk_training_session_supervisor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_training_session_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_training_session_proposal_id")),
    )
    op.create_index(
        op.f("ix_training_session_workspace_id_agent_id_created_at"),
        "training_session",
        ["workspace_id", "agent_id", "created_at"],
    )
    op.create_index(
        op.f("ix_training_session_workspace_id_status_completed_at"),
        "training_session",
        ["workspace_id", "status", "completed_at"],
    )
    op.create_table(
        "supervision_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("trigger_id", sa.Uuid(), nullable=True),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("trigger_context", JSON, nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "running",
                "paused",
                "completed",
                "interrupted",
                "failed",
                name="supervisionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("intervention_count", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=True),
        sa.Column("confidence_boost", sa.Float(precision=53), nullable=True),
        sa.Column("started_at", UTC, nullable=False),
        sa.Column("completed_at", UTC, nullable=True),
        sa.Column("duration_seconds", sa.Float(precision=53), nullable=True),
        sa.CheckConstraint(
            "confidence_boost BETWEEN 0 AND 1", name=op.f("ck_supervision_session_confidence_boost")
        ),
        sa.CheckConstraint("duration_seconds >= 0", name=op.f("ck_supervision_session_duration_seconds")),
        sa.CheckConstraint("intervention_count >= 0", name=op.f("ck_supervision_session_intervention_count")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_supervision_session_rating")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_supervision_session_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["user_account.id"], name=op.f("fk_supervision_session_supervisor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["trigger_id"], ["blocked_trigger.id"], name=op.f("fk_supervision_session_trigger_id_blocked_trigger")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_supervision_session_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_session")),
    )
    op.create_index(
        "ix_supervision_session_agent",
        "supervision_session",
        ["workspace_id", "agent_id", "started_at", "intervention_count"],
    )
    op.create_index(op.f("ix_supervision_session_trigger_id"), "supervision_session", ["trigger_id"])
    op.create_index(
        "ix_supervision_session_window",
        "supervision_session",
        ["workspace_id", "started_at", "intervention_count"],
    )
    op.create_index(
        op.f("ix_supervision_session_workspace_id_status_started_at"),
        "supervision_session",
        ["workspace_id", "status", "started_at"],
    )
    op.create_table(
        "intervention",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "intervention_type",
            sa.Enum(
                "pause",
                "correct",
                "terminate",
                name="interventiontype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_intervention_sequence")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["supervision_session.id"], name=op.f("fk_intervention_session_id_supervision_session")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["user_account.id"], name=op.f("fk_intervention_supervisor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_intervention_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention")),
    )
    op.create_index(
        op.f("ix_intervention_session_id_sequence"), "intervention", ["session_id", "sequence"], unique=True
    )
    op.create_index(op.f("ix_intervention_workspace_id_at"), "intervention", ["workspace_id", "at"])


def downgrade() -> None:
    """Undo: Training and supervision."""
    op.drop_table("intervention")
    op.drop_table("supervision_session")
    op.drop_table("training_session")
