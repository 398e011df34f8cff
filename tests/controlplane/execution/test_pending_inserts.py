"""Steps that are written as what they have become leave the same rows as steps that are written at once."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import event, select, update

from controlplane import actions
from controlplane.errors import LeaseLostError
from controlplane.execution import cancel, claim, pause, signal
from controlplane.execution.engine import leases, statements
from controlplane.execution.engine.claim import complete_and_claim
from controlplane.execution.engine.config import Failure, Lease, Success
from controlplane.execution.engine.pending_inserts import FLUSH_THRESHOLD, PendingInserts
from controlplane.models import LifecycleEvent, WorkflowExecution, WorkflowExecutionLog, WorkflowStepExecution

pytestmark = pytest.mark.seed("agents")
MARA = uuid.UUID(int=0xB0004)
AT = ("created_at", "started_at", "completed_at", "ready_at", "wake_at", "lease_until", "timestamp", "at")
IDS = ("id", "execution_id", "record_id", "lease_token", "idempotency_key", "duration_seconds", "sent_at")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
VERSIONED = ("version_id", "workflow_id")

CHAIN = """
  - {key: a, kind: task, action: note, parameters: {n: 1}, save: {x: "${output.n}"}}
  - {key: b, kind: task, action: note, depends_on: [a], parameters: {n: "${steps.a.output.n}", m: "${vars.x}"}}
  - {key: c, kind: task, action: note, depends_on: [b], when: "steps.b.output.n > 1"}
  - {key: d, kind: task, action: note, depends_on: [c], parameters: {n: "${steps.c.output}"}}
"""
BRANCH = """
  - {key: a, kind: task, action: note, parameters: {n: 3}}
  - {key: if, kind: condition, depends_on: [a], branches: [{name: big, when: "steps.a.output.n > 2", then: [yes]}],
     default: [no]}
  - {key: yes, kind: task, action: note}
  - {key: no, kind: task, action: note}
  - {key: end, kind: join, depends_on: [yes, no]}
"""
FORK = """
  - {key: fork, kind: parallel, branches: [z, y, x]}
  - {key: x, kind: task, action: note}
  - {key: y, kind: wait, seconds: 0}
  - {key: z, kind: task, action: note, depends_on: []}
  - {key: end, kind: join, depends_on: [x, y, z]}
"""
CROSS = """
  - {key: late, kind: task, action: note, depends_on: [inner]}
  - {key: outer, kind: parallel, branches: [inner, other]}
  - {key: inner, kind: parallel, branches: [late]}
  - {key: other, kind: task, action: note}
"""
EARLY = """
  - {key: end, kind: join, depends_on: [x, y]}
  - {key: fork, kind: parallel, branches: [x, y]}
  - {key: x, kind: wait, seconds: 0}
  - {key: y, kind: task, action: note}
"""
MAP = """
  - {key: each, kind: map, over: [1, 2, 3], concurrency: 2,
     body: {kind: task, action: note, parameters: {n: "${item}"}}}
  - {key: empty, kind: map, depends_on: [each], over: [], body: {kind: task, action: note}}
  - {key: last, kind: task, action: note, depends_on: [empty], parameters: {all: "${steps.each.output}"}}
"""
UNDO = """
  - {key: a, kind: task, action: note, compensation: {action: note}}
  - {key: b, kind: task, action: note, depends_on: [a], compensation: {action: note}}
  - {key: c, kind: task, action: refuse, depends_on: [b], retry: {attempts: 2, delay: 0}}
"""
MISSING = (
    '  - {key: a, kind: task, action: note}\n  - {key: b, kind: join, depends_on: [a]}\noutputs: {x: "${input.x}"}'
)
AGENT = f"""
  - {{key: a, kind: agent, action: search, agent: "{uuid.UUID(int=0xA0001)}"}}
  - {{key: b, kind: agent, action: search, depends_on: [a], agent: "{uuid.UUID(int=0xA0004)}",
      continue_on_error: true}}
  - {{key: c, kind: canvas, depends_on: [b], action: present, type: form, component: f, content: {{}}}}
  - {{key: w, kind: wait, depends_on: [c], signal: go}}
