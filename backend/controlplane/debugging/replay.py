"""Run an execution again from a recorded step, with the same or another version of its workflow."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from controlplane import clock
from controlplane.debugging import queries
from controlplane.debugging.access import require_member
from controlplane.debugging.comparison import lock_execution
from controlplane.debugging.recorded_variables import Recording, recorded_variables
from controlplane.debugging.replay_plan import ReplayPlan, plan_replay
from controlplane.errors import InvalidValueError
from controlplane.execution.engine.create import check_startable, checked_input, open_execution
from controlplane.execution.engine.propagate import SKIP_REASON
from controlplane.execution.engine.unit_of_work import UnitOfWork
from controlplane.execution.expressions.variables import check_size
from controlplane.execution.lifecycle import WORKFLOW
from controlplane.execution.versions import get_version, load_plan
from controlplane.lifecycle import begin
from controlplane.models import StepRole, StepStatus, WorkflowExecution, WorkflowStatus, WorkflowStepExecution
from controlplane.validation import json_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from controlplane.execution.definition import Definition
    from controlplane.execution.engine.config import EngineConfig
    from controlplane.execution.engine.plan import Plan
    from controlplane.models import WorkflowVersion

_FRESH = ("lease_token", "lease_until", "leased_by", "wake_at")


def replay(
    session: Session,
    *,
    workspace_id: uuid.UUID,
    execution_id: uuid.UUID,
    user_id: uuid.UUID,
    engine: EngineConfig,
    from_step: str | None = None,
    version: int | None = None,
    input_data: dict[str, Any] | None = None,
    variables: dict[str, Any] | None = None,
) -> WorkflowExecution:
    """Start a new execution that repeats this one from a recorded step, or from its start; return it, due now.

    Steps that ended, and do not come after `from_step`, keep their recorded results; if the replay fails it
    undoes its own steps, not those. The variables are those that `from_step` began with. `version` is another
    version of the workflow, a mended one; `input_data` and `variables` change some of the recorded ones.

    Raises:
        InvalidDefinitionError: the version can't be started any more, or lacks a secret.
        InvalidValueError: the steps before `from_step` have no recorded results that lead to it, the input or
            the variables are not JSON, or a value that is needed was not recorded.
        NotAuthorizedError: the person is not a member of the workspace, or is a viewer.
        NotFoundError: the workspace has no such execution, or the workflow no such version.
    """
    require_member(session, workspace_id=workspace_id, user_id=user_id, action="replay", may_change=True)
    with clock.one_reading():
        return _replay(
            session,
            lock_execution(session, workspace_id=workspace_id, execution_id=execution_id),
            user_id=user_id,
            engine=engine,
            from_step=from_step,
            version=version,
            input_data=input_data or {},
            variables=variables or {},
        )


def _replay(
    session: Session,
    origin: WorkflowExecution,
    *,
    user_id: uuid.UUID,
    engine: EngineConfig,
    from_step: str | None,
    version: int | None,
    input_data: dict[str, Any],
    variables: dict[str, Any],
) -> WorkflowExecution:
    given = dict(json_value("variables", variables))
    chosen = _chosen(session, origin, version)
    plan = load_plan(session, engine=engine, version_id=chosen.id)
    inputs, left_out = _inputs(plan.definition, origin, input_data)
    if from_step is None:
        return open_execution(
            session,
            version=chosen,
            engine=engine,
            input_data=inputs,
            variables=given,
            user_id=user_id,
            agent_id=origin.agent_id,
            replay_of_id=origin.id,
        )
    tolerates_skips = origin.tolerates_skips and chosen.id == origin.version_id
    check_startable(
        session, plan.definition, engine=engine, workspace_id=origin.workspace_id, is_joined=tolerates_skips
    )
    recording = _recording(session, origin, engine)
    steps = _steps(recording, plan, from_step, tolerates_skips=tolerates_skips)
    copy = _copy(origin, chosen, plan.definition, user_id=user_id)
    copy.tolerates_skips = tolerates_skips
    copy.input_data = inputs
    copy.variables = recorded_variables(
        recording,
        from_step=from_step,
        kept=frozenset(steps.kept),
        plan=plan,
        input_data=inputs,
        execution_id=copy.id,
        given=given,
    )
    check_size(copy.variables, what="the variables")
    begin(session, WORKFLOW, copy, actor_id=user_id, reason=f"replay from {from_step}")
    session.flush()
    _start(session, copy, recording, plan, steps, from_step=from_step, engine=engine, left_out=left_out)
    session.refresh(copy)
    return copy


def _chosen(session: Session, origin: WorkflowExecution, version: int | None) -> WorkflowVersion:
    if version is None:
        return origin.version
    name = origin.workflow.name
    return get_version(session, workspace_id=origin.workspace_id, name=name, version=version)


def _inputs(
    definition: Definition, origin: WorkflowExecution, changed: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Return the input of the replay, and the names that this version does not declare any more."""
    json_value("input", changed)
    declared = definition.inputs
    left_out = [name for name in origin.input_data if declared is not None and name not in declared]
    recorded = {name: value for name, value in origin.input_data.items() if name not in left_out}
    return checked_input(definition, recorded | changed), left_out


