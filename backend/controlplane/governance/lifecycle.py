"""The lifecycles of governance records."""

from __future__ import annotations

from typing import Any

from controlplane.agents import EXECUTION, SUPERVISION, TRIGGER
from controlplane.lifecycle import Lifecycle
from controlplane.models import (
    AgentFeedback,
    FeedbackStatus,
    MembershipStatus,
    Proposal,
    ProposalStatus,
    TrainingSession,
    TrainingStatus,
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
    (FeedbackStatus.PENDING, FeedbackStatus.ACCEPTED),  # a trusted reviewer's is accepted immediately
    {FeedbackStatus.PENDING: (FeedbackStatus.ACCEPTED, FeedbackStatus.REJECTED)},
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

OF_AN_AGENT: tuple[Lifecycle[Any], ...] = (EXECUTION, FEEDBACK, TRIGGER, PROPOSAL, TRAINING, SUPERVISION)
"""The lifecycles of the records about one agent, which they name by `agent_id`."""
