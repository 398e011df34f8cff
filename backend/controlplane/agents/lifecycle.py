"""Where a run of an agent may go."""

from __future__ import annotations

from controlplane.lifecycle import Lifecycle
from controlplane.models import AgentExecution, ExecutionStatus

EXECUTION = Lifecycle(
    AgentExecution,
    (ExecutionStatus.PENDING,),
    {
        ExecutionStatus.PENDING: (ExecutionStatus.RUNNING, ExecutionStatus.CANCELLED),
        ExecutionStatus.RUNNING: (
            ExecutionStatus.PAUSED,
            ExecutionStatus.COMPLETED,
            ExecutionStatus.FAILED,
            ExecutionStatus.CANCELLED,
            ExecutionStatus.TIMEOUT,
        ),
        ExecutionStatus.PAUSED: (ExecutionStatus.RUNNING, ExecutionStatus.CANCELLED),
    },
)
