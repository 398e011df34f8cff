"""Options and fixtures of the databases; everything heavy is imported by the first test that needs it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from pytest_query_snapshot.hooks.running_test import running_test_of

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
    from sqlalchemy.orm import Session

    from pytest_query_snapshot.databases.connections.database import ConnectedDatabase
    from pytest_query_snapshot.databases.isolation import IsolatedDatabase
    from pytest_query_snapshot.databases.process import ProcessDatabases
    from pytest_query_snapshot.databases.servers.scratch import ScratchDatabase
    from pytest_query_snapshot.databases.target import DatabaseTarget
    from pytest_query_snapshot.hooks.running_test import RunningTest

_LEAKS: pytest.StashKey[list[str]] = pytest.StashKey()
_MODE_NOTES: pytest.StashKey[list[str]] = pytest.StashKey()
_OUTPUT = "query_snapshot_leaks"
_MODE_OUTPUT = "query_snapshot_mode_notes"
_ERRORS = "pytest_query_snapshot.errors"
_DATABASES: pytest.StashKey[ProcessDatabases] = pytest.StashKey()
_TARGET: pytest.StashKey[DatabaseTarget] = pytest.StashKey()
CONNECTED: pytest.StashKey[ConnectedDatabase] = pytest.StashKey()
"""The database of a test of the isolation mode `connections`."""
_OVERRIDABLE = ("query_snapshot_schema", "query_snapshot_engine_options")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker; complain early about options that can't work."""
    config.addinivalue_line(
        "markers",
        "seed(*names): the seed files the test's database holds: seed('agents') is agents.sql in the seed folder",
    )
    config.addinivalue_line(
        "markers",
        "isolation(mode): run the test in the mode 'savepoint', 'connections' or 'none', not in the run's",
    )
    from pytest_query_snapshot.databases.modes import isolation_of_run  # noqa: PLC0415  see the module
    from pytest_query_snapshot.errors import ConfigurationError  # noqa: PLC0415

    try:
        isolation_of_run(config)
        if config.getoption("--database-url"):
            target_of(config)
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from error
    if option_of(config, "database") == "postgresql" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_ServerLauncher(config), "query-snapshot-server")


class _ServerLauncher:
    """Starts the server at the first test that needs it, beside the collection of the others."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Start the server if the test works in it."""
        if "isolated_database" not in getattr(item, "fixturenames", ()) or self._config.option.collectonly:
            return
        from pytest_query_snapshot.databases.modes import Isolation, isolation_of  # noqa: PLC0415  see the module
        from pytest_query_snapshot.errors import QuerySnapshotError  # noqa: PLC0415

        with suppress(QuerySnapshotError):  # the test says so
            if isolation_of(item) is Isolation.SAVEPOINT:
                self._config.pluginmanager.unregister(self)
                target_of(self._config).launch()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Start the server before the workers: a run whose server can't start leaves none behind."""
    from pytest_query_snapshot.errors import QuerySnapshotError  # noqa: PLC0415  see the module

    try:
        target_of(config).start()
    except QuerySnapshotError as error:
        raise pytest.UsageError(str(error)) from error


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Send an xdist worker the server that the run shares."""
    target = target_of(node.config)
    node.workerinput["query_snapshot_run"] = target.run
    node.workerinput["query_snapshot_server"] = target.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    target = config.stash.get(_TARGET, None)
    if target is not None:
        target.stop()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Find a fixture of a conftest.py whose name is like that of one to override: nothing would ask for it."""
    config = session.config
    found = {name: value for plugin in config.pluginmanager.get_plugins() for name, value in vars(plugin).items()}
    for name, value in found.items():
        if name.startswith("query_snapshot_") and name not in _OVERRIDABLE and _is_fixture(value):
            import difflib  # noqa: PLC0415  only for an error

            near = difflib.get_close_matches(name, _OVERRIDABLE, n=1, cutoff=0.0)[0]
            running_test_of(config).misspelt = f"fixture {name}: there is none to override; did you mean {near}?"


def _is_fixture(value: object) -> bool:
    return type(value).__name__ == "FixtureFunctionDefinition" or hasattr(
        value, "_pytestfixturefunction"
    )  # before 8.4


