"""The left side of a comparison: the databases that it names, and refused values."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Result
from sqlalchemy.engine.result import FilterResult
from sqlalchemy.orm import Query, Session, scoped_session
from sqlalchemy.sql.elements import ClauseElement

from pytest_query_snapshot.databases.plans import Plan
from pytest_query_snapshot.errors import ConsumedResultError, LeftSideError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

DATABASES = (Session, sa.Connection, sa.Engine)


def unwrapped(received: Any) -> Any:
    """Return the sync form of a session, connection, engine or result; anything else as it is."""
    if isinstance(received, _PLAIN):
        return received
    if isinstance(received, scoped_session) or type(received).__name__ == "async_scoped_session":
        received = received()
    for name in ("sync_session", "sync_connection", "sync_engine"):
        inner = inspect.getattr_static(received, name, None)
        if inner is not None and isinstance(found := getattr(received, name), DATABASES):
            return found
    if isinstance(received, Query):
        return received.statement
    return received


# what most tests compare, spared the look-up of attributes that only async classes have
_PLAIN = (Result, FilterResult, Session, list, tuple, dict)


def check(received: Any, *, kind: str) -> None:
    """Refuse what says nothing about the kind of golden it is compared with. Raises LeftSideError."""
    allowed, instead = _ALLOWED[kind]
    if kind == "rows":
        if isinstance(received, DATABASES):
            raise LeftSideError(kind=kind, received=received, instead="golden.state or golden.sql take it")
        if isinstance(received, (ClauseElement, sa.schema.SchemaItem)):
            raise LeftSideError(kind=kind, received=received, instead=_STATEMENT)
        return
    if not isinstance(received, allowed):
        if kind in {"sql", "state"} and _is_of_driver(received):
            instead = "hand over SQLAlchemy's engine of the same database, with the work of drivers"
        raise LeftSideError(kind=kind, received=received, instead=instead)
    if isinstance(received, sa.MetaData) and not received.tables:
        raise LeftSideError(
            kind=kind, received=received, instead="it holds no table; import the modules of its tables"
        )


def _is_of_driver(received: Any) -> bool:
    """Return whether a value is a pool or connection of a database driver."""
    return any(kind.__module__.partition(".")[0] in _DRIVERS for kind in type(received).__mro__)


_DRIVERS = frozenset({"aiosqlite", "asyncpg", "psycopg", "psycopg2", "psycopg_pool", "sqlite3"})
_STATEMENT = "execute it and compare the result, or compare its text with golden.sql"
_HOW = "hand over the session, connection or engine"
_ALLOWED: dict[str, tuple[tuple[type, ...], str]] = {
    "rows": ((), ""),
    "sql": (
        (*DATABASES, Result, FilterResult, ClauseElement),
        f"{_HOW} that executed the statements, a result, or a statement to compile; a text as sqlalchemy.text(..)",
    ),
    "state": (DATABASES, f"{_HOW} whose database is compared"),
    "plan": ((ClauseElement, str, Plan), "hand over the query, its text, or what plan_of gave"),
    "schema": ((sa.MetaData, *DATABASES), f"hand over the metadata, or {_HOW[10:]} whose tables are compared"),
}


def check_unread(received: Any, *, kind: str) -> None:
    """Refuse a result that was read, wholly or partly, or that has no rows. Raises ConsumedResultError."""
    if kind != "rows" or not isinstance(received, (Result, FilterResult)):
        return
    for result in _layers(received, past_copies=False):
        if getattr(result, "_soft_closed", False) and not getattr(result, "returns_rows", True):
            raise LeftSideError(
                kind=kind,
                received=received,
                instead="its statement returns no rows; compare golden.sql or golden.state",
            )
        if getattr(result, "_soft_closed", False) or getattr(result, "closed", False) or _was_read(result):
            raise ConsumedResultError


_GETTERS = frozenset({"_onerow_getter", "_manyrow_getter", "_allrow_getter", "_iterator_getter"})


def _was_read(result: Any) -> bool:
    """Return whether rows were taken: SQLAlchemy keeps the function that reads them with the first one."""
    if not _GETTERS.isdisjoint(vars(result)):
        return True
    chunks = getattr(result, "iterator", None)
    return inspect.isgenerator(chunks) and inspect.getgeneratorstate(chunks) != inspect.GEN_CREATED


def _layers(received: Any, *, past_copies: bool = True) -> Iterator[Any]:
    """Yield a result and those it filters or reads from, also from which all rows were copied before."""
    while received is not None:
        yield received
        raw = getattr(received, "raw", None)
        received = getattr(received, "_real_result", None) or (raw if past_copies or not _is_copied(raw) else None)


def _is_copied(raw: Any) -> bool:
    """Return whether an async session took all rows of a cursor for the result that it handed over."""
    options = getattr(getattr(raw, "context", None), "execution_options", {})
    return bool(options.get("prebuffer_rows"))


def context_of(received: Any) -> Any:
    """Return the execution that a result comes from; None where there is none."""
    if not isinstance(received, (Result, FilterResult)):
        return None
    for layer in _layers(received):
        context = getattr(layer, "context", None)
        if hasattr(context, "root_connection"):
            return context
    return None


def engines_of(
    received: Any, statements: Iterable[Any], begun: Callable[[Session], Iterable[sa.Engine]] = lambda _: ()
) -> tuple[sa.Engine, ...] | None:
    """Name the engines of a left side; None where it can't be known, as for a list.

    A session may bind each table to an engine of its own: its binds are named, that of every executed statement,
    and those on which it has begun a transaction.
    """
    if isinstance(received, sa.Engine):
        return (received,)
    if isinstance(received, sa.Connection):
        return (received.engine,)
    if isinstance(received, Session):
        return tuple(dict.fromkeys((*_binds(received, statements), *begun(received))))
    context = context_of(received)
    return None if context is None else (context.root_connection.engine,)


def _binds(session: Session, statements: Iterable[Any]) -> Iterator[sa.Engine]:
    if _has_one_bind(session):
        statements = ()
    for options in ({}, *({"clause": statement} for statement in statements)):
        try:
            bind = session.get_bind(**options)
        except Exception:  # noqa: BLE001, S112  it has no bind for this, and says so in its own way
            continue
        yield bind.engine
    if type(session).get_bind is Session.get_bind:
        yield from (bind.engine for bind in _binds_by_class(session).values())


def _has_one_bind(session: Session) -> bool:
    return type(session).get_bind is Session.get_bind and session.bind is not None and not _binds_by_class(session)


def _binds_by_class(session: Session) -> Mapping[Any, sa.Engine | sa.Connection]:
    # the first name since SQLAlchemy 2.1, the second before
    return getattr(session, "binds", None) or vars(session).get("_Session__binds") or {}


def pending_work(session: Session) -> frozenset[int]:
    """Return the identities of the objects that a session has not written."""
    return frozenset(map(id, (*session.new, *session.deleted, *filter(session.is_modified, session.dirty))))


def dirty_sessions() -> Iterator[Session]:
    """Yield every session of the process that holds changes which it has not written."""
    from sqlalchemy.orm.session import _sessions  # noqa: PLC0415  what close_all_sessions() goes through

    for session in list(_sessions.values()):
        if session.new or session.deleted or any(map(session.is_modified, session.dirty)):
            yield session
