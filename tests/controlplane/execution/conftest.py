"""Real databases and real time for what several threads or processes do."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane import clock as controlplane_clock
from controlplane.database import create_engine
from controlplane.execution import get_execution, load_definition, save_workflow, start
from controlplane.execution.lifecycle import ENDED
from controlplane.models import WorkflowStepExecution

WORKSPACE = uuid.UUID(int=1)


class Shop:
    """One real database: start executions in it, wait for their ends, read their steps."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = create_engine(url)

    def start(self, text, *, input_data=None):
        with Session(self.database) as session, session.begin():
            version = save_workflow(session, workspace_id=WORKSPACE, definition=load_definition(text))
            name = version.definition["name"]
            return start(session, workspace_id=WORKSPACE, workflow=name, input_data=input_data).id

    def call(self, verb, execution_id, **options):
        with Session(self.database) as session, session.begin():
            execution = get_execution(session, workspace_id=WORKSPACE, execution_id=execution_id)
            return verb(session, execution, **options)

    def status(self, execution_id):
        with Session(self.database) as session:
            return get_execution(session, workspace_id=WORKSPACE, execution_id=execution_id).status

    def wait(self, execution_id, *, for_=ENDED, seconds=50.0):
        end = time.monotonic() + seconds
        while (status := self.status(execution_id)) not in for_:
            assert time.monotonic() < end, f"still {status} after {seconds} s"
            time.sleep(0.02)
        return status

    def steps(self, execution_id):
        step = WorkflowStepExecution
        query = select(step).where(step.execution_id == execution_id)
        with Session(self.database) as session:
            return list(session.scalars(query.order_by(step.position, step.role.desc(), step.item, step.attempt)))


@pytest.fixture
def real_time():
    with controlplane_clock.use(lambda: datetime.now(UTC)):
        yield


@pytest.fixture
def shop(scratch_database, real_time):
    shop = Shop(scratch_database.url)
    yield shop
    shop.database.dispose()
