"""Where each record of governance may go."""

from __future__ import annotations

from typing import Any

from controlplane.agents import EXECUTION
from controlplane.lifecycle import Lifecycle
from controlplane.models import (
    AgentFeedback,
    BlockedTrigger,
    FeedbackStatus,
    MembershipStatus,
    Proposal,
    ProposalStatus,
    SupervisionSession,
    SupervisionStatus,
    TrainingSession,
    TrainingStatus,
    TriggerStatus,
    WorkspaceMember,
)

MEMBERSHIP = Lifecycle(
    WorkspaceMember,
    (MembershipStatus.ACTIVE,),
    {
        MembershipStatus.ACTIVE: (MembershipStatus.SUSPENDED, MembershipStatus.REMOVED),
        MembershipStatus.SUSPENDED: (MembershipStatus.ACTIVE, MembershipStatus.REMOVED),
        MembershipStatus.REMOVED: (MembershipStatus.ACTIVE,),
    },
)

FEEDBACK = Lifecycle(
    AgentFeedback,
    (FeedbackStatus.PENDING, FeedbackStatus.ACCEPTED),  # a trusted reviewer's is accepted at once
    {FeedbackStatus.PENDING: (FeedbackStatus.ACCEPTED, FeedbackStatus.REJECTED)},
)

TRIGGER = Lifecycle(
    BlockedTrigger,
    (TriggerStatus.WAITING,),
    {
        TriggerStatus.WAITING: (TriggerStatus.IN_PROGRESS, TriggerStatus.RESOLVED),
        TriggerStatus.IN_PROGRESS: (TriggerStatus.WAITING, TriggerStatus.RESOLVED),
    },
)

PROPOSAL = Lifecycle(
    Proposal,
    (ProposalStatus.PENDING,),
    {
        ProposalStatus.PENDING: (
            ProposalStatus.APPROVED,
            ProposalStatus.REJECTED,
            ProposalStatus.CANCELLED,
            ProposalStatus.EXPIRED,
        ),
        ProposalStatus.APPROVED: (ProposalStatus.EXECUTED, ProposalStatus.EXECUTION_FAILED),
    },
)

TRAINING = Lifecycle(
    TrainingSession,
    (TrainingStatus.SCHEDULED,),
    {
        TrainingStatus.SCHEDULED: (TrainingStatus.IN_PROGRESS, TrainingStatus.CANCELLED),
        TrainingStatus.IN_PROGRESS: (
            TrainingStatus.COMPLETED,
            TrainingStatus.CANCELLED,
            TrainingStatus.FAILED,
        ),
    },
)

SUPERVISION = Lifecycle(
    SupervisionSession,
    (SupervisionStatus.RUNNING,),
    {
        SupervisionStatus.RUNNING: (
            SupervisionStatus.RUNNING,  # a correction: the run goes on, and the history shows it
            SupervisionStatus.PAUSED,
            SupervisionStatus.COMPLETED,
            SupervisionStatus.INTERRUPTED,
            SupervisionStatus.FAILED,
        ),
        SupervisionStatus.PAUSED: (SupervisionStatus.RUNNING,),
    },
)

OF_AN_AGENT: tuple[Lifecycle[Any], ...] = (EXECUTION, FEEDBACK, TRIGGER, PROPOSAL, TRAINING, SUPERVISION)
"""The lifecycles of the records about one agent, which they name by `agent_id`."""
