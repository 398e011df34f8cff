"""Queries of the debugger, limited to one workspace."""

from __future__ import annotations

from controlplane.debugging.queries.breakpoints import (
    count_hit,
    forget_breakpoint,
    select_active_breakpoints,
    select_breakpoints,
    select_step_kinds,
)
from controlplane.debugging.queries.executions import (
    PAUSE_PREFIX,
    change_variables,
    insert_steps,
    lock_execution,
    lock_held,
    select_children,
    select_frame,
    select_last_attempts,
    select_results,
    select_scope,
    watch_execution,
)
from controlplane.debugging.queries.recordings import (
    EVENTS_OF_VARIABLES,
    count_changes,
    count_traces,
    insert_log,
    insert_trace,
    select_changes,
    select_changes_of_execution,
    select_profile,
    select_traces,
    select_variable_log,
)
from controlplane.debugging.queries.sessions import (
    select_grant,
    select_grants,
    select_session,
    select_sessions,
    select_stops,
    select_watching,
)

__all__ = [
    "EVENTS_OF_VARIABLES",
    "PAUSE_PREFIX",
    "change_variables",
    "count_changes",
    "count_hit",
    "count_traces",
    "forget_breakpoint",
    "insert_log",
    "insert_steps",
    "insert_trace",
    "lock_execution",
    "lock_held",
    "select_active_breakpoints",
    "select_breakpoints",
    "select_changes",
    "select_changes_of_execution",
    "select_children",
    "select_frame",
    "select_grant",
    "select_grants",
    "select_last_attempts",
    "select_profile",
    "select_results",
    "select_scope",
    "select_session",
    "select_sessions",
    "select_step_kinds",
    "select_stops",
    "select_traces",
    "select_variable_log",
    "select_watching",
    "watch_execution",
]
