"""The handler of each kind of step: what it does when its turn comes, and when its wait is over."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from controlplane.execution import agency, calling, presenting, steps
from controlplane.execution.steps import Enter, Wake
from controlplane.models import StepKind

ENTER: Mapping[StepKind, Enter] = MappingProxyType(
    {
        StepKind.TASK: steps.enter_task,
        StepKind.HTTP: steps.enter_http,
        StepKind.CONDITION: steps.enter_condition,
        StepKind.PARALLEL: steps.enter_parallel,
        StepKind.JOIN: steps.enter_join,
        StepKind.MAP: steps.enter_map,
        StepKind.APPROVAL: steps.enter_approval,
        StepKind.WAIT: steps.enter_wait,
        StepKind.CANVAS: presenting.enter_canvas,
        StepKind.AGENT: agency.enter_agent,
        StepKind.WORKFLOW: calling.enter_child,
    }
)
WAKE: Mapping[StepKind, Wake] = MappingProxyType(
    {
        StepKind.MAP: steps.wake_map,
        StepKind.APPROVAL: steps.wake_approval,
        StepKind.WAIT: steps.wake_wait,
        StepKind.AGENT: agency.wake_agent,
        StepKind.WORKFLOW: calling.wake_child,
    }
)
WRITES = (StepKind.CANVAS, StepKind.WORKFLOW, StepKind.AGENT)
"""Kinds whose handlers write records of their own: an error takes those back."""
