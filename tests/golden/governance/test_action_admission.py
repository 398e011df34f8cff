"""One verb for everything that lets an agent act: executed, proposed, supervised or blocked."""

from __future__ import annotations

import itertools
import uuid

import pytest

from controlplane.governance import admit_action
from controlplane.governance.actions import permissions
from controlplane.models import TriggerSource

pytestmark = pytest.mark.seed("governance")
AGENTS = ("sam", "ines", "sue", "otto", "pia", "nobody")
ACTIONS = ("search", "draft", "send_email", "delete_records")


def wish(session, world, agent, action="send_email", source=TriggerSource.WORKFLOW_ENGINE, **more):
    return admit_action(
        session,
        workspace_id=world.acme,
        agent_id=getattr(world, agent, uuid.UUID(int=404)),
        action=action,
        source=source,
        parameters={"to": "a@b.example"},
        **more,
    )


def written(decision):
    kinds = ("execution", "trigger", "proposal", "supervision")
    return ", ".join(kind for kind in kinds if getattr(decision, kind) is not None)


@pytest.mark.parametrize("source", [TriggerSource.MANUAL, TriggerSource.WORKFLOW_ENGINE])
def test_the_whole_grid(session, golden, world, source):
    rows = []
    for agent, action, asked, supervisor in itertools.product(AGENTS, ACTIONS, (False, True), (None, world.tina)):
        decision = wish(session, world, agent, action, source, ask_approval=asked, supervisor_id=supervisor)
        rows.append(
            {
                "agent": agent,
                "maturity": decision.permission.agent_maturity,
                "action": action,
                "asked": asked,
                "supervisor": supervisor is not None,
                "outcome": decision.outcome,
                "may_run": decision.may_run,
                "written": written(decision),
                "reason": decision.reason,
            }
        )
        assert decision.may_run is ("execution" in written(decision) or "supervision" in written(decision))
        assert not decision.may_run or decision.permission.allowed
    assert rows == golden.rows


@pytest.mark.parametrize(
    ("agent", "outcome"),
    [("otto", "executed"), ("ines", "proposed"), ("sue", "supervised"), ("sam", "blocked"), ("pia", "blocked")],
)
@pytest.mark.max_queries(9)
def test_a_step_of_a_workflow(session, golden, world, agent, outcome):
    with golden.step("ask"):
        assert wish(session, world, agent).outcome == outcome
    assert session == golden.changes


@pytest.mark.max_queries(1)
def test_an_error_inside_blocks_and_writes_nothing(session, writes_nothing, world, monkeypatch):
    monkeypatch.setattr(permissions, "level_in", lambda *_, **__: 1 / 0)
    with writes_nothing():
        decision = wish(session, world, "otto")
    assert (decision.outcome, decision.may_run) == ("blocked", False)
