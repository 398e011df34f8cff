"""The lifecycle of a run: every verb, and every verb where it does not apply."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import update

from controlplane import agents
from controlplane.agents import EXECUTION, get_execution
from controlplane.errors import IllegalTransitionError, InvalidValueError, NotFoundError
from controlplane.models import AgentExecution, ExecutionStatus, TriggerSource

ACME = uuid.UUID(int=0xA001)
OLGA = uuid.UUID(int=0xB001)
TRIAGE = uuid.UUID(int=0xC002)
GLOBEX_AGENT = uuid.UUID(int=0xC006)

VERBS = {
    "start": agents.start,
    "pause": agents.pause,
    "resume": agents.resume,
    "complete": agents.complete,
    "fail": lambda session, run: agents.fail(session, run, error_type="ValueError", error_message="no"),
    "time_out": lambda session, run: agents.time_out(session, run, after_seconds=60),
    "cancel": agents.cancel,
}
LEGAL = {
    "start": ("pending",),
    "pause": ("running",),
    "resume": ("paused",),
    "complete": ("running",),
    "fail": ("running",),
    "time_out": ("running",),
    "cancel": ("pending", "running", "paused"),
}
ILLEGAL = [(verb, status) for verb in VERBS for status in ExecutionStatus if status not in LEGAL[verb]]


def run_in(session, status):
    """Return Triage's run that the seed has in `status`."""
    number = list(ExecutionStatus).index(ExecutionStatus(status)) + 1
    return get_execution(session, workspace_id=ACME, execution_id=uuid.UUID(int=0xD000 + number))


def requested(session, **options):
    return agents.request(
        session, workspace_id=ACME, agent_id=TRIAGE, triggered_by=TriggerSource.MANUAL, **options
    )


@pytest.mark.seed("registry")
@pytest.mark.max_queries(12)
def test_a_run_is_asked_for_started_and_completed(session, golden, clock):
    with golden.step("request"):
        run = requested(session, input_summary="3 tickets", actor_id=OLGA)
    with golden.step("start"):
        agents.start(session, run)
    clock.advance(seconds=2.5)
    with golden.step("complete"):
        agents.complete(session, run, output_summary="2 closed", result_summary="1 left")
    assert run.duration_seconds == (run.completed_at - run.started_at).total_seconds() > 2.5
    assert session == golden.changes


@pytest.mark.seed("registry")
@pytest.mark.max_queries(12)
def test_a_run_fails_with_a_type_and_a_message(session, golden):
    run = requested(session)
    agents.start(session, run)
    with golden.step("fail"):
        agents.fail(session, run, error_type="ValueError", error_message="no such ticket | 'NULL'\nline 2")
    assert session == golden.changes


@pytest.mark.seed("registry")
@pytest.mark.max_queries(12)
def test_a_run_that_takes_too_long_times_out(session, golden, clock):
    run = requested(session)
    agents.start(session, run)
    clock.advance(hours=1)
    with golden.step("time out"):
        agents.time_out(session, run, after_seconds=3600)
    assert session == golden.changes


@pytest.mark.seed("registry")
@pytest.mark.max_queries(20)
def test_resumed_run_keeps_its_first_start_as_duration_base(session, golden, clock):
    run = requested(session)
    agents.start(session, run)
    started = run.started_at
    with golden.step("pause"):
        agents.pause(session, run, actor_id=OLGA, reason="lunch")
    clock.advance(minutes=30)
    with golden.step("resume"):
        agents.resume(session, run, actor_id=OLGA)
    with golden.step("complete"):
        agents.complete(session, run)
    assert run.started_at == started
    assert run.duration_seconds > 1800
    assert session == golden.changes


@pytest.mark.seed("registry")
@pytest.mark.max_queries(8)
def test_a_run_that_never_started_is_cancelled_without_a_duration(session, golden):
    run = requested(session)
    with golden.step("cancel"):
        agents.cancel(session, run, actor_id=OLGA, reason="not needed")
    assert session == golden.changes


