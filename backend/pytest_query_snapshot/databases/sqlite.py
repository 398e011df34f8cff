"""SQLite in memory: one live database per seed set, so that a test costs one BEGIN and one ROLLBACK."""

from __future__ import annotations

import hashlib
import math
import re
import sqlite3
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.savepoint.time_sources import TimeSources
from pytest_query_snapshot.databases.schema.catalog import SettingFunctions
from pytest_query_snapshot.databases.seed_session import call_with_session
from pytest_query_snapshot.databases.sqlite_touched_rows import SQLiteMark, SQLiteTouchedRows
from pytest_query_snapshot.errors import ConfigurationError, DatabaseLeakError, SeedError
from pytest_query_snapshot.seeds.files import SeedSet
from pytest_query_snapshot.seeds.loading import load

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable

# databases of seed sets that stay loaded; the least recently used one goes first
KEPT = 16
# a set of seeds with more rows than this gets statistics
ANALYZED_ROWS = 1000
_MARK = "query_snapshot_test"
_HOLDS = "SELECT 1 FROM {}.sqlite_schema"
_DEFERRED = "SELECT 1 FROM {}.sqlite_schema WHERE sql LIKE '%DEFERRABLE INITIALLY DEFERRED%'"
# what a PRAGMA changes on a connection
_SETTINGS = (
    *("foreign_keys", "recursive_triggers", "ignore_check_constraints", "query_only", "read_uncommitted"),
    *("reverse_unordered_selects", "writable_schema", "legacy_alter_table", "trusted_schema", "encoding"),
    *("short_column_names", "full_column_names", "automatic_index", "secure_delete"),
)


