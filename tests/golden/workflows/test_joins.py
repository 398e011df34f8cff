"""Skipped dependencies: an ordinary step is skipped with the first of them, a join runs after any that is done."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from controlplane.errors import InvalidDefinitionError
from controlplane.execution import approve, load_definition, reject, signal
from controlplane.models import WorkflowExecution, WorkflowStepExecution, WorkflowVersion

pytestmark = pytest.mark.seed("agents")
TINA = uuid.UUID(int=0xB0003)
PAY = """
name: payment
steps:
  - {key: legal, kind: approval}
  - {key: prep, kind: task, action: echo, parameters: {n: 1}}
  - {key: pay, kind: %s, depends_on: [legal, prep]%s}
  - {key: notify, kind: task, action: echo, depends_on: [pay]}
"""
ORDINARY = PAY % ("task, action: echo", "")
JOIN_ANY = PAY % ("task, action: echo", ", join: any")
JOIN = PAY % ("join", "")


def statuses(session, run):
    query = select(WorkflowStepExecution.step_key, WorkflowStepExecution.status)
    rows = session.execute(query.where(WorkflowStepExecution.execution_id == run.id))
    return {row.step_key: str(row.status) for row in rows}


def decided(flow, text, verb=reject):
    run = flow.run(text)
    verb(flow.session, run, step_key="legal", actor_id=TINA, comment="no", engine=flow.engine)
    flow.drive()
    return run


def test_payment_does_not_run_beside_a_rejected_approval(flow, session, golden):
    run = flow.run(ORDINARY)
    with golden.step("reject"):
        reject(session, run, step_key="legal", actor_id=TINA, comment="no", engine=flow.engine)
    with golden.step("engine"):
        flow.drive()
    assert statuses(session, run) == {
        "legal": "completed", "prep": "completed", "pay": "skipped", "notify": "skipped"
    }  # fmt: skip
    assert session == golden.changes


def test_payment_runs_when_all_dependencies_are_done(flow, session):
    run = decided(flow, ORDINARY, approve)
    assert set(statuses(session, run).values()) == {"completed"}


@pytest.mark.parametrize("text", [JOIN, JOIN_ANY], ids=["join", "join: any"])
def test_join_runs_beside_a_rejected_approval(flow, session, text):
    run = decided(flow, text)
    assert statuses(session, run)["pay"] == "completed"


def test_step_is_skipped_while_another_dependency_still_waits(flow, session):
    text = """
    name: early
    steps:
      - {key: slow, kind: wait, signal: never}
      - {key: choose, kind: condition, branches: [{name: left, when: "false", then: [never]}]}
      - {key: never, kind: task, action: echo}
      - {key: both, kind: task, action: echo, depends_on: [slow, never]}
      - {key: behind, kind: task, action: echo, depends_on: [both]}
    """
    run = flow.run(text)
    assert statuses(session, run) == {
        "slow": "waiting", "choose": "completed", "never": "skipped", "both": "skipped", "behind": "skipped"
    }  # fmt: skip
    signal(session, run, name="never", actor_id=TINA, engine=flow.engine)
    flow.drive()
    assert str(run.status) == "completed", "what was skipped is not skipped again"


def test_step_behind_a_failed_step_that_is_tolerated_runs(flow, session):
    text = """
    name: tolerant
    steps:
      - {key: bad, kind: task, action: refuse, continue_on_error: true}
      - {key: good, kind: task, action: echo}
      - {key: after, kind: task, action: echo, depends_on: [bad, good]}
    """
    assert statuses(session, flow.run(text))["after"] == "completed"


EXCLUSIVE = """
name: exclusive
steps:
  - {key: choose, kind: condition, branches: [{name: left, when: "true", then: [a]}], default: [b]}
  - {key: a, kind: task, action: echo}
  - {key: b, kind: task, action: echo}
  - {key: after, kind: task, action: echo, depends_on: [a, b]}
"""


def test_step_behind_two_branches_is_named_by_the_validation():
    with pytest.raises(InvalidDefinitionError, match=r"'after'.*'a' and 'b'.*join: any"):
        load_definition(EXCLUSIVE)
    load_definition(EXCLUSIVE.replace("depends_on: [a, b]", "depends_on: [a, b], join: any"))


def test_both_ends_of_an_approval_exclude_each_other():
    text = """
    name: ends
    steps:
      - {key: ask, kind: approval, on_reject: [no]}
      - {key: yes, kind: task, action: echo, depends_on: [ask]}
      - {key: no, kind: task, action: echo}
      - {key: after, kind: task, action: echo, depends_on: [yes, no]}
    """
    with pytest.raises(InvalidDefinitionError, match="after"):
        load_definition(text)


@pytest.fixture
def stored(flow, session):
    """A version from before the rule, whose last step relies on it."""
    joined = EXCLUSIVE.replace("depends_on: [a, b]", "depends_on: [a, b], join: any")
    version = flow.save(joined)
    data = {**version.definition, "steps": [dict(step) for step in version.definition["steps"]]}
    data["steps"][3].pop("join")
    old = WorkflowVersion(
        workspace_id=version.workspace_id,
        workflow_id=version.workflow_id,
        version=2,
        definition=data,
        digest="x" * 64,
    )
    session.add(old)
    session.flush()
    return old


def test_execution_of_before_the_rule_runs_as_it_began(flow, session, stored):
    run = flow.start(EXCLUSIVE.replace("depends_on: [a, b]", "depends_on: [a, b], join: any"))
    record = session.get_one(WorkflowExecution, run.id)
    record.version_id, record.tolerates_skips = stored.id, True
    session.flush()
    flow.drive()
    assert statuses(session, run) == {
        "choose": "completed",
        "a": "completed",
        "b": "skipped",
        "after": "completed",
    }


def test_version_of_before_the_rule_is_not_started_again(flow, session, stored):
    from controlplane.execution import start  # noqa: PLC0415  beside the flow's own

    with pytest.raises(InvalidDefinitionError, match="after"):
        start(session, workspace_id=flow.WORKSPACE, workflow="exclusive", version=2)
