"""Environment variables through which the application gets the URL of the tests' database."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from pytest_query_snapshot.errors import ConfigurationError

_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


class URLVariables:
    """The settings `NAME` and `NAME=dialect+driver`; a name may be given once for each database."""

    def __init__(self, settings: Iterable[str]) -> None:
        self._wanted: dict[str, list[str]] = {}
        for setting in settings:
            name, separator, driver = setting.partition("=")
            if not name.strip() or (separator and not driver.strip()):
                raise ConfigurationError(
                    f"query_snapshot_url_variables: {setting!r} must be 'NAME' or 'NAME=postgresql+asyncpg'"
                )
            self._wanted.setdefault(name.strip(), []).extend([driver.strip()] if separator else [])
        self._before: dict[str, str | None] = {}

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def values(self, url: sa.URL) -> dict[str, str]:
        """Return what each variable has to hold for a database."""
        return {
            name: with_driver(url, drivers).render_as_string(hide_password=False)
            for name, drivers in self._wanted.items()
        }

    def drivers(self, url: sa.URL) -> tuple[str, ...]:
        """Return the drivers that were asked for, those of the database first."""
        return tuple(with_driver(url, drivers).drivername for drivers in self._wanted.values())

    def set(self, url: sa.URL) -> None:
        """Set the variables."""
        self._apply(self.values(url))

    def restore(self) -> None:
        """Set the variables to what they were."""
        before, self._before = self._before, {}
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def _apply(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            self._before.setdefault(name, os.environ.get(name))
            os.environ[name] = value


def with_driver(url: sa.URL, drivers: list[str]) -> sa.URL:
    """Give the URL one of the wanted drivers: that of its own database, else one that is async if those are."""
    backend = url.get_backend_name()
    for driver in drivers:
        if _dialect(driver) == backend:
            return url.set(drivername=driver)
    if any(_is_async(url, driver) for driver in drivers):
        return url.set(drivername=_ASYNC_DRIVERS[backend])
    return url


def _dialect(driver: str) -> str:
    return driver.partition("+")[0].replace("postgres", "postgresql").replace("postgresqlql", "postgresql")


def _is_async(url: sa.URL, driver: str) -> bool:
    try:
        return bool(url.set(drivername=driver).get_dialect().is_async)
    except (ImportError, sa.exc.ArgumentError) as error:
        raise ConfigurationError(f"query_snapshot_url_variables: {driver!r}: {error}") from error
