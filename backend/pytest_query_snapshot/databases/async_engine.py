"""The isolated engine for async code: the same engine, driver and transaction, called from greenlets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util.concurrency import await_, in_greenlet


def as_async(engine: sa.Engine) -> AsyncEngine:
    """Let async code use an engine whose driver is a sync one, so that nothing ever waits.

    SQLAlchemy wants an async dialect only when the AsyncEngine is made. Afterwards the pool must know the truth,
    or it would refuse to clean up a connection that was garbage-collected.
    """
    dialect: Any = engine.dialect
    dialect.is_async = True
    try:
        return AsyncEngine(engine)
    finally:
        dialect.is_async = False


def await_nothing() -> None:
    """Await once when called from async code: an AsyncConnection insists that its driver does."""
    if in_greenlet():
        await_(_nothing())


async def _nothing() -> None:
    pass
