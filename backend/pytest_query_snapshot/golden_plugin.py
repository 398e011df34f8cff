"""Options, hooks and fixtures of goldens; nothing heavy is imported before a test compares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_query_snapshot.bench import DatabaseBench, Settings
    from pytest_query_snapshot.golden import Golden

_SETTINGS: pytest.StashKey[Settings] = pytest.StashKey()
_BENCHES: pytest.StashKey[dict[int, DatabaseBench]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options and settings of goldens."""
    group = parser.getgroup("query-snapshot", "golden files for SQL")
    group.addoption(
        "--snapshot-update-in-ci",
        action="store_true",
        help="let --snapshot-update write goldens although CI is set",
    )
    parser.addini("query_snapshot_dir", "the folder of the golden files", default="__snapshots__")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hook that tells of comparisons."""
    from pytest_query_snapshot import hookspecs  # noqa: PLC0415  where pytest wants them

    pluginmanager.add_hookspecs(hookspecs)


def pytest_configure(config: pytest.Config) -> None:
    """Keep the discovery of other snapshots away from goldens, which it would call unused, and delete."""
    option: Any = config.option
    ignored = list(getattr(option, "ignore_file_extensions", None) or [])
    option.ignore_file_extensions = [*ignored, "md", "sql", "txt"]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Iterator[Golden]:
    """Compare rows, statements and states with golden files: `assert rows == golden`."""
    from pytest_query_snapshot.bench import TestBench, needs_baseline  # noqa: PLC0415  see the module
    from pytest_query_snapshot.golden import Golden  # noqa: PLC0415

    item: Any = request.node
    settings = _settings(item.config)
    if "isolated_database" not in request.fixturenames:
        yield Golden(TestBench(item, settings, None))
        return
    shared = _shared(item.config, request.getfixturevalue("isolated_database"))
    bench = TestBench(item, settings, shared)
    shared.recorder.entries.clear()
    shared.database.cursor_observer = shared.recorder.observe
    if needs_baseline(item):
        bench.begin_step()
    yield Golden(bench)
    shared.database.cursor_observer = None
    shared.recorder.entries.clear()


def _shared(config: pytest.Config, database: Any) -> DatabaseBench:
    from pytest_query_snapshot.bench import DatabaseBench  # noqa: PLC0415  see the module

    benches = config.stash.setdefault(_BENCHES, {})
    found = benches.get(id(database))
    if found is None:
        found = benches[id(database)] = DatabaseBench(database)
    return found


def _settings(config: pytest.Config) -> Settings:
    if _SETTINGS not in config.stash:
        from pytest_query_snapshot.bench import Settings  # noqa: PLC0415  see the module
        from pytest_query_snapshot.layouts import Layouts  # noqa: PLC0415

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
            dialect=_dialect(config),
            publish=lambda comparison: publish(config=config, comparison=comparison),
            layouts=Layouts(config.rootpath / ".query_snapshot" / "layouts"),
        )
    return config.stash[_SETTINGS]


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}


def _dialect(config: pytest.Config) -> str:
    url = config.getoption("--database-url", None)
    if url:
        name = str(url).partition(":")[0].partition("+")[0]
        return "postgresql" if name == "postgres" else name
    return config.getoption("--database", None) or "sqlite"
