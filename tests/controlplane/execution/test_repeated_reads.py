"""A unit of work repeats no SELECT on a table to which it has not written since."""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from controlplane import actions
from controlplane.analytics import rollup
from controlplane.execution import claim, perform
from controlplane.execution.engine.claim import complete_and_claim

pytestmark = pytest.mark.seed("agents", "executions")
ATELIER, TINA, MARA = (uuid.UUID(int=number) for number in (1, 0xB0003, 0xB0004))
AUDITOR = uuid.UUID(int=0xA0002)
TASKS = (
    "name: two\nsteps: [{key: a, kind: task, action: search}, {key: b, kind: task, action: search, depends_on: a}]"
)
AGENCY = "name: agency\nsteps: [{key: act, kind: agent, action: search}]"
WRITTEN = re.compile(r"(?:UPDATE|INSERT INTO|DELETE FROM|CREATE TRIGGER|DROP TRIGGER) \"?(\w+)")
READ = re.compile(r"(?:SELECT|WITH RECURSIVE)\b.*?\bFROM (\w+)", re.DOTALL)


def search(parameters, *, idempotency_key):
    return {"found": 1}


@pytest.fixture(autouse=True)
def registered():
    with actions.registered(search=search):
        yield


@pytest.fixture
def read_again(session):
    """List the tables that a block reads twice by the same statement, with the same parameters."""
    found, seen = [], {}

    def note(_connection, _cursor, statement, parameters, *_):
        for table in WRITTEN.findall(statement):
            for key in [key for key, of in seen.items() if of == table]:
                del seen[key]
        table = READ.match(statement)
        if table is not None:
            table = table[1]
            if (statement, repr(parameters)) in seen:
                found.append(table)
            seen[statement, repr(parameters)] = table

    @contextmanager
    def block():
        session.flush()
        found.clear()
        seen.clear()
        engine = session.get_bind().engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return block


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (TASKS, {}),
        (AGENCY, {"agent_id": AUDITOR, "user_id": TINA}),
        (AGENCY, {"agent_id": AUDITOR, "user_id": MARA}),
    ],
    ids=["tasks", "supervised", "queued"],
)
def test_step_is_claimed_and_ended_without_a_repeated_read(flow, session, read_again, text, options):
    run = flow.start(text, **options)
    with read_again() as found:
        lease = claim(session, execution_id=run.id, engine=flow.engine)
    assert found == []
    if hasattr(lease, "token"):
        result = perform(lease, policy=flow.engine.http)
        with read_again() as found:
            complete_and_claim(session, lease=lease, result=result, engine=flow.engine)
        assert found == []


def test_refresh_reads_nothing_twice(session, read_again):
    rollup.refresh(session, workspace_id=ATELIER, limit=1)  # makes the triggers, which are looked at under a lock
    with read_again() as found:
        rollup.refresh(session, workspace_id=ATELIER, limit=2)
    assert found == []


def test_debugged_step_is_driven_without_a_repeated_read(desk, session, read_again):
    desk.launch(TASKS)
    with read_again() as found:
        desk.on("resume", mode="over", engine=desk.engine)
    assert found == []
    lease = claim(session, execution_id=desk.watched.execution_id, engine=desk.engine)
    result = perform(lease, policy=desk.engine.http)
    with read_again() as found:
        complete_and_claim(session, lease=lease, result=result, engine=desk.engine)
    assert found == []
