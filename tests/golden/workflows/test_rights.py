"""Every verb of workflows, by every person: without permission it is refused, and nothing is written."""

from __future__ import annotations

import uuid
from functools import partial
from inspect import isfunction, signature

import pytest
from sqlalchemy import text

from controlplane import execution
from controlplane.errors import NotAuthorizedError, NotFoundError
from controlplane.execution import load_definition, save_workflow, start
from controlplane.models import Base

pytestmark = [
    pytest.mark.seed("agents"),
    pytest.mark.allow_hazards("unbounded-select", "loop"),
]  # reads every table whole
ATELIER, NEIGHBOUR = uuid.UUID(int=1), uuid.UUID(int=2)
NEIGHBOURS_AGENT = uuid.UUID(int=0xA0009)
PEOPLE = {
    name: uuid.UUID(int=0xB0001 + n) for n, name in enumerate(("olga", "adam", "tina", "mara", "vera", "nils"))
}
PEOPLE |= {"stranger": uuid.UUID(int=0xDEAD), "nobody": None}
TEXT = """
name: guarded
steps:
  - {key: ask, kind: approval, on_reject: [no]}
  - {key: board, kind: approval, roles: [owner, admin], on_reject: [no]}
  - {key: go, kind: wait, signal: go}
  - {key: no, kind: canvas, action: present, type: text, component: note, content: {}}
"""
VERBS = {
    "pause": ("pause", {}),
    "resume": ("resume", {}),
    "resume with input": ("resume", {"input_data": {"n": 1}, "variables": {"x": 1}}),
    "cancel": ("cancel", {}),
    "signal": ("signal", {"name": "go"}),
    "approve": ("approve", {"step_key": "ask"}),
    "reject": ("reject", {"step_key": "ask", "comment": "no"}),
    "approve for the board": ("approve", {"step_key": "board"}),
    "reject for the board": ("reject", {"step_key": "board", "comment": "no"}),
}


def everything(session):
    """All rows of all tables, as text."""
    session.flush()
    tables = Base.metadata.sorted_tables
    return [sorted(map(str, session.execute(text(f"SELECT * FROM {table.name}")))) for table in tables]


def attempt(session, call):
    """Call within a savepoint that is taken back; return whether it was allowed, and why not."""
    before = everything(session)
    savepoint = session.begin_nested()
    try:
        call()
    except NotAuthorizedError as error:
        assert everything(session) == before
        return False, error.reason
    finally:
        savepoint.rollback()
        session.expire_all()
    return True, ""


def test_every_verb_by_every_role(flow, session, golden):
    """Olga is owner, Adam admin, Tina team lead, Mara member, Vera viewer; Nils is an admin of the neighbours."""
    run = flow.run(TEXT)
    held = flow.run(TEXT)
    execution.pause(session, held, actor_id=PEOPLE["olga"])
    rows = []
    for shown, (name, options) in VERBS.items():
        on = held if name == "resume" else run
        for person, actor_id in PEOPLE.items():
            verb = partial(getattr(execution, name), session, on, actor_id=actor_id, **options)
            may, why = attempt(session, verb)
            rows.append({"verb": shown, "person": person, "may": may, "why": why})
    assert rows == golden.rows


@pytest.mark.parametrize("person", [name for name in PEOPLE if name != "nobody"])
def test_roles_that_may_start_and_change_a_workflow(flow, session, person):
    flow.save(TEXT)
    changed = load_definition(TEXT.replace("go", "went"))
    options = {"workspace_id": ATELIER, "user_id": PEOPLE[person]}
    may_start = attempt(session, lambda: start(session, workflow="guarded", **options))[0]
    may_change = attempt(session, lambda: save_workflow(session, definition=changed, **options))[0]
    assert may_start is may_change is (person in {"olga", "adam", "tina", "mara"})


def test_every_verb_is_in_the_grid():
    """A verb that is added takes an actor, and is asked about above."""
    functions = {name: verb for name in execution.__all__ if isfunction(verb := getattr(execution, name))}
    takes_actor = {name for name, verb in functions.items() if "actor_id" in signature(verb).parameters}
    assert takes_actor == {name for name, _ in VERBS.values()}


def test_execution_of_another_workspace_is_not_found(flow, session):
    run = flow.run(TEXT)
    with pytest.raises(NotFoundError):
        execution.get_execution(session, workspace_id=NEIGHBOUR, execution_id=run.id)
    with pytest.raises(NotFoundError):
        start(session, workspace_id=NEIGHBOUR, workflow="guarded", user_id=PEOPLE["nils"])


def test_an_agent_of_another_workspace_does_not_act(flow, session):
    flow.save(TEXT)
    before = everything(session)
    for agent_id in (NEIGHBOURS_AGENT, uuid.UUID(int=0xDEAD)):
        with pytest.raises(NotFoundError):
            start(session, workspace_id=ATELIER, workflow="guarded", user_id=PEOPLE["mara"], agent_id=agent_id)
    assert everything(session) == before


def test_an_outsider_learns_nothing_about_a_step(flow, session):
    run = flow.run(TEXT)
    with pytest.raises(NotAuthorizedError, match="not a member of this workspace"):
        execution.approve(session, run, step_key="no such step", actor_id=PEOPLE["nils"])


def test_revoked_role_counts_immediately(flow, session):
    run = flow.run(TEXT)
    session.execute(text("UPDATE user_account SET role = 'viewer' WHERE name = 'Mara'"))
    with pytest.raises(NotAuthorizedError, match="the least role is"):
        execution.cancel(session, run, actor_id=PEOPLE["mara"])
