"""Subclasses of the cursors of sync drivers that report what they execute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pytest_query_snapshot.recording.drivers.calls import Listener, folder_of, is_silent, reported, text_of


def reporting_class(base: Any, listener: Listener) -> type:
    """Make a subclass of a driver's cursor that reports to a listener."""
    made = _with_execute(base, listener)
    for method, extend in (
        ("executescript", _with_scripts),
        ("stream", _with_streams),
        ("copy_expert", _with_copy),
    ):
        if hasattr(base, method):
            made = extend(made, listener)
    made.query_snapshot_listener = listener
    made.__name__, made.__qualname__ = base.__name__, base.__qualname__  # which messages of Python show
    return made  # type: ignore[no-any-return]  # the base is the driver's


def _origin_of(cursor: Any) -> Any:
    own = getattr(cursor, "query_snapshot_origin", None)
    return own or getattr(getattr(cursor, "connection", None), "query_snapshot_origin", None)


def _report(listener: Listener, cursor: Any, call: Callable[[], Any], sets: Sequence[Any], statement: Any) -> Any:
    """Make and report a call; the calls that a driver makes on its own cursor belong to it."""
    busy = cursor.query_snapshot_busy  # several listeners may hear of one cursor
    if listener in busy:
        return call()
    connection = getattr(cursor, "connection", None)
    text = text_of(statement, connection)
    cursor.query_snapshot_busy = (*busy, listener)
    try:
        with reported(listener, text, sets, origin=_origin_of(cursor), connection=connection) as done:
            result = call()
            done.row_count = cursor.rowcount
    finally:
        cursor.query_snapshot_busy = busy
    return result


def _with_execute(base: Any, listener: Listener) -> Any:
    driver = folder_of(base)

    class ReportingCursor(base):  # type: ignore[misc]  # the base is the driver's
        query_snapshot_busy: tuple[Listener, ...] = ()

        def execute(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
            call = super().execute
            if is_silent(driver):
                return call(statement, *args, **kwargs)
            parameters = args[0] if args else kwargs.get("params", kwargs.get("vars", kwargs.get("args")))
            sets = (parameters,) if parameters else ()
            return _report(listener, self, lambda: call(statement, *args, **kwargs), sets, statement)

        def executemany(self, statement: Any, parameters: Any, *args: Any, **kwargs: Any) -> Any:
            call = super().executemany
            if is_silent(driver):
                return call(statement, parameters, *args, **kwargs)
            sets = list(parameters)
            return _report(listener, self, lambda: call(statement, sets, *args, **kwargs), sets, statement)

    return ReportingCursor


def _with_scripts(base: Any, listener: Listener) -> Any:
    """Extend the cursor of sqlite3."""

    class ReportingScripts(base):  # type: ignore[misc]  # see above
        def executescript(self, script: str) -> Any:
            call = super().executescript
            return _report(listener, self, lambda: call(script), (), script)

    return ReportingScripts


def _with_streams(base: Any, listener: Listener) -> Any:
    """Extend the cursor of psycopg."""

    class ReportingStreams(base):  # type: ignore[misc]  # see above
        def stream(self, statement: Any, params: Any = None, **kwargs: Any) -> Iterator[Any]:
            text = text_of(statement, self.connection)
            sets = (params,) if params else ()
            with reported(listener, text, sets, origin=_origin_of(self), connection=self.connection):
                yield from super().stream(statement, params, **kwargs)

        @contextmanager
        def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
            text = text_of(statement, self.connection)
            with reported(listener, text, (), origin=_origin_of(self), connection=self.connection) as done:
                with super().copy(statement, *args, **kwargs) as copying:
                    yield copying
                done.row_count = self.rowcount

    return ReportingStreams


def _with_copy(base: Any, listener: Listener) -> Any:
    """Extend the cursor of psycopg2."""

    class ReportingCopies(base):  # type: ignore[misc]  # see above
        def copy_expert(self, sql: Any, *args: Any, **kwargs: Any) -> Any:
            call = super().copy_expert
            return _report(listener, self, lambda: call(sql, *args, **kwargs), (), sql)

        def copy_from(self, file: Any, table: str, *args: Any, **kwargs: Any) -> Any:
            call = super().copy_from
            text = f"COPY {table} FROM STDIN"
            return _report(listener, self, lambda: call(file, table, *args, **kwargs), (), text)

        def copy_to(self, file: Any, table: str, *args: Any, **kwargs: Any) -> Any:
            call = super().copy_to
            return _report(
                listener, self, lambda: call(file, table, *args, **kwargs), (), f"COPY {table} TO STDOUT"
            )

        def callproc(self, name: str, *args: Any) -> Any:
            call = super().callproc
            values = tuple(args[0]) if args else ()
            text = f"SELECT * FROM {name}({', '.join(['%s'] * len(values))})"  # noqa: S608  a text to show
            return _report(listener, self, lambda: call(name, *args), (values,) if values else (), text)

    return ReportingCopies
