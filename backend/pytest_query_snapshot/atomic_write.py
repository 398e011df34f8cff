"""Write text files so that a reader, or a kill, sees the old file or the new one, whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from pytest_query_snapshot.errors import WriteFailedError

_PREFIX = ".query-snapshot-"
_LEFTOVER_SECONDS = 600
"""A temporary file lives for milliseconds: an older one is of a process that was killed."""


def write_text(path: Path, content: str) -> None:
    """Replace the content of ``path``: a temporary file beside it, synced, then renamed over it.

    A symbolic link stays and its target is replaced; an existing file keeps its mode.

    Raises:
        WriteFailedError: the folder or the file can't be written; what was there before is untouched.
    """
    try:
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, content)
    except OSError as error:
        raise WriteFailedError(path=path, reason=error.strerror or str(error)) from error


def _replace(target: Path, content: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=_PREFIX, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode)  # noqa: PTH101  mkstemp makes files that only their owner can read
        os.replace(temporary, target)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise


def remove(path: Path) -> None:
    """Delete ``path``; a file that is already gone is not an error.

    Raises:
        WriteFailedError: the file can't be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise WriteFailedError(path=path, reason=error.strerror or str(error)) from error


def remove_leftovers(folder: Path) -> None:
    """Delete the temporary files that killed processes left below ``folder``."""
    for path in folder.rglob(f"{_PREFIX}*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _LEFTOVER_SECONDS:
                path.unlink()


def _umask() -> int:
    # the only way to read it is to set it
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
