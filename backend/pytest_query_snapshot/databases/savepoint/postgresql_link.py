"""The one connection to PostgreSQL of a worker in the isolation mode `savepoint`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

from pytest_query_snapshot.databases.savepoint.time_sources import ClockSource, TimeSources
from pytest_query_snapshot.databases.savepoint.virtual_transactions import savepoint_of
from pytest_query_snapshot.databases.schema import catalog
from pytest_query_snapshot.databases.seed_session import call_with_session
from pytest_query_snapshot.databases.servers.server import connect_arguments

_DONE = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
_CANCEL_SECONDS = 5.0
_SCRIPT = "query_snapshot_script"
SESSION = "SET TIME ZONE 'UTC'; SET idle_in_transaction_session_timeout = 0"
"""The settings of a session that isolates tests."""
_CLOCK = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'"
END_SESSION = "SELECT pg_advisory_unlock_all(); DEALLOCATE ALL; CLOSE ALL"
"""Ends what no rollback ends."""
_CLOSED_BY_COMMIT = "SELECT name FROM pg_cursors WHERE name = ANY(%s) AND NOT is_holdable"
_ROLES = frozenset({"role", "session_authorization"})


class PostgreSQLLink:
    """One real connection, inside the transaction that is never committed."""

    dialect_name = "postgresql"
    readers_need_savepoints = True
    driver_error: type[Exception] = psycopg.Error

    def __init__(self, url: sa.URL, context: Any, *, clock: TimeSources) -> None:
        self.time_sources = clock
        arguments: dict[str, Any] = connect_arguments(url)
        # autocommit: the driver begins nothing by itself, every BEGIN is ours. A prepared statement would not
        # survive the rollback after each test, so none is made.
        self.raw: Any = psycopg.connect(**arguments, autocommit=True, prepare_threshold=None, context=context)
        self.process = self.raw.info.backend_pid
        self.raw.execute(SESSION)
        self.deferral_changed = False
        self.is_spoiled = False
        self.setting_functions: catalog.SettingFunctions = {}
        self.placeholders: set[str] = set()
        self.writing_functions: frozenset[str] = frozenset()
        self.is_saved = False  # the savepoint of the test's first transaction is there already
        self._has_deferrable = False
        self._is_sent = False

    def command(self, text: str) -> None:
        """Run statements of the isolation itself, by the shortest way."""
        self.settle()
        if self.raw.pgconn.transaction_status == TransactionStatus.ACTIVE:
            self.raw.cancel_safe(timeout=_CANCEL_SECONDS)  # a test was cut off while it waited for an answer
        result = self.raw.pgconn.exec_(text.encode())
        if result.status not in _DONE:
            raise psycopg.OperationalError(result.error_message.decode(errors="replace"))

    def send(self, text: str) -> None:
        """Begin to run statements of the isolation itself; `settle` waits for them."""
        self.settle()
        self.raw.pgconn.send_query(text.encode())
        self._is_sent = True

    def settle(self) -> None:
        """Wait until what was sent has run."""
        if not self._is_sent:
            return
        self._is_sent = False
        error = ""
        while (result := self.raw.pgconn.get_result()) is not None:
            if result.status not in _DONE:
                error = result.error_message.decode(errors="replace")
                if self.raw.pgconn.status != ConnStatus.OK:  # it would give such results for ever
                    break
        if error:
            raise psycopg.OperationalError(error)

    def load(self, statement: str) -> None:
        """Run one statement of a seed."""
        self.raw.execute(statement)

    def copy(self, statement: str, data: str) -> None:
        """Run COPY .. FROM stdin with its data."""
        with self.raw.cursor().copy(statement) as copying:
            copying.write(data)

    def call(self, function: Callable[[Any], object]) -> None:
        """Call a Python seed."""
        call_with_session(function, self.raw, dialect_name="postgresql")

    def postpone_checks(self) -> None:
        """Do nothing: only SQLite's dumps ask for it."""

    def end_file(self) -> None:
        """Return the settings to their defaults: a dump sets the search_path and more."""
        self.reset_settings({})

    def load_script(self, script: str) -> bool:
        """Run a whole script."""
        self.command(f"SAVEPOINT {_SCRIPT}")
        try:
            self.command(script)
        except psycopg.Error:
            self.command(f"ROLLBACK TO SAVEPOINT {_SCRIPT}")
            return False
        finally:
            self.command(f"RELEASE SAVEPOINT {_SCRIPT}")
        return True

    def save(self, savepoint: str) -> None:
        """Begin a savepoint; that of a test's first transaction came with the end of the test before."""
        if self.is_saved:
            self.is_saved = False
        else:
            self.command(f"SAVEPOINT {savepoint}")

    def undo(self, savepoint: str) -> None:
        """Roll back to a savepoint and remove it, in one message."""
        self.command(f"ROLLBACK TO SAVEPOINT {savepoint}; RELEASE SAVEPOINT {savepoint}")

    def clock(self) -> str:
        """Return the time of the server's clock, as a literal."""
        return str(self.raw.execute(_CLOCK).fetchone()[0])

    def failed(self) -> bool:
        """Return whether an error has ended what can be done until a rollback."""
        return bool(self.raw.pgconn.transaction_status == TransactionStatus.INERROR)

    def lost(self) -> bool:
        """Return whether a real COMMIT or ROLLBACK has ended the transaction that holds everything."""
        return bool(self.raw.pgconn.transaction_status == TransactionStatus.IDLE)

    def opened(self, cursor: Any) -> None:
        """Do nothing: a rollback closes every cursor of the server."""

    def end_cursors(self, names: Sequence[str]) -> None:
        """Close cursors of the server that a COMMIT would close; the real transaction is still open."""
        if names:
            for (name,) in self.raw.execute(_CLOSED_BY_COMMIT, (list(names),)).fetchall():
                self.raw.execute(sql.SQL("CLOSE {}").format(sql.Identifier(name)))

    def reset_settings(self, settings: dict[str, str]) -> None:
        """Return every setting to its default, then set these; roles last, because they take rights away."""
        if self.is_saved:  # else the rollback of the test's first transaction would take the settings with it
            self.is_saved = False
            self.command(f"RELEASE SAVEPOINT {savepoint_of(0)}")
        self.command(f"RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; {SESSION}")
        for name in sorted(settings, key=lambda name: (name in _ROLES, name)):
            self.raw.execute("SELECT set_config(%s, %s, false)", (name, settings[name]))

    def setting(self, name: str) -> str:
        """Return the value of a setting."""
        found = self.raw.execute("SELECT current_setting(%s, true)", (name,)).fetchone()
        return str(found[0] or "")

    def drop_temporary(self, name: str) -> None:
        """Drop a temporary relation."""
        kinds = self.raw.execute(
            "SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END "
            "FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname = %s",
            (name,),
        ).fetchall()
        for (kind,) in kinds:
            self.raw.execute(sql.SQL("DROP {} pg_temp.{} CASCADE").format(sql.SQL(kind), sql.Identifier(name)))

    def empty_temporary(self, name: str) -> None:
        """Delete the rows of a temporary table."""
        self.raw.execute(sql.SQL("DELETE FROM pg_temp.{}").format(sql.Identifier(name)))

    def end_session(self) -> None:
        """Release locks, prepared statements and cursors of the session."""
        self.command(END_SESSION)

    def learn_functions(self) -> None:
        """Read which functions of the schema write or set."""
        self.writing_functions, self.setting_functions = catalog.functions(self.raw)
        self.time_sources.learn(tuple(ClockSource(*each) for each in catalog.clock_sources(self.raw)))

    def expect_deferred(self) -> None:
        """Read the catalog again at each commit of this test."""
        self.deferral_changed = True

    def check_deferred(self) -> None:
        """Raise IntegrityError when a commit would."""
        if not self._has_deferrable and not self.deferral_changed:
            return
        found = catalog.deferrable(self.raw)
        # by name: ALL would hold for constraints of later tests too, which lie in the same transaction
        if found:
            self.raw.execute(f"SET CONSTRAINTS {', '.join(found)} IMMEDIATE")
        if waiting := [name for name, waits in found.items() if waits]:
            self.raw.execute(f"SET CONSTRAINTS {', '.join(waiting)} DEFERRED")

    def learn_schema(self) -> None:
        """Note what the schema makes necessary at each commit."""
        self._has_deferrable = bool(catalog.deferrable(self.raw))
        self.learn_functions()
