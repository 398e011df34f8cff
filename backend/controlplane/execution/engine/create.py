"""Creation of an execution: a pending row, due now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from controlplane import clock
from controlplane.errors import InvalidDefinitionError, InvalidValueError
from controlplane.execution.definition.secret_headers import has_secrets, missing_secrets
from controlplane.execution.lifecycle import WORKFLOW
from controlplane.execution.versions import load_plan
from controlplane.lifecycle import begin
from controlplane.models import LogLevel, WorkflowExecution, WorkflowExecutionLog, WorkflowStatus, Workspace
from controlplane.validation import json_value

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from controlplane.execution.definition import Definition
    from controlplane.execution.engine.config import EngineConfig
    from controlplane.models import WorkflowVersion


def open_execution(
    session: Session,
    *,
    version: WorkflowVersion,
    engine: EngineConfig,
    input_data: dict[str, Any],
    actor_id: uuid.UUID | None = None,
    **values: Any,
) -> WorkflowExecution:
    """Insert a pending execution of a version, due now.

    Raises:
        InvalidDefinitionError: a step of a version saved before revision 0020 can't be reached any more, or
            a secret that a step needs is missing.
        InvalidValueError: the input is not a JSON object, or not what the definition declares.
    """
    definition = load_plan(session, engine=engine, version_id=version.id).definition
    check_startable(session, definition, engine=engine, workspace_id=version.workspace_id)
    now = clock.now()
    execution = WorkflowExecution(
        workspace_id=version.workspace_id,
        workflow_id=version.workflow_id,
        version_id=version.id,
        status=WorkflowStatus.PENDING,
        input_data=checked_input(definition, input_data),
        wake_at=now,
        created_at=now,
        log_sequence=1,
        **values,
    )
    begin(session, WORKFLOW, execution, actor_id=actor_id or execution.user_id)
    session.add(
        WorkflowExecutionLog(
            workspace_id=execution.workspace_id,
            execution_id=execution.id,
            sequence=1,
            level=LogLevel.INFO,
            event="execution_created",
            message=f"execution of {definition.name} version {version.version} created",
            context={},
            timestamp=now,
        )
    )
    session.flush()
    return execution


def check_startable(
    session: Session,
    definition: Definition,
    *,
    engine: EngineConfig,
    workspace_id: uuid.UUID,
    is_joined: bool = False,
) -> None:
    """Raise InvalidDefinitionError if an execution of this definition could not run as it was meant.

    `is_joined`: the execution tolerates skips in every step, as those begun before revision 0020 do.
    """
    if definition.unjoined and not is_joined:  # a version from before: it would skip steps in silence
        raise InvalidDefinitionError(name=definition.name, problems=definition.unjoined)
    if engine.secrets is not None and has_secrets(definition):
        workspace = session.scalars(select(Workspace.name).where(Workspace.id == workspace_id)).one()
        problems = missing_secrets(definition, secrets=engine.secrets, workspace=workspace)
        if problems:
            raise InvalidDefinitionError(name=definition.name, problems=tuple(problems))


def checked_input(definition: Definition, data: Any) -> dict[str, Any]:
    """Return the input with the defaults of the definition, or raise InvalidValueError."""
    if not isinstance(data, dict):
        raise InvalidValueError(field="input", value=data, rule="it must be a JSON object")
    json_value("input", data)
    if definition.inputs is None:
        return data
    for name in data:
        if name not in definition.inputs:
            declared = ", ".join(definition.inputs) or "none"
            raise InvalidValueError(field="input", value=name, rule=f"the workflow declares {declared}")
    return {name: value for name, value in definition.inputs.items() if value is not None} | data
