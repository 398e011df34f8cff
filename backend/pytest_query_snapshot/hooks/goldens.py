"""Options, hooks and fixtures of goldens; nothing heavy is imported before a test compares."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_query_snapshot.hooks import databases as databases_hooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_query_snapshot.goldens.context import GoldenContext
    from pytest_query_snapshot.goldens.golden import Golden
    from pytest_query_snapshot.goldens.run_settings import Settings
    from pytest_query_snapshot.goldens.terminal_summary import Summary
    from pytest_query_snapshot.hooks.running_test import RunningTest
    from pytest_query_snapshot.recording.recorder import Recorder

_SETTINGS: pytest.StashKey[Settings] = pytest.StashKey()
_RECORDER: pytest.StashKey[Recorder] = pytest.StashKey()
_CONTEXT: pytest.StashKey[GoldenContext] = pytest.StashKey()
_FINISHED: pytest.StashKey[bool] = pytest.StashKey()
_REPORTED: pytest.StashKey[bool] = pytest.StashKey()
_SUMMARY: pytest.StashKey[Summary] = pytest.StashKey()


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hook that tells of comparisons."""
    from pytest_query_snapshot import hookspecs  # noqa: PLC0415  where pytest wants them

    pluginmanager.add_hookspecs(hookspecs)


def pytest_configure(config: pytest.Config) -> None:
    """Listen to the reports; complain early about dialects that are not known, and about risks of no update."""
    if config.option.accept_risks and not config.option.update_snapshots:
        raise pytest.UsageError("--accept-risks is for --snapshot-update; without it nothing is written")
    config.pluginmanager.register(_Listener(config), "query-snapshot-outcomes")
    unknown = set(config.getini("query_snapshot_compile_dialects"))
    if unknown:
        from pytest_query_snapshot.settings import COMPILE_DIALECTS  # noqa: PLC0415  only where it is set

        unknown.difference_update(COMPILE_DIALECTS)
    if unknown:
        known = ", ".join(COMPILE_DIALECTS)
        raise pytest.UsageError(
            f"query_snapshot_compile_dialects: {', '.join(sorted(unknown))}; known are {known}"
        )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Listen to new connections before any fixture opens one, if a test of the run compares."""
    if not session.config.option.collectonly and any(
        "golden" in getattr(item, "fixturenames", ()) for item in session.items
    ):
        recorder_of(session.config).install()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Keep goldens out of what syrupy takes for unused snapshots."""
    config = session.config
    folder = config.rootpath / config.getini("query_snapshot_dir")
    if not folder.is_dir():
        return (yield)
    from pytest_query_snapshot.goldens.storage.syrupy_bridge import hidden_from_syrupy  # noqa: PLC0415  see the module

    with hidden_from_syrupy(folder):
        return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop listening to engines."""
    if _RECORDER in config.stash:
        config.stash[_RECORDER].uninstall()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Send the outcomes of comparisons along with the report: it outlives a worker that crashes later."""
    report = yield
    if call.when == "call" and _CONTEXT in item.stash:
        item.stash[_FINISHED] = report.outcome == "passed"
        # a subtest has a report of its own before that of its test
        item.stash[_REPORTED] = item.stash.get(_REPORTED, False) or report.outcome == "failed"
        from pytest_query_snapshot.goldens.storage.golden_path import below  # noqa: PLC0415  loaded with the context

        root = item.config.rootpath
        report.query_snapshot_outcomes = [
            (below(each.path, root) or os.path.relpath(each.path, root), each.kind, each.dialect, each.outcome)
            for each in item.stash[_CONTEXT].files.comparisons
        ]
        report.query_snapshot_wrote_after = report.passed and item.stash[_CONTEXT].wrote_after_comparing()
    return report


class _Listener:
    """A counter of outcomes; a plugin of its own because the hook does not get the configuration."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take the outcomes that a report brings."""
        outcomes = getattr(report, "query_snapshot_outcomes", None)
        if outcomes:
            if _SUMMARY not in self._config.stash:
                from pytest_query_snapshot.goldens.terminal_summary import Summary  # noqa: PLC0415  see the module

                self._config.stash[_SUMMARY] = Summary()
            self._config.stash[_SUMMARY].add(outcomes)
            if report.query_snapshot_wrote_after:
                self._config.stash[_SUMMARY].wrote_after.append(report.nodeid)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print how many goldens were compared, changed and written, and which were not compared."""
    if _SUMMARY in config.stash:
        details = config.option.include_snapshot_details
        summary = config.stash[_SUMMARY]
        for line in summary.lines(root=config.rootpath, dialect=dialect_of(config), details=details):
            terminalreporter.write_line(line if line.startswith(" ") else f"query-snapshot: {line}")


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain what SQLAlchemy compares by itself, without asking the golden."""
    kind = type(left).__name__
    if op != "==" or not type(right).__module__.startswith(__package__.partition(".")[0]):
        return None
    if hasattr(type(left), "__clause_element__") or hasattr(left, "compile"):
        return [f"a {kind} makes a condition of ==: select it, or write {right!r} == .."]
    if kind not in {"AsyncEngine", "AsyncConnection"}:
        return None
    name = "sync_engine" if kind == "AsyncEngine" else "sync_connection"
    return [f"an {kind} compares only with its like: hand over its {name}, or write {right!r} == .."]


