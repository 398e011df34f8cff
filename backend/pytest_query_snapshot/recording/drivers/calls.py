"""Calls of a driver that a recorder hears of, and whether SQLAlchemy makes them itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

_OWN = str(Path(__file__).parent.parent.parent)
_SQLALCHEMY = str(Path(sa.__file__).parent)
_WRAPPERS = (str(Path(__file__).parent), contextmanager.__code__.co_filename)


class Listener(Protocol):
    """Hears what a raw cursor executes."""

    def raw_before(self, statement: str, *, origin: Any, connection: Any = None) -> None:
        """Hear what is about to be executed, and on which connection of the driver."""

    def raw_after(
        self,
        statement: str,
        sets: Sequence[Any],
        row_count: int,
        *,
        origin: Any,
        error: BaseException | None = None,
    ) -> None:
        """Hear what was executed, and how it ended."""


class Call:
    """One call; its row count is known at its end."""

    __slots__ = ("row_count",)

    def __init__(self) -> None:
        self.row_count = -1


@contextmanager
def reported(
    listener: Listener, statement: str, sets: Sequence[Any], *, origin: Any, connection: Any
) -> Iterator[Call]:
    """Report the call that the block makes."""
    call = Call()
    listener.raw_before(statement, origin=origin, connection=connection)
    try:
        yield call
    except Exception as error:
        listener.raw_after(statement, sets, -1, origin=origin, error=error)
        raise
    listener.raw_after(statement, sets, call.row_count, origin=origin)


def is_silent(driver: str) -> bool:
    """Return whether SQLAlchemy calls, which reports by itself, or this plugin; `driver` is its folder."""
    frame = sys._getframe(2)  # noqa: SLF001  the only cheap way to know the caller
    skipped = (*_WRAPPERS, driver)
    while frame.f_code.co_filename.startswith(skipped) and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename.startswith((_OWN, _SQLALCHEMY))


def reports(kind: type, listener: Listener) -> bool:
    """Return whether a class reports to a listener already; others may hear of the same connection."""
    return any(base.__dict__.get("query_snapshot_listener") is listener for base in kind.__mro__)


def folder_of(kind: type) -> str:
    """Return the folder of the package that a class of a driver comes from."""
    package = sys.modules.get(kind.__module__.partition(".")[0])
    file = getattr(package, "__file__", None)
    return __file__ if file is None else str(Path(file).parent)


def text_of(statement: Any, connection: Any) -> str:
    """Return the text of a statement in any of the forms that drivers take."""
    if isinstance(statement, bytes):
        return statement.decode(errors="replace")
    render = getattr(statement, "as_string", None)
    return str(render(connection)) if render is not None else str(statement)