"""


@pytest.fixture(autouse=True)
def _actions():
    def refuse(_parameters, *, idempotency_key):
        raise ConnectionError("no")

    with actions.registered(
        note=lambda parameters, *, idempotency_key: parameters,
        refuse=refuse,
        search=lambda _p, *, idempotency_key: 1,
    ):
        yield


def told(session, model, execution_id):
    """What all rows of an execution say, without ids and times."""
    key = model.id if model is WorkflowExecution else model.execution_id
    rows = session.scalars(select(model).where(key == execution_id)).all()
    left_out = {*AT, *IDS, *VERSIONED, "lock_version", "input", "agent_execution_id"}
    columns = [column.key for column in model.__table__.columns if column.key not in left_out]
    return sorted(UUID.sub("id", str([getattr(row, name) for name in columns])) for row in rows)


def histories(session, execution_id):
    """The statuses that each step went through."""
    step = WorkflowStepExecution
    query = (
        select(
            step.step_key, step.role, step.item, step.attempt, LifecycleEvent.sequence, LifecycleEvent.to_status
        )
        .join(LifecycleEvent, LifecycleEvent.record_id == step.id)
        .where(step.execution_id == execution_id)
    )
    return sorted(tuple(map(str, row)) for row in session.execute(query))


@pytest.mark.parametrize("steps", [CHAIN, BRANCH, FORK, CROSS, EARLY, MAP, UNDO, MISSING, AGENT])
def test_the_rows_are_those_of_steps_written_at_once(flow, session, monkeypatch, steps):
    seen = []
    ways = (None, (PendingInserts, "is_large", True), (leases, "_is_alone", lambda *_: False))
    for way in (*ways, (statements, "MAX_JOINED_ROWS", 0)):
        with monkeypatch.context() as patch:
            if way is not None:
                patch.setattr(*way)
            run = flow.run(f"name: same\nsteps:\n{steps}")
            signal(session, run, name="go", actor_id=MARA)
            flow.drive()
            session.expire_all()
            models = (WorkflowExecution, WorkflowStepExecution, WorkflowExecutionLog)
            rows = [told(session, model, run.id) for model in models]
            seen.append([*rows, histories(session, run.id)])
    assert all(rows == seen[0] for rows in seen)


def nothing(_session, _run, **_options):
    pass


def send(session, run, *, actor_id):
    signal(session, run, name="go", actor_id=actor_id)


@pytest.mark.parametrize("verb", [nothing, pause, cancel, send])
@pytest.mark.parametrize(
    "result", [Success(output=1), Failure(error_type="E", message="m")], ids=["done", "failed"]
)
def test_verb_between_claim_and_end_has_the_effect_that_it_has_on_a_locked_execution(flow, session, verb, result):
    seen = []
    for knows in (True, False):
        run = flow.start(f"name: same\nsteps:\n{CHAIN}")
        lease = claim(session, execution_id=run.id, engine=flow.engine)
        assert isinstance(lease, Lease)
        assert lease.execution is not None
        verb(session, run, actor_id=MARA)
        kept = lease if knows else replace(lease, execution=None)
        try:
            with session.begin_nested():
                end = complete_and_claim(session, lease=kept, result=result, engine=flow.engine)
        except LeaseLostError as error:
            end = error
        session.expire_all()
        models = (WorkflowExecution, WorkflowStepExecution, WorkflowExecutionLog)
        seen.append([type(end), *(told(session, model, run.id) for model in models), histories(session, run.id)])
    assert seen[0] == seen[1]


def test_result_of_a_lease_lost_in_secret_writes_nothing(flow, session):
    run = flow.start(f"name: same\nsteps:\n{CHAIN}")
    lease = claim(session, execution_id=run.id, engine=flow.engine)
    session.execute(update(WorkflowStepExecution).values(lease_token=None))
    with pytest.raises(LeaseLostError), session.begin_nested():
        complete_and_claim(session, lease=lease, result=Success(output=1), engine=flow.engine)
    session.expire_all()
    assert run.log_sequence == lease.execution.log_sequence


def test_joined_rows_keep_json_nulls_and_leave_other_nulls_out():
    shapes, given = statements.shapes_of([("attempt", {"output": None, "outcome": None, "item": 0})])
    assert shapes == (("attempt", (("output", "output_0"), ("item", "item_0"))),)
    assert given == {"output_0": None, "item_0": 0}


def test_joined_rows_share_equal_ids_and_texts_but_no_json_and_no_numbers():
    rows = [("log", {"id": MARA, "sequence": 1, "event": "e", "context": {"n": 1}})]
    rows.append(("event", {"record_id": MARA, "sequence": 1, "reason": "e"}))
    rows.append(("log", {"id": uuid.UUID(int=2), "sequence": True, "event": "e", "context": {"n": True}}))
    _, given = statements.shapes_of(rows)
    assert given == {
        "id_0": MARA,
        "sequence_0": 1,
        "event_0": "e",
        "context_0": {"n": 1},
        "sequence_1": 1,
        "reason_1": "e",
        "id_2": uuid.UUID(int=2),
        "sequence_2": True,
        "context_2": {"n": True},
    }


def test_many_are_written_at_once(flow, session):
    with_items = (
        f"  - {{key: each, kind: map, over: {[*range(FLUSH_THRESHOLD + 1)]}, body: {{kind: task, action: note}}}}"
    )
    run = flow.run(f"name: many\nsteps:\n{with_items}")
    assert str(run.status) == "completed"
    query = select(WorkflowStepExecution.status).where(WorkflowStepExecution.execution_id == run.id)
    assert set(map(str, session.scalars(query))) == {"completed"}


def statements_of(flow, session, length):
    """How many statements a chain of tasks takes."""
    keys = [f"s{number}" for number in range(length)]
    steps = [{"key": key, "kind": "task", "action": "note"} for key in keys]
    for step, before in zip(steps[1:], keys, strict=False):
        step["depends_on"] = [before]
    run = flow.start(json.dumps({"name": f"chain{length}", "steps": steps}))
    seen = []

    def count(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", count)
    flow.drive(run)
    event.remove(session.get_bind(), "before_cursor_execute", count)
    assert str(run.status) == "completed"
    return len(seen)


def test_a_step_of_a_chain_costs_five_statements(flow, session):
    assert (
        statements_of(flow, session, 12) - statements_of(flow, session, 2)
        == (3 if session.get_bind().dialect.name == "postgresql" else 5) * 10
    )


@pytest.mark.parametrize(("at_once", "more"), [(1, False), (2, True)])
def test_items_that_are_held_back_call_for_no_other_worker(flow, session, at_once, more):
    each = f"{{key: each, kind: map, over: [1, 2, 3], concurrency: {at_once}, body: {{kind: task, action: note}}}}"
    run = flow.start(f"name: held\nsteps: [{each}]")
    lease = claim(session, execution_id=run.id, engine=flow.engine)
    assert (lease.item, lease.more) == (0, more)
