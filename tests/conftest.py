"""What every test of this repository starts from."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from controlplane import clock as controlplane_clock

pytest_plugins = ["pytester"]

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class TestClock:
    """A clock that a test moves: each question for the time takes one second, so that order shows in goldens."""

    __test__ = False

    def __init__(self) -> None:
        self.current = START - timedelta(seconds=1)

    def __call__(self) -> datetime:
        self.current += timedelta(seconds=1)
        return self.current

    def advance(self, **delta: float) -> None:
        self.current += timedelta(**delta)

    def set(self, at: datetime) -> None:
        """Let the next question be answered with exactly `at`."""
        self.current = at - timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock():
    test_clock = TestClock()
    with controlplane_clock.use(test_clock):
        yield test_clock


class Flow:
    """Workflows in a test's one session: saves definitions, starts them, drives what is due."""

    WORKSPACE = uuid.UUID(int=1)

    def __init__(self, session, clock, **options):
        from controlplane.execution import Engine  # noqa: PLC0415  tests of the plugin need none of it
        from controlplane.runtime import InlineRuntime  # noqa: PLC0415

        self.session = session
        self.clock = clock
        self.engine = Engine(**options)
        self.runtime = InlineRuntime(session, engine=self.engine)

    def save(self, text: str):
        from controlplane.execution import load_definition, save_workflow  # noqa: PLC0415

        return save_workflow(self.session, workspace_id=self.WORKSPACE, definition=load_definition(text))

    def start(self, text: str, *, input_data=None, **options):
        from controlplane.execution import start  # noqa: PLC0415

        version = self.save(text)
        name = version.definition["name"]
        return start(
            self.session,
            workspace_id=self.WORKSPACE,
            workflow=name,
            input_data=input_data,
            engine=self.engine,
            **options,
        )

    def drive(self, *executions) -> None:
        """Run until nothing is due; with executions, also those that only their `wake_at` owes a look."""
        self.runtime.run(*(execution.id for execution in executions))

    def run(self, text: str, *, input_data=None, **options):
        execution = self.start(text, input_data=input_data, **options)
        self.drive()
        return execution


@pytest.fixture
def flow(session, clock):
    return Flow(session, clock)
