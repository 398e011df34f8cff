"""Session state: kept apart for each contained connection, or refused where one session can't.

All connections of a test share one real session. Settings are emulated: those of a connection are restored when it
runs after another one, and those that end with a transaction are reset at a contained commit. Locks, temporary
relations and prepared statements can't be kept apart, so a second connection that would meet them is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.databases.schema.catalog import SettingFunctions
from pytest_query_snapshot.errors import RefusedError
from pytest_query_snapshot.sql.effects.sessions import NOTHING, SessionEffects, names_in

_ADVISORY = "advisory locks of the session"
_PREPARED = "prepared statements"


@dataclass(slots=True)
class SessionState:
    """The session state of one contained connection."""

    settings: dict[str, str] = field(default_factory=dict)
    temporary: dict[str, str] = field(default_factory=dict)  # name, and what a commit does to it
    functions: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)  # custom settings that it has ever set
    advisory: bool = False
    prepared: bool = False
    holds_cursor: bool = False
    before: tuple[dict[str, str], dict[str, str]] | None = None  # as they were when the transaction began

    def begin(self) -> None:
        """Remember what a rollback brings back."""
        if self.before is None:
            self.before = (dict(self.settings), dict(self.temporary))

    def roll_back(self) -> None:
        """Return to the state at the beginning of the transaction."""
        if self.before is not None:
            self.settings, self.temporary = self.before
            self.before = None


class SessionLink(Protocol):
    """The part of a real connection that session state needs."""

    dialect_name: str
    setting_functions: SettingFunctions
    # custom settings that exist from now on, with an empty value
    placeholders: set[str]

    def reset_settings(self, settings: dict[str, str]) -> None:
        """Return every setting to its default, then set these."""

    def setting(self, name: str) -> str:
        """Return the value of a setting."""

    def drop_temporary(self, name: str) -> None:
        """Drop a temporary relation."""

    def empty_temporary(self, name: str) -> None:
        """Delete the rows of a temporary table."""

    def end_session(self) -> None:
        """Release locks and prepared statements of the session."""

    def learn_functions(self) -> None:
        """Read which functions of the schema write or set."""


class Sessions:
    """The session states of one test."""

    def __init__(self, link: Any) -> None:
        self._link = link
        self._inherited = frozenset(link.placeholders)
        self._states: dict[Any, SessionState] = {}
        self._current: Any = None
        self._used: set[int] = set()
        self._is_dirty = False  # a setting may differ from its default
        self._locks_outlive = False
        self._counter_owner: Any = None

    @property
    def is_dirty(self) -> bool:
        """Return whether a setting of the real session may differ from its default."""
        return self._is_dirty

    def state_of(self, connection: Any) -> SessionState:
        """Return the state of a connection."""
        state = self._states.get(connection)
        if state is None:
            state = self._states[connection] = SessionState()
        return state

    def before(self, connection: Any, effects: SessionEffects, sql: str) -> None:
        """Make the real session that of the connection. Raises RefusedError."""
        if effects is not NOTHING:
            self._check(connection, effects)
        if self._states:
            self._keep_apart(connection, effects, sql)
        if self._current is not connection:
            if self._is_dirty or connection in self._states:
                self._switch(connection)
            self._current = connection

    def after(self, connection: Any, effects: SessionEffects, sql: str, parameters: Any) -> None:
        """Note what a statement has left behind."""
        functions = self._link.setting_functions
        if functions:
            self._note_functions(connection, functions, sql)
        if effects is NOTHING:
            return
        if effects.sets:
            self._note_settings(connection, effects, parameters)
        if effects.temporary or effects.advisory or effects.prepared or effects.holds_cursor:
            state = self.state_of(connection)
            state.begin()
            state.temporary.update(effects.temporary)
            state.advisory = state.advisory or effects.advisory
            state.prepared = state.prepared or effects.prepared
            state.holds_cursor = state.holds_cursor or effects.holds_cursor

    def wrote(self, connection: Any) -> None:
        """Note whose rows the counters of the session count."""
        self._counter_owner = connection

    def committed(self, connection: Any) -> None:
        """End what ends with a transaction."""
        state = self._states.get(connection)
        if self._is_dirty:
            self._link.reset_settings(state.settings if state is not None else {})
            self._is_dirty = bool(state is not None and state.settings)
        if state is None:
            return
        state.before = None
        self._locks_outlive = self._locks_outlive or state.advisory
        for name, at_commit in list(state.temporary.items()):
            if at_commit == "DROP":
                self._link.drop_temporary(name)
                del state.temporary[name]
            elif at_commit == "DELETE":
                self._link.empty_temporary(name)

    def rolled_back(self, connection: Any) -> None:
        """Return to the state before the transaction."""
        state = self._states.get(connection)
        if state is not None and state.before is not None:
            state.roll_back()
            self._is_dirty, self._current = True, None  # the next statement puts its settings back

    def closed(self, connection: Any) -> None:
        """End a session."""
        state = self._states.pop(connection, None)
        if self._current is connection:
            self._current = None
        if state is None:
            return
        for name in state.temporary:
            self._link.drop_temporary(name)
        if state.advisory or state.prepared or state.holds_cursor:
            self._link.end_session()
        self._is_dirty = self._is_dirty or bool(state.settings)

    def forget(self) -> None:
        """Drop every connection: each refers back here, so a test's objects would await the garbage collector."""
        self._states.clear()
        self._current = self._counter_owner = None

    def _check(self, connection: Any, effects: SessionEffects) -> None:
        if effects.refused:
            raise _refused(effects.refused)
        if effects.reads_locks and self._locks_outlive:
            raise _refused(
                "an advisory lock of an ended transaction is still shown: the real transaction is still open"
            )
        if effects.reads_settings:
            state = self._states.get(connection)
            unknown = self._link.placeholders.intersection(effects.reads_settings)
            unknown -= state.known if state is not None else set()
            if unknown:
                name = min(unknown)
                who = "an earlier test" if name in self._inherited else "another connection"
                raise _refused(f"{name} was set by {who}; on this connection it does not exist, but is empty")
        if effects.reads_counters and self._counter_owner not in (None, connection):
            raise _refused("another connection of the test has moved the counter that this one would read")

    def _keep_apart(self, connection: Any, effects: SessionEffects, sql: str) -> None:
        for other, state in self._states.items():
            if other is connection:
                continue
            if effects.advisory and state.advisory:
                raise _refused(f"{_ADVISORY} that another connection holds would be granted to this one too")
            if effects.prepared and state.prepared:
                raise _refused(f"{_PREPARED} of another connection would be seen by this one")
            names = state.temporary.keys() | state.functions
            if names and not names.isdisjoint(names_in(sql, self._link.dialect_name)):
                own = self._states.get(connection)
                mine = own.temporary.keys() | own.functions if own is not None else frozenset()
                met = sorted((names & names_in(sql, self._link.dialect_name)) - mine)
                if met:
                    raise _refused(f"{met[0]} belongs to another connection, which alone could see it")

    def _switch(self, connection: Any) -> None:
        state = self._states.get(connection)
        settings = state.settings if state is not None else {}
        if self._is_dirty or settings:
            self._link.reset_settings(settings)
            self._is_dirty = bool(settings)

    def _note_settings(self, connection: Any, effects: SessionEffects, parameters: Any) -> None:
        self._is_dirty = True
        state = self.state_of(connection)
        state.begin()
        if effects.resets:
            state.settings.clear()
        for setting in effects.settings:
            name, is_local = setting.resolve(parameters)
            self._note_custom(state, name)
            if not is_local and name:
                state.settings[name] = self._link.setting(name)
            elif not name:
                raise _refused("the name of the setting is computed, so it can't be kept apart")

    def _note_custom(self, state: SessionState, name: str) -> None:
        if "." in name:
            state.known.add(name.lower())
            self._link.placeholders.add(name.lower())

    def _note_functions(self, connection: Any, functions: SettingFunctions, sql: str) -> None:
        self._is_dirty = True
        for function in functions.keys() & names_in(sql, self._link.dialect_name):
            names = functions[function]
            if names is None:
                raise _refused(
                    f"whether {function} sets for the session or for the transaction, its caller decides"
                )
            state = self.state_of(connection)
            for name, is_local in names:
                self._note_custom(state, name)
                if not is_local:
                    state.begin()
                    state.settings[name] = self._link.setting(name)


def _refused(why: str) -> RefusedError:
    return RefusedError(
        "refused", f'{why}. Mark the test isolation("connections"), where connections are real', project_line()
    )
