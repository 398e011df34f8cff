"""Where each record of governance may go."""

from __future__ import annotations

from typing import Any

from controlplane.agents import AGENT, EXECUTION, MATURITY
from controlplane.lifecycle import Lifecycle
from controlplane.models import (
    AgentFeedback,
    BlockedTrigger,
    FeedbackStatus,
    Proposal,
    ProposalStatus,
    SupervisionSession,
    SupervisionStatus,
    TrainingSession,
    TrainingStatus,
    TriggerStatus,
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

EVERY_LIFECYCLE: tuple[Lifecycle[Any], ...] = (
    *(AGENT, MATURITY, EXECUTION, FEEDBACK),
    *(TRIGGER, PROPOSAL, TRAINING, SUPERVISION),
)
