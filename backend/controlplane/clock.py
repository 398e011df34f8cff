"""The only place that reads the time."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_source: ContextVar[Callable[[], datetime] | None] = ContextVar("clock_source", default=None)


def now() -> datetime:
    """Return the current time, timezone-aware UTC with microseconds."""
    source = _source.get()
    return as_utc(source()) if source else datetime.now(UTC)


def as_utc(value: datetime) -> datetime:
    """Return the same instant in UTC; a naive value is read as UTC."""
    if value.tzinfo is UTC:
        return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@contextmanager
def use(source: Callable[[], datetime]) -> Iterator[None]:
    """Take the time from `source` in this context (a test clock, a replay)."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


@contextmanager
def one_reading() -> Iterator[datetime]:
    """Read the time once for a whole unit of work: everything in the block is at this instant."""
    at = now()
    with use(lambda: at):
        yield at
