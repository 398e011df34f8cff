"""Hooks that put a session on record: the tests that each module yields, and the goldens that tests compared."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_query_snapshot.hooks.determinism import is_experiment
from pytest_query_snapshot.hooks.running_test import running_test_of

if TYPE_CHECKING:
    from pytest_query_snapshot.goldens.comparison import Comparison
    from pytest_query_snapshot.sessions.collector import SessionNotes
    from pytest_query_snapshot.sessions.lock import SessionMarker

_RUNNING: pytest.StashKey[SessionMarker | None] = pytest.StashKey()
_NOTES: pytest.StashKey[SessionNotes] = pytest.StashKey()
_STARTED: pytest.StashKey[float] = pytest.StashKey()
_WORKER_KEY = "query_snapshot_run"
_REPEAT = "__pytest_repeat_step_number"
_MOST_LAYOUTS = 20_000


def _notes(config: pytest.Config) -> SessionNotes:
    if _NOTES not in config.stash:
        from pytest_query_snapshot.sessions.collector import SessionNotes  # noqa: PLC0415  only in runs with tests

        config.stash[_NOTES] = SessionNotes()
    return config.stash[_NOTES]


class _Reports:
    """Listens to the tests of a session; a plugin of its own because the hooks are not given the configuration."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_query_snapshot_compared(self, comparison: Comparison) -> None:
        """Note the test of a golden."""
        from pytest_query_snapshot.goldens.storage.golden_path import below  # noqa: PLC0415  loaded with the comparison

        path = below(comparison.path, self.config.rootpath)
        if path is not None:
            golden = path.replace(os.sep, "/")
            parameters = _parameters(running_test_of(self.config).item)
            _notes(self.config).note_comparison(comparison, golden, parameters=parameters)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that passed."""
        if report.when == "call" and report.outcome == "passed" and not hasattr(report, "wasxfail"):
            _notes(self.config).passed.add(report.nodeid)


def _parameters(item: Any) -> list[str]:
    call = getattr(item, "callspec", None)
    return sorted(name for name in call.params if name != _REPEAT) if call is not None else []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class) -> Generator[None, Any, Any]:
    """Note the tests of a function before selections, caches and other plugins drop some."""
    made = yield
    items = made if isinstance(made, list) else [made]
    for item in items:
        if isinstance(item, pytest.Function):
            uses_golden = "golden" in item.fixturenames
            _notes(collector.config).note_item(item.nodeid, parameters=_parameters(item), uses_golden=uses_golden)
    return made


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, Any]:
    """Note a file that was read without an error or a skip."""
    report = yield
    if isinstance(collector, pytest.File) and report.passed:
        _notes(collector.config).complete.add(collector.nodeid)
    return report


def pytest_sessionstart(session: pytest.Session) -> None:
    """Listen to this session, and mark that it runs: nothing is pruned until it has ended."""
    config = session.config
    config.stash[_STARTED] = time.time()
    if not hasattr(config, "workerinput") and (config.rootpath / ".query_snapshot").is_dir():
        from pytest_query_snapshot.sessions.lock import SessionMarker  # noqa: PLC0415  only where there are goldens

        config.stash[_RUNNING] = SessionMarker.begin(config.rootpath)
    config.pluginmanager.register(_Reports(config), "query-snapshot-reports")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the notes of a worker of pytest-xdist."""
    _notes(node.config).merge(getattr(node, "workeroutput", {}).get(_WORKER_KEY))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the notes to the controller, or write the record."""
    config = session.config
    notes = _notes(config)
    output: Any = getattr(config, "workeroutput", None)
    if output is not None:
        output[_WORKER_KEY] = notes.notes_of_worker()
        return
    _refuse_shared(session, notes)
    running = config.stash.get(_RUNNING, None)
    try:
        _write_record(config, notes)
    finally:
        if running is not None:
            running.end()


def _refuse_shared(session: pytest.Session, notes: SessionNotes) -> None:
    """Fail a session in which tests of two workers compared one golden."""
    for golden, (first, second) in notes.shared.items():
        from pytest_query_snapshot.errors import SharedGoldenError  # noqa: PLC0415  names are injective, so never

        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(str(SharedGoldenError(path=golden, test=second, other=first)), red=True)


def _left_out_message(paths: tuple[str, ...]) -> str:
    """Return the message about goldens that passing tests compared before."""
    shown = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")  # noqa: PLR2004  a line
    what = "golden, which its test passed" if len(paths) == 1 else "goldens, which their tests passed"
    return f"query-snapshot: {len(paths)} {what} without comparing this time: {shown}"


def _write_record(config: pytest.Config, notes: SessionNotes) -> None:
    """Write the record of a session in a project that has goldens; experiments leave no trace."""
    known = (config.rootpath / ".query_snapshot").is_dir()
    if is_experiment(config) or not (notes.facts or known):
        return
    from pytest_query_snapshot.errors import WriteFailedError  # noqa: PLC0415  only at the end
    from pytest_query_snapshot.hooks.goldens import dialect_of  # noqa: PLC0415  only at the end
    from pytest_query_snapshot.sessions.store import write_record  # noqa: PLC0415
    from pytest_query_snapshot.state_folder import trim_folder  # noqa: PLC0415

    testpaths = config.getini("testpaths")
    settings = {
        "snapshots": str(config.getini("query_snapshot_dir")),
        "seeds": str(config.getini("query_snapshot_seeds")),
        "tests": testpaths[0] if len(testpaths) == 1 else "",
    }
    started = config.stash[_STARTED]
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    dialect = dialect_of(config)
    try:
        left_out = write_record(config.rootpath, notes, dialect=dialect, started=started, settings=settings)
    except WriteFailedError as error:  # the verdict of the tests stands without a record
        if reporter is not None:
            reporter.write_line(f"query-snapshot: no record of this run: {error}", red=True)
    else:
        if left_out and reporter is not None:
            reporter.write_line(_left_out_message(left_out), yellow=True)
    trim_folder(config.rootpath / ".query_snapshot" / "layouts", most=_MOST_LAYOUTS)
