"""The folder `.query_snapshot` of a project: pending changes, the record of past sessions, caches.

It holds copies of test data and belongs to one working copy, so it hides itself from git.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

STATE_FOLDER = ".query_snapshot"


def make_state_folder(root: Path, *parts: str) -> Path:
    """Create the state folder of a project, or a folder in it, and return its path.

    Raises:
        OSError: the folder can't be made.
    """
    folder = root / STATE_FOLDER
    path = folder.joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True)
    # "x": of several workers one writes, and a file that the project has changed stays
    with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="utf-8") as file:
        file.write("# written by pytest-query-snapshot\n*\n")
    return path


def trim_folder(folder: Path, *, most: int) -> None:
    """Delete the oldest files of a cache that holds more than ``most``, down to half of that."""
    with contextlib.suppress(OSError):
        with os.scandir(folder) as entries:
            paths = [entry.path for entry in entries]
        if len(paths) > most:
            paths.sort(key=os.path.getmtime)
            for path in paths[: len(paths) - most // 2]:
                os.unlink(path)  # noqa: PTH108
