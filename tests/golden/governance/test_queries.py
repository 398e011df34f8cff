"""The lists of governance: rows and statements, windows and ties, and what must not be in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from controlplane.analytics.questions.governance.maturity import select_graduation_readiness
from controlplane.errors import InvalidValueError
from controlplane.governance.queries.audit import select_agent_audit_trail, select_audit_trail
from controlplane.governance.queries.feedback import select_feedback_history
from controlplane.governance.queries.proposals import (
    select_overdue_proposals,
    select_pending_proposals,
    select_proposals,
)
from controlplane.governance.queries.supervision import select_supervision_history
from controlplane.governance.queries.training import (
    select_past_scores,
    select_peer_hours,
    select_training_history,
)
from controlplane.governance.queries.triggers import select_next_in_queue, select_overdue_triggers, select_triggers
from controlplane.models import Proposal

pytestmark = pytest.mark.seed("governance", "trainings", "governance_february")
FIRST = datetime(2026, 2, 1, tzinfo=UTC)
SECOND = datetime(2026, 2, 2, tzinfo=UTC)
APPROVED = UUID("0000000000000000000000000000dd06")


def test_pending_proposals_are_oldest_first_and_not_expired(session, golden, world):
    """Of the four pending one expires exactly now, and two were made in the same microsecond."""
    assert session.execute(select_pending_proposals(workspace_id=world.acme, now=SECOND)) == golden


def test_pending_proposals_of_one_kind_and_agent(session, golden, world):
    query = select_pending_proposals(
        workspace_id=world.acme, now=FIRST, agent_id=world.ines, proposal_type="action", limit=2
    )
    assert session.execute(query) == golden


def test_proposals_of_a_window_by_reviewer_and_status(session, golden, world):
    query = select_proposals(
        workspace_id=world.acme,
        agent_id=world.ines,
        status="rejected",
        reviewer_id=world.tina,
        since=FIRST,
        until=SECOND,
    )
    assert session.execute(query) == golden


def test_proposals_without_a_filter_are_those_of_the_workspace(session, world):
    whole = select(Proposal.id).where(Proposal.workspace_id == world.acme)
    listed = session.scalars(select_proposals(workspace_id=world.acme, limit=1_000)).all()
    assert {proposal.id for proposal in listed} == set(session.scalars(whole))
    assert {proposal.reviewer_id is None for proposal in listed} == {True, False}


def test_overdue_proposals(session, golden, world):
    assert session.execute(select_overdue_proposals(workspace_id=world.acme, now=SECOND)) == golden


def test_triggers_narrowed_by_everything(session, golden, world):
    query = select_triggers(
        workspace_id=world.acme,
        agent_id=world.sue,
        source="event",
        decision="supervision",
        resolved=False,
        since=FIRST,
        until=SECOND,
    )
    assert session.execute(query) == golden


def test_resolved_triggers(session, golden, world):
    assert session.execute(select_triggers(workspace_id=world.acme, resolved=True)) == golden


def test_overdue_triggers(session, golden, world):
    """One expires exactly now, one a microsecond later, one has been taken by a supervisor."""
    assert session.execute(select_overdue_triggers(workspace_id=world.acme, now=SECOND)) == golden


def test_the_head_of_the_queue(session, golden, world):
    """Priority 7 before the older 3; a 9 was tried three times, another 9 belongs to a paused agent."""
    assert session.execute(select_next_in_queue(workspace_id=world.acme, now=FIRST)) == golden


def test_the_training_history_of_one_agent_by_status_and_window(session, golden, world):
    query = select_training_history(
        workspace_id=world.acme,
        agent_id=world.sue,
        status="completed",
        since=datetime(2026, 1, 10, tzinfo=UTC),
        until=datetime(2026, 1, 11, tzinfo=UTC),
    )
    assert session.execute(query) == golden


def test_the_supervision_history_of_one_supervisor(session, golden, world):
    query = select_supervision_history(
        workspace_id=world.acme,
        agent_id=world.sue,
        supervisor_id=world.tina,
        status="completed",
        since=FIRST,
        until=SECOND,
    )
    assert session.execute(query) == golden


def test_peers_are_others_of_the_category_that_made_it(session, golden, world):
    """Ines 10 h, Sue 30 h, Otto 40 h; not Sam (itself, a student), Olaf (support) or Zed (elsewhere)."""
    query = select_peer_hours(workspace_id=world.acme, agent_id=world.sam, category="finance")
    assert {row.agent_id: row.hours for row in session.execute(query)} == {
        world.ines: 10,
        world.sue: 30,
        world.otto: 40,
    }
    assert session.execute(query) == golden


def test_past_scores(session, golden, world):
    assert session.execute(select_past_scores(workspace_id=world.acme, agent_id=world.sam)) == golden


def test_readiness(session, golden, world):
    """Sam 10 runs and 5 interventions: exactly at both bounds. Ines 25 and 6: one too many. Sue has not run."""
    assert session.execute(select_graduation_readiness(workspace_id=world.acme)) == golden


def test_the_audit_trail_of_a_record(session, golden, world):
    query = select_audit_trail(workspace_id=world.acme, record_kind="proposal", record_id=APPROVED)
    assert session.execute(query) == golden


def test_the_audit_trail_of_an_actor_in_a_window(session, golden, world):
    """An event exactly at the start belongs to the window, one exactly at its end does not."""
    query = select_audit_trail(workspace_id=world.acme, actor_id=world.tina, since=FIRST, until=SECOND)
    assert session.execute(query) == golden


def test_a_naive_window_is_read_as_utc(session, world):
    aware = select_proposals(workspace_id=world.acme, since=FIRST, until=SECOND)
    naive = select_proposals(
        workspace_id=world.acme, since=FIRST.replace(tzinfo=None), until=SECOND.replace(tzinfo=None)
    )
    assert session.scalars(naive).all() == session.scalars(aware).all() != []


@pytest.mark.parametrize(
    "builder",
    [
        *(select_proposals, select_triggers, select_training_history, select_supervision_history),
        *(select_audit_trail, select_agent_audit_trail, select_feedback_history),
    ],
)
def test_a_reversed_window_is_refused(world, builder):
    named = {"agent_id": world.ines} if builder is select_agent_audit_trail else {}
    with pytest.raises(InvalidValueError, match=r"until can't be '2026-01-31T23:59:59\.999999"):
        builder(workspace_id=world.acme, since=FIRST, until=FIRST - timedelta(microseconds=1), **named)


def test_an_empty_window_has_no_rows(session, world):
    query = select_proposals(workspace_id=world.acme, since=FIRST, until=FIRST)
    assert session.scalars(query).all() == []
