"""Hooks and fixtures of the isolation mode `connections`; the rest is in databases/connections."""

from __future__ import annotations

import functools
import inspect
import json
import os
import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, NoReturn, cast

import pytest

from pytest_query_snapshot.hooks import databases as databases_hooks
from pytest_query_snapshot.hooks import goldens as goldens_hooks

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.connections.database import ConnectedDatabase
    from pytest_query_snapshot.databases.connections.run import ConnectionsRun
    from pytest_query_snapshot.databases.modes import Isolation
    from pytest_query_snapshot.databases.schema.build import Schema
    from pytest_query_snapshot.databases.target import DatabaseTarget

_RUN: pytest.StashKey[ConnectionsRun] = pytest.StashKey()
_FURTHER: pytest.StashKey[dict[str, Schema]] = pytest.StashKey()
_NOTES: pytest.StashKey[list[str]] = pytest.StashKey()
_ENTERED: pytest.StashKey[bool] = pytest.StashKey()
_ACTIVE: pytest.StashKey[bool] = pytest.StashKey()  # the running test is one of the mode
_PREPARING: pytest.StashKey[bool] = pytest.StashKey()
_OF_CONNECTIONS = ("query_snapshot_url_variables", "query_snapshot_databases")
_OUTPUT = "query_snapshot_notes"
_SHOWN_NOTES = 20
_LAYERS = "query-snapshot-layers"
_LOADING = "_query_snapshot_connections"
# tells the workers of xdist, before they import anything of the project, which server and run they belong to
_WORKERS = "PYTEST_QUERY_SNAPSHOT_WORKERS"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the environment variables before a conftest file imports the application."""
    _set_up(early_config)


def pytest_configure(config: pytest.Config) -> None:
    """Do the same where the plugin was not loaded early enough; refuse further databases that nothing reaches."""
    _set_up(config)
    further = config.getini("query_snapshot_databases")
    if further and not _undoes_nothing(config):
        from pytest_query_snapshot.databases.connections.variables import URLVariables  # noqa: PLC0415  see the module
        from pytest_query_snapshot.databases.process import labelled_sources  # noqa: PLC0415
        from pytest_query_snapshot.errors import ConfigurationError  # noqa: PLC0415

        try:
            URLVariables(config.getini("query_snapshot_url_variables")).check_labels(labelled_sources(further))
        except ConfigurationError as error:
            raise pytest.UsageError(str(error)) from error


@pytest.hookimpl(optionalhook=True, trylast=True)  # when the server has started
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Leave a note for the workers, which read it before xdist has sent them anything."""
    target = databases_hooks.target_of(config)
    os.environ[_WORKERS] = json.dumps({"pid": os.getpid(), "run": target.run, "server": target.start()})


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of the tests' database in the isolation mode `connections`; what tests write is put back."""
    return _run(request.config).main.url.render_as_string(hide_password=False)


@pytest.fixture
def _query_snapshot_connections(request: pytest.FixtureRequest) -> ConnectedDatabase:
    """Load the seeds of a test of the mode, before its own fixtures and after wider ones."""
    from pytest_query_snapshot.databases.observed import add_test_database  # noqa: PLC0415  see hooks/databases.py

    item: Any = request.node
    run = _prepared(request)
    run.load_seeds(databases_hooks.process_databases_of(item.config).seeds_of(item))
    for database in run.databases:
        add_test_database(item, database)
    item.stash[databases_hooks.CONNECTED] = run.main
    return run.main


def begin_test(item: Any, mode: Isolation) -> None:
    """Begin a test of any mode. Raises ConfigurationError."""
    if mode == "connections":
        _use_loading_fixture(item)
        item.stash[_ENTERED] = item.config.stash[_ACTIVE] = True
        _run(item.config).begin_test(item.nodeid)
    elif mode == "savepoint":
        if _RUN in item.config.stash:
            _run(item.config).refuse_use(refused=True)
        if "database_url" in getattr(item, "fixturenames", ()):
            from pytest_query_snapshot.errors import ConfigurationError  # noqa: PLC0415  only for an error

            raise ConfigurationError(
                f"{item.nodeid}: database_url leads to real connections, which only the isolation mode "
                'connections puts back; mark the test with isolation("connections")'
            )


