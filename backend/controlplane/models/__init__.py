"""Every record of the control plane, one aggregate per module."""

from __future__ import annotations

from controlplane.append_only_triggers import APPEND_ONLY
from controlplane.models.agent import Agent, AgentStatus, Maturity
from controlplane.models.agent_execution import AgentExecution, ExecutionStatus, TriggerSource
from controlplane.models.append_only import protect
from controlplane.models.declarative import Base
from controlplane.models.governance.action_level import WorkspaceActionLevel
from controlplane.models.governance.blocked_trigger import (
    BlockedTrigger,
    ResolutionOutcome,
    RoutingDecision,
    TriggerStatus,
)
from controlplane.models.governance.feedback import AgentFeedback, FeedbackStatus
from controlplane.models.governance.proposal import Proposal, ProposalStatus, ProposalType
from controlplane.models.governance.supervision import (
    Intervention,
    InterventionType,
    SupervisionSession,
    SupervisionStatus,
)
from controlplane.models.governance.training import TrainingSession, TrainingStatus
from controlplane.models.identity import MembershipStatus, Role, User, Workspace, WorkspaceMember
from controlplane.models.lifecycle_event import LifecycleEvent
from controlplane.models.workflows.canvas import Canvas, CanvasAction, CanvasAudit, CanvasStatus
from controlplane.models.workflows.debugging import (
    Breakpoint,
    DebugGrant,
    DebugMode,
    DebugPermission,
    DebugSession,
    DebugStatus,
    DebugVariable,
    ExecutionTrace,
    StopReason,
)
from controlplane.models.workflows.execution_day import (
    ExecutionDay,
    ExecutionDayBuilt,
    ExecutionDayChange,
    ExecutionDayLevel,
    ExecutionLevelChange,
)
from controlplane.models.workflows.workflow import StepKind, Workflow, WorkflowStep, WorkflowVersion
from controlplane.models.workflows.workflow_execution import (
    LogLevel,
    StepRole,
    StepStatus,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowSignal,
    WorkflowStatus,
    WorkflowStepExecution,
    log_context,
)

__all__ = [
    "APPEND_ONLY",
    "Agent",
    "AgentExecution",
    "AgentFeedback",
    "AgentStatus",
    "Base",
    "BlockedTrigger",
    "Breakpoint",
    "Canvas",
    "CanvasAction",
    "CanvasAudit",
    "CanvasStatus",
    "DebugGrant",
    "DebugMode",
    "DebugPermission",
    "DebugSession",
    "DebugStatus",
    "DebugVariable",
    "ExecutionDay",
    "ExecutionDayBuilt",
    "ExecutionDayChange",
    "ExecutionDayLevel",
    "ExecutionLevelChange",
    "ExecutionStatus",
    "ExecutionTrace",
    "FeedbackStatus",
    "Intervention",
    "InterventionType",
    "LifecycleEvent",
    "LogLevel",
    "Maturity",
    "MembershipStatus",
    "Proposal",
    "ProposalStatus",
    "ProposalType",
    "ResolutionOutcome",
    "Role",
    "RoutingDecision",
    "StepKind",
    "StepRole",
    "StepStatus",
    "StopReason",
    "SupervisionSession",
    "SupervisionStatus",
    "TrainingSession",
    "TrainingStatus",
    "TriggerSource",
    "TriggerStatus",
    "User",
    "Workflow",
    "WorkflowExecution",
    "WorkflowExecutionLog",
    "WorkflowSignal",
    "WorkflowStatus",
    "WorkflowStep",
    "WorkflowStepExecution",
    "WorkflowVersion",
    "Workspace",
    "WorkspaceActionLevel",
    "WorkspaceMember",
    "log_context",
]

protect()
