"""Keeps an SQLite database: a WAL file whose log is emptied when it has changed.

Where that does not undo everything for sure, the file is overwritten from an in-memory copy.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.connections.folders import PrivateFolder
from pytest_query_snapshot.databases.connections.keeper import Look, OpenTransaction, Restored
from pytest_query_snapshot.databases.connections.session_state import NO_FUNCTIONS, check_file
from pytest_query_snapshot.databases.connections.sqlite_connections import SQLiteConnections, sqlite_connection
from pytest_query_snapshot.databases.connections.sqlite_log import WriteAheadLog
from pytest_query_snapshot.databases.seed_session import call_with_session
from pytest_query_snapshot.databases.sqlite_touched_rows import SQLiteMark, SQLiteTouchedRows
from pytest_query_snapshot.errors import DatabaseLeakError, SeedError
from pytest_query_snapshot.seeds.files import SeedFile
from pytest_query_snapshot.seeds.loading import load

_BUSY_MILLISECONDS = 2000
_ANOTHER_FORMAT = (
    "the journal mode (by a copy of a file, which no connection can write then; copy one in mode WAL)"
)
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class SQLiteKeeper:
    """Keeps one SQLite file."""

    dialect_name = "sqlite"
    leaving_functions = NO_FUNCTIONS

    def __init__(self, *, source: Path | None = None) -> None:
        self._folder = PrivateFolder("query-snapshot-sqlite-")
        self.path = self._folder.path.resolve() / "test.db"
        self.url = sa.URL.create("sqlite", database=str(self.path))
        self._source = source
        self._connections = SQLiteConnections(self.path)
        self._log = WriteAheadLog(self.path)
        self._raw: Any = None
        self._baseline: sqlite3.Connection | None = None
        self._version: object = None
        self._followed: tuple[int, ...] = ()  # the files of the keeper's connection, if the test has replaced them
        self._has_log = True  # unless the application has set another mode while the schema was made
        self.notes: list[str] = []

    def create(self) -> None:
        """Create the file, empty or as a copy of the one that the run was given."""
        self._connections.start()
        self._end_keeper()
        self._remove_file()
        with closing(_connect(self.path)) as raw:
            if self._source is not None:
                with closing(sqlite3.connect(f"{self._source.resolve().as_uri()}?mode=ro", uri=True)) as source:
                    source.backup(raw)
            raw.execute("PRAGMA journal_mode = WAL")

    def load(self, files: Sequence[SeedFile]) -> None:
        """Load seeds and commit them."""
        with closing(_connect(self.path)) as raw:
            raw.execute("PRAGMA foreign_keys = ON")
            raw.execute("BEGIN")
            target = _SeedTarget(raw)
            for file in files:
                load(file, target)
            try:
                raw.execute("COMMIT")
            except sqlite3.IntegrityError as error:  # a deferred foreign key
                raise SeedError(files[-1].shown, 1, f"{error} (nothing is loaded)") from error
            raw.execute("ANALYZE")

    def capture(self) -> sqlite3.Connection:
        """Remember the database as it is now, in memory."""
        baseline = sqlite3.connect(":memory:", check_same_thread=False)
        self._end_keeper()
        self._raw = _connect(self.path)
        before = self._commits_of_others()
        self._raw.backup(baseline)
        self._baseline = baseline
        self._remember(before)
        return baseline

    def forget(self, baseline: sqlite3.Connection) -> None:
        """Drop a baseline."""
        baseline.close()

    def switch(self, baseline: sqlite3.Connection) -> Restored:
        """Overwrite the file with a baseline."""
        self._baseline = baseline
        return self._overwrite(baseline)

    def has_changed(self) -> bool:
        """Compare the version of the data."""
        return self._data_version() != self._version

    def check(self, statement: str) -> None:
        """Refuse what SQLite does only where no other connection is open. Raises RefusedError."""
        check_file(statement, has_log=self._has_log)

    def look(self) -> Look:
        """Compare the version of the data and the time of the file, and look for transactions of this process."""
        changed = self.has_changed() or self._log.is_file_touched
        return Look(changed=changed, is_open=self._connections.is_any_open())

    def version(self) -> object:
        """Return the version of the data."""
        return self._data_version()

    def writes(self) -> object:
        """Return the version of the data, unless a transaction may still commit what it has written."""
        return None if self._connections.is_any_open() else self._data_version()

    def was_written_since(self, mark: object) -> bool:
        """Return whether something was committed since."""
        return self._data_version() != mark

    def changed_tables(self) -> frozenset[str] | None:
        """Return None when anything was written: the file does not tell which tables."""
        is_same = self._data_version() == self._version and not (
            self._connections.is_any_open() and self._is_being_written()
        )
        return frozenset() if is_same else None

    def mark(self) -> SQLiteMark | None:
        """Return a mark of the rows of every table."""
        return SQLiteMark.of(self._raw, ("main",))

    def touched_since(self, mark: SQLiteMark) -> SQLiteTouchedRows:
        """Return what was committed since a mark."""
        return SQLiteTouchedRows(mark, self._raw)

    def open_transactions(self) -> list[OpenTransaction]:
        """List the connections of this process that are in a transaction."""
        found = self._connections.open_transactions()
        return found if not found or self._is_being_written() else [each.only_reads() for each in found]

    def owner_of(self, driver_connection: Any) -> int | None:
        """Return the identity of the sqlite3 connection below a driver's."""
        raw = sqlite_connection(driver_connection)
        return None if raw is None else id(raw)

    def end_transactions(self, owners: Sequence[int]) -> None:
        """Roll back on those connections."""
        self._connections.end(owners)

    def restore(self) -> Restored:
        """Empty the log, or overwrite the file with the current baseline, if it has changed."""
        if self._baseline is None:
            raise DatabaseLeakError("the database has no baseline")
        if not self.has_changed() and not self._log.is_file_touched:
            return Restored()
        emptied = None if self._log.is_file_replaced else self._log.discard(self._raw)
        if emptied is not None:
            self._version = emptied
            return Restored()
        return self._overwrite(self._baseline)

    def reader(self) -> Any:
        """Return the keeper's own connection, to the file that is there now."""
        self._follow()
        return self._raw

    def close(self) -> None:
        """Remove the file and its folder."""
        self._connections.stop()
        for file in self._connections.attached:
            self.notes.append(f"the application attaches {file}, which is not put back after a test")
        self._end_keeper()
        self._folder.remove()
        self._log.close()

    def _overwrite(self, baseline: sqlite3.Connection) -> Restored:
        replaced = False
        noticed = (_ANOTHER_FORMAT,) if self._log.is_another_format else ()
        if noticed or self._log.is_file_replaced or not self._can_write():
            # another process, or a connection that SQLAlchemy does not know, writes: it keeps the old file
            self._replace_file()
            replaced = True
        deadline = time.monotonic() + _BUSY_MILLISECONDS / 1000
        before = self._commits_of_others()
        try:
            baseline.backup(self._raw, progress=lambda status, *_: _give_up(status, deadline))
        except sqlite3.OperationalError:
            self._replace_file()
            replaced = True
            before = self._commits_of_others()
            baseline.backup(self._raw)
        self._remember(before)
        return Restored(connections_ended=replaced, noticed=noticed)

    def _can_write(self) -> bool:
        """Take the write lock once: `backup` would wait for it for ever."""
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        self._raw.execute("ROLLBACK")
        return True

    def _is_being_written(self) -> bool:
        """Return whether a transaction holds the write lock: no other has written."""
        self._raw.execute("PRAGMA busy_timeout = 0")
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        finally:
            self._raw.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        self._raw.execute("ROLLBACK")
        return False

    def _replace_file(self) -> None:
        self._end_keeper()
        self._remove_file()
        with closing(_connect(self.path)) as raw:
            raw.execute("PRAGMA journal_mode = WAL")
        self._raw = _connect(self.path)

    def _remove_file(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def _remember(self, before: int) -> None:
        """Remember the file, which was a baseline before commits of others, as it is now."""
        self._raw.execute("PRAGMA busy_timeout = 0")
        self._has_log = self._raw.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        self._log.begin(self._raw)
        self._raw.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        self._followed = ()
        self._version = self._data_version()
        if self._commits_of_others() != before:
            self._log.forget()
            self._version = None

    def _commits_of_others(self) -> int:
        """Return what each commit changes that is not one of the keeper."""
        return int(self._raw.execute("PRAGMA data_version").fetchone()[0])

    def _end_keeper(self) -> None:
        if self._raw is not None:
            with suppress(sqlite3.Error):
                self._raw.close()
            self._raw = None

    def _data_version(self) -> object:
        self._follow()
        return (self._followed, self._commits_of_others()) if self._followed else self._log.version(self._raw)

    def _follow(self) -> None:
        """Connect to the file that a test has put into the place of the database."""
        if not self._log.is_file_replaced or self._log.inodes() == self._followed or not self.path.exists():
            return
        try:
            opened = _connect(self.path)
            opened.execute("PRAGMA data_version").fetchone()  # opens the log
        except sqlite3.Error:
            return  # other connections have the removed files open
        self._end_keeper()
        self._raw = opened
        self._followed = self._log.inodes()


class _SeedTarget:
    """The connection that seeds are loaded on."""

    dialect_name = "sqlite"
    driver_error: type[Exception] = sqlite3.Error

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def load(self, sql: str) -> None:
        """Run one statement."""
        self._raw.execute(sql)

    def copy(self, statement: str, data: str) -> None:
        """Run COPY .. FROM stdin with its data."""
        del statement, data
        raise sqlite3.OperationalError("COPY is PostgreSQL's; dump the rows as INSERTs")

    def call(self, function: Callable[[Any], object]) -> None:
        """Call a Python seed."""
        call_with_session(function, self._raw, dialect_name="sqlite")

    def postpone_checks(self) -> None:
        """Check foreign keys at the commit."""
        self._raw.execute("PRAGMA defer_foreign_keys = ON")

    def end_file(self) -> None:
        """Return settings to their defaults."""

    def load_script(self, script: str) -> bool:
        """Leave it to load."""
        del script
        return False


def _connect(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    raw.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    raw.execute("PRAGMA synchronous = OFF")
    return raw


def _give_up(status: int, deadline: float) -> None:
    if status in _BUSY and time.monotonic() > deadline:
        raise sqlite3.OperationalError("the database stays locked")
