"""The handler of each kind of step: what it does when its turn comes, and when its wait is over."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from controlplane.execution.steps import agent, canvas, child_workflow, common
from controlplane.execution.steps.common import Enter, Wake
from controlplane.models import StepKind

ENTER: Mapping[StepKind, Enter] = MappingProxyType(
    {
        StepKind.TASK: common.enter_task,
        StepKind.HTTP: common.enter_http,
        StepKind.CONDITION: common.enter_condition,
        StepKind.PARALLEL: common.enter_parallel,
        StepKind.JOIN: common.enter_join,
        StepKind.MAP: common.enter_map,
        StepKind.APPROVAL: common.enter_approval,
        StepKind.WAIT: common.enter_wait,
        StepKind.CANVAS: canvas.enter_canvas,
        StepKind.AGENT: agent.enter_agent,
        StepKind.WORKFLOW: child_workflow.enter_child,
    }
)
WAKE: Mapping[StepKind, Wake] = MappingProxyType(
    {
        StepKind.MAP: common.wake_map,
        StepKind.APPROVAL: common.wake_approval,
        StepKind.WAIT: common.wake_wait,
        StepKind.AGENT: agent.wake_agent,
        StepKind.WORKFLOW: child_workflow.wake_child,
    }
)
WRITES = (StepKind.CANVAS, StepKind.WORKFLOW, StepKind.AGENT)
"""Kinds whose handlers write records of their own: an error takes those back."""