def _use_loading_fixture(item: Any) -> None:
    """Let a test use the fixture that loads its seeds, before the first other one of its own scope.

    The fixture is not an automatic one, which would take time in tests of other modes, and in every project.
    """
    names = getattr(item, "fixturenames", None)
    if names is None or _LOADING in names:
        return
    known = item._fixtureinfo.name2fixturedefs  # noqa: SLF001  no public way to the scopes
    scopes = (known[name][-1].scope if known.get(name) else "function" for name in names)
    names.insert(next((at for at, scope in enumerate(scopes) if scope == "function"), len(names)), _LOADING)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Put the database back when all fixtures of a test have ended. Raises DatabaseLeakError."""
    if _RUN in item.config.stash:  # fixtures of wider scopes may end with the test
        _run(item.config).refuse_use(refused=False)
    try:
        return (yield)
    finally:
        if item.stash.get(_ENTERED, False):
            del item.stash[_ENTERED]
            item.config.stash[_ACTIVE] = False
            _run(item.config).end_test()


def _failing(fixturedef: pytest.FixtureDef[Any], error: Exception) -> Generator[None, Any, Any]:
    """Let the fixture raise an error: pytest keeps it for the other tests, in a form that its versions change."""

    def fail(*_: Any, **__: Any) -> NoReturn:
        raise error

    kept: Any = fixturedef.func
    cast("Any", fixturedef).func = fail
    try:
        return (yield)
    finally:
        cast("Any", fixturedef).func = kept


class _Layers:
    """Keeps what fixtures write; a plugin of its own: without the mode, it would be called for each fixture."""

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, Any, Any]:
        """Make what a fixture of a wider scope writes part of the state that tests start from."""
        if not request.config.stash.get(_ACTIVE, False):
            return (yield)
        if fixturedef.scope == "function" or not _may_write(fixturedef, request):
            return _watch_loop(fixturedef, request, (yield))
        try:
            run = _prepared(request)
            depths = run.begin_layer()
        except Exception as error:  # noqa: BLE001  the fixture raises it
            return (yield from _failing(fixturedef, error))
        fixturedef.addfinalizer(lambda: run.drop_layer(depths))  # runs after the fixture's own
        result = yield
        run.end_layer(fixturedef.argname)
        return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop the database."""
    config = session.config
    notes = config.stash.setdefault(_NOTES, [])
    run = config.stash.get(_RUN, None)
    if run is not None:
        del config.stash[_RUN]
        for url, test in run.others.items():
            databases_hooks.note_other_database(config, url, test=test)
        notes += run.finish()
    if hasattr(config, "workeroutput"):
        config.workeroutput[_OUTPUT] = notes


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over the notes of an xdist worker."""
    node.config.stash.setdefault(_NOTES, []).extend(getattr(node, "workeroutput", {}).get(_OUTPUT, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Report what tests left behind, and that mode `none` undoes nothing."""
    if _undoes_nothing(config):
        unused = [name for name in _OF_CONNECTIONS if config.getini(name)]
        terminalreporter.write_line(
            "query-snapshot: isolation mode none: nothing that tests do is undone"
            + (f"; {' and '.join(unused)} have no effect" if unused else "")
        )
    notes = config.stash.get(_NOTES, [])
    for note in notes[:_SHOWN_NOTES]:
        terminalreporter.write_line(f"query-snapshot: {note}", yellow=True)
    if len(notes) > _SHOWN_NOTES:
        terminalreporter.write_line(f"query-snapshot: and {len(notes) - _SHOWN_NOTES} more")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop the database of a run that ended before its session did."""
    run = config.stash.get(_RUN, None)
    if run is not None:
        del config.stash[_RUN]
        run.finish()


def _undoes_nothing(config: pytest.Config) -> bool:
    mode: str = config.getoption("--isolation") or config.getini("query_snapshot_isolation")
    return mode == "none"


def _prepared(request: pytest.FixtureRequest) -> ConnectionsRun:
    """Return the databases with the schema of the project in the main one."""
    stash = request.config.stash
    stash[_PREPARING] = True
    try:
        schema = request.getfixturevalue("query_snapshot_schema")
        options = request.getfixturevalue("query_snapshot_engine_options")
    finally:
        stash[_PREPARING] = False
    run = _run(request.config)
    run.prepare(schema, engine_options=options, further=_further_schemas(request.config))
    goldens_hooks.recorder_of(request.config).listen_to_drivers(run.hears)
    return run


def _further_schemas(config: pytest.Config) -> dict[str, Schema]:
    """Return the schemas of further databases: the same objects for the whole run."""
    if _FURTHER not in config.stash:
        from pytest_query_snapshot.databases.process import further_schemas  # noqa: PLC0415  see hooks/databases.py

        config.stash[_FURTHER] = further_schemas(config)
    return config.stash[_FURTHER]


def _may_write(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> bool:
    """Return whether a fixture is one of the project's and not one that the schema is made with."""
    if request.config.stash.get(_PREPARING, False):
        return False
    function: Any = fixturedef.func
    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return False
    from pytest_query_snapshot.databases.project_line import is_project  # noqa: PLC0415  see hooks/databases.py

    if not is_project(code.co_filename):
        return False
    return fixturedef.argname not in _names_of_schema(request)


