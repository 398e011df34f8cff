"""The critical path of an execution: which chain of steps held up its end.

A span is a step of an execution from the start of its first attempt to the end of its last, the items of a map
within. Edges are those of the definition, as `WorkflowStep.depends_on` lists them, opened by a branch or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, literal, select

from controlplane.analytics.questions.steps import of_scope
from controlplane.analytics.sql.portable import Rows, json_texts, seconds_between
from controlplane.models import StepStatus, WorkflowExecution, WorkflowStep, WorkflowStepExecution

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

_step = WorkflowStepExecution


def select_critical_paths(
    *,
    workspace_id: uuid.UUID,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow_id: uuid.UUID | None = None,
    execution_id: uuid.UUID | None = None,
) -> Rows:
    """Select, per execution, the chain of steps that held up its end.

    The chain goes from the step that ended last to the one, of those with an edge into it, that ended last, and
    so on; of steps that ended together, the one that began last, then the last one in the definition. Skipped and
    unfinished steps are not on it; what a step waited for through a skipped one is held time of its own.

    Window: the `created_at` of the execution.
    Columns: `execution_id`; `back` steps from the end, which is 0; `step_key`; `started_at`, `completed_at` UTC,
        first attempt to last; `held_seconds` seconds from the end of the one before (or its own start) to its
        end: waits and retries included.
    Null: nothing; an execution without an ended step has no row.
    Order: by execution, last step first; no ties.
    """
    spans = _spans(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id, one=execution_id)
    before = _last_dependency(spans, workspace_id=workspace_id)
    path = _path(spans, before)
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
            of_scope(workspace_id=workspace_id, since=since, until=until, workflow_id=workflow_id),
            _step.started_at.is_not(None),
            _step.completed_at.is_not(None),
            _step.status != StepStatus.SKIPPED,
        )
        .group_by(_step.execution_id, WorkflowExecution.version_id, _step.step_key)
    )
    return (spans if one is None else spans.where(_step.execution_id == one)).cte("spans")


def _path(spans: Any, before: Any) -> Any:
    """Make a table of the steps on each chain: the one that ended last, then what came before it, step by step."""
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
    return path.union_all(
        select(before.c.execution_id, before.c.dependency, path.c.back + 1).join(
            path, and_(path.c.execution_id == before.c.execution_id, path.c.step_key == before.c.step_key)
        )
    )


def _last_first(spans: Any) -> tuple[Any, ...]:
    return (
        spans.c.completed_at.desc(),
        spans.c.started_at.desc(),
        spans.c.position.desc(),  # unique within a version
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
