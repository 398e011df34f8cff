"""Canvas steps of a workflow with an acting agent: governance decides, and a refusal leaves no canvas behind."""

from __future__ import annotations

import uuid

import pytest

pytestmark = pytest.mark.seed("agents")

INTERN, STUDENT = uuid.UUID(int=0xA0003), uuid.UUID(int=0xA0004)
FORM = """
name: form
steps:
  - {key: show, kind: canvas, action: present, type: form, content: {n: 1}}
  - {key: close, kind: canvas, action: close, canvas: "${steps.show.output.canvas_id}", depends_on: show}
"""


def test_an_agent_that_is_mature_enough_presents_and_closes(flow, session, golden):
    run = flow.start(FORM, agent_id=INTERN)
    with golden.step("run"):
        flow.drive()
    assert run.status == "completed"
    assert session == golden.changes


def test_an_agent_that_is_not_fails_the_step(flow, session, golden):
    run = flow.start(FORM, agent_id=STUDENT)
    with golden.step("run"):
        flow.drive()
    assert (run.status, run.error_type, run.failed_step) == ("failed", "RefusedError", "show")
    assert session == golden.changes


@pytest.mark.parametrize("canvas", ["nonsense", "00000000-0000-0000-0000-00000000dead", "${vars.none}"])
def test_missing_canvas_fails_step(flow, session, golden, canvas):
    text = (
        f"name: c\nvars: {{none: null}}\nsteps: [{{key: close, kind: canvas, action: close, canvas: '{canvas}'}}]"
    )
    run = flow.start(text)
    with golden.step("run"):
        flow.drive()
    assert run.status == "failed"
    assert session == golden.changes