@pytest.mark.seed("runs")
@pytest.mark.parametrize("status", ["running", "paused"])
@pytest.mark.max_queries(6)
def test_a_started_run_is_cancelled_with_its_duration(session, golden, status):
    run = run_in(session, status)
    with golden.step("cancel"):
        agents.cancel(session, run)
    assert session == golden.changes


@pytest.mark.seed("runs")
@pytest.mark.parametrize(("verb", "status"), ILLEGAL, ids=[f"{verb}-{status}" for verb, status in ILLEGAL])
@pytest.mark.max_queries(2)
def test_a_verb_that_does_not_apply_is_refused_and_nothing_is_written(session, writes_nothing, verb, status):
    run = run_in(session, status)
    with (
        writes_nothing(),
        pytest.raises(IllegalTransitionError, match=f"can't go from {status} to|is already {status}") as caught,
    ):
        VERBS[verb](session, run)
    assert caught.value.record == "agent_execution"


@pytest.mark.seed("runs")
def test_the_table_of_transitions_is_the_verbs_put_together(session):
    targets = {
        "start": "running", "pause": "paused", "resume": "running", "complete": "completed",
        "fail": "failed", "time_out": "timeout", "cancel": "cancelled",
    }  # fmt: skip
    from_verbs = {(source, targets[verb]) for verb, sources in LEGAL.items() for source in sources}
    from_table = {(source, to) for source, targets in EXECUTION.arrows.items() for to in targets}
    assert from_table == from_verbs


@pytest.mark.seed("registry")
@pytest.mark.max_queries(19)
def test_one_agent_makes_several_runs_each_with_its_own_history(session, golden):
    with golden.step("two requests"):
        first, second = requested(session), requested(session)
    with golden.step("the second overtakes"):
        agents.start(session, second)
        agents.complete(session, second)
    with golden.step("the first follows"):
        agents.start(session, first)
    assert session == golden.changes


@pytest.mark.seed("registry")
@pytest.mark.parametrize("source", TriggerSource)
@pytest.mark.max_queries(3)
def test_run_keeps_its_trigger_source(session, golden, source):
    agents.request(session, workspace_id=ACME, agent_id=TRIAGE, triggered_by=source)
    assert session == golden.changes


@pytest.mark.seed("registry")
@pytest.mark.max_queries(1)
def test_a_run_of_another_workspaces_agent_is_refused(session, writes_nothing):
    with writes_nothing(), pytest.raises(NotFoundError, match="agent"):
        agents.request(session, workspace_id=ACME, agent_id=GLOBEX_AGENT, triggered_by=TriggerSource.MANUAL)


@pytest.mark.seed("registry")
@pytest.mark.max_queries(0)
def test_an_unknown_source_is_refused(session, writes_nothing):
    with writes_nothing(), pytest.raises(InvalidValueError, match="'magic'"):
        agents.request(session, workspace_id=ACME, agent_id=TRIAGE, triggered_by="magic")


@pytest.mark.seed("registry")
@pytest.mark.max_queries(7)
def test_a_failure_needs_a_type(session, writes_nothing):
    run = requested(session)
    agents.start(session, run)
    with writes_nothing(), pytest.raises(InvalidValueError, match="error_type"):
        agents.fail(session, run, error_type="", error_message="no")


@pytest.mark.seed("registry")
def test_a_summary_has_at_most_100_000_characters(session):
    assert len(requested(session, input_summary="x" * 100_000).input_summary) == 100_000
    with pytest.raises(InvalidValueError, match="at most 100000"):
        requested(session, input_summary="x" * 100_001)


@pytest.mark.seed("registry")
def test_the_duration_is_that_of_the_database_not_of_a_stale_object(session, clock):
    """Somebody else started the run after this session had read it."""
    run = requested(session)
    starting = update(AgentExecution).where(AgentExecution.id == run.id)
    starting = starting.values(status="running", started_at=clock())
    session.execute(starting, execution_options={"synchronize_session": False})
    clock.advance(seconds=10)
    agents.cancel(session, run)
    session.expire_all()
    assert (run.status, run.duration_seconds) == ("cancelled", 11)
