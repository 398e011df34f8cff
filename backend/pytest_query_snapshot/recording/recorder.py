"""Every statement of a test, from whatever layer it comes; the hot path appends and does nothing else."""

from __future__ import annotations

import sys
import sysconfig
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import event

from pytest_query_snapshot.recording.statements import Boundary, StepMark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_query_snapshot.databases.savepoint.proxies import Execution as DriverExecution

_OWN = str(Path(__file__).parent.parent)
_LIBRARIES = (*{sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}, _OWN, "<")


class Execution(NamedTuple):
    """One execution as it was seen: cheap to make, read only when something is compared."""

    context: Any
    statement: str
    parameters: Sequence[Any]
    row_count: int
    cursor: Any
    code: Any
    line: int
    error: str | None = None

    @property
    def rows(self) -> int | None:
        """How many rows came back or were changed; None where the driver does not say."""
        fetched = getattr(self.cursor, "rows_fetched", None)
        if fetched:
            return int(fetched)
        return self.row_count if self.row_count >= 0 else fetched

    @property
    def where(self) -> str | None:
        """The line of the project that asked for it, `path:line`."""
        return f"{self.code.co_filename}:{self.line}" if self.code is not None else None


_new: Any = tuple.__new__
# Kept on the compiled statement itself: a weak dictionary would cost more than everything else here.
_MUTABLE = "_query_snapshot_mutable_binds"


class Recorder:
    """Keeps what is executed on the engines it is attached to, in order."""

    def __init__(self) -> None:
        self.entries: list[Execution | Boundary | StepMark] = []
        self._paused = 0
        self._is_project: dict[str, bool] = {}
        self._attached: WeakKeyDictionary[sa.Engine, bool] = WeakKeyDictionary()

    def attach(self, engine: sa.Engine) -> None:
        """Record everything that goes through `engine`, until it is gone."""
        if engine in self._attached:
            return
        self._attached[engine] = True
        event.listen(engine, "after_cursor_execute", self._executed)
        event.listen(engine, "handle_error", self._failed)
        for name, word in _BOUNDARIES:
            event.listen(engine, name, self._boundary(word))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out what is executed in the block."""
        self._paused += 1
        try:
            yield
        finally:
            self._paused -= 1

    def observe(self, execution: DriverExecution) -> None:
        """Take in what a cursor of the driver executed; what SQLAlchemy executes replaces it a moment later."""
        if self._paused:
            return
        sets: Sequence[Any] = ()
        if execution.parameters:
            sets = execution.parameters if execution.method == "executemany" else (execution.parameters,)
        code, line = self._caller()
        message = _message(execution.error) if execution.error is not None else None
        self.entries.append(
            Execution(None, execution.statement, sets, execution.rowcount, None, code, line, message)
        )

    def _executed(
        self, _conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if self._paused:
            return
        entries = self.entries
        if (
            entries
            and type(last := entries[-1]) is Execution
            and last.cursor is None
            and last.statement == statement
        ):
            entries.pop()  # the driver's cursor told of it first
        code, line = self._caller()
        compiled = context.compiled
        if compiled is not None:
            mutable = getattr(compiled, _MUTABLE, None)
            parameters = context.compiled_parameters if mutable == () else self._frozen(context)
        elif not executemany:
            parameters = (parameters,) if parameters else ()
        # half the time of calling the class
        entries.append(
            _new(Execution, (context, statement, parameters, cursor.rowcount, cursor, code, line, None))
        )

    def _forget_driver(self, statement: str) -> None:
        """Drop what the driver's cursor said of a statement that SQLAlchemy now tells more of."""
        entries = self.entries
        if entries:
            last = entries[-1]
            if type(last) is Execution and last.cursor is None and last.statement == statement:
                entries.pop()

    def _frozen(self, context: Any) -> Sequence[Any]:
        """Return the named parameters, with copies of those values that the test may change later."""
        compiled = context.compiled
        mutable = getattr(compiled, _MUTABLE, None)
        if mutable is None:
            mutable = _mutable_binds(compiled)
            setattr(compiled, _MUTABLE, mutable)
        sets: Sequence[Any] = context.compiled_parameters
        if not mutable:
            return sets
        return [{**each, **{name: _copy(each[name]) for name in mutable if name in each}} for each in sets]

    def _failed(self, failure: Any) -> None:
        if self._paused or failure.statement is None:
            return
        context = failure.execution_context
        cursor = getattr(context, "cursor", None)
        self._forget_driver(failure.statement)
        sets: Sequence[Any] = ()
        if getattr(context, "compiled", None) is not None:
            sets = self._frozen(context)
        elif failure.parameters:
            sets = failure.parameters if isinstance(failure.parameters, list) else (failure.parameters,)
        code, line = self._caller()
        message = _message(failure.original_exception)
        self.entries.append(Execution(context, failure.statement, sets, -1, cursor, code, line, message))

    def _boundary(self, word: str) -> Any:
        entry = Boundary(word)

        def record(*_facts: Any) -> None:
            if not self._paused:
                self.entries.append(entry)

        return record

    def _caller(self) -> tuple[Any, int]:
        """Find the innermost line that belongs to the project."""
        found = self._project_frame(sys._getframe(2))  # noqa: SLF001  inspect.stack() costs a thousand times as much
        if found is None and "greenlet" in sys.modules:
            # under an async session this stack ends where its greenlet begins; the caller is on the parent's
            current = sys.modules["greenlet"].getcurrent().parent
            while found is None and current is not None:
                found = self._project_frame(current.gr_frame)
                current = current.parent
        return (found.f_code, found.f_lineno) if found is not None else (None, 0)

    def _project_frame(self, frame: Any) -> Any:
        is_project = self._is_project
        while frame is not None:
            name = frame.f_code.co_filename
            known = is_project.get(name)
            if known is None:
                known = is_project[name] = not name.startswith(_LIBRARIES)
            if known:
                return frame
            frame = frame.f_back
        return None


_BOUNDARIES = (
    ("begin", "BEGIN"),
    ("commit", "COMMIT"),
    ("rollback", "ROLLBACK"),
    ("savepoint", "SAVEPOINT"),
    ("release_savepoint", "RELEASE SAVEPOINT"),
    ("rollback_savepoint", "ROLLBACK TO SAVEPOINT"),
)


def _message(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"


def _mutable_binds(compiled: Any) -> tuple[str, ...]:
    """Name the parameters whose values can change after the statement ran."""
    binds = getattr(compiled, "binds", {})
    return tuple(name for name, bind in binds.items() if _is_mutable(bind.type))


def _is_mutable(kind: Any) -> bool:
    if isinstance(kind, (sa.JSON, sa.ARRAY, sa.PickleType)):
        return True
    return isinstance(kind, sa.types.TypeDecorator) and _is_mutable(kind.impl_instance)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value
