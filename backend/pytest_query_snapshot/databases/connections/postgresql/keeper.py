"""Keeps a PostgreSQL database: captures it as a template, finds what a test wrote, and puts it back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import ExecStatus

from pytest_query_snapshot.databases.connections.keeper import Look, OpenTransaction, Restored
from pytest_query_snapshot.databases.connections.postgresql import keeper_schema, questions
from pytest_query_snapshot.databases.connections.postgresql.clones import Clones
from pytest_query_snapshot.databases.connections.postgresql.journaled_rows import JournaledRows
from pytest_query_snapshot.databases.connections.postgresql.leaving_functions import leaving_functions
from pytest_query_snapshot.databases.connections.postgresql.restore import restore_script
from pytest_query_snapshot.databases.connections.postgresql.tables import (
    KeptTable,
    read_flags,
    read_oids,
    read_position,
    read_sequences,
    read_tables,
    with_children,
)
from pytest_query_snapshot.databases.connections.session_state import NO_FUNCTIONS, check_server
from pytest_query_snapshot.databases.schema import catalog
from pytest_query_snapshot.databases.seed_session import call_with_session
from pytest_query_snapshot.databases.servers.server import connect_arguments
from pytest_query_snapshot.errors import DatabaseLeakError
from pytest_query_snapshot.seeds.files import SeedFile
from pytest_query_snapshot.seeds.loading import load

LARGE = 500
"""A table with more rows gets a journal instead of being rewritten."""

_POLL_SECONDS = 0.0005
_TIMEOUT_SECONDS = 10.0
_ATTEMPTS = 3
_DONE = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
_SESSION = f"""
SET session_replication_role = replica;
SET {keeper_schema.SILENCE} = 'on';
SET lock_timeout = '2s';
SET TIME ZONE 'UTC';
SET row_security = off;
SET max_parallel_workers_per_gather = 0;
SET synchronize_seqscans = off
"""


@dataclass(slots=True)
class Baseline:
    """A state of the database, kept as a template."""

    template: str
    tables: dict[int, KeptTable]
    sequences: dict[str, str]
    question: questions.Question | None


class PostgreSQLKeeper:
    """Keeps one database of a PostgreSQL server.

    shared: the server is not the run's own, so that a kill must not leave the databases on it.
    notes: what the run has to report.
    rebuilt: how often the database was made from its template again.
    """

    dialect_name = "postgresql"

    def __init__(self, server: sa.URL, name: str, *, template: str | None = None, shared: bool = False) -> None:
        self.url = server.set(drivername="postgresql+psycopg", database=name)
        self._clones = Clones(server)
        self._template = template
        self._shared = shared
        self._can_keep = True  # rows can be put back; otherwise only the whole database
        self.notes: list[str] = []
        self.leaving_functions = NO_FUNCTIONS
        self._made = 0
        self._created = False
        self._raw: Any = None
        self._baseline: Baseline | None = None
        self._at: questions.Facts | None = None
        self.rebuilt = 0

    def create(self) -> None:
        """Create the database, empty or as a copy of the one that the run was given."""
        self._end_keeper()
        self._clones.drop(str(self.url.database))
        if self._shared and not self._created:
            self._clones.sweep_after_kill(str(self.url.database))
        self._created = True
        self._clones.create(str(self.url.database), template=self._template)

    def load(self, files: Sequence[SeedFile]) -> None:
        """Load seeds and commit them, with the triggers and constraints of the application."""
        with self._connected() as raw:
            raw.execute("SET TIME ZONE 'UTC'")
            target = _SeedTarget(raw)
            raw.execute("BEGIN")
            for file in files:
                load(file, target)
            catalog.advance(raw)
            raw.execute("COMMIT")

    def capture(self) -> Baseline:
        """Remember the database as it is now, and keep a template of it."""
        self._end_keeper()
        with self._connected() as raw:
            self._check_rights(raw)
            if self._can_keep:
                raw.execute(_SESSION)
                _adopt(raw)
            self.leaving_functions = leaving_functions(raw)
            tables = read_tables(raw)
            names = read_sequences(raw) if self._can_keep else ()  # else the role may have no right to read them
            sequences = {name: read_position(raw, name) for name in names}
            question = (
                questions.Question(read_flags(raw, tables), sequences, read_oids(raw, sequences))
                if self._can_keep
                else None
            )
        self._made += 1
        name = f"{self.url.database}_template_{self._made}"
        self._clones.end_connections(str(self.url.database))
        self._clones.create(name, template=str(self.url.database))
        baseline = Baseline(name, tables, sequences, question)
        self._start_keeper(baseline)
        return baseline

    def forget(self, baseline: Baseline) -> None:
        """Drop the template of a baseline."""
        self._clones.drop(baseline.template)

    def switch(self, baseline: Baseline) -> Restored:
        """Make the database again from the template of a baseline."""
        self._end_keeper()
        name = str(self.url.database)
        self._clones.drop(name)
        self._clones.create(name, template=baseline.template)
        self._start_keeper(baseline)
        self.rebuilt += 1
        return Restored(connections_ended=True)

    def check(self, statement: str) -> None:
        """Refuse what changes more than the database. Raises RefusedError."""
        check_server(statement)

    def has_changed(self) -> bool:
        """Return whether a transaction number was used since the baseline was put back."""
        if not self._can_keep:
            return False  # any other client of the server moves it
        return questions.ask(self._raw, questions.NEXT)[0] != self._position.xmax

    def look(self) -> Look:
        """Compare the next transaction number, and count open transactions: in one round trip."""
        xmax, others = questions.ask(self._raw, questions.QUICK)
        return Look(changed=xmax != self._position.xmax, is_open=others != "0")

    def version(self) -> str:
        """Return the transactions of the server that have ended."""
        return str(self._raw.execute(questions.SNAPSHOT, prepare=True).fetchone()[0])

    def writes(self) -> object:
        """Return the flags, which are those of the baseline where no transaction number was used."""
        now = self._ask() if self.has_changed() else self._position
        return None if now is None or not self._can_keep else (now.structure, now.flags)

    def was_written_since(self, mark: object) -> bool:
        """Return whether a flag has moved since."""
        return self.writes() != mark

    def changed_tables(self) -> frozenset[str] | None:
        """Return the tables written since; None when the structure changed as well."""
        baseline, before, now = self._kept, self._position, self._ask()
        if now is None or now.structure != before.structure:
            return None
        dirty = with_children(frozenset(self._dirty(now)), baseline.tables)
        return frozenset(baseline.tables[oid].shown for oid in dirty)

    def mark(self) -> Baseline | None:
        """Return the baseline: the journals hold the keys of the rows that were written since."""
        return self._baseline if self._can_keep else None

    def touched_since(self, mark: Baseline) -> JournaledRows | None:
        """Return what was committed since a mark; None when the structure has changed as well."""
        now = self._ask() if mark is self._baseline else None
        if now is None or now.structure != self._position.structure:
            return None
        return JournaledRows(mark.tables, self._raw)

    def open_transactions(self) -> list[OpenTransaction]:
        """List transactions that are open on other connections."""
        return [OpenTransaction(*facts) for facts in self._raw.execute(questions.OPEN_TRANSACTIONS).fetchall()]

    def owner_of(self, driver_connection: Any) -> int | None:
        """Return the process of the server that serves a connection."""
        return process_of(driver_connection)

    def end_transactions(self, owners: Sequence[int]) -> None:
        """End connections and wait until they are gone; the server's own wait takes steps of 100 ms."""
        self._raw.execute(questions.END, (list(owners),))
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while self._raw.execute(questions.STILL_THERE, (list(owners),)).fetchone()[0]:
            if time.monotonic() > deadline:
                raise DatabaseLeakError(f"the server does not end the connections {', '.join(map(str, owners))}")
            time.sleep(_POLL_SECONDS)

    def restore(self) -> Restored:
        """Put back the rows that were written, or the whole database after a change of its structure."""
        baseline, before, now = self._kept, self._position, self._ask()
        if now is None:
            return self.switch(baseline)
        changed = questions.server_changes(before, now)
        if changed:
            self._undo_prepared()
        refused, noticed = ((), changed) if self._shared else (changed, ())
        dirty = with_children(frozenset(self._dirty(now)), baseline.tables)
        tables = [baseline.tables[oid] for oid in baseline.tables if oid in dirty]
        if now.structure != before.structure or not all(table.rewritable for table in tables):
            ended = self.switch(baseline).connections_ended
            return Restored(connections_ended=ended, refused=refused, noticed=noticed)
        moved = questions.moved(tuple(baseline.sequences), before.sequences, now.sequences)
        script = restore_script(tables, {name: baseline.sequences[name] for name in moved})
        if script:
            now = questions.after_restore(now, sequences=before.sequences, xmax=self._put_back(script))
        if not now.is_writing:  # else the rows of a late thread are still to come: look at its tables again
            self._at = now
        return Restored(refused=refused, noticed=noticed)

    def reader(self) -> Any:
        """Return the keeper's own connection: it reads as the owner, not in the test's role."""
        return self._raw

    def close(self) -> None:
        """Drop the database and its templates, if they do not go with the server."""
        self._end_keeper()
        if self._created and self._shared:
            self._clones.drop(str(self.url.database))
            self._clones.drop_all(prefix=f"{self.url.database}_template_")
        self._clones.close()

    @property
    def _kept(self) -> Baseline:
        if self._baseline is None:
            raise DatabaseLeakError("the database has no baseline")
        return self._baseline

    @property
    def _position(self) -> questions.Facts:
        if self._at is None:
            raise DatabaseLeakError("the database has no baseline")
        return self._at

    def _ask(self) -> questions.Facts | None:
        """Run the detailed query; None when something that it names was dropped, or nothing can be kept."""
        question = self._kept.question
        if question is None:
            return None
        try:
            return question.read(questions.ask(self._raw, questions.DETAILED)[0])
        except (psycopg.ProgrammingError, psycopg.InternalError):  # by its name, or by its oid
            return None

    def _dirty(self, now: questions.Facts) -> list[int]:
        return list(questions.moved(tuple(self._kept.tables), self._position.flags, now.flags))

    def _put_back(self, script: str) -> str:
        """Run the script; return the next transaction number, asked in the same message."""
        message = b"%s;\nEXECUTE %s" % (script.encode(), questions.NEXT)
        for attempt in range(_ATTEMPTS):
            result = self._raw.pgconn.exec_(message)
            if result.status in _DONE:
                return str(result.get_value(0, 0).decode())
            error = result.error_message.decode(errors="replace").strip()
            self._raw.pgconn.exec_(b"ROLLBACK")
            if attempt + 1 < _ATTEMPTS:  # a thread that the test left behind holds a lock
                self.end_transactions([each.owner for each in self.open_transactions()])
        raise DatabaseLeakError(f"the rows could not be put back: {error}")

    def _undo_prepared(self) -> None:
        for (name,) in self._raw.execute(questions.PREPARED).fetchall():
            self._raw.execute(psycopg.sql.SQL("ROLLBACK PREPARED {}").format(name))

    def _start_keeper(self, baseline: Baseline) -> None:
        self._raw = psycopg.connect(**self._arguments(), autocommit=True, prepare_threshold=None)
        questions.prepare(self._raw)
        if self._can_keep:
            self._raw.execute(_SESSION)
        if baseline.question is not None:
            questions.prepare_one(self._raw, questions.DETAILED, baseline.question.text)
        self._baseline = baseline
        self._at = self._ask() or questions.Facts(xmax=self._raw.execute(questions.XMAX).fetchone()[0])

    def _check_rights(self, raw: Any) -> None:
        """Fall back to templates for a role that can't make event triggers and silence the application's."""
        role, is_superuser = raw.execute(
            "SELECT quote_ident(current_user), rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        if not is_superuser and self._can_keep:
            self._can_keep = False
            self.notes.append(
                f"the role {role} is not a superuser, so the database is made again from its template after each "
                f"test that writes (about 0.1 s); ALTER ROLE {role} SUPERUSER makes that a few milliseconds"
            )

    def _end_keeper(self) -> None:
        if self._raw is not None:
            with suppress(psycopg.Error):
                self._raw.close()
            self._raw = None

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        raw: Any = psycopg.connect(**self._arguments(), autocommit=True, prepare_threshold=None)
        with closing(raw):
            yield raw

    def _arguments(self) -> dict[str, Any]:
        return connect_arguments(self.url)


def process_of(driver_connection: Any) -> int | None:
    """Return the process id of the server's side of a connection, as its driver knows it."""
    known = getattr(getattr(driver_connection, "info", None), "backend_pid", None)  # psycopg and psycopg2
    if known is None:
        read = getattr(getattr(driver_connection, "driver_connection", None), "get_server_pid", None)  # asyncpg
        known = None if read is None else read()
    return known


class _SeedTarget:
    """The connection that seeds are loaded on."""

    dialect_name = "postgresql"
    driver_error: type[Exception] = psycopg.Error

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def load(self, sql: str) -> None:
        """Run one statement."""
        self._raw.execute(sql)

    def copy(self, statement: str, data: str) -> None:
        """Run COPY .. FROM stdin with its data."""
        with self._raw.cursor().copy(statement) as copying:
            copying.write(data)

    def call(self, function: Callable[[Any], object]) -> None:
        """Call a Python seed."""
        call_with_session(function, self._raw, dialect_name="postgresql")

    def postpone_checks(self) -> None:
        """Do nothing: only SQLite's dumps ask for it."""

    def end_file(self) -> None:
        """Return settings to their defaults."""
        self._raw.execute("RESET ALL")
        self._raw.execute("SET TIME ZONE 'UTC'")

    def load_script(self, script: str) -> bool:
        """Leave it to load."""
        del script
        return False


def _adopt(raw: Any) -> None:
    """Create the keeper's schema beside the schema of the application."""
    version = raw.info.server_version
    run: Callable[[str], Any] = raw.execute
    run(keeper_schema.REMOVE)
    for one in catalog.sequences(raw):
        # the next call of nextval then takes a transaction number, which the quick question sees
        run(catalog.restoring([one]))
    run(keeper_schema.create_functions(version))
    for table in read_tables(raw).values():
        run(f"ANALYZE {table.name}")
        run(keeper_schema.create_flag(table, server_version=version))
        if not table.is_partitioned:
            rows = run(keeper_schema.create_copy(table)).rowcount
            if rows > LARGE and table.key and not table.is_child and not table.children:
                run(keeper_schema.create_journal(table))
    run(keeper_schema.EVENT_TRIGGERS)
