"""Every record of the control plane, one aggregate per module."""

from __future__ import annotations

from controlplane.models.action_level import WorkspaceActionLevel
from controlplane.models.agent import Agent, AgentStatus, Maturity
from controlplane.models.append_only import APPEND_ONLY
from controlplane.models.blocked_trigger import BlockedTrigger, ResolutionOutcome, RoutingDecision, TriggerStatus
from controlplane.models.canvas import Canvas, CanvasAction, CanvasAudit, CanvasStatus
from controlplane.models.debugging import (
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
from controlplane.models.declarative import Base
from controlplane.models.execution import AgentExecution, ExecutionStatus, TriggerSource
from controlplane.models.execution_day import (
    ExecutionDay,
    ExecutionDayBuilt,
    ExecutionDayChange,
    ExecutionDayLevel,
    ExecutionLevelChange,
)
from controlplane.models.feedback import AgentFeedback, FeedbackStatus
from controlplane.models.identity import MembershipStatus, Role, User, Workspace, WorkspaceMember
from controlplane.models.lifecycle_event import LifecycleEvent
from controlplane.models.proposal import Proposal, ProposalStatus, ProposalType
from controlplane.models.supervision import Intervention, InterventionType, SupervisionSession, SupervisionStatus
from controlplane.models.training import TrainingSession, TrainingStatus
from controlplane.models.workflow import StepKind, Workflow, WorkflowStep, WorkflowVersion
from controlplane.models.workflow_execution import (
    LogLevel,
    StepRole,
    StepStatus,
    WorkflowExecution,
    WorkflowExecutionLog,
    WorkflowSignal,
    WorkflowStatus,
    WorkflowStepExecution,
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
]
