"""The lifecycles of a workflow execution and of an attempt at a step."""

from __future__ import annotations

from controlplane.lifecycle import Lifecycle
from controlplane.models import StepStatus, WorkflowExecution, WorkflowStatus, WorkflowStepExecution

WORKFLOW = Lifecycle(
    WorkflowExecution,
    (WorkflowStatus.PENDING,),
    {
        WorkflowStatus.PENDING: (WorkflowStatus.RUNNING, WorkflowStatus.PAUSED, WorkflowStatus.CANCELLED),
        WorkflowStatus.RUNNING: (
            WorkflowStatus.WAITING,
            WorkflowStatus.PAUSED,
            WorkflowStatus.COMPENSATING,
            WorkflowStatus.COMPLETED,
            WorkflowStatus.FAILED,
            WorkflowStatus.CANCELLED,
        ),
        WorkflowStatus.WAITING: (WorkflowStatus.RUNNING, WorkflowStatus.PAUSED, WorkflowStatus.CANCELLED),
        WorkflowStatus.PAUSED: (WorkflowStatus.PENDING, WorkflowStatus.RUNNING, WorkflowStatus.CANCELLED),
        WorkflowStatus.COMPENSATING: (WorkflowStatus.FAILED,),
    },
)

STEP = Lifecycle(
    WorkflowStepExecution,
    (StepStatus.PENDING, StepStatus.SKIPPED),
    {
        StepStatus.PENDING: (StepStatus.RUNNING, StepStatus.SKIPPED, StepStatus.CANCELLED),
        StepStatus.RUNNING: (
            StepStatus.WAITING,
            StepStatus.COMPLETED,
            StepStatus.FAILED,
            StepStatus.CANCELLED,
        ),
        StepStatus.WAITING: (StepStatus.RUNNING, StepStatus.COMPLETED, StepStatus.FAILED, StepStatus.CANCELLED),
        StepStatus.COMPLETED: (StepStatus.COMPENSATED,),
    },
)

OPEN_STEPS = (StepStatus.PENDING, StepStatus.RUNNING, StepStatus.WAITING)
ENDED = (WorkflowStatus.COMPLETED, WorkflowStatus.FAILED, WorkflowStatus.CANCELLED)
DUE = (WorkflowStatus.PENDING, WorkflowStatus.RUNNING, WorkflowStatus.WAITING, WorkflowStatus.COMPENSATING)
"""The statuses in which an execution can be worked on."""
