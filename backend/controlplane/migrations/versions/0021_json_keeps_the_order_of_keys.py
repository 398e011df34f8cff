"""JSON columns of PostgreSQL keep the order of keys."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"

COLUMNS = {
    "agent": ("capabilities",),
    "blocked_trigger": ("trigger_context",),
    "canvas": ("content",),
    "canvas_audit": ("content",),
    "debug_variable": ("old_value", "new_value"),
    "execution_trace": ("input", "output", "variables_before", "variables_after", "diff"),
    "proposal": ("proposed_action", "modifications", "execution_result", "capability_gaps"),
    "supervision_session": ("trigger_context",),
    "training_session": ("capabilities_developed", "capability_gaps_remaining"),
    "workflow_execution": ("input_data", "variables", "outputs"),
    "workflow_execution_log": ("context",),
    "workflow_signal": ("payload",),
    "workflow_step": ("parameters", "depends_on", "retry_policy", "compensation"),
    "workflow_step_execution": ("scope", "input", "output"),
    "workflow_version": ("definition",),
}


def upgrade() -> None:
    """Turn JSONB, which sorts the keys of mappings, into JSON; what is stored already stays sorted."""
    _convert("JSON")


def downgrade() -> None:
    """Undo: JSON columns of PostgreSQL keep the order of keys."""
    _convert("JSONB")


def _convert(kind: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in COLUMNS.items():
        parts = [f"ALTER COLUMN {name} TYPE {kind} USING {name}::{kind}" for name in columns]
        op.execute(f"ALTER TABLE {table} {', '.join(parts)}")
