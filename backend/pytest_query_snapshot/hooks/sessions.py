"""Hooks that put a run on record: which tests ran to their end, and which goldens they asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_query_snapshot.goldens.comparison import Comparison
    from pytest_query_snapshot.sessions.collector import RunNotes
    from pytest_query_snapshot.sessions.lock import Running

_RUNNING: pytest.StashKey[Running | None] = pytest.StashKey()
_NOTES: pytest.StashKey[RunNotes] = pytest.StashKey()
_WORKER_KEY = "query_snapshot_run"


def _notes(config: pytest.Config) -> RunNotes:
    if _NOTES not in config.stash:
        from pytest_query_snapshot.sessions.collector import RunNotes  # noqa: PLC0415  only in runs with tests

        config.stash[_NOTES] = RunNotes()
    return config.stash[_NOTES]


def pytest_query_snapshot_compared(config: pytest.Config, comparison: Comparison) -> None:
    """Note who asked for a golden."""
    if comparison.path.is_relative_to(config.rootpath):
        _notes(config).note(comparison, comparison.path.relative_to(config.rootpath).as_posix())


def pytest_deselected(items: Iterable[pytest.Item]) -> None:
    """Note that the run is partial."""
    for item in items:
        _notes(item.config).deselected += 1


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note what there is to run."""
    _notes(session.config).collected.update(item.nodeid for item in session.items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: Iterable[str]) -> None:
    """Note what a worker of pytest-xdist found to run."""
    _notes(node.config).collected.update(ids)


class _Reports:
    """Listens to the reports of a run; a plugin of its own because the hook is not told the configuration."""

    def __init__(self, notes: RunNotes) -> None:
        self.notes = notes

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that ran to its end, or did not."""
        if report.outcome != "passed" or hasattr(report, "wasxfail"):
            self.notes.incomplete.add(report.nodeid)
        elif report.when == "call":
            self.notes.passed.add(report.nodeid)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Listen to the reports of this run, and mark that it goes on: cut off, it takes back what was proved."""
    config = session.config
    if not hasattr(config, "workerinput") and (config.rootpath / ".query_snapshot").is_dir():
        from pytest_query_snapshot.sessions.lock import Running  # noqa: PLC0415  only where there are goldens

        config.stash[_RUNNING] = Running.begin(config.rootpath)
    config.pluginmanager.register(_Reports(_notes(config)), "query-snapshot-reports")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker of pytest-xdist noted."""
    _notes(node.config).merge(getattr(node, "workeroutput", {}).get(_WORKER_KEY))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Hand the notes over, or write them down; a run that only collected or experimented says nothing."""
    config = session.config
    notes = _notes(config)
    output: Any = getattr(config, "workeroutput", None)
    if output is not None:
        output[_WORKER_KEY] = notes.handed_over()
        return
    running = config.stash.get(_RUNNING, None)
    try:
        _write_down(config, notes, int(exitstatus))
    finally:
        if running is not None:
            running.end()


def _write_down(config: pytest.Config, notes: RunNotes, exit_status: int) -> None:
    """Write the record of a run that compared something, or that failed before it could."""
    experiment = config.getoption("--insertion-order") != "seed" or config.getoption("--collect-only")
    harmless = exit_status in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    known = (config.rootpath / ".query_snapshot").is_dir()
    if experiment or (not notes.facts and (harmless or not known)):
        return
    from pytest_query_snapshot.errors import WriteFailedError  # noqa: PLC0415  only at the end
    from pytest_query_snapshot.hooks.goldens import dialect_of  # noqa: PLC0415  only at the end
    from pytest_query_snapshot.sessions.store import write_record  # noqa: PLC0415

    by_node_id = any("::" in argument for argument in config.args)
    try:
        write_record(
            config.rootpath, notes, dialect=dialect_of(config), exit_status=exit_status, by_node_id=by_node_id
        )
    except WriteFailedError as error:  # the verdict of the tests stands without a record
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(f"query-snapshot: no record of this run: {error}", red=True)
