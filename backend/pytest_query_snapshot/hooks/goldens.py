"""Options, hooks and fixtures of goldens; nothing heavy is imported before a test compares."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_query_snapshot.goldens.context import DatabaseBench, Settings, TestBench
    from pytest_query_snapshot.goldens.golden import Golden
    from pytest_query_snapshot.goldens.terminal_summary import Summary

_SETTINGS: pytest.StashKey[Settings] = pytest.StashKey()
_BENCH: pytest.StashKey[TestBench] = pytest.StashKey()
_SUMMARY: pytest.StashKey[Summary] = pytest.StashKey()
_BENCHES: pytest.StashKey[dict[int, DatabaseBench]] = pytest.StashKey()


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hook that tells of comparisons."""
    from pytest_query_snapshot import hookspecs  # noqa: PLC0415  where pytest wants them

    pluginmanager.add_hookspecs(hookspecs)


def pytest_configure(config: pytest.Config) -> None:
    """Keep the discovery of other snapshots away from goldens, which it would call unused, and delete."""
    option: Any = config.option
    ignored = list(getattr(option, "ignore_file_extensions", None) or [])
    option.ignore_file_extensions = [*ignored, "md", "sql", "txt"]
    config.pluginmanager.register(_Listener(config), "query-snapshot-outcomes")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Send the outcomes of comparisons along with the report: it outlives a worker that crashes later."""
    report = yield
    if call.when == "call" and _BENCH in item.stash:
        report.query_snapshot_outcomes = item.stash[_BENCH].outcomes
    return report


class _Listener:
    """Adds up the outcomes; a plugin of its own because the hook is not told the configuration."""

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


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many goldens were compared, changed and written, and which nobody looked at."""
    if _SUMMARY in config.stash:
        details = config.option.include_snapshot_details
        summary = config.stash[_SUMMARY]
        for line in summary.lines(root=config.rootpath, dialect=dialect_of(config), details=details):
            terminalreporter.write_line(line if line.startswith(" ") else f"query-snapshot: {line}")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Iterator[Golden]:
    """Compare rows, statements and states with golden files: `assert rows == golden`."""
    from pytest_query_snapshot.goldens.context import TestBench, needs_baseline  # noqa: PLC0415  see the module
    from pytest_query_snapshot.goldens.golden import Golden  # noqa: PLC0415

    item: Any = request.node
    settings = _settings(item.config)
    if "isolated_database" not in request.fixturenames:
        item.stash[_BENCH] = TestBench(item, settings, None)
        yield Golden(item.stash[_BENCH])
        return
    shared = _shared(item.config, request.getfixturevalue("isolated_database"))
    bench = item.stash[_BENCH] = TestBench(item, settings, shared)
    shared.recorder.entries.clear()
    shared.database.cursor_observer = shared.recorder.observe
    if needs_baseline(item):
        bench.begin_step()
    yield Golden(bench)
    shared.database.cursor_observer = None
    shared.recorder.entries.clear()


def _shared(config: pytest.Config, database: Any) -> DatabaseBench:
    from pytest_query_snapshot.goldens.context import DatabaseBench  # noqa: PLC0415  see the module

    benches = config.stash.setdefault(_BENCHES, {})
    found = benches.get(id(database))
    if found is None:
        found = benches[id(database)] = DatabaseBench(database, masks=_settings(config).masks)
    return found


def _settings(config: pytest.Config) -> Settings:
    if _SETTINGS not in config.stash:
        from pytest_query_snapshot.goldens.context import Settings  # noqa: PLC0415  see the module
        from pytest_query_snapshot.goldens.format_version import read_version  # noqa: PLC0415
        from pytest_query_snapshot.sql.format_cache import FormattedSqlCache  # noqa: PLC0415
        from pytest_query_snapshot.values.masks import Masks  # noqa: PLC0415

        option: Any = config.option
        testpaths = config.getini("testpaths")
        publish = config.hook.pytest_query_snapshot_compared
        config.stash[_SETTINGS] = Settings(
            root=config.rootpath,
            folder=config.rootpath / config.getini("query_snapshot_dir"),
            tests=config.rootpath / testpaths[0] if len(testpaths) == 1 else config.rootpath,
            update=option.update_snapshots,
            new_only=option.update_new_snapshots_only,
            refused=_in_ci() and not option.snapshot_update_in_ci,
            dialect=dialect_of(config),
            publish=lambda comparison: publish(config=config, comparison=comparison),
            format_version=read_version(config.rootpath, config.getini("query_snapshot_dir")),
            masks=Masks(config.getini("query_snapshot_mask")),
            layouts=FormattedSqlCache(config.rootpath / ".query_snapshot" / "layouts", dialect=dialect_of(config)),
            tenant_columns=tuple(config.getini("query_snapshot_tenant_columns")),
        )
    return config.stash[_SETTINGS]


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}


def dialect_of(config: pytest.Config) -> str:
    """Name the database of this run."""
    url = config.getoption("--database-url", None)
    if url:
        name = str(url).partition(":")[0].partition("+")[0]
        return "postgresql" if name == "postgres" else name
    return config.getoption("--database", None) or "sqlite"
