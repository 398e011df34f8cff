"""Undoes what was committed to an SQLite file by emptying its write-ahead log.

A baseline is in the file itself, with an empty log. As long as no checkpoint copies pages of the log into the
file, the log holds all that was committed since, and an empty one is the baseline again: at any size of the
database, and with the schema that connections have read. A checkpoint of SQLite ends with an empty log too; the
format and the locks are documented at https://sqlite.org/walformat.html.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

if sys.platform == "linux":
    import fcntl

_FORMAT = 3007000
# the two copies of the header, and what checkpoints and readers know of each other, up to the bytes of the locks
_INDEX = struct.Struct("=48s48s6I")
_HEADER = struct.Struct("=IIIBBHIIII8sII")
_SUMMED = struct.Struct("=10I")
_FLOCK = struct.Struct("hhqqi")
_NO_MARK = 0xFFFFFFFF
_LOCK_PAGES = (120, 2), (123, 5)  # of the writer and of checkpoints; of readers
# the locks that each connection has on the index and on the file as long as it is open
_OPEN_INDEX, _OPEN_FILE = (128, 1), (0x40000002, 510)
_FORMAT_PLACE, _LOGGED = 18, b"\x02\x02"  # in the header of the file
# a file that is written to has a later time, and so has a folder in which a file is made, removed or renamed
_UNWRITTEN_NANOSECONDS = 1_000_000_000
_VIRTUAL = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND rootpage = 0"
_STATISTICS = "SELECT name FROM sqlite_schema WHERE name IN ('sqlite_stat1', 'sqlite_stat4') AND type = 'table'"


class _Header(NamedTuple):
    """The fields of the header of the index, which SQLite shares between connections."""

    version: int
    unused: int
    change: int
    is_initialized: int
    is_big_endian: int
    page_size: int
    frames: int
    pages: int
    sum_1: int
    sum_2: int
    salt: bytes
    own_sum_1: int
    own_sum_2: int

    def packed(self) -> bytes:
        """Return the bytes with their checksum."""
        packed = _HEADER.pack(*self)
        first = second = 0
        words = _SUMMED.unpack_from(packed)
        for at in range(0, len(words), 2):
            first = first + words[at] + second & _NO_MARK
            second = second + words[at + 1] + first & _NO_MARK
        return packed[: _SUMMED.size] + struct.pack("=II", first, second)


class _Start(NamedTuple):
    """The state with an empty log.

    memory: what connections keep in memory of the schema and its statistics, and would not read again.
    """

    header: _Header
    memory: tuple[Any, ...]


class WriteAheadLog:
    """The log of one SQLite file that a keeper has open."""

    def __init__(self, path: Path) -> None:
        self._folder = str(path.parent)
        self._paths = tuple(f"{path}{suffix}" for suffix in ("", "-wal", "-shm"))
        self._start: _Start | None = None
        self._file_was: tuple[int, ...] = ()
        self._inodes_were: tuple[int, ...] = ()
        self._folder_was = 0
        # to close one would release the locks of all connections of this process to the file
        self._indexes: list[int] = []
        self._files: list[int] = []
        self._folders: list[int] = []  # one; an open file tells its state in a quarter of the time of its path
        self._is_open = False

    @property
    def is_file_touched(self) -> bool:
        """Return whether the file was written to, or is another one."""
        file = self._files[-1] if self._is_open else self._paths[0]
        return self._file_was != _status(file) or self.is_file_replaced

    @property
    def is_file_replaced(self) -> bool:
        """Return whether another file is in the place of one that the keeper has open, or none.

        The folder tells whether any file in it was made, removed or renamed.
        """
        folder = self._folders[-1] if self._is_open else self._folder
        return self._folder_was != _status(folder)[1] and self._inodes_were != self.inodes()

    def inodes(self) -> tuple[int, ...]:
        """Return the inodes of the file, the log and the index; 0 for one that is not there."""
        return tuple(_status(path)[0] for path in self._paths)

    @property
    def is_another_format(self) -> bool:
        """Return whether a database without a log was copied over the file: no other connection can write then."""
        return bool(self._files) and os.pread(self._files[-1], len(_LOGGED), _FORMAT_PLACE) != _LOGGED

    def version(self, raw: Any) -> object:
        """Return what each commit changes: the header of the index, or what SQLite says, which takes longer."""
        if self._is_open:
            return os.pread(self._indexes[-1], _HEADER.size, 0)
        return raw.execute("PRAGMA data_version").fetchone()[0]

    def begin(self, raw: Any) -> None:
        """Move the committed pages from the log into the file, if no connection reads them."""
        self._start = None
        self._is_open = False
        if sys.platform == "linux":
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            with suppress(OSError):
                self._open()
                self._find_start(raw)
        if self._start is None:
            self._mark_files()

    def _find_start(self, raw: Any) -> None:
        if raw.execute(_VIRTUAL).fetchone():
            return
        memory = _memory_of(raw)
        with self._locked() as index:
            header = _header_of(index)
            if header is not None and header.frames == 0:
                self._mark_files()
                self._start = _Start(header, memory)

    def discard(self, raw: Any) -> bytes | None:
        """Undo all that was committed since the log was empty; return the version after it.

        Do nothing and return None if that is not sure: a checkpoint has written to the file, a connection reads or
        writes at this moment, or the schema was changed, and connections that have read it would take the next
        change for the same.
        """
        start = self._start
        if start is None:
            return None
        seen = self.version(raw)
        if _memory_of(raw) != start.memory:
            return None
        with suppress(OSError), self._locked() as index:  # OSError: a lock is held
            header = _header_of(index)
            if header is None or header.packed() != seen or self.is_file_touched:
                return None
            change = header.change + 1 & _NO_MARK
            packed = start.header._replace(change=change, salt=os.urandom(8)).packed()
            # as after a checkpoint: nothing is copied, no reader has a mark
            written = _INDEX.pack(packed, packed, 0, 0, 0, _NO_MARK, _NO_MARK, _NO_MARK)
            os.pwrite(self._indexes[-1], written, 0)
            os.truncate(self._paths[1], 0)
            return packed
        return None

    def forget(self) -> None:
        """Let nothing be undone until the log is empty again."""
        self._start = None

    def close(self) -> None:
        """Close the index and the file, once they are gone."""
        self._start = None
        self._is_open = False
        for opened in (self._indexes, self._files, self._folders):
            for each in opened:
                os.close(each)
            opened.clear()

    def _mark_files(self) -> None:
        for path in (self._paths[0], self._folder):
            with suppress(OSError):  # it was removed
                os.utime(path, ns=(_UNWRITTEN_NANOSECONDS, _UNWRITTEN_NANOSECONDS))
        self._folder_was = _status(self._folder)[1]
        self._file_was = _status(self._paths[0])
        self._inodes_were = self.inodes()

    def _open(self) -> None:
        """Open the index and the file, and hold the locks of a connection.

        Those of SQLite are lost where this process opens and closes the file to read or copy it. The next process
        that uses it would then take itself for the only one, and remove the log.
        """
        file, _, index = self._paths
        for opened, path, lock in ((self._indexes, index, _OPEN_INDEX), (self._files, file, _OPEN_FILE)):
            if not opened or os.fstat(opened[-1]).st_ino != _status(path)[0]:
                opened.append(os.open(path, os.O_RDWR))
            _lock(opened[-1], fcntl.F_RDLCK, *lock)
        if not self._folders:
            self._folders.append(os.open(self._folder, os.O_RDONLY))
        self._is_open = True

    @contextmanager
    def _locked(self) -> Iterator[bytes]:
        """Give the index, with all its locks. Raises OSError if another connection has one."""
        index = self._indexes[-1]
        try:
            for start, length in _LOCK_PAGES:
                _lock(index, fcntl.F_WRLCK, start, length)
            yield os.pread(index, _INDEX.size, 0)
        finally:
            _lock(index, fcntl.F_UNLCK, _LOCK_PAGES[0][0], 8)


def _status(file: str | int) -> tuple[int, int, int]:
    """Return the inode, the time and the size of a file, by its path or as it is open."""
    try:
        found = os.stat(file)  # noqa: PTH116  it may be open, and is asked with each test
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _lock(index: int, kind: int, start: int, length: int) -> None:
    """Set a lock that belongs to the open file, so that it excludes the connections of this process as well."""
    fcntl.fcntl(index, fcntl.F_OFD_SETLK, _FLOCK.pack(kind, os.SEEK_SET, start, length, 0))


def _header_of(index: bytes) -> _Header | None:
    """Read the header; None if it has another format, or if a checkpoint was begun."""
    first, second, copied, *_ = _INDEX.unpack(index)
    header = _Header._make(_HEADER.unpack(first))
    is_known = first == second == header.packed() and header.version == _FORMAT and header.is_initialized
    return header if is_known and not copied else None


def _memory_of(raw: Any) -> tuple[Any, ...]:
    version = raw.execute("PRAGMA schema_version").fetchone()[0]
    tables = [name for (name,) in raw.execute(_STATISTICS)]
    return (version, *(raw.execute(f"SELECT * FROM {name}").fetchall() for name in tables))  # noqa: S608  SQLite's own
