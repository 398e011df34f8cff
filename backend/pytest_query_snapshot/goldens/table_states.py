"""The tables of every database of a test: before the first change, and after each step.

Nothing is read before it must be: the state before the first change is read when the recorder hears of a statement
that may write, or is known from the seeds; a database to which nothing was written is not read again.
"""

from __future__ import annotations

import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.file_versions import FileVersion, file_time_ns, file_version
from pytest_query_snapshot.errors import NoBaselineError, UnobservedWriteError
from pytest_query_snapshot.goldens.formats.changes import Step
from pytest_query_snapshot.goldens.observed import MarkedState, may_change
from pytest_query_snapshot.recording.tables.foreign import can_work, read_in_transaction, read_tables
from pytest_query_snapshot.recording.tables.snapshots import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_query_snapshot.databases.observed import TestDatabase
    from pytest_query_snapshot.goldens.observed import ObservedDatabase, ObservedDatabases
    from pytest_query_snapshot.recording.recorder import Recorder
    from pytest_query_snapshot.values.id_aliases import Ids

LIMIT = 20_000
"""A database of the project's with more rows is not read just because a test writes to it, outside of steps."""

_OPEN_WORK = "the work of another connection"


@dataclass(slots=True, eq=False)
class _Timeline:
    """The states of one database."""

    database: ObservedDatabase
    baseline: State | None = None
    marked: MarkedState | None = None
    error: str = ""
    refused: UnobservedWriteError | None = None
    last: State = field(default_factory=State)
    after: dict[int, State] = field(default_factory=dict)
    seen_until: int = 0
    version: object = None
    started: object = None
    writer: weakref.ref[sa.Connection] | None = None

    @property
    def connection(self) -> sa.Connection | None:
        """The connection that wrote last, while its transaction is open: no other sees what it did."""
        found = None if self.writer is None else self.writer()
        return found if found is not None and not found.closed and found.in_transaction() else None


