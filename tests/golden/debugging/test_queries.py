"""The questions of the debugger."""

from __future__ import annotations

import uuid

import pytest

from controlplane.debugging import queries
from controlplane.models import DebugStatus, StepRole

pytestmark = pytest.mark.seed("debug_sessions")

HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
OUTER, INNER = uuid.UUID(int=0x1A001), uuid.UUID(int=0x1A002)
RUN, CHILD, OTHER_CHILD, THEIRS = (uuid.UUID(int=number) for number in (0x1D001, 0x1D002, 0x1D003, 0x1D009))
LIVE, IMPORTED = uuid.UUID(int=0x20001), uuid.UUID(int=0x20002)

QUESTIONS = {
    "sessions-newest-first": queries.select_sessions(workspace_id=HERE),
    "sessions-paused": queries.select_sessions(workspace_id=HERE, status=DebugStatus.PAUSED),
    "sessions-the-newest": queries.select_sessions(workspace_id=HERE, limit=1),
    "session-of-another-workspace": queries.select_session(workspace_id=ELSEWHERE, session_id=LIVE),
    "session-locked": queries.select_session(workspace_id=HERE, session_id=LIVE, lock=True),
    "watching-a-child": queries.select_watching(workspace_id=HERE, execution_ids=(CHILD, RUN)),
    "watching-elsewhere": queries.select_watching(workspace_id=HERE, execution_ids=(THEIRS,)),
    "grants-first-given-first": queries.select_grants(workspace_id=HERE, session_id=LIVE),
    "grant-of-a-person": queries.select_grant(workspace_id=HERE, session_id=LIVE, user_id=uuid.UUID(int=0xB0003)),
    "breakpoints-oldest-first": queries.select_breakpoints(workspace_id=HERE, workflow_id=INNER),
    "breakpoints-of-a-session": queries.select_breakpoints(
        workspace_id=HERE, workflow_id=INNER, session_id=IMPORTED
    ),
    "armed-with-hits-left": queries.select_active_breakpoints(
        workspace_id=HERE, workflow_id=INNER, step_key="deep", session_id=LIVE
    ),
    "sessions-of-a-workflow": queries.select_sessions(workspace_id=HERE, workflow_id=INNER),
    "sessions-of-an-owner": queries.select_sessions(workspace_id=HERE, owner_id=uuid.UUID(int=0xB0003)),
    "kinds-of-a-step": queries.select_step_kinds(workspace_id=HERE, workflow_id=OUTER, step_key="call"),
    "kinds-in-a-version-that-no-session-runs": queries.select_step_kinds(
        workspace_id=HERE, workflow_id=OUTER, step_key="gone"
    ),
    "kinds-in-a-version-that-a-child-runs": queries.select_step_kinds(
        workspace_id=HERE, workflow_id=INNER, step_key="older"
    ),
    "kinds-of-another-session": queries.select_step_kinds(
        workspace_id=HERE, workflow_id=INNER, step_key="older", session_id=IMPORTED
    ),
    "scope-of-an-item": queries.select_scope(
        execution_id=RUN, step_key="each", role=StepRole.ITEM, item=1, attempt=1
    ),
    "results-of-ended-steps": queries.select_results(workspace_id=HERE, execution_id=RUN),
    "results-of-some": queries.select_results(workspace_id=HERE, execution_id=RUN, keys=("call",)),
    "frame-of-the-child": queries.select_frame(workspace_id=HERE, execution_id=CHILD),
    "frame-of-the-outermost": queries.select_frame(workspace_id=HERE, execution_id=RUN),
    "children": queries.select_children(workspace_id=HERE, execution_ids=(RUN,)),
    "held-by-the-debugger-only": queries.lock_held(
        workspace_id=HERE, execution_ids=(RUN, CHILD, OTHER_CHILD, THEIRS)
    ),
    "traces-in-order": queries.select_traces(workspace_id=HERE, session_id=LIVE),
    "traces-of-a-step": queries.select_traces(workspace_id=HERE, session_id=IMPORTED, step_key="b"),
    "attempts-in-order": queries.select_last_attempts(workspace_id=HERE, execution_id=RUN),
    "lines-about-variables": queries.select_variable_log(workspace_id=HERE, execution_id=RUN),
    "changed-variables-of-an-execution": queries.select_changes_of_execution(workspace_id=HERE, execution_id=RUN),
    "changed-variables": queries.select_changes(workspace_id=HERE, session_id=LIVE),
    "profile-ties-and-no-duration": queries.select_profile(workspace_id=HERE, session_id=IMPORTED),
    "profile-slowest-two": queries.select_profile(workspace_id=HERE, session_id=IMPORTED, slowest=2),
    "profile-with-its-workflow": queries.select_profile(workspace_id=HERE, session_id=LIVE),
    "profile-of-another-workspace": queries.select_profile(workspace_id=ELSEWHERE, session_id=LIVE),
}


# questions without rows; the statements of UNANSWERED are those of other questions
UNANSWERED = ("watching-elsewhere", "kinds-in-a-version-that-no-session-runs", "profile-of-another-workspace")
WITHOUT_ROWS = (
    *("session-of-another-workspace", "sessions-of-a-workflow", "results-of-some", "kinds-of-another-session"),
)


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in (*UNANSWERED, *WITHOUT_ROWS)])
def test_questions(session, golden, name):
    assert session.execute(QUESTIONS[name]) == golden


@pytest.mark.parametrize("name", WITHOUT_ROWS)
def test_statements_of_questions_without_rows(golden, name):
    assert QUESTIONS[name] == golden.sql


@pytest.mark.parametrize("name", [*WITHOUT_ROWS, *UNANSWERED])
def test_questions_without_rows(session, name):
    assert session.execute(QUESTIONS[name]).all() == []


def test_a_hit_is_counted_only_while_there_is_one_left(session, golden, clock):
    now = clock()
    with golden.step("without a limit"):
        session.execute(queries.count_hit(breakpoint_id=uuid.UUID(int=0x1F001), now=now))
    with golden.step("the last of three"):
        session.execute(queries.count_hit(breakpoint_id=uuid.UUID(int=0x1F002), now=now))
    with golden.step("one too many"):
        session.execute(queries.count_hit(breakpoint_id=uuid.UUID(int=0x1F002), now=now))
    assert session == golden.state
