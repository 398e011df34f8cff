"""Every question about workflows, canvases and debugging, against plain Python over the same random rows."""

from __future__ import annotations

import statistics
import uuid
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from controlplane.analytics.buckets import Bucket
from controlplane.analytics.canvases import (
    select_active_canvases,
    select_canvas_actions,
    select_canvas_actions_by_type,
    select_canvas_trail,
)
from controlplane.analytics.critical_paths import select_critical_paths
from controlplane.analytics.debugging import (
    select_debug_sessions_by_status,
    select_hottest_breakpoints,
    select_most_changed_variables,
    select_trace_durations,
)
from controlplane.analytics.failures import select_step_errors, select_workflow_failures
from controlplane.analytics.listings import select_stuck_workflow_executions
from controlplane.analytics.series import select_workflow_runs_over_time
from controlplane.analytics.steps import (
    select_branch_frequencies,
    select_slowest_steps,
    select_step_performance,
)
from controlplane.analytics.workflows import (
    select_queue_and_run_time,
    select_top_workflows,
    select_workflow_executions_by_status,
    select_workflow_performance,
)
from controlplane.models import (
    Breakpoint,
    Canvas,
    CanvasAction,
    CanvasAudit,
    DebugSession,
    DebugStatus,
    DebugVariable,
    ExecutionTrace,
    StepStatus,
    Workflow,
    WorkflowExecution,
    WorkflowStatus,
    WorkflowStep,
    WorkflowStepExecution,
    WorkflowVersion,
)

HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
SINCE, UNTIL = datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)
EDGE = timedelta(microseconds=1)
INSTANTS = [base + step * EDGE for base in (SINCE, SINCE + timedelta(days=2), UNTIL) for step in (-1, 0, 1)]
SECONDS = [0, 0.000001, 60, 60, 1 / 4, 86400]
PEOPLE = [uuid.UUID(int=0xB0 + number) for number in range(3)]
NAMES = ("one", "One", "two", "one")  # the last one elsewhere
KEYS = ("a", "B", "c", "d")
NEEDS = {"a": [], "B": ["a"], "c": ["a"], "d": ["B", "c"]}
scope = {"workspace_id": HERE, "since": SINCE, "until": UNTIL}
references = settings(settings.get_profile("analytics"))


def place(workflow):
    return ELSEWHERE if workflow == 3 else HERE


def workflow_id(number):
    return uuid.UUID(int=0xC0 + number)


def definitions():
    workflows, versions, steps = [], [], []
    for number, name in enumerate(NAMES):
        workspace = {"workspace_id": place(number)}
        workflows.append(workspace | {"id": workflow_id(number), "name": name})
        version = uuid.UUID(int=0xC10 + number)
        versions.append(
            workspace
            | {"id": version, "workflow_id": workflow_id(number), "version": 1, "definition": {}, "digest": ""}
        )
        steps += [
            workspace
            | {
                "id": uuid.UUID(int=0xC200 + number * 16 + position),
                "version_id": version,
                "position": position,
                "key": key,
                "kind": "task",
                "depends_on": NEEDS[key],
            }
            for position, key in enumerate(KEYS)
        ]
    return {Workflow: workflows, WorkflowVersion: versions, WorkflowStep: steps}


def share(part, whole):
    return None if whole == 0 else round(part / whole, 9)


def mean(values):
    values = [value for value in values if value is not None]
    return round(statistics.fmean(values), 9) if values else None


def spread(values):
    if not values:
        return (0, *[None] * 6)
    cuts = statistics.quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99
    several = (statistics.fmean(values), min(values), cuts[49], cuts[94], cuts[98], max(values))
    return (len(values), *(round(value, 9) for value in several))


def within(rows, key="created_at"):
    return [row for row in rows if row["workspace_id"] == HERE and SINCE <= row[key] < UNTIL]


