"""The columns that every command looks up, and those that `status` lists, as tables of SQLAlchemy Core.

Importing the mapped classes costs more than listing executions does. A test compares these columns with theirs.
"""

from __future__ import annotations

from sqlalchemy import JSON, Float, String, Text, Uuid, column, table

from controlplane.sql_time import UTCDateTime

WORKSPACE = table("workspace", column("id", Uuid()), column("name", String(200)))
USER = table("user_account", column("id", Uuid()), column("email", String(320)))
AGENT = table("agent", column("id", Uuid()), column("name", String(200)))
MEMBER = table(
    "workspace_member", column("workspace_id", Uuid()), column("user_id", Uuid()), column("status", String(32))
)
WORKFLOW = table("workflow", column("id", Uuid()), column("name", String(200)))
EXECUTION = table(
    "workflow_execution",
    column("id", Uuid()),
    column("workspace_id", Uuid()),
    column("workflow_id", Uuid()),
    column("status", String(32)),
    column("outputs", JSON()),
    column("error_type", String(200)),
    column("error_message", Text()),
    column("failed_step", String(200)),
    column("pause_reason", Text()),
    column("created_at", UTCDateTime()),
    column("started_at", UTCDateTime()),
    column("completed_at", UTCDateTime()),
    column("duration_seconds", Float(53)),
)
