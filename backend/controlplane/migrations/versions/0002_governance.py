"""Governance: feedback, proposals, blocked triggers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
UTC = sa.CHAR(26).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Governance: feedback, proposals, blocked triggers."""
    op.create_table(
        "agent_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("original_output", sa.Text(), nullable=True),
        sa.Column("user_correction", sa.Text(), nullable=True),
        sa.Column("input_context", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "accepted",
                "rejected",
                name="feedbackstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("confidence_change", sa.Float(precision=53), nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("adjudicated_at", UTC, nullable=True),
        sa.Column("adjudicator_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("confidence_change BETWEEN -1 AND 1", name=op.f("ck_agent_feedback_confidence_change")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_agent_feedback_rating")),
        sa.ForeignKeyConstraint(
            ["adjudicator_id"], ["user_account.id"], name=op.f("fk_agent_feedback_adjudicator_id_user_account")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_agent_feedback_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["execution_id"], ["agent_execution.id"], name=op.f("fk_agent_feedback_execution_id_agent_execution")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_agent_feedback_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_agent_feedback_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_feedback")),
    )
    op.create_index(op.f("ix_agent_feedback_execution_id"), "agent_feedback", ["execution_id"])
    op.create_index(
        op.f("ix_agent_feedback_workspace_id_agent_id_created_at_rating"),
        "agent_feedback",
        ["workspace_id", "agent_id", "created_at", "rating"],
    )
    op.create_index(
        op.f("ix_agent_feedback_workspace_id_created_at"), "agent_feedback", ["workspace_id", "created_at"]
    )
    op.create_index(
        op.f("ix_agent_feedback_workspace_id_status_created_at"),
        "agent_feedback",
        ["workspace_id", "status", "created_at"],
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "proposal_type",
            sa.Enum(
                "action", "training", name="proposaltype", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("proposed_action", JSON, nullable=False),
        sa.Column("reasoning", sa.Text(), nullable=True),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "approved",
                "executed",
                "execution_failed",
                "rejected",
                "cancelled",
                "expired",
                name="proposalstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("reviewer_agent_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", UTC, nullable=True),
        sa.Column("review_comments", sa.Text(), nullable=True),
        sa.Column("modifications", JSON, nullable=True),
        sa.Column("execution_result", JSON, nullable=True),
        sa.Column("execution_id", sa.Uuid(), nullable=True),
        sa.Column("estimated_hours", sa.Float(precision=53), nullable=True),
        sa.Column("capability_gaps", JSON, nullable=False),
        sa.Column("expires_at", UTC, nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("completed_at", UTC, nullable=True),
        sa.CheckConstraint("estimated_hours >= 0", name=op.f("ck_proposal_estimated_hours")),
        sa.CheckConstraint(
            "reviewer_id IS NULL OR reviewer_agent_id IS NULL", name=op.f("ck_proposal_one_reviewer")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_proposal_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["execution_id"], ["agent_execution.id"], name=op.f("fk_proposal_execution_id_agent_execution")
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["user_account.id"], name=op.f("fk_proposal_proposer_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_agent_id"], ["agent.id"], name=op.f("fk_proposal_reviewer_agent_id_agent")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user_account.id"], name=op.f("fk_proposal_reviewer_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_proposal_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(
        op.f("ix_proposal_workspace_id_agent_id_created_at"),
        "proposal",
        ["workspace_id", "agent_id", "created_at"],
    )
    op.create_index(
        op.f("ix_proposal_workspace_id_created_at_reviewed_at"),
        "proposal",
        ["workspace_id", "created_at", "reviewed_at"],
    )
    op.create_index(
        op.f("ix_proposal_workspace_id_reviewer_id_reviewed_at"),
        "proposal",
        ["workspace_id", "reviewer_id", "reviewed_at"],
    )
    op.create_index(
        op.f("ix_proposal_workspace_id_status_created_at"), "proposal", ["workspace_id", "status", "created_at"]
    )
    op.create_table(
        "blocked_trigger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
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
        sa.Column("confidence_score", sa.Float(precision=53), nullable=False),
        sa.Column(
            "trigger_source",
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
        sa.Column("trigger_type", sa.String(length=200), nullable=False),
        sa.Column("trigger_context", JSON, nullable=False),
        sa.Column(
            "routing_decision",
            sa.Enum(
                "training",
                "proposal",
                "supervision",
                "execution",
                name="routingdecision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("block_reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "in_progress",
                "resolved",
                name="triggerstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("expires_at", UTC, nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.Column("resolved_at", UTC, nullable=True),
        sa.Column(
            "resolution_outcome",
            sa.Enum(
                "executed",
                "trained",
                "rejected",
                "cancelled",
                "interrupted",
                "expired",
                "failed",
                name="resolutionoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.CheckConstraint("resolved = (status = 'resolved')", name=op.f("ck_blocked_trigger_resolved")),
        sa.CheckConstraint("attempts BETWEEN 0 AND 3", name=op.f("ck_blocked_trigger_attempts")),
        sa.CheckConstraint("confidence_score BETWEEN 0 AND 1", name=op.f("ck_blocked_trigger_confidence_score")),
        sa.CheckConstraint("priority BETWEEN 0 AND 9", name=op.f("ck_blocked_trigger_priority")),
        sa.CheckConstraint("resolved = (resolution_outcome IS NOT NULL)", name=op.f("ck_blocked_trigger_outcome")),
        sa.CheckConstraint("resolved = (resolved_at IS NOT NULL)", name=op.f("ck_blocked_trigger_resolved_at")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_blocked_trigger_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_blocked_trigger_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_blocked_trigger_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_trigger")),
    )
    op.create_index(op.f("ix_blocked_trigger_proposal_id"), "blocked_trigger", ["proposal_id"])
    op.create_index(
        "ix_blocked_trigger_queue",
        "blocked_trigger",
        ["workspace_id", "routing_decision", "status", "priority", "created_at"],
    )
    op.create_index(
        "ix_blocked_trigger_window",
        "blocked_trigger",
        ["workspace_id", "created_at", "trigger_source", "routing_decision"],
    )
    op.create_index(
        op.f("ix_blocked_trigger_workspace_id_agent_id_created_at"),
        "blocked_trigger",
        ["workspace_id", "agent_id", "created_at"],
    )


def downgrade() -> None:
    """Undo: Governance: feedback, proposals, blocked triggers."""
    op.drop_table("blocked_trigger")
    op.drop_table("proposal")
    op.drop_table("agent_feedback")
