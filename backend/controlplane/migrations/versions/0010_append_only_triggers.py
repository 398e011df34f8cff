"""Trails are append-only."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = (
    *("canvas_audit", "debug_variable", "execution_trace", "intervention", "lifecycle_event"),
    *("workflow_execution_log", "workflow_step", "workflow_version"),
)
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = 'append-only: ' || TG_TABLE_NAME, ERRCODE = 'restrict_violation'; END $$
"""


def upgrade() -> None:
    """Trails are append-only."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
        function = "EXECUTE FUNCTION refuse_change()"
        for table in TABLES:
            op.execute(f"CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {function}")
            op.execute(f"CREATE TRIGGER keeps_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {function}")
        return
    for table in TABLES:
        for action in ("UPDATE", "DELETE"):
            op.get_bind().exec_driver_sql(
                f"CREATE TRIGGER {table}_keeps_{action} BEFORE {action} ON {table}\n"
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            )


def downgrade() -> None:
    """Undo: Trails are append-only."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change() CASCADE")  # and the triggers that call it
        return
    for table in TABLES:
        for action in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER {table}_keeps_{action}")
