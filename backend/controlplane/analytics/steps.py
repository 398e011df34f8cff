"""Questions about the steps of workflows: how long, how often again, how often not at all, which way, which chain.

A visit is one step of one execution: the row of attempt 1. Each further attempt has a row of its own.
Compensations are not visits; the items of a map are part of its step. Steps belong to a window by the `created_at`
of their execution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, literal, select

from controlplane.analytics.distribution import distribution, statistics
from controlplane.analytics.portable import Rows, json_texts, ratio, seconds_between
from controlplane.analytics.workflows import in_scope
from controlplane.models import (
    StepKind,
    StepRole,
    StepStatus,
    Workflow,
    WorkflowExecution,
    WorkflowStep,
    WorkflowStepExecution,
    WorkflowVersion,
)
from controlplane.ordering import code_points

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy import ColumnElement

_step = WorkflowStepExecution


def _of_scope(**scope: Any) -> ColumnElement[bool]:
    """Say whether a row of steps joined to executions is a visit or a further attempt of one in scope."""
    return and_(
        in_scope(**scope),
        _step.workspace_id == scope["workspace_id"],
        _step.role == StepRole.STEP,
    )


def select_step_performance(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> Rows:
    """Select, per step of every version of each workflow, visits, attempts, mean seconds, retry and skip rate.

    The mean is of the completed attempts. Retry rate: visits that took a second attempt, per visit; skip rate:
    skipped visits per visit. A step that no execution came to has zeros and nulls. By workflow and step.
    """
    defined = (
        select(WorkflowVersion.workflow_id, WorkflowStep.key.label("step_key"))
        .join(WorkflowStep, WorkflowStep.version_id == WorkflowVersion.id)
        .where(WorkflowVersion.workspace_id == workspace_id)
        .distinct()
        .subquery("defined")
    )
    done = (
        select(
            WorkflowExecution.workflow_id,
            _step.step_key,
            func.count().filter(_step.attempt == 1).label("visits"),
            func.count().filter(_step.status != StepStatus.SKIPPED).label("attempts"),
            func.avg(_step.duration_seconds).filter(_step.status == StepStatus.COMPLETED).label("mean_seconds"),
            ratio(func.count().filter(_step.attempt == 2), func.count().filter(_step.attempt == 1)).label(  # noqa: PLR2004
                "retry_rate"
            ),
            ratio(
                func.count().filter(_step.status == StepStatus.SKIPPED), func.count().filter(_step.attempt == 1)
            ).label("skip_rate"),
        )
        .join(WorkflowExecution, WorkflowExecution.id == _step.execution_id)
        .where(_of_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id))
        .group_by(WorkflowExecution.workflow_id, _step.step_key)
        .subquery("done")
    )
    answer = (
        select(
            Workflow.id.label("workflow_id"),
            Workflow.name.label("workflow"),
            defined.c.step_key,
            *(func.coalesce(done.c[label], 0).label(label) for label in ("visits", "attempts")),
            *(done.c[label] for label in ("mean_seconds", "retry_rate", "skip_rate")),
        )
        .join(defined, defined.c.workflow_id == Workflow.id)
        .outerjoin(done, and_(done.c.workflow_id == defined.c.workflow_id, done.c.step_key == defined.c.step_key))
        .where(Workflow.workspace_id == workspace_id)
        .order_by(code_points(Workflow.name), code_points(defined.c.step_key))
    )
    return answer if workflow_id is None else answer.where(Workflow.id == workflow_id)


def select_slowest_steps(
    *,
    workspace_id: uuid.UUID,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> Rows:
    """Select the `limit` steps whose completed attempts have the largest mean, with the spread, in seconds.

    Equal means by workflow and step.
    """
    finished = (
        select(WorkflowExecution.workflow_id, _step.step_key, _step.duration_seconds)
        .join(WorkflowExecution, WorkflowExecution.id == _step.execution_id)
        .where(
            _of_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id),
            _step.status == StepStatus.COMPLETED,
        )
        .subquery("finished")
    )
    spread = distribution(finished, by=("workflow_id", "step_key"), value="duration_seconds", name="spread")
    return (
        select(
            Workflow.id.label("workflow_id"),
            Workflow.name.label("workflow"),
            spread.c.step_key,
            spread.c.samples,
            *statistics(spread),
        )
        .join(spread, spread.c.workflow_id == Workflow.id)
        .order_by(spread.c.mean.desc(), code_points(Workflow.name), code_points(spread.c.step_key))
        .limit(limit)
    )


def select_branch_frequencies(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
) -> Rows:
    """Select, per branch that a condition step took, how often, and its share of the step's decisions.

    By workflow and step, the most frequent branch first, then by branch; a decision without a name is null, last.
    """
    times = func.count()
    decisions = (
        select(
            WorkflowExecution.workflow_id,
            _step.step_key,
            _step.outcome.label("branch"),
            times.label("times"),
            ratio(times, func.sum(times).over(partition_by=(WorkflowExecution.workflow_id, _step.step_key))).label(
                "share"
            ),
        )
        .join(WorkflowExecution, WorkflowExecution.id == _step.execution_id)
        .where(
            _of_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id),
            _step.kind == StepKind.CONDITION,
            _step.status == StepStatus.COMPLETED,
        )
        .group_by(WorkflowExecution.workflow_id, _step.step_key, _step.outcome)
        .subquery("decisions")
    )
    return (
        select(
            Workflow.name.label("workflow"),
            *(decisions.c[key] for key in ("step_key", "branch", "times", "share")),
        )
        .join(decisions, decisions.c.workflow_id == Workflow.id)
        .order_by(
            code_points(Workflow.name),
            code_points(decisions.c.step_key),
            decisions.c.times.desc(),
            code_points(decisions.c.branch).asc().nulls_last(),
        )
    )


def select_critical_paths(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
    execution_id: uuid.UUID | None = None,
) -> Rows:
    """Select, per execution, the chain of steps that held up its end, last step first (`back` = 0).

    The chain goes from the step that ended last to the one, of those it depends on, that ended last, and so on; of
    steps that ended together, the one that began last, then the last one in the definition. `held_seconds` is from
    the end of the one before (or its own start) to its end: waits and retries included. Skipped and unfinished
    steps are not on it.
    """
    spans = _spans(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id, one=execution_id)
    before = _last_dependency(spans, workspace_id=workspace_id)
    last = select(
        spans.c.execution_id,
        spans.c.step_key,
        func.row_number()
        .over(
            partition_by=spans.c.execution_id,
            order_by=_last_first(spans),
        )
        .label("place"),
    ).subquery("last")
    path = (
        select(last.c.execution_id, last.c.step_key, literal(0).label("back"))
        .where(last.c.place == 1)
        .cte("path", recursive=True)
    )
    path = path.union_all(
        select(before.c.execution_id, before.c.dependency, path.c.back + 1).join(
            path, and_(path.c.execution_id == before.c.execution_id, path.c.step_key == before.c.step_key)
        )
    )
    return (
        select(
            path.c.execution_id,
            path.c.back,
            path.c.step_key,
            spans.c.started_at,
            spans.c.completed_at,
            seconds_between(func.coalesce(before.c.completed_at, spans.c.started_at), spans.c.completed_at).label(
                "held_seconds"
            ),
        )
        .join(spans, and_(spans.c.execution_id == path.c.execution_id, spans.c.step_key == path.c.step_key))
        .outerjoin(
            before, and_(before.c.execution_id == path.c.execution_id, before.c.step_key == path.c.step_key)
        )
        .order_by(path.c.execution_id, path.c.back)
    )


def _spans(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None,
    until: datetime | None,
    workflow_id: uuid.UUID | None,
    one: uuid.UUID | None,
) -> Any:
    """Make a table of the ended steps of each execution: first start to last end, over attempts and items."""
    spans = (
        select(
            _step.execution_id,
            WorkflowExecution.version_id,
            _step.step_key,
            func.min(_step.started_at).label("started_at"),
            func.max(_step.completed_at).label("completed_at"),
            func.max(_step.position).label("position"),
        )
        .join(WorkflowExecution, WorkflowExecution.id == _step.execution_id)
        .where(
            _of_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id),
            _step.started_at.is_not(None),
            _step.completed_at.is_not(None),
            _step.status != StepStatus.SKIPPED,
        )
        .group_by(_step.execution_id, WorkflowExecution.version_id, _step.step_key)
    )
    return (spans if one is None else spans.where(_step.execution_id == one)).cte("spans")


def _last_first(spans: Any) -> tuple[Any, ...]:
    return (
        spans.c.completed_at.desc(),
        spans.c.started_at.desc(),
        spans.c.position.desc(),
        code_points(spans.c.step_key).desc(),
    )


def _last_dependency(spans: Any, *, workspace_id: uuid.UUID) -> Any:
    """Make a table of each step's dependency that ended last, and when."""
    dependency = json_texts(WorkflowStep.depends_on, name="needed")
    earlier = spans.alias("earlier")
    ranked = (
        select(
            spans.c.execution_id,
            spans.c.step_key,
            earlier.c.step_key.label("dependency"),
            earlier.c.completed_at,
            func.row_number()
            .over(partition_by=(spans.c.execution_id, spans.c.step_key), order_by=_last_first(earlier))
            .label("place"),
        )
        .select_from(spans)
        .join(
            WorkflowStep, and_(WorkflowStep.version_id == spans.c.version_id, WorkflowStep.key == spans.c.step_key)
        )
        .join(dependency, literal(value=True))
        .join(
            earlier,
            and_(earlier.c.execution_id == spans.c.execution_id, earlier.c.step_key == dependency.c.value),
        )
        .where(WorkflowStep.workspace_id == workspace_id)
        .subquery("ranked")
    )
    return select(ranked).where(ranked.c.place == 1).cte("before_it")