def _names_of_schema(request: pytest.FixtureRequest) -> set[str]:
    """Return the names of the fixtures that the schema depends on: they run before there is a database."""
    pending = ["query_snapshot_schema", "query_snapshot_engine_options"]
    found: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            for each in request._fixturemanager.getfixturedefs(name, request.node) or ():  # noqa: SLF001  no public way
                pending += each.argnames
    return found


def _watch_loop(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest, value: Any) -> Any:
    """Close async connections before a fixture closes the event loop that they belong to."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None and isinstance(value, (asyncio.Runner, asyncio.AbstractEventLoop)):
        run = _run(request.config)
        fixturedef.addfinalizer(lambda: run.close_async(value))  # runs before the fixture's own
    return value


def _set_up(config: pytest.Config) -> None:
    """Fix the URL of the database, if this run needs it before its first test."""
    if _RUN in config.stash or not _is_wanted(config):
        return
    from pytest_query_snapshot.errors import ConfigurationError  # noqa: PLC0415  see hooks/databases.py

    try:
        _run(config)
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from error


def _is_wanted(config: pytest.Config) -> bool:
    option = databases_hooks.option_of(config, "isolation") or config.getini("query_snapshot_isolation")
    return option == "connections" or (option != "none" and bool(config.getini("query_snapshot_url_variables")))


def _run(config: pytest.Config) -> ConnectionsRun:
    if _RUN not in config.stash:
        from pytest_query_snapshot.databases.connections.run import ConnectionsRun  # noqa: PLC0415  see the module
        from pytest_query_snapshot.databases.connections.variables import URLVariables  # noqa: PLC0415

        variables = URLVariables(config.getini("query_snapshot_url_variables"))
        target = _target(config)
        own = target is not databases_hooks.target_of(config)
        config.stash[_RUN] = ConnectionsRun(target, variables, stop=target.stop if own else lambda: None)
        if not config.pluginmanager.has_plugin(_LAYERS):
            config.pluginmanager.register(_Layers(), _LAYERS)
    return config.stash[_RUN]


def _target(config: pytest.Config) -> DatabaseTarget:
    """Return the server of the run, or another one if tests of the mode `savepoint` keep a transaction open there.

    An open transaction makes every reset on the same server slower, and more so with time.
    """
    from pytest_query_snapshot.databases.modes import Isolation, parse_isolation  # noqa: PLC0415  see the module

    shared = databases_hooks.target_of(config, workerinput=_note_for_worker())
    mode = databases_hooks.option_of(config, "isolation") or config.getini("query_snapshot_isolation")
    alone = parse_isolation(mode, source="query_snapshot_isolation") is Isolation.CONNECTIONS
    return shared if alone or shared.kind != "postgresql" or shared.given else shared.with_own_server()


def _note_for_worker() -> dict[str, Any] | None:
    """Read the note of the controller, if this process is one of its workers."""
    note = json.loads(os.environ.get(_WORKERS, "null"))
    if note is None or note["pid"] != os.getppid() or "PYTEST_XDIST_WORKER" not in os.environ:
        return None
    return {
        "workerid": os.environ["PYTEST_XDIST_WORKER"],
        "query_snapshot_run": note["run"],
        "query_snapshot_server": note["server"],
    }
