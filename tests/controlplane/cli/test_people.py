"""Who acts is told by --user; what they may do is in the database."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from controlplane.database import create_engine
from controlplane.models import Role, User, Workspace, WorkspaceMember

WAITING = """
name: waiting
steps:
  - {key: ask, kind: approval}
  - {key: go, kind: wait, signal: go}
"""


@pytest.fixture(scope="module")
def run(world):
    """An execution that waits, in a workspace with a viewer; and the owner of another workspace."""
    started = world.started(world("run", world.write(WAITING), code=3))
    database = create_engine(world.url)
    with Session(database) as session, session.begin():
        here = session.query(Workspace).one()
        there = Workspace(name="there")
        viewer = User(email="viewer@here", name="Vera", role=Role.VIEWER)
        neighbour = User(email="owner@there", name="Nils", role=Role.OWNER)
        session.add_all([there, viewer, neighbour])
        session.flush()
        for workspace, user in ((here, viewer), (there, neighbour)):
            session.add(WorkspaceMember(workspace_id=workspace.id, user_id=user.id))
    database.dispose()
    return started


VERBS = {
    "pause": ["pause", "{run}"],
    "resume": ["resume", "{run}", "--set", "x=1"],
    "cancel": ["cancel", "{run}"],
    "approve": ["approve", "{run}", "ask"],
    "reject": ["reject", "{run}", "ask", "--comment", "no"],
    "signal": ["signal", "{run}", "go"],
    "run": ["run", "{flow}"],
    "debug-start": ["debug", "start", "{flow}"],
    "debug-attach": ["debug", "attach", "{run}"],
    "debug-break": ["debug", "break", "waiting", "go"],
    "debug-replay": ["debug", "replay", "{run}", "go"],
}
LOOKS = {
    "status": ["status"],
    "status-of": ["status", "{run}"],
    "logs": ["logs", "{run}"],
    "report": ["report", "--json"],
    "debug-sessions": ["debug", "sessions"],
    "debug-breakpoints": ["debug", "breakpoints"],
}


def typed(words, run, world):
    return [word.format(run=run, flow=world.folder / "flow.yaml") for word in words]


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS)
def test_a_viewer_changes_nothing(world, run, words):
    before = world("logs", run), world("status")
    assert " may not " in world.refused("--user", "viewer@here", *typed(words, run, world))
    assert (world("logs", run), world("status")) == before


@pytest.mark.parametrize("words", LOOKS.values(), ids=LOOKS)
def test_a_viewer_may_look(world, run, words):
    world("--user", "viewer@here", *typed(words, run, world))


@pytest.mark.parametrize("words", [*VERBS.values(), *LOOKS.values()], ids=[*VERBS, *LOOKS])
def test_non_member_is_rejected(world, run, words):
    said = world.refused("--user", "owner@there", *typed(words, run, world))
    assert said == "error: owner@there may not enter the workspace default: they are not a member of it."


@pytest.mark.parametrize("words", [words for words in [*VERBS.values(), *LOOKS.values()] if "{run}" in words])
def test_execution_of_another_workspace_is_not_found(world, run, words):
    said = world.refused("--user", "owner@there", "--workspace", "there", *typed(words, run, world))
    assert said == f"error: There is no execution {run} in this workspace."
