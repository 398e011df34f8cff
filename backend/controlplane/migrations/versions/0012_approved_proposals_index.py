"""Approved proposals are found without reading the others."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"

NAME = "ix_proposal_status_proposal_type_created_at"


def upgrade() -> None:
    """Approved proposals are found without reading the others."""
    op.create_index(op.f(NAME), "proposal", ["status", "proposal_type", "created_at"])


def downgrade() -> None:
    """Undo: Approved proposals are found without reading the others."""
    op.drop_index(op.f(NAME), "proposal")
