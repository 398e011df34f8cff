"""Supervisions and what the supervisors did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from controlplane.governance.queries.windows import within
from controlplane.models import Intervention, SupervisionSession, SupervisionStatus

if TYPE_CHECKING:
    import uuid
    from datetime import datetime


def select_supervision(*, workspace_id: uuid.UUID, supervision_id: uuid.UUID) -> Select[SupervisionSession]:
    """Select one supervision of the workspace."""
    return select(SupervisionSession).where(
        SupervisionSession.workspace_id == workspace_id, SupervisionSession.id == supervision_id
    )


def select_supervision_history(
    *,
    workspace_id: uuid.UUID,
    agent_id: uuid.UUID | None = None,
    supervisor_id: uuid.UUID | None = None,
    status: SupervisionStatus | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
) -> Select[SupervisionSession]:
    """Select supervisions that began in [since, until), newest first, at most `limit`."""
    session = SupervisionSession
    query = select(session).where(session.workspace_id == workspace_id)
    if agent_id is not None:
        query = query.where(session.agent_id == agent_id)
    if supervisor_id is not None:
        query = query.where(session.supervisor_id == supervisor_id)
    if status is not None:
        query = query.where(session.status == status)
    query = within(query, session.started_at, since=since, until=until)
    return query.order_by(session.started_at.desc(), session.id).limit(limit)


def select_interventions(*, workspace_id: uuid.UUID, supervision_id: uuid.UUID) -> Select[Intervention]:
    """Select what a supervisor did in one session, in order."""
    return (
        select(Intervention)
        .where(Intervention.workspace_id == workspace_id, Intervention.session_id == supervision_id)
        .order_by(Intervention.sequence)
    )


def select_open_supervision_of(
    *, workspace_id: uuid.UUID, execution_id: uuid.UUID | None = None, trigger_id: uuid.UUID | None = None
) -> Select[SupervisionSession]:
    """Select the supervision of a run or of a trigger that has not ended."""
    session = SupervisionSession
    query = select(session).where(
        session.workspace_id == workspace_id,
        session.status.in_((SupervisionStatus.RUNNING, SupervisionStatus.PAUSED)),
    )
    if execution_id is not None:
        query = query.where(session.execution_id == execution_id)
    if trigger_id is not None:
        query = query.where(session.trigger_id == trigger_id)
    return query.order_by(session.started_at.desc(), session.id)


def select_guidance(*, workspace_id: uuid.UUID, execution_id: uuid.UUID) -> Select[str]:
    """Select the guidance of every intervention about one run, in order."""
    return (
        select(Intervention.guidance)
        .join(SupervisionSession, SupervisionSession.id == Intervention.session_id)
        .where(Intervention.workspace_id == workspace_id, SupervisionSession.execution_id == execution_id)
        .order_by(SupervisionSession.started_at, Intervention.session_id, Intervention.sequence)
    )
