"""PostgreSQL: one connection per worker, in one transaction that is never committed.

Schema, seeds and test lie on top of each other, each on a savepoint; going from one seed set to another rolls back
to the files they share and loads the rest. Even after errors, the database has never committed anything of ours.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus

from pytest_query_snapshot.databases.savepoint.postgresql_link import END_SESSION, SESSION, PostgreSQLLink
from pytest_query_snapshot.databases.savepoint.time_sources import TimeSources
from pytest_query_snapshot.databases.savepoint.transaction_rows import TransactionMark, TransactionTouchedRows
from pytest_query_snapshot.databases.savepoint.virtual_transactions import savepoint_of
from pytest_query_snapshot.databases.schema import catalog
from pytest_query_snapshot.databases.servers.server import connect_arguments
from pytest_query_snapshot.errors import ConfigurationError, DatabaseLeakError, SeedError
from pytest_query_snapshot.seeds.files import SeedFile, SeedSet
from pytest_query_snapshot.seeds.loading import load

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable

ANALYZED_ROWS = 1000
"""A table with more new rows than this gets statistics when seeds are loaded."""
_HELD = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})


class PostgreSQLDatabase:
    """One database, used by one worker."""

    dialect_name = "postgresql"

    def __init__(
        self,
        url: sa.URL,
        *,
        on_shut: Callable[[], None] | None = None,
        renew: Callable[[], sa.URL] | None = None,
        wait: Callable[[], None] = lambda: None,
    ) -> None:
        self._url = url
        self._wait = wait  # until the server answers
        self._renew = (
            renew  # makes another database when a test has committed to this one; None for the user's own
        )
        self._was_empty = False
        self._spoiled_by = ""
        self._owned: dict[str, tuple[str, str]] = {}
        self.not_covered: list[str] = []
        self._fixed_sequences: list[str] = []
        self._clock = TimeSources()
        self.url = url.set(drivername="postgresql+query_snapshot")
        self._on_shut = on_shut
        self._link: PostgreSQLLink | None = None
        self._files: list[SeedFile] = []
        self._before: tuple[str, list[catalog.Sequence]] | None = None
        self._bare_sequences: list[catalog.Sequence] = []  # as the schema made them
        self._sequences: list[catalog.Sequence] = []  # as the seeds left them
        self._context: Any = None
        self.ready = False

    def notes(self) -> list[str]:
        """Return what the run has to say about the time that its tests saw, and about sequences."""
        names = ", ".join(self._fixed_sequences)
        fixed = f"this role can't set {names}: a sequence that tests advance is not put back"
        return [*self._clock.notes(), *([fixed] if names else [])]

    def adopt(self, dialect: Any) -> None:
        """Take the driver's settings from the engine's dialect."""
        self._context = getattr(dialect, "_psycopg_adapters_map", None)

    def begin_schema(self, schemas: tuple[str, ...]) -> PostgreSQLLink:
        """Begin the transaction that everything happens in."""
        del schemas  # CREATE SCHEMA makes them
        self._wait()
        try:
            link = self._link = PostgreSQLLink(self._url, self._context, clock=self._clock)
        except psycopg.Error as error:
            raise ConfigurationError(f"can't connect to {self._url!r}: {error}") from error
        if self._spoiled_by:
            raise ConfigurationError(
                f"database {self._url.database!r} has to be restored first: {self._spoiled_by}"
            )
        if self._before is None:
            self._before = (catalog.digest(link.raw), catalog.sequences(link.raw))
            self._was_empty = catalog.is_empty(link.raw)
            self.not_covered = catalog.not_covered(link.raw)
            self._fixed_sequences = catalog.fixed_sequences(link.raw)
        link.command("BEGIN")
        return link

    def end_schema(self, link: PostgreSQLLink) -> None:
        """Mark the state with the schema and no seeds."""
        link.learn_schema()
        self._sequences = self._bare_sequences = catalog.sequences(link.raw)
        self._owned = catalog.owned_sequences(link.raw)
        self._files = []
        link.command(f"SAVEPOINT {_mark(0)}")
        self.ready = True

    def open(self, seeds: SeedSet) -> PostgreSQLLink:
        """Get to the state of a seed set from the one that is loaded."""
        link = self._link
        assert link is not None  # noqa: S101  ready says so
        try:
            link.settle()
        except psycopg.Error as error:
            raise self._gone(link, error, held="the test before") from error
        if tuple(self._files) != seeds.files:
            self._switch(link, seeds)
        if not link.is_saved:
            self._reset_to_seeds(link)
        return link

    def close(self, link: PostgreSQLLink) -> None:
        """Undo the test. Raises DatabaseLeakError when the transaction that held it is gone."""
        if link.raw.pgconn.transaction_status == TransactionStatus.UNKNOWN:  # the connection is lost
            self.discard(link)
            return
        try:
            if link.raw.pgconn.transaction_status in _HELD and not link.deferral_changed:
                self._reset_to_seeds(link, run=link.send)  # while pytest reports this test and prepares the next
                return
            self._reset_to_seeds(link)
            if link.deferral_changed:
                link.deferral_changed = False
                link.learn_schema()
        except psycopg.Error as error:
            raise self._gone(link, error, held="the test") from error

    def _gone(self, link: PostgreSQLLink, error: psycopg.Error, *, held: str) -> DatabaseLeakError:
        """Get another connection, and a clean database; return what to raise."""
        self.discard(link)
        self._recover()
        return DatabaseLeakError(
            f"the transaction that held {held} is gone ({str(error).strip()}){self._spoiled_by}"
        )

    def _recover(self) -> None:
        """Get a database without what a test has committed: the other tests must not meet it."""
        if self._renew is not None:
            self._url, self._before = self._renew(), None
            return
        assert self._before is not None  # noqa: S101  begin_schema sets it
        with psycopg.connect(**connect_arguments(self._url), autocommit=True) as raw:
            if self._was_empty:
                catalog.empty(raw)
            if catalog.digest(raw) != self._before[0]:
                self._spoiled_by = "; a test has committed to this database, which was not empty before"

    def mark(
        self, link: PostgreSQLLink, tables: Sequence[CatalogTable], *, as_seeded: bool
    ) -> TransactionMark | None:
        """Return a mark of the rows of these tables; None when the test has written.

        Rows that an open transaction has written and rows that it writes later have the same number.
        """
        return TransactionMark.of(link.raw, tables) if as_seeded else None

    def touched_since(self, link: PostgreSQLLink, mark: TransactionMark) -> TransactionTouchedRows | None:
        """Return what was written since a mark; None for a mark of another transaction."""
        return TransactionTouchedRows(mark) if mark.raw is link.raw else None

    def discard(self, link: PostgreSQLLink) -> None:
        """Give up a connection in an unknown state, and wait until the server has undone its work."""
        self._link, self.ready, self._files = None, False, []
        with contextlib.suppress(psycopg.Error):
            link.raw.close()
        with psycopg.connect(**connect_arguments(self._url), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (link.process,))
            while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (link.process,)).fetchone():
                other.execute("SELECT pg_sleep(0.01)")

    def verify(self) -> None:
        """Roll everything back and compare with what was there. Raises DatabaseLeakError."""
        if self._before is None:
            return
        raw: Any = psycopg.connect(**connect_arguments(self._url), autocommit=True)
        with contextlib.closing(raw):
            if self._link is not None:
                self.discard_quietly()
            raw.execute(SESSION)
            self._owned = catalog.owned_sequences(raw)
            if self._before[1]:
                raw.execute(self._restoring(self._before[1]))
            lower = [
                one.name
                for one, now in zip(self._before[1], catalog.sequences(raw), strict=False)
                if one.name == now.name and now.last_value < one.last_value
            ]
            if lower or catalog.digest(raw) != self._before[0]:
                name = self._url.database
                raise DatabaseLeakError(
                    f"database {name!r} is not as it was before the first test; either something escaped the "
                    "isolation, or another process changed it during the run"
                )

    def discard_quietly(self) -> None:
        """End the transaction that held everything."""
        link, self._link, self.ready = self._link, None, False
        if link is not None:
            with contextlib.suppress(psycopg.Error):
                link.command("ROLLBACK")
            link.raw.close()

    def shut(self) -> None:
        """Close the connection and give the database back."""
        self.discard_quietly()
        if self._on_shut is not None:
            self._on_shut()

    def _reset_to_seeds(self, link: PostgreSQLLink, *, run: Callable[[str], None] | None = None) -> None:
        """Undo everything after the seeds, and prepare the next test: all in one message."""
        parts = [f"ROLLBACK TO SAVEPOINT {_mark(len(self._files))}"]
        if self._sequences:
            parts.append(self._restoring(self._sequences))
        parts.append(END_SESSION)
        parts.append(f"SAVEPOINT {savepoint_of(0)}")
        (run or link.command)("; ".join(parts))
        link.is_saved = True

    def _restoring(self, sequences: list[catalog.Sequence]) -> str:
        if self._renew is not None:
            return catalog.restoring(sequences)
        return catalog.restoring_for_others(sequences, self._owned)

    def _switch(self, link: PostgreSQLLink, seeds: SeedSet) -> None:
        shared = 0
        for loaded, wanted in zip(self._files, seeds.files, strict=False):
            if loaded != wanted:
                break
            shared += 1
        # also what the next test's first savepoint would be: it would lie under the files
        link.is_saved = False
        link.command(f"ROLLBACK TO SAVEPOINT {_mark(shared)}")
        del self._files[shared:]
        if self._bare_sequences:
            link.command(self._restoring(self._bare_sequences))
        for file in seeds.files[shared:]:
            try:
                load(file, link)
            except SeedError:
                link.command(f"ROLLBACK TO SAVEPOINT {_mark(len(self._files))}")
                raise
            self._files.append(file)
            link.command(f"SAVEPOINT {_mark(len(self._files))}")
        catalog.analyze(link.raw, rows=ANALYZED_ROWS)
        if self._bare_sequences:
            catalog.advance(link.raw)
            self._sequences = catalog.sequences(link.raw)


def _mark(files: int) -> str:
    return f"query_snapshot_seeds_{files}"
