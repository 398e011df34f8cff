"""Every question about states and graduation, against a plain-Python answer over the same random rows."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from controlplane.analytics.questions.governance.maturity import (
    select_agents_by_maturity_and_status,
    select_graduation_readiness,
    select_maturity_changes,
)
from controlplane.analytics.questions.lifecycles import (
    select_state_funnel,
    select_time_in_state,
    select_transition_counts,
    select_unmoved_records,
)
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import (
    AgentExecution,
    AgentStatus,
    LifecycleEvent,
    Maturity,
    SupervisionSession,
)
from tests.controlplane.analytics.plain import (
    ELSEWHERE,
    HERE,
    INSTANTS,
    PEOPLE,
    SECONDS,
    SINCE,
    UNTIL,
    agents,
    numbered,
    owned,
    references,
    scope,
    share,
    spread,
    within,
)

NOW = UNTIL + timedelta(days=1)


@st.composite
def histories(draw):
    rows = []
    for number in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(["agent.maturity", "agent.maturity", "proposal"]))
        workspace = draw(st.sampled_from([HERE, HERE, ELSEWHERE]))
        at, before = draw(st.sampled_from(INSTANTS)), None
        for sequence in range(1, draw(st.integers(1, 4)) + 1):
            to = draw(st.sampled_from(list(Maturity)))  # from a state to itself too
            rows.append(
                {
                    "workspace_id": workspace,
                    "record_kind": kind,
                    "record_id": uuid.UUID(int=0x7000 + number),
                    "sequence": sequence,
                    "from_status": before,
                    "to_status": to,
                    "at": at,
                }
            )
            before, at = to, at + timedelta(seconds=draw(st.sampled_from(SECONDS)))
    return numbered(rows, 0x6000)


@references
@given(rows=histories())
def test_lifecycles(answers, population, rows):
    times, transitions, funnel, unmoved, changes = answers(
        {LifecycleEvent: rows},
        select_time_in_state(**scope),
        select_transition_counts(**scope),
        select_state_funnel(**scope, record_kind="agent.maturity"),
        select_unmoved_records(
            workspace_id=HERE, record_kind="proposal", statuses=("student", "intern"), now=NOW, limit=3
        ),
        select_maturity_changes(**scope, bucket=Bucket.DAY),
    )
    here = [row for row in rows if row["workspace_id"] == HERE]
    came = [row for row in here if row["from_status"] != row["to_status"]]
    following = {
        (one["record_id"], one["sequence"]): other["at"]
        for one, other in pairwise(came)
        if one["record_id"] == other["record_id"]
    }
    stays = defaultdict(list)
    for row in within(came, "at"):
        left = following.get((row["record_id"], row["sequence"]))
        if left:
            stays[row["record_kind"], row["to_status"]].append((left - row["at"]).total_seconds())
    assert times == [(*key, *spread(stays[key])) for key in sorted(stays)]
    moves = Counter((row["record_kind"], row["from_status"], row["to_status"]) for row in within(rows, "at"))
    leaving = Counter()
    for (kind, before, _), number in moves.items():
        leaving[kind, before] += number
    assert transitions == [
        (*key, moves[key], share(moves[key], leaving[key[:2]]))
        for key in sorted(moves, key=lambda key: (key[0], key[1] or "", key[2]))
    ]
    mature = [row for row in here if row["record_kind"] == "agent.maturity"]
    made = {row["record_id"] for row in within(mature, "at") if row["from_status"] is None}
    reached = Counter()
    for status in Maturity:
        reached[status] = len({row["record_id"] for row in mature if row["to_status"] == status} & made)
    assert funnel == sorted(
        ((status, number, share(number, len(made))) for status, number in reached.items() if number),
        key=lambda row: (-row[1], row[0]),
    )
    last = [
        row
        for row in came
        if row["record_kind"] == "proposal"
        and (row["record_id"], row["sequence"]) not in following
        and row["to_status"] in ("student", "intern")
    ]
    last.sort(key=lambda row: (row["at"], row["record_id"]))
    assert unmoved == [
        (row["record_id"], row["to_status"], row["at"], round((NOW - row["at"]).total_seconds(), 9))
        for row in last[:3]
    ]
    order = list(Maturity)
    for start, end, up, down, who in changes:
        day = [row for row in came if row in mature and row["from_status"] and start <= row["at"] < end]
        steps = [order.index(row["to_status"]) - order.index(row["from_status"]) for row in day]
        assert (up, down) == (sum(step > 0 for step in steps), sum(step < 0 for step in steps))
        assert who == len({row["record_id"] for row in day})
    assert len(changes) == 7


@references
@given(
    completed=st.lists(agents(), max_size=40),
    failed=st.lists(agents(), max_size=3),
    interventions=st.lists(st.tuples(agents(), st.integers(0, 5)), max_size=4),
)
def test_readiness(answers, population, completed, failed, interventions):
    runs = [
        owned(agent) | {"status": status, "triggered_by": "manual", "created_at": SINCE}
        for status, group in (("completed", completed), ("failed", failed))
        for agent in group
    ]
    held = [
        owned(agent) | {"supervisor_id": PEOPLE[0], "intervention_count": count, "started_at": SINCE}
        for agent, count in interventions
    ]
    found, levels = answers(
        {AgentExecution: numbered(runs, 0xE00), SupervisionSession: numbered(held, 0x4000)},
        select_graduation_readiness(workspace_id=HERE),
        select_agents_by_maturity_and_status(workspace_id=HERE),
    )
    expected = []
    for number, agent in enumerate(population["agents"]):
        if agent["workspace_id"] == HERE and agent["status"] != "deleted":
            episodes = completed.count(number)
            count = sum(times for which, times in interventions if which == number)
            rate = share(count, episodes)
            ready = episodes >= 10 and rate <= 0.5
            expected.append((agent["id"], agent["name"], "student", episodes, 10, count, rate, 0.5, ready))
    assert found == sorted(expected, key=lambda row: (not row[8], -row[3], row[1], row[0]))
    here = Counter(agent["status"] for agent in population["agents"] if agent["workspace_id"] == HERE)
    assert levels == [
        (level, status, here[status] if level == "student" else 0) for level in Maturity for status in AgentStatus
    ]
