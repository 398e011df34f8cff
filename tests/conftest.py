"""What every test of this repository starts from."""

from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings

from controlplane import clock as controlplane_clock

pytest_plugins = ["pytester"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def pytest_configure(config):
    """Let no property fail for being slow on a busy machine, and make random worlds the same in every run.

    There are 200 worlds or 50 histories a test; PostgreSQL, which loads them slower, gets a part.
    """
    slow = config.getoption("--database") == "postgresql"
    settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")
    settings.register_profile(
        "analytics",
        max_examples=40 if slow else 200,
        deadline=None,
        derandomize=True,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )
    settings.register_profile("histories", settings.get_profile("analytics"), max_examples=15 if slow else 50)


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


class WorkflowDriver:
    """Workflows in a test's one session: saves definitions, starts them, drives what is due."""

    WORKSPACE = uuid.UUID(int=1)

    def __init__(self, session, clock, **options):
        from controlplane.execution import EngineConfig  # noqa: PLC0415  tests of the plugin need none of it
        from controlplane.runtime import InlineRuntime  # noqa: PLC0415

        self.session = session
        self.clock = clock
        self.engine = EngineConfig(**options)
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
    return WorkflowDriver(session, clock)


class DebuggerDriver(WorkflowDriver):
    """A person who debugs workflows: a flow with the debugger watching, and its verbs with the ids filled in."""

    USER = uuid.UUID("000000000000000000000000000b0004")

    def __init__(self, session, clock):
        from controlplane.debugging import Debugger  # noqa: PLC0415

        super().__init__(session, clock, observer=Debugger())
        self.watched = None

    def launch(self, text: str, **options):
        """Start a workflow under a session and run to its first stop, or to the end."""
        name = self.save(text).definition["name"]
        self.watched = self.verb("launch", workflow=name, engine=self.engine, **options)
        self.drive()
        return self.watched

    def verb(self, name: str, /, **options):
        """Call a verb of the debugger for this workspace and, unless another is named, this person."""
        from controlplane import debugging  # noqa: PLC0415

        named = {"workspace_id": self.WORKSPACE, "user_id": self.USER, **options}
        return getattr(debugging, name)(self.session, **named)

    def on(self, name: str, /, **options):
        """Call a verb on the session."""
        return self.verb(name, session_id=self.watched.id, **options)

    def resume(self, mode: str = "continue"):
        """Let the session run to its next stop."""
        self.on("resume", mode=mode, engine=self.engine)
        self.drive()
        return self.where()

    def where(self):
        """Say where the session stands."""
        self.session.refresh(self.watched)
        stop = self.watched
        return (stop.stop_reason, stop.stopped_step) if stop.status == "paused" else stop.status

    def compare(self, left_id, right_id):
        """Compare two executions."""
        from controlplane import debugging  # noqa: PLC0415

        return debugging.compare(self.session, workspace_id=self.WORKSPACE, left_id=left_id, right_id=right_id)

    def breakpoint(self, step_key: str, **options):
        """Set a breakpoint in the workflow of the session, or in `workflow_id`."""
        workflow_id = options.pop("workflow_id", None) or self.watched.workflow_id
        return self.verb("add_breakpoint", workflow_id=workflow_id, step_key=step_key, **options)


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def desk(session, clock):
    return DebuggerDriver(session, clock)
