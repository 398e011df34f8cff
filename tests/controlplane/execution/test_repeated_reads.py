"""A unit of work repeats no SELECT on a table to which it has not written since."""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from controlplane import actions, agents, canvas, governance
from controlplane.analytics import rollup
from controlplane.execution import claim, perform
from controlplane.execution.engine.claim import complete_and_claim
from controlplane.models import Agent

pytestmark = pytest.mark.seed("agents", "executions")
ATELIER, TINA, MARA = (uuid.UUID(int=number) for number in (1, 0xB0003, 0xB0004))
OLGA, INVOICER, AUDITOR = (uuid.UUID(int=number) for number in (0xB0001, 0xA0001, 0xA0002))
LEARNER = {"workspace_id": ATELIER, "agent_id": uuid.UUID(int=0xA0004)}
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
    """List the tables that a block reads twice by the same statement, with the same parameters.

    A read that locks the row is another statement, on SQLite too, where the two have the same text.
    """
    found, seen = [], {}

    def note(_connection, _cursor, statement, parameters, context, _many):
        for table in WRITTEN.findall(statement):
            for key in [key for key, of in seen.items() if of == table]:
                del seen[key]
        table = READ.match(statement)
        if table is not None:
            table = table[1]
            built = context.compiled.statement if context.compiled is not None else None
            key = (statement, repr(parameters), getattr(built, "_for_update_arg", None) is not None)
            if key in seen:
                found.append(table)
            seen[key] = table

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


CANVASES = """
name: canvases
steps:
  - {key: show, kind: canvas, action: present, type: chart, content: {n: 1}, save: {it: "${output.canvas_id}"}}
  - {key: change, kind: canvas, action: update, depends_on: show, canvas: "${vars.it}", content: {n: 2}}
  - {key: end, kind: canvas, action: close, depends_on: change, canvas: "${vars.it}"}
"""


@pytest.mark.parametrize("options", [{}, {"user_id": MARA}, {"agent_id": AUDITOR, "user_id": MARA}])
def test_canvas_steps_read_nothing_but_rights_twice(flow, session, read_again, options):
    """The rights of person and agent are read for each act: a role or a maturity counts from its commit."""
    run = flow.start(CANVASES, **options)
    with read_again() as found:
        claim(session, execution_id=run.id, engine=flow.engine)
    assert sorted(set(found)) == sorted({"user_id": "user_account", "agent_id": "agent"}[name] for name in options)
    session.refresh(run)
    assert run.status == "completed"


def shown(session, author):
    return canvas.present(session, workspace_id=ATELIER, type="chart", content={}, author=author)


ACTS = {
    "update": lambda session, ids: canvas.update(session, changes={"n": 2}, **ids),
    "submit": lambda session, ids: canvas.submit(session, data={"n": 2}, **ids),
    "close": lambda session, ids: canvas.close(session, **ids),
}


@pytest.mark.parametrize("act", ACTS)
def test_act_on_a_canvas_reads_nothing_twice(session, read_again, act):
    author = canvas.Author(user_id=MARA, agent_id=INVOICER)
    with read_again() as found:
        made = shown(session, author)
    assert found == []
    with read_again() as found:
        ACTS[act](session, {"workspace_id": ATELIER, "canvas_id": made.id, "author": author})
    assert found == []


def proposed(session):
    return governance.propose_action(session, **LEARNER, title="x", action="search")


def to_train(session):
    return governance.propose_training(session, **LEARNER, title="x")


def in_training(session):
    training = governance.approve_training(session, to_train(session), actor_id=TINA)
    governance.start_training(session, training, actor_id=TINA)
    return training


def supervised(session):
    return governance.start_supervision(session, workspace_id=ATELIER, agent_id=AUDITOR, supervisor_id=TINA)


def paused(session):
    found = supervised(session)
    governance.intervene(session, found, kind="pause", guidance="x", actor_id=TINA)
    return found


def running(session):
    run = agents.request(session, workspace_id=ATELIER, agent_id=AUDITOR, triggered_by="manual")
    agents.start(session, run)
    return run


def watch(session, run):
    ids = {"agent_id": AUDITOR, "supervisor_id": TINA, "execution_id": run.id}
    return governance.start_supervision(session, workspace_id=ATELIER, **ids)


def watched(session):
    return watch(session, running(session))


def criticised(session):
    return governance.submit_feedback(session, workspace_id=ATELIER, agent_id=AUDITOR, user_id=MARA, rating=1)


def the_agent(session):
    return session.get_one(Agent, AUDITOR)


def nothing(_session):
    return None


def on(name, /, **given):
    """A verb of governance on a record, by a person."""
    return lambda session, record: getattr(governance, name)(session, record, **{"actor_id": TINA} | given)


def in_workspace(name, **given):
    return lambda session, _record: getattr(governance, name)(session, workspace_id=ATELIER, **given)


VERBS = {
    "propose": (nothing, lambda session, _: proposed(session)),
    "propose training": (nothing, lambda session, _: to_train(session)),
    "approve": (proposed, on("approve")),
    "reject": (proposed, on("reject", reason="x")),
    "cancel": (proposed, on("cancel_proposal", reason="x")),
    "approve training": (to_train, on("approve_training")),
    "complete training": (in_training, on("complete_training", score=0.9)),
    "cancel training": (in_training, on("cancel_training", reason="x")),
    "supervise": (nothing, lambda session, _: supervised(session)),
    "supervise a run": (running, watch),
    "correct": (watched, on("intervene", kind="correct", guidance="x")),
    "pause": (watched, on("intervene", kind="pause", guidance="x")),
    "terminate": (watched, on("intervene", kind="terminate", guidance="x")),
    "resume": (paused, on("resume_supervision")),
    "rate": (supervised, on("complete_supervision", rating=5)),
    "fail": (watched, on("fail_supervision", reason="x")),
    "criticise": (nothing, lambda session, _: criticised(session)),
    "adjudicate": (criticised, on("adjudicate", accept=True, actor_id=OLGA)),
    "set status": (the_agent, on("set_status", to="paused", reason="x", actor_id=OLGA)),
    "set maturity": (the_agent, on("set_maturity", to="intern", reason="x", actor_id=OLGA)),
    "outcome": (nothing, in_workspace("record_outcome", agent_id=AUDITOR, success=True)),
    "admit": (nothing, in_workspace("admit_action", agent_id=AUDITOR, action="search", source="event")),
    "trigger": (nothing, in_workspace("admit_trigger", agent_id=AUDITOR, trigger_type="x", source="event")),
    "add": (nothing, in_workspace("add_member", email="new@example.com", role="member", actor_id=OLGA)),
    "role": (nothing, in_workspace("change_role", user_id=MARA, role="team_lead", actor_id=OLGA, reason="x")),
    "level": (nothing, in_workspace("set_action_level", action="pay", level=2, actor_id=OLGA, reason="x")),
}


@pytest.mark.parametrize("verb", VERBS)
def test_verb_of_governance_reads_nothing_twice(session, read_again, verb):
    make, act = VERBS[verb]
    record = make(session)
    with read_again() as found:
        act(session, record)
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
