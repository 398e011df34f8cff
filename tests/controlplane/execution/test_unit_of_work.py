"""A unit of work refuses transitions that the tables do not have, also for pending steps."""

from __future__ import annotations

import pytest

from controlplane.errors import IllegalTransitionError, LostRaceError, NotFoundError
from controlplane.execution.engine.unit_of_work import UnitOfWork
from controlplane.execution.queries import select_open
from controlplane.models import StepStatus, WorkflowExecution, WorkflowStatus

pytestmark = pytest.mark.seed("users")
ONE = "name: one\nsteps: [{key: a, kind: wait, signal: never}]"


def opened(flow, run):
    return UnitOfWork(flow.session, engine=flow.engine, execution_id=run.id)


def test_an_attempt_goes_only_where_the_table_leads(flow):
    unit = opened(flow, flow.run(ONE))
    (attempt,) = unit.fetch(select_open(execution_id=unit.execution.id))
    with pytest.raises(IllegalTransitionError, match="from waiting to skipped"):
        unit.move_step(attempt, StepStatus.SKIPPED)
    assert (attempt.status, unit.execution.open_steps) == (StepStatus.WAITING, 1)


def test_a_new_attempt_goes_only_where_the_table_leads(flow):
    unit = opened(flow, flow.start(ONE))
    unit.add_steps([{"step_key": "a", "kind": "wait", "position": 0}])
    (attempt,) = unit.ready()
    with pytest.raises(IllegalTransitionError, match="from pending to completed"):
        unit.move_step(attempt, StepStatus.COMPLETED)


def test_an_execution_goes_only_where_the_table_leads(flow):
    unit = opened(flow, flow.start(ONE))
    with pytest.raises(IllegalTransitionError, match="from pending to completed"):
        unit.move_execution(WorkflowStatus.COMPLETED)


def test_concurrently_changed_attempt_is_not_changed_again(flow):
    run = flow.run(ONE)
    unit = opened(flow, run)
    (attempt,) = unit.fetch(select_open(execution_id=run.id))
    other = attempt.copy()
    unit.move_step(attempt, StepStatus.CANCELLED)
    with pytest.raises(LostRaceError):
        unit.move_step(other, StepStatus.COMPLETED)


@pytest.mark.parametrize("changed", ["lock_version", "status"])
def test_an_execution_that_changed_without_its_lock_is_not_overwritten(flow, session, changed):
    run = flow.run(ONE)
    unit = opened(flow, run)
    values = (
        {"lock_version": unit.execution.lock_version + 1} if changed == "lock_version" else {"status": "cancelled"}
    )
    session.execute(WorkflowExecution.__table__.update().values(values))
    unit.log("noted", "a line")
    with pytest.raises(LostRaceError):
        unit.save()


def test_unit_of_work_requires_existing_execution(flow, session):
    with pytest.raises(NotFoundError):
        UnitOfWork(session, engine=flow.engine, execution_id=flow.WORKSPACE)
