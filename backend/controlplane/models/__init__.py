"""Every record of the control plane, one aggregate per module."""

from __future__ import annotations

from controlplane.models.agent import Agent, AgentStatus, Maturity
from controlplane.models.declarative import Base
from controlplane.models.execution import AgentExecution, ExecutionStatus, TriggerSource
from controlplane.models.identity import Role, User, Workspace, WorkspaceMember
from controlplane.models.lifecycle_event import LifecycleEvent

__all__ = [
    "Agent",
    "AgentExecution",
    "AgentStatus",
    "Base",
    "ExecutionStatus",
    "LifecycleEvent",
    "Maturity",
    "Role",
    "TriggerSource",
    "User",
    "Workspace",
    "WorkspaceMember",
]