class SQLiteLink:
    """One real in-memory database."""

    dialect_name = "sqlite"
    readers_need_savepoints = False
    driver_error: type[Exception] = sqlite3.Error

    def __init__(self, raw: sqlite3.Connection, schemas: tuple[str, ...] = ()) -> None:
        self.raw = raw
        self.schemas = ("main", *schemas)
        for name in schemas:
            raw.execute(f"ATTACH ':memory:' AS {_quoted(name)}")
        self.has_deferred = False
        self.schema_has_deferred = False
        self.is_unchecked = False  # foreign keys, until the seeds are loaded
        self.was_lost = False
        self.is_spoiled = False
        self.time_sources = TimeSources()
        self.setting_functions: SettingFunctions = {}
        self.placeholders: set[str] = set()
        self.writing_functions: frozenset[str] = frozenset()
        self.fingerprint = ""
        self._cursors: list[weakref.ref[sqlite3.Cursor]] = []

    def command(self, sql: str) -> None:
        """Run a statement of the isolation itself."""
        self.raw.execute(sql)

    def load(self, sql: str) -> None:
        """Run one statement of a seed."""
        self.raw.execute(sql)

    def copy(self, statement: str, data: str) -> None:
        """Refuse what only PostgreSQL has."""
        del statement, data
        raise sqlite3.OperationalError("COPY is PostgreSQL's; dump the rows as INSERTs")

    def call(self, function: Callable[[Any], object]) -> None:
        """Call a Python seed."""
        call_with_session(function, self.raw, dialect_name="sqlite")

    def postpone_checks(self) -> None:
        """Check foreign keys when all seeds are loaded; a loader that fails closes this connection."""
        self.raw.execute("COMMIT")
        self.raw.execute("PRAGMA foreign_keys=OFF")
        self.raw.execute("BEGIN")
        self.is_unchecked = True

    def end_file(self) -> None:
        """Do nothing: PRAGMAs that would stay are refused."""

    def load_script(self, script: str) -> bool:
        """Run a whole script in its own transaction."""
        if self.has_deferred:  # the driver commits what came before, when foreign keys may still wait for rows
            return False
        try:
            self.raw.executescript(f"BEGIN;{script}")
        except sqlite3.Error:
            self.raw.execute("ROLLBACK")
            self.raw.execute("BEGIN")
            return False
        return True

    def save(self, savepoint: str) -> None:
        """Begin a savepoint."""
        self.raw.execute(f"SAVEPOINT {savepoint}")

    def undo(self, savepoint: str) -> None:
        """Roll back to a savepoint and remove it."""
        self.raw.execute(f"ROLLBACK TO SAVEPOINT {savepoint}")
        self.raw.execute(f"RELEASE SAVEPOINT {savepoint}")

    def clock(self) -> str:
        """Return nothing: the time of a statement is its own."""
        return ""

    def failed(self) -> bool:
        """Return False: an error never ends a transaction here."""
        return False

    def lost(self) -> bool:
        """Return whether a conflict rule has rolled back the transaction that holds the test."""
        self.was_lost = self.was_lost or not self.raw.in_transaction
        return self.was_lost

    def opened(self, cursor: sqlite3.Cursor) -> None:
        """Remember a cursor: one that is left open keeps its tables locked."""
        self._cursors.append(weakref.ref(cursor))

    def close_cursors(self) -> None:
        """Close what a test has left open."""
        for reference in self._cursors:
            cursor = reference()
            if cursor is not None:
                cursor.close()
        self._cursors.clear()

    def reset_settings(self, settings: dict[str, str]) -> None:
        """Do nothing: PRAGMAs that would stay are refused."""

    def setting(self, name: str) -> str:
        """Return nothing: SQLite has no settings."""
        del name
        return ""

    def drop_temporary(self, name: str) -> None:
        """Drop a temporary relation."""
        found = self.raw.execute("SELECT type FROM sqlite_temp_schema WHERE lower(name) = lower(?)", (name,))
        for (kind,) in found.fetchall():
            self.raw.execute(f'DROP {kind} temp."{name}"')

    def empty_temporary(self, name: str) -> None:
        """Do nothing: SQLite has no ON COMMIT."""

    def end_session(self) -> None:
        """Do nothing: SQLite has neither session locks nor prepared statements by name."""

    def learn_functions(self) -> None:
        """Do nothing: SQLite has no functions written in SQL."""

    def expect_deferred(self) -> None:
        """Check foreign keys at each commit of this test."""
        self.has_deferred = True

    def end_cursors(self, names: Sequence[str]) -> None:
        """Do nothing: SQLite has no server."""

    def check_deferred(self) -> None:
        """Raise IntegrityError when a deferred foreign key would fail at commit."""
        if self.has_deferred and self.violated():
            raise sqlite3.IntegrityError("FOREIGN KEY constraint failed")

    def seal(self) -> None:
        """Commit what was loaded and remember how it looks."""
        self.raw.execute("COMMIT")
        if self.is_unchecked:
            self.raw.execute("PRAGMA foreign_keys=ON")
            if self.violated():
                raise sqlite3.IntegrityError("FOREIGN KEY constraint failed")
        self.has_deferred = self.schema_has_deferred = any(
            self.raw.execute(_DEFERRED.format(_quoted(name))).fetchone() for name in self.schemas
        )
        self.fingerprint = self.look()

    def look(self) -> str:
        """Digest every byte of the database, and the settings of the connection."""
        digest = hashlib.blake2b(digest_size=16)
        for name in self.schemas:
            digest.update(self.image(name))
        digest.update(repr([self.raw.execute(f"PRAGMA {name}").fetchone() for name in _SETTINGS]).encode())
        return digest.hexdigest()

    def image(self, name: str) -> bytes:
        """Return the bytes of one schema; SQLite can't serialize an empty one."""
        if not self.raw.execute(_HOLDS.format(_quoted(name))).fetchone():
            return b""
        return self.raw.serialize(name=name)

    def copy_to(self, other: SQLiteLink) -> None:
        """Copy every schema."""
        self.raw.backup(other.raw)
        for name in self.schemas[1:]:
            image = self.image(name)
            if image:
                other.raw.deserialize(image, name=name)

    def violated(self) -> Any:
        """Return a row whose foreign key leads nowhere; None if every key is valid."""
        checks = (f"PRAGMA {_quoted(name)}.foreign_key_check" for name in self.schemas)
        found = (self.raw.execute(check).fetchone() for check in checks)
        return next((row for row in found if row is not None), None)


