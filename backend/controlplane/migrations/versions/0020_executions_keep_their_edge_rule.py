"""Executions keep the rule about skipped dependencies under which they began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

TABLE = "workflow_execution"
COLUMN = "tolerates_skips"


def upgrade() -> None:
    """Add the column, set for every execution that is there."""
    op.add_column(TABLE, sa.Column(COLUMN, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(sa.update(sa.table(TABLE, sa.column(COLUMN, sa.Boolean()))).values({COLUMN: sa.true()}))


def downgrade() -> None:
    """Undo: Executions keep the rule about skipped dependencies under which they began."""
    op.drop_column(TABLE, COLUMN)
