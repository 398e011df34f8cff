"""Rows that differ in one thing only, for what other seeds leave to luck: ties, handovers, edges, long tails."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from controlplane.analytics.questions.canvases import select_active_canvases
from controlplane.analytics.questions.concurrency import select_concurrency
from controlplane.analytics.questions.critical_paths import select_critical_paths
from controlplane.analytics.questions.debugging import select_hottest_breakpoints, select_trace_durations
from controlplane.analytics.questions.durations import select_durations
from controlplane.analytics.questions.failures import select_step_errors, select_workflow_failures
from controlplane.analytics.questions.governance.maturity import select_graduation_readiness
from controlplane.analytics.questions.governance.proposals import select_approval_rate_by_reviewer
from controlplane.analytics.questions.lifecycles import select_unmoved_records
from controlplane.analytics.questions.record_lists import select_stuck_executions, select_stuck_workflow_executions
from controlplane.analytics.questions.steps import select_branch_frequencies
from controlplane.analytics.questions.workflows import select_queue_and_run_time
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import (
    Agent,
    AgentExecution,
    Breakpoint,
    CanvasAudit,
    ExecutionTrace,
    LifecycleEvent,
    Proposal,
    SupervisionSession,
    WorkflowExecution,
    WorkflowStep,
    WorkflowStepExecution,
    WorkflowVersion,
)

HOUR, EDGE = timedelta(hours=1), timedelta(microseconds=1)
BILLING, SMALL_BILLING = uuid.UUID(int=0xC0001), uuid.UUID(int=0xC0004)
FIRST = uuid.UUID(int=0xC1011)


@pytest.fixture
def runs(add, world):
    """Insert runs of the first agent: `(number, from hour, to hour)`, the end None while it runs."""

    def inserted(*spans, first=0xEF000, **common):
        rows = [
            {
                "id": first + number,
                "created_at": world.monday + begin * HOUR,
                "started_at": world.monday + begin * HOUR,
                "completed_at": None if end is None else world.monday + end * HOUR,
            }
            for number, begin, end in spans
        ]
        add(
            AgentExecution,
            *rows,
            **{"agent_id": world.agent(1), "status": "completed", "triggered_by": "manual"} | common,
        )

    return inserted


@pytest.mark.seed("agents")
def test_handover_is_not_a_change(ask, runs, world, golden):
    runs((1, -1, 0), (2, 0, 2), (3, 2, 4), (4, 4, 4), (5, 5, 6), (6, 3, None))
    until = world.monday + 6 * HOUR
    rows = ask(select_concurrency, until=until, now=until, bucket=Bucket.HOUR).all()
    assert rows == golden.rows
    assert [row.peak for row in rows] == [1, 1, 1, 2, 1, 2]


@pytest.mark.seed("agents")
def test_nothing_is_known_of_a_window_after_now(ask, runs, world):
    runs((1, -3, None), (2, -2, -1))
    options = {"until": world.monday + 2 * HOUR, "now": world.monday - HOUR / 2}
    assert [row.peak for row in ask(select_concurrency, bucket=Bucket.HOUR, **options)] == [0, 0]


@pytest.mark.seed("agents")
def test_runs_stuck_since_the_same_instant_are_listed_by_id(ask, runs, world, golden):
    runs((9, 1, None), (3, 1, None), (5, 1, None), status="running")
    rows = ask(select_stuck_executions, now=world.monday + 9 * HOUR, longer_than=HOUR).all()
    assert rows == golden.rows
    assert [row.id.int - 0xEF000 for row in rows] == [3, 5, 9]


@pytest.mark.seed("agents")
def test_the_extremes_of_many_runs(ask, runs, golden):
    runs(*((number, number / 10, number / 10) for number in range(400)))
    session_rows = sa.update(AgentExecution).where(AgentExecution.id >= uuid.UUID(int=0xEF000))
    ask(lambda: session_rows.values(duration_seconds=1))
    for number, seconds in ((399, 900), (398, 80), (7, 0.5)):
        one = sa.update(AgentExecution).where(AgentExecution.id == uuid.UUID(int=0xEF000 + number))
        ask(lambda one=one, seconds=seconds: one.values(duration_seconds=seconds))
    row = ask(select_durations).one()
    assert [row] == golden.rows
    assert (row.samples, row.minimum, row.median, row.p99, row.maximum) == (400, 0.5, 1, 1, 900)
    runs((400, 1, 2))  # it has no duration
    assert tuple(ask(select_durations, since=None, until=None).one()) == pytest.approx(tuple(row))


@pytest.mark.seed("agents")
def test_readiness_goes_before_episodes_and_names_before_ids(ask, add, runs, world, golden):
    places = ((0xF1, "Zoe", 20), (0xF2, "Bea", 11), (0xF3, "Amy", 11))
    common = {"category": "c", "module_path": "m", "maturity_level": "student", "confidence_score": 0.4}
    add(Agent, *({"id": id_, "name": name, "class_name": name} for id_, name, _ in places), **common)
    for id_, _, episodes in places:
        spans = [(number, number, number) for number in range(episodes)]
        runs(*spans, first=id_ * 0x1000, agent_id=uuid.UUID(int=id_))
    held = {"supervisor_id": uuid.UUID(int=0xB0003), "intervention_count": 19, "started_at": world.monday}
    add(SupervisionSession, {"id": 0xF4}, agent_id=uuid.UUID(int=0xF1), **held)
    rows = ask(select_graduation_readiness).all()
    assert rows == golden.rows
    names = [row.agent for row in rows if row.agent in ("Amy", "Bea", "Zoe")]
    assert names == ["Amy", "Bea", "Zoe"]  # Zoe has most episodes, and too many interventions


@pytest.mark.seed("workspaces")
def test_oldest_trigger_waits_longest_for_any_id(ask, add, world, golden):
    for number, hours in ((1, 5), (2, 3), (3, 5)):
        event = {"id": 0x600 + number, "record_id": uuid.UUID(int=number), "at": world.monday + hours * HOUR}
        add(LifecycleEvent, event, record_kind="proposal", sequence=1, from_status=None, to_status="pending")
    options = {"record_kind": "proposal", "statuses": ("pending",), "now": world.next_monday}
    rows = ask(select_unmoved_records, **options).all()
    assert rows == golden.rows
    assert [row.record_id.int for row in rows] == [2, 1, 3]


@pytest.mark.seed("workflow_history")
def test_breakpoints_hit_as_often_are_listed_by_step_and_id(ask, add, world, golden):
    places = ((0x14, "a"), (0x13, "b"), (0x12, "c"), (0x11, "a"))
    points = [{"id": 0xDC000 + id_, "step_key": step} for id_, step in places]
    add(Breakpoint, *points, workflow_id=BILLING, hit_count=2, created_at=world.monday)
    rows = ask(select_hottest_breakpoints, limit=9).all()
    assert rows == golden.rows
    found = [(row.step_key, row.breakpoint_id.int & 0xFF) for row in rows]
    assert found == [("a", 0x11), ("a", 0x14), ("b", 0x13), ("c", 0x12)]


@pytest.mark.seed("canvas_history")
def test_canvases_touched_at_one_instant_are_listed_by_id(ask, add, world, golden):
    for number in (4, 1, 3):
        last = {"id": 0xCBF00 + number, "canvas_id": uuid.UUID(int=0xCA000 + number), "at": world.next_monday}
        add(CanvasAudit, last, sequence=9, action="update", content={})
    rows = ask(select_active_canvases, now=world.next_monday + HOUR).all()
    assert rows == golden.rows
    assert [(row.canvas_id.int & 0xF, row.idle_seconds) for row in rows] == [(1, 3600), (3, 3600), (4, 3600)]


@pytest.mark.seed("debug_history")
def test_steps_that_took_as_long_are_listed_by_workflow_and_key(ask, add, world, golden):
    hour = world.monday + 5 * HOUR
    places = (("b", "Billing"), ("a", "Onboarding"), ("a", "Billing"), ("B", "Billing"))
    traces = [
        {"id": 0xDDF00 + number, "sequence": 90 + number, "step_key": key, "workflow": workflow}
        for number, (key, workflow) in enumerate(places)
    ]
    run = {"status": "completed", "variables_before": {}, "variables_after": {}, "diff": {}}
    common = {"session_id": uuid.UUID(int=0xDB001), "item": 0, "attempt": 1, "started_at": hour}
    add(ExecutionTrace, *traces, **run, **common, duration_seconds=2)
    rows = ask(select_trace_durations, since=hour, until=hour + EDGE).all()
    assert rows == golden.rows
    found = [(row.workflow, row.step_key) for row in rows]
    assert found == [("Billing", "B"), ("Billing", "a"), ("Billing", "b"), ("Onboarding", "a")]


@pytest.mark.seed("agents")
def test_reviewing_agents_of_one_name_are_listed_by_id(ask, add, world, golden):
    common = {"category": "c", "module_path": "m", "name": "Twin"}
    add(Agent, *({"id": id_, "class_name": f"{id_}"} for id_ in (0xF2, 0xF1)), **common)
    decided = {"agent_id": world.agent(1), "proposal_type": "action", "title": "t", "status": "rejected"}
    times = {"created_at": world.monday, "expires_at": world.monday}
    for id_ in (0xF2, 0xF1):
        add(Proposal, {"id": 0xD000 + id_}, reviewer_agent_id=uuid.UUID(int=id_), **decided, **times)
    rows = ask(select_approval_rate_by_reviewer).all()
    assert rows == golden.rows
    assert [row.reviewer_agent_id.int for row in rows] == [0xF1, 0xF2]


def execution(number, world, **values):
    begun = {"created_at": world.monday, "started_at": world.monday, "completed_at": world.monday + HOUR}
    return {"id": number, "workflow_id": BILLING, "version_id": FIRST, "status": "completed", **begun} | values


@pytest.mark.seed("workflow_history")
def test_workflows_that_wait_as_long_are_listed_by_name(ask, add, world, golden):
    late = {"created_at": world.monday + 5 * HOUR, "started_at": world.monday + 5 * HOUR + timedelta(seconds=7.5)}
    add(
        WorkflowExecution,
        execution(0xC3F01, world, completed_at=world.monday + 6 * HOUR, **late),
        execution(0xC3F02, world, workflow_id=SMALL_BILLING, completed_at=world.monday + 6 * HOUR, **late),
    )
    rows = ask(select_queue_and_run_time, since=late["created_at"], until=late["created_at"] + EDGE).all()
    assert rows == golden.rows
    assert [row.workflow for row in rows] == ["Billing", "billing"]


def step(number, key, position, world, **values):
    begun = {"started_at": world.monday, "completed_at": world.monday + HOUR, "created_at": world.monday}
    common = {"kind": "task", "attempt": 1, "status": "completed", "outcome": None, "idempotency_key": ""}
    return {"id": number, "step_key": key, "position": position, **common, **begun} | values


@pytest.mark.seed("workflow_history")
def test_branches_taken_as_often_are_listed_by_name(ask, add, world, golden):
    since = world.monday + 5 * HOUR
    for number, outcome in enumerate(("b", "a", None, "B")):
        add(WorkflowExecution, execution(0xC3F10 + number, world, created_at=since))
        taken = {"kind": "condition", "outcome": outcome}
        add(
            WorkflowStepExecution,
            step(0xC4F10 + number, "decide", 0, world, **taken),
            execution_id=uuid.UUID(int=0xC3F10 + number),
        )
    rows = ask(select_branch_frequencies, since=since, until=since + EDGE).all()
    assert rows == golden.rows
    assert [row.branch for row in rows] == ["B", "a", "b", None]


@pytest.mark.seed("workflow_history")
def test_branches_of_several_steps_and_workflows(ask, add, world, golden):
    since = world.monday + 5 * HOUR
    taken = ((BILLING, "b", "y"), (BILLING, "a", "x"), (SMALL_BILLING, "a", "x"), (BILLING, "b", "x"))
    for number, (workflow, key, outcome) in enumerate((*taken, (BILLING, "b", "x")), 0xC3F50):
        add(WorkflowExecution, execution(number, world, created_at=since, workflow_id=workflow))
        decision = step(number + 0x1000, key, 0, world, kind="condition", outcome=outcome)
        add(WorkflowStepExecution, decision, execution_id=uuid.UUID(int=number))
    rows = ask(select_branch_frequencies, since=since, until=since + EDGE).all()
    assert rows == golden.rows
    assert [tuple(row) for row in rows] == [
        ("Billing", "a", "x", 1, 1),
        ("Billing", "b", "x", 2, pytest.approx(2 / 3)),
        ("Billing", "b", "y", 1, pytest.approx(1 / 3)),
        ("billing", "a", "x", 1, 1),
    ]


@pytest.mark.seed("workflow_history")
def test_failures_go_by_number_before_name_and_null_types_come_last(ask, add, world, golden):
    since = world.monday + 5 * HOUR
    of = [(SMALL_BILLING, "OSError")] * 3 + [(BILLING, None), (BILLING, "OSError"), (BILLING, "IOError")]
    for number, (workflow, error) in enumerate(of, 0xC3F30):
        why = {"workflow_id": workflow, "status": "failed", "failed_step": "fetch", "error_type": error}
        add(WorkflowExecution, execution(number, world, created_at=since, **why))
        attempt = step(number + 0x1000, "fetch", 0, world, status="failed")
        add(WorkflowStepExecution, attempt | {"error_type": error}, execution_id=uuid.UUID(int=number))
    window = {"since": since, "until": since + EDGE}
    rows = ask(select_workflow_failures, **window).all()
    assert rows == golden.rows
    expected = [
        ("billing", "OSError", 3),
        ("Billing", "IOError", 1),
        ("Billing", "OSError", 1),
        ("Billing", None, 1),
    ]
    assert [(row.workflow, row.error_type, row.failures) for row in rows] == expected
    erred = ask(select_step_errors, limit=9, **window).all()
    assert [(row.workflow, row.error_type, row.attempts) for row in erred] == expected


@pytest.mark.seed("workflow_history")
def test_a_critical_path_follows_the_version_that_ran(ask, add, world, golden):
    """In another version `close` waits for nothing; one more step was cancelled before it began."""
    other = uuid.UUID(int=0xC1F01)
    add(WorkflowVersion, {"id": other.int}, workflow_id=BILLING, version=9, definition={}, digest="9")
    add(WorkflowStep, {"id": 0xC2F01}, version_id=other, key="close", kind="task", position=4, depends_on=[])
    hour = world.monday + 5 * HOUR
    for number, version in ((0xC3F20, FIRST), (0xC3F21, other)):
        add(WorkflowExecution, execution(number, world, version_id=version, created_at=hour))
        late = {"started_at": world.monday + HOUR, "completed_at": world.monday + 2 * HOUR}
        never = {"started_at": None, "completed_at": world.monday + 3 * HOUR, "status": "cancelled"}
        steps = (("send", 2, {}), ("close", 4, late), ("hold", 3, never))
        for place, (key, position, values) in enumerate(steps):
            one = step(number * 16 + place, key, position, world, **values)
            add(WorkflowStepExecution, one, execution_id=uuid.UUID(int=number))
    rows = ask(select_critical_paths, since=hour, until=hour + EDGE).all()
    assert rows == golden.rows
    found = [(row.execution_id.int & 0xF, row.step_key) for row in rows]
    assert found == [(0, "close"), (0, "send"), (1, "close")]


@pytest.mark.seed("agents")
def test_stuck_runs_are_listed_longest_first_for_any_ids(ask, add, world, golden):
    common = {
        "agent_id": world.agent(1),
        "status": "running",
        "triggered_by": "manual",
        "created_at": world.monday,
    }
    hours = {0xE7F01: 5, 0xE7F02: 2, 0xE7F03: 7, 0xE7F04: 3}  # neither by id nor against it
    add(
        AgentExecution,
        *({"id": key, "started_at": world.monday - at * HOUR} for key, at in hours.items()),
        **common,
    )
    rows = ask(select_stuck_executions, now=world.monday, longer_than=HOUR).all()
    assert [row.running_seconds for row in rows] == [7 * 3600, 5 * 3600, 3 * 3600, 2 * 3600]
    assert rows == golden.rows


@pytest.mark.seed("workflow_history")
def test_stuck_workflow_executions_are_listed_longest_first_for_any_ids(ask, add, world, golden, session):
    versions = sa.select(WorkflowVersion.id, WorkflowVersion.workflow_id).order_by(WorkflowVersion.id)
    version = session.execute(versions.limit(1)).one()
    common = {"workflow_id": version.workflow_id, "version_id": version.id, "status": "running"}
    hours = {0xC7F01: 5, 0xC7F02: 2, 0xC7F03: 7, 0xC7F04: 3}
    add(
        WorkflowExecution,
        *({"id": key, "started_at": world.monday - at * HOUR} for key, at in hours.items()),
        **common,
        created_at=world.monday,
    )
    rows = ask(select_stuck_workflow_executions, now=world.monday, longer_than=HOUR).all()
    assert [row.running_seconds for row in rows] == [7 * 3600, 5 * 3600, 3 * 3600, 2 * 3600]
    assert rows == golden.rows
