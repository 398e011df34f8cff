"""The isolated engine for async code: the same driver and transaction, called from greenlets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.base import OptionEngine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import Pool
from sqlalchemy.util import concurrency

_await: Any = getattr(concurrency, "await_", None) or concurrency.await_only  # its name in SQLAlchemy 2.1 and 2.0


class _AsyncSide(OptionEngine):
    """The sync side of the async engine: it has the events of the isolated engine, and connections of its own."""

    pool: Pool

    def __init__(self, engine: sa.Engine, pool: Pool) -> None:
        vars(self)["_own_pool"] = pool
        super().__init__(engine, {})

    def _get_pool(self) -> Pool:
        own: Pool = vars(self)["_own_pool"]
        return own

    def _set_pool(self, pool: Pool) -> None:
        vars(self)["_own_pool"] = pool


_AsyncSide.pool = property(_AsyncSide._get_pool, _AsyncSide._set_pool)  # type: ignore[assignment]  # noqa: SLF001  as the parent does it


def as_async(engine: sa.Engine, pool: Pool) -> AsyncEngine:
    """Let async code use an engine whose driver is a sync one, so that nothing ever waits.

    SQLAlchemy wants an async dialect only when the AsyncEngine is made. Afterwards the pool must know the truth,
    or it would refuse to clean up a connection that was garbage-collected.
    """
    dialect: Any = engine.dialect
    dialect.is_async = True
    try:
        return AsyncEngine(_AsyncSide(engine, pool))
    finally:
        dialect.is_async = False


def await_once() -> None:
    """Await once, as a driver for async code does. Raises MissingGreenlet outside of async code, as that does."""
    waiting = _nothing()
    try:
        _await(waiting)
    finally:
        waiting.close()


async def _nothing() -> None:
    pass
