"""Queries of breakpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Update, or_, select, update
from sqlalchemy.orm import aliased

from controlplane.debugging.lifecycle import LIVE
from controlplane.models import (
    Breakpoint,
    DebugSession,
    StepKind,
    Workflow,
    WorkflowExecution,
    WorkflowStep,
    WorkflowVersion,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def select_breakpoints(
    *, workspace_id: uuid.UUID, workflow_id: uuid.UUID, session_id: uuid.UUID | None = None
) -> Select[Any]:
    """Select the breakpoints of one workflow, the oldest first; of a session, without those of other sessions."""
    query = select(Breakpoint).where(
        Breakpoint.workspace_id == workspace_id, Breakpoint.workflow_id == workflow_id
    )
    if session_id is not None:
        query = query.where(or_(Breakpoint.session_id.is_(None), Breakpoint.session_id == session_id))
    return query.order_by(Breakpoint.created_at, Breakpoint.id)


def select_active_breakpoints(
    *, workspace_id: uuid.UUID, workflow_id: uuid.UUID, step_key: str, session_id: uuid.UUID
) -> Select[Any]:
    """Select the enabled breakpoints before one step that have hits left, the oldest first.

    These are the ones for every session, and those of the session itself.
    """
    return (
        select(Breakpoint)
        .where(
            Breakpoint.workspace_id == workspace_id,
            Breakpoint.workflow_id == workflow_id,
            Breakpoint.step_key == step_key,
            or_(Breakpoint.session_id.is_(None), Breakpoint.session_id == session_id),
            Breakpoint.enabled,
            or_(Breakpoint.hit_limit.is_(None), Breakpoint.hit_count < Breakpoint.hit_limit),
        )
        .order_by(Breakpoint.created_at, Breakpoint.id)
    )


def count_hit(*, breakpoint_id: uuid.UUID, now: datetime) -> Update:
    """Count one hit, if the breakpoint has one left; else match no row."""
    return (
        update(Breakpoint)
        .where(
            Breakpoint.id == breakpoint_id,
            or_(Breakpoint.hit_limit.is_(None), Breakpoint.hit_count < Breakpoint.hit_limit),
        )
        .values(hit_count=Breakpoint.hit_count + 1, last_hit_at=now)
        .execution_options(synchronize_session=False)
    )


def forget_breakpoint(*, workspace_id: uuid.UUID, breakpoint_id: uuid.UUID) -> Update:
    """Let no session point to a breakpoint that is to be removed."""
    return (
        update(DebugSession)
        .where(DebugSession.workspace_id == workspace_id, DebugSession.breakpoint_id == breakpoint_id)
        .values(breakpoint_id=None)
        .execution_options(synchronize_session=False)
    )


def select_step_kinds(
    *, workspace_id: uuid.UUID, workflow_id: uuid.UUID, step_key: str, session_id: uuid.UUID | None = None
) -> Select[StepKind]:
    """Select the kinds of a step in the versions that a breakpoint can stop.

    These are the newest one and those that live sessions (or the one that is named) run now, children included.
    """
    running = _select_debugged_versions(workspace_id=workspace_id, workflow_id=workflow_id, session_id=session_id)
    return (
        select(WorkflowStep.kind)
        .distinct()
        .join(WorkflowVersion, WorkflowVersion.id == WorkflowStep.version_id)
        .join(Workflow, Workflow.id == WorkflowVersion.workflow_id)
        .where(
            Workflow.workspace_id == workspace_id,
            Workflow.id == workflow_id,
            WorkflowStep.key == step_key,
            or_(WorkflowVersion.version == Workflow.latest_version, WorkflowVersion.id.in_(running)),
        )
        .order_by(WorkflowStep.kind)
    )


def _select_debugged_versions(
    *, workspace_id: uuid.UUID, workflow_id: uuid.UUID, session_id: uuid.UUID | None
) -> Select[Any]:
    """Select the versions of one workflow that run under live sessions."""
    outermost, child = WorkflowExecution, aliased(WorkflowExecution)
    watched = (
        select(outermost.id, outermost.workflow_id, outermost.version_id)
        .join(DebugSession, DebugSession.execution_id == outermost.id)
        .where(DebugSession.workspace_id == workspace_id, DebugSession.status.in_(LIVE))
    )
    if session_id is not None:
        watched = watched.where(DebugSession.id == session_id)
    tree = watched.cte("debugged", recursive=True)
    children = select(child.id, child.workflow_id, child.version_id).join(
        tree, child.parent_execution_id == tree.c.id
    )
    tree = tree.union(children)
    return select(tree.c.version_id).where(tree.c.workflow_id == workflow_id)
