"""The run that a supervision watches, locked, and the acts on it.

Locks are taken from the workflow execution over the agent's run to the supervision, as the engine takes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from controlplane import agents
from controlplane.agents import EXECUTION
from controlplane.errors import IllegalTransitionError, TooLateError
from controlplane.fencing import LockedStep, fence_step, hold_step, lock_step_of, log_decision, release_step
from controlplane.governance.constants import REASON
from controlplane.models import AgentExecution, ExecutionStatus, InterventionType

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from controlplane.models import SupervisionSession

UNDER_WAY = (ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED)
_TARGETS = {
    InterventionType.TERMINATE: ExecutionStatus.CANCELLED,
    InterventionType.PAUSE: ExecutionStatus.PAUSED,
}


@dataclass(frozen=True, kw_only=True)
class SupervisedRun:
    """A run that is watched, and the step of a workflow that it belongs to, if one runs."""

    execution: AgentExecution
    step: LockedStep | None


def lock_run(session: Session, supervision: SupervisionSession) -> SupervisedRun | None:
    """Lock the run of a supervision and the workflow execution it belongs to; None if no run has begun.

    The run may have begun since the caller read the supervision, so the row is read first.
    """
    session.refresh(supervision, ["execution_id"])
    if supervision.execution_id is None:
        return None
    step = lock_step_of(
        session, workspace_id=supervision.workspace_id, agent_execution_id=supervision.execution_id
    )
    execution = session.get_one(
        AgentExecution, supervision.execution_id, populate_existing=True, with_for_update={"key_share": True}
    )
    return SupervisedRun(execution=execution, step=step)


def check_in_time(run: SupervisedRun | None, act: InterventionType) -> None:
    """Raise TooLateError if the run has ended, and IllegalTransitionError for a pause of one that does not run."""
    if run is None:
        return
    status, to = run.execution.status, _TARGETS.get(act, ExecutionStatus.RUNNING)
    facts = {"record": EXECUTION.kind, "id": run.execution.id, "from_status": status, "to_status": to}
    if status not in UNDER_WAY:
        raise TooLateError(act=act, **facts)
    if act is InterventionType.PAUSE and status is not ExecutionStatus.RUNNING:
        raise IllegalTransitionError(**facts)


def terminate_run(
    session: Session, run: SupervisedRun, *, reason: str, now: datetime, actor_id: uuid.UUID | None = None
) -> None:
    """Cancel the run; the engine fails the step, whose late result is refused."""
    agents.cancel(session, run.execution, reason=reason[:REASON], actor_id=actor_id)
    if run.step is not None:
        message = f"is terminated: {reason}"
        log_decision(session, run.step, event="step_terminated", message=message, now=now, by=actor_id)
        fence_step(session, run.step, now=now)


def correct_run(session: Session, run: SupervisedRun, *, reason: str, now: datetime, actor_id: uuid.UUID) -> None:
    """Write the guidance into the log of the run's workflow execution; the run reads it from its supervision."""
    if run.step is not None:
        message = f"is corrected: {reason}"
        log_decision(session, run.step, event="step_corrected", message=message, now=now, by=actor_id)


def pause_run(session: Session, run: SupervisedRun, *, reason: str, now: datetime, actor_id: uuid.UUID) -> None:
    """Pause the run; its step is left alone until it is resumed, and its late result refused."""
    agents.pause(session, run.execution, reason=reason[:REASON], actor_id=actor_id)
    if run.step is not None:
        message = f"is held: {reason}"
        log_decision(session, run.step, event="step_held", message=message, now=now, by=actor_id)
        hold_step(session, run.step)


def resume_run(session: Session, run: SupervisedRun, *, actor_id: uuid.UUID, now: datetime) -> None:
    """Resume the run; its step is delivered again."""
    if run.execution.status is not ExecutionStatus.PAUSED:
        return
    agents.resume(session, run.execution, actor_id=actor_id)
    if run.step is not None:
        release_step(session, run.step, now=now)


def fail_run(session: Session, run: SupervisedRun, *, reason: str, actor_id: uuid.UUID, now: datetime) -> None:
    """Fail a run under way (one that never started is cancelled); the engine fails its step."""
    if run.execution.status is ExecutionStatus.RUNNING:
        agents.fail(
            session,
            run.execution,
            error_type="SupervisionFailedError",
            error_message=reason,
            actor_id=actor_id,
        )
    elif run.execution.status is ExecutionStatus.PENDING:
        agents.cancel(session, run.execution, reason=reason[:REASON], actor_id=actor_id)
    if run.step is not None:
        message = f"is ended: its supervision failed: {reason}"
        log_decision(session, run.step, event="step_terminated", message=message, now=now, by=actor_id)
        fence_step(session, run.step, now=now)
