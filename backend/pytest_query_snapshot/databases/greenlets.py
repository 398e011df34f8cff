"""The greenlets in which SQLAlchemy runs its sync side below async calls."""

from __future__ import annotations

import sys

from sqlalchemy.util import concurrency


def in_greenlet() -> bool:
    """Return whether this code runs below an async call of SQLAlchemy, where a driver may be awaited."""
    if hasattr(concurrency, "in_greenlet"):  # the first versions of SQLAlchemy 2.0 lack it
        return concurrency.in_greenlet()
    greenlet = sys.modules.get("greenlet")
    return greenlet is not None and type(greenlet.getcurrent()).__name__ == "_AsyncIoGreenlet"
