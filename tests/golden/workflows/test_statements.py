"""The statements of the workflow engine, each pinned once; flows pin what they change and how many they run."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from controlplane.cli.workflows.status import select_newest
from controlplane.execution import queries
from controlplane.execution.engine.statements import change_execution, move_step
from controlplane.execution.versions import select_newest_versions
from controlplane.models import StepRole, StepStatus

WORKSPACE, RUN, STEP, TOKEN = (uuid.UUID(int=number) for number in (1, 0x1C001, 0x1C101, 0x1C201))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEYS = ("first", "second")

STATEMENTS = {
    "lock-execution": queries.lock_execution(execution_id=RUN),
    "due-executions": queries.select_due_executions(now=NOW, limit=10),
    "ready": queries.select_ready(execution_id=RUN, now=NOW),
    "overdue": queries.select_overdue(execution_id=RUN, now=NOW),
    "outlook": queries.select_outlook(execution_id=RUN),
    "open": queries.select_open(execution_id=RUN),
    "results": queries.select_results(execution_id=RUN, keys=KEYS),
    "joining": queries.select_joining(execution_id=RUN, keys=KEYS),
    "compensation-in-a-status": queries.select_step(
        execution_id=RUN, step_key="first", role=StepRole.COMPENSATION, status=StepStatus.WAITING
    ),
    "items": queries.select_items(execution_id=RUN, step_key="each"),
    "held-item": queries.select_held_item(execution_id=RUN, step_key="each"),
    "undoable": queries.select_undoable(execution_id=RUN, keys=KEYS),
    "undoable-at-an-instant": queries.select_undoable(execution_id=RUN, keys=KEYS, at=NOW),
    "completions": queries.select_completions(execution_id=RUN, at=NOW),
    "signal": queries.select_signal(execution_id=RUN, name="paid 5"),
    "children": queries.select_children(execution_id=RUN),
    "newest-execution": queries.select_newest_execution(workspace_id=WORKSPACE),
    "newest-executions-listed": select_newest(workspace_id=WORKSPACE, limit=5),
    "newest-versions": select_newest_versions(workspace_id=WORKSPACE),
    "waits": queries.select_waits(execution_id=RUN),
    "steps": queries.select_steps(workspace_id=WORKSPACE, execution_id=RUN),
    "logs-after-a-number": queries.select_logs(workspace_id=WORKSPACE, execution_id=RUN, after=7),
    "count-edges": queries.count_edges(step_id=STEP, settled=2, taken=1, ready_at=NOW),
    "count-down": queries.count_down(execution_id=RUN, step_key="each"),
    "postpone": queries.postpone(step_id=STEP, at=NOW),
    "release": queries.release(step_id=STEP, now=NOW),
    "lease-again": queries.lease_again(step_id=STEP, expired=NOW, values={"lease_token": TOKEN}),
    "renew-lease": queries.renew_lease(step_id=STEP, token=TOKEN, until=NOW),
    "insert-attempts": queries.insert_attempts(),
    "insert-logs": queries.insert_logs(),
    "insert-events": queries.insert_events(),
    "insert-next-event": queries.insert_next_event(),
    "move-attempt": move_step(("status", "wake_at"), is_fenced=False),
    "move-leased-attempt": move_step(("status", "output"), is_fenced=True),
    "change-execution": change_execution(("status", "lock_version")),
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_statement_is_as_it_was(golden, statement):
    assert statement == golden.sql
