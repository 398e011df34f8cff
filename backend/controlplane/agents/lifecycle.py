"""The transitions of an agent, of a run of it, and of what leads to and watches the run."""

from __future__ import annotations

from controlplane.lifecycle import Lifecycle
from controlplane.models import (
    Agent,
    AgentExecution,
    AgentStatus,
    BlockedTrigger,
    ExecutionStatus,
    Maturity,
    SupervisionSession,
    SupervisionStatus,
    TriggerStatus,
)

AGENT = Lifecycle(
    Agent,
    (AgentStatus.ACTIVE,),
    {
        AgentStatus.ACTIVE: (
            AgentStatus.PAUSED,
            AgentStatus.STOPPED,
            AgentStatus.DEPRECATED,
            AgentStatus.DELETED,
        ),
        AgentStatus.PAUSED: (
            AgentStatus.ACTIVE,
            AgentStatus.STOPPED,
            AgentStatus.DEPRECATED,
            AgentStatus.DELETED,
        ),
        AgentStatus.STOPPED: (AgentStatus.ACTIVE, AgentStatus.DEPRECATED, AgentStatus.DELETED),
        AgentStatus.DEPRECATED: (AgentStatus.DELETED,),
    },
)

# A new agent is a student; one that is imported begins where the system that it comes from left it.
# Confidence can carry an agent over several levels in one step, up or down, so every level leads to every other.
MATURITY = Lifecycle(
    Agent,
    tuple(Maturity),
    {level: tuple(other for other in Maturity if other != level) for level in Maturity},
    column="maturity_level",
    aspect="maturity",
)

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

TRIGGER = Lifecycle(
    BlockedTrigger,
    (TriggerStatus.WAITING,),
    {
        TriggerStatus.WAITING: (TriggerStatus.IN_PROGRESS, TriggerStatus.RESOLVED),
        TriggerStatus.IN_PROGRESS: (TriggerStatus.WAITING, TriggerStatus.RESOLVED),
    },
)

SUPERVISION = Lifecycle(
    SupervisionSession,
    (SupervisionStatus.RUNNING,),
    {
        SupervisionStatus.RUNNING: (
            SupervisionStatus.RUNNING,  # a correction: the run continues, and the history shows it
            SupervisionStatus.PAUSED,
            SupervisionStatus.COMPLETED,
            SupervisionStatus.INTERRUPTED,
            SupervisionStatus.FAILED,
        ),
        # interrupted only with its run: a supervisor resumes it first
        SupervisionStatus.PAUSED: (SupervisionStatus.RUNNING, SupervisionStatus.INTERRUPTED),
    },
)
