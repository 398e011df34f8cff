"""Indexes for windows of workflow executions, failures, waits and concurrency."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"

NEW = {
    "ix_agent_execution_status": (
        "agent_execution",
        ["workspace_id", "status", "created_at", "agent_id", "error_type", "completed_at"],
    ),
    "ix_agent_execution_trigger": (
        "agent_execution",
        ["workspace_id", "triggered_by", "created_at", "started_at"],
    ),
    "ix_agent_execution_under_way": ("agent_execution", ["workspace_id", "completed_at", "started_at"]),
    "ix_workflow_execution_window": (
        "workflow_execution",
        ["workspace_id", "created_at", "workflow_id", "status", "duration_seconds"],
    ),
}
OLD = {
    "ix_agent_execution_workspace_id_completed_at": ("agent_execution", ["workspace_id", "completed_at"]),
    "ix_agent_execution_workspace_id_status_created_at": (
        "agent_execution",
        ["workspace_id", "status", "created_at"],
    ),
    "ix_workflow_execution_window": (
        "workflow_execution",
        ["workspace_id", "started_at", "status", "duration_seconds"],
    ),
}


def upgrade() -> None:
    """Indexes for windows of workflow executions, failures, waits and concurrency."""
    _replace(OLD, NEW)


def downgrade() -> None:
    """Undo: Indexes for windows of workflow executions, failures, waits and concurrency."""
    _replace(NEW, OLD)


def _replace(old: dict[str, tuple[str, list[str]]], new: dict[str, tuple[str, list[str]]]) -> None:
    for name, (table, _) in old.items():
        op.drop_index(op.f(name), table_name=table)
    for name, (table, columns) in new.items():
        op.create_index(op.f(name), table, columns)
