"""The databases that a test uses: the plugin's own, and those of every engine that executes something."""

from __future__ import annotations

import weakref
from collections import deque
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from pytest_query_snapshot.databases.observed import MAIN_NAME
from pytest_query_snapshot.recording.drivers.target import DriverTarget
from pytest_query_snapshot.recording.entries import Execution, StepMarker, Transition
from pytest_query_snapshot.recording.process_objects import objects_of
from pytest_query_snapshot.recording.statements import RecordingReader
from pytest_query_snapshot.recording.tables.declared import DeclaredTables
from pytest_query_snapshot.recording.tables.snapshots import State, StateReader
from pytest_query_snapshot.sql.effects.writes import may_write
from pytest_query_snapshot.values.id_aliases import IdColumns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_query_snapshot.databases.observed import TestDatabase
    from pytest_query_snapshot.recording.entries import Entry
    from pytest_query_snapshot.values.masks import Masks

_BASELINES = 16
"""The number of seed sets that keep the state that they were loaded with."""


class MarkedState(NamedTuple):
    """A state, and the mark by which its database tells what was written since; None where it can't."""

    state: State
    mark: Any = None


class DatabaseKnowledge:
    """Facts that outlive a test: columns that hold ids, facts about statements, rows of seeds."""

    def __init__(
        self, metadata: sa.MetaData | None, *, reflected: bool, masks: Masks, declared: DeclaredTables
    ) -> None:
        self.metadata = metadata
        self.declared_tables = declared
        self._reflected = reflected
        self.masks = masks
        self.columns = IdColumns(metadata, reflected=reflected)
        self.reader = RecordingReader(self.columns, masks=masks)
        self.foreign: StateReader | None = None
        self.foreign_names: frozenset[str] = frozenset()
        self._started: deque[tuple[object, MarkedState]] = deque(maxlen=_BASELINES)

    @cached_property
    def states(self) -> StateReader:
        """The reader of the declared tables; it remembers them over tests, since most tests change few."""
        tables = [] if self.metadata is None else list(self.metadata.tables.values())
        if self._reflected:
            tables = self.declared_tables.instead_of(tables)
        return StateReader(tables, self.columns, masks=self.masks)

    def state_of(self, baseline: object) -> MarkedState | None:
        """Return the state that tests with this baseline start from, if it was read."""
        return next((state for known, state in self._started if known is baseline), None)

    def remember(self, baseline: object, state: MarkedState) -> None:
        """Keep the state that tests with this baseline start from."""
        self._started.append((baseline, state))


class Knowledge:
    """Facts about each database of a run, by the dialect of its engine; discarded with the engine."""

    def __init__(self, *, masks: Masks) -> None:
        self._masks = masks
        self._declared = DeclaredTables()
        self._known: weakref.WeakKeyDictionary[sa.Dialect, DatabaseKnowledge] = weakref.WeakKeyDictionary()

    def of(self, dialect: sa.Dialect, own: TestDatabase | None) -> DatabaseKnowledge:
        """Return what is known of a database; for the plugin's own, with its metadata."""
        if own is not None:
            dialect = own.engine.dialect
        found = self._known.get(dialect)
        if found is None:
            found = self._known[dialect] = DatabaseKnowledge(
                None if own is None else own.metadata,
                reflected=own is not None and own.reflected,
                masks=self._masks,
                declared=self._declared,
            )
        return found


class ObservedDatabase:
    """One database as one test uses it."""

    def __init__(
        self, dialect: sa.Dialect, engine: sa.Engine | None, own: TestDatabase | None, known: DatabaseKnowledge
    ) -> None:
        self.dialect = dialect
        self.engine = engine
        self.own = own
        self.known = known
        self.compared_until = 0

    @property
    def name(self) -> str:
        """The name of the database without a path, host or number of a run."""
        if self.own is not None:
            return self.own.name
        name = Path(str(self.engine.url.database or "")).name if self.engine is not None else ""
        return name if name not in {"", ":memory:"} else self.dialect.name

    @property
    def described(self) -> str:
        """The engine, for messages."""
        if self.own is not None:
            name = "" if self.own.name == MAIN_NAME else f" {self.own.name!r}"
            return f"the database{name} of the tests ({self.dialect.name})"
        return self.dialect.name if self.engine is None else f"the engine {self.engine.url!r}"


