"""An ORM session for Python seeds, on the connection that loads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from pytest_query_snapshot.databases.savepoint import dialects


class _Loading:
    """A driver connection whose transaction belongs to the loader."""

    def __init__(self, raw: Any) -> None:
        self.real = raw
        self.isolation_name: str | None = None
        self.autocommit = False

    def commit(self) -> None:
        """Do nothing: the loader commits."""

    def rollback(self) -> None:
        """Do nothing: the loader rolls back."""

    def close(self) -> None:
        """Do nothing: the loader still uses the connection."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def call_with_session(function: Callable[[Any], object], raw: Any, *, dialect_name: str) -> None:
    """Call a function with a session whose commits are savepoints of the loader's transaction."""
    dialects.register()
    engine = sa.create_engine(
        f"{dialect_name}+query_snapshot://", creator=lambda: _Loading(raw), poolclass=NullPool
    )
    with (
        engine.connect() as connection,
        connection.begin(),
        Session(connection, join_transaction_mode="create_savepoint") as session,
    ):
        function(session)
        session.commit()
