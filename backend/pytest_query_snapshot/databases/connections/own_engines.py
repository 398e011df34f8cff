"""The engines on a database that the plugin itself offers, for tests whose application has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.databases.servers.scratch import plain_engine

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import AsyncEngine


class OwnEngines:
    """A plain engine and a plain async one, made on first use.

    drivers: those that were asked for, as in `postgresql+asyncpg`.
    options: what both are created with.
    """

    def __init__(self, url: sa.URL, *, drivers: tuple[str, ...]) -> None:
        self.options: dict[str, Any] = {}
        self._url = url
        self._drivers = drivers
        self._engine: sa.Engine | None = None
        self._async_engine: AsyncEngine | None = None

    def sync(self) -> sa.Engine:
        """Return the engine."""
        if self._engine is None:
            self._engine = plain_engine(self._url_with_driver(is_async=False), **self.options)
        return self._engine

    def asynchronous(self) -> AsyncEngine:
        """Return the async engine, with the async driver that was asked for."""
        if self._async_engine is None:
            from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  greenlet

            self._async_engine = create_async_engine(self._url_with_driver(is_async=True), **self.options)
        return self._async_engine

    def _url_with_driver(self, *, is_async: bool) -> sa.URL:
        name = self._url.get_backend_name()
        for driver in self._drivers:
            url = self._url.set(drivername=driver)
            if url.get_dialect().is_async is is_async and url.get_backend_name() == name:
                return url
        if not is_async:
            return self._url
        return self._url.set(drivername="sqlite+aiosqlite" if name == "sqlite" else "postgresql+psycopg")