class ObservedDatabases:
    """The databases of one test, in order of first use."""

    def __init__(self, own: Sequence[TestDatabase], knowledge: Knowledge) -> None:
        self._own = own  # a live list: a database may be set up after `golden`
        self._knowledge = knowledge
        self._found: dict[Any, ObservedDatabase] = {}
        self._unknown: set[DriverTarget] = set()

    def of(self, origin: sa.Engine | sa.Dialect) -> ObservedDatabase:
        """Return the database of an engine, or of a dialect where the engine is not known."""
        dialect = origin.dialect if isinstance(origin, sa.Engine) else origin
        found = self._found.get(dialect)
        if found is None:
            found = self._found[dialect] = self._make(dialect, origin)
        if found.engine is None and isinstance(origin, sa.Engine):
            found.engine = origin
        return found

    def of_origin(self, origin: sa.Engine | sa.Dialect | DriverTarget) -> ObservedDatabase | None:
        """Return the database of an entry; None for a driver's connection to one that no engine connects to."""
        if not isinstance(origin, DriverTarget):
            return self.of(origin)
        known = [own.engine for own in self._own]
        known += [database.engine for database in self._found.values() if database.engine is not None]
        engine = next((each for each in known if origin.is_database_of(each.url)), None)
        if engine is None and origin not in self._unknown:
            self._unknown.add(origin)
            engine = next(
                (each for each in objects_of(sa.Engine, "url", "dialect") if origin.is_database_of(each.url)), None
            )
        return None if engine is None else self.of(engine)

    def _make(self, dialect: sa.Dialect, origin: Any) -> ObservedDatabase:
        engine = origin if isinstance(origin, sa.Engine) else _engine_of(dialect)
        for own in self._own:
            if own.engine.dialect is dialect or (engine is not None and own.owns(engine)):
                return self._own_one(own)
        return ObservedDatabase(dialect, engine, None, self._knowledge.of(dialect, None))

    def _own_one(self, own: TestDatabase) -> ObservedDatabase:
        """Return the one database of the plugin's, however many engines connect to it."""
        dialect = own.engine.dialect
        if dialect not in self._found:
            self._found[dialect] = ObservedDatabase(dialect, own.engine, own, self._knowledge.of(dialect, own))
        return self._found[dialect]

    def own(self) -> tuple[ObservedDatabase, ...]:
        """Return the databases that the plugin gave the test."""
        return tuple(self._own_one(own) for own in self._own)

    def known(self) -> tuple[ObservedDatabase, ...]:
        """Return the databases that the plugin gave the test, and those that it has used so far."""
        return tuple(dict.fromkeys((*self.own(), *self._found.values())))

    def used(self, entries: Iterable[Entry]) -> tuple[ObservedDatabase, ...]:
        """Return the databases that executed something."""
        found = (self.of_origin(entry.origin) for entry in entries if isinstance(entry, Execution))
        return tuple(dict.fromkeys(database for database in found if database is not None))

    def label_of(self, database: ObservedDatabase) -> str:
        """Return the name in goldens of tests that use several databases; a second one of a name is numbered."""
        alike = [each for each in dict.fromkeys(self._found.values()) if each.name == database.name]
        number = alike.index(database) + 1
        return database.name if number == 1 else f"{database.name} {number}"

    def entries_of(self, database: ObservedDatabase, entries: Sequence[Entry]) -> Iterator[Entry]:
        """Yield the entries of one database; the beginning of a step belongs to all."""
        for entry in entries:
            if isinstance(entry, StepMarker) or self.of_origin(entry.origin) is database:
                yield entry


def _engine_of(dialect: sa.Dialect) -> sa.Engine | None:
    """Find the engine of a connection that was only used past SQLAlchemy: a pool does not know its engine."""
    return next((engine for engine in objects_of(sa.Engine, "url", "dialect") if engine.dialect is dialect), None)


def may_change(entry: Entry) -> bool:
    """Return whether the tables may be others after an entry."""
    if isinstance(entry, Transition):
        return entry.boundary.command in {"COMMIT", "ROLLBACK", "ROLLBACK TO SAVEPOINT"}
    return isinstance(entry, Execution) and may_write(entry.statement)


def was_committed(entries: Iterable[Entry]) -> bool:
    """Return whether a possible write was followed by a commit."""
    has_written = False
    for entry in entries:
        if isinstance(entry, Execution):
            has_written = has_written or may_write(entry.statement)
        elif has_written and isinstance(entry, Transition) and entry.boundary.command == "COMMIT":
            return True
    return False
