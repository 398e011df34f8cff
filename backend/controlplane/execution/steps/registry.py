"""The handlers of each kind of step: one that starts it, and one that resumes it after a wait."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from controlplane.execution.steps import (
    agent,
    approval,
    canvas,
    child_workflow,
    condition,
    http,
    join,
    parallel,
    task,
    wait,
)
from controlplane.execution.steps import map as map_step
from controlplane.execution.steps.outcomes import Resumer, Starter
from controlplane.models import StepKind

STARTERS: Mapping[StepKind, Starter] = MappingProxyType(
    {
        StepKind.TASK: task.start_task,
        StepKind.HTTP: http.start_http,
        StepKind.CONDITION: condition.start_condition,
        StepKind.PARALLEL: parallel.start_parallel,
        StepKind.JOIN: join.start_join,
        StepKind.MAP: map_step.start_map,
        StepKind.APPROVAL: approval.start_approval,
        StepKind.WAIT: wait.start_wait,
        StepKind.CANVAS: canvas.start_canvas,
        StepKind.AGENT: agent.start_agent,
        StepKind.WORKFLOW: child_workflow.start_child,
    }
)
RESUMERS: Mapping[StepKind, Resumer] = MappingProxyType(
    {
        StepKind.MAP: map_step.resume_map,
        StepKind.APPROVAL: approval.resume_approval,
        StepKind.WAIT: wait.resume_wait,
        StepKind.AGENT: agent.resume_agent,
        StepKind.WORKFLOW: child_workflow.resume_child,
    }
)
WRITES = (StepKind.CANVAS, StepKind.WORKFLOW, StepKind.AGENT)
"""Kinds whose handlers write records of their own: an error takes those back."""
