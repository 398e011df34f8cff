"""Governance: permissions of people and agents, and the maturity that agents gain and lose."""

from __future__ import annotations

from controlplane.governance.actions.action_levels import list_actions, set_action_level
from controlplane.governance.actions.action_risk import ActionLevel, LevelOrigin
from controlplane.governance.actions.permissions import PermissionCheck, check_permission
from controlplane.governance.admission import Admission, Outcome, admit_action, admit_trigger
from controlplane.governance.agent_import import import_agent
from controlplane.governance.authorization import Permission, authorize
from controlplane.governance.autonomy import record_outcome, set_maturity, set_status
from controlplane.governance.feedback import adjudicate, get_feedback, submit_feedback
from controlplane.governance.maturity import READINESS, Impact
from controlplane.governance.members import (
    add_member,
    change_role,
    change_specialty,
    reinstate_member,
    remove_member,
    suspend_member,
)
from controlplane.governance.review.approval import approve
from controlplane.governance.review.approved_actions import (
    ActionResult,
    ApprovedAction,
    claim_approved,
    execute_approved,
    record_approved,
)
from controlplane.governance.review.autonomous_review import Risk, review_by_agent
from controlplane.governance.review.proposals import (
    cancel_proposal,
    expire_proposals,
    get_proposal,
    propose_action,
    propose_training,
    reject,
)
from controlplane.governance.supervision.completion import (
    complete_supervision,
    expire_supervisions,
    fail_supervision,
)
from controlplane.governance.supervision.interventions import intervene, resume_supervision
from controlplane.governance.supervision.sessions import claim_next, get_supervision, start_supervision
from controlplane.governance.training.sessions import (
    approve_training,
    cancel_training,
    complete_training,
    fail_training,
    get_training,
    start_training,
)
from controlplane.governance.triggers import escalate_triggers, expire_triggers, get_trigger

__all__ = [
    "READINESS",
    "ActionLevel",
    "ActionResult",
    "Admission",
    "ApprovedAction",
    "Impact",
    "LevelOrigin",
    "Outcome",
    "Permission",
    "PermissionCheck",
    "Risk",
    "add_member",
    "adjudicate",
    "admit_action",
    "admit_trigger",
    "approve",
    "approve_training",
    "authorize",
    "cancel_proposal",
    "cancel_training",
    "change_role",
    "change_specialty",
    "check_permission",
    "claim_approved",
    "claim_next",
    "complete_supervision",
    "complete_training",
    "escalate_triggers",
    "execute_approved",
    "expire_proposals",
    "expire_supervisions",
    "expire_triggers",
    "fail_supervision",
    "fail_training",
    "get_feedback",
    "get_proposal",
    "get_supervision",
    "get_training",
    "get_trigger",
    "import_agent",
    "intervene",
    "list_actions",
    "propose_action",
    "propose_training",
    "record_approved",
    "record_outcome",
    "reinstate_member",
    "reject",
    "remove_member",
    "resume_supervision",
    "review_by_agent",
    "set_action_level",
    "set_maturity",
    "set_status",
    "start_supervision",
    "start_training",
    "submit_feedback",
    "suspend_member",
]
