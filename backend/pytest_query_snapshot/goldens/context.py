"""The context of one test's comparisons: its recording, its steps, its id aliases, the paths of its goldens."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ClauseElement

from pytest_query_snapshot.databases.greenlets import in_greenlet
from pytest_query_snapshot.databases.observed import databases_of
from pytest_query_snapshot.databases.plans import Plan, read_plan
from pytest_query_snapshot.databases.urls import is_in_memory
from pytest_query_snapshot.errors import (
    NoDatabaseError,
    OtherDatabaseError,
    QuerySnapshotError,
    UnflushedSessionError,
    UnprintableValueError,
    UnrecordedResultError,
)
from pytest_query_snapshot.goldens import left_side
from pytest_query_snapshot.goldens.compiled import compile_statement, dialect_named
from pytest_query_snapshot.goldens.formats import changes as state_renderer
from pytest_query_snapshot.goldens.formats import rows as rows_renderer
from pytest_query_snapshot.goldens.formats import sql as sql_renderer
from pytest_query_snapshot.goldens.golden_files import GoldenFiles, Rendered
from pytest_query_snapshot.goldens.obligations import Obligations
from pytest_query_snapshot.goldens.observed import ObservedDatabase, ObservedDatabases, was_committed
from pytest_query_snapshot.goldens.repeated_tests import name_of
from pytest_query_snapshot.goldens.table_states import TableStates
from pytest_query_snapshot.recording.entries import Execution, StepMarker
from pytest_query_snapshot.recording.inserted_ids import inserted_ids
from pytest_query_snapshot.recording.recorder import UNRECORDED
from pytest_query_snapshot.recording.statements import Recorded, Statement
from pytest_query_snapshot.sql.effects.writes import may_write
from pytest_query_snapshot.sql.text_cache import forget_long_texts
from pytest_query_snapshot.values.driver_rows import fetch_all
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.result_rows import to_table

if TYPE_CHECKING:
    from uuid import UUID

    import pytest

    from pytest_query_snapshot.goldens.comparison import Comparison
    from pytest_query_snapshot.goldens.run_settings import Settings
    from pytest_query_snapshot.values.adjustments import Adjustments


_OF_WORK = frozenset({"sql", "state"})


class GoldenContext:
    """The context of one test's comparisons."""

    def __init__(self, item: pytest.Item, settings: Settings) -> None:
        self.item = item
        self.settings = settings
        self.files = GoldenFiles(item, settings)
        self.recorder = settings.recorder
        self.databases = ObservedDatabases(databases_of(item), settings.knowledge)
        self.states = TableStates(self.databases, self.recorder, declared=settings.declared)
        self._ids = IdAliases(started=self.states.ids, inserted=self._inserted)
        self._sql_ids = IdAliases(self._ids)
        self.obligations = Obligations(item.nodeid)
        self._compared_until: int | None = None
        self._named_until = 0
        dirty = tuple(left_side.dirty_sessions())
        self._dirty_before: Container[Session] = weakref.WeakSet(dirty) if dirty else ()

    def compare(
        self, kinds: tuple[str, ...], name: str | None, received: Any, *, adjustments: Adjustments | None = None
    ) -> list[Comparison]:
        """Compare what was received with its goldens, all kinds of them, whether or not one differs."""
        self.obligations.check_running()
        self.recorder.settle()
        received = left_side.unwrapped(received)
        for kind in kinds[:1]:
            left_side.check(received, kind=kind)
            left_side.check_unread(received, kind=kind)
        rendered = [each for kind in kinds for each in self._render(kind, received, adjustments, name)]
        self.obligations.meet(name)
        if _OF_WORK.intersection(kinds):
            self._compared_until = len(self.recorder.entries)
        steps = tuple(self.states.steps)
        return self.files.compare(rendered, name, steps=steps)

    def end(self) -> None:
        """Refuse further use, and drop what refers back here: the context would await the garbage collector."""
        self.obligations.end()
        forget_long_texts()
        del self._ids, self._sql_ids

    def is_recording(self) -> bool:
        """Return whether the statements of this moment are the test's, not those that read its state."""
        return self.recorder.is_recording

    def wrote_after_comparing(self) -> bool:
        """Return whether something was written after the last comparison of statements or of states."""
        at = self._compared_until
        fresh = () if at is None else self.recorder.entries[at:]
        return any(isinstance(entry, Execution) and may_write(entry.statement) for entry in fresh)

    def committed_elsewhere(self) -> Iterator[sa.URL]:
        """Yield the databases that outlive their engine and in which a commit of the test was not contained."""
        for database in self._used():
            url = None if database.own is not None or database.engine is None else database.engine.url
            entries = self.databases.entries_of(database, self.recorder.entries)
            if url is not None and not is_in_memory(url) and was_committed(entries):
                yield url

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Name what the block changes in the databases."""
        self._settle()
        self.states.begin_step(name)
        self.recorder.entries.append(StepMarker(name))
        self.obligations.begin_step(name)
        yield
        self._settle()
        self.states.end_step(name)

    def _settle(self) -> None:
        """Let what was begun come to its end: transactions of other threads, and what sessions hold back."""
        self.recorder.settle()
        self._flush_sessions()

    def _flush_sessions(self) -> None:
        """Write what sessions hold back: it belongs to what was done so far, not to what comes next."""
        known = {database.dialect for database in (*self.databases.own(), *self._used())}
        abandoned = self.settings.abandoned
        for session in left_side.dirty_sessions():
            if abandoned.get(session) == left_side.pending_work(session):
                continue
            engines = left_side.engines_of(session, ()) or ()
            if session not in self._dirty_before or any(engine.dialect in known for engine in engines):
                if any(engine.dialect.is_async for engine in engines) and not in_greenlet():
                    raise UnflushedSessionError
                session.flush()

    def _inserted(self) -> Iterator[tuple[UUID, str]]:
        """Yield the UUIDs that the test inserted since the last call, each with what it identifies."""
        fresh = self.recorder.entries[self._named_until :]
        self._named_until = len(self.recorder.entries)
        for entry in fresh:
            if isinstance(entry, Execution) and (database := self.databases.of_origin(entry.origin)) is not None:
                yield from inserted_ids(entry, database.known.columns)

    def _used(self) -> tuple[ObservedDatabase, ...]:
        return self.databases.used(self.recorder.entries)

    def _left(
        self, received: Any, kind: str, used: tuple[ObservedDatabase, ...]
    ) -> tuple[ObservedDatabase, ...] | None:
        """Return the databases that a left side names; None for a list. Raises OtherDatabaseError."""
        context = left_side.context_of(received)
        if context is not None:
            if kind == "sql" and not self.recorder.has_recorded(context):
                raise UnrecordedResultError
            engines: Sequence[sa.Engine] | None = (context.root_connection.engine,)
        else:
            entries = (entry for entry in self.recorder.entries if isinstance(entry, Execution))
            statements = (
                statement for entry in entries if isinstance(statement := entry.author_statement, ClauseElement)
            )
            engines = left_side.engines_of(received, statements, self.recorder.engines_of)
        if engines is None:
            return None
        left = tuple(dict.fromkeys(map(self.databases.of, engines)))
        if kind == "state":
            used = tuple(database for database in used if self.states.has_changed(database))
        if used and not set(left) & set(used):
            raise OtherDatabaseError(
                given=", ".join(each.described for each in left),
                used=tuple(each.described for each in used),
                kind=kind,
            )
        return left if isinstance(received, Session) and not used else tuple(x for x in left if x in used) or left

    def _render(
        self, kind: str, received: Any, adjustments: Adjustments | None, name: str | None
    ) -> list[Rendered]:
        if kind == "rows":
            return [self._text(kind, self._rows(received, adjustments, name))]
        if kind == "state":
            return [self._text(kind, self._state(received))]
        if kind == "sql":
            compiles = isinstance(received, ClauseElement)
            return list(self._compiled(received) if compiles else self._executed(received))
        database = self._database_of(kind, received)
        dialect = self.settings.dialect if database is None else database.dialect.name
        if kind == "schema":
            return [self._text(kind, self._schema(received, database), dialect=dialect)]
        from pytest_query_snapshot.goldens.formats import plan as plan_renderer  # noqa: PLC0415  few tests have one

        plan = self._text(kind, text := self._plan(received, database), dialect=dialect)
        plan.agrees_by_words = partial(plan_renderer.agrees_by_words, received=text)
        return [plan]

    def _text(self, kind: str, text: str, *, dialect: str | None = None) -> Rendered:
        return Rendered(kind, dialect or self._dialect(), lambda: text, lambda base: base == text)

    def _dialect(self) -> str:
        """Name the database of the run: without one of the plugin's, that of the project which was used first."""
        used = () if self.databases.own() else self._used()
        return used[0].dialect.name if used else self.settings.dialect

    def _database_of(self, kind: str, received: Any) -> ObservedDatabase | None:
        """Return the database of a plan or schema; None for metadata in a test that uses no database."""
        is_alone = kind == "schema" and isinstance(received, sa.MetaData)
        return None if is_alone and not (self.databases.own() or self._used()) else self._only_database(received)

    def _only_database(self, received: Any) -> ObservedDatabase | None:
        """Return the database that a plan or schema is asked of. Raises NoDatabaseError."""
        if isinstance(received, Plan):
            return None
        left = left_side.engines_of(received, ())
        found = tuple(map(self.databases.of, left)) if left else self.databases.own() or self._used()
        if len(found) != 1:
            raise NoDatabaseError(found=tuple(database.described for database in found))
        return found[0]

    @contextmanager
    def _unrecorded(self, database: ObservedDatabase) -> Iterator[sa.Connection]:
        with self.recorder.paused():
            if database.own is not None:
                with database.own.unrecorded() as connection:
                    yield connection
                return
            assert database.engine is not None  # noqa: S101  a plan or schema is asked of an engine
            with database.engine.connect() as connection:
                yield connection.execution_options(**{UNRECORDED: True})

    def _plan(self, query: Any, database: ObservedDatabase | None) -> str:
        from pytest_query_snapshot.goldens.formats import plan as plan_renderer  # noqa: PLC0415  few tests have one

        plan = query if database is None else self._read_plan(query, database)
        return plan_renderer.render(plan.text, self._sql_ids, planner=plan.planner)

    def _read_plan(self, query: Any, database: ObservedDatabase) -> Plan:
        with self._unrecorded(database) as connection:
            return read_plan(connection, query)

    def _schema(self, schema: Any, database: ObservedDatabase | None) -> str:
        from pytest_query_snapshot.goldens.formats import schema as schema_renderer  # noqa: PLC0415  few tests have one

        if isinstance(schema, sa.MetaData):
            dialect = dialect_named(self.settings.dialect) if database is None else database.dialect
            return schema_renderer.render(schema, dialect)
        if database is None:
            raise NoDatabaseError
        with self._unrecorded(database) as connection:
            return schema_renderer.render_database(connection)

    def _rows(self, received: Any, adjustments: Adjustments | None, name: str | None) -> str:
        items = fetch_all(received, nulls_of=self.recorder.json_nulls.of)
        settings = self.settings
        with self.recorder.paused(), _refusing(received):
            columns = self._columns(received)
            rows = to_table(
                received,
                items,
                columns,
                masks=settings.masks,
                render=settings.render,
                nulls_of=self.recorder.json_nulls.of,
            )
            del items  # a large result would be held twice while it is written
            if adjustments:
                rows = adjustments.apply(rows)
            if rows.of_mappings:
                rows = rows_renderer.with_columns_of(self.files.stored("rows", self._dialect(), name), rows)
            return rows_renderer.render(rows, self._ids, render_value=settings.render)

    def _columns(self, received: Any) -> IdColumns:
        left = left_side.engines_of(received, ())
        found = tuple(map(self.databases.of, left)) if left else self.databases.own()
        return found[0].known.columns if found else IdColumns()

    def _state(self, received: Any) -> str:
        if isinstance(received, Session):
            received.flush()
        left = self._left(received, "state", self._used()) or ()
        self.obligations.meet_steps()
        connection = received if isinstance(received, sa.Connection) else self._connection_of(received, left)
        baseline, steps = self.states.timeline(left, test=name_of(self.item), connection=connection)
        if all(database.own is not None for database in left):
            self._ids.rank(self.states.ids_of(baseline))
        return state_renderer.render(baseline, steps, self._ids, render_value=self.settings.render)

    @staticmethod
    def _connection_of(received: Any, left: Sequence[ObservedDatabase]) -> sa.Connection | None:
        """Return the connection of a session, which alone sees what it has not committed."""
        if not isinstance(received, Session) or not received.in_transaction() or len(left) != 1:
            return None
        database = left[0]
        if database.own is not None or database.dialect.is_async:
            return None
        return received.connection(bind_arguments={"bind": database.engine})

    def _compiled(self, statement: Any) -> Iterator[Rendered]:
        for name in self.settings.compile_dialects or (self.settings.dialect,):
            own = self.databases.own()
            reader = own[0].known.reader if own else self.settings.undeclared
            compiled = compile_statement(statement, dialect=dialect_named(name), reader=reader)
            yield self._sql([(None, [compiled])], name)

    def _executed(self, received: Any) -> Iterator[Rendered]:
        """Yield the statements since the last comparison: one text per dialect, a section per database."""
        used = self._used()
        left = self._left(received, "sql", used)
        wanted = (used or self.databases.own()[:1]) if left is None else left
        self.obligations.meet_steps()
        by_dialect: dict[str, list[tuple[str | None, list[Recorded]]]] = {}
        for database in wanted:
            label = self.databases.label_of(database) if len({*used, *wanted}) > 1 else None
            by_dialect.setdefault(database.dialect.name, []).append((label, self._fresh(database)))
        for dialect, sections in by_dialect.items():
            yield self._sql(sections, dialect)

    def _fresh(self, database: ObservedDatabase) -> list[Recorded]:
        entries = self.recorder.entries
        fresh = entries[database.compared_until :]
        database.compared_until = len(entries)
        return database.known.reader.read(self.databases.entries_of(database, fresh))

    def _sql(self, sections: list[tuple[str | None, list[Recorded]]], dialect: str) -> Rendered:
        def text(layout: Callable[[str], str] | None = None) -> str:
            texts = (
                ("" if label is None else f"-- database: {label}\n\n")
                + sql_renderer.render(recorded, self._sql_ids, layout=layout)
                for label, recorded in sections
            )
            return "\n".join(texts)

        raw = text()

        return Rendered(
            "sql",
            dialect,
            text=lambda: sql_renderer.laid_out(text(self.settings.layout_of(dialect)), raw, dialect=dialect),
            equals=lambda base: sql_renderer.are_alike(base, raw, dialect=dialect),
            statements=sum(isinstance(entry, Statement) for _, recorded in sections for entry in recorded),
            call_sites=lambda: tuple(site for _, recorded in sections for site in repeated_from(recorded)),
        )


@contextmanager
def _refusing(received: object) -> Iterator[None]:
    """Refuse a value whose own methods and properties raise while it is read. Raises UnprintableValueError."""
    try:
        yield
    except QuerySnapshotError:
        raise
    except Exception as error:
        raise UnprintableValueError(
            value=received, instead=f"reading it raised {type(error).__name__}: {error}"
        ) from error


def repeated_from(recorded: Sequence[Recorded]) -> tuple[str, ...]:
    """Return the lines that ran a statement several times in a row."""
    found = [
        run for run in sql_renderer.group_statements(recorded) if isinstance(run, sql_renderer.StatementGroup)
    ]
    return tuple(
        f"x {len(run.statements)} from {run.statements[0].where}: {run.statements[0].sql[:80]}"
        for run in found
        if len(run.statements) > 1 and run.statements[0].where
    )
