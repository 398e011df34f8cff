"""Who may do what to a canvas: each role, and agents by their maturity."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import update

from controlplane import canvas
from controlplane.canvas import Author
from controlplane.errors import ControlPlaneError, RefusedError
from controlplane.models import Agent

pytestmark = pytest.mark.seed("agents", "canvases")

HERE, OPEN = uuid.UUID(int=1), uuid.UUID(int=0xE0002)
PEOPLE = {
    "nobody": None,
    **{
        name: uuid.UUID(int=0xB0001 + n)
        for n, name in enumerate(("owner", "admin", "team_lead", "member", "viewer"))
    },
    "admin elsewhere": uuid.UUID(int=0xB0006),
}
AGENTS = {
    "student": uuid.UUID(int=0xA0004),
    "intern": uuid.UUID(int=0xA0003),
    "supervised": uuid.UUID(int=0xA0002),
    "autonomous": uuid.UUID(int=0xA0001),
    "paused intern": uuid.UUID(int=0xA0005),
    "deleted": uuid.UUID(int=0xA0006),
    "of another workspace": uuid.UUID(int=0xA0009),
    "unknown": uuid.UUID(int=0xAFFFF),
}
ACTIONS = {
    "present chart": (canvas.present, {"type": "chart", "content": {}}),
    "present markdown": (canvas.present, {"type": "markdown", "content": ""}),
    "present form": (canvas.present, {"type": "form", "content": {}}),
    "present what has no level": (canvas.present, {"type": "get_list", "content": {}}),
    "update": (canvas.update, {"canvas_id": OPEN, "changes": {"n": 1}}),
    "submit": (canvas.submit, {"canvas_id": OPEN, "data": {"n": 1}}),
    "close": (canvas.close, {"canvas_id": OPEN}),
}


def attempt(session, action, author):
    """Say what becomes of an action; what it wrote is taken back."""
    verb, options = ACTIONS[action]
    kept = session.begin_nested()
    try:
        verb(session, workspace_id=HERE, author=author, **options)
    except ControlPlaneError as error:
        return f"{type(error).__name__}: {error.reason}"
    else:
        return "done"
    finally:
        kept.rollback()
        session.expire_all()


def test_permissions_of_each_person(session, golden):
    rows = [
        {"person": name, **{action: attempt(session, action, Author(user_id=user)) for action in ACTIONS}}
        for name, user in PEOPLE.items()
    ]
    assert rows == golden.rows


def test_permissions_of_each_agent(session, golden):
    rows = [
        {"agent": name, "action": action, "outcome": attempt(session, action, Author(agent_id=agent))}
        for name, agent in AGENTS.items()
        for action in ACTIONS
    ]
    assert rows == golden.rows


def test_a_person_beside_it_lends_an_agent_no_right(session):
    both = Author(user_id=PEOPLE["owner"], agent_id=AGENTS["student"])
    assert attempt(session, "present form", both).startswith("RefusedError")
    both = Author(user_id=PEOPLE["viewer"], agent_id=AGENTS["autonomous"])
    assert attempt(session, "present form", both).startswith("NotAuthorizedError")


def test_governance_is_asked_every_time(session):
    author = Author(agent_id=AGENTS["intern"])
    assert attempt(session, "update", author) == "done"
    session.execute(update(Agent).where(Agent.id == author.agent_id).values(maturity_level="student"))
    assert attempt(session, "update", author).startswith("RefusedError")


@pytest.mark.max_queries(27)
def test_an_agent_that_may_is_the_actor(session, golden):
    intern = Author(agent_id=AGENTS["intern"])
    with golden.step("an intern presents a form"):
        shown = canvas.present(session, workspace_id=HERE, type="form", content={"n": 0}, author=intern)
    ids = {"workspace_id": HERE, "canvas_id": shown.id}
    with golden.step("and updates it"):
        canvas.update(session, changes={"n": 1}, author=intern, **ids)
    with golden.step("but does not submit it"), pytest.raises(RefusedError):
        canvas.submit(session, data={"n": 1}, author=intern, **ids)
    with golden.step("an autonomous agent does"):
        canvas.submit(session, data={"n": 1}, author=Author(agent_id=AGENTS["autonomous"]), **ids)
    with golden.step("the intern closes it"):
        canvas.close(session, author=intern, **ids)
    assert session == golden.changes