@pytest.fixture(scope="session")
def query_snapshot_schema(request: pytest.FixtureRequest) -> sa.MetaData | Callable[[sa.Connection], None]:
    """Return what the database of the tests holds: metadata, or a function that builds the schema on a connection.

    Override it in a conftest.py when one setting is not enough: raw DDL, views, migrations.
    """
    from pytest_query_snapshot.databases.modes import Isolation, isolation_of_run  # noqa: PLC0415  see the module
    from pytest_query_snapshot.databases.process import configured  # noqa: PLC0415

    config = request.config
    named = config.getini("query_snapshot_metadata") or config.getini("query_snapshot_alembic")
    if not named and isolation_of_run(config) is Isolation.CONNECTIONS:
        from pytest_query_snapshot.databases.connections.run import no_schema  # noqa: PLC0415

        return no_schema  # the project has fixtures or migrations for it
    return configured(config)


@pytest.fixture(scope="session")
def query_snapshot_engine_options() -> dict[str, Any]:
    """Override to give the isolated engine options of `create_engine`, such as a `json_serializer`."""
    return {}


class Fixtures:
    """The fixtures of one test; a plugin of its own, so that they find the test without asking for `request`."""

    def __init__(self, running: RunningTest) -> None:
        self._running = running

    @pytest.fixture
    def isolated_database(
        self,
        query_snapshot_schema: sa.MetaData | Callable[[sa.Connection], None],
        query_snapshot_engine_options: dict[str, Any],
    ) -> Iterator[IsolatedDatabase | ConnectedDatabase]:
        """Provide the test's database, seeded by its `seed` markers; everything that the test does is undone."""
        from pytest_query_snapshot.databases.modes import Isolation  # noqa: PLC0415  see the module
        from pytest_query_snapshot.databases.observed import add_test_database  # noqa: PLC0415

        item = self._running.item
        if CONNECTED in item.stash:
            yield item.stash[CONNECTED]
            return
        if self._running.isolation is Isolation.NONE:
            from pytest_query_snapshot.errors import ConfigurationError  # noqa: PLC0415  only for an error

            raise ConfigurationError(
                "isolation mode none: the plugin provides no database; compare with a session or engine of the "
                'project, or mark the test with isolation("savepoint")'
            )
        databases = process_databases_of(self._running.config)
        database = databases.isolated(query_snapshot_schema, engine_options=query_snapshot_engine_options)
        database.begin_test(databases.seeds_of(item), test=item.nodeid)
        add_test_database(item, database)
        try:
            yield database
        finally:
            database.end_test()

    @pytest.fixture
    def engine(self, isolated_database: IsolatedDatabase | ConnectedDatabase) -> sa.Engine:
        """Give the engine whose connections all work inside the test's transaction."""
        return isolated_database.engine

    @pytest.fixture
    def session(self, isolated_database: IsolatedDatabase | ConnectedDatabase) -> Iterator[Session]:
        """Give an ORM session on the isolated engine."""
        from sqlalchemy.orm import Session  # noqa: PLC0415  see the module

        session = Session(isolated_database.engine)
        try:
            yield session
        finally:
            isolated_database.freeze()
            session.close()

    @pytest.fixture
    def async_engine(self, isolated_database: IsolatedDatabase | ConnectedDatabase) -> AsyncEngine:
        """Give the isolated engine to async code; it shares the test's transaction with `engine`."""
        return isolated_database.async_engine

    @pytest.fixture
    def async_session(self, isolated_database: IsolatedDatabase | ConnectedDatabase) -> Iterator[AsyncSession]:
        """Give an async ORM session on the isolated engine."""
        from sqlalchemy.ext.asyncio import AsyncSession  # noqa: PLC0415  see the module

        session = AsyncSession(isolated_database.async_engine)
        try:
            yield session
        finally:
            isolated_database.freeze()
            isolated_database.close_async_session(session)

    @pytest.fixture
    def scratch_database(
        self,
        tmp_path: Path,
        query_snapshot_schema: sa.MetaData | Callable[[sa.Connection], None],
    ) -> Iterator[ScratchDatabase]:
        """Give a real database of the test's own, with the schema and seeds, for several connections or processes.

        In the isolation mode `connections` every database is real: this is then another name for the test's own.
        """
        item = self._running.item
        if CONNECTED in item.stash:
            import warnings  # noqa: PLC0415  only for those who mix both

            from pytest_query_snapshot.databases.servers.scratch import ScratchDatabase  # noqa: PLC0415

            text = "the isolation mode connections needs it no more; take `engine` or `database_url`"
            warnings.warn(f"scratch_database: {text}", DeprecationWarning, stacklevel=2)
            alias = ScratchDatabase(item.stash[CONNECTED].url, lambda: None)
            yield alias
            alias.close()
            return
        databases = process_databases_of(self._running.config)
        made = databases.scratch(query_snapshot_schema, databases.seeds_of(item), folder=tmp_path)
        try:
            yield made
        finally:
            made.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Show what is wrong with a setting or a seed without the frames that found it."""
    report = yield
    if call.when != "call" and call.excinfo is not None and type(call.excinfo.value).__module__ == _ERRORS:
        report.longrepr = call.excinfo.getrepr(style="value", chain=False)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what an xdist worker found at its end."""
    output = getattr(node, "workeroutput", {})
    node.config.stash.setdefault(_LEAKS, []).extend(output.get(_OUTPUT, []))
    node.config.stash.setdefault(_MODE_NOTES, []).extend(output.get(_MODE_OUTPUT, []))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Prove that the databases are as they were before the first test."""
    config = session.config
    leaks = config.stash.setdefault(_LEAKS, [])
    databases = config.stash.get(_DATABASES, None)
    if databases is not None:
        del config.stash[_DATABASES]
        leaks += databases.finish()
        config.stash.setdefault(_MODE_NOTES, []).extend(databases.notes())
    if hasattr(config, "workeroutput"):
        config.workeroutput[_OUTPUT] = leaks
        config.workeroutput[_MODE_OUTPUT] = config.stash.get(_MODE_NOTES, [])
    if leaks:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Report what leaked, and what the mode of isolation stands in for."""
    notes = config.stash.get(_MODE_NOTES, [])
    for note in dict.fromkeys(notes):
        terminalreporter.write_line(f"query-snapshot: {note}", yellow=True)
    for leak in config.stash.get(_LEAKS, []):
        terminalreporter.write_line(f"query-snapshot: {leak}", red=True)


