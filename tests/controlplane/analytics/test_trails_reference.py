"""Every question about canvases and debugging, against a plain-Python answer over the same random rows."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from controlplane.analytics.questions.canvases import (
    select_active_canvases,
    select_canvas_actions,
    select_canvas_actions_by_type,
)
from controlplane.analytics.questions.debugging import (
    select_debug_sessions_by_status,
    select_hottest_breakpoints,
    select_most_changed_variables,
    select_trace_durations,
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
)
from tests.controlplane.analytics.plain import (
    EDGE,
    ELSEWHERE,
    HERE,
    INSTANTS,
    KEYS,
    NAMES,
    PEOPLE,
    SECONDS,
    SINCE,
    UNTIL,
    definitions,
    grouped,
    place,
    references,
    scope,
    share,
    spread,
    within,
    workflow_id,
)


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
    types, busiest, active = answers(
        tables,
        select_canvas_actions_by_type(**scope),
        select_canvas_actions(**scope, limit=limit),
        select_active_canvases(workspace_id=HERE, now=UNTIL + EDGE, since=SINCE),
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
