"""Markers of pytest sessions: one file per session, locked while its process lives.

Several sessions share a project, one on SQLite and one on PostgreSQL. The system releases a lock however a
process ends, so a marker without a lock is left by a killed session. The id of a process would prove less: it is
used again, and means nothing on another machine.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_query_snapshot.state_folder import STATE_FOLDER, make_state_folder

try:
    import fcntl
except ImportError:  # no such locks on Windows: a session that was killed there counts as running
    fcntl = None  # type: ignore[assignment]

RUNS = Path(STATE_FOLDER) / "runs"


@dataclass(slots=True)
class SessionMarker:
    """The marker of this session."""

    path: Path
    handle: int

    @classmethod
    def begin(cls, root: Path) -> SessionMarker | None:
        """Mark that a session runs; None where nothing can be written."""
        host = re.sub(r"[^\w.]", "_", platform.node())[:40]
        path = root / RUNS / f"{host}-{os.getpid()}-{os.urandom(4).hex()}"
        with contextlib.suppress(OSError):
            make_state_folder(root, "runs")
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644)
            with contextlib.suppress(OSError):  # a file system without locks
                _lock(handle)
            return cls(path, handle)
        return None

    def end(self) -> None:
        """Remove the marker: the session has ended."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            os.close(self.handle)


def running_sessions(root: Path) -> tuple[Path, ...]:
    """List the markers of sessions that still run."""
    return tuple(path for path in _markers(root) if _is_held(path))


def killed_sessions(root: Path) -> tuple[Path, ...]:
    """List the markers of sessions that were killed."""
    return tuple(path for path in _markers(root) if not _is_held(path))


def _markers(root: Path) -> list[Path]:
    folder = root / RUNS
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _is_held(path: Path) -> bool:
    """Return whether a marker is locked; one that can't be opened or locked counts as locked: that is safe."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        return not _lock(handle)
    except OSError:
        return True
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    locks: Any = fcntl
    if locks is None:
        return False
    try:
        locks.flock(handle, locks.LOCK_EX | locks.LOCK_NB)
    except BlockingIOError:
        return False
    return True
