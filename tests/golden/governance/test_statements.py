"""The statements of governance, each pinned once; the flows pin what they change and how many they run.

Those whose rows have a test are pinned there (`test_queries`, `test_feedback`, `test_approved_actions`).
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from controlplane.governance.queries.action_levels import select_action_level, select_action_levels
from controlplane.governance.queries.agents import select_agent_for_change
from controlplane.governance.queries.audit import select_agent_audit_trail, select_audit_trail
from controlplane.governance.queries.feedback import select_feedback
from controlplane.governance.queries.members import (
    lock_workspaces_of,
    select_member,
    select_members,
    select_membership,
    select_other_owner,
)
from controlplane.governance.queries.overdue import overdue_workspaces, select_overdue_supervisions
from controlplane.governance.queries.proposals import select_proposal_for_change
from controlplane.governance.queries.supervision import (
    select_guidance,
    select_interventions,
    select_open_supervision_of,
    select_supervision,
)
from controlplane.governance.queries.training import select_training
from controlplane.governance.queries.triggers import select_open_triggers_of_proposal, select_queue, select_trigger

HERE, RECORD, PERSON = {"workspace_id": uuid.UUID(int=1)}, uuid.UUID(int=2), uuid.UUID(int=3)
NOW, BEFORE = datetime(2026, 2, 2, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)

STATEMENTS = {
    "action-level": select_action_level(**HERE, action="send_email"),
    "action-levels": select_action_levels(**HERE),
    "agent-for-change": select_agent_for_change(**HERE, agent_id=RECORD),
    "agent-audit-trail": select_agent_audit_trail(**HERE, agent_id=RECORD, since=BEFORE, until=NOW),
    "audit-trail-of-an-agent": select_audit_trail(**HERE, actor_agent_id=RECORD),
    "feedback": select_feedback(**HERE, feedback_id=RECORD),
    "overdue-workspaces": overdue_workspaces(now=NOW, begun_before=BEFORE, queued_before=BEFORE),
    "overdue-supervisions": select_overdue_supervisions(**HERE, begun_before=BEFORE),
    "member": select_member(**HERE, user_id=PERSON),
    "members": select_members(**HERE, statuses=("active",)),
    "membership": select_membership(**HERE, user_id=PERSON),
    "lock-workspaces-of-a-person": lock_workspaces_of(user_id=PERSON),
    "other-owner": select_other_owner(**HERE, user_id=PERSON),
    "proposal-for-change": select_proposal_for_change(**HERE, proposal_id=RECORD),
    "supervision": select_supervision(**HERE, supervision_id=RECORD),
    "open-supervision-of-a-run": select_open_supervision_of(**HERE, execution_id=RECORD),
    "open-supervision-of-a-trigger": select_open_supervision_of(**HERE, trigger_id=RECORD),
    "interventions": select_interventions(**HERE, supervision_id=RECORD),
    "guidance": select_guidance(**HERE, execution_id=RECORD),
    "training": select_training(**HERE, training_id=RECORD),
    "trigger": select_trigger(**HERE, trigger_id=RECORD),
    "open-triggers-of-a-proposal": select_open_triggers_of_proposal(**HERE, proposal_id=RECORD),
    "queue": select_queue(**HERE, now=NOW, limit=7),
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_statement_is_as_it_was(golden, statement):
    assert statement == golden.sql