class SQLiteDatabase:
    """All in-memory databases of one worker; a named file is only copied, never opened for writing."""

    dialect_name = "sqlite"

    def __init__(self, source: Path | None = None) -> None:
        self._source = source
        self._template: SQLiteLink | None = None
        self._schemas: tuple[str, ...] = ()
        self._seeded: OrderedDict[SeedSet, SQLiteLink] = OrderedDict()
        self.url = sa.make_url("sqlite+query_snapshot://")
        self.not_covered: list[str] = []

    @property
    def ready(self) -> bool:
        """Return whether the schema is built."""
        return self._template is not None

    def notes(self) -> list[str]:
        """Return nothing: each statement asks the clock."""
        return []

    def adopt(self, dialect: Any) -> None:
        """Take nothing from the engine's dialect."""

    def begin_schema(self, schemas: tuple[str, ...]) -> SQLiteLink:
        """Give an empty database, in a transaction, to build the schema in."""
        link = SQLiteLink(_connect(), schemas)
        self._schemas = schemas
        if self._source is not None and self._source.exists():
            with _read_only(self._source) as source:
                source.backup(link.raw)
        link.raw.execute("BEGIN")
        return link

    def end_schema(self, link: SQLiteLink) -> None:
        """Keep what was built as the template of every seed set."""
        link.seal()
        self._template = link

    def open(self, seeds: SeedSet) -> SQLiteLink:
        """Give the database of a seed set, inside the transaction of a new test."""
        link = self._seeded.get(seeds)
        if link is None:
            link = self._load(seeds)
        self._seeded.move_to_end(seeds)
        link.raw.execute("BEGIN")
        link.raw.execute(f"SAVEPOINT {_MARK}")
        return link

    def close(self, link: SQLiteLink) -> None:
        """Undo the test. Raises DatabaseLeakError when its transaction has ended."""
        link.has_deferred = link.schema_has_deferred
        link.close_cursors()
        if link.was_lost or link.is_spoiled:
            self.discard(link)
            return
        try:
            link.raw.execute(f"ROLLBACK TO SAVEPOINT {_MARK}")
            link.raw.execute("ROLLBACK")
        except sqlite3.Error as error:
            self.discard(link)
            raise DatabaseLeakError(f"the transaction that held the test is gone ({error})") from error

    def mark(self, link: SQLiteLink, tables: Sequence[CatalogTable], *, as_seeded: bool) -> SQLiteMark | None:
        """Return a mark of the rows of every table."""
        del tables, as_seeded
        return SQLiteMark.of(link.raw, link.schemas)

    def touched_since(self, link: SQLiteLink, mark: SQLiteMark) -> SQLiteTouchedRows | None:
        """Return what was written since a mark; None when a function that a column calls may be another."""
        return None if link.is_spoiled else SQLiteTouchedRows(mark, link.raw)

    def discard(self, link: SQLiteLink) -> None:
        """Discard a database that a test has changed; the next test gets a fresh one."""
        for seeds in [seeds for seeds, known in self._seeded.items() if known is link]:
            del self._seeded[seeds]
        link.raw.close()

    def verify(self) -> None:
        """Compare every database with its first state. Raises DatabaseLeakError."""
        for seeds, link in self._seeded.items():
            if link.look() != link.fingerprint:
                raise DatabaseLeakError(
                    f"the database of the seeds {', '.join(seeds.names) or '(none)'} has changed"
                )

    def shut(self) -> None:
        """Close everything."""
        links = [*self._seeded.values(), *([self._template] if self._template else [])]
        self._seeded.clear()
        self._template = None
        for link in links:
            link.raw.close()

    def _load(self, seeds: SeedSet) -> SQLiteLink:
        if self._template is None:
            raise ConfigurationError("the schema has not been built")
        link = SQLiteLink(_connect(), self._schemas)
        try:
            self._template.copy_to(link)
            link.has_deferred = self._template.has_deferred
            link.raw.execute("BEGIN")
            before = link.raw.total_changes
            for file in seeds.files:
                load(file, link)
            if link.raw.total_changes - before > ANALYZED_ROWS:
                link.raw.execute("ANALYZE")
            _commit_seeds(link, seeds)
        except BaseException:
            link.raw.close()
            raise
        self._seeded[seeds] = link
        while len(self._seeded) > KEPT:
            _, oldest = self._seeded.popitem(last=False)
            _check_and_close(oldest)
        return link


def _commit_seeds(link: SQLiteLink, seeds: SeedSet) -> None:
    try:
        link.seal()
    except sqlite3.IntegrityError as error:  # only a deferred foreign key waits until now
        row = link.violated()
        last = seeds.files[-1]
        where = f": table {row[0]}, rowid {row[1]}, to {row[2]}" if row else ""
        raise SeedError(last.shown, 1, f"{error}{where} (nothing is loaded)") from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _check_and_close(link: SQLiteLink) -> None:
    changed = link.look() != link.fingerprint
    link.raw.close()
    if changed:
        raise DatabaseLeakError("the database of a seed set has changed")


def _connect() -> sqlite3.Connection:
    # the driver's own transactions are off: every BEGIN and every end is ours
    raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, cached_statements=512)
    raw.execute("PRAGMA foreign_keys=ON")
    # what SQLAlchemy gives every connection of this dialect
    raw.create_function("regexp", 2, _matches, deterministic=True)
    raw.create_function("floor", 1, math.floor, deterministic=True)
    return raw


def _matches(pattern: str, value: str | None) -> bool | None:
    return None if value is None else re.search(pattern, value) is not None


class _read_only:  # noqa: N801  a context manager, used as one
    """A connection that can't write to a file."""

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)

    def __enter__(self) -> sqlite3.Connection:
        return self._raw

    def __exit__(self, *_: object) -> None:
        with suppress(sqlite3.Error):
            self._raw.close()