def _recording(session: Session, origin: WorkflowExecution, engine: EngineConfig) -> Recording:
    ids = {"workspace_id": origin.workspace_id, "execution_id": origin.id}
    fresh = {"populate_existing": True}
    return Recording(
        execution=origin,
        plan=load_plan(session, engine=engine, version_id=origin.version_id),
        log=session.execute(queries.select_variable_log(**ids)).all(),
        attempts=session.scalars(queries.select_last_attempts(**ids), execution_options=fresh).all(),
        changes=session.scalars(queries.select_changes_of_execution(**ids), execution_options=fresh).all(),
    )


def _steps(recording: Recording, plan: Plan, from_step: str, *, tolerates_skips: bool) -> ReplayPlan:
    definition = plan.definition
    if from_step not in definition.by_key:
        known = ", ".join(definition.by_key)
        rule = f"version {plan.version} of {definition.name} has no such step, but {known}"
        raise InvalidValueError(field="from_step", value=from_step, rule=rule)
    own_conditions = {
        line.step_key
        for line in recording.log
        if line.event == "step_skipped"
        and "role" not in line.context
        and line.step_key in definition.by_key
        # executions of 0.1 have the condition in the text alone
        and ("condition" in line.context or line.message.endswith(" does not hold"))
    }
    return plan_replay(
        definition,
        {row.step_key: row for row in recording.attempts if row.role is StepRole.STEP},
        from_step=from_step,
        skipped_by_condition=frozenset(own_conditions),
        tolerates_skips=tolerates_skips,
    )


def _copy(
    origin: WorkflowExecution, version: WorkflowVersion, definition: Definition, *, user_id: uuid.UUID
) -> WorkflowExecution:
    now = clock.now()
    timeout = definition.timeout
    return WorkflowExecution(
        id=uuid.uuid4(),
        workspace_id=origin.workspace_id,
        workflow_id=origin.workflow_id,
        version_id=version.id,
        status=WorkflowStatus.PENDING,
        user_id=user_id,
        agent_id=origin.agent_id,
        replay_of_id=origin.id,
        started_at=now,
        deadline_at=None if timeout is None else now + timedelta(seconds=timeout),
        created_at=now,
    )


def _start(
    session: Session,
    copy: WorkflowExecution,
    recording: Recording,
    plan: Plan,
    steps: ReplayPlan,
    *,
    from_step: str,
    engine: EngineConfig,
    left_out: list[str],
) -> None:
    """Write the kept attempts and those that run again, and let the copy run."""
    kept = [_kept(row, copy, plan) for row in recording.attempts if row.step_key in steps.kept]
    for rows in _alike(kept):
        session.connection().execute(queries.insert_steps(), rows)
    unit = UnitOfWork(session, engine=engine, execution_id=copy.id, actor_id=copy.user_id)
    name, is_mended = plan.definition.name, copy.version_id != recording.execution.version_id
    by = f" with version {plan.version}" if is_mended else ""
    context: dict[str, Any] = {"variables": copy.variables} | ({"left_out": left_out} if left_out else {})
    unit.log("execution_replayed", f"{name} is replayed from {from_step}{by}", step_key=from_step, **context)
    unit.move_execution(WorkflowStatus.RUNNING)
    skipped = [_row(plan, key) | {"status": StepStatus.SKIPPED, "completed_at": unit.now} for key in steps.skipped]
    again = [
        _row(plan, key) | {"remaining": remaining, "taken": taken}
        for key, (remaining, taken) in steps.again.items()
        if remaining < len(plan.definition.incoming[key]) or not remaining
    ]
    unit.add_steps([*skipped, *again])
    for key in steps.skipped:
        unit.log("step_skipped", f"{key} skipped: {SKIP_REASON}", step_key=key)
    unit.make_due()
    unit.save()


def _kept(row: WorkflowStepExecution, copy: WorkflowExecution, plan: Plan) -> dict[str, Any]:
    """Return an ended attempt for the copy: as it was recorded, as if nothing had been undone since.

    It keeps the idempotency key under which it was performed: its compensation belongs to that execution.
    """
    values = {column.key: getattr(row, column.key) for column in inspect(WorkflowStepExecution).column_attrs}
    status = StepStatus.COMPLETED if row.status is StepStatus.COMPENSATED else row.status
    own = {"id": uuid.uuid4(), "execution_id": copy.id, "status": status}
    return values | dict.fromkeys(_FRESH) | own | {"position": plan.position[row.step_key]}


def _alike(kept: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Group rows by the columns that they set: what an attempt never had stays NULL, not JSON null."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in kept:
        unset = {"scope"} if row["scope"] is None else set()
        unset |= {"input", "output"} if row["status"] is StepStatus.SKIPPED else set()
        unset |= {"output"} if row["status"] is StepStatus.FAILED else set()
        columns = {name: value for name, value in row.items() if name not in unset or value is not None}
        groups.setdefault(tuple(columns), []).append(columns)
    return groups.values()


def _row(plan: Plan, key: str) -> dict[str, Any]:
    return {"step_key": key, "kind": plan.definition.by_key[key].kind, "position": plan.position[key]}
