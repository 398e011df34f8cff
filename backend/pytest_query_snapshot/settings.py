"""The settings and options, each declared once: pytest, the command line and the reference read these tables."""

from __future__ import annotations

import difflib
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pytest_query_snapshot.errors import ConfigurationError
from pytest_query_snapshot.setting_values import wrong_value

TENANT_COLUMNS = ("workspace_id", "tenant_id")
"""Columns that keep one customer's rows from another's, unless the project names its own."""
PREFIX = "query_snapshot_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the pytest configuration; ``args`` are words, ``linelist`` is one value a line."""

    name: str
    help: str
    default: str | tuple[str, ...] = ""
    type: Literal["string", "args", "linelist"] = "string"
    since: str = "0.1"
    old_name: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of the pytest command."""

    name: str
    help: str
    choices: tuple[str, ...] = ()
    default: str | None = None
    metavar: str = ""
    flag: bool = False
    since: str = "0.1"
    old_name: str = ""


SETTINGS = (
    Setting(
        "query_snapshot_metadata",
        "the SQLAlchemy metadata whose tables the tests get, as 'package.module:Base.metadata'; several with "
        "spaces between them (without metadata: override the query_snapshot_schema fixture)",
    ),
    Setting(
        "query_snapshot_alembic",
        "the alembic.ini whose migrations make the schema of the tests' database; env.py stays as it is",
        since="0.2",
    ),
    Setting("query_snapshot_dir", "the folder of the golden files", default="__snapshots__"),
    Setting("query_snapshot_seeds", "the folder of the seed files", default="fixtures_sql"),
    Setting(
        "query_snapshot_mask",
        "columns whose values differ from run to run, as table.column with * for anything: NULL stays, "
        "everything else reads <timestamp> (or <text>, .. by its type)",
        type="linelist",
        default=(),
    ),
    Setting(
        "query_snapshot_compile_dialects",
        "the dialects that `select(..) == golden.sql` compiles for: sqlite, postgresql, mysql, mssql, oracle "
        "(default: that of the run)",
        type="args",
        default=(),
        since="0.2",
    ),
    Setting(
        "query_snapshot_tenant_columns",
        "columns that keep one customer's rows from another's; losing a filter on one is a risk",
        type="args",
        default=TENANT_COLUMNS,
    ),
    Setting(
        "query_snapshot_query_hazards",
        "what --query-hazards does when it is not given: off, report or fail",
        default="off",
        since="0.2",
        old_name="query_snapshot_hazards",
    ),
    Setting(
        "query_snapshot_allowed_hazards",
        "hazards that are allowed everywhere: a kind, or one relationship or table of it, 'n+1:Agent.executions'",
        type="linelist",
        default=(),
        since="0.2",
    ),
    Setting(
        "query_snapshot_unbounded_tables",
        "tables that grow without end: a SELECT of one needs a filter of its own, or a LIMIT",
        type="args",
        default=(),
        since="0.2",
        old_name="query_snapshot_growing_tables",
    ),
    Setting(
        "query_snapshot_isolation",
        "savepoint, connections or none: the isolation of tests without a marker of their own",
        default="savepoint",
        since="0.2",
    ),
    Setting(
        "query_snapshot_databases",
        "further databases in the mode connections, each with its schema, as 'audit = app.audit:Base.metadata' or "
        "'audit = audit/alembic.ini'; 'AUDIT_URL=@audit' in query_snapshot_url_variables names its variable",
        type="linelist",
        default=(),
        since="0.2",
    ),
    Setting(
        "query_snapshot_url_variables",
        "environment variables that get the URL of the tests' database before conftest files are imported, "
        "as 'NAME', 'NAME=postgresql+asyncpg' for a driver or 'NAME={host}' for a part of it: {host}, {port}, "
        "{user}, {password}, {database} (mode connections)",
        type="linelist",
        default=(),
        since="0.2",
    ),
)
OPTIONS = (
    Option(
        "--database",
        "the database of the tests: SQLite in memory (default), or a PostgreSQL server started for this run",
        choices=("sqlite", "postgresql"),
    ),
    Option(
        "--database-url",
        "run on this database (SQLAlchemy URL, sqlite or postgresql); it is left exactly as it was",
        metavar="URL",
    ),
    Option(
        "--isolation",
        "how tests are kept apart: savepoint (one connection, rolled back), connections (the application's "
        "own engines and real commits, put back afterwards), none (recorded and compared only)",
        choices=("savepoint", "connections", "none"),
        since="0.2",
    ),
    Option(
        "--accept-risks",
        "let --snapshot-update write changes that are risks too; without it they are left for review",
        flag=True,
        since="0.2",
    ),
    Option(
        "--compare-all",
        "run each test to its end although a comparison failed, so that all its goldens are compared",
        flag=True,
        since="0.2",
    ),
    Option("--snapshot-update-in-ci", "let --snapshot-update write goldens although CI is set", flag=True),
    Option(
        "--query-hazards",
        "N+1 loads, SELECTs in a loop, cartesian products, LIMIT without ORDER BY, unbounded SELECTs of a "
        "growing table: list them at the end, or fail the test (default: off)",
        choices=("off", "report", "fail"),
    ),
    Option(
        "--row-order",
        "insert the rows of the seeds in another order: a test that fails only then depends on it",
        choices=("seed", "reversed", "shuffled"),
        default="seed",
        since="0.2",
        old_name="--insertion-order",
    ),
)


def misspelt_setting(names: Mapping[str, object]) -> str | None:
    """Return a message about the first key that looks like a setting and is not one."""
    known = [name for setting in SETTINGS for name in (setting.name, setting.old_name) if name]
    for name in names:
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            return f"{name}: unknown setting; did you mean {near[0]}?"
    return None


COMPILE_DIALECTS = ("sqlite", "postgresql", "mysql", "mssql", "oracle")
"""The dialects that statements can be compiled for without a database."""


@dataclass(frozen=True, slots=True)
class Project:
    """The settings that the command line needs; paths are relative to ``root``."""

    root: Path
    snapshots: str = "__snapshots__"
    seeds: str = "fixtures_sql"
    tests: str = ""
    tenant_columns: tuple[str, ...] = field(default=TENANT_COLUMNS)
    masks: tuple[str, ...] = ()


def find_project(start: Path) -> Project:
    """Find the pytest settings as pytest does, in ``start`` and the folders above it; else use the defaults.

    Raises:
        ConfigurationError: a setting is misspelt.
    """
    for folder in (start, *start.parents):
        settings = _settings(folder)
        if settings is not None:
            return _project(folder, settings)
    # pytest: without settings anywhere, the folder of pyproject.toml or setup.py is the root
    for name in ("pyproject.toml", "setup.py"):
        for folder in (start, *start.parents):
            if (folder / name).is_file():
                return Project(root=folder)
    return Project(root=start)


def read_project(root: Path) -> Project | None:
    """Read the settings in the folder of a root; None if it has none."""
    settings = _settings(root)
    return _project(root, settings) if settings is not None else None


def _project(root: Path, settings: Mapping[str, Any]) -> Project:
    problem = misspelt_setting(settings)
    if problem is not None:
        raise ConfigurationError(problem)
    values = {
        setting.name: _as_pytest_reads(setting, settings[setting.name])
        for setting in SETTINGS
        if setting.name in settings
    }
    for name, value in values.items():
        problem = wrong_value(name, value)
        if problem is not None:
            raise ConfigurationError(problem)
    return Project(
        root=root,
        snapshots=str(values.get("query_snapshot_dir", "__snapshots__")),
        seeds=str(values.get("query_snapshot_seeds", "fixtures_sql")),
        tests=_only(_words(settings.get("testpaths"))),
        tenant_columns=tuple(values.get("query_snapshot_tenant_columns", TENANT_COLUMNS)),
        masks=tuple(values.get("query_snapshot_mask", ())),
    )


def _as_pytest_reads(setting: Setting, value: object) -> str | tuple[str, ...]:
    """Read the raw value of a setting by its type."""
    if isinstance(value, list):
        return tuple(map(str, value))
    if setting.type == "string":
        return str(value)
    return tuple(shlex.split(str(value)) if setting.type == "args" else _lines(str(value)))


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.split("\n")) if line]


def _settings(folder: Path) -> dict[str, Any] | None:
    """Read the pytest section of the files that pytest itself reads, in its order."""
    for name in ("pytest.toml", ".pytest.toml"):
        if (folder / name).is_file():
            return _section(folder / name, ("pytest",)) or {}
    for name in ("pytest.ini", ".pytest.ini"):
        if (folder / name).is_file():
            return _ini(folder / name, "pytest") or {}
    path = folder / "pyproject.toml"
    found = _section(path, ("tool", "pytest")) if path.is_file() else None
    if found:  # pytest takes an empty [tool.pytest] for no settings
        options = found.get("ini_options")
        return options if isinstance(options, dict) else found
    for name, section_name in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        if (folder / name).is_file():
            found = _ini(folder / name, section_name)
            if found is not None:
                return found
    return None


def _section(path: Path, names: tuple[str, ...]) -> dict[str, Any] | None:
    found: Any = _toml(path)
    for name in names:
        found = found.get(name)
        if not isinstance(found, dict):
            return None
    return dict(found)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}: {error}") from error


def _ini(path: Path, section: str) -> dict[str, Any] | None:
    from configparser import ConfigParser, Error  # noqa: PLC0415  a project with an ini file is the exception

    parser = ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (Error, ValueError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    return dict(parser[section]) if parser.has_section(section) else None


def _only(paths: tuple[str, ...]) -> str:
    """Return the test folder, when there is one: goldens mirror the paths below it."""
    return paths[0].rstrip("/") if len(paths) == 1 else ""


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(map(str, value)) if isinstance(value, list) else ()
