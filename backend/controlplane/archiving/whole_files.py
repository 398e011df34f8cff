"""Files that appear whole and on disk, or not at all, also when the process that writes them is killed."""

from __future__ import annotations

import gzip
import io
import os
import uuid
from collections.abc import Callable
from contextlib import contextmanager, suppress
from glob import escape
from typing import IO, TYPE_CHECKING, Any

from controlplane.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where a partial file stays until it is removed by name
    fcntl = None  # type: ignore[assignment]

Replaces = Callable[["Path", "Path"], bool]
"""Return whether a file that is there, the first, may be replaced by the one that was written."""


@contextmanager
def written_whole(path: Path, *, replaces: Replaces | None = None) -> Iterator[IO[str]]:
    """Write a file that appears at its end, whole and on disk, or not at all.

    An existing one is not replaced unless `replaces` says so. The partial file is locked while it is written: one
    that is not was left by a killed process, and is removed.
    """
    if path.exists() and replaces is None:
        raise ArchiveError(file=path, problem="it is there already")
    _remove_left(path)
    partial = path.with_name(f"{path.stem}.{uuid.uuid4().hex[:8]}.partial{path.suffix}")
    try:
        with partial.open("xb") as raw:
            with suppress(OSError):  # a file system without locks
                _lock(raw)
            with _text(raw, is_compressed=path.suffix == ".gz") as file:
                yield file
            raw.flush()
            os.fsync(raw.fileno())
            _move(partial, path, replaces)
        _sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _text(raw: IO[bytes], *, is_compressed: bool) -> Iterator[IO[str]]:
    """Wrap a binary file, which stays open and locked."""
    if is_compressed:
        with gzip.open(raw, "wt", encoding="utf-8", newline="\n") as file:
            yield file
        return
    plain = io.TextIOWrapper(raw, encoding="utf-8", newline="\n", write_through=True)
    yield plain
    plain.detach()


def _remove_left(path: Path) -> None:
    for left in path.parent.glob(f"{escape(path.stem)}.{'[0-9a-f]' * 8}.partial{escape(path.suffix)}"):
        try:
            with left.open("rb") as raw:
                _lock(raw)
                left.unlink(missing_ok=True)
        except OSError:  # another process writes it, or has removed it
            continue


def _lock(raw: IO[bytes]) -> None:
    """Lock a file until it is closed; OSError if another process has it, or there are no such locks."""
    locks: Any = fcntl
    if locks is None:
        raise OSError
    locks.flock(raw, locks.LOCK_EX | locks.LOCK_NB)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _move(partial: Path, path: Path, replaces: Replaces | None) -> None:
    """Give the file its name, unless a file has it that may not be replaced."""
    if path.exists():
        if replaces is None or not replaces(path, partial):
            raise ArchiveError(file=path, problem="it is there already")
        partial.replace(path)
        return
    try:
        os.link(partial, path)
    except FileExistsError:
        raise ArchiveError(file=path, problem="it is there already") from None
    except OSError:  # a file system without hard links
        partial.rename(path)
