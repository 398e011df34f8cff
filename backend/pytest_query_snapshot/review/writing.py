"""Files that are either the old one or the new one, whole, whatever happens in between."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pytest_query_snapshot.review.errors import WriteFailedError


def write_text(path: Path, content: str) -> None:
    """Replace ``path`` by ``content``: a temporary file beside it, synced, then renamed over it."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise WriteFailedError(path=path, reason=error.strerror or str(error)) from error


def remove(path: Path) -> None:
    """Delete ``path``; that somebody else did so meanwhile is fine."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise WriteFailedError(path=path, reason=error.strerror or str(error)) from error
