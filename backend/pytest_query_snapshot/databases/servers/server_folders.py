"""The place of the data folders of servers: in memory if there is plenty; a database is hundreds of files."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX = "query-snapshot-pg-"
_MEMORY = Path("/dev/shm")  # noqa: S108  a file system in memory; the folders in it are private
_MEMORY_FACTS = Path("/proc/meminfo")
_PLENTY = 3 * 2**30
"""The bytes that have to be free: a log of changes alone may grow to one GB."""
_LONGEST_SOCKET_FOLDER = 80
_NAMED = ("TMPDIR", "TEMP", "TMP")
_CHANGING_SECONDS = 600.0


def folder_for_servers() -> Path:
    """Return the folder that data folders are made in: the temporary one, if that is named by a variable."""
    if not any(name in os.environ for name in _NAMED) and _has_plenty(_MEMORY):
        return _MEMORY
    named = Path(tempfile.gettempdir())
    return named if len(str(named)) < _LONGEST_SOCKET_FOLDER else Path("/tmp")  # noqa: S108  a socket's path must be short


def sweep(parent: Path) -> None:
    """Remove the folders of this user whose server is gone, together with the processes that would remove them."""
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # it is another user's, or just removed
            if _is_abandoned(folder):
                shutil.rmtree(folder)


def _has_plenty(memory: Path) -> bool:
    try:
        found = os.statvfs(memory)
        available = re.search(r"^MemAvailable:\s*(\d+) kB", _MEMORY_FACTS.read_text(), re.MULTILINE)
    except (OSError, AttributeError):  # there is none on this system
        return False
    is_ours = os.access(memory, os.W_OK | os.X_OK)
    free = min(found.f_bavail * found.f_frsize, int(available[1]) * 1024 if available else 0)
    return is_ours and free >= _PLENTY


def _is_abandoned(folder: Path) -> bool:
    """Return whether the server of a folder has ended or was never started."""
    if time.time() - folder.stat().st_mtime < _CHANGING_SECONDS:  # it starts, or has just ended
        return False
    started = folder / "data" / "postmaster.pid"
    if not started.exists():
        return True
    try:
        os.kill(int(started.read_text().split()[0]), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, ValueError, IndexError):
        return False
    return False