def note_other_database(config: pytest.Config, url: sa.URL, *, test: str) -> None:
    """Take note that a test works on a database of the project that the plugin does not put back."""
    from pytest_query_snapshot.databases.target import PREFIX  # noqa: PLC0415  see the module

    factory = getattr(config, "_tmp_path_factory", None)  # no public way without making the folder
    temporary = getattr(factory, "_basetemp", None)
    # what lies in pytest's own folder goes with the run, as do databases that the plugin made for it
    passing = (PREFIX, PREFIX if temporary is None else str(temporary))
    if not str(url.database).startswith(passing):
        notes = config.stash.setdefault(_MODE_NOTES, [])
        begin = f"nothing that tests did in {url!r} is undone"
        if not any(note.startswith(begin) for note in notes):
            notes.append(
                f"{begin} (first: {test}); name its variable in query_snapshot_url_variables and choose the "
                "isolation mode connections, or choose the mode none if the project undoes it"
            )


def process_databases_of(config: pytest.Config) -> ProcessDatabases:
    """Return the databases of this process."""
    if _DATABASES not in config.stash:
        from pytest_query_snapshot.databases.process import ProcessDatabases  # noqa: PLC0415  see the module

        config.stash[_DATABASES] = ProcessDatabases(config, target_of(config))
    return config.stash[_DATABASES]


def target_of(config: pytest.Config, *, workerinput: Mapping[str, Any] | None = None) -> DatabaseTarget:
    """Return the database that the options of the run name; `workerinput` where xdist has not set it yet."""
    if _TARGET not in config.stash:
        from pytest_query_snapshot.databases.target import choose  # noqa: PLC0415  see the module

        config.stash[_TARGET] = choose(
            option_of(config, "database"),
            option_of(config, "database_url"),
            getattr(config, "workerinput", workerinput),
            folder=config.invocation_params.dir,
            listens=bool(config.getini("query_snapshot_url_variables")),
        )
    return config.stash[_TARGET]


def option_of(config: pytest.Config, name: str) -> Any:
    """Return an option, also before conftest files are imported, when only known arguments are parsed."""
    return getattr(config.option, name, None) or getattr(config.known_args_namespace, name, None)
