"""The version of a database in a file, which shows whether any process has written it.

A checkpoint of SQLite's write-ahead log writes the database without changing it: the log counts where one is used.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlalchemy as sa

_LOGS = {"sqlite": "-wal", "duckdb": ".wal"}
# in the header of a database of SQLite; 2 is write-ahead logging
_WRITE_VERSION_AT = 18
_WRITE_AHEAD = 2


class FileVersion(NamedTuple):
    """The time of the last write, 0 before the first, and the size of the file that each commit changes."""

    written_ns: int
    size: int


def file_time_ns() -> int:
    """Return the time that files are dated by now, also where a test has frozen Python's clock."""
    with suppress(AttributeError, OSError):  # Linux alone has files that lie in no folder: a tenth of the time
        descriptor = os.memfd_create("query_snapshot_time")
        try:
            return os.fstat(descriptor).st_mtime_ns
        finally:
            os.close(descriptor)
    with tempfile.TemporaryFile() as file:
        return os.fstat(file.fileno()).st_mtime_ns


def file_version(url: sa.URL) -> FileVersion | None:
    """Return the version of a database that lies in a file; None for other databases."""
    suffix = _LOGS.get(url.get_backend_name())
    name = url.database or ""
    if suffix is None or not name or name.startswith((":", "file:")):
        return None
    path, log = Path(name), Path(f"{name}{suffix}")
    try:
        found = (log if log.exists() or _is_logged(path) else path).stat()
    except OSError:
        return FileVersion(0, 0)
    return FileVersion(found.st_mtime_ns if found.st_size else 0, found.st_size)


def _is_logged(path: Path) -> bool:
    """Return whether a database of SQLite writes to a log first; the one of DuckDB has no such mark."""
    with path.open("rb") as file:
        header = file.read(_WRITE_VERSION_AT + 1)
    return header.startswith(b"SQLite") and header[_WRITE_VERSION_AT:] == bytes([_WRITE_AHEAD])
