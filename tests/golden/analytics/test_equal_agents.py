"""Agents that only their id distinguishes: every list of agents has one order."""

from __future__ import annotations

import pytest

from controlplane.analytics.questions.durations import select_durations_by_agent
from controlplane.analytics.questions.executions import select_executions_by_agent, select_success_rate_by_agent
from controlplane.analytics.questions.governance.human_review import (
    select_feedback_by_agent,
    select_interventions_by_agent,
)
from controlplane.analytics.questions.governance.maturity import select_graduation_readiness, select_leaderboard
from controlplane.analytics.questions.governance.triggers import select_blocked_triggers_by_agent

pytestmark = pytest.mark.seed("twins")
TWINS = [0x21, 0x22, 0x23]


@pytest.mark.parametrize(
    ("builder", "options", "zeal_first"),
    [
        (select_executions_by_agent, {}, True),
        (select_success_rate_by_agent, {}, True),
        (select_durations_by_agent, {}, False),
        (select_graduation_readiness, {}, True),
        (select_leaderboard, {"limit": 10}, False),
        (select_feedback_by_agent, {}, False),
        (select_interventions_by_agent, {}, False),
        (select_blocked_triggers_by_agent, {}, False),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_twins_are_listed_by_id(ask, golden, builder, options, zeal_first):
    rows = ask(builder, **options).all()
    assert rows == golden.rows
    found = [row.agent_id.int - 0xA0000 for row in rows]
    assert found == ([0x20, *TWINS] if zeal_first else [*TWINS, 0x20])
