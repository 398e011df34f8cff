"""The questions of the registry; none reaches into another workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from controlplane.collation import code_points
from controlplane.models import (
    Agent,
    AgentExecution,
    AgentStatus,
    ExecutionStatus,
    LifecycleEvent,
    Maturity,
    MembershipStatus,
    SupervisionSession,
    SupervisionStatus,
    Workspace,
    WorkspaceMember,
)

if TYPE_CHECKING:
    import uuid


def lock_workspace(*, workspace_id: uuid.UUID) -> Select[uuid.UUID]:
    """Select one workspace, and keep others from locking it so; rows that refer to it can still be inserted."""
    return select(Workspace.id).where(Workspace.id == workspace_id).with_for_update(key_share=True)


def select_membership(*, workspace_id: uuid.UUID, user_id: uuid.UUID) -> Select[uuid.UUID]:
    """Select a person's id if they are an active member of the workspace."""
    member = WorkspaceMember
    return select(member.user_id).where(
        member.workspace_id == workspace_id,
        member.user_id == user_id,
        member.status == MembershipStatus.ACTIVE,
    )


def select_open_supervision(*, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> Select[SupervisionSession]:
    """Select the supervision that watches a run and has not ended; a run has at most one."""
    watched = SupervisionSession
    return select(watched).where(
        watched.workspace_id == workspace_id,
        watched.execution_id == execution_id,
        watched.status.in_((SupervisionStatus.RUNNING, SupervisionStatus.PAUSED)),
    )


def select_agent(*, workspace_id: uuid.UUID, agent_id: uuid.UUID) -> Select[Agent]:
    """Select one agent of the workspace, with any status."""
    return select(Agent).where(Agent.workspace_id == workspace_id, Agent.id == agent_id)


def select_agents_named(*, workspace_id: uuid.UUID, name: str) -> Select[Agent]:
    """Select the agents with a name, at most two, so that the caller sees an ambiguity; deleted ones come last."""
    is_deleted = Agent.status == AgentStatus.DELETED
    query = select(Agent).where(Agent.workspace_id == workspace_id, Agent.name == name)
    return query.order_by(is_deleted, Agent.id).limit(2)


def select_agent_by_identity(
    *, workspace_id: uuid.UUID, category: str, module_path: str, class_name: str
) -> Select[Agent]:
    """Select the one agent that its category, module and class identify in the workspace."""
    return select(Agent).where(
        Agent.workspace_id == workspace_id,
        Agent.category == category,
        Agent.module_path == module_path,
        Agent.class_name == class_name,
    )


def select_agents(
    *,
    workspace_id: uuid.UUID,
    maturity: Maturity | None = None,
    status: AgentStatus | None = None,
    category: str | None = None,
) -> Select[Agent]:
    """Select the workspace's agents by name (as code points); without `status`, all but the deleted ones."""
    query = select(Agent).where(Agent.workspace_id == workspace_id)
    query = query.where(Agent.status == status if status else Agent.status != AgentStatus.DELETED)
    if maturity is not None:
        query = query.where(Agent.maturity_level == maturity)
    if category is not None:
        query = query.where(Agent.category == category)
    return query.order_by(code_points(Agent.name), Agent.id)


def select_execution(*, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> Select[AgentExecution]:
    """Select one run of the workspace."""
    return select(AgentExecution).where(
        AgentExecution.workspace_id == workspace_id, AgentExecution.id == execution_id
    )


def select_executions(
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID | None = None,
    status: ExecutionStatus | None = None,
    limit: int = 50,
) -> Select[AgentExecution]:
    """Select the workspace's newest runs by when they were asked for, at most `limit`."""
    query = select(AgentExecution).where(AgentExecution.workspace_id == workspace_id)
    if agent_id is not None:
        query = query.where(AgentExecution.agent_id == agent_id)
    if status is not None:
        query = query.where(AgentExecution.status == status)
    return query.order_by(AgentExecution.created_at.desc(), AgentExecution.id).limit(limit)


def select_history(*, workspace_id: uuid.UUID, record_kind: str, record_id: uuid.UUID) -> Select[LifecycleEvent]:
    """Select every transition of one record, oldest first."""
    return (
        select(LifecycleEvent)
        .where(
            LifecycleEvent.workspace_id == workspace_id,
            LifecycleEvent.record_kind == record_kind,
            LifecycleEvent.record_id == record_id,
        )
        .order_by(LifecycleEvent.sequence)
    )
