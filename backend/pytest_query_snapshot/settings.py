"""Where a project keeps its goldens and seeds: read from its pytest settings, without starting pytest."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TENANT_COLUMNS = ("workspace_id", "tenant_id")
"""Columns that keep one customer's rows from another's, unless the project names its own."""


@dataclass(frozen=True, slots=True)
class Project:
    """The settings that the command line needs; paths are relative to ``root``."""

    root: Path
    snapshots: str = "__snapshots__"
    seeds: str = "fixtures_sql"
    tests: str = ""
    tenant_columns: tuple[str, ...] = TENANT_COLUMNS


def find_project(start: Path) -> Project:
    """Look for the pytest settings in ``start`` and the folders above it; defaults where there are none."""
    for folder in (start, *start.parents):
        settings = _settings(folder)
        if settings is not None:
            return Project(
                root=folder,
                snapshots=str(settings.get("query_snapshot_dir", "__snapshots__")),
                seeds=str(settings.get("query_snapshot_seeds", "fixtures_sql")),
                tests=_only(_words(settings.get("testpaths"))),
                tenant_columns=_words(settings.get("query_snapshot_tenant_columns")) or TENANT_COLUMNS,
            )
    return Project(root=start)


def _settings(folder: Path) -> dict[str, Any] | None:
    """Read the pytest section of the files that pytest itself reads, in its order."""
    for name, section in (("pytest.toml", ("pytest",)), (".pytest.toml", ("pytest",))):
        if (folder / name).is_file():
            return _section(folder / name, section)
    for name in ("pytest.ini", ".pytest.ini"):
        if (folder / name).is_file():
            return _ini(folder / name, "pytest")
    path = folder / "pyproject.toml"
    if path.is_file():
        found = _section(path, ("tool", "pytest"))
        if found is not None:
            options = found.get("ini_options")
            return options if isinstance(options, dict) else found
    for name, section_name in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        if (folder / name).is_file():
            found = _ini(folder / name, section_name)
            if found is not None:
                return found
    return None


def _section(path: Path, names: tuple[str, ...]) -> dict[str, Any] | None:
    found: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    for name in names:
        found = found.get(name)
        if not isinstance(found, dict):
            return None
    return dict(found)


def _ini(path: Path, section: str) -> dict[str, Any] | None:
    from configparser import ConfigParser  # noqa: PLC0415  a project with an ini file is the exception

    parser = ConfigParser(interpolation=None)
    parser.read(path, encoding="utf-8")
    return dict(parser[section]) if parser.has_section(section) else None


def _only(paths: tuple[str, ...]) -> str:
    """The test folder, when there is one: goldens mirror what is below it."""
    return paths[0].rstrip("/") if len(paths) == 1 else ""


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    return tuple(map(str, value)) if isinstance(value, list) else ()
