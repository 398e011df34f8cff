"""Questions about debugging: sessions, breakpoints, traces, variables.

A session belongs to a window by `created_at`, a trace by `started_at`, a change of a variable by `changed_at`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from controlplane.analytics.sql.distribution import distribution, statistics
from controlplane.analytics.sql.portable import (
    Rows,
    by_key,
    in_window,
    members_table,
    ratio,
    record_scope,
)
from controlplane.collation import code_points
from controlplane.models import Breakpoint, DebugSession, DebugStatus, DebugVariable, ExecutionTrace, Workflow

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def select_debug_sessions_by_status(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, for every status, how many sessions have it, their share, and how many people own them.

    Window: `created_at`.
    Columns: `status`; `sessions` count, 0 too; `share` 0..1; `owners` count.
    Null: every share, over no sessions at all (0/0).
    Order: the lifecycle's; no ties.
    """
    counts = (
        select(
            DebugSession.status,
            func.count().label("sessions"),
            func.count(DebugSession.owner_id.distinct()).label("owners"),
        )
        .where(record_scope(DebugSession, workspace_id=workspace_id, since=since, until=until))
        .group_by(DebugSession.status)
        .subquery("counts")
    )
    members = members_table(DebugStatus, name="members")
    number: Any = func.coalesce(counts.c.sessions, 0)
    return (
        select(
            members.c.member.label("status"),
            number.label("sessions"),
            ratio(number, func.sum(number).over()).label("share"),
            func.coalesce(counts.c.owners, 0).label("owners"),
        )
        .select_from(members.outerjoin(counts, counts.c.status == members.c.member))
        .order_by(members.c.position)
    )


def select_hottest_breakpoints(
    *, workspace_id: uuid.UUID, limit: int, workflow_id: uuid.UUID | None = None
) -> Rows:
    """Select the `limit` breakpoints that were hit most, with their share of all hits.

    Disabled breakpoints count, those never hit are left out.

    Columns: `breakpoint_id`, `workflow`, `step_key`, `enabled` which; `hits` count; `share` 0..1; `last_hit_at`
        UTC.
    Null: `last_hit_at` where it was not recorded.
    Order: most hits first; equal numbers by workflow, step and id.
    """
    hit = (
        select(
            Breakpoint.id.label("breakpoint_id"),
            Workflow.name.label("workflow"),
            Breakpoint.step_key,
            Breakpoint.enabled,
            Breakpoint.hit_count.label("hits"),
            ratio(Breakpoint.hit_count, func.sum(Breakpoint.hit_count).over()).label("share"),
            Breakpoint.last_hit_at,
        )
        .join(Workflow, by_key(Workflow, Breakpoint.workflow_id, workspace_id=workspace_id))
        .where(Breakpoint.workspace_id == workspace_id, Breakpoint.hit_count > 0)
        .order_by(
            Breakpoint.hit_count.desc(),
            code_points(Workflow.name),
            code_points(Breakpoint.step_key),
            Breakpoint.id,
        )
        .limit(limit)
    )
    return hit if workflow_id is None else hit.where(Breakpoint.workflow_id == workflow_id)


def select_trace_durations(
    *, workspace_id: uuid.UUID, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select, per step of each workflow, how long its traced attempts took.

    The steps of a child count under the child's name, in any debug session.

    Window: `started_at`.
    Columns: `workflow`, `step_key`; `samples` count; `mean`, `minimum`, `median`, `p95`, `p99`, `maximum`
        seconds.
    Null: nothing; traces without a duration are left out, and an imported one that does not name its workflow
        counts under its session's.
    Order: slowest mean first; equal means by workflow and step.
    """
    name = func.coalesce(ExecutionTrace.workflow, Workflow.name).label("workflow")
    traced = (
        select(name, ExecutionTrace.step_key, ExecutionTrace.duration_seconds)
        .join(DebugSession, by_key(DebugSession, ExecutionTrace.session_id, workspace_id=workspace_id))
        .join(Workflow, by_key(Workflow, DebugSession.workflow_id, workspace_id=workspace_id))
        .where(
            ExecutionTrace.workspace_id == workspace_id,
            in_window(ExecutionTrace.started_at, since=since, until=until),
        )
        .subquery("traced")
    )
    spread = distribution(traced, by=("workflow", "step_key"), value="duration_seconds", name="spread")
    return select(spread.c.workflow, spread.c.step_key, spread.c.samples, *statistics(spread)).order_by(
        spread.c.mean.desc(), code_points(spread.c.workflow), code_points(spread.c.step_key)
    )


def select_most_changed_variables(
    *, workspace_id: uuid.UUID, limit: int, since: datetime | None = None, until: datetime | None = None
) -> Rows:
    """Select the `limit` variables that people changed most: changes, sessions, people, first settings, last.

    A first setting is a change of a variable that did not exist before.

    Window: `changed_at`.
    Columns: `name`; `changes`, `sessions`, `people`, `first_settings` counts; `last_at` UTC.
    Null: nothing.
    Order: most changes first; equal numbers by name.
    """
    changed = DebugVariable
    return (
        select(
            changed.name,
            func.count().label("changes"),
            func.count(changed.session_id.distinct()).label("sessions"),
            func.count(changed.changed_by.distinct()).label("people"),
            func.count().filter(changed.was_set.is_(False)).label("first_settings"),
            func.max(changed.changed_at).label("last_at"),
        )
        .where(changed.workspace_id == workspace_id, in_window(changed.changed_at, since=since, until=until))
        .group_by(changed.name)
        .order_by(func.count().desc(), code_points(changed.name))
        .limit(limit)
    )
