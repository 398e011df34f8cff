"""Workflows and their immutable versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, insert, select

from controlplane import clock, governance
from controlplane.collation import code_points
from controlplane.execution.definition import Definition, parse_definition
from controlplane.execution.engine.plan import Plan
from controlplane.governance import Permission
from controlplane.lookup import get_one
from controlplane.models import Workflow, WorkflowStep, WorkflowVersion

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.execution.definition import Step
    from controlplane.execution.engine.config import EngineConfig


def select_version(*, workspace_id: uuid.UUID, name: str, version: int | None = None) -> Select[Any]:
    """Select one version of a workflow by name, the newest by default."""
    wanted = Workflow.latest_version if version is None else version
    return (
        select(WorkflowVersion)
        .join(Workflow, WorkflowVersion.workflow_id == Workflow.id)
        .where(Workflow.workspace_id == workspace_id, Workflow.name == name, WorkflowVersion.version == wanted)
    )


def save_workflow(
    session: Session, *, workspace_id: uuid.UUID, definition: Definition, user_id: uuid.UUID | None = None
) -> WorkflowVersion:
    """Store a definition: a new workflow, or the next version of the one with its name if anything changed.

    Raises:
        NotAuthorizedError: the person, if one is named, is not a member of the workspace, or is a viewer.
    """
    if user_id is not None:
        governance.authorize(
            session, workspace_id=workspace_id, user_id=user_id, permission=Permission.RUN_WORKFLOW
        )
    query = select(Workflow).where(Workflow.workspace_id == workspace_id, Workflow.name == definition.name)
    workflow = session.execute(query.with_for_update(key_share=True)).scalar_one_or_none()
    if workflow is None:
        workflow = Workflow(
            workspace_id=workspace_id,
            name=definition.name,
            description=definition.description,
            created_by=user_id,
            created_at=(now := clock.now()),
            updated_at=now,
        )
        session.add(workflow)
        session.flush()
        return _add_version(session, workflow, definition, version=1, user_id=user_id)
    latest = get_version(session, workspace_id=workspace_id, name=definition.name)
    if latest.digest == definition.digest:
        return latest
    workflow.latest_version += 1
    workflow.description = definition.description
    return _add_version(session, workflow, definition, version=workflow.latest_version, user_id=user_id)


def _add_version(
    session: Session, workflow: Workflow, definition: Definition, *, version: int, user_id: uuid.UUID | None
) -> WorkflowVersion:
    record = WorkflowVersion(
        workspace_id=workflow.workspace_id,
        workflow_id=workflow.id,
        version=version,
        definition=definition.data,
        digest=definition.digest,
        created_by=user_id,
        created_at=clock.now(),
    )
    session.add(record)
    session.flush()
    common = {"workspace_id": workflow.workspace_id, "version_id": record.id}
    rows = [
        {**common, "position": position, **_step_row(step, definition)}
        for position, step in enumerate(definition.steps)
    ]
    session.execute(insert(WorkflowStep), rows)
    return record


def _step_row(step: Step, definition: Definition) -> dict[str, Any]:
    retry, undo = step.retry, step.compensation
    return {
        "key": step.key,
        "kind": step.kind,
        "name": step.name,
        "parameters": step.inputs,
        "depends_on": [edge.source for edge in definition.incoming[step.key]],
        "condition": step.when,
        "retry_policy": {
            "attempts": retry.attempts,
            "delay": retry.delay,
            "factor": retry.factor,
            "max_delay": retry.max_delay,
            "on": list(retry.on),
        },
        "timeout_seconds": step.timeout,
        "continue_on_error": step.continue_on_error,
        "compensation": undo and {"action": undo.action, "parameters": dict(undo.parameters)},
    }


def get_version(
    session: Session, *, workspace_id: uuid.UUID, name: str, version: int | None = None
) -> WorkflowVersion:
    """Return one version of a workflow, the newest by default, or raise NotFoundError."""
    query = select_version(workspace_id=workspace_id, name=name, version=version)
    shown = name if version is None else f"{name} version {version}"
    found: WorkflowVersion = get_one(session, query, record="workflow", id=shown)
    return found


def load_plan(session: Session, *, engine: EngineConfig, version_id: uuid.UUID) -> Plan:
    """Return the plan of a version, parsed once per engine."""
    plan = engine.plans.get(version_id)
    if plan is None:
        query = select(WorkflowVersion.definition, WorkflowVersion.version).where(WorkflowVersion.id == version_id)
        row = session.execute(query).one()
        plan = Plan(parse_definition(row.definition, is_stored=True), version=row.version)
        engine.plans.put(version_id, plan)
    return plan


def select_newest_versions(*, workspace_id: uuid.UUID) -> Select[Any]:
    """Select name, newest version, its time and description of every workflow, by name as code points."""
    query: Any = (
        select(
            Workflow.name,
            WorkflowVersion.version,
            WorkflowVersion.created_at,
            Workflow.description,
        )
        .join(WorkflowVersion, WorkflowVersion.workflow_id == Workflow.id)
        .where(Workflow.workspace_id == workspace_id, WorkflowVersion.version == Workflow.latest_version)
        .order_by(code_points(Workflow.name), Workflow.id)
    )
    result: Select[Any] = query
    return result