def grouped(rows, *keys):
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


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
            done = [row["duration_seconds"] for row in group if row["status"] == "completed"]
            done = [value for value in done if value is not None]
            rates = (share(retried, visits), share(skipped, visits))
            counts = (visits, len(began))
            expected.append((workflow_id(number), name, key, *counts, mean(done), *rates))
            if done:
                slow.append((workflow_id(number), name, key, *spread(done)))
            chosen = Counter(
                row["outcome"] for row in group if row["kind"] == "condition" and row["status"] == "completed"
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


@st.composite
def canvases(draw):
    boards, audits = [], []
    for number in range(draw(st.integers(0, 4))):
        workspace = draw(st.sampled_from([HERE, HERE, ELSEWHERE]))
        board = {
            "id": uuid.UUID(int=0xCA00 + number),
            "workspace_id": workspace,
            "type": draw(st.sampled_from(["form", "Form"])),
            "status": draw(st.sampled_from(["open", "closed"])),
            "content": {},
        }
        boards.append(board)
        for sequence in range(1, draw(st.integers(0, 4)) + 1):
            audits.append(
                {
                    "id": uuid.UUID(int=0xCB000 + len(audits)),
                    "workspace_id": workspace,
                    "canvas_id": board["id"],
                    "sequence": sequence,
                    "action": draw(st.sampled_from(list(CanvasAction))),
                    "content": {},
                    "user_id": draw(st.sampled_from([None, *PEOPLE])),
                    "at": draw(st.sampled_from(INSTANTS)),
                }
            )
    return {Canvas: boards, CanvasAudit: audits}


@references
@given(tables=canvases(), limit=st.integers(1, 3))
def test_canvases(answers, population, tables, limit):
    types, busiest, active, trail = answers(
        tables,
        select_canvas_actions_by_type(**scope),
        select_canvas_actions(**scope, limit=limit),
        select_active_canvases(workspace_id=HERE, now=UNTIL + EDGE, since=SINCE),
        select_canvas_trail(workspace_id=HERE, canvas_id=uuid.UUID(int=0xCA00)),
    )
    boards = {board["id"]: board for board in tables[Canvas]}
    seen = [row | {"type": boards[row["canvas_id"]]["type"]} for row in within(tables[CanvasAudit], "at")]

    def actions(rows):
        counts = Counter(row["action"] for row in rows)
        return (len(rows), *(counts[action] for action in CanvasAction))

    assert types == sorted(
        (
            (kind, len({row["canvas_id"] for row in group}), *actions(group), share(len(group), len(seen)))
            for (kind,), group in grouped(seen, "type").items()
        ),
        key=lambda row: (-row[2], row[0]),
    )
    expected = []
    for (id_,), group in grouped(seen, "canvas_id").items():
        users = {row["user_id"] for row in group} - {None}
        board = boards[id_]
        last = max(row["at"] for row in group)
        expected.append((id_, board["type"], board["status"], *actions(group), len(users), last))
    assert busiest == sorted(expected, key=lambda row: (-row[3], row[0]))[:limit]
    expected = []
    for (id_,), group in grouped(tables[CanvasAudit], "canvas_id").items():
        last = max(row["at"] for row in group)
        board = boards[id_]
        if board["workspace_id"] == HERE and board["status"] == "open" and last >= SINCE:
            idle = round((UNTIL + EDGE - last).total_seconds(), 9)
            expected.append((id_, board["type"], len(group), last, idle))
    assert active == sorted(expected, key=lambda row: (UNTIL - row[3], row[0]))
    mine = [
        row
        for row in tables[CanvasAudit]
        if row["canvas_id"] == uuid.UUID(int=0xCA00) and row["workspace_id"] == HERE
    ]
    assert [row[:3] for row in trail] == [(row["sequence"], row["action"], row["at"]) for row in mine]


@st.composite
def debugging(draw):
    sessions, points, traces, changes = [], [], [], []
    for number in range(draw(st.integers(0, 5))):
        workflow = draw(st.integers(0, 3))
        session = {
            "id": uuid.UUID(int=0xDB00 + number),
            "workspace_id": place(workflow),
            "workflow_id": workflow_id(workflow),
            "owner_id": draw(st.sampled_from(PEOPLE)),
            "status": draw(st.sampled_from(list(DebugStatus))),
            "created_at": draw(st.sampled_from(INSTANTS)),
        }
        sessions.append(session)
        points.append(
            {
                "id": uuid.UUID(int=0xDC00 + number),
                "workspace_id": session["workspace_id"],
                "workflow_id": session["workflow_id"],
                "step_key": draw(st.sampled_from(KEYS)),
                "hit_count": draw(st.integers(0, 2)),
                "enabled": draw(st.booleans()),
                "created_at": SINCE,
            }
        )
        common = {"workspace_id": session["workspace_id"], "session_id": session["id"]}
        for sequence in range(1, draw(st.integers(0, 3)) + 1):
            traces.append(
                common
                | {
                    "id": uuid.UUID(int=0xDD000 + len(traces)),
                    "sequence": sequence,
                    "workflow": draw(st.sampled_from([None, *NAMES[:2], "imported"])),
                    "step_key": draw(st.sampled_from(KEYS)),
                    "status": "completed",
                    "started_at": draw(st.sampled_from([None, *INSTANTS])),
                    "duration_seconds": draw(st.sampled_from([None, *SECONDS])),
                }
            )
            changes.append(
                common
                | {
                    "id": uuid.UUID(int=0xDE000 + len(changes)),
                    "sequence": sequence,
                    "name": draw(st.sampled_from(["x", "X", "y"])),
                    "was_set": draw(st.booleans()),
                    "changed_by": draw(st.sampled_from(PEOPLE)),
                    "changed_at": draw(st.sampled_from(INSTANTS)),
                }
            )
    return definitions() | {
        DebugSession: sessions,
        Breakpoint: points,
        ExecutionTrace: traces,
        DebugVariable: changes,
    }


@references
@given(tables=debugging(), limit=st.integers(1, 3))
def test_debugging(answers, population, tables, limit):
    statuses, hottest, traced, variables = answers(
        tables,
        select_debug_sessions_by_status(**scope),
        select_hottest_breakpoints(workspace_id=HERE, limit=limit),
        select_trace_durations(**scope),
        select_most_changed_variables(**scope, limit=limit),
    )
    names = {workflow_id(number): name for number, name in enumerate(NAMES)}
    seen = within(tables[DebugSession])
    groups = grouped(seen, "status")
    assert statuses == [
        (
            status,
            len(groups[(status,)]),
            share(len(groups[(status,)]), len(seen)),
            len({row["owner_id"] for row in groups[(status,)]}),
        )
        for status in DebugStatus
    ]
    hit = [row for row in tables[Breakpoint] if row["workspace_id"] == HERE and row["hit_count"]]
    total = sum(row["hit_count"] for row in hit)
    hit.sort(key=lambda row: (-row["hit_count"], names[row["workflow_id"]], row["step_key"], row["id"]))
    assert [(row[0], row[4], row[5]) for row in hottest] == [
        (row["id"], row["hit_count"], share(row["hit_count"], total)) for row in hit[:limit]
    ]
    of = {session["id"]: session for session in tables[DebugSession]}
    durations = defaultdict(list)
    for row in tables[ExecutionTrace]:
        if row["started_at"] and row["duration_seconds"] is not None and within([row], "started_at"):
            name = row["workflow"] or names[of[row["session_id"]]["workflow_id"]]
            durations[name, row["step_key"]].append(row["duration_seconds"])
    assert traced == sorted(
        ((*key, *spread(values)) for key, values in durations.items()), key=lambda row: (-row[3], *row[:2])
    )
    expected = []
    for (name,), group in grouped(within(tables[DebugVariable], "changed_at"), "name").items():
        sessions, people = ({row[key] for row in group} for key in ("session_id", "changed_by"))
        first = sum(not row["was_set"] for row in group)
        last = max(row["changed_at"] for row in group)
        expected.append((name, len(group), len(sessions), len(people), first, last))
    assert variables == sorted(expected, key=lambda row: (-row[1], row[0]))[:limit]
