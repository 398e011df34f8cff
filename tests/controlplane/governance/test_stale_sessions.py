"""A verb decides by the rows as they are, not as its session remembers them: another session may have written."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select, update

from controlplane import actions, agents, governance
from controlplane.governance.supervision.sessions import link_run
from controlplane.models import (
    BlockedTrigger,
    ResolutionOutcome,
    SupervisionSession,
    SupervisionStatus,
    TriggerStatus,
    WorkflowStepExecution,
)

pytestmark = pytest.mark.seed("agents")
ATELIER, TINA, MARA = uuid.UUID(int=1), uuid.UUID(int=0xB0003), uuid.UUID(int=0xB0004)
AUDITOR = uuid.UUID(int=0xA0002)
AGENT = "name: agency\nsteps: [{key: act, kind: agent, action: search}]"


@pytest.fixture(autouse=True)
def _search():
    with actions.registered(search=lambda parameters, *, idempotency_key: 1):
        yield


@pytest.fixture
def queued(flow, session):
    """A supervision that was claimed from the queue; its step has not seen it."""
    flow.run(AGENT, agent_id=AUDITOR, user_id=MARA)
    return governance.claim_next(session, workspace_id=ATELIER, supervisor_id=TINA)


def write(session, record, **values):
    """Change a row as another session does: objects of this one stay as they are."""
    kind = type(record)
    change = update(kind).where(kind.id == record.id).values(**values)
    session.flush()
    session.execute(change, execution_options={"synchronize_session": False})


def test_step_waits_for_a_supervision_that_was_paused_elsewhere(flow, session, queued):
    write(session, queued, status=SupervisionStatus.PAUSED)
    assert queued.status is SupervisionStatus.RUNNING, "the session remembers another status"
    flow.drive()
    assert session.scalars(select(WorkflowStepExecution.status)).one() == "waiting"


def test_head_of_the_queue_is_claimed_as_it_is_now(flow, session):
    flow.run(AGENT, agent_id=AUDITOR, user_id=MARA)
    trigger = session.scalars(select(BlockedTrigger)).one()
    write(session, trigger, trigger_context={"q": "changed elsewhere"}, attempts=1)
    supervision = governance.claim_next(session, workspace_id=ATELIER, supervisor_id=TINA)
    assert (supervision.trigger_context, trigger.attempts) == ({"q": "changed elsewhere"}, 2)


def test_end_of_a_run_leaves_a_trigger_that_was_resolved_elsewhere(session, queued):
    run = agents.request(session, workspace_id=ATELIER, agent_id=AUDITOR, triggered_by="manual")
    agents.start(session, run)
    link_run(session, queued, run)
    trigger = session.get_one(BlockedTrigger, queued.trigger_id)
    write(
        session,
        trigger,
        status=TriggerStatus.RESOLVED,
        resolved=True,
        resolved_at=run.started_at,
        resolution_outcome=ResolutionOutcome.EXPIRED,
    )
    assert trigger.status is TriggerStatus.IN_PROGRESS, "the session remembers another status"
    agents.complete(session, run)
    assert session.scalars(select(SupervisionSession.status)).one() == "completed"
    assert session.scalars(select(BlockedTrigger.resolution_outcome)).one() == "expired"
