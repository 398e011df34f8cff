"""Where an agent and a run of it may go."""

from __future__ import annotations

from controlplane.lifecycle import Lifecycle
from controlplane.models import Agent, AgentExecution, AgentStatus, ExecutionStatus, Maturity

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
# Confidence can carry an agent over several levels at once, up or down, so every level leads to every other.
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
