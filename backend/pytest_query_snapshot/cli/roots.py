"""Find the project of a command, also where pytest took another folder for the root than this one.

In a monorepo `pytest packages/a` has packages/a as its root when that has settings of its own. So a command looks
for what pytest left: here, in the folders above, and below.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pytest_query_snapshot.errors import SeveralProjectsError
from pytest_query_snapshot.sessions.store import read_record
from pytest_query_snapshot.settings import Project, find_project, read_project
from pytest_query_snapshot.state_folder import STATE_FOLDER

_SKIPPED = frozenset({"node_modules", "site-packages", "venv", "env", "__pycache__"})
_DEEPEST = 5


def project_here(start: Path, *, wanted: str = "") -> Project:
    """Return the project of a folder, or the only one around it whose state folder holds ``wanted``.

    Raises:
        SeveralProjectsError: several projects below hold it, or others of the repository while no session ever ran
            here; the error lists them.
    """
    project = find_project(start)
    if _holds(project.root, wanted):
        return _project_of_last_session(project.root)
    for folder in (start, *start.parents):
        if _holds(folder, wanted):
            return _project_of_last_session(folder)
    below = list(_below(start, wanted))
    if len(below) > 1:
        raise SeveralProjectsError(roots=below)
    if not below and not _holds(project.root, "") and (beside := list(_beside(start, wanted))):
        raise SeveralProjectsError(roots=beside, place="this repository holds")
    return _project_of_last_session(below[0]) if below else project


def _project_of_last_session(root: Path) -> Project:
    """Read the project of a root; without settings of its own (`pytest -c`), take those of the last session."""
    project = read_project(root)
    known = read_record(root).get("settings") if project is None else None
    return project or Project(root=root, **known if isinstance(known, dict) else {})


def _holds(root: Path, wanted: str) -> bool:
    folder = root / STATE_FOLDER / wanted
    return folder.is_dir() and (not wanted or any(folder.glob("*.json")))


def _beside(start: Path, wanted: str) -> Iterator[Path]:
    """Yield the projects of the repository that a folder is in."""
    top = next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)
    return iter(()) if top is None else _below(top, wanted)


def _below(top: Path, wanted: str) -> Iterator[Path]:
    for folder, folders, _files in os.walk(top):
        path = Path(folder)
        deep = len(path.relative_to(top).parts) >= _DEEPEST
        folders[:] = (
            [] if deep else sorted(each for each in folders if not each.startswith(".") and each not in _SKIPPED)
        )
        if path != top and _holds(path, wanted):
            yield path
