"""Every question about workflows, canvases and debugging, against plain Python over the same random rows."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from controlplane.analytics.questions.critical_paths import select_critical_paths
from controlplane.analytics.questions.failures import select_step_errors, select_workflow_failures
from controlplane.analytics.questions.record_lists import select_stuck_workflow_executions
from controlplane.analytics.questions.series import select_workflow_runs_over_time
from controlplane.analytics.questions.steps import (
    select_branch_frequencies,
    select_slowest_steps,
    select_step_performance,
)
from controlplane.analytics.questions.workflows import (
    select_queue_and_run_time,
    select_top_workflows,
    select_workflow_executions_by_status,
    select_workflow_performance,
)
from controlplane.analytics.sql.buckets import Bucket
from controlplane.models import (
    StepStatus,
    WorkflowExecution,
    WorkflowStatus,
    WorkflowStepExecution,
)
from tests.controlplane.analytics.plain import (
    HERE,
    INSTANTS,
    KEYS,
    NAMES,
    NEEDS,
    PEOPLE,
    SECONDS,
    SINCE,
    UNTIL,
    definitions,
    grouped,
    mean,
    place,
    references,
    scope,
    share,
    spread,
    within,
    workflow_id,
)


@st.composite
def executions(draw):
    rows, steps = [], []
    for number in range(draw(st.integers(0, 7))):
        workflow = draw(st.integers(0, 3))
        created, wait = draw(st.sampled_from(INSTANTS)), draw(st.sampled_from([None, *SECONDS]))
        took = None if wait is None else draw(st.sampled_from([None, *SECONDS]))
        started = None if wait is None else created + timedelta(seconds=wait)
        execution = {
            "id": uuid.UUID(int=0xC3000 + number),
            "workspace_id": place(workflow),
            "workflow_id": workflow_id(workflow),
            "version_id": uuid.UUID(int=0xC10 + workflow),
            "status": draw(st.sampled_from(list(WorkflowStatus))),
            "user_id": draw(st.sampled_from([None, *PEOPLE[:2]])),
            "created_at": created,
            "started_at": started,
            "completed_at": None if took is None else started + timedelta(seconds=took),
            "duration_seconds": took,
            "failed_step": draw(st.sampled_from([None, *KEYS[:2]])),
            "error_type": draw(st.sampled_from([None, "A", "a"])),
        }
        rows.append(execution)
        steps += draw(steps_of(execution))
    for number, step in enumerate(steps):
        step["id"] = uuid.UUID(int=0xC4000 + number)
    return definitions() | {WorkflowExecution: rows, WorkflowStepExecution: steps}


@st.composite
def steps_of(draw, execution):
    rows = []
    for position, key in enumerate(KEYS):
        kind = draw(st.sampled_from(["task", "condition"]))
        for attempt in range(1, draw(st.integers(0, 2)) + 1):
            role = draw(st.sampled_from(["step", "step", "step", "compensation"]))
            started = draw(st.sampled_from([None, SINCE, SINCE + timedelta(seconds=30)]))
            took = None if started is None else draw(st.sampled_from([None, 0, 30, 30, 45]))
            rows.append(
                {
                    "workspace_id": execution["workspace_id"],
                    "execution_id": execution["id"],
                    "step_key": key,
                    "kind": kind,
                    "role": role,
                    "attempt": attempt,
                    "position": position,
                    "status": draw(st.sampled_from(list(StepStatus))),
                    "outcome": draw(st.sampled_from([None, "yes", "No"])),
                    "error_type": draw(st.sampled_from([None, "A", "a"])),
                    "idempotency_key": "",
                    "created_at": SINCE,
                    "started_at": started,
                    "completed_at": None if took is None else started + timedelta(seconds=took),
                    "duration_seconds": took,
                }
            )
    return rows


@references
@given(tables=executions(), limit=st.integers(1, 4))
def test_workflows(answers, population, tables, limit):
    performance, top, times = answers(
        tables,
        select_workflow_performance(**scope),
        select_top_workflows(**scope, limit=limit),
        select_queue_and_run_time(**scope),
    )
    groups = grouped(within(tables[WorkflowExecution]), "workflow_id")
    expected, ranked, queued = [], [], []
    for number, name in enumerate(NAMES[:3]):
        id_ = workflow_id(number)
        group = groups[(id_,)]
        counts = Counter(row["status"] for row in group)
        good, bad = counts["completed"], counts["failed"]
        done = [row["duration_seconds"] for row in group if row["status"] == "completed"]
        durations = spread([value for value in done if value is not None])
        expected.append((id_, name, len(group), good + bad, good, bad, share(good, good + bad), *durations[1:]))
        if group:
            users = {row["user_id"] for row in group} - {None}
            ranked.append((id_, name, len(group), len(users), max(row["created_at"] for row in group)))
        ended = [row for row in group if row["completed_at"]]
        if ended:
            waits = [(row["started_at"] - row["created_at"]).total_seconds() for row in ended]
            runs = [(row["completed_at"] - row["started_at"]).total_seconds() for row in ended]
            (size, *wait), (_, *run) = spread(waits), spread(runs)
            queued.append(
                (id_, name, size, wait[0], wait[3], run[0], run[3], share(sum(waits), sum(waits) + sum(runs)))
            )
    assert performance == sorted(expected, key=lambda row: (-row[2], row[1]))
    assert top == sorted(ranked, key=lambda row: (-row[2], row[1]))[:limit]
    assert times == sorted(queued, key=lambda row: (-row[3], row[1]))


UNDONE_LATER = ("completed", "compensated")  # a step that was undone has completed too


@references
@given(tables=executions(), limit=st.integers(1, 5))
def test_steps(answers, population, tables, limit):
    performance, slowest, branches = answers(
        tables,
        select_step_performance(**scope),
        select_slowest_steps(**scope, limit=limit),
        select_branch_frequencies(**scope),
    )
    known = {row["id"]: row for row in within(tables[WorkflowExecution])}
    steps = [
        row | {"workflow_id": known[row["execution_id"]]["workflow_id"]}
        for row in tables[WorkflowStepExecution]
        if row["execution_id"] in known and row["role"] == "step"
    ]
    groups = grouped(steps, "workflow_id", "step_key")
    expected, slow, taken = [], [], []
    for number, name in enumerate(NAMES[:3]):
        for key in KEYS:
            group = groups[workflow_id(number), key]
            visits = sum(row["attempt"] == 1 for row in group)
            began = [row for row in group if row["status"] not in ("pending", "skipped")]
            retried = sum(row["attempt"] == 2 for row in began)
            skipped = sum(row["attempt"] == 1 and row["status"] == "skipped" for row in group)
            done = [row["duration_seconds"] for row in group if row["status"] in UNDONE_LATER]
            done = [value for value in done if value is not None]
            rates = (share(retried, visits), share(skipped, visits))
            counts = (visits, len(began))
            expected.append((workflow_id(number), name, key, *counts, mean(done), *rates))
            if done:
                slow.append((workflow_id(number), name, key, *spread(done)))
            chosen = Counter(
                row["outcome"] for row in group if row["kind"] == "condition" and row["status"] in UNDONE_LATER
            )
            taken += [(name, key, branch, times, share(times, chosen.total())) for branch, times in chosen.items()]
    assert performance == sorted(expected, key=lambda row: row[1:3])
    assert slowest == sorted(slow, key=lambda row: (-row[4], row[1], row[2]))[:limit]
    assert branches == sorted(taken, key=lambda row: (*row[:2], -row[3], row[2] is None, row[2] or ""))


def causes(rows, *keys):
    """How often each combination of names came, most often first, nulls last."""
    order = lambda pair: (-len(pair[1]), *((name is None, name or "") for name in pair[0]))  # noqa: E731
    return sorted(grouped(rows, *keys).items(), key=order)


@references
@given(tables=executions(), limit=st.integers(1, 6))
def test_failures(answers, population, tables, limit):
    ended, erred = answers(tables, select_workflow_failures(**scope), select_step_errors(**scope, limit=limit))
    names = {workflow_id(number): name for number, name in enumerate(NAMES)}
    known = {row["id"]: row | {"workflow": names[row["workflow_id"]]} for row in within(tables[WorkflowExecution])}
    failed = [row for row in known.values() if row["status"] == "failed"]
    assert ended == [
        (
            *key,
            len(group),
            share(len(group), len(failed)),
            max(row["completed_at"] or row["created_at"] for row in group),
        )
        for key, group in causes(failed, "workflow", "failed_step", "error_type")
    ]
    attempts = [
        row | {"workflow": known[row["execution_id"]]["workflow"]}
        for row in tables[WorkflowStepExecution]
        if row["execution_id"] in known and row["role"] == "step" and row["status"] == "failed"
    ]
    expected = []
    for key, group in causes(attempts, "workflow", "step_key", "error_type"):
        ends = [row["completed_at"] for row in group if row["completed_at"]]
        executions_hit = {row["execution_id"] for row in group}
        expected.append((*key, len(group), len(executions_hit), max(ends, default=None)))
    assert erred == expected[:limit]


@references
@given(tables=executions(), minutes=st.sampled_from([0, 1, 120]))
def test_executions(answers, population, tables, minutes):
    long = timedelta(minutes=minutes)
    statuses, days, stuck = answers(
        tables,
        select_workflow_executions_by_status(**scope),
        select_workflow_runs_over_time(**scope, bucket=Bucket.DAY),
        select_stuck_workflow_executions(workspace_id=HERE, now=UNTIL, longer_than=long),
    )
    seen = within(tables[WorkflowExecution])
    counts = Counter(row["status"] for row in seen)
    assert statuses == [(each, counts[each], share(counts[each], len(seen))) for each in WorkflowStatus]
    assert [row[0] for row in days] == [SINCE + timedelta(days=number) for number in range(7)]
    for start, end, number, good, bad, took in days:
        group = [row for row in seen if start <= row["created_at"] < end]
        of = Counter(row["status"] for row in group)
        done = mean(row["duration_seconds"] for row in group if row["status"] == "completed")
        assert (number, good, bad, took) == (len(group), of["completed"], of["failed"], done)
    hanging = [
        row
        for row in tables[WorkflowExecution]
        if row["workspace_id"] == HERE
        and row["status"] == "running"
        and row["started_at"]
        and UNTIL - row["started_at"] > long
    ]
    hanging.sort(key=lambda row: (row["started_at"], row["id"]))
    assert [(row[0], row[4]) for row in stuck] == [
        (row["id"], round((UNTIL - row["started_at"]).total_seconds(), 9)) for row in hanging
    ]


@references
@given(tables=executions())
def test_critical_paths(answers, population, tables):
    (found,) = answers(tables, select_critical_paths(**scope))
    expected = []
    for execution in sorted(within(tables[WorkflowExecution]), key=lambda row: row["id"]):
        spans = {}
        for row in tables[WorkflowStepExecution]:
            ended = row["completed_at"] and row["status"] != "skipped" and row["role"] == "step"
            if row["execution_id"] == execution["id"] and ended:
                start, end, *_ = spans.get(row["step_key"], (row["started_at"], row["completed_at"]))
                position = (row["position"], row["step_key"])
                spans[row["step_key"]] = (min(start, row["started_at"]), max(end, row["completed_at"]), position)

        def last(keys, spans=spans):
            there = [key for key in keys if key in spans]
            return max(there, key=lambda key: (spans[key][1], spans[key][0], spans[key][2]), default=None)

        step, back = last(KEYS), 0
        while step:
            before = last(NEEDS[step])
            start, end, _ = spans[step]
            held = (end - (spans[before][1] if before else start)).total_seconds()
            expected.append((execution["id"], back, step, start, end, held))
            step, back = before, back + 1
    assert found == expected
