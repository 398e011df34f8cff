"""A week whose agents are all paused or deleted by now: the past stays, and the deleted are asked nothing more."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from controlplane.analytics.questions import concurrency, durations, executions, record_lists, series
from controlplane.analytics.questions.governance import human_review, maturity, proposals, triggers
from controlplane.models import Agent

pytestmark = pytest.mark.seed("retired")

THE_PAST = (
    *(executions.select_executions_by_status, executions.select_executions_by_trigger),
    *(executions.select_success_rate, executions.select_failures_by_error_type),
    *(durations.select_durations, durations.select_durations_by_agent, durations.select_waits),
    *(record_lists.select_newest_executions, record_lists.select_execution_time_range),
    *(record_lists.select_stuck_executions, concurrency.select_concurrency),
    *(series.select_runs_over_time, series.select_rolling_failure_rate, series.select_week_over_week),
    *(triggers.select_blocked_triggers_by_agent, triggers.select_blocked_triggers_by_source),
    *(triggers.select_blocked_triggers_by_decision, triggers.select_resolution_outcomes),
    *(triggers.select_time_to_resolution, proposals.select_proposal_funnel, proposals.select_approval_latency),
    *(proposals.select_approval_rate_by_reviewer, human_review.select_training_outcomes_by_category),
    *(human_review.select_interventions_by_agent, human_review.select_interventions_by_type),
    *(human_review.select_supervision_outcomes, human_review.select_feedback_by_status),
    human_review.select_rating_distribution,
)
LISTED = {  # of those that are listed without having done anything, the deleted are not
    executions.select_executions_by_agent: {"Archivist", "Auditor", "Greeter", "Invoicer", "Relic", "auditor"},
    executions.select_success_rate_by_agent: {"Archivist", "Auditor", "Greeter", "Invoicer", "Relic", "auditor"},
    human_review.select_feedback_by_agent: {"Auditor", "Greeter", "Invoicer", "Relic", "auditor"},
    maturity.select_graduation_readiness: {"Greeter", "Relic", "auditor"},
    maturity.select_leaderboard: {"Greeter", "Invoicer", "Relic", "auditor"},
}


@pytest.mark.parametrize("builder", THE_PAST)
def test_the_past_stays_as_it_was(session, ask, builder):
    rows = ask(builder).all()
    assert rows
    session.execute(sa.update(Agent).values(status="active"))
    assert ask(builder).all() == rows


@pytest.mark.parametrize("builder", LISTED)
def test_leaderboard_and_readiness_with_retired(ask, golden, builder):
    rows = ask(builder).all()
    assert rows == golden.rows
    assert {row.agent for row in rows} == LISTED[builder]


def test_agents_by_maturity_and_status_with_retired(ask, golden):
    rows = ask(maturity.select_agents_by_maturity_and_status).all()
    assert rows == golden.rows
    assert sum(row.agents for row in rows if row.status == "deleted") == 4
    assert sum(row.agents for row in rows if row.status == "paused") == 4
