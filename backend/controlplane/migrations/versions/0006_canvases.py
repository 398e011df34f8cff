"""Canvases with their trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
UTC = sa.CHAR(26).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    """Canvases with their trail."""
    op.create_table(
        "canvas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("component", sa.String(length=200), nullable=True),
        sa.Column("content", JSON, nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "closed", name="canvasstatus", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("workflow_execution_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("updated_at", UTC, nullable=False),
        sa.Column("closed_at", UTC, nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_canvas_revision")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_canvas_agent_id_agent")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_canvas_owner_id_user_account")),
        sa.ForeignKeyConstraint(
            ["workflow_execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_canvas_workflow_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_canvas_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canvas")),
    )
    op.create_index(op.f("ix_canvas_workflow_execution_id"), "canvas", ["workflow_execution_id"])
    op.create_index(op.f("ix_canvas_workspace_id_status_type"), "canvas", ["workspace_id", "status", "type"])
    op.create_table(
        "canvas_audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("canvas_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "present",
                "update",
                "submit",
                "close",
                name="canvasaction",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", JSON, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("workflow_execution_id", sa.Uuid(), nullable=True),
        sa.Column("step_key", sa.String(length=200), nullable=True),
        sa.Column("at", UTC, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_canvas_audit_agent_id_agent")),
        sa.ForeignKeyConstraint(["canvas_id"], ["canvas.id"], name=op.f("fk_canvas_audit_canvas_id_canvas")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_canvas_audit_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["workflow_execution_id"],
            ["workflow_execution.id"],
            name=op.f("fk_canvas_audit_workflow_execution_id_workflow_execution"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_canvas_audit_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canvas_audit")),
    )
    op.create_index(
        op.f("ix_canvas_audit_canvas_id_sequence"), "canvas_audit", ["canvas_id", "sequence"], unique=True
    )
    op.create_index(
        op.f("ix_canvas_audit_workspace_id_at_action"), "canvas_audit", ["workspace_id", "at", "action"]
    )


def downgrade() -> None:
    """Undo: Canvases with their trail."""
    op.drop_table("canvas_audit")
    op.drop_table("canvas")