class Fixtures:
    """The fixture `golden`; a plugin of its own, so that it finds the test without asking for `request`."""

    def __init__(self, running: RunningTest) -> None:
        self._running = running

    @pytest.fixture
    def golden(self) -> Iterator[Golden]:
        """Compare rows, statements and states with golden files: `assert rows == golden`.

        It observes every engine that the test uses from here on: the plugin's fixtures, and the project's own. A
        test that takes it and compares nothing fails.
        """
        from pytest_query_snapshot.databases.modes import Isolation  # noqa: PLC0415  see the module
        from pytest_query_snapshot.databases.observed import listen_to_cursors, stop_listening  # noqa: PLC0415  see the module
        from pytest_query_snapshot.goldens.context import GoldenContext  # noqa: PLC0415
        from pytest_query_snapshot.goldens.golden import Golden  # noqa: PLC0415
        from pytest_query_snapshot.recording.cursor_observer import CursorObserver  # noqa: PLC0415

        item: Any = self._running.item
        context = item.stash[_CONTEXT] = GoldenContext(item, _settings(item.config))
        item.stash[_FINISHED] = item.stash[_REPORTED] = False
        recorder = context.recorder
        recorder.start(before_write=context.states.before_write)
        context.states.begin()
        listen_to_cursors(item, lambda database: CursorObserver(recorder, database.engine))
        yield Golden(context)
        stop_listening(item)
        for url in context.committed_elsewhere() if self._running.isolation is Isolation.SAVEPOINT else ():
            databases_hooks.note_other_database(item.config, url, test=item.nodeid)
        recorder.stop()
        context.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test that passed without comparing what it took, or whose failed comparison was caught."""
    result = yield
    if _SETTINGS in item.config.stash:
        from pytest_query_snapshot.goldens.left_side import dirty_sessions, pending_work  # noqa: PLC0415  see the module

        abandoned = item.config.stash[_SETTINGS].abandoned
        abandoned.update({session: pending_work(session) for session in dirty_sessions()})
    context = item.stash.get(_CONTEXT, None)
    if context is None:
        return result
    del item.stash[_CONTEXT]
    if item.stash[_FINISHED] and not item.stash[_REPORTED]:
        from pytest_query_snapshot.errors import GoldenError  # noqa: PLC0415  only in tests with a golden

        try:
            context.obligations.check()
        except GoldenError as error:
            pytest.fail(str(error), pytrace=False)
    return result


def is_counting(item: pytest.Item) -> Callable[[], bool]:
    """Return a function that says whether a statement of this moment is the test's own, and not a golden's."""
    context = item.stash.get(_CONTEXT, None)
    return context.is_recording if context is not None else lambda: True


def recorder_of(config: pytest.Config) -> Recorder:
    """Return the recorder of the run, made on first use."""
    if _RECORDER not in config.stash:
        from pytest_query_snapshot.recording.recorder import Recorder  # noqa: PLC0415  see the module

        config.stash[_RECORDER] = Recorder()
    return config.stash[_RECORDER]


def settings_in_use(config: pytest.Config) -> Settings | None:
    """Return the settings of goldens; None in a process that has compared none."""
    return config.stash.get(_SETTINGS, None)


def _settings(config: pytest.Config) -> Settings:
    if _SETTINGS not in config.stash:
        from pytest_query_snapshot.hooks.golden_settings import make_settings  # noqa: PLC0415  see the module

        config.stash[_SETTINGS] = make_settings(config, dialect=dialect_of(config), recorder=recorder_of(config))
    return config.stash[_SETTINGS]


def dialect_of(config: pytest.Config) -> str:
    """Name the database of this run."""
    url = config.getoption("--database-url", None)
    if url:
        name = str(url).partition(":")[0].partition("+")[0]
        return "postgresql" if name == "postgres" else name
    return config.getoption("--database", None) or "sqlite"
