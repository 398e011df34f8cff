"""Orders of lists whose ids and names run the other way, and replays among the runs that are counted."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from controlplane.analytics.questions.canvases import select_canvas_actions
from controlplane.analytics.questions.workflows import select_queue_and_run_time, select_top_workflows
from controlplane.models import Canvas, CanvasAudit, Workflow, WorkflowExecution, WorkflowVersion

pytestmark = pytest.mark.seed("users")

MINUTE = timedelta(minutes=1)
ORIGIN = 0xF00
# name, executions, minutes that each waited; ids fall as the names rise
WORKFLOWS = (("alpha", 1, 5), ("beta", 3, 1), ("gamma", 3, 1), ("omega", 2, 9))


@pytest.fixture
def workflows(add, world):
    """Insert the workflows; the second execution of `beta` is a replay of the first."""
    number = ORIGIN
    for place, (name, count, wait) in enumerate(WORKFLOWS):
        key, version = uuid.UUID(int=0xEF - place), uuid.UUID(int=0xDF - place)
        add(Workflow, {"id": key.int}, name=name, created_at=world.monday, updated_at=world.monday)
        common = {"workflow_id": key, "created_at": world.monday}
        add(WorkflowVersion, {"id": version.int}, version=1, definition={}, digest="x", **common)
        for turn in range(count):
            begun = world.monday + wait * MINUTE
            replay = uuid.UUID(int=number - 1) if (name, turn) == ("beta", 1) else None
            times = {"started_at": begun, "completed_at": begun + MINUTE, "replay_of_id": replay}
            add(WorkflowExecution, {"id": number}, version_id=version, status="completed", **times, **common)
            number += 1


def test_top_workflows_are_listed_by_runs_then_name_and_count_replays(ask, workflows, golden):
    rows = ask(select_top_workflows, limit=9).all()
    assert rows == golden.rows
    assert [(row.workflow, row.runs) for row in rows] == [("beta", 3), ("gamma", 3), ("omega", 2), ("alpha", 1)]


def test_queue_time_is_listed_by_wait_then_name(ask, workflows, golden):
    rows = ask(select_queue_and_run_time).all()
    assert rows == golden.rows
    found = [(row.workflow, row.mean_wait) for row in rows]
    assert found == [("omega", 540), ("alpha", 300), ("beta", 60), ("gamma", 60)]


def test_canvas_actions_are_listed_by_number_then_id(ask, add, world, golden):
    for key, count in ((1, 1), (2, 3), (3, 2), (4, 3)):
        canvas = uuid.UUID(int=0xCC0 + key)
        add(Canvas, {"id": canvas.int}, type="chart", content={}, created_at=world.monday)
        for turn in range(count):
            action = "present" if not turn else "update"
            common = {"canvas_id": canvas, "sequence": turn + 1, "action": action, "content": {}}
            add(CanvasAudit, {"id": canvas.int * 16 + turn}, at=world.monday, **common)
    rows = ask(select_canvas_actions, limit=9).all()
    assert rows == golden.rows
    assert [(row.canvas_id.int & 0xF, row.actions) for row in rows] == [(2, 3), (4, 3), (3, 2), (1, 1)]