class TableStates:
    """Reads the tables of a test's databases when, and only when, they may have changed."""

    def __init__(
        self, databases: ObservedDatabases, recorder: Recorder, *, declared: Callable[[], sa.MetaData | None]
    ) -> None:
        self._databases = databases
        self._recorder = recorder
        self._declared = declared
        self._timelines: dict[ObservedDatabase, _Timeline] = {}
        self._in_step = False
        self._began_ns = 0
        self.steps: list[str] = []

    def begin(self) -> None:
        """Take note of what was written before the test is observed."""
        self._began_ns = file_time_ns()
        for database in self._databases.own():
            assert database.own is not None  # noqa: S101  it is one of the plugin's
            self._timeline(database).started = database.own.writes()

    def before_write(self, origin: Any, connection: sa.Connection | None) -> None:
        """Hear of a statement that may write: what the tables hold before the first one is the baseline."""
        database = self._databases.of_origin(origin)
        if database is None:
            return
        timeline = self._timeline(database)
        try:
            if timeline.baseline is None and not timeline.error:
                if database.own is not None:  # the first write of another may follow a set-up by copied files
                    self._check_unobserved(timeline)
                # below an async driver's own connection only another one can read; nothing is written yet
                reader = connection if connection is not None and can_work(connection.dialect) else None
                self._set_baseline(timeline, reader, limit=None if self._in_step else LIMIT)
        except UnobservedWriteError as error:
            timeline.refused = error
        except Exception as error:  # noqa: BLE001  the statement is the application's, an error here is ours
            timeline.error = f"{type(error).__name__}: {error}"
        if connection is not None:
            timeline.writer = weakref.ref(connection)

    def ids(self) -> dict[str, Ids]:
        """Return the ids of the rows that the plugin's databases hold, or held at the start, by their kind."""
        states: list[State] = []
        for database in self._databases.own():
            timeline = self._timeline(database)
            if timeline.baseline is None and not timeline.error:
                self._read_start(timeline)
            states.append(timeline.baseline or State())
            if self.has_changed(database):
                with suppress(Exception):
                    states.append(self._read(timeline, None))
        tables = chain.from_iterable(state.items() for state in states)
        return self.ids_of(State({f"{number} {name}": table for number, (name, table) in enumerate(tables)}))

    def ids_of(self, state: State) -> dict[str, Ids]:
        """Return the ids of a state of the plugin's databases, without UUIDs that were drawn at random."""
        named = [own.seed_set.uuids() for own in (database.own for database in self._databases.own()) if own]
        # mostly one, which tables know: a new set of many would be compared with it
        return state.ids(named[0] if len(named) == 1 else frozenset().union(*named))

    def has_changed(self, database: ObservedDatabase) -> bool:
        """Return whether something was executed on a database that may have changed it."""
        return any(map(may_change, self._databases.entries_of(database, self._recorder.entries)))

    def begin_step(self, name: str) -> None:
        """Give what happened before a step a section of its own; before the first step it is set-up."""
        self._in_step = True
        self._read_before_unobserved_writes()
        found = self._found()
        if not self.steps:
            for timeline, state in found.items():
                timeline.baseline = timeline.last = state
        elif any(state != timeline.last for timeline, state in found.items()):
            self._add(f"before {name}", found)

    def end_step(self, name: str) -> None:
        """Take note of what a step did."""
        self._in_step = False
        self._add(name, self._found())

    def timeline(
        self, databases: Sequence[ObservedDatabase], *, test: str, connection: sa.Connection | None
    ) -> tuple[State, list[Step]]:
        """Return the state of some databases before the first step, and after each. Raises NoBaselineError."""
        timelines = [self._timeline(database) for database in databases]
        for timeline in timelines:
            if timeline.refused is not None:
                raise timeline.refused
            if timeline.error:
                raise NoBaselineError(database=timeline.database.described, reason=timeline.error)
            if timeline.baseline is None:
                self._check_unobserved(timeline)
                self._set_baseline(timeline, connection)
        found = self._found(connection)
        if not self.steps:
            self._add(test, found)
        elif any(state != timeline.last for timeline, state in found.items()):
            self._add("after the last step", found)
        return self._merged(timelines)

    def _read_before_unobserved_writes(self) -> None:
        """Read the tables that a connection may write that is not observed, such as one of another process."""
        for database in self._databases.known():
            timeline = self._timeline(database)
            if timeline.baseline is not None or timeline.error or _version_of(timeline) is None:
                continue
            try:
                self._set_baseline(timeline, None, leave_open_work=True)
            except Exception as error:  # noqa: BLE001  only a comparison of states needs it
                timeline.error = f"{type(error).__name__}: {error}"

    def _read_start(self, timeline: _Timeline) -> None:
        """Read the tables if they are as at the start; where they can't be read, appearance numbers the ids."""
        with suppress(Exception):
            self._check_unobserved(timeline)
            self._set_baseline(timeline, None, leave_open_work=True)

    def _check_unobserved(self, timeline: _Timeline) -> None:
        """Refuse to call the tables unchanged that were written already. Raises UnobservedWriteError."""
        own = timeline.database.own
        if own is None:
            version = _version_of(timeline)
            is_written = isinstance(version, FileVersion) and version.written_ns > self._began_ns
        else:
            is_written = timeline.started is not None and own.was_written_since(timeline.started)
        if is_written:
            raise UnobservedWriteError(database=timeline.database.described)

    def _found(self, connection: sa.Connection | None = None) -> dict[_Timeline, State]:
        """Return the state of each database now; one whose tables were not read yet is as at its start."""
        known = [timeline for timeline in self._timelines.values() if timeline.baseline is not None]
        return {each: self._current(each, connection) for each in known}

    def _add(self, name: str, found: dict[_Timeline, State]) -> None:
        for timeline, state in found.items():
            timeline.after[len(self.steps)] = timeline.last = state
        self.steps.append(name)

    def _timeline(self, database: ObservedDatabase) -> _Timeline:
        if database not in self._timelines:
            self._timelines[database] = _Timeline(database)
        return self._timelines[database]

    def _merged(self, timelines: Sequence[_Timeline]) -> tuple[State, list[Step]]:
        """Put the tables of several databases side by side, by the names of both."""
        named = len(timelines) > 1
        baseline = State()
        steps = [State() for _ in self.steps]
        for timeline in timelines:
            prefix = f"{self._databases.label_of(timeline.database)}: " if named else ""
            state = timeline.baseline or State()
            _add_tables(baseline, state, prefix)
            for at, found in enumerate(steps):
                state = timeline.after.get(at, state)
                _add_tables(found, state, prefix)
        return baseline, [Step(name, state) for name, state in zip(self.steps, steps, strict=True)]

    def _current(self, timeline: _Timeline, connection: sa.Connection | None = None) -> State:
        entries = self._recorder.entries
        fresh = entries[timeline.seen_until :]
        timeline.seen_until = len(entries)
        before, timeline.version = timeline.version, _version_of(timeline)
        is_same = timeline.version == before and not any(
            map(may_change, self._databases.entries_of(timeline.database, fresh))
        )
        return timeline.last if is_same else self._read(timeline, connection)

    def _set_baseline(
        self,
        timeline: _Timeline,
        connection: sa.Connection | None,
        *,
        limit: int | None = None,
        leave_open_work: bool = False,
    ) -> None:
        own = timeline.database.own
        known = timeline.database.known
        timeline.version = _version_of(timeline)
        if own is None:
            state = self._read(timeline, connection, limit=limit)
        elif not own.is_as_seeded():
            if leave_open_work and own.uncommitted():
                return  # set-up of a connection that alone can read it, at its first write in the step
            state = self._read(timeline, connection, limit=limit)
            timeline.marked = self._marked(timeline, own, state)
        elif (started := known.state_of(own.baseline)) is not None:
            state, timeline.marked = started.state, started
        else:
            state = self._read(timeline, connection)
            # nothing was written yet: an open transaction has locked rows at most
            state.unread.pop(_OPEN_WORK, None)
            timeline.marked = self._marked(timeline, own, state)
            known.remember(own.baseline, timeline.marked)
        if timeline.baseline is not None:
            return  # another task has read it first, before either of them wrote
        timeline.baseline = timeline.last = state
        timeline.seen_until = len(self._recorder.entries)

    def _marked(self, timeline: _Timeline, own: TestDatabase, state: State) -> MarkedState:
        """Mark the rows of tables that are too large to be read after each step."""
        tables = timeline.database.known.states.large_tables(state)
        if not tables or own.uncommitted():
            return MarkedState(state)
        with self._recorder.paused(), own.unrecorded():
            return MarkedState(state, own.mark(tables))

    def _read(self, timeline: _Timeline, connection: sa.Connection | None, *, limit: int | None = None) -> State:
        database = timeline.database
        with self._recorder.paused():
            if database.own is not None:
                return self._read_own(timeline, database.own, (connection, timeline.connection))
            return read_tables(
                database.engine,
                connection or timeline.connection,
                known=database.known,
                declared=self._declared(),
                limit=limit,
            )

    @staticmethod
    def _read_own(timeline: _Timeline, own: TestDatabase, writers: tuple[sa.Connection | None, ...]) -> State:
        """Read what may have changed since the seeds; the rest is known from other tests that began alike.

        What is not committed is read on the connection that has written it.
        """
        states = timeline.database.known.states
        uncommitted = own.uncommitted()
        for writer in writers if uncommitted else ():
            if writer is not None and (owner := own.owner_of(writer)) in uncommitted:
                state = read_in_transaction(writer, states)
                return _with_unread(state, len(uncommitted - {owner}))
        marked = timeline.marked
        is_as_seeded = marked is not None and marked is timeline.database.known.state_of(own.baseline)
        changed = own.changed_tables() if is_as_seeded else None
        with own.unrecorded() as connection:
            if marked is None:
                state = states.read(connection)
            else:
                touched = own.touched_since(marked.mark)
                state = states.read(connection, only=changed, since=marked.state, touched=touched)
        return _with_unread(state, len(uncommitted))


def _version_of(timeline: _Timeline) -> object:
    own, engine = timeline.database.own, timeline.database.engine
    if own is not None:
        return own.version()
    return None if engine is None else file_version(engine.url)


def _with_unread(state: State, transactions: int) -> State:
    if transactions:
        state.unread[_OPEN_WORK] = "not committed"
    return state


def _add_tables(target: State, state: State, prefix: str) -> None:
    target.update({f"{prefix}{table}": each for table, each in state.items()})
    target.unread.update({f"{prefix}{table}": reason for table, reason in state.unread.items()})
